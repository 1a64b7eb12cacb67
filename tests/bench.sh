#!/bin/sh
# Whole processes, measured from outside: cold start beside `true`, a replay of ten thousand actions,
# and the memory of a language server after ten thousand reviews. Run it on a quiet machine:
#
#   cargo build --release && tests/bench.sh
#
# It uses hyperfine when it is there, and a loop when it is not. The percentiles of a review itself
# are printed by `cargo bench --bench review`.
set -eu

cd "$(dirname "$0")/.."
banksman=${BANKSMAN:-$PWD/target/release/banksman}
actions=${ACTIONS:-10000}
runs=${RUNS:-200}
[ -x "$banksman" ] || { echo "no $banksman: build it with cargo build --release" >&2; exit 2; }

ground=$(mktemp -d)
trap 'rm -rf "$ground"' EXIT INT TERM
mkdir -p "$ground/home/project/src"
export HOME="$ground/home" XDG_CONFIG_HOME="$ground/home/.config" XDG_STATE_HOME="$ground/home/.local/state"
export XDG_DATA_HOME="$ground/home/.local/share" XDG_CACHE_HOME="$ground/home/.cache"
echo 'fn main() {}' > "$ground/home/project/src/main.rs"
(
  cd "$ground/home/project"
  git init -q -b main
  git add -A
  git -c user.name=A -c user.email=a@localhost -c commit.gpgsign=false commit -q -m first
)

echo "== cold start =="
"$banksman" review --cwd "$ground/home/project" -- 'ls' > /dev/null 2>&1 || true
cold() {
  name=$1
  shift
  if command -v hyperfine > /dev/null 2>&1; then
    hyperfine --shell=none --warmup 5 --runs "$runs" --ignore-failure --command-name "$name" "$*" 2> /dev/null |
      grep -E 'Time|Range' | sed "s/^/$name: /"
    return
  fi
  # Three rounds, of which the fastest counts: the others had company.
  best=
  for _ in 1 2 3; do
    start=$(date +%s%N)
    i=0
    while [ "$i" -lt "$runs" ]; do
      "$@" > /dev/null 2>&1 || true
      i=$((i + 1))
    done
    each=$((($(date +%s%N) - start) / runs / 1000))
    if [ -z "$best" ] || [ "$each" -lt "$best" ]; then best=$each; fi
  done
  printf '%-28s %6d µs\n' "$name" "$best"
}
cold true /bin/true
cold 'banksman --version' "$banksman" --version
cold 'banksman review -- ls' "$banksman" review --cwd "$ground/home/project" -- ls
cold 'banksman review -- rm -rf' "$banksman" review --cwd "$ground/home/project" -- 'rm -rf src && git push --force'

echo "== replay of $actions actions =="
awk -v n="$actions" -v folder="$ground/home/project" 'BEGIN {
  split("ls -la|cargo test|git status --short|sed -n 1,20p src/main.rs|rm -rf target|git commit -am x|npm install left-pad|echo hi > notes.md|curl https://example.com/a.json|grep -rn main src", lines, "|")
  printf "{\"event\":\"session\",\"session\":\"s\",\"workspace\":\"%s\"}\n", folder
  for (i = 0; i < n; i++)
    printf "{\"event\":\"action\",\"session\":\"s\",\"id\":\"a%d\",\"action\":{\"kind\":\"command\",\"command\":\"%s # %d\"}}\n", i, lines[i % 10 + 1], i
}' > "$ground/actions.jsonl"
start=$(date +%s%N)
"$banksman" replay "$ground/actions.jsonl" > "$ground/answers.jsonl" || echo "exit status $?"
spent=$((($(date +%s%N) - start) / 1000000))
echo "$(wc -l < "$ground/answers.jsonl") answers in $spent ms"

echo "== a language server and $actions reviews =="
mkfifo "$ground/in"
"$banksman" lsp < "$ground/in" > "$ground/out" 2> "$ground/err" &
server=$!
exec 3> "$ground/in"
send() { printf 'Content-Length: %d\r\n\r\n%s' "${#1}" "$1" >&3; }
send "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"capabilities\":{},\"workspaceFolders\":[{\"uri\":\"file://$ground/home/project\",\"name\":\"p\"}]}}"
send '{"jsonrpc":"2.0","method":"initialized","params":{}}'
start=$(date +%s%N)
awk -v n="$actions" 'BEGIN {
  split("ls -la|cargo test|git status --short|sed -n 1,20p src/main.rs|cargo build|git log --oneline|wc -l src/main.rs|cat src/main.rs|git diff|grep -rn main src", lines, "|")
  for (i = 1; i <= n; i++) {
    body = sprintf("{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"banksman/review\",\"params\":{\"session\":\"s\",\"toolCallId\":\"c%d\",\"action\":{\"kind\":\"command\",\"command\":\"%s # %d\"}}}", i, i, lines[i % 10 + 1], i)
    printf "Content-Length: %d\r\n\r\n%s", length(body), body
  }
}' >&3
while :; do
  answered=$(grep -ao '"decision":"[a-z]*","digest"' "$ground/out" | wc -l)
  [ "$answered" -ge "$actions" ] && break
  kill -0 "$server" 2> /dev/null || { echo "the server ended: $(tail -1 "$ground/err")"; exit 1; }
  sleep 0.2
done
spent=$((($(date +%s%N) - start) / 1000000))
echo "$answered verdicts in about $spent ms; peak memory $(awk '/VmHWM/ { printf "%.1f MB", $2 / 1024 }' "/proc/$server/status")"
send '{"jsonrpc":"2.0","id":"bye","method":"shutdown"}'
send '{"jsonrpc":"2.0","method":"exit"}'
exec 3>&-
wait "$server" || true
