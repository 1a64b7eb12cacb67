//! What a server says of its tools, and whether it said so before.

use std::collections::BTreeMap;

use banksman_protocol::Annotations;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::guard::Guard;

/// How many tools of one server are known.
const TOOLS: usize = 4096;

/// The tools of a server, as it tells of them now and did before.
#[derive(Debug, Default)]
pub(super) struct Pins {
    server: String,
    before: Option<BTreeMap<String, String>>,
    tools: BTreeMap<String, Tool>,
}

/// One tool.
#[derive(Clone, Debug)]
pub(super) struct Tool {
    pub(super) description: Option<String>,
    pub(super) annotations: Option<Annotations>,
    /// Something else was said of it before.
    pub(super) changed: bool,
    digest: String,
}

impl Pins {
    pub(super) fn of(server: &str) -> Self {
        Self { server: server.to_owned(), ..Self::default() }
    }

    pub(super) fn tool(&self, name: &str) -> Option<&Tool> {
        self.tools.get(name)
    }

    /// Takes in what the server says of a tool. True when it said something else before.
    pub(super) fn told(&mut self, guard: &Guard, tool: &Value) -> Option<bool> {
        let name = tool.get("name")?.as_str()?.to_owned();
        let digest = digest(tool);
        let before = self.before.get_or_insert_with(|| {
            let pins = guard.ledger().map(|ledger| ledger.pins(&self.server));
            pins.transpose()
                .unwrap_or_else(|error| {
                    tracing::warn!(%error, "what the server said of its tools before cannot be read");
                    None
                })
                .unwrap_or_default()
        });
        let changed = match before.get(&name) {
            Some(known) => *known != digest,
            None => {
                keep(guard, &self.server, &name, &digest);
                before.insert(name.clone(), digest.clone());
                false
            }
        };
        if self.tools.len() >= TOOLS && !self.tools.contains_key(&name) {
            return Some(changed);
        }
        let description = tool.get("description").and_then(Value::as_str).map(str::to_owned);
        let annotations =
            tool.get("annotations").and_then(|hints| serde_json::from_value(hints.clone()).ok());
        self.tools.insert(name, Tool { description, annotations, changed, digest });
        Some(changed)
    }

    /// A person agrees to what is said of a tool now.
    pub(super) fn agree(&mut self, guard: &Guard, name: &str) {
        let Some(tool) = self.tools.get_mut(name) else { return };
        tool.changed = false;
        if let Some(before) = &mut self.before {
            before.insert(name.to_owned(), tool.digest.clone());
        }
        keep(guard, &self.server, name, &tool.digest);
    }
}

fn keep(guard: &Guard, server: &str, tool: &str, digest: &str) {
    if let Some(Err(error)) = guard.ledger().map(|ledger| ledger.pin(server, tool, digest)) {
        tracing::warn!(%error, "what the server says of its tools cannot be written down");
    }
}

/// The name under which a server's tools are kept: what is started, without the words themselves,
/// which may hold secrets.
#[must_use]
pub fn identity(name: &str, words: &[String]) -> String {
    let mut hash = Sha256::new();
    for word in words {
        hash.update(word.as_bytes());
        hash.update([0]);
    }
    format!("{name} {}", hex(&hash.finalize()))
}

/// What a server says of a tool, in short. The order of names in it does not count.
fn digest(tool: &Value) -> String {
    let mut text = String::new();
    let parts = ["name", "title", "description", "inputSchema", "outputSchema", "annotations"];
    for part in parts {
        ordered(tool.get(part).unwrap_or(&Value::Null), &mut text);
        text.push('\n');
    }
    hex(&Sha256::digest(text.as_bytes()))
}

fn ordered(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<&String, &Value> = map.iter().collect();
            text.push('{');
            for (name, value) in sorted {
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                ordered(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                ordered(item, text);
                text.push(',');
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_digest_changes_with_what_is_said_and_with_nothing_else() {
        let said =
            json!({ "name": "a", "description": "b", "inputSchema": { "x": 1, "y": [2] }, "_meta": 1 });
        let same: Value =
            serde_json::from_str(r#"{"_meta":2,"inputSchema":{"y":[2],"x":1},"description":"b","name":"a"}"#)
                .unwrap();
        assert_eq!(digest(&said), digest(&same));
        for (part, other) in [
            ("description", json!("B")),
            ("inputSchema", json!({ "x": 1, "y": [3] })),
            ("annotations", json!({ "readOnlyHint": true })),
        ] {
            let mut changed = said.clone();
            changed[part] = other;
            assert_ne!(digest(&said), digest(&changed), "{part}");
        }
    }

    #[test]
    fn what_is_started_tells_servers_apart_and_is_not_shown() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let one = identity("server", &words("server --token secret"));
        assert!(!one.contains("secret"));
        assert_ne!(one, identity("server", &words("server --token other")));
    }
}
