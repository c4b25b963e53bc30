//! The NPUs of the machine.

use std::path::Path;
use std::process::Command;

use ascend_graph::{Text, text};

use super::finding::{Finding, listed};
use super::machine::Machine;
use super::{Facts, Presence};
use crate::convert::atc::environment::run;

const DEVICES: &str = "/sys/bus/pci/devices";
const VENDOR: &str = "0x19e5";
/// The class of processing accelerators.
const CLASS: &str = "0x12";
/// The numbers of NPUs begin so; those of engines for compression and ciphers, which are of the same
/// class and vendor, do not.
const NUMBERS: &str = "0xd";
/// The letters of a number such as `0xd802`.
const MOST_LETTERS: usize = 6;
/// Device numbers and the families of chips that have them.
const FAMILIES: [(&str, &str); 5] = [
    ("0xd100", "Ascend310"),
    ("0xd500", "Ascend310P"),
    ("0xd801", "Ascend910"),
    ("0xd802", "Ascend910B"),
    ("0xd803", "Ascend910_93"),
];

/// An NPU on the PCI bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chip {
    /// Its device number, such as `0xd802`.
    number: String,
}

impl Chip {
    /// Those of the machine; `None` where its bus cannot be looked at.
    pub(super) fn all(machine: &Machine) -> Option<Vec<Self>> {
        let names = machine.root.listed(Path::new(DEVICES))?;
        let chips = names.iter().filter_map(|name| {
            let read = |file: &str| {
                let path = Path::new(DEVICES).join(name).join(file);
                Some(
                    machine
                        .root
                        .text(&path)
                        .plain()?
                        .trim()
                        .to_ascii_lowercase(),
                )
            };
            let number = read("device").filter(|number| number.len() <= MOST_LETTERS)?;
            if read("vendor").as_deref() != Some(VENDOR) {
                return None;
            }
            let is_known = FAMILIES.iter().any(|(known, _)| *known == number);
            let is_of_class = || read("class").is_some_and(|class| class.starts_with(CLASS));
            let is_chip = is_known || number.starts_with(NUMBERS) && is_of_class();
            is_chip.then_some(Self { number })
        });
        Some(chips.collect())
    }

    pub(super) fn family(&self) -> Option<&'static str> {
        let mut known = FAMILIES.iter();
        known
            .find(|(number, _)| *number == self.number)
            .map(|(_, family)| *family)
    }
}

pub(super) fn check(machine: &Machine, facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    if facts.presence() == Presence::Absent {
        let why = match facts.container {
            Some(kind) => text!(
                "this is a {kind} container: if its host has an NPU, the container has to be started with \
                 the device nodes and the driver; without, the built-in CPU device runs models",
                kind
            ),
            None => {
                text!(
                    "nothing is broken by that: the built-in CPU device runs models, and atc makes .om \
                     files without an NPU"
                )
            }
        };
        let found = Finding::note(
            "npu-absent",
            text!("there is no NPU, so the CPU device can be used"),
        );
        findings.push(found.because(why).mend("ascend info --device mock"));
        return findings;
    }
    match facts.chips.as_deref() {
        Some([]) if facts.nodes.devices.is_empty() => findings.push(
            Finding::warning("chip-missing", text!("no NPU is on the PCI bus"))
                .at(DEVICES)
                .because(
                    text!("the driver is installed, but there is nothing for it to drive: the card is not \
                     seated, has no power, or is not handed to this virtual machine"),
                )
                .mend("lspci -d 19e5:"),
        ),
        Some([first, ..]) => {
            let chips = facts.chips.as_deref().unwrap_or_default();
            let number = first.number.trim_start_matches("0x");
            let family = first
                .family()
                .map_or_else(|| text!("an unknown family"), Text::from);
            let what = text!("{npus} of {family} (19e5:{number})", npus = npus(chips.len()), family, number);
            let found = Finding::ok("chip", what).at(DEVICES);
            let found = found.because(
                text!("the family is not yet the name that atc takes: Ascend910B3 is one of the family \
                 Ascend910B, and an .om for one chip does not load on another; npu-smi info tells it"),
            );
            findings.push(if first.family().is_some() {
                found
            } else {
                found.assumed()
            });
        }
        _ => {}
    }
    if machine.is_here && facts.driver.is_some() {
        findings.extend(health());
    }
    findings
}

