//! Forges and trackers: GitHub, GitLab, Gitea, Azure Repos, Jira, Linear.

use super::*;
use crate::effects::ServiceClass as C;
use crate::effects::WriteHow;

pub(super) const TOOLS: &[Tool] = &[GH, GLAB, HUB, TEA, TRACKER];

const PROPOSE: Does = Does::Acts(C::Propose);
const MERGE: Does = Does::Acts(C::Merge);
const RELEASE: Does = Does::Acts(C::Release);

const LONG: &[&str] = &[
    "title",
    "body",
    "body-file",
    "base",
    "head",
    "assignee",
    "label",
    "milestone",
    "project",
    "reviewer",
    "repo",
    "template",
    "json",
    "jq",
    "limit",
    "state",
    "author",
    "search",
    "method",
    "header",
    "field",
    "raw-field",
    "input",
    "hostname",
    "cache",
    "env",
    "org",
    "user",
    "app",
    "visibility",
    "description",
    "homepage",
    "remote",
    "source",
    "team",
    "ref",
    "name",
    "notes",
    "notes-file",
    "notes-start-tag",
    "target",
    "discussion-category",
    "dir",
    "pattern",
    "archive",
    "output",
    "subject",
    "match-head-commit",
    "author-email",
    "job",
    "attempt",
    "workflow",
    "branch",
    "event",
    "status",
    "commit",
    "created",
    "repos",
    "env-file",
    "add-label",
    "remove-label",
    "add-assignee",
    "remove-assignee",
    "add-reviewer",
    "remove-reviewer",
    "add-project",
    "remove-project",
    "default-branch",
    "comment",
    "reason",
    "filename",
    "desc",
    "scopes",
    "git-protocol",
    "key",
    "type",
    "color",
    "gitignore",
    "license",
    "interval",
    "language",
    "sort",
    "order",
    "owner",
    "machine",
    "codespace",
    "retention-period",
    "idle-timeout",
    "format",
    "message",
    "source-branch",
    "target-branch",
    "group",
    "per-page",
    "page",
    "squash-message",
    "duplicate-of",
    "preview",
    "add-topic",
    "remove-topic",
    "clobber-name",
    "fork-name",
    "parent",
    "form",
    "variables",
    "allowed-actions",
];

const OPTIONS: Options = Options {
    short: "RtbFBHalmprTqLsSAXfueonjwcN",
    long: LONG,
    reads: &["--body-file", "--notes-file", "--env-file", "--input"],
    writes: &["--output"],
    scope: &["-R", "--repo", "--org", "--env", "--hostname"],
    ..PLAIN
};

