//! Code for the widest vectors that the processor has.

/// Does `work`, compiled once for any processor and once for those with AVX2, which the standard
/// build of a program does not use.
///
/// Only what is inlined into `work` gains: mark it `#[inline(always)]`.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(crate) fn widest<R>(work: impl FnOnce() -> R) -> R {
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
    fn avx2<R>(work: impl FnOnce() -> R) -> R {
        work()
    }
    if is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
    {
        // SAFETY: the processor has what the function was compiled for (the Rust Reference, "the
        // target_feature attribute").
        return unsafe { avx2(work) };
    }
    work()
}

/// Does `work`: elsewhere, such as on aarch64, the standard build uses the vectors that there are.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn widest<R>(work: impl FnOnce() -> R) -> R {
    work()
}
