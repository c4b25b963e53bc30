//! What a C function answers when it fails: a code, and the text for `aclGetRecentErrMsg`.

use std::fmt::Display;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use ascend_sys::{
    ACL_ERROR_API_NOT_SUPPORT, ACL_ERROR_INTERNAL_ERROR, ACL_ERROR_INVALID_PARAM,
    ACL_ERROR_RT_CONTEXT_NULL, ACL_ERROR_RT_FEATURE_NOT_SUPPORT, ACL_ERROR_RT_INTERNAL_ERROR,
    ACL_ERROR_RT_INVALID_HANDLE, ACL_ERROR_RT_PARAM_INVALID, aclError,
};

use crate::dump::Taken;
use crate::failed_operator::FailedOperator;
use crate::kernel::FailedLaunch;
use crate::ledger::Kind;
use crate::messages::explanation;

/// A failed call, or a failed piece of queued work.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) code: aclError,
    pub(crate) text: String,
    /// Overrides the message code that follows from `code`.
    label: Option<&'static str>,
    /// The launch of a kernel that failed so, for who asks about the exception.
    pub(crate) launch: Option<Arc<FailedLaunch>>,
    /// The operator of a model that failed so, for the same.
    pub(crate) operator: Option<Arc<FailedOperator>>,
    /// What that operator took, for a dump of it, which takes it out.
    pub(crate) taken: Option<Arc<Taken>>,
}

impl Fault {
    pub(crate) fn new(code: aclError, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
            label: None,
            launch: None,
            operator: None,
            taken: None,
        }
    }

    /// Names the message code that users may search for, such as `E13025`.
    pub(crate) fn labelled(mut self, label: &'static str) -> Self {
        self.label = Some(label);
        self
    }

    /// Says which launch failed.
    pub(crate) fn of_launch(mut self, launch: FailedLaunch) -> Self {
        self.launch = Some(Arc::new(launch));
        self
    }

    /// Says which operator of a model failed.
    pub(crate) fn of_operator(mut self, operator: FailedOperator) -> Self {
        self.operator = Some(Arc::new(operator));
        self
    }

    /// Says what that operator took, which is to be dumped.
    pub(crate) fn having_taken(mut self, taken: Taken) -> Self {
        self.taken = Some(Arc::new(taken));
        self
    }

    /// The same with another code, and the message code that follows from it.
    pub(crate) fn coded(self, code: aclError) -> Self {
        Self {
            code,
            label: None,
            ..self
        }
    }

    /// Says what the fault is about.
    pub(crate) fn within(mut self, place: &str) -> Self {
        self.text = format!("{place}: {}", self.text);
        self
    }

    /// An argument that the outer layer rejects (100000).
    pub(crate) fn argument(text: impl Into<String>) -> Self {
        Self::new(ACL_ERROR_INVALID_PARAM, text)
    }

    /// The argument `name` is NULL (100000).
    pub(crate) fn null(name: &str) -> Self {
        Self::argument(format!("{name} is NULL")).labelled("EH0002")
    }

    /// An argument that the runtime layer rejects (107000).
    pub(crate) fn runtime_argument(text: impl Into<String>) -> Self {
        Self::new(ACL_ERROR_RT_PARAM_INVALID, text)
    }

    /// A handle that is destroyed, or not of the kind that the call takes (107017).
    pub(crate) fn handle(kind: Kind, raw: u64) -> Self {
        Self::new(
            ACL_ERROR_RT_INVALID_HANDLE,
            format!("{raw:#x} is no live {kind}: destroyed, or a handle of something else"),
        )
    }

    /// The calling thread has no current context (107002).
    pub(crate) fn no_context() -> Self {
        Self::new(
            ACL_ERROR_RT_CONTEXT_NULL,
            "the calling thread has no current context; call aclrtSetDevice or \
             aclrtSetCurrentContext on it first",
        )
    }

    /// The function `symbol` does nothing here: 207000 of the runtime layer, 200001 of the others
    ///
    pub(crate) fn unsupported(symbol: &str) -> Self {
        let of_runtime = symbol.starts_with("aclrt") || symbol.starts_with("aclmdlRI");
        let code = if of_runtime {
            ACL_ERROR_RT_FEATURE_NOT_SUPPORT
        } else {
            ACL_ERROR_API_NOT_SUPPORT
        };
        Self::new(
            code,
            format!("{symbol} is not supported by the CPU device; run this part on hardware"),
        )
    }

    /// As a stream answers it at its synchronisation: a defect there is one of the runtime (507000).
    pub(crate) fn in_stream(mut self) -> Self {
        if self.code == ACL_ERROR_INTERNAL_ERROR {
            self.code = ACL_ERROR_RT_INTERNAL_ERROR;
        }
        self
    }

    /// A defect of the CPU device itself (500000).
    pub(crate) fn internal(text: impl Display) -> Self {
        Self::new(ACL_ERROR_INTERNAL_ERROR, format!("internal error: {text}"))
    }

    /// Whether the runtime layer raised this, which is what `aclrtGetLastError` remembers
    ///
    pub(crate) fn is_runtime(&self) -> bool {
        matches!(self.code, 107_000..=107_999 | 207_000..=207_999 | 507_000..=507_999)
    }

    /// The text that `aclGetRecentErrMsg` returns for this fault of the function `symbol`: time and
    /// process, what the code means, what happened here, cause and remedy.
    pub(crate) fn message(&self, symbol: &str) -> String {
        let (time, pid) = (Timestamp::now(), std::process::id());
        let Self {
            code, text, label, ..
        } = self;
        let known = explanation(*code);
        let label = label.unwrap_or(known.message);
        let (meaning, cause, remedy) = (known.meaning, known.cause, known.remedy);
        format!(
            "{label}: [PID: {pid}] {time} {symbol} failed with code {code}: {meaning}. {text}\n        \
             Possible Cause: {cause}.\n        Solution: {remedy}."
        )
    }
}

