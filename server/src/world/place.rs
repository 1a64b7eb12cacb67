//! Where a path leads, and in whose ground it lies.

use std::path::{Component, Path, PathBuf};

use super::{Role, World, normalise, role_of};

/// How many symbolic links are followed in one path.
const LINK_LIMIT: usize = 40;

/// A path, resolved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// As written, with what was known filled in.
    pub shown: String,
    /// Absolute, links followed. When `known` is false: the leading folder that is known.
    pub path: PathBuf,
    /// The whole path is known.
    pub known: bool,
    /// Whose ground it is.
    pub scope: Scope,
    /// What it is for.
    pub role: Role,
}

/// Whose ground a path lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// In the workspace.
    Workspace,
    /// The workspace folder itself, or a folder around it below home.
    WorkspaceRoot,
    /// A folder for temporary files, or in one.
    Temp,
    /// A device that keeps nothing (`/dev/null`, `/dev/stdout`).
    Sink,
    /// In the user's home, outside the workspace.
    Home,
    /// The user's home itself, or a folder around it.
    HomeRoot,
    /// In the system's folders.
    System,
    /// The root, or a folder right below it.
    Root,
    /// A device.
    Device,
    /// Anywhere else.
    Elsewhere,
    /// Not known.
    Unknown,
}

impl Place {
    /// A place about which nothing is known but how it is written.
    #[must_use]
    pub fn unknown(shown: &str) -> Self {
        Self {
            shown: shown.to_owned(),
            path: PathBuf::new(),
            known: false,
            scope: Scope::Unknown,
            role: Role::Ordinary,
        }
    }

    /// The path as text.
    #[must_use]
    pub fn text(&self) -> String {
        if self.scope == Scope::Unknown {
            return self.shown.clone();
        }
        self.path.to_string_lossy().into_owned()
    }

    /// The last part of the path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }
}

pub(super) fn locate(world: &World<'_>, cwd: &Path, shown: &str, follow: bool) -> Place {
    let raw = Path::new(shown);
    let joined = if raw.is_absolute() { raw.to_path_buf() } else { cwd.join(raw) };
    let path = follow_links(world, &joined, follow);
    let scope = scope_of(world, &path);
    let role = role_of(&path, world.home(), world.workspace());
    Place { shown: shown.to_owned(), path, known: true, scope, role }
}

/// Follows links part by part, so that `link/..` means what the kernel makes of it.
fn follow_links(world: &World<'_>, path: &Path, follow_last: bool) -> PathBuf {
    let mut out = PathBuf::new();
    let mut rest: Vec<std::ffi::OsString> = parts(path);
    rest.reverse();
    let mut left = LINK_LIMIT;
    while let Some(part) = rest.pop() {
        if part == ".." {
            out.pop();
            continue;
        }
        if part == "." {
            continue;
        }
        out.push(&part);
        let last = rest.is_empty();
        if (last && !follow_last) || left == 0 {
            continue;
        }
        let Some(target) = world.link_target(&out) else { continue };
        left -= 1;
        out.pop();
        if target.is_absolute() {
            out = PathBuf::new();
        }
        let mut target_parts = parts(&target);
        target_parts.reverse();
        rest.extend(target_parts);
    }
    normalise(&out)
}

fn parts(path: &Path) -> Vec<std::ffi::OsString> {
    path.components()
        .map(|part| match part {
            Component::CurDir => ".".into(),
            Component::ParentDir => "..".into(),
            other => other.as_os_str().to_owned(),
        })
        .collect()
}

pub(super) fn scope_of(world: &World<'_>, path: &Path) -> Scope {
    let text = path.to_string_lossy();
    if path == Path::new("/dev") || path.starts_with("/dev") {
        return match &*text {
            "/dev/null" | "/dev/stdout" | "/dev/stderr" | "/dev/stdin" | "/dev/tty" | "/dev/zero"
            | "/dev/random" | "/dev/urandom" | "/dev/full" => Scope::Sink,
            _ if path.starts_with("/dev/fd") => Scope::Sink,
            _ if path.starts_with("/dev/shm") && path != Path::new("/dev/shm") => Scope::Temp,
            "/dev" => Scope::Root,
            _ => Scope::Device,
        };
    }
    let workspace = world.workspace();
    if path != workspace && path.starts_with(workspace) {
        return Scope::Workspace;
    }
    let home = world.home();
    if home == path || (home.starts_with(path) && path.parent().is_some()) {
        return Scope::HomeRoot;
    }
    if path == workspace {
        return Scope::WorkspaceRoot;
    }
    if path.parent().is_none() {
        return Scope::Root;
    }
    if world.disk().temp_folders().iter().any(|temp| path.starts_with(temp)) {
        return Scope::Temp;
    }
    if workspace.starts_with(path) {
        return Scope::WorkspaceRoot;
    }
    if path.starts_with(home) {
        return Scope::Home;
    }
    if path.parent().is_some_and(|parent| parent.parent().is_none()) {
        return Scope::Root;
    }
    const SYSTEM: [&str; 16] = [
        "/etc", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/boot", "/var", "/sys", "/proc", "/opt", "/root",
        "/run", "/System", "/Library", "/Applications",
    ];
    if SYSTEM.iter().any(|system| path.starts_with(system)) {
        return Scope::System;
    }
    Scope::Elsewhere
}

impl World<'_> {
    fn link_target(&self, path: &Path) -> Option<PathBuf> {
        if let Some(target) = self.trail().link(path) {
            return Some(target.to_path_buf());
        }
        self.disk().link_target(path)
    }
}
