//! `ascend completions`: what shells make of it.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{fails, succeeds, text};

/// Whether there is this shell; CI has them all.
fn has(shell: &str) -> bool {
    let is_there = Command::new(shell).arg("--version").output().is_ok();
    if !is_there {
        println!("skipped: there is no {shell}");
    }
    is_there
}

/// What a shell prints that runs a script with the completions in a folder.
fn shell(shell: &str, script: &str, folder: &Path) -> String {
    let output = Command::new(shell)
        .args(["-c", script])
        .current_dir(folder)
        .env("HOME", folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "", "{script}");
    text(&output.stdout)
}

/// A folder with files, and the completions for a shell.
fn place(shell: &str, file: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["net.om", "net.onnx", "image.npy"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    fs::create_dir(folder.path().join("images")).unwrap();
    let script = succeeds(&["completions", shell]);
    fs::write(folder.path().join(file), script).unwrap();
    folder
}

#[test]
fn bash_completes() {
    if !has("bash") {
        return;
    }
    let folder = place("bash", "ascend.bash");
    let complete = |words: &str| {
        let script = format!(
            "source ./ascend.bash\n\
             COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))\n\
             complete -p ascend > /dev/null\n\
             compopt() {{ :; }}\n\
             _ascend ascend \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"\n\
             printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let told = shell("bash", &script, folder.path());
        let mut words: Vec<_> = told.lines().map(str::to_owned).collect();
        words.sort();
        words
    };
    assert_eq!(complete("ascend cl"), ["classify"]);
    assert_eq!(complete("ascend mock in"), ["install"]);
    let all = complete("ascend ''");
    for command in ["bench", "doctor", "explain", "man", "completions"] {
        assert!(all.iter().any(|word| word == command), "{all:?}");
    }
    assert_eq!(complete("ascend bench --warm"), ["--warmup-count"]);
    assert_eq!(complete("ascend bench --outfmt np"), ["npy", "npz"]);
    assert_eq!(complete("ascend --lang ''"), ["en", "zh"]);
    // a file for a model or an input
    assert_eq!(
        complete("ascend bench --model net.o"),
        ["net.om", "net.onnx"]
    );
    assert_eq!(complete("ascend bench --input im"), ["image.npy", "images"]);
    // what other tools call it does no harm before it
    assert_eq!(complete("ascend bench --dym_batch 2 --outfm"), ["--outfmt"]);
}

#[test]
fn zsh_and_fish_complete() {
    if has("zsh") {
        let folder = place("zsh", "_ascend");
        let script = "zsh -n ./_ascend && fpath=($PWD $fpath) && autoload -U compinit && \
                      compinit -u -d ./dump && print ${_comps[ascend]}";
        assert_eq!(shell("zsh", script, folder.path()), "_ascend\n");
    }
    if has("fish") {
        let folder = place("fish", "ascend.fish");
        let complete = |line: &str| {
            let script = format!("source ./ascend.fish; complete -C '{line}'");
            shell("fish", &script, folder.path())
        };
        assert!(complete("ascend cl").starts_with("classify\t"));
        assert!(complete("ascend bench --outfmt np").contains("npz"));
        assert!(complete("ascend bench --warm").starts_with("--warmup-count"));
        let folders = complete("ascend bench --output im");
        assert!(
            folders.starts_with("images/") && !folders.contains("npy"),
            "{folders}"
        );
    }
}

#[test]
fn other_shells_are_refused_by_name() {
    fails(
        &["completions", "tcsh"],
        2,
        &["tcsh", "bash", "fish", "zsh"],
    );
    fails(&["completions"], 2, &["<SHELL>"]);
}
