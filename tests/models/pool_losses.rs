//! Pools whose devices are lost, fail, or lose their threads.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::Duration;

use ascend_mock::{Effect, Injection, MockConfig};
use ascend_rt::pool::{CopyStatistics, PoolOptions};
use ascend_rt::session::SessionOptions;
use ascend_rt::{ErrorKind, Pool, Result};
use ndarray::ArrayD;

use super::pool::{FOREVER, House, first, fixed, gears, open, slow};

#[test]
fn a_lost_device_takes_no_request_with_it() {
    let fault = Injection::new("aclmdlExecuteAsync", Effect::DeviceLost);
    let config = slow(Duration::from_millis(1))
        .devices(2)
        .inject(fault.device(1).nth(3));
    let house = House::new(config, &gears("1,2"), 2, PoolOptions::new());
    let requests = (0..100_u8).map(|at| house.sample(at.into()));
    let requests: Vec<_> = requests.collect();
    let answers = house.pool.in_order(requests);
    for (answer, at) in answers.zip(0..100_u8) {
        assert!((first(&answer.unwrap()) - 2.0 * f32::from(at)).abs() < 1e-6);
    }
    // Each run takes so long that the second device gets three of the fifty.
    assert_eq!(house.pool.devices_left(), 1);
}

#[test]
fn with_the_last_device_requests_are_given_back() {
    let fault = Injection::new("aclmdlExecuteAsync", Effect::DeviceLost).nth(2);
    let house = House::new(
        MockConfig::default().inject(fault),
        &fixed(1),
        2,
        PoolOptions::new(),
    );
    let mut lost = 0;
    let requests: Vec<_> = (0..20_u8).map(|at| house.sample(at.into())).collect();
    for (answer, at) in house.pool.in_order(requests).zip(0..20_u8) {
        if let Err(failed) = answer {
            lost += 1;
            assert_eq!(failed.error.kind(), ErrorKind::Device, "{}", failed.error);
            let request = failed.value.unwrap();
            assert_eq!(request.input::<f32>(0).unwrap(), [f32::from(at); 3]);
        }
    }
    assert!(lost >= 18, "{lost}");
    assert_eq!(house.pool.devices_left(), 0);
    let failed = house.pool.submit(house.sample(0.0)).unwrap_err();
    assert_eq!(failed.error.kind(), ErrorKind::Device);
    let text = failed.error.to_string();
    assert!(
        text.contains("no device is left") && text.contains("507010"),
        "{text}"
    );
    assert!(failed.value.is_some());
}

#[test]
fn what_is_lost_while_the_pool_drains_is_run_elsewhere() {
    // The second device is lost when the first has had nothing to do for long.
    let of_second = |effect| Injection::new("aclmdlExecuteAsync", effect).device(1);
    let config = slow(Duration::from_millis(100))
        .devices(2)
        .inject(of_second(Effect::Delay(Duration::from_millis(400))))
        .inject(of_second(Effect::DeviceLost));
    let house = House::new(config, &fixed(1), 1, PoolOptions::new());
    let submit = |at: u8| house.pool.submit(house.sample(at.into())).unwrap();
    let tickets = [submit(1), submit(2)];
    while house.pool.waiting() > 0 {
        thread::yield_now();
    }
    let statistics = house.pool.close();
    for (ticket, at) in tickets.into_iter().zip([2.0, 4.0]) {
        assert!((first(&ticket.wait().unwrap()) - at).abs() < 1e-6);
    }
    let runs: Vec<_> = statistics.iter().map(|copy| copy.runs).collect();
    assert_eq!(runs, [2, 1]);
}

#[test]
fn a_device_that_fails_every_run_counts_as_lost() {
    let fault = Injection::new("aclmdlExecuteAsync", Effect::Task(507_015)).device(1);
    let config = slow(Duration::from_millis(1)).devices(2).inject(fault);
    let house = House::new(config, &fixed(1), 1, PoolOptions::new());
    let requests: Vec<_> = (0..100_u8).map(|at| house.sample(at.into())).collect();
    let mut failed = 0;
    for (answer, at) in house.pool.in_order(requests).zip(0..100_u8) {
        match answer {
            Ok(answer) => assert!((first(&answer) - 2.0 * f32::from(at)).abs() < 1e-6),
            Err(refused) => {
                failed += 1;
                assert_eq!(refused.error.code().unwrap().get(), 507_015);
            }
        }
    }
    // The request of its eighth run goes to the other device.
    assert_eq!((failed, house.executions()), (7, 101));
    assert_eq!(house.pool.devices_left(), 1);
}

