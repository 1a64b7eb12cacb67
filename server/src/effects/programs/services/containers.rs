//! Containers on this machine: docker, podman, nerdctl and compose.

use super::*;
use crate::effects::ServiceClass as C;
use crate::effects::{Worst, WriteHow};
use crate::world::Scope;

mod compose;
mod walls;

pub(crate) use walls::MIGHTY as MIGHTY_CAPABILITIES;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: DOCKER.names, model: docker },
    Program { names: &["docker-compose", "podman-compose"], model: compose::alone },
];

pub(super) const TOOLS: &[Tool] = &[IMAGES];

const GLOBAL: Spec = Spec {
    short: "HclD",
    long: &[
        "host",
        "context",
        "config",
        "log-level",
        "tlscacert",
        "tlscert",
        "tlskey",
        "connection",
        "url",
        "namespace",
        "address",
        "root",
        "runroot",
    ],
    operand_ends: true,
    single_dash: false,
};

/// Options of `run`, `create` and `exec` that take a value.
const RUN: Spec = Spec {
    short: "aceghlmpuvw",
    long: &[
        "add-host",
        "annotation",
        "attach",
        "blkio-weight",
        "cap-add",
        "cap-drop",
        "cgroup-parent",
        "cgroupns",
        "cidfile",
        "cpu-period",
        "cpu-quota",
        "cpu-shares",
        "cpus",
        "cpuset-cpus",
        "cpuset-mems",
        "detach-keys",
        "device",
        "device-cgroup-rule",
        "dns",
        "dns-option",
        "dns-search",
        "domainname",
        "entrypoint",
        "env",
        "env-file",
        "expose",
        "gpus",
        "group-add",
        "health-cmd",
        "health-interval",
        "health-retries",
        "health-start-period",
        "health-timeout",
        "hostname",
        "ip",
        "ip6",
        "ipc",
        "isolation",
        "kernel-memory",
        "label",
        "label-file",
        "link",
        "log-driver",
        "log-opt",
        "mac-address",
        "memory",
        "memory-reservation",
        "memory-swap",
        "memory-swappiness",
        "mount",
        "name",
        "network",
        "net",
        "network-alias",
        "oom-score-adj",
        "pid",
        "pids-limit",
        "platform",
        "publish",
        "pull",
        "restart",
        "runtime",
        "security-opt",
        "shm-size",
        "stop-signal",
        "stop-timeout",
        "storage-opt",
        "sysctl",
        "tmpfs",
        "ulimit",
        "user",
        "userns",
        "uts",
        "volume",
        "volume-driver",
        "volumes-from",
        "workdir",
        "pod",
        "secret",
    ],
    operand_ends: true,
    single_dash: false,
};

const BUILD: Spec = Spec {
    short: "ftoc",
    long: &[
        "file",
        "tag",
        "build-arg",
        "target",
        "platform",
        "label",
        "cache-from",
        "cache-to",
        "output",
        "secret",
        "ssh",
        "network",
        "progress",
        "iidfile",
        "metadata-file",
        "builder",
        "add-host",
        "build-context",
        "allow",
        "annotation",
        "attest",
        "provenance",
        "sbom",
        "shm-size",
        "ulimit",
        "memory",
        "isolation",
        "format",
        "volume",
    ],
    operand_ends: false,
    single_dash: false,
};

