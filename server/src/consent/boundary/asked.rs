//! What must be asked first: what follows "before" and "without asking".

use super::super::sentence::Token;
use super::super::{BoundaryForce, Target, verbs};
use super::{Limit, RISKY, forbidden, limit, object_of};

/// The clause asks to be asked: what follows "before" is not to be done without.
pub(in crate::consent) fn asks_to_be_asked(tokens: &[Token]) -> bool {
    let text: Vec<&str> = tokens.iter().map(|token| token.low.as_str()).collect();
    let text = format!(" {} ", text.join(" "));
    [
        " ask ",
        " ask me ",
        " check with me ",
        " confirm ",
        " my approval ",
        " my permission ",
        " my ok ",
        " my okay ",
        " my go-ahead ",
        " approval ",
        " sign-off ",
        " wait ",
        " let me ",
        " run it by me ",
        " run that by me ",
        " show me ",
        " ping me ",
        " tell me ",
        " my confirmation ",
        " permission ",
        " check in with me ",
        " hold on ",
        " stop ",
    ]
    .iter()
    .any(|words| text.contains(words))
        && ![
            " don't ask ",
            " without asking ",
            " no need ",
            " need to ask ",
            " have to ask ",
            " needn't ask ",
            " asking ",
        ]
        .iter()
        .any(|words| text.contains(words))
}

/// The words after "before": what must be asked first.
pub(in crate::consent) fn to_be_asked(tokens: &[Token]) -> Option<Limit> {
    if tokens
        .iter()
        .any(|token| matches!(token.low.as_str(), "destructive" | "irreversible" | "dangerous" | "risky"))
    {
        return limit(RISKY, Target::Any, BoundaryForce::AskFirst);
    }
    let (place, hit) = verbs::first_in(tokens)
        .filter(|(_, hit)| !hit.operations.is_empty() || hit.verb == "do" || hit.verb == "make")?;
    let object = object_of(tokens, place, &hit);
    forbidden(&hit, &object, tokens, BoundaryForce::AskFirst)
}
