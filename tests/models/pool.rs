//! Many requests for one model, answered each for itself.

use std::sync::Arc;
use std::time::Duration;

use ascend_graph::Gears as Asked;
use ascend_mock::{Effect, Injection, Lease, MockConfig, TimeModel};
use ascend_rt::pool::{Answer, Pool, PoolOptions, Request};
use ascend_rt::session::SessionOptions;
use ascend_rt::{Acl, ErrorKind, Model, Session};
use ndarray::ArrayD;

use super::made::{Told, doubled, numbers};
use super::pool_queue::block_on;

/// Longer than any test takes.
pub(super) const FOREVER: Duration = Duration::from_secs(1000);

/// A pool of one model on devices of a world of its own.
pub(super) struct House {
    pub(super) pool: Pool,
    pub(super) lease: Lease,
}

impl House {
    pub(super) fn new(config: MockConfig, om: &[u8], copies: usize, options: PoolOptions) -> Self {
        Self::of_sessions(config, om, (copies, SessionOptions::new()), options)
    }

    pub(super) fn of_sessions(
        config: MockConfig,
        om: &[u8],
        (copies, session): (usize, SessionOptions),
        options: PoolOptions,
    ) -> Self {
        let (api, lease) = ascend_mock::lease(config.record_calls(true)).unwrap();
        // SAFETY: the CPU device keeps to AscendCL's rules.
        let acl = unsafe { Acl::from_api(api) }.unwrap();
        let devices = 0..acl.device_count().unwrap();
        let sessions = devices.flat_map(|device| {
            let context = acl.device(device).unwrap().context();
            (0..copies).map(move |_| {
                let model = Model::from_bytes(&context, om).unwrap();
                Session::with_options(Arc::new(model), session).unwrap()
            })
        });
        let pool = Pool::new(sessions.collect(), &options).unwrap();
        Self { pool, lease }
    }

    pub(super) fn executions(&self) -> usize {
        let calls = self.lease.calls();
        let runs = calls
            .iter()
            .filter(|call| call.symbol.starts_with("aclmdlExecute"));
        runs.count()
    }

    pub(super) fn request(&self, values: &ArrayD<f32>) -> Request {
        let mut request = self.pool.request();
        request.set(&[values.into()]).unwrap();
        request
    }

    /// A request of one sample, all of `value`.
    pub(super) fn sample(&self, value: f32) -> Request {
        self.request(&ArrayD::from_elem(vec![1, 3], value))
    }
}

pub(super) fn first(answer: &Answer) -> f32 {
    answer.outputs().array::<f32>(0).unwrap()[[0, 0]]
}

/// `y = 2 x` for rows of three, in these batches.
pub(super) fn gears(batches: &str) -> Vec<u8> {
    Told::gears("x:-1,3", Asked::batch(batches)).om(&doubled("x", 2))
}

pub(super) fn fixed(batch: usize) -> Vec<u8> {
    Told::shapes(&format!("x:{batch},3")).om(&doubled("x", 2))
}

/// The same for a batch that each run decides, such as `1~4` or `-1`.
pub(super) fn open(batch: &str) -> Vec<u8> {
    Told::shapes(&format!("x:{batch},3")).om(&doubled("x", 2))
}

/// What takes `time` on the device.
pub(super) fn slow(time: Duration) -> MockConfig {
    MockConfig::default().time(TimeModel::default().execution(time))
}

#[test]
fn the_guilty_one_gets_the_error() {
    // The batch fails, and then the second of its requests, alone.
    let fault = |n| Injection::new("aclmdlExecuteAsync", Effect::Task(507_015)).nth(n);
    let config = MockConfig::default().inject(fault(1)).inject(fault(3));
    let options = PoolOptions::new().wait(FOREVER);
    let house = House::new(config, &gears("1,4"), 1, options);
    let tickets: Vec<_> = (0..4_u8)
        .map(|at| house.pool.submit(house.sample(at.into())).unwrap())
        .collect();
    for (ticket, at) in tickets.into_iter().zip(0..4_u8) {
        match ticket.wait() {
            Ok(answer) => assert!((first(&answer) - 2.0 * f32::from(at)).abs() < 1e-6, "{at}"),
            Err(failed) => {
                assert_eq!(failed.error.code().unwrap().get(), 507_015);
                let request = failed.value.unwrap();
                assert_eq!(at, 1);
                assert_eq!(request.input::<f32>(0).unwrap(), [1.0; 3]);
            }
        }
    }
    assert_eq!(house.executions(), 5);
    let wrong = house.request(&numbers(&[1, 4]));
    let failed = house.pool.submit(wrong).unwrap().wait().unwrap_err();
    assert_eq!(failed.error.kind(), ErrorKind::Shape);
}

