//! The lines of CANN's logs: `[ERROR] RUNTIME(7,python):2025-01-10-17:53:52.846.403 [a.cc:14] 7 Text`.

use std::path::Path;

/// How grave a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Error,
    Warning,
    /// What is told of work that goes well.
    Quiet,
    /// A line of another form.
    Unknown,
}

/// What logs begin their lines with, some after a time of their own.
const MARKS: [(&str, Level); 6] = [
    ("[ERROR] ", Level::Error),
    ("[WARNING] ", Level::Warning),
    ("[INFO] ", Level::Quiet),
    ("[DEBUG] ", Level::Quiet),
    ("[EVENT] ", Level::Quiet),
    ("[TRACE] ", Level::Quiet),
];

/// A mark stands so near to the beginning.
const MOST_BEFORE: usize = 48;
/// A time stands so near to the beginning.
const MOST_TO_TIME: usize = 256;

/// Gives the level of a line, and what it says after process, time, place and thread, whose numbers
/// are no codes.
pub(super) fn split(line: &str) -> (Level, &str) {
    let Some((level, after)) = marked(line) else {
        return (Level::Unknown, line);
    };
    match after_process(after) {
        Some(text) => (level, text),
        None if level == Level::Quiet => (Level::Unknown, line),
        None => (level, after),
    }
}

/// Whether a line is one of CANN's, and not only marked as others mark theirs too.
pub(super) fn is_of_cann(line: &str) -> bool {
    marked(line).is_some_and(|(_, after)| after_process(after).is_some())
}

/// The level of a line that begins with a mark, and what stands after that.
fn marked(line: &str) -> Option<(Level, &str)> {
    let beginning = &line[..line.floor_char_boundary(MOST_BEFORE)];
    let marks = MARKS.iter();
    let marked = marks.filter_map(|(mark, level)| Some((beginning.find(mark)?, mark, *level)));
    let (place, mark, level) = marked.min_by_key(|(place, ..)| *place)?;
    Some((level, &line[place + mark.len()..]))
}

/// What stands after `MODULE(7,name):time [place] 7 `.
fn after_process(text: &str) -> Option<&str> {
    let (module, rest) = text.split_once('(')?;
    let is_module = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'_';
    if module.is_empty() || module.len() > 32 || !module.bytes().all(is_module) {
        return None;
    }
    let (_, rest) = rest.split_once(')')?;
    let Some(rest) = rest.strip_prefix(':') else {
        return Some(rest);
    };
    let (_, rest) = rest.split_once(' ').unwrap_or(("", rest));
    let rest = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((place, after)) if place.contains(':') => after.trim_start(),
        _ => rest,
    };
    Some(
        rest.trim_start_matches(|c: char| c.is_ascii_digit())
            .trim_start(),
    )
}

/// What a process is called by a line: its number, and its name where that is told too.
pub(super) fn process(line: &str) -> Option<(u32, &str)> {
    if let Some((_, after)) = marked(line)
        && after_process(after).is_some()
    {
        let inside = after.split_once('(')?.1.split_once(')')?.0;
        let (number, name) = inside.split_once(',').unwrap_or((inside, ""));
        return Some((number.trim().parse().ok()?, name.trim()));
    }
    // messages of CANN, and the lines of torch_npu
    let (_, after) = line.split_once("PID:")?;
    let digits = after.trim_start_matches(' ');
    let end = digits.find(|c: char| !c.is_ascii_digit());
    let number = digits[..end.unwrap_or(digits.len())].parse().ok()?;
    Some((number, ""))
}

/// The process that a log is of by its name, `plog-7_20250110175352846.log`.
pub(super) fn process_of_file(file: &Path) -> Option<u32> {
    let (number, _) = file
        .file_name()?
        .to_str()?
        .strip_prefix("plog-")?
        .split_once('_')?;
    number.parse().ok()
}

/// Whether a line is one of the driver.
pub(super) fn is_of_driver(line: &str) -> bool {
    marked(line).is_some_and(|(_, after)| after.starts_with("DRV("))
}

