//! What becomes of the rules of [`Injection`] while a world lives.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, RwLock};
use std::thread;
use std::time::Duration;

use ascend_sys::{
    ACL_ERROR_RT_EVENT_SYNC_TIMEOUT, ACL_ERROR_RT_LOST_HEARTBEAT, ACL_ERROR_RT_MEMORY_ALLOCATION,
    ACL_ERROR_RT_REPORT_TIMEOUT, ACL_ERROR_RT_STREAM_SYNC_TIMEOUT, ACL_ERROR_UNINITIALIZE,
    aclError,
};

use crate::entry::{Arguments, Entry, guarded};
use crate::failed_operator::FailedOperator;
use crate::fault::Fault;
use crate::injection::{Effect, Injection, When, fits};
use crate::stream::Stream;
use crate::sync::{Deadline, lock, read, wait_until, write};
use crate::threads;

/// Functions of the runtime that a lost device does not hinder: they ask the host only, give back
/// what the program holds, or bring the device back.
const WITHOUT_DEVICE: [&str; 14] = [
    "aclrtDestroy*",
    "aclrtFree*",
    "aclrtGetCurrentContext",
    "aclrtGetDevice",
    "aclrtGetDeviceCount",
    "aclrtGetLastError",
    "aclrtGetRunMode",
    "aclrtGetSocName",
    "aclrtGetVersion",
    "aclrtHostUnregister",
    "aclrtPeekAtLastError",
    "aclrtResetDevice*",
    "aclrtSetCurrentContext",
    "aclrtUnSubscribeReport",
];

/// Functions of the other layers that need the device, besides those with a stream.
const ON_DEVICE: [&str; 3] = ["aclmdlExecute*", "aclmdlLoad*", "aclblas*"];

/// The rules of a world, and what they did.
#[derive(Default)]
pub(crate) struct Faults {
    /// Whether calls have to look any further: there are rules.
    is_active: AtomicBool,
    rules: RwLock<Vec<Arc<Rule>>>,
    lost: Mutex<BTreeSet<u32>>,
    /// The world ends, and calls that hang return.
    ended: Mutex<bool>,
    end: Condvar,
}

struct Rule {
    injection: Injection,
    /// Its place among the rules, from 1.
    number: u64,
    /// The calls that matched so far, those that met with the fault, and the bytes they asked for.
    matched: AtomicU64,
    fired: AtomicU64,
    bytes: AtomicU64,
}

/// What a call is about, as far as its arguments tell.
#[derive(Default)]
struct Subject {
    stream: Option<Arc<Stream>>,
    device: Option<u32>,
    bytes: u64,
    /// How long the call waits at most.
    limit: Option<Duration>,
}

impl Faults {
    pub(crate) fn new(injections: &[Injection]) -> Self {
        let faults = Self::default();
        for injection in injections {
            faults.add(injection.clone());
        }
        faults
    }

    pub(crate) fn add(&self, injection: Injection) {
        let mut rules = write(&self.rules);
        let number = rules.len() as u64 + 1;
        rules.push(Arc::new(Rule {
            injection,
            number,
            matched: AtomicU64::new(0),
            fired: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
        }));
        self.is_active.store(true, Ordering::Release);
    }

    pub(crate) fn are_active(&self) -> bool {
        self.is_active.load(Ordering::Acquire)
    }

    /// Lets the calls return that hang.
    pub(crate) fn end(&self) {
        *lock(&self.ended) = true;
        self.end.notify_all();
    }

    /// Waits until the world ends, or `deadline` is over.
    fn hang(&self, deadline: Deadline) {
        let mut ended = lock(&self.ended);
        while !*ended && !deadline.is_over() {
            ended = wait_until(&self.end, ended, deadline);
        }
    }
}

impl Rule {
    /// Whether a call on `subject`, whose name fits, is one that the rule is about.
    fn is_about(&self, subject: &Subject) -> bool {
        let rule = &self.injection;
        let stream = subject.stream.as_ref().map(|stream| stream.id);
        let is_thread = |name: &String| threads::name().as_ref() == Some(name);
        rule.device
            .is_none_or(|device| subject.device == Some(device))
            && rule.stream.is_none_or(|id| stream == Some(id))
            && rule.thread.as_ref().is_none_or(is_thread)
    }

