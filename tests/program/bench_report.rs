//! What `ascend bench` reports, how it ends, and several devices.

use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::bench::{Made, names};
use super::{ascend, ascend_with, fails, path, succeeds, text};

#[test]
fn several_devices_run_all_files_or_share_them() {
    let made = Made::new();
    let (om, out) = (made.double(Some(1), &[]), made.at("out"));
    let rows = made.rows("row", 6);
    let bench = |more: &[&str]| {
        let _ = fs::remove_dir_all(&out);
        let line = [
            "bench",
            path(&om),
            "-i",
            path(&rows),
            "-o",
            path(&out),
            "-od",
            "d",
            "--device",
            "mock:0-2",
        ];
        let output = ascend_with("devices = 3", &[&line[..], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let said = bench(&[]);
    for device in 0..3 {
        assert_eq!(names(&out.join(format!("d/device{device}"))).len(), 6);
        assert!(
            said.contains(&format!("[INFO] i:{device} device_{device} throughput:")),
            "{said}"
        );
    }
    let figure = |line: &str| line.rsplit(':').next().unwrap().parse::<f64>().unwrap();
    let throughputs = said
        .lines()
        .filter(|line| line.contains("] throughput 1000*"));
    let sum: f64 = throughputs
        .map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap())
        .sum();
    let total = said
        .lines()
        .find(|line| line.contains("summary throughput:"))
        .map(figure)
        .unwrap();
    assert!((sum / total - 1.0).abs() < 1e-9, "{said}");
    let said = bench(&["--divide_input", "1", "--threads", "2", "--pipeline"]);
    assert_eq!(names(&out.join("d")).len(), 6, "{said}");
    assert!(said.contains("6 runs of"), "{said}");
    fails(
        &["bench", path(&om), "--device", "0,9"],
        4,
        &["no device 9"],
    );
}

#[test]
fn the_report_has_every_form() {
    let made = Made::new();
    let om = made.double(Some(2), &[]);
    let [csv, json, html] = ["r.csv", "r.json", "r.html"].map(|name| made.at(name));
    let said = succeeds(&[
        "bench",
        path(&om),
        "--loop",
        "30",
        "--threads",
        "2",
        "--csv",
        path(&csv),
        "--json",
        path(&json),
        "--html",
        path(&html),
    ]);
    for part in [
        "compute ",
        "end to end ",
        "p95",
        "jitter",
        "throughput, compute:",
        "throughput, end to end:",
        "at peak",
    ] {
        assert!(said.contains(part), "{part:?} is missing in: {said}");
    }
    let table = fs::read_to_string(&csv).unwrap();
    let lines: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split(',').collect())
        .collect();
    assert_eq!(lines.len(), 31);
    assert_eq!(lines[0][6], "compute_ms");
    assert!(lines.iter().all(|line| line.len() == lines[0].len()));
    let runs: Vec<usize> = lines[1..]
        .iter()
        .map(|line| line[2].parse().unwrap())
        .collect();
    assert_eq!(runs, (0..30).collect::<Vec<_>>());
    for line in &lines[1..] {
        let times: Vec<f64> = line[4..11]
            .iter()
            .map(|time| time.parse().unwrap())
            .collect();
        assert!(
            (times[..6].iter().sum::<f64>() - times[6]).abs() < 1e-4,
            "{line:?}"
        );
    }
    let report: Value = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    assert_eq!(report["stages_ms"]["compute"]["count"], 30);
    assert_eq!(report["devices"][0]["warm_up"]["count"], 2);
    assert_eq!(report["is_cpu_device"], true);
    let memory = &report["devices"][0]["memory_bytes"];
    let [before, loaded, peak] =
        ["before", "loaded", "peak"].map(|key| memory[key].as_u64().unwrap());
    assert!(before < loaded && loaded <= peak, "{memory}");
    let page = fs::read_to_string(&html).unwrap();
    assert!(
        page.starts_with("<!DOCTYPE html>")
            && page.contains("\"stages\"")
            && !page.contains("http://localhost")
    );
    let output = ascend(&["bench", path(&om), "--json", "-"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["devices"][0]["runs"], 1);
    fails(
        &["bench", path(&om), "--csv", "/nonexistent/r.csv"],
        9,
        &["/nonexistent/r.csv", "make the folder"],
    );
}

#[test]
fn places_of_the_report_are_tried_before_the_runs() {
    let made = Made::new();
    let (om, out, pipe) = (made.double(Some(1), &[]), made.at("out"), made.at("pipe"));
    let is_made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(is_made.success());
    for option in ["--csv", "--json", "--html"] {
        let line = ["bench", path(&om), "-o", path(&out), "-od", "d"];
        fails(
            &[&line[..], &[option, path(&pipe)]].concat(),
            9,
            &["pipe is no regular file", "- for stdout"],
        );
        assert!(names(&out.join("d")).is_empty(), "nothing was run");
        let there = fs::symlink_metadata(&pipe).unwrap().file_type();
        assert!(there.is_fifo(), "{option}");
    }
    // In the folder of the outputs there is a place.
    let csv = out.join("d").join("r.csv");
    let report = ["--csv", path(&csv)];
    let line = ["bench", path(&om), "-o", path(&out), "-od", "d"];
    succeeds(&[&line[..], &report].concat());
    assert!(csv.is_file());
    // Outputs are replaced in a folder of that name, as by ais_bench; a report only if that is meant.
    succeeds(&line);
    fs::write(&csv, "mine").unwrap();
    let again = [&line[..], &report].concat();
    fails(&again, 9, &["r.csv exists already", "--overwrite"]);
    assert_eq!(fs::read_to_string(&csv).unwrap(), "mine");
    succeeds(&[&again[..], &["--overwrite"]].concat());
    assert_ne!(fs::read_to_string(&csv).unwrap(), "mine");
}

#[test]
fn results_of_an_earlier_run_stay() {
    let made = Made::new();
    let (om, out) = (made.double(Some(1), &[]), made.at("out"));
    for (format, file) in [("npy", "y.npy"), ("npz", "pure_infer_data.npz")] {
        let line = ["run", path(&om), "--output", path(&out), "--outfmt", format];
        succeeds(&line);
        fs::write(out.join(file), "mine").unwrap();
        let said = format!("{file} exists already");
        fails(&line, 9, &[&said, "--overwrite"]);
        assert_eq!(fs::read_to_string(out.join(file)).unwrap(), "mine");
        succeeds(&[&line[..], &["--overwrite"]].concat());
        assert_ne!(fs::read(out.join(file)).unwrap(), b"mine");
    }
}

#[test]
fn words_for_people_keep_out_of_the_json() {
    let made = Made::new();
    let om = made.double(Some(1), &[]);
    let output = ascend(&["bench", path(&om), "--debug", "--json", "-"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["devices"][0]["runs"], 1);
    let said = text(&output.stderr);
    assert!(
        said.contains("[DEBUG] inputs:") && said.contains("[DEBUG] aclExec cost"),
        "{said}"
    );
    // Nobody may read them.
    let csv = made.at("r.csv");
    let line = [
        "bench",
        "--device",
        "mock",
        path(&om),
        "--debug",
        "--loop",
        "20",
        "--csv",
        path(&csv),
    ];
    let mut child = Command::new(env!("CARGO_BIN_EXE_ascend"))
        .args(line)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    child.wait().unwrap();
    assert_eq!(fs::read_to_string(&csv).unwrap().lines().count(), 21);
}

#[test]
fn ctrl_c_leaves_whole_files_and_a_summary() {
    let made = Made::new();
    let (om, out) = (made.double(Some(1), &[]), made.at("out"));
    let rows = made.rows("row", 250);
    let child = Command::new(env!("CARGO_BIN_EXE_ascend"))
        .env("ASCEND_MOCK_CONFIG", "[time]\nexecution = \"20ms\"")
        .args([
            "bench",
            "--device",
            "mock",
            path(&om),
            "-i",
            path(&rows),
            "-o",
            path(&out),
            "-od",
            "d",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let folder = out.join("d");
    let patience = Instant::now() + Duration::from_mins(2);
    while !folder.is_dir() || names(&folder).len() < 3 {
        assert!(Instant::now() < patience, "no output was written");
        sleep(Duration::from_millis(5));
    }
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(kill.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("note: stopped"));
    assert!(text(&output.stdout).contains("runs until it was stopped"));
    let written = names(&folder);
    assert!(written.len() < 250);
    for name in &written {
        assert_eq!(fs::metadata(folder.join(name)).unwrap().len(), 16, "{name}");
    }
    let summary: Value =
        serde_json::from_slice(&fs::read(out.join("d_summary.json")).unwrap()).unwrap();
    assert_eq!(summary["ascend"]["interrupted"], true);
    assert_eq!(
        summary["filesinfo"].as_object().unwrap().len(),
        written.len()
    );
}

#[test]
fn tools_of_cann_are_called_or_refused() {
    let made = Made::new();
    let (om, out) = (made.double(Some(1), &[]), made.at("out"));
    fails(
        &["bench", path(&om), "--energy_consumption", "True"],
        8,
        &["npu-smi, which is not on the PATH"],
    );
    fails(
        &["bench", path(&om), "--profiler", "1"],
        6,
        &["give --output"],
    );
    let tools = made.at("tools");
    fs::create_dir(&tools).unwrap();
    let bench = |path_variable: &str| {
        Command::new(env!("CARGO_BIN_EXE_ascend"))
            .env("PATH", path_variable)
            .args([
                "bench",
                "--device",
                "mock",
                "--profiler=1",
                path(&om),
                "--output",
                path(&out),
                "-od",
                "d",
            ])
            .output()
            .unwrap()
    };
    let output = bench(path(&tools));
    assert_eq!(output.status.code(), Some(8));
    assert!(text(&output.stderr).contains("set_env.sh"));
    let stand_in = tools.join("msprof");
    fs::write(
        &stand_in,
        "#!/bin/sh\necho \"profiling $1\"\neval \"${2#--application=}\"\n",
    )
    .unwrap();
    fs::set_permissions(&stand_in, fs::Permissions::from_mode(0o755)).unwrap();
    let output = bench(&format!("{}:/usr/bin:/bin", path(&tools)));
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(
        said.contains(&format!("profiling --output={}/profiler", path(&out))),
        "{said}"
    );
    assert!(
        said.contains("NPU_compute_time") && out.join("d_summary.json").is_file(),
        "{said}"
    );
}

#[test]
fn a_measurement_may_take_a_time() {
    let made = Made::new();
    let (om, rows) = (made.double(Some(1), &[]), made.rows("row", 2));
    let line = ["bench", path(&om), "-i", path(&rows), "--duration", "1s"];
    let said = succeeds(&[&line[..], &["--json", "-"]].concat());
    let report: Value = serde_json::from_str(&said).unwrap();
    // The two files, over and over.
    let runs = report["devices"][0]["runs"].as_u64().unwrap();
    assert!(runs > 2, "{runs}");
    fails(&[&line[..], &["--loop", "3"]].concat(), 2, &["--loop"]);
}

#[test]
fn a_run_that_exceeds_its_limit_ends_the_measurement() {
    let made = Made::new();
    let om = made.double(Some(1), &[]);
    let hang = "[[fault]]\nfunction = \"aclmdlExecuteAsync\"\nnth = 5\nhang = true";
    let line = ["bench", path(&om), "--loop", "20", "--run-limit"];
    let run = |limit| ascend_with(hang, &[&line[..], &[limit, "--threads", "2"]].concat());
    let output = run("300ms");
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("limit of 300ms"), "{said}");
    assert_eq!(run("0s").status.code(), Some(2));
}
