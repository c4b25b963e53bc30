//! `ascend man`: pages that the readers of such pages find nothing wrong with.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

use super::{ascend, command, fails, path, succeeds, text};

fn pages() -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("man/man1");
    let output = command("")
        .args(["man", path(&place)])
        .env("SOURCE_DATE_EPOCH", "1735689599")
        .output()
        .unwrap();
    let said = text(&output.stdout);
    let mut pages: Vec<PathBuf> = fs::read_dir(&place)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    pages.sort();
    assert!(
        said.starts_with(&format!("{} pages in ", pages.len())),
        "{said}"
    );
    (folder, pages)
}

/// What a reader of pages says, if it is there; CI has them all.
fn read(program: &str, arguments: &[&str], page: &str) -> Option<Output> {
    let output = Command::new(program)
        .args(arguments)
        .arg(page)
        // Without it a machine's own may have no signs but ASCII.
        .env("LC_ALL", "C.UTF-8")
        .output();
    if output.is_err() {
        println!("skipped: there is no {program}");
    }
    output.ok()
}

#[test]
fn there_is_a_page_for_each_command_without_a_fault() {
    let (_folder, pages) = pages();
    let names: Vec<_> = pages
        .iter()
        .map(|page| page.file_name().unwrap().to_str().unwrap())
        .collect();
    for name in [
        "ascend.1",
        "ascend-bench.1",
        "ascend-mock-install.1",
        "ascend-man.1",
    ] {
        assert!(names.contains(&name), "{names:?}");
    }
    for page in &pages {
        let page = path(page);
        if let Some(output) = read("groff", &["-ww", "-z", "-mandoc", "-Tutf8", "-Kutf8"], page) {
            assert!(output.status.success(), "{page}");
            assert_eq!(text(&output.stderr), "", "{page}");
        }
        if let Some(output) = read("mandoc", &["-Tlint", "-Wwarning"], page) {
            let told = text(&output.stdout);
            assert!(output.status.success(), "{page}: {told}");
        }
        if let Some(output) = read("man", &["--warnings", "-P", "cat", "-l"], page) {
            let told = text(&output.stderr);
            assert!(output.status.success() && told.is_empty(), "{page}: {told}");
        }
    }
}

#[test]
fn pages_have_the_parts_that_are_looked_for() {
    let (_folder, pages) = pages();
    for page in &pages {
        let source = fs::read_to_string(page).unwrap();
        let is_group = path(page).ends_with("ascend-mock.1");
        for part in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "\"EXIT STATUS\"",
            "EXAMPLES",
        ] {
            let is_there = source.contains(&format!(".SH {part}\n"));
            assert!(
                is_there || is_group && part == "EXAMPLES",
                "{}: {part}",
                path(page)
            );
        }
        assert!(!source.contains(".SH EXTRA"), "{}", path(page));
    }
    let source = |name: &str| {
        let page = pages.iter().find(|page| page.ends_with(name)).unwrap();
        fs::read_to_string(page).unwrap()
    };
    let bench = source("ascend-bench.1");
    assert!(bench.contains(".TH ASCEND-BENCH 1 2024-12-31"), "{bench}");
    assert!(
        bench.contains("ascend bench net.om \\-\\-loop 100"),
        "{bench}"
    );
    for part in [".SH ENVIRONMENT", "ASCEND_TOOLKIT_HOME", "msprof"] {
        assert!(bench.contains(part), "{part}");
    }
    let explain = source("ascend-explain.1");
    assert!(explain.contains("1 nothing that the book has"), "{explain}");
    assert!(explain.contains("ASCEND_LANG"), "{explain}");
    assert!(!explain.contains("ASCEND_MOCK_CONFIG"), "{explain}");
    let compare = source("ascend-compare.1");
    assert!(
        compare.contains("\n0 all outputs agree, 1 they differ;"),
        "{compare}"
    );
    for page in ["ascend.1", "ascend-profile.1"] {
        assert!(source(page).contains("143 by SIGTERM"), "{page}");
    }
}

#[test]
fn pages_that_are_there_stay() {
    let (_folder, pages) = pages();
    let place = pages[0].parent().unwrap();
    fs::write(&pages[0], "mine").unwrap();
    fails(&["man", path(place)], 9, &["exists already", "--overwrite"]);
    assert_eq!(fs::read_to_string(&pages[0]).unwrap(), "mine");
    succeeds(&["man", path(place), "--overwrite"]);
    assert_ne!(fs::read_to_string(&pages[0]).unwrap(), "mine");
    let file = place.join("file");
    fs::write(&file, "").unwrap();
    let output = ascend(&["man", path(&file)]);
    assert!(!output.status.success());
    assert!(
        text(&output.stderr).contains("file"),
        "{}",
        text(&output.stderr)
    );
}
