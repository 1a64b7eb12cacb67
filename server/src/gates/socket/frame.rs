//! The frames on the socket: a length of four bytes, the biggest first, and so many bytes of JSON.
//!
//! A hook says one [`Request`]. The server says [`Reply::Taken`] at once, [`Reply::Asking`] when a
//! person has to decide, and [`Reply::Say`] in the end; or [`Reply::Refused`] and no more.

use std::io::{Error, ErrorKind, Read, Result};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::super::dialects::{Heard, Say};

/// The version of what is said. A server that speaks another is passed by.
pub const VERSION: u32 = 2;
/// The longest request, in bytes.
pub const TELL_LIMIT: usize = 24 * 1024 * 1024;
/// The longest reply, in bytes.
pub const SAY_LIMIT: usize = 1024 * 1024;

/// What a hook says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The version that the hook speaks.
    pub version: u32,
    /// The word for the client on the command line.
    pub client: String,
    /// How long the hook can wait for a person, in milliseconds.
    pub wait_millis: u64,
    /// What the client said.
    pub heard: Heard,
}

/// What the server says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reply {
    /// The request has arrived: nobody else may answer it now.
    Taken,
    /// A person is asked.
    Asking,
    /// What is to be answered to the client.
    Say(Say),
    /// The server cannot read the request, and why.
    Refused(String),
}

/// A value as a frame.
///
/// # Errors
/// When it is longer than `limit`.
pub fn encode<T: Serialize>(value: &T, limit: usize) -> Result<Vec<u8>> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, value)?;
    let length = frame.len().saturating_sub(4);
    let told = u32::try_from(length).ok().filter(|_| length <= limit);
    let told = told.ok_or_else(|| too_long(length, limit))?;
    for (byte, length) in frame.iter_mut().zip(told.to_be_bytes()) {
        *byte = length;
    }
    Ok(frame)
}

/// The next frame of a server.
///
/// # Errors
/// When it does not come, is longer than [`SAY_LIMIT`], or is none.
pub(super) fn reply(from: &mut impl Read) -> Result<Reply> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let mut body = vec![0; bounded(length, SAY_LIMIT)?];
    from.read_exact(&mut body)?;
    Ok(serde_json::from_slice(&body)?)
}

/// The bytes of a hook's frame.
///
/// # Errors
/// When it does not come or is longer than [`TELL_LIMIT`].
pub async fn receive(from: &mut (impl AsyncRead + Unpin)) -> Result<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length).await?;
    // What is announced takes up memory only as it arrives.
    let length = bounded(length, TELL_LIMIT)?;
    let mut body = Vec::new();
    from.take(length as u64).read_to_end(&mut body).await?;
    if body.len() == length { Ok(body) } else { Err(ErrorKind::UnexpectedEof.into()) }
}

/// Understands the request of a hook.
///
/// # Errors
/// When it is of another version or cannot be read, in words.
pub fn request(body: &[u8]) -> std::result::Result<Request, String> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }
    let version = serde_json::from_slice::<Versioned>(body).map_err(|error| error.to_string())?.version;
    if version != VERSION {
        return Err(format!("version {version} is not spoken here, only {VERSION}"));
    }
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

fn bounded(length: [u8; 4], limit: usize) -> Result<usize> {
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > limit { Err(too_long(length, limit)) } else { Ok(length) }
}

fn too_long(length: usize, limit: usize) -> Error {
    Error::new(ErrorKind::InvalidData, format!("a frame of {length} bytes; {limit} are the most"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_comes_out_as_it_went_in() {
        for said in [Reply::Taken, Reply::Asking, Reply::Say(Say::Allow), Reply::Refused("no".to_owned())] {
            let frame = encode(&said, SAY_LIMIT).unwrap();
            assert_eq!(reply(&mut frame.as_slice()).unwrap(), said);
        }
    }

    #[test]
    fn a_frame_beyond_the_limit_is_neither_written_nor_read() {
        assert!(encode(&"x".repeat(100), 50).is_err());
        let mut long = u32::MAX.to_be_bytes().to_vec();
        long.extend(b"{}");
        assert!(reply(&mut long.as_slice()).is_err());
    }

    #[test]
    fn a_request_of_another_version_is_refused_before_it_is_read() {
        assert!(request(br#"{"version":7,"anything":true}"#).unwrap_err().contains('7'));
        assert!(request(b"nonsense").is_err());
    }

    #[tokio::test]
    async fn a_request_that_ends_early_is_none() {
        let mut frame = 100_u32.to_be_bytes().to_vec();
        frame.extend(b"{}");
        assert!(receive(&mut frame.as_slice()).await.is_err());
    }
}
