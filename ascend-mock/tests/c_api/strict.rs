//! Strict mode: the order of late work, and the mistakes that it finds.

use std::time::{Duration, Instant};

use ascend_mock::{Finding, Mistake, MockConfig};

use crate::common::models::{COUNT, fixed};
use crate::common::{D2D, D2H, H2D, NULL, Raw, Rig, at, nap};

fn strict(seed: u64) -> Rig {
    Rig::with(MockConfig::default().strict(true).seed(seed))
}

fn fill(rig: &Rig, target: Raw, value: i32, stream: Raw) {
    assert_eq!(acl!(rig.aclrtMemsetAsync(target, 8, value, 8, stream)), 0);
}

fn finding(rig: &Rig) -> Finding {
    let findings = rig.lease.findings();
    assert_eq!(findings.len(), 1, "{findings:?}");
    findings[0].clone()
}

/// What four streams have done, at each of many waits for one of them.
fn order(seed: u64) -> Vec<u8> {
    let rig = strict(seed);
    let log = rig.malloc(32);
    rig.upload(log, &[0; 32]);
    let streams: [Raw; 4] = std::array::from_fn(|_| made!(rig.aclrtCreateStream()));
    let rounds = (0..24_u8).map(|round| {
        for (place, stream) in streams.into_iter().enumerate() {
            fill(&rig, at(log, 8 * place), i32::from(round) + 1, stream);
        }
        assert_eq!(rig.synchronize(streams[usize::from(round % 4)]), 0);
        rig.download(log, 32)
    });
    rounds.flatten().collect()
}

#[test]
fn equal_seeds_order_equally_and_others_do_not() {
    let first = order(1);
    assert_eq!(first, order(1));
    assert!((2..6).any(|seed| order(seed) != first));
}

#[test]
fn work_starts_when_somebody_waits_or_after_a_while() {
    let rig = strict(3);
    let (stream, target) = (made!(rig.aclrtCreateStream()), rig.pinned(8));
    let source = rig.malloc(8);
    rig.upload(source, &[4; 8]);
    target.fill(0);
    let to: Raw = target.as_mut_ptr().cast();
    assert_eq!(acl!(rig.aclrtMemcpyAsync(to, 8, source, 8, D2H, stream)), 0);
    assert_eq!(target, [0; 8], "nobody waits yet");
    let start = Instant::now();
    // SAFETY: the block has 8 bytes, and lives as long as the lease.
    while unsafe { to.cast::<u8>().read_volatile() } == 0 {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "work is late, not lost"
        );
        nap();
    }
    assert_eq!(rig.synchronize(stream), 0);
}

#[test]
fn a_full_queue_makes_room() {
    let rig = strict(3);
    let (stream, target) = (made!(rig.aclrtCreateStream()), rig.malloc(8));
    for _ in 0..5_000 {
        fill(&rig, target, 1, stream);
    }
    assert_eq!(rig.synchronize(stream), 0);
}

#[test]
fn memory_that_is_freed_under_queued_work_is_found_twice() {
    let rig = strict(1);
    let (stream, target) = (made!(rig.aclrtCreateStream()), rig.malloc(8));
    fill(&rig, target, 1, stream);
    assert_eq!(acl!(rig.aclrtFree(target)), 0);
    let found = finding(&rig);
    assert_eq!(found.mistake, Mistake::FreedWhileInUse);
    assert_eq!(found.found_by.symbol, "aclrtFree");
    assert_eq!(found.made_by.unwrap().symbol, "aclrtMemsetAsync");
    assert_eq!(rig.synchronize(stream), 507_013);
    let found = rig.lease.findings().pop().unwrap();
    assert_eq!(found.mistake, Mistake::UseAfterFree);
    assert_eq!(found.found_by.symbol, "aclrtMemsetAsync");
}

#[test]
fn pinned_memory_that_is_freed_under_queued_work_is_found() {
    let rig = strict(1);
    let (stream, target) = (made!(rig.aclrtCreateStream()), rig.malloc(8));
    let source: Raw = rig.pinned(8).as_mut_ptr().cast();
    assert_eq!(
        acl!(rig.aclrtMemcpyAsync(target, 8, source, 8, H2D, stream)),
        0
    );
    assert_eq!(acl!(rig.aclrtFreeHost(source)), 0);
    assert_eq!(finding(&rig).mistake, Mistake::FreedWhileInUse);
}