const GH: Tool = Tool {
    names: &["gh"],
    service: "github",
    options: OPTIONS,
    reach: remote,
    rows: &[
        ("api", Does::Special(api)),
        ("config get ** *oauth_token", Does::Shows),
        (
            "pr list|view|diff|checks|status; issue list|view|status|ls; release list|view|ls|verify|verify-asset; \
             repo list|view|ls|gitignore|license|read-file; gist list|view|ls; run list|view|watch|ls; \
             workflow list|view|ls; secret list|ls; variable list|get|ls; label list|ls; cache list|ls; search *; \
             ruleset; org; ssh-key list|ls; gpg-key list|ls; project list|view|field-list|item-list; \
             codespace list|view|logs|ports; extension list|search|browse; config get|list; auth status; status; \
             attestation verify|trusted-root; repo deploy-key list; repo autolink list|view; issue develop --list|-l; \
             discussion list|view; agent-task list|view; preview; release download -O=-",
            READ,
        ),
        ("auth status --show-token|-t; auth token", Does::Shows),
        ("pr checkout|co", Does::Special(checkout)),
        ("repo clone", Does::Special(clone)),
        ("gist clone; release download; run download; attestation download", Does::Special(download)),
        (
            "browse; config set; repo set-default; alias list|delete; config clear-cache; accessibility",
            Does::Looks,
        ),
        ("pr create|new --dry-run", READ),
        ("pr create|new; pr revert", PROPOSE),
        ("pr merge; pr review --approve|-a; pr update-branch --force", MERGE),
        (
            "pr comment|review|close|reopen|ready|lock|unlock; issue create|new|comment|close|reopen|transfer|lock; \
          discussion create|comment|close",
            MESSAGE,
        ),
        (
            "issue delete; project delete|item-delete|field-delete|close; repo delete-branch; label delete; cache delete; \
          run delete; gist delete; secret delete|remove; variable delete|remove; ssh-key delete; gpg-key delete; \
          release delete-asset; codespace delete; repo deploy-key delete; repo autolink delete; discussion delete",
            DELETE,
        ),
        ("repo delete; release delete", DESTROY),
        ("release create|new; release edit|upload", RELEASE),
        ("gist create|new", Does::Special(gist)),
        ("gist edit|rename", PUBLISH),
        ("repo edit --visibility=public; repo create --public; repo edit --visibility", PUBLISH),
        ("repo archive|rename|unarchive", DELETE),
        ("repo sync --force; repo sync", CHANGE),
        ("ssh-key add; gpg-key add; repo deploy-key add; auth refresh; auth setup-git", GRANT),
        ("auth login; auth logout; auth switch", Does::Looks),
        ("secret set", Does::Keeps),
        ("workflow disable; ruleset delete", Does::Weakens("the project's checks on the forge")),
        ("workflow run; run rerun; agent-task create", RUN),
        (
            "pr edit|update-branch|unlock|pin; issue edit|pin|unpin|unlock|develop|transfer; run cancel|force-cancel; \
          workflow enable; label; variable set; repo edit; project; codespace edit|stop; cache; repo autolink create",
            CHANGE,
        ),
        ("repo create|new|fork|template; codespace create", CREATE),
        ("codespace ssh|code|jupyter", Does::Runs),
        ("alias set|import", Does::Special(alias)),
        ("extension install|upgrade|create; ext install", Does::Special(extension)),
        ("extension exec|remove; copilot", Does::Unknown),
    ],
    otherwise: Does::Unknown,
};

const GLAB: Tool = Tool {
    names: &["glab"],
    service: "gitlab",
    rows: &[
        ("api", Does::Special(api)),
        (
            "mr|issue|release|repo|ci|pipeline|snippet|label|variable|schedule|job|project|incident|milestone|runner \
             list|view|ls|show|diff|status|trace|get|lint|export|issues|approvers|search|artifact|contributors; \
             auth status; config get; user events; ssh-key list|get; check-update; cluster; changelog",
            READ,
        ),
        ("auth status --show-token|-t", Does::Shows),
        ("auth login|logout; config set; alias list|delete", Does::Looks),
        ("mr checkout", Does::Special(checkout)),
        ("repo|project clone", Does::Special(clone)),
        ("mr create|new|for", PROPOSE),
        ("mr merge|accept|approve", MERGE),
        ("mr note|comment|close|reopen; issue create|new|note|close|reopen; incident note|close", MESSAGE),
        ("repo|project delete", DESTROY),
        ("** delete|rm; repo archive|transfer", DELETE),
        ("release create|upload", RELEASE),
        ("snippet create|new", PUBLISH),
        ("ssh-key add; deploy-key add; token create|rotate", GRANT),
        ("variable set|update", Does::Keeps),
        ("ci|pipeline run|trigger|retry|create; schedule run; job *", RUN),
        (
            "ci|pipeline cancel; mr|issue update|subscribe|unsubscribe|todo|rebase|revoke; label create",
            CHANGE,
        ),
        ("repo|project create|fork; schedule create", CREATE),
        ("alias set", Does::Special(alias)),
    ],
    ..GH
};

const HUB: Tool = Tool {
    names: &["hub"],
    rows: &[
        ("api", Does::Special(api)),
        (
            "pr list|show; issue .; issue show|labels; ci-status; browse; release .; release show; gist show; compare",
            READ,
        ),
        ("pull-request", PROPOSE),
        ("pr merge; merge", MERGE),
        ("issue create|update; pr close", MESSAGE),
        ("delete; release delete", DESTROY),
        ("release create|edit", RELEASE),
        ("gist create", PUBLISH),
        ("create|fork", CREATE),
        ("sync", Does::Looks),
    ],
    otherwise: Does::Special(as_git),
    ..GH
};

