use std::fmt;

/// The type in the name of a failed operator's file.
const FAILURE: &str = "exception_info";

/// What a dump file's name says: `<type>.<name>.<task>.<stream>.<time>`.
///
/// In the operator's type and name each dot, slash, backslash and space is written as `_`, so that a name can
/// be told apart; use [`DumpName::escape`] to compare with an operator's own name.
///
/// The short dump of an operator that failed is called `exception_info.<stream>.<task>.<time>`: its operator has
/// no name here.
///
/// ```
/// use ascend_graph::dump::DumpName;
///
/// let name = DumpName::parse("Conv2D.layer1_conv.3.0.1700000000123456").expect("five parts");
/// assert_eq!((name.op_type.as_str(), name.task), ("Conv2D", 3));
/// assert_eq!(name.op_name, DumpName::escape("layer1/conv"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DumpName {
    /// The operator's type, escaped.
    pub op_type: String,
    /// The operator's name, escaped; empty in the name of a failure.
    pub op_name: String,
    /// The number of the task that ran the operator.
    pub task: u64,
    /// The number of the stream that it ran on.
    pub stream: u64,
    /// When it ran, in microseconds since 1970; newer runtimes name failures after date and time of day, down to
    /// the millisecond, in 17 digits.
    pub time: u64,
}

impl DumpName {
    /// Reads a file's name; `None` for one that is not put together like this. The longer names of operators
    /// that ran in slices, and the older ones without a stream, are read too.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        if let Some(numbers) = name.strip_prefix(FAILURE) {
            let numbers = numbers.strip_prefix('.')?.split('.');
            let numbers: Vec<u64> = numbers
                .map(|part| part.parse().ok())
                .collect::<Option<_>>()?;
            return match numbers[..] {
                [stream, task, time] => Some(Self::of_failure(stream, task, time)),
                _ => None,
            };
        }
        let mut parts = name.split('.');
        let mut text = || parts.next().filter(|part| !part.is_empty());
        let (op_type, op_name) = (text()?.to_owned(), text()?.to_owned());
        let numbers: Vec<u64> = parts.map(|part| part.parse().ok()).collect::<Option<_>>()?;
        // Names of operators that ran in slices end with four more numbers.
        let (task, stream, time) = match numbers[..] {
            [task, stream, time] | [stream, task, time, _, _, _, _] => (task, stream, time),
            [task, time] | [task, time, _, _, _, _] => (task, 0, time),
            _ => return None,
        };
        Some(Self {
            op_type,
            op_name,
            task,
            stream,
            time,
        })
    }

    /// Gives the name of the short dump of an operator that failed.
    #[must_use]
    pub fn of_failure(stream: u64, task: u64, time: u64) -> Self {
        Self {
            op_type: FAILURE.to_owned(),
            op_name: String::new(),
            task,
            stream,
            time,
        }
    }

    /// Whether it is the name of the short dump of an operator that failed.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        self.op_type == FAILURE && self.op_name.is_empty()
    }

    /// Gives a type or name as file names have it.
    #[must_use]
    pub fn escape(name: &str) -> String {
        let escaped = name.chars().map(|letter| match letter {
            '.' | '/' | '\\' | ' ' => '_',
            letter if letter.is_control() => '_',
            letter => letter,
        });
        escaped.collect()
    }
}

impl fmt::Display for DumpName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (op_type, op_name) = (Self::escape(&self.op_type), Self::escape(&self.op_name));
        let Self {
            task, stream, time, ..
        } = self;
        if self.is_failure() {
            return write!(f, "{op_type}.{stream}.{task}.{time}");
        }
        write!(f, "{op_type}.{op_name}.{task}.{stream}.{time}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        let name = DumpName {
            op_type: "Mat.Mul".to_owned(),
            op_name: "/layer.1/dense 2\\x\n".to_owned(),
            task: 12,
            stream: 3,
            time: 1_700_000_000_000_001,
        };
        let text = name.to_string();
        assert_eq!(text, "Mat_Mul._layer_1_dense_2_x_.12.3.1700000000000001");
        let read = DumpName::parse(&text).unwrap();
        assert_eq!(read.op_name, DumpName::escape(&name.op_name));
        assert_eq!(
            (read.task, read.stream, read.time),
            (12, 3, 1_700_000_000_000_001)
        );
    }

    #[test]
    fn the_other_orders_of_numbers_are_known() {
        for (text, numbers) in [
            ("Conv2D.conv.7.1700000000000001", (7, 0)),
            ("Conv2D.conv.2.7.1700000000000001.0.1.0.3", (7, 2)),
            ("Conv2D.conv.7.1700000000000001.0.1.0.3", (7, 0)),
        ] {
            let name = DumpName::parse(text).expect(text);
            assert_eq!((name.task, name.stream), numbers, "{text}");
            assert_eq!(name.time, 1_700_000_000_000_001, "{text}");
        }
    }

    #[test]
    fn failures_are_named_by_their_task() {
        let text = "exception_info.42.1.20250611171538370";
        let name = DumpName::parse(text).unwrap();
        assert_eq!(name, DumpName::of_failure(42, 1, 20_250_611_171_538_370));
        assert!(name.is_failure());
        assert_eq!(name.to_string(), text);
    }

    #[test]
    fn other_names_are_not_taken_for_dumps() {
        for name in [
            "",
            "mapping.csv",
            "Conv2D.conv.1",
            "Conv2D.conv.1.2.3.4",
            "Conv2D.conv.1.2.x",
            "Conv2D..1.2.3",
            "Conv2D.conv.1.2.3.output.0.npy",
            "Conv2D.conv.-1.2.3",
            "exception_info.42.1",
            "exception_info.42.1.2.input.0.bin",
        ] {
            assert_eq!(DumpName::parse(name), None, "{name}");
        }
    }
}