#[test]
fn a_source_that_changes_too_early_is_found() {
    let rig = strict(1);
    let (stream, target) = (made!(rig.aclrtCreateStream()), rig.malloc(8));
    let source = rig.pinned(8);
    source.fill(1);
    let from = source.as_ptr().cast();
    assert_eq!(
        acl!(rig.aclrtMemcpyAsync(target, 8, from, 8, H2D, stream)),
        0
    );
    source.fill(2);
    assert_eq!(rig.synchronize(stream), 0);
    let found = finding(&rig);
    assert_eq!(found.mistake, Mistake::HostBufferReused);
    assert_eq!(found.found_by.symbol, "aclrtMemcpyAsync");
    assert_eq!(
        acl!(rig.aclrtMemcpyAsync(target, 8, from, 8, H2D, stream)),
        0
    );
    assert_eq!(rig.synchronize(stream), 0);
    source.fill(3);
    assert_eq!(
        rig.lease.findings().len(),
        1,
        "after the synchronisation it may change"
    );
}

#[test]
fn a_missing_synchronisation_is_found() {
    let rig = strict(1);
    let (stream, target) = (made!(rig.aclrtCreateStream()), rig.malloc(16));
    rig.upload(target, &[0; 16]);
    fill(&rig, target, 7, stream);
    assert_eq!(rig.download(at(target, 8), 8), [0; 8]);
    assert!(
        rig.lease.findings().is_empty(),
        "the other half is not written"
    );
    assert_eq!(rig.download(target, 8), [0; 8], "as it may be on hardware");
    let found = finding(&rig);
    assert_eq!(found.mistake, Mistake::MissingSynchronize);
    assert_eq!(found.made_by.unwrap().symbol, "aclrtMemsetAsync");
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(rig.download(target, 8), [7; 8]);
    assert_eq!(rig.lease.findings().len(), 1);
}

#[test]
fn datasets_and_buffers_that_die_too_soon_are_found() {
    let rig = strict(1);
    let id = rig.load(&fixed());
    let (input, output) = (rig.input(&[1.0; COUNT]), rig.input(&[0.0; COUNT]));
    let (buffer, _) = rig.memory(input);
    assert_eq!(acl!(rig.aclmdlExecuteAsync(id, input, output, NULL)), 0);
    assert_eq!(acl!(rig.aclmdlDestroyDataset(output)), 0);
    assert_eq!(finding(&rig).mistake, Mistake::DiedTooSoon);
    assert_eq!(acl!(rig.aclDestroyDataBuffer(buffer)), 0);
    let found = rig.lease.findings().pop().unwrap();
    assert_eq!(found.mistake, Mistake::DiedTooSoon);
    assert_eq!(found.made_by.unwrap().symbol, "aclmdlExecuteAsync");
    assert_ne!(rig.synchronize(NULL), 0);
}

#[test]
fn graphs_name_what_their_tasks_name() {
    let rig = strict(1);
    let (stream, target) = (made!(rig.aclrtCreateStream()), rig.malloc(8));
    let source = rig.malloc(8);
    let mode = ascend_sys::aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_GLOBAL;
    assert_eq!(acl!(rig.aclmdlRICaptureBegin(stream, mode)), 0);
    assert_eq!(
        acl!(rig.aclrtMemcpyAsync(target, 8, source, 8, D2D, stream)),
        0
    );
    let mut graph = NULL;
    assert_eq!(acl!(rig.aclmdlRICaptureEnd(stream, &raw mut graph)), 0);
    assert_eq!(acl!(rig.aclmdlRIExecuteAsync(graph, stream)), 0);
    assert_eq!(acl!(rig.aclrtFree(source)), 0);
    let found = finding(&rig);
    assert_eq!(found.mistake, Mistake::FreedWhileInUse);
    assert_eq!(found.made_by.unwrap().symbol, "aclmdlRIExecuteAsync");
    assert_eq!(rig.synchronize(stream), 507_013);
}

/// Lenient worlds do as hardware does, and tell nothing.
#[test]
fn lenient_worlds_find_nothing() {
    let rig = Rig::with(MockConfig::default());
    let (stream, target) = (made!(rig.aclrtCreateStream()), rig.malloc(8));
    let gate = rig.block(stream);
    fill(&rig, target, 1, stream);
    assert_eq!(acl!(rig.aclrtFree(target)), 0);
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 507_013);
    assert!(rig.lease.findings().is_empty());
}
