//! Codes and known failures in a line of text.

use std::ops::Range;

use super::context::{Told, is_amount, is_function};
use super::entry::Entry;
use super::{driver, lookup, messages, numbers, texts};

/// Where a line is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A person gave it, for what is in it.
    Pasted,
    /// It is one of many, in which numbers may be anything.
    Log,
    /// The same, and it begins as the lines of CANN do.
    Cann,
    /// The same, and it is one of its driver's.
    Driver,
}

/// Something that the book has, in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) entry: Entry,
    /// Where in the line it is.
    pub(super) range: Range<usize>,
}

/// A line of so few words is about the number in it.
const FEW_WORDS: usize = 4;
/// No number of the driver is longer: `65534`, `0xfffe`.
const MOST_OF_DRIVER: usize = 6;

/// Finds all that the book has in `line`, in order.
pub(super) fn in_line(line: &str, source: Source) -> Vec<Found> {
    let is_pasted = source == Source::Pasted;
    if let Some(entry) = is_pasted.then(|| lookup(line)).flatten() {
        let range = 0..line.len();
        return vec![Found { entry, range }];
    }
    let mut found = Vec::new();
    let mut end = 0;
    while let Some(word) = next_word(line, end) {
        end = word.end;
        let text = texts::at_beginning(&line[word.start..]);
        let text =
            text.filter(|(text, _)| !text.is_vague || source != Source::Log || is_of_cann(line));
        let text = text.and_then(|(text, len)| Some((Entry::of_text(text)?, len)));
        if let Some((entry, len)) = text {
            end = end.max(word.start + len);
            found.push(Found {
                entry,
                range: word.start..end,
            });
        } else if let Some(fault) = of_driver(line, &word, source) {
            found.push(fault);
        } else if let Some(entry) = code(line, &word, source) {
            found.push(Found { entry, range: word });
        }
    }
    found
}

/// Whether a line is about CANN and not about anything else that is empty or fails.
fn is_of_cann(line: &str) -> bool {
    const NAMES: [&str; 8] = [
        "cann", "npu", "ascend", "acl", "rts", "ge", "retcode", "errcode",
    ];
    let mut end = 0;
    while let Some(word) = next_word(line, end) {
        end = word.end;
        let text = &line[word.clone()];
        let small = text.to_ascii_lowercase();
        let first = small.split('_').next().unwrap_or_default();
        let is_name = NAMES.contains(&first) || small.starts_with("ascend") || is_function(text);
        if is_name || code(line, &word, Source::Log).is_some() {
            return true;
        }
    }
    false
}

/// The first run of letters, digits and underscores from `from` on.
fn next_word(line: &str, from: usize) -> Option<Range<usize>> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let bytes = line.as_bytes();
    let start = from + bytes[from..].iter().position(is_part)?;
    let len = bytes[start..].iter().position(|byte| !is_part(byte));
    Some(start..len.map_or(bytes.len(), |len| start + len))
}

/// A number of the driver, with what tells that it is one.
fn of_driver(line: &str, place: &Range<usize>, source: Source) -> Option<Found> {
    let word = &line[place.clone()];
    if word.len() > MOST_OF_DRIVER || !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let before = &line[..place.start];
    let returned = || (source == Source::Driver).then(|| driver::returned(before))?;
    let labelled = driver::labelled(before);
    let start = labelled.or_else(returned)?;
    let entry = Entry::of_driver(&driver::coded(word)?)?;
    // `ret=` alone may tell anything else
    (labelled.is_some() || entry.is_known).then_some(Found {
        entry,
        range: start..place.end,
    })
}

fn code(line: &str, place: &Range<usize>, source: Source) -> Option<Entry> {
    let word = &line[place.clone()];
    match word.as_bytes() {
        [b'0', b'x' | b'X', ..] if numbers::from_hex(word).is_some() => number(line, place, source),
        digits if matches!(digits.len(), 6 | 9) && digits.iter().all(u8::is_ascii_digit) => {
            number(line, place, source)
        }
        [b'E' | b'W', second, rest @ ..]
            if (rest.len() == 4 && rest.iter().all(u8::is_ascii_digit))
                && (second.is_ascii_digit() || second.is_ascii_uppercase()) =>
        {
            message(line, place, source)
        }
        [b'E', b'R', b'R', rest @ ..] if rest.len() == 5 => lookup(word),
        [b'A', b'C', b'L', ..] | [b'D', b'R', b'V', ..] => {
            lookup(word).filter(|entry| entry.name == Some(word))
        }
        _ => None,
    }
}

