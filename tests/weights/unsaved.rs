//! What cannot be saved is told, leaves nothing behind, and replaces nothing.

use std::fs;

use ascend_rt::weights::{DataType, Form, NewTensor, SaveOptions};
use ascend_rt::{Error, ErrorKind};

use crate::save::{FORMS, floats, listed, tensor};

#[track_caller]
fn refused(error: &Error, kind: ErrorKind, words: &str) {
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(words), "{words:?}: {error}");
}

#[test]
fn tensors_that_do_not_fit_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let save = |name: &str, tensors: Vec<NewTensor<'_>>| {
        let saved = SaveOptions::new().save(tensors, folder.path().join(name));
        saved.unwrap_err()
    };
    let one = |dtype, shape: &[usize], len| vec![NewTensor::new("w", dtype, shape, vec![0; len])];
    for (file, _) in FORMS {
        let short = save(file, one(DataType::F32, &[3], 8));
        refused(&short, ErrorKind::Shape, "\"w\", F32, [3]");
        let endless = save(file, one(DataType::F32, &[usize::MAX, 2], 8));
        refused(&endless, ErrorKind::Shape, "\"w\"");
        let halved = save(file, one(DataType::F4, &[3], 2));
        refused(&halved, ErrorKind::Shape, "\"w\", F4");
        let twice = save(file, vec![floats("w", &[1.0]), floats("w", &[2.0])]);
        refused(
            &twice,
            ErrorKind::InvalidArgument,
            "two tensors have the name \"w\"",
        );
    }
    let odd = save("net.pth", one(DataType::F4, &[2, 3], 3));
    refused(&odd, ErrorKind::Unsupported, "\"w\" holds F4");
    let scaleless = save("net.pth", one(DataType::QI8, &[2], 2));
    refused(&scaleless, ErrorKind::Unsupported, "without a scale");
    let reserved = save("net.safetensors", vec![floats("__metadata__", &[])]);
    refused(&reserved, ErrorKind::InvalidArgument, "cannot be called");
    assert_eq!(listed(folder.path()), [""; 0]);
}

#[test]
fn places_that_cannot_be_written_are_told_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("there.pth"), "precious").unwrap();
    let save = |options: &SaveOptions, name: &str| {
        let saved = options.save([floats("w", &[1.0])], at(name));
        saved.unwrap_err()
    };
    let (plain, zip) = (SaveOptions::new(), SaveOptions::new().form(Form::TorchZip));
    let there = save(&plain, "there.pth");
    refused(&there, ErrorKind::Io, "there.pth: it exists already");
    let nowhere = save(&plain, "none/net.pth");
    refused(&nowhere, ErrorKind::Io, "make the folder first");
    let untold = save(&plain, "net.xyz");
    refused(
        &untold,
        ErrorKind::InvalidArgument,
        "the extension .safetensors, .pth",
    );
    let unwritten = save(&plain.clone().form(Form::TorchLegacy), "net.pth");
    refused(
        &unwritten,
        ErrorKind::InvalidArgument,
        "torch-legacy is not written",
    );
    refused(&save(&zip, "."), ErrorKind::Io, "exists already");
    let taken = save(&zip.overwrite(true), ".");
    refused(&taken, ErrorKind::Io, "a folder is no place for a file");

    assert_eq!(listed(folder.path()), ["there.pth"]);
    assert_eq!(fs::read(at("there.pth")).unwrap(), b"precious");
    let replaces = plain.overwrite(true);
    let saved = replaces
        .save([floats("w", &[1.0])], at("there.pth"))
        .unwrap();
    assert_eq!(saved.bytes, fs::metadata(at("there.pth")).unwrap().len());
    assert_eq!(listed(folder.path()), ["there.pth"]);
}

/// What was private stays so, and a new file is as open as any other.
#[cfg(unix)]
#[test]
fn a_file_that_is_replaced_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let (there, plain) = (folder.path().join("net.pth"), folder.path().join("plain"));
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode();
    let save = || {
        let options = SaveOptions::new().overwrite(true);
        options.save([floats("w", &[1.0])], &there).unwrap();
    };
    save();
    fs::write(&plain, "").unwrap();
    assert_eq!(mode(&there), mode(&plain));
    for private in [0o600, 0o400] {
        fs::set_permissions(&there, fs::Permissions::from_mode(private)).unwrap();
        save();
        assert_eq!(mode(&there) & 0o777, private);
    }
}

/// A disk that is full says so, and what was begun goes away.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    use std::process::Command;

    let folder = tempfile::tempdir().unwrap();
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
        .arg(folder.path())
        .output();
    if !mount.is_ok_and(|mount| mount.status.success()) {
        println!("skipped: a small disk cannot be mounted here");
        return;
    }
    let mut failures = Vec::new();
    for (file, _) in FORMS {
        let large = tensor("w", DataType::F32, &[1 << 16]);
        failures.push(SaveOptions::new().save([large], folder.path().join(file)));
    }
    let left = listed(folder.path());
    let unmount = Command::new("umount").arg(folder.path()).status();
    assert!(unmount.is_ok_and(|status| status.success()));
    for failure in failures {
        refused(&failure.unwrap_err(), ErrorKind::Io, "free some space");
    }
    assert_eq!(left, [""; 0]);
}
