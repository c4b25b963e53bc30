//! The queue of a pool: requests that wait, are withdrawn, given back, or find no space.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use ascend_rt::ErrorKind;
use ascend_rt::pool::{Pool, PoolOptions};

use super::pool::{FOREVER, House, first, fixed, gears, slow};

#[test]
fn a_withdrawn_request_is_not_run() {
    let house = House::new(
        slow(Duration::from_millis(50)),
        &fixed(1),
        1,
        PoolOptions::new(),
    );
    let busy = house.pool.submit(house.sample(0.0)).unwrap();
    while house.pool.waiting() > 0 {
        thread::yield_now();
    }
    let cancelled = house.pool.submit(house.sample(1.0)).unwrap();
    let dropped = house.pool.submit(house.sample(2.0)).unwrap();
    let kept = house.pool.submit(house.sample(3.0)).unwrap();
    let back = cancelled.cancel().unwrap();
    assert_eq!(back.input::<f32>(0).unwrap(), [1.0; 3]);
    drop(dropped);
    assert!(busy.cancel().is_none(), "it had begun");
    assert!((first(&kept.wait().unwrap()) - 6.0).abs() < 1e-6);
    assert_eq!(house.executions(), 2);
}

#[test]
fn a_pool_that_is_dropped_gives_back_what_waits() {
    let house = House::new(
        slow(Duration::from_millis(20)),
        &fixed(1),
        1,
        PoolOptions::new(),
    );
    let submit = |at: u8| house.pool.submit(house.sample(at.into())).unwrap();
    let tickets: VecDeque<_> = (0..10).map(submit).collect();
    let House { pool, lease } = house;
    drop(pool);
    let mut back = 0;
    for (ticket, at) in tickets.into_iter().zip(0_u8..) {
        assert!(ticket.is_ready());
        if let Err(failed) = ticket.wait() {
            back += 1;
            assert_eq!(failed.error.kind(), ErrorKind::InvalidArgument);
            let request = failed.value.unwrap();
            assert_eq!(request.input::<f32>(0).unwrap(), [f32::from(at); 3]);
        }
    }
    assert!(back >= 8, "{back}");
    assert!(lease.ledger().is_empty(), "{}", lease.ledger());
}

#[test]
fn a_full_queue_says_so() {
    let options = PoolOptions::new().queue(2).wait(FOREVER);
    let house = House::new(slow(Duration::from_millis(300)), &gears("1,8"), 1, options);
    let submit = |at: u8| house.pool.try_submit(house.sample(at.into()));
    // They fill no batch, but the queue, which does not wait then.
    let busy = [submit(0).unwrap(), submit(1).unwrap()];
    while house.pool.waiting() > 0 {
        thread::yield_now();
    }
    let [first, second] = [submit(2).unwrap(), submit(3).unwrap()];
    let refused = submit(4).unwrap_err();
    assert_eq!(refused.error.kind(), ErrorKind::OutOfMemory);
    drop(first);
    let third = house.pool.try_submit(refused.value.unwrap()).unwrap();
    for ticket in busy.into_iter().chain([second, third]) {
        ticket.wait().unwrap();
    }
    assert_eq!(house.executions(), 2);
}

/// Wakes a thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// The smallest executor.
pub(super) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

#[test]
fn answers_can_be_awaited() {
    let options = PoolOptions::new().queue(1);
    let house = House::new(slow(Duration::from_millis(5)), &fixed(1), 1, options);
    let pool = &house.pool;
    let run = |request| async move {
        let ticket = pool.enqueue(request).await?;
        ticket.await
    };
    thread::scope(|scope| {
        for at in 0..8_u8 {
            let value = f32::from(at);
            let request = house.sample(value);
            scope.spawn(move || {
                let answer = block_on(run(request)).unwrap();
                assert!((first(&answer) - 2.0 * value).abs() < 1e-6);
            });
        }
    });
    assert_eq!(house.executions(), 8);
}

