//! What a session of profiling collects.

use std::fmt;
use std::ops::BitOr;

use ascend_sys::aclprofAicoreMetrics;

/// Kinds of data, joined by `|`.
///
/// Not every chip has every kind: one that it lacks is refused when the session starts.
///
/// C API: `ACL_PROF_…`, `acl_prof.h`.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Data(u64);

impl Data {
    /// The calls of AscendCL's functions, with their times.
    pub const API: Self = Self(0x1);
    /// The times of tasks on the device, with what is known of their operators.
    pub const TASK_TIME: Self = Self(0x2);
    /// The counters of the AI cores that [`Metrics`] choose.
    pub const AICORE_METRICS: Self = Self(0x4);
    /// The operators that the device's own CPUs compute.
    pub const AICPU: Self = Self(0x8);
    /// The second level's cache.
    pub const L2_CACHE: Self = Self(0x10);
    /// Communication between devices.
    pub const HCCL: Self = Self(0x20);
    /// The steps of a training.
    pub const TRAINING: Self = Self(0x40);
    /// The program's own marks and ranges.
    pub const MARKS: Self = Self(0x80);
    /// The calls of the runtime below AscendCL.
    pub const RUNTIME_API: Self = Self(0x100);
    /// The times of tasks, without what is known of their operators: costs less.
    pub const TASK_TIME_L0: Self = Self(0x800);
    /// The memory that operators take.
    pub const TASK_MEMORY: Self = Self(0x1000);
    /// The attributes of operators.
    pub const OP_ATTRIBUTES: Self = Self(0x4000);

    /// The C number.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// These kinds of data, of which a newer CANN may know more than this crate.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Whether all of `other` is in here.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Data {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Data({:#x})", self.0)
    }
}

/// Which counters of the AI cores are read.
///
/// C API: `aclprofAicoreMetrics`, `acl_prof.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Metrics {
    /// The shares of the kinds of arithmetic.
    Arithmetic,
    /// How busy each unit is.
    Pipe,
    /// The bandwidths of the outer memories.
    Memory,
    /// The bandwidths of the innermost memories.
    MemoryL0,
    /// Conflicts of the vector unit.
    ResourceConflict,
    /// The bandwidths of the vector unit's memory.
    MemoryUb,
    /// Hits and misses of the second level's cache.
    L2Cache,
    /// How busy each unit is, as executed.
    PipeExecute,
    /// The bytes between the memories.
    MemoryAccess,
}

impl Metrics {
    /// The C value.
    pub(super) fn raw(metrics: Option<Self>) -> aclprofAicoreMetrics {
        match metrics {
            None => aclprofAicoreMetrics::ACL_AICORE_NONE,
            Some(Self::Arithmetic) => aclprofAicoreMetrics::ACL_AICORE_ARITHMETIC_UTILIZATION,
            Some(Self::Pipe) => aclprofAicoreMetrics::ACL_AICORE_PIPE_UTILIZATION,
            Some(Self::Memory) => aclprofAicoreMetrics::ACL_AICORE_MEMORY_BANDWIDTH,
            Some(Self::MemoryL0) => aclprofAicoreMetrics::ACL_AICORE_L0B_AND_WIDTH,
            Some(Self::ResourceConflict) => {
                aclprofAicoreMetrics::ACL_AICORE_RESOURCE_CONFLICT_RATIO
            }
            Some(Self::MemoryUb) => aclprofAicoreMetrics::ACL_AICORE_MEMORY_UB,
            Some(Self::L2Cache) => aclprofAicoreMetrics::ACL_AICORE_L2_CACHE,
            Some(Self::PipeExecute) => aclprofAicoreMetrics::ACL_AICORE_PIPE_EXECUTE_UTILIZATION,
            Some(Self::MemoryAccess) => aclprofAicoreMetrics::ACL_AICORE_MEMORY_ACCESS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_are_those_of_the_header() {
        for (data, constant) in [
            (Data::API, ascend_sys::ACL_PROF_ACL_API),
            (Data::TASK_TIME, ascend_sys::ACL_PROF_TASK_TIME),
            (Data::AICORE_METRICS, ascend_sys::ACL_PROF_AICORE_METRICS),
            (Data::AICPU, ascend_sys::ACL_PROF_AICPU),
            (Data::L2_CACHE, ascend_sys::ACL_PROF_L2CACHE),
            (Data::HCCL, ascend_sys::ACL_PROF_HCCL_TRACE),
            (Data::TRAINING, ascend_sys::ACL_PROF_TRAINING_TRACE),
            (Data::MARKS, ascend_sys::ACL_PROF_MSPROFTX),
            (Data::RUNTIME_API, ascend_sys::ACL_PROF_RUNTIME_API),
            (Data::TASK_TIME_L0, ascend_sys::ACL_PROF_TASK_TIME_L0),
            (Data::TASK_MEMORY, ascend_sys::ACL_PROF_TASK_MEMORY),
            (Data::OP_ATTRIBUTES, ascend_sys::ACL_PROF_OP_ATTR),
        ] {
            assert_eq!(Some(data.bits()), u64::try_from(constant).ok(), "{data:?}");
        }
        let both = Data::API | Data::MARKS;
        assert!(both.contains(Data::MARKS) && !both.contains(Data::AICPU));
        assert_eq!(Data::from_bits(both.bits()), both);
    }
}
