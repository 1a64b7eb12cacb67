//! A thousand commands as coding agents send them: the shares of their shapes and lengths are those of 7,803
//! commands that an agent ran over the tasks of SWE-bench, with a tenth of what developers do besides there put
//! in. Long commands are, there as here, texts that are written to files; the recording ends at 2.5 kilobytes,
//! so what is longer is an estimate, and on the side of too much.

use std::fmt::Write as _;

use banksman_protocol::Action;

/// A command, and the shape that it has.
pub(crate) struct Sent {
    pub(crate) shape: &'static str,
    pub(crate) action: Action,
}

/// How many commands there are.
const MANY: usize = 1_000;
/// The longest command, in bytes.
pub(crate) const LONGEST: usize = 4_096;

type Make = fn(&mut Dice) -> String;

/// How many of a thousand commands have a shape.
const SHAPES: [(usize, &str, Make); 24] = [
    (150, "search in a file", |dice| format!("grep -n \"function_{}\" {}", dice.below(250), dice.file())),
    (60, "search in a folder", |dice| match dice.below(3) {
        0 => format!("grep -rn \"function_{}\" {}", dice.below(250), dice.folder()),
        1 => format!("grep -r \"TODO\" {} --include=*.rs | head -20", dice.folder()),
        _ => format!("find {} -name \"file{}*.rs\"", dice.folder(), dice.below(25)),
    }),
    (120, "show numbered lines", |dice| {
        format!("nl -ba {} | sed -n '{},{}p'", dice.file(), dice.below(90), 90 + dice.below(90))
    }),
    (80, "show lines", |dice| {
        format!("sed -n '{},{}p' {}", dice.below(90), 90 + dice.below(90), dice.file())
    }),
    (50, "show a file", |dice| match dice.below(3) {
        0 => format!("cat {}", dice.file()),
        1 => format!("head -{} {}", dice.below(60), dice.file()),
        _ => format!("cat {} | grep -A 10 \"fn function\"", dice.file()),
    }),
    (35, "list", |dice| match dice.below(3) {
        0 => format!("ls -la {}", dice.folder()),
        1 => format!("ls {} | grep file1", dice.folder()),
        _ => "pwd && ls -F".to_owned(),
    }),
    (20, "what git says", |dice| match dice.below(4) {
        0 => "git status --short".to_owned(),
        1 => format!("git diff HEAD~1 -- {}", dice.file()),
        2 => format!("git log --oneline -{} {}", dice.below(20), dice.file()),
        _ => "git diff --stat && git status".to_owned(),
    }),
    (130, "write a file", |dice| {
        let (path, length) = (dice.new_file(), dice.length());
        match dice.below(4) {
            0 => format!("cat <<'EOF' > {path}.py\n{}EOF", dice.python(length)),
            1 => format!("cat > {path}.rs <<'EOF'\n{}EOF", dice.rust(length)),
            2 => format!("mkdir -p docs && cat <<'EOF' > docs/note{length}.md\n{}EOF", dice.prose(length)),
            _ => format!("cat <<'EOF' > {path}.py\n{}EOF\nchmod +x {path}.py", dice.python(length)),
        }
    }),
    (50, "write a script and run it", |dice| {
        let (path, length) = (dice.new_file(), dice.length());
        format!("cat <<'EOF' > {path}.py\n{}EOF\npython3 {path}.py", dice.python(length))
    }),
    (75, "replace in a file", |dice| {
        let (at, file) = (dice.below(200), dice.file());
        match dice.below(3) {
            0 => format!("sed -i 's/function_{at}/function_{at}_old/' {file}"),
            1 => format!("sed -i '{at}a\\    let value = {at};\\n    value + 1' {file}"),
            _ => format!("sed -i '{at},{}d' {file}", at + 2),
        }
    }),
    (15, "replace in many lines", |dice| {
        let file = dice.file();
        let one =
            |dice: &mut Dice| format!("sed -i '{}s/usize/u{}/' {file}", dice.below(200), dice.below(64));
        let steps: Vec<String> = (0..2 + dice.below(8)).map(|_| one(dice)).collect();
        steps.join(" && ")
    }),
    (65, "run a script", |dice| match dice.below(3) {
        0 => format!("python3 tools/check{}.py", dice.below(20)),
        1 => format!("python tools/check{}.py --verbose 2>&1 | tail -20", dice.below(20)),
        _ => format!("./tools/run{}.sh", dice.below(20)),
    }),
    (35, "test", |dice| match dice.below(4) {
        0 => format!("cargo test -p project module{}::", dice.below(40)),
        1 => format!("pytest -q tools/check{}.py -k test_{}", dice.below(20), dice.below(9)),
        2 => format!("cd {} && cargo test 2>&1 | tail -30", dice.folder()),
        _ => "npm test -- --run".to_owned(),
    }),
    (15, "a line of Python", |dice| {
        format!(
            "python3 -c \"import json; print(json.load(open('package.json'))['scripts'], {})\"",
            dice.below(99)
        )
    }),
    (30, "remove files", |dice| {
        let names: Vec<String> = (0..1 + dice.below(5)).map(|_| format!("{}.py", dice.new_file())).collect();
        format!("rm {}", names.join(" "))
    }),
    (10, "put a file back", |dice| format!("git checkout {}", dice.file())),
    (10, "commit", |dice| {
        format!("git add {} && git commit -m 'Fix function_{}'", dice.file(), dice.below(250))
    }),
    (5, "push", |_| "git push -u origin feature".to_owned()),
    (15, "build", |dice| match dice.below(4) {
        0 => "cargo build --release 2>&1 | tail -20".to_owned(),
        1 => "npm run build && npm test".to_owned(),
        2 => "cargo clippy --all-targets -- -D warnings 2>&1 | head -50".to_owned(),
        _ => "make all".to_owned(),
    }),
    (8, "install", |dice| match dice.below(3) {
        0 => format!("pip install -e . && pip install pytest-xdist==1.{}.0", dice.below(40)),
        1 => "npm install left-pad --save-dev".to_owned(),
        _ => "cargo add serde --features derive".to_owned(),
    }),
    (6, "network", |dice| match dice.below(2) {
        0 => format!("curl -s https://docs.example.com/{}", dice.below(50)),
        _ => format!("curl -s http://localhost:8080/api/{} | python3 -m json.tool", dice.below(50)),
    }),
    (8, "move and copy", |dice| match dice.below(3) {
        0 => format!("mv {} {}.rs", dice.file(), dice.new_file()),
        1 => format!("mkdir -p build/out && cp {} build/out/", dice.file()),
        _ => format!("cp {} /tmp/before.rs", dice.file()),
    }),
    (5, "for each of a few files", |dice| {
        format!(
            "for f in {}/file1?.rs; do echo \"$f\"; sed -n '1,9p' \"$f\" | grep -c fn; done",
            dice.folder()
        )
    }),
    (3, "a script of many steps", |dice| {
        let mut script = "set -e\n".to_owned();
        for step in 0..4 + dice.below(20) {
            let _ = writeln!(script, "echo \"step {step}\"\ngrep -n 'pub fn' {} || true", dice.file());
        }
        script
    }),
];

