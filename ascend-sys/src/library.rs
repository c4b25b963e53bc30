//! Finding and opening the CANN libraries of this machine.

use std::env;
use std::error::Error;
use std::ffi::OsStr;
use std::fmt;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};

/// The one library of CANN up to 8.x, and the compatibility library of later ones.
const WHOLE: &str = "libascendcl.so";
/// The libraries that share its functions since CANN 8.5, in the order of search.
const PARTS: [&str; 3] = ["libacl_rt.so", "libacl_mdl.so", "libacl_op_executor.so"];
/// Where the toolkit's and the runtime's installers put things by default.
const INSTALL_FOLDERS: [&str; 4] = ["ascend-toolkit/latest", "cann", "nnrt/latest", "latest"];

/// The opened CANN libraries, in the order in which a symbol is looked for.
///
/// They are never closed: CANN keeps threads and exit handlers of its own.
#[derive(Debug)]
pub struct Libraries {
    folder: PathBuf,
    opened: Vec<(PathBuf, ManuallyDrop<Library>)>,
}

impl Libraries {
    /// Opens the CANN of this machine: the first folder of [`Self::search_path`] that has one.
    ///
    /// # Safety
    ///
    /// Opening a library runs its initialisers: the folders must hold the real CANN.
    ///
    /// # Errors
    ///
    /// [`LoadError::NotInstalled`] when no folder has the library, [`LoadError::Broken`] when
    /// one is there and cannot be opened.
    pub unsafe fn open() -> Result<Self, LoadError> {
        let folders = Self::search_path();
        for folder in &folders {
            if library_names().any(|name| folder.join(name).exists()) {
                // SAFETY: as the caller promises.
                return unsafe { Self::open_folder(folder) };
            }
        }
        // Last, what the dynamic linker knows of by itself (ld.so.conf).
        // SAFETY: as the caller promises.
        match unsafe { Library::open(Some(WHOLE), RTLD_NOW | RTLD_GLOBAL) } {
            Ok(library) => Ok(Self {
                folder: PathBuf::new(),
                opened: vec![(PathBuf::from(WHOLE), ManuallyDrop::new(library))],
            }),
            Err(_) => Err(LoadError::NotInstalled { searched: folders }),
        }
    }

    /// Opens `path`: a library file, or a folder that holds the CANN libraries.
    ///
    /// # Safety
    ///
    /// As for [`Self::open`].
    ///
    /// # Errors
    ///
    /// As for [`Self::open`].
    pub unsafe fn open_path(path: &Path) -> Result<Self, LoadError> {
        if path.is_dir() {
            // SAFETY: as the caller promises.
            return unsafe { Self::open_folder(path) };
        }
        if !path.exists() {
            return Err(LoadError::NotInstalled {
                searched: vec![path.to_owned()],
            });
        }
        // SAFETY: as the caller promises.
        let library = unsafe { open_file(path) }?;
        Ok(Self {
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            opened: vec![(path.to_owned(), library)],
        })
    }

    unsafe fn open_folder(folder: &Path) -> Result<Self, LoadError> {
        let mut opened = Vec::new();
        for path in library_names()
            .map(|name| folder.join(name))
            .filter(|path| path.exists())
        {
            // SAFETY: as the caller promises.
            let library = unsafe { open_file(&path) }?;
            opened.push((path, library));
        }
        if opened.is_empty() {
            return Err(LoadError::NotInstalled {
                searched: vec![folder.to_owned()],
            });
        }
        Ok(Self {
            folder: folder.to_owned(),
            opened,
        })
    }

