//! The profiler's functions of a runtime.

use ascend_sys::ProfApi;

use crate::acl::{Acl, Origin};
use crate::error::{Error, ErrorKind, Result};

impl Acl {
    /// The same runtime, with a table of the profiler's functions beside the one that it was made
    /// from. A runtime that has one already keeps it.
    ///
    /// # Safety
    ///
    /// As for [`Acl::from_api`].
    #[must_use]
    pub unsafe fn with_profiling(self, prof: ProfApi) -> Self {
        let _ = self.loaded().prof.set(prof);
        self
    }

    /// The profiler's functions.
    pub(crate) fn prof(&self) -> Result<&ProfApi> {
        if let Some(prof) = self.loaded().prof.get() {
            return Ok(prof);
        }
        let prof = match &self.loaded().origin {
            // SAFETY: these are CANN's libraries, and so are those beside them.
            Origin::Cann { libraries, .. } => unsafe { ProfApi::load(libraries) }
                .map_err(|error| Error::new(ErrorKind::Library, error.to_string()))?,
            Origin::Table => {
                let message = "the table of functions given by the caller has none of the profiler: \
                               give them with Acl::with_profiling";
                return Err(Error::new(ErrorKind::MissingSymbol, message));
            }
            #[cfg(feature = "mock")]
            Origin::Mock { lease } => lease.prof(),
        };
        Ok(self.loaded().prof.get_or_init(|| prof))
    }
}
