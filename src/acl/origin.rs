//! Where the functions come from, and why they come from nowhere.

use std::fmt::{self, Write as _};
use std::path::PathBuf;

use ascend_graph::{Text, text};
use ascend_sys::{AclApi, Libraries, LoadError};

/// Where the functions come from.
#[derive(Debug)]
pub(crate) enum Origin {
    Cann {
        path: PathBuf,
        /// Beside which the libraries of further tables are.
        libraries: Libraries,
    },
    Table,
    #[cfg(feature = "mock")]
    Mock {
        /// Kept for its end, and for further tables.
        lease: ascend_mock::Lease,
    },
}

impl Origin {
    /// What it is for people.
    pub(crate) fn text(&self) -> Text {
        match self {
            Self::Cann { path, .. } => {
                text!("the CANN library {library}", library = path.display())
            }
            Self::Table => text!("the table of functions given by the caller"),
            #[cfg(feature = "mock")]
            Self::Mock { .. } => text!("the built-in CPU device"),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

/// Why no library was loaded.
pub(super) fn not_loaded(error: &LoadError) -> Text {
    let told = error.to_string();
    let LoadError::NotInstalled { searched } = error else {
        return told.into();
    };
    let folders = searched.iter().fold(String::new(), |mut folders, folder| {
        // Writing to a text cannot fail.
        let _ = write!(folders, " {},", folder.display());
        folders
    });
    let [library, other] = [0, 1].map(|index| AclApi::LIBRARIES[index]);
    let text = text!(
        "found no CANN: looked for {library} or {other} in{folders} and where the dynamic linker looks; install \
         the CANN toolkit or runtime, or set ASCEND_TOOLKIT_HOME or LD_LIBRARY_PATH to it (its set_env.sh does)",
        library,
        other,
        folders
    );
    debug_assert_eq!(text.as_str(), told, "the same as it tells itself");
    text
}
