//! Clusters and virtual machines: kubectl, helm, argocd, flux, minikube, vagrant and their like.

use super::*;
use crate::effects::ServiceClass as C;
use crate::effects::WriteHow;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: KUBECTL.names, model: tool },
    Program { names: HELM.names, model: tool },
    Program {
        names: &[
            "kustomize",
            "kubeval",
            "kubeconform",
            "kube-linter",
            "kube-score",
            "stern",
            "kubectx-list",
            "popeye",
            "pluto",
            "helm-docs",
        ],
        model: looks,
    },
    Program { names: LOCAL.names, model: tool },
    Program { names: DELIVERY.names, model: tool },
    Program { names: CONTEXT.names, model: tool },
    Program { names: SKAFFOLD.names, model: tool },
    Program { names: MACHINES.names, model: tool },
];

pub(super) const TOOLS: &[Tool] = &[KUBECTL, HELM, LOCAL, DELIVERY, CONTEXT, SKAFFOLD, MACHINES];

fn looks(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    observe(call, shell)
}

const KUBECTL: Tool = Tool {
    names: &["kubectl", "oc", "k", "microk8s.kubectl", "kubectl.exe"],
    service: "kubernetes",
    options: Options {
        short: "nflocspv",
        long: &[
            "namespace",
            "filename",
            "selector",
            "output",
            "context",
            "cluster",
            "kubeconfig",
            "container",
            "image",
            "replicas",
            "current-replicas",
            "type",
            "patch",
            "patch-file",
            "field-selector",
            "from-literal",
            "from-file",
            "from-env-file",
            "overrides",
            "tail",
            "since",
            "since-time",
            "as",
            "as-group",
            "server",
            "token",
            "timeout",
            "request-timeout",
            "grace-period",
            "subresource",
            "template",
            "sort-by",
            "for",
            "port",
            "target-port",
            "to-revision",
            "user",
            "kustomize",
            "cascade",
            "field-manager",
            "local",
            "verb",
            "resource",
            "role",
            "clusterrole",
            "serviceaccount",
            "group",
            "min",
            "max",
            "cpu-percent",
            "address",
            "max-log-requests",
            "label-columns",
            "chunk-size",
            "env",
            "labels",
            "limits",
            "requests",
            "schedule",
            "restart",
            "name",
            "hostname",
            "key",
            "cert",
            "docker-server",
            "docker-username",
            "docker-password",
            "docker-email",
            "profile",
            "prefix",
            "output-directory",
            "audience",
            "duration",
            "to",
            "revision",
            "containers",
            "path",
        ],
        reads: &["-f", "--filename", "--patch-file", "--from-env-file"],
        scope: &["-n", "--namespace", "--context", "-f", "--filename", "-l", "--selector"],
        login: &["--token", "--docker-password", "--docker-username", "--server", "-s"],
        ..PLAIN
    },
    reach: cluster,
    rows: &[
        (
            "get|describe secret|secrets -o|--output; get secret/*|secrets/* -o|--output; extract secret/*; view-secret",
            Does::Special(secrets),
        ),
        (
            "config view --raw; config view --raw=true; create token; whoami -t; whoami --show-token",
            Does::Shows,
        ),
        (
            "get|describe|logs|top|explain|diff|api-resources|api-versions|cluster-info|version|events|wait|whoami|status|projects|kustomize|convert|options|plugin; \
             auth can-i|whoami; rollout status|history; config view|get-contexts|current-context|get-clusters|get-users; apply view-last-applied; config current; \
             certificate list; image info; neat; tree; ctx; ns; krew list|search|info",
            READ,
        ),
        (
            "config use-context|set-context|set|unset|set-cluster|set-credentials|rename-context|delete-context|delete-cluster|delete-user; login; logout; project",
            Does::Special(config),
        ),
        (
            "delete namespace|namespaces|ns|pv|pvc|persistentvolume|persistentvolumes|persistentvolumeclaim|persistentvolumeclaims|crd|crds|customresourcedefinition|project|all|statefulset|statefulsets|sts; \
          delete namespace/*|ns/*|pv/*|pvc/*|persistentvolumeclaim/*|crd/*|project/*|sts/*|statefulset/*; delete * --all; delete --all; delete * -A; delete * --all-namespaces; delete -k; replace --force",
            DESTROY,
        ),
        ("delete *; delete; uninstall", DELETE),
        (
            "create clusterrolebinding|rolebinding|role|clusterrole|serviceaccount|sa; adm policy|groups; policy; set subject; auth reconcile; certificate approve",
            GRANT,
        ),
        ("create secret; create configmap|cm --from-file; set env --from=secret*", Does::Keeps),
        ("exec|rsh|debug|attach", Does::Special(exec)),
        ("cp|rsync", Does::Special(copies)),
        ("port-forward", Does::Special(forward)),
        ("proxy", Does::Special(proxy)),
        ("run", Does::Runs),
        ("drain|cordon|uncordon|taint; adm", CHANGE),
        ("rollout undo; apply|rolling-update|start-build|new-app|deploy", DEPLOY),
        ("rollout|set *; rollout|set|scale|autoscale|expose", CHANGE),
        ("create", CREATE),
        ("edit|patch|replace|label|annotate", CHANGE),
        ("krew install|upgrade|uninstall", Does::Unknown),
    ],
    otherwise: Does::Unknown,
};

