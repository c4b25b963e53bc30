//! What the rules look at.

use super::super::content::{Operator, Profile, Stages, median};

/// A profile, with what several rules ask of it.
pub(super) struct Facts<'p> {
    pub(super) profile: &'p Profile,
    /// The time of all operators.
    pub(super) operators: f64,
}

impl<'p> Facts<'p> {
    pub(super) fn of(profile: &'p Profile) -> Self {
        Self {
            profile,
            operators: profile.operator_time(),
        }
    }

    /// The operators of an NPU; none of the CPU device, whose times say nothing of one.
    pub(super) fn npu(&self) -> impl Iterator<Item = &'p Operator> {
        let is_npu = !self.profile.is_cpu_device;
        self.profile.operators.iter().filter(move |_| is_npu)
    }

    /// How many executions, and their time, of the operators of an NPU that are so.
    pub(super) fn sum(&self, is_so: impl Fn(&Operator) -> bool) -> (u64, f64) {
        let chosen = self.npu().filter(|operator| is_so(operator));
        chosen.fold((0_u64, 0.0), |(count, time), operator| {
            (count.saturating_add(operator.count), time + operator.total)
        })
    }

    pub(super) fn stages(&self) -> Option<Stages> {
        self.profile.stages.filter(|stages| stages.runs > 0)
    }

    /// The calls of these functions: how many, and their time.
    pub(super) fn calls(&self, names: &[&str]) -> (u64, f64) {
        let chosen = self.profile.calls.iter();
        let chosen = chosen.filter(|call| names.contains(&call.name.as_str()));
        chosen.fold((0_u64, 0.0), |(count, time), call| {
            (count.saturating_add(call.count), time + call.total)
        })
    }

    /// The first iteration or execution, and a later one as usual.
    pub(super) fn first_and_later(&self) -> Option<(f64, f64)> {
        if let Some(stages) = self.stages() {
            return Some((stages.first.execute, stages.steady.execute));
        }
        let (first, later) = self.profile.iterations.split_first()?;
        (!later.is_empty()).then(|| (*first, median(later)))
    }
}

/// The types of operators that multiply matrices, where the precision decides.
pub(super) fn is_matrix(op_type: &str) -> bool {
    const MATRIX: [&str; 9] = [
        "conv2d",
        "conv3d",
        "conv",
        "matmul",
        "gemm",
        "batchmatmul",
        "depthwiseconv2d",
        "fullyconnection",
        "flashattention",
    ];
    let op_type = op_type.to_ascii_lowercase();
    MATRIX.iter().any(|known| op_type.starts_with(known))
}

/// Whether a field of types, such as `FLOAT;FLOAT`, has this one.
pub(super) fn has_type(types: &str, wanted: &[&str]) -> bool {
    let mut each = types
        .split([';', ','])
        .map(|one| one.trim().trim_matches('"'));
    each.any(|one| wanted.iter().any(|wanted| one.eq_ignore_ascii_case(wanted)))
}

/// Whether the device's own CPUs compute it.
pub(super) fn is_aicpu(operator: &Operator) -> bool {
    // `AI_CPU`, `KERNEL_AICPU`, `kernel AI cpu task`
    let letters = operator.core.chars().filter(char::is_ascii_alphanumeric);
    let core: String = letters.map(|c| c.to_ascii_uppercase()).collect();
    core.contains("AICPU")
}

/// Whether it is of one of these types.
pub(super) fn is_one_of(operator: &Operator, types: &[&str]) -> bool {
    types
        .iter()
        .any(|known| operator.op_type.eq_ignore_ascii_case(known))
}
