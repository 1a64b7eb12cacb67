#!/bin/sh
# Whole processes, measured from outside, in a repository of ten thousand files: cold start beside
# `true`, a replay, and the memory of a language server after short and long commands.
# Run it on a quiet machine:
#
#   cargo build --release && tests/bench.sh
#
# Beside the time on the clock stands the time on the processor, which company on the machine does
# not change much. The percentiles of a review itself are printed by `cargo bench --bench review`.
set -eu

cd "$(dirname "$0")/.."
banksman=${BANKSMAN:-$PWD/target/release/banksman}
actions=${ACTIONS:-10000}
reviews=${REVIEWS:-1000}
runs=${RUNS:-100}
[ -x "$banksman" ] || { echo "no $banksman: build it with cargo build --release" >&2; exit 2; }

ground=$(mktemp -d)
trap 'rm -rf "$ground"' EXIT INT TERM
project=$ground/home/project
mkdir -p "$project"
export HOME="$ground/home" XDG_CONFIG_HOME="$ground/home/.config" XDG_STATE_HOME="$ground/home/.local/state"
export XDG_DATA_HOME="$ground/home/.local/share" XDG_CACHE_HOME="$ground/home/.cache"
(
  cd "$project"
  for folder in $(seq 40); do
    mkdir -p "src/module$folder"
    for file in $(seq 250); do echo "pub fn function_$file() {}" > "src/module$folder/file$file.rs"; done
  done
  echo 'fn main() {}' > src/main.rs
  git init -q -b main
  git add -A
  git -c user.name=A -c user.email=a@localhost -c commit.gpgsign=false -c gc.auto=0 commit -q -m first
)

now() { echo $(($(date +%s%N) / 1000)); }
# The processor time of all children so far, in microseconds. `times` must not run in a subshell.
spent() {
  times > "$ground/times"
  spent=$(awk 'NR == 2 { split($1, u, /[ms]/); split($2, s, /[ms]/); printf "%d", (u[1] * 60 + u[2] + s[1] * 60 + s[2]) * 1000000 }' "$ground/times")
}
row() { printf '%-36s %14s %14s   %s\n' "$@"; }
row what clock processor bound

cold() {
  name=$1
  bound=$2
  shift 2
  # Five rounds, of which the fastest counts: the others had company.
  best= cheapest=
  for _ in 1 2 3 4 5; do
    start=$(now)
    spent
    before=$spent
    i=0
    while [ "$i" -lt "$runs" ]; do
      "$@" > /dev/null 2>&1 || true
      i=$((i + 1))
    done
    each=$((($(now) - start) / runs))
    spent
    cost=$(((spent - before) / runs))
    if [ -z "$best" ] || [ "$each" -lt "$best" ]; then best=$each; fi
    if [ -z "$cheapest" ] || [ "$cost" -lt "$cheapest" ]; then cheapest=$cost; fi
  done
  row "$name" "$best µs" "$cheapest µs" "$bound"
}
"$banksman" review --cwd "$project" -- 'ls' > /dev/null 2>&1 || true
cold true '' /bin/true
cold 'banksman --version' '15 ms' "$banksman" --version
cold 'banksman review -- ls' '15 ms' "$banksman" review --cwd "$project" -- ls
cold 'banksman review -- rm -rf src' '' "$banksman" review --cwd "$project" -- 'rm -rf src && git push --force'

awk -v n="$actions" -v folder="$project" 'BEGIN {
  split("ls -la|cargo test|git status --short|sed -n 1,20p src/main.rs|rm -rf target|git commit -am x|npm install left-pad|echo hi > notes.md|curl https://example.com/a.json|grep -rn main src", lines, "|")
  printf "{\"event\":\"session\",\"session\":\"s\",\"workspace\":\"%s\"}\n", folder
  for (i = 0; i < n; i++)
    printf "{\"event\":\"action\",\"session\":\"s\",\"id\":\"a%d\",\"action\":{\"kind\":\"command\",\"command\":\"%s # %d\"}}\n", i, lines[i % 10 + 1], i
}' > "$ground/actions.jsonl"
start=$(now)
spent
before=$spent
"$banksman" replay "$ground/actions.jsonl" > "$ground/answers.jsonl" || echo "exit status $?"
clock=$((($(now) - start) / 1000))
spent
row "replay of $(wc -l < "$ground/answers.jsonl") actions" "$clock ms" "$(((spent - before) / 1000)) ms" "10000 a minute"

mkfifo "$ground/in"
"$banksman" lsp < "$ground/in" > "$ground/out" 2> "$ground/err" &
server=$!
exec 3> "$ground/in"
send() { printf 'Content-Length: %d\r\n\r\n%s' "${#1}" "$1" >&3; }
memory() { awk -v what="$1" '$1 == what ":" { printf "%.1f MB", $2 / 1024 }' "/proc/$server/status"; }
answers() { grep -ao '"result":{"decision":' "$ground/out" | wc -l; }
# Reviews one command after the other without waiting: what the server holds at once counts, too.
review() {
  name=$1
  lines=$2
  start=$(now)
  before=$(answers)
  awk -v n="$reviews" -v lines="$lines" -v from="$before" 'BEGIN {
    many = split(lines, line, "|")
    for (i = 1; i <= n; i++) {
      body = sprintf("{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"banksman/review\",\"params\":{\"session\":\"s\",\"toolCallId\":\"c%d\",\"action\":{\"kind\":\"command\",\"command\":\"%s # %d\"}}}", from + i, from + i, line[i % many + 1], from + i)
      printf "Content-Length: %d\r\n\r\n%s", length(body), body
    }
  }' >&3
  while [ "$(answers)" -lt $((before + reviews)) ]; do
    kill -0 "$server" 2> /dev/null || { echo "the server ended: $(tail -1 "$ground/err")"; exit 1; }
    sleep 0.2
  done
  row "$reviews $name" "$((($(now) - start) / 1000)) ms" "$(memory VmHWM)" 'peak memory 50 MB'
}
send "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"capabilities\":{},\"workspaceFolders\":[{\"uri\":\"file://$project\",\"name\":\"p\"}]}}"
send '{"jsonrpc":"2.0","method":"initialized","params":{}}'
row 'what' 'clock' 'memory' 'bound'
review 'short commands' 'ls -la|cargo test|git status --short|sed -n 1,20p src/main.rs|cargo build|git log --oneline|wc -l src/main.rs|cat src/main.rs|git diff|grep -rn main src'
long=$(awk 'BEGIN { for (i = 0; i < 75; i++) printf "grep -n function_%d src/module1/file%d.rs | head -3; ", i, i }')
review 'commands of 4 KB' "$long"
review 'searches and removals' 'rm -rf src/module7|git checkout -- src|find src -name file9.rs|cat src/module3/*.rs|rm src/module4/*.rs'
row 'the server, at rest' '' "$(memory VmRSS)" ''
send '{"jsonrpc":"2.0","id":"bye","method":"shutdown"}'
send '{"jsonrpc":"2.0","method":"exit"}'
exec 3>&-
wait "$server" || true
