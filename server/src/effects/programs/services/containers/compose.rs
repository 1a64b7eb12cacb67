//! `docker compose`: the project's own containers on this machine.

use super::*;

const GLOBAL: Spec = Spec {
    short: "fp",
    long: &[
        "file",
        "project-name",
        "profile",
        "env-file",
        "project-directory",
        "progress",
        "ansi",
        "parallel",
    ],
    operand_ends: true,
    single_dash: false,
};

pub(super) fn alone(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    compose(call, call.args, ServiceReach::Local, shell)
}

pub(super) fn compose(call: &Call<'_>, args: &[Arg], reach: ServiceReach, shell: &mut Shell<'_>) -> Value {
    let global = parse(args, &GLOBAL);
    let Some((sub, rest)) = global.operands.split_first() else { return observe(call, shell) };
    for file in global.values(&["-f", "--file"]).filter(|file| file.text() != Some("-")) {
        let place = shell.place(file);
        shell.add(EffectKind::Read { place }, file.span);
    }
    let has = |names: &[&str]| {
        rest.iter()
            .take_while(|arg| arg.text() != Some("--"))
            .filter_map(Arg::text)
            .any(|word| names.contains(&word))
    };
    if has(&["--help", "--dry-run"]) {
        return observe(call, shell);
    }
    let operands =
        || rest.iter().map(Arg::shown).filter(|word| !word.starts_with('-')).collect::<Vec<_>>().join(" ");
    let service = |operation: &str, class: C, target: String, shell: &mut Shell<'_>| {
        let kind = EffectKind::Service {
            service: "docker compose".to_owned(),
            operation: operation.to_owned(),
            target,
            class,
            reach,
        };
        shell.add(kind, call.span);
        printed(call)
    };
    match sub.text().unwrap_or_default() {
        "up" | "build" | "create" | "watch" | "start" | "pull" | "restart" | "scale" => {
            if has(&["-V", "--renew-anon-volumes"]) {
                service("up -V", C::Delete, operands(), shell);
            }
            if reach == ServiceReach::Local {
                shell.add(
                    EffectKind::RunProject { task: format!("docker compose {}", sub.shown()) },
                    call.span,
                );
                return printed(call);
            }
            service(&sub.shown(), C::Deploy, operands(), shell)
        }
        "down" if has(&["-v", "--volumes"]) => {
            service("down --volumes", C::Destroy, "the project's volumes".to_owned(), shell)
        }
        "rm" if has(&["-v", "--volumes", "-sv", "-fv", "-fsv", "-svf", "-vf", "-sfv"]) => {
            service("rm --volumes", C::Delete, operands(), shell)
        }
        "down" | "stop" | "kill" | "pause" | "unpause" | "rm" => {
            service(&sub.shown(), C::Change, operands(), shell)
        }
        "run" => run(call, rest, reach, shell),
        "exec" => {
            let parsed =
                parse(rest, &Spec { short: "ueiwT", long: &["user", "env", "index", "workdir"], ..RUN });
            let parsed = if has(&["-T", "-it", "-ti", "-i"]) {
                // These take no value in this command.
                parse(rest, &Spec { short: "uew", long: &["user", "env", "index", "workdir"], ..RUN })
            } else {
                parsed
            };
            let name = parsed.operands.first().map(Arg::shown).unwrap_or_default();
            elsewhere(call, &name, parsed.rest(1), reach, shell);
            databases::in_container(parsed.rest(1), call, shell);
            printed(call)
        }
        "push" | "publish" => service(&sub.shown(), C::Publish, operands(), shell),
        "config" | "ps" | "logs" | "images" | "top" | "ls" | "port" | "events" | "version" | "stats"
        | "volumes" | "convert" | "wait" | "attach" | "export" | "commit" => {
            service(&sub.shown(), C::Read, operands(), shell)
        }
        "cp" => service("cp", C::Change, operands(), shell),
        _ => {
            shell.add(
                EffectKind::RunUnknown { program: format!("docker compose {}", sub.shown()), place: None },
                call.span,
            );
            printed(call)
        }
    }
}
