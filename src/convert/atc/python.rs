//! The Python that `atc`'s operator compiler needs.

use std::path::Path;
use std::process::Command;

use super::environment::{Environment, run};

/// What it imports, with the name of the package where that is another.
pub(crate) const MODULES: [&str; 13] = [
    "numpy",
    "decorator",
    "sympy",
    "cffi",
    "attr=attrs",
    "psutil",
    "scipy",
    "google.protobuf=protobuf",
    "absl=absl-py",
    "cloudpickle",
    "tornado",
    "yaml=pyyaml",
    "pathlib2",
];
/// The versions of Python that it runs on: the first and the last, of Python 3.
pub(crate) const VERSIONS: (u32, u32) = (7, 11);

/// What the Python that this process would start says that it lacks, or why it does not say; `folder`
/// takes files for the moment.
pub(crate) fn lacking_here(folder: &Path) -> Result<Vec<String>, String> {
    asked(&Environment::default(), folder)
}

/// Says what Python lacks of what the operator compiler needs, where that can be told soon.
pub(super) fn lacking(environment: &Environment, folder: &Path) -> Option<String> {
    if environment.find_in_path("python3").is_none() {
        return Some("everything, as it is not in PATH".to_owned());
    }
    let lacking = asked(environment, folder).ok()?;
    (!lacking.is_empty()).then(|| lacking.join(", "))
}

fn asked(environment: &Environment, folder: &Path) -> Result<Vec<String>, String> {
    const SCRIPT: &str = "\
import sys, importlib.util as util
def there(name):
    try:
        return util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
first, last = map(int, sys.argv[1:3])
if not (3, first) <= sys.version_info[:2] <= (3, last):
    print('a version from 3.%d to 3.%d (it is %d.%d)' % ((first, last) + sys.version_info[:2]))
for name in sys.argv[3:]:
    module, _, package = name.partition('=')
    if not there(module):
        print(package or module)
";
    let python = environment
        .find_in_path("python3")
        .ok_or("there is no python3 in PATH")?;
    let mut command = Command::new(python);
    command
        .args(["-c", SCRIPT])
        .args([VERSIONS.0, VERSIONS.1].map(|minor| minor.to_string()))
        .args(MODULES)
        .envs(environment.added.iter().cloned());
    let output = run(command, folder)?;
    let lines = output.split(|byte| *byte == b'\n');
    let lines = lines.filter(|line| !line.is_empty());
    Ok(lines
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_python_that_is_not_there_lacks_everything() {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment {
            added: vec![("PATH".into(), folder.path().into())],
            ..Environment::default()
        };
        let lacking = lacking(&environment, folder.path()).unwrap();
        assert!(lacking.contains("not in PATH"), "{lacking}");
    }
}
