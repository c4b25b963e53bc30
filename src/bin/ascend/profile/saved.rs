//! Profiles as files: JSON that is read again, and tables.

use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::path::Path;

use ascend_rt::{Error, ErrorKind, files};

use super::comparison::Comparison;
use super::content::{By, FORMAT, Profile, VERSION, percent};
use super::msprof::Utf8;

/// The largest file that is read, in bytes: more operators than any model has.
const MOST_BYTES: u64 = 256 << 20;
/// Up to this a count is the same for all programs that read JSON.
const MOST_COUNTED: u64 = 1 << 53;

/// Whether the file is one that `--json` wrote, as far as its beginning tells.
pub(super) fn is_saved(path: &Path) -> bool {
    let Ok(bytes) = files::map(path) else {
        return false;
    };
    let mut start = Vec::new();
    let read = Utf8::new(&bytes[..bytes.len().min(128)]).read_to_end(&mut start);
    let text = String::from_utf8_lossy(&start);
    read.is_ok() && text.trim_start().starts_with('{') && text.contains(FORMAT)
}

/// Reads a profile that `--json` wrote.
pub(super) fn read(path: &Path) -> Result<Profile, Error> {
    let at = |kind, why: String| Error::new(kind, format!("{}: {why}", path.display()));
    let cannot = |error: std::io::Error| at(ErrorKind::Io, format!("cannot read it: {error}"));
    let bytes = fs::metadata(path).map_err(cannot)?.len();
    if bytes > MOST_BYTES {
        let why = format!("{bytes} bytes are more than a profile has: make it again with --json");
        return Err(at(ErrorKind::Format, why));
    }
    let bytes = files::map(path)?;
    let mut text = Vec::new();
    Utf8::new(&bytes[..])
        .read_to_end(&mut text)
        .map_err(cannot)?;
    let profile: Profile = serde_json::from_slice(&text).map_err(|error| {
        let why = format!("it is no whole profile: {error}; make it again with --json");
        at(ErrorKind::Format, why)
    })?;
    if profile.format != FORMAT || profile.version != VERSION {
        let why = format!(
            "it is {:?} of version {}, and this program reads {FORMAT:?} of version {VERSION}: make it again \
             with --json",
            profile.format, profile.version
        );
        return Err(at(ErrorKind::Format, why));
    }
    let mut times = profile.operators.iter().map(|operator| operator.total);
    if times.any(|time| !time.is_finite() || time < 0.0) {
        let why = "a time in it is no time: make it again with --json";
        return Err(at(ErrorKind::Format, why.to_owned()));
    }
    if counts(&profile).any(|count| count > MOST_COUNTED) {
        let why = "a count in it is larger than any profile has: make it again with --json";
        return Err(at(ErrorKind::Format, why.to_owned()));
    }
    Ok(profile)
}

/// All that is summed up.
fn counts(profile: &Profile) -> impl Iterator<Item = u64> {
    let operators = profile.operators.iter().map(|operator| operator.count);
    let calls = profile.calls.iter().map(|call| call.count);
    let copies = profile.copies.iter().map(|copies| copies.count);
    let counts = operators.chain(calls).chain(copies);
    counts.chain(profile.executions)
}

/// The operators as a table; columns of times are microseconds.
pub(super) fn csv(profile: &Profile, by: By) -> Result<String, Error> {
    let mut text = String::from(
        "name,type,core,calls,total_us,mean_us,min_us,max_us,share_percent,wait_us,input_shapes,input_types,\
         output_shapes,output_types\n",
    );
    let whole = profile.operator_time();
    for row in profile.rows(by) {
        let texts = [&row.name, &row.op_type, &row.core].map(|text| field(text));
        let tensors = [
            &row.input_shapes,
            &row.input_types,
            &row.output_shapes,
            &row.output_types,
        ];
        let tensors = tensors.map(|text| field(text)).join(",");
        let share = percent(row.total, whole);
        let numbers = [row.total, row.mean(), row.min, row.max, share, row.wait];
        let numbers = numbers.map(|number| format!("{number:.3}")).join(",");
        let written = writeln!(
            text,
            "{},{},{numbers},{tensors}",
            texts.join(","),
            row.count
        );
        written.map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
    }
    Ok(text)
}

/// The difference of two profiles as a table.
pub(super) fn comparison_csv(comparison: &Comparison) -> Result<String, Error> {
    let mut text = String::from("name,type,old_us,new_us,difference_us,old_calls,new_calls\n");
    let time = |time: Option<f64>| time.map_or_else(String::new, |time| format!("{time:.3}"));
    for row in &comparison.rows {
        let written = writeln!(
            text,
            "{},{},{},{},{:.3},{},{}",
            field(&row.name),
            field(&row.op_type),
            time(row.old),
            time(row.new),
            row.difference(),
            row.old_calls,
            row.new_calls
        );
        written.map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
    }
    Ok(text)
}

/// A text as CSV has it; one that a spreadsheet would compute is kept from that.
fn field(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::content::Operator;
    use super::*;

    #[test]
    fn a_profile_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("profile.json");
        let mut profile = Profile::new("net.om".to_owned());
        profile.operators.push(Operator {
            name: "a,\"b\"".to_owned(),
            count: 3,
            total: 0.1,
            blocks: Some(u64::MAX),
            ..Operator::default()
        });
        profile.iterations = vec![1e-3, 1e12];
        fs::write(&place, serde_json::to_vec_pretty(&profile).unwrap()).unwrap();
        assert!(is_saved(&place));
        let read = read(&place).unwrap();
        assert_eq!(read.operators, profile.operators);
        assert_eq!(read.iterations, profile.iterations);
    }

    #[test]
    fn damaged_files_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("profile.json");
        let whole = serde_json::to_string(&Profile::new("x".to_owned())).unwrap();
        let huge = "{\"count\":18446744073709551615}";
        let many = "{},".repeat(super::super::msprof::MOST_KEPT);
        for text in [
            &whole[..whole.len() - 1],
            &whole.replace(FORMAT, "other"),
            &whole.replace("\"version\":1", "\"version\":2"),
            &whole.replace("\"operators\":[]", "\"operators\":[{\"total\":-1}]"),
            &whole.replace("\"operators\":[]", "\"operators\":{}"),
            &whole.replace(
                "\"operators\":[]",
                &format!("\"operators\":[{huge},{huge}]"),
            ),
            &whole.replace("\"calls\":[]", &format!("\"calls\":[{huge}]")),
            &whole.replace("\"copies\":[]", &format!("\"copies\":[{huge}]")),
            &whole.replace("\"executions\":null", "\"executions\":18446744073709551615"),
            &whole.replace("\"operators\":[]", &format!("\"operators\":[{many}{{}}]")),
            "",
        ] {
            fs::write(&place, text).unwrap();
            let error = read(&place).unwrap_err();
            let start: String = text.chars().take(400).collect();
            assert_eq!(error.kind(), ErrorKind::Format, "{start}");
            assert!(error.to_string().contains("--json"), "{error}");
        }
    }

    #[test]
    fn fields_are_quoted() {
        assert_eq!(field("a,b"), "\"a,b\"");
        assert_eq!(field("a\"b"), "\"a\"\"b\"");
        assert_eq!(field("=cmd()"), "'=cmd()");
        assert_eq!(field("plain"), "plain");
    }
}
