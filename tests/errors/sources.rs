//! The texts of errors as the sources have them, so that none is missed.

use std::fs;
use std::path::{Path, PathBuf};

use super::texts::has_step;

/// The literals in a piece of source, one after the other.
fn literals(source: &str) -> String {
    let mut text = String::new();
    let mut rest = source;
    while let Some((_, behind)) = rest.split_once('"') {
        let mut characters = behind.char_indices();
        let mut end = behind.len();
        while let Some((place, character)) = characters.next() {
            match character {
                '"' => {
                    end = place;
                    break;
                }
                '\\' if behind[place + 1..].starts_with('\n') => {
                    let blank = behind[place + 1..].find(|c: char| !c.is_whitespace());
                    let until = place + 1 + blank.unwrap_or(0);
                    while characters
                        .clone()
                        .next()
                        .is_some_and(|(next, _)| next < until)
                    {
                        characters.next();
                    }
                }
                '\\' => drop(characters.next()),
                character => text.push(character),
            }
        }
        text.push(' ');
        rest = behind.get(end + 1..).unwrap_or("");
    }
    text
}

/// What is between the bracket at the beginning and its other half.
fn call(source: &str) -> &str {
    let mut depth = 0;
    for (place, character) in source.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &source[..place];
        }
    }
    source
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Texts whose end is somebody else's words, which have the step, or which are told further up with
/// one.
const OPEN: &[&str] = &[
    "{why} ",
    "{why} , ",
    "{what} ",
    "{message} ",
    "{text} ",
    "{way} ",
    "{way_out} ",
    "{hint} ",
    "{error} ",
    "once it can be written ",
];

/// A place in the sources that makes an error: where, the text, and the arguments.
struct Made {
    place: String,
    text: String,
    inside: String,
}

/// All places below `folder` that call one of these.
fn made(folder: &str, constructors: &[&str]) -> Vec<Made> {
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
        &mut files,
    );
    let mut made = Vec::new();
    for file in files {
        let source = fs::read_to_string(&file).unwrap();
        let source = source.split("#[cfg(test)]").next().unwrap_or("");
        for constructor in constructors {
            for (place, _) in source.match_indices(constructor) {
                let line = source[..place].lines().last().unwrap_or("");
                if line.trim_start().starts_with("//") {
                    continue;
                }
                let inside = call(&source[place + constructor.len() - 1..]);
                let mut text = literals(inside);
                if text.is_empty() {
                    // Its message was put together just before.
                    let before =
                        &source[source.floor_char_boundary(place.saturating_sub(1200))..place];
                    let start = before.rfind("let message");
                    text = start.map_or(String::new(), |start| literals(&before[start..]));
                }
                made.push(Made {
                    place: format!("{}:{}", file.display(), source[..place].lines().count()),
                    text,
                    inside: inside.to_owned(),
                });
            }
        }
    }
    made
}

/// How many words of a text are its own.
fn words(text: &str) -> usize {
    let words = text.split(' ').filter(|word| !word.is_empty());
    words
        .filter(|word| word.chars().all(char::is_alphabetic))
        .count()
}

/// Every place that makes an error, of the library and of the program.
#[test]
fn all_texts_in_the_sources_have_a_next_step() {
    let made = made("src", &["Error::new("]);
    assert!(made.len() > 200, "{}", made.len());
    let is_wrong = |made: &&Made| {
        let is_open = made.text.is_empty() || OPEN.iter().any(|end| made.text.ends_with(end));
        let is_fault = made.inside.contains("ErrorKind::Internal");
        !is_open && !is_fault && (!has_step(&made.text) || words(&made.text) < 3)
    };
    let wrong = made.iter().filter(is_wrong);
    let wrong: Vec<String> = wrong
        .map(|made| format!("{}: {}", made.place, made.text))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Those of files and graphs get their next step further up, by what is to be done with the file.
#[test]
fn all_texts_about_files_and_graphs_are_sentences() {
    let made = made(
        "ascend-graph/src",
        &["Error::format(", "Error::unsupported(", "Error::invalid("],
    );
    assert!(made.len() > 120, "{}", made.len());
    let is_wrong = |made: &&Made| {
        let is_open = made.text.is_empty() || made.text.contains("{why}");
        let has_options = made.text.matches("--").count() >= 2;
        !is_open && !has_options && words(&made.text) < 2
    };
    let wrong = made.iter().filter(is_wrong);
    let wrong: Vec<String> = wrong
        .map(|made| format!("{}: {}", made.place, made.text))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
