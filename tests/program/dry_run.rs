//! `ascend convert --dry-run`: a script that does what is not run.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::stand_in::Place;
use super::{WEIGHTS, path, succeeds, text};

#[test]
fn the_command_is_shown_and_not_run() {
    let place = Place::new();
    let aipp =
        "aipp_op { aipp_mode: static input_format: RGB888_U8 related_input_name: \"input\" }";
    fs::write(place.at("aipp.cfg"), aipp).unwrap();
    let shape = [
        "--input-shape",
        "input:1,3,8,8",
        "--insert-op-conf",
        "aipp.cfg",
    ];
    let said = place.converts("success", &[&shape[..], &["--dry-run"]].concat());
    assert!(!place.at("noted/runs").exists() && !place.at("net.om").exists());
    assert!(
        said.contains("FROM_THE_SCRIPT='two words'") && said.contains("# precision:"),
        "{said}"
    );
    // what it says is what a shell can run
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", &said])
        .current_dir(place.folder.path())
        .env("TMPDIR", place.at("temp"));
    shell
        .env("STAND_IN", place.at("noted"))
        .env("SCENARIO", "success");
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(place.at("net.om").exists());
    assert!(
        place
            .noted("aipp.cfg")
            .contains("related_input_name: \"input\"")
    );
    fs::remove_dir_all(place.at("temp")).unwrap();
    fs::create_dir(place.at("temp")).unwrap();
    // and the same as what is run
    let words = |text: String| {
        let of_place = ["--model", "--output", "--insert_op_conf"];
        let lines = text.lines().map(str::to_owned);
        lines
            .filter(|line| !of_place.iter().any(|word| line.starts_with(word)))
            .collect::<Vec<_>>()
    };
    let shown = words(place.noted("arguments"));
    place.converts("success", &shape);
    assert_eq!(words(place.noted("arguments")), shown);
}

/// What is shown makes the ONNX file as the real run does, and puts nothing beside other files.
#[test]
fn the_command_makes_what_atc_reads() {
    let place = Place::new();
    let odd = place.at("a folder");
    fs::create_dir(&odd).unwrap();
    fs::copy(place.at("net.onnx"), odd.join("my net.onnx")).unwrap();
    let split = odd.join("split.onnx");
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join(WEIGHTS);
    succeeds(&[
        "convert",
        path(&weights),
        path(&split),
        "--image-size=64",
        "--batch=1",
        "--external-data",
    ]);
    let from_weights = ["--batch", "1,2", "--image-size", "64", "--opset", "13"];
    let (odd_source, weights, split) = (odd.join("my net.onnx"), path(&weights), path(&split));
    for (source, more, part) in [
        (path(&odd_source), &[][..], "cp -- "),
        (weights, &from_weights, "--image-size=64 --opset=13 &&"),
        (
            weights,
            &["--batch=1", "--simplify"],
            "--batch=1 --simplify &&",
        ),
        (split, &["--external-weight=1"], "--external-data &&"),
    ] {
        let to = odd.join("my result.om");
        let convert = |more: &[&str]| {
            let mut command = place.command_from(source, path(&to), "success", more);
            let output = command.output().unwrap();
            assert!(output.status.success(), "{}", text(&output.stderr));
            let read = fs::read(place.at("noted/model.onnx")).unwrap_or_default();
            (text(&output.stdout), read)
        };
        let (said, _) = convert(&[more, &["--dry-run"]].concat());
        assert!(said.contains(part), "{said}");
        let files = fs::read_dir(&odd).unwrap().count();
        let program = Path::new(env!("CARGO_BIN_EXE_ascend")).parent().unwrap();
        let output = Command::new("/bin/sh")
            .args(["-c", &said])
            .current_dir(place.folder.path())
            .env("PATH", format!("{}:/usr/bin:/bin", program.display()))
            .env("TMPDIR", place.at("temp"))
            .env("STAND_IN", place.at("noted"))
            .env("SCENARIO", "success")
            .output()
            .unwrap();
        assert!(output.status.success(), "{said}\n{}", text(&output.stderr));
        assert!(to.exists());
        assert_eq!(place.temporary(), 0);
        assert_eq!(fs::read_dir(&odd).unwrap().count(), files + 1);
        let shown = fs::read(place.at("noted/model.onnx")).unwrap();
        fs::remove_file(&to).unwrap();
        let (_, read) = convert(&[more, &["--no-cache"]].concat());
        // with data beside, the file that was shown has it beside too
        assert!(shown == read || source == split, "{source}");
        fs::remove_file(&to).unwrap();
    }
}

/// Names come from a file; a terminal is to show them, not to obey them.
#[test]
fn comments_do_not_act_on_a_terminal() {
    let place = Place::new();
    let name = "a\u{1b}[31mb.onnx";
    fs::copy(place.at("net.onnx"), place.at(name)).unwrap();
    let output = place
        .command_from(name, "net.om", "success", &["--dry-run"])
        .output();
    let said = text(&output.unwrap().stdout);
    let comments: Vec<_> = said
        .lines()
        .take_while(|line| line.starts_with('#'))
        .collect();
    assert!(comments[0].contains(r"a\u{1b}[31mb.onnx"), "{said:?}");
    let commands = said.lines().skip(comments.len());
    assert!(
        commands.into_iter().any(|line| line.contains(name)),
        "what runs stays as it is"
    );
}