    /// Counts a matching call, and says whether it meets with the fault.
    fn fires(&self, subject: &Subject, seed: u64) -> bool {
        let count = self.matched.fetch_add(1, Ordering::Relaxed) + 1;
        let is_chosen = match self.injection.when {
            When::Always => true,
            When::Nth(n) => count == n,
            When::Every(n) => count.is_multiple_of(n),
            When::Probability(probability) => draw(seed, self.number, count) < probability,
        };
        if !is_chosen {
            return false;
        }
        if let Effect::OutOfMemory { after_bytes } = self.injection.effect {
            let add = |before: u64| Some(before.saturating_add(subject.bytes));
            let before = self
                .bytes
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, add)
                .unwrap_or_default();
            if before.saturating_add(subject.bytes) <= after_bytes {
                return false;
            }
        }
        let times = self.injection.times.unwrap_or(u64::MAX);
        let more = |fired: u64| (fired < times).then_some(fired + 1);
        self.fired
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
            .is_ok()
    }

    fn fault(&self, code: aclError) -> Fault {
        let (number, function) = (self.number, &self.injection.function);
        let fault = Fault::new(
            code,
            format!("injected by fault {number} of the configuration, for {function}"),
        );
        match &self.injection.operator {
            Some(name) => fault.of_operator(FailedOperator {
                name: name.clone(),
                ..FailedOperator::default()
            }),
            None => fault,
        }
    }
}

/// A number from 0 to below 1 that follows from `seed`, the rule and the count of its calls.
fn draw(seed: u64, rule: u64, count: u64) -> f64 {
    let mut bits = seed ^ rule.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ count.rotate_left(32);
    for factor in [0xBF58_476D_1CE4_E5B9, 0x94D0_49BB_1331_11EB] {
        bits = (bits ^ (bits >> 30)).wrapping_mul(factor);
    }
    let high = u32::try_from(bits >> 32).unwrap_or_default();
    f64::from(high) / 4_294_967_296.0
}

/// Whether a lost device makes a call of `symbol` fail.
fn needs_device(symbol: &str, subject: &Subject) -> bool {
    let is_of = |patterns: &[&str]| patterns.iter().any(|pattern| fits(pattern, symbol));
    let is_runtime = symbol.starts_with("aclrt");
    !is_of(&WITHOUT_DEVICE) && (is_runtime || is_of(&ON_DEVICE) || subject.stream.is_some())
}

/// What a wait of the function `symbol` answers when it took too long.
fn expired(symbol: &str) -> aclError {
    if symbol.contains("Event") {
        ACL_ERROR_RT_EVENT_SYNC_TIMEOUT
    } else if symbol == "aclrtProcessReport" {
        ACL_ERROR_RT_REPORT_TIMEOUT
    } else {
        ACL_ERROR_RT_STREAM_SYNC_TIMEOUT
    }
}

