//! What a line writes into files that run later: it is read as an edit of those files is.

use std::path::Path;

use super::{Effect, EffectKind, Shell, Source, Value};
use crate::effects::content;
use crate::effects::value::Piece;
use crate::world::Place;

/// How many texts that a line writes are looked into.
const TEXTS: usize = 64;

impl Shell<'_> {
    /// Adds what the written texts will do once they run.
    pub(super) fn add_what_is_written(&mut self) {
        let mut later: Vec<Effect> = Vec::new();
        let mut looked_into: Vec<(&Path, Option<&str>, String)> = Vec::new();
        for effect in self.effects.iter().filter(|effect| writes(&effect.kind)).take(TEXTS) {
            let (place, told) = match &effect.kind {
                EffectKind::Write { place, content, .. } => (place, content.as_ref()),
                EffectKind::Move { to, .. } => (to, None),
                _ => continue,
            };
            if !place.known {
                continue;
            }
            // What a file holds at the end, and what was put into it before it was overwritten.
            let held = self.files.get(&place.path).map(|value| (None, plain(value)));
            let put = told
                .filter(|told| !told.from.iter().any(is_unknown))
                .map(|told| (told.old.as_deref(), told.new.clone()));
            for (old, new) in held.into_iter().chain(put) {
                // Mostly both are the same text.
                let this = (place.path.as_path(), old, new);
                if this.2.is_empty() || looked_into.contains(&this) || self.has_followed(place, &this.2) {
                    continue;
                }
                looked_into.push(this);
                let Some((_, _, new)) = looked_into.last() else { continue };
                let found = content::later(place, old, new, self.world).into_iter().map(|found| Effect {
                    span: effect.span,
                    inside: effect.inside.clone(),
                    ..found
                });
                later.extend(found);
            }
        }
        self.effects.append(&mut later);
    }

    /// The line itself runs this text just as it is, and all of it was followed: what it does is known already.
    fn has_followed(&self, place: &Place, text: &str) -> bool {
        let opaque = |effect: &Effect| matches!(effect.kind, EffectKind::Opaque { .. });
        !self.effects.iter().any(opaque)
            && self.followed.iter().any(|(path, language, followed)| {
                *path == place.path && followed == text && content::is_all_run(place, text, language)
            })
    }
}

/// The text with a plain word for what is not known in it.
fn plain(value: &Value) -> String {
    let part = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Hole(_) => "made".to_owned(),
    };
    value.pieces().iter().map(part).collect()
}

/// What comes from there is not known, but for its name.
fn is_unknown(source: &Source) -> bool {
    matches!(source, Source::Url(_) | Source::Output(_))
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

    #[test]
    fn what_is_downloaded_into_a_script_is_not_run_by_that() {
        for line in [
            "curl https://x.example/setup.sh -o setup.sh",
            "curl https://x.example | tee setup.sh > /dev/null",
            "curl -s https://x.example > setup.sh",
        ] {
            let (disk, trail) = (Disk::with_home("/home/someone".into()), Trail::default());
            let workspace = Path::new("/nonexistent/w");
            let world = World::new(&disk, &trail, workspace, workspace);
            let effects = read_command(line, None, &world);
            let runs = effects.iter().any(|effect| matches!(effect.kind, EffectKind::RunDownloaded { .. }));
            assert!(!runs, "{line}");
        }
    }
}
