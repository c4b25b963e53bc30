//! Two models, or a model and tensors in files, compared value by value: which node is the first that
//! differs.
//!
//! A [`Side`] is a network as ONNX, an `.om` on a device, or files: arrays of NumPy, or what a device
//! dumped. Both get the same [`Feed`]; [`compare`] finds which value of the one is which of the other and
//! gives the [`Figures`] of each, judged by a [`Tolerance`].
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use ascend_rt::Acl;
//! use ascend_rt::compare::{Feed, Scope, Side, compare};
//! use ascend_rt::convert::{self, Options};
//!
//! let options = Options::default();
//! let device = Acl::mock(Default::default())?.device(0)?;
//! let (model, _) = convert::to_onnx("tests/data/families/resnet.onnx".as_ref(), &options)?;
//! let rounded = model.rounded(ascend_graph::onnx::Precision::F16, |_| false)?;
//! let mut half = Side::network_like(&model, rounded.model, &device, &options)?;
//! let mut whole = Side::network(model, &device, &options)?;
//! let feed = Feed::generated(whole.inputs().unwrap_or_default(), 0)?;
//! whole.feed(&feed)?;
//! half.feed(&feed)?;
//! let found = compare(&mut whole, &mut half, &Scope::default(), &mut |_, _| ())?;
//! for row in found.rows.iter().filter(|row| row.value.is_output) {
//!     let cosine = row.figures.as_ref().and_then(|figures| figures.cosine);
//!     println!("{}: cosine {cosine:?}", row.labels[0]);
//! }
//! # assert!(found.rows.len() > 10);
//! # Ok(()) }
//! ```

mod comparison;
mod elements;
mod feed;
mod figures;
mod folder;
mod layout;
mod losses;
mod network;
mod offline;
mod pairs;
mod row;
mod scope;
mod side;
mod stored;
mod sums;
mod tolerance;
mod value;

pub use comparison::{Cause, Comparison, compare};
pub use feed::Feed;
pub use figures::{Figures, Spread};
pub use losses::Loss;
pub use pairs::Match;
pub use row::{Row, Verdict};
pub use scope::Scope;
pub use side::Side;
pub use tolerance::{Expected, Tolerance};
pub use value::Value;