/// The commands, always the same ones, and no two of a shape beside each other.
pub(crate) fn sent() -> Vec<Sent> {
    let mut dice = Dice(7);
    let mut all: Vec<(u64, Sent)> = Vec::with_capacity(MANY);
    for (count, shape, make) in SHAPES {
        for _ in 0..count {
            let command = make(&mut dice);
            assert!(command.len() <= LONGEST, "{shape}: {} bytes", command.len());
            all.push((dice.next(), Sent { shape, action: Action::Command { command, cwd: None } }));
        }
    }
    assert_eq!(all.len(), MANY, "the shares make a whole");
    all.sort_by_key(|(order, _)| *order);
    all.into_iter().map(|(_, sent)| sent).collect()
}

/// Numbers that look random and are always the same (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// A file of the repository.
    fn file(&mut self) -> String {
        format!("src/module{}/file{}.rs", self.below(40), self.below(250))
    }

    fn folder(&mut self) -> String {
        format!("src/module{}", self.below(40))
    }

    /// A file that is not there yet, without its ending.
    fn new_file(&mut self) -> String {
        let place = match self.below(4) {
            0 => "",
            1 => "tests/",
            2 => "tools/",
            _ => "src/module3/",
        };
        format!("{place}reproduce_{}", self.below(1_000))
    }

    /// The length of a text: half of them have up to 700 bytes, one in twenty more than 2.5 kilobytes.
    fn length(&mut self) -> usize {
        let (from, to) = match self.below(100) {
            0..=19 => (120, 300),
            20..=49 => (300, 700),
            50..=74 => (700, 1_200),
            75..=94 => (1_200, 2_500),
            _ => (2_500, 3_900),
        };
        usize::try_from(from + self.below(to - from)).unwrap_or(0)
    }

    fn filled(&mut self, length: usize, line: impl Fn(&mut Self) -> String) -> String {
        let mut text = String::new();
        while text.len() < length.saturating_sub(80) {
            text += &line(self);
        }
        text
    }

    fn python(&mut self, length: usize) -> String {
        let start = "import json\nimport sys\nfrom pathlib import Path\n\n".to_owned();
        let body = self.filled(length.saturating_sub(start.len()), |dice| {
            let (file, number) = (dice.file(), dice.below(500));
            match dice.below(10) {
                0 => format!("with open('{file}', 'r') as f:\n    lines = f.readlines()\n"),
                1 => format!("def check_{number}(value):\n    return [value + {number}, value * 2]\n\n"),
                2 => format!("for index, line in enumerate(lines):\n    if 'function_{number}' in line:\n        print(index)\n"),
                3 => format!("# Line {number} has to be kept, see function_{number}\n"),
                4 => format!("assert check_{number}({number}) is not None, \"got {number}\"\n"),
                5 => format!("with open('{file}', 'w') as f:\n    f.writelines(lines)\n"),
                6 => format!("if len(lines) > {number}:\n    raise ValueError('too many: ' + str(len(lines)))\n"),
                7 => format!("model_{number} = sys.modules[__name__].__dict__.get('model', None)\n"),
                8 => format!("class Case{number}:\n    name = 'case'\n\n    def run(self):\n        return self.name\n\n"),
                _ => format!("print(f\"Result {number}: {{json.dumps(lines)}}\")\n"),
            }
        });
        start + &body
    }

    fn rust(&mut self, length: usize) -> String {
        self.filled(length, |dice| {
            let number = dice.below(500);
            format!("/// Adds {number}.\npub fn function_{number}(value: usize) -> usize {{\n    value + {number}\n}}\n\n")
        })
    }

    fn prose(&mut self, length: usize) -> String {
        self.filled(length, |dice| {
            let number = dice.below(500);
            format!("Step {number}: run the tests of `{}` and note what they say.\n", dice.folder())
        })
    }
}
