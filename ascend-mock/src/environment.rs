//! What CANN takes from a process's environment. Here it is configuration, so that devices of one
//! process do not share it; [`MockConfig::with_environment`] is for those that should.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::config::MockConfig;
use crate::log::{Level, Log};

/// What the environment says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    /// `ASCEND_RT_VISIBLE_DEVICES`.
    pub(crate) visible_devices: Option<String>,
    /// `ASCEND_HOME_PATH`.
    pub(crate) toolkit_home: Option<PathBuf>,
    /// `ASCEND_GLOBAL_LOG_LEVEL` and `ASCEND_SLOG_PRINT_TO_STDOUT`.
    pub(crate) log: Log,
}

impl MockConfig {
    /// The devices that the program sees, as `ASCEND_RT_VISIBLE_DEVICES` lists them: numbers in
    /// rising order with commas between. They are numbered anew from 0. A list that is not of this
    /// form, or names a device that does not exist, leaves none (207004). Default: all.
    #[must_use]
    pub fn visible_devices(mut self, list: impl Into<String>) -> Self {
        self.environment.visible_devices = Some(list.into());
        self
    }

    /// Where the toolkit is, as `ASCEND_HOME_PATH` says: `aclsysGetVersionStr` and its relatives
    /// read `share/info/<package>/version.info` there. Default: nowhere, so that no package is
    /// installed.
    #[must_use]
    pub fn toolkit_home(mut self, home: impl Into<PathBuf>) -> Self {
        self.environment.toolkit_home = Some(home.into());
        self
    }

    /// The least level that the log of `aclAppLog` takes, as `ASCEND_GLOBAL_LOG_LEVEL` says: 0
    /// debug, 1 info, 2 warning, 3 error, 4 nothing. Default: 3.
    #[must_use]
    pub fn log_level(mut self, level: u32) -> Self {
        self.environment.log.threshold = level;
        self
    }

    /// Whether the log goes to the standard output as well as to `tracing`, as
    /// `ASCEND_SLOG_PRINT_TO_STDOUT` says. Default: no.
    #[must_use]
    pub fn log_to_stdout(mut self, print: bool) -> Self {
        self.environment.log.to_stdout = print;
        self
    }

    /// Takes over what CANN takes from the environment of the process:
    /// `ASCEND_RT_VISIBLE_DEVICES`, `ASCEND_HOME_PATH`, `ASCEND_GLOBAL_LOG_LEVEL` and
    /// `ASCEND_SLOG_PRINT_TO_STDOUT`, as they are now.
    #[must_use]
    pub fn with_environment(self) -> Self {
        self.with_variables(|name| env::var_os(name))
    }

    fn with_variables(mut self, get: impl Fn(&str) -> Option<OsString>) -> Self {
        let text = |name| get(name).map(|text| text.to_string_lossy().into_owned());
        if let Some(list) = text("ASCEND_RT_VISIBLE_DEVICES") {
            self = self.visible_devices(list);
        }
        if let Some(home) = get("ASCEND_HOME_PATH") {
            self = self.toolkit_home(home);
        }
        if let Some(level) = text("ASCEND_GLOBAL_LOG_LEVEL") {
            // The logger takes anything else for its default.
            let level = level.trim().parse().ok().filter(|level| *level <= 4);
            self = self.log_level(level.unwrap_or(Level::ERROR));
        }
        if let Some(print) = text("ASCEND_SLOG_PRINT_TO_STDOUT") {
            self = self.log_to_stdout(print.trim() == "1");
        }
        self
    }
}

/// The devices that the program sees: for each its number among all of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Visible(pub(crate) Result<Vec<u32>, String>);

impl Visible {
    ///
    pub(crate) fn of(config: &MockConfig) -> Self {
        let all = config.devices;
        let Some(list) = &config.environment.visible_devices else {
            return Self(Ok((0..all).collect()));
        };
        let refused = |why: String| Self(Err(format!("ASCEND_RT_VISIBLE_DEVICES={list}: {why}")));
        let mut devices: Vec<u32> = Vec::new();
        for item in list.split(',') {
            let Ok(device) = item.trim().parse::<u32>() else {
                return refused(format!("{item:?} is no device number"));
            };
            if device >= all {
                return refused(format!("device {device} does not exist, there are {all}"));
            }
            if devices.last().is_some_and(|&last| last >= device) {
                return refused(format!("device {device} does not follow in rising order"));
            }
            devices.push(device);
        }
        Self(Ok(devices))
    }

    pub(crate) fn count(&self) -> u32 {
        let count = self.0.as_ref().map_or(0, Vec::len);
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_taken_over() {
        let variables = |name: &str| {
            let value = match name {
                "ASCEND_RT_VISIBLE_DEVICES" => "1,2",
                "ASCEND_HOME_PATH" => "/opt/cann",
                "ASCEND_GLOBAL_LOG_LEVEL" | "ASCEND_SLOG_PRINT_TO_STDOUT" => "1",
                _ => return None,
            };
            Some(value.into())
        };
        let taken = MockConfig::default().with_variables(variables).environment;
        assert_eq!(taken.visible_devices.as_deref(), Some("1,2"));
        assert_eq!(taken.toolkit_home, Some(PathBuf::from("/opt/cann")));
        assert_eq!((taken.log.threshold, taken.log.to_stdout), (1, true));
        let nothing = MockConfig::default().with_variables(|_| None).environment;
        assert_eq!(nothing.visible_devices, None);
        assert_eq!(nothing.log.threshold, Level::ERROR);
    }

    #[test]
    fn visible_devices_are_a_rising_list() {
        let visible = |list: &str| {
            let config = MockConfig::default().devices(4).visible_devices(list);
            Visible::of(&config).0.ok()
        };
        assert_eq!(visible("1, 3"), Some(vec![1, 3]));
        assert_eq!(visible("2"), Some(vec![2]));
        for bad in ["", "0,0", "2,1", "4", "-1", "a", "1,"] {
            assert_eq!(visible(bad), None, "{bad}");
        }
    }
}
