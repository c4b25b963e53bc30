//! The tables of Chinese: nothing is left out, and all is written as it should be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use ascend_rt::errors;
use ascend_rt::language::{self, Language};

use super::language::{has_english, is_han};

/// What is the same in both languages: names and numbers with what joins them.
const SAME: [&str; 8] = [
    " {code}",
    "CANN {version}",
    "opset {version}",
    "{file} {why}",
    "{name} {version}",
    "{one} → {next}",
    "{path} {why}",
    "{setting} {wrong}",
];

/// The files in which texts for people stand beside the tables.
const SOURCES: [&str; 3] = ["src", "ascend-graph/src", "ascend-mock/src"];
/// What comes before a text that is told in the language of the reader.
const MARKS: [&str; 4] = ["text!(", "say!(", "Words(", "words("];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            self::files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The texts in the code, each with a file that has it.
fn templates() -> BTreeMap<String, PathBuf> {
    let mut paths = Vec::new();
    for source in SOURCES {
        files(&root().join(source), &mut paths);
    }
    let mut found = BTreeMap::new();
    for path in paths {
        let code = fs::read_to_string(&path).unwrap();
        let code = code.split("#[cfg(test)]\nmod tests").next().unwrap();
        let lines = code.lines().map(str::trim_start);
        let lines = lines.filter(|line| !line.starts_with("//"));
        let code = lines.collect::<Vec<_>>().join("\n");
        for mark in MARKS {
            let is_name = |c: char| c.is_alphanumeric() || c == '_';
            for (at, _) in code.match_indices(mark) {
                let literal = code[at + mark.len()..].trim_start().strip_prefix('"');
                if let Some(literal) = literal.filter(|_| !code[..at].ends_with(is_name)) {
                    found.insert(unescaped(literal), path.clone());
                }
            }
        }
    }
    found
}

/// A string literal without its first quotation mark, as the compiler reads it.
fn unescaped(literal: &str) -> String {
    let (mut text, mut letters) = (String::new(), literal.chars().peekable());
    while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
        match (letter, letter == '\\') {
            (_, false) => text.push(letter),
            _ => match letters.next().unwrap() {
                'n' => text.push('\n'),
                '\n' => while letters.next_if(|c| c.is_whitespace()).is_some() {},
                escaped => text.push(escaped),
            },
        }
    }
    text
}

/// The texts in tables: the error book, and what to do where `atc` lacks an operator.
fn tables() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for entry in errors::entries() {
        all.extend([entry.meaning, entry.cause, entry.remedy, entry.look].map(str::to_owned));
    }
    let mut columns = |file: &str, wanted: &[usize]| {
        let table = fs::read_to_string(root().join(file)).unwrap();
        for line in table.lines().skip(1).filter(|line| !line.starts_with('#')) {
            let columns: Vec<_> = line.split('\t').collect();
            let found = wanted.iter().filter_map(|column| columns.get(*column));
            all.extend(found.map(|text| (*text).to_owned()));
        }
    };
    columns("src/errors/families.tsv", &[1, 2]);
    columns("src/errors/messages.tsv", &[2, 3, 4]);
    columns("src/errors/torch.tsv", &[2, 3, 4]);
    columns("ascend-graph/src/atc/operators.tsv", &[3]);
    let unknown = errors::lookup("507099").unwrap();
    all.extend([unknown.cause, unknown.remedy].map(str::to_owned));
    all.retain(|text| !text.is_empty());
    all
}

fn chinese(file: &str) -> Vec<(String, String)> {
    let table = fs::read_to_string(root().join("src/language/zh").join(file)).unwrap();
    let lines = table.lines().map(|line| {
        let (english, chinese) = line.split_once('\t').unwrap_or_else(|| panic!("{line:?}"));
        assert!(!chinese.contains('\t'), "{line:?}");
        (english.to_owned(), chinese.to_owned())
    });
    lines.collect()
}

const FILES: [&str; 10] = [
    "check.tsv",
    "codes.tsv",
    "compare.tsv",
    "doctor.tsv",
    "errors.tsv",
    "help.tsv",
    "messages.tsv",
    "pages.tsv",
    "profile.tsv",
    "program.tsv",
];

fn all_chinese() -> Vec<(String, String)> {
    FILES.iter().flat_map(|file| chinese(file)).collect()
}

#[test]
fn every_text_has_its_chinese() {
    let (templates, tables) = (templates(), tables());
    assert!(templates.len() > 400, "{}", templates.len());
    assert!(tables.len() > 1000, "{}", tables.len());
    let lacks = |english: &&String| Language::Chinese.find(english).is_none();
    let lacking: Vec<_> = templates.keys().chain(&tables).filter(lacks).collect();
    assert!(lacking.is_empty(), "add to src/language/zh: {lacking:#?}");
}

#[test]
fn no_chinese_is_left_of_a_text_that_is_gone() {
    let (templates, tables) = (templates(), tables());
    for file in FILES
        .iter()
        .filter(|file| !matches!(**file, "help.tsv" | "pages.tsv"))
    {
        for (english, _) in chinese(file) {
            let is_used = templates.contains_key(&english) || tables.contains(&english);
            assert!(is_used, "{file}: nothing tells {english:?}");
        }
    }
}

