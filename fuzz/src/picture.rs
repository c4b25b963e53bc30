//! What a user does with a picture: decodes it, and turns it into a model's input, with memory that is kept.

use std::cell::RefCell;
use std::hint::black_box;

use ascend_rt::vision::{Limits, Picture, Preprocess, Preprocessor, Resize};

/// Small, so that a picture which evades them is seen by the fuzzer's own limit.
const LIMITS: Limits = Limits {
    pixels: 1 << 20,
    bytes: 1 << 20,
};
const SIDE: u32 = 16;

thread_local! {
    static PREPROCESSOR: RefCell<Preprocessor> = RefCell::new(Preprocessor::new(steps()).with_limits(LIMITS));
}

fn steps() -> Preprocess {
    let steps = Preprocess::builder().with_resize(Resize::ShortSide(20));
    steps.with_crop(SIDE, SIDE).build().unwrap()
}

/// Decodes a file whole, and the part of it that a model sees.
pub fn decode(file: &[u8]) {
    let whole = Picture::decode_within(file, LIMITS).map(black_box);
    let mut output = vec![0_f32; 3 * (SIDE * SIDE) as usize];
    let run = PREPROCESSOR.with_borrow_mut(|preprocessor| preprocessor.run(file, &mut output));
    match (whole, run) {
        (Err(error), run) => assert_eq!(error.to_string(), run.unwrap_err().to_string()),
        (Ok(_), Ok(())) => assert!(output.iter().all(|level| level.is_finite())),
        (Ok(_), Err(error)) => assert!(!error.to_string().is_empty()),
    }
}
