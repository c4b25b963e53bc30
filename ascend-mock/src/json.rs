//! Whether a text is JSON, nested no deeper than `aclInit` allows.

use std::fmt;

/// Objects within objects, and arrays within arrays, that a configuration may have (R-020).
const MAX_DEPTH: usize = 10;

/// Where and why a text is not acceptable.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Error {
    position: usize,
    expected: &'static str,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { position, expected } = self;
        write!(
            f,
            "not valid JSON at byte {position}: {expected} is expected"
        )
    }
}

/// Accepts one JSON value with white space around it.
pub(crate) fn check(text: &[u8]) -> Result<(), Error> {
    let mut reader = Reader {
        text,
        position: 0,
        objects: 0,
        arrays: 0,
    };
    reader.value()?;
    reader.space();
    match reader.peek() {
        None => Ok(()),
        Some(_) => Err(reader.error("the end")),
    }
}

struct Reader<'t> {
    text: &'t [u8],
    position: usize,
    objects: usize,
    arrays: usize,
}

impl Reader<'_> {
    /// Recurses 20 deep at most.
    fn value(&mut self) -> Result<(), Error> {
        self.space();
        match self.peek() {
            Some(b'{') => {
                self.objects += 1;
                self.members(b'}', |reader| {
                    reader.space();
                    reader.string()?;
                    reader.space();
                    reader.take(b':', "':'")?;
                    reader.value()
                })?;
                self.objects -= 1;
                Ok(())
            }
            Some(b'[') => {
                self.arrays += 1;
                self.members(b']', Self::value)?;
                self.arrays -= 1;
                Ok(())
            }
            Some(b'"') => self.string(),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            _ => self.number(),
        }
    }

    fn members(
        &mut self,
        close: u8,
        mut member: impl FnMut(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.objects > MAX_DEPTH || self.arrays > MAX_DEPTH {
            return Err(self.error("nesting of 10 levels at most"));
        }
        self.position += 1;
        self.space();
        if self.skip(close) {
            return Ok(());
        }
        loop {
            member(self)?;
            self.space();
            if self.skip(close) {
                return Ok(());
            }
            self.take(b',', "',' or the closing bracket")?;
        }
    }

    fn string(&mut self) -> Result<(), Error> {
        self.take(b'"', "a string")?;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.position += 1;
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                            self.position += 1;
                        }
                        Some(b'u') => {
                            self.position += 1;
                            for _ in 0..4 {
                                self.one_of(|byte| byte.is_ascii_hexdigit(), "a hex digit")?;
                            }
                        }
                        _ => return Err(self.error("an escape")),
                    }
                }
                Some(0x20..) => self.position += 1,
                _ => return Err(self.error("a closing quote")),
            }
        }
    }

    fn number(&mut self) -> Result<(), Error> {
        self.skip(b'-');
        if !self.skip(b'0') {
            self.digits("a value")?;
        }
        if self.skip(b'.') {
            self.digits("a digit")?;
        }
        if self.skip(b'e') || self.skip(b'E') {
            if !self.skip(b'+') {
                self.skip(b'-');
            }
            self.digits("a digit")?;
        }
        Ok(())
    }

    fn digits(&mut self, expected: &'static str) -> Result<(), Error> {
        self.one_of(|byte| byte.is_ascii_digit(), expected)?;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.position += 1;
        }
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Error> {
        if !self.text[self.position..].starts_with(word) {
            return Err(self.error("a value"));
        }
        self.position += word.len();
        Ok(())
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.position += 1;
        }
    }

    fn take(&mut self, byte: u8, expected: &'static str) -> Result<(), Error> {
        self.one_of(|found| found == byte, expected)
    }

    fn one_of(&mut self, fits: impl Fn(u8) -> bool, expected: &'static str) -> Result<(), Error> {
        if !self.peek().is_some_and(fits) {
            return Err(self.error(expected));
        }
        self.position += 1;
        Ok(())
    }

    fn skip(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.position += usize::from(found);
        found
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.position).copied()
    }

    fn error(&self, expected: &'static str) -> Error {
        Error {
            position: self.position,
            expected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_accepted() {
        for text in [
            "{}",
            " [1, -2.5e+3, 0, true, false, null, \"a\\u00e9\\n\"] ",
            r#"{"dump": {"dump_list": [{"model_name": "x"}], "path": ""}}"#,
            &format!("{}1{}", "[".repeat(10), "]".repeat(10)),
        ] {
            assert_eq!(check(text.as_bytes()), Ok(()), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_position() {
        for (text, position) in [
            ("", 0),
            ("{", 1),
            ("{} x", 3),
            ("{\"a\" 1}", 5),
            ("[1,]", 3),
            ("01", 1),
            ("\"\\x\"", 2),
            ("\"\n\"", 1),
            ("tru", 0),
            (&"[".repeat(11), 10),
            (&"{\"a\":".repeat(11), 50),
        ] {
            assert_eq!(
                check(text.as_bytes()).unwrap_err().position,
                position,
                "{text}"
            );
        }
    }
}