#[test]
fn a_text_is_translated_once() {
    let mut seen = BTreeSet::new();
    for (english, _) in all_chinese() {
        assert!(seen.insert(english.clone()), "twice: {english:?}");
    }
    assert_eq!(language::chinese().count(), seen.len());
}

/// The names in braces, and what stands for them in messages of CANN.
fn names(text: &str) -> BTreeMap<&str, usize> {
    let mut names = BTreeMap::new();
    let open = text.replace("{{", "  ").replace("}}", "  ");
    for (at, _) in open.match_indices('{') {
        let name = &text[at..=at + open[at..].find('}').unwrap()];
        *names.entry(name).or_default() += 1;
    }
    if text.contains("%s") {
        names.insert("%s", text.matches("%s").count());
    }
    names
}

#[test]
fn chinese_names_what_english_names() {
    for (english, chinese) in all_chinese() {
        assert_eq!(names(&english), names(&chinese), "{english}\n{chinese}");
        // what is typed or looked for stays as it is
        for code in english.split('`').skip(1).step_by(2) {
            assert!(
                chinese.contains(&format!("`{code}`")),
                "{english}\n{chinese}"
            );
        }
        for number in english.split(|c: char| !c.is_ascii_alphanumeric()) {
            let is_code = number.len() >= 5 && number.chars().any(|c| c.is_ascii_digit());
            assert!(!is_code || chinese.contains(number), "{english}\n{chinese}");
        }
    }
}

#[test]
fn chinese_is_written_as_chinese_is() {
    for (english, chinese) in all_chinese() {
        let letters: Vec<char> = chinese.chars().collect();
        let is_chinese = letters.iter().any(|c| is_han(*c) || is_full_width(*c));
        assert!(
            is_chinese || SAME.contains(&&*english) || !english.contains(char::is_alphabetic),
            "{english}\n{chinese}"
        );
        assert!(chinese != english || SAME.contains(&&*english), "{english}");
        for pair in letters.windows(2) {
            let (one, next) = (pair[0], pair[1]);
            let is_half = |c: char| ",;:?!()".contains(c);
            assert!(
                !(is_han(one) && is_half(next) || is_half(one) && is_han(next)),
                "{one}{next} in {chinese}"
            );
            let is_word = |c: char| c.is_ascii_alphanumeric();
            assert!(
                !(is_han(one) && is_word(next) || is_word(one) && is_han(next)),
                "no blank in {one}{next} in {chinese}"
            );
        }
        assert!(!chinese.ends_with('。'), "{chinese}");
        assert!(
            !chinese.contains("  ") || english.contains("  "),
            "{chinese}"
        );
        assert!(!has_english(&chinese), "{chinese}");
    }
}

#[test]
fn labels_take_the_same_room() {
    let width = |english: &str| Language::Chinese.find(english).unwrap().chars().count();
    for labels in [
        &["cause: ", "do:    ", "look:  ", "at:    ", "says:  "][..],
        &["ok", "note", "warning", "fault"],
        &["where", "why", "do"],
        &["at: ", "do: ", "fix: "],
    ] {
        let widths: BTreeSet<_> = labels.iter().map(|label| width(label)).collect();
        assert_eq!(widths.len(), 1, "{labels:?}");
    }
}

fn is_full_width(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
}

/// The texts of a page: those between its tags and in attributes that are shown.
fn texts_of_body(body: &str) -> Vec<&str> {
    let between = body
        .split('>')
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap());
    let shown = ["title=\"", "aria-label=\"", "placeholder=\""];
    let attributes = shown.iter().flat_map(|name| body.split(name).skip(1));
    let attributes = attributes.map(|rest| rest.split('"').next().unwrap());
    let texts = between.chain(attributes).map(str::trim);
    texts
        .filter(|text| text.contains(|c: char| c.is_ascii_alphabetic()))
        .collect()
}

#[test]
fn every_text_of_a_page_has_its_chinese() {
    let known: BTreeSet<_> = language::pages().map(|(english, _)| english).collect();
    for page in [
        "bench/page",
        "inspect/model/page",
        "classify/sheet",
        "compare/page",
    ] {
        let folder = root().join("src/bin/ascend").join(page);
        let mut count = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().path();
            let content = fs::read_to_string(&file).unwrap();
            let extension = file.extension().unwrap();
            let texts: Vec<String> = if extension == "html" {
                texts_of_body(&content)
                    .into_iter()
                    .map(str::to_owned)
                    .collect()
            } else if extension == "js" {
                let told = content
                    .split("told(")
                    .skip(1)
                    .filter_map(|rest| rest.trim_start().strip_prefix('"'));
                told.map(unescaped).collect()
            } else {
                continue;
            };
            for text in texts {
                assert!(
                    known.contains(&*text),
                    "{}: add {text:?} to src/language/zh/pages.tsv",
                    file.display()
                );
                count += 1;
            }
        }
        assert!(count > 15, "{page}");
    }
}
