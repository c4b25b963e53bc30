//! What the program said, without what differs from machine to machine.

use std::env::consts::ARCH;
use std::path::Path;
use std::process::Output;

use super::super::text;

/// A command line, and what it answered.
pub(super) struct Said {
    pub(super) line: String,
    pub(super) code: i32,
    pub(super) text: String,
}

impl Said {
    pub(super) fn of(line: &str, output: &Output, folder: &Path) -> Self {
        let told = format!("{}{}", text(&output.stdout), text(&output.stderr));
        let told = told.replace(&format!("{}/", folder.display()), "");
        Self {
            line: line.to_owned(),
            code: output.status.code().unwrap(),
            text: without_times(&without_processes(&told)).replace(ARCH, "x86_64"),
        }
    }

    /// Leaves out the lines that begin so, with those that are set in below them.
    pub(super) fn leave_out(&mut self, beginnings: &[&str]) -> &mut Self {
        let mut is_left_out = false;
        self.retain(|line| {
            let begins = beginnings.iter().any(|begin| line.starts_with(begin));
            let is_part = is_left_out && (line.starts_with(' ') || line.is_empty());
            is_left_out = begins || is_part;
            !is_left_out
        })
    }

    /// Leaves out all lines but those with one of these parts.
    pub(super) fn keep(&mut self, parts: &[&str]) -> &mut Self {
        self.retain(|line| parts.iter().any(|part| line.contains(part)))
    }

    fn retain(&mut self, mut is_kept: impl FnMut(&str) -> bool) -> &mut Self {
        let mut kept = String::new();
        for line in self.text.lines() {
            if is_kept(line) {
                kept.push_str(line);
                kept.push('\n');
            } else if !kept.ends_with("…\n") {
                kept.push_str("…\n");
            }
        }
        self.text = kept;
        self
    }
}

/// The runtime names the process and the time: `[PID: 7] 2026-01-02-03:04:05.678.901`.
fn without_processes(text: &str) -> String {
    let mut parts = text.split("[PID: ");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.split_once("] ").map_or(part, |(_, rest)| rest);
        let rest =
            rest.trim_start_matches(|sign: char| sign.is_ascii_digit() || "-:.".contains(sign));
        kept.push_str("[PID: …]");
        kept.push_str(rest);
    }
    kept
}

/// Times and throughputs become dots, and so do all numbers with a point in tables of them.
fn without_times(text: &str) -> String {
    let lines = text.lines().map(|line| format!("{}\n", unmeasured(line)));
    lines.collect()
}

const UNITS: [&str; 4] = ["us", "ms", "s", "items/s"];

fn unmeasured(line: &str) -> String {
    let is_number = |word: &str| word.contains('.') && word.parse::<f64>().is_ok();
    let words: Vec<&str> = line.split(' ').collect();
    let bare = |word: &str| word.trim_end_matches([',', ';', ')', ':', '%']).to_owned();
    let is_table = words.iter().filter(|word| is_number(word)).count() > 4 && !line.contains("MiB")
        || ["warm-up:", "  OK  ", "throughput:", "%"]
            .iter()
            .any(|mark| line.contains(mark));
    let mut kept: Vec<String> = Vec::new();
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        let number = bare(word);
        let unit = words.peek().map(|unit| bare(unit));
        let unit = unit.filter(|unit| UNITS.contains(&unit.as_str()));
        if !is_number(&number) || !is_table && unit.is_none() {
            kept.push(word.to_owned());
            continue;
        }
        // its width decided how far it is set in, and its size the unit
        while kept.len() > 1 && kept.last().is_some_and(String::is_empty) {
            kept.pop();
        }
        let sign = match unit.and_then(|unit| Some(words.next()?[unit.len()..].to_owned())) {
            Some(sign) => sign,
            None => word[number.len()..].to_owned(),
        };
        kept.push(format!("…{sign}"));
    }
    kept.join(" ")
}
