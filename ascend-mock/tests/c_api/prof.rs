//! Profiling.

use std::ffi::{CStr, CString};
use std::fs::{self, File};
use std::io::Read;
use std::os::fd::FromRawFd;
use std::path::PathBuf;
use std::ptr;
use std::thread;
use std::time::Duration;

use ascend_mock::{Engine, Kind, MockConfig};
use ascend_sys::{
    ProfApi, aclprofAicoreMetrics, aclprofConfig, aclprofConfigType, aclprofStepTag,
    aclprofSubscribeOpAttri,
};

use crate::common::compiled::numbers;
use crate::common::models::{COUNT, fixed};
use crate::common::{Library, NULL, Rig};

const NONE: aclprofAicoreMetrics = aclprofAicoreMetrics::ACL_AICORE_NONE;
const API: u64 = 0x1;
const TASKS: u64 = 0x2;
const MARKS: u64 = 0x80;

type Prof = Library<ProfApi>;

fn prof(rig: &Rig) -> Prof {
    Library {
        api: rig.lease.prof(),
    }
}

/// A folder of a test's own, which it removes.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        Self(std::env::temp_dir().join(format!("ascend-prof-{}-{test}", std::process::id())))
    }

    fn begin(&self, prof: &Prof) -> i32 {
        let path = CString::new(self.0.to_str().unwrap()).unwrap();
        acl!(prof.aclprofInit(path.as_ptr(), path.as_bytes().len()))
    }

    /// The tables in it, by name.
    fn tables(&self) -> Vec<String> {
        let folder = fs::read_dir(&self.0)
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path();
        let files = fs::read_dir(folder.join("mindstudio_profiler_output")).unwrap();
        let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        files.sort_by_key(|file| !file.to_str().unwrap().contains("op_statistic"));
        files.sort_by_key(|file| file.extension().unwrap() == "json");
        files
            .iter()
            .map(|file| fs::read_to_string(file).unwrap())
            .collect()
    }

    /// The summaries in it.
    fn summaries(&self) -> Vec<String> {
        let folders = fs::read_dir(&self.0).unwrap();
        let files = folders.map(|folder| folder.unwrap().path().join("summary.json"));
        files
            .map(|file| fs::read_to_string(file).unwrap())
            .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Only this engine tells of operators.
fn watchable() -> MockConfig {
    Rig::strict().engine(Engine::Rten)
}

/// A pipe as C has it.
struct Pipe {
    reader: Option<File>,
    writer: i32,
}

impl Pipe {
    fn new() -> Self {
        let mut ends = [0; 2];
        // SAFETY: pipe(2) gets room for two numbers.
        assert_eq!(unsafe { libc::pipe(ends.as_mut_ptr()) }, 0);
        Self {
            // SAFETY: the descriptor is new, and owned by nobody.
            reader: Some(unsafe { File::from_raw_fd(ends[0]) }),
            writer: ends[1],
        }
    }

    /// Subscribes to a model with the pipe.
    fn subscribe(&mut self, prof: &Prof, model: u32, times: i8) {
        let file = (&raw mut self.writer).cast();
        let config = acl!(prof.aclprofCreateSubscribeConfig(times, NONE, file));
        assert_eq!(acl!(prof.aclprofModelSubscribe(model, config)), 0);
        assert_eq!(acl!(prof.aclprofDestroySubscribeConfig(config)), 0);
    }

    /// Closes the program's end and reads all that was written.
    fn read(mut self) -> Vec<u8> {
        let mut reader = self.reader.take().unwrap();
        drop(self);
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).unwrap();
        bytes
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        // SAFETY: the writing end is the test's own, and closed once.
        unsafe { libc::close(self.writer) };
    }
}

/// Runs the model of `fixed`, and gives what it computes.
fn run_fixed(rig: &Rig, model: u32) -> Vec<f32> {
    let (input, output) = (rig.input(&numbers(COUNT)), rig.empty());
    assert_eq!(
        acl!(rig.aclmdlExecute(model, input, output)),
        0,
        "{:?}",
        rig.message()
    );
    rig.output(output)
}

