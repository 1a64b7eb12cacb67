//! What a line writes into files that run later: it is read as an edit of those files is.

use super::{Content, Effect, EffectKind, Shell, WriteHow};
use crate::effects::content;

/// How many texts that a line writes are looked into.
const TEXTS: usize = 64;

impl Shell<'_> {
    /// Adds what the written texts will do once they run.
    pub(super) fn add_what_is_written(&mut self) {
        let mut later: Vec<Effect> = Vec::new();
        for effect in self.effects.iter().filter(|effect| writes(&effect.kind)).take(TEXTS) {
            let (place, old, new) = match &effect.kind {
                EffectKind::Write { place, how: WriteHow::Change, content: Some(told), .. } => {
                    // Of a change, only what is put in is told; the line may know what came of it.
                    match self.files.get(&place.path).and_then(|value| value.text()) {
                        Some(whole) => (place, None, whole.to_owned()),
                        None => (place, told.old.as_deref(), told.new.clone()),
                    }
                }
                EffectKind::Write { place, content: Some(Content { new, .. }), .. } => {
                    (place, None, new.clone())
                }
                EffectKind::Move { to, .. } => match self.files.get(&to.path) {
                    Some(text) => (to, None, text.shown()),
                    None => continue,
                },
                _ => continue,
            };
            if !place.known || new.is_empty() {
                continue;
            }
            later.extend(content::later(place, old, &new, self.world).into_iter().map(|found| Effect {
                span: effect.span,
                inside: effect.inside.clone(),
                ..found
            }));
        }
        self.effects.append(&mut later);
    }
}

fn writes(kind: &EffectKind) -> bool {
    matches!(kind, EffectKind::Write { content: Some(_), .. } | EffectKind::Move { .. })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::effects::EffectKind;
    use crate::effects::shell::read_command;
    use crate::trail::Trail;
    use crate::world::{Disk, World};

    fn wipes_home(line: &str) -> bool {
        let (disk, trail) = (Disk::with_home("/home/someone".into()), Trail::default());
        let workspace = Path::new("/nonexistent/w");
        let world = World::new(&disk, &trail, workspace, workspace);
        read_command(line, None, &world).into_iter().any(
            |effect| matches!(effect.kind, EffectKind::Delete { place, .. } if place.path == Path::new("/home/someone")),
        )
    }

    #[test]
    fn what_a_line_writes_into_a_file_that_runs_counts() {
        for line in [
            "printf 'all:\\n\\trm -rf ~\\n' > Makefile; make",
            "printf 'x:\\n\\trm -rf ~\\n' | tee -a Makefile",
            "cat > part <<'X'\nall:\n\trm -rf ~\nX\nmv part Makefile && make",
            "echo 'import shutil; shutil.rmtree(\"/home/someone\")' > conftest.py; pytest",
            "echo 'require(\"fs\").rmSync(\"/home/someone\", {recursive: true})' > t.js; node t",
            "echo '{\"scripts\": {\"build\": \"rm -rf ~\"}}' > package.json && npm run build",
            "npm pkg set scripts.build='rm -rf ~'",
            "printf 'all:\\n\\techo x\\n' > Makefile; sed -i 's/echo x/rm -rf ~/' Makefile; make",
        ] {
            assert!(wipes_home(line), "{line}");
        }
    }

    #[test]
    fn what_a_line_writes_into_notes_does_nothing() {
        for line in [
            "printf 'all:\\n\\trm -rf ~\\n' > notes.md",
            "printf 'clean:\\n\\trm -rf target\\n' > Makefile; make clean",
            "echo 'never run rm -rf ~' > todo.txt",
        ] {
            assert!(!wipes_home(line), "{line}");
        }
    }
}
