//! Which calls of the standard libraries do what.

use super::Deed;

/// Calls of Python by full name; a leading dot means a method of anything.
pub(super) const PYTHON: &[(Deed, &[&str])] = &[
    (
        Deed::Run,
        &[
            "os.system",
            "os.popen",
            "subprocess.run",
            "subprocess.call",
            "subprocess.check_call",
            "subprocess.check_output",
            "subprocess.Popen",
            "subprocess.getoutput",
            "subprocess.getstatusoutput",
            "commands.getoutput",
            "commands.getstatusoutput",
            "pty.spawn",
            "asyncio.create_subprocess_shell",
            "os.startfile",
        ],
    ),
    (
        Deed::RunProgram,
        &[
            "asyncio.create_subprocess_exec",
            "os.execv",
            "os.execve",
            "os.execvp",
            "os.execvpe",
            "os.execl",
            "os.execlp",
            "os.posix_spawn",
        ],
    ),
    (Deed::Eval, &["exec", "eval", "builtins.exec", "builtins.eval"]),
    (Deed::Open, &["open", "io.open", "codecs.open", "gzip.open"]),
    (Deed::Read, &["os.open", "linecache.getlines", "fileinput.input", ".read_text", ".read_bytes"]),
    (Deed::Write, &["os.truncate", ".write_text", ".write_bytes"]),
    (Deed::Delete, &["os.remove", "os.unlink", "os.rmdir", ".unlink", ".rmdir"]),
    (Deed::DeleteTree, &["os.removedirs", "shutil.rmtree"]),
    (Deed::Move, &["os.rename", "os.replace", "os.renames", "shutil.move", ".rename"]),
    (Deed::Copy, &["shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.copytree"]),
    (Deed::Make, &["os.mkdir", "os.makedirs", ".touch", ".mkdir"]),
    (Deed::Permit, &["os.chmod", ".chmod"]),
    (Deed::Own, &["os.chown", "shutil.chown"]),
    (Deed::Link, &["os.symlink", "os.link"]),
    (Deed::Enter, &["os.chdir"]),
    (
        Deed::Kill,
        &[
            "os.kill",
            "os.killpg",
            "psutil.Process.kill",
            "psutil.Process.terminate",
            "psutil.Process.suspend",
        ],
    ),
    (Deed::BecomeUser, &["os.setuid", "os.seteuid"]),
    (Deed::Variable, &["os.getenv", "os.environ.get"]),
    (
        Deed::Get,
        &[
            "requests.get",
            "requests.head",
            "httpx.get",
            "urllib.request.urlopen",
            "urllib2.urlopen",
            "urllib.urlopen",
        ],
    ),
    (
        Deed::Post,
        &["requests.post", "requests.put", "requests.patch", "requests.delete", "httpx.post", "httpx.put"],
    ),
    (Deed::Save, &["urllib.request.urlretrieve", "urllib.urlretrieve", "wget.download"]),
    (Deed::Unpack, &["shutil.unpack_archive", ".extractall"]),
    (Deed::Connect, &["socket.create_connection"]),
    (Deed::Listen, &["http.server.HTTPServer", "http.server.ThreadingHTTPServer", "socketserver.TCPServer"]),
    (Deed::Fork, &["os.fork"]),
    (Deed::Print, &["print", "pprint.pprint", "sys.stdout.write"]),
];

/// Calls of Node. A name counts by its last parts.
pub(super) const NODE: &[(Deed, &[&str])] = &[
    (Deed::Run, &["execSync", "child_process.exec", "exec", "execAsync"]),
    (Deed::RunProgram, &["spawn", "spawnSync", "execFile", "execFileSync", "Deno.Command", "Deno.run"]),
    (Deed::Eval, &["eval", "Function", "runInThisContext", "runInNewContext"]),
    (Deed::Read, &["readFileSync", "readFile", "createReadStream", "Deno.readTextFile", "Bun.file"]),
    (Deed::Write, &["writeFileSync", "writeFile", "createWriteStream", "Deno.writeTextFile", "truncateSync"]),
    (Deed::Append, &["appendFileSync", "appendFile"]),
    (Deed::Delete, &["unlinkSync", "fs.unlink", "promises.unlink"]),
    (
        Deed::DeleteTree,
        &[
            "rmdirSync",
            "rmSync",
            "fs.rm",
            "fsp.rm",
            "promises.rm",
            "rimraf",
            "rimrafSync",
            "removeSync",
            "emptyDirSync",
            "Deno.remove",
            "Deno.removeSync",
        ],
    ),
    (Deed::Move, &["renameSync", "fs.rename"]),
    (Deed::Copy, &["copyFileSync", "cpSync"]),
    (Deed::Make, &["mkdirSync"]),
    (Deed::Permit, &["chmodSync", "fs.chmod"]),
    (Deed::Link, &["symlinkSync"]),
    (Deed::Enter, &["process.chdir"]),
    (Deed::Kill, &["process.kill"]),
    (Deed::BecomeUser, &["process.setuid"]),
    (Deed::Get, &["https.get", "http.get", "axios.get", "got", "fetch"]),
    (Deed::Post, &["axios.post", "axios.put", "got.post", "https.request", "http.request", "sendBeacon"]),
    (Deed::Print, &["console.log", "stdout.write"]),
];

