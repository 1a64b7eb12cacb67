//! What tests with real processes share: a throw-away home, the hook, an editor.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Nothing in these tests takes this long.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// All clients that have hooks.
pub(crate) const CLIENTS: [&str; 8] =
    ["claude", "vscode", "codex", "copilot", "gemini", "cursor", "windsurf", "cline"];

/// A throw-away home with a workspace in it.
pub(crate) struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir_all(home.workspace().join(".git")).unwrap();
        std::fs::create_dir_all(home.workspace().join("src/deep")).unwrap();
        std::fs::create_dir_all(home.path().join("run")).unwrap();
        home
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    pub(crate) fn workspace(&self) -> PathBuf {
        self.path().join("ws")
    }

    /// The user's settings.
    pub(crate) fn settings(&self, text: &str) {
        write(&self.path().join(".config/banksman/banksman.toml"), text);
    }

    /// The settings of the workspace.
    pub(crate) fn workspace_settings(&self, text: &str) {
        write(&self.workspace().join("banksman.toml"), text);
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.path().join(".local/state/banksman/ledger.sqlite3")
    }

    /// One number from the ledger.
    pub(crate) fn count(&self, question: &str) -> i64 {
        let ledger = rusqlite::Connection::open(self.ledger()).unwrap();
        ledger.query_row(question, [], |row| row.get(0)).unwrap()
    }

    pub(crate) fn banksman(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_banksman"));
        command
            .args(arguments)
            .current_dir(self.workspace())
            .env_clear()
            .env("HOME", self.path())
            .env("XDG_RUNTIME_DIR", self.path().join("run"))
            .env("PATH", "/usr/bin:/bin");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.banksman(arguments).output().unwrap()
    }

    pub(crate) fn hook(&self, client: &str, said: &Value) -> Output {
        talk(self.banksman(&["hook", client]), said.to_string().as_bytes())
    }

    /// The hook in a process of its own, not waited for.
    pub(crate) fn start_hook(&self, client: &str, said: &Value) -> Child {
        start(self.banksman(&["hook", client]), said)
    }

    /// What the hook answers; `null` for silence.
    pub(crate) fn answer(&self, client: &str, said: &Value) -> Value {
        let output = self.hook(client, said);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        if output.stdout.is_empty() { Value::Null } else { serde_json::from_slice(&output.stdout).unwrap() }
    }

    /// What the hook answers, in one word for all clients.
    pub(crate) fn says(&self, client: &str, said: &Value) -> String {
        decision(client, &self.hook(client, said))
    }

    /// The sockets of the servers that run.
    pub(crate) fn sockets(&self) -> Vec<PathBuf> {
        let list = |folder: PathBuf| {
            std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
        };
        let mut found: Vec<PathBuf> = list(self.path().join("run/banksman"))
            .flat_map(list)
            .filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.'))
            .collect();
        found.sort();
        found
    }
}

/// Writes a file, and the folders that it lies in.
pub(crate) fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

pub(crate) fn start(mut command: Command, said: &Value) -> Child {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(said.to_string().as_bytes()).unwrap();
    child
}

pub(crate) fn talk(mut command: Command, bytes: &[u8]) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A hook that has read enough may be gone already.
    let _ = child.stdin.take().unwrap().write_all(bytes);
    child.wait_with_output().unwrap()
}

/// What a client takes an answer for: `allow`, `ask`, `deny`, or `silence`, which is its own way.
/// Whatever is none of these fails the test, as it would open the gate.
pub(crate) fn decision(client: &str, output: &Output) -> String {
    let shown = || {
        format!(
            "{client}: {} {} {}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    };
    if output.status.code() == Some(2) {
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{}", shown());
        return "deny".to_owned();
    }
    assert_eq!(output.status.code(), Some(0), "{}", shown());
    if output.stdout.is_empty() {
        return "silence".to_owned();
    }
    let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown()));
    word(client, &said)
}

/// The same for an answer that was read, where the client itself looks for it.
pub(crate) fn word(client: &str, said: &Value) -> String {
    let pointers: &[&str] = match client {
        _ if said.is_null() => return "silence".to_owned(),
        "cline" => {
            let cancel = said["cancel"].as_bool().unwrap_or_else(|| panic!("{client}: {said}"));
            return if cancel { "deny".to_owned() } else { "allow".to_owned() };
        }
        "gemini" => &["/decision"],
        "cursor" => &["/permission"],
        "copilot" => &["/permissionDecision", "/hookSpecificOutput/permissionDecision"],
        _ => &["/hookSpecificOutput/permissionDecision", "/decision"],
    };
    match pointers.iter().find_map(|pointer| said.pointer(pointer)?.as_str()) {
        Some("block") => "deny".to_owned(),
        Some(word) => word.to_owned(),
        None => panic!("{client}: {said}"),
    }
}

