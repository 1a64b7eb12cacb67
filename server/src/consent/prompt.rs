//! From the user's words to grants and boundaries.

mod clauses;
mod taken_back;

use super::boundary::{self, Limit};
use super::mood::{self, Mood, Reading};
use super::sentence::{self, Clause, Joint, Sentence};
use super::target::{self, Object};
use super::{Boundary, BoundaryForce, Consent, Grant, Operation, Target, command, meaning, names};
use clauses::{after_want, gate, is_condition, is_permission, reports, words_of};

pub(super) fn hear(consent: &mut Consent, text: &str, turn: usize) {
    if taken_back::hear(consent, text) {
        return;
    }
    let mut hearing = Hearing { consent, turn, last: Vec::new() };
    let line = command::stripped(text);
    if !line.contains('\n') && command::is_command(line) {
        hearing.asked(line, line);
        return;
    }
    for sentence in sentence::read(text) {
        hearing.sentence(&sentence);
    }
}

/// The user asks to do what somebody else wrote: "do the tasks on my list", "follow his instructions".
fn hands_over(sentence: &Sentence) -> bool {
    const DOING: &[&str] = &[
        "do", "follow", "complete", "perform", "achieve", "address", "handle", "fulfil", "fulfill", "finish",
        "execute",
    ];
    const WRITTEN: &[&str] = &[
        "task",
        "tasks",
        "instruction",
        "instructions",
        "request",
        "requests",
        "issue",
        "todo",
        "list",
        "steps",
        "needs",
        "them",
    ];
    const AGAINST: &[&str] =
        &["not", "don't", "never", "ignore", "without", "no", "cannot", "can't", "stop", "avoid"];
    const ASKING: &[&str] = &[
        "how", "what", "why", "who", "should", "did", "does", "is", "are", "was", "were", "has", "have",
        "when",
    ];
    let words: Vec<&str> = sentence
        .clauses
        .iter()
        .flat_map(|clause| &clause.tokens)
        .filter(|token| token.is_word())
        .map(|token| token.low.as_str())
        .collect();
    if words.iter().any(|word| AGAINST.contains(word))
        || words.first().is_some_and(|word| ASKING.contains(word))
    {
        return false;
    }
    words.iter().enumerate().any(|(at, word)| {
        // Whose words they are has to be said, or they are the whole object: a bug is not somebody's order.
        DOING.contains(word) && words.iter().skip(at + 1).take(6).any(|next| WRITTEN.contains(next))
    })
}

struct Hearing<'a> {
    consent: &'a mut Consent,
    turn: usize,
    /// The names said last, for "it" and "them".
    last: Vec<String>,
}