    /// The folders in which CANN is looked for, in order: `LD_LIBRARY_PATH`,
    /// `ASCEND_TOOLKIT_HOME`, `ASCEND_HOME_PATH`, then the usual install folders below
    /// `/usr/local/Ascend` and `~/Ascend`.
    ///
    /// Folders of the toolkit's link-time stubs (`devlib`, `stub`) are left out: they answer
    /// every call with an error.
    #[must_use]
    pub fn search_path() -> Vec<PathBuf> {
        let listed = |name: &str| env::var_os(name).unwrap_or_default();
        let mut folders: Vec<PathBuf> = env::split_paths(&listed("LD_LIBRARY_PATH")).collect();
        let mut roots: Vec<PathBuf> = ["ASCEND_TOOLKIT_HOME", "ASCEND_HOME_PATH"]
            .iter()
            .filter_map(|name| env::var_os(name).map(PathBuf::from))
            .collect();
        let home = env::var_os("HOME").map(|home| Path::new(&home).join("Ascend"));
        for base in [Some(PathBuf::from("/usr/local/Ascend")), home]
            .into_iter()
            .flatten()
        {
            roots.extend(INSTALL_FOLDERS.map(|folder| base.join(folder)));
        }
        for root in roots {
            folders.push(root.join("lib64"));
            folders.push(root.join(format!("{}-linux/lib64", env::consts::ARCH)));
        }
        folders.retain(|folder| !folder.as_os_str().is_empty() && !is_stub(folder));
        let mut seen = Vec::new();
        folders.retain(|folder| {
            !seen.contains(folder) && {
                seen.push(folder.clone());
                true
            }
        });
        folders
    }

    /// The folder the libraries were opened from; empty when the dynamic linker chose it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The libraries' files, in the order of search.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.opened.iter().map(|(path, _)| path.as_path())
    }

    /// The first library's symbol of this NUL-terminated name.
    ///
    /// # Safety
    ///
    /// `T` is the function pointer type that the symbol has in C.
    #[must_use]
    pub unsafe fn symbol<T: Copy>(&self, name: &str) -> Option<T> {
        self.opened.iter().find_map(|(_, library)| {
            // SAFETY: the caller vouches for the type, and the library is never closed.
            let symbol = unsafe { library.get::<T>(name.as_bytes()) };
            symbol.ok().map(|symbol| *symbol)
        })
    }
}

fn library_names() -> impl Iterator<Item = &'static str> {
    std::iter::once(WHOLE).chain(PARTS)
}

fn is_stub(folder: &Path) -> bool {
    folder
        .iter()
        .any(|part| part == OsStr::new("devlib") || part == OsStr::new("stub"))
}

/// # Safety
///
/// As for [`Libraries::open`].
unsafe fn open_file(path: &Path) -> Result<ManuallyDrop<Library>, LoadError> {
    // Globally visible, as if the program were linked to it: CANN's plugins rely on that.
    // SAFETY: as the caller promises.
    let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL) };
    library
        .map(ManuallyDrop::new)
        .map_err(|source| LoadError::Broken {
            path: path.to_owned(),
            source,
        })
}

/// Why there is no CANN to call.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadError {
    /// No folder holds any of its libraries.
    NotInstalled {
        /// The folders that were looked in, in order.
        searched: Vec<PathBuf>,
    },
    /// A library is there, and the dynamic linker refuses it.
    Broken {
        /// The library's file.
        path: PathBuf,
        /// What the linker said.
        source: libloading::Error,
    },
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInstalled { searched } => {
                write!(f, "found no CANN: looked for {WHOLE} or {} in", PARTS[0])?;
                for (index, folder) in searched.iter().enumerate() {
                    write!(
                        f,
                        "{} {}",
                        if index == 0 { "" } else { "," },
                        folder.display()
                    )?;
                }
                write!(
                    f,
                    " and where the dynamic linker looks; install the CANN toolkit or runtime, or \
                     set ASCEND_TOOLKIT_HOME or LD_LIBRARY_PATH to it (its set_env.sh does)"
                )
            }
            Self::Broken { path, source } => write!(
                f,
                "cannot open {}: {source}; source the toolkit's set_env.sh, and check that the \
                 driver is installed and fits this CANN",
                path.display()
            ),
        }
    }
}

impl Error for LoadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NotInstalled { .. } => None,
            Self::Broken { source, .. } => Some(source),
        }
    }
}
