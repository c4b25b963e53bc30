//! A page with the graph to look at: one file that needs nothing else.

use std::io::Write;
use std::path::Path;

use ascend_rt::files::NewFile;
use ascend_rt::{Error, ErrorKind};
use serde_json::{Value, json};

use super::super::digest::sha256;
use super::Summary;
use super::graph::Graph;
use crate::destination::ensure_free;
use crate::weights::escaped;

/// The page; what stands between two `@` is put in.
const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
/// In the order in which they need each other.
const SCRIPT: &str = concat!(
    include_str!("layout.js"),
    include_str!("graph.js"),
    include_str!("picture.js"),
    include_str!("view.js"),
);

/// Writes the page to `place`, whole or not at all.
///
/// What comes from the model is data in a script element that is not run, in which no tag can end or
/// begin; and only scripts with a mark that depends on the data are run at all.
pub(super) fn write(
    place: &Path,
    is_overwritten: bool,
    file: &Path,
    summary: &Summary,
    graphs: &[Graph],
) -> Result<(), Error> {
    ensure_free(place, is_overwritten)?;
    let name = file
        .file_name()
        .unwrap_or(file.as_os_str())
        .to_string_lossy();
    let summary: Vec<_> = summary
        .iter()
        .map(|(label, text)| (label, escaped(text)))
        .collect();
    let data = json!({
        "file": name,
        "facts": summary,
        "graphs": graphs.iter().map(Graph::page).collect::<Value>(),
    });
    let data = harmless(&data.to_string());
    let mark = sha256(data.as_bytes(), |_| ());
    let mut out = NewFile::create(place)?;
    for (index, part) in PAGE.split('@').enumerate() {
        let text = match part {
            "title" if index % 2 == 1 => &html(&name),
            "mark" if index % 2 == 1 => &mark,
            "style" if index % 2 == 1 => STYLE,
            "script" if index % 2 == 1 => SCRIPT,
            "data" if index % 2 == 1 => &data,
            other => other,
        };
        out.write_all(text.as_bytes()).map_err(|error| {
            let message = format!("cannot write {}: {error}", place.display());
            Error::new(ErrorKind::Io, message).with_source(error)
        })?;
    }
    out.finish()?;
    Ok(())
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
    use super::*;

    #[test]
    fn no_text_of_a_model_ends_the_data() {
        let hostile = "</script><img onerror=alert(1)><!--&amp;\u{2028}";
        let data = harmless(&json!({ hostile: [hostile] }).to_string());
        assert!(!data.contains(['<', '>', '&', '\u{2028}']), "{data}");
        let back: Value = serde_json::from_str(&data).unwrap();
        assert_eq!(back[hostile][0], hostile);
        assert_eq!(html("<a&\"b>"), "&lt;a&amp;&quot;b&gt;");
    }

    #[test]
    fn the_page_has_a_place_for_each_part() {
        let parts: Vec<_> = PAGE.split('@').skip(1).step_by(2).collect();
        for part in ["title", "mark", "style", "script", "data"] {
            assert!(parts.contains(&part), "{part}");
        }
        assert_eq!(PAGE.split('@').count() % 2, 1);
    }
}
