#!/bin/sh
# One call of a hook as clients make it, measured from outside as a whole process: beside `true` and
# `node -e 0`, with a language server that answers it and without one. Medians, in microseconds. Run it
# on a quiet machine:
#
#   cargo build --release && tests/bench-hook.sh
#
# The aim: at most 6 ms with a server, at most 12 ms without one, the write to the ledger included.
set -eu

cd "$(dirname "$0")/.."
banksman=${BANKSMAN:-$PWD/target/release/banksman}
[ -x "$banksman" ] || { echo "no $banksman: build it with cargo build --release" >&2; exit 2; }
command -v python3 > /dev/null || { echo "it measures with python3, which is not there" >&2; exit 2; }

BANKSMAN=$banksman RUNS=${RUNS:-200} exec python3 - <<'PYTHON'
import json, os, shutil, statistics, subprocess, tempfile, time

banksman, runs = os.environ["BANKSMAN"], int(os.environ["RUNS"])
home = os.path.realpath(tempfile.mkdtemp())
workspace = os.path.join(home, "project")
os.makedirs(os.path.join(workspace, "src"))
os.makedirs(os.path.join(home, "run"), mode=0o700)
surroundings = {"HOME": home, "PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": os.path.join(home, "run")}
git = ["git", "-c", "user.name=A", "-c", "user.email=a@localhost", "-c", "commit.gpgsign=false"]
open(os.path.join(workspace, "src", "main.rs"), "w").write("fn main() {}\n")
for step in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
    subprocess.run(git + step, cwd=workspace, env=surroundings, check=True)


def once(command, said=b""):
    start = time.perf_counter_ns()
    child = subprocess.Popen(command, cwd=workspace, env=surroundings, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out, _ = child.communicate(said)
    return (time.perf_counter_ns() - start) / 1000, out


def proposal(session, number, command):
    return json.dumps({
        "session_id": session, "cwd": workspace, "permission_mode": "default", "hook_event_name": "PreToolUse",
        "tool_name": "Bash", "tool_input": {"command": command}, "tool_use_id": f"call-{number}",
    }).encode()


numbers = iter(range(10**9))


def measure(name, run, wanted=None):
    for _ in range(5):
        run()
    taken = []
    for _ in range(runs):
        spent, out = run()
        assert wanted is None or wanted in out, out
        taken.append(spent)
    taken.sort()
    print(f"{name:44} median {statistics.median(taken):7.0f}   p90 {taken[int(runs * 0.9)]:7.0f}   least {taken[0]:7.0f}")


def hooks(where):
    for word, command, wanted in (("ls", "ls -la", b'"allow"'), ("test", "cargo test", b'"allow"'), ("rm", "rm -rf ~", b'"deny"')):
        # After many blocks a session is paused: each kind of call has one of its own.
        session = f"{where} {word}"
        run = lambda: once([banksman, "hook", "claude"], proposal(session, next(numbers), command))
        measure(f"banksman hook, {where}: {command}", run, wanted)


measure("true", lambda: once(["/bin/true"]))
if shutil.which("node"):
    measure("node -e 0", lambda: once(["node", "-e", "0"]))
measure("banksman --version", lambda: once([banksman, "--version"]))
hooks("alone")

server = subprocess.Popen([banksman, "lsp"], cwd=workspace, env=surroundings, stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def send(message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    server.stdin.flush()


send({"id": 1, "method": "initialize", "params": {
    "capabilities": {}, "workspaceFolders": [{"uri": "file://" + workspace, "name": "p"}]}})
send({"method": "initialized", "params": {}})
meeting = os.path.join(home, "run", "banksman")
while not (os.path.isdir(meeting) and any(os.listdir(os.path.join(meeting, at)) for at in os.listdir(meeting))):
    time.sleep(0.01)
hooks("a server")
server.kill()
server.wait()
shutil.rmtree(home)
PYTHON
