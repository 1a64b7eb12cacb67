//! The options of a request for permission: which of them is a yes, which a no, and what remains of
//! them when a person is asked.

use banksman_protocol::Answer;
use serde_json::{Value, json};

use super::modes;

/// The options of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Options(Vec<Offer>);

#[derive(Clone, Debug, PartialEq)]
struct Offer {
    id: String,
    kind: String,
    whole: Value,
}

impl Options {
    pub(super) fn read(params: &Value) -> Self {
        let offers = params.get("options").and_then(Value::as_array).into_iter().flatten();
        let text = |offer: &Value, name: &str| Some(offer.get(name)?.as_str()?.to_owned());
        Self(
            offers
                .filter_map(|whole| {
                    Some(Offer {
                        id: text(whole, "optionId")?,
                        kind: text(whole, "kind")?,
                        whole: whole.clone(),
                    })
                })
                .collect(),
        )
    }

    fn of(&self, kind: &str) -> Option<&str> {
        self.0.iter().find(|offer| offer.kind == kind).map(|offer| offer.id.as_str())
    }

    /// The option that lets exactly this go on.
    pub(super) fn yes(&self) -> Option<&str> {
        self.of("allow_once")
    }

    /// The option that stops this. Without one, the request is cancelled.
    pub(super) fn no(&self) -> Option<&str> {
        self.of("reject_once").or_else(|| self.of("reject_always"))
    }

    /// What an option that a person chose means. What is not known is a no.
    pub(super) fn meaning(&self, chosen: &str) -> Answer {
        match self.0.iter().find(|offer| offer.id == chosen).map(|offer| offer.kind.as_str()) {
            Some("allow_once") => Answer::Once,
            Some("allow_always") => Answer::Session,
            _ => Answer::No,
        }
    }

    /// The options as a person sees them. An agent that may always do something asks no more, so
    /// "always" is offered for this very action in this session, and kept here.
    pub(super) fn for_an_action(&self) -> Value {
        let mut always = false;
        let offers = self.0.iter().filter_map(|offer| {
            if offer.kind != "allow_always" || self.yes().is_none() {
                return Some(offer.whole.clone());
            }
            let mut whole = offer.whole.clone();
            let name = whole.get_mut("name")?;
            *name = json!("Allow this in this session");
            (!std::mem::replace(&mut always, true)).then_some(whole)
        });
        offers.collect()
    }

    /// The options of a question that is not about an action: whether a plan is fine, for instance.
    /// Ways into modes that do not ask are taken out.
    pub(super) fn for_a_question(&self) -> Value {
        let offers = self.0.iter().filter(|offer| !modes::is_unasking(&offer.id));
        offers.map(|offer| offer.whole.clone()).collect()
    }
}

/// The answer to a request for permission.
pub(super) fn outcome(option: Option<&str>, reason: Option<&str>) -> Value {
    let mut answer = match option {
        Some(option) => json!({ "outcome": { "outcome": "selected", "optionId": option } }),
        None => json!({ "outcome": { "outcome": "cancelled" } }),
    };
    if let (Some(reason), Some(answer)) = (reason, answer.as_object_mut()) {
        answer.insert("_meta".to_owned(), json!({ "banksman": { "reason": reason } }));
    }
    answer
}

/// The option in an answer, when one was selected.
pub(super) fn selected(result: &Value) -> Option<&str> {
    let outcome = result.get("outcome")?;
    (outcome.get("outcome")?.as_str()? == "selected").then(|| outcome.get("optionId")?.as_str())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claude() -> Options {
        Options::read(&json!({ "options": [
            { "kind": "allow_always", "name": "Always Allow", "optionId": "allow_always" },
            { "kind": "allow_once", "name": "Allow", "optionId": "allow" },
            { "kind": "reject_once", "name": "Reject", "optionId": "reject" },
        ] }))
    }

    #[test]
    fn always_means_this_action_in_this_session() {
        let options = claude();
        assert_eq!((options.yes(), options.no()), (Some("allow"), Some("reject")));
        let shown = options.for_an_action();
        assert_eq!(shown.pointer("/0/name"), Some(&json!("Allow this in this session")));
        assert_eq!(shown.pointer("/1/name"), Some(&json!("Allow")));
        let meanings = ["allow", "allow_always", "reject", "unheard of"].map(|id| options.meaning(id));
        assert_eq!(meanings, [Answer::Once, Answer::Session, Answer::No, Answer::No]);
    }

    #[test]
    fn a_plan_is_not_agreed_to_by_leaving_the_questions_out() {
        let options = Options::read(&json!({ "options": [
            { "kind": "allow_always", "name": "Yes, and bypass permissions", "optionId": "bypassPermissions" },
            { "kind": "allow_always", "name": "Yes, and auto-accept edits", "optionId": "acceptEdits" },
            { "kind": "allow_once", "name": "Yes, and manually approve edits", "optionId": "default" },
            { "kind": "reject_once", "name": "No, keep planning", "optionId": "plan" },
        ] }));
        let left = options.for_a_question();
        let left: Vec<&Value> =
            left.as_array().unwrap().iter().filter_map(|offer| offer.get("optionId")).collect();
        assert_eq!(left, [&json!("default"), &json!("plan")]);
    }
}