const TEA: Tool = Tool {
    names: &["tea"],
    service: "gitea",
    rows: &[
        (
            "** list|ls|view; whoami; notifications; login list; pulls|pr|issues|releases|repos|milestones|labels|times .",
            READ,
        ),
        ("login; logout; open", Does::Looks),
        ("pulls|pr checkout", Does::Special(checkout)),
        ("clone; repos clone", Does::Special(clone)),
        ("pulls|pr create|c", PROPOSE),
        ("pulls|pr merge|m|approve", MERGE),
        ("comment; issues|pulls|pr create|close|reopen|review|reject", MESSAGE),
        ("repos delete", DESTROY),
        ("** delete|rm", DELETE),
        ("releases create|edit", RELEASE),
    ],
    otherwise: CHANGE,
    ..GH
};

const TRACKER: Tool = Tool {
    names: &["jira", "linear", "acli", "shortcut", "clubhouse", "asana", "trello", "bb"],
    service: "tracker",
    rows: &[
        (
            "** list|ls|view|show|search|mine|me|get|query|serverinfo|issues; open; issue .; board; whoami",
            READ,
        ),
        ("init; auth; login; logout; config", Does::Looks),
        ("pr create", PROPOSE),
        ("pr merge|approve", MERGE),
        ("** delete|remove", DELETE),
        ("** create|new|comment|worklog|close", MESSAGE),
    ],
    otherwise: CHANGE,
    ..REMOTE
};

/// `gh api`: a method, or fields that make it a `POST`.
fn api(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = &given.parsed;
    let path = given.targets().first().cloned().unwrap_or_default();
    let fields: Vec<String> =
        parsed.values(&["-f", "-F", "--field", "--raw-field"]).map(Arg::shown).collect();
    let read = given.files(shell);
    for file in parsed.values(&["-F", "--field"]) {
        if let Some((name, _)) = file.value.prefix().split_once("=@") {
            shell.read_file(&crate::effects::argv::tail(file, name.len() + 2));
        }
    }
    let has_body = !fields.is_empty() || parsed.has(&["--input"]);
    let method = parsed.value(&["-X", "--method"]).map_or_else(
        || if has_body { "POST".to_owned() } else { "GET".to_owned() },
        |arg| arg.shown().to_ascii_uppercase(),
    );
    let bare = path.trim_start_matches('/');
    let class = if bare == "graphql" {
        let text = fields.join(" ") + &read.shown();
        graphql(&text)
    } else {
        endpoint(&method, bare, &fields)
    };
    given.add_named(&format!("api {method}"), class, ServiceReach::Remote, path, shell);
    if class != C::Read {
        given.sends_secrets(&read, shell);
    }
    printed(given.call)
}

fn graphql(text: &str) -> C {
    let mutation = text.contains("mutation");
    let names = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    if !mutation {
        return if text.contains("query=") || text.contains('{') { C::Read } else { C::Change };
    }
    if names(&["mergePullRequest", "enablePullRequestAutoMerge", "APPROVE", "mergeBranch"]) {
        C::Merge
    } else if names(&["deleteRepository", "deleteProject"]) {
        C::Destroy
    } else if names(&["delete", "remove"]) {
        C::Delete
    } else if names(&["addComment", "createIssue", "closeIssue", "addPullRequestReview", "Discussion"]) {
        C::Message
    } else if names(&["createPullRequest"]) {
        C::Propose
    } else {
        C::Change
    }
}

fn endpoint(method: &str, path: &str, fields: &[String]) -> C {
    let parts: Vec<&str> =
        path.split('?').next().unwrap_or_default().split('/').filter(|part| !part.is_empty()).collect();
    let last = parts.last().copied().unwrap_or_default();
    let has = |name: &str| parts.contains(&name);
    let repository = parts.len() == 3 && matches!(parts.first(), Some(&"repos"))
        || parts.len() == 2 && matches!(parts.first(), Some(&"projects" | &"orgs" | &"groups"));
    let grants =
        has("collaborators") || has("keys") || has("memberships") || has("invitations") || has("members");
    match method {
        "GET" | "HEAD" => C::Read,
        "DELETE" if repository => C::Destroy,
        "DELETE" if has("protection") || has("rulesets") => C::Grant,
        "DELETE" => C::Delete,
        _ if repository
            && fields
                .iter()
                .any(|field| field.contains("private=false") || field.contains("visibility=public")) =>
        {
            C::Publish
        }
        _ if grants || has("protection") || has("rulesets") => C::Grant,
        _ if matches!(last, "merge" | "merges" | "approve") => C::Merge,
        _ if last == "reviews" && fields.iter().any(|field| field.contains("APPROVE")) => C::Merge,
        _ if matches!(
            last,
            "comments" | "reviews" | "issues" | "replies" | "notes" | "reactions" | "discussions"
        ) =>
        {
            C::Message
        }
        _ if matches!(last, "pulls" | "merge_requests") => C::Propose,
        _ if has("releases") => C::Release,
        _ if matches!(last, "dispatches" | "rerun" | "rerun-failed-jobs") => C::Run,
        _ if last == "gists" => C::Publish,
        _ if matches!(last, "markdown" | "compare") => C::Read,
        _ => C::Change,
    }
}

