//! The JSON of configurations, nested no deeper than `aclInit` allows.

use std::fmt;

use serde_json::Value;

/// Objects within objects, and arrays within arrays, that a configuration may have (R-020).
const MAX_DEPTH: usize = 10;

/// Where and why a text is not acceptable.
#[derive(Debug)]
pub(crate) enum Error {
    /// Too many brackets are open at this line and column, which count from 1.
    Depth {
        line: usize,
        column: usize,
    },
    Syntax(serde_json::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Depth { line, column } => write!(
                f,
                "nested deeper than {MAX_DEPTH} levels at line {line} column {column}"
            ),
            Self::Syntax(error) => write!(f, "not valid JSON: {error}"),
        }
    }
}

/// One JSON value with white space around it.
pub(crate) fn parse(text: &[u8]) -> Result<Value, Error> {
    if let Some(position) = too_deep(text) {
        let before = &text[..position];
        let line_start = before.iter().rposition(|&byte| byte == b'\n');
        return Err(Error::Depth {
            line: before.split(|&byte| byte == b'\n').count(),
            column: position - line_start.map_or(0, |newline| newline + 1) + 1,
        });
    }
    serde_json::from_slice(text).map_err(Error::Syntax)
}

/// The bracket that goes too deep.
fn too_deep(text: &[u8]) -> Option<usize> {
    let (mut objects, mut arrays) = (0_usize, 0_usize);
    let (mut in_string, mut escaped) = (false, false);
    text.iter().position(|&byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' => objects += 1,
            b'[' => arrays += 1,
            b'}' => objects = objects.saturating_sub(1),
            b']' => arrays = arrays.saturating_sub(1),
            _ => {}
        }
        objects > MAX_DEPTH || arrays > MAX_DEPTH
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(text: &str) -> Option<(usize, usize)> {
        match parse(text.as_bytes()).err()? {
            Error::Depth { line, column } => Some((line, column)),
            Error::Syntax(error) => Some((error.line(), error.column())),
        }
    }

    #[test]
    fn json_is_accepted() {
        for text in [
            "{}",
            " [1, -2.5e+3, 0, true, false, null, \"a\\u00e9\\n\"] ",
            r#"{"dump": {"dump_list": [{"model_name": "x"}], "path": ""}}"#,
            r#"["[[[[[[[[[[[[", "\"{{{{{{{{{{{{"]"#,
            &format!("{}1{}", "[".repeat(10), "]".repeat(10)),
        ] {
            assert_eq!(position(text), None, "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_position() {
        for (text, expected) in [
            ("", (1, 0)),
            ("{\n\"a\" 1}", (2, 5)),
            ("[1,]", (1, 4)),
            ("{} x", (1, 4)),
            (&format!("\n\n{}", "[".repeat(11)), (3, 11)),
            (&"{\"a\":".repeat(11), (1, 51)),
        ] {
            assert_eq!(position(text), Some(expected), "{text}");
        }
    }
}
