//! `$(( … ))`, as far as it is known.

use brush_parser::ast::{
    ArithmeticExpr, ArithmeticTarget, BinaryOperator, UnaryAssignmentOperator, UnaryOperator,
};

use super::{Hole, Shell, Value, Worst};

/// How many bytes an expression may have.
const LENGTH: usize = 1_024;
/// How deep it may be nested.
const DEPTH: usize = 64;

impl Shell<'_> {
    /// The number an expression gives, when it is known. What it assigns is assigned, what it runs is followed.
    pub(super) fn arithmetic(&mut self, expression: &str) -> Option<i64> {
        let text = if expression.contains(['$', '`']) {
            let value = self.expand_text(&format!("\"{}\"", expression.replace('"', "\\\"")), self.around);
            value.text()?.to_owned()
        } else {
            expression.to_owned()
        };
        if let Ok(number) = text.trim().parse::<i64>() {
            return Some(number);
        }
        if text.len() > LENGTH {
            self.opaque("an arithmetic expression is longer than is followed", Worst::Runs, self.around);
            return None;
        }
        let expression = super::syntax::kept(|| brush_parser::arithmetic::parse(&text).ok()).flatten()?;
        self.evaluate(&expression, 0)
    }

    fn evaluate(&mut self, expression: &ArithmeticExpr, depth: usize) -> Option<i64> {
        if depth > DEPTH {
            self.opaque(
                "an arithmetic expression is nested deeper than is followed",
                Worst::Runs,
                self.around,
            );
            return None;
        }
        match expression {
            ArithmeticExpr::Literal(number) => Some(*number),
            ArithmeticExpr::Reference(target) => self.number(target, depth),
            ArithmeticExpr::UnaryOp(operator, inner) => {
                let inner = self.evaluate(inner, depth + 1)?;
                match operator {
                    UnaryOperator::UnaryPlus => Some(inner),
                    UnaryOperator::UnaryMinus => inner.checked_neg(),
                    UnaryOperator::BitwiseNot => Some(!inner),
                    UnaryOperator::LogicalNot => Some(i64::from(inner == 0)),
                }
            }
            ArithmeticExpr::BinaryOp(operator, left, right) => {
                let left = self.evaluate(left, depth + 1);
                let right = self.evaluate(right, depth + 1);
                binary(operator, left?, right?)
            }
            ArithmeticExpr::Conditional(condition, yes, no) => {
                let condition = self.evaluate(condition, depth + 1);
                let yes = self.evaluate(yes, depth + 1);
                let no = self.evaluate(no, depth + 1);
                if condition? != 0 { yes } else { no }
            }
            ArithmeticExpr::Assignment(target, value) => {
                let value = self.evaluate(value, depth + 1);
                self.assign_number(target, value)
            }
            ArithmeticExpr::BinaryAssignment(operator, target, value) => {
                let before = self.number(target, depth);
                let value = self.evaluate(value, depth + 1);
                let value = before.zip(value).and_then(|(before, value)| binary(operator, before, value));
                self.assign_number(target, value)
            }
            ArithmeticExpr::UnaryAssignment(operator, target) => {
                let before = self.number(target, depth);
                let by = match operator {
                    UnaryAssignmentOperator::PrefixIncrement | UnaryAssignmentOperator::PostfixIncrement => 1,
                    UnaryAssignmentOperator::PrefixDecrement | UnaryAssignmentOperator::PostfixDecrement => {
                        -1
                    }
                };
                let after = before.and_then(|before| before.checked_add(by));
                self.assign_number(target, after);
                match operator {
                    UnaryAssignmentOperator::PostfixIncrement | UnaryAssignmentOperator::PostfixDecrement => {
                        before
                    }
                    _ => after,
                }
            }
        }
    }

    fn number(&mut self, target: &ArithmeticTarget, depth: usize) -> Option<i64> {
        let ArithmeticTarget::Variable(name) = target else { return None };
        let value = self.named(name);
        if let Some(text) = value.if_unset_is_empty() {
            if text.is_empty() {
                return Some(0);
            }
            if let Ok(number) = text.parse::<i64>() {
                return Some(number);
            }
            let inner = super::syntax::kept(|| brush_parser::arithmetic::parse(&text).ok()).flatten()?;
            return self.evaluate(&inner, depth + 8);
        }
        None
    }

    fn assign_number(&mut self, target: &ArithmeticTarget, value: Option<i64>) -> Option<i64> {
        let (ArithmeticTarget::Variable(name) | ArithmeticTarget::ArrayElement(name, _)) = target;
        let assigned = value.map_or_else(
            || Value::unknown(Hole::Any(format!("${name}"))),
            |number| Value::known(number.to_string()),
        );
        if matches!(target, ArithmeticTarget::Variable(_)) {
            self.state.set(name, assigned);
        }
        value
    }
}

fn binary(operator: &BinaryOperator, left: i64, right: i64) -> Option<i64> {
    use BinaryOperator as Op;
    match operator {
        Op::Add => left.checked_add(right),
        Op::Subtract => left.checked_sub(right),
        Op::Multiply => left.checked_mul(right),
        Op::Divide => left.checked_div(right),
        Op::Modulo => left.checked_rem(right),
        Op::Power => u32::try_from(right).ok().and_then(|right| left.checked_pow(right)),
        Op::Comma => Some(right),
        Op::ShiftLeft => u32::try_from(right).ok().and_then(|right| left.checked_shl(right)),
        Op::ShiftRight => u32::try_from(right).ok().and_then(|right| left.checked_shr(right)),
        Op::LessThan => Some(i64::from(left < right)),
        Op::LessThanOrEqualTo => Some(i64::from(left <= right)),
        Op::GreaterThan => Some(i64::from(left > right)),
        Op::GreaterThanOrEqualTo => Some(i64::from(left >= right)),
        Op::Equals => Some(i64::from(left == right)),
        Op::NotEquals => Some(i64::from(left != right)),
        Op::BitwiseAnd => Some(left & right),
        Op::BitwiseXor => Some(left ^ right),
        Op::BitwiseOr => Some(left | right),
        Op::LogicalAnd => Some(i64::from(left != 0 && right != 0)),
        Op::LogicalOr => Some(i64::from(left != 0 || right != 0)),
    }
}