const HELM: Tool = Tool {
    names: &["helm", "helmfile", "helm3"],
    service: "helm",
    options: Options {
        short: "nfo",
        long: &[
            "namespace",
            "values",
            "set",
            "set-string",
            "set-file",
            "set-json",
            "version",
            "output",
            "kube-context",
            "kubeconfig",
            "timeout",
            "repo",
            "username",
            "password",
            "destination",
            "app-version",
            "environment",
            "file",
            "selector",
            "description",
            "history-max",
            "revision",
            "post-renderer",
            "max",
            "filter",
            "ca-file",
            "cert-file",
            "key-file",
            "kube-apiserver",
            "kube-token",
            "state-values-set",
            "state-values-file",
        ],
        reads: &["-f", "--values", "--set-file"],
        scope: &["-n", "--namespace", "--kube-context", "-e", "--environment"],
        login: &["--username", "--password", "--kube-token"],
        ..PLAIN
    },
    reach: cluster,
    rows: &[
        (
            "list|ls|status|history|get|show|inspect|search|diff|verify|env|template|lint; repo list|index; dependency list; plugin list; write-values; deps; fetch; build",
            READ,
        ),
        ("create|package; repo update|remove; dependency|dep build|update; init", Does::Project),
        ("repo add; registry login|logout", Does::Looks),
        ("pull", READ),
        ("plugin install|update", Does::Unknown),
        ("uninstall|delete|del|destroy", DESTROY),
        ("push; cm-push; s3 push", PUBLISH),
        ("install|upgrade|rollback|apply|sync", DEPLOY),
        ("test", RUN),
    ],
    otherwise: CHANGE,
};

const LOCAL: Tool = Tool {
    names: &[
        "minikube", "kind", "k3d", "colima", "microk8s", "k3s", "crc", "limactl", "lima", "orb", "orbctl",
        "ctlptl",
    ],
    service: "local cluster",
    options: Options {
        short: "pnoc",
        long: &[
            "profile",
            "name",
            "driver",
            "config",
            "image",
            "memory",
            "cpus",
            "nodes",
            "cluster",
            "kubernetes-version",
            "output",
        ],
        ..PLAIN
    },
    reach: local,
    rows: &[
        (
            "status|ip|logs|profile|version|service|list|dashboard|docker-env|config|ssh-key|get|addons|inspect|kubeconfig|export; cluster list; node list",
            READ,
        ),
        ("kubectl", Does::Special(inner_kubectl)),
        ("ssh|shell", Does::Special(inside)),
        ("tunnel; mount", Does::Here(C::Change)),
        ("delete; ** delete|rm; purge; reset", Does::Here(C::Delete)),
    ],
    otherwise: Does::Here(C::Change),
};