const DOCKER: Tool = Tool {
    names: &["docker", "podman", "nerdctl", "finch", "com.docker.cli"],
    service: "docker",
    options: Options {
        short: "Hcup",
        long: &[
            "filter", "format", "host", "context", "config", "tail", "since", "until", "last", "signal",
            "time", "message", "author", "output", "input", "driver", "opt", "label", "subnet", "gateway",
            "change", "username", "password", "restart", "memory", "cpus",
        ],
        ..PLAIN
    },
    reach,
    rows: &[
        (
            "ps; images; logs; inspect; top; stats; version; info; port; diff; history; search; events; wait; \
             container|image|volume|network|context|system|builder|buildx|node|service|stack|secret|config|plugin|manifest|machine|pod|checkpoint|trust|scout \
             ls|list|inspect|ps|logs|top|stats|port|diff|history|df|info|events|du|show|version|tasks|quickview|cves; search; scout",
            READ,
        ),
        ("pull; image pull; stack config", Does::Special(pull)),
        ("push; image push; manifest push; trust sign", PUBLISH),
        ("login", Does::Special(login)),
        ("logout; context use|create|show; buildx use|create|install|stop; desktop", Does::Looks),
        (
            "volume rm|remove|prune; system prune --volumes; system reset; machine rm|reset; volume prune",
            DESTROY,
        ),
        (
            "rmi; rm; image rm|remove|prune; container rm|remove|prune; network rm|remove|prune; system prune; builder prune; \
          buildx rm|prune; context rm; pod rm|prune; checkpoint rm",
            Does::Special(removes),
        ),
        (
            "secret|config rm|remove; stack|service rm|remove|down; swarm leave; node rm",
            Does::Acts(C::Delete),
        ),
        ("secret|config create", Does::Keeps),
        (
            "swarm init|join|update|unlock|ca|join-token; node; plugin install|enable|set; service|stack create|deploy|update|scale|rollback; trust",
            DEPLOY,
        ),
        ("cp; container cp", Does::Special(copies)),
        ("save|export; image save; container export", Does::Special(saves)),
        ("load|import; image load|import", Does::Special(loads)),
        (
            "start|stop|restart|pause|unpause|kill|rename|update|attach|commit|tag|unmount; container *; image tag; network create|connect|disconnect; volume create; \
          buildx imagetools; pod *; machine *; generate; unshare; init; model; mcp; sandbox",
            Does::Here(C::Change),
        ),
    ],
    otherwise: Does::Unknown,
};

/// Programs that move and build images without a daemon.
const IMAGES: Tool = Tool {
    names: &[
        "skopeo",
        "crane",
        "oras",
        "buildah",
        "cosign",
        "ko",
        "pack",
        "img",
        "dive",
        "hadolint-docker",
        "regctl",
        "trivy",
        "grype",
        "syft",
    ],
    service: "registry",
    rows: &[
        (
            "inspect; list-tags; ls; manifest|digest|config|catalog|validate|tag|image|repo get|ls|inspect|list; verify*; tree; images; containers; info; \
          pull; fs; image; config; sbom; scan; rootfs; export; discover; manifest fetch; download; cache",
            READ,
        ),
        ("copy|sync|cp|push|append|mutate|rebase|attach|sign|attest|resolve|publish|apply", PUBLISH),
        ("delete; ** delete|rm", DELETE),
        ("login; logout; auth", Does::Looks),
        ("bud|build|from|run|config|commit|rm|rmi|mount|unmount|add|copy|tag", Does::Project),
    ],
    otherwise: Does::Unknown,
    ..REMOTE
};

/// This machine's own daemon, unless another one is named.
fn reach(given: &Given<'_>, shell: &Shell<'_>) -> ServiceReach {
    reach_of(&given.parsed, shell)
}

fn reach_of(parsed: &Parsed, shell: &Shell<'_>) -> ServiceReach {
    let host = parsed
        .value(&["-H", "--host"])
        .map(Arg::shown)
        .or_else(|| shell.variable("DOCKER_HOST").map(|value| value.shown()))
        .filter(|host| !host.is_empty() && !host.starts_with("unix://") && !host.starts_with("npipe://"));
    let context = parsed
        .value(&["-c", "--context"])
        .map(Arg::shown)
        .or_else(|| shell.variable("DOCKER_CONTEXT").map(|value| value.shown()))
        .filter(|name| {
            !matches!(
                name.as_str(),
                "" | "default" | "desktop-linux" | "colima" | "rancher-desktop" | "orbstack" | "rootless"
            )
        });
    match host.or(context) {
        None => ServiceReach::Local,
        Some(name) if is_production(&name) => ServiceReach::Production,
        Some(name) if Remote::read(&name).local => ServiceReach::Local,
        Some(_) => ServiceReach::Remote,
    }
}

