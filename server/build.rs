//! Says where the program is linked to run.
//!
//! A hook is a process for each action of an agent. One that may be loaded anywhere has tens of thousands of
//! addresses put right before it starts, which takes longer than the review: on Linux with glibc it is linked to a
//! fixed place. Stack, heap and libraries are still somewhere else in every run.
#![expect(
    clippy::disallowed_methods,
    reason = "a build script is told by the environment what it builds for"
)]

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = |what: &str| std::env::var(format!("CARGO_CFG_TARGET_{what}")).unwrap_or_default();
    let dynamic = !target("FEATURE").split(',').any(|feature| feature == "crt-static");
    if target("OS") == "linux" && target("ENV") == "gnu" && dynamic {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
