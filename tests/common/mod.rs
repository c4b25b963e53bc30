//! What several test programs share.
#![allow(dead_code, reason = "each test program uses a part of it")]

pub(crate) mod recipe;
pub(crate) mod torch_zip;

use std::path::{Path, PathBuf};

/// A file of the large shared set beside the project, or `None` in a clone without it.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/fixtures")
        .join(path);
    if !found.exists() {
        println!("skipped: there is no ../shared/fixtures/{path}");
        return None;
    }
    Some(found)
}

/// Asserts that `got` is `expected` within `tolerance` of the largest expected value.
#[track_caller]
pub(crate) fn assert_close(got: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len());
    let scale = expected
        .iter()
        .fold(0.0_f64, |scale, value| scale.max(value.abs()));
    let difference = got
        .iter()
        .zip(expected)
        .map(|(got, expected)| (f64::from(*got) - expected).abs());
    let difference = difference.fold(0.0_f64, f64::max) / scale;
    println!("largest difference: {difference:.1e} of the scale");
    assert!(difference <= tolerance, "{difference:.1e} of the scale");
}
