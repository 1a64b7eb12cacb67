//! Redirections: what flows in from files and texts, and where the output goes.

use std::sync::Arc;

use brush_parser::ast::{
    Command, IoFileRedirectKind, IoFileRedirectTarget, IoRedirect, ProcessSubstitutionKind, SubshellCommand,
    Word,
};

use super::{Arg, EffectKind, Hole, Shell, Span, Value, Worst, WriteHow};
use crate::effects::{Remote, SendHow};

/// What the redirections of one command do.
#[derive(Clone, Debug, Default)]
pub(super) struct Redirects {
    /// What flows in, when it is redirected.
    pub(super) stdin: Option<Value>,
    /// What flows in on other descriptors.
    pub(super) inputs: Vec<(i32, Value)>,
    /// Where output goes.
    pub(super) outputs: Vec<Output>,
    /// A connection to another machine that the command is tied to.
    pub(super) peer: Option<(String, Span)>,
}

#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) number: i32,
    pub(super) stdout: bool,
    pub(super) stderr: bool,
    pub(super) to: To,
}

/// Where output goes.
#[derive(Clone, Debug)]
pub(super) enum To {
    File { arg: Arg, how: WriteHow },
    Peer { address: String, span: Span },
    Program(Arc<SubshellCommand>),
    Coprocess(Arc<Command>),
    Elsewhere,
}

impl PartialEq for To {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File { arg, how }, Self::File { arg: other, how: other_how }) => {
                arg == other && how == other_how
            }
            (Self::Peer { address, .. }, Self::Peer { address: other, .. }) => address == other,
            (Self::Program(one), Self::Program(other)) => Arc::ptr_eq(one, other),
            (Self::Coprocess(one), Self::Coprocess(other)) => Arc::ptr_eq(one, other),
            (Self::Elsewhere, Self::Elsewhere) => true,
            _ => false,
        }
    }
}

impl Redirects {
    fn flows_in(&mut self, number: Option<i32>, value: Value) {
        match number.unwrap_or(0) {
            0 => self.stdin = Some(value),
            number => self.inputs.push((number, value)),
        }
    }

    fn input(&self, number: i32) -> Option<&Value> {
        self.inputs.iter().rev().find(|(known, _)| *known == number).map(|(_, value)| value)
    }

    /// Something other than a pipe or a device gets the output.
    pub(super) fn writes(&self) -> bool {
        self.outputs.iter().any(|output| match &output.to {
            To::File { arg, .. } => !matches!(arg.text(), Some("/dev/null" | "/dev/stdout" | "/dev/stderr")),
            To::Peer { .. } | To::Program(_) | To::Coprocess(_) => true,
            To::Elsewhere => false,
        })
    }
}

