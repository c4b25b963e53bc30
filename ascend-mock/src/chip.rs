//! Families of chips, and what is the same within one.

use crate::profile::Profile;

/// What the vendor's documents call a product series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// No chip: the CPU device itself.
    Cpu,
    /// Atlas 200/300/500 and Atlas inference: `Ascend310`, `Ascend310P`.
    Inference,
    /// Atlas 200I/500 A2: `Ascend310B`.
    Edge,
    /// Atlas training: `Ascend910A`, `Ascend910B` without a number.
    Training,
    A2,
    A3,
    Ascend950,
}

impl Family {
    pub(crate) fn of(profile: &Profile) -> Self {
        match profile.product {
            "Atlas 200/300/500" | "Atlas inference" => Self::Inference,
            "Atlas 200I/500 A2" => Self::Edge,
            "Atlas training" => Self::Training,
            "Atlas A2" => Self::A2,
            "Atlas A3" => Self::A3,
            "Ascend 950" => Self::Ascend950,
            _ => Self::Cpu,
        }
    }

    /// Infinities and NaN are computed with; older chips saturate.
    pub(crate) fn has_infinity(self) -> bool {
        !matches!(self, Self::Inference | Self::Training)
    }

    /// The servers of mid-2026, and the CPU device, which keeps up with them.
    pub(crate) fn is_recent(self) -> bool {
        matches!(self, Self::Cpu | Self::A2 | Self::A3 | Self::Ascend950)
    }

    /// The most stack that a core can have, in bytes.
    pub(crate) fn largest_stack(self) -> u32 {
        match self {
            Self::Ascend950 => 128 << 10,
            Self::Edge => 7_680 << 10,
            _ => 192 << 10,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chip_has_its_family() {
        for (name, family) in [
            ("Ascend-CPU", Family::Cpu),
            ("Ascend310", Family::Inference),
            ("Ascend310P3", Family::Inference),
            ("Ascend310B4", Family::Edge),
            ("Ascend910A", Family::Training),
            ("Ascend910B", Family::Training),
            ("Ascend910B4", Family::A2),
            ("Ascend910_9392", Family::A3),
            ("Ascend950DT_9582", Family::Ascend950),
        ] {
            assert_eq!(Family::of(Profile::named(name).unwrap()), family, "{name}");
        }
        let unknown = Profile::all().filter(|chip| Family::of(chip) == Family::Cpu);
        assert_eq!(unknown.count(), 1, "a product of the table is not known");
    }
}
