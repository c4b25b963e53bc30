//! The configuration that the environment names: for programs that are run as they are.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::str::FromStr;

use super::{ConfigError, MockConfig};

impl MockConfig {
    /// The configuration that the environment gives; the default where it gives none.
    ///
    /// `ASCEND_MOCK_CONFIG` is the path of a TOML file, or TOML itself when it holds a line break
    /// or `=`. `ASCEND_MOCK_SOC`, `ASCEND_MOCK_DEVICES`, `ASCEND_MOCK_STRICT` (0 or 1),
    /// `ASCEND_MOCK_SEED` and `ASCEND_MOCK_ENGINE` override what it says. What CANN itself takes from the environment is
    /// taken too ([`with_environment`](Self::with_environment)).
    ///
    /// # Errors
    ///
    /// As for [`from_file`](Self::from_file), and for a variable that says nothing sensible.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::from_variables(|name| env::var_os(name))?.with_environment())
    }

    fn from_variables(get: impl Fn(&str) -> Option<OsString>) -> Result<Self, ConfigError> {
        let named = get("ASCEND_MOCK_CONFIG").filter(|value| !value.is_empty());
        let mut config = match named {
            None => Self::default(),
            Some(value) => match value.to_str() {
                Some(text) if text.contains(['\n', '=']) => Self::from_toml(text)?,
                _ => Self::from_file(Path::new(&value))?,
            },
        };
        let get = |name| get(name).map(|value| (name, value));
        if let Some(soc) = get("ASCEND_MOCK_SOC") {
            config.soc_name = parse(soc, "the name of a chip")?;
            config.profile()?;
        }
        if let Some(devices) = get("ASCEND_MOCK_DEVICES") {
            config.devices = parse(devices, "a number of devices")?;
        }
        if let Some(strict) = get("ASCEND_MOCK_STRICT") {
            config.strict = parse::<u8>(strict, "0 or 1")? != 0;
        }
        if let Some(seed) = get("ASCEND_MOCK_SEED") {
            config.seed = parse(seed, "a number")?;
        }
        if let Some(engine) = get("ASCEND_MOCK_ENGINE") {
            config.engine = parse(engine, "rten, onnxruntime or onnxruntime:LIBRARY")?;
        }
        config.check()?;
        Ok(config)
    }
}

fn parse<T: FromStr>((name, value): (&str, OsString), what: &str) -> Result<T, ConfigError> {
    let value: &OsStr = &value;
    let parsed = value.to_str().and_then(|text| text.parse().ok());
    parsed.ok_or_else(|| ConfigError(format!("{name}={} is not {what}", value.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<MockConfig, ConfigError> {
        MockConfig::from_variables(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn variables_override_the_configuration() {
        assert_eq!(read(&[]).unwrap().devices, 1);
        let config = read(&[
            ("ASCEND_MOCK_CONFIG", "soc = \"Ascend310\"\nseed = 4"),
            ("ASCEND_MOCK_SOC", "Ascend910B3"),
            ("ASCEND_MOCK_DEVICES", "8"),
            ("ASCEND_MOCK_STRICT", "1"),
        ])
        .unwrap();
        assert_eq!(config.soc_name, "Ascend910B3");
        assert_eq!((config.devices, config.strict, config.seed), (8, true, 4));
    }

    #[test]
    fn nonsense_is_refused_with_the_name_of_the_variable() {
        let cases = [
            ("ASCEND_MOCK_SOC", "Ascend1", "\"Ascend1\""),
            ("ASCEND_MOCK_DEVICES", "two", "ASCEND_MOCK_DEVICES=two"),
            ("ASCEND_MOCK_STRICT", "yes", "ASCEND_MOCK_STRICT=yes"),
            (
                "ASCEND_MOCK_ENGINE",
                "gpu",
                "ASCEND_MOCK_ENGINE=gpu is not rten,",
            ),
            ("ASCEND_MOCK_CONFIG", "/no/such/file", "/no/such/file"),
            ("ASCEND_MOCK_CONFIG", "seed = true", "seed = true"),
        ];
        for (name, value, expected) in cases {
            let error = read(&[(name, value)]).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