/// A moment, in UTC; as the vendor's messages write it: `2026-11-23-23:41:46.123.456`.
pub(crate) struct Timestamp {
    seconds: u64,
    micros: u32,
}

impl Timestamp {
    pub(crate) fn now() -> Self {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self {
            seconds: since.as_secs(),
            micros: since.subsec_micros(),
        }
    }

    /// A second later.
    pub(crate) fn next(self) -> Self {
        Self {
            seconds: self.seconds.saturating_add(1),
            ..self
        }
    }

    /// The digits of date and time to the second, as in the names of folders: `20261123234146`.
    pub(crate) fn compact(&self) -> String {
        let (year, month, day) = self.date();
        let (hour, minute) = (self.seconds / 3_600 % 24, self.seconds / 60 % 60);
        let second = self.seconds % 60;
        format!("{year}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
    }

    /// The digits of date and time to the millisecond, as in the names of files: `20261123234146123`.
    pub(crate) fn compact_milli(&self) -> u64 {
        let digits = format!("{}{:03}", self.compact(), self.micros / 1_000);
        digits.parse().unwrap_or(u64::MAX)
    }

    /// Year, month and day of the Gregorian calendar. Years are counted from March, so that the
    /// leap day is a year's last and a month's first day is `(153 * month + 2) / 5`.
    fn date(&self) -> (u64, u64, u64) {
        const DAYS_TO_1970: u64 = 719_468; // since 1 March of the year 0
        const DAYS_IN_400_YEARS: u64 = 146_097;
        let days = self.seconds / 86_400 + DAYS_TO_1970;
        let (era, day) = (days / DAYS_IN_400_YEARS, days % DAYS_IN_400_YEARS);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (era * 400 + year + u64::from(month <= 2), month, day)
    }
}

impl Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.date();
        let (hour, minute) = (self.seconds / 3_600 % 24, self.seconds / 60 % 60);
        let (second, milli, micro) = (self.seconds % 60, self.micros / 1_000, self.micros % 1_000);
        write!(
            f,
            "{year}-{month:02}-{day:02}-{hour:02}:{minute:02}:{second:02}.{milli:03}.{micro:03}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn timestamps_follow_the_calendar() {
        let cases = [
            (0, "1970-01-01-00:00:00.000.000"),
            (951_782_400, "2000-02-29-00:00:00.000.000"),
            (951_868_800, "2000-03-01-00:00:00.000.000"),
            (1_735_689_599, "2024-12-31-23:59:59.000.000"),
            (4_107_542_400, "2100-03-01-00:00:00.000.000"),
        ];
        for (seconds, expected) in cases {
            let moment = Timestamp { seconds, micros: 0 };
            assert_eq!(moment.to_string(), expected);
            let digits: String = expected.chars().filter(char::is_ascii_digit).collect();
            assert_eq!(moment.compact(), digits[..14]);
            assert_eq!(moment.compact_milli().to_string(), digits[..17]);
        }
    }
}
