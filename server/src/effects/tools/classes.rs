//! What the words of a tool's name say: verbs, and the nouns that change what a verb means.

use super::names::Name;
use crate::effects::ServiceClass;

/// What a verb says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Looks at one thing or at many.
    Look,
    /// Lists what there is, or says how things stand.
    List,
    /// Only computes.
    Compute,
    /// Makes something.
    Make,
    /// Changes something.
    Change,
    /// Changes where something is or what it is called.
    Move,
    /// Makes a second one.
    Copy,
    /// Removes something.
    Remove,
    /// Removes it with all it holds.
    Destroy,
    /// Speaks to people.
    Speak,
    /// Makes something public.
    Publish,
    /// Merges or approves.
    Merge,
    /// Puts into use.
    Deploy,
    /// Cuts a release.
    Release,
    /// Moves money.
    Pay,
    /// Gives rights.
    Grant,
    /// Runs something.
    Run,
    /// Gets something from elsewhere.
    Get,
    /// Pushes commits.
    Push,
    /// Acts in a browser window.
    Browse,
}

/// What this word says is done, when it says it.
pub(super) fn deed(word: &str) -> Option<Deed> {
    use Deed::*;
    Some(match word {
        "get" | "read" | "query" | "find" | "describe" | "view" | "show" | "check" | "look" | "lookup"
        | "retrieve" | "search" | "grep" | "glob" | "cat" | "head" | "tail" | "inspect" | "examine"
        | "load" | "access" | "peek" | "analyze" | "analyse" | "explore" | "subscribe" | "watch"
        | "monitor" | "diff" | "blame" | "log" | "logs" | "select" | "export" | "print" | "display"
        | "preview" | "extract" | "observe" | "trace" | "audit" | "recall" | "status" => Look,
        "list" | "ls" | "tree" | "count" | "stat" | "info" | "exists" | "enumerate" | "poll" | "ping"
        | "health" | "version" | "help" | "whoami" | "discover" | "wait" | "directory" => List,
        "calculate" | "calculator" | "compute" | "convert" | "translate" | "summarize" | "summarise"
        | "format" | "parse" | "validate" | "think" | "sequentialthinking" | "thinking" | "plan"
        | "explain" | "render" | "encode" | "decode" | "hash" | "compare" | "echo" | "multiply"
        | "divide" | "subtract" | "sum" | "estimate" | "classify" | "tokenize" | "complete"
        | "completion" | "chat" | "ask" | "suggest" | "recommend" | "reason" | "resolve" | "lint"
        | "typecheck" | "test" | "build" | "weather" | "process" | "detect" | "predict" | "score"
        | "rank" | "sort" | "filter" | "sample" | "embed" | "verify" | "confirm" => Compute,
        "create" | "add" | "insert" | "new" | "open" | "draft" | "make" | "mkdir" | "touch" | "write"
        | "save" | "store" | "generate" | "register" | "init" | "initialize" | "fork" | "star" | "record"
        | "log_event" | "append" | "put" | "upsert" | "schedule" | "reserve" | "setup" | "import"
        | "attach" | "remember" | "track" => Make,
        "update" | "edit" | "set" | "modify" | "patch" | "replace" | "change" | "assign" | "configure"
        | "enable" | "disable" | "close" | "reopen" | "resize" | "scale" | "toggle" | "mark" | "label"
        | "lock" | "unlock" | "unstar" | "adjust" | "str" | "undo" | "restore" | "revert" | "reset"
        | "apply" | "migrate" | "chmod" | "chown" | "pause" | "resume" | "stop" | "cancel" | "overwrite"
        | "unsubscribe" | "follow" | "unfollow" | "checkout" | "commit" | "stage" | "sync" | "alter"
        | "manage" | "manager" | "unassign" | "pin" | "unpin" | "accept" | "decline" | "reject" | "login"
        | "logout" | "connect" | "disconnect" | "rotate" => Change,
        "move" | "rename" | "mv" => Move,
        "copy" | "cp" | "duplicate" => Copy,
        "delete" | "remove" | "rm" | "unlink" | "archive" | "clear" | "trash" | "revoke" | "uninvite"
        | "kick" | "ban" | "detach" | "prune" | "forget" | "erase" | "evict" => Remove,
        "drop" | "purge" | "destroy" | "terminate" | "wipe" | "truncate" | "shred" | "flush" | "nuke"
        | "format_disk" => Destroy,
        "send" | "post" | "reply" | "message" | "email" | "mail" | "comment" | "notify" | "dm" | "tweet"
        | "respond" | "forward" | "broadcast" | "react" | "announce" | "mention" | "submit" => Speak,
        "share" | "publish" | "upload" => Publish,
        "merge" | "approve" => Merge,
        "deploy" | "rollout" | "rollback" | "promote" => Deploy,
        "release" | "tag" => Release,
        "pay" | "buy" | "order" | "purchase" | "transfer" | "refund" | "withdraw" | "charge" | "donate"
        | "sell" | "trade" | "checkout_cart" | "book" | "payout" | "bid" => Pay,
        "grant" | "invite" | "authorize" | "permit" | "allow" | "impersonate" => Grant,
        "run" | "exec" | "execute" | "invoke" | "trigger" | "dispatch" | "rerun" | "start" | "launch"
        | "call" | "spawn" | "eval" | "evaluate" | "shell" | "bash" | "terminal" | "command" | "script"
        | "kill" | "restart" | "reboot" | "install" | "uninstall" | "upgrade" => Run,
        "fetch" | "download" | "browse" | "visit" | "crawl" | "scrape" | "clone" | "pull" | "http"
        | "curl" | "wget" | "request" | "navigate" | "goto" => Get,
        "push" => Push,
        "click" | "hover" | "scroll" | "screenshot" | "snapshot" | "press" | "type" | "fill" | "drag"
        | "tab" | "tabs" | "console" | "keyboard" | "mouse" | "computer" | "upload_file" | "handle" => Browse,
        _ => return None,
    })
}