#[test]
fn the_last_device_is_kept_however_often_it_fails() {
    let fault = Injection::new("aclmdlExecuteAsync", Effect::Task(507_015));
    let config = MockConfig::default().inject(fault.times(20));
    let house = House::new(config, &fixed(1), 1, PoolOptions::new());
    let requests: Vec<_> = (0..30_u8).map(|at| house.sample(at.into())).collect();
    let answers = house.pool.in_order(requests);
    assert_eq!(answers.flatten().count(), 10);
    assert_eq!(house.pool.devices_left(), 1);
}

/// Breaks off the thread that wakes it.
struct Trap;

impl Wake for Trap {
    fn wake(self: Arc<Self>) {
        panic!("a test of a waker that panics");
    }
}

#[test]
fn a_device_without_threads_does_not_count() {
    let house = House::new(
        slow(Duration::from_millis(20)),
        &fixed(1),
        1,
        PoolOptions::new(),
    );
    let mut ticket = house.pool.submit(house.sample(1.0)).unwrap();
    let waker = Waker::from(Arc::new(Trap));
    let polled = Pin::new(&mut ticket).poll(&mut Context::from_waker(&waker));
    assert!(polled.is_pending());
    while house.pool.devices_left() > 0 {
        thread::yield_now();
    }
    let refused = house.pool.submit(house.sample(2.0)).unwrap_err();
    assert_eq!(refused.error.kind(), ErrorKind::Device);
    let text = refused.error.to_string();
    assert!(text.contains("its threads broke off"), "{text}");
    assert!((first(&ticket.wait().unwrap()) - 2.0).abs() < 1e-6);
}

/// Longer than a run takes on a device that is well, and than what keeps a machine from it.
const LIMIT: Duration = Duration::from_secs(3);

#[test]
fn a_device_that_hangs_takes_no_request_with_it() {
    let fault = Injection::new("aclmdlExecuteAsync", Effect::Hang);
    for (name, om) in [
        ("fixed", fixed(1)),
        ("gears", gears("1,2")),
        ("range", open("1~2")),
    ] {
        let config = slow(Duration::from_millis(1)).devices(2);
        let config = config.inject(fault.clone().device(1).nth(3));
        let limited = SessionOptions::new().run_limit(Some(LIMIT));
        let house = House::of_sessions(config, &om, (2, limited), PoolOptions::new());
        let requests: Vec<_> = (0..100_u8).map(|at| house.sample(at.into())).collect();
        for (answer, at) in house.pool.in_order(requests).zip(0..100_u8) {
            assert!((first(&answer.unwrap()) - 2.0 * f32::from(at)).abs() < 1e-6);
        }
        assert_eq!(house.pool.devices_left(), 1, "{name}");
        let answered: u64 = house.pool.close().iter().map(|copy| copy.requests).sum();
        assert_eq!(answered, 100, "{name}");
    }
}

#[test]
fn when_the_last_device_hangs_requests_come_back() {
    let fault = Injection::new("aclrtMemcpyAsync", Effect::Hang).nth(3);
    let config = MockConfig::default().inject(fault);
    let limited = SessionOptions::new().run_limit(Some(Duration::from_millis(200)));
    let house = House::of_sessions(config, &fixed(1), (1, limited), PoolOptions::new());
    let requests: Vec<_> = (0..5_u8).map(|at| house.sample(at.into())).collect();
    for (answer, at) in house.pool.in_order(requests).zip(0..5_u8) {
        // The first run is an upload and a download.
        let Err(failed) = answer else {
            assert_eq!(at, 0);
            continue;
        };
        let text = failed.error.to_string();
        assert_eq!(failed.error.kind(), ErrorKind::Device, "{text}");
        assert!(
            text.contains("no device is left") && text.contains("200ms"),
            "{text}"
        );
        let request = failed.value.unwrap();
        assert_eq!(request.input::<f32>(0).unwrap(), [f32::from(at); 3]);
    }
    assert_eq!(house.pool.devices_left(), 0);
}

#[test]
fn a_pool_is_closed_without_a_device_that_does_not_answer() {
    // An idle copy's model cannot be given back.
    let fault = Injection::new("aclmdlUnload", Effect::Hang).device(1);
    let config = slow(Duration::from_millis(1)).devices(2).inject(fault);
    let house = House::new(config, &fixed(1), 2, PoolOptions::new());
    let requests: Vec<_> = (0..20_u8).map(|at| house.sample(at.into())).collect();
    for (answer, at) in house.pool.in_order(requests).zip(0..20_u8) {
        assert!((first(&answer.unwrap()) - 2.0 * f32::from(at)).abs() < 1e-6);
    }
    let error = house
        .pool
        .close_within(Duration::from_millis(300))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Device);
    let text = error.to_string();
    for words in ["numbers 1 within 300ms", "2 of 4 copies"] {
        assert!(text.contains(words), "{words:?} is missing in {text}");
    }
}

