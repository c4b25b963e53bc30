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
    /// Whether it gives numbers beyond the range of the second side's type.
    pub overflows: bool,
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
        for row in &self.rows {
            let Some(loss) = self.loss(row) else { continue };
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

    fn loss(&self, row: &Row) -> Option<Loss> {
        let figures = row.figures.as_ref()?;
        let error = |row: &Row| {
            let figures = row.figures.as_ref()?;
            let error = figures.relative_l2.filter(|error| error.is_finite());
            error.filter(|_| figures.unlike == 0)
        };
        let reads = || row.reads.iter().map(|&read| &self.rows[read]);
        let before = reads().filter_map(error).fold(0.0, f64::max);
        let own = error(row).map_or(0.0, |error| {
            (error * error - before * before).max(0.0).sqrt()
        });
        let overflows = figures.sides[1].infinite > figures.sides[0].infinite
            && reads().all(|read| read.figures.as_ref().is_none_or(|read| read.unlike == 0));
        let is_bad = row.verdict == Verdict::Bad;
        let is_first = is_bad && reads().all(|read| read.verdict != Verdict::Bad);
        let is_any = overflows || is_first || own > 0.0;
        (is_any && !row.value.node.is_empty()).then(|| Loss {
            node: row.value.node.clone(),
            operator: row.value.operator.clone(),
            overflows,
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