fn docker(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let global = parse(call.args, &GLOBAL);
    let mut words = global.operands.as_slice();
    if let [group, rest @ ..] = words
        && matches!(group.text(), Some("container" | "image" | "buildx" | "builder"))
        && matches!(rest.first().and_then(Arg::text), Some("run" | "create" | "exec" | "build" | "bake"))
        && !(group.text() == Some("buildx") && rest.first().and_then(Arg::text) == Some("create"))
    {
        words = rest;
    }
    let Some((sub, rest)) = words.split_first() else { return observe(call, shell) };
    let asks = rest
        .iter()
        .take_while(|arg| arg.value.prefix().starts_with('-'))
        .any(|arg| arg.text() == Some("--help"));
    if asks {
        return observe(call, shell);
    }
    let reach = reach_of(&global, shell);
    match sub.text() {
        Some("run" | "create") => run(call, rest, reach, shell),
        Some("exec") => exec(call, rest, reach, shell),
        Some("build" | "bake") => build(call, rest, shell),
        Some("compose") => compose::compose(call, rest, reach, shell),
        _ => follow(&DOCKER, call, shell),
    }
}

/// `docker run`: what the container gets of this machine, and what runs in it.
fn run(call: &Call<'_>, args: &[Arg], reach: ServiceReach, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(args, &RUN);
    let secrets = walls::check(&parsed, shell);
    for file in parsed.values(&["--env-file", "--label-file"]) {
        shell.read_file(file);
    }
    for port in parsed.values(&["-p", "--publish"]) {
        // Docker opens published ports on all addresses, yet for development on this machine that is its way.
        let shown = port.shown();
        if !matches!(shown.split(':').count(), 1 | 2)
            && !shown.starts_with("127.0.0.1:")
            && !shown.starts_with("[::1]")
        {
            shell.add(EffectKind::Listen { address: shown, serves: None }, port.span);
        }
    }
    let image = parsed.operands.first().map(Arg::shown).unwrap_or_default();
    let mut words: Vec<Arg> = parsed.value(&["--entrypoint"]).cloned().into_iter().collect();
    words.extend_from_slice(parsed.rest(1));
    elsewhere(call, &image, &words, reach, shell);
    let mut out = printed(call);
    out.add_sources(secrets.sources().iter().cloned());
    out
}

fn exec(call: &Call<'_>, args: &[Arg], reach: ServiceReach, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(args, &RUN);
    if let Some(option) = parsed.find(&["--privileged"]) {
        shell.add(
            EffectKind::Weaken { what: "the walls of the container".to_owned(), once: true },
            option.span,
        );
    }
    let name = parsed.operands.first().map(Arg::shown).unwrap_or_default();
    elsewhere(call, &name, parsed.rest(1), reach, shell);
    databases::in_container(parsed.rest(1), call, shell);
    printed(call)
}

/// A command runs in a container, on this machine or beyond it.
fn elsewhere(call: &Call<'_>, name: &str, words: &[Arg], reach: ServiceReach, shell: &mut Shell<'_>) {
    let command = words.iter().map(Arg::shown).collect::<Vec<_>>().join(" ");
    let place = if reach == ServiceReach::Local {
        Elsewhere::Container(name.to_owned())
    } else {
        Elsewhere::Cluster(name.to_owned())
    };
    shell.add(
        EffectKind::RunElsewhere { place, command: (!command.is_empty()).then_some(command) },
        call.span,
    );
}

