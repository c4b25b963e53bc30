//! Whatever call fails, the safe layer says so and leaves nothing behind.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

use ascend_mock::{Effect, Injection, Lease, MockConfig};
use ascend_rt::{Acl, DeviceBuffer, ErrorKind, Event, PinnedBuffer, Result, Stream};

/// A CPU device, and the eye on what it keeps.
fn device(config: MockConfig) -> (Result<Acl>, Lease) {
    let (api, lease) = ascend_mock::lease(config).unwrap();
    // SAFETY: the CPU device keeps to AscendCL's rules; its lease outlives the handle.
    (unsafe { Acl::from_api(api) }, lease)
}

/// Some of everything: contexts, streams, events, memory of both kinds, blocking copies.
fn work(acl: Result<Acl>) -> Result<Vec<u8>> {
    let device = acl?.device(0)?;
    let context = device.create_context()?;
    let (stream, other) = (Stream::new(&context)?, Stream::new(&context)?);
    let event = Event::new(&context)?;
    let source = PinnedBuffer::from_slice(&context, &[7_u8; 100])?;
    let there = DeviceBuffer::from_slice(&context, &source)?;
    let mut copy = DeviceBuffer::<u8>::new(&context, 100)?;
    stream.record(&event)?;
    other.wait(&event)?;
    other.synchronize()?;
    copy.copy_from(&there)?;
    copy.to_vec()
}

/// A copy on a stream.
fn queued_work(acl: Result<Acl>) -> Result<()> {
    let context = acl?.device(0)?.context();
    let stream = Stream::new(&context)?;
    let source = PinnedBuffer::from_slice(&context, &[7_u8; 100])?;
    let there = DeviceBuffer::<u8>::new(&context, 100)?;
    let upload = stream.upload(source, there);
    upload.map_err(|refused| refused.error)?.wait().map(drop)
}

#[test]
fn the_third_allocation_fails_and_nothing_leaks() {
    let fault = Injection::new("aclrtMalloc", Effect::Code(207_001)).nth(3);
    let (acl, lease) = device(MockConfig::default().inject(fault));
    let allocate = || -> Result<()> {
        let context = acl.as_ref().unwrap().device(0)?.create_context()?;
        let blocks: Result<Vec<_>> = (0..4)
            .map(|_| DeviceBuffer::<u8>::new(&context, 100))
            .collect();
        blocks.map(drop)
    };
    let error = allocate().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfMemory, "{error}");
    assert_eq!(error.code().unwrap().get(), 207_001);
    assert!(lease.ledger().is_empty(), "{}", lease.ledger());
    allocate().unwrap();
}

#[test]
fn whichever_call_fails_nothing_leaks() {
    let (acl, lease) = device(MockConfig::default().record_calls(true));
    assert_eq!(work(acl).unwrap(), [7; 100]);
    let calls: Vec<_> = lease.calls().iter().map(|call| call.symbol).collect();
    drop(lease);
    // After the last copy things are given back; what cannot be given back is lost.
    let last = calls.iter().rposition(|symbol| *symbol == "aclrtMemcpy");
    let calls = &calls[..=last.unwrap()];
    assert!(calls.len() > 20, "{calls:?}");
    for (n, symbol) in (1..).zip(calls) {
        let fault = Injection::new("acl*", Effect::Code(507_899)).nth(n);
        let (acl, lease) = device(MockConfig::default().inject(fault));
        let outcome = work(acl);
        let ledger = lease.ledger();
        assert!(ledger.is_empty(), "call {n}, {symbol}: {ledger}");
        if let Err(error) = outcome {
            assert!(
                error.to_string().contains("507899"),
                "call {n}, {symbol}: {error}"
            );
        } else {
            // Restoring the thread's former context is told in the log, and that there is none has no
            // need of words.
            let untold = ["aclrtSetCurrentContext", "aclGetRecentErrMsg"];
            assert!(untold.contains(symbol), "call {n}, {symbol} was not told");
        }
    }
}

#[test]
fn a_task_that_fails_is_told_where_it_is_waited_for() {
    let fault = Injection::new("aclrtMemcpyAsync", Effect::Task(507_013));
    let (acl, _lease) = device(MockConfig::default().inject(fault));
    let error = queued_work(acl).unwrap_err();
    assert_eq!(error.code().unwrap().get(), 507_013, "{error}");
}

#[test]
fn a_lost_device_is_an_error_and_nothing_leaks() {
    let fault = Injection::new("aclrtStreamWaitEvent", Effect::DeviceLost);
    let (acl, lease) = device(MockConfig::default().inject(fault));
    let error = work(acl).unwrap_err();
    assert_eq!(error.code().unwrap().get(), 507_010, "{error}");
    assert!(lease.ledger().is_empty(), "{}", lease.ledger());
}
