//! Who decides for a proxy: the language server of the workspace when one runs, so that its editor
//! shows what happens and both know the same of the session; else the guard in this process. It is
//! what a hook does, for somebody who lives longer than one call.
#![expect(clippy::disallowed_methods, reason = "a call of the server has a deadline")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use banksman_protocol::{Action, Answer, Origin, OriginKind};

use super::attend;
use super::dialects::{Call, Ended, Event, Heard, Kind, Moment, Say};
use super::proxy::PATIENCE;
use super::socket::{self, Called, Meeting, Stream};
use crate::guard::Guard;

/// How much sooner than the proxy the server's time is over.
const MARGIN: Duration = Duration::from_secs(2);

/// Who decides for a proxy.
#[derive(Debug)]
pub struct Counsel {
    guard: Guard,
    meeting: Option<Meeting>,
    client: &'static str,
}

/// Who speaks, and where.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) session: String,
    pub(super) cwd: PathBuf,
    pub(super) workspace: PathBuf,
}

/// What was decided.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) say: Say,
    /// A server decided, and its editor shows it.
    pub(super) elsewhere: bool,
}

impl From<Guard> for Counsel {
    fn from(guard: Guard) -> Self {
        Self { guard, meeting: None, client: "proxy" }
    }
}

impl Counsel {
    /// The guard of this process, and where servers may be met. `client` names the proxy to them.
    #[must_use]
    pub fn new(guard: Guard, meeting: Meeting, client: &'static str) -> Self {
        Self { guard, meeting: Some(meeting), client }
    }

    /// The guard of this process, for what servers have no part in: settings, and the ledger.
    pub(super) fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Tells what was heard, and comes back within the time that a proxy has for one frame.
    pub(super) fn tell(&self, place: &Place, event: Event) -> Told {
        let heard = heard(place, event, true);
        match self.call(&heard, PATIENCE.saturating_sub(MARGIN), |_| ()) {
            Called::Answered(say) => Told { say, elsewhere: true },
            Called::Lost(why) => Told { say: attend::failed(heard.moment.kind, why), elsewhere: false },
            Called::Nobody => Told { say: self.alone(&heard), elsewhere: false },
        }
    }

    /// Proposes anew what is held back: a server that can puts it to the person in its editor, who has
    /// this long. `asks`: the client can do that too.
    pub(super) fn put(
        &self,
        place: &Place,
        call: Call,
        asks: bool,
        longest: Duration,
        asking: impl FnMut(&Stream),
    ) -> Say {
        let heard = heard(place, Event::Before(call), asks);
        match self.call(&heard, longest, asking) {
            Called::Answered(say) => say,
            Called::Lost(why) => attend::failed(heard.moment.kind, why),
            Called::Nobody => self.alone(&heard),
        }
    }

    /// What became of a call.
    pub(super) fn ended(&self, place: &Place, call: &str, ok: bool) {
        let call = Call { id: Some(call.to_owned()), actions: Vec::new() };
        self.tell(place, Event::After(call, Ended { ok, output: String::new() }));
    }

    /// A person answered. False when it may not run all the same.
    pub(super) fn settle(&self, place: &Place, verdicts: &[String], answer: Answer) -> bool {
        if verdicts.is_empty() {
            return answer != Answer::No;
        }
        let told = self.tell(place, Event::Answered { verdicts: verdicts.to_vec(), answer });
        told.say == Say::Allow
    }

    fn call(&self, heard: &Heard, longest: Duration, asking: impl FnMut(&Stream)) -> Called {
        let Some(meeting) = &self.meeting else { return Called::Nobody };
        let folder = attend::real(heard.workspace.as_deref().unwrap_or(&heard.cwd));
        socket::call(meeting, &folder, self.client, heard, Instant::now() + longest, asking)
    }

    /// In this process.
    fn alone(&self, heard: &Heard) -> Say {
        attend::enter(&self.guard, heard, std::path::Path::to_path_buf);
        match &heard.event {
            Event::Before(call) | Event::Held(call) => {
                let reviewed = attend::reviews(&self.guard, heard, call);
                attend::decided(&self.guard, heard, call, &reviewed)
            }
            _ => attend::note(&self.guard, heard).0,
        }
    }
}

fn heard(place: &Place, event: Event, asks: bool) -> Heard {
    let Place { session, cwd, workspace } = place.clone();
    let kind = match event {
        Event::Prompt(_) => Kind::Prompt,
        Event::Before(_) | Event::Held(_) | Event::Answered { .. } => Kind::Before,
        Event::After(..) => Kind::After,
        Event::Begin | Event::End | Event::Other => Kind::Other,
    };
    Heard {
        session,
        cwd,
        workspace: Some(workspace),
        event,
        moment: Moment { kind, asks, ..Moment::default() },
    }
}

/// An action that brings what comes from there. `program` has the tools that no other name is known of.
pub(super) fn bringing(origin: &Origin, program: &str) -> Action {
    let name = origin.name.clone();
    match origin.kind {
        OriginKind::File => Action::Read { path: name },
        OriginKind::Command => Action::Command { command: name, cwd: None },
        OriginKind::Web => super::tools::fetch(name),
        _ => {
            let (server, tool) = name.split_once('/').unwrap_or((program, &name));
            super::tools::call(server, tool, &serde_json::Value::Null)
        }
    }
}
