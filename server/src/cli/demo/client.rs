//! A client of the language server, as small as this needs it: the server is this very program,
//! started anew and spoken to over its stdin and stdout, as an editor does.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use banksman_protocol::{AskParams, AskResult, method};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::place::Place;
use crate::cli::Failure;

/// Nothing takes this long unless something is broken.
const PATIENCE: Duration = Duration::from_secs(30);

/// Answers what the server asks the person.
pub(super) type Person<'a> = dyn FnMut(&AskParams) -> Result<AskResult, Failure> + 'a;

/// A running server and the way to talk to it.
pub(super) struct Client {
    child: Child,
    stdin: ChildStdin,
    incoming: Receiver<Value>,
    requests: u64,
}

impl Client {
    /// Starts a server for the project and makes its acquaintance.
    pub(super) fn start(place: &Place) -> Result<Self, Failure> {
        let home = place.home();
        let mut child = Command::new(std::env::current_exe()?)
            .arg("lsp")
            .current_dir(place.project())
            // The user's own settings and ledger have no part in this.
            .env_remove("BANKSMAN_LEDGER")
            .envs([("HOME", home), ("USERPROFILE", home), ("APPDATA", home), ("LOCALAPPDATA", home)])
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("XDG_STATE_HOME", home.join(".local/state"))
            .env("XDG_DATA_HOME", home.join(".local/share"))
            .env("XDG_CACHE_HOME", home.join(".cache"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::new("the server has no stdin or stdout"));
        };
        let mut client = Self { child, stdin, incoming: listen(stdout), requests: 0 };
        client.introduce(place)?;
        Ok(client)
    }

    fn introduce(&mut self, place: &Place) -> Result<(), Failure> {
        let folder = url::Url::from_file_path(place.project())
            .map_err(|()| Failure::new("the project's folder has no address"))?;
        let params = json!({
            "processId": std::process::id(),
            "clientInfo": { "name": "banksman demo", "version": env!("CARGO_PKG_VERSION") },
            "capabilities": { "experimental": { "banksman": { "ask": true } } },
            "workspaceFolders": [{ "uri": folder, "name": "tidewatch" }],
        });
        let _: Value = self.request("initialize", params, &mut nobody)?;
        self.notify("initialized", json!({}))
    }

    /// Says something that is not answered.
    pub(super) fn notify(&mut self, method: &str, params: impl Serialize) -> Result<(), Failure> {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    /// Asks something; meanwhile the server may ask the person.
    pub(super) fn request<T: DeserializeOwned>(
        &mut self,
        method: &str,
        params: impl Serialize,
        person: &mut Person<'_>,
    ) -> Result<T, Failure> {
        self.requests += 1;
        let id = json!(self.requests);
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        loop {
            let mut message = self
                .incoming
                .recv_timeout(PATIENCE)
                .map_err(|_| Failure::new(format!("the server does not answer `{method}`")))?;
            let params = message.get_mut("params").map(Value::take).unwrap_or_default();
            match (message.get("method").and_then(Value::as_str), message.get("id")) {
                (None, Some(answered)) if *answered == id => {
                    if let Some(error) = message.get("error") {
                        return Err(Failure::new(format!("the server refuses `{method}`: {error}")));
                    }
                    let result = message.get_mut("result").map(Value::take).unwrap_or_default();
                    return understood(result);
                }
                (Some(asked), Some(question)) => {
                    let result = match asked {
                        method::ASK => json!(person(&understood(params)?)?),
                        _ => Value::Null,
                    };
                    let reply = json!({ "jsonrpc": "2.0", "id": question, "result": result });
                    self.send(&reply)?;
                }
                _ => {}
            }
        }
    }

    /// Takes leave, and hears whether the server ended well.
    pub(super) fn stop(mut self) -> Result<(), Failure> {
        let _: Value = self.request("shutdown", Value::Null, &mut nobody)?;
        self.notify("exit", Value::Null)?;
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(Failure::new(format!("the server ended with {status}"))) }
    }

    fn send(&mut self, message: &Value) -> Result<(), Failure> {
        let body = message.to_string();
        write!(self.stdin, "Content-Length: {}\r\n\r\n{body}", body.len())?;
        Ok(self.stdin.flush()?)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Only a server that did not take leave still runs, and it has nothing to lose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where nobody is to be asked.
fn nobody(_: &AskParams) -> Result<AskResult, Failure> {
    Err(Failure::new("the server asks although nothing was proposed"))
}

fn understood<T: DeserializeOwned>(value: Value) -> Result<T, Failure> {
    serde_json::from_value(value)
        .map_err(|error| Failure::new(format!("what the server says makes no sense: {error}")))
}

/// What the server says, as it comes. Ends when the server does.
fn listen(stdout: ChildStdout) -> Receiver<Value> {
    let (sender, incoming) = channel();
    std::thread::spawn(move || {
        let mut stdout = BufReader::new(stdout);
        while let Some(message) = read(&mut stdout) {
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    incoming
}

fn read(stdout: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse::<u64>().ok();
            }
            None if line.trim().is_empty() => break,
            _ => {}
        }
    }
    let mut body = Vec::new();
    stdout.take(length?).read_to_end(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
