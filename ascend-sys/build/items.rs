//! The items of a file that bindgen wrote: regular enough to be told apart by its lines.

use std::collections::HashSet;
use std::fmt;

/// The text with each line of a comment in a comment of its own, as Rust's tools want it.
pub(crate) fn line_comments(text: &str) -> String {
    let mut lines = String::new();
    let mut inside = None;
    for line in text.lines() {
        let code = line.trim_start();
        let indent = &line[..line.len() - code.len()];
        let (begins, content) = match code.strip_prefix("/**") {
            Some(content) => (true, content),
            None => (false, code),
        };
        if begins {
            inside = Some(indent);
        }
        match inside {
            Some(indent) => {
                let content = content.trim_end_matches("*/").trim();
                lines += &format!("{indent}/// {content}\n");
                if code.ends_with("*/") {
                    inside = None;
                }
            }
            None => {
                lines += line;
                lines.push('\n');
            }
        }
    }
    lines
}

/// Types and constants.
pub(crate) struct Types {
    items: Vec<Item>,
}

struct Item {
    /// The type or constant that the item defines or is about.
    about: String,
    /// An enumerator's name.
    value: Option<String>,
    defines: bool,
    text: String,
}

impl Types {
    pub(crate) fn parse(text: &str) -> Self {
        let mut items = Vec::new();
        let mut lines = String::new();
        for line in text.lines() {
            lines += line;
            lines.push('\n');
            // An item ends where a line at the margin closes it.
            let ends = !line.starts_with([' ', '#', '/'])
                && (line.ends_with('}') || line.ends_with("};") || line.ends_with(';'));
            if ends {
                items.push(Item::parse(std::mem::take(&mut lines)));
            }
        }
        Self { items }
    }

    /// These, and those of `others` that stand for what is not here at all.
    pub(crate) fn completed_by(mut self, others: &Self) -> Self {
        let defined: HashSet<String> = self
            .items
            .iter()
            .filter(|item| item.defines)
            .map(|item| item.about.clone())
            .collect();
        let values: HashSet<Option<String>> =
            self.items.iter().map(|item| item.value.clone()).collect();
        self.items.extend(
            others
                .items
                .iter()
                .filter(|item| match &item.value {
                    Some(_) => !values.contains(&item.value),
                    None => !defined.contains(&item.about),
                })
                .map(|item| Item {
                    about: item.about.clone(),
                    value: item.value.clone(),
                    defines: item.defines,
                    text: item.text.clone(),
                }),
        );
        self
    }
}

impl fmt::Display for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items
            .iter()
            .try_for_each(|item| f.write_str(&item.text))
    }
}

impl Item {
    fn parse(text: String) -> Self {
        let mut code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with(['#', '/']) && !line.is_empty());
        let head = code.next().unwrap_or_default();
        let next = code.next().unwrap_or_default().trim_start();
        let words = |line: &str| -> Vec<String> {
            line.split(|c: char| !c.is_alphanumeric() && c != '_')
                .filter(|word| !word.is_empty())
                .map(ToOwned::to_owned)
                .collect()
        };
        let named = words(&head.replace("<T>", ""));
        let last = || named.last().cloned().unwrap_or_default();
        let (about, value) = if head.starts_with("impl") {
            let value = next
                .strip_prefix("pub const ")
                .and_then(|rest| rest.split(':').next())
                .map(ToOwned::to_owned);
            (last(), value)
        } else if head.starts_with("const _") {
            // Checks of a layout: `["Size of Name"][size_of::<Name>() - 8usize];`
            let size = text.split('"').nth(1).unwrap_or_default();
            (words(size).pop().unwrap_or_default(), None)
        } else {
            // `pub struct Name`, `pub type Name`, `pub const Name`
            (named.get(2).cloned().unwrap_or_default(), None)
        };
        let defines = head.starts_with("pub ");
        Self {
            about,
            value,
            defines,
            text,
        }
    }
}

/// Functions by name, in the order of their headers.
pub(crate) struct Functions {
    items: Vec<Function>,
}

struct Function {
    name: String,
    docs: String,
    signature: String,
}

impl Functions {
    pub(crate) fn parse(text: &str) -> Self {
        let mut items = Vec::new();
        let (mut docs, mut signature) = (String::new(), String::new());
        for line in text.lines() {
            // What a header says of a function may end like one.
            let about = line.trim_start().starts_with(['/', '#']);
            let part = if about { &mut docs } else { &mut signature };
            *part += line;
            part.push('\n');
            if !about && line.ends_with(';') {
                items.push(Function {
                    name: signature
                        .trim_start()
                        .strip_prefix("pub fn ")
                        .and_then(|rest| rest.split('(').next())
                        .unwrap_or_else(|| {
                            panic!("only functions stand in an extern block, not {signature}")
                        })
                        .to_owned(),
                    docs: std::mem::take(&mut docs),
                    signature: std::mem::take(&mut signature),
                });
            }
        }
        Self { items }
    }

    /// Puts the signatures of `others` in the place of those here, and adds new ones at the end.
    pub(crate) fn replace_signatures(&mut self, others: Self) {
        for mut other in others.items {
            if let Some(own) = self.items.iter_mut().find(|own| own.name == other.name) {
                own.signature = other.signature;
            } else {
                "    /// In the toolkit that these bindings were made from.\n"
                    .clone_into(&mut other.docs);
                self.items.push(other);
            }
        }
    }

    /// Takes out the functions of these names, as text.
    pub(crate) fn take(&mut self, names: &[String]) -> String {
        let names: HashSet<&str> = names.iter().map(String::as_str).collect();
        let (taken, rest) = std::mem::take(&mut self.items)
            .into_iter()
            .partition(|function| names.contains(function.name.as_str()));
        self.items = rest;
        Self { items: taken }.rest()
    }

    /// All of the functions, as text.
    pub(crate) fn rest(&self) -> String {
        self.items
            .iter()
            .flat_map(|function| [function.docs.as_str(), &function.signature])
            .collect()
    }
}
