//! JSON as the headers of checkpoints use it: read token by token, strictly, and without recursion.
#![forbid(unsafe_code)]

use std::borrow::Cow;

use super::{Fault, over_limit, wrong};
use crate::error::{Error, Result};

/// Deeper values than this are no part of any header.
const MAX_DEPTH: usize = 128;

/// A position in JSON text.
pub(crate) struct Json<'j> {
    text: &'j str,
    at: usize,
}

impl<'j> Json<'j> {
    /// A header's bytes, which must be UTF-8.
    pub(crate) fn new(bytes: &'j [u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes)
            .map_err(|cause| wrong(Fault::BadJson, format!("it is not UTF-8: {cause}")))?;
        Ok(Self { text, at: 0 })
    }

    /// How many bytes are read.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn bad(&self, what: &str) -> Error {
        wrong(Fault::BadJson, format!("byte {}: {what}", self.at))
    }

    /// The byte that the next value begins with.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let blanks = rest
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        self.at += blanks.count();
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn expect(&mut self, byte: u8) -> Result<()> {
        if self.eat(byte) {
            Ok(())
        } else {
            Err(self.bad(&format!("{:?} is expected", char::from(byte))))
        }
    }

    /// An object: `member` reads the value of each key.
    pub(crate) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Cow<'j, str>) -> Result<()>,
    ) -> Result<()> {
        if self.peek() != Some(b'{') {
            self.skip()?;
            return Err(self.bad("an object is expected before this"));
        }
        self.expect(b'{')?;
        if self.eat(b'}') {
            return Ok(());
        }
        loop {
            let key = self.string()?;
            self.expect(b':')?;
            member(self, key)?;
            if !self.eat(b',') {
                return self.expect(b'}');
            }
        }
    }

    /// An array: `item` reads each value.
    pub(crate) fn array(&mut self, mut item: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        self.expect(b'[')?;
        if self.eat(b']') {
            return Ok(());
        }
        loop {
            item(self)?;
            if !self.eat(b',') {
                return self.expect(b']');
            }
        }
    }

    /// Refuses anything but blanks behind the value.
    pub(crate) fn end(&mut self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.bad("something follows the end")),
        }
    }

    /// A natural number.
    pub(crate) fn number(&mut self) -> Result<u64> {
        self.peek();
        let rest = &self.text[self.at..];
        let len = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let digits = &rest[..len];
        let goes_on = rest[len..].starts_with(['.', 'e', 'E']);
        let is_padded = len > 1 && digits.starts_with('0');
        match digits.parse() {
            Ok(number) if !goes_on && !is_padded => {
                self.at += len;
                Ok(number)
            }
            _ => Err(self.bad("a natural number below 2^64 is expected")),
        }
    }

    pub(crate) fn string(&mut self) -> Result<Cow<'j, str>> {
        self.expect(b'"')?;
        let start = self.at;
        let mut owned: Option<String> = None;
        loop {
            let rest = &self.text[self.at..];
            let len = rest
                .find(|c: char| c == '"' || c == '\\' || c < ' ')
                .ok_or_else(|| self.bad("a text without end"))?;
            if let Some(owned) = &mut owned {
                owned.push_str(&rest[..len]);
            }
            self.at += len;
            match rest.as_bytes()[len] {
                b'"' => {
                    let plain = &self.text[start..self.at];
                    self.at += 1;
                    return Ok(owned.map_or(Cow::Borrowed(plain), Cow::Owned));
                }
                b'\\' => {
                    let text = owned.get_or_insert_with(|| self.text[start..self.at].to_owned());
                    let (escaped, len) = unescape(&rest[len..]).ok_or_else(|| {
                        wrong(Fault::BadJson, format!("byte {}: a wrong escape", self.at))
                    })?;
                    text.push(escaped);
                    self.at += len;
                }
                _ => return Err(self.bad("a control character in a text")),
            }
        }
    }

    /// Passes over a value of any kind.
    pub(crate) fn skip(&mut self) -> Result<()> {
        // what closes each value that is open
        let mut open: Vec<u8> = Vec::new();
        loop {
            match self.peek() {
                Some(b'{' | b'[') if open.len() == MAX_DEPTH => {
                    return Err(over_limit(format!(
                        "byte {}: JSON nested more than {MAX_DEPTH} levels deep",
                        self.at
                    )));
                }
                Some(b'{') => {
                    self.at += 1;
                    if !self.eat(b'}') {
                        open.push(b'}');
                        self.string()?;
                        self.expect(b':')?;
                        continue;
                    }
                }
                Some(b'[') => {
                    self.at += 1;
                    if !self.eat(b']') {
                        open.push(b']');
                        continue;
                    }
                }
                Some(b'"') => drop(self.string()?),
                _ => drop(self.word()?),
            }
            // behind a value: the next one, or the end of what it is in
            loop {
                let Some(&close) = open.last() else {
                    return Ok(());
                };
                if self.eat(b',') {
                    if close == b'}' {
                        self.string()?;
                        self.expect(b':')?;
                    }
                    break;
                }
                self.expect(close)?;
                open.pop();
            }
        }
    }

    /// A number or one of the three words.
    pub(crate) fn word(&mut self) -> Result<&'j str> {
        let rest = &self.text[self.at..];
        let ends = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'));
        let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
        let is_number = word.starts_with(|c: char| c == '-' || c.is_ascii_digit())
            && word.ends_with(|c: char| c.is_ascii_digit())
            && word.parse::<f64>().is_ok();
        if is_number || matches!(word, "true" | "false" | "null") {
            self.at += word.len();
            Ok(word)
        } else {
            Err(self.bad("a value is expected"))
        }
    }
}

