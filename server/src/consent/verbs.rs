//! Verbs and phrases, and the operations that they ask for.

use super::Operation::{self, *};
use super::sentence::Token;

/// A verb found in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// What it asks for; empty for verbs that only look, or say nothing.
    pub operations: &'static [Operation],
    /// The verb in its plain form.
    pub verb: &'static str,
    /// How many tokens it takes.
    pub length: usize,
    /// The form it has.
    pub form: Form,
    /// The token at which a particle stands that belongs to it, as in "blow it away".
    pub particle: Option<usize>,
}

/// The form of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// "push".
    Base,
    /// "pushing".
    Ing,
    /// "pushed".
    Past,
    /// "pushes".
    Third,
}

/// The longest phrase of the table that begins at `at`.
pub(super) fn at(tokens: &[Token], at: usize) -> Option<Hit> {
    let first = tokens.get(at).filter(|token| token.is_word())?;
    let mut best: Option<Hit> = None;
    for (phrase, operations) in TABLE {
        let mut parts = phrase.split(' ');
        let Some(verb) = parts.next() else { continue };
        let Some(form) = form_of(verb, &first.low) else { continue };
        let Some((length, particle)) = follow(tokens, at + 1, parts) else { continue };
        let weight = |hit: &Hit| hit.length + usize::from(hit.particle.is_some());
        let hit = Hit { operations, verb: phrase, length: length + 1, form, particle };
        if best.as_ref().is_none_or(|known| weight(&hit) > weight(known)) {
            best = Some(hit);
        }
    }
    best
}

/// The first verb of these words, in whatever form.
pub(super) fn first_in(tokens: &[Token]) -> Option<(usize, Hit)> {
    (0..tokens.len()).find_map(|place| at(tokens, place).map(|hit| (place, hit)))
}

/// The rest of a phrase: words that follow at once, or after `..` within a few words.
fn follow<'a>(
    tokens: &[Token],
    from: usize,
    parts: impl Iterator<Item = &'a str>,
) -> Option<(usize, Option<usize>)> {
    let mut at = from;
    let mut gap = false;
    let mut length = 0;
    for part in parts {
        if part == ".." {
            gap = true;
            continue;
        }
        if gap {
            let found = (at..at + 7).find(|place| tokens.get(*place).is_some_and(|token| token.is(part)))?;
            return (found > at).then_some((length, Some(found)));
        }
        if !tokens.get(at).is_some_and(|token| token.is(part)) {
            return None;
        }
        at += 1;
        length += 1;
    }
    Some((length, None))
}

fn form_of(verb: &str, word: &str) -> Option<Form> {
    if verb == word {
        return Some(Form::Base);
    }
    let shared = verb.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
    if let Some((_, past)) = IRREGULAR.iter().find(|(base, _)| *base == verb)
        && past.contains(&word)
    {
        return Some(Form::Past);
    }
    let bare = verb.strip_suffix('e');
    if shared + 1 < verb.len() || shared == 0 {
        return None;
    }
    let ending = |base: &str, ending: &str| word.strip_prefix(base).is_some_and(|rest| rest == ending);
    let double = verb.chars().next_back().map(|last| format!("{verb}{last}")).unwrap_or_default();
    if ending(verb, "ing") || bare.is_some_and(|bare| ending(bare, "ing")) || ending(&double, "ing") {
        return Some(Form::Ing);
    }
    let soft = verb.strip_suffix('y');
    if ending(verb, "ed")
        || bare.is_some_and(|bare| ending(bare, "ed"))
        || ending(&double, "ed")
        || soft.is_some_and(|soft| ending(soft, "ied"))
    {
        return Some(Form::Past);
    }
    (ending(verb, "s") || ending(verb, "es") || soft.is_some_and(|soft| ending(soft, "ies")))
        .then_some(Form::Third)
}

