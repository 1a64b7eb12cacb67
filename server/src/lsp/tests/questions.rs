//! Questions to a person, and what their answers do.

use super::*;

#[tokio::test]
async fn an_answer_to_a_question_is_the_verdict() {
    let mut editor = editor(asks()).await;
    editor.mode("manual").await;
    for (id, answer, decision) in [(1, "once", "allow"), (2, "no", "block")] {
        editor.propose(id, edit(&format!("{answer}.txt"), None, "new")).await;
        let asked = editor.client.expect(&json!({ "method": "banksman/ask" })).await;
        assert_eq!(asked["params"]["verdict"]["decision"], "ask");
        assert_eq!(asked["params"]["deadlineMillis"], 300_000);
        editor.client.send(json!({ "id": asked["id"], "result": { "answer": answer } })).await;
        let verdict = editor.client.answer(id).await["result"].clone();
        assert_eq!(verdict["decision"], decision);
        assert_eq!(verdict["id"], asked["params"]["verdict"]["id"]);
        // The decision view is told twice: that it is asked, and what was decided.
        let told = |decision: &str| {
            json!({
                "method": "banksman/verdict",
                "params": { "verdict": { "id": verdict["id"], "decision": decision } }
            })
        };
        editor.client.expect(&told("ask")).await;
        editor.client.expect(&told(decision)).await;
    }
}

#[tokio::test]
async fn an_error_instead_of_an_answer_means_no() {
    let mut editor = editor(asks()).await;
    editor.mode("manual").await;
    for (id, reply) in
        [(1, json!({ "error": { "code": 1, "message": "no person" } })), (2, json!({ "result": "yes" }))]
    {
        editor.propose(id, edit("a.txt", None, "new")).await;
        let asked = editor.client.expect(&json!({ "method": "banksman/ask" })).await;
        let mut reply = reply;
        reply["id"] = asked["id"].clone();
        editor.client.send(reply).await;
        assert_eq!(editor.client.answer(id).await["result"]["decision"], "block");
    }
}

#[tokio::test]
async fn silence_means_no() {
    let mut editor =
        editor(json!({ "initializationOptions": { "banksman": { "ask": true, "askDeadlineMillis": 20 } } }))
            .await;
    editor.mode("manual").await;
    editor.propose(1, edit("a.txt", None, "new")).await;
    let asked = editor.client.expect(&json!({ "method": "window/showMessageRequest" })).await;
    let verdict = editor.client.answer(1).await["result"].clone();
    assert_eq!(verdict["decision"], "block");
    assert!(verdict["summary"].as_str().unwrap().starts_with("Nobody answered in time"));
    // An answer after the deadline changes nothing.
    editor.client.send(json!({ "id": asked["id"], "result": { "title": "Allow once" } })).await;
    editor.propose(2, edit("a.txt", None, "new")).await;
    assert_eq!(editor.client.answer(2).await["result"]["decision"], "block");
}

#[tokio::test]
async fn the_message_of_the_editor_offers_the_four_answers() {
    let mut editor = editor(json!({ "initializationOptions": { "banksman": { "ask": true } } })).await;
    editor.mode("manual").await;
    editor.propose(1, edit("a.txt", None, "new")).await;
    let asked = editor.client.expect(&json!({ "method": "window/showMessageRequest" })).await;
    let titles: Vec<&str> = asked["params"]["actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|action| action["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Allow once", "Allow in this session", "Allow in this workspace", "No"]);
    assert!(asked["params"]["message"].as_str().unwrap().contains("edit `a.txt`"));
    editor.client.send(json!({ "id": asked["id"], "result": { "title": "Allow once" } })).await;
    assert_eq!(editor.client.answer(1).await["result"]["decision"], "allow");
}

#[tokio::test]
async fn a_person_who_never_answers_holds_up_nobody() {
    let mut editor = editor(asks()).await;
    editor.mode("manual").await;
    for id in 1..=50 {
        editor.propose(id, edit(&format!("{id}.txt"), None, "new")).await;
    }
    for _ in 1..=50 {
        editor.client.expect(&json!({ "method": "banksman/ask" })).await;
    }
    // The same session is served on: what it says, what it proposes, what it is.
    editor
        .client
        .play(
            r#"
            → {"method":"banksman/prompt","params":{"session":"s","text":"Go on."}}
            → {"id":99,"method":"banksman/setMode","params":{"session":"t","mode":"plan"}}
            → {"id":100,"method":"banksman/review","params":{"session":"t","action":{"kind":"delete","path":"a"}}}
            ← {"id":100,"result":{"decision":"block"}}
            → {"id":101,"method":"banksman/session","params":{"session":"s"}}
            ← {"id":101,"result":{"asked":50}}
            → {"id":102,"method":"shutdown"}
            ← {"id":102,"result":null}
            → {"method":"exit"}
            = 0
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_question_can_be_answered_by_resolve() {
    let mut editor = editor(asks()).await;
    editor.mode("manual").await;
    editor.propose(1, edit("a.txt", None, "new")).await;
    let asked = editor.client.expect(&json!({ "method": "banksman/ask" })).await;
    let verdict = asked["params"]["verdict"]["id"].clone();
    let params = json!({ "verdict": verdict, "answer": "once" });
    editor.client.send(json!({ "id": 2, "method": "banksman/resolve", "params": params })).await;
    assert_eq!(editor.client.answer(2).await["result"]["decision"], "allow");
    assert_eq!(editor.client.answer(1).await["result"]["decision"], "allow");
}

#[tokio::test]
async fn a_client_that_asks_by_itself_gets_the_verdict_as_it_is() {
    let mut editor = editor(json!({})).await;
    editor.mode("manual").await;
    let verdict = editor.review(1, edit("a.txt", None, "new")).await;
    assert_eq!(verdict["decision"], "ask");
    let params = json!({ "verdict": verdict["id"], "answer": "once" });
    editor.client.send(json!({ "id": 2, "method": "banksman/resolve", "params": params })).await;
    assert_eq!(editor.client.answer(2).await["result"]["decision"], "allow");
    assert_eq!(editor.review(3, edit("a.txt", None, "new")).await["decision"], "allow");
    assert_eq!(editor.review(4, edit("a.txt", None, "new")).await["decision"], "ask");
}