/// The character that an escape stands for, and its length.
fn unescape(text: &str) -> Option<(char, usize)> {
    let simple = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let unit = |at: usize| {
                let digits = text.get(at..at + 4)?;
                let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)
            };
            let first = unit(2)?;
            if let Some(c) = char::from_u32(first.into()) {
                return Some((c, 6));
            }
            let second = text
                .get(6..8)
                .filter(|&start| start == "\\u")
                .and(unit(8))?;
            let c = char::decode_utf16([first, second]).next()?.ok()?;
            return Some((c, 12));
        }
        _ => return None,
    };
    Some((simple, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skips(text: &str) -> Result<()> {
        let mut json = Json::new(text.as_bytes())?;
        json.skip()?;
        json.end()
    }

    #[test]
    fn tells_json_from_what_is_none() {
        for good in [
            "{}",
            " [ ] ",
            r#"{"a":[1,-2.5e3,{"b":null}],"c":"\u00e9\n"}"#,
            "true",
            r#""x""#,
        ] {
            assert!(skips(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "{",
            "[1,]",
            "{\"a\"}",
            "{\"a\":1,}",
            "nul",
            "1 2",
            "NaN",
            "\"\u{1}\"",
            "\"\\ud800\"",
            "\"\\x\"",
            "[1}",
            "-",
            "1.",
        ] {
            assert_eq!(
                skips(bad).unwrap_err().fault(),
                Some(Fault::BadJson),
                "{bad}"
            );
        }
        let deep = "[".repeat(200_000);
        assert_eq!(skips(&deep).unwrap_err().fault(), Some(Fault::Limit));
    }

    #[test]
    fn reads_text_and_numbers() {
        let mut json = Json::new(br#" "\ud83d\ude00a\"" "#).unwrap();
        assert_eq!(json.string().unwrap(), "\u{1f600}a\"");
        for (text, number) in [
            ("18446744073709551615", Some(u64::MAX)),
            ("0", Some(0)),
            ("18446744073709551616", None),
            ("-1", None),
            ("1.0", None),
            ("01", None),
            ("1e3", None),
        ] {
            let mut json = Json::new(text.as_bytes()).unwrap();
            assert_eq!(json.number().ok(), number, "{text}");
        }
    }
}
