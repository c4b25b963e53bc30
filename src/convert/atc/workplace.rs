//! The folder in which `atc` works, which goes with this process however that ends.

use std::env;
use std::io::{self, Write};
use std::iter;
use std::os::unix::process::CommandExt;
use std::path::{self, Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use tempfile::TempDir;

use super::arguments::is_accepted;
use crate::error::{Error, ErrorKind, Result};

/// Where folders are made if `TMPDIR` has signs that `atc` takes in no path.
const OTHERS: [&str; 2] = ["/var/tmp", "/tmp"];

/// The file in which the guard of what works in the folder tells its number.
pub(super) const GUARD_FILE: &str = ".guard";

/// Outlives a sudden end of this process, sees that end as that of its input, waits until the guard has
/// ended what worked in the folder, and removes the folder.
const SWEEPER: &str = r#"
trap "" HUP INT TERM
read -r word && exit 0
guard=$(cat "$1/$2")
left=100
while [ -n "$guard" ] && [ "$left" -gt 0 ] && kill -s 0 "$guard"; do
    sleep 0.1
    left=$((left - 1))
done
rm -rf -- "$1"
"#;

/// A folder of this process alone.
#[derive(Debug)]
pub(super) struct Workplace {
    folder: TempDir,
    sweeper: Child,
    orders: Option<ChildStdin>,
}

impl Workplace {
    /// Makes one whose path `atc` takes.
    pub(super) fn new() -> Result<Self> {
        Self::below(&env::temp_dir())
    }

    fn below(wanted: &Path) -> Result<Self> {
        let cannot = |error: io::Error| {
            let message =
                format!("cannot make a folder for atc: {error}; name another with TMPDIR");
            Error::new(ErrorKind::Io, message).with_source(error)
        };
        let wanted = path::absolute(wanted).map_err(cannot)?;
        let others = OTHERS.iter().map(PathBuf::from);
        let mut places = iter::once(wanted.clone()).chain(others);
        let is_possible = |place: &PathBuf| place.to_str().is_some_and(is_accepted);
        let place = places.find(|place| is_possible(place) && (place.is_dir() || *place == wanted));
        let place = place.ok_or_else(|| {
            let message = format!(
                "{} cannot be the place of a folder for atc, which takes only letters, digits and the \
                 signs _-. in paths: name another with TMPDIR",
                wanted.display()
            );
            Error::new(ErrorKind::Io, message)
        })?;
        let mut builder = tempfile::Builder::new();
        let folder = builder.prefix("ascend-atc-").tempdir_in(place);
        let folder = folder.map_err(cannot)?;
        let mut sweeper = Command::new("/bin/sh")
            .args(["-c", SWEEPER, "sweeper"])
            .arg(folder.path())
            .arg(GUARD_FILE)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(cannot)?;
        let orders = sweeper.stdin.take();
        Ok(Self {
            folder,
            sweeper,
            orders,
        })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves the folder where it is.
    pub(super) fn keep(mut self) {
        self.dismiss();
        self.folder.disable_cleanup(true);
    }

    fn dismiss(&mut self) {
        if let Some(mut orders) = self.orders.take() {
            // a sweeper that is gone sweeps nothing
            let _ = writeln!(orders, "done");
            drop(orders);
            let _ = self.sweeper.wait();
        }
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        // the folder goes after this
        self.dismiss();
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn it_goes_unless_it_is_kept() {
        let place = tempfile::tempdir().unwrap();
        let gone = Workplace::below(place.path()).unwrap();
        let path = gone.path().to_owned();
        fs::write(path.join("file"), "").unwrap();
        drop(gone);
        assert!(!path.exists());
        let kept = Workplace::below(place.path()).unwrap();
        let path = kept.path().to_owned();
        kept.keep();
        assert!(path.exists());
    }

    #[test]
    fn its_path_is_one_that_atc_takes() {
        let place = tempfile::tempdir().unwrap();
        let spaced = place.path().join("a b");
        fs::create_dir(&spaced).unwrap();
        let workplace = Workplace::below(&spaced).unwrap();
        assert!(workplace.path().to_str().is_some_and(is_accepted));
        let missing = place.path().join("missing");
        let error = Workplace::below(&missing).unwrap_err();
        assert!(error.to_string().contains("TMPDIR"), "{error}");
    }
}
