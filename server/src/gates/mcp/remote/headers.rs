//! What every request carries besides the protocol's own headers: mostly who calls.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// Headers that belong to the transport.
const TAKEN: [&str; 10] = [
    "accept",
    "connection",
    "content-length",
    "content-type",
    "host",
    "last-event-id",
    "mcp-method",
    "mcp-name",
    "mcp-protocol-version",
    "mcp-session-id",
];

/// Reads `NAME: VALUE`, and puts variables in.
pub(super) fn read(
    headers: &[String],
    variable: impl Fn(&str) -> Option<String>,
) -> Result<HeaderMap, String> {
    let mut map = HeaderMap::new();
    for header in headers {
        let (name, value) =
            header.split_once(':').ok_or("a header is written `NAME: VALUE`; one of them has no colon")?;
        let name = HeaderName::from_bytes(name.trim().as_bytes())
            .map_err(|_| "a header has a name that no header can have".to_owned())?;
        if TAKEN.contains(&name.as_str()) {
            return Err(format!("the header `{name}` belongs to the transport"));
        }
        let value = filled(value.trim(), &variable).map_err(|why| format!("the header `{name}`: {why}"))?;
        let mut value = HeaderValue::from_str(&value)
            .map_err(|_| format!("the header `{name}` has a value that no header can have"))?;
        value.set_sensitive(true);
        map.append(name, value);
    }
    Ok(map)
}

/// A text with its `${NAME}` replaced by what the variables hold.
fn filled(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}').ok_or("a `${` without its `}`")?;
        out.push_str(before);
        let value = variable(name).filter(|value| !value.is_empty());
        out.push_str(&value.ok_or_else(|| format!("the variable `{name}` is not set"))?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(header: &str) -> Result<HeaderMap, String> {
        let variable = |name: &str| match name {
            "TOKEN" => Some("secret".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        read(&[header.to_owned()], variable)
    }

    #[test]
    fn variables_are_put_in_and_what_comes_out_is_not_shown() {
        let map = one("Authorization: Bearer ${TOKEN}").unwrap();
        assert_eq!(map.get("authorization").unwrap(), "Bearer secret");
        assert!(!format!("{map:?}").contains("secret"));
        assert_eq!(one("X-Cost:$5 {a}").unwrap().get("x-cost").unwrap(), "$5 {a}");
    }

    #[test]
    fn a_header_that_cannot_be_sent_is_told_without_its_value() {
        for (header, why) in [
            ("Bearer secret", "no colon"),
            ("A B: secret", "name"),
            ("Authorization: Bearer ${MISSING} secret", "`MISSING` is not set"),
            ("Authorization: ${EMPTY}secret", "`EMPTY` is not set"),
            ("Authorization: secret ${TOKEN", "without its"),
            ("Authorization: secret\nX-Other: y", "value"),
            ("Mcp-Session-Id: secret", "transport"),
            ("Accept: secret", "transport"),
        ] {
            let told = one(header).unwrap_err();
            assert!(told.contains(why) && !told.contains("secret"), "{header}: {told}");
        }
    }
}