/// A proposal in the form in which each client makes it.
pub(crate) fn proposal(client: &str, cwd: &Path, call: &str, command: &str) -> Value {
    match client {
        "claude" => {
            json!({"session_id":"s","transcript_path":"/h/t.jsonl","cwd":cwd,"permission_mode":"default",
            "hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":command,"description":"t"},"tool_use_id":call})
        }
        "vscode" => {
            json!({"timestamp":"2026-11-21T08:24:43.573Z","hook_event_name":"PreToolUse","session_id":"s","transcript_path":"t.jsonl",
            "tool_name":"run_in_terminal","tool_input":{"command":command,"explanation":"t","goal":"t","isBackground":false},
            "tool_use_id":call,"cwd":cwd})
        }
        "codex" => {
            json!({"session_id":"s","turn_id":"t","transcript_path":null,"cwd":cwd,"hook_event_name":"PreToolUse","model":"m",
            "permission_mode":"bypassPermissions","tool_name":"Bash","tool_input":{"command":command},"tool_use_id":call})
        }
        "copilot" => {
            json!({"sessionId":"s","timestamp":1_795_249_593_093_i64,"cwd":cwd,"toolName":"bash","toolArgs":{"command":command,"description":"t"}})
        }
        "gemini" => {
            json!({"session_id":"s","transcript_path":"t","cwd":cwd,"hook_event_name":"BeforeTool","timestamp":"t",
            "tool_name":"run_shell_command","tool_input":{"command":command,"description":"t"}})
        }
        "cursor" => {
            json!({"conversation_id":"s","generation_id":"g","hook_event_name":"beforeShellExecution","workspace_roots":[cwd],
            "cursor_version":"3","command":command,"cwd":cwd,"sandbox":false})
        }
        "windsurf" => {
            json!({"agent_action_name":"pre_run_command","trajectory_id":"s","execution_id":"e","timestamp":"t",
            "tool_info":{"command_line":command,"cwd":cwd}})
        }
        _ => json!({"clineVersion":"3","hookName":"PreToolUse","taskId":"s","workspaceRoots":[cwd],
            "preToolUse":{"toolName":"execute_command","parameters":{"command":command,"requires_approval":"false"}}}),
    }
}

/// An editor and the real server that it has started.
pub(crate) struct Editor {
    pub(crate) child: Child,
    stdin: Option<ChildStdin>,
    incoming: Receiver<Value>,
    heard: Vec<Value>,
    next: u64,
}

impl Editor {
    /// An editor that can put questions to its user.
    pub(crate) fn asking(home: &Home, folders: &[&Path]) -> Self {
        Self::start(
            home,
            folders,
            json!({"experimental": {"banksman": {"ask": true}}}),
            json!({"banksman": {"ask": true}}),
        )
    }

    /// An editor that only shows what the server says.
    pub(crate) fn plain(home: &Home, folders: &[&Path]) -> Self {
        Self::start(home, folders, json!({}), Value::Null)
    }

    pub(crate) fn start(home: &Home, folders: &[&Path], capabilities: Value, options: Value) -> Self {
        let before = home.sockets();
        let mut child = home
            .banksman(&["lsp"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (sender, incoming) = channel();
        let stdout = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let stdin = child.stdin.take();
        let mut editor = Self { child, stdin, incoming, heard: Vec::new(), next: 0 };
        let folders: Vec<Value> = folders.iter().map(|folder| workspace_folder(folder)).collect();
        editor.request(
            "initialize",
            json!({"capabilities": capabilities, "initializationOptions": options, "workspaceFolders": folders}),
        );
        editor.send(json!({ "method": "initialized", "params": {} }));
        // What a server that was killed left behind does not count.
        until(|| home.sockets().iter().filter(|socket| !before.contains(socket)).count() >= folders.len());
        editor
    }

    pub(crate) fn send(&mut self, mut message: Value) {
        message.as_object_mut().unwrap().insert("jsonrpc".to_owned(), json!("2.0"));
        let body = message.to_string();
        self.raw(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    }

    /// Bytes that may be no frame.
    pub(crate) fn raw(&mut self, bytes: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes.as_bytes()).unwrap();
        stdin.flush().unwrap();
    }

    /// Goes away without a word.
    pub(crate) fn hang_up(&mut self) {
        self.stdin = None;
    }

    /// The answer to a request.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        self.answer(&id)
    }

    /// Sends a request whose answer is looked at later.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = json!(self.next);
        self.send(json!({ "id": id, "method": method, "params": params }));
        id
    }

    /// The answer to the request of this number, `null` for what had none.
    pub(crate) fn answer(&mut self, id: &Value) -> Value {
        self.expect(|message| message.get("id") == Some(id) && message.get("method").is_none())
    }

    /// What the server says of itself, by the method.
    pub(crate) fn hears(&mut self, method: &str) -> Value {
        self.expect(|message| message.get("method").and_then(Value::as_str) == Some(method))
    }

    /// How many messages of this kind have come that were not looked at.
    pub(crate) fn heard(&mut self, method: &str) -> usize {
        // What was said before this answer has arrived before it.
        self.request("banksman/session", json!({"session": "nobody"}));
        self.heard.iter().filter(|message| message["method"] == json!(method)).count()
    }

    /// Answers a request of the server.
    pub(crate) fn answers(&mut self, request: &Value, result: Value) {
        self.send(json!({ "id": request["id"], "result": result }));
    }

    fn expect(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.heard.iter().position(&wanted) {
            return self.heard.remove(at);
        }
        loop {
            let message = self.incoming.recv_timeout(LONG).expect("the server does not say it");
            if wanted(&message) {
                return message;
            }
            self.heard.push(message);
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let done = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    /// Ends in an orderly way.
    pub(crate) fn quit(mut self) {
        self.request("shutdown", Value::Null);
        self.send(json!({ "method": "exit" }));
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        // A test that fails leaves nothing behind, a frozen server neither.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn workspace_folder(folder: &Path) -> Value {
    json!({ "uri": url::Url::from_file_path(folder).unwrap().to_string(), "name": "w" })
}

/// Waits until something is so.
pub(crate) fn until(mut so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < LONG, "it does not come about");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn read(stdout: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().strip_prefix("Content-Length:") {
            Some(given) => length = Some(given.trim().parse::<usize>().unwrap()),
            None if line.trim().is_empty() => break,
            None => panic!("this is no frame: {line}"),
        }
    }
    let mut body = vec![0; length.expect("a frame has a length")];
    stdout.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}
