//! Where a path leads, and in whose ground it lies.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use super::{Role, World, normalise, role_of};

/// How many symbolic links are followed in one path, as in the kernel.
const LINK_LIMIT: usize = 40;
/// How many parts of a path are looked at; links that lead through links could make endless ones.
const PART_LIMIT: usize = 128;

/// How long a path may be before the kernel refuses it, in bytes.
const PATH_LIMIT: usize = 4_096;

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
    /// In a home (the user's or anybody's), outside the workspace.
    Home,
    /// A home itself, or a folder around it.
    HomeRoot,
    /// In the system's folders.
    System,
    /// The root, a folder right below it, or a whole folder for temporary files.
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
    // `rm link/` acts on what the link leads to.
    let follow = follow || shown.ends_with('/') || shown.ends_with("/.");
    let Some(path) = real_path(world, cwd, &joined, follow) else { return Place::unknown(shown) };
    let scope = scope_of(world, &path);
    let role = role_of(&path, world.home(), world.ground_of(&path).unwrap_or(world.workspace()));
    Place { shown: shown.to_owned(), path, known: true, scope, role }
}

/// The path with links followed. Where its folder leads is found once for all that is named in it.
fn real_path(world: &World<'_>, cwd: &Path, path: &Path, follow_last: bool) -> Option<PathBuf> {
    let plain = path.components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)));
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return follow_links(world, cwd, path, follow_last);
    };
    // Links of processes lead elsewhere in every directory.
    if !plain || path.starts_with("/proc") {
        return follow_links(world, cwd, path, follow_last);
    }
    let mut out = world.folder(folder, || follow_links(world, cwd, folder, true))?;
    out.push(name);
    let reachable = out.as_os_str().len() < PATH_LIMIT;
    if follow_last && reachable && (world.doubts(&out) || link_target(world, cwd, &out).is_some()) {
        return follow_links(world, cwd, path, true);
    }
    Some(out)
}

/// Follows links part by part, so that `link/..` means what the kernel makes of it; `None` when there is no
/// end to it, or no telling.
fn follow_links(world: &World<'_>, cwd: &Path, path: &Path, follow_last: bool) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    let mut rest: Vec<OsString> = parts(path);
    rest.reverse();
    let mut links_left = LINK_LIMIT;
    let mut parts_left = PART_LIMIT;
    while let Some(part) = rest.pop() {
        parts_left = parts_left.checked_sub(1)?;
        if part == ".." {
            out.pop();
            continue;
        }
        if part == "." {
            continue;
        }
        out.push(&part);
        let last = rest.is_empty();
        let reachable = out.as_os_str().len() < PATH_LIMIT;
        if (last && !follow_last) || links_left == 0 || !reachable {
            continue;
        }
        if world.doubts(&out) {
            return None;
        }
        let Some(target) = link_target(world, cwd, &out) else { continue };
        links_left -= 1;
        out.pop();
        if target.is_absolute() {
            out = PathBuf::new();
        }
        let mut target_parts = parts(&target);
        target_parts.reverse();
        rest.extend(target_parts);
    }
    Some(normalise(&out))
}

fn link_target(world: &World<'_>, cwd: &Path, path: &Path) -> Option<PathBuf> {
    if path.starts_with("/proc") {
        return process_link(path, cwd);
    }
    // Where these lead depends on the process that asks, and that is not the one under review.
    if path.starts_with("/dev/fd")
        || matches!(path.to_str(), Some("/dev/stdin" | "/dev/stdout" | "/dev/stderr"))
    {
        return None;
    }
    if let Some(target) = world.trail().link(path) {
        return Some(target.to_path_buf());
    }
    world.link_target(path)
}

/// The links of a process to the root and to its working directory.
fn process_link(path: &Path, cwd: &Path) -> Option<PathBuf> {
    let mut names = path.to_str()?.split('/').skip(2);
    let (process, link) = (names.next()?, names.next()?);
    match link {
        "root" if names.next().is_none() => Some(PathBuf::from("/")),
        "cwd" if names.next().is_none() && matches!(process, "self" | "thread-self") => {
            Some(cwd.to_path_buf())
        }
        _ => None,
    }
}

fn parts(path: &Path) -> Vec<OsString> {
    path.components()
        .map(|part| match part {
            Component::CurDir => ".".into(),
            Component::ParentDir => "..".into(),
            other => other.as_os_str().to_owned(),
        })
        .collect()
}

/// The system's own folders.
const SYSTEM: &[&str] = &[
    "/etc",
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/boot",
    "/efi",
    "/var",
    "/sys",
    "/proc",
    "/opt",
    "/run",
    "/nix",
    "/snap",
    "/System",
    "/Library",
    "/Applications",
    "/private/etc",
    "/private/var",
    "/cores",
];

