//! Git's configuration: remotes, aliases, and what in a repository's own configuration makes git run something.

use std::path::{Path, PathBuf};

use gix::bstr::{BString, ByteSlice as _};
use gix::config::{File, Source};

use super::super::disk::read_at_most;
use super::{Found, RemoteFact, UserFiles};

/// How large a configuration file is read, in bytes.
const CONFIG_LIMIT: u64 = 1024 * 1024;
/// How many files one of the user's configuration files may include.
const INCLUDE_LIMIT: usize = 16;

/// What the configuration says.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub remotes: Vec<RemoteFact>,
    pub running: Vec<String>,
    pub aliases: Vec<(String, String)>,
    /// Branches, and what they follow as `origin/main`.
    pub upstreams: Vec<(String, String)>,
    /// The user's file of what is ignored everywhere.
    pub excludes: PathBuf,
    /// The repository is in a format that is known here.
    pub readable: bool,
}

/// One setting: section, subsection, name (both names in lower case), value.
struct Setting {
    section: String,
    sub: Option<String>,
    name: String,
    value: String,
}

pub(super) fn read(found: &Found, user: &UserFiles) -> Settings {
    let mut global = Vec::new();
    for path in &user.configs {
        let mut includes_left = INCLUDE_LIMIT;
        with_includes(path, user, &mut includes_left, &mut global);
    }
    let shared = settings_in(&found.common.join("config"), Source::Local);
    let readable = shared.is_some();
    let mut local = shared.unwrap_or_default();
    local.extend(settings_in(&found.store.join("config.worktree"), Source::Worktree).unwrap_or_default());

    let format = |name: &str| {
        local
            .iter()
            .rfind(|setting| setting.section == "extensions" && setting.name == name)
            .map(|s| s.value.as_str())
    };
    let readable = readable
        && format("objectformat").is_none_or(|value| value == "sha1")
        && format("refstorage").is_none_or(|value| value == "files");
    let excludes = local.iter().chain(&global).find(|setting| setting.is("core", "excludesfile"));
    Settings {
        excludes: excludes
            .map_or_else(|| user.ignore.clone(), |setting| expand(&setting.value, user, &found.worktree)),
        remotes: remotes(&local, &global),
        running: local.iter().filter(|setting| setting.runs()).map(Setting::shown).collect(),
        aliases: global
            .iter()
            .chain(&local)
            .filter(|setting| setting.section == "alias")
            // Both `alias.name` and `alias.name.command` are in use.
            .map(|setting| {
                (setting.sub.clone().unwrap_or_else(|| setting.name.clone()), setting.value.clone())
            })
            .collect(),
        upstreams: upstreams(&local),
        readable,
    }
}

fn settings_in(path: &Path, source: Source) -> Option<Vec<Setting>> {
    let facts = std::fs::metadata(path).ok()?;
    if !facts.is_file() || facts.len() > CONFIG_LIMIT {
        return None;
    }
    let bytes = read_at_most(path, CONFIG_LIMIT)?;
    let file =
        File::from_bytes_no_includes(&bytes, gix::config::file::Metadata::from(source), Default::default())
            .ok()?;
    let mut settings = Vec::new();
    for section in file.sections() {
        let text = |bytes: &gix::bstr::BStr| bytes.to_str_lossy().into_owned();
        let name_of_section = text(section.header().name()).to_ascii_lowercase();
        let sub = section.header().subsection_name().map(text);
        let mut names: Vec<String> = section.value_names().map(|name| name.to_ascii_lowercase()).collect();
        names.dedup();
        for name in names {
            let mut values = section.values(&name);
            if values.is_empty() {
                // A name without `=` means true.
                values.push(BString::from("true"));
            }
            settings.extend(values.into_iter().map(|value| Setting {
                section: name_of_section.clone(),
                sub: sub.clone(),
                name: name.clone(),
                value: value.to_str_lossy().into_owned(),
            }));
        }
    }
    Some(settings)
}

/// The user's own configuration may include other files; conditions are taken as met.
fn with_includes(path: &Path, user: &UserFiles, left: &mut usize, out: &mut Vec<Setting>) {
    let Some(settings) = settings_in(path, Source::User) else { return };
    for setting in settings {
        if matches!(setting.section.as_str(), "include" | "includeif") && setting.name == "path" {
            if *left > 0 {
                *left -= 1;
                let folder = path.parent().unwrap_or(path);
                with_includes(&expand(&setting.value, user, folder), user, left, out);
            }
        } else {
            out.push(setting);
        }
    }
}

fn expand(value: &str, user: &UserFiles, base: &Path) -> PathBuf {
    match value.strip_prefix("~/") {
        Some(rest) => user.home.join(rest),
        None => base.join(value),
    }
}