/// Calls of Perl.
pub(super) const PERL: &[(Deed, &[&str])] = &[
    (Deed::Run, &["system", "exec", "qx"]),
    (Deed::Eval, &["eval"]),
    (Deed::Open, &["open"]),
    (Deed::Delete, &["unlink", "rmdir"]),
    (Deed::DeleteTree, &["rmtree", "remove_tree"]),
    (Deed::Move, &["rename", "move"]),
    (Deed::Copy, &["copy"]),
    (Deed::Make, &["mkdir", "make_path"]),
    (Deed::Link, &["symlink"]),
    (Deed::Enter, &["chdir"]),
    (Deed::Kill, &["kill"]),
    (Deed::Get, &["get"]),
    (Deed::Save, &["getstore"]),
    (Deed::Print, &["print"]),
];

/// Calls of Ruby.
pub(super) const RUBY: &[(Deed, &[&str])] = &[
    (
        Deed::Run,
        &["system", "exec", "spawn", "IO.popen", "Open3.capture2", "Open3.capture3", "Kernel.system"],
    ),
    (Deed::Eval, &["eval", "instance_eval"]),
    (Deed::Read, &["File.read", "IO.read", "File.readlines"]),
    (Deed::Open, &["File.open", "File.new", "open"]),
    (Deed::Write, &["File.write", "IO.write"]),
    (
        Deed::Delete,
        &["File.delete", "File.unlink", "FileUtils.rm", "FileUtils.rm_f", "Dir.rmdir", "Dir.delete"],
    ),
    (
        Deed::DeleteTree,
        &["FileUtils.rm_r", "FileUtils.rm_rf", "FileUtils.remove_dir", "FileUtils.remove_entry"],
    ),
    (Deed::Move, &["File.rename", "FileUtils.mv"]),
    (Deed::Copy, &["FileUtils.cp", "FileUtils.cp_r"]),
    (Deed::Make, &["FileUtils.mkdir_p"]),
    (Deed::Enter, &["Dir.chdir"]),
    (Deed::Kill, &["Process.kill"]),
    (Deed::Get, &["Net::HTTP.get", "URI.open"]),
    (Deed::Post, &["Net::HTTP.post", "Net::HTTP.post_form"]),
    (Deed::Connect, &["TCPSocket.new", "TCPSocket.open"]),
    (Deed::Listen, &["TCPServer.new"]),
    (Deed::Print, &["puts", "print", "p"]),
];

/// Calls of PHP.
pub(super) const PHP: &[(Deed, &[&str])] = &[
    (Deed::Run, &["system", "exec", "shell_exec", "passthru", "popen", "proc_open"]),
    (Deed::RunProgram, &["pcntl_exec"]),
    (Deed::Eval, &["eval", "assert"]),
    (Deed::Read, &["file_get_contents", "file", "readfile"]),
    (Deed::Open, &["fopen"]),
    (Deed::Write, &["file_put_contents"]),
    (Deed::Delete, &["unlink", "rmdir"]),
    (Deed::Move, &["rename"]),
    (Deed::Copy, &["copy"]),
    (Deed::Make, &["mkdir"]),
    (Deed::Link, &["symlink"]),
    (Deed::Enter, &["chdir"]),
    (Deed::Variable, &["getenv"]),
    (Deed::Get, &["curl_init"]),
    (Deed::Connect, &["fsockopen"]),
    (Deed::Post, &["mail"]),
    (Deed::Print, &["echo", "print_r", "var_dump"]),
];

/// Calls of Lua, R and whatever else runs commands by such names.
pub(super) const OTHERS: &[(Deed, &[&str])] = &[
    (Deed::Run, &["os.execute", "io.popen", "system", "exec"]),
    (Deed::RunProgram, &["system2"]),
    (Deed::Eval, &["loadstring"]),
    (Deed::Read, &["dofile"]),
    (Deed::Open, &["io.open"]),
    (Deed::Delete, &["os.remove", "file.remove"]),
    (Deed::DeleteTree, &["unlink"]),
    (Deed::Move, &["os.rename"]),
];

/// What the call of this name does, by the table of its language.
pub(super) fn deed(table: &[(Deed, &[&str])], name: &str) -> Option<Deed> {
    table.iter().find(|(_, names)| names.contains(&name)).map(|(deed, _)| *deed)
}

/// As [`deed`], where a name counts by its last parts: `fs.promises.rm` is `promises.rm`.
pub(super) fn deed_by_end(table: &[(Deed, &[&str])], name: &str) -> Option<Deed> {
    let mut rest = name;
    loop {
        if let Some(deed) = deed(table, rest) {
            return Some(deed);
        }
        let cut = rest.find(['.', ':', '>']).map(|at| at + 1)?;
        rest = rest.get(cut..)?.trim_start_matches([':', '>']);
    }
}