const DELIVERY: Tool = Tool {
    names: &[
        "argocd",
        "flux",
        "istioctl",
        "linkerd",
        "cilium",
        "velero",
        "eksctl",
        "kops",
        "rancher",
        "argo",
        "tkn",
        "kn",
        "clusterctl",
        "talosctl",
        "kubeadm",
        "kubeseal",
        "nomad",
        "consul",
        "pulsarctl",
        "dapr",
        "okteto",
        "telepresence",
        "teleport",
        "tctl",
    ],
    service: "cluster",
    options: Options {
        scope: &["-n", "--namespace", "--context", "--name", "--cluster"],
        switches: &[
            "prune",
            "force",
            "yes",
            "purge",
            "all",
            "verbose",
            "wait",
            "detach",
            "watch",
            "silent",
            "json",
            "hard-refresh",
            "refresh",
            "keep-kv",
            "local",
        ],
        ..REMOTE.options
    },
    reach: cluster,
    rows: &[
        ("acl token read; operator keygen; kv get --secret", Does::Shows),
        (
            "** get|list|ls|describe|diff|history|logs|status|version|check|analyze|proxy-status|proxy-config|stats|tree|trace|validate|info|plan|monitor|top|members|kv|inspect|manifests|export|events|x|catalog|health --dry-run",
            READ,
        ),
        (
            "get|list|ls|describe|diff|history|logs|status|version|check|analyze|proxy-status|proxy-config|stats|tree|trace|validate|plan|monitor|top|members|inspect|manifests|export|events|viz|operator-version; \
          * get|list|ls|describe|diff|history|logs|status|version|check|validate|plan|info|manifests|resources|wait|search|inspect|members",
            READ,
        ),
        ("login; logout; context; config; completion", Does::Looks),
        ("delete cluster; cluster delete; reset; system gc", DESTROY),
        ("** delete|uninstall|destroy|rm|remove|purge|deregister|terminate; job stop -purge", DESTROY),
        ("account; role; acl; * create role|user; users", GRANT),
        ("exec; alloc exec", Does::Runs),
        ("connect; intercept", Does::Weakens("the wall between this machine and the cluster")),
    ],
    otherwise: DEPLOY,
};

const CONTEXT: Tool = Tool {
    names: &["kubectx", "kubens", "k9s", "lens"],
    service: "kubernetes",
    options: PLAIN,
    reach: cluster,
    rows: &[(". ; -c; --current; --readonly", Does::Looks), ("*", Does::Special(context))],
    otherwise: Does::Looks,
};

const SKAFFOLD: Tool = Tool {
    names: &["skaffold", "tilt", "garden", "devspace"],
    service: "cluster",
    options: Options {
        short: "fpn",
        long: &["filename", "profile", "namespace", "kube-context", "tag", "default-repo", "env"],
        scope: &["-n", "--namespace", "-p", "--profile", "--kube-context", "--env"],
        ..PLAIN
    },
    reach: by_names,
    rows: &[
        ("diagnose|render|inspect|schema|list|version|get|describe|logs|lint|doctor|analyze", READ),
        ("dev|debug|up|ci|build|test|init|print|trigger", Does::Project),
        ("delete|down|purge; cleanup", DELETE),
        ("run|deploy|apply", DEPLOY),
    ],
    otherwise: Does::Unknown,
};

const MACHINES: Tool = Tool {
    names: &[
        "vagrant",
        "virsh",
        "lxc",
        "incus",
        "multipass",
        "qemu-img",
        "VBoxManage",
        "vboxmanage",
        "prlctl",
        "tart",
        "virt-install",
    ],
    service: "virtual machine",
    options: Options { short: "o", long: &["output", "connect"], ..PLAIN },
    reach: local,
    rows: &[
        (
            "status|global-status|list|ls|info|version|validate|port|ssh-config|dominfo|domstate|dumpxml|nodeinfo|net-list|pool-list|vol-list|check|compare|map|measure|find|showvminfo; \
          box|snapshot|plugin|image|network|storage|profile|remote|config list|show|outdated|ls; list vms",
            READ,
        ),
        ("ssh|exec|shell|console; guestcontrol", Does::Special(inside)),
        (
            "destroy|delete|undefine|rm|purge|unregistervm; vol-delete|pool-delete|vol-wipe|snapshot-delete; box remove; snapshot delete|pop; image|storage|network delete|rm",
            Does::Here(C::Destroy),
        ),
        ("config set security.privileged*; config device add", Does::Weakens("the walls of a container")),
        ("up|halt|reload|provision|suspend|resume|init|start|stop|restart|launch", Does::Project),
        ("cloud publish; package; publish", PUBLISH),
        ("share", Does::Weakens("the wall around this machine")),
    ],
    otherwise: Does::Here(C::Change),
};

/// A cluster on this machine by its context's name, else one that others use.
fn cluster(given: &Given<'_>, shell: &Shell<'_>) -> ServiceReach {
    const HERE: [&str; 10] = [
        "minikube",
        "kind-",
        "k3d-",
        "docker-desktop",
        "docker-for-desktop",
        "rancher-desktop",
        "colima",
        "microk8s",
        "orbstack",
        "k3s-default",
    ];
    let context = given.parsed.value(&["--context", "--kube-context"]).map(Arg::shown).unwrap_or_default();
    let named = by_names(given, shell);
    if named != ServiceReach::Production && HERE.iter().any(|here| context.starts_with(here)) {
        return ServiceReach::Local;
    }
    named
}

