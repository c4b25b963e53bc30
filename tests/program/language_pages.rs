//! Pages in both languages: they are in step.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The English page, and the Chinese one.
const PAIRS: [(&str, &str); 3] = [
    ("README.md", "README.zh-CN.md"),
    ("docs/doctor.md", "docs/doctor.zh-CN.md"),
    ("docs/explain.md", "docs/explain.zh-CN.md"),
];

/// What two languages of a page have in common.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shape {
    /// The levels of the headings.
    headings: Vec<usize>,
    /// What is typed, without comments, in blocks that say their language.
    code: Vec<String>,
    /// The columns of each row of a table.
    rows: Vec<usize>,
    /// Where links lead.
    links: BTreeSet<String>,
    /// Codes and names: what stands in backquotes at the beginning of a row.
    keys: Vec<String>,
    /// The items of lists.
    items: usize,
}

fn shape(page: &str) -> Shape {
    let mut shape = Shape::default();
    let mut block: Option<&str> = None;
    for line in page.lines() {
        if let Some(language) = line.strip_prefix("```") {
            block = if block.is_some() {
                None
            } else {
                Some(language)
            };
        } else if let Some(language) = block {
            let code = match language {
                "sh" => line.split(" # ").next().unwrap_or_default(),
                // what is printed is in the language of the page
                "text" => continue,
                _ => line,
            };
            shape.code.push(code.trim_end().to_owned());
        } else if line.starts_with('#') {
            shape
                .headings
                .push(line.chars().take_while(|c| *c == '#').count());
        } else if let Some(row) = line.strip_prefix('|') {
            shape.rows.push(row.matches('|').count());
            let first = row.split('|').next().unwrap_or_default();
            shape
                .keys
                .extend(first.split('`').skip(1).step_by(2).map(str::to_owned));
        } else if line.starts_with("- ")
            || line.starts_with(|c: char| c.is_ascii_digit()) && line[1..].starts_with(". ")
        {
            shape.items += 1;
        }
        if block.is_none() {
            let links = line
                .split("](")
                .skip(1)
                .filter_map(|rest| rest.split(')').next());
            shape.links.extend(
                links
                    .filter(|link| !link.contains("zh-CN"))
                    .map(str::to_owned),
            );
        }
    }
    shape
}

#[test]
fn pages_in_two_languages_say_the_same() {
    for (english, chinese) in PAIRS {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |page: &str| fs::read_to_string(root.join(page)).unwrap();
        let (one, mut other) = (shape(&read(english)), shape(&read(chinese)));
        let name = Path::new(english).file_name().unwrap().to_str().unwrap();
        assert!(
            other.links.remove(name),
            "{chinese} does not lead to {english}"
        );
        assert!(one.headings.len() > 3 && one.code.len() >= 5, "{english}");
        assert_eq!(one.headings, other.headings, "{chinese}");
        assert_eq!(one.code, other.code, "{chinese}");
        assert_eq!(one.rows, other.rows, "{chinese}");
        assert_eq!(one.keys, other.keys, "{chinese}");
        assert_eq!(one.links, other.links, "{chinese}");
        assert_eq!(one.items, other.items, "{chinese}");
        let page = read(chinese);
        for link in other.links.iter().filter(|link| !link.contains("://")) {
            let folder = root.join(chinese);
            assert!(
                folder.parent().unwrap().join(link).exists(),
                "{chinese}: {link}"
            );
        }
        assert!(page.contains('的'), "{chinese}");
        assert!(read(english).contains("zh-CN.md)"), "{english}");
    }
}
