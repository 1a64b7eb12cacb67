use crate::effects::programs::testing::check;

#[test]
fn forges_are_read_freely() {
    check(&[
        ("gh pr list", "service github pr list  Read Remote"),
    ]);
}
