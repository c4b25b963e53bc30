//! The code of every page of documentation has to compile; what can run, runs.

#[doc = include_str!("../docs/check.md")]
mod check {}

#[doc = include_str!("../docs/compare.md")]
mod compare {}

#[doc = include_str!("../docs/cpu-device.md")]
mod cpu_device {}

#[cfg(feature = "cli")]
#[doc = include_str!("../docs/diagnostics.md")]
mod diagnostics {}

#[doc = include_str!("../docs/guide/errors.md")]
mod errors {}

#[doc = include_str!("../docs/guide/first-steps.md")]
mod first_steps {}

#[doc = include_str!("../docs/guide/from-ais-bench.md")]
mod from_ais_bench {}

#[doc = include_str!("../docs/guide/from-cpp.md")]
mod from_cpp {}

#[doc = include_str!("../docs/guide/from-pyacl.md")]
mod from_pyacl {}

#[doc = include_str!("../docs/guide/gears.md")]
mod gears {}

#[doc = include_str!("../docs/guide/memory.md")]
mod memory {}

#[doc = include_str!("../docs/guide/performance.md")]
mod performance {}

#[doc = include_str!("../docs/guide/precision.md")]
mod precision {}

#[doc = include_str!("../docs/guide/serving.md")]
mod serving {}

#[doc = include_str!("../docs/guide/testing.md")]
mod testing {}

#[doc = include_str!("../docs/guide/threads.md")]
mod threads {}

#[doc = include_str!("../docs/guide/untrusted-files.md")]
mod untrusted_files {}

#[cfg(feature = "zh")]
#[doc = include_str!("../docs/language.md")]
mod language {}

#[doc = include_str!("../docs/models.md")]
mod models {}

#[doc = include_str!("../docs/pool.md")]
mod pool {}

#[doc = include_str!("../docs/profile.md")]
mod profile {}

#[doc = include_str!("../docs/weights.md")]
mod weights {}
