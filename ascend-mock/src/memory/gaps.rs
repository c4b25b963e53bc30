//! The free parts of a range of addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Between the starts of blocks, and the unit of their lengths.
pub(crate) const GRANULE: u64 = 512;

/// How much of a gap may be written memory before it is given back to the system: to take memory
/// anew costs several times what a copy into it does.
const TOUCHED_LIMIT: u64 = 512 << 20;

/// The gaps between blocks, by start and by length: the shortest that will do is taken, of equals
/// the lowest, so that memory that was written is used again.
#[derive(Default)]
pub(crate) struct Gaps {
    by_start: BTreeMap<u64, Gap>,
    by_length: BTreeSet<(u64, u64)>,
}

struct Gap {
    length: u64,
    /// How many bytes may be backed by pages, at most.
    touched: u64,
}

impl Gaps {
    pub(crate) fn new(length: u64) -> Self {
        let mut gaps = Self::default();
        gaps.insert(0, Gap { length, touched: 0 });
        gaps
    }

    /// Takes `length`, a multiple of the granule, at a multiple of `alignment`.
    pub(crate) fn take(&mut self, length: u64, alignment: u64) -> Option<u64> {
        let slack = alignment.checked_sub(GRANULE)?;
        let enough = length.checked_add(slack)?;
        let &(_, start) = self.by_length.range((enough, 0)..).next()?;
        let gap = self.remove(start)?;
        let taken = start.next_multiple_of(alignment);
        let (before, end) = (taken - start, taken + length);
        let after = gap.length - before - length;
        let touched = gap.touched;
        self.insert(
            start,
            Gap {
                length: before,
                touched: touched.min(before),
            },
        );
        self.insert(
            end,
            Gap {
                length: after,
                touched: touched.min(after),
            },
        );
        Some(taken)
    }

    /// Gives a range back. Answers a range whose pages should go back to the system, if the gap
    /// has become large.
    pub(crate) fn give_back(&mut self, start: u64, length: u64) -> Option<Range<u64>> {
        let (mut start, mut gap) = (
            start,
            Gap {
                length,
                touched: length,
            },
        );
        let below = self.by_start.range(..start).next_back();
        if let Some((&below, before)) = below.filter(|(at, gap)| **at + gap.length == start) {
            (gap.length, gap.touched) = (gap.length + before.length, gap.touched + before.touched);
            self.remove(below);
            start = below;
        }
        if let Some(above) = self.remove(start + gap.length) {
            (gap.length, gap.touched) = (gap.length + above.length, gap.touched + above.touched);
        }
        let range = start..start + gap.length;
        let is_due = gap.touched >= TOUCHED_LIMIT;
        if is_due {
            gap.touched = 0;
        }
        self.insert(start, gap);
        is_due.then_some(range)
    }

    fn insert(&mut self, start: u64, gap: Gap) {
        if gap.length > 0 {
            self.by_length.insert((gap.length, start));
            self.by_start.insert(start, gap);
        }
    }

    fn remove(&mut self, start: u64) -> Option<Gap> {
        let gap = self.by_start.remove(&start)?;
        self.by_length.remove(&(gap.length, start));
        Some(gap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_close_again_and_tell_when_they_are_large() {
        let mut gaps = Gaps::new(2 << 30);
        let taken: Vec<u64> = (0..4).filter_map(|_| gaps.take(1024, GRANULE)).collect();
        assert_eq!(taken, [0, 1024, 2048, 3072]);
        for start in [0, 2048, 1024] {
            assert_eq!(gaps.give_back(start, 1024), None);
        }
        assert_eq!(
            gaps.take(1024, GRANULE),
            Some(0),
            "the shortest that will do"
        );
        assert_eq!(gaps.give_back(0, 1024), None);
        assert_eq!(gaps.give_back(3072, 1024), None);
        assert_eq!(gaps.by_start.len(), 1);
        assert_eq!(gaps.take(1 << 30, 2 << 20), Some(0));
        assert_eq!(
            gaps.take(1 << 30, 2 << 20),
            None,
            "alignment might take more"
        );
        assert_eq!(gaps.take(1 << 30, GRANULE), Some(1 << 30));
        assert_eq!(gaps.take(GRANULE, GRANULE), None);
        assert_eq!(gaps.give_back(0, 1 << 30), Some(0..1 << 30));
    }
}
