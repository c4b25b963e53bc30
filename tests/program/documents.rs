//! The documentation: code in every language is read by its own parser, and links lead somewhere.
//!
//! Rust is compiled as doctests of the library, command lines of `ascend` are parsed by its own tests.

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use ascend_rt::MockConfig;
use serde_json::Value;

use super::book::{Block, blocks, blocks_in, name, pages, root};
use super::text;

/// What a program says of a text; `None`, with a message, where the program is not installed.
fn refused_by(program: &[&str], input: &str) -> Option<Result<(), String>> {
    let mut command = Command::new(program[0]);
    command.args(&program[1..]).current_dir(root());
    let [input_end, other, errors] = [Stdio::piped(), Stdio::null(), Stdio::piped()];
    let child = command
        .stdin(input_end)
        .stdout(other)
        .stderr(errors)
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: there is no {}", program[0]);
        return None;
    };
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    Some(if output.status.success() {
        Ok(())
    } else {
        Err(text(&output.stderr))
    })
}

/// Asserts that a program takes all blocks of some languages, each behind a prelude.
#[track_caller]
fn all_are_taken(languages: &[&str], program: &[&str], prelude: &str) {
    let mut wrong = Vec::new();
    for block in blocks_in(languages) {
        match refused_by(program, &format!("{prelude}{}", block.text)) {
            None => return,
            Some(Ok(())) => {}
            Some(Err(why)) => wrong.push(format!("{}: {why}", block.place())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn scripts_are_ones_for_a_shell() {
    all_are_taken(&["sh", "bash"], &["bash", "-n"], "");
}

#[test]
fn python_compiles() {
    let compile = "import sys; compile(sys.stdin.read(), 'a page', 'exec')";
    all_are_taken(&["python"], &["python3", "-c", compile], "");
}

/// Against the headers of this repository, which every real one agrees with.
#[test]
fn c_and_cpp_compile() {
    let headers =
        "#include \"acl/acl.h\"\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n";
    let flags = [
        "-fsyntax-only",
        "-Wall",
        "-Werror",
        "-Iascend-sys/include",
        "-x",
    ];
    let compiler = |program, language| [&[program][..], &flags[..], &[language, "-"]].concat();
    all_are_taken(&["c"], &compiler("cc", "c"), headers);
    let more = "#include <string>\n#include <thread>\n#include <vector>\n";
    let headers = format!("{headers}{more}");
    all_are_taken(&["cpp"], &compiler("c++", "c++"), &headers);
}

#[test]
fn json_is_read() {
    for block in blocks_in(&["json"]) {
        let mut values = serde_json::Deserializer::from_str(&block.text).into_iter::<Value>();
        assert!(values.all(|value| value.is_ok()), "{}", block.place());
    }
}

/// A block is a configuration of the CPU device, or a part of a `Cargo.toml`.
#[test]
fn toml_is_read() {
    let mut configurations = 0;
    for block in blocks_in(&["toml"]) {
        let parsed = block.text.parse::<toml::Table>();
        let table = parsed.unwrap_or_else(|error| panic!("{}: {error}", block.place()));
        if table.contains_key("dependencies") {
            continue;
        }
        configurations += 1;
        let config = MockConfig::from_toml(&block.text);
        assert!(config.is_ok(), "{}: {config:?}", block.place());
    }
    assert!(configurations > 0);
}

#[test]
fn yaml_is_read() {
    let load = "import sys\ntry: import yaml\nexcept ImportError: print('skipped: no PyYAML'); sys.exit(0)\nyaml.safe_load(sys.stdin)";
    all_are_taken(&["yaml"], &["python3", "-c", load], "");
}

/// What is in none of the lists would not be tested.
#[test]
fn every_block_is_in_a_language_that_is_tested() {
    let tested = [
        "rust", "sh", "bash", "python", "c", "cpp", "json", "toml", "yaml", "text",
    ];
    for block in pages().iter().flat_map(|page| blocks(page)) {
        let place = block.place();
        assert!(
            tested.contains(&block.language.as_str()),
            "{place}: {}",
            block.language
        );
    }
}

/// A page with Rust in it has to be a doctest, and none of its blocks may be left out.
#[test]
fn rust_is_compiled() {
    let library = fs::read_to_string(root().join("src/documentation.rs")).unwrap();
    let mut seen = HashSet::new();
    for Block { page, line, .. } in blocks_in(&["rust"]) {
        let fence = fs::read_to_string(root().join(&page)).unwrap();
        let fence = fence.lines().nth(line - 1).unwrap().to_owned();
        assert!(
            ["```rust", "```rust,no_run"].contains(&fence.as_str()),
            "{page}:{line}: {fence}"
        );
        // what GitHub shows first is a piece of a program
        if page != "README.md" && seen.insert(page.clone()) {
            let included = format!("include_str!(\"../{page}\")");
            assert!(
                library.contains(&included),
                "src/documentation.rs lacks {page}"
            );
        }
    }
    assert!(seen.len() > 10, "{seen:?}");
}

/// The name that a forge gives to a heading.
fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|sign| sign.is_alphanumeric() || " -_".contains(*sign));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn anchors(page: &Path) -> HashSet<String> {
    let text = fs::read_to_string(page).unwrap();
    let mut in_block = false;
    let mut found = HashSet::new();
    for line in text.lines() {
        in_block ^= line.starts_with("```");
        if let Some(heading) = line.strip_prefix('#').filter(|_| !in_block) {
            found.insert(anchor(heading.trim_start_matches('#').trim()));
        }
    }
    found
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            if link.contains("://") || link.contains(' ') {
                continue;
            }
            count += 1;
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = page.parent().unwrap().join(file);
            let target = if file.is_empty() {
                page.clone()
            } else {
                target
            };
            let is_there = target.exists()
                && (heading.is_empty() || !target.is_file() || anchors(&target).contains(heading));
            if !is_there {
                wrong.push(format!("{}: {link}", name(&page)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 50, "{count} links");
}

/// `mdbook build docs` shows the pages that the summary lists.
#[test]
fn the_book_has_all_pages() {
    let folder = root().join("docs");
    let summary = fs::read_to_string(folder.join("SUMMARY.md")).unwrap();
    for page in pages() {
        if let Ok(page) = page.strip_prefix(&folder) {
            let is_listed = summary.contains(&format!("]({})", page.display()));
            assert!(
                is_listed || page == Path::new("SUMMARY.md"),
                "{}",
                page.display()
            );
        }
    }
    let book = fs::read_to_string(folder.join("book.toml")).unwrap();
    let book: toml::Table = book.parse().unwrap();
    assert_eq!(book["book"]["src"].as_str(), Some("."));
}
