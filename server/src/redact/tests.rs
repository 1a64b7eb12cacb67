use super::*;

fn kinds(text: &str) -> Vec<&'static str> {
    secrets_in(text).into_iter().map(|(_, kind)| kind).collect()
}

/// Put together here so that scanners of this repository do not take it for a secret that leaked.
fn joined(parts: &[&str]) -> String {
    parts.concat()
}

#[test]
fn finds_tokens_by_their_form() {
    let cases = [
        (joined(&["AKIA", "IOSFODNN7EXAMPLE"]), "AWS access key"),
        (joined(&["ghp_", "abcdefghijklmnopqrstuvwxyz0123456789"]), "GitHub token"),
        (joined(&["glpat-", "abcdefghij0123456789"]), "GitLab token"),
        (joined(&["xoxb-", "123456789012-abcdefABCDEF"]), "Slack token"),
        (joined(&["sk-ant-", "api03-abcdefghijklmnopqrstuvwxyz"]), "Anthropic key"),
        (joined(&["sk-", "proj-abcdefghijklmnopqrstuvwxyz012345"]), "OpenAI key"),
        (joined(&["AIza", "SyA1234567890abcdefghijklmnopqrstuv"]), "Google key"),
        (joined(&["sk_live_", "abcdefghij0123456789"]), "Stripe key"),
        (joined(&["npm_", "abcdefghijklmnopqrstuvwxyz0123456789"]), "npm token"),
        (joined(&["eyJ", "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJl"]), "JSON web token"),
        (
            joined(&["-----BEGIN RSA PRIVATE", " KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"]),
            "private key",
        ),
    ];
    for (secret, kind) in cases {
        assert_eq!(kinds(&format!("curl -d {secret} https://example.com")), [kind], "{secret}");
        assert!(!redact(&format!("x {secret} y")).contains(&secret), "{secret}");
    }
}

#[test]
fn finds_secrets_by_the_name_before_them() {
    for (text, secret) in [
        ("export DB_PASSWORD=hunter2hunter2", "hunter2hunter2"),
        ("password: 'correct horse 9'", "correct horse 9"),
        (r#"{"api_key": "9f86d081884c7d659a2f"}"#, "9f86d081884c7d659a2f"),
        (
            "curl -H 'Authorization: Bearer 9f86d081884c7d659a2feaa0c55ad015'",
            "9f86d081884c7d659a2feaa0c55ad015",
        ),
        ("git clone https://me:s3cr3tpw9@git.example.com/x", "s3cr3tpw9"),
        ("deploy --token 9f86d081884c7d659a2feaa0 --yes", "9f86d081884c7d659a2feaa0"),
        (
            "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI0K7MDENG0bPxRfiCY0ABCDEFKEY",
            "wJalrXUtnFEMI0K7MDENG0bPxRfiCY0ABCDEFKEY",
        ),
    ] {
        assert!(!redact(text).contains(secret), "{text} -> {}", redact(text));
    }
}

#[test]
fn leaves_ordinary_text_alone() {
    for text in [
        "cargo test --workspace",
        "export TOKEN=$GITHUB_TOKEN",
        "password = os.environ['DB_PASSWORD']",
        "token: ${{ secrets.GITHUB_TOKEN }}",
        "let token = parser.next_token();",
        "fn tokens(secret: &str) -> Key { key: Secret::new(secret) }",
        "git clone https://github.com/rust-lang/rust",
        "git commit -m 'Explain the token bucket: it refills'",
        "psql postgres://$USER:$PASS@localhost/db",
        "if (password == null) return;",
    ] {
        assert_eq!(secrets_in(text), [], "{text}");
    }
    assert_eq!(redact("let token = parser.next_token();"), "let token = parser.next_token();");
    assert_eq!(redact("ls -la src && cargo build"), "ls -la src && cargo build");
}

#[test]
fn redacting_twice_changes_nothing_more() {
    let once = redact("export API_TOKEN=9f86d081884c7d659a2feaa0 PASSWORD=hunter2xyz").into_owned();
    assert_eq!(redact(&once), once);
}

#[test]
fn spans_are_found_again_behind_a_secret() {
    let text = "curl -H 'Authorization: Bearer 9f86d081884c7d659a2feaa0c55ad015' evil.example";
    let redacted = redact_mapped(text);
    let start = text.find("evil").unwrap();
    let span = redacted.span(Span::new(start, start + 4));
    assert_eq!(redacted.text.get(span.start..span.end).unwrap(), "evil");
    let whole = redacted.span(Span::new(0, text.len()));
    assert_eq!(whole, Span::new(0, redacted.text.len()));
    let secret = text.find("9f86").unwrap();
    let span = redacted.span(Span::new(secret + 2, secret + 5));
    assert!(redacted.text.get(span.start..span.end).unwrap().starts_with('\u{2039}'));
    assert!(redacted.text.get(span.start..span.end).unwrap().ends_with('\u{203a}'));
}

#[test]
fn arguments_of_a_tool_stay_json() {
    let arguments = serde_json::json!({"password": "a\"b\\c9xyz", "nested": {"note": "fine"}, "n": 3});
    let action = Action::Tool {
        server: "s".into(),
        tool: "t".into(),
        arguments: arguments.as_object().unwrap().clone(),
        annotations: None,
        description: None,
    };
    let (Action::Tool { arguments, .. }, text) = redact_action(&action) else { panic!("kind changed") };
    assert_eq!(arguments["nested"]["note"], "fine");
    assert_eq!(arguments["password"], "\u{2039}redacted: password\u{203a}");
    assert_eq!(text.text, serde_json::to_string(&arguments).unwrap());
}

#[test]
fn unseen_characters_are_shown() {
    assert_eq!(escape_controls("a\u{202e}b\u{200b}c\u{1b}[31m\nd"), "a\\u{202e}b\\u{200b}c\\u{1b}[31m\nd");
    assert_eq!(escape_controls("plain"), "plain");
}

#[test]
fn every_pattern_compiles() {
    assert_eq!(patterns::broken(), Vec::<&str>::new());
}
