//! Profiling.

use std::ffi::CString;
use std::fs;
use std::path::PathBuf;
use std::ptr;

use ascend_mock::{Kind, MockConfig};
use ascend_sys::{ProfApi, aclprofAicoreMetrics, aclprofConfig, aclprofConfigType, aclprofStepTag};

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
    let mut end = 0_i32;
    let file = (&raw mut end).cast();
    let subscription = acl!(prof.aclprofCreateSubscribeConfig(1, NONE, file));
    let model = rig.load(&crate::common::models::fixed());
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
