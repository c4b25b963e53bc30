//! Which versions of driver, firmware and CANN go together.

use ascend_graph::{Text, text};
use ascend_sys::Version;

use super::driver::{self, Package};
use super::finding::Finding;
use super::machine::Machine;
use super::toolkit::{self, Toolkit};
use super::{Facts, variables, version};

const TABLE: &str = include_str!("pairs.tsv");
/// No more letters of a list are told.
const MOST_TOLD: usize = 256;

/// A release of CANN and its drivers.
#[derive(Clone, Copy, Debug)]
struct Pair {
    cann: Version,
    driver: Version,
    /// The driver as it is written.
    name: &'static str,
    /// The oldest that is listed.
    oldest: Option<(Version, &'static str)>,
    is_assumed: bool,
}

fn pairs() -> impl Iterator<Item = Pair> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let mut fields = line.split('\t');
        let (cann, name, oldest, source) = (
            fields.next()?,
            fields.next()?,
            fields.next()?,
            fields.next()?,
        );
        Some(Pair {
            cann: cann.parse().ok()?,
            driver: name.parse().ok()?,
            name,
            oldest: oldest.parse().ok().map(|version| (version, oldest)),
            is_assumed: source != "documented",
        })
    })
}

/// The row for a release: its own, else the one of the release before it.
fn row(cann: Version) -> Option<Pair> {
    pairs().take_while(|pair| pair.cann <= cann).last()
}

/// The newest release whose driver this is or was before it.
fn release_for(driver: Version) -> Option<Version> {
    pairs()
        .take_while(|pair| pair.driver <= driver)
        .last()
        .map(|pair| pair.cann)
}

/// What the table says of a driver and a CANN of which nothing but the versions is known, such as `24.1.rc3` and
/// `8.0.RC3`; `None` where one is no version or older than the table.
///
/// ```
/// use ascend_rt::doctor::{Level, pair};
///
/// let found = pair("23.0.6", "8.0.RC3").unwrap();
/// assert_eq!(found.level, Level::Warning);
/// assert!(found.why.contains("24.1.RC3"));
/// assert_eq!(pair("24.1.rc3", "8.0.RC3").unwrap().level, Level::Ok);
/// ```
#[must_use]
pub fn pair(driver: &str, cann: &str) -> Option<Finding> {
    let (own, release) = (version::version(driver)?, version::version(cann)?);
    let row = row(release)?;
    let wanted = text!(
        "CANN {release} came out with driver {driver}",
        release = written(row.cann),
        driver = row.name
    );
    let other = release_for(own).filter(|other| *other != row.cann);
    let other = other.map_or(Text::default(), |other| {
        text!(
            ", and this driver with CANN {release}",
            release = written(other)
        )
    });
    let oldest = row.oldest.filter(|_| row.cann == release);
    let least = oldest.map_or(row.driver, |(oldest, _)| oldest);
    if own >= least {
        let fits = text!("driver {driver} fits CANN {cann}", driver, cann);
        let found = Finding::ok("pair-driver", fits).because(text!(
            "{wanted}{other}; a driver may be newer",
            wanted,
            other
        ));
        return Some(if row.is_assumed || row.cann != release {
            found.assumed()
        } else {
            found
        });
    }
    let version = row.name.to_lowercase();
    let command =
        format!("sudo ./Ascend-hdk-<chip>-npu-driver_{version}_linux-<processor>.run --upgrade");
    let found = match oldest {
        Some((_, name)) => Finding::fault(
            "pair-driver",
            text!("driver {driver} is too old for CANN {cann}", driver, cann),
        )
        .because(text!(
            "its notes list drivers from {name} on; {wanted}{other}",
            name,
            wanted,
            other
        )),
        None => Finding::warning(
            "pair-driver",
            text!("driver {driver} is older than CANN {cann} asks for", driver, cann),
        )
        .because(text!(
            "{wanted}{other}; take that driver, on the host, or a CANN as old as the driver: else aclInit may answer \
             507008 or aclrtSetDevice 507033",
            wanted,
            other
        )),
    };
    Some(found.mend(command))
}

pub(super) fn check(machine: &Machine, facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(driver) = &facts.driver else {
        return findings;
    };
    let toolkit = variables::chosen(machine, facts).or(facts.toolkits.first());
    if let Some(toolkit) = toolkit {
        findings.extend(of_toolkit(machine, facts, driver, toolkit));
    }
    if let Some(firmware) = &facts.firmware {
        findings.extend(of_firmware(driver, firmware));
    }
    findings
}

