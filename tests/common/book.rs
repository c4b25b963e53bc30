//! The pages of documentation, and the code in them.

use std::fs;
use std::path::{Path, PathBuf};

/// A fenced block of code.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// The page, as it is called in the repository.
    pub(crate) page: String,
    /// The line of its fence, from 1.
    pub(crate) line: usize,
    /// The first word behind the fence, which may be empty.
    pub(crate) language: String,
    /// What lies between the fences.
    pub(crate) text: String,
}

impl Block {
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.page, self.line)
    }
}

/// The folder of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All pages: those of the repository itself, and of `docs/` with its folders.
pub(crate) fn pages() -> Vec<PathBuf> {
    let mut found = vec![
        root().join("README.md"),
        root().join("examples/resnet50/README.md"),
    ];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let place = entry.unwrap().path();
            if place.is_dir() {
                folders.push(place);
            } else if place.extension().is_some_and(|extension| extension == "md") {
                found.push(place);
            }
        }
    }
    found.sort();
    found
}

/// How a page is called in the repository.
pub(crate) fn name(page: &Path) -> String {
    let inside = page.strip_prefix(root()).unwrap_or(page);
    inside.to_str().unwrap().to_owned()
}

/// The blocks of a page.
pub(crate) fn blocks(page: &Path) -> Vec<Block> {
    let (text, page) = (fs::read_to_string(page).unwrap(), name(page));
    let (mut found, mut open) = (Vec::new(), None::<Block>);
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                let language = info.split([',', ' ']).next().unwrap_or_default();
                open = Some(Block {
                    page: page.clone(),
                    line: number + 1,
                    language: language.to_owned(),
                    text: String::new(),
                });
            }
            (Some(_), Some("")) => found.extend(open.take()),
            (Some(block), _) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{page} ends in an open block");
    found
}

/// All blocks in these languages.
pub(crate) fn blocks_in(languages: &[&str]) -> Vec<Block> {
    let all = pages().into_iter().flat_map(|page| blocks(&page));
    all.filter(|block| languages.contains(&block.language.as_str()))
        .collect()
}
