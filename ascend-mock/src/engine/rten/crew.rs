//! The threads that a program runs on.
//!
//! A network is hundreds of operators, each shared out among the threads, and many of them are done before
//! a sleeping thread would have woken up. So the threads look for work as long as a program runs, and sleep
//! between its runs.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Condvar, Mutex, Once, OnceLock};
use std::time::{Duration, Instant};
use std::{hint, io, thread};

use ::rten::ThreadPool;
use rayon::Yield;

use crate::engine::runner::Runner;
use crate::sync::{lock, wait};

/// How often a thread looks for work in vain before it lets others have the processor, who may need it for
/// better things.
const LOOKS: u32 = 128;

/// A run that takes hardly longer than a thread to wake up gets no help the next time,
const SHORT: Duration = Duration::from_micros(200);

/// until one takes so long.
const LONG: Duration = Duration::from_millis(1);

/// Threads that a pool has for the number alone: where there are many, blocks are small anyway.
const MOST_IDLE: usize = 8;

/// The threads of this process that compute something.
static BUSY: AtomicUsize = AtomicUsize::new(0);

/// The thread that a program's operators run on, and those that help it.
pub(super) struct Crew {
    runner: Runner,
    pool: Arc<ThreadPool>,
    orders: EndingOrders,
    most_helpers: usize,
    needs_help: AtomicBool,
    shift: Mutex<Shift>,
}

/// The runs that are under way, which the runner does one after the other, and the threads that are claimed
/// for all of them.
#[derive(Default)]
struct Shift {
    runs: usize,
    claimed: usize,
}

/// What the threads beside the runner's are to do.
#[derive(Default)]
struct Orders {
    /// So many of them help.
    helpers: AtomicUsize,
    is_over: Mutex<bool>,
    changed: Condvar,
}

/// Orders that end with it.
struct EndingOrders(Arc<Orders>);

/// While it lives, as many threads help as the machine has left.
pub(super) struct Awake<'a> {
    crew: &'a Crew,
    start: Instant,
}

impl Crew {
    pub(super) fn start(threads: usize) -> io::Result<Self> {
        keep_freed_memory();
        let orders = EndingOrders(Arc::default());
        let pool = Arc::new(pool(threads, &orders.0));
        let place = Arc::clone(&pool);
        let most_helpers = threads.saturating_sub(1);
        let runner = Runner::start(move |serve| place.run(serve))?;
        // It has its place then, which a helper that looks for work would take else.
        let _ = runner.run(|| ());
        Ok(Self {
            runner,
            pool,
            orders,
            most_helpers,
            needs_help: AtomicBool::new(true),
            shift: Mutex::default(),
        })
    }

    /// The threads, as the engine takes them.
    pub(super) fn pool(&self) -> &Arc<ThreadPool> {
        &self.pool
    }

    /// Has `work` done, and waits for what it gives; `None` if it panicked.
    pub(super) fn run<R: Send + 'static>(
        &self,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> Option<R> {
        self.runner.run(work)
    }

    /// Has threads look for work from now on.
    pub(super) fn awake(&self) -> Awake<'_> {
        let mut shift = lock(&self.shift);
        shift.runs += 1;
        self.claim(&mut shift);
        Awake {
            crew: self,
            start: Instant::now(),
        }
    }

    /// Claims anew, for what others of this process claim may be more or less by now.
    fn claim(&self, shift: &mut Shift) {
        let wanted = if shift.runs == 0 {
            0
        } else if self.needs_help.load(Ordering::Relaxed) {
            1 + self.most_helpers
        } else {
            1
        };
        shift.claimed = claim(shift.claimed, wanted);
        self.orders.0.ask_for(shift.claimed.saturating_sub(1));
    }
}

impl Drop for EndingOrders {
    fn drop(&mut self) {
        *lock(&self.0.is_over) = true;
        self.0.changed.notify_all();
    }
}

impl Drop for Awake<'_> {
    fn drop(&mut self) {
        let took = self.start.elapsed();
        if took < SHORT {
            self.crew.needs_help.store(false, Ordering::Relaxed);
        } else if took > LONG {
            self.crew.needs_help.store(true, Ordering::Relaxed);
        }
        let mut shift = lock(&self.crew.shift);
        shift.runs -= 1;
        self.crew.claim(&mut shift);
    }
}

/// Takes as many threads as are wanted, instead of those that are held: no more than the machine can run beside
/// all others of this process, which they would keep from their work, but one at least.
fn claim(held: usize, wanted: usize) -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    let cores = *CORES.get_or_init(|| thread::available_parallelism().map_or(1, NonZero::get));
    let mut claimed = held;
    let _ = BUSY.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |busy| {
        let others = busy.saturating_sub(held);
        claimed = wanted.min(cores.saturating_sub(others).max(1));
        Some(others + claimed)
    });
    claimed
}

impl Orders {
    /// Has so many threads help from now on.
    fn ask_for(&self, helpers: usize) {
        if self.helpers.swap(helpers, Ordering::AcqRel) < helpers {
            // Under the lock, lest a thread that has just looked falls asleep after this.
            drop(lock(&self.is_over));
            self.changed.notify_all();
        }
    }

