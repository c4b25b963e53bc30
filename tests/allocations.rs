//! Nothing is allocated for an inference once its shapes came before: on this side of the C
//! interface, for what the runtime behind it allocates is its own business.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test ends where it fails, and says what it counted"
)]

#[path = "models/made.rs"]
#[allow(dead_code, reason = "the models take more of it")]
mod made;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use ascend_graph::Gears as Asked;
use ascend_mock::MockConfig;
use ascend_rt::pool::{Pool, PoolOptions, Request, Ticket};
use ascend_rt::session::{Padding, SessionOptions};
use ascend_rt::{Acl, Context, Input, Model, Session};
use ascend_sys::{AclApi, acl_functions};
use made::{Told, doubled, numbers};
use ndarray::ArrayD;

thread_local! {
    /// Whether the thread calls C functions: those of the runtime itself do not.
    static CALLS: Cell<bool> = const { Cell::new(false) };
    /// Whether it is in such a call.
    static IS_INSIDE: Cell<bool> = const { Cell::new(false) };
}

static IS_COUNTING: AtomicBool = AtomicBool::new(false);
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, which counts what this side of the C interface asks for.
struct Counting;

impl Counting {
    fn count() {
        let is_ours = CALLS.get() && !IS_INSIDE.get();
        if is_ours && IS_COUNTING.load(Ordering::Relaxed) {
            COUNT.fetch_add(1, Ordering::Relaxed);
        }
    }
}

// SAFETY: all is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::count();
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Self::count();
        // SAFETY: as the caller promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        Self::count();
        // SAFETY: as the caller promises.
        unsafe { System.realloc(block, layout, bytes) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(block, layout) };
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The table of the CPU device.
static DEVICE: OnceLock<AclApi> = OnceLock::new();

/// Enters the runtime until it is dropped.
struct Inside;

impl Inside {
    fn enter() -> Self {
        CALLS.set(true);
        IS_INSIDE.set(true);
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        IS_INSIDE.set(false);
    }
}

