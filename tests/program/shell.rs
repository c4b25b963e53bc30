//! A shell in which the program is found.

use std::path::Path;
use std::process::Command;

use super::command;

/// A script for `sh`, with the environment that the program has in tests.
pub(super) fn shell(script: &str) -> Command {
    let ours = command("");
    let folder = Path::new(ours.get_program()).parent().unwrap();
    let mut shell = Command::new("sh");
    for (name, value) in ours.get_envs() {
        shell.env(name, value.unwrap());
    }
    shell.env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
    shell.args(["-euc", script]);
    shell
}