/// What a record says: type, name, start, end, duration, model.
fn decode(prof: &Prof, bytes: &[u8], index: u32) -> (String, String, [u64; 3], usize) {
    let (start, len) = (bytes.as_ptr().cast(), bytes.len());
    let mut lengths = [0, 0];
    let [first, second] = &mut lengths;
    assert_eq!(acl!(prof.aclprofGetOpTypeLen(start, len, index, first)), 0);
    assert_eq!(acl!(prof.aclprofGetOpNameLen(start, len, index, second)), 0);
    let mut texts = lengths.map(|length| vec![0_u8; length]);
    let [op_type, name] = &mut texts;
    let (room, at) = (op_type.len(), op_type.as_mut_ptr().cast());
    assert_eq!(
        acl!(prof.aclprofGetOpType(start, len, index, at, room - 1)),
        100_000
    );
    assert_eq!(acl!(prof.aclprofGetOpType(start, len, index, at, room)), 0);
    let (room, at) = (name.len(), name.as_mut_ptr().cast());
    assert_eq!(acl!(prof.aclprofGetOpName(start, len, index, at, room)), 0);
    let [op_type, name] = texts.map(|text| {
        let text = CStr::from_bytes_with_nul(&text).unwrap();
        text.to_str().unwrap().to_owned()
    });
    // No operator is cut into threads, and so none has the number of one.
    for attribute in [
        aclprofSubscribeOpAttri::ACL_SUBSCRIBE_ATTRI_THREADID,
        aclprofSubscribeOpAttri::ACL_SUBSCRIBE_ATTRI_NONE,
    ] {
        let value = acl!(prof.aclprofGetOpAttriValue(start, len, index, attribute));
        assert!(value.is_null());
    }
    let times = [
        acl!(prof.aclprofGetOpStart(start, len, index)),
        acl!(prof.aclprofGetOpEnd(start, len, index)),
        acl!(prof.aclprofGetOpDuration(start, len, index)),
    ];
    (
        op_type,
        name,
        times,
        acl!(prof.aclprofGetModelId(start, len, index)),
    )
}

fn config(prof: &Prof, devices: &[u32], data: u64) -> *mut aclprofConfig {
    let mut devices = devices.to_vec();
    let count = u32::try_from(devices.len()).unwrap();
    let list = devices.as_mut_ptr();
    acl!(prof.aclprofCreateConfig(list, count, NONE, ptr::null(), data))
}

/// S
#[test]
fn r_296_the_path_and_its_length_must_fit() {
    let rig = Rig::new();
    let prof = prof(&rig);
    let path = c"/tmp/prof";
    for (path, length) in [
        (ptr::null(), 4),
        (path.as_ptr(), 0),
        (path.as_ptr(), 3),
        (path.as_ptr(), 5000),
    ] {
        assert_eq!(acl!(prof.aclprofInit(path, length)), 100_000);
    }
}

/// S
#[test]
fn r_297_what_is_collected_is_checked_at_the_start() {
    let rig = Rig::with(MockConfig::default().devices(2));
    let prof = prof(&rig);
    let folder = Folder::new("start");
    assert_eq!(folder.begin(&prof), 0);
    assert_eq!(acl!(prof.aclprofStart(ptr::null())), 100_000);
    assert_eq!(acl!(prof.aclprofStop(ptr::null())), 100_000);
    for (devices, data, code) in [
        (&[0][..], 0, 100_000),
        (&[0, 1, 2], API, 100_000),
        (&[0, 0], API, 100_000),
        (&[7], API, 100_000),
        (&[0], 1 << 60, 200_007),
        (&[0], API | TASKS, 0),
        (&[0], API | TASKS, 100_042),
        (&[1], TASKS, 0),
    ] {
        let config = config(&prof, devices, data);
        assert_eq!(
            acl!(prof.aclprofStart(config)),
            code,
            "{devices:?} {data:#x}"
        );
    }
    assert_eq!(acl!(prof.aclprofFinalize()), 0);
}

