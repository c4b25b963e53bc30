//! `ascend classify` as a job: its pictures, and who shares them.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use super::job::Job;
use super::text;

#[test]
fn what_is_not_there_is_told_at_once() {
    let job = Job::new(4);
    fs::create_dir(job.at("empty")).unwrap();
    fs::write(job.at("empty.txt"), "\n# nothing\n").unwrap();
    for (arguments, code, parts) in [
        (
            &["none", "--out", "r.jsonl"][..],
            9,
            &["cannot read none"][..],
        ),
        (
            &["in", "none/*.png", "--out", "r.jsonl"],
            9,
            &["none/*.png"],
        ),
        (&["@none.txt", "--out", "r.jsonl"], 9, &["none.txt"]),
        (&["empty", "--out", "r.jsonl"], 6, &["empty", ".png"]),
        (&["@empty.txt", "--out", "r.jsonl"], 6, &["empty"]),
        (
            &["in", "--out", "r.txt"],
            6,
            &["r.txt", ".jsonl, .csv or .parquet"],
        ),
        (
            &["in", "--out", "none/r.jsonl"],
            9,
            &["none/r.jsonl", "make the folder first"],
        ),
        (&["in", "--out", "r-{shard}.jsonl"], 6, &["--shard I/N"]),
        (&["in", "--shard", "4/4"], 2, &["counted from 0"]),
        (&["in", "--html", "page.html"], 2, &["--out"]),
        (
            &["in", "--devices", "0-1", "--out", "r.jsonl"],
            4,
            &["no device 1"],
        ),
    ] {
        job.fails(arguments, code, parts);
        assert!(!job.at("r.jsonl").exists(), "{arguments:?} leaves no file");
    }
    // A list may name what is not there: that is found out late.
    fs::write(job.at("list.txt"), "in/0000.png\nin/none.png\n").unwrap();
    job.succeeds(&["@list.txt", "--out", "r.jsonl"]);
    let records = job.records("r.jsonl");
    assert!(records[0]["top"].is_array());
    assert_eq!(records[1]["error"]["kind"], "io");
    // But when there is nothing else, something is wrong.
    fs::write(job.at("list.txt"), "in/none.png\n").unwrap();
    job.fails(
        &["@list.txt", "--out", "n.jsonl"],
        9,
        &["no picture could be classified", "in/none.png"],
    );
}

