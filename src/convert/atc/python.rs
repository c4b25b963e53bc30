//! The Python that `atc`'s operator compiler needs.

use std::path::Path;
use std::process::Command;

use super::environment::{Environment, run};

/// Says what Python lacks of what the operator compiler needs, where that can be told soon.
pub(super) fn lacking(environment: &Environment, folder: &Path) -> Option<String> {
    const SCRIPT: &str = "\
import sys, importlib.util as util
def there(name):
    try:
        return util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
if not (3, 7) <= sys.version_info[:2] <= (3, 11):
    print('a version from 3.7 to 3.11 (it is %d.%d)' % sys.version_info[:2])
for name in sys.argv[1:]:
    module, _, package = name.partition('=')
    if not there(module):
        print(package or module)
";
    const MODULES: [&str; 13] = [
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
    let Some(python) = environment.find_in_path("python3") else {
        return Some("everything, as it is not in PATH".to_owned());
    };
    let mut command = Command::new(python);
    command
        .args(["-c", SCRIPT])
        .args(MODULES)
        .envs(environment.added.iter().cloned());
    let output = run(command, folder).ok()?;
    let lines = output.split(|byte| *byte == b'\n');
    let lacking = lines.map(String::from_utf8_lossy);
    let lacking: Vec<_> = lacking.filter(|line| !line.is_empty()).collect();
    (!lacking.is_empty()).then(|| lacking.join(", "))
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