/// S; that the answer is 0 is the newer behaviour
#[test]
fn r_298_sessions_and_subscriptions_exclude_each_other() {
    let rig = Rig::new();
    let prof = prof(&rig);
    let folder = Folder::new("conflict");
    assert_eq!(acl!(prof.aclprofFinalize()), 0);
    let no_session = config(&prof, &[0], API);
    assert_eq!(acl!(prof.aclprofStart(no_session)), 100_043);
    assert_eq!(acl!(prof.aclprofStop(no_session)), 100_043);
    let mut pipe = Pipe::new();
    let file = (&raw mut pipe.writer).cast();
    let subscription = acl!(prof.aclprofCreateSubscribeConfig(1, NONE, file));
    let model = rig.load(&fixed());
    assert_eq!(
        acl!(prof.aclprofModelSubscribe(model + 1, subscription)),
        100_011
    );
    assert_eq!(
        acl!(prof.aclprofModelSubscribe(model, ptr::null())),
        100_000
    );
    assert_eq!(acl!(prof.aclprofModelSubscribe(model, subscription)), 0);
    assert_eq!(
        acl!(prof.aclprofModelSubscribe(model, subscription)),
        148_046
    );
    assert_eq!(folder.begin(&prof), 148_047);
    assert_eq!(acl!(prof.aclprofFinalize()), 148_047);
    assert_eq!(acl!(prof.aclprofModelUnSubscribe(model)), 0);
    assert_eq!(folder.begin(&prof), 0);
    assert_eq!(folder.begin(&prof), 100_042);
    assert_eq!(
        acl!(prof.aclprofModelSubscribe(model, subscription)),
        148_047
    );
    assert_eq!(acl!(prof.aclprofFinalize()), 0);
}

/// S; the second half I
#[test]
fn r_299_no_device_is_needed_for_data_of_the_host() {
    let rig = Rig::new();
    let prof = prof(&rig);
    let folder = Folder::new("host");
    assert_eq!(acl!(prof.aclprofDestroyConfig(ptr::null())), 100_000);
    assert_eq!(folder.begin(&prof), 0);
    let (host, device) = (config(&prof, &[], API), config(&prof, &[], API | TASKS));
    assert_eq!(acl!(prof.aclprofStart(device)), 100_000);
    assert_eq!(acl!(prof.aclprofStart(host)), 0);
    assert_eq!(acl!(prof.aclprofStop(host)), 0);
    assert_eq!(acl!(prof.aclprofDestroyConfig(host)), 0);
    assert_eq!(acl!(prof.aclprofStart(host)), 107_017);
    assert_eq!(acl!(prof.aclprofFinalize()), 0);
}

#[test]
fn a_session_leaves_a_summary_with_the_marks() {
    let rig = Rig::new();
    let prof = prof(&rig);
    let folder = Folder::new("summary");
    assert!(acl!(prof.aclprofCreateStamp()).is_null());
    assert_eq!(folder.begin(&prof), 0);
    let run = config(&prof, &[0], MARKS | TASKS);
    assert_eq!(acl!(prof.aclprofStart(run)), 0);
    let stamp = acl!(prof.aclprofCreateStamp());
    let long = [b'x'; 128];
    let set = |text: &[u8], length| {
        acl!(prof.aclprofSetStampTraceMessage(stamp, text.as_ptr().cast(), length))
    };
    assert_eq!(set(&long, 128), 100_000);
    assert_eq!(set(b"upload", 6), 0);
    assert_eq!(acl!(prof.aclprofMark(stamp)), 0);
    assert_eq!(acl!(prof.aclprofPop()), 100_000);
    assert_eq!(acl!(prof.aclprofPush(stamp)), 0);
    assert_eq!(acl!(prof.aclprofPop()), 0);
    let mut range = 0;
    assert_eq!(acl!(prof.aclprofRangeStart(stamp, &raw mut range)), 0);
    assert_eq!(acl!(prof.aclprofRangeStop(range + 1)), 100_000);
    assert_eq!(acl!(prof.aclprofRangeStop(range)), 0);
    assert_eq!(acl!(prof.aclprofMarkEx(c"here".as_ptr(), 4, NULL)), 0);
    let step = acl!(prof.aclprofCreateStepInfo());
    let (start, bad) = (aclprofStepTag::ACL_STEP_START, aclprofStepTag(9));
    assert_eq!(acl!(prof.aclprofGetStepTimestamp(step, start, NULL)), 0);
    assert_eq!(acl!(prof.aclprofGetStepTimestamp(step, bad, NULL)), 100_000);
    assert_eq!(rig.lease.ledger().count(Kind::ProfilingStamp), 1);
    acl!(prof.aclprofDestroyStamp(stamp));
    acl!(prof.aclprofDestroyStepInfo(step));
    let other = config(&prof, &[0], TASKS);
    assert_eq!(acl!(prof.aclprofStop(other)), 100_000);
    assert_eq!(acl!(prof.aclprofStop(run)), 0);
    assert_eq!(acl!(prof.aclprofStop(run)), 100_043);
    assert_eq!(acl!(prof.aclprofFinalize()), 0);
    let [summary] = &folder.summaries()[..] else {
        panic!("one session, one summary");
    };
    for part in [
        "upload",
        "here",
        "range end",
        "step start",
        "by the program",
    ] {
        assert!(summary.contains(part), "{part} in {summary}");
    }
}