#[test]
fn requests_that_wait_for_a_device_that_hangs_come_back_when_the_pool_is_closed() {
    let fault = Injection::new("aclmdlExecuteAsync", Effect::Hang);
    let config = MockConfig::default().inject(fault);
    let house = House::new(config, &fixed(1), 1, PoolOptions::new());
    let submit = |at: u8| house.pool.submit(house.sample(at.into())).unwrap();
    let [stuck, waits] = [1, 2].map(submit);
    while house.pool.waiting() > 1 {
        thread::yield_now();
    }
    let closed = house.pool.close_within(Duration::from_millis(200));
    assert_eq!(closed.unwrap_err().kind(), ErrorKind::Device);
    let refused = waits.wait().unwrap_err();
    assert_eq!(refused.value.unwrap().input::<f32>(0).unwrap(), [2.0; 3]);
    // Its memory is the device's as long as that does not answer.
    drop(stuck);
}

/// Closes what it holds, and tells how that ended.
struct Closer(Mutex<Option<Pool>>, Sender<Result<Vec<CopyStatistics>>>);

impl Wake for Closer {
    fn wake(self: Arc<Self>) {
        if let Some(pool) = self.0.lock().unwrap().take() {
            let _ = self.1.send(pool.close_within(FOREVER));
        }
    }
}

#[test]
fn a_thread_of_the_pool_that_closes_it_does_not_wait_for_itself() {
    let config = slow(Duration::from_millis(50));
    let house = House::new(config, &fixed(1), 1, PoolOptions::new());
    let mut ticket = house.pool.submit(house.sample(2.0)).unwrap();
    let (told, end) = mpsc::channel();
    let waker = Waker::from(Arc::new(Closer(Mutex::new(Some(house.pool)), told)));
    let polled = Pin::new(&mut ticket).poll(&mut Context::from_waker(&waker));
    assert!(polled.is_pending());
    assert_eq!(end.recv().unwrap().unwrap().len(), 1);
    drop(waker);
    assert!((first(&ticket.wait().unwrap()) - 4.0).abs() < 1e-6);
    while !house.lease.ledger().is_empty() {
        thread::yield_now();
    }
}

#[test]
fn a_pool_whose_devices_answer_is_closed_whole() {
    let config = slow(Duration::from_millis(1)).devices(2);
    let house = House::new(config, &fixed(1), 2, PoolOptions::new());
    let tickets = [1_u8, 2, 3].map(|at| house.pool.submit(house.sample(at.into())).unwrap());
    let statistics = house.pool.close_within(FOREVER).unwrap();
    let answered: u64 = statistics.iter().map(|copy| copy.requests).sum();
    assert_eq!((statistics.len(), answered), (4, 3));
    for (ticket, at) in tickets.into_iter().zip([2.0, 4.0, 6.0]) {
        assert!((first(&ticket.wait().unwrap()) - at).abs() < 1e-6);
    }
}

/// Numbers without a pattern.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

#[test]
fn many_threads_submit_and_withdraw_while_a_device_is_lost() {
    let fault = Injection::new("aclmdlExecuteAsync", Effect::DeviceLost);
    let config = slow(Duration::from_millis(1))
        .devices(3)
        .inject(fault.device(1).nth(5));
    let options = PoolOptions::new()
        .queue(16)
        .wait(Duration::from_micros(300));
    let house = House::new(config, &gears("1,2,4,8"), 2, options);
    let (answered, withdrawn) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for producer in 0..8_u8 {
            let (house, answered, withdrawn) = (&house, &answered, &withdrawn);
            scope.spawn(move || {
                let mut chance = Chance(producer.into());
                let mut tickets = VecDeque::new();
                for at in 0..100_u8 {
                    let value = f32::from(producer) * 100.0 + f32::from(at);
                    let rows = 1 + usize::try_from(chance.below(3)).unwrap();
                    let request = house.request(&ArrayD::from_elem(vec![rows, 3], value));
                    let ticket = house.pool.submit(request).unwrap();
                    match chance.below(8) {
                        0 => drop(ticket),
                        1 => drop(ticket.cancel()),
                        _ => {
                            tickets.push_back((ticket, rows, value));
                            continue;
                        }
                    }
                    withdrawn.fetch_add(1, Ordering::Relaxed);
                }
                for (ticket, rows, value) in tickets {
                    let answer = ticket.wait().unwrap();
                    let output = answer.outputs().array::<f32>(0).unwrap();
                    assert_eq!(output, ArrayD::from_elem(vec![rows, 3], 2.0 * value));
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let all = answered.into_inner() + withdrawn.into_inner();
    assert_eq!(all, 800);
    assert_eq!(house.pool.devices_left(), 2);
    let statistics = house.pool.close();
    assert!(
        statistics
            .iter()
            .all(|copy| copy.device == 1 || copy.runs > 0)
    );
}
