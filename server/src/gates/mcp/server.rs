//! What comes from the server.

use banksman_protocol::Origin;
use serde_json::Value;

use super::proxy::{Proxy, Wanted};
use super::says;
use crate::gates::dialects::{Call, Ended, Event, Say};
use crate::gates::proxy::frame::line;
use crate::gates::proxy::{Frame, Out, Side};
use crate::gates::{counsel, read};
use crate::redact::{redact_value, secrets_in};

const FROM: Side = Side::Child;

impl Proxy {
    pub(super) fn hear_server(&mut self, frame: &Frame) -> Vec<Out> {
        if let Some(method) = frame.method() {
            return match frame.id() {
                // It would be taken for a question of the proxy's.
                Some(id) if id.as_str().is_some_and(|id| id.starts_with("banksman-")) => {
                    tracing::warn!(method, "a request of the server has a name that is not its own");
                    Vec::new()
                }
                _ => vec![frame.pass(FROM)],
            };
        }
        let wanted = frame.id().and_then(|id| self.wanted.remove(&id.to_string()));
        let (Some(wanted), Some(message)) = (wanted, frame.message()) else { return vec![frame.pass(FROM)] };
        let changed = match wanted {
            Wanted::Greeting => self.greeted(message),
            Wanted::Tools => self.listed(message),
            Wanted::Text { origin, call } => self.brought(message, &origin, call.as_deref()),
        };
        match changed {
            Some(message) => vec![Out::To(FROM.other(), line(&message))],
            None => vec![frame.pass(FROM)],
        }
    }

    /// The server says what it is. Its instructions go to the model.
    fn greeted(&mut self, message: &Value) -> Option<Value> {
        let words = message.pointer("/result/instructions")?.as_str()?;
        let warning = self.read_claims(words, &self.origin("instructions"))?;
        let mut message = message.clone();
        *message.pointer_mut("/result/instructions")? = Value::from(warning);
        Some(message)
    }

    /// The server says what its tools are. `None` when that may pass as it is.
    fn listed(&mut self, message: &Value) -> Option<Value> {
        let mut told = message.clone();
        let mut touched = false;
        for tool in told.pointer_mut("/result/tools")?.as_array_mut()? {
            let name = tool.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            let changed = self.pins.told(self.counsel.guard(), tool).unwrap_or_default();
            let words = words(tool);
            let warning = self.read_claims(&words, &self.origin(&name));
            if !secrets_in(&words).is_empty() {
                redact_value(tool);
                touched = true;
            }
            let notice = if changed {
                let server = &self.around.server;
                tracing::warn!(server, tool = name, "the server says something else of its tool than before");
                Some(format!(
                    "Banksman: `{server}` says something else of this tool than when it was first seen, so calls of it wait \
                     for the user's word. Tell the user; `banksman mcp --accept` with the server's command or address accepts it."
                ))
            } else {
                warning
            };
            if let (Some(notice), Some(tool)) = (notice, tool.as_object_mut()) {
                tool.insert("description".to_owned(), Value::from(notice));
                if let Some(schema) = tool.get_mut("inputSchema") {
                    silence(schema, 0);
                }
                for name in ["title", "_meta", "outputSchema"] {
                    tool.remove(name);
                }
                touched = true;
            }
        }
        touched.then_some(told)
    }

    /// Something was read. What gives orders is marked, and secrets are pointed out.
    fn brought(&mut self, message: &Value, origin: &Origin, call: Option<&str>) -> Option<Value> {
        let result = message.get("result");
        let failed = result.is_none_or(|result| result.get("isError") == Some(&Value::Bool(true)));
        let text = result.or_else(|| message.get("error")).map(read::output).unwrap_or_default();
        let mut notes: Vec<String> = self.read(&text, origin, call, !failed).into_iter().collect();
        if let Some((_, kind)) = secrets_in(&text).first() {
            notes.push(format!(
                "Banksman: what follows holds a secret (a {kind}). Do not repeat it, write it down or send it anywhere."
            ));
        }
        if notes.is_empty() {
            return None;
        }
        let note = notes.join("\n");
        let mut message = message.clone();
        if let Some(content) = message.pointer_mut("/result/content").and_then(Value::as_array_mut) {
            content.insert(0, says::text(&note));
        } else if let Some(Value::String(words)) = message.pointer_mut("/error/message") {
            *words = format!("{note}\n{words}");
        } else if let Some(parts) = message.pointer_mut("/result/contents").and_then(Value::as_array_mut) {
            prefix(parts, "/text", &note)?;
        } else {
            let parts = message.pointer_mut("/result/messages")?.as_array_mut()?;
            prefix(parts, "/content/text", &note)?;
        }
        Some(message)
    }

    /// The agent reads what a call brought. What it is told when the text tries to give it orders.
    fn read(&self, text: &str, origin: &Origin, call: Option<&str>, ok: bool) -> Option<String> {
        let actions = vec![counsel::bringing(origin, &self.around.server)];
        let call = Call { id: call.map(str::to_owned), actions };
        let told =
            self.counsel.tell(&self.place(), Event::After(call, Ended { ok, output: text.to_owned() }));
        match told.say {
            Say::Nothing | Say::Allow => None,
            Say::Warn(warning) => Some(warning),
            Say::Ask(reason) | Say::Deny(reason) => Some(reason.agent),
            Say::Unheard(why) => Some(why),
        }
    }

    /// The agent reads what a server says of itself. That joins the trail only where it gives
    /// orders: it names much that the agent is to use.
    fn read_claims(&self, text: &str, origin: &Origin) -> Option<String> {
        crate::injection::read(text, origin).injected().then(|| self.read(text, origin, None, true))?
    }
}

/// All that a server says of a tool in words.
fn words(tool: &Value) -> String {
    let parts = ["title", "description", "inputSchema", "annotations"];
    let parts = parts.iter().filter_map(|part| tool.get(*part)).map(read::output);
    parts.collect::<Vec<_>>().join("\n")
}

/// Takes the words out of a schema and leaves its form.
fn silence(schema: &mut Value, depth: usize) {
    match schema {
        Value::Object(map) if depth < 64 => {
            for word in ["description", "title", "$comment", "examples", "default"] {
                map.remove(word);
            }
            for (name, inner) in map.iter_mut() {
                match (name.as_str(), inner) {
                    ("properties" | "patternProperties" | "$defs" | "definitions", Value::Object(named)) => {
                        named.values_mut().for_each(|inner| silence(inner, depth + 1));
                    }
                    ("enum" | "const" | "required" | "type", _) => {}
                    (_, inner) => silence(inner, depth + 1),
                }
            }
        }
        Value::Array(items) if depth < 64 => items.iter_mut().for_each(|item| silence(item, depth + 1)),
        _ => {}
    }
}

/// Puts a note before the first text among the parts.
fn prefix(parts: &mut [Value], text: &str, note: &str) -> Option<()> {
    let first = parts.iter_mut().find_map(|part| part.pointer_mut(text).filter(|text| text.is_string()))?;
    let words = first.as_str().unwrap_or_default();
    *first = Value::from(format!("{note}\n\n{words}"));
    Some(())
}
