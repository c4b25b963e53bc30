//! Which nodes lose precision.

use super::comparison::Comparison;
use super::row::{Row, Verdict};

/// What a node loses.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The node.
    pub node: String,
    /// Its operator.
    pub operator: String,
    /// Whether it makes infinities on the second side, and does not just pass them on: what it gives, or
    /// some of what it reads, is beyond the range of that side's type.
    pub overflows: bool,
    /// How many numbers that it gives are finite and beyond ±65504, the range of `float16`.
    pub beyond_half: u64,
    /// Whether it differs though all that it reads agrees.
    pub is_first: bool,
    /// The relative L2 error that it adds to what it reads: √(e² - i²), with its own error e and the
    /// largest one i of what it reads.
    pub own: f64,
}

impl Comparison {
    /// The nodes that lose something, the worst first: those that overflow, then those that are the first
    /// to differ, then the others by what they lose themselves.
    #[must_use]
    pub fn losses(&self) -> Vec<Loss> {
        let mut losses: Vec<Loss> = Vec::new();
        for (row, receives) in self.rows.iter().zip(self.receives()) {
            let Some(loss) = self.loss(row, receives) else {
                continue;
            };
            // of a node with several outputs the worst one counts
            match losses.iter_mut().find(|known| known.node == loss.node) {
                Some(known) if known.rank() < loss.rank() => *known = loss,
                Some(_) => {}
                None => losses.push(loss),
            }
        }
        losses.sort_by(|a, b| {
            b.rank()
                .partial_cmp(&a.rank())
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        losses
    }

    /// The first row whose node makes infinities on the second side.
    #[must_use]
    pub fn first_overflow(&self) -> Option<usize> {
        let mut rows = self.rows.iter().zip(self.receives());
        rows.position(|(row, receives)| !receives && self.overflows(row))
    }

    /// Of each row whether something before it is infinite or NaN on one side only, as far as that was
    /// compared: then it may just pass that on.
    fn receives(&self) -> Vec<bool> {
        let mut receives: Vec<bool> = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let mut before = row.before.iter();
            let is_lost = before.any(|&place| match &self.rows[place].figures {
                Some(figures) => figures.unlike > 0,
                None => receives.get(place).copied().unwrap_or_default(),
            });
            receives.push(is_lost);
        }
        receives
    }

    /// Whether a node that receives nothing infinite gives it on the second side. Where not all that it
    /// reads was compared, its own numbers have to be too large.
    fn overflows(&self, row: &Row) -> bool {
        let Some(figures) = &row.figures else {
            return false;
        };
        let is_whole = self.knows_order
            && row.reads.len() == row.value.reads.len()
            && row
                .reads
                .iter()
                .all(|&read| self.rows[read].figures.is_some());
        let [a, b] = &figures.sides;
        b.infinite > a.infinite && (a.beyond_half > 0 || is_whole)
    }

    fn loss(&self, row: &Row, receives: bool) -> Option<Loss> {
        let figures = row.figures.as_ref()?;
        let error = |row: &Row| {
            let figures = row.figures.as_ref()?;
            let error = figures.relative_l2.filter(|error| error.is_finite());
            error.filter(|_| figures.unlike == 0)
        };
        let reads = || row.reads.iter().map(|&read| &self.rows[read]);
        let before = reads().filter_map(error).fold(0.0, f64::max);
        // what is divided by an infinity, say, is finite and wrong
        let own = error(row).filter(|_| !receives).map_or(0.0, |error| {
            (error * error - before * before).max(0.0).sqrt()
        });
        let overflows = !receives && self.overflows(row);
        // an infinity that came from before, or may have, tells nothing of this node
        let [a, b] = &figures.sides;
        let is_own = overflows || b.infinite <= a.infinite;
        let is_told = figures.unlike == 0 || (is_own && !receives);
        let is_bad = row.verdict == Verdict::Bad && is_told;
        let is_first = is_bad && reads().all(|read| read.verdict != Verdict::Bad);
        let is_any = overflows || is_first || own > 0.0;
        (is_any && !row.value.node.is_empty()).then(|| Loss {
            node: row.value.node.clone(),
            operator: row.value.operator.clone(),
            overflows,
            beyond_half: figures.sides[0].beyond_half,
            is_first,
            own,
        })
    }
}

impl Loss {
    fn rank(&self) -> (bool, bool, f64) {
        (self.overflows, self.is_first, self.own)
    }
}