fn scope_of(world: &World<'_>, path: &Path) -> Scope {
    if let Some(scope) = device_scope(path) {
        return scope;
    }
    if world.ground_of(path).is_some_and(|root| *root != *path) {
        return Scope::Workspace;
    }
    if path.parent().is_none() {
        return Scope::Root;
    }
    let home = world.home();
    if home.starts_with(path) || is_any_home(path) {
        return Scope::HomeRoot;
    }
    let temp = world.disk().temp_folders().iter().filter(|temp| path.starts_with(temp));
    let temp = temp.max_by_key(|temp| temp.as_os_str().len());
    if temp.is_some_and(|temp| temp == path) {
        return Scope::Root;
    }
    if world.roots().any(|root| world.disk().real(root).starts_with(path)) {
        return Scope::WorkspaceRoot;
    }
    // A home may lie in a folder for temporary files, or the other way round: the nearer one counts.
    let in_home = path.starts_with(home);
    match temp {
        Some(temp) if !in_home || temp.starts_with(home) => return Scope::Temp,
        _ if in_home || path.ancestors().any(is_any_home) => return Scope::Home,
        _ => {}
    }
    if path.parent().is_some_and(|parent| parent.parent().is_none()) {
        return Scope::Root;
    }
    if SYSTEM.iter().any(|system| path.starts_with(system)) {
        return Scope::System;
    }
    Scope::Elsewhere
}

fn device_scope(path: &Path) -> Option<Scope> {
    if let Ok(below) = path.strip_prefix("/proc") {
        // What another process has open may be anything.
        let own =
            below.iter().next().is_some_and(|part| part == "self" || part == "thread-self" || part == "$$");
        let descriptor =
            own && below.iter().nth(1).is_some_and(|part| part == "fd") && below.iter().count() > 2;
        return descriptor.then_some(Scope::Sink);
    }
    let below = path.strip_prefix("/dev").ok()?.to_str().unwrap_or("?");
    Some(match below {
        "" => Scope::Root,
        "null" | "stdout" | "stderr" | "stdin" | "tty" | "zero" | "random" | "urandom" | "full" => {
            Scope::Sink
        }
        _ if below.starts_with("fd/") => Scope::Sink,
        _ if below.starts_with("shm/") || below.starts_with("mqueue/") => Scope::Temp,
        _ => Scope::Device,
    })
}

