//! What the proxy itself says, to the client and to the server.

use serde_json::{Value, json};

use crate::gates::proxy::frame::line;
use crate::gates::proxy::{Out, Side};

/// Answers a call of a tool in the tool's place: it failed, and why. The model reads it.
pub(super) fn stopped(id: &Value, why: &str) -> Out {
    let result = json!({ "content": [text(why)], "isError": true });
    Out::To(Side::Client, line(&json!({ "jsonrpc": "2.0", "id": id, "result": result })))
}

/// Refuses a request that is no call of a tool.
pub(super) fn error(id: &Value, why: &str) -> Out {
    let error = json!({ "code": banksman_protocol::REFUSED, "message": why });
    Out::To(Side::Client, line(&json!({ "jsonrpc": "2.0", "id": id, "error": error })))
}

/// Refuses a request in the form that its method asks for.
pub(super) fn refuse(method: &str, id: &Value, why: &str) -> Out {
    if method == "tools/call" { stopped(id, why) } else { error(id, why) }
}

/// A request of the proxy's own to the client.
pub(super) fn request(id: &str, method: &str, params: &Value) -> Out {
    Out::To(Side::Client, line(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })))
}

/// Takes a request of the proxy's own back.
pub(super) fn take_back(id: &str, why: &str) -> Out {
    let params = json!({ "requestId": id, "reason": why });
    Out::To(
        Side::Client,
        line(&json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": params })),
    )
}

/// A text among the content of a result.
pub(super) fn text(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}
