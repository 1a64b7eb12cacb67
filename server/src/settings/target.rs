//! What a rule of your own is about, other than a command: an effect and what it acts on.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::options::{EffectName, OwnRuleOptions};
use super::pattern::{Match, glob};
use crate::effects::{Effect, EffectKind, Elsewhere, PackageSource, Remote};
use crate::world::{Place, Scope, World};

/// An effect and what it acts on. Whatever is named must hold.
#[derive(Clone, Debug)]
pub(super) struct EffectPattern {
    effect: Option<EffectName>,
    path: Option<PathPattern>,
    host: Option<String>,
    package: Option<String>,
    tool: Option<String>,
    branch: Option<String>,
}

impl EffectPattern {
    /// The pattern of a rule. `None`: nothing is named. An error says what a glob lacks.
    pub(super) fn read(options: &OwnRuleOptions) -> Result<Option<Self>, String> {
        let path = options.path.as_deref().map(PathPattern::read).transpose()?;
        let pattern = Self {
            effect: options.effect,
            path,
            host: options.host.as_ref().map(|host| host.to_ascii_lowercase()),
            package: options.package.clone(),
            tool: options.tool.clone(),
            branch: options.branch.clone(),
        };
        let empty = pattern.effect.is_none()
            && pattern.path.is_none()
            && pattern.host.is_none()
            && pattern.package.is_none()
            && pattern.tool.is_none()
            && pattern.branch.is_none();
        Ok((!empty).then_some(pattern))
    }

    /// Only an effect is named, and it could be anything.
    pub(super) fn is_wholesale(&self) -> Option<EffectName> {
        let alone = self.path.is_none()
            && self.host.is_none()
            && self.package.is_none()
            && self.tool.is_none()
            && self.branch.is_none();
        let wide = [
            EffectName::Opaque,
            EffectName::RunDownloaded,
            EffectName::RunUnknown,
            EffectName::OpenShell,
            EffectName::Weaken,
            EffectName::BypassReview,
            EffectName::Persist,
            EffectName::Inject,
            EffectName::Secret,
            EffectName::Privilege,
            EffectName::Device,
        ];
        self.effect.filter(|effect| alone && wide.contains(effect))
    }

    /// The effect is what the pattern allows. Exact: what is not known is not allowed.
    pub(super) fn allows(&self, effect: &Effect, world: &World<'_>) -> bool {
        let kind = self.effect.is_none_or(|wanted| name_of(&effect.kind) == wanted);
        let path = self.path.as_ref().is_none_or(|path| {
            let places = places(&effect.kind);
            !places.is_empty() && places.iter().all(|place| path.covers(place, world))
        });
        let host = self.host.as_ref().is_none_or(|wanted| {
            remote(&effect.kind)
                .and_then(|remote| remote.host)
                .is_some_and(|host| host_matches(wanted, &host))
        });
        let package = self.package.as_ref().is_none_or(|wanted| match &effect.kind {
            EffectKind::Install { package, source, .. } => {
                matches!(source, PackageSource::Declared | PackageSource::Registry)
                    && glob(wanted, package_name(package))
            }
            EffectKind::Uninstall { package, .. } => glob(wanted, package_name(package)),
            _ => false,
        });
        let tool = self.tool.as_ref().is_none_or(|wanted| tool_matches(wanted, &effect.kind));
        let branch = self.branch.as_ref().is_none_or(|wanted| match &effect.kind {
            EffectKind::Push { updates, known_remote, .. } => {
                *known_remote
                    && !updates.is_empty()
                    && updates.iter().all(|update| glob(wanted, &update.name))
            }
            _ => false,
        });
        kind && path && host && package && tool && branch
    }

