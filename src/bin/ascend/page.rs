//! Pages to look at: one file each that needs nothing else.

use std::path::Path;

use ascend_rt::Error;
use ascend_rt::files::NewFile;
use ascend_rt::language::pages;
use serde_json::Value;

use crate::destination::ensure_free;
use crate::inspect::digest::sha256;
use crate::language;

/// What all pages stand in; what stands between two `@` is put in.
const FRAME: &str = include_str!("page.html");

/// What all scripts tell their texts with.
const TOLD: &str = include_str!("page.js");

/// A page.
///
/// What comes from files is data in a script element that is not run, in which no tag can end or
/// begin; and only scripts with a mark that depends on the data are run at all.
pub(crate) struct Page<'a> {
    /// The elements of the body.
    pub(crate) body: &'static str,
    pub(crate) style: &'static str,
    pub(crate) script: &'static str,
    pub(crate) title: &'a str,
    pub(crate) data: &'a Value,
}

impl Page<'_> {
    /// Writes the page to `place`, whole or not at all.
    pub(crate) fn write(&self, place: &Path, is_overwritten: bool) -> Result<(), Error> {
        ensure_free(place, is_overwritten)?;
        let data = harmless(&self.data.to_string());
        let mark = sha256(data.as_bytes(), |_| ());
        let title = html(self.title);
        let (language, words) = (language::current(), harmless(&words().to_string()));
        let mut out = NewFile::create(place)?;
        for (index, part) in FRAME.split('@').enumerate() {
            let text = match part {
                "title" if index % 2 == 1 => &title,
                "mark" if index % 2 == 1 => &mark,
                "language" if index % 2 == 1 => language.code(),
                "words" if index % 2 == 1 => &words,
                "told" if index % 2 == 1 => TOLD,
                "body" if index % 2 == 1 => self.body,
                "style" if index % 2 == 1 => self.style,
                "script" if index % 2 == 1 => self.script,
                "data" if index % 2 == 1 => &data,
                other => other,
            };
            out.put(text.as_bytes())?;
        }
        out.finish()?;
        Ok(())
    }
}

/// What the page tells in the language of the program, by the English; nothing where that is English.
fn words() -> Value {
    let language = language::current();
    // one label stands among the texts of the program
    let english = pages().map(|(english, _)| english).chain(["warning"]);
    let known = english.filter_map(|english| Some((english, language.find(english)?)));
    known
        .map(|(english, told)| (english.to_owned(), Value::from(told)))
        .collect()
}

/// JSON in which HTML finds nothing: the characters that begin tags, comments and entities are
/// escaped as JSON allows it in texts, where alone they can be.
fn harmless(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + json.len() / 8);
    for c in json.chars() {
        match c {
            '<' => text.push_str("\\u003c"),
            '>' => text.push_str("\\u003e"),
            '&' => text.push_str("\\u0026"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            c => text.push(c),
        }
    }
    text
}

fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;");
    text.replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_frame_has_a_place_for_each_part() {
        let parts: Vec<_> = FRAME.split('@').skip(1).step_by(2).collect();
        for part in [
            "title", "mark", "style", "body", "script", "data", "language", "words", "told",
        ] {
            assert!(parts.contains(&part), "{part}");
        }
        assert_eq!(FRAME.split('@').count() % 2, 1);
    }

    #[test]
    fn no_text_of_a_model_ends_the_data() {
        let hostile = "</script><img onerror=alert(1)><!--&amp;\u{2028}";
        let data = harmless(&json!({ hostile: [hostile] }).to_string());
        assert!(!data.contains(['<', '>', '&', '\u{2028}']), "{data}");
        let back: Value = serde_json::from_str(&data).unwrap();
        assert_eq!(back[hostile][0], hostile);
        assert_eq!(html("<a&\"b>"), "&lt;a&amp;&quot;b&gt;");
    }
}