#[test]
fn sources_come_in_many_ways() {
    let job = Job::new(6);
    let files = |records: Vec<Value>| -> Vec<String> {
        let files = records
            .iter()
            .map(|record| record["file"].as_str().unwrap().to_owned());
        files.collect()
    };
    let all: Vec<String> = (0..6).map(|number| format!("in/{number:04}.png")).collect();
    job.succeeds(&["in/*.png", "in", "--out", "glob.jsonl"]);
    assert_eq!(files(job.records("glob.jsonl")), all, "each once");
    job.succeeds(&["in/0005.png", "in", "--out", "mixed.jsonl"]);
    assert_eq!(
        files(job.records("mixed.jsonl"))[..2],
        ["in/0005.png", "in/0000.png"]
    );
    for (word, list) in [("-", all.join("\n")), ("@-", all.join("\0") + "\0")] {
        let mut child = job
            .command("", &[word, "--json"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(list.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let said = text(&output.stderr);
        // One of them is damaged, and nobody else would tell.
        assert_eq!(output.status.code(), Some(7), "{said}");
        assert!(said.contains("in/0003.png"), "{said}");
        let lines = text(&output.stdout);
        let records = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(files(records), all);
    }
    // What is printed is what is written.
    let printed = job.run(&["in", "--json"]).stdout;
    job.succeeds(&["in", "--out", "r.jsonl"]);
    assert_eq!(text(&printed), text(&job.read("r.jsonl")));
    // What came new is done, and nothing else.
    job.picture("0002a.png", 2);
    job.succeeds(&["in", "--out", "r.jsonl"]);
    let records = job.records("r.jsonl");
    assert_eq!(
        (records.len(), &records[6]["file"]),
        (7, &"in/0002a.png".into())
    );
}

#[test]
fn shards_share_the_pictures() {
    let job = Job::new(100);
    job.succeeds(&["in", "--out", "whole.jsonl"]);
    let lines =
        |name: &str| -> Vec<String> { text(&job.read(name)).lines().map(str::to_owned).collect() };
    let whole = lines("whole.jsonl");
    let mut parts = Vec::new();
    for index in 0..3 {
        let shard = format!("{index}/3");
        job.succeeds(&["in", "--out", "part-{shard}.jsonl", "--shard", &shard]);
        let part = lines(&format!("part-{index}.jsonl"));
        assert!((20..50).contains(&part.len()), "{} of 100", part.len());
        parts.extend(part);
    }
    assert_eq!(parts.len(), whole.len());
    let sets = [&parts, &whole].map(|lines| lines.iter().collect::<BTreeSet<_>>());
    assert_eq!(sets[0], sets[1]);

    // A part without pictures is one as well, and says so again.
    let job_of_one = Job::new(1);
    for _ in 0..2 {
        for shard in ["0/2", "1/2"] {
            job_of_one.succeeds(&["in", "--out", "p-{shard}.csv", "--shard", shard]);
        }
    }
    let counts = [0, 1].map(|part| job_of_one.records(&format!("p-{part}.csv.jsonl")).len());
    let empty = if counts == [0, 1] { "0/2" } else { "1/2" };
    assert_eq!(counts[0] + counts[1], 1);
    let other = [
        "in",
        "--out",
        "p-{shard}.csv",
        "--shard",
        empty,
        "--top",
        "2",
    ];
    job_of_one.fails(&other, 6, &["top was 5 and is 2 now"]);

    // The same, as Kubernetes names the parts.
    for (arguments, count) in [(&["--shards", "3"][..], None), (&[], Some("3"))] {
        let mut command = job.command("", &["in", "--out", "pod-{shard}.jsonl"]);
        command.args(arguments).env("JOB_COMPLETION_INDEX", "1");
        command.envs(count.map(|count| ("JOB_COMPLETION_COUNT", count)));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert_eq!(job.read("pod-1.jsonl"), job.read("part-1.jsonl"));
        fs::remove_file(job.at("pod-1.jsonl")).unwrap();
    }
    let output = job
        .command("", &["in", "--out", "all.jsonl"])
        .env("JOB_COMPLETION_INDEX", "1")
        .output()
        .unwrap();
    assert!(text(&output.stderr).contains("all pictures are classified"));
    assert_eq!(job.read("all.jsonl"), job.read("whole.jsonl"));
}

#[test]
fn several_devices_keep_the_order() {
    let job = Job::new(60);
    job.succeeds(&["in", "--out", "one.jsonl"]);
    let config = "devices = 2\ntrace = \"trace.jsonl\"\n[time]\nexecution = \"3 ms\"";
    let output = job
        .command(config, &["in", "--out", "two.jsonl", "--devices", "0-1"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(job.read("two.jsonl"), job.read("one.jsonl"));
    let trace = text(&job.read("trace.jsonl"));
    for device in [0, 1] {
        let runs = trace.lines().filter(|line| {
            let event: Value = serde_json::from_str(line).unwrap();
            event["event"] == "task"
                && event["device"] == device
                && event["function"] == "aclmdlExecuteAsync"
        });
        assert!(runs.count() > 5, "device {device} works");
    }
    // A device that fails ends the job, or leaves it to the other; what was written is right.
    let fault = "devices = 2\n[[fault]]\nfunction = \"aclmdlExecuteAsync\"\ndevice = 1\nnth = 5\ndevice_lost = true";
    let output = job
        .command(fault, &["in", "--out", "lost.jsonl", "--devices", "0-1"])
        .output()
        .unwrap();
    let (code, said) = (output.status.code(), text(&output.stderr));
    assert!(matches!(code, Some(0 | 4 | 10)), "{code:?}: {said}");
    assert!(
        job.read("one.jsonl").starts_with(&job.read("lost.jsonl")),
        "{said}"
    );
    job.succeeds(&["in", "--out", "lost.jsonl"]);
    assert_eq!(job.read("lost.jsonl"), job.read("one.jsonl"));
}

#[test]
fn a_device_that_hangs_leaves_its_pictures_to_the_other() {
    let job = Job::new(60);
    job.succeeds(&["in", "--out", "one.jsonl"]);
    let hang = |device: u8| {
        format!(
            "devices = 2\n[time]\nexecution = \"3 ms\"\n[[fault]]\n\
             function = \"aclmdlExecuteAsync\"\ndevice = {device}\nnth = 3\nhang = true"
        )
    };
    let limited = [
        "in",
        "--run-limit",
        "3s",
        "--overwrite",
        "--out",
        "two.jsonl",
    ];
    let both = [&limited[..], &["--devices", "0-1"]].concat();
    let output = job.command(&hang(1), &both).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(job.read("two.jsonl"), job.read("one.jsonl"));
    // Without another one the job ends, and says why.
    let output = job.command(&hang(0), &limited).output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("the device hangs"), "{said}");
    assert!(said.contains("limit of 3s"), "{said}");
    assert!(job.read("one.jsonl").starts_with(&job.read("two.jsonl")));
}