fn of_toolkit(
    machine: &Machine,
    facts: &Facts,
    driver: &Package,
    toolkit: &Toolkit,
) -> Option<Finding> {
    let (named, cann) = (driver.version()?, toolkit.release()?);
    let own = version::version(named)?;
    let row = row(cann);
    let name = || toolkit.name();
    let place = driver.folder.join("version.info");
    let fits = Finding::ok(
        "pair-driver",
        text!("driver {named} fits {name}", named, name = name()),
    )
    .at(place.clone());
    let old = |why: Text| {
        let wanted = row.map_or("<version>".to_owned(), |row| row.name.to_lowercase());
        let found = Finding::fault(
            "pair-driver",
            text!("driver {named} is too old for {name}", named, name = name()),
        )
        .at(place.clone());
        found
            .because(why)
            .mend(driver::upgrade(machine, facts, &wanted))
    };
    if let Some((oldest, text)) = row
        .filter(|row| row.cann == cann)
        .and_then(|row| row.oldest)
        && own < oldest
    {
        let why = text!(
            "the notes of {name} list drivers from {oldest} on; programs end with 507008 or 507033",
            name = name(),
            oldest = text
        );
        return Some(old(why));
    }
    let is_older = row.is_some_and(|row| own < row.driver);
    match declared(driver, toolkit) {
        Some(true) => {
            return Some(
                fits.because(text!("each names the other's line in its version file"))
                    .assumed(),
            );
        }
        Some(false) if is_older => {
            let why = text!(
                "neither names the other's line as one that it goes with, in compatible_version of its \
                       version file; programs end with 507008 or 507033"
            );
            return Some(old(why).assumed());
        }
        Some(false) => {
            let release = release_for(own).map_or("<version>".to_owned(), written);
            let what = text!(
                "driver {named} and {name} do not name each other as a pair",
                named,
                name = name()
            );
            let found = Finding::warning("pair-driver", what).at(place).assumed();
            let why = text!(
                "the driver is newer than what this CANN knows: take a newer CANN, or an older driver (507033)"
            );
            return Some(found.because(why).mend(toolkit::install(machine, &release)));
        }
        None => {}
    }
    let row = row?;
    if !is_older || row.oldest.is_some() {
        let fits = fits.because(text!(
            "it is not older than what the table of pairs asks for"
        ));
        return Some(if row.is_assumed || row.cann != cann {
            fits.assumed()
        } else {
            fits
        });
    }
    let what = text!(
        "driver {named} is older than {driver}, which came out with {name}",
        named,
        driver = row.name,
        name = name()
    );
    let found = Finding::warning("pair-driver", what).at(place);
    let why = text!(
        "an older driver may do for several releases; look here first when aclInit answers 507008 or \
               aclrtSetDevice 507033"
    );
    let found = found
        .because(why)
        .mend(driver::upgrade(machine, facts, &row.name.to_lowercase()));
    Some(if row.is_assumed {
        found.assumed()
    } else {
        found
    })
}

/// Whether the version files name each other's line of development; `None` where they do not tell.
fn declared(driver: &Package, toolkit: &Toolkit) -> Option<bool> {
    let both = [
        (&driver.fields, &toolkit.fields),
        (&toolkit.fields, &driver.fields),
    ];
    let answers = both.into_iter().filter_map(|(one, other)| {
        let line = version::line(one.get("innerversion")?)?;
        version::is_listed(other.get("compatible_version")?, line)
    });
    answers.reduce(|one, other| one || other)
}

fn of_firmware(driver: &Package, firmware: &Package) -> Option<Finding> {
    let named = firmware.version()?;
    let list = driver.fields.get("compatible_version_fw")?;
    let fits = version::is_listed(list, named)?;
    let place = driver.folder.join("version.info");
    let version = driver
        .version()
        .map_or_else(|| text!("of an unknown version"), Text::from);
    let finding = if fits {
        Finding::ok(
            "pair-firmware",
            text!("firmware {named} fits driver {version}", named, version),
        )
        .at(place)
    } else {
        let told: String = list.chars().take(MOST_TOLD).collect();
        let what = text!(
            "firmware {named} is none that driver {version} lists: {told}",
            named,
            version,
            told
        );
        let found = Finding::fault("pair-firmware", what).at(place);
        let why = text!(
            "after an upgrade of the driver the firmware is installed too, and the machine started anew"
        );
        let wanted = list
            .rsplit(['[', ','])
            .next()
            .unwrap_or_default()
            .trim_end_matches(']');
        let wanted = version::plain(wanted).unwrap_or("version");
        let command = format!("sudo ./Ascend-hdk-<chip>-npu-firmware_<up to {wanted}>.run --full");
        found.because(why).mend(command)
    };
    // what the field means is told nowhere
    Some(finding.assumed())
}

/// As packages are called.
fn written(version: Version) -> String {
    use ascend_sys::Stage;
    let Version {
        major,
        minor,
        patch,
        stage,
    } = version;
    match stage {
        Stage::Candidate(number) => format!("{major}.{minor}.RC{number}"),
        _ => format!("{major}.{minor}.{patch}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_alone_are_judged_too() {
        use crate::doctor::Level;
        for (driver, cann, level, part) in [
            (
                "24.1.rc3",
                "8.0.RC3",
                Level::Ok,
                "came out with driver 24.1.RC3",
            ),
            (
                "25.0.rc1.1",
                "8.0.RC3",
                Level::Ok,
                "this driver with CANN 8.1.RC1",
            ),
            (
                "24.1.rc3",
                "8.1.RC1",
                Level::Warning,
                "came out with driver 25.0.RC1, and this driver with CANN 8.0.RC3",
            ),
            ("23.0.6", "8.2.RC1", Level::Fault, "from 24.1.RC2 on"),
            ("24.1.rc3", "8.2.RC1", Level::Ok, "25.2.0"),
        ] {
            let found = pair(driver, cann).unwrap();
            assert_eq!(found.level, level, "{found:?}");
            assert!(found.why.contains(part), "{found:?}");
            assert_eq!(found.command.is_none(), level == Level::Ok);
        }
        for (driver, cann) in [("24.1.rc3", "5.0.0"), ("new", "8.0.0"), ("24.1.0", "")] {
            assert!(pair(driver, cann).is_none());
        }
    }

    #[test]
    fn the_table_is_in_order() {
        let all: Vec<_> = pairs().collect();
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(all.len(), lines.count(), "a line cannot be read");
        assert!(all.is_sorted_by(|one, next| one.cann < next.cann && one.driver < next.driver));
        assert!(
            all.iter()
                .all(|pair| pair.oldest.is_none_or(|(oldest, _)| oldest < pair.driver))
        );
        let row = row("8.2.RC2".parse().unwrap()).unwrap();
        assert_eq!(
            (row.name, written(row.cann)),
            ("25.2.0", "8.2.RC1".to_owned())
        );
        let release = release_for("25.1.0".parse().unwrap()).unwrap();
        assert_eq!(written(release), "8.1.RC1");
    }
}
