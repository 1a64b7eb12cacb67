//! Every hazard of tower-lsp's own transport, against a server made for the purpose.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{InitializeParams, InitializeResult, MessageActionItem, MessageType};
use tower_lsp::{LanguageServer, LspService};

use super::super::testing::Client;

struct Toy {
    client: tower_lsp::Client,
    seen: Arc<Mutex<Vec<u64>>>,
}

#[tower_lsp::async_trait]
impl LanguageServer for Toy {
    async fn initialize(&self, _: InitializeParams) -> Result<InitializeResult> {
        Ok(InitializeResult::default())
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}

impl Toy {
    async fn note(&self, number: Value) {
        self.seen.lock().unwrap().push(number["number"].as_u64().unwrap());
        tokio::task::yield_now().await;
    }

    async fn noted(&self) -> Result<Vec<u64>> {
        Ok(self.seen.lock().unwrap().clone())
    }

    async fn echo(&self, params: Value) -> Result<Value> {
        Ok(params)
    }

    async fn stuck(&self) -> Result<()> {
        std::future::pending().await
    }

    async fn panic(&self) -> Result<()> {
        panic!("on purpose")
    }

    async fn panic_later(&self) -> Result<()> {
        tokio::task::yield_now().await;
        panic!("on purpose")
    }

    async fn panic_quietly(&self) {
        panic!("on purpose")
    }

