//! Lengths of time on the command line.

use std::time::Duration;

/// A time such as 500ms, 90s, 30m or 2h, more than none; a bare number is seconds.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let milliseconds = match unit {
        "ms" => Some(1),
        "" | "s" => Some(1000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let time = number.parse::<u64>().ok().zip(milliseconds);
    time.and_then(|(number, unit)| number.checked_mul(unit))
        .filter(|time| *time > 0)
        .map(Duration::from_millis)
        .ok_or_else(|| "give a time such as 90s, 30m or 2h".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        for (text, milliseconds) in [
            ("500ms", 500),
            ("90", 90_000),
            ("90s", 90_000),
            ("30m", 1_800_000),
            ("2h", 7_200_000),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(milliseconds)));
        }
        for text in [
            "",
            "0",
            "0h",
            "s",
            "-1s",
            "1.5s",
            "2d",
            "99999999999999999999",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
