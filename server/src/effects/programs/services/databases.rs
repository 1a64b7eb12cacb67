//! Databases and queues: their clients, their tools, and the tools that migrate them.

use super::*;
use crate::effects::ServiceClass as C;
use crate::effects::sql::{self, Deed, Does as Sql};
use crate::effects::{Worst, WriteHow};
use crate::world::Scope;

mod clients;
mod documents;
mod migrations;
mod queues;

pub(super) use clients::in_container;
pub(in crate::effects) use migrations::of_task;

pub(super) const CLIENTS: &[Program] = clients::PROGRAMS;
pub(super) const DOCUMENTS: &[Program] = documents::PROGRAMS;
pub(super) const TASKS: &[Program] = migrations::PROGRAMS;
pub(super) const MIGRATORS: &[Tool] = migrations::TOOLS;
pub(super) const QUEUES: &[Tool] = queues::TOOLS;

/// The database that a client talks to.
#[derive(Clone, Debug)]
struct Database {
    /// The service, as people call it.
    service: &'static str,
    /// Its name or address, without a password.
    name: String,
    /// How far a change reaches.
    reach: ServiceReach,
    /// It is made for tests, or to be thrown away.
    spare: bool,
    /// The file that holds it, for those without a server.
    file: Option<Arg>,
}

impl Database {
    fn new(service: &'static str, host: Option<&str>, name: &str) -> Self {
        Self {
            service,
            name: match host {
                Some(host) if !host.is_empty() => format!("{host} {name}").trim().to_owned(),
                _ => name.to_owned(),
            },
            reach: reach_of(host, name),
            spare: is_spare(name),
            file: None,
        }
    }

    /// From an address as `postgres://user:secret@host:5432/name`.
    fn at(service: &'static str, address: &str) -> Self {
        match url::Url::parse(address) {
            Ok(url) if address.contains("://") => {
                let name = url.path().trim_matches('/').to_owned();
                Self::new(service, url.host_str(), &name)
            }
            _ => Self::new(service, None, address),
        }
    }

    /// One that is not known.
    fn unknown(service: &'static str, shown: &str) -> Self {
        let production = is_production(shown);
        let here = shown.to_ascii_uppercase();
        let spare = here.contains("TEST");
        let reach = match (production, spare || here.contains("DEV") || here.contains("LOCAL")) {
            (true, _) => ServiceReach::Production,
            (_, true) => ServiceReach::Local,
            _ => ServiceReach::Remote,
        };
        Self { service, name: shown.to_owned(), reach, spare, file: None }
    }

    /// From what a person gave: an address, a variable that holds one, a name.
    fn given(service: &'static str, arg: &Arg, shell: &Shell<'_>) -> Self {
        if let Some(text) = arg.text() {
            return Self::at(service, text);
        }
        // The address may be known though it is a secret: only where it leads is looked at.
        let known = arg.value.hole().map(crate::effects::value::Hole::shown).and_then(|shown| {
            let name = shown.trim_start_matches('$').to_owned();
            shell.variable(&name).and_then(|value| value.text().map(str::to_owned))
        });
        match known {
            Some(text) => {
                let named = Self::unknown(service, &arg.shown());
                let read = Self::at(service, &text);
                let reach = if named.reach == ServiceReach::Production { named.reach } else { read.reach };
                Self { name: arg.shown(), reach, ..read }
            }
            None => Self::unknown(service, &arg.shown()),
        }
    }

    /// A change or worse, by what it is done to.
    fn add(&self, operation: &str, class: C, target: &str, call: &Call<'_>, shell: &mut Shell<'_>) {
        let disposable = self.reach == ServiceReach::Local && self.spare;
        let class = match class {
            C::Destroy | C::Delete | C::Grant if disposable => C::Change,
            C::Grant if self.reach == ServiceReach::Local => C::Change,
            class => class,
        };
        let kind = EffectKind::Service {
            service: self.service.to_owned(),
            operation: operation.to_owned(),
            target: format!("{target} {}", self.name).trim().to_owned(),
            class,
            reach: self.reach,
        };
        shell.add(kind, call.span);
    }

    /// Follows statements of SQL.
    fn run(&self, text: &Value, call: &Call<'_>, shell: &mut Shell<'_>) {
        let known = match text.text() {
            Some(text) => text.to_owned(),
            None if text.prefix().trim().is_empty() => {
                // A script from somewhere: what it does is not known.
                self.write_file(call, shell);
                self.add("script", C::Change, "", call, shell);
                if self.reach != ServiceReach::Local {
                    shell.opaque("the statements that run there are not known", Worst::Writes, call.span);
                }
                return;
            }
            None => text.shown(),
        };
        let mut wrote = false;
        for deed in sql::deeds(&known) {
            wrote |= matches!(deed.does, Sql::Changes | Sql::Destroys | Sql::Grants);
            self.deed(&deed, call, shell);
        }
        if wrote {
            self.write_file(call, shell);
        }
    }

    fn write_file(&self, call: &Call<'_>, shell: &mut Shell<'_>) {
        if let Some(file) = &self.file {
            let place = shell.place(file);
            shell.write_place(place, WriteHow::Change, None, call.span);
        }
    }

