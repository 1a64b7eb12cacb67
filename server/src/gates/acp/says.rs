//! What the proxy itself says, to the editor and to the agent.

use serde_json::{Value, json};

use crate::gates::proxy::frame::line;
use crate::gates::proxy::{Out, Side};

/// Answers a request.
pub(super) fn result(to: Side, id: &Value, result: &Value) -> Out {
    Out::To(to, line(&json!({ "jsonrpc": "2.0", "id": id, "result": result })))
}

/// Refuses a request, with the reason.
pub(super) fn error(to: Side, id: Option<&Value>, why: &str) -> Option<Out> {
    let error = json!({ "code": banksman_protocol::REFUSED, "message": why });
    Some(Out::To(to, line(&json!({ "jsonrpc": "2.0", "id": id?, "error": error }))))
}

/// Tells the person something, among the agent's words.
pub(super) fn tell(session: &str, text: &str) -> Out {
    let update = json!({
        "sessionUpdate": "agent_message_chunk",
        "content": { "type": "text", "text": format!("\n\n**Banksman:** {}\n\n", own(text)) },
    });
    self::update(session, &update)
}

/// An update of a session, for the editor.
pub(super) fn update(session: &str, update: &Value) -> Out {
    let params = json!({ "sessionId": session, "update": update });
    Out::To(Side::Client, line(&json!({ "jsonrpc": "2.0", "method": "session/update", "params": params })))
}

/// Tells the agent to stop what it is doing.
pub(super) fn cancel(session: &str) -> Out {
    let params = json!({ "sessionId": session });
    Out::To(Side::Child, line(&json!({ "jsonrpc": "2.0", "method": "session/cancel", "params": params })))
}

/// A request of the proxy's own.
pub(super) fn request(to: Side, id: &str, method: &str, params: &Value) -> Out {
    Out::To(to, line(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })))
}

/// A reason without its "Banksman", where the name stands before it.
fn own(text: &str) -> String {
    let text = text.strip_prefix("Banksman ").unwrap_or(text);
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