    /// The effect is what the pattern stops. Lenient: what is not known may be it.
    pub(super) fn stops(&self, effect: &Effect, world: &World<'_>) -> Match {
        if !self.effect.is_none_or(|wanted| is_kind(&effect.kind, wanted)) {
            return Match::No;
        }
        let mut all = Match::Certain;
        if let Some(path) = &self.path {
            let touched =
                places(&effect.kind).into_iter().map(|place| path.reaches(place, effect, world)).max();
            all = all.min(touched.unwrap_or(Match::No));
        }
        if let Some(wanted) = &self.host {
            all = all.min(match remote(&effect.kind) {
                None => Match::No,
                Some(Remote { local: true, .. })
                    if !wanted.contains("localhost") && !wanted.contains('*') =>
                {
                    Match::No
                }
                Some(remote) => match remote.host {
                    Some(host) => certain(host_matches(wanted, &host)),
                    None => Match::Possible,
                },
            });
        }
        if let Some(wanted) = &self.package {
            all = all.min(match &effect.kind {
                EffectKind::Install { package, .. } | EffectKind::Uninstall { package, .. } => {
                    certain(glob(wanted, package_name(package)) || glob(wanted, package))
                }
                _ => Match::No,
            });
        }
        if let Some(wanted) = &self.tool {
            all = all.min(certain(tool_matches(wanted, &effect.kind)));
        }
        if let Some(wanted) = &self.branch {
            all = all.min(match &effect.kind {
                EffectKind::Push { updates, .. } if updates.is_empty() => Match::Possible,
                EffectKind::Push { updates, .. } => {
                    certain(updates.iter().any(|update| glob(wanted, &update.name)))
                }
                _ => Match::No,
            });
        }
        all
    }
}

fn certain(yes: bool) -> Match {
    if yes { Match::Certain } else { Match::No }
}

/// A glob of paths. Relative ones count from the workspace, `~/` from home; one without a slash
/// stands for that name at any depth of the workspace.
#[derive(Clone, Debug)]
pub(super) struct PathPattern {
    root: PathRoot,
    matcher: GlobMatcher,
    /// The leading folders that hold no wildcard.
    base: PathBuf,
    /// It ends with `/**` and so covers the folder before that.
    whole_folder: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PathRoot {
    Workspace,
    Home,
    Absolute,
}

impl PathPattern {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let (root, rest) = if let Some(rest) = text.strip_prefix("~/") {
            (PathRoot::Home, rest)
        } else if let Some(rest) = text.strip_prefix('/') {
            (PathRoot::Absolute, rest)
        } else {
            (PathRoot::Workspace, text.strip_prefix("./").unwrap_or(text))
        };
        let rest = rest.trim_end_matches('/');
        if rest.split('/').any(|part| part == "..") {
            return Err(format!("`{text}`: a path may not go up by `..`"));
        }
        let deep = if root == PathRoot::Workspace && !rest.contains('/') && rest != "**" {
            format!("**/{rest}")
        } else {
            rest.to_owned()
        };
        let matcher = GlobBuilder::new(&deep)
            .literal_separator(true)
            .build()
            .map_err(|error| format!("`{text}`: {}", error.kind()))?
            .compile_matcher();
        let base = deep.split('/').take_while(|part| !part.contains(['*', '?', '[', '{'])).collect();
        let whole_folder = deep.strip_suffix("/**").filter(|folder| !folder.contains(['*', '?', '[', '{']));
        Ok(Self { root, matcher, base, whole_folder: whole_folder.map(PathBuf::from) })
    }

    fn relative<'p>(&self, path: &'p Path, world: &World<'_>) -> Option<&'p Path> {
        match self.root {
            PathRoot::Workspace => path.strip_prefix(world.workspace()).ok(),
            PathRoot::Home => path.strip_prefix(world.home()).ok(),
            PathRoot::Absolute => path.strip_prefix("/").ok(),
        }
    }

    fn matches(&self, relative: &Path) -> bool {
        self.matcher.is_match(relative) || self.whole_folder.as_deref() == Some(relative)
    }

