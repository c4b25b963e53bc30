//! `ascend convert` for chips: what goes wrong, and what is refused before it can.

use std::fs;

use super::stand_in::Place;
use super::text;

#[test]
fn each_failure_is_told_in_a_sentence() {
    let place = Place::new();
    let cases: [(&str, i32, &[&str]); 20] = [
        (
            "option",
            6,
            &[
                "E10001: Value [Ascend310P9]",
                "what to do",
                "Check soc failed.",
            ],
        ),
        ("parser", 8, &["E16002", "nodes: relu", "opset"]),
        ("model", 7, &["E10041", "external data"]),
        ("file", 9, &["E13001", "list.json"]),
        ("compile", 10, &["E20001", "nodes: relu (Relu)"]),
        (
            "unsupported",
            8,
            &["EZ3002", "relu (Relu)", "not in the list"],
        ),
        (
            "internal",
            70,
            &[
                "E19999",
                "Pass FoldPass run failed, node [relu].",
                "nodes: relu",
            ],
        ),
        ("older", 6, &["E10016", "inptu"]),
        ("syntax", 6, &["unknown command line flag 'new_option'"]),
        ("python", 3, &["Python modules decorator"]),
        ("killed", 5, &["memory ran out", "TE_PARALLEL_COMPILER=1"]),
        ("killed_below", 5, &["memory ran out"]),
        ("crash", 70, &["crashed with signal 11"]),
        ("crash_below", 70, &["crashed with signal 11"]),
        ("silent", 70, &["exit code 255"]),
        ("empty", 70, &["left no .om"]),
        ("no_word", 70, &["without a word of success"]),
        ("compile", 10, &["net.onnx for Ascend310P3, CANN 8.0.RC1: "]),
        ("parser", 8, &["net.atc.log"]),
        ("silent", 70, &["net.atc.log"]),
    ];
    for (scenario, code, parts) in cases {
        place.fails(scenario, &[], code, parts);
        let log = fs::read_to_string(place.at("net.atc.log")).unwrap();
        assert!(log.contains("ATC start working now"), "{scenario}: {log}");
    }
    let mut command = place.command("python", &[]);
    let output = command.env("PYTHON_LACKS", "sympy").output().unwrap();
    assert!(text(&output.stderr).contains("python3 lacks sympy"));
}

#[test]
fn what_hangs_ends_with_all_its_processes() {
    let place = Place::new();
    place.fails(
        "hang",
        &["--timeout", "1s"],
        10,
        &["not done after 1 s", "--timeout"],
    );
    assert_eq!(place.noted("processes").lines().count(), 3);
    assert!(place.alive().is_empty());
}

#[test]
fn nothing_outlives_the_program() {
    let place = Place::new();
    let mut child = place.command("hang", &[]).spawn().unwrap();
    Place::waits(|| place.at("noted/ready").exists());
    assert_eq!(place.alive().len(), 3);
    child.kill().unwrap();
    child.wait().unwrap();
    Place::waits(|| place.alive().is_empty());
    Place::waits(|| place.temporary() == 0);
}