/// The time that a line tells, in a form that can be compared: `2025-01-10-17:53:52.846.403`.
pub(super) fn time(line: &str) -> Option<String> {
    const FORM: &[u8] = b"0000-00-00-00:00:00";
    let beginning = &line.as_bytes()[..line.len().min(MOST_TO_TIME)];
    let fits = |(byte, form): (&u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'-' => matches!(byte, b'-' | b' ' | b'T' | b'/'),
        _ => byte == form,
    };
    let is_time = |window: &[u8]| window.iter().zip(FORM).all(fits);
    let place = beginning.windows(FORM.len()).position(is_time)?;
    let tail = beginning.get(place + FORM.len()..)?.iter();
    let tail = tail.take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    let mut time: String = FORM
        .iter()
        .zip(&beginning[place..])
        .map(|(form, byte)| {
            if *form == b'-' {
                '-'
            } else {
                char::from(*byte)
            }
        })
        .collect();
    time.extend(tail.map(|byte| {
        if *byte == b',' {
            '.'
        } else {
            char::from(*byte)
        }
    }));
    time.truncate(time.trim_end_matches('.').len());
    Some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_all_releases_are_split() {
        for (line, level, text) in [
            (
                "[ERROR] RUNTIME(107002,python3):2025-01-10-17:53:52.846.403 [a.cc:1409] 507011 Func:failed",
                Level::Error,
                "Func:failed",
            ),
            (
                "[WARNING] GE(7,atc.bin):2025-01-10-17:53:52.846.403 [a.cc:1]107001 Func: x",
                Level::Warning,
                "Func: x",
            ),
            (
                "[ERROR] RUNTIME(8532)kernel error, retCode=0x26",
                Level::Error,
                "kernel error, retCode=0x26",
            ),
            (
                "[2026-03-19 15:04:57] [ERROR] GE(1,a):t [b.cc:1]2 x",
                Level::Error,
                "x",
            ),
            ("[INFO] GE(1,a):t [b.cc:1]2 x", Level::Quiet, "x"),
            ("[INFO] all is well", Level::Unknown, "[INFO] all is well"),
            ("[ERROR] TBE Subprocess", Level::Error, "TBE Subprocess"),
            (
                "[ERROR] DRV(1,a):2020-10-29-05:26:01.002.033 [x/ y.c:172][devdrv] z",
                Level::Error,
                "[devdrv] z",
            ),
            ("plain", Level::Unknown, "plain"),
            ("[ERROR] ", Level::Error, ""),
            ("[ERROR] GE(", Level::Error, "GE("),
            ("é[ERROR] GE()", Level::Error, ""),
        ] {
            assert_eq!(split(line), (level, text), "{line}");
        }
    }

    #[test]
    fn lines_and_files_tell_their_process() {
        for (line, told) in [
            (
                "[ERROR] RUNTIME(7,python3):t [a.cc:1]8 x",
                Some((7, "python3")),
            ),
            ("[ERROR] RUNTIME(8532)kernel error", Some((8532, ""))),
            (
                "EZ9999: [PID: 9] 2025-01-10-17:53:52.846.403 x",
                Some((9, "")),
            ),
            (
                "[ERROR] 2025-01-10-17:53:52 (PID:9, Device:0) ERR00100",
                Some((9, "")),
            ),
            ("[ERROR] GE(x,a):t [a.cc:1]8 x", None),
            ("PID:", None),
            ("PID: 99999999999", None),
            ("plain", None),
        ] {
            assert_eq!(process(line), told, "{line}");
        }
        for (name, number) in [
            ("a/plog-7_20250110175352846.log", Some(7)),
            ("plog-7.log", None),
            ("device-7_1.log", None),
            ("plog", None),
        ] {
            assert_eq!(process_of_file(Path::new(name)), number, "{name}");
        }
    }

    #[test]
    fn times_can_be_compared() {
        let first = time("[ERROR] A(1,b):2025-01-10-17:53:52.846.403 [c:1]").unwrap();
        assert_eq!(first, "2025-01-10-17:53:52.846.403");
        let second = time("at 2025-01-10 17:53:52,847 and 2025-01-11 00:00:00").unwrap();
        assert_eq!(second, "2025-01-10-17:53:52.847");
        assert!(first < second && time("2025-01-10T17:53:52.").unwrap() < first);
        for none in ["", "17:53:52", "2025-01-10", "2025-01-10-17:53:5", "é"] {
            assert_eq!(time(none), None, "{none}");
        }
    }
}