/// Somebody's home, whoever's.
fn is_any_home(path: &Path) -> bool {
    if path == Path::new("/root") || path == Path::new("/var/root") {
        return true;
    }
    let homes = path.parent().and_then(Path::to_str);
    matches!(homes, Some("/home" | "/Users" | "/export/home" | "/usr/home" | "/var/home"))
        || matches!(path.to_str(), Some("/home" | "/Users" | "/export/home" | "/usr/home" | "/var/home"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::trail::{FileTrace, Trail};
    use crate::world::{Disk, SecretKind};

    /// A home with a workspace in it, on the real disk.
    struct Ground {
        _folder: tempfile::TempDir,
        home: PathBuf,
        workspace: PathBuf,
        disk: Disk,
        trail: Trail,
    }

    fn ground() -> Ground {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let home = root.join("home");
        let workspace = home.join("work");
        std::fs::create_dir_all(&workspace).unwrap();
        let disk = Disk::with_environment(home.clone(), BTreeMap::new());
        Ground { _folder: folder, home, workspace, disk, trail: Trail::default() }
    }

    impl Ground {
        fn world(&self) -> World<'_> {
            World::new(&self.disk, &self.trail, &self.workspace, &self.workspace)
        }

        fn place(&self, shown: &str) -> Place {
            self.world().place(&self.workspace, shown)
        }

        fn scope(&self, shown: &str) -> Scope {
            self.place(shown).scope
        }
    }

    #[test]
    fn every_ground_has_its_scope() {
        let ground = ground();
        let expected = [
            ("src/main.rs", Scope::Workspace),
            ("./a/../b", Scope::Workspace),
            (".", Scope::WorkspaceRoot),
            ("..", Scope::HomeRoot),
            ("../notes.txt", Scope::Home),
            ("../..", Scope::HomeRoot),
            ("/", Scope::Root),
            ("/etc", Scope::Root),
            ("/etc/hosts", Scope::System),
            ("/tmp/x", Scope::Temp),
            ("/var/tmp/x", Scope::Temp),
            ("/var/tmp", Scope::Root),
            ("/home/somebody", Scope::HomeRoot),
            ("/home/somebody/x", Scope::Home),
            ("/home", Scope::HomeRoot),
            ("/Users/x/y", Scope::Home),
            ("/root", Scope::HomeRoot),
            ("/root/x", Scope::Home),
            ("/data", Scope::Root),
            ("/mnt/disk/x", Scope::Elsewhere),
            ("/dev/null", Scope::Sink),
            ("/dev/fd/3", Scope::Sink),
            ("/proc/self/fd/2", Scope::Sink),
            ("/dev/sda", Scope::Device),
            ("/dev/tcp/example.com/80", Scope::Device),
            ("/dev/shm/x", Scope::Temp),
        ];
        for (shown, scope) in expected {
            assert_eq!(ground.scope(shown), scope, "{shown}");
        }
    }

    #[test]
    fn the_folder_for_temporary_files_itself_is_no_scratch_space() {
        let folder = tempfile::tempdir().unwrap();
        let (disk, trail) =
            (Disk::with_environment(PathBuf::from("/home/u"), BTreeMap::new()), Trail::default());
        let world = World::new(&disk, &trail, folder.path(), folder.path());
        assert_eq!(world.place(folder.path(), "/tmp").scope, Scope::Root);
        assert_eq!(world.place(folder.path(), "x").scope, Scope::Workspace);
    }

    #[test]
    fn a_variable_cannot_turn_the_home_into_scratch_space() {
        let environment = BTreeMap::from([("TMPDIR".to_owned(), "/home/u".to_owned())]);
        let (disk, trail) = (Disk::with_environment(PathBuf::from("/home/u"), environment), Trail::default());
        let world = World::new(&disk, &trail, Path::new("/home/u/w"), Path::new("/home/u/w"));
        assert_eq!(world.place(Path::new("/"), "/home/u/x").scope, Scope::Home);
    }

    #[test]
    fn a_workspace_at_the_root_gives_nothing_away() {
        let (disk, trail) =
            (Disk::with_environment(PathBuf::from("/home/u"), BTreeMap::new()), Trail::default());
        let world = World::new(&disk, &trail, Path::new("/"), Path::new("/"));
        assert_eq!(world.place(Path::new("/"), "/etc/hosts").scope, Scope::System);
        assert_eq!(world.place(Path::new("/"), "/home/u/x").scope, Scope::Home);
    }

    #[test]
    fn a_link_out_of_the_workspace_is_outside() {
        let ground = ground();
        symlink("/etc", ground.workspace.join("config")).unwrap();
        assert_eq!(ground.place("config/hosts").path, Path::new("/etc/hosts"));
        assert_eq!(ground.scope("config/hosts"), Scope::System);
        // `config/..` is the parent of where the link leads, not the workspace.
        assert_eq!(ground.place("config/../x").path, Path::new("/x"));
    }

    #[test]
    fn the_link_itself_is_inside_unless_a_slash_follows() {
        let ground = ground();
        symlink(&ground.home, ground.workspace.join("link")).unwrap();
        let world = ground.world();
        assert_eq!(world.place_itself(&ground.workspace, "link").scope, Scope::Workspace);
        assert_eq!(world.place_itself(&ground.workspace, "link/").scope, Scope::HomeRoot);
    }

    #[test]
    fn dangling_and_endless_links_come_to_an_end() {
        let ground = ground();
        symlink("nowhere", ground.workspace.join("dangling")).unwrap();
        symlink("loop", ground.workspace.join("loop")).unwrap();
        assert_eq!(ground.place("dangling").path, ground.workspace.join("nowhere"));
        assert_eq!(ground.scope("loop"), Scope::Workspace);
    }

    #[test]
    fn a_link_that_the_session_made_is_followed() {
        let mut ground = ground();
        let trace =
            FileTrace { link: Some(ground.home.join(".ssh")), simulated: true, ..FileTrace::default() };
        ground.trail.note(ground.workspace.join("keys"), trace);
        assert_eq!(ground.place("keys/id_rsa").role, Role::Secret(SecretKind::PrivateKey));
    }

    #[test]
    fn links_of_processes_lead_where_the_action_runs() {
        let ground = ground();
        assert_eq!(ground.place("/proc/self/cwd/a").path, ground.workspace.join("a"));
        assert_eq!(ground.place("/proc/self/root/etc/shadow").role, Role::Secret(SecretKind::System));
        assert_eq!(ground.place("/proc/1/root/etc/shadow").path, Path::new("/etc/shadow"));
        assert_eq!(ground.place("/dev/stdin").path, Path::new("/dev/stdin"));
    }

    #[test]
    fn other_folders_of_the_workspace_are_the_workspace() {
        let ground = ground();
        let other = ground.home.join("other");
        std::fs::create_dir_all(&other).unwrap();
        let roots = [other.clone()];
        let world = ground.world().with_extra_roots(&roots);
        assert_eq!(world.place(&ground.workspace, "../other/a").scope, Scope::Workspace);
        assert_eq!(world.place(&ground.workspace, "../other").scope, Scope::WorkspaceRoot);
        assert_eq!(ground.scope("../other/a"), Scope::Home);
    }

    #[test]
    fn a_workspace_reached_through_a_link_is_the_workspace() {
        let ground = ground();
        let link = ground.home.join("link");
        symlink(&ground.workspace, &link).unwrap();
        let world = World::new(&ground.disk, &ground.trail, &link, &link);
        assert_eq!(world.place(&link, "a").scope, Scope::Workspace);
    }
}
