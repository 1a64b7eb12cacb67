//! Redirections: what flows in from files and texts, and where the output goes.

use brush_parser::ast::{
    IoFileRedirectKind, IoFileRedirectTarget, IoRedirect, ProcessSubstitutionKind, Word,
};

use super::{Arg, EffectKind, Hole, Shell, Span, Value, Worst, WriteHow};
use crate::effects::{Remote, SendHow};

/// What the redirections of one command do.
#[derive(Clone, Debug, Default)]
pub(super) struct Redirects {
    /// What flows in, when it is redirected.
    pub(super) stdin: Option<Value>,
    /// Where output goes.
    outputs: Vec<Output>,
    /// A connection to another machine that the command is tied to.
    pub(super) peer: Option<(String, Span)>,
}

#[derive(Clone, Debug)]
struct Output {
    stdout: bool,
    stderr: bool,
    to: To,
}

#[derive(Clone, Debug)]
enum To {
    File { arg: Arg, how: WriteHow },
    Peer { address: String, span: Span },
    Program(brush_parser::ast::SubshellCommand),
    Elsewhere,
}

impl Redirects {
    /// Something other than a pipe or a device gets the output.
    pub(super) fn writes(&self) -> bool {
        self.outputs.iter().any(|output| match &output.to {
            To::File { arg, .. } => !matches!(arg.text(), Some("/dev/null" | "/dev/stdout" | "/dev/stderr")),
            To::Peer { .. } | To::Program(_) => true,
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
                IoRedirect::HereDocument(_, document) => {
                    let span = self.span_of(&document.doc);
                    out.stdin = Some(if document.requires_expansion {
                        self.expand_heredoc(&document.doc.value, span)
                    } else {
                        Value::known(document.doc.value.as_str())
                    });
                }
                IoRedirect::HereString(_, word) => {
                    let mut value = self.expand_one(word);
                    value.push_text("\n");
                    out.stdin = Some(value);
                }
                IoRedirect::OutputAndError(word, append) => {
                    let how = if *append { WriteHow::Append } else { WriteHow::Replace };
                    self.output_to(word, how, true, true, &mut out);
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
                    out.stdin = Some(Value::output(&peer, [super::Source::Url(peer.clone())]));
                    return;
                }
                let value = self.read_file(&arg);
                if fd.unwrap_or(0) == 0 {
                    out.stdin = Some(value);
                }
            }
            (IoFileRedirectKind::Read, IoFileRedirectTarget::ProcessSubstitution(_, subshell)) => {
                out.stdin = Some(self.subshell_output(subshell, stdin));
            }
            (IoFileRedirectKind::ReadAndWrite, IoFileRedirectTarget::Filename(word)) => {
                let arg = self.single_arg(word);
                if let Some(peer) = peer_of(&arg) {
                    out.peer = Some((peer.clone(), arg.span));
                    let to = Remote::read(&peer);
                    self.add(EffectKind::Send { to, what: Vec::new(), how: SendHow::Body }, arg.span);
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
                self.output_to(word, how, number == 1, number == 2, out);
            }
            (_, IoFileRedirectTarget::ProcessSubstitution(ProcessSubstitutionKind::Write, subshell)) => {
                out.outputs.push(Output {
                    stdout: fd.unwrap_or(1) == 1,
                    stderr: false,
                    to: To::Program(subshell.clone()),
                });
            }
            (IoFileRedirectKind::DuplicateOutput, IoFileRedirectTarget::Fd(number)) => {
                duplicate(fd.unwrap_or(1), &number.to_string(), out);
            }
            (IoFileRedirectKind::DuplicateOutput, IoFileRedirectTarget::Duplicate(word)) => {
                let value = self.expand_one(word);
                let text = value.text().unwrap_or_default().to_owned();
                let is_number = text.chars().all(|c| c.is_ascii_digit() || c == '-');
                if is_number && !text.is_empty() {
                    duplicate(fd.unwrap_or(1), &text, out);
                } else {
                    // `>& file` is `&> file`.
                    self.output_to(word, WriteHow::Replace, true, true, out);
                }
            }
            (IoFileRedirectKind::DuplicateInput, _) => {
                if fd.unwrap_or(0) == 0
                    && let IoFileRedirectTarget::Fd(number) = target
                    && *number > 2
                {
                    out.stdin = Some(Value::unknown(Hole::Any(format!("what comes in on {number}"))));
                }
            }
            _ => self.opaque("a redirection of a kind that is not known", Worst::Writes, self.around),
        }
    }

    fn output_to(&mut self, word: &Word, how: WriteHow, stdout: bool, stderr: bool, out: &mut Redirects) {
        let arg = self.single_arg(word);
        let to = match peer_of(&arg) {
            Some(address) => {
                out.peer = Some((address.clone(), arg.span));
                To::Peer { address, span: arg.span }
            }
            None => To::File { arg, how },
        };
        out.outputs.push(Output { stdout, stderr, to });
    }

    fn single_arg(&mut self, word: &Word) -> Arg {
        let mut args = self.expand(word);
        match (args.pop(), args.is_empty()) {
            (Some(arg), true) => arg,
            _ => Arg { value: self.expand_one(word), span: self.span_of(word), pattern: false },
        }
    }

    pub(super) fn subshell_output(
        &mut self,
        subshell: &brush_parser::ast::SubshellCommand,
        stdin: &Value,
    ) -> Value {
        let before = self.state.clone();
        let (_, out) = self.list(&subshell.list, vec![before.clone()], stdin);
        self.state = before;
        out
    }

    /// Lets what a command prints go where it was redirected, and returns what is left for the pipe.
    pub(super) fn redirected(
        &mut self,
        redirects: &Redirects,
        printed: Value,
        written: Option<&str>,
    ) -> Value {
        let _ = written;
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
                To::Elsewhere => {}
            }
            if output.stdout {
                rest = Value::default();
            }
        }
        rest
    }
}

fn duplicate(fd: i32, target: &str, out: &mut Redirects) {
    match (fd, target) {
        // Only `>&2` and the like take the output out of the pipe.
        (1, "1") | (2, _) => {
            if fd == 2
                && target == "1"
                && let Some(output) = out.outputs.iter_mut().rev().find(|output| output.stdout)
            {
                output.stderr = true;
            }
        }
        (1, _) => out.outputs.push(Output { stdout: true, stderr: false, to: To::Elsewhere }),
        _ => {}
    }
}

/// The other machine that bash's own `/dev/tcp/HOST/PORT` means.
fn peer_of(arg: &Arg) -> Option<String> {
    let shown = arg.shown();
    let rest = shown.strip_prefix("/dev/tcp/").or_else(|| shown.strip_prefix("/dev/udp/"))?;
    let (host, port) = rest.split_once('/')?;
    Some(format!("{host}:{port}"))
}
