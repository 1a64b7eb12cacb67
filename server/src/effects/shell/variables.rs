//! Variables that do more than hold a value: they make programs run, load or skip something.

use super::nested::line;
use super::{EffectKind, Shell, Source, Span, Value};
use crate::effects::Remote;
use crate::world::Scope;

/// What setting a variable does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variables {
    /// Nothing by itself.
    Ordinary,
    /// Its value is run as a command.
    Runs,
    /// Its value is a program that others call, with words of their own behind it.
    Calls,
    /// Its value is loaded into other programs.
    Loads,
    /// Its value is loaded into other programs when one of these flags stands in it.
    LoadsWith(&'static [&'static str]),
    /// It decides which program a name means.
    Path,
    /// It names the server of which programs get packages or ask questions, other than these.
    Leads(&'static [&'static str]),
    /// It loosens a protection, in words.
    Weakens(&'static str),
    /// With some values, the shell keeps no record of what was run.
    Silences,
    /// It skips a check of the project, in words.
    Bypasses(&'static str),
}

impl Variables {
    /// What setting the variable of this name does.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "PAGER"
            | "GIT_PAGER"
            | "MANPAGER"
            | "EDITOR"
            | "VISUAL"
            | "GIT_EDITOR"
            | "GIT_SEQUENCE_EDITOR"
            | "GIT_SSH_COMMAND"
            | "GIT_SSH"
            | "GIT_EXTERNAL_DIFF"
            | "GIT_ASKPASS"
            | "SSH_ASKPASS"
            | "SUDO_ASKPASS"
            | "LESSOPEN"
            | "LESSCLOSE"
            | "PROMPT_COMMAND"
            | "BROWSER"
            | "GIT_PROXY_COMMAND"
            | "RSYNC_RSH"
            | "CVS_RSH"
            | "PSQL_PAGER"
            | "PSQL_EDITOR"
            | "SYSTEMD_PAGER"
            | "BAT_PAGER"
            | "GH_PAGER"
            | "GH_BROWSER"
            | "GH_EDITOR"
            | "KUBE_EDITOR"
            | "FCEDIT"
            | "PS0"
            | "PS4"
            | "RUSTC_WRAPPER"
            | "RUSTC_WORKSPACE_WRAPPER"
            | "CARGO_BUILD_RUSTC_WRAPPER"
            | "npm_config_script_shell"
            | "NPM_CONFIG_SCRIPT_SHELL" => Self::Runs,
            "RUSTC" | "RUSTDOC" | "CARGO_BUILD_RUSTC" => Self::Calls,
            _ if name.starts_with("CARGO_TARGET_")
                && (name.ends_with("_RUNNER") || name.ends_with("_LINKER")) =>
            {
                Self::Calls
            }
            "LD_PRELOAD"
            | "LD_AUDIT"
            | "DYLD_INSERT_LIBRARIES"
            | "BASH_ENV"
            | "ENV"
            | "ZDOTDIR"
            | "PYTHONSTARTUP"
            | "PYTHONINSPECT"
            | "PYTHONWARNINGS_HOOK"
            | "PERL5DB"
            | "GCONV_PATH"
            | "LUA_INIT"
            | "GIT_CONFIG"
            | "GIT_CONFIG_GLOBAL"
            | "GIT_CONFIG_SYSTEM"
            | "GIT_CONFIG_COUNT"
            | "GIT_CONFIG_PARAMETERS"
            | "GIT_EXEC_PATH"
            | "GIT_TEMPLATE_DIR"
            | "GLIBC_TUNABLES"
            | "INPUTRC"
            | "DOTNET_STARTUP_HOOKS"
            | "CORECLR_PROFILER_PATH"
            | "R_PROFILE_USER" => Self::Loads,
            "GOFLAGS" => Self::LoadsWith(&["-toolexec", "-exec", "-overlay", "-vettool"]),
            "MAKEFLAGS" | "GNUMAKEFLAGS" => Self::LoadsWith(&["--eval", "SHELL=", "$(", "/tmp", "-f -"]),
            "CC" | "CXX" | "LD" | "AR" | "AS" | "CPP" | "MAKE" | "SHELL" | "CMAKE_C_COMPILER"
            | "CMAKE_CXX_COMPILER" | "CFLAGS" | "CXXFLAGS" | "CPPFLAGS" | "LDFLAGS" | "RUSTFLAGS" => {
                Self::LoadsWith(&["/tmp", "/dev/shm", "-fplugin", "Downloads", "bash -c", "sh -c"])
            }
            "NODE_OPTIONS" => Self::LoadsWith(&[
                "--require",
                "-r ",
                "--import",
                "--loader",
                "--experimental-loader",
                "--inspect=0.0.0.0",
            ]),
            "PERL5OPT" | "PERL5LIB" => Self::LoadsWith(&["-M", "-I", "-m", "-e", "-d", "/tmp"]),
            "RUBYOPT" => Self::LoadsWith(&["-r", "-I"]),
            "JAVA_TOOL_OPTIONS" | "_JAVA_OPTIONS" | "MAVEN_OPTS" | "GRADLE_OPTS" => {
                Self::LoadsWith(&["-javaagent", "-agentpath", "-agentlib"])
            }
            "PYTHONPATH" | "LD_LIBRARY_PATH" | "DYLD_LIBRARY_PATH" | "NODE_PATH" | "RUBYLIB"
            | "CLASSPATH" => Self::LoadsWith(&["/tmp", "/var/tmp", "/dev/shm", "Downloads"]),
            "PATH" => Self::Path,
            "NODE_TLS_REJECT_UNAUTHORIZED"
            | "PYTHONHTTPSVERIFY"
            | "GIT_SSL_NO_VERIFY"
            | "CURL_INSECURE"
            | "SSL_NO_VERIFY"
            | "BUNDLE_SSL_VERIFY_MODE" => Self::Weakens("the check of who is at the other end (TLS)"),
            "PIP_INDEX_URL"
            | "PIP_EXTRA_INDEX_URL"
            | "PIP_FIND_LINKS"
            | "UV_INDEX_URL"
            | "UV_EXTRA_INDEX_URL"
            | "UV_DEFAULT_INDEX"
            | "UV_INDEX"
            | "UV_FIND_LINKS"
            | "PDM_PYPI_URL" => {
                Self::Leads(&["pypi.org", "files.pythonhosted.org", "pytorch.org", "test.pypi.org"])
            }
            "NPM_CONFIG_REGISTRY"
            | "npm_config_registry"
            | "YARN_REGISTRY"
            | "YARN_NPM_REGISTRY_SERVER"
            | "BUN_CONFIG_REGISTRY"
            | "COREPACK_NPM_REGISTRY" => Self::Leads(&["npmjs.org", "yarnpkg.com", "npmjs.com", "jsr.io"]),
            "GOPROXY" => Self::Leads(&["proxy.golang.org", "goproxy.io", "goproxy.cn", "direct", "off"]),
            "GOSUMDB" => Self::Leads(&["sum.golang.org", "sum.golang.google.cn"]),
            "CARGO_REGISTRIES_CRATES_IO_INDEX" | "CARGO_REGISTRY_INDEX" => {
                Self::Leads(&["crates.io", "github.com"])
            }
            "BUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/" | "GEM_SOURCE" => Self::Leads(&["rubygems.org"]),
            "OPENAI_BASE_URL" | "OPENAI_API_BASE" | "OPENAI_API_BASE_URL" => {
                Self::Leads(&["openai.com", "openai.azure.com", "openrouter.ai"])
            }
            "ANTHROPIC_BASE_URL" | "ANTHROPIC_API_URL" => Self::Leads(&["anthropic.com", "openrouter.ai"]),
            "GEMINI_BASE_URL" | "GOOGLE_GEMINI_BASE_URL" => Self::Leads(&["googleapis.com"]),
            "HF_ENDPOINT" => Self::Leads(&["huggingface.co", "hf-mirror.com"]),
            "OLLAMA_HOST" => Self::Leads(&[]),
            "HISTFILE" | "HISTSIZE" | "HISTFILESIZE" | "HISTIGNORE" => Self::Silences,
            "GIT_TERMINAL_PROMPT" => Self::Ordinary,
            "GONOSUMCHECK" | "GONOSUMDB" | "GOFLAGS_INSECURE" | "GOINSECURE" => {
                Self::Weakens("the check of Go modules")
            }
            "HUSKY"
            | "HUSKY_SKIP_HOOKS"
            | "SKIP_HOOKS"
            | "PRE_COMMIT_ALLOW_NO_CONFIG"
            | "LEFTHOOK"
            | "NO_VERIFY" => Self::Bypasses("the project's git hooks"),
            _ => Self::Ordinary,
        }
    }
}