#[test]
fn what_atc_would_refuse_does_not_start_it() {
    let place = Place::new();
    let gears = "--input-shape=input:-1,3,8,8";
    let picture = "aipp_op { aipp_mode: static input_format: RGB888_U8 crop: true }";
    fs::write(place.at("aipp.cfg"), picture).unwrap();
    let cases: [(&[&str], i32, &[&str]); 24] = [
        (&["--soc=Ascend910B"], 6, &["Ascend910B1", "npu-smi"]),
        (&["--soc=310P3"], 6, &["like it: Ascend310P3"]),
        (
            &["--op-select-implmode=high_preformance"],
            2,
            &["did you mean high_performance"],
        ),
        (&["--atc-arg=--auto_tune_mode=RL,GA"], 6, &["E10001", "aoe"]),
        (&["--atc-arg=--mode=1"], 6, &["other work"]),
        (
            &["--atc-arg=--soc_version=Ascend310"],
            6,
            &["--soc says that"],
        ),
        (&["--atc-arg=nonsense"], 6, &["--name=value"]),
        (&["--atc-arg=--log=info", "--log=error"], 6, &["twice"]),
        (&["--atc-arg=--precision_mode=fp17"], 6, &["E10001"]),
        (
            &["--precision-mode=force_fp16", "--precision-mode-v2=fp16"],
            6,
            &["E10056"],
        ),
        (&["--modify-mixlist=net.onnx"], 6, &["mixed", "E10001"]),
        (
            &["--optypelist-for-implmode=Gelu"],
            6,
            &["--op-select-implmode", "E10001"],
        ),
        (
            &[
                "--atc-arg=--enable_compress_weight=true",
                "--atc-arg=--compress_weight_conf=net.onnx",
            ],
            6,
            &["E10047"],
        ),
        (&["--dynamic-batch-size=1,2"], 6, &["E10004"]),
        (
            &["--dynamic-batch-size=1,2", "--input-shape=input:1~2,3,8,8"],
            6,
            &["E10040"],
        ),
        (
            &["--dynamic-batch-size=1,2", "--input-shape=input:1,3,8,8"],
            6,
            &["E10012"],
        ),
        (
            &["--dynamic-batch-size=1,2", "--input-shape=input:1,3,-1,8"],
            6,
            &["E10018"],
        ),
        (&["--dynamic-image-size=8,8;16,16", gears], 6, &["E10019"]),
        (&["--dynamic-dims=1,2;3,4", gears], 6, &["E10045"]),
        (
            &["--dynamic-dims=1;2", gears, "--insert-op-conf=aipp.cfg"],
            6,
            &["E10001"],
        ),
        (
            &[
                "--dynamic-image-size=8,8;16,16",
                "--input-shape=input:1,3,-1,-1",
                "--insert-op-conf=aipp.cfg",
            ],
            6,
            &["E10052"],
        ),
        (&["--input-shape=inptu:1,3,8,8"], 6, &["E10016", "input"]),
        (&["--input-shape=input:1,3,8"], 6, &["E10049"]),
        (&["--keep-dtype=missing"], 9, &["missing"]),
    ];
    for (more, code, parts) in cases {
        place.fails("success", more, code, parts);
    }
    let ranged = [
        "--input-shape-range=input:[1~2,3,8,8]",
        "--dynamic-batch-size=1,2",
        gears,
    ];
    place.fails("success", &ranged, 6, &["E10009"]);
    assert!(!place.at("noted/runs").exists());
}

#[test]
fn what_cannot_begin_is_told() {
    let place = Place::new();
    place.fails(
        "success",
        &["--toolkit", "none"],
        3,
        &["no atc is installed in none"],
    );
    let mut command = place.command("success", &["--soc", "auto"]);
    command.env("ASCEND_TOOLKIT_HOME", "none");
    let output = command.output().unwrap();
    let message = text(&output.stderr);
    // on a machine with an NPU it is found
    if !output.status.success() {
        assert!(
            message.contains("--soc") && message.contains("npu-smi"),
            "{message}"
        );
    }
    // a script that fails is told, and does without
    fs::write(place.at("set_env.sh"), "exit 1\n").unwrap();
    let output = place.convert("success", &[]);
    let told = text(&output.stderr);
    assert!(
        output.status.success() && told.contains("set_env.sh could not be sourced"),
        "{told}"
    );
    assert!(text(&output.stdout).contains("the usual variables"));
    fs::remove_file(place.at("net.om")).unwrap();
    // where the result cannot go, nothing starts
    let runs = place.noted("runs");
    fs::create_dir(place.at("net.om")).unwrap();
    let output = place.convert("success", &["--no-cache"]);
    assert_eq!(output.status.code(), Some(9));
    assert!(text(&output.stderr).contains("a folder is no place"));
    assert_eq!(place.noted("runs"), runs);
}

#[test]
fn the_folder_is_kept_when_that_is_asked_for() {
    let place = Place::new();
    let output = place.convert("compile", &["--keep-temp"]);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(10), "{message}");
    let log = message.rsplit("the log is ").next().unwrap().trim();
    assert!(
        fs::read_to_string(log).unwrap().contains("E20001"),
        "{message}"
    );
    assert!(!place.at("net.atc.log").exists());
}