    fn deed(&self, deed: &Deed, call: &Call<'_>, shell: &mut Shell<'_>) {
        let here = self.reach == ServiceReach::Local;
        let arg = || Arg::known(deed.target.clone(), call.span);
        match deed.does {
            Sql::Reads => self.add(&deed.verb, C::Read, &deed.target, call, shell),
            Sql::Changes => self.add(&deed.verb, C::Change, &deed.target, call, shell),
            Sql::Destroys => self.add(&deed.verb, C::Destroy, &deed.target, call, shell),
            Sql::Grants => self.add(&deed.verb, C::Grant, &deed.target, call, shell),
            Sql::RunsHere => {
                shell.run_line(
                    &Value::known(deed.target.clone()),
                    call.span,
                    &Value::output(self.service, []),
                );
            }
            Sql::Runs | Sql::Loads => {
                // The server runs it, with the server's rights.
                let place = if here {
                    Elsewhere::Container(self.service.to_owned())
                } else {
                    Elsewhere::Cluster(self.name.clone())
                };
                shell.add(EffectKind::RunElsewhere { place, command: Some(deed.target.clone()) }, call.span);
                if here && deed.does == Sql::Loads {
                    shell.run_file(None, &arg(), &[], call.span, &Value::default());
                } else if here {
                    shell.run_line(&Value::known(deed.target.clone()), call.span, &Value::default());
                }
            }
            Sql::WritesHere => shell.write(&arg(), WriteHow::Replace, None),
            Sql::Writes if here => shell.write(&arg(), WriteHow::Replace, None),
            Sql::OpensHere => {
                shell.read_file(&arg());
            }
            Sql::Opens if here => {
                if deed.target.contains("://") {
                    shell.add(EffectKind::Fetch { from: Remote::read(&deed.target), saves: None }, call.span);
                } else {
                    shell.read_file(&arg());
                }
            }
            Sql::Writes => self.add(&deed.verb, C::Change, &deed.target, call, shell),
            Sql::Opens => {
                let kind = EffectKind::RunElsewhere {
                    place: Elsewhere::Cluster(self.name.clone()),
                    command: Some(format!("{} {}", deed.verb, deed.target)),
                };
                shell.add(kind, call.span);
            }
            Sql::Includes => {
                let text = shell.read_file(&arg());
                self.run(&text, call, shell);
            }
            Sql::Unknown => shell.opaque("what was selected is run as statements", Worst::Writes, call.span),
        }
    }
}

/// Hosts that are this machine, or a container next to this one.
fn is_near(host: &str) -> bool {
    let host = host.split(':').next().unwrap_or(host);
    host.is_empty()
        || host.starts_with('/')
        || crate::effects::is_local(host)
        || matches!(host, "." | "(local)" | "(localdb)" | "[" | "host.docker.internal")
        || matches!(
            host,
            "db" | "database"
                | "postgres"
                | "postgresql"
                | "pg"
                | "mysql"
                | "mariadb"
                | "redis"
                | "cache"
                | "mongo"
                | "mongodb"
                | "test-db"
                | "testdb"
        )
}

fn reach_of(host: Option<&str>, name: &str) -> ServiceReach {
    let host = host.unwrap_or_default();
    if is_production(host) || is_production(name) {
        ServiceReach::Production
    } else if is_near(host) {
        ServiceReach::Local
    } else {
        ServiceReach::Remote
    }
}

/// A database that nobody misses.
fn is_spare(name: &str) -> bool {
    name.to_ascii_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        matches!(
            word,
            "test"
                | "tests"
                | "testing"
                | "tmp"
                | "temp"
                | "ci"
                | "scratch"
                | "sandbox"
                | "example"
                | "demo"
                | "fixture"
                | "fixtures"
                | "memory"
                | "e2e"
                | "spec"
        )
    })
}

/// The database that the project's own tools act on: what a variable says, or the project's `.env`.
fn of_project(call: &Call<'_>, shell: &Shell<'_>) -> Database {
    const NAMES: [&str; 6] = ["DATABASE_URL", "DB_URL", "POSTGRES_URL", "DIRECT_URL", "MONGO_URL", "DB_HOST"];
    let spare = ["RAILS_ENV", "NODE_ENV", "APP_ENV", "MIX_ENV", "ENV", "FLASK_ENV", "DJANGO_ENV", "RACK_ENV"]
        .iter()
        .find_map(|name| value_of(name, call, shell));
    let mut database = NAMES
        .iter()
        .find_map(|name| match value_of(name, call, shell) {
            Some(text) if text.is_empty() => None,
            Some(text) if *name == "DB_HOST" => Some(Database::new("database", Some(&text), "")),
            Some(text) => Some(Database::at("database", &text)),
            None => None,
        })
        .or_else(|| {
            let text = shell.file_text(&shell.cwd()?.join(".env"))?;
            let line = text.lines().find_map(|line| line.trim().strip_prefix("DATABASE_URL="))?;
            Some(Database::at("database", line.trim().trim_matches(['"', '\''])))
        })
        .unwrap_or_else(|| Database::new("database", None, "the project's database"));
    match spare.as_deref() {
        Some("test" | "testing" | "ci") => database.spare = true,
        Some(name) if is_production(name) => database.reach = ServiceReach::Production,
        _ => {}
    }
    database
}

fn value_of(name: &str, call: &Call<'_>, shell: &Shell<'_>) -> Option<String> {
    let assigned =
        call.variables.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    assigned.or_else(|| shell.variable(name)).map(|value| value.shown())
}
