//! `banksman demo`: a bundled session of an agent, reviewed by the real server over stdio.
#![expect(clippy::disallowed_methods, reason = "the demonstration makes a project and starts a server")]

use std::io::IsTerminal as _;
use std::path::Path;
use std::time::Duration;

use banksman_protocol::{
    Action, Answer, AskParams, AskResult, ContentParams, Decision, Origin, OriginKind, OutcomeParams,
    PromptParams, ReviewParams, SessionParams, SessionState, Verdict, VerdictParams, method,
};

use super::{Failure, Outcome, say, say_json, width};

mod client;
mod place;
mod stage;
mod story;

use client::Client;
use place::Place;
use stage::Stage;
use story::Event;

/// The one conversation.
const SESSION: &str = "demo";

#[derive(Debug, clap::Args)]
#[command(after_help = "A throw-away project is made in the temporary folder and this program is started
once more as the language server for it. The session is then played as an editor would: what the
user says, what the agent reads and wants, what became of it. Edits that may go on are made in the
throw-away project; no command is ever run.")]
pub(super) struct Arguments {
    /// Do not pause
    #[arg(long)]
    fast: bool,
    /// One line of JSON for each action
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let events = story::events()?;
    let place = Place::new()?;
    let paced = !arguments.fast && !arguments.json && std::io::stdout().is_terminal();
    let mut show = Show {
        client: Client::start(&place)?,
        place,
        stage: Stage { width: width() },
        json: arguments.json,
        paced,
        calls: 0,
        micros: Vec::new(),
        gap: false,
    };
    show.draw(&show.stage.opening(), 600)?;
    for event in events {
        show.play(event)?;
    }
    show.close()?;
    Ok(0)
}

struct Show {
    client: Client,
    place: Place,
    stage: Stage,
    json: bool,
    paced: bool,
    calls: usize,
    micros: Vec<u64>,
    /// A stopped action stands above: what follows is set apart from it.
    gap: bool,
}

impl Show {
    fn play(&mut self, event: Event) -> Result<(), Failure> {
        if std::mem::take(&mut self.gap) && !matches!(event, Event::Chapter { .. }) {
            self.draw("\n", 0)?;
        }
        match event {
            Event::Chapter { text } => self.draw(&self.stage.chapter(&text), 400),
            Event::Says { text } => self.draw(&self.stage.said("agent", &text), 700),
            Event::Prompt { text } => {
                let params = PromptParams { session: SESSION.to_owned(), text };
                self.client.notify(method::PROMPT, &params)?;
                self.draw(&self.stage.said("you", &params.text), 1500)
            }
            Event::Action { action, output, answer } => self.propose(action, output, answer),
        }
    }

    /// The agent wants something: the server is asked, and the action goes on or does not.
    fn propose(
        &mut self,
        action: Action,
        output: Option<String>,
        answer: Option<Answer>,
    ) -> Result<(), Failure> {
        self.calls += 1;
        let call = format!("call-{}", self.calls);
        let params = ReviewParams {
            session: SESSION.to_owned(),
            action,
            tool_call_id: Some(call.clone()),
            workspace: None,
        };
        let mut asked: Option<Verdict> = None;
        let mut person = |question: &AskParams| {
            asked = Some(question.verdict.clone());
            Ok(AskResult { answer: answer.unwrap_or(Answer::No), note: None })
        };
        let verdict: Verdict = self.client.request(method::REVIEW, &params, &mut person)?;
        let action = params.action;
        let goes_on = verdict.decision == Decision::Allow;
        let first = asked.as_ref().unwrap_or(&verdict);
        self.micros.push(first.elapsed_micros);
        if self.json {
            let session = SESSION.to_owned();
            say_json(&VerdictParams { session, action: action.clone(), verdict: first.clone() })?;
        }
        if asked.is_none() && goes_on {
            self.draw(&self.stage.flows(&action, first), 350)?;
        } else {
            let read = |path: &Path| self.place.read(path);
            self.draw(&self.stage.stopped(&action, first, &read), 2600)?;
            self.gap = true;
        }
        if asked.is_some() {
            self.draw(&self.stage.answered(answer.unwrap_or(Answer::No)), 900)?;
        }
        if goes_on { self.carried_out(&action, call, output) } else { Ok(()) }
    }

    /// What the agent's client tells of an action that went on.
    fn carried_out(&mut self, action: &Action, call: String, output: Option<String>) -> Result<(), Failure> {
        self.place.edit(action)?;
        let read = match action {
            Action::Read { path } => {
                self.place.read(Path::new(path)).map(|text| (OriginKind::File, path, text))
            }
            Action::Fetch { url, .. } => output.clone().map(|text| (OriginKind::Web, url, text)),
            _ => None,
        };
        if let Some((kind, name, text)) = read {
            let origin = Origin { kind, name: name.clone() };
            self.client
                .notify(method::CONTENT, ContentParams { session: SESSION.to_owned(), origin, text })?;
        }
        if let Some(output) = &output {
            self.draw(&self.stage.output(output), 500)?;
        }
        let output = output.filter(|_| matches!(action, Action::Command { .. }));
        let session = SESSION.to_owned();
        self.client.notify(method::OUTCOME, OutcomeParams { session, tool_call_id: call, ok: true, output })
    }

    /// The server's own count, and how long it took.
    fn close(mut self) -> Result<(), Failure> {
        let params = SessionParams { session: SESSION.to_owned() };
        let nobody = &mut |_: &AskParams| Err(Failure::new("the server asks although nothing was proposed"));
        let state: SessionState = self.client.request(method::SESSION, params, nobody)?;
        self.client.stop()?;
        if !self.json {
            self.micros.sort_unstable();
            let median = self.micros.get(self.micros.len() / 2).copied().unwrap_or_default();
            say(&self.stage.closing(&state, median))?;
        }
        Ok(())
    }

    fn draw(&self, text: &str, pause: u64) -> Result<(), Failure> {
        if self.json {
            return Ok(());
        }
        say(text)?;
        if self.paced {
            std::thread::sleep(Duration::from_millis(pause));
        }
        Ok(())
    }
}
