//! `ascend mock`: the CPU device as a `libascendcl.so` for programs in any language.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueHint};

use crate::help::Example;

/// The folder that building the package `ascend-mock-so` leaves beside the program.
const BUILT: &str = "ascend-cpu";
const BUILD: &str = "cargo build --release -p ascend-mock-so";
const LIBRARY: &str = "libascendcl.so";

pub(crate) const INSTALL_EXAMPLES: &[Example] = &[Example::new(
    "beside other software, for programs in any language",
    "ascend mock install cpu-device --from ascend-cpu",
)];

pub(crate) const ENV_EXAMPLES: &[Example] = &[Example::new(
    "for programs that this shell starts",
    "eval \"$(ascend mock env cpu)\"",
)];

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Put the libraries, the C headers and a `set_env.sh` into a folder
    Install(Install),
    /// Print the shell commands that make programs start on an installed CPU device
    Env(Env),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Install {
    /// Where to; made if it is not there
    #[arg(value_hint = ValueHint::DirPath)]
    folder: PathBuf,
    /// The folder to take the libraries from; default: the one beside this program
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    from: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Env {
    /// Where it was installed; default: the folder beside this program
    #[arg(value_hint = ValueHint::DirPath)]
    folder: Option<PathBuf>,
}

pub(crate) fn run(command: &Command) -> Result<()> {
    match command {
        Command::Install(args) => install(args),
        Command::Env(args) => env(args),
    }
}

fn install(args: &Install) -> Result<()> {
    let source = match &args.from {
        Some(folder) => folder.clone(),
        None => beside_program()?,
    };
    require_library(&source)?;
    if source.canonicalize().ok() == args.folder.canonicalize().ok() {
        bail!(
            "{} is where the libraries are taken from; name another folder",
            args.folder.display()
        );
    }
    let libraries = args.folder.join("lib64");
    let mut names = 0;
    for (name, target) in entries(&source.join("lib64"), &libraries)? {
        remove(&target)?;
        let copied = if name.ends_with(LIBRARY) {
            fs::copy(&name, &target).map(drop)
        } else {
            symlink(LIBRARY, &target)
        };
        copied.with_context(|| format!("cannot write {}", target.display()))?;
        names += 1;
    }
    for part in ["include", "share"] {
        copy_tree(&source.join(part), &args.folder.join(part))?;
    }
    let script = args.folder.join("set_env.sh");
    let folder = args.folder.canonicalize()?;
    fs::write(&script, commands(&folder))
        .with_context(|| format!("cannot write {}", script.display()))?;
    let mut out = io::stdout().lock();
    writeln!(out, "{names} libraries in {}", libraries.display())?;
    writeln!(out, "to use it: source {}", script.display())?;
    Ok(())
}

fn env(args: &Env) -> Result<()> {
    let folder = match &args.folder {
        Some(folder) => folder.clone(),
        None => beside_program()?,
    };
    require_library(&folder)?;
    let folder = folder.canonicalize()?;
    io::stdout().write_all(commands(&folder).as_bytes())?;
    Ok(())
}

/// What a shell has to run.
fn commands(folder: &Path) -> String {
    let folder = folder.display().to_string().replace('\'', r"'\''");
    format!(
        "export ASCEND_TOOLKIT_HOME='{folder}'\n\
         export ASCEND_HOME_PATH='{folder}'\n\
         export LD_LIBRARY_PATH='{folder}/lib64'\"${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}\"\n\
         export LIBRARY_PATH='{folder}/lib64'\"${{LIBRARY_PATH:+:$LIBRARY_PATH}}\"\n\
         export CPATH='{folder}/include'\"${{CPATH:+:$CPATH}}\"\n"
    )
}

fn beside_program() -> Result<PathBuf> {
    let program = env::current_exe().context("cannot tell where this program lies")?;
    Ok(program.with_file_name(BUILT))
}

fn require_library(folder: &Path) -> Result<()> {
    let library = folder.join("lib64").join(LIBRARY);
    // A link to what is not built yet does not exist.
    if !library.exists() {
        bail!(
            "{} is not there: build it with `{BUILD}` in the sources, or name the folder of a \
             built one",
            library.display()
        );
    }
    Ok(())
}

/// Makes the folder `to`, and pairs what lies in `from` with its place there.
fn entries(from: &Path, to: &Path) -> Result<Vec<(PathBuf, PathBuf)>> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    let entries = fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))?;
    entries
        .map(|entry| {
            let entry = entry?;
            Ok((entry.path(), to.join(entry.file_name())))
        })
        .collect()
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    for (source, target) in entries(from, to)? {
        if source.is_dir() {
            copy_tree(&source, &target)?;
        } else {
            fs::copy(&source, &target)
                .with_context(|| format!("cannot write {}", target.display()))?;
        }
    }
    Ok(())
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot replace {}", path.display()))
        }
        _ => Ok(()),
    }
}
