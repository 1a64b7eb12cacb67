//! The tool calls of a session, as they were told piece by piece.

use std::collections::VecDeque;

use banksman_protocol::Action;
use serde_json::{Map, Value};

/// How many calls are kept, and about how many bytes of them.
const KEPT: usize = 256;
const KEPT_BYTES: usize = 16 * 1024 * 1024;
/// How many forms of a call's arguments are kept: some agents tell them anew with each update.
const FORMS: usize = 4;

/// The calls of one session, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Calls {
    calls: VecDeque<Call>,
    bytes: usize,
}

/// One tool call.
#[derive(Debug, Default)]
pub(super) struct Call {
    pub(super) id: String,
    /// The agent's own name for the tool, where it tells it.
    pub(super) tool: Option<String>,
    pub(super) title: String,
    pub(super) kind: String,
    pub(super) arguments: Vec<Value>,
    /// What is shown of it: texts and differences.
    pub(super) content: Vec<Value>,
    pub(super) locations: Vec<String>,
    pub(super) stage: Stage,
    /// What it does, once it was reviewed.
    pub(super) actions: Vec<Action>,
    bytes: usize,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stage {
    /// It was told, and nobody was asked.
    #[default]
    Told,
    /// It would be blocked and seems to have begun: it is cancelled unless it asks at once.
    Suspect,
    /// It asked, or was let pass, or was stopped.
    Settled,
    /// It has ended.
    Done,
}

impl Calls {
    /// Takes in what is told of a call. Gives the call, new or known.
    pub(super) fn told(&mut self, update: &Value) -> Option<&mut Call> {
        let id = update.get("toolCallId")?.as_str()?;
        let at = match self.calls.iter().position(|call| call.id == id) {
            Some(at) => at,
            None => {
                self.calls.push_back(Call { id: id.to_owned(), ..Call::default() });
                self.calls.len() - 1
            }
        };
        let call = self.calls.get_mut(at)?;
        let before = call.bytes;
        call.take_in(update);
        self.bytes = (self.bytes + call.bytes).saturating_sub(before);
        while self.calls.len() > 1 && (self.calls.len() > KEPT || self.bytes > KEPT_BYTES) {
            // Never the one that is spoken of.
            let oldest = self.calls.iter().position(|call| call.id != id)?;
            let gone = self.calls.remove(oldest)?;
            self.bytes = self.bytes.saturating_sub(gone.bytes);
        }
        self.get(id)
    }

    pub(super) fn get(&mut self, id: &str) -> Option<&mut Call> {
        self.calls.iter_mut().find(|call| call.id == id)
    }
}

impl Call {
    fn take_in(&mut self, update: &Value) {
        let text = |name: &str| update.get(name).and_then(Value::as_str).map(str::to_owned);
        if let Some(title) = text("title") {
            self.title = title;
        }
        if let Some(kind) = text("kind") {
            self.kind = kind;
        }
        let meta = update.get("_meta").and_then(Value::as_object);
        if let Some(tool) = meta.and_then(tool_name) {
            self.tool = Some(tool.to_owned());
        }
        if let Some(arguments) = update.get("rawInput").filter(|value| !is_empty(value))
            && !self.arguments.contains(arguments)
        {
            self.arguments.push(arguments.clone());
            if self.arguments.len() > FORMS {
                self.arguments.remove(1);
            }
        }
        // What it gave back takes the place of what it proposed; that is of no use here.
        let ended = matches!(text("status").as_deref(), Some("completed" | "failed"));
        if let Some(content) =
            update.get("content").and_then(Value::as_array).filter(|content| !content.is_empty())
            && (!ended || self.content.is_empty())
        {
            self.content.clone_from(content);
        }
        if let Some(locations) = update.get("locations").and_then(Value::as_array) {
            let paths = locations.iter().filter_map(|place| Some(place.get("path")?.as_str()?.to_owned()));
            let paths: Vec<String> = paths.take(64).collect();
            if !paths.is_empty() {
                self.locations = paths;
            }
        }
        self.bytes = 256 + self.title.len() + weight(&self.arguments) + weight(&self.content);
    }

    /// What it was made of is not needed any more.
    pub(super) fn settle(&mut self, stage: Stage, actions: Vec<Action>) {
        self.stage = stage;
        self.actions = actions;
    }
}

/// The agent's own name for the tool: `claudeCode.toolName` and its like.
fn tool_name(meta: &Map<String, Value>) -> Option<&str> {
    let direct = ["toolName", "tool_name"].iter().find_map(|name| meta.get(*name)?.as_str());
    direct.or_else(|| meta.values().find_map(|inner| inner.get("toolName")?.as_str()))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(map) => map.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

fn weight(values: &[Value]) -> usize {
    values.iter().map(|value| value.to_string().len()).sum()
}
