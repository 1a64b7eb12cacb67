//! A stream of lines, none of them longer than is bearable.

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _};

use super::frame::Frame;

/// Reads the next line. `None` at the end. A line that is too long is skipped to its end, unread.
pub(crate) async fn next(
    stream: &mut (impl AsyncBufRead + Unpin),
    limit: usize,
) -> std::io::Result<Option<Frame>> {
    let mut line = Vec::new();
    let mut length = 0_usize;
    loop {
        let part = stream.fill_buf().await?;
        if part.is_empty() {
            return Ok((length > 0).then(|| finish(line, length, limit)));
        }
        let end = part.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
        let taken = end.unwrap_or(part.len());
        length = length.saturating_add(taken);
        if length <= limit {
            line.extend(part.iter().take(taken));
        } else {
            line = Vec::new();
        }
        stream.consume(taken);
        if end.is_some() {
            return Ok(Some(finish(line, length, limit)));
        }
    }
}

fn finish(line: Vec<u8>, length: usize, limit: usize) -> Frame {
    if length > limit { Frame::too_long(length) } else { Frame::read(line) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gates::proxy::Body;

    #[tokio::test]
    async fn a_line_that_is_too_long_is_skipped_and_the_next_one_read() {
        let text = format!("{{}}\n{}\n{{\"a\":1}}", "x".repeat(100));
        let mut stream = tokio::io::BufReader::with_capacity(7, text.as_bytes());
        let mut bodies = Vec::new();
        while let Some(frame) = next(&mut stream, 20).await.unwrap() {
            bodies.push(frame.body);
        }
        let message = |text: &str| Body::Message(serde_json::from_str(text).unwrap());
        assert_eq!(bodies, [message("{}"), Body::TooLong(101), message("{\"a\":1}")]);
    }
}
