//! What keeps programs for Ascend from running on a machine, and what mends it.
//!
//! All is read from files: of this machine, of a container or of an unpacked tree, with an environment
//! and a user that can be others than those of this process. Programs are started only on the machine itself, and
//! only where files do not tell enough: `npu-smi`, the shell that reads `set_env.sh`, and Python.
//!
//! ```
//! # fn main() -> ascend_rt::Result<()> {
//! # let container = tempfile::tempdir().unwrap();
//! use ascend_rt::doctor::{Machine, Verdict, examine};
//!
//! let machine = Machine::at(container.path())?;
//! let report = examine(&machine);
//! for finding in &report.findings {
//!     println!("{} {}: {}", finding.level, finding.check, finding.what);
//! }
//! assert_eq!(report.verdict(), Verdict::NoNpu);
//! # Ok(()) }
//! ```

mod address;
mod chip;
mod container;
mod driver;
mod elf;
mod environment;
mod evidence;
mod finding;
mod kind;
mod libraries;
mod linker;
mod machine;
mod nodes;
mod pairs;
mod processes;
mod python;
mod redaction;
mod root;
mod secrets;
mod toolkit;
mod user;
mod variables;
mod version;

pub use evidence::{Evidence, gather};
pub use finding::{Finding, Level};
pub use kind::Kind;
pub use machine::Machine;
pub use pairs::pair;
pub use redaction::Redaction;

use self::chip::Chip;
use self::driver::Package;
use self::nodes::Nodes;
use self::toolkit::Toolkit;

/// What was found on a machine.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// In the order of the checks: from the NPU up to the programs.
    pub findings: Vec<Finding>,
    /// The kind of container that it is, such as `Docker`.
    pub container: Option<&'static str>,
    /// Versions that were found, which are no addresses although some look like it.
    pub versions: Vec<String>,
    has_npu: bool,
}

/// The answer in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Programs run on the NPU, as far as files tell.
    Ready,
    /// There are warnings, and no fault.
    Warnings,
    /// There is a fault.
    Faults,
    /// There is no NPU, and nothing wrong.
    NoNpu,
}

impl Report {
    /// The answer in one word.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let worst = self.findings.iter().map(|finding| finding.level).max();
        match worst {
            Some(Level::Fault) => Verdict::Faults,
            Some(Level::Warning) => Verdict::Warnings,
            _ if self.has_npu => Verdict::Ready,
            _ => Verdict::NoNpu,
        }
    }

    /// How many findings are of this level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        let findings = self.findings.iter();
        findings.filter(|finding| finding.level == level).count()
    }
}

/// Whether there is an NPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    /// There is one, or a part of its driver.
    Expected,
    /// It is a container with a toolkit, and the bus cannot be looked at.
    Hidden,
    /// There is none.
    Absent,
}

/// What several checks ask for.
#[derive(Debug)]
struct Facts {
    container: Option<&'static str>,
    chips: Option<Vec<Chip>>,
    nodes: Nodes,
    driver: Option<Package>,
    firmware: Option<Package>,
    toolkits: Vec<Toolkit>,
}

impl Facts {
    fn of(machine: &Machine) -> Self {
        Self {
            container: container::kind(machine),
            chips: Chip::all(machine),
            nodes: Nodes::of(machine),
            driver: Package::driver(machine),
            firmware: Package::firmware(machine),
            toolkits: Toolkit::all(machine),
        }
    }

    fn presence(&self) -> Presence {
        let has_chips = self.chips.as_ref().is_some_and(|chips| !chips.is_empty());
        if has_chips || !self.nodes.is_empty() || self.driver.is_some() {
            Presence::Expected
        } else if self.container.is_some() && self.chips.is_none() && !self.toolkits.is_empty() {
            Presence::Hidden
        } else {
            Presence::Absent
        }
    }

    fn versions(&self) -> Vec<String> {
        let packages = [&self.driver, &self.firmware].into_iter().flatten();
        let packages = packages.filter_map(|package| package.version().map(str::to_owned));
        let toolkits = self
            .toolkits
            .iter()
            .filter_map(|toolkit| toolkit.version.clone());
        packages.chain(toolkits).collect()
    }
}

/// A check: what it tells of a machine.
type Check = fn(&Machine, &Facts) -> Vec<Finding>;

const CHECKS: [Check; 11] = [
    chip::check,
    container::check,
    driver::check,
    nodes::check,
    toolkit::check,
    pairs::check,
    variables::check,
    libraries::check,
    python::check,
    processes::check,
    processes::memory,
];

/// Examines a machine.
#[must_use]
pub fn examine(machine: &Machine) -> Report {
    let _span = tracing::debug_span!("examine the machine").entered();
    let facts = Facts::of(machine);
    let findings = CHECKS.iter().flat_map(|check| check(machine, &facts));
    Report {
        findings: findings.collect(),
        container: facts.container,
        versions: facts.versions(),
        has_npu: facts.presence() == Presence::Expected,
    }
}