    /// Helps whenever more than `number` threads do, until all is over.
    fn help(&self, number: usize) {
        while self.wait(|helpers| helpers > number) {
            let mut vain = 0_u32;
            while self.helpers.load(Ordering::Acquire) > number {
                if matches!(rayon::yield_now(), Some(Yield::Executed)) {
                    vain = 0;
                    continue;
                }
                vain = vain.wrapping_add(1);
                if vain.is_multiple_of(LOOKS) {
                    thread::yield_now();
                } else {
                    hint::spin_loop();
                }
            }
        }
    }

    /// Waits until the number of helpers is such a one; or, answering false, until all is over.
    fn wait(&self, is_due: impl Fn(usize) -> bool) -> bool {
        let mut is_over = lock(&self.is_over);
        while !*is_over {
            if is_due(self.helpers.load(Ordering::Acquire)) {
                return true;
            }
            is_over = wait(&self.changed, is_over);
        }
        false
    }
}

/// A pool in which so many threads work: the runner's, and others under these orders.
///
/// It has as many again, up to [`MOST_IDLE`], that do nothing. The engine cuts matrices into one block for each
/// thread of its pool, of up to 1,024 columns, which makes four of 3,136 columns where two threads work, and the
/// last one small; with twice the threads, the blocks of the usual sizes are many enough to be shared evenly.
fn pool(threads: usize, orders: &Arc<Orders>) -> ThreadPool {
    if threads < 2 {
        return ThreadPool::with_num_threads(1);
    }
    let (helpers, idle) = (threads - 1, threads.min(MOST_IDLE));
    let pool = ThreadPool::with_num_threads(1 + helpers + idle);
    let are_there = Arc::new(Barrier::new(helpers + idle + 1));
    let is_pool = pool.run(|| {
        // Without threads, the pool runs this on the calling one, and so would every operator be.
        let is_pool = rayon::current_thread_index().is_some();
        for number in (0..helpers + idle).filter(|_| is_pool) {
            let (are_there, orders) = (Arc::clone(&are_there), Arc::clone(orders));
            rayon::spawn(move || {
                are_there.wait();
                if number < helpers {
                    orders.help(number);
                } else {
                    orders.wait(|_| false);
                }
            });
        }
        is_pool
    });
    if is_pool {
        // One thread is left for the runner then: none of these is done by it.
        are_there.wait();
    }
    pool
}

/// Has glibc keep what a run frees for the next one: it returns all above twice the largest block that it
/// has seen freed, and takes it again page by page, which for ResNet-50 is 1,500 faults a run.
fn keep_freed_memory() {
    /// Less than the 32 MiB from where on it learns nothing.
    const BLOCK: usize = 31 << 20;
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let mut block = Vec::<u8>::new();
        // Where there is no such room, a run will tell.
        let _ = block.try_reserve_exact(BLOCK);
        drop(hint::black_box(block));
    });
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rayon::iter::{IntoParallelIterator, ParallelIterator};

    use super::*;

    #[test]
    fn work_is_shared_among_those_who_work() {
        let crew = Crew::start(3).unwrap();
        for _ in 0..20 {
            let _awake = crew.awake();
            let (sum, places) = crew.run(shared_sum).unwrap();
            assert_eq!(sum, 499_500);
            assert!(places.len() <= 3, "{places:?}");
        }
    }

    fn shared_sum() -> (u64, HashSet<Option<usize>>) {
        let places = Mutex::new(HashSet::new());
        let sum = (0..1000_u64).into_par_iter().map(|number| {
            lock(&places).insert(rayon::current_thread_index());
            number
        });
        let sum = sum.sum();
        (sum, places.into_inner().unwrap())
    }

    #[test]
    fn a_run_that_nobody_can_help_is_done_all_the_same() {
        let crew = Crew::start(2).unwrap();
        let (sum, places) = crew.run(shared_sum).unwrap();
        assert_eq!((sum, places.len()), (499_500, 1));
    }

    #[test]
    fn runs_at_the_same_time_claim_threads_once() {
        let crew = Crew::start(2).unwrap();
        let helpers = || crew.orders.0.helpers.load(Ordering::Acquire);
        // How many are left depends on other tests.
        let is_one_run = || {
            let claimed = lock(&crew.shift).claimed;
            (1..=2).contains(&claimed) && helpers() == claimed - 1
        };
        let [one, two] = [crew.awake(), crew.awake()];
        assert!(is_one_run());
        drop(one);
        assert!(is_one_run());
        drop(two);
        assert_eq!((lock(&crew.shift).claimed, helpers()), (0, 0));
    }

    #[test]
    fn threads_end_with_their_crew() {
        let crew = Crew::start(2).unwrap();
        let orders = Arc::downgrade(&crew.orders.0);
        drop(crew.awake());
        drop(crew);
        let start = Instant::now();
        while orders.strong_count() > 0 {
            assert!(start.elapsed() < Duration::from_mins(1), "threads are left");
            thread::yield_now();
        }
    }
}
