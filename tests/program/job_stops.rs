//! `ascend classify` as a job: stopped in every way, and finished.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::job::Job;
use super::text;

/// Runs take their time, so that there is some to interrupt them in.
const SLOW: &str = "[time]\nexecution = \"2 ms\"";

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill")
        .args(["-s", name, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn a_job_that_is_killed_goes_on() {
    let job = Job::new(300);
    let said = job.succeeds(&["in", "--out", "whole.jsonl"]);
    assert!(
        said.contains("300 pictures") && said.contains("43 of 300 failed"),
        "{said}"
    );
    let whole = job.read("whole.jsonl");
    let records = job.records("whole.jsonl");
    assert_eq!(records.len(), 300);
    for (number, record) in records.iter().enumerate() {
        assert_eq!(record["file"], format!("in/{number:04}.png"));
        assert_eq!(record["error"].is_object(), number % 7 == 3, "{record}");
        assert_eq!(record["top"].is_array(), number % 7 != 3, "{record}");
    }
    assert_eq!(records[3]["error"]["kind"], "malformed");

    let arguments = ["in", "--out", "killed.jsonl"];
    let mut kills = 0;
    for place in [1, 7, 23, 24, 39, 40, 61, 77, 93] {
        let mut child = job.command(SLOW, &arguments).spawn().unwrap();
        job.await_len("killed.jsonl", whole.len() as u64 * place / 100);
        child.kill().unwrap();
        kills += usize::from(child.wait().unwrap().signal() == Some(9));
        let there = job.read("killed.jsonl");
        assert!(whole.starts_with(&there), "after {place} %");
    }
    assert!(kills > 4, "{kills} were killed");
    let said = job.succeeds(&arguments);
    assert!(
        said.contains("of 300 pictures are in killed.jsonl already"),
        "{said}"
    );
    assert!(job.read("killed.jsonl") == whole, "the files differ");
    let said = job.succeeds(&arguments);
    assert!(
        said.contains("300 of 300") && said.contains("0 pictures"),
        "{said}"
    );
    assert!(job.read("killed.jsonl") == whole, "the files differ");
}

#[test]
fn a_torn_end_is_cut_off() {
    let job = Job::new(20);
    let arguments = ["in", "--out", "r.jsonl"];
    job.succeeds(&arguments);
    let whole = job.read("r.jsonl");
    let third = whole
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n')
        .nth(2)
        .unwrap()
        .0;
    for (end, more) in [
        (whole.len() - 1, &b""[..]),
        (whole.len() - 2, b""),
        (third + 2, b""),
        (1, b""),
        // As after a power failure.
        (third + 1, &[0; 5000]),
        (third + 5, b"\0\0\n"),
    ] {
        fs::write(job.at("r.jsonl"), [&whole[..end], more].concat()).unwrap();
        let said = job.succeeds(&arguments);
        assert!(said.contains("are cut off"), "{said}");
        assert!(job.read("r.jsonl") == whole, "cut at {end}");
    }
    // Whole lines that are missing are no torn end.
    fs::write(job.at("r.jsonl"), &whole[..=third]).unwrap();
    let said = job.succeeds(&arguments);
    assert!(
        !said.contains("cut off") && said.contains("3 of 20"),
        "{said}"
    );
    assert!(job.read("r.jsonl") == whole);
}

#[test]
fn a_line_that_is_no_record_costs_no_others() {
    let job = Job::new(12);
    job.succeeds(&["in", "--out", "r.jsonl"]);
    let whole = text(&job.read("r.jsonl"));
    let mut lines: Vec<&str> = whole.split_inclusive('\n').collect();
    for line in ["\n", "torn {\"file\"\n", "{\"file\":\"a\"}\n"] {
        lines.insert(4, line);
        let there = lines.concat();
        fs::write(job.at("r.jsonl"), &there).unwrap();
        job.fails(
            &["in", "--out", "r.jsonl"],
            6,
            &[
                "line 5 of r.jsonl is no record, and records follow",
                "--overwrite",
            ],
        );
        assert_eq!(text(&job.read("r.jsonl")), there, "nothing is cut off");
        lines.remove(4);
    }
    fs::write(job.at("r.jsonl"), lines.concat()).unwrap();
    let said = job.succeeds(&["in", "--out", "r.jsonl"]);
    assert!(said.contains("12 of 12"), "{said}");
}

#[test]
fn what_began_anew_does_not_again() {
    let job = Job::new(300);
    job.succeeds(&["in", "--out", "r.csv"]);
    let table = job.read("r.csv");
    let anew = ["in", "--out", "r.csv", "--overwrite"];
    let child = job.command(SLOW, &anew).spawn().unwrap();
    // The old table goes with the old records.
    while job.at("r.csv").exists() {
        thread::sleep(Duration::from_millis(2));
    }
    job.await_len("r.csv.jsonl", 2000);
    signal(&child, "INT");
    let output = child.wait_with_output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(
        said.contains("give the same command again without --overwrite to go on"),
        "{said}"
    );
    let said = job.succeeds(&anew[..3]);
    assert!(
        said.contains("of 300 pictures are in r.csv.jsonl already"),
        "{said}"
    );
    assert!(job.read("r.csv") == table, "the tables differ");
}

#[test]
fn ctrl_c_ends_cleanly() {
    let job = Job::new(300);
    job.succeeds(&["in", "--out", "whole.jsonl"]);
    let whole = job.read("whole.jsonl");
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let out = format!("{name}.jsonl");
        let child = job.command(SLOW, &["in", "--out", &out]).spawn().unwrap();
        job.await_len(&out, 2000);
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(
            said.contains("interrupted: ") && said.contains("same command again"),
            "{said}"
        );
        let there = job.read(&out);
        assert!(there.len() < whole.len() && there.ends_with(b"\n") && whole.starts_with(&there));
        job.succeeds(&["in", "--out", &out]);
        assert!(job.read(&out) == whole, "the files differ");
    }
    // The second one does not wait for what hangs.
    let config = "[[fault]]\nfunction = \"aclmdlExecuteAsync\"\nnth = 20\nhang = true";
    let mut child = job
        .command(config, &["in", "--out", "hang.jsonl"])
        .spawn()
        .unwrap();
    job.await_len("hang.jsonl", 1000);
    thread::sleep(Duration::from_millis(200));
    signal(&child, "INT");
    thread::sleep(Duration::from_millis(300));
    assert!(
        child.try_wait().unwrap().is_none(),
        "what was begun is waited for"
    );
    signal(&child, "INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(whole.starts_with(&job.read("hang.jsonl")));
}

#[test]
fn another_job_is_refused() {
    let job = Job::new(8);
    job.succeeds(&["in", "--out", "r.jsonl"]);
    let whole = job.read("r.jsonl");
    fs::write(job.at("labels.txt"), "a\nb\nc\n").unwrap();
    let with = |more: &[&'static str]| [&["in", "--out", "r.jsonl"][..], more].concat();
    job.fails(
        &with(&["--top", "2"]),
        6,
        &["r.jsonl", "top was 5 and is 2 now", "--overwrite"],
    );
    job.fails(
        &with(&["--labels", "labels.txt"]),
        6,
        &["labels was none and is "],
    );
    job.fails(
        &with(&["--shard", "0/2"]),
        6,
        &["shard was none and is 0/2 now"],
    );
    assert!(
        job.read("r.jsonl") == whole,
        "a refused job changes nothing"
    );
    job.succeeds(&with(&["--top", "2", "--overwrite"]));
    assert_eq!(
        job.records("r.jsonl")[0]["top"].as_array().unwrap().len(),
        2
    );

    fs::write(job.at("own.jsonl"), "my notes\n").unwrap();
    job.fails(
        &["in", "--out", "own.jsonl"],
        6,
        &["own.jsonl.job.json", "is not", "--overwrite"],
    );
    assert_eq!(job.read("own.jsonl"), b"my notes\n");
    fs::write(job.at("own.csv"), "my notes\n").unwrap();
    job.fails(
        &["in", "--out", "own.csv"],
        9,
        &["own.csv exists already", "--overwrite"],
    );
    fs::write(job.at("r.jsonl.job.json"), "{").unwrap();
    job.fails(&with(&[]), 6, &["r.jsonl.job.json is damaged"]);

    // Two processes do not write one file.
    let mut first = job
        .command(
            "[time]\nexecution = \"300 ms\"",
            &["in", "--out", "both.jsonl"],
        )
        .spawn()
        .unwrap();
    job.await_len("both.jsonl", 1);
    job.fails(
        &["in", "--out", "both.jsonl"],
        9,
        &["being written by another process"],
    );
    assert!(first.wait().unwrap().success());
}

/// A limit on the length of files stands for a full disc: the write that reaches it is cut short.
#[test]
fn a_full_disc_leaves_whole_records() {
    let job = Job::new(60);
    if Path::new("/dev/full").exists() {
        std::os::unix::fs::symlink("/dev/full", job.at("full.jsonl")).unwrap();
        let parts = ["full.jsonl", "No space left", "same command again"];
        job.fails(&["in", "--out", "full.jsonl"], 9, &parts);
    }
    if Command::new("prlimit").arg("--version").output().is_err() {
        println!("skipped: there is no prlimit");
        return;
    }
    job.succeeds(&["in", "--out", "whole.jsonl"]);
    let whole = job.read("whole.jsonl");
    let slow = job.command("[time]\nexecution = \"20 ms\"", &["in", "--out", "r.jsonl"]);
    // The signal that tells of the limit is ignored, so that the write fails.
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"]);
    shell.arg(slow.get_program()).args(slow.get_args());
    for (name, value) in slow.get_envs() {
        shell.env(name, value.unwrap());
    }
    shell
        .current_dir(job.at(""))
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let child = shell.spawn().unwrap();
    // The device has its memory by then, which is a file too.
    job.await_len("r.jsonl", 1000);
    let limit = ["--pid", &child.id().to_string(), "--fsize=4000"];
    assert!(
        Command::new("prlimit")
            .args(limit)
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(9), "{said}");
    assert!(
        said.contains("r.jsonl") && said.contains("same command again"),
        "{said}"
    );
    let there = job.read("r.jsonl");
    assert!(!there.is_empty() && there.len() < whole.len());
    assert!(there.ends_with(b"\n") && whole.starts_with(&there));
    job.succeeds(&["in", "--out", "r.jsonl"]);
    assert!(job.read("r.jsonl") == whole, "the files differ");
}
