//! The free parts of a range of addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Between the starts of blocks, and the unit of their lengths.
pub(crate) const GRANULE: u64 = 512;

/// How much written memory all gaps together keep from the system: to take memory anew costs
/// several times what a copy into it does.
const TOUCHED_LIMIT: u64 = 512 << 20;

/// The gaps between blocks, by start and by length: the shortest that will do is taken, of equals
/// the lowest, so that memory that was written is used again.
#[derive(Default)]
pub(crate) struct Gaps {
    by_start: BTreeMap<u64, Gap>,
    by_length: BTreeSet<(u64, u64)>,
    /// Those that may be backed by pages, by how many bytes are.
    by_touched: BTreeSet<(u64, u64)>,
    /// The sum of what is touched.
    touched: u64,
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

    /// Gives a range back. Answers the ranges whose pages should go back to the system: if too much
    /// is kept, the gaps that keep most.
    pub(crate) fn give_back(&mut self, start: u64, length: u64) -> Vec<Range<u64>> {
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
        self.insert(start, gap);
        let mut due = Vec::new();
        while self.touched >= TOUCHED_LIMIT
            && let Some(&(_, start)) = self.by_touched.last()
            && let Some(Gap { length, .. }) = self.remove(start)
        {
            self.insert(start, Gap { length, touched: 0 });
            due.push(start..start + length);
        }
        due
    }

    fn insert(&mut self, start: u64, gap: Gap) {
        if gap.length > 0 {
            self.by_length.insert((gap.length, start));
            if gap.touched > 0 {
                self.by_touched.insert((gap.touched, start));
                self.touched += gap.touched;
            }
            self.by_start.insert(start, gap);
        }
    }

    fn remove(&mut self, start: u64) -> Option<Gap> {
        let gap = self.by_start.remove(&start)?;
        self.by_length.remove(&(gap.length, start));
        self.by_touched.remove(&(gap.touched, start));
        self.touched -= gap.touched;
        Some(gap)
    }
}

#[cfg(test)]
mod tests {
    use std::slice;

    use super::*;

    #[test]
    fn gaps_close_again_and_tell_when_they_are_large() {
        let mut gaps = Gaps::new(2 << 30);
        let taken: Vec<u64> = (0..4).filter_map(|_| gaps.take(1024, GRANULE)).collect();
        assert_eq!(taken, [0, 1024, 2048, 3072]);
        for start in [0, 2048, 1024] {
            assert!(gaps.give_back(start, 1024).is_empty());
        }
        assert_eq!(
            gaps.take(1024, GRANULE),
            Some(0),
            "the shortest that will do"
        );
        assert!(gaps.give_back(0, 1024).is_empty());
        assert!(gaps.give_back(3072, 1024).is_empty());
        assert_eq!(gaps.by_start.len(), 1);
        assert_eq!(gaps.take(1 << 30, 2 << 20), Some(0));
        assert_eq!(
            gaps.take(1 << 30, 2 << 20),
            None,
            "alignment might take more"
        );
        assert_eq!(gaps.take(1 << 30, GRANULE), Some(1 << 30));
        assert_eq!(gaps.take(GRANULE, GRANULE), None);
        assert_eq!(gaps.give_back(0, 1 << 30), slice::from_ref(&(0..1 << 30)));
    }

    #[test]
    fn gaps_keep_so_much_together() {
        const BLOCK: u64 = 100 << 20;
        let mut gaps = Gaps::new(2 << 30);
        let blocks: Vec<u64> = (0..13).filter_map(|_| gaps.take(BLOCK, GRANULE)).collect();
        for pair in blocks[..10].chunks(2) {
            assert!(
                gaps.give_back(pair[0], BLOCK).is_empty(),
                "blocks lie between them"
            );
        }
        assert_eq!(gaps.touched, 5 * BLOCK);
        let due = gaps.give_back(blocks[1], BLOCK);
        let most = 0..3 * BLOCK;
        assert_eq!(due, slice::from_ref(&most), "the gap that keeps most");
        assert_eq!(gaps.touched, 3 * BLOCK);
        assert_eq!(
            gaps.take(BLOCK, GRANULE),
            Some(blocks[4]),
            "the shortest that will do"
        );
        assert_eq!(gaps.touched, 2 * BLOCK);
        assert!(gaps.give_back(blocks[12], BLOCK).is_empty());
        assert_eq!(gaps.by_touched.len(), 3);
    }
}