/// `kubectl get secret -o yaml` shows what is kept; the table of names does not.
fn secrets(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let shape = given.parsed.value(&["-o", "--output"]).map(Arg::shown).unwrap_or_default();
    let shows = given.words.first().is_none_or(|verb| verb != "describe")
        && !matches!(shape.as_str(), "name" | "wide" | "");
    given.add(C::Read, cluster(given, shell), given.targets().join(" "), shell);
    if !shows {
        return printed(given.call);
    }
    given.secret(shell)
}

fn config(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let names = given.targets();
    if names.iter().any(|name| is_production(name)) {
        given.add(C::Change, ServiceReach::Production, names.join(" "), shell);
        return Value::default();
    }
    observe(given.call, shell)
}

fn context(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    if given.words.iter().any(|name| is_production(name)) {
        given.add_named("use", C::Change, ServiceReach::Production, given.words.join(" "), shell);
        return Value::default();
    }
    observe(given.call, shell)
}

/// What stands behind `--` runs in a pod.
fn exec(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let reach = cluster(given, shell);
    let pod = given.targets().first().cloned().unwrap_or_default();
    let dashes = given.call.args.iter().position(|arg| arg.text() == Some("--"));
    let command = match dashes {
        Some(at) => given.call.args.get(at + 1..).unwrap_or_default(),
        None => given.parsed.rest(given.taken + 1),
    };
    let name =
        format!("{pod} {}", given.parsed.value(&["-n", "--namespace"]).map(Arg::shown).unwrap_or_default());
    let place = if reach == ServiceReach::Local {
        Elsewhere::Container(pod)
    } else {
        Elsewhere::Cluster(name.trim().to_owned())
    };
    if let Some(option) = given
        .parsed
        .find(&["--profile"])
        .filter(|option| option.value.as_ref().and_then(Arg::text) == Some("sysadmin"))
    {
        shell.add(EffectKind::Weaken { what: "the walls of the pod".to_owned(), once: false }, option.span);
    }
    given.runs(place, command, shell)
}

/// A command that runs in a machine on this machine.
fn inside(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let words: Vec<Arg> = match given.parsed.value(&["-c", "--command"]) {
        Some(line) => vec![line.clone()],
        None => given.rest().to_vec(),
    };
    given.runs(Elsewhere::Container(given.call.name.to_owned()), &words, shell)
}

fn inner_kubectl(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let mut words = vec![
        Arg::known("kubectl", given.call.span),
        Arg::known("--context", given.call.span),
        Arg::known("minikube", given.call.span),
    ];
    let rest = given.call.args.iter().skip_while(|arg| arg.text() != Some("kubectl")).skip(1);
    words.extend(rest.filter(|arg| arg.text() != Some("--")).cloned());
    shell.run_words(&words, given.call.span, given.call.stdin)
}

fn copies(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let [from, to] = given.rest() else { return observe(given.call, shell) };
    let reach = cluster(given, shell);
    if to.value.prefix().contains(':') {
        let read = shell.read_file(from);
        given.add(C::Change, reach, to.shown(), shell);
        if reach != ServiceReach::Local {
            given.sends_secrets(&read, shell);
        }
    } else {
        given.add(C::Read, reach, from.shown(), shell);
        shell.write(to, WriteHow::Replace, Some(Value::output("kubectl cp", [])));
    }
    Value::default()
}

/// A port of this machine leads into the cluster.
fn forward(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let address = given.parsed.value(&["--address"]).map_or_else(|| "127.0.0.1".to_owned(), Arg::shown);
    shell.add(EffectKind::Listen { address, serves: None }, given.call.span);
    given.add(C::Read, cluster(given, shell), given.targets().join(" "), shell);
    Value::default()
}

/// Whoever reaches the port has the user's rights in the cluster.
fn proxy(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let address = given.parsed.value(&["--address"]).map_or_else(|| "127.0.0.1".to_owned(), Arg::shown);
    if !crate::effects::is_local(&address) || address == "0.0.0.0" {
        shell.add(
            EffectKind::Weaken {
                what: "who may act on the cluster with the user's rights".to_owned(),
                once: false,
            },
            given.call.span,
        );
    }
    shell.add(EffectKind::Listen { address, serves: None }, given.call.span);
    Value::default()
}