impl Shell<'_> {
    /// Reads redirections. `stdin` is what would flow in without them.
    pub(super) fn redirects<'r>(
        &mut self,
        redirects: impl Iterator<Item = &'r IoRedirect>,
        stdin: &Value,
    ) -> Redirects {
        let mut out = Redirects::default();
        for redirect in redirects {
            match redirect {
                IoRedirect::HereDocument(fd, document) => {
                    let span = self.span_of(&document.doc);
                    let value = if document.requires_expansion {
                        self.expand_heredoc(&document.doc.value, span)
                    } else {
                        Value::known(document.doc.value.as_str())
                    };
                    out.flows_in(*fd, value);
                }
                IoRedirect::HereString(fd, word) => {
                    let mut value = self.expand_one(word);
                    value.push_text("\n");
                    out.flows_in(*fd, value);
                }
                IoRedirect::OutputAndError(word, append) => {
                    let how = if *append { WriteHow::Append } else { WriteHow::Replace };
                    self.both_to(word, how, &mut out);
                }
                IoRedirect::File(fd, kind, target) => self.file_redirect(*fd, kind, target, stdin, &mut out),
            }
        }
        out
    }

    fn file_redirect(
        &mut self,
        fd: Option<i32>,
        kind: &IoFileRedirectKind,
        target: &IoFileRedirectTarget,
        stdin: &Value,
        out: &mut Redirects,
    ) {
        match (kind, target) {
            (IoFileRedirectKind::Read, IoFileRedirectTarget::Filename(word)) => {
                let arg = self.single_arg(word);
                if let Some(peer) = peer_of(&arg) {
                    out.peer = Some((peer.clone(), arg.span));
                    self.add(EffectKind::Fetch { from: Remote::read(&peer), saves: None }, arg.span);
                    out.flows_in(fd, Value::output(&peer, [super::Source::Url(peer.clone())]));
                    return;
                }
                let value = self.read_file(&arg);
                out.flows_in(fd, value);
            }
            (IoFileRedirectKind::Read, IoFileRedirectTarget::ProcessSubstitution(_, subshell)) => {
                let value = self.subshell_output(subshell, stdin);
                out.flows_in(fd, value);
            }
            (IoFileRedirectKind::ReadAndWrite, IoFileRedirectTarget::Filename(word)) => {
                let arg = self.single_arg(word);
                if let Some(peer) = peer_of(&arg) {
                    out.peer = Some((peer.clone(), arg.span));
                    let to = Remote::read(&peer);
                    self.add(EffectKind::Send { to, what: Vec::new(), how: SendHow::Body }, arg.span);
                    out.flows_in(fd, Value::output(&peer, [super::Source::Url(peer.clone())]));
                    let to = To::Peer { address: peer, span: arg.span };
                    let number = fd.unwrap_or(0);
                    out.outputs.push(Output { number, stdout: number == 1, stderr: number == 2, to });
                    return;
                }
                self.write(&arg, WriteHow::Change, None);
            }
            (
                IoFileRedirectKind::Write | IoFileRedirectKind::Clobber | IoFileRedirectKind::Append,
                IoFileRedirectTarget::Filename(word),
            ) => {
                let append = matches!(kind, IoFileRedirectKind::Append);
                let how = if append { WriteHow::Append } else { WriteHow::Replace };
                let number = fd.unwrap_or(1);
                self.output_to(word, how, number, out);
            }
            (_, IoFileRedirectTarget::ProcessSubstitution(ProcessSubstitutionKind::Write, subshell)) => {
                let number = fd.unwrap_or(1);
                let to = To::Program(Arc::new(subshell.clone()));
                out.outputs.push(Output { number, stdout: number == 1, stderr: number == 2, to });
            }
            (IoFileRedirectKind::DuplicateOutput, IoFileRedirectTarget::Fd(number)) => {
                self.duplicate(fd.unwrap_or(1), *number, out);
            }
            (IoFileRedirectKind::DuplicateOutput, IoFileRedirectTarget::Duplicate(word)) => {
                let value = self.expand_one(word);
                let text = value.text().unwrap_or_default().to_owned();
                let is_number = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '-');
                if is_number {
                    self.duplicate(fd.unwrap_or(1), text.trim_end_matches('-').parse().unwrap_or(-1), out);
                } else {
                    // `>& file` is `&> file`.
                    self.both_to(word, WriteHow::Replace, out);
                }
            }
            (IoFileRedirectKind::DuplicateInput, target) => {
                let number = match target {
                    IoFileRedirectTarget::Fd(number) => Some(*number),
                    IoFileRedirectTarget::Duplicate(word) => {
                        let value = self.expand_one(word);
                        value.text().and_then(|text| text.trim_end_matches('-').parse().ok())
                    }
                    _ => None,
                };
                let value = match number {
                    Some(0..=2) => return,
                    Some(number) => out.input(number).cloned().unwrap_or_else(|| self.input(number)),
                    None => Value::unknown(Hole::Any("what comes in on another descriptor".to_owned())),
                };
                out.flows_in(fd, value);
            }
            _ => self.opaque("a redirection of a kind that is not known", Worst::Writes, self.around),
        }
    }

    fn output_to(&mut self, word: &Word, how: WriteHow, number: i32, out: &mut Redirects) {
        let to = self.target(word, how, out);
        out.outputs.push(Output { number, stdout: number == 1, stderr: number == 2, to });
    }

    fn both_to(&mut self, word: &Word, how: WriteHow, out: &mut Redirects) {
        let to = self.target(word, how, out);
        out.outputs.push(Output { number: 1, stdout: true, stderr: true, to });
    }

    fn target(&mut self, word: &Word, how: WriteHow, out: &mut Redirects) -> To {
        let arg = self.single_arg(word);
        match peer_of(&arg) {
            Some(address) => {
                out.peer = Some((address.clone(), arg.span));
                To::Peer { address, span: arg.span }
            }
            None => To::File { arg, how },
        }
    }

    /// Lets the output of one descriptor go where another leads.
    fn duplicate(&mut self, number: i32, target: i32, out: &mut Redirects) {
        match (number, target) {
            // Only `>&2` and the like take the output out of the pipe.
            (1, 1) => {}
            (2, 1) => {
                if let Some(output) = out.outputs.iter_mut().rev().find(|output| output.stdout) {
                    output.stderr = true;
                }
            }
            _ => {
                let same = out.outputs.iter().rev().find(|output| output.number == target);
                let to =
                    same.map(|output| output.to.clone()).or_else(|| self.state.outputs.get(&target).cloned());
                let to = match to {
                    Some(to) => to,
                    None if number == 1 => To::Elsewhere,
                    None => return,
                };
                out.outputs.push(Output { number, stdout: number == 1, stderr: number == 2, to });
            }
        }
    }

    /// What flows in on a descriptor that was opened before.
    pub(super) fn input(&self, number: i32) -> Value {
        let unknown = || Value::unknown(Hole::Any(format!("what comes in on {number}")));
        self.state.inputs.get(&number).cloned().unwrap_or_else(unknown)
    }

    /// What `exec` without a command does: its redirections hold from here on.
    pub(super) fn keep_open(&mut self, redirects: &Redirects) {
        self.state.inputs.extend(redirects.inputs.iter().cloned());
        if let Some(stdin) = &redirects.stdin {
            self.state.inputs.insert(0, stdin.clone());
        }
        for output in &redirects.outputs {
            if let To::Program(subshell) = &output.to
                && subshell.list.0.iter().all(super::flows::only_records)
            {
                let before = self.state.clone();
                let rest = Value::unknown(Hole::Any("what is printed from here on".to_owned()));
                self.list(&subshell.list, vec![before.clone()], &rest);
                self.state = before;
            } else if output.number <= 2
                && matches!(output.to, To::Peer { .. } | To::Program(_) | To::Coprocess(_))
            {
                let reason = "what the rest prints is fed to another program";
                self.opaque(reason, Worst::Runs, self.around);
            }
            // The file is opened here and now; what is printed later comes behind what was.
            let to = match &output.to {
                To::File { arg, how } => {
                    self.write(arg, *how, Some(Value::default()));
                    To::File { arg: arg.clone(), how: WriteHow::Append }
                }
                to => to.clone(),
            };
            self.state.outputs.insert(output.number, to);
        }
    }

    /// Starts a command that the shell is tied to in both ways: what it prints can be read from one
    /// descriptor, what is written to the other it reads.
    pub(super) fn coprocess(&mut self, coprocess: &brush_parser::ast::CoprocessCommand) -> Value {
        let name = coprocess.name.as_ref().map_or("COPROC", |name| name.value.as_str()).to_owned();
        let fed = Value::unknown(Hole::Any("what a coprocess is fed".to_owned()));
        let before = self.state.clone();
        let (_, printed) =
            self.flowing(true, |shell| shell.command(&coprocess.body, vec![before.clone().piped()], &fed));
        self.state = before;
        let (from, to) = (self.new_descriptor(), self.new_descriptor());
        self.state.inputs.insert(from, printed);
        self.state.outputs.insert(to, To::Coprocess(Arc::new((*coprocess.body).clone())));
        let ends = [from, to].iter().map(|number| Value::known(number.to_string())).collect();
        self.state.variables.insert(name, super::state::Variable::Array(ends));
        self.state.status = Some(true);
        Value::default()
    }

    /// A number for `{name}>file` and the like.
    pub(super) fn new_descriptor(&mut self) -> i32 {
        let used = self.state.inputs.keys().chain(self.state.outputs.keys()).max().copied().unwrap_or(0);
        used.max(9).saturating_add(1)
    }

    fn single_arg(&mut self, word: &Word) -> Arg {
        let mut args = self.expand(word);
        match (args.pop(), args.is_empty()) {
            (Some(arg), true) => arg,
            _ => Arg { value: self.expand_one(word), span: self.span_of(word), pattern: false },
        }
    }

    pub(super) fn subshell_output(&mut self, subshell: &SubshellCommand, stdin: &Value) -> Value {
        let before = self.state.clone();
        let (_, out) =
            self.flowing(true, |shell| shell.list(&subshell.list, vec![before.clone().piped()], stdin));
        self.state = before;
        out
    }

    /// Lets what a command prints go where it was redirected, and returns what is left for the pipe.
    pub(super) fn redirected(&mut self, redirects: &Redirects, printed: Value) -> Value {
        let mut rest = printed;
        for output in &redirects.outputs {
            let content = if output.stdout {
                rest.clone()
            } else if output.stderr {
                Value::output("error messages", [])
            } else {
                Value::output("another output", [])
            };
            match &output.to {
                To::File { arg, how } => self.write(arg, *how, Some(content)),
                To::Peer { address, span } => {
                    let to = Remote::read(address);
                    let what = content.sources().to_vec();
                    self.add(EffectKind::Send { to, what, how: SendHow::Body }, *span);
                }
                To::Program(subshell) => {
                    let before = self.state.clone();
                    self.list(&subshell.list, vec![before.clone()], &content);
                    self.state = before;
                }
                To::Coprocess(command) => {
                    let before = self.state.clone();
                    self.command(command, vec![before.clone()], &content);
                    self.state = before;
                }
                To::Elsewhere => {}
            }
            if output.stdout {
                rest = Value::default();
            }
        }
        rest
    }
}

/// The other machine that bash's own `/dev/tcp/HOST/PORT` means.
fn peer_of(arg: &Arg) -> Option<String> {
    let shown = arg.shown();
    let rest = shown.strip_prefix("/dev/tcp/").or_else(|| shown.strip_prefix("/dev/udp/"))?;
    let (host, port) = rest.split_once('/')?;
    Some(format!("{host}:{port}"))
}