#[test]
fn texts_have_numbers_and_settings_are_checked() {
    let rig = Rig::new();
    let prof = prof(&rig);
    let number = acl!(prof.aclprofStr2Id(c"conv".as_ptr()));
    assert_eq!(number, acl!(prof.aclprofStr2Id(c"conv".as_ptr())));
    assert_ne!(number, acl!(prof.aclprofStr2Id(c"relu".as_ptr())));
    assert_eq!(acl!(prof.aclprofStr2Id(ptr::null())), u64::MAX);
    let (limit, none) = (
        aclprofConfigType::ACL_PROF_STORAGE_LIMIT,
        aclprofConfigType::ACL_PROF_ARGS_MIN,
    );
    let value = c"200MB".as_ptr();
    assert_eq!(acl!(prof.aclprofSetConfig(limit, value, 5)), 0);
    assert_eq!(acl!(prof.aclprofSetConfig(limit, value, 4)), 100_000);
    assert_eq!(acl!(prof.aclprofSetConfig(none, value, 5)), 100_000);
}

#[test]
fn a_subscriber_reads_of_each_operator_after_each_run() {
    let rig = Rig::with(watchable());
    let prof = prof(&rig);
    let model = rig.load(&fixed());
    let expected = run_fixed(&rig, model);
    let mut size = 0;
    assert_eq!(acl!(prof.aclprofGetOpDescSize(&raw mut size)), 0);
    let mut pipe = Pipe::new();
    pipe.subscribe(&prof, model, 1);
    for _ in 0..3 {
        assert_eq!(run_fixed(&rig, model), expected);
    }
    assert_eq!(acl!(prof.aclprofModelUnSubscribe(model)), 0);
    assert_eq!(acl!(prof.aclprofModelUnSubscribe(model)), 100_000);
    run_fixed(&rig, model);
    let bytes = pipe.read();
    let (start, len, mut count) = (bytes.as_ptr().cast(), bytes.len(), 0);
    assert_eq!(acl!(prof.aclprofGetOpNum(start, len, &raw mut count)), 0);
    assert_eq!((count, len), (6, 6 * size));
    let mut last = 0;
    for index in 0..count {
        let (op_type, name, [start, end, duration], of) = decode(&prof, &bytes, index);
        let expected = [("Add", "add"), ("Relu", "relu")][usize::try_from(index % 2).unwrap()];
        assert_eq!((op_type.as_str(), name.as_str()), expected);
        assert_eq!(of, usize::try_from(model).unwrap());
        assert!(last <= start && start + duration == end && duration > 0);
        last = end;
    }
    for (len, index) in [(len - 1, 0), (len, 6), (0, 0)] {
        assert_eq!(acl!(prof.aclprofGetOpStart(start, len, index)), 0);
        let mut length = 0;
        let code = acl!(prof.aclprofGetOpNameLen(start, len, index, &raw mut length));
        assert_eq!(code, 100_000, "{len} {index}");
    }
    assert_eq!(
        acl!(prof.aclprofGetOpNum(start, len - 1, &raw mut count)),
        100_000
    );
    assert_eq!(
        acl!(prof.aclprofGetOpNum(ptr::null(), len, &raw mut count)),
        100_000
    );
}

#[test]
fn a_subscription_without_times_names_operators_only() {
    let rig = Rig::with(watchable());
    let prof = prof(&rig);
    let model = rig.load(&fixed());
    let mut pipe = Pipe::new();
    pipe.subscribe(&prof, model, 0);
    run_fixed(&rig, model);
    assert_eq!(acl!(prof.aclprofModelUnSubscribe(model)), 0);
    let bytes = pipe.read();
    let (op_type, _, times, _) = decode(&prof, &bytes, 0);
    assert_eq!((op_type.as_str(), times), ("Add", [0; 3]));
}