const IRREGULAR: [(&str, &[&str]); 26] = [
    ("write", &["wrote", "written"]),
    ("overwrite", &["overwrote", "overwritten"]),
    ("rewrite", &["rewrote", "rewritten"]),
    ("run", &["ran"]),
    ("send", &["sent"]),
    ("make", &["made"]),
    ("get", &["got", "gotten"]),
    ("blow", &["blew", "blown"]),
    ("throw", &["threw", "thrown"]),
    ("tear", &["tore", "torn"]),
    ("leave", &["left"]),
    ("keep", &["kept"]),
    ("take", &["took", "taken"]),
    ("give", &["gave", "given"]),
    ("pay", &["paid"]),
    ("buy", &["bought"]),
    ("build", &["built"]),
    ("tell", &["told"]),
    ("find", &["found"]),
    ("undo", &["undid", "undone"]),
    ("do", &["did", "done", "doing"]),
    ("go", &["went", "gone"]),
    ("bring", &["brought"]),
    ("show", &["shown"]),
    ("see", &["saw", "seen"]),
    ("think", &["thought"]),
];

/// Phrases and what they ask for. The first word may be inflected; `..` stands for the object.
/// Verbs without an operation are here so that the words after them are read as their object.
const TABLE: &[(&str, &[Operation])] = &[
    // deleting
    ("delete", &[Delete]),
    ("remove", &[Delete]),
    ("rm", &[Delete]),
    ("rm -rf", &[Delete]),
    ("rm -r", &[Delete]),
    ("rm -f", &[Delete]),
    ("unlink", &[Delete]),
    ("erase", &[Delete]),
    ("wipe", &[Delete]),
    ("wipe out", &[Delete]),
    ("wipe .. out", &[Delete]),
    ("nuke", &[Delete]),
    ("trash", &[Delete]),
    ("purge", &[Delete]),
    ("destroy", &[Delete]),
    ("scrap", &[Delete]),
    ("zap", &[Delete]),
    ("obliterate", &[Delete]),
    ("eliminate", &[Delete]),
    ("shred", &[Delete]),
    ("get rid of", &[Delete]),
    ("blow away", &[Delete]),
    ("blow .. away", &[Delete]),
    ("throw away", &[Delete]),
    ("throw .. away", &[Delete]),
    ("throw out", &[Delete]),
    ("throw .. out", &[Delete]),
    ("clear", &[Delete]),
    ("clear out", &[Delete]),
    ("clear .. out", &[Delete]),
    ("clean", &[Delete]),
    ("clean up", &[Delete]),
    ("clean out", &[Delete]),
    ("clean .. up", &[Delete]),
    ("tidy up", &[Delete]),
    ("prune", &[Delete]),
    ("empty", &[Delete]),
    ("drop", &[Delete]),
    ("ditch", &[Delete]),
    ("tear down", &[ServiceDelete]),
    ("tear .. down", &[ServiceDelete]),
    ("decommission", &[ServiceDelete]),
    ("deprovision", &[ServiceDelete]),
    // throwing work away
    ("discard", &[Discard]),
    ("revert", &[Discard]),
    ("reset", &[Discard]),
    ("hard reset", &[Discard]),
    ("hard-reset", &[Discard]),
    ("undo", &[Discard]),
    ("restore", &[Discard]),
    ("roll back", &[Discard]),
    ("roll .. back", &[Discard]),
    ("rollback", &[Discard]),
    ("overwrite", &[Overwrite, Edit]),
    ("replace", &[Overwrite, Edit]),
    // git
    ("commit", &[Commit]),
    ("check in", &[Commit]),
    ("push", &[Push]),
    ("push up", &[Push]),
    ("force push", &[ForcePush]),
    ("force-push", &[ForcePush]),
    ("ship it", &[Commit, Push]),
    ("sync", &[Push, Fetch]),
    ("rebase", &[RewriteHistory]),
    ("squash", &[RewriteHistory]),
    ("amend", &[RewriteHistory, Commit]),
    ("rewrite history", &[RewriteHistory]),
    ("rewrite the history", &[RewriteHistory]),
    ("filter-branch", &[RewriteHistory]),
    ("tag", &[Tag]),
    ("merge", &[Merge]),
    ("approve", &[Merge]),
    ("stash", &[]),
    ("checkout", &[]),
    ("check out", &[]),
    ("switch", &[]),
    ("fork", &[ServiceChange]),
    ("star", &[ServiceChange]),
    ("unstar", &[ServiceChange]),
    // opening things in a forge
    ("open", &[Read]),
    ("raise", &[Edit]),
    ("file", &[Message]),
    ("submit", &[Message]),
    ("propose", &[]),
    ("close", &[ServiceChange]),
    ("reopen", &[ServiceChange]),
    ("assign", &[ServiceChange]),
    ("label", &[ServiceChange]),
    // talking
    ("comment", &[Message]),
    ("reply", &[Message]),
    ("respond", &[Message]),
    ("post", &[Message]),
    ("message", &[Message]),
    ("notify", &[Message]),
    ("email", &[Message, Send]),
    ("e-mail", &[Message, Send]),
    ("mail", &[Message, Send]),
    ("dm", &[Message]),
    ("text", &[Message]),
    ("ping", &[Message]),
    ("announce", &[Message]),
    ("tweet", &[Message]),
    ("tell", &[Message]),
    ("inform", &[Message]),
    ("forward", &[Message, Send]),
    ("send", &[Send, Message]),
    ("upload", &[Send, Publish]),
    ("transmit", &[Send]),
    ("share", &[Send, Message]),
    ("report", &[Message]),
    // releasing
    ("release", &[Release]),
    ("cut", &[Release]),
    ("publish", &[Publish]),
    ("unpublish", &[ServiceDelete]),
    ("yank", &[ServiceDelete]),
    ("deploy", &[Deploy]),
    ("redeploy", &[Deploy]),
    ("roll out", &[Deploy]),
    ("roll .. out", &[Deploy]),
    ("ship", &[Deploy]),
    ("promote", &[Deploy]),
    ("go live", &[Deploy]),
    ("apply", &[Edit]),
    // packages
    ("install", &[Install]),
    ("reinstall", &[Install]),
    ("upgrade", &[Install, Edit]),
    ("downgrade", &[Install, Edit]),
    ("bump", &[Install, Edit]),
    ("pin", &[Install, Edit]),
    ("uninstall", &[Uninstall]),
    ("pip install", &[Install]),
    ("npm install", &[Install]),
    ("cargo add", &[Install]),
    ("apt install", &[InstallGlobal, Privilege]),
    ("apt-get install", &[InstallGlobal, Privilege]),
    ("brew install", &[InstallGlobal]),
    // running
    ("run", &[Run]),
    ("execute", &[Run]),
    ("launch", &[Run]),
    ("start", &[Run]),
    ("restart", &[Run, Kill]),
    ("reload", &[Run]),
    ("invoke", &[Run]),
    ("rerun", &[Run]),
    ("re-run", &[Run]),
    ("build", &[Run, Edit]),
    ("compile", &[Run]),
    ("test", &[Run]),
    ("benchmark", &[Run]),
    ("profile", &[Run]),
    ("lint", &[Run]),
    ("debug", &[Run, Edit]),
    ("kill", &[Kill]),
    ("stop", &[Kill]),
    ("terminate", &[Kill]),
    ("shut down", &[Kill]),
    ("shut .. down", &[Kill]),
    ("shutdown", &[Kill]),
    ("reboot", &[Machine]),
    ("ssh", &[RunElsewhere]),
    ("ssh into", &[RunElsewhere]),
    ("log in", &[RunElsewhere]),
    ("log into", &[RunElsewhere]),
    ("connect", &[RunElsewhere]),
    ("sudo", &[Privilege]),
    ("mount", &[Machine]),
    ("format", &[Edit]),
    // fetching and reading
    ("download", &[Fetch]),
    ("fetch", &[Fetch]),
    ("curl", &[Fetch]),
    ("wget", &[Fetch]),
    ("clone", &[Fetch]),
    ("pull", &[Fetch]),
    ("pull in", &[Fetch]),
    ("visit", &[Fetch]),
    ("browse", &[Fetch]),
    ("scrape", &[Fetch]),
    ("crawl", &[Fetch]),
    ("search", &[Fetch, Read]),
    ("google", &[Fetch]),
    ("look up", &[Fetch, Read]),
    ("read", &[Read, Fetch]),
    ("look", &[Read]),
    ("look at", &[Read, Fetch]),
    ("check", &[Read, Fetch]),
    ("check with", &[]),
    ("show", &[Read]),
    ("print", &[Read]),
    ("cat", &[Read]),
    ("view", &[Read]),
    ("inspect", &[Read]),
    ("review", &[Read]),
    ("analyse", &[Read]),
    ("analyze", &[Read]),
    ("audit", &[Read]),
    ("summarize", &[Read, Fetch]),
    ("summarise", &[Read, Fetch]),
    ("scan", &[Read]),
    ("list", &[Read]),
    ("find", &[Read]),
    ("dump", &[Read]),
    ("get", &[Read, Fetch]),
    ("use", &[Read]),
    ("see", &[Read]),
    // changing files
    ("edit", &[Edit]),
    ("change", &[Edit]),
    ("modify", &[Edit]),
    ("update", &[Edit]),
    ("fix", &[Edit]),
    ("implement", &[Edit]),
    ("write", &[Edit, Create]),
    ("create", &[Create, Edit]),
    ("add", &[Edit, Create]),
    ("refactor", &[Edit]),
    ("rewrite", &[Edit]),
    ("append", &[Edit]),
    ("insert", &[Edit]),
    ("set up", &[Edit, Create]),
    ("set .. up", &[Edit, Create]),
    ("set", &[Edit]),
    ("configure", &[Edit]),
    ("enable", &[Edit]),
    ("make", &[Edit]),
    ("extend", &[Edit]),
    ("improve", &[Edit]),
    ("tweak", &[Edit]),
    ("adjust", &[Edit]),
    ("adapt", &[Edit]),
    ("generate", &[Edit, Create]),
    ("scaffold", &[Edit, Create]),
    ("init", &[Edit, Create]),
    ("initialise", &[Edit, Create]),
    ("initialize", &[Edit, Create]),
    ("introduce", &[Edit]),
    ("migrate", &[Edit, Database]),
    ("port", &[Edit]),
    ("convert", &[Edit]),
    ("translate", &[Edit]),
    ("document", &[Edit]),
    ("address", &[Edit]),
    ("resolve", &[Edit]),
    ("repair", &[Edit]),
    ("correct", &[Edit]),
    ("extract", &[Edit]),
    ("split", &[Edit]),
    ("simplify", &[Edit]),
    ("optimise", &[Edit]),
    ("optimize", &[Edit]),
    ("wire", &[Edit]),
    ("hook", &[Edit]),
    ("comment out", &[Edit]),
    ("put", &[Edit]),
    ("save", &[Edit, Create]),
    ("store", &[Edit, Create]),
    ("copy", &[Edit, Create]),
    ("sort", &[Edit]),
    ("touch", &[Edit, Create, Delete, Move]),
    ("mess with", &[Edit, Delete, Move]),
    ("alter", &[Edit]),
    ("work", &[Edit]),
    ("work on", &[Edit]),
    ("rename", &[Move, Edit]),
    ("move", &[Move, Edit]),
    ("mv", &[Move, Edit]),
    ("relocate", &[Move, Edit]),
    // protections
    ("disable", &[Weaken]),
    ("turn off", &[Weaken]),
    ("turn .. off", &[Weaken]),
    ("switch off", &[Weaken]),
    ("switch .. off", &[Weaken]),
    ("deactivate", &[Weaken]),
    ("bypass", &[BypassReview, Weaken]),
    ("skip", &[BypassReview]),
    ("circumvent", &[BypassReview, Weaken]),
    ("expose", &[Expose]),
    ("tunnel", &[Expose]),
    ("serve", &[Expose]),
    ("listen", &[Expose]),
    // people and money
    ("invite", &[Grant]),
    ("grant", &[Grant]),
    ("give", &[Grant]),
    ("allow", &[Grant]),
    ("authorize", &[Grant]),
    ("accept", &[ServiceChange]),
    ("transfer", &[Pay, Grant, ServiceChange]),
    ("pay", &[Pay]),
    ("refund", &[Pay]),
    ("reimburse", &[Pay]),
    ("wire money", &[Pay]),
    ("buy", &[Pay]),
    ("purchase", &[Pay]),
    ("order", &[Pay]),
    ("book", &[Pay]),
    ("subscribe", &[Pay]),
    ("schedule", &[Persist, Pay]),
    // databases
    ("truncate", &[Database]),
    ("seed", &[Database]),
    ("backfill", &[Database]),
    // idioms that only look like one of the above
    ("push back", &[]),
    ("push for", &[]),
    ("push through", &[]),
    ("push ahead", &[]),
    ("push on", &[]),
    ("push back on", &[]),
    ("drop a note", &[]),
    ("drop a line", &[]),
    ("drop me", &[]),
    ("kill time", &[]),
    ("clean build", &[Run]),
    ("release note", &[]),
    ("release notes", &[]),
    ("commit to", &[]),
    ("merge conflict", &[]),
    ("merge conflicts", &[]),
    ("make sure", &[]),
    ("pay attention", &[]),
    ("book keeping", &[]),
    ("get started", &[]),
    ("stop by", &[]),
    ("tell me", &[]),
    ("tell us", &[]),
    ("send me", &[]),
    ("show me", &[Read]),
    ("give me", &[Read]),
    ("give us", &[Read]),
    ("report back", &[]),
    ("run by", &[]),
    ("get back", &[]),
    ("let", &[]),
    // looking and saying
    ("explain", &[]),
    ("describe", &[]),
    ("think", &[]),
    ("consider", &[]),
    ("plan", &[]),
    ("verify", &[Run]),
    ("validate", &[Run]),
    ("reproduce", &[Run]),
    ("ensure", &[]),
    ("investigate", &[]),
    ("compare", &[]),
    ("ask", &[]),
    ("wait", &[]),
    ("leave", &[]),
    ("keep", &[]),
    ("avoid", &[]),
    ("stay", &[]),
    ("confirm", &[]),
    ("remember", &[]),
    ("try", &[]),
    ("help", &[]),
    ("go", &[]),
    ("do", &[]),
    ("follow", &[]),
    ("draft", &[]),
    ("suggest", &[]),
    ("recommend", &[]),
    ("answer", &[]),
    ("outline", &[]),
    ("figure out", &[]),
    ("guess", &[]),
    ("note", &[]),
    ("restrict", &[]),
    ("limit", &[]),
    ("stick", &[]),
    ("ignore", &[]),
    ("forget", &[]),
    ("assume", &[]),
    ("continue", &[]),
    ("proceed", &[]),
    ("finish", &[]),
];