fn npus(count: usize) -> Text {
    match count {
        1 => text!("1 NPU"),
        count => text!("{count} NPUs", count),
    }
}

/// What npu-smi says, which the driver brings.
fn health() -> Option<Finding> {
    let folder = tempfile::tempdir().ok()?;
    let mut command = Command::new("npu-smi");
    command.arg("info");
    let told = match run(command, folder.path()) {
        Ok(output) => String::from_utf8_lossy(&output).into_owned(),
        Err(why) => {
            let found =
                Finding::warning("npu-smi", text!("npu-smi info does not answer: {why}", why));
            let why = text!("it asks the driver, as every program for Ascend does");
            return Some(found.because(why).mend("npu-smi info"));
        }
    };
    Some(judged(&told))
}

/// Reads the table of `npu-smi info`: a line `| 0  910B3 | OK | …` for each NPU.
fn judged(told: &str) -> Finding {
    let rows = told.lines().filter_map(|line| {
        let mut cells = line.strip_prefix('|')?.split('|');
        let mut words = cells.next()?.split_ascii_whitespace();
        let (number, name) = (words.next()?, words.next()?);
        let name = name.strip_prefix("Ascend").unwrap_or(name);
        let health = cells.next()?.trim();
        // the line of a chip's bus and memory has a bus there, and a process no name
        let is_name = name.contains(|c: char| c.is_ascii_digit()) && name.len() > 2;
        (number.parse::<u32>().is_ok() && is_name && !health.contains(':')).then(|| {
            (
                format!("NPU {number} (Ascend{name}): {health}"),
                name,
                health,
            )
        })
    });
    let rows: Vec<_> = rows.collect();
    let ill: Vec<_> = rows
        .iter()
        .filter(|(_, _, health)| *health != "OK")
        .collect();
    let mut names: Vec<_> = rows
        .iter()
        .map(|(_, name, _)| format!("Ascend{name}"))
        .collect();
    names.dedup();
    match (&rows[..], &ill[..]) {
        ([], _) => Finding::note(
            "npu-smi",
            text!("npu-smi info answers in a form that is not known"),
        ),
        (_, []) => {
            let what = text!(
                "{npus} of {names}, in health",
                npus = npus(rows.len()),
                names = listed(&names)
            );
            let found = Finding::ok("npu-smi", what).assumed();
            if rows.iter().any(|(_, name, _)| *name == "910") {
                return found.because(
                    text!("the name for atc --soc_version is longer: npu-smi info -t board -i <NPU> -c <chip> tells \
                     its parts"),
                );
            }
            found.because(text!("this is the name for atc --soc_version"))
        }
        (_, ill) => {
            let told: Vec<_> = ill.iter().map(|(told, ..)| told).collect();
            Finding::fault(
                "npu-smi",
                text!("not in health: {told}", told = listed(told)),
            )
            .because(text!("work on it fails or hangs"))
            .mend("npu-smi info -t health -i <NPU>")
            .assumed()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    #[test]
    fn the_table_of_npu_smi_is_read() {
        let table = "\
| npu-smi 24.1.rc3                 Version: 24.1.rc3                                     |
| NPU   Name                | Health        | Power(W)    Temp(C)  |
| 0     910B3               | OK            | 93.4        50       |
| 0                         | 0000:C1:00.0  | 0           0    / 0 |
| 1     910B3               | Warning       | 93.4        50       |
| No running processes found in NPU 0                              |
";
        let ill = judged(table);
        assert_eq!(ill.level, Level::Fault);
        assert_eq!(ill.what, "not in health: NPU 1 (Ascend910B3): Warning");
        let well = judged(&table.replace("Warning", "OK"));
        assert_eq!(
            (well.level, &*well.what),
            (Level::Ok, "2 NPUs of Ascend910B3, in health")
        );
        assert!(well.why.contains("this is the name"));
        let newer = judged("| 0     Ascend910           | OK            | 171.0  36 |\n");
        assert_eq!(newer.what, "1 NPU of Ascend910, in health");
        assert!(newer.why.contains("is longer"), "{}", newer.why);
        assert_eq!(judged("something else").level, Level::Note);
    }
}
