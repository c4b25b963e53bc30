//! Which weight goes where.

use std::collections::{HashMap, HashSet};

use super::habits::{Reader, Role, is_anonymous, is_counter, is_statistic};
use super::slots::{Slot, slots};
use super::{Match, MatchedBy, Misfit, Missing, Plan, Unmatched, Weight};
use crate::DataType;
use crate::onnx::Model;

/// Matches the constants of a model with weights.
pub(super) fn match_all(model: &Model, weights: &[Weight]) -> Plan {
    let mut matcher = Matcher {
        weights,
        by_name: HashMap::new(),
        used: vec![false; weights.len()],
        plan: Plan::default(),
    };
    for (index, weight) in weights.iter().enumerate() {
        matcher.by_name.insert(&weight.name, index);
    }
    matcher.match_all(&slots(model));
    matcher.plan
}

struct Matcher<'w> {
    weights: &'w [Weight],
    by_name: HashMap<&'w str, usize>,
    used: Vec<bool>,
    plan: Plan,
}

/// How a weight fits into a constant.
#[derive(Clone, Copy, PartialEq)]
enum Fit {
    AsIs,
    Transposed,
    /// A square matrix that is multiplied with.
    Either,
    Not,
}

impl Matcher<'_> {
    fn match_all(&mut self, all: &[Slot<'_>]) {
        let mut rest = self.match_names(all);
        self.match_tied(&mut rest, all);
        self.match_nodes(&mut rest);
        self.match_shapes(&mut rest);
        self.plan.leftover = self.leftover();
        self.plan.folded = self.folded();
        self.judge(&rest);
        self.plan.hint = self.hint();
    }

    fn leftover(&self) -> Vec<usize> {
        let unused = (0..self.weights.len()).filter(|&index| !self.used[index]);
        unused
            .filter(|&index| !is_counter(&self.weights[index].name))
            .collect()
    }

    /// Statistics of normalisations that went nowhere, beside layers that did not.
    fn folded(&self) -> Vec<usize> {
        let matches = self.plan.matches.iter();
        let filled: HashSet<&str> = matches
            .filter_map(|found| block_of(&self.weights[found.weight].name))
            .collect();
        let leftover = self.plan.leftover.iter().copied();
        leftover
            .filter(|&index| {
                let name = &self.weights[index].name;
                is_statistic(name) && block_of(name).is_some_and(|block| filled.contains(block))
            })
            .collect()
    }

    /// Matches what has one name, and gives the rest.
    fn match_names<'s>(&mut self, all: &'s [Slot<'s>]) -> Vec<&'s Slot<'s>> {
        let (mut rest, mut square) = (Vec::new(), Vec::new());
        // Whether the matrices that are multiplied with lie transposed, if one can see it.
        let (mut some_are, mut some_are_not) = (false, false);
        for slot in all {
            let Some(&weight) = self.by_name.get(slot.name.as_str()) else {
                rest.push(slot);
                continue;
            };
            match self.fit(slot, weight) {
                Fit::Either => square.push((slot, weight)),
                Fit::Not => self.refuse(slot, weight, false),
                fit => {
                    if slot.is_product() {
                        some_are |= fit == Fit::Transposed;
                        some_are_not |= fit == Fit::AsIs;
                    }
                    self.accept(slot, weight, MatchedBy::Name, fit == Fit::Transposed);
                }
            }
        }
        for (slot, weight) in square {
            if some_are && some_are_not {
                self.refuse(slot, weight, true);
            } else {
                self.accept(slot, weight, MatchedBy::Name, some_are);
            }
        }
        rest
    }

    /// Matches what has no weight of its name, while one of its other names has: parameters that are
    /// tied, of which a checkpoint may keep one.
    fn match_tied(&mut self, rest: &mut Vec<&Slot<'_>>, all: &[Slot<'_>]) {
        let mut tied: HashMap<&str, Vec<usize>> = HashMap::new();
        for slot in all {
            let weight = self.by_name.get(slot.name.as_str());
            if let (Some(source), Some(&weight)) = (&slot.copied, weight) {
                tied.entry(source).or_default().push(weight);
            }
        }
        rest.retain(|slot| {
            let Some([weight]) = tied.get(slot.name.as_str()).map(Vec::as_slice) else {
                return true;
            };
            let is_tied = !is_anonymous(&slot.name) && self.fit(slot, *weight) == Fit::AsIs;
            if is_tied {
                self.accept(slot, *weight, MatchedBy::Name, false);
            }
            !is_tied
        });
    }

    /// Matches factors and slopes by the module that their node names.
    fn match_nodes(&mut self, rest: &mut Vec<&Slot<'_>>) {
        rest.retain(|slot| {
            let Some(weight) = self.of_module(slot).filter(|&weight| !self.used[weight]) else {
                return true;
            };
            let is_turned = match self.fit(slot, weight) {
                Fit::Transposed | Fit::Either => true,
                Fit::AsIs if slot.readers.iter().all(Reader::is_slope) => false,
                _ => return true,
            };
            self.accept(slot, weight, MatchedBy::Node, is_turned);
            false
        });
    }

    /// The weight that all readers of a constant with a made-up name tell.
    fn of_module(&self, slot: &Slot<'_>) -> Option<usize> {
        let is_meant = is_anonymous(&slot.name) && slot.copied.is_none();
        let mut names = slot.readers.iter().map(Reader::module_weight);
        let first = names.next().flatten().filter(|_| is_meant)?;
        let is_one = names.all(|name| name.as_ref() == Some(&first));
        self.by_name.get(&*first).copied().filter(|_| is_one)
    }

    /// Matches factors whose shape neither another constant nor another weight has.
    fn match_shapes(&mut self, rest: &mut Vec<&Slot<'_>>) {
        let mut wanted: HashMap<Vec<i64>, usize> = HashMap::new();
        for slot in rest.iter().filter(|slot| slot.may_be_weight()) {
            *wanted.entry(sorted(&slot.dims)).or_default() += 1;
        }
        let mut offered: HashMap<Vec<i64>, Vec<usize>> = HashMap::new();
        for index in self.leftover() {
            let dims = sorted(&self.weights[index].dims);
            offered.entry(dims).or_default().push(index);
        }
        rest.retain(|slot| {
            let shape = sorted(&slot.dims);
            let is_factor = is_anonymous(&slot.name) && slot.copied.is_none() && slot.is_product();
            let (Some(1), Some([weight])) =
                (wanted.get(&shape), offered.get(&shape).map(Vec::as_slice))
            else {
                return true;
            };
            if !is_factor || !self.is_turned(slot, *weight) {
                return true;
            }
            self.accept(slot, *weight, MatchedBy::Shape, true);
            false
        });
    }

    /// Whether the weight of a linear layer goes transposed into a factor.
    fn is_turned(&self, slot: &Slot<'_>, weight: usize) -> bool {
        matches!(self.fit(slot, weight), Fit::Transposed | Fit::Either)
    }

    fn fit(&self, slot: &Slot<'_>, weight: usize) -> Fit {
        let weight = &self.weights[weight];
        let is_float = |dtype| {
            use DataType::{BF16, F16, F32, F64};
            matches!(dtype, F16 | BF16 | F32 | F64)
        };
        let fits = slot.dtype.is_some_and(|dtype| {
            dtype == weight.dtype || (is_float(dtype) && is_float(weight.dtype))
        });
        if !fits || slot.is_torn {
            return Fit::Not;
        }
        match (&slot.dims[..], &weight.dims[..]) {
            ([rows, columns], [first, second]) if slot.is_product() => {
                match (
                    rows == first,
                    columns == second,
                    rows == second && columns == first,
                ) {
                    (true, true, true) => Fit::Either,
                    (true, true, _) => Fit::AsIs,
                    (_, _, true) => Fit::Transposed,
                    _ => Fit::Not,
                }
            }
            (own, given) if without_ones(own).eq(without_ones(given)) => Fit::AsIs,
            _ => Fit::Not,
        }
    }

    fn accept(&mut self, slot: &Slot<'_>, weight: usize, by: MatchedBy, is_transposed: bool) {
        self.used[weight] = true;
        self.plan.matches.push(Match {
            constant: slot.name.clone(),
            weight,
            dtype: slot.dtype.unwrap_or(DataType::Undefined),
            dims: slot.dims.clone(),
            by,
            is_transposed,
        });
    }

    fn refuse(&mut self, slot: &Slot<'_>, weight: usize, is_undecided: bool) {
        self.used[weight] = true;
        self.plan.misfits.push(Misfit {
            constant: slot.name.clone(),
            weight,
            dtype: slot.dtype.unwrap_or(DataType::Undefined),
            dims: slot.dims.clone(),
            is_undecided,
        });
    }

    /// Tells constants of the computation from those that miss a weight.
    fn judge(&mut self, rest: &[&Slot<'_>]) {
        let has_statistics = self
            .plan
            .leftover
            .iter()
            .any(|&index| is_statistic(&self.weights[index].name));
        for slot in rest {
            let why = match (is_anonymous(&slot.name), slot.role()) {
                _ if !slot.may_be_weight() => None,
                (false, _) => Some(Missing::Name),
                (_, Role::Convolution) if has_statistics => Some(Missing::FoldedNormalisation),
                (_, Role::Convolution) => Some(Missing::Computed),
                (_, Role::Recurrence) => Some(Missing::Rearranged),
                (_, Role::Product | Role::Weight) => Some(Missing::Ambiguous),
                // Once every weight has its place, nothing is left that this could be.
                (_, Role::Unknown) => {
                    (!self.plan.leftover.is_empty()).then_some(Missing::Ambiguous)
                }
            };
            match why {
                None => self.plan.kept += usize::from(slot.copied.is_none()),
                Some(why) => self.plan.unmatched.push(Unmatched {
                    constant: slot.name.clone(),
                    dtype: slot.dtype.unwrap_or(DataType::Undefined),
                    dims: slot.dims.clone(),
                    why,
                }),
            }
        }
    }

    /// Looks for a beginning that the names of weights have too much or too little.
    fn hint(&self) -> Option<(String, String, usize)> {
        let unmatched = self.plan.unmatched.iter();
        let names: HashSet<&str> = unmatched
            .filter(|unmatched| unmatched.why == Missing::Name)
            .map(|unmatched| &*unmatched.constant)
            .collect();
        let left = self.plan.leftover.iter();
        let left: HashSet<&str> = left.map(|&index| &*self.weights[index].name).collect();
        let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
        for weight in &left {
            for (prefix, _) in endings(weight).filter(|(_, rest)| names.contains(rest)) {
                *counts.entry((prefix, "")).or_default() += 1;
            }
        }
        for name in &names {
            for (prefix, _) in endings(name).filter(|(_, rest)| left.contains(rest)) {
                *counts.entry(("", prefix)).or_default() += 1;
            }
        }
        let best = counts
            .into_iter()
            .max_by_key(|&(pair, count)| (count, pair));
        best.map(|((off, on), count)| (off.to_owned(), on.to_owned(), count))
    }
}

/// The module in which the module of a parameter lies: `layer1.0` for `layer1.0.bn1.running_mean`.
fn block_of(name: &str) -> Option<&str> {
    let (module, _) = name.rsplit_once('.')?;
    Some(module.rsplit_once('.').map_or("", |(block, _)| block))
}

/// The parts of a name before and behind each of its first dots.
fn endings(name: &str) -> impl Iterator<Item = (&str, &str)> {
    let dots = name.match_indices('.').take(8);
    dots.map(|(at, _)| name.split_at(at + 1))
        .filter(|(_, rest)| !rest.is_empty())
}

fn sorted(dims: &[i64]) -> Vec<i64> {
    let mut dims = dims.to_vec();
    dims.sort_unstable();
    dims
}

fn without_ones(dims: &[i64]) -> impl Iterator<Item = &i64> {
    dims.iter().filter(|&&dim| dim != 1)
}
