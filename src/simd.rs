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
    if has_avx2() {
        // SAFETY: the processor has what the function was compiled for (the Rust Reference, "the
        // target_feature attribute").
        return unsafe { avx2(work) };
    }
    work()
}

#[cfg(target_arch = "x86_64")]
fn has_avx2() -> bool {
    #[cfg(test)]
    if IS_PLAIN.get() {
        return false;
    }
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
}

/// Does `work`: elsewhere, such as on aarch64, the standard build uses the vectors that there are.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn widest<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[cfg(test)]
thread_local! {
    static IS_PLAIN: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Does `work` as on a processor that has nothing but what all have.
#[cfg(test)]
pub(crate) fn plainly<R>(work: impl FnOnce() -> R) -> R {
    IS_PLAIN.set(true);
    let done = work();
    IS_PLAIN.set(false);
    done
}
