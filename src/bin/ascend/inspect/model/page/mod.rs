//! A page with the graph to look at.

use std::path::Path;

use ascend_rt::Error;
use serde_json::{Value, json};

use super::Summary;
use super::graph::Graph;
use crate::page::Page;
use crate::weights::escaped;

const BODY: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
/// In the order in which they need each other.
const SCRIPT: &str = concat!(
    include_str!("layout.js"),
    include_str!("graph.js"),
    include_str!("picture.js"),
    include_str!("view.js"),
);

/// Writes the page to `place`.
pub(super) fn write(
    place: &Path,
    is_overwritten: bool,
    file: &Path,
    summary: &Summary,
    graphs: &[Graph],
) -> Result<(), Error> {
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
    let page = Page {
        body: BODY,
        style: STYLE,
        script: SCRIPT,
        title: &name,
        data: &data,
    };
    page.write(place, is_overwritten)
}
