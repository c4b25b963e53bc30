//! Profiling by CANN's `msprof`.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use ascend_rt::{Error, ErrorKind};

use super::argv::normalised;
use super::inputs::invalid;
use super::options::Args;

const PROFILER: &str = "msprof";

/// Runs this program again under `msprof`.
pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let Some(output) = &args.output else {
        return Err(
            invalid("--profiler writes into the output folder: give --output".to_owned()).into(),
        );
    };
    let Some(profiler) = on_path(PROFILER) else {
        let message = "--profiler needs CANN's msprof, which is not on the PATH: source CANN's set_env.sh, or leave \
                       --profiler out and see the stages of the runs in the report (--html)";
        return Err(Error::new(ErrorKind::Unsupported, message).into());
    };
    let program = env::current_exe().context("cannot find this program's own file")?;
    let line = application(&program, normalised(env::args_os()))?;
    let folder = output.join("profiler");
    writeln!(io::stderr(), "note: profiling into {}", folder.display())?;
    let mut into = OsString::from("--output=");
    into.push(&folder);
    let status = Command::new(&profiler)
        .arg(into)
        .arg(format!("--application={line}"))
        .status()
        .with_context(|| format!("cannot start {}", profiler.display()))?;
    let code = status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1);
    Ok(ExitCode::from(code))
}

/// Where a program of CANN or its driver is.
pub(super) fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let mut places = env::split_paths(&path).map(|folder| folder.join(program));
    places.find(|place| place.is_file())
}

/// The command line that is profiled, which is this one without `--profiler`.
fn application(program: &Path, words: Vec<OsString>) -> Result<String, Error> {
    let mut line = quoted(program.as_os_str())?;
    let is_other = |word: &OsString| !word.as_encoded_bytes().starts_with(b"--profiler");
    for word in words.into_iter().skip(1).filter(is_other) {
        line.push(' ');
        line.push_str(&quoted(&word)?);
    }
    Ok(line)
}

/// A word as a shell takes it.
fn quoted(word: &OsStr) -> Result<String, Error> {
    let text = word.to_str().ok_or_else(|| {
        invalid(format!(
            "msprof takes text only, and {} is none",
            word.display()
        ))
    })?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./=,:;~@%+".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) && !text.contains(';') {
        return Ok(text.to_owned());
    }
    Ok(format!("'{}'", text.replace('\'', "'\\''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_handed_on() {
        let words = [
            "ascend",
            "bench",
            "--profiler=1",
            "--model",
            "a b.om",
            "--dym-shape",
            "x:1;y:2",
            "it's",
            "",
        ];
        let line =
            application(Path::new("/bin/ascend"), words.map(OsString::from).to_vec()).unwrap();
        assert_eq!(
            line,
            r"/bin/ascend bench --model 'a b.om' --dym-shape 'x:1;y:2' 'it'\''s' ''"
        );
    }
}
