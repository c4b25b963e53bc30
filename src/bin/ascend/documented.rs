//! The command lines in the documentation are ones that the program takes.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use std::ffi::OsString;

use clap::Parser;

use super::Cli;
use super::bench::normalised;
use book::blocks_in;

#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "../../../tests/common/book.rs"]
mod book;

/// The simple commands of a script for a shell, in words: what stands between its operators.
fn commands(script: &str) -> Vec<Vec<String>> {
    let (mut all, mut words, mut word) = (Vec::new(), Vec::new(), None::<String>);
    let mut signs = script.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => match signs.next() {
                Some('\n') | None => {}
                Some(sign) => word.get_or_insert_default().push(sign),
            },
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                word.extend(signs.by_ref().take_while(|next| *next != sign));
            }
            '#' if word.is_none() => while signs.next_if(|next| *next != '\n').is_some() {},
            ' ' | '\n' | ';' | '|' | '&' | '(' | ')' => {
                words.extend(word.take());
                if sign != ' ' {
                    all.push(std::mem::take(&mut words));
                }
            }
            // what is read or written is no argument; a number before it is a descriptor
            '<' | '>' => {
                words.extend(word.take().filter(|word| word != "2"));
                while signs.next_if(|next| " >&".contains(*next)).is_some() {}
                while signs.next_if(|next| !" \n;|)".contains(*next)).is_some() {}
            }
            sign => word.get_or_insert_default().push(sign),
        }
    }
    words.extend(word);
    all.push(words);
    all.retain(|words| !words.is_empty());
    all
}

/// The arguments of a command that calls the program, or of one in a substitution among them.
fn of_the_program(words: &[String]) -> Vec<Vec<String>> {
    let is_ours = |word: &str| word == "ascend" || word.ends_with("/ascend");
    // before it are settings of variables
    let first = words.iter().find(|word| !word.contains('='));
    if first.is_some_and(|word| is_ours(word)) {
        let skipped = words.iter().skip_while(|word| word.contains('='));
        return vec![skipped.cloned().collect()];
    }
    let inner = words.iter().filter_map(|word| word.strip_prefix("$("));
    let inner = inner.flat_map(|word| commands(word.trim_end_matches(')')));
    inner.flat_map(|words| of_the_program(&words)).collect()
}

#[test]
fn command_lines_of_the_documentation_are_taken() {
    let (mut count, mut wrong) = (0, Vec::new());
    for block in blocks_in(&["sh", "bash", "text"]) {
        // in what is said, a prompt stands before what was typed
        let typed = block
            .text
            .lines()
            .filter_map(|line| line.strip_prefix("$ "));
        let script = match &*block.language {
            "text" => typed.collect::<Vec<_>>().join("\n"),
            _ => block.text.clone(),
        };
        for command in commands(&script) {
            for words in of_the_program(&command) {
                count += 1;
                let line = words.iter().map(OsString::from);
                if let Err(error) = Cli::try_parse_from(normalised(line))
                    && error.use_stderr()
                {
                    wrong.push(format!("{}: {}: {error}", block.place(), words.join(" ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 50, "{count} command lines");
}

#[test]
fn scripts_are_read_as_a_shell_reads_them() {
    let script = "A=b ascend run 'a b' \\\n  --x \"1;2\" > out  # ascend no\ncat x | ascend explain 2>&1 | less\n\
                  eval \"$(ascend mock env x)\" && true";
    let all = commands(script);
    let ours: Vec<_> = all.iter().flat_map(|words| of_the_program(words)).collect();
    let expected = [
        &["ascend", "run", "a b", "--x", "1;2"][..],
        &["ascend", "explain"],
        &["ascend", "mock", "env", "x"],
    ];
    assert_eq!(ours, expected);
}