    /// The whole of the place lies in the pattern.
    fn covers(&self, place: &Place, world: &World<'_>) -> bool {
        let own_ground = matches!(place.scope, Scope::WorkspaceRoot | Scope::HomeRoot | Scope::Root);
        place.known
            && !own_ground
            && self.relative(&place.path, world).is_some_and(|relative| self.matches(relative))
    }

    /// Something of the place lies in the pattern.
    pub(super) fn reaches(&self, place: &Place, effect: &Effect, world: &World<'_>) -> Match {
        if place.scope == Scope::Unknown {
            return Match::Possible;
        }
        if place.scope == Scope::Sink {
            return Match::No;
        }
        let root = match self.root {
            PathRoot::Workspace => world.workspace(),
            PathRoot::Home => world.home(),
            PathRoot::Absolute => Path::new("/"),
        };
        // What lies in a matched folder is matched too.
        let inside = self.relative(&place.path, world).is_some_and(|relative| {
            relative.ancestors().any(|at| !at.as_os_str().is_empty() && self.matches(at))
        });
        let around = root.join(&self.base).starts_with(&place.path);
        if !place.known {
            let near = around || place.path.starts_with(root.join(&self.base));
            return if inside || near { Match::Possible } else { Match::No };
        }
        if inside {
            return Match::Certain;
        }
        let whole = matches!(
            effect.kind,
            EffectKind::Delete { recursive: true, .. }
                | EffectKind::Permit { recursive: true, .. }
                | EffectKind::Move { .. }
        );
        if !(whole && around) {
            return Match::No;
        }
        // A folder around a fixed path surely holds it; around a wildcard it only may.
        if self.base.as_os_str().is_empty() { Match::Possible } else { Match::Certain }
    }
}

/// The name of an effect in the settings.
pub(super) fn name_of(kind: &EffectKind) -> EffectName {
    match kind {
        EffectKind::Observe => EffectName::Observe,
        EffectKind::Read { .. } => EffectName::Read,
        EffectKind::Write { .. } => EffectName::Write,
        EffectKind::Delete { .. } => EffectName::Delete,
        EffectKind::Move { .. } => EffectName::Move,
        EffectKind::Permit { .. } => EffectName::Permit,
        EffectKind::Link { .. } => EffectName::Link,
        EffectKind::Device { .. } => EffectName::Device,
        EffectKind::Fetch { .. } => EffectName::Fetch,
        EffectKind::Send { .. } => EffectName::Send,
        EffectKind::Listen { .. } => EffectName::Listen,
        EffectKind::OpenShell { .. } => EffectName::OpenShell,
        EffectKind::Tunnel { .. } => EffectName::Tunnel,
        EffectKind::RunElsewhere { .. } => EffectName::RunElsewhere,
        EffectKind::RunProject { .. } => EffectName::RunProject,
        EffectKind::RunDownloaded { .. } => EffectName::RunDownloaded,
        EffectKind::RunUnknown { .. } => EffectName::RunUnknown,
        EffectKind::Install { .. } => EffectName::Install,
        EffectKind::Uninstall { .. } => EffectName::Uninstall,
        EffectKind::GitLocal { .. } => EffectName::GitLocal,
        EffectKind::GitDiscard { .. } => EffectName::GitDiscard,
        EffectKind::GitRewrite { .. } => EffectName::GitRewrite,
        EffectKind::Push { .. } => EffectName::Push,
        EffectKind::GitSetup { .. } => EffectName::GitSetup,
        EffectKind::Service { .. } => EffectName::Service,
        EffectKind::Kill { .. } => EffectName::Kill,
        EffectKind::Privilege { .. } => EffectName::Privilege,
        EffectKind::Machine { .. } => EffectName::Machine,
        EffectKind::Persist { .. } => EffectName::Persist,
        EffectKind::Weaken { .. } => EffectName::Weaken,
        EffectKind::BypassReview { .. } => EffectName::BypassReview,
        EffectKind::Inject { .. } => EffectName::Inject,
        EffectKind::Secret { .. } => EffectName::Secret,
        EffectKind::Exhaust { .. } => EffectName::Exhaust,
        EffectKind::Tool { .. } => EffectName::Tool,
        EffectKind::Delegate { .. } => EffectName::Delegate,
        EffectKind::Opaque { .. } => EffectName::Opaque,
    }
}

