//! Devices, contexts, memory, streams and events through the C table of the CPU device.
#![allow(
    clippy::cast_precision_loss,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test ends where it fails, and says what it skips"
)]

#[path = "runtime/profiler.rs"]
mod profiler;
#[path = "runtime/profiling.rs"]
mod profiling;

use std::thread;
use std::time::Duration;

use ascend_mock::{Lease, MockConfig};
use ascend_rt::{Acl, Context, DeviceBuffer, ErrorKind, Event, PinnedBuffer, Stream};

/// A CPU device, and the eye on what it keeps.
fn device(config: MockConfig) -> (Acl, Lease) {
    let (api, lease) = ascend_mock::lease(config).unwrap();
    // SAFETY: the CPU device keeps to AscendCL's rules; its lease outlives the handle.
    (unsafe { Acl::from_api(api) }.unwrap(), lease)
}

fn context() -> (Context, Lease) {
    let (acl, lease) = device(MockConfig::default());
    (acl.device(0).unwrap().context(), lease)
}

#[test]
fn nothing_is_left_behind() {
    let (acl, lease) = device(MockConfig::default().record_calls(true));
    let device = acl.device(0).unwrap();
    for context in [device.context(), device.create_context().unwrap()] {
        let stream = Stream::new(&context).unwrap();
        let event = Event::new(&context).unwrap();
        let pinned = PinnedBuffer::from_slice(&context, &[1_u8; 100]).unwrap();
        let there = DeviceBuffer::<u8>::new(&context, 100).unwrap();
        stream.record(&event).unwrap();
        drop(stream.upload(pinned, there).unwrap());
    }
    assert!(!lease.ledger().is_empty());
    drop((acl, device));
    assert!(lease.ledger().is_empty(), "{}", lease.ledger());
    let calls: Vec<_> = lease.calls().iter().map(|call| call.symbol).collect();
    let last = |symbol| calls.iter().rposition(|call| *call == symbol).unwrap();
    assert!(last("aclrtDestroyStream") < last("aclrtDestroyContext"));
    assert!(last("aclrtFree") < last("aclrtDestroyContext"));
    assert!(last("aclrtDestroyContext") < last("aclrtResetDevice"));
    assert!(last("aclrtResetDevice") < last("aclFinalizeReference"));
}

#[test]
fn blocking_copies_go_there_and_back() {
    let (context, _lease) = context();
    let values: Vec<i32> = (0..1000).collect();
    let first = DeviceBuffer::from_slice(&context, &values).unwrap();
    let mut second = DeviceBuffer::<i32>::new(&context, 1000).unwrap();
    second.copy_from(&first).unwrap();
    assert_eq!(second.to_vec().unwrap(), values);
    let error = second.copy_from_slice(&values[..999]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Shape);
    let empty = DeviceBuffer::<f32>::from_slice(&context, &[]).unwrap();
    assert!(empty.to_vec().unwrap().is_empty());
}

#[test]
fn pending_copies_give_their_buffers_back() {
    let (context, _lease) = context();
    let stream = Stream::new(&context).unwrap();
    let source = PinnedBuffer::from_slice(&context, &[1.5_f32; 4096]).unwrap();
    let there = DeviceBuffer::new(&context, 4096).unwrap();
    let pending = stream.upload(source, there).unwrap();
    let (mut source, there) = pending.wait().unwrap();
    source.fill(0.0);
    let (_there, source) = stream.download(there, source).unwrap().wait().unwrap();
    assert!(
        source
            .iter()
            .all(|value| value.to_bits() == 1.5_f32.to_bits())
    );
    assert!(stream.is_idle().unwrap());
}

#[test]
fn refused_work_gives_its_buffers_back() {
    let (context, _lease) = context();
    let other = context.device().create_context().unwrap();
    let stream = Stream::new(&context).unwrap();
    let source = PinnedBuffer::from_slice(&context, &[7_u8; 8]).unwrap();
    let short = DeviceBuffer::new(&context, 4).unwrap();
    let refused = stream.upload(source, short).unwrap_err();
    assert_eq!(refused.error.kind(), ErrorKind::Shape);
    let (source, _) = refused.value.unwrap();
    let foreign = DeviceBuffer::new(&other, 8).unwrap();
    let refused = stream.upload(source, foreign).unwrap_err();
    assert_eq!(refused.error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(refused.value.unwrap().0[..], [7; 8]);
}

#[test]
fn a_scope_waits_also_when_it_panics() {
    let (context, _lease) = context();
    let stream = Stream::new(&context).unwrap();
    let source = PinnedBuffer::from_slice(&context, &[3_u16; 64]).unwrap();
    let mut there = DeviceBuffer::<u16>::new(&context, 64).unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        stream.scope(|scope| -> ascend_rt::Result<()> {
            scope.upload(&source, &mut there)?;
            panic!("in the middle")
        })
    }));
    assert!(panicked.is_err());
    assert!(stream.is_idle().unwrap());
    assert_eq!(there.to_vec().unwrap(), [3; 64]);
}