fn remotes(local: &[Setting], global: &[Setting]) -> Vec<RemoteFact> {
    let mut remotes: Vec<RemoteFact> = Vec::new();
    for setting in local.iter().filter(|setting| setting.section == "remote") {
        let Some(name) = &setting.sub else { continue };
        if !remotes.iter().any(|remote| remote.name == *name) {
            remotes.push(RemoteFact { name: name.clone(), ..RemoteFact::default() });
        }
        let Some(remote) = remotes.iter_mut().find(|remote| remote.name == *name) else { continue };
        match setting.name.as_str() {
            "url" if remote.url.is_empty() => remote.url.clone_from(&setting.value),
            "pushurl" if remote.push_url.is_none() => remote.push_url = Some(setting.value.clone()),
            _ => {}
        }
    }
    let all: Vec<&Setting> = local.iter().chain(global).filter(|setting| setting.section == "url").collect();
    for remote in &mut remotes {
        let push = match &remote.push_url {
            Some(url) => rewritten(url, &all, "insteadof").unwrap_or_else(|| url.clone()),
            None => rewritten(&remote.url, &all, "pushinsteadof")
                .or_else(|| rewritten(&remote.url, &all, "insteadof"))
                .unwrap_or_else(|| remote.url.clone()),
        };
        if let Some(url) = rewritten(&remote.url, &all, "insteadof") {
            remote.url = url;
        }
        remote.push_url = (push != remote.url).then_some(push);
    }
    remotes
}

/// The address as `url.<base>.insteadOf` makes it: the longest beginning wins.
fn rewritten(url: &str, settings: &[&Setting], name: &str) -> Option<String> {
    let fitting = settings.iter().filter(|setting| setting.name == name && url.starts_with(&setting.value));
    let best = fitting.max_by_key(|setting| setting.value.len())?;
    Some(format!("{}{}", best.sub.as_deref().unwrap_or_default(), url.strip_prefix(&best.value)?))
}

fn upstreams(local: &[Setting]) -> Vec<(String, String)> {
    let of = |branch: &str, name: &str| {
        local
            .iter()
            .rfind(|setting| {
                setting.section == "branch" && setting.sub.as_deref() == Some(branch) && setting.name == name
            })
            .map(|setting| setting.value.clone())
    };
    let merges = local.iter().filter(|setting| setting.section == "branch" && setting.name == "merge");
    merges
        .filter_map(|setting| {
            let branch = setting.sub.as_deref()?;
            let target = setting.value.strip_prefix("refs/heads/").unwrap_or(&setting.value);
            let upstream = match of(branch, "remote")?.as_str() {
                "." => target.to_owned(),
                remote => format!("{remote}/{target}"),
            };
            Some((branch.to_owned(), upstream))
        })
        .collect()
}

/// Settings whose value, or what the value names, git runs or lets lead elsewhere; a star for any subsection.
const RUNNING: &[&str] = &[
    "alias.*",
    "browser.*.cmd",
    "browser.*.path",
    "core.alternaterefscommand",
    "core.askpass",
    "core.editor",
    "core.fsmonitor",
    "core.gitproxy",
    "core.hookspath",
    "core.pager",
    "core.sshcommand",
    "credential.*.helper",
    "credential.helper",
    "diff.*.command",
    "diff.*.textconv",
    "diff.external",
    "difftool.*.cmd",
    "difftool.*.path",
    "filter.*.clean",
    "filter.*.process",
    "filter.*.smudge",
    "gpg.*.program",
    "gpg.program",
    "gpg.ssh.defaultkeycommand",
    "guitool.*.cmd",
    "hook.*.command",
    "hook.*.path",
    "include.path",
    "includeif.*.path",
    "init.templatedir",
    "interactive.difffilter",
    "lfs.customtransfer.*.path",
    "man.*.cmd",
    "man.*.path",
    "merge.*.driver",
    "mergetool.*.cmd",
    "mergetool.*.path",
    "pager.*",
    "protocol.*.allow",
    "remote.*.proxy",
    "remote.*.receivepack",
    "remote.*.uploadpack",
    "remote.*.vcs",
    "sendemail.cccmd",
    "sendemail.sendmailcmd",
    "sendemail.smtpserver",
    "sendemail.tocmd",
    "sequence.editor",
    "submodule.*.update",
    "tar.*.command",
    "trailer.*.cmd",
    "trailer.*.command",
    "uploadpack.packobjectshook",
    "url.*.insteadof",
    "url.*.pushinsteadof",
    "web.browser",
];

impl Setting {
    fn is(&self, section: &str, name: &str) -> bool {
        self.section == section && self.sub.is_none() && self.name == name
    }

    fn key(&self, sub: &str) -> String {
        match &self.sub {
            Some(_) => format!("{}.{sub}.{}", self.section, self.name),
            None => format!("{}.{}", self.section, self.name),
        }
    }

    fn shown(&self) -> String {
        format!("{}={}", self.key(self.sub.as_deref().unwrap_or_default()), self.value)
    }

    fn runs(&self) -> bool {
        let value = self.value.trim();
        let nothing = value.is_empty() || matches!(value, "true" | "false" | "cat");
        match self.section.as_str() {
            "alias" => value.starts_with('!'),
            "submodule" => self.name == "update" && value.starts_with('!'),
            "pager" => !nothing,
            // What `git lfs install --local` writes.
            "filter" if value.starts_with("git-lfs ") && self.sub.as_deref() == Some("lfs") => false,
            _ if nothing => false,
            _ => RUNNING.contains(&self.key("*").as_str()),
        }
    }
}
