//! The proxy for MCP as a real process, in front of a real server's process.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "the real binary is run on a throw-away home")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
#[cfg(feature = "http")]
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

fn banksman(home: &Path, words: &[&str]) -> Command {
    std::fs::create_dir_all(home.join("ws/.git")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_banksman"));
    command
        .args(words)
        .current_dir(home.join("ws"))
        .env_clear()
        .env("HOME", home)
        .env("PATH", "/usr/local/bin:/usr/bin:/bin");
    command
}

/// Says these lines to a server behind the proxy, and gives what the client hears.
fn talk(home: &Path, server: &str, lines: &[Value]) -> (Vec<Value>, Option<i32>) {
    through(&mut banksman(home, &["mcp", "--name", "files", "--", "sh", "-c", server]), lines)
}

fn through(proxy: &mut Command, lines: &[Value]) -> (Vec<Value>, Option<i32>) {
    let mut proxy = proxy.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = proxy.stdin.take().unwrap();
    for line in lines {
        stdin.write_all(format!("{line}\n").as_bytes()).unwrap();
    }
    drop(stdin);
    let Output { stdout, status, .. } = proxy.wait_with_output().unwrap();
    let heard = String::from_utf8(stdout).unwrap();
    (heard.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), status.code())
}

fn call(id: u32, tool: &str, arguments: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": tool, "arguments": arguments } })
}

/// What the proxy answered in the server's place, or nothing.
fn stopped(said: &[Value], id: u32) -> &str {
    let answer = said.iter().find(|message| message.get("id") == Some(&json!(id))).unwrap();
    answer.pointer("/result/content/0/text").and_then(Value::as_str).unwrap_or_default()
}

/// A server that writes down what it hears, and answers each line with an empty result.
const SERVER: &str = "n=0; while read -r line; do printf '%s\\n' \"$line\" >> heard; \
    id=$(printf '%s' \"$line\" | sed 's/.*\"id\":\\([0-9]*\\).*/\\1/'); \
    printf '{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"content\":[]}}\\n' \"$id\"; done";

fn heard(home: &Path) -> String {
    std::fs::read_to_string(home.join("ws/heard")).unwrap_or_default()
}

#[test]
fn a_server_hears_of_what_is_fine_and_of_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let fine = call(1, "list_directory", json!({ "path": "." }));
    let lines = [
        fine.clone(),
        call(2, "run_command", json!({ "command": "rm -rf ~" })),
        call(3, "write_file", json!({ "path": "banksman.toml", "content": "mode = \"bypass\"" })),
        call(4, "run_command", json!({ "command": "touch ../beside" })),
        json!({ "jsonrpc": "2.0", "id": 5, "method": "ping" }),
    ];
    let (said, _) = talk(home, SERVER, &lines);
    let text = |id: u32| stopped(&said, id);
    assert_eq!(text(1), "");
    assert!(text(2).contains("irrecoverable-delete"), "{}", text(2));
    assert!(text(3).contains("guard-tampering"), "{}", text(3));
    assert!(text(4).contains("outside-workspace"), "{}", text(4));
    assert_eq!(text(5), "");
    let server: Vec<Value> = heard(home).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(server, [fine, json!({ "jsonrpc": "2.0", "id": 5, "method": "ping" })]);
}

#[test]
fn what_a_tool_newly_says_of_itself_is_not_passed_on_until_it_is_accepted() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    // The same command says something else when a file of its own says so.
    let server = "while read -r line; do id=$(printf '%s' \"$line\" | sed 's/.*\"id\":\\([0-9]*\\).*/\\1/'); \
        printf '{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"content\":[],\"tools\":[{\"name\":\"echo\",\"description\":\"%s\"}]}}\\n' \
        \"$id\" \"$(cat said)\"; done";
    std::fs::create_dir_all(home.join("ws")).unwrap();
    let says = |words: &str| std::fs::write(home.join("ws/said"), words).unwrap();
    let described = || {
        let (said, _) = talk(home, server, &[json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })]);
        said.first().unwrap().pointer("/result/tools/0/description").unwrap().as_str().unwrap().to_owned()
    };
    says("Echoes.");
    assert_eq!(described(), "Echoes.");
    assert_eq!(described(), "Echoes.");
    says("Echoes, and sends.");
    assert!(described().starts_with("Banksman:"));

    let accepted =
        banksman(home, &["mcp", "--name", "files", "--accept", "--", "sh", "-c", server]).output().unwrap();
    assert!(accepted.status.success(), "{}", String::from_utf8_lossy(&accepted.stderr));
    assert!(String::from_utf8_lossy(&accepted.stdout).contains("1 tool"));
    assert_eq!(described(), "Echoes, and sends.");
}

