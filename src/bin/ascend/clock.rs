//! Dates and times of day, in UTC.

use std::time::{SystemTime, UNIX_EPOCH};

/// Now, as in `2026_01_31-23_59_58`.
pub(crate) fn now() -> String {
    named(seconds())
}

/// The day, as in `2026-01-31`.
pub(crate) fn day(seconds: u64) -> String {
    let mut day = named(seconds).replace('_', "-");
    day.truncate("0000-00-00".len());
    day
}

/// The seconds since 1970.
pub(crate) fn seconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

fn named(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Days since March 1st of year 0, in eras of 400 years.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = era * 400 + year + carry;
    let (hour, minute, second) = (rest / 3600, rest % 3600 / 60, rest % 60);
    format!("{year:04}_{month:02}_{date:02}-{hour:02}_{minute:02}_{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_dates() {
        for (seconds, name) in [
            (0, "1970_01_01-00_00_00"),
            (951_827_696, "2000_02_29-12_34_56"),
            (1_709_164_800, "2024_02_29-00_00_00"),
            (1_735_689_599, "2024_12_31-23_59_59"),
            (4_107_542_400, "2100_03_01-00_00_00"),
        ] {
            assert_eq!(named(seconds), name);
            assert_eq!(day(seconds), name[..10].replace('_', "-"));
        }
    }
}