/// What a noun forbids or allows: "no pushes", "leave the tag to me".
pub(super) fn noun(word: &str) -> Option<&'static [Operation]> {
    let word = super::names::stem(word);
    NOUNS.iter().find(|(noun, _)| *noun == word).map(|(_, operations)| *operations)
}

const NOUNS: &[(&str, &[Operation])] = &[
    ("push", &[Push]),
    ("force-push", &[ForcePush]),
    ("force", &[ForcePush]),
    ("commit", &[Commit]),
    ("deletion", &[Delete]),
    ("delete", &[Delete]),
    ("removal", &[Delete]),
    ("install", &[Install, InstallGlobal]),
    ("installation", &[Install, InstallGlobal]),
    ("dependency", &[Install, InstallGlobal]),
    ("package", &[Install, InstallGlobal]),
    ("deploy", &[Deploy]),
    ("deployment", &[Deploy]),
    ("merge", &[Merge]),
    ("release", &[Release, Publish]),
    ("publishing", &[Publish]),
    ("tag", &[Tag]),
    ("network", &[Fetch, Send]),
    ("internet", &[Fetch, Send]),
    ("web", &[Fetch, Send]),
    ("sudo", &[Privilege]),
    ("root", &[Privilege]),
    ("download", &[Fetch]),
    ("upload", &[Send, Publish]),
    ("pr", &[Propose]),
    ("pull request", &[Propose]),
    ("message", &[Message]),
    ("email", &[Message]),
    ("mail", &[Message]),
    ("comment", &[Message]),
    ("rebase", &[RewriteHistory]),
    ("payment", &[Pay]),
    ("purchase", &[Pay]),
    ("migration", &[Database]),
];
