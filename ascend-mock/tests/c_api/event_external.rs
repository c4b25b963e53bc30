//! Events between graphs and the streams outside of them.

use ascend_sys::aclmdlRICaptureMode;

use crate::common::{D2H, NULL, Raw, Rig, nap};
use crate::event::{SYNC, TIME_LINE, record, three, wait};

/// S
#[test]
fn r_155_what_records_with_flags_refuse() {
    let rig = Rig::new();
    let [plain, _, extended] = three(&rig);
    let with_flag = |event, flag| acl!(rig.aclrtRecordEventWithFlag(event, NULL, flag));
    assert_eq!(with_flag(NULL, 0), 100_000);
    assert_eq!(with_flag(plain, 2), 100_000);
    assert_eq!(with_flag(plain, 1), 207_000, "not an extended event");
    let timed = made!(rig.aclrtCreateEventExWithFlag(SYNC | TIME_LINE));
    assert_eq!(with_flag(timed, 1), 207_000, "more than SYNC");
    assert_eq!(with_flag(extended, 1), 107_029, "not in a capture");
    assert_eq!(with_flag(extended, 0), 0);
    assert_eq!(
        with_flag(extended, 1),
        107_000,
        "recorded with another flag"
    );
    assert_eq!(rig.synchronize(NULL), 0);
}

/// Captures what `body` queues, and gives the graph.
fn capture(rig: &Rig, body: impl FnOnce(Raw)) -> Raw {
    let stream = made!(rig.aclrtCreateStream());
    let mode = aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_RELAXED;
    assert_eq!(acl!(rig.aclmdlRICaptureBegin(stream, mode)), 0);
    body(stream);
    let mut graph = NULL;
    assert_eq!(acl!(rig.aclmdlRICaptureEnd(stream, &raw mut graph)), 0);
    graph
}

/// S
#[test]
fn r_155_a_graph_records_an_event_for_a_stream_outside() {
    let rig = Rig::new();
    let (event, target) = (made!(rig.aclrtCreateEventExWithFlag(SYNC)), rig.malloc(8));
    rig.upload(target, &[1; 8]);
    let gate = made!(rig.aclrtCreateStream());
    let opener = rig.block(gate);
    let graph = capture(&rig, |stream| {
        assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, stream)), 0);
        assert_eq!(acl!(rig.aclrtRecordEventWithFlag(event, stream, 1)), 0);
        assert_eq!(
            acl!(rig.aclrtRecordEvent(event, stream)),
            107_000,
            "one flag only"
        );
    });
    assert_eq!(acl!(rig.aclmdlRIExecuteAsync(graph, gate)), 0);
    let outside = made!(rig.aclrtCreateStream());
    let seen = rig.pinned(8);
    assert_eq!(wait(&rig, outside, event), 0);
    let to = seen.as_mut_ptr().cast();
    assert_eq!(
        acl!(rig.aclrtMemcpyAsync(to, 8, target, 8, D2H, outside)),
        0
    );
    assert_eq!(
        acl!(rig.aclrtSynchronizeStreamWithTimeout(outside, 20)),
        507_046
    );
    rig.open(opener);
    assert_eq!(rig.synchronize(outside), 0);
    assert_eq!(seen, [7; 8]);
}

/// S
#[test]
fn r_164_a_graph_waits_for_an_event_from_outside() {
    let rig = Rig::new();
    let (event, target) = (made!(rig.aclrtCreateEventExWithFlag(SYNC)), rig.malloc(8));
    rig.upload(target, &[1; 8]);
    let external =
        |stream, timeout| acl!(rig.aclrtStreamWaitEventWithFlag(stream, event, timeout, 1));
    assert_eq!(external(NULL, 0), 107_029, "not in a capture");
    let graph = capture(&rig, |stream| {
        assert_eq!(external(stream, 1), 100_000, "no limit there");
        assert_eq!(external(stream, 0), 0);
        assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, 7, 8, stream)), 0);
    });
    let stream = made!(rig.aclrtCreateStream());
    assert_eq!(acl!(rig.aclmdlRIExecuteAsync(graph, stream)), 0);
    nap();
    assert_eq!(rig.download(target, 8), [1; 8]);
    record(&rig, event, NULL);
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(rig.download(target, 8), [7; 8]);
}