/// Nouns of what a deletion takes much with it.
const GRAVE: &[&str] = &[
    "database",
    "db",
    "bucket",
    "volume",
    "table",
    "repo",
    "repository",
    "project",
    "cluster",
    "account",
    "workspace",
    "organization",
    "organisation",
    "org",
    "instance",
    "stack",
    "disk",
    "backup",
    "namespace",
    "collection",
    "server",
    "everything",
    "all",
    "vault",
    "tenant",
    "keyspace",
    "environment",
    "production",
    "schema",
    "site",
    "drive",
    "base",
];

const WORDS_TO_PEOPLE: &[&str] = &[
    "comment",
    "message",
    "mail",
    "email",
    "reply",
    "reaction",
    "review",
    "post",
    "tweet",
    "dm",
    "notification",
    "issue",
    "discussion",
    "thread",
    "sms",
    "status",
];

const MONEY: &[&str] = &[
    "payment",
    "transfer",
    "charge",
    "order",
    "invoice",
    "subscription",
    "refund",
    "payout",
    "transaction",
    "purchase",
    "money",
    "funds",
    "fund",
    "crypto",
    "checkout",
    "coupon",
    "wire",
    "bill",
    "trade",
    "card",
];

const RIGHTS: &[&str] = &[
    "collaborator",
    "member",
    "permission",
    "role",
    "access",
    "membership",
    "policy",
    "owner",
    "ownership",
    "admin",
    "grant",
    "key",
    "invitation",
    "invite",
    "deploykey",
    "user",
];

const SECRETS: &[&str] = &[
    "secret",
    "password",
    "credential",
    "token",
    "apikey",
    "passphrase",
    "privatekey",
    "keychain",
    "otp",
    "seed",
];

/// What kind of thing a tool of this name does in a service.
pub(super) fn class(name: &Name) -> Option<ServiceClass> {
    use ServiceClass::{
        Change, Create, Delete, Deploy, Destroy, Grant, Merge, Message, Pay, Propose, Publish, Read,
        ReadSecret, Release, Run,
    };
    let proposal = name.has(&["pr", "mr"]) || (name.has(&["request"]) && name.has(&["pull", "merge"]));
    Some(match name.deed? {
        Deed::Look | Deed::Get if name.has(SECRETS) && !name.has(&["count", "scan", "list"]) => ReadSecret,
        Deed::Look | Deed::List | Deed::Compute | Deed::Get | Deed::Browse => Read,
        Deed::Make | Deed::Change | Deed::Speak if proposal && !name.has(&["comment", "review", "reply"]) => {
            match name.deed? {
                Deed::Change => Change,
                _ => Propose,
            }
        }
        Deed::Make | Deed::Speak | Deed::Change
            if name.has(&["review", "approval"]) && name.has(&["approve"]) =>
        {
            Merge
        }
        Deed::Make | Deed::Change if name.has(MONEY) => Pay,
        Deed::Speak if name.has(&["money", "payment", "funds", "crypto", "transaction"]) => Pay,
        Deed::Make | Deed::Change | Deed::Copy
            if name.has(RIGHTS) && !name.has(&["info", "profile", "settings"]) =>
        {
            Grant
        }
        Deed::Make if name.has(&["release", "tag"]) => Release,
        Deed::Make if name.has(&["gist"]) => Publish,
        Deed::Make if name.has(WORDS_TO_PEOPLE) && !name.has(&["draft"]) => Message,
        Deed::Make => Create,
        Deed::Change | Deed::Move | Deed::Copy => Change,
        Deed::Remove if name.has(GRAVE) && !name.has(&["member", "user", "from"]) => Destroy,
        Deed::Remove => Delete,
        Deed::Destroy => Destroy,
        Deed::Speak => Message,
        Deed::Publish => Publish,
        Deed::Merge => Merge,
        Deed::Deploy => Deploy,
        Deed::Release => Release,
        Deed::Pay if name.has(&["ownership", "repo", "repository", "issue", "domain", "owner"]) => Grant,
        Deed::Pay if name.has(&["file", "files"]) => Change,
        Deed::Pay => Pay,
        Deed::Grant => Grant,
        Deed::Run if name.has(&["trade", "payment", "transfer", "transaction", "purchase", "order"]) => Pay,
        Deed::Run => Run,
        Deed::Push => Publish,
    })
}
