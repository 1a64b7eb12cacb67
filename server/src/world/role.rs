//! What a file is for, by its name and place: whether it holds a secret, runs later, or steers an agent.

use std::borrow::Cow;
use std::path::Path;
use std::sync::LazyLock;

use foldhash::HashMap;

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

/// One row. Nothing of it is copied: a process that reviews one action makes the whole table for it.
#[derive(Debug)]
struct Row {
    role: Role,
    base: Base,
    /// The names, with slashes between them.
    names: &'static str,
    depth: usize,
    /// How many bytes of the first name stand before its first star.
    lead: usize,
    /// All that lies below is meant, too.
    tree: bool,
    /// Case counts.
    exact: bool,
    /// The next row that starts with the same name.
    next: Option<usize>,
}

/// Whether a pattern fits the whole text: a star in it stands for anything, all else for itself.
pub(crate) fn fits_stars(pattern: &str, text: &str) -> bool {
    let Some((first, stars)) = pattern.split_once('*') else { return pattern == text };
    let Some(rest) = text.strip_prefix(first) else { return false };
    let (middle, last) = stars.rsplit_once('*').map_or((None, stars), |(middle, last)| (Some(middle), last));
    let Some(mut rest) = rest.strip_suffix(last) else { return false };
    for piece in middle.into_iter().flat_map(|middle| middle.split('*')) {
        let Some((_, after)) = rest.split_once(piece) else { return false };
        rest = after;
    }
    true
}

/// The best row so far. The first row of the table that fits wins.
struct Search<'a> {
    parts: &'a [Part<'a>],
    /// How many leading parts lead to the workspace, when the path lies in it.
    inside: usize,
    best: usize,
}

/// The rows, found by the first name they start with: of each name, the first row.
#[derive(Debug, Default)]
struct Table {
    rows: Vec<Row>,
    anywhere: HashMap<&'static str, usize>,
    extensions: HashMap<&'static str, usize>,
    starts: HashMap<u8, usize>,
    system: HashMap<&'static str, usize>,
    home: HashMap<&'static str, usize>,
    loose_home: Option<usize>,
}

impl Table {
    fn new(groups: &[(Role, &[&'static str])]) -> Self {
        let mut table = Self::default();
        table.rows.reserve(groups.iter().map(|(_, patterns)| patterns.len()).sum());
        for (role, patterns) in groups {
            table.rows.extend(patterns.iter().map(|pattern| Row::new(*role, pattern)));
        }
        // From the last to the first, so that each row comes before those it is linked to.
        for at in (0..table.rows.len()).rev() {
            table.enter(at);
        }
        table
    }

    fn enter(&mut self, at: usize) {
        let Some(row) = self.rows.get_mut(at) else { return };
        let first = row.names.split_once('/').map_or(row.names, |(first, _)| first);
        let starred = first.contains('*');
        row.next = match row.base {
            Base::Anywhere if !starred && !row.exact => self.anywhere.insert(first, at),
            Base::Anywhere => {
                let extension = first.strip_prefix("*.").filter(|rest| !row.exact && !rest.contains('*'));
                match extension {
                    Some(rest) => self.extensions.insert(rest.rsplit('.').next().unwrap_or(rest), at),
                    None => {
                        // A name that starts with a star may start with anything: key 0.
                        let key = first.bytes().next().filter(|byte| *byte != b'*').unwrap_or(0);
                        self.starts.insert(key.to_ascii_lowercase(), at)
                    }
                }
            }
            Base::System if starred => None,
            Base::System => self.system.insert(first, at),
            Base::Home if starred => self.loose_home.replace(at),
            Base::Home => self.home.insert(first, at),
        };
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
        self.try_all(search, self.loose_home.as_ref(), start);
    }

    fn try_all(&self, search: &mut Search<'_>, first: Option<&usize>, at: usize) {
        let mut next = first.copied();
        while let Some(index) = next.filter(|index| *index < search.best) {
            let Some(row) = self.rows.get(index) else { return };
            if row.fits(search, at) {
                search.best = index;
                return;
            }
            next = row.next;
        }
    }
}

impl Row {
    fn new(role: Role, pattern: &'static str) -> Self {
        let (base, rest) = match (pattern.strip_prefix("~/"), pattern.strip_prefix('/')) {
            (Some(rest), _) => (Base::Home, rest),
            (_, Some(rest)) => (Base::System, rest),
            _ => (Base::Anywhere, pattern),
        };
        let (names, tree) = rest.strip_suffix("/**").map_or((rest, false), |rest| (rest, true));
        let exact = names.bytes().any(|byte| byte.is_ascii_uppercase());
        let lead = names.find(['*', '/']).unwrap_or(names.len());
        Self { role, base, names, depth: names.split('/').count(), lead, tree, exact, next: None }
    }

    fn fits(&self, search: &Search<'_>, at: usize) -> bool {
        let Some(parts) = search.parts.get(at..) else { return false };
        // Most rows are told apart by how their first name begins.
        let begins = parts.first().is_some_and(|part| {
            let name = if self.exact { part.shown } else { part.folded };
            self.names.get(..self.lead).is_some_and(|lead| name.starts_with(lead))
        });
        if !begins {
            return false;
        }
        let enough = if self.tree { parts.len() >= self.depth } else { parts.len() == self.depth };
        if !enough {
            return false;
        }
        // Where the workspace lies does not colour the files in it; what holds secrets does.
        let above = at + self.depth <= search.inside;
        if above && self.base != Base::System && !matches!(self.role, Role::Secret(_) | Role::Guard) {
            return false;
        }
        self.names
            .split('/')
            .zip(parts)
            .all(|(name, part)| fits_stars(name, if self.exact { part.shown } else { part.folded }))
    }
}

#[cfg(test)]
mod tests;
