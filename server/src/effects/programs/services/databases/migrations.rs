//! Tools that shape the project's database.

use super::*;

pub(in super::super) const PROGRAMS: &[Program] =
    &[Program { names: &["rails", "rake", "artisan"], model: tasks }];

pub(in super::super) const TOOLS: &[Tool] = &[MIGRATORS, PRISMA];

const MIGRATE: Does = Does::Special(migrate);
const WIPE: Does = Does::Special(wipe);

const MIGRATORS: Tool = Tool {
    names: &[
        "alembic",
        "flyway",
        "liquibase",
        "knex",
        "sequelize",
        "sequelize-cli",
        "drizzle-kit",
        "typeorm",
        "dbmate",
        "goose",
        "migrate",
        "sqitch",
        "sqlx",
        "diesel",
        "atlas",
        "mikro-orm",
        "graphile-migrate",
        "node-pg-migrate",
        "db-migrate",
        "refinery",
        "sea-orm-cli",
        "yoyo",
        "phinx",
        "hasura",
    ],
    service: "database",
    options: Options {
        single_dash: true,
        long: &[
            "x",
            "n",
            "c",
            "d",
            "e",
            "u",
            "config",
            "env",
            "url",
            "database",
            "dir",
            "path",
            "source",
            "name",
            "connection",
        ],
        scope: &["--env", "--url"],
        ..PLAIN
    },
    reach: remote,
    rows: &[
        (
            "clean; drop-all|dropAll; migrate:rollback --all; db:drop; schema:drop; drop; database drop|reset; reset; down --all; down -all; \
          downgrade base; migration:fresh; migration:drop; db:migrate:undo:all; schema clean; migrate:fresh; migrate:reset; revert --all; schema fresh; drop-db; migrate fresh|reset",
            WIPE,
        ),
        ("push --force", WIPE),
        (
            "revision|history|current|heads|branches|show|check|info|validate|status|list|generate|new|add|create|init|make|migrate:make|migrate:list|migrate:status|\
          migration:generate|migration:create|seed:make|studio|introspect|pull|diff|log|plan|prepare|version|print-schema|export|stamp|snapshot|dump|up-to-date; \
          migrate info|add|status; migration generate|list|create; schema inspect|diff; console",
            Does::Project,
        ),
        (
            "downgrade|rollback|down|undo|revert|redo; migrate:rollback|migrate:down; migration:revert; db:migrate:undo; migration revert|redo; migrate revert; force",
            MIGRATE,
        ),
    ],
    otherwise: MIGRATE,
};

const PRISMA: Tool = Tool {
    names: &["prisma"],
    service: "database",
    options: Options {
        long: &[
            "schema",
            "name",
            "file",
            "url",
            "create-only",
            "applied",
            "rolled-back",
            "from-schema-datamodel",
            "to-schema-datamodel",
        ],
        ..PLAIN
    },
    reach: remote,
    rows: &[
        ("migrate reset; db push --force-reset; db push --accept-data-loss", WIPE),
        ("db execute", Does::Special(execute)),
        ("migrate deploy|resolve; db push|seed", MIGRATE),
        (
            "migrate dev|status|diff; generate|format|validate|studio|init|version|debug|introspect|platform; db pull",
            Does::Project,
        ),
    ],
    otherwise: Does::Project,
};

fn migrate(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let database = database(given, shell);
    let (given_words, call) = (given.shown(), given.call);
    if database.reach == ServiceReach::Local {
        shell.add(EffectKind::RunProject { task: given_words }, call.span);
    } else {
        database.add(&given_words, C::Change, "", call, shell);
    }
    printed(call)
}

fn wipe(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let database = database(given, shell);
    database.add(&given.shown(), C::Destroy, "", given.call, shell);
    printed(given.call)
}

fn database(given: &Given<'_>, shell: &Shell<'_>) -> Database {
    let address = given.parsed.value(&["-u", "--url", "-d", "--database", "-database", "--connection"]);
    let mut database = match address {
        Some(address) => Database::given("database", address, shell),
        None => of_project(given.call, shell),
    };
    let environment =
        given.parsed.value(&["--env", "-e", "--environment"]).map(Arg::shown).unwrap_or_default();
    if is_production(&environment) {
        database.reach = ServiceReach::Production;
    } else if is_spare(&environment) {
        database.spare = true;
    }
    database
}

fn execute(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let database = database(given, shell);
    let text = match given.parsed.value(&["--file"]).cloned() {
        Some(file) => shell.read_file(&file),
        None => given.call.stdin.clone(),
    };
    database.run(&text, given.call, shell);
    printed(given.call)
}

/// Rails and its like: tasks of the project, some of which wipe the database.
fn tasks(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let looks = call.args.first().and_then(Arg::text).is_some_and(|word| {
        matches!(word, "-T" | "--tasks" | "routes" | "about" | "stats" | "notes" | "-D" | "-P" | "list")
    });
    if looks || super::super::super::common::asks_for_help_on(call.args) {
        return observe(call, shell);
    }
    of_task(call, shell);
    super::super::super::common::project(call, shell)
}

/// What the words behind a project's own task runner (`manage.py`, `artisan`, `rails`) do to its database.
pub(in crate::effects) fn of_task(call: &Call<'_>, shell: &mut Shell<'_>) {
    const WIPES: [&str; 17] = [
        "db:drop",
        "db:reset",
        "db:purge",
        "db:schema:load",
        "db:structure:load",
        "db:drop:all",
        "db:migrate:reset",
        "db:setup",
        "db:truncate_all",
        "migrate:fresh",
        "migrate:reset",
        "db:wipe",
        "migrate:refresh",
        "flush",
        "reset_db",
        "ecto.drop",
        "ecto.reset",
    ];
    let mut environment = String::new();
    for arg in call.args {
        if let Some((name, value)) = arg.value.prefix().split_once('=')
            && matches!(
                name,
                "RAILS_ENV" | "--env" | "--environment" | "RACK_ENV" | "--settings" | "--database"
            )
        {
            environment = value.to_owned();
        }
    }
    let Some(verb) = call.args.iter().filter_map(Arg::text).find(|word| WIPES.contains(word)) else { return };
    let mut database = of_project(call, shell);
    if is_production(&environment) {
        database.reach = ServiceReach::Production;
    } else if is_spare(&environment) {
        database.spare = true;
    }
    database.add(&format!("{} {verb}", call.name), C::Destroy, "", call, shell);
}