/// A message's code; one that the book does not have has to stand where codes do.
fn message(line: &str, place: &Range<usize>, source: Source) -> Option<Entry> {
    let word = &line[place.clone()];
    let entry = lookup(word)?;
    let has_own = messages::message(word).is_some_and(|message| !message.is_family());
    let after = &line[place.end..];
    let before = &line[..place.start];
    let stands_so = after.starts_with(": ")
        || after.starts_with(":[")
        || before.ends_with('(') && after.starts_with(')')
        || before.ends_with("ErrorCode=")
        || before.ends_with("module_name=")
        || source == Source::Pasted;
    (has_own || stands_so).then_some(entry)
}

/// A number, if it is a code by its value and by what stands around it.
fn number(line: &str, place: &Range<usize>, source: Source) -> Option<Entry> {
    let (before, after) = (&line[..place.start], &line[place.end..]);
    let is_longer = before.ends_with(['.', '-', '+'])
        || after.starts_with('.') && after[1..].starts_with(|c: char| c.is_ascii_digit())
        || after.starts_with('%');
    if is_longer || is_amount(after) {
        return None;
    }
    let word = &line[place.clone()];
    let entry = lookup(word)?;
    let is_alone = source == Source::Pasted
        && line.split_whitespace().take(FEW_WORDS + 1).count() <= FEW_WORDS;
    // a decimal number that is only in a range may be any number
    let is_sure = entry.is_known || word.starts_with('0');
    let is_code = match Told::by(before) {
        Told::Code => true,
        Told::Failure => is_sure,
        Told::Nothing => is_alone && entry.is_known,
        Told::Process => false,
    };
    is_code.then_some(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(line: &str, source: Source) -> Vec<String> {
        let found = in_line(line, source).into_iter();
        found.map(|found| found.entry.code.into_owned()).collect()
    }

    #[test]
    fn codes_are_found_in_all_their_spellings() {
        for (line, expected) in [
            ("error:507011", &["507011"][..]),
            (
                "NPU function error: aclrtSynchronizeStream(stream()), error code is 507015",
                &["507015"],
            ),
            (
                "EH9999: [PID: 507011] 2025-09-07 synchronize stream failed, runtime result = 507048[FUNC:A]",
                &["EH9999", "507048"],
            ),
            (
                "ErrCode=107002, desc=[the context is a null pointer], InnerCode=0x7070001",
                &["107002", "107002", "107002"],
            ),
            ("500001: ACL_ERROR_FAILURE", &["500001"]),
            ("aclInit 507008", &["507008"]),
            ("aclrtSetDevice failed, ret[507033]", &["507033"]),
            ("调用失败，错误码：507018", &["507018"]),
            (
                "report error module_type=5, module_name=EZ9999",
                &["EZ9999"],
            ),
            ("E20077: something new", &["E20077"]),
            (
                "AclNN_Parameter_Error(EZ1001): Size does not match",
                &["EZ1001"],
            ),
            (
                "Device status failure, ret=118554641,start exception CallBack.",
                &["507901"],
            ),
            ("The driver returned error code 207099.", &["207099"]),
            (
                "failed, rtRet=107002 acl_ret: 107001 Error_Code 207098",
                &["107002", "107001", "207098"],
            ),
            ("RET=107002, statusCode 507011", &["107002", "507011"]),
            (
                "f:ret=0x7150026, retCode=0x7FFFFF0",
                &["507015", "0x07FFFFF0"],
            ),
            ("aclrtSynchronizeStream failed (507015)", &["507015"]),
            ("reason=[lost heartbeat]", &["507010"]),
            ("retCode=0x2a, [aicpu timeout].", &["507017"]),
            ("reason=task not supported", &["507009"]),
            ("ERR00100 PTA call acl api failed", &["ERR00100"]),
            (
                "(PID:7, Device:-1) ERR99999 UNKNOWN applicaiton exception",
                &["ERR99999"],
            ),
            (
                "Call halGetDeviceInfo failed: drvRet=87, module type=0",
                &["drvRet=87"],
            ),
            (
                "size=2, drvRetCode=6, device_id 7, ErrCode=207001",
                &["drvRet=6", "207001"],
            ),
            ("drv ret=93", &["drvRet=93"]),
            ("W11001: Op [a] does not hit", &["W11001"]),
            ("process failed: 507011", &["507011"]),
            ("aclrtSetDevice: the context is empty", &["107002"]),
            ("NPU model execute failed", &["507011"]),
            ("model execute failed, error:507011", &["507011", "507011"]),
        ] {
            assert_eq!(codes(line, Source::Log), expected, "{line}");
        }
    }

    #[test]
    fn numbers_that_are_no_codes_are_left_alone() {
        for line in [
            "(Worker pid=107002) started",
            "PID: 507011",
            "read 100000 rows without error in 507011 us",
            "error rate 0.107002, version 1.107002, -107002",
            "total errors counted so far in rows 100000",
            "loss 107002 107001 507011",
            "address 0x7f0715002600, 0x715002600, 0x12c180000000",
            "code 1070021 error 10700",
            "error code: 999999",
            "E1000 E100011 xE10001 E10001x EQ1234: a",
            "Storage not initialized",
            "commit e10001a, ee1018",
            "fixp_error0 info: 0x703009d, aivec error info: 0x7150026",
            "error_addr=0x7100000 size=0x7400000 base 0x7150026",
            "recv ret=131072 bytes, ret=107002 bytes",
            "validation error: 345678",
            "mean squared error is 123456",
            "requests failed: 150000",
            "requests failed: 107002",
            "12 jobs failed, tests failed=507011",
            "num_failed=102400",
            "memcpy result 524288",
            "aclrtMalloc(524288, &ptr) aclrtMalloc(107002, &ptr) aclrtMalloc( 107002)",
            "rtMallocHost 262144 bytes",
            "aclrtMemcpy 107520 bytes, aclrtMemcpy 107002 bytes",
            "sent result 200000 bytes",
            "decode 200000 tokens",
            "opcode 300000, opcode 107002",
            "secret 107002",
            "zipcode 100001",
            "error in pid 507011, tid=107002",
            "lost heartbeat of worker 3",
            "task not supported: text-generation",
            "aicpu timeout: 600 s (setting), aicore timeout: 5",
            "Cannot re-initialize CUDA in forked subprocess",
            "the context is empty, answering without documents",
            "warning: the context is empty",
            "model execute failed for tenant acme, will retry",
            "input graph: model execute failed",
            "ret=87, drv devId=87, hdrvRet=87, drvRet=0, drvRet=87000000",
            "ERR999999 of another program",
        ] {
            assert_eq!(codes(line, Source::Log), [""; 0], "{line}");
        }
    }

    #[test]
    fn who_pastes_a_number_means_it() {
        assert_eq!(codes("what is 507035 ?", Source::Pasted), ["507035"]);
        assert_eq!(codes("507035", Source::Log), [""; 0]);
        assert_eq!(codes("what is 0x7150026 ?", Source::Pasted), ["507015"]);
        for other in ["one 2 three 4 five 507035", "PID: 507011", "tid=507011"] {
            assert_eq!(codes(other, Source::Pasted), [""; 0], "{other}");
        }
    }

    #[test]
    fn a_failure_in_words_hides_what_is_within() {
        let line =
            "error while loading shared libraries: libascendcl.so: cannot open shared object file";
        assert_eq!(codes(line, Source::Log), ["no-acl-library"]);
        let other = "libfoo.so.1: cannot open shared object file: No such file";
        assert_eq!(codes(other, Source::Log), ["no-library"]);
        let both = "retCode=0x91, [the model stream execute failed] and [aicore exception]";
        assert_eq!(codes(both, Source::Log), ["507011", "507015"]);
    }

    #[test]
    fn words_that_others_say_too_count_where_cann_says_them() {
        let said = "model execute failed";
        assert_eq!(codes(said, Source::Log), [""; 0]);
        assert_eq!(codes(said, Source::Cann), ["507011"]);
        assert_eq!(codes(said, Source::Pasted), ["507011"]);
    }

    #[test]
    fn in_lines_of_the_driver_a_return_is_one_of_its_numbers() {
        let line = "ioctl error. (src_va=0x124080000000; devid=0; ret=8) (ret=-22; ret=9999)";
        assert_eq!(codes(line, Source::Driver), ["drvRet=8"]);
        assert_eq!(codes(line, Source::Cann), [""; 0]);
        let found = in_line("a drvRetCode=87!", Source::Log);
        assert_eq!(found[0].range, 2..15);
    }

    #[test]
    fn no_text_breaks_it() {
        for line in [
            "",
            "é107002é",
            "\u{fffd}E10001:\u{fffd}",
            "0x",
            "E",
            "ACL_ERROR_",
            "ERRéé",
            "'''",
        ] {
            in_line(line, Source::Pasted);
        }
        assert_eq!(codes("错误码E10001：值", Source::Log), ["E10001"]);
    }
}
