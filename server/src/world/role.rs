//! What a file is for, by its name and place: whether it holds a secret, runs later, or steers an agent.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

mod table;

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Nothing special.
    Ordinary,
    /// Banksman's own settings, ledger or program.
    Guard,
    /// Settings, hooks, permissions or MCP servers of a coding agent.
    AgentSettings,
    /// What a coding agent is told to do in every session.
    AgentInstructions,
    /// A coding agent's record of its sessions.
    AgentRecord,
    /// What the continuous integration runs.
    Ci,
    /// What git runs by itself, or the settings of what it runs.
    GitHook,
    /// Git's settings.
    GitSettings,
    /// Git's own store.
    GitStore,
    /// What a build, a test run or a package manager runs.
    Build,
    /// What an editor runs by itself.
    EditorTasks,
    /// What a shell runs at its start.
    ShellStartup,
    /// What the machine runs by itself, or what lets somebody in.
    Persistence,
    /// A secret, or a folder that holds secrets.
    Secret(SecretKind),
    /// A public or example counterpart of a secret (`id_rsa.pub`, `.env.example`).
    NotSecret,
    /// What the user typed into shells.
    History,
    /// Users, rights, name resolution, boot: the machine's own settings.
    MachineSettings,
}

/// What kind of secret a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretKind {
    /// A private key.
    PrivateKey,
    /// Keys to a cloud.
    Cloud,
    /// A token of a package registry.
    Registry,
    /// A token of a forge.
    Forge,
    /// Keys to a cluster.
    Cluster,
    /// The project's own environment (`.env`).
    Environment,
    /// Passwords: keyrings, password stores, `.netrc`, `.pgpass`.
    Passwords,
    /// A browser's cookies and passwords.
    Browser,
    /// A wallet.
    Wallet,
    /// The machine's own passwords.
    System,
    /// Any other.
    Other,
}

/// What the file at `path` (absolute) is for.
///
/// Homes other than `home` are known by their place (`/home/x`, `/Users/x`, `/root`). Case does not
/// count, because on many file systems `.SSH/ID_RSA` is `.ssh/id_rsa`.
#[must_use]
pub fn role_of(path: &Path, home: &Path, workspace: &Path) -> Role {
    let shown = path.to_string_lossy();
    let folded = fold(&shown);
    let parts: Vec<Part<'_>> =
        split(&shown).zip(split(&folded)).map(|(shown, folded)| Part { shown, folded }).collect();
    let inside = depth_below(&parts, workspace);
    let mut search = Search { parts: &parts, inside: inside.unwrap_or(0), best: usize::MAX };
    TABLE.anywhere(&mut search);
    TABLE.system(&mut search);
    if let Some(at) = home_in(&parts, home, inside.is_some()) {
        TABLE.home(&mut search, at);
    }
    TABLE.rows.get(search.best).map_or(Role::Ordinary, |row| row.role)
}

/// One part of a path, as written and as a file system that ignores case sees it.
#[derive(Clone, Copy)]
struct Part<'a> {
    shown: &'a str,
    folded: &'a str,
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split('/').filter(|part| !part.is_empty() && *part != ".")
}

/// The text as a file system that ignores case, and characters without width, sees it.
fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    let visible = text.chars().filter(|c| {
        !matches!(*c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    });
    Cow::Owned(visible.flat_map(char::to_lowercase).map(|c| if c == '\u{17f}' { 's' } else { c }).collect())
}

/// How many parts `folder` has, when the path lies in it or is it.
fn depth_below(parts: &[Part<'_>], folder: &Path) -> Option<usize> {
    let text = folder.to_str()?;
    let mut depth = 0;
    for wanted in split(text) {
        let part = parts.get(depth)?;
        if !part.shown.eq_ignore_ascii_case(wanted) {
            return None;
        }
        depth += 1;
    }
    (depth > 0).then_some(depth)
}

/// Where in the path the parts below a home begin.
fn home_in(parts: &[Part<'_>], home: &Path, in_workspace: bool) -> Option<usize> {
    if let Some(depth) = depth_below(parts, home) {
        return Some(depth);
    }
    let folded = |at: usize| parts.get(at).map(|part| part.folded);
    match (folded(0), folded(1)) {
        (Some("root"), _) => return Some(1),
        (Some("home" | "users"), Some(_)) => return Some(2),
        (Some("var"), Some("root")) => return Some(2),
        _ => {}
    }
    if in_workspace {
        return None;
    }
    // A home on another disk, in a container's layers or in a backup.
    let at = parts.iter().position(|part| matches!(part.folded, "home" | "users"))?;
    (at + 2 <= parts.len()).then_some(at + 2)
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(table::ROWS));

/// Where a row of the table is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    Anywhere,
    System,
    Home,
}

/// One row, taken apart.
#[derive(Debug)]
struct Row {
    role: Role,
    base: Base,
    names: Vec<Name>,
    /// All that lies below is meant, too.
    tree: bool,
    /// Case counts.
    exact: bool,
}

/// One part of a row.
#[derive(Debug)]
struct Name {
    /// What stands between the stars; one entry when there is no star.
    pieces: Vec<&'static str>,
}

impl Name {
    fn new(text: &'static str) -> Self {
        Self { pieces: text.split('*').collect() }
    }

    fn literal(&self) -> Option<&'static str> {
        match self.pieces.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    fn fits(&self, text: &str) -> bool {
        let (first, last, middle) = match self.pieces.as_slice() {
            [] => return false,
            [only] => return *only == text,
            [first, middle @ .., last] => (first, last, middle),
        };
        let Some(mut rest) = text.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else {
            return false;
        };
        for piece in middle {
            let Some((_, after)) = rest.split_once(piece) else { return false };
            rest = after;
        }
        true
    }
}

/// The best row so far. The first row of the table that fits wins.
struct Search<'a> {
    parts: &'a [Part<'a>],
    /// How many leading parts lead to the workspace, when the path lies in it.
    inside: usize,
    best: usize,
}

