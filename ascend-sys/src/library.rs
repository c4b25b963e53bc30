//! Finding and opening the CANN libraries of this machine.

use std::env;
use std::error::Error;
use std::ffi::{OsStr, OsString, c_char};
use std::fmt;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};

use crate::{AclApi, MissingSymbol, aclLogLevel};

/// Where a function begins, whatever its signature.
pub(crate) type Address = unsafe extern "C" fn();

/// The one library of CANN up to 8.x, and the compatibility library of later ones, which share
/// its functions among several.
const WHOLE: &str = AclApi::LIBRARIES[0];
/// Where the toolkit's and the runtime's installers put things by default.
const INSTALL_FOLDERS: [&str; 4] = ["ascend-toolkit/latest", "cann", "nnrt/latest", "latest"];

/// The C function `aclAppLog`: level, function, file, line and a `printf` format with its values.
pub type AppLog = unsafe extern "C" fn(
    level: aclLogLevel,
    function: *const c_char,
    file: *const c_char,
    line: u32,
    format: *const c_char,
    ...
);

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
            if AclApi::LIBRARIES
                .iter()
                .any(|name| folder.join(name).exists())
            {
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
        // SAFETY: as the caller promises.
        let opened = unsafe { open_in(folder, AclApi::LIBRARIES) }?;
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
    /// Folders of the toolkit's link-time stubs are left out ([`Self::is_stub`]).
    #[must_use]
    pub fn search_path() -> Vec<PathBuf> {
        Self::search_path_in(&|name| env::var_os(name), env::consts::ARCH)
    }

    /// As [`Self::search_path`], with the variables of another environment, on a machine of another
    /// architecture.
    #[must_use]
    pub fn search_path_in(
        variable: &dyn Fn(&str) -> Option<OsString>,
        architecture: &str,
    ) -> Vec<PathBuf> {
        let listed = variable("LD_LIBRARY_PATH").unwrap_or_default();
        let mut folders: Vec<PathBuf> = env::split_paths(&listed).collect();
        for root in Self::install_folders_in(variable) {
            folders.push(root.join("lib64"));
            folders.push(root.join(format!("{architecture}-linux/lib64")));
        }
        folders.retain(|folder| !folder.as_os_str().is_empty() && !Self::is_stub(folder));
        let mut seen = Vec::new();
        folders.retain(|folder| {
            !seen.contains(folder) && {
                seen.push(folder.clone());
                true
            }
        });
        folders
    }

    /// The folders that a CANN may be installed in, in the order of search: `ASCEND_TOOLKIT_HOME`,
    /// `ASCEND_HOME_PATH`, then the usual ones below `/usr/local/Ascend` and `~/Ascend`.
    #[must_use]
    pub fn install_folders() -> Vec<PathBuf> {
        Self::install_folders_in(&|name| env::var_os(name))
    }

    /// As [`Self::install_folders`], with the variables of another environment.
    #[must_use]
    pub fn install_folders_in(variable: &dyn Fn(&str) -> Option<OsString>) -> Vec<PathBuf> {
        let mut roots: Vec<PathBuf> = ["ASCEND_TOOLKIT_HOME", "ASCEND_HOME_PATH"]
            .iter()
            .filter_map(|name| variable(name).map(PathBuf::from))
            .collect();
        let home = variable("HOME").map(|home| Path::new(&home).join("Ascend"));
        for base in [Some(PathBuf::from("/usr/local/Ascend")), home]
            .into_iter()
            .flatten()
        {
            roots.extend(INSTALL_FOLDERS.map(|folder| base.join(folder)));
        }
        roots
    }

    /// Tells whether the folder is one of the toolkit's link-time stubs (`devlib`, `stub`), which
    /// answer every call with an error.
    #[must_use]
    pub fn is_stub(folder: &Path) -> bool {
        folder
            .iter()
            .any(|part| part == OsStr::new("devlib") || part == OsStr::new("stub"))
    }

    /// Opens those of the libraries `names` that are there: in the folder of these, else in the
    /// first folder of [`Self::search_path`] that has one, else where the dynamic linker looks.
    ///
    /// # Safety
    ///
    /// As for [`Self::open`].
    ///
    /// # Errors
    ///
    /// [`LoadError::NoLibrary`] when none of them is there, [`LoadError::Broken`] when one is
    /// there and cannot be opened.
    pub unsafe fn beside(&self, names: &[&'static str]) -> Result<Self, LoadError> {
        let mut folders = vec![self.folder.clone()];
        folders.extend(Self::search_path());
        folders.retain(|folder| !folder.as_os_str().is_empty());
        for folder in &folders {
            // SAFETY: as the caller promises.
            let opened = unsafe { open_in(folder, names) }?;
            if !opened.is_empty() {
                return Ok(Self {
                    folder: folder.clone(),
                    opened,
                });
            }
        }
        // SAFETY: as the caller promises.
        let open = |name: &str| unsafe { Library::open(Some(name), RTLD_NOW | RTLD_GLOBAL) };
        let opened: Vec<_> = names
            .iter()
            .filter_map(|name| Some((PathBuf::from(name), ManuallyDrop::new(open(name).ok()?))))
            .collect();
        if opened.is_empty() {
            return Err(LoadError::NoLibrary {
                names: names.to_vec(),
                searched: folders,
            });
        }
        Ok(Self {
            folder: PathBuf::new(),
            opened,
        })
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

    /// The function of this NUL-terminated name in the first library that has it.
    pub(crate) fn address(&self, name: &str) -> Option<Address> {
        // SAFETY: a pointer to a function whose signature nobody relies on yet.
        unsafe { self.symbol(name) }
    }

    /// The function `aclAppLog`, which no table holds because it is variadic.
    ///
    /// # Errors
    ///
    /// When the libraries lack it.
    pub fn app_log(&self) -> Result<AppLog, MissingSymbol> {
        const NAME: &str = "aclAppLog";
        // SAFETY: this is the function's signature in every release.
        unsafe { self.symbol("aclAppLog\0") }.ok_or(MissingSymbol {
            symbol: NAME,
            origin: "In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier.",
        })
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

/// Opens those of the libraries that the folder has.
///
/// # Safety
///
/// As for [`Libraries::open`].
unsafe fn open_in(
    folder: &Path,
    names: &[&'static str],
) -> Result<Vec<(PathBuf, ManuallyDrop<Library>)>, LoadError> {
    names
        .iter()
        .map(|name| folder.join(name))
        .filter(|path| path.exists())
        .map(|path| {
            // SAFETY: as the caller promises.
            let library = unsafe { open_file(&path) }?;
            Ok((path, library))
        })
        .collect()
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
    /// No folder holds any of the libraries of a further table.
    NoLibrary {
        /// The names that were looked for, in order; CANN releases differ in them.
        names: Vec<&'static str>,
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
            Self::NotInstalled { searched } => write!(
                f,
                "found no CANN: looked for {} in{}; install the CANN toolkit or runtime, or set \
                 ASCEND_TOOLKIT_HOME or LD_LIBRARY_PATH to it (its set_env.sh does)",
                Names(&AclApi::LIBRARIES[..2]),
                Searched(searched)
            ),
            Self::NoLibrary { names, searched } => write!(
                f,
                "found no {} in{}; the part of CANN that has it is not installed, or belongs to \
                 another release: install the full toolkit, or add its folder to LD_LIBRARY_PATH",
                Names(names),
                Searched(searched)
            ),
            Self::Broken { path, source } => write!(
                f,
                "cannot open {}: {source}; source the toolkit's set_env.sh, and check that the \
                 driver is installed and fits this CANN",
                path.display()
            ),
        }
    }
}

/// File names, the way one says them.
struct Names<'a>(&'a [&'static str]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" or "))
    }
}

/// Where was looked.
struct Searched<'a>(&'a [PathBuf]);

impl fmt::Display for Searched<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for folder in self.0 {
            write!(f, " {},", folder.display())?;
        }
        f.write_str(" and where the dynamic linker looks")
    }
}

impl Error for LoadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NotInstalled { .. } | Self::NoLibrary { .. } => None,
            Self::Broken { source, .. } => Some(source),
        }
    }
}