/// Counts how often it is woken.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn those_who_await_space_stand_in_line() {
    let options = PoolOptions::new().queue(1);
    let house = House::new(slow(Duration::from_millis(500)), &fixed(1), 1, options);
    let busy = house.pool.submit(house.sample(0.0)).unwrap();
    while house.pool.waiting() > 0 {
        thread::yield_now();
    }
    let queued = house.pool.submit(house.sample(1.0)).unwrap();
    let woken: [Arc<Woken>; 3] = Default::default();
    let counts = || {
        woken
            .each_ref()
            .map(|woken| woken.0.load(Ordering::Relaxed))
    };
    let mut line: VecDeque<_> = woken
        .iter()
        .map(|woken| {
            let mut waiting = house.pool.enqueue(house.sample(2.0));
            let waker = Waker::from(Arc::clone(woken));
            let polled = Pin::new(&mut waiting).poll(&mut Context::from_waker(&waker));
            assert!(polled.is_pending());
            waiting
        })
        .collect();
    // There is space for one, which passes it on when it goes; who was not woken has none to pass.
    queued.cancel().unwrap();
    assert_eq!(counts(), [1, 0, 0]);
    drop(line.pop_front());
    assert_eq!(counts(), [1, 1, 0]);
    drop(line.pop_back());
    assert_eq!(counts(), [1, 1, 0]);
    let ticket = block_on(line.pop_front().unwrap()).unwrap();
    busy.wait().unwrap();
    assert!((first(&ticket.wait().unwrap()) - 4.0).abs() < 1e-6);
}

#[test]
fn a_request_that_was_given_back_can_be_cancelled() {
    let house = House::new(
        slow(Duration::from_millis(50)),
        &fixed(1),
        1,
        PoolOptions::new(),
    );
    let _busy = house.pool.submit(house.sample(0.0)).unwrap();
    while house.pool.waiting() > 0 {
        thread::yield_now();
    }
    let queued = house.pool.submit(house.sample(1.0)).unwrap();
    drop(house.pool);
    let request = queued.cancel().unwrap();
    assert_eq!(request.input::<f32>(0).unwrap(), [1.0; 3]);
}

/// Drops what it holds.
struct Keeper(Mutex<Option<Pool>>);

impl Wake for Keeper {
    fn wake(self: Arc<Self>) {
        drop(self.0.lock().unwrap().take());
    }
}

#[test]
fn a_thread_of_the_pool_may_drop_it() {
    let House { pool, lease } = House::new(
        slow(Duration::from_millis(50)),
        &fixed(1),
        2,
        PoolOptions::new(),
    );
    let mut request = pool.request();
    request.input_mut::<f32>(0, &[1, 3]).unwrap().fill(2.0);
    let mut ticket = pool.submit(request).unwrap();
    let keeper = Arc::new(Keeper(Mutex::new(Some(pool))));
    let waker = Waker::from(Arc::clone(&keeper));
    let polled = Pin::new(&mut ticket).poll(&mut Context::from_waker(&waker));
    assert!(polled.is_pending());
    drop(waker);
    assert!((first(&ticket.wait().unwrap()) - 4.0).abs() < 1e-6);
    // Its threads go, and give the devices back.
    while !lease.ledger().is_empty() {
        thread::yield_now();
    }
}

#[test]
fn a_busy_pool_is_drained() {
    let house = House::new(
        slow(Duration::from_millis(1)),
        &gears("1,4"),
        2,
        PoolOptions::new().queue(64),
    );
    let House { pool, lease } = house;
    let (send, tickets) = mpsc::channel();
    thread::scope(|scope| {
        let pool = &pool;
        for producer in 0..4_u8 {
            let send = send.clone();
            scope.spawn(move || {
                for _ in 0..25 {
                    let mut request = pool.request();
                    let value = f32::from(producer);
                    request.input_mut::<f32>(0, &[1, 3]).unwrap().fill(value);
                    send.send((pool.submit(request).unwrap(), value)).unwrap();
                }
            });
        }
    });
    drop(send);
    let statistics = pool.close();
    let requests: u64 = statistics.iter().map(|copy| copy.requests).sum();
    assert_eq!(requests, 100);
    for (ticket, value) in tickets {
        assert!((first(&ticket.wait().unwrap()) - 2.0 * value).abs() < 1e-6);
    }
    assert!(lease.ledger().is_empty(), "{}", lease.ledger());
}
