//! `ascend completions`.

use std::io::{self, Write};

use anyhow::Result;
use clap_complete::{Shell, generate};

use super::Example;

pub(crate) const EXAMPLES: &[Example] = &[
    Example::new(
        "for bash, from the next shell on",
        "ascend completions bash > ~/.local/share/bash-completion/completions/ascend",
    ),
    Example::new(
        "for zsh, in a folder of its fpath",
        "ascend completions zsh > ~/.zfunc/_ascend",
    ),
    Example::new(
        "for fish",
        "ascend completions fish > ~/.config/fish/completions/ascend.fish",
    ),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let mut script = Vec::new();
    generate(args.shell, &mut super::command(), "ascend", &mut script);
    io::stdout().write_all(&script)?;
    Ok(())
}
