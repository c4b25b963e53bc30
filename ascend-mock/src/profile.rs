//! The chips that the CPU device can pretend to be, as data.

use std::sync::LazyLock;

/// One chip a line. Numbers that neither the vendor's documents nor its open runtime states are
/// named in the last column.
const TABLE: &str = include_str!("profiles.tsv");

static PROFILES: LazyLock<Vec<Profile>> =
    LazyLock::new(|| TABLE.lines().skip(1).filter_map(Profile::parse).collect());

/// What a device of one name has. Facts, except for the fields named in [`assumed`](Self::assumed).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// What `aclrtGetSocName` answers.
    pub name: &'static str,
    /// The products that carry the chip.
    pub product: &'static str,
    /// The device's memory in bytes.
    pub memory_bytes: u64,
    /// Whether that memory is HBM; else it is DDR.
    pub has_hbm: bool,
    /// Cores that compute matrices.
    pub ai_cores: u32,
    /// Cores that compute vectors only.
    pub vector_cores: u32,
    /// Processors for operators without a kernel.
    pub cpu_cores: u32,
    /// The shared cache in bytes.
    pub l2_bytes: u64,
    /// Streams, default streams included.
    pub streams: usize,
    /// Events.
    pub events: usize,
    /// Notifies.
    pub notifies: usize,
    /// What `aclrtMalloc` sets aside beyond the size, in bytes.
    pub padding: usize,
    /// Whether devices of one host reach each other's memory.
    pub has_peer_access: bool,
    /// The columns of the table that are guesses, from products that are alike.
    pub assumed: &'static str,
}

impl Profile {
    /// The chip of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PROFILES.iter().find(|profile| profile.name == name)
    }

    /// All chips that the CPU device knows.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        PROFILES.iter()
    }

    fn parse(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        let mut next = || columns.next();
        Some(Self {
            name: next()?,
            product: next()?,
            memory_bytes: next()?.parse().ok()?,
            has_hbm: next()? == "hbm",
            ai_cores: next()?.parse().ok()?,
            vector_cores: next()?.parse().ok()?,
            cpu_cores: next()?.parse().ok()?,
            l2_bytes: next()?.parse().ok()?,
            streams: next()?.parse().ok()?,
            events: next()?.parse().ok()?,
            notifies: next()?.parse().ok()?,
            padding: next()?.parse().ok()?,
            has_peer_access: next()? == "yes",
            assumed: next()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_profile_of_its_own() {
        let header: Vec<&str> = TABLE.lines().take(1).flat_map(|h| h.split('\t')).collect();
        assert_eq!(PROFILES.len(), TABLE.lines().count() - 1);
        for (line, profile) in TABLE.lines().skip(1).zip(PROFILES.iter()) {
            assert_eq!(line.split('\t').count(), header.len(), "{line}");
            assert_eq!(Profile::named(profile.name), Some(profile));
            let assumed = profile.assumed.split(' ').filter(|column| *column != "-");
            for column in assumed {
                assert!(header.contains(&column), "{}: {column}", profile.name);
            }
        }
    }
}
