//! Files that go to buckets and come from them.

use super::*;

/// `aws s3 cp`, `gsutil rsync`, `az storage copy`: from one place to another, of which one is a bucket.
pub(super) fn copy(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let [from, .., to] = given.rest() else {
        return given.service(C::Change, (given.tool.reach)(given, shell), shell);
    };
    let sources = given.rest().split_last().map(|(_, before)| before).unwrap_or_default();
    let reach = (given.tool.reach)(given, shell);
    let whole_sync = given.operation().contains("sync") || given.operation().contains("mirror");
    let deletes = whole_sync
        && given.parsed.options.iter().any(|option| {
            matches!(
                option.name.as_str(),
                "--delete"
                    | "-d"
                    | "--remove"
                    | "--delete-unmatched-destination-objects"
                    | "--delete-removed"
            )
        });
    let moves = given.words.get(given.taken.saturating_sub(1)).is_some_and(|word| word == "mv");
    if given.is_dry() {
        given.add(C::Read, reach, to.shown(), shell);
        return printed(given.call);
    }
    let upload = is_bucket(to, given);
    if upload {
        for source in sources.iter().filter(|source| !is_bucket(source, given)) {
            send(given, source, to, reach, shell);
        }
        given.add(if deletes { C::Destroy } else { C::Change }, reach, to.shown(), shell);
    } else if is_bucket(from, given) {
        fetch(given, from, to, shell);
        if deletes {
            shell.delete(to, true);
        }
    }
    if moves {
        for source in sources {
            if is_bucket(source, given) {
                given.add(C::Delete, reach, source.shown(), shell);
            } else {
                shell.delete(source, false);
            }
        }
    }
    if given.parsed.value(&["--acl"]).is_some_and(|acl| acl.shown().starts_with("public")) {
        given.add(C::Publish, reach, to.shown(), shell);
    }
    printed(given.call)
}

fn send(given: &Given<'_>, source: &Arg, to: &Arg, reach: ServiceReach, shell: &mut Shell<'_>) {
    let read = if source.text() == Some("-") { given.call.stdin.clone() } else { shell.read_file(source) };
    if reach == ServiceReach::Local {
        return;
    }
    let what: Vec<Source> = read.sources().to_vec();
    let shown = to.shown();
    let host = bucket(&shown);
    shell.add(
        EffectKind::Send { to: Remote { shown, host, local: false }, what, how: SendHow::Body },
        source.span,
    );
}

fn fetch(given: &Given<'_>, from: &Arg, to: &Arg, shell: &mut Shell<'_>) {
    let shown = from.shown();
    let remote = Remote { host: bucket(&shown), shown: shown.clone(), local: false };
    if to.text() == Some("-") {
        shell.add(EffectKind::Fetch { from: remote, saves: None }, from.span);
        return;
    }
    let place = shell.place(to);
    shell.add(EffectKind::Fetch { from: remote, saves: Some(place) }, from.span);
    let content = Value::output(given.call.name, [Source::Url(shown)]);
    if given.parsed.has(&["--recursive", "-r"]) || given.operation().contains("sync") {
        shell.unpacked_into(to, content);
    } else {
        shell.write(to, WriteHow::Replace, Some(content));
    }
}

fn is_bucket(arg: &Arg, given: &Given<'_>) -> bool {
    let known = arg.value.prefix();
    let scheme =
        ["s3://", "gs://", "az://", "b2://", "https://"].iter().any(|scheme| known.starts_with(scheme));
    // `mc cp file alias/bucket`: the last one is the bucket when nothing says more.
    let alias = given.call.name == "mc" && !known.starts_with(['.', '/', '~']) && known.contains('/');
    scheme || alias
}

/// A bucket is somebody's own, as a host is.
fn bucket(shown: &str) -> Option<String> {
    let rest = shown.split_once("://")?.1;
    rest.split('/').next().map(str::to_ascii_lowercase).filter(|name| !name.is_empty())
}

pub(super) const GSUTIL: Tool = Tool {
    names: &["gsutil", "s3cmd", "s5cmd", "mc", "b2", "azcopy", "swift-s3"],
    service: "storage",
    options: Options { short: "ohcp", dry: &["--dry-run", "-n"], ..PLAIN },
    reach: by_names,
    rows: &[
        (
            "ls|cat|du|stat|hash|version|info|head|tree|find|diff|list-buckets|list; test; admin info; alias list|ls; lifecycle get; iam get; acl get; get-bucket-info; la; jobs",
            READ,
        ),
        ("config; alias; set; login; logout; authorize-account; --configure", Does::Looks),
        ("cp|mv|rsync|sync|copy|put|get|mirror|upload-file|download-file|cat; pipe", Does::Special(copy)),
        (
            "rm -r|-R|--recursive; rb; rb --force; delete-bucket; rm|del --recursive|-r|--force; remove; batch-delete",
            DESTROY,
        ),
        ("rm|del|delete-file-version|delete", DELETE),
        (
            "acl; iam; defacl; policy; anonymous; setacl; setpolicy; signurl; share; signurl; admin user|policy; web; cors",
            GRANT,
        ),
        ("mb; make; create-bucket", CREATE),
    ],
    otherwise: CHANGE,
};