macro_rules! observed {
    ($($(#[$docs:meta])* pub fn $name:ident($($argument:ident: $kind:ty),* $(,)?) $(-> $result:ty)?;)*) => {
        #[allow(non_snake_case, clippy::too_many_arguments, reason = "the names and arguments of C")]
        mod observe {
            use ascend_sys::*;

            $(pub(super) unsafe extern "C" fn $name($($argument: $kind),*) $(-> $result)? {
                let function = super::DEVICE.get().and_then(|api| api.$name).unwrap();
                let _inside = super::Inside::enter();
                // SAFETY: as the caller promises.
                unsafe { function($($argument),*) }
            })*
        }

        /// The table whose functions say that they are entered.
        fn observed() -> AclApi {
            AclApi { $($name: Some(observe::$name),)* }
        }
    };
}
acl_functions!(observed);

/// Runs `work` twice to get everything in place, and then counts the allocations of more runs.
#[track_caller]
fn settles(what: &str, mut work: impl FnMut()) {
    (0..2).for_each(|_| work());
    COUNT.store(0, Ordering::Relaxed);
    IS_COUNTING.store(true, Ordering::Relaxed);
    (0..100).for_each(|_| work());
    IS_COUNTING.store(false, Ordering::Relaxed);
    let count = COUNT.load(Ordering::Relaxed);
    println!("{what}: {count} allocations in 100 runs");
    assert_eq!(count, 0, "{what}");
}

fn session(context: &Context, om: &[u8], options: SessionOptions) -> Session {
    let model = Arc::new(Model::from_bytes(context, om).unwrap());
    Session::with_options(model, options).unwrap()
}

fn runs(context: &Context) {
    let plain = SessionOptions::new();
    let padded = plain.padding(Padding::NextGear);
    let network = doubled("x", 2);
    let gears = Told::gears("x:-1,3", Asked::batch("1,2,4")).om(&network);
    let (two, three) = (numbers(&[2, 3]), numbers(&[3, 3]));
    let fixed = Told::shapes("x:2,3").om(&network);
    let within = Told::shapes("x:1~4,3").om(&network);
    let long = Told::shapes("x:1~300,3").om(&network);
    for (name, om, options, inputs) in [
        ("fixed shapes", &fixed, plain, &[&two][..]),
        ("gears in turns", &gears, plain, &[&two, &numbers(&[4, 3])]),
        ("gears, padded", &gears, padded, &[&three, &two]),
        ("shapes within limits", &within, plain, &[&three, &two]),
    ] {
        let mut session = session(context, om, options);
        for is_timed in [false, true] {
            session.set_timing(is_timed).unwrap();
            settles(&format!("{name}, timed: {is_timed}"), || {
                for input in inputs {
                    let outputs = session.run(&[Input::from(*input).named("x")]).unwrap();
                    let output = outputs.by_name("y").unwrap();
                    assert_eq!(output.shape(), input.shape());
                }
            });
        }
    }
    let mut fresh = session(context, &long, plain);
    let lengths: Vec<ArrayD<f32>> = (1..=102).map(|rows| ArrayD::ones(vec![rows, 3])).collect();
    let mut lengths = lengths.iter();
    settles("shapes within limits that are new", || {
        let input = lengths.next().unwrap();
        let outputs = fresh.run(&[input.into()]).unwrap();
        assert_eq!(outputs.iter().next().unwrap().shape(), input.shape());
    });
    let mut session = session(context, &fixed, plain);
    settles("in place", || {
        session.input_mut::<f32>(0).unwrap().fill(2.0);
        let outputs = session.run_staged().unwrap();
        assert_eq!(outputs.iter().next().unwrap().bytes().len(), 24);
    });
}

/// Requests that go around: some at once, so that they are joined.
fn pools(context: &Context) {
    let network = doubled("x", 2);
    for (name, told) in [
        ("a pool of fixed batches", Told::shapes("x:4,3")),
        (
            "a pool of gears",
            Told::gears("x:-1,3", Asked::batch("1,2,4")),
        ),
        ("a pool of a range of batches", Told::shapes("x:1~4,3")),
        ("a pool of a long range", Told::shapes("x:1~500,3")),
        ("a pool without batches", Told::shapes("x:1,3")),
    ] {
        let om = told.om(&network);
        let sessions = (0..2).map(|_| session(context, &om, SessionOptions::new()));
        let options = PoolOptions::new().wait(Duration::from_micros(50));
        let pool = Pool::new(sessions.collect(), &options).unwrap();
        let one = numbers(&[1, 3]);
        let mut requests: Vec<Request> = (0..6).map(|_| pool.request()).collect();
        let mut tickets: Vec<Ticket> = Vec::with_capacity(6);
        settles(name, || {
            for mut request in requests.drain(..) {
                request.set(&[Input::from(&one)]).unwrap();
                tickets.push(pool.submit(request).unwrap());
            }
            for ticket in tickets.drain(..) {
                let answer = ticket.wait().unwrap();
                assert_eq!(answer.outputs().iter().next().unwrap().bytes().len(), 12);
                requests.push(answer.into_request());
            }
        });
    }
}

/// One test, for there is one count.
#[test]
fn a_run_allocates_nothing() {
    let (api, _lease) = ascend_mock::lease(MockConfig::default()).unwrap();
    DEVICE.set(api).unwrap();
    // SAFETY: the functions are those of the CPU device, which keeps to AscendCL's rules.
    let acl = unsafe { Acl::from_api(observed()) }.unwrap();
    let context = acl.device(0).unwrap().context();
    runs(&context);
    pools(&context);
    // What is counted is counted.
    CALLS.set(true);
    IS_COUNTING.store(true, Ordering::Relaxed);
    drop(std::hint::black_box(Box::new(1_u8)));
    IS_COUNTING.store(false, Ordering::Relaxed);
    assert_eq!(COUNT.load(Ordering::Relaxed), 1);
}
