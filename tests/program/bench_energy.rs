//! `ascend bench --energy-consumption`, with a stand-in for `npu-smi`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use serde_json::Value;

use super::bench::Made;
use super::{command, path, text};

/// It knows the NPUs 4 and 5, which take 40 W and 60 W.
const STAND_IN: &str = r#"#!/bin/sh
[ "$1 $2 $3 $4" = "info -t power -i" ] || exit 2
echo run >> "$NOTED"
case $5 in
    4) watts=40.0 ;;
    5) watts=60.0 ;;
    6) echo "no such thing as power"; exit 0 ;;
    7) exec sleep 60 ;;
    *) echo "Error parameter of -i"; exit 1 ;;
esac
printf '\tNPU ID                         : %s\n\tChip Count                     : 1\n\n' "$5"
printf '\tPower Dissipation(W)           : %s\n' "$watts"
"#;

/// `ascend bench net.om` with these words, and how often the stand-in was asked.
fn bench(made: &Made, more: &[&str]) -> (Output, usize) {
    let (om, tool, noted) = (
        made.double(Some(1), &[]),
        made.at("bin/npu-smi"),
        made.at("noted"),
    );
    fs::create_dir_all(made.at("bin")).unwrap();
    fs::write(&tool, STAND_IN).unwrap();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(&noted, "").unwrap();
    let output = command("")
        .args(["bench", path(&om)])
        .args(more)
        .env(
            "PATH",
            format!("{}:/usr/bin:/bin", made.at("bin").display()),
        )
        .env("NOTED", &noted)
        .output()
        .unwrap();
    let asked = fs::read_to_string(&noted).unwrap().lines().count();
    (output, asked)
}

#[test]
fn the_energy_of_the_runs_is_told() {
    let made = Made::new();
    let (json, html) = (made.at("r.json"), made.at("r.html"));
    let reports = ["--json", path(&json), "--html", path(&html)];
    let line = [
        "--duration",
        "1s",
        "--energy_consumption",
        "1",
        "--npu_id",
        "4,5",
    ];
    let (output, asked) = bench(&made, &[&line[..], &reports].concat());
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    let report: Value = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    let seconds = report["throughput"]["wall_seconds"].as_f64().unwrap();
    let energy = report["energy"].as_array().unwrap();
    for (energy, (npu, watts)) in energy.iter().zip([(4, 40.0), (5, 60.0)]) {
        assert_eq!(energy["npu_id"], npu);
        let mean = energy["mean_watts"].as_f64().unwrap();
        assert!((mean - watts).abs() < 1e-6, "{mean}");
        let joules = energy["joules"].as_f64().unwrap();
        assert!(
            (joules - watts * seconds).abs() < 1e-6,
            "{joules} in {seconds} s"
        );
        // as ais_bench prints it
        let line = format!("[INFO] NPU ID:{npu} energy consumption(J):{joules}\n");
        assert!(said.contains(&line), "{said}");
    }
    assert_eq!(energy.len(), 2);
    // once each before, and again and again meanwhile
    assert!(asked >= 6, "{asked}");
    let readings: u64 = energy
        .iter()
        .map(|one| one["readings"].as_u64().unwrap())
        .sum();
    assert_eq!(readings + 2, asked as u64);
    assert!(said.contains("at 60.0 W on average"), "{said}");
    assert!(fs::read_to_string(&html).unwrap().contains("\"joules\""));
}

#[test]
fn a_run_may_be_shorter_than_a_reading() {
    let made = Made::new();
    let (output, asked) = bench(&made, &["-ec", "1", "--npu-id", "4"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("NPU ID:4 energy consumption(J):"));
    assert!(asked >= 2);
}

#[test]
fn what_npu_smi_does_not_tell_is_no_energy() {
    let made = Made::new();
    for (npu, code, part) in [
        ("9", 6, "npu-smi info -m tells the NPU IDs"),
        ("6", 8, "begins with no such thing as power"),
        ("x", 2, "invalid value 'x'"),
    ] {
        let (output, _) = bench(&made, &["--energy-consumption", "--npu-id", npu]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{npu}: {said}");
        assert!(said.contains(part), "{npu}: {said}");
    }
    // nothing is asked where nothing is to be told
    let (output, asked) = bench(&made, &["--npu-id", "4", "--energy_consumption", "0"]);
    assert!(output.status.success() && asked == 0);
    let note = "note: --npu-id says whose energy to tell, and does nothing without";
    assert!(text(&output.stderr).contains(note));
    let sweep = [
        "--energy-consumption",
        "--dymShape_range",
        "x:1,4",
        "--npu-id=4",
    ];
    let (output, _) = bench(&made, &sweep);
    assert_eq!(output.status.code(), Some(6), "{}", text(&output.stderr));
}

#[test]
fn an_npu_smi_that_hangs_is_ended() {
    let made = Made::new();
    let (output, _) = bench(&made, &["--energy-consumption", "--npu-id", "7"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(8), "{said}");
    assert!(said.contains("took longer than 10 s"), "{said}");
}