#[test]
fn pools_refuse_what_is_not_theirs() {
    let error = Pool::new(Vec::new(), &PoolOptions::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    let one = House::new(MockConfig::default(), &fixed(1), 1, PoolOptions::new());
    let om = Told::shapes("z:1,3").om(&doubled("z", 2));
    let other = House::new(MockConfig::default(), &om, 1, PoolOptions::new());
    let refused = other.pool.submit(one.sample(1.0)).unwrap_err();
    assert_eq!(refused.error.kind(), ErrorKind::InvalidArgument);
    one.pool
        .submit(refused.value.unwrap())
        .unwrap()
        .wait()
        .unwrap();
    let refused = block_on(other.pool.enqueue(one.sample(1.0))).unwrap_err();
    assert_eq!(refused.error.kind(), ErrorKind::InvalidArgument);
    assert!(refused.value.is_some());
    let mut request = one.pool.request();
    let error = request.input_mut::<f64>(0, &[1, 3]).unwrap_err();
    assert!(error.to_string().contains("as float64: "), "{error}");
    assert!(request.input_mut::<f32>(1, &[1, 3]).is_err());
    for rows in [2, 1 << 40, usize::MAX] {
        let error = request.input_mut::<f32>(0, &[rows, 3]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Shape);
        assert!(error.to_string().contains("more than 12 bytes"), "{error}");
    }
    request.input_mut::<f32>(0, &[1, 3]).unwrap().fill(4.0);
    let answer = one.pool.submit(request).unwrap().wait().unwrap();
    assert!((first(&answer) - 8.0).abs() < 1e-6);
}

#[test]
fn inputs_that_were_not_set_are_missed() {
    for rank in [0, 2] {
        let om = match rank {
            0 => Told::default().om(&doubled("x", 0)),
            _ => fixed(1),
        };
        let house = House::new(MockConfig::default(), &om, 1, PoolOptions::new());
        let refused = house.pool.submit(house.pool.request()).unwrap_err();
        assert_eq!(refused.error.kind(), ErrorKind::InvalidArgument);
        let text = refused.error.to_string();
        assert!(text.starts_with("input x float32 ["), "{text}");
        let mut request = refused.value.unwrap();
        let shape = &[1, 3][..rank];
        request.input_mut::<f32>(0, shape).unwrap().fill(4.0);
        let answer = house.pool.submit(request).unwrap().wait().unwrap();
        let output = answer.outputs().array::<f32>(0).unwrap();
        assert_eq!(output, ArrayD::from_elem(shape, 8.0));
    }
}

#[test]
fn copies_of_a_file_share_its_weights() {
    let folder = tempfile::tempdir().unwrap();
    let om = folder.path().join("net.om");
    std::fs::write(&om, Told::shapes("x:2,64").om(&super::made::dense(1.0))).unwrap();
    let acl = Acl::mock(MockConfig::default().devices(2)).unwrap();
    let devices = [acl.device(0).unwrap(), acl.device(1).unwrap()];
    let pool = Pool::load(&devices, &om, &PoolOptions::new().copies(3)).unwrap();
    assert_eq!(pool.statistics().count(), 6);
    let x = numbers(&[1, 64]);
    let expected = pool.run(&[(&x).into()]).unwrap();
    let expected = expected.outputs().array::<f32>(0).unwrap().to_owned();
    let mut session = Session::load(&devices[0], &om).unwrap();
    let both = ndarray::concatenate![ndarray::Axis(0), x, x];
    let alone = session.run(&[(&both).into()]).unwrap();
    let alone = alone.array::<f32>(0).unwrap();
    assert_eq!(
        alone.index_axis(ndarray::Axis(0), 0),
        expected.index_axis(ndarray::Axis(0), 0)
    );
}

/// A task of the trace: what it does, on which stream, and from when to when in microseconds.
struct Task {
    function: String,
    stream: i64,
    times: [f64; 2],
}

#[test]
fn uploads_overlap_executions() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace.jsonl");
    let time = TimeModel::default()
        .execution(Duration::from_millis(10))
        .host_to_device(12 << 20);
    let config = MockConfig::default().time(time).trace(&trace);
    // 96 KiB, which take 7.8 ms.
    let om = Told::shapes("x:1,24576").om(&doubled("x", 2));
    let house = House::new(config, &om, 2, PoolOptions::new());
    let x = numbers(&[1, 24576]);
    let requests: Vec<_> = (0..12).map(|_| house.request(&x)).collect();
    for answer in house.pool.in_order(requests) {
        answer.unwrap();
    }
    let House { pool, lease } = house;
    drop(pool);
    drop(lease);
    let text = std::fs::read_to_string(&trace).unwrap();
    let tasks = text.lines().filter_map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let start = line["start_us"].as_f64()?;
        let end = start + line["duration_us"].as_f64()?;
        (line["event"] == "task").then(|| Task {
            function: line["function"].as_str().unwrap().to_owned(),
            stream: line["stream"].as_i64().unwrap(),
            times: [start, end],
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let of = |name: &'static str| tasks.iter().filter(move |task| task.function == name);
    let is_upload = |task: &&Task| task.times[1] - task.times[0] > 5_000.0;
    let overlaps = |upload: &&Task| {
        of("aclmdlExecuteAsync").any(|run| {
            run.stream != upload.stream
                && run.times[0] < upload.times[1]
                && upload.times[0] < run.times[1]
        })
    };
    let uploads = of("aclrtMemcpyAsync").filter(is_upload).count();
    let overlapping = of("aclrtMemcpyAsync")
        .filter(is_upload)
        .filter(overlaps)
        .count();
    assert_eq!(uploads, 12);
    // The first two have nothing to overlap with.
    assert!(overlapping >= 8, "{overlapping} of {uploads}");
}
