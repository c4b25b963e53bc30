//! From a JPEG or PNG file to a model's input, and from its scores to names.
//!
//! A [`Picture`] is what a file shows: upright 8-bit RGB. A [`Preprocess`] turns it into the numbers
//! a model was trained on, straight into memory that the caller owns. [`top_k`] and [`softmax`]
//! read the answer, and [`Labels`] names it.
//!
//! The yardstick is torchvision on Pillow. Resizing the same pixels differs from it by one level of
//! 255 at most. Decoding a baseline JPEG file in colour gives the same pixels; another JPEG file, such
//! as a progressive one, pixels that differ by a few levels at most places.
//!
//! A [`Preprocessor`] takes a file's bytes instead and keeps its memory: for many files, it is the
//! fastest way. It never decodes a JPEG file at a reduced scale, as Pillow's draft mode does: that
//! changes the resized picture by tens of levels.
//!
//! ```
//! use ascend_rt::vision::{Picture, Preprocess, top_k};
//!
//! let picture = Picture::from_rgb(500, 375, vec![128; 500 * 375 * 3])?;
//! let preprocess = Preprocess::default(); // ImageNet: short side 256, centre 224, mean and std
//! let mut input = vec![0.0_f32; preprocess.len()]; // or pinned memory
//! preprocess.apply(&picture, &mut input)?;
//!
//! let scores = [0.1, 2.5, -1.0];
//! assert_eq!(top_k(&scores, 1)?[0].index, 1);
//! # Ok::<(), ascend_rt::Error>(())
//! ```
#![forbid(unsafe_code)]

mod format;
mod jpeg;
mod labels;
mod orientation;
mod picture;
mod png;
mod preprocess;
mod preprocessor;
mod ranking;
mod window;

pub use labels::Labels;
pub use picture::{Limits, Picture};
pub use preprocess::{Preprocess, PreprocessBuilder, Resize, Sample};
pub use preprocessor::Preprocessor;
pub use ranking::{Ranked, softmax, top_k};