/// The rows, found by the first name they start with.
#[derive(Debug, Default)]
struct Table {
    rows: Vec<Row>,
    anywhere: HashMap<&'static str, Vec<usize>>,
    extensions: HashMap<&'static str, Vec<usize>>,
    starts: HashMap<u8, Vec<usize>>,
    system: HashMap<&'static str, Vec<usize>>,
    home: HashMap<&'static str, Vec<usize>>,
    loose_home: Vec<usize>,
}

impl Table {
    fn new(groups: &[(Role, &[&'static str])]) -> Self {
        let mut table = Self::default();
        for (role, patterns) in groups {
            for pattern in *patterns {
                table.add(*role, pattern);
            }
        }
        table
    }

    fn add(&mut self, role: Role, pattern: &'static str) {
        let (base, rest) = match (pattern.strip_prefix("~/"), pattern.strip_prefix('/')) {
            (Some(rest), _) => (Base::Home, rest),
            (_, Some(rest)) => (Base::System, rest),
            _ => (Base::Anywhere, pattern),
        };
        let (rest, tree) = rest.strip_suffix("/**").map_or((rest, false), |rest| (rest, true));
        let exact = rest.bytes().any(|byte| byte.is_ascii_uppercase());
        let names: Vec<Name> = rest.split('/').map(Name::new).collect();
        let at = self.rows.len();
        let Some(first) = names.first() else { return };
        match (base, first.literal()) {
            (Base::Anywhere, Some(_)) if exact => self.starts_with(first, at),
            (Base::Anywhere, Some(name)) => self.anywhere.entry(name).or_default().push(at),
            (Base::Anywhere, None) => match first.pieces.as_slice() {
                ["", tail] if tail.starts_with('.') => {
                    let extension = tail.rsplit('.').next().unwrap_or(tail);
                    self.extensions.entry(extension).or_default().push(at);
                }
                _ => self.starts_with(first, at),
            },
            (Base::System, Some(name)) => self.system.entry(name).or_default().push(at),
            (Base::System, None) => {}
            (Base::Home, Some(name)) => self.home.entry(name).or_default().push(at),
            (Base::Home, None) => self.loose_home.push(at),
        }
        self.rows.push(Row { role, base, names, tree, exact });
    }

    fn starts_with(&mut self, first: &Name, at: usize) {
        // A name that starts with a star may start with anything: key 0.
        let key = first.pieces.first().and_then(|piece| piece.bytes().next()).unwrap_or(0);
        self.starts.entry(key.to_ascii_lowercase()).or_default().push(at);
    }

    fn anywhere(&self, search: &mut Search<'_>) {
        for (at, part) in search.parts.iter().enumerate() {
            self.try_all(search, self.anywhere.get(part.folded), at);
        }
        let Some(last) = search.parts.len().checked_sub(1) else { return };
        let Some(name) = search.parts.get(last) else { return };
        if let Some((_, extension)) = name.folded.rsplit_once('.') {
            self.try_all(search, self.extensions.get(extension), last);
        }
        let first = name.folded.bytes().next().unwrap_or(0);
        self.try_all(search, self.starts.get(&first), last);
        self.try_all(search, self.starts.get(&0), last);
    }

    fn system(&self, search: &mut Search<'_>) {
        // On macOS `/etc`, `/tmp` and `/var` are links into `/private`.
        let start = usize::from(search.parts.first().is_some_and(|part| part.folded == "private"));
        let Some(first) = search.parts.get(start) else { return };
        self.try_all(search, self.system.get(first.folded), start);
    }

    fn home(&self, search: &mut Search<'_>, start: usize) {
        let Some(first) = search.parts.get(start) else { return };
        self.try_all(search, self.home.get(first.folded), start);
        self.try_all(search, Some(&self.loose_home), start);
    }

    fn try_all(&self, search: &mut Search<'_>, rows: Option<&Vec<usize>>, at: usize) {
        for &index in rows.into_iter().flatten() {
            if index >= search.best {
                return;
            }
            if self.rows.get(index).is_some_and(|row| row.fits(search, at)) {
                search.best = index;
                return;
            }
        }
    }
}

impl Row {
    fn fits(&self, search: &Search<'_>, at: usize) -> bool {
        let Some(parts) = search.parts.get(at..) else { return false };
        let enough =
            if self.tree { parts.len() >= self.names.len() } else { parts.len() == self.names.len() };
        if !enough {
            return false;
        }
        // Where the workspace lies does not colour the files in it; what holds secrets does.
        let above = at + self.names.len() <= search.inside;
        if above && self.base != Base::System && !matches!(self.role, Role::Secret(_) | Role::Guard) {
            return false;
        }
        self.names
            .iter()
            .zip(parts)
            .all(|(name, part)| name.fits(if self.exact { part.shown } else { part.folded }))
    }
}

#[cfg(test)]
mod tests;