#[test]
fn a_reader_that_is_gone_or_sleeps_stops_no_run() {
    let rig = Rig::with(watchable());
    let prof = prof(&rig);
    let model = rig.load(&fixed());
    // C programs have this signal end them.
    // SAFETY: the default action is a valid one.
    let before = unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
    let mut gone = Pipe::new();
    gone.subscribe(&prof, model, 1);
    gone.reader = None;
    for _ in 0..3 {
        run_fixed(&rig, model);
    }
    assert_eq!(acl!(prof.aclprofModelUnSubscribe(model)), 0);
    // SAFETY: as above.
    unsafe { libc::signal(libc::SIGPIPE, before) };
    let mut asleep = Pipe::new();
    asleep.subscribe(&prof, model, 1);
    // A pipe has room for 1024 records.
    for _ in 0..600 {
        run_fixed(&rig, model);
    }
    assert_eq!(acl!(prof.aclprofModelUnSubscribe(model)), 0);
    let mut closed = -1;
    let file = (&raw mut closed).cast();
    let config = acl!(prof.aclprofCreateSubscribeConfig(1, NONE, file));
    assert_eq!(acl!(prof.aclprofModelSubscribe(model, config)), 100_000);
    assert!(rig.message().unwrap().contains("file descriptor -1"));
}

#[test]
fn a_reader_that_is_slow_gets_all_records() {
    let rig = Rig::new();
    let prof = prof(&rig);
    let model = rig.load(&fixed());
    let mut pipe = Pipe::new();
    pipe.subscribe(&prof, model, 1);
    // A pipe has room for 1024 records.
    for _ in 0..700 {
        run_fixed(&rig, model);
    }
    let mut reader = pipe.reader.take().unwrap();
    let slow = thread::spawn(move || {
        let mut bytes = vec![0; 6 * 4096];
        // Longer than the end of a subscription waits for one that does not read.
        for piece in bytes.chunks_mut(4096) {
            thread::sleep(Duration::from_millis(300));
            reader.read_exact(piece).unwrap();
        }
        reader.read_to_end(&mut bytes).unwrap();
        bytes.len()
    });
    assert_eq!(acl!(prof.aclprofModelUnSubscribe(model)), 0);
    drop(pipe);
    assert_eq!(slow.join().unwrap(), 2 * 700 * 64);
}

#[test]
fn a_session_leaves_tables_of_operators() {
    let rig = Rig::with(watchable().devices(2));
    let prof = prof(&rig);
    let folder = Folder::new("tables");
    let model = rig.load(&fixed());
    assert_eq!(folder.begin(&prof), 0);
    let (host, elsewhere, run) = (
        config(&prof, &[0], API),
        config(&prof, &[1], TASKS),
        config(&prof, &[0], TASKS),
    );
    // Only the last one asks for times of the device that the model runs on.
    for config in [host, elsewhere, run] {
        assert_eq!(acl!(prof.aclprofStart(config)), 0);
        for _ in 0..2 {
            run_fixed(&rig, model);
        }
        assert_eq!(acl!(prof.aclprofStop(config)), 0);
    }
    run_fixed(&rig, model);
    assert_eq!(acl!(prof.aclprofFinalize()), 0);
    let tables = folder.tables();
    let [statistic, summary, trace] = &tables[..] else {
        panic!("{tables:?}");
    };
    let lines: Vec<&str> = summary.lines().collect();
    assert_eq!(lines.len(), 5, "{summary}");
    assert!(lines[0].starts_with("Device_id,Model ID,Task ID,Stream ID,Op Name,OP Type,"));
    assert!(lines[1].starts_with(&format!("0,{model},0,0,add,Add,static,HOST_CPU,")));
    assert!(lines[1].contains(",\"\"\"64;64\"\"\",FLOAT;FLOAT,ND;ND,\"\"\"64\"\"\",FLOAT,ND"));
    assert!(lines[2].contains(",relu,Relu,"), "{summary}");
    let types: Vec<&str> = statistic
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(1).unwrap())
        .collect();
    assert_eq!(types.len(), 2, "{statistic}");
    assert!(types.contains(&"Add") && types.contains(&"Relu"));
    let trace: serde_json::Value = serde_json::from_str(trace).unwrap();
    let events = trace.as_array().unwrap().iter();
    assert_eq!(events.filter(|event| event["ph"] == "X").count(), 4);
}
