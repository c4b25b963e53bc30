//! What is given to whoever is to help.

use std::fmt::Write;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use ascend_rt::doctor::{Evidence, Finding, Kind, Machine, Redaction, Report, gather};

use super::{tar, told};
use crate::inspect::digest::sha256;
use crate::language::say;

const KINDS: [Kind; 6] = [
    Kind::User,
    Kind::Home,
    Kind::Host,
    Kind::Ip,
    Kind::Mac,
    Kind::Serial,
];

/// Writes the bundle where nothing is yet, and gives the number of its files.
pub(super) fn write(machine: &Machine, report: &Report, place: &Path) -> Result<usize> {
    let files = files(machine, report);
    let count = files.len();
    let is_tar = place
        .extension()
        .is_some_and(|extension| extension == "tar");
    if is_tar {
        tar::write(place, &files)?;
        return Ok(count);
    }
    for (name, bytes) in files {
        let file = place.join(name);
        let folder = file.parent().unwrap_or(place);
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(count)
}

/// The files, with what nobody else needs to know replaced.
fn files(machine: &Machine, report: &Report) -> Vec<(PathBuf, Vec<u8>)> {
    let evidence = gather(machine);
    let mut redaction = Redaction::of(machine, report.versions.clone());
    for Evidence { name, text } in &evidence {
        redaction.learn(&format!("/{}\n{text}", name.display()));
    }
    let mut report = report.clone();
    for finding in &mut report.findings {
        each_text(finding, &mut |text| redaction.learn(text));
    }
    // before it is told, as escapes would look like letters beside names
    for finding in &mut report.findings {
        each_text(finding, &mut |text| *text = redaction.redact(text));
    }
    let mut json = told::json(machine, &report);
    json["user"] = redaction.redact(machine.user()).into();
    let mut files: Vec<(PathBuf, Vec<u8>)> = vec![
        ("report.txt".into(), told::text(&report).into_bytes()),
        ("report.json".into(), format!("{json:#}\n").into_bytes()),
    ];
    files.extend(evidence.into_iter().map(|Evidence { name, text }| {
        let name = redaction.redact(&format!("/{}", name.display()));
        (
            inside(Path::new(&name)),
            redaction.redact(&text).into_bytes(),
        )
    }));
    files.insert(
        0,
        (
            "CONTENTS.txt".into(),
            contents(&files, &redaction).into_bytes(),
        ),
    );
    files
}

/// Has all that a finding tells changed or looked at.
fn each_text(finding: &mut Finding, act: &mut dyn FnMut(&mut String)) {
    for text in [&mut finding.what, &mut finding.why] {
        // it is in its language already, and of no others
        let mut told = text.to_string();
        act(&mut told);
        *text = told.into();
    }
    if let Some(command) = &mut finding.command {
        act(command);
    }
    if let Some(place) = &mut finding.place {
        let mut text = place.display().to_string();
        act(&mut text);
        *place = text.into();
    }
}

/// A path that leads nowhere outside, whatever it came from.
fn inside(path: &Path) -> PathBuf {
    let parts = path.components();
    parts
        .filter(|part| matches!(part, Component::Normal(_)))
        .collect()
}

fn contents(files: &[(PathBuf, Vec<u8>)], redaction: &Redaction) -> String {
    let mut text = say!("Made by ascend doctor. What this holds, with bytes and SHA-256:");
    text.push_str("\n\n");
    for (name, bytes) in files {
        let digest = sha256(bytes, |_| ());
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{digest} {:8} {}", bytes.len(), name.display());
    }
    let replaced = say!("Replaced, the same by the same everywhere, each counted once:");
    let _ = write!(text, "\n{replaced}\n\n");
    for kind in KINDS {
        let _ = writeln!(text, "{:3} {kind}-…", redaction.count(kind));
    }
    text
}
