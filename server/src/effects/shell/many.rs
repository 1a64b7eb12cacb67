//! Many values, as in a loop: which of them are followed one by one, and what stands for the others.

use std::collections::BTreeSet;

use super::{Hole, Shell, Value, WORDS_A_STEP};
use crate::world::{Role, Scope};

/// How many values of one loop are followed one by one, besides those that are of another kind.
const ROUNDS: usize = 64;
/// The same for all loops of an action.
const ROUNDS_IN_ALL: usize = 256;
/// How many are followed whatever was followed before.
const ROUNDS_AT_LEAST: usize = 8;
/// How many values of other kinds are followed.
const KINDS: usize = 64;

/// What sets a value apart from others.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    scope: Scope,
    role: Role,
    /// The sign it begins with, as an option does.
    sign: Option<char>,
    /// The host, when it is an address.
    host: String,
}

impl Shell<'_> {
    /// The places in the list of those `values` that are followed one by one; and what stands for all of them
    /// when others are left, shown as `name`.
    ///
    /// After the first ones, one of every other kind is followed: a key among a hundred sources, or a link that
    /// leads out of the workspace, is not overlooked.
    pub(in crate::effects) fn followed_of(
        &mut self,
        values: &[Value],
        name: &str,
    ) -> (Vec<usize>, Option<Value>) {
        let room = ROUNDS.min(ROUNDS_IN_ALL.saturating_sub(self.followed_rounds)).max(ROUNDS_AT_LEAST);
        let mut which: Vec<usize> = (0..values.len().min(room)).collect();
        self.followed_rounds += which.len();
        if values.len() <= room || !self.works(values.len() / WORDS_A_STEP) {
            return (which, (values.len() > room).then(|| any_of(values, name)));
        }
        let mut kinds = BTreeSet::new();
        for (at, value) in values.iter().enumerate() {
            if kinds.insert(self.kind_of(value)) && at >= room && which.len() < room + KINDS {
                which.push(at);
            }
        }
        (which, Some(any_of(values, name)))
    }

    /// `None` for what is not known.
    fn kind_of(&self, value: &Value) -> Option<Kind> {
        let text = value.text()?;
        let place = self.place_at(text);
        let sign = text.chars().next().filter(|first| !first.is_alphanumeric());
        let host = text.split_once("://").and_then(|(_, rest)| rest.split('/').next());
        Some(Kind { scope: place.scope, role: place.role, sign, host: host.unwrap_or_default().to_owned() })
    }
}

/// One of `values`, whichever: it lies in the folder that all of them name, and comes from where any of them does.
fn any_of(values: &[Value], name: &str) -> Value {
    let mut any = Value::known(common_folder(values));
    any.push(&Value::unknown(Hole::Any(name.to_owned())));
    for value in values {
        any.add_sources(value.sources().iter().cloned());
    }
    any
}

/// The folder that all values begin with, with its slash; nothing when there is none.
fn common_folder(values: &[Value]) -> &str {
    let folder = |text: &str| text.rfind('/').map_or(0, |slash| slash + 1);
    let Some((first, others)) = values.split_first() else { return "" };
    let mut common = first.prefix();
    common = common.get(..folder(common)).unwrap_or_default();
    for other in others {
        while !common.is_empty() && !other.prefix().starts_with(common) {
            let outer = common.strip_suffix('/').unwrap_or(common);
            common = common.get(..folder(outer)).unwrap_or_default();
        }
    }
    // The root, or the host of addresses, says nothing of where a file lies.
    if common == "/" || common.contains("://") { "" } else { common }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::read_command;
    use crate::effects::EffectKind;
    use crate::trail::Trail;
    use crate::world::{Disk, Role, Scope, World};

    fn kinds(line: &str) -> Vec<EffectKind> {
        let (disk, trail) = (Disk::with_home("/home/someone".into()), Trail::default());
        let workspace = Path::new("/nonexistent/w");
        let world = World::new(&disk, &trail, workspace, workspace);
        read_command(line, None, &world).into_iter().map(|effect| effect.kind).collect()
    }

    fn names(count: usize, separator: &str) -> String {
        (0..count).map(|at| format!("src/f{at}.txt")).collect::<Vec<_>>().join(separator)
    }

    fn reads_a_secret(line: &str) -> bool {
        let secret = |kind: &EffectKind| matches!(kind, EffectKind::Read { place } if matches!(place.role, Role::Secret(_)));
        kinds(line).iter().any(secret)
    }

    #[test]
    fn a_key_among_many_sources_is_seen() {
        let many = names(300, " ");
        assert!(reads_a_secret(&format!("for f in {many} ~/.ssh/id_rsa; do cat \"$f\"; done")));
        assert!(!reads_a_secret(&format!("for f in {many}; do cat \"$f\"; done")));
        let lines = names(300, "\\n");
        assert!(reads_a_secret(&format!(
            "printf '{lines}\\n/home/someone/.ssh/id_rsa\\n' | while read -r f; do cat \"$f\"; done"
        )));
        let list = format!("['{}', '/home/someone/.ssh/id_rsa']", names(300, "', '"));
        assert!(reads_a_secret(&format!("python3 -c \"for f in {list}: print(open(f).read())\"")));
    }

    #[test]
    fn a_key_is_seen_after_loops_that_use_up_what_is_followed() {
        let loops = format!("for f in {}; do cat \"$f\"; done; ", names(60, " ")).repeat(8);
        let few = names(12, " ");
        assert!(reads_a_secret(&format!("{loops} for f in {few} ~/.ssh/id_rsa; do cat \"$f\"; done")));
    }

    #[test]
    fn everything_that_is_deleted_at_a_stroke_is_counted_or_said_to_be_unknown() {
        let list = format!("['{}']", names(200, "', '"));
        let unknown = kinds(&format!("python3 -c \"import os; list(map(os.remove, {list}))\""));
        assert!(unknown.iter().any(|kind| matches!(kind, EffectKind::Delete { place, .. } if !place.known)));
    }

    #[test]
    fn what_all_names_have_in_common_is_known_of_the_others() {
        let found = kinds(&format!("for f in {}; do echo x > \"$f\"; done", names(100, " ")));
        let any = found.iter().find_map(|kind| match kind {
            EffectKind::Write { place, .. } if !place.known => Some(place),
            _ => None,
        });
        assert!(any.is_some_and(|place| place.scope == Scope::Workspace && place.path.ends_with("src")));
    }
}