fn build(call: &Call<'_>, args: &[Arg], shell: &mut Shell<'_>) -> Value {
    let parsed = parse(args, &BUILD);
    for file in parsed.values(&["-f", "--file"]).filter(|file| file.text() != Some("-")) {
        shell.read_file(file);
    }
    for arg in parsed.values(&["--allow"]) {
        if arg.shown().contains("security.insecure") {
            shell.add(EffectKind::Weaken { what: "the walls of the build".to_owned(), once: true }, arg.span);
        }
    }
    let mut from_afar = parsed.operands.iter().filter(|context| context.value.prefix().contains("://"));
    if let Some(context) = from_afar.next() {
        shell.add(EffectKind::RunDownloaded { from: context.shown(), place: None }, context.span);
    }
    let pushes = parsed.has(&["--push"])
        || parsed
            .values(&["-o", "--output"])
            .any(|arg| arg.shown().contains("push=true") || arg.shown().contains("type=registry"));
    shell.add(EffectKind::RunProject { task: "docker build".to_owned() }, call.span);
    if pushes {
        let target = parsed.values(&["-t", "--tag"]).map(Arg::shown).collect::<Vec<_>>().join(" ");
        let kind = EffectKind::Service {
            service: "docker".to_owned(),
            operation: "build --push".to_owned(),
            target,
            class: C::Publish,
            reach: ServiceReach::Remote,
        };
        shell.add(kind, call.span);
    }
    printed(call)
}

fn pull(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    for image in given.rest() {
        let shown = image.shown();
        let host = shown
            .split('/')
            .next()
            .filter(|host| host.contains('.') || host.contains(':'))
            .unwrap_or("docker.io");
        shell.add(
            EffectKind::Fetch { from: Remote { shown: shown.clone(), ..Remote::read(host) }, saves: None },
            image.span,
        );
    }
    printed(given.call)
}

/// A password on the command line stands in the list of processes and the shell's history.
fn login(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let host = given.targets().first().cloned().unwrap_or_else(|| "docker.io".to_owned());
    let mut what: Vec<Source> = given.call.stdin.sources().to_vec();
    for value in given.parsed.values(&["-p", "--password"]) {
        what.extend(value.value.sources().iter().cloned());
    }
    shell.add(EffectKind::Send { to: Remote::read(&host), what, how: SendHow::Login }, given.call.span);
    Value::default()
}

/// Containers, images and networks of this machine can be made again.
fn removes(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    // What is named by a command in the line (`$(docker ps -aq)`) is all there is, not only ours.
    let all = given.rest().iter().any(|arg| arg.text().is_none());
    let running =
        all && given.words.first().is_some_and(|word| word == "rm") && given.parsed.has(&["-f", "--force"]);
    if running {
        shell.add(
            EffectKind::Kill { target: "every container".to_owned(), whose: crate::effects::Whose::Others },
            given.call.span,
        );
    }
    let reach = reach(given, shell);
    given.service(C::Delete, reach, shell)
}

/// `docker cp` into or out of a container.
fn copies(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let [from, to] = given.rest() else { return observe(given.call, shell) };
    let inside = |arg: &Arg| {
        arg.value
            .prefix()
            .split_once(':')
            .is_some_and(|(name, _)| !name.is_empty() && !name.contains('/') && !name.starts_with('.'))
    };
    let mut content = Value::output("docker cp", []);
    if !inside(from) && from.text() != Some("-") {
        content = shell.read_file(from);
    }
    if inside(to) {
        let reach = reach(given, shell);
        given.add(C::Change, reach, to.shown(), shell);
        if reach != ServiceReach::Local {
            given.sends_secrets(&content, shell);
        }
    } else if to.text() != Some("-") {
        shell.write(to, WriteHow::Replace, Some(content));
    }
    Value::default()
}

fn saves(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    if let Some(file) = given.parsed.value(&["-o", "--output"]).cloned().or_else(|| {
        // `-o` takes its value here.
        given.parsed.find(&["-o"]).and_then(|_| given.rest().first().cloned())
    }) {
        shell.write(&file, WriteHow::Replace, None);
    }
    given.add(C::Read, ServiceReach::Local, given.targets().join(" "), shell);
    printed(given.call)
}

fn loads(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    for file in given.parsed.values(&["-i", "--input"]) {
        shell.read_file(file);
    }
    given.add(C::Create, ServiceReach::Local, given.targets().join(" "), shell);
    Value::default()
}

/// A folder that containers may hold of this machine without a word.
fn harmless(scope: Scope) -> bool {
    matches!(scope, Scope::Workspace | Scope::WorkspaceRoot | Scope::Temp | Scope::Sink)
}
