//! The comparison as a page: a bar for each node, and a table to sort.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use super::Told;
use super::json::value;
use crate::language;
use crate::page::Page;
use crate::weights::escaped;

const BODY: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("view.js");

/// Writes the page to `place`.
pub(super) fn write(place: &Path, told: &Told<'_>, is_overwritten: bool) -> Result<()> {
    let names: Vec<String> = told
        .names
        .iter()
        .map(|name| {
            let file = Path::new(name).file_name().unwrap_or(name.as_ref());
            escaped(&file.to_string_lossy())
        })
        .collect();
    let page = Page {
        body: BODY,
        style: STYLE,
        script: SCRIPT,
        title: &format!("{} and {}", names[0], names[1]),
        data: &json!({ "names": names, "found": value(told, &language::tell) }),
    };
    page.write(place, is_overwritten)?;
    Ok(())
}
