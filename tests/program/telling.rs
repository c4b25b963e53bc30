//! What is told to people and to other programs, and what is never left untold.

use std::fs;
use std::path::PathBuf;

use ascend_rt::weights::{Checkpoint, DataType, NewTensor, SaveOptions};
use tempfile::TempDir;

use super::torch_zip::{self, dict, pickle, zip};
use super::weights::{floats, saved};
use super::{WEIGHTS, ascend, fails, path, succeeds, text};

/// A checkpoint with a tensor that is given and one that asks for too much memory.
fn half_refused(folder: &TempDir, name: &str) -> PathBuf {
    let object = dict(&[
        (name, torch_zip::tensor("0", 1, &[1 << 15; 3], &[0; 3])),
        ("w", torch_zip::tensor("0", 1, &[1], &[1])),
    ]);
    let archive = zip(&[
        ("net/data.pkl", &pickle(&object)),
        ("net/data/0", &torch_zip::floats(&[1.0])),
    ]);
    let path = folder.path().join("half.pth");
    fs::write(&path, archive).unwrap();
    path
}

#[test]
fn nothing_is_left_out_unless_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (file, to) = (half_refused(&folder, "huge"), folder.path().join("to.pth"));
    let arguments = ["convert", path(&file), path(&to)];
    fails(
        &arguments,
        8,
        &["\"huge\"", "nothing was written", "--skip-refused"],
    );
    assert!(!to.exists());
    let error = Checkpoint::open(&file).unwrap().save(&to).unwrap_err();
    assert!(
        error.to_string().contains("\"huge\" cannot be saved"),
        "{error}"
    );
    assert!(!to.exists());
    let output = ascend(&[&arguments[..], &["--skip-refused"]].concat());
    assert!(output.status.success());
    assert!(text(&output.stderr).contains("\"huge\" is left out"));
    assert_eq!(Checkpoint::open(&to).unwrap().len(), 1);
}

#[test]
fn what_a_form_cannot_keep_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let bytes = 1f32.to_le_bytes().to_vec();
    let tied = |name| NewTensor::new(name, DataType::F32, [1], &bytes);
    let options = SaveOptions::new().metadata("author", "someone");
    options
        .save([floats("w", &[1.0])], at("net.safetensors"))
        .unwrap();
    let output = ascend(&[
        "convert",
        path(&at("net.safetensors")),
        path(&at("net.pth")),
    ]);
    let told = text(&output.stderr);
    assert!(
        output.status.success() && told.contains("\"author\" is left out"),
        "{told}"
    );
    options
        .save([tied("a"), tied("b")], at("tied.pth"))
        .unwrap();
    let told = succeeds(&[
        "convert",
        path(&at("tied.pth")),
        path(&at("tied.safetensors")),
    ]);
    assert!(told.contains("1 tensor tied to others before"), "{told}");
}

/// Neither names in a file nor names of files reach a terminal as they are.
#[test]
fn a_terminal_is_sent_no_escapes() {
    let folder = tempfile::tempdir().unwrap();
    let name = "a\u{1b}[31m\u{9b}2J\u{202e}\r";
    let file = half_refused(&folder, name);
    let odd = folder.path().join(format!("{name}.pth"));
    fs::copy(&file, &odd).unwrap();
    let damaged = folder.path().join(format!("{name}.bin"));
    fs::write(&damaged, "<!DOCTYPE html>").unwrap();
    let call = dict(&[("w", format!("cos{name}\nsystem\n").into_bytes())]);
    let forbidden = folder.path().join("forbidden.pth");
    fs::write(&forbidden, zip(&[("net/data.pkl", &pickle(&call))])).unwrap();
    let to = folder.path().join(format!("to{name}.pth"));
    for arguments in [
        vec!["inspect", path(&odd)],
        vec!["inspect", path(&odd), "--tree", "--stats"],
        vec!["inspect", path(&damaged)],
        vec!["inspect", path(&forbidden)],
        vec!["diff", path(&odd), path(WEIGHTS.as_ref())],
        vec!["convert", path(&odd), path(&to)],
        vec!["convert", path(&odd), path(&to), "--skip-refused"],
    ] {
        let output = ascend(&arguments);
        for told in [text(&output.stdout), text(&output.stderr)] {
            let acts = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
            assert!(!told.contains(acts), "{arguments:?}: {told:?}");
        }
    }
}

/// A reader that goes away is no error, and one that cannot take it is told of; `diff` answers by
/// its exit code in any case.
#[cfg(target_os = "linux")]
#[test]
fn the_output_may_be_closed_or_full() {
    use std::process::{Command, Stdio};

    let (_folder, file) = saved("net.pth", vec![floats("w", &[1.0])]);
    let with = |arguments: &[&str], out: Stdio| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ascend"));
        let child = command
            .args(arguments)
            .stdout(out)
            .stderr(Stdio::piped())
            .spawn();
        child.unwrap()
    };
    for (arguments, code) in [
        (vec!["inspect", path(&file)], 0),
        (vec!["inspect", path(&file), "--json"], 0),
        (vec!["inspect", "missing.pth", "--json"], 9),
        (vec!["diff", path(&file), path(&file)], 0),
        (vec!["diff", path(&file), WEIGHTS], 1),
        (vec!["diff", path(&file), WEIGHTS, "--json"], 1),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = with(&arguments, writer.into()).wait_with_output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?} {}",
            text(&output.stderr)
        );
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = with(&arguments, full.into()).wait_with_output().unwrap();
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(9), "{arguments:?} {told}");
        assert!(
            told.contains("cannot write the output") || told.contains("missing.pth"),
            "{told}"
        );
    }
    fails(
        &["inspect", "missing.pth"],
        9,
        &[
            "error: missing.pth: cannot be read: No such file or directory (os error 2); check the name, and that its folder is there\n",
        ],
    );
}