fn checkout(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    shell.add(
        EffectKind::GitLocal {
            what: format!("{} {}", given.shown(), given.targets().join(" ")).trim().to_owned(),
        },
        given.call.span,
    );
    Value::default()
}

/// `gh repo clone OWNER/NAME [FOLDER]` is `git clone` of that address.
fn clone(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let Some((first, rest)) = given.rest().split_first() else { return observe(given.call, shell) };
    let mut address = first.clone();
    if !first.value.prefix().contains("://") && !first.value.prefix().contains('@') {
        let host = if given.tool.service == "gitlab" { "gitlab.com" } else { "github.com" };
        let mut value = Value::known(format!("https://{host}/"));
        value.push(&first.value);
        address.value = value;
    }
    let mut words = vec![Arg::known("git", given.call.span), Arg::known("clone", given.call.span), address];
    words.extend_from_slice(rest);
    shell.run_words(&words, given.call.span, &Value::default())
}

/// Files of a release or a run are saved here.
fn download(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let from = Remote::read("https://github.com");
    let shown = format!("{} {} {}", given.shown(), given.targets().join(" "), given.scope());
    let from = Remote { shown: shown.trim().to_owned(), ..from };
    let folder = given
        .parsed
        .value(&["-D", "--dir", "-O", "--output"])
        .cloned()
        .unwrap_or_else(|| Arg::known(".", given.call.span));
    let place = shell.place(&folder);
    shell.add(EffectKind::Fetch { from: from.clone(), saves: Some(place) }, given.call.span);
    shell.unpacked_into(&folder, Value::default().with_source(Source::Url(from.shown)));
    Value::default()
}

fn gist(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let mut text = if given.rest().is_empty() { given.call.stdin.clone() } else { Value::default() };
    for file in given.rest() {
        let value = if file.text() == Some("-") { given.call.stdin.clone() } else { shell.read_file(file) };
        text.push(&value);
    }
    given.add(C::Publish, ServiceReach::Remote, given.targets().join(" "), shell);
    given.sends_secrets(&text, shell);
    printed(given.call)
}

/// An alias that begins with `!` is run by a shell whenever it is called.
fn alias(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let runs = given.parsed.has(&["-s", "--shell"])
        || given.rest().get(1).is_some_and(|value| value.value.prefix().starts_with('!'));
    if runs {
        shell.add(
            EffectKind::Persist {
                mechanism: format!("an alias of `{}` that runs commands", given.call.name),
            },
            given.call.span,
        );
        return Value::default();
    }
    if given.words.get(1).map(String::as_str) == Some("import") {
        if let Some(file) = given.rest().first() {
            shell.read_file(file);
        }
        shell.add(
            EffectKind::Persist { mechanism: format!("aliases of `{}`", given.call.name) },
            given.call.span,
        );
        return Value::default();
    }
    observe(given.call, shell)
}

fn extension(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    if given.words.get(1).map(String::as_str) == Some("create") {
        if let Some(name) = given.rest().first() {
            shell.write(name, WriteHow::Create, None);
        }
        return Value::default();
    }
    let package = given.targets().join(" ");
    shell.add(
        EffectKind::Install {
            manager: "gh".to_owned(),
            source: crate::effects::PackageSource::Address(format!("https://github.com/{package}")),
            package,
            reach: crate::effects::Reach::User,
        },
        given.call.span,
    );
    Value::default()
}

/// What `hub` does not know it hands to git.
fn as_git(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let mut words = vec![Arg::known("git", given.call.span)];
    words.extend_from_slice(given.call.args);
    shell.run_words(&words, given.call.span, given.call.stdin)
}
