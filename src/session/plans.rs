//! The plans of the shapes that a session was given so far.

use super::plan::{Plan, Setting};
use crate::error::Result;

/// How many plans are kept: those of all gears that a model may have, and of shapes between them.
const MOST_KEPT: usize = 128;

/// The plans of the shapes that came, so that a run on shapes that came before makes none. A model
/// without gears has one, which is renewed in its place.
#[derive(Debug, Default)]
pub(super) struct Plans {
    kept: Vec<Plan>,
    /// The plan of what lies in the staging.
    staged: Option<usize>,
}

impl Plans {
    /// With a plan for the shapes that lie in the staging of a new session, if all are fixed.
    pub(super) fn new(fixed: Option<Vec<Vec<usize>>>) -> Self {
        let kept = Vec::from_iter(fixed.map(|shapes| Plan {
            given: shapes.clone(),
            shapes,
            ..Plan::default()
        }));
        let staged = (!kept.is_empty()).then_some(0);
        Self { kept, staged }
    }

    /// The plan for `shape` of each input. With it, what lies in the staging is of no plan until
    /// [`Plans::stage`] says so; with an error, it stays as it is.
    pub(super) fn of<'s>(
        &mut self,
        setting: &Setting<'_>,
        shape: impl Fn(usize) -> &'s [usize],
    ) -> Result<(usize, &Plan)> {
        let inputs = setting.description.inputs.len();
        let is_for = |plan: &Plan| plan.is_for(inputs, &shape);
        let last = self.staged.filter(|last| is_for(&self.kept[*last]));
        let known = last.or_else(|| self.kept.iter().position(is_for));
        let index = if let Some(known) = known {
            known
        } else if setting.description.gears.is_none()
            && let Some(plan) = self.kept.first_mut()
        {
            plan.renew(setting, &shape)?;
            0
        } else {
            let plan = Plan::of(setting, &shape)?;
            if self.kept.len() == MOST_KEPT {
                self.kept.clear();
            }
            self.kept.push(plan);
            self.kept.len() - 1
        };
        self.staged = None;
        Ok((index, &self.kept[index]))
    }

    /// Tells the plan `index` the shapes of the outputs, which are known for each gear.
    pub(super) fn expect(&mut self, index: usize, outputs: &[Vec<Vec<usize>>]) {
        let plan = &mut self.kept[index];
        if let Some(outputs) = plan.gear.and_then(|gear| outputs.get(gear)) {
            plan.made.clone_from(outputs);
        }
    }

    /// Says that the staging holds inputs for the plan `index`.
    pub(super) fn stage(&mut self, index: usize) {
        self.staged = Some(index);
    }

    /// Takes out the plan of the staging, to be put back by [`Plans::put`].
    pub(super) fn take(&mut self) -> Option<(usize, Plan)> {
        let index = self.staged?;
        Some((index, std::mem::take(&mut self.kept[index])))
    }

    pub(super) fn put(&mut self, (index, plan): (usize, Plan)) {
        self.kept[index] = plan;
    }

    /// Makes plans anew from now on; that of the staging stays with it.
    pub(super) fn forget(&mut self) {
        let staged = self.take().map(|(_, plan)| Plan {
            given: Vec::new(),
            ..plan
        });
        self.kept.clear();
        self.kept.extend(staged);
        self.staged = self.staged.map(|_| 0);
    }
}
