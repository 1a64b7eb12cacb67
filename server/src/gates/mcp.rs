//! Between a client of the Model Context Protocol and a server.
//!
//! Calls of tools and reads of resources are reviewed before the server hears of them. What the
//! server says of its tools is kept, and a tool of which it suddenly says something else is stopped
//! until a person agrees. What comes back is read for orders to the agent and for secrets. All
//! other lines pass as they came.

mod client;
mod elicit;
mod pins;
mod proxy;
#[cfg(feature = "http")]
mod remote;
mod says;
mod server;

pub use pins::identity;
pub use proxy::{Around, Proxy};
#[cfg(feature = "http")]
pub use remote::Remote;

#[cfg(test)]
mod tests;
