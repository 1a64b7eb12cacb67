//! Clusters and virtual machines: kubectl, helm, argocd, flux, minikube, vagrant and their like.

use super::*;
use crate::effects::ServiceClass as C;
use crate::effects::WriteHow;

mod kubectl;

pub(super) const PROGRAMS: &[Program] = &[Program {
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
}];

pub(super) const TOOLS: &[Tool] = &[kubectl::KUBECTL, HELM, LOCAL, DELIVERY, CONTEXT, SKAFFOLD, MACHINES];

fn looks(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    observe(call, shell)
}

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
        ("kubectl", Does::Special(kubectl::inner_kubectl)),
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
        switches: &[&[
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
        ]],
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

fn context(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    if given.words.iter().any(|name| is_production(name)) {
        given.add_named("use", C::Change, ServiceReach::Production, given.words.join(" "), shell);
        return Value::default();
    }
    observe(given.call, shell)
}

/// A command that runs in a machine on this machine.
fn inside(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let words: Vec<Arg> = match given.parsed.value(&["-c", "--command"]) {
        Some(line) => vec![line.clone()],
        None => given.rest().to_vec(),
    };
    given.runs(Elsewhere::Container(given.call.name.to_owned()), &words, shell)
}
