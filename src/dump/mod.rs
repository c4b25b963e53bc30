//! The tensors between a model's operators, written to files while it runs, and read back.
//!
//! ```
//! use ascend_rt::{Acl, Input, Session};
//! use ascend_rt::dump::{DumpConfig, DumpFolder, Mode};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let om = folder.path().join("resnet50.om");
//! # let mut options = ascend_rt::convert::Options::default();
//! # options.network.size = (32, 32);
//! # let weights = "examples/resnet50/resnet50_slim.safetensors";
//! # ascend_rt::convert::convert(weights.as_ref(), &om, &options)?;
//! # let dumps = folder.path().join("dumps");
//! # std::fs::create_dir(&dumps)?;
//! # let dumps = &dumps;
//! let acl = Acl::mock(Default::default())?; // or `Acl::load()`
//! let config = DumpConfig::new(dumps).model_of(&om).mode(Mode::All);
//! let dump = acl.dump(&config)?; // before the model is loaded
//! let mut session = Session::load(&acl.device(0)?, &om)?;
//! let image = ndarray::Array4::<f32>::zeros((1, 3, 32, 32));
//! session.run(&[Input::from(&image)])?;
//! drop(session);
//! dump.finish()?;
//!
//! for file in DumpFolder::open(dumps)?.files() {
//!     println!("{} {}", file.kind, file.operator);
//! }
//! # Ok(()) }
//! ```

mod config;
mod folder;
mod place;

use std::fmt;
use std::path::{Path, PathBuf};

use crate::acl::Acl;
use crate::acl_config::handed;
use crate::error::Result;

pub use ascend_graph::dump::{DumpFile, DumpTensor, Overflow};

pub use self::config::{Data, DumpConfig, Mode};
pub use self::folder::{DumpFolder, DumpedOperator};

/// Dumps go on until this is dropped or [finished](Dump::finish).
///
/// A model is dumped if it is loaded while this lives, and as long as this lives. One of these at a
/// time is alive in a process. Usable from any thread.
///
/// C API: `aclmdlInitDump`, `aclmdlSetDump`, `aclmdlFinalizeDump`, `acl_rt.h`.
#[must_use = "the dump ends when this is dropped"]
pub struct Dump {
    acl: Acl,
    folder: PathBuf,
    is_over: bool,
}

impl Acl {
    /// Has the tensors of models that are loaded from now on written to files.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) when the configuration
    /// contradicts itself or its folder is missing, when dumps are under way already, or when the
    /// runtime was started with a dump configuration ([`AclConfig::dump`](crate::AclConfig::dump)).
    #[doc(alias = "aclmdlInitDump")]
    pub fn dump(&self, config: &DumpConfig) -> Result<Dump> {
        // Before anything is begun.
        config.to_json()?;
        // SAFETY: no argument; the runtime is initialised while `self` lives (R-294).
        let status = unsafe { self.api().aclmdlInitDump() };
        let doing = format_args!("cannot begin the dump into {}", config.folder().display());
        self.check("aclmdlInitDump", status)
            .map_err(|error| error.while_doing(doing))?;
        // From here on it is ours to end, also on the error path.
        let mut dump = Dump {
            acl: self.clone(),
            folder: config.folder().to_owned(),
            is_over: false,
        };
        dump.set(config)?;
        Ok(dump)
    }
}

impl Dump {
    /// Changes what is dumped of the models that are loaded from now on.
    ///
    /// # Errors
    ///
    /// As for [`Acl::dump`].
    #[doc(alias = "aclmdlSetDump")]
    pub fn set(&mut self, config: &DumpConfig) -> Result<()> {
        let text = format!("{{\"dump\": {}}}\n", config.to_json()?);
        let file = handed(&text, "the configuration of the dump")?;
        // SAFETY: a NUL-terminated path of a file that stays during the call (R-294).
        let status = unsafe { self.acl.api().aclmdlSetDump(file.c_path().as_ptr()) };
        let doing = format_args!("cannot set up the dump into {}", config.folder().display());
        self.acl
            .check("aclmdlSetDump", status)
            .map_err(|error| error.while_doing(doing))?;
        config.folder().clone_into(&mut self.folder);
        Ok(())
    }

    /// The folder that gets the files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Ends the dump.
    ///
    /// # Errors
    ///
    /// What `aclmdlFinalizeDump` answers.
    #[doc(alias = "aclmdlFinalizeDump")]
    pub fn finish(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        self.is_over = true;
        // SAFETY: no argument; the dump was begun by us (R-294).
        let status = unsafe { self.acl.api().aclmdlFinalizeDump() };
        let doing = format_args!("cannot end the dump into {}", self.folder.display());
        self.acl
            .check("aclmdlFinalizeDump", status)
            .map_err(|error| error.while_doing(doing))
    }
}

impl Drop for Dump {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        if let Err(error) = self.end() {
            tracing::error!(%error, "a dump was not ended");
        }
    }
}

impl fmt::Debug for Dump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dump")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}