/// The effect is of the kind that a stopping rule names, in its own form or as a part of another.
fn is_kind(kind: &EffectKind, wanted: EffectName) -> bool {
    if name_of(kind) == wanted {
        return true;
    }
    match wanted {
        EffectName::Write => matches!(
            kind,
            EffectKind::Fetch { saves: Some(_), .. } | EffectKind::Move { .. } | EffectKind::Link { .. }
        ),
        EffectName::Delete => matches!(kind, EffectKind::Move { .. }),
        _ => false,
    }
}

/// The places that an effect touches.
pub(super) fn places(kind: &EffectKind) -> Vec<&Place> {
    match kind {
        EffectKind::Read { place }
        | EffectKind::Write { place, .. }
        | EffectKind::Delete { place, .. }
        | EffectKind::Permit { place, .. } => vec![place],
        EffectKind::Link { place, to } => vec![place, to],
        EffectKind::Move { from, to, .. } => vec![from, to],
        EffectKind::Fetch { saves, .. } => saves.iter().collect(),
        EffectKind::RunUnknown { place, .. } | EffectKind::RunDownloaded { place, .. } => {
            place.iter().collect()
        }
        EffectKind::Listen { serves, .. } => serves.iter().collect(),
        _ => Vec::new(),
    }
}

fn remote(kind: &EffectKind) -> Option<Remote> {
    match kind {
        EffectKind::Fetch { from, .. } => Some(from.clone()),
        EffectKind::Send { to, .. } => Some(to.clone()),
        EffectKind::RunElsewhere { place: Elsewhere::Host(host), .. } => Some(host.clone()),
        EffectKind::OpenShell { peer } => Some(Remote::read(peer)),
        EffectKind::RunDownloaded { from, .. } => Some(Remote::read(from)),
        EffectKind::Push { remote, .. } if remote.contains([':', '/']) => Some(Remote::read(remote)),
        EffectKind::Install {
            source: PackageSource::Address(at) | PackageSource::OtherRegistry(at), ..
        } => Some(Remote::read(at)),
        _ => None,
    }
}

/// `example.com` is that host alone, `*.example.com` every host below it.
pub(super) fn host_matches(pattern: &str, host: &str) -> bool {
    glob(pattern, &host.to_ascii_lowercase())
}

/// A package without its version: `left-pad@1.3`, `requests==2.0`, `serde@1`.
fn package_name(package: &str) -> &str {
    let end = package
        .char_indices()
        .skip(1)
        .find(|(_, c)| matches!(c, '@' | '=' | '<' | '>' | '~' | '!' | '[' | ' ' | ';'))
        .map_or(package.len(), |(at, _)| at);
    package.get(..end).unwrap_or(package)
}

fn tool_matches(wanted: &str, kind: &EffectKind) -> bool {
    match kind {
        EffectKind::Tool { server, tool, .. } => {
            glob(wanted, &format!("{server}/{tool}")) || glob(wanted, tool)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_what_serde_calls_it() {
        for name in EffectName::ALL {
            assert_eq!(serde_json::to_value(name).unwrap(), name.as_str());
        }
    }

    #[test]
    fn a_version_is_no_part_of_a_packages_name() {
        for (written, name) in [
            ("left-pad@1.3", "left-pad"),
            ("@acme/x@2", "@acme/x"),
            ("requests==2", "requests"),
            ("uvicorn[standard]", "uvicorn"),
        ] {
            assert_eq!(package_name(written), name);
        }
    }

    #[test]
    fn refuses_a_path_that_goes_up_and_a_broken_glob() {
        assert!(PathPattern::read("../x").is_err());
        assert!(PathPattern::read("a[").is_err());
    }
}
