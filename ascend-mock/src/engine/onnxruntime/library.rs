//! The library: found, looked at before it is loaded, and loaded once.

use std::env;
use std::fs;
use std::path::{self, Path, PathBuf};
use std::sync::{Arc, Mutex};

use ort::environment::Environment;
use ort::logging::LogLevel;

use crate::elf;
use crate::engine::EngineError;
use crate::engine::guard::guarded;
use crate::sync::lock;

/// The variable that users of the crate `ort` know.
const VARIABLE: &str = "ORT_DYLIB_PATH";

/// What the system's loader is asked for where nothing is named.
const DEFAULT: &str = "libonnxruntime.so";

/// The function that every library of ONNX Runtime has.
const ENTRY: &[u8] = b"OrtGetApiBase";

/// The library of this process, and where it came from.
static LOADED: Mutex<Option<(PathBuf, Environment)>> = Mutex::new(None);

/// Gives what sessions are made in; loads the library the first time.
pub(super) fn environment(asked: Option<&Path>) -> Result<Environment, EngineError> {
    let (path, source) = chosen(asked);
    let mut loaded = lock(&LOADED);
    if let Some((own, environment)) = &*loaded {
        if *own == path {
            return Ok(environment.clone());
        }
        return Err(EngineError::new(format!(
            "{} was loaded by this process, which cannot have {} too; use one library of ONNX Runtime in a \
             process",
            own.display(),
            path.display()
        )));
    }
    let environment = load(&path).map_err(|why| {
        EngineError::new(format!(
            "cannot use {} as ONNX Runtime ({source}): {why}",
            path.display()
        ))
    })?;
    *loaded = Some((path, environment.clone()));
    Ok(environment)
}

/// The library to load, and who named it.
fn chosen(asked: Option<&Path>) -> (PathBuf, &'static str) {
    if let Some(asked) = asked {
        return (located(asked), "named as the engine's library");
    }
    match env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        Some(path) => (located(Path::new(&path)), "named by ORT_DYLIB_PATH"),
        None => (
            DEFAULT.into(),
            "the system's, for neither the engine nor ORT_DYLIB_PATH names one",
        ),
    }
}

/// A name alone may be beside the program, and is the system loader's matter else; a relative path counts
/// from the working folder.
fn located(path: &Path) -> PathBuf {
    if path.components().count() > 1 {
        return path::absolute(path).unwrap_or_else(|_| path.to_owned());
    }
    let beside = env::current_exe().map(|program| program.with_file_name(path));
    beside
        .ok()
        .filter(|beside| beside.exists())
        .unwrap_or_else(|| path.to_owned())
}

fn load(path: &Path) -> Result<Environment, String> {
    if path.is_absolute() {
        inspect(path)?;
    }
    let loaded = guarded(|| {
        let builder = ort::init_from(path).map_err(|error| EngineError::new(explain(&error)))?;
        let environment = builder
            .with_name("ascend")
            .with_telemetry(false)
            .with_logger(Arc::new(log))
            .build()
            .map_err(|error| EngineError::new(error.to_string()))?;
        // It calls the logger for everything else, whatever that does with it.
        environment.set_log_level(LogLevel::Warning);
        Ok(environment)
    });
    loaded.map_err(|error| error.message)
}

/// Looks whether the file is a whole library of ONNX Runtime: loading a part of one ends the process.
fn inspect(path: &Path) -> Result<(), String> {
    let cannot = |error| {
        format!("it cannot be read: {error}; name a libonnxruntime.so of version 1.17 or newer")
    };
    // Reading a pipe would wait, and a device may have no end.
    if !fs::metadata(path).map_err(cannot)?.is_file() {
        return Err("it is no regular file; name a libonnxruntime.so".to_owned());
    }
    let file = fs::read(path).map_err(cannot)?;
    let symbols = elf::symbols(&file).map_err(|error| {
        format!("it is damaged or no library: {error}; install it again, or name another")
    })?;
    if symbols.iter().any(|symbol| *symbol.name == *ENTRY) {
        return Ok(());
    }
    Err("it has no OrtGetApiBase; name a libonnxruntime.so".to_owned())
}

fn explain(error: &ort::LoadDynamicError) -> String {
    use ort::LoadDynamicError::{BadVersion, Dlopen, InvalidVersionString, MissingApi};

    match error {
        Dlopen { error, .. } => {
            format!(
                "the system's loader refuses it: {error}; name a libonnxruntime.so for this machine"
            )
        }
        MissingApi { .. } => "it has no OrtGetApiBase; name a libonnxruntime.so".to_owned(),
        InvalidVersionString => "it tells no version; name another".to_owned(),
        BadVersion { version_str, .. } => {
            format!(
                "it is of version {version_str}, 1.{}.0 or newer is needed",
                ort::MINOR_VERSION
            )
        }
    }
}

/// Errors are returned as well, so nothing is for people who did not ask.
fn log(level: LogLevel, category: &str, _: &str, place: &str, message: &str) {
    match level {
        LogLevel::Verbose | LogLevel::Info => {}
        LogLevel::Warning | LogLevel::Error | LogLevel::Fatal => {
            tracing::debug!(category, place, "ONNX Runtime: {message}");
        }
    }
}
