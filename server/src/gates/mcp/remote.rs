//! A server behind an address, by the transport that the protocol calls Streamable HTTP.
//!
//! To the proxy it looks like a process: lines go in, lines come out, and all of them pass the same
//! judge. What is one line there is a POST here; its answer is one message or a stream of them.
//! Messages are passed on as they came, which the typed clients of the SDKs cannot do, so only the
//! HTTP, the TLS and the event streams come from crates.

use std::time::Duration;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::redirect::Policy;

use self::http::Http;
use super::super::proxy::Far;

mod events;
mod headers;
mod http;
mod wire;

#[cfg(test)]
mod tests;

/// How long it may take to reach the server.
const REACH: Duration = Duration::from_secs(15);
/// How often it is looked whether a server that says nothing is still there.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// A server behind an address.
pub struct Remote {
    address: Url,
    headers: HeaderMap,
}

/// Headers are secrets, and so may be what the address holds beside the host.
impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote").field("host", &self.host()).finish_non_exhaustive()
    }
}

impl Remote {
    /// A server at an address, and what every request to it carries: `NAME: VALUE`, where `${NAME}` in
    /// the value stands for a variable of the environment.
    ///
    /// # Errors
    /// When the address or a header cannot be used, in words that hold no value.
    pub fn new(
        address: &str,
        headers: &[String],
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let address = Url::parse(address).map_err(|error| format!("the address cannot be read: {error}"))?;
        if !matches!(address.scheme(), "http" | "https") || address.host_str().is_none() {
            return Err("the address has to begin with `https://` or `http://`".to_owned());
        }
        Ok(Self { address, headers: headers::read(headers, variable)? })
    }

    /// The name of the machine, for people.
    #[must_use]
    pub fn host(&self) -> &str {
        self.address.host_str().unwrap_or_default()
    }

    /// What tells this server from others: the address, with all that may be secret in it.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        vec![self.address.to_string()]
    }

    /// What a person should know before secrets go there.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        let open = self.address.scheme() == "http" && !self.is_here();
        (open && !self.headers.is_empty()).then(|| {
            format!(
                "the headers for `{}` travel readable for everybody on the way; use `https://`",
                self.host()
            )
        })
    }

    /// Begins to speak for the server. To be called inside a tokio runtime.
    ///
    /// # Errors
    /// When no certificates are found that others could be measured by.
    pub fn start(self) -> Result<Far, String> {
        let http = self.http()?;
        Ok(Far::task(|streams| wire::run(http, streams)))
    }

    fn http(mut self) -> Result<Http, String> {
        if self.headers.contains_key(AUTHORIZATION) {
            // A header that was given counts more than a password in the address.
            let _ = self.address.set_username("").and_then(|()| self.address.set_password(None));
        }
        // Whoever was first has installed the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let here = self.is_here();
        let mut client = reqwest::Client::builder()
            .default_headers(self.headers)
            .user_agent(concat!("banksman/", env!("CARGO_PKG_VERSION")))
            // The headers are for this server and for no other.
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(REACH)
            .tcp_keepalive(KEEPALIVE);
        if here {
            client = client.no_proxy();
        }
        let client = client.build().map_err(|error| http::words(&error))?;
        Ok(Http::new(client, self.address))
    }

    /// The server runs on this machine.
    fn is_here(&self) -> bool {
        match self.address.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }
}