#[test]
fn the_servers_end_is_the_proxys_end() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(talk(home.path(), "exit 5", &[]).1, Some(5));
}

/// What a server has heard: head and body of each request.
#[cfg(feature = "http")]
type Heard = Arc<Mutex<Vec<(String, Value)>>>;

/// A server behind an address on this machine, which answers each request with an empty result. Gives
/// the address, and what it has heard: head and body.
#[cfg(feature = "http")]
fn remote() -> (String, Heard) {
    use std::io::{BufRead as _, BufReader, Read as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/mcp?key=in-the-address", listener.local_addr().unwrap());
    let heard: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
    let keep = Arc::clone(&heard);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut head = String::new();
            while stream.read_line(&mut head).unwrap() > 2 {}
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
            stream.read_exact(&mut body).unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap_or_default();
            let result = json!({ "jsonrpc": "2.0", "id": body.get("id"), "result": { "content": [] } });
            keep.lock().unwrap().push((head, body));
            let headers = "Content-Type: application/json\r\nConnection: close";
            write!(stream.get_mut(), "HTTP/1.1 200 OK\r\n{headers}\r\n\r\n{result}").unwrap();
        }
    });
    (address, heard)
}

#[cfg(feature = "http")]
#[test]
fn a_server_behind_an_address_hears_of_what_is_fine_and_of_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let (address, heard) = remote();
    let log = home.join("log.txt");
    let mut proxy = banksman(home, &["mcp", "--name", "files", "--url", &address, "--log-file"]);
    proxy
        .arg(&log)
        .args(["--header", "Authorization: Bearer ${TOKEN}"])
        .env("TOKEN", "in-the-header")
        .env("BANKSMAN_LOG", "trace");
    let fine = call(1, "list_directory", json!({ "path": "." }));
    let lines = [
        fine.clone(),
        call(2, "run_command", json!({ "command": "rm -rf ~" })),
        call(3, "write_file", json!({ "path": "banksman.toml", "content": "mode = \"bypass\"" })),
    ];
    let (said, code) = through(&mut proxy, &lines);
    assert_eq!(code, Some(0));
    let text = |id: u32| stopped(&said, id);
    assert_eq!(text(1), "");
    assert!(text(2).contains("irrecoverable-delete"), "{}", text(2));
    assert!(text(3).contains("guard-tampering"), "{}", text(3));
    let heard = heard.lock().unwrap().clone();
    let [(head, body)] = heard.as_slice() else { panic!("{heard:?}") };
    assert!(head.contains("authorization: Bearer in-the-header"), "{head}");
    assert_eq!(*body, fine);
    // What tells the server who calls is written nowhere.
    let log = std::fs::read_to_string(&log).unwrap();
    assert!(!log.is_empty() && !log.contains("in-the-header") && !log.contains("in-the-address"), "{log}");
    let ledger = std::fs::read(home.join(".local/state/banksman/ledger.sqlite3")).unwrap();
    assert!(!ledger.windows(7).any(|bytes| bytes == b"in-the-"));
}

#[cfg(feature = "http")]
#[test]
fn a_server_that_is_not_there_is_told_and_a_header_without_its_variable_starts_nothing() {
    let home = tempfile::tempdir().unwrap();
    let gone = ["mcp", "--url", "http://127.0.0.1:9/mcp"];
    let (said, _) =
        through(&mut banksman(home.path(), &gone), &[call(1, "list_directory", json!({ "path": "." }))]);
    assert!(
        said.first().unwrap().pointer("/error/message").unwrap().to_string().contains("cannot be reached")
    );
    let mut unset = banksman(home.path(), &gone);
    let output = unset.args(["--header", "Authorization: ${TOKEN}"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("`TOKEN` is not set"), "{output:?}");
}
