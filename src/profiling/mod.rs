//! Profiling: what a device does while a program runs, by CANN's own profiler.
//!
//! There are two ways, and a process uses one of them at a time:
//!
//! - [`Acl::profile`](crate::Acl::profile) begins a session that leaves its data in a folder, for
//!   `msprof` and for `ascend profile`. Meanwhile the program may [mark](Profiler::mark) moments
//!   and [ranges](Profiler::range) of its own.
//! - A [`Subscription`] tells the times of a model's operators while it runs, in the program itself.
//!
//! ```
//! use std::sync::Arc;
//! use ascend_rt::profiling::Subscription;
//! use ascend_rt::{Acl, Model, Session};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("resnet50.om");
//! # let mut options = ascend_rt::convert::Options::default();
//! # options.network.size = (64, 64);
//! # let weights = "examples/resnet50/resnet50_slim.safetensors";
//! # ascend_rt::convert::convert(weights.as_ref(), &path, &options)?;
//! let device = Acl::mock(Default::default())?.device(0)?; // or `Acl::auto()`
//! let model = Arc::new(Model::load(&device.context(), path)?);
//! let mut session = Session::new(Arc::clone(&model))?;
//! let mut subscription = match Subscription::new(&model) {
//!     Ok(subscription) => subscription,
//!     // A runtime that cannot tell of operators says so.
//!     Err(error) => return Ok(println!("{error}")),
//! };
//! let image = ndarray::Array4::<f32>::zeros((1, 3, 64, 64));
//! session.run(&[(&image).into()])?;
//! for operator in subscription.finish()? {
//!     println!("{} {:?}", operator.name, operator.duration());
//! }
//! # Ok(()) }
//! ```

mod data;
mod mark;
mod operator_time;
mod profiler;
mod records;
mod subscription;
mod table;

pub use data::{Data, Metrics};
pub use mark::{Range, Scope};
pub use operator_time::{OperatorTime, RecordKind};
pub use profiler::{Profiler, ProfilerOptions};
pub use subscription::Subscription;