impl Hearing<'_> {
    fn sentence(&mut self, sentence: &Sentence) {
        if hands_over(sentence) {
            self.consent.handed_over.push(sentence.text.trim().to_owned());
        }
        let gate = gate(sentence);
        let condition = sentence.clauses.iter().find(|clause| is_condition(clause)).map(words_of);
        let asks = sentence
            .clauses
            .iter()
            .any(|clause| clause.under.is_none() && boundary::asks_to_be_asked(&clause.tokens))
            && !sentence.question;
        let mut before: Option<Reading> = None;
        let mut reported = false;
        for (at, clause) in sentence.clauses.iter().enumerate() {
            let rest = sentence.clauses.get(at + 1..).unwrap_or_default();
            self.mention(clause, &before);
            if reported {
                continue;
            }
            if let Some(under) = &clause.under {
                let next = self.dependent(sentence, clause, under, asks, before.as_ref());
                before = next.or(before);
                continue;
            }
            for limit in boundary::stated(clause, &sentence.text) {
                self.forbid(limit, &sentence.text);
            }
            let listed = rest
                .iter()
                .take_while(|next| matches!(next.joint, Joint::Comma | Joint::Or | Joint::And))
                .any(|next| next.joint == Joint::Or);
            let reading = mood::read(clause, sentence.question, before.as_ref(), listed);
            self.clause(sentence, clause, &reading, rest, gate, condition.as_deref());
            reported = rest.first().is_some_and(|next| next.joint == Joint::Colon) && reports(clause);
            before = Some(reading);
        }
        self.code(sentence);
    }

    /// A clause that hangs on another one.
    fn dependent(
        &mut self,
        sentence: &Sentence,
        clause: &Clause,
        under: &str,
        asks: bool,
        before: Option<&Reading>,
    ) -> Option<Reading> {
        match under {
            "without" => {
                if let Some((place, hit)) =
                    super::verbs::first_in(&clause.tokens).filter(|(place, _)| *place <= 2)
                {
                    if hit.verb == "ask" || is_permission(clause) {
                        return None;
                    }
                    let object = boundary::object_of(&clause.tokens, place, &hit);
                    if let Some(limit) =
                        boundary::forbidden(&hit, &object, &clause.tokens, BoundaryForce::Never)
                        && before.is_none_or(|before| before.mood != Mood::Forbid)
                        && !sentence.question
                    {
                        self.forbid(limit, &sentence.text);
                    }
                } else if let Some(limit) = boundary::no_noun(&clause.tokens)
                    .filter(|limit| limit.operations == [Operation::Fetch, Operation::Send])
                {
                    self.forbid(limit, &sentence.text);
                }
                None
            }
            "before" if before.is_some_and(|before| before.mood == Mood::Waive) => {
                let (place, hit) = super::verbs::first_in(&clause.tokens)?;
                let object = boundary::object_of(&clause.tokens, place, &hit);
                let reading = Reading { mood: Mood::Waive, at: place, hit: Some(hit), ..Reading::silent() };
                self.allow(&hit, &object, &clause.tokens, &reading, &sentence.text, None);
                Some(reading)
            }
            "before" if asks => {
                if let Some(limit) = boundary::to_be_asked(&clause.tokens) {
                    self.forbid(limit, &sentence.text);
                }
                Some(Reading::silent())
            }
            "if" | "when" | "whenever" if asks => {
                let wants = clause.tokens.iter().any(|token| {
                    matches!(token.low.as_str(), "want" | "need" | "plan" | "intend" | "going" | "have")
                });
                if wants
                    && clause.tokens.first().is_some_and(|token| token.is("you") || token.is("you're"))
                    && let Some(limit) = boundary::to_be_asked(&after_want(clause).tokens)
                {
                    self.forbid(limit, &sentence.text);
                }
                Some(Reading::silent())
            }
            // What follows "that" hangs on its own verb only when that verb could be meant too.
            "that" | "which" | "who" | "where" | "whose" => {
                let open = clause.tokens.iter().any(|token| {
                    matches!(
                        token.low.as_str(),
                        "will" | "can" | "should" | "to" | "does" | "must" | "would" | "could" | "don't"
                    )
                });
                (open || before.is_none()).then(Reading::silent)
            }
            _ => Some(Reading::silent()),
        }
    }

    fn clause(
        &mut self,
        sentence: &Sentence,
        clause: &Clause,
        reading: &Reading,
        rest: &[Clause],
        gate: bool,
        condition: Option<&str>,
    ) {
        let tokens = clause.tokens.as_slice();
        let quote = sentence.text.as_str();
        let mut object = match (&reading.hit, reading.passive) {
            (Some(_), Some(subject)) => target::object(tokens.get(..subject).unwrap_or_default()),
            (Some(hit), None) => boundary::object_of(tokens, reading.at, hit),
            (None, _) => target::object(tokens.get(reading.at..).unwrap_or_default()),
        };
        if (object.pronoun || object.nouns == ["tag"])
            && object.names.iter().all(|name| name.starts_with('@'))
        {
            object.names.clone_from(&self.last);
        }
        match reading.mood {
            Mood::Silent => taken_back::spared(self.consent, tokens),
            Mood::Forbid => self.forbidden(reading, &object, clause, rest, quote),
            Mood::Request | Mood::Permit | Mood::Waive => {
                // A bare "go ahead" answers what was asked last; that is taken in as an answer.
                let Some(hit) = reading.hit else { return };
                if gate && reading.mood != Mood::Waive {
                    if let Some(limit) = boundary::forbidden(&hit, &object, tokens, BoundaryForce::AskFirst)
                        .filter(|limit| !limit.operations.is_empty())
                    {
                        self.forbid(limit, quote);
                    }
                    return;
                }
                if rest.first().is_some_and(|next| next.under.as_deref() == Some("until"))
                    && hit.verb == "wait"
                {
                    return;
                }
                if let Some(only) = reading.only.or_else(|| only_in(tokens, reading.at))
                    && let Some(limit) = boundary::only(&hit, &object, only)
                {
                    self.forbid(limit, quote);
                }
                self.allow(&hit, &object, tokens, reading, quote, condition);
                if hit.verb == "use"
                    && let Some((place, means)) = purpose(tokens, reading.at)
                {
                    let object = boundary::object_of(tokens, place, &means);
                    self.allow(&means, &object, tokens, reading, quote, condition);
                }
                if rest.first().is_some_and(|next| next.joint == Joint::Colon)
                    && let Some((_, line)) = quote.split_once(": ")
                    && command::is_command(line.trim_end_matches('.'))
                {
                    self.asked(line.trim_end_matches('.'), quote);
                }
                if matches!(
                    hit.verb,
                    "run" | "execute" | "use" | "try" | "invoke" | "do" | "launch" | "rerun" | "re-run"
                ) {
                    for line in command::after_run(tokens.get(reading.at + hit.length..).unwrap_or_default())
                    {
                        if command::is_command(&line) || matches!(hit.verb, "run" | "execute" | "invoke") {
                            self.asked(&line, quote);
                        }
                    }
                }
            }
        }
        if !object.pronoun && reading.mood != Mood::Silent {
            let names: Vec<String> =
                object.every_name().into_iter().filter(|name| !name.starts_with('@')).collect();
            if !names.is_empty() && !object.guessed {
                self.last = names;
            }
        }
    }

    fn forbidden(
        &mut self,
        reading: &Reading,
        object: &Object,
        clause: &Clause,
        rest: &[Clause],
        quote: &str,
    ) {
        let asked = rest.first().is_some_and(|next| {
            next.under.as_deref() == Some("without")
                && (is_permission(next) || next.tokens.iter().any(|token| token.low.starts_with("ask")))
        }) || rest.first().is_some_and(|next| {
            matches!(next.under.as_deref(), Some("before" | "until" | "unless"))
                && next.tokens.iter().any(|token| {
                    token.low.starts_with("ask")
                        || token.is("check")
                        || token.is("checking")
                        || token.is("confirm")
                })
        });
        let force = if asked { BoundaryForce::AskFirst } else { BoundaryForce::Never };
        let tokens = clause.tokens.as_slice();
        let unable = tokens.first().is_some_and(|token| token.is("can't") || token.is("cannot"));
        let network = || {
            let words = tokens.get(reading.at..).unwrap_or_default();
            boundary::off_the_network(words, force).filter(|_| !unable)
        };
        let limit = match &reading.hit {
            Some(hit) => boundary::forbidden(hit, object, tokens, force).or_else(network),
            None if network().is_some() => network(),
            None if tokens
                .first()
                .is_some_and(|token| token.is("no") || token.is("but") || token.is("and"))
                || tokens.iter().any(|token| token.is("no")) =>
            {
                boundary::no_noun(tokens.get(reading.at..).unwrap_or_default())
            }
            None if tokens.iter().any(|token| token.is("avoid")) => named_limit(object),
            None => None,
        };
        let Some(limit) = limit else { return };
        if limit.force == BoundaryForce::Only && limit.operations == [Operation::Delete] {
            // "Don't delete anything except X" says that X may go.
            self.forbid(limit.clone(), quote);
            self.grant(Operation::Delete, limit.target, Vec::new(), quote, None);
            return;
        }
        self.forbid(limit, quote);
    }

    fn allow(
        &mut self,
        hit: &super::verbs::Hit,
        object: &Object,
        tokens: &[sentence::Token],
        reading: &Reading,
        quote: &str,
        condition: Option<&str>,
    ) {
        let meant = meaning::of(hit, object, tokens);
        let explicit = matches!(reading.mood, Mood::Permit | Mood::Waive);
        let works = meant.iter().any(|(operation, _)| {
            matches!(operation, Operation::Edit | Operation::Create | Operation::Move | Operation::Delete)
        });
        let turn = self.turn;
        if works && hit.verb != "use" {
            self.consent.boundaries.retain(|boundary| !(boundary.is_blanket() && boundary.turn < turn));
        }
        for (operation, target) in meant {
            if explicit {
                self.lift(operation, &target);
            }
            self.grant(operation, target, object.topic.clone(), quote, condition);
        }
    }

    fn lift(&mut self, operation: Operation, target: &Target) {
        self.consent.boundaries.retain(|boundary| {
            let same = boundary.operations.contains(&operation);
            let whole = boundary.target == Target::Any && boundary.force != BoundaryForce::Only;
            let general = match target {
                Target::Any => true,
                Target::Named(names) => names.iter().all(|name| name.starts_with('@')),
            };
            !(same && whole && general)
        });
    }

    fn grant(
        &mut self,
        operation: Operation,
        target: Target,
        topic: Vec<String>,
        quote: &str,
        condition: Option<&str>,
    ) {
        let order = self.consent.next_order();
        self.consent.grants.push(Grant {
            operation,
            target,
            quote: quote.to_owned(),
            turn: self.turn,
            topic,
            condition: condition.map(str::to_owned),
            order,
        });
    }

    fn forbid(&mut self, limit: Limit, quote: &str) {
        let order = self.consent.next_order();
        let boundary = Boundary {
            operations: limit.operations,
            target: limit.target,
            force: limit.force,
            quote: quote.to_owned(),
            turn: self.turn,
            order,
        };
        let known = self.consent.boundaries.iter().any(|known| {
            known.operations == boundary.operations
                && known.target == boundary.target
                && known.force == boundary.force
                && known.turn == boundary.turn
        });
        if !known {
            self.consent.boundaries.push(boundary);
        }
    }

    /// A command line to be run as it is.
    fn asked(&mut self, line: &str, quote: &str) {
        for (operation, target) in command::allows(line) {
            self.grant(operation, target, Vec::new(), quote, None);
        }
        self.consent.asked_commands.push(line.to_owned());
    }

    /// The code block after a sentence that asks to run it.
    fn code(&mut self, sentence: &Sentence) {
        let Some(code) = &sentence.code else { return };
        let asks = sentence.clauses.iter().any(|clause| {
            let reading = mood::read(clause, sentence.question, None, false);
            clause.under.is_none()
                && matches!(reading.mood, Mood::Request | Mood::Permit)
                && reading
                    .hit
                    .is_some_and(|hit| matches!(hit.verb, "run" | "execute" | "use" | "invoke" | "try"))
        });
        if !asks {
            return;
        }
        for line in code.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            self.asked(command::stripped(line), &sentence.text);
        }
        if code.lines().count() > 1 {
            self.consent.asked_commands.push(code.clone());
        }
    }

    /// Takes note of what the user speaks of in their own words.
    fn mention(&mut self, clause: &Clause, before: &Option<Reading>) {
        let forbids = mood::read(clause, false, before.as_ref(), false).mood == Mood::Forbid
            || clause.under.as_deref() == Some("without");
        if forbids {
            return;
        }
        for token in &clause.tokens {
            for name in target::explicit(token).unwrap_or_default() {
                if !self.consent.mentioned.contains(&name) {
                    self.consent.mentioned.push(name);
                }
            }
            if token.is_word() && !target::STOP.contains(&token.low.as_str()) {
                let word = names::stem(&token.low);
                if !self.consent.mentioned.contains(&word) {
                    self.consent.mentioned.push(word);
                }
            }
        }
        if mood::read(clause, false, before.as_ref(), false).hit.is_some() {
            for name in target::object(&clause.tokens).every_name() {
                if !self.consent.mentioned.contains(&name) {
                    self.consent.mentioned.push(name);
                }
            }
        }
    }
}

/// "use X to …": the verb that the means is for.
fn purpose(tokens: &[sentence::Token], from: usize) -> Option<(usize, super::verbs::Hit)> {
    let to = tokens.iter().enumerate().skip(from).find(|(_, token)| token.is("to")).map(|(at, _)| at)?;
    super::verbs::at(tokens, to + 1).map(|hit| (to + 1, hit))
}

fn named_limit(object: &Object) -> Option<Limit> {
    let names = object.every_name();
    (!names.is_empty() && !object.guessed).then(|| Limit {
        operations: Vec::new(),
        target: Target::Named(names),
        force: BoundaryForce::Never,
    })
}

/// "only" before the object: "change only `x`", "work only in src/".
fn only_in(tokens: &[sentence::Token], from: usize) -> Option<mood::Only> {
    tokens.iter().skip(from).take(5).any(|token| token.is("only")).then_some(mood::Only::Strict)
}
