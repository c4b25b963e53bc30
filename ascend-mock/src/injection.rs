//! Faults that a program asks for, to see what it does about them.

use std::time::Duration;

use ascend_sys::aclError;
use serde::Deserialize;

use crate::abi;
use crate::config::units::{self, Time};

/// A rule: which calls meet with a fault, and what the fault is.
///
/// ```
/// use ascend_mock::{Effect, Injection, MockConfig};
///
/// // The third allocation finds no memory.
/// let rule = Injection::new("aclrtMalloc", Effect::Code(207_001)).nth(3);
/// let config = MockConfig::default().inject(rule);
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Injection {
    pub(crate) function: String,
    pub(crate) when: When,
    pub(crate) times: Option<u64>,
    pub(crate) device: Option<u32>,
    pub(crate) stream: Option<u32>,
    pub(crate) thread: Option<String>,
    pub(crate) operator: Option<String>,
    pub(crate) effect: Effect,
}

/// What befalls a call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// It does nothing and answers this code; a function that answers a value answers the value
    /// that stands for none.
    Code(aclError),
    /// It begins this much later.
    Delay(Duration),
    /// Its stream gets stuck before it, so that what waits for the stream waits, or runs into its
    /// timeout. A function without a stream does not return before the lease ends.
    Hang,
    /// It succeeds, but its work on the stream fails with this code, which comes out at a
    /// synchronisation. A function without a stream answers the code itself.
    Task(aclError),
    /// The device is lost: its queued work is dropped, and calls that need it answer 507010 until
    /// it is reset. What gives things back goes on to work.
    DeviceLost,
    /// It answers 207001 once the matching calls have asked for more than this many bytes.
    OutOfMemory {
        /// What there is for them all.
        after_bytes: u64,
    },
}

/// Which of the matching calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum When {
    Always,
    Nth(u64),
    Every(u64),
    Probability(f64),
}

impl Injection {
    /// A rule for every call of `function`: a C name, or the beginning of some with a `*`.
    pub fn new(function: impl Into<String>, effect: Effect) -> Self {
        Self {
            function: function.into(),
            when: When::Always,
            times: None,
            device: None,
            stream: None,
            thread: None,
            operator: None,
            effect,
        }
    }

    /// Only the `n`th matching call, counted from 1.
    #[must_use]
    pub fn nth(mut self, n: u64) -> Self {
        self.when = When::Nth(n);
        self
    }

    /// Every `n`th matching call.
    #[must_use]
    pub fn every(mut self, n: u64) -> Self {
        self.when = When::Every(n);
        self
    }

    /// Each matching call with this probability. Which ones follows from
    /// [`MockConfig::seed`](crate::MockConfig::seed) and the order of the calls alone.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.when = When::Probability(probability);
        self
    }

    /// At most this many times.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Only calls for this device: that of their stream, else the one they name, else that of the
    /// thread's context.
    #[must_use]
    pub fn device(mut self, ordinal: u32) -> Self {
        self.device = Some(ordinal);
        self
    }

    /// Only calls on the stream with this number, as `aclrtStreamGetId` answers it.
    #[must_use]
    pub fn stream(mut self, id: u32) -> Self {
        self.stream = Some(id);
        self
    }

    /// Only calls of threads with this name.
    #[must_use]
    pub fn thread(mut self, name: impl Into<String>) -> Self {
        self.thread = Some(name.into());
        self
    }

    /// Says that the work of [`Effect::Task`] fails in the operator of this name, as
    /// `aclmdlCreateAndGetOpDesc` tells it then.
    #[must_use]
    pub fn operator(mut self, name: impl Into<String>) -> Self {
        self.operator = Some(name.into());
        self
    }

    /// Refuses a rule that could never apply.
    pub(crate) fn check(&self) -> Result<(), String> {
        if !abi::symbols().any(|symbol| fits(&self.function, symbol)) {
            return Err(format!(
                "function = {:?}: the CPU device has no such function; write a C name, or the \
                 beginning of one with a `*`",
                self.function
            ));
        }
        match self.when {
            When::Nth(0) => return Err("nth is counted from 1".into()),
            When::Every(0) => return Err("every is counted from 1".into()),
            When::Probability(probability) if !(0.0..=1.0).contains(&probability) => {
                return Err(format!("probability = {probability} is not from 0 to 1"));
            }
            _ => {}
        }
        if self.operator.is_some() && !matches!(self.effect, Effect::Task(_)) {
            return Err("an operator fails with its task: give `task` beside `operator`".into());
        }
        if let Effect::Code(0) | Effect::Task(0) = self.effect {
            return Err("0 is the code of a success".into());
        }
        Ok(())
    }
}

/// Whether `pattern` is the name `symbol`, or its beginning with a `*`.
pub(crate) fn fits(pattern: &str, symbol: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => symbol.starts_with(start),
        None => pattern == symbol,
    }
}

/// A rule as TOML has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    function: String,
    nth: Option<u64>,
    every: Option<u64>,
    probability: Option<f64>,
    times: Option<u64>,
    device: Option<u32>,
    stream: Option<u32>,
    thread: Option<String>,
    operator: Option<String>,
    code: Option<aclError>,
    delay: Option<Time>,
    #[serde(default)]
    hang: bool,
    task: Option<aclError>,
    #[serde(default)]
    device_lost: bool,
    #[serde(default, deserialize_with = "units::bytes")]
    out_of_memory_after: Option<u64>,
}

impl TryFrom<Written> for Injection {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let effects = [
            written.code.map(Effect::Code),
            written.delay.map(|delay| Effect::Delay(delay.0)),
            written.hang.then_some(Effect::Hang),
            written.task.map(Effect::Task),
            written.device_lost.then_some(Effect::DeviceLost),
            written
                .out_of_memory_after
                .map(|after_bytes| Effect::OutOfMemory { after_bytes }),
        ];
        let effect = one(effects.into_iter())?.ok_or(
            "a fault needs one of code, delay, hang, task, device_lost and out_of_memory_after",
        )?;
        let whens = [
            written.nth.map(When::Nth),
            written.every.map(When::Every),
            written.probability.map(When::Probability),
        ];
        let injection = Self {
            function: written.function,
            when: one(whens.into_iter())?.unwrap_or(When::Always),
            times: written.times,
            device: written.device,
            stream: written.stream,
            thread: written.thread,
            operator: written.operator,
            effect,
        };
        injection.check()?;
        Ok(injection)
    }
}

/// The one that is given, if any.
fn one<T>(choices: impl Iterator<Item = Option<T>>) -> Result<Option<T>, String> {
    let mut given = choices.flatten();
    let first = given.next();
    match given.next() {
        Some(_) => Err("a fault has one effect, and one of nth, every and probability".into()),
        None => Ok(first),
    }
}