    async fn ask(&self) -> Result<bool> {
        let client = self.client.clone();
        let choice = MessageActionItem { title: "yes".to_owned(), properties: Default::default() };
        let asked = tokio::spawn(async move {
            client.show_message_request(MessageType::INFO, "well?", Some(vec![choice])).await
        });
        Ok(asked.await.is_ok_and(|answer| answer.is_ok_and(|chosen| chosen.is_some())))
    }
}

fn connect() -> Client {
    let (service, socket) = LspService::build(|client| Toy { client, seen: Arc::default() })
        .custom_method("test/note", Toy::note)
        .custom_method("test/noted", Toy::noted)
        .custom_method("test/echo", Toy::echo)
        .custom_method("test/stuck", Toy::stuck)
        .custom_method("test/panic", Toy::panic)
        .custom_method("test/panicLater", Toy::panic_later)
        .custom_method("test/panicQuietly", Toy::panic_quietly)
        .custom_method("test/ask", Toy::ask)
        .finish();
    Client::of(|read, write| super::serve(read, write, service, socket))
}

async fn ready() -> Client {
    let mut client = connect();
    client.initialize(json!({ "capabilities": {} })).await;
    client
}

#[tokio::test]
async fn notifications_take_effect_in_wire_order() {
    let mut client = ready().await;
    for number in 0..300 {
        client.send(json!({ "method": "test/note", "params": { "number": number } })).await;
    }
    client.send(json!({ "id": 1, "method": "test/noted" })).await;
    let noted = client.answer(1).await;
    assert_eq!(noted["result"], json!((0..300).collect::<Vec<u64>>()));
}

#[tokio::test]
async fn messages_pipelined_behind_initialize_are_served() {
    connect()
        .play(
            r#"
            → {"id":1,"method":"initialize","params":{"capabilities":{}}}
            → {"method":"test/note","params":{"number":7}}
            → {"id":2,"method":"test/noted"}
            ← {"id":1,"result":"…"}
            ← {"id":2,"result":[7]}
            "#,
        )
        .await;
}

#[tokio::test]
async fn requests_before_initialize_are_refused_and_the_session_goes_on() {
    connect()
        .play(
            r#"
            → {"id":1,"method":"test/noted"}
            ← {"id":1,"error":{"code":-32002}}
            → {"id":2,"method":"initialize","params":{"capabilities":{}}}
            ← {"id":2,"result":"…"}
            → {"id":3,"method":"initialize","params":{"capabilities":{}}}
            ← {"id":3,"error":{"code":-32600}}
            → {"id":4,"method":"test/noted"}
            ← {"id":4,"result":[]}
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_thousand_stuck_requests_hold_up_nothing() {
    let mut client = ready().await;
    for id in 1000..2000 {
        client.send(json!({ "id": id, "method": "test/stuck" })).await;
    }
    client
        .play(
            r#"
            → {"id":1,"method":"test/echo","params":{"a":1}}
            ← {"id":1,"result":{"a":1}}
            → {"method":"$/cancelRequest","params":{"id":1500}}
            ← {"id":1500,"error":{"code":-32800}}
            "#,
        )
        .await;
}

#[tokio::test]
async fn an_id_that_is_in_use_is_refused() {
    ready()
        .await
        .play(
            r#"
            → {"id":1,"method":"test/stuck"}
            → {"id":1,"method":"test/stuck"}
            ← {"id":1,"error":{"code":-32600}}
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_panic_in_a_handler_is_answered_and_survived() {
    ready()
        .await
        .play(
            r#"
            → {"id":1,"method":"test/panic"}
            ← {"id":1,"error":{"code":-32603,"message":"…nothing was allowed"}}
            → {"id":2,"method":"test/panicLater"}
            ← {"id":2,"error":{"code":-32603}}
            → {"method":"test/panicQuietly"}
            → {"id":3,"method":"test/echo","params":{}}
            ← {"id":3,"result":{}}
            "#,
        )
        .await;
}

#[tokio::test]
async fn replies_of_the_client_arrive_behind_any_number_of_messages() {
    let mut client = ready().await;
    for id in 10..14 {
        client.send(json!({ "id": id, "method": "test/ask" })).await;
    }
    let mut asked = Vec::new();
    for _ in 0..4 {
        asked.push(client.expect(&json!({ "method": "window/showMessageRequest" })).await["id"].clone());
    }
    for number in 0..500 {
        client.send(json!({ "method": "test/note", "params": { "number": number } })).await;
    }
    for id in asked {
        client.send(json!({ "id": id, "result": { "title": "yes" } })).await;
    }
    for id in 10..14 {
        assert_eq!(client.answer(id).await["result"], json!(true));
    }
}

#[tokio::test]
async fn a_reply_after_the_request_was_cancelled_does_no_harm() {
    let mut client = ready().await;
    client.send(json!({ "id": 1, "method": "test/ask" })).await;
    let asked = client.expect(&json!({ "method": "window/showMessageRequest" })).await["id"].clone();
    client.send(json!({ "method": "$/cancelRequest", "params": { "id": 1 } })).await;
    client.expect(&json!({ "id": 1, "error": { "code": -32800 } })).await;
    client.send(json!({ "id": asked, "result": { "title": "yes" } })).await;
    client.send(json!({ "id": asked, "result": { "title": "again" } })).await;
    client.send(json!({ "id": 999, "error": { "code": 1, "message": "nobody asked", "more": [] } })).await;
    client.play(r#"→ {"id":2,"method":"test/noted"}"#).await;
    assert_eq!(client.answer(2).await["result"], json!([]));
}

#[tokio::test]
async fn malformed_frames_are_answered_and_survived() {
    let broken: &[(&str, &str)] = &[
        (
            r#"⇒ Content-Length: 5\r\n\r\n{"a":"#,
            r#"{"id":null,"error":{"code":-32700,"message":"…not JSON…"}}"#,
        ),
        (r#"⇒ Content-Length: 3\r\n\r\n[1]"#, r#"{"id":null,"error":{"code":-32600,"message":"…batches…"}}"#),
        (r#"⇒ Content-Length: 2\r\n\r\n17"#, r#"{"id":null,"error":{"code":-32600,"message":"…object…"}}"#),
        (r#"⇒ Content-Length: 0\r\n\r\n"#, r#"{"id":null,"error":{"code":-32700}}"#),
        (
            r#"⇒ Content-Length: 31\r\n\r\n{"id":6,"method":"test/noted" }"#,
            r#"{"id":6,"error":{"code":-32600,"message":"…jsonrpc…"}}"#,
        ),
        (r#"→ {"id":1.5,"method":"test/noted"}"#, r#"{"id":null,"error":{"code":-32600,"message":"`id`…"}}"#),
        (r#"→ {"id":null,"method":"test/noted"}"#, r#"{"id":null,"error":{"code":-32600}}"#),
        (r#"→ {"id":7,"method":8}"#, r#"{"id":7,"error":{"code":-32600,"message":"`method`…"}}"#),
        (r#"→ {"id":8}"#, r#"{"id":8,"error":{"code":-32600,"message":"`method`…"}}"#),
        (
            r#"→ {"id":9,"method":"test/echo","params":3}"#,
            r#"{"id":9,"error":{"code":-32600,"message":"`params`…"}}"#,
        ),
        (
            r#"⇒ Content-Length: twelve\r\n\r\n{"id":1}"#,
            r#"{"id":null,"error":{"code":-32700,"message":"`Content-Length` is `twelve`…"}}"#,
        ),
        (r#"⇒ Content-Length: -4\r\n\r\n"#, r#"{"id":null,"error":{"code":-32700}}"#),
        (r#"⇒ Content-Length: 99999999999999999999\r\n\r\n{}"#, r#"{"id":null,"error":{"code":-32700}}"#),
        (
            r#"⇒ Content-Type: text\r\n\r\n{"id":1}"#,
            r#"{"id":null,"error":{"code":-32700,"message":"…no `Content-Length`"}}"#,
        ),
        (
            r#"⇒ hello there\r\nwhat is this\r\n\r\n"#,
            r#"{"id":null,"error":{"code":-32700,"message":"…not a header…"}}"#,
        ),
        (r#"⇒ {"jsonrpc":"2.0","id":1,"method":"test/noted"}"#, r#"{"id":null,"error":{"code":-32700}}"#),
    ];
    let mut client = ready().await;
    for (index, (line, answer)) in broken.iter().enumerate() {
        client.play(line).await;
        // A frame that follows is understood, whatever stood before it.
        let id = 100 + index as i64;
        client.send(json!({ "id": id, "method": "test/echo", "params": { "after": line } })).await;
        client.expect(&serde_json::from_str(answer).unwrap()).await;
        assert_eq!(client.answer(id).await["result"]["after"], json!(line));
        assert!(client.heard().is_empty(), "{line} was answered more than once: {:?}", client.heard());
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_answered_and_survived() {
    let mut client = ready().await;
    client.raw(b"Content-Length: 4\r\n\r\n\"\xff\xfe\"").await;
    client.play(r#"← {"id":null,"error":{"code":-32700}}"#).await;
    let mut noise: Vec<u8> = (0..40_000_u32).map(|byte| (byte.wrapping_mul(97) % 251) as u8).collect();
    noise.retain(|byte| *byte != b'\n');
    client.raw(&noise).await;
    client.play(r#"→ {"id":1,"method":"test/echo","params":{}}"#).await;
    assert_eq!(client.answer(1).await["result"], json!({}));
}

#[tokio::test]
async fn a_length_that_is_too_great_does_not_swallow_the_next_message() {
    let mut client = ready().await;
    let good = r#"{"jsonrpc":"2.0","id":1,"method":"test/echo","params":{"n":1}}"#;
    let second = format!("Content-Length: {}\r\n\r\n{good}", good.len());
    let first = r#"{"jsonrpc":"2.0","method":"test/note","params":{"number":1}}"#;
    client.raw(format!("Content-Length: {}\r\n\r\n{first}{second}", first.len() + 30).as_bytes()).await;
    client.play(r#"← {"id":null,"error":{"code":-32700}}"#).await;
    assert_eq!(client.answer(1).await["result"], json!({ "n": 1 }));
}

#[tokio::test]
async fn a_text_that_looks_like_a_frame_is_a_text() {
    let mut client = ready().await;
    let text = "Content-Length: 46\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}";
    client.send(json!({ "id": 1, "method": "test/echo", "params": { "text": text } })).await;
    assert_eq!(client.answer(1).await["result"]["text"], json!(text));
    // And it stays one when the message around it is cut short.
    let body =
        json!({ "jsonrpc": "2.0", "id": 2, "method": "test/echo", "params": { "text": text } }).to_string();
    client.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len() - 1).as_bytes()).await;
    client.expect(&json!({ "id": null, "error": { "code": -32700 } })).await;
    client.play(r#"→ {"id":3,"method":"test/echo","params":{}}"#).await;
    assert_eq!(client.answer(3).await["result"], json!({}));
}

#[tokio::test]
async fn a_message_beyond_the_limit_is_skipped_and_refused() {
    let mut client = ready().await;
    let length = 33 * 1024 * 1024;
    client.raw(format!("Content-Length: {length}\r\n\r\n").as_bytes()).await;
    let chunk = vec![b' '; 1024 * 1024];
    for _ in 0..33 {
        client.raw(&chunk).await;
    }
    client
        .play(
            r#"
            ← {"id":null,"error":{"code":-32600,"message":"the message has 34603008 bytes…"}}
            → {"id":1,"method":"test/echo","params":{}}
            ← {"id":1,"result":{}}
            "#,
        )
        .await;
}

#[tokio::test]
async fn shutdown_and_exit_end_with_0() {
    ready()
        .await
        .play(
            r#"
            → {"id":1,"method":"shutdown","params":{}}
            ← {"id":1,"result":null}
            → {"method":"exit"}
            = 0
            "#,
        )
        .await;
}

#[tokio::test]
async fn answers_are_written_before_the_end() {
    let mut client = ready().await;
    client
        .play(
            r#"
            → {"id":1,"method":"shutdown"}
            → {"method":"exit"}
            → {"id":2,"method":"test/noted"}
            = 0
            ← {"id":1,"result":null}
            "#,
        )
        .await;
}

#[tokio::test]
async fn exit_alone_ends_with_1() {
    ready().await.play("→ {\"method\":\"exit\"}\n= 1").await;
}

#[tokio::test]
async fn a_client_that_goes_away_ends_the_server_with_1() {
    connect().play("✂\n= 1").await;
    ready().await.play("✂\n= 1").await;
    ready().await.play("→ {\"id\":1,\"method\":\"test/stuck\"}\n✂\n= 1").await;
    ready().await.play("⇒ Content-Length: 100\\r\\n\\r\\n{\n✂\n= 1").await;
}

#[tokio::test]
async fn a_client_that_stops_reading_does_not_outlive_its_end() {
    let (service, socket) = LspService::build(|client| Toy { client, seen: Arc::default() })
        .custom_method("test/echo", Toy::echo)
        .finish();
    let (mut write, server_read) = tokio::io::duplex(1024);
    // The other end is kept, and never read.
    let (server_write, _unread) = tokio::io::duplex(64);
    let server = tokio::spawn(super::serve(server_read, server_write, service, socket));
    for id in 0..50 {
        let body = json!({ "jsonrpc": "2.0", "id": id, "method": "test/echo", "params": {} }).to_string();
        let frame = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        tokio::io::AsyncWriteExt::write_all(&mut write, frame.as_bytes()).await.unwrap();
    }
    drop(write);
    assert_eq!(server.await.unwrap(), 1);
}
