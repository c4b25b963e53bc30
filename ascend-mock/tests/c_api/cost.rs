//! What submitting costs: `cargo test -p ascend-mock --release --test c_api cost:: -- --ignored --nocapture`.

use std::ptr;
use std::time::{Duration, Instant};

use ascend_mock::MockConfig;

use crate::common::{Raw, Rig};

const ROUNDS: usize = 1_000;

/// The median time of `call`, in rounds that a queue has room for.
fn median(rig: &Rig, stream: Raw, call: impl Fn()) -> Duration {
    let mut times = Vec::new();
    for _ in 0..100 {
        for _ in 0..ROUNDS {
            let start = Instant::now();
            call();
            times.push(start.elapsed());
        }
        assert_eq!(rig.synchronize(stream), 0);
    }
    times.sort_unstable();
    times[times.len() / 2]
}

#[test]
#[ignore = "measures, and cannot fail"]
fn submissions() {
    let rig = Rig::bare(MockConfig::default());
    assert_eq!(acl!(rig.aclInit(ptr::null())), 0);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    for streams in [1, 1_000] {
        let stream = (0..streams).fold(ptr::null_mut(), |_, _| made!(rig.aclrtCreateStream()));
        let event = made!(rig.aclrtCreateEvent());
        let reset = made!(rig.aclrtCreateEventWithFlag(1));
        let version = median(&rig, stream, || {
            let mut id = 0;
            assert_eq!(acl!(rig.aclrtStreamGetId(stream, &raw mut id)), 0);
        });
        let empty = median(&rig, stream, || {
            assert_eq!(acl!(rig.aclrtResetEvent(reset, stream)), 0);
        });
        let record = median(&rig, stream, || {
            assert_eq!(acl!(rig.aclrtRecordEvent(event, stream)), 0);
        });
        eprintln!(
            "{streams} streams: look-up {version:?}, empty task {empty:?}, record {record:?}"
        );
    }
}