#[test]
fn events_order_streams_and_tell_time() {
    let (context, _lease) = context();
    let (first, second) = (
        Stream::new(&context).unwrap(),
        Stream::new(&context).unwrap(),
    );
    let (start, end) = (Event::new(&context).unwrap(), Event::new(&context).unwrap());
    assert!(!start.is_complete().unwrap());
    first.record(&start).unwrap();
    let source = PinnedBuffer::from_slice(&context, &vec![9_u8; 1 << 20]).unwrap();
    let there = DeviceBuffer::new(&context, 1 << 20).unwrap();
    let (source, there) = first.upload(source, there).unwrap().wait().unwrap();
    second.wait(&start).unwrap();
    second.record(&end).unwrap();
    let (_there, source) = second.download(there, source).unwrap().wait().unwrap();
    assert!(source.iter().all(|byte| *byte == 9));
    end.synchronize().unwrap();
    assert!(end.is_complete().unwrap());
    assert!(end.milliseconds_since(&start).unwrap() >= 0.0);
    assert!(start.milliseconds_since(&end).unwrap() <= 0.0);
    first.synchronize_timeout(Duration::from_secs(10)).unwrap();
}

#[test]
fn every_object_works_on_any_thread() {
    let (context, lease) = context();
    let stream = Stream::new(&context).unwrap();
    let there = DeviceBuffer::from_slice(&context, &[5_u8; 32]).unwrap();
    thread::scope(|scope| {
        for _ in 0..4 {
            let there = &there;
            scope.spawn(move || assert_eq!(there.to_vec().unwrap(), [5; 32]));
        }
    });
    let context = thread::spawn(move || {
        stream.synchronize().unwrap();
        drop((stream, there));
        context
    });
    drop(context.join().unwrap());
    assert!(lease.ledger().is_empty(), "{}", lease.ledger());
}

#[test]
fn a_thread_keeps_its_own_current_context() {
    let (acl, _lease) = device(MockConfig::default().devices(2));
    let first = acl.device(0).unwrap().context();
    let second = acl.device(1).unwrap().create_context().unwrap();
    let of_first = DeviceBuffer::from_slice(&first, &[1_u8]).unwrap();
    second
        .with_current(|| {
            assert_eq!(of_first.to_vec().unwrap(), [1]);
        })
        .unwrap();
    let of_second = DeviceBuffer::from_slice(&second, &[2_u8]).unwrap();
    assert_eq!(
        (of_first.to_vec().unwrap(), of_second.to_vec().unwrap()),
        (vec![1], vec![2])
    );
}

#[test]
fn a_device_that_is_not_there_is_named() {
    let (acl, _lease) = device(MockConfig::default().devices(2));
    let error = acl.device(7).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Device);
    assert_eq!(
        error.to_string(),
        "there is no device 7: there are devices 0 to 1; choose another, or check \
         ASCEND_RT_VISIBLE_DEVICES"
    );
}

#[test]
fn out_of_memory_is_an_error_with_the_size() {
    let (acl, _lease) = device(MockConfig::default().memory_bytes(1 << 20));
    let device = acl.device(0).unwrap();
    let before = device.memory().unwrap();
    assert!(before.total_bytes == 1 << 20 && before.free_bytes <= before.total_bytes);
    for bytes in [1 << 21, 1 << 46, usize::MAX / 2] {
        let error = DeviceBuffer::<u8>::new(&device.context(), bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutOfMemory, "{error}");
        assert!(error.to_string().contains(&bytes.to_string()), "{error}");
    }
    let error = DeviceBuffer::<u64>::new(&device.context(), usize::MAX).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfMemory);
}

#[test]
fn a_missing_function_is_an_error_that_names_it() {
    let (mut api, _lease) = ascend_mock::lease(MockConfig::default()).unwrap();
    api.aclrtCreateEvent = None;
    // SAFETY: as in `device`.
    let acl = unsafe { Acl::from_api(api) }.unwrap();
    let error = Event::new(&acl.device(0).unwrap().context()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingSymbol);
    assert!(error.to_string().contains("aclrtCreateEvent"), "{error}");
}

#[test]
fn without_cann_it_is_said_where_it_was_looked_for() {
    // SAFETY: the folder is empty.
    let error = unsafe { Acl::load_from("/nonexistent/ascend".as_ref()) }.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Library);
    assert!(error.to_string().contains("/nonexistent/ascend"), "{error}");
    assert!(error.to_string().contains("libascendcl.so"), "{error}");
}
