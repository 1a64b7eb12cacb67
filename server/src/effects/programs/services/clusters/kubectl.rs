//! kubectl and its kin: what a cluster is told, shown and made to run.

use super::*;

pub(super) const KUBECTL: Tool = Tool {
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

/// `kubectl get secret -o yaml` shows what is kept; the table of names does not.
fn secrets(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let shape = given.parsed.value(&["-o", "--output"]).map(Arg::shown).unwrap_or_default();
    let shows = given.words.first().is_none_or(|verb| verb != "describe")
        && !matches!(shape.as_str(), "name" | "wide" | "");
    given.add(C::Read, cluster(given, shell), given.targets().join(" "), shell);
    if !shows {
        return printed(given.call);
    }
    given.secret()
}

fn config(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let names = given.targets();
    if names.iter().any(|name| is_production(name)) {
        given.add(C::Change, ServiceReach::Production, names.join(" "), shell);
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

pub(super) fn inner_kubectl(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
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
