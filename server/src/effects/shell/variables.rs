//! Variables that do more than hold a value: they make programs run, load or skip something.

/// What setting a variable does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variables {
    /// Nothing by itself.
    Ordinary,
    /// Its value is run as a command.
    Runs,
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
            | "CARGO_BUILD_RUSTC_WRAPPER" => Self::Runs,
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
            | "INPUTRC" => Self::Loads,
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