impl Shell<'_> {
    /// Follows a part of a command line that another program completes. What it calls is most often a
    /// compiler or an emulator of a name that nobody knows: only what it does by itself counts.
    pub fn call_part(&mut self, value: &Value, span: Span) {
        let text = value.shown();
        let bare = text.trim_start_matches([';', '|', '&', '\n', ' ']);
        if bare.is_empty() {
            return;
        }
        let (at, before) = (self.effects.len(), self.state.clone());
        line(self, &Value::known(bare), span, &Value::default());
        self.state = before;
        let tail = self.effects.split_off(at.min(self.effects.len()));
        self.effects.extend(tail.into_iter().filter(|effect| match &effect.kind {
            EffectKind::RunUnknown { program, place } => {
                let lies = place.as_ref().is_some_and(|place| place.scope == Scope::Temp);
                lies && program.contains('/')
            }
            EffectKind::RunProject { .. } | EffectKind::Observe | EffectKind::Opaque { .. } => false,
            _ => true,
        }));
    }

    /// Watches for variables that make a program run or load something else, or that switch a check off.
    pub fn watch_variable(&mut self, name: &str, value: &Value, span: Span) {
        let text = value.text().unwrap_or_default().to_owned();
        match Variables::of(name) {
            Variables::Ordinary => {}
            Variables::Runs => {
                if !text.is_empty() || value.text().is_none() {
                    let before = self.state.clone();
                    line(self, value, span, &Value::default());
                    self.state = before;
                }
            }
            Variables::Calls => self.call_part(value, span),
            Variables::Loads => {
                if !text.is_empty() || value.text().is_none() {
                    let kind = EffectKind::Inject { variable: name.to_owned(), value: value.shown() };
                    self.add(kind, span);
                }
            }
            Variables::LoadsWith(flags) => {
                let shown = value.shown();
                let fetched = value.sources().iter().any(|source| matches!(source, Source::Url(_)));
                // The workspace may itself lie among temporary files.
                let own =
                    |part: &str| part.starts_with('/') && self.place_at(part).scope <= Scope::WorkspaceRoot;
                let planted = |flag: &&str| {
                    let mut parts = shown.split([':', ';', ' ', '=']).filter(|part| part.contains(*flag));
                    shown.contains(*flag) && (!flag.starts_with('/') || !parts.all(own))
                };
                if fetched || flags.iter().any(planted) {
                    let kind = EffectKind::Inject { variable: name.to_owned(), value: value.shown() };
                    self.add(kind, span);
                }
            }
            Variables::Silences => {
                let off = if name == "HISTIGNORE" {
                    text.contains('*')
                } else {
                    matches!(text.as_str(), "" | "0" | "/dev/null")
                };
                if off && value.text().is_some() {
                    let what = "the record of the commands that were run".to_owned();
                    self.add(EffectKind::Weaken { what, once: true }, span);
                }
            }
            Variables::Leads(usual) => self.watch_server(name, value, usual, span),
            Variables::Path => self.watch_path(value, span),
            Variables::Weakens(what) => {
                if !matches!(text.as_str(), "" | "0" | "false" | "no")
                    || name == "NODE_TLS_REJECT_UNAUTHORIZED"
                    || name == "PYTHONHTTPSVERIFY"
                {
                    let off =
                        !matches!(name, "NODE_TLS_REJECT_UNAUTHORIZED" | "PYTHONHTTPSVERIFY") || text == "0";
                    if off {
                        self.add(EffectKind::Weaken { what: what.to_owned(), once: true }, span);
                    }
                }
            }
            Variables::Bypasses(what) => {
                let off = if name == "HUSKY" { text == "0" } else { !text.is_empty() };
                if off {
                    self.add(EffectKind::BypassReview { what: what.to_owned() }, span);
                }
            }
        }
    }

    /// A server that programs get packages from, or tell what they are asked, without looking at who it is.
    fn watch_server(&mut self, name: &str, value: &Value, usual: &[&str], span: Span) {
        let shown = value.shown();
        if name == "OLLAMA_HOST" && shown.starts_with("0.0.0.0") {
            self.add(EffectKind::Listen { address: shown, serves: None }, span);
            return;
        }
        for part in shown.split([',', '|', ' ']).filter(|part| part.contains("://")) {
            let remote = Remote::read(part);
            let Some(host) = &remote.host else { continue };
            let within = |domain: &&str| {
                host == domain || host.strip_suffix(*domain).is_some_and(|before| before.ends_with('.'))
            };
            if !remote.local && !usual.iter().any(within) {
                self.add(EffectKind::Inject { variable: name.to_owned(), value: shown.clone() }, span);
                return;
            }
        }
    }

    /// A folder put before the others decides which program a name means.
    fn watch_path(&mut self, value: &Value, span: Span) {
        let shown = value.shown();
        let inherited = self.world().variable("PATH").unwrap_or_default();
        let known: Vec<&str> = inherited.split(':').collect();
        for folder in shown.split(':').filter(|folder| !folder.is_empty() && !folder.starts_with('$')) {
            if known.contains(&folder) {
                continue;
            }
            let place = self.place_at(folder);
            // What is put into the folder tells more than the folder: `/tmp` itself is grave to touch.
            let planted = self.place_at(&format!("{folder}/program")).scope == Scope::Temp
                || self.world().trail().came_from(&place.path).is_some()
                || self.files.keys().any(|path| path.parent() == Some(place.path.as_path()));
            if planted || folder == "." {
                self.add(EffectKind::Inject { variable: "PATH".to_owned(), value: shown.clone() }, span);
                return;
            }
        }
    }
}