impl Entry<'_> {
    /// Runs the call's body, unless a rule has it fail.
    pub(crate) fn run_with_faults(
        &self,
        arguments: Arguments<'_>,
        body: &mut dyn FnMut(&Entry<'_>) -> Option<Fault>,
    ) -> Option<Fault> {
        let subject = LazyCell::new(|| self.subject(arguments));
        let answer = guarded(|| Ok(self.befall(&subject)));
        if let Some(fault) = answer.unwrap_or_else(Some) {
            return Some(fault);
        }
        let fault = guarded(|| Ok(body(self))).unwrap_or_else(Some);
        if fault.is_none() {
            if self.origin.symbol.starts_with("aclrtResetDevice") {
                self.recover(subject.device);
            }
            // Work that got to the stream on another way fails behind it.
            if let (Some(failing), Some(stream)) = (self.failing.take(), &subject.stream) {
                return self.submit_failure(stream, failing.code).err();
            }
        }
        fault
    }

    /// Applies the rules to this call. Gives what it answers, if its body is not to run.
    fn befall(&self, subject: &LazyCell<Subject, impl FnOnce() -> Subject>) -> Option<Fault> {
        let (faults, symbol) = (&self.world.faults, self.origin.symbol);
        let lost_ones = lock(&faults.lost).clone();
        if !lost_ones.is_empty() && needs_device(symbol, subject) {
            let device = subject.device.filter(|device| lost_ones.contains(device));
            if let Some(device) = device {
                return Some(lost(device));
            }
        }
        let rules = read(&faults.rules).clone();
        let mut chosen = rules
            .iter()
            .filter(|rule| fits(&rule.injection.function, symbol))
            .filter(|rule| rule.is_about(subject))
            .filter(|rule| rule.fires(subject, self.world.config.seed));
        chosen.find_map(|rule| self.apply(rule, subject))
    }

    fn apply(&self, rule: &Rule, subject: &Subject) -> Option<Fault> {
        let is_synchronization = self.origin.symbol.starts_with("aclrtSynchronize");
        match (&rule.injection.effect, &subject.stream) {
            // It has a task, of a stream of its own.
            (Effect::Task(code), None) if self.origin.symbol == "aclmdlExecute" => {
                self.failing.set(Some(rule.fault(*code)));
                None
            }
            (Effect::Code(code), _) | (Effect::Task(code), None) => Some(rule.fault(*code)),
            (Effect::Delay(delay), _) => {
                thread::sleep(*delay);
                None
            }
            (Effect::Hang, Some(stream)) => self.submit_hang(stream).err(),
            (Effect::Hang, None) => {
                let limit = subject.limit.map_or(Deadline::NEVER, Deadline::after);
                self.world.faults.hang(limit);
                Some(rule.fault(match subject.limit {
                    Some(_) => expired(self.origin.symbol),
                    None => ACL_ERROR_UNINITIALIZE,
                }))
            }
            (Effect::Task(code), Some(stream)) if is_synchronization => {
                self.submit_failure(stream, *code).err()
            }
            (Effect::Task(code), Some(_)) => {
                self.failing.set(Some(rule.fault(*code)));
                None
            }
            (Effect::DeviceLost, _) => {
                let device = subject.device?;
                lock(&self.world.faults.lost).insert(device);
                let streams = self.world.streams.filter(|stream| stream.device == device);
                for stream in streams {
                    stream.queue.fail(&lost(device));
                }
                Some(lost(device))
            }
            (Effect::OutOfMemory { .. }, _) => Some(rule.fault(ACL_ERROR_RT_MEMORY_ALLOCATION)),
        }
    }

    /// Reads off the arguments what the call is about.
    fn subject(&self, arguments: Arguments<'_>) -> Subject {
        let mut subject = Subject::default();
        let mut named = None;
        arguments(&mut |name, value| match name {
            "stream" => subject.stream = self.shown_stream(&format!("{value:?}")),
            "deviceId" => named = format!("{value:?}").parse().ok(),
            "size" => subject.bytes = format!("{value:?}").parse().unwrap_or_default(),
            "timeout" => subject.limit = milliseconds(&format!("{value:?}")),
            _ => {}
        });
        let of_stream = subject.stream.as_ref().map(|stream| stream.device);
        let of_thread = || self.context().ok().map(|context| context.device);
        subject.device = of_stream.or(named).or_else(of_thread);
        subject
    }

    /// The stream behind an argument, as it is shown; places for a stream are none.
    fn shown_stream(&self, shown: &str) -> Option<Arc<Stream>> {
        let handle = u64::from_str_radix(shown.strip_prefix("0x")?, 16).ok()?;
        self.any_stream(handle).ok()
    }

    /// Ends the loss of a device, if a reset has taken it down.
    fn recover(&self, device: Option<u32>) {
        let Some(ordinal) = device else { return };
        if lock(&self.world.devices)[ordinal as usize].is_unreferenced() {
            lock(&self.world.faults.lost).remove(&ordinal);
        }
    }
}

/// A time limit, as it is shown; none where it stands for no limit, or for a mistake.
fn milliseconds(shown: &str) -> Option<Duration> {
    let limit = shown.parse().ok().filter(|&limit: &u64| limit > 0)?;
    Some(Duration::from_millis(limit))
}

fn lost(device: u32) -> Fault {
    Fault::new(
        ACL_ERROR_RT_LOST_HEARTBEAT,
        format!("device {device} is lost (injected); reset it with aclrtResetDeviceForce"),
    )
}
