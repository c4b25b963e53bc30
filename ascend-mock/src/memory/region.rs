//! The part of the process's addresses that devices have, if the system agrees: the host's own
//! memory is never put there.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Below where programs and their stacks and heaps lie.
const FIRST: usize = 0x1200_0000_0000;
const LAST: usize = 0x5500_0000_0000;

/// Ranges start at multiples of this, so that large pages fit.
const UNIT: usize = 2 << 20;

/// Everything goes on after the last range, so that addresses which were given back, and those of
/// a world that ended, mean nothing.
static NEXT: AtomicUsize = AtomicUsize::new(FIRST);

/// Where `bytes` bytes may lie; 0 (anywhere) for more than there are.
pub(super) fn next(bytes: usize) -> usize {
    let Some(bytes) = bytes
        .checked_next_multiple_of(UNIT)
        .filter(|bytes| *bytes <= LAST - FIRST)
    else {
        return 0;
    };
    let place = |next: usize| if next + bytes > LAST { FIRST } else { next };
    let advance = |next: usize| Some(place(next) + bytes);
    let taken = NEXT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, advance);
    taken.map_or(0, place)
}

pub(super) fn holds(address: u64) -> bool {
    (FIRST as u64..LAST as u64).contains(&address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_follow_each_other_and_none_is_too_large() {
        assert_eq!(next(usize::MAX), 0);
        assert_eq!(next(LAST), 0);
        let (one, two) = (next(1), next(LAST - FIRST));
        assert!(one.is_multiple_of(UNIT) && holds(one as u64));
        assert_eq!(two, FIRST, "after the last range the first one comes again");
        assert!(!holds(LAST as u64) && !holds(0));
    }
}
