//! The program as real processes in throw-away homes: its commands, its hooks, its language server,
//! and how they find each other.
#![expect(clippy::disallowed_methods, reason = "real binaries are run on a throw-away home")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

mod cli;
mod hook;
mod language_server;
#[cfg(unix)]
mod proxies;
#[cfg(unix)]
mod socket;
