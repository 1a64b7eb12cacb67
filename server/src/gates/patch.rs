//! Patches, split into the edits that they are made of.

use banksman_protocol::Action;

/// The edits of a patch in the form `*** Begin Patch`. `None` when it is not in that form.
pub(super) fn edits(text: &str) -> Option<Vec<Action>> {
    let mut lines = text.lines().map(|line| line.strip_suffix('\r').unwrap_or(line)).peekable();
    while lines.next_if(|line| line.trim() != BEGIN).is_some() {}
    lines.next()?;
    let mut actions = Vec::new();
    let mut file: Option<File> = None;
    for line in lines {
        if line.trim() == END {
            finish(file, &mut actions);
            return (!actions.is_empty()).then_some(actions);
        }
        if let Some(path) = line.strip_prefix("*** Add File: ") {
            finish(file.replace(File::new(Kind::Add, path)), &mut actions);
        } else if let Some(path) = line.strip_prefix("*** Update File: ") {
            finish(file.replace(File::new(Kind::Update, path)), &mut actions);
        } else if let Some(path) = line.strip_prefix("*** Delete File: ") {
            finish(file.take(), &mut actions);
            actions.push(Action::Delete { path: path.trim().to_owned() });
        } else if let Some(target) = line.strip_prefix("*** Move to: ") {
            file.as_mut()?.target = Some(target.trim().to_owned());
        } else if line.starts_with("@@") {
            file.as_mut()?.hunks.push(Hunk::default());
        } else if line.trim() != "*** End of File" {
            file.as_mut()?.line(line)?;
        }
    }
    None
}

/// The edits of blocks of text to look for and text to put there, as `SEARCH` and `REPLACE` mark
/// them. `None` when the blocks are not in that form.
pub(super) fn blocks(path: &str, text: &str) -> Option<Vec<Action>> {
    let mut actions = Vec::new();
    let mut hunk: Option<(Hunk, bool)> = None;
    for line in text.lines() {
        let mark = line.trim_end();
        match (&mut hunk, mark) {
            (None, "------- SEARCH" | "<<<<<<< SEARCH") => hunk = Some((Hunk::default(), false)),
            (None, "") => {}
            (None, _) => return None,
            (Some((_, after @ false)), "=======") => *after = true,
            (Some((done, true)), "+++++++ REPLACE" | ">>>>>>> REPLACE") => {
                let done = std::mem::take(done);
                let old = (!done.old.is_empty()).then_some(done.old);
                actions.push(Action::Edit { path: path.to_owned(), old, new: done.new });
                hunk = None;
            }
            (Some((open, after)), _) => push(if *after { &mut open.new } else { &mut open.old }, line),
        }
    }
    (hunk.is_none() && !actions.is_empty()).then_some(actions)
}

const BEGIN: &str = "*** Begin Patch";
const END: &str = "*** End Patch";

#[derive(PartialEq)]
enum Kind {
    Add,
    Update,
}

struct File {
    kind: Kind,
    path: String,
    target: Option<String>,
    hunks: Vec<Hunk>,
}

#[derive(Default)]
struct Hunk {
    old: String,
    new: String,
}

impl File {
    fn new(kind: Kind, path: &str) -> Self {
        Self { kind, path: path.trim().to_owned(), target: None, hunks: vec![Hunk::default()] }
    }

    /// One line of a hunk. `None` for a line that no patch has.
    fn line(&mut self, line: &str) -> Option<()> {
        let hunk = self.hunks.last_mut()?;
        if let Some(added) = line.strip_prefix('+') {
            push(&mut hunk.new, added);
        } else if self.kind == Kind::Add {
            return line.is_empty().then_some(());
        } else if let Some(removed) = line.strip_prefix('-') {
            push(&mut hunk.old, removed);
        } else {
            // Editors cut the blank that stands before an empty line.
            let same = line.strip_prefix(' ').or_else(|| line.is_empty().then_some(""))?;
            push(&mut hunk.old, same);
            push(&mut hunk.new, same);
        }
        Some(())
    }
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

fn finish(file: Option<File>, actions: &mut Vec<Action>) {
    let Some(file) = file else { return };
    for hunk in file.hunks {
        let nothing = hunk.old.is_empty() && hunk.new.is_empty();
        if file.kind == Kind::Update && nothing {
            continue;
        }
        let old = (file.kind == Kind::Update).then_some(hunk.old);
        actions.push(Action::Edit { path: file.path.clone(), old, new: hunk.new });
    }
    if let Some(target) = file.target {
        let command = format!("mv -- {} {}", quoted(&file.path), quoted(&target));
        actions.push(Action::Command { command, cwd: None });
    }
}

/// A word as a shell reads it.
pub(super) fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(path: &str, old: Option<&str>, new: &str) -> Action {
        Action::Edit { path: path.to_owned(), old: old.map(str::to_owned), new: new.to_owned() }
    }

    #[test]
    fn a_patch_is_split_into_its_edits() {
        let patch = "*** Begin Patch\n*** Add File: a.txt\n+one\n+two\n*** Update File: src/b.rs\n*** Move to: src/c.rs\n@@ fn main\n keep\n-old\n+new\n@@\n-x\n+y\n*** Delete File: d\n*** End Patch\n";
        let expected = vec![
            edit("a.txt", None, "one\ntwo\n"),
            edit("src/b.rs", Some("keep\nold\n"), "keep\nnew\n"),
            edit("src/b.rs", Some("x\n"), "y\n"),
            Action::Command { command: "mv -- 'src/b.rs' 'src/c.rs'".to_owned(), cwd: None },
            Action::Delete { path: "d".to_owned() },
        ];
        assert_eq!(edits(patch), Some(expected));
    }

    #[test]
    fn what_is_no_patch_is_not_guessed_at() {
        for text in [
            "",
            "rm -rf /",
            "*** Begin Patch\n*** End Patch",
            "*** Begin Patch\n*** Update File: a\n*** Unheard of: b\n*** End Patch",
            "*** Begin Patch\n*** Add File: a\n+never ends",
            "*** Begin Patch\n+no file\n*** End Patch",
        ] {
            assert_eq!(edits(text), None, "{text}");
        }
    }

    #[test]
    fn search_and_replace_blocks_are_edits() {
        let text =
            "------- SEARCH\na\n=======\nb\n+++++++ REPLACE\n\n------- SEARCH\nc\n=======\n+++++++ REPLACE\n";
        assert_eq!(blocks("f", text), Some(vec![edit("f", Some("a\n"), "b\n"), edit("f", Some("c\n"), "")]));
        assert_eq!(blocks("f", "------- SEARCH\na\n=======\n"), None);
        assert_eq!(blocks("f", "anything"), None);
    }
}
