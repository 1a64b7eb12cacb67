//! Between an editor that speaks the Agent Client Protocol and its agent.
//!
//! Every line passes as it came but for what is judged here: the user's prompts are noted, requests
//! for permission are answered for what is clearly fine and clearly not and put to the person
//! otherwise, files and terminals that the agent asks the editor for are reviewed, work that began
//! without asking is cancelled when it would have been blocked, and modes in which the agent no
//! longer asks are refused.

mod actions;
mod agent;
mod calls;
mod editor;
mod held;
mod modes;
mod permission;
mod proxy;
mod says;
mod unasked;

pub use proxy::{Around, Proxy};

#[cfg(test)]
mod tests;
