//! Sessions of profiling and subscriptions to operators.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use ascend_graph::DataType;
use ascend_graph::onnx::Builder;
use ascend_mock::{Effect, Injection, Lease, MockConfig};
use ascend_rt::profiling::{Data, Metrics, Profiler, ProfilerOptions, RecordKind, Subscription};
use ascend_rt::{Acl, Error, ErrorKind, Model, Session, convert};
use ndarray::Array2;

use super::device;
use super::profiler as stand_in;

/// A CPU device with its profiler, and the eye on what it keeps.
fn profiled() -> (Acl, Lease) {
    let (acl, lease) = device(MockConfig::default());
    // SAFETY: the CPU device keeps to AscendCL's rules; its lease outlives the handle.
    (unsafe { acl.with_profiling(lease.prof()) }, lease)
}

/// A model `y = x + x`.
fn model(acl: &Acl) -> Arc<Model> {
    let folder = tempfile::tempdir().unwrap();
    let mut graph = Builder::new("double", 13);
    let dims = [2.into(), 4.into()];
    let x = graph.input("x", DataType::F32, &dims);
    graph.node_to("Add", "add", &[&x, &x], &["y"], []);
    graph.output("y", DataType::F32, &dims);
    let (onnx, om) = (folder.path().join("net.onnx"), folder.path().join("net.om"));
    fs::write(&onnx, graph.build().unwrap().to_rope().to_bytes()).unwrap();
    convert::convert(&onnx, &om, &convert::Options::default()).unwrap();
    let device = acl.device(0).unwrap();
    Arc::new(Model::load(&device.context(), om).unwrap())
}

#[test]
fn a_session_leaves_a_folder_and_nothing_else() {
    let (acl, lease) = profiled();
    let folder = tempfile::tempdir().unwrap();
    let device = acl.device(0).unwrap();
    let options = ProfilerOptions::new().device(&device);
    let profiler = acl.profile(folder.path().join("new"), &options).unwrap();
    // The session keeps its device.
    drop((device, options));
    profiler.mark("a moment").unwrap();
    let range = profiler.range("across").unwrap();
    {
        let _outer = profiler.scope("outer").unwrap();
        let _inner = profiler.scope("inner").unwrap();
        drop(range);
    }
    let left = profiler.stop().unwrap();
    let found = fs::read_dir(&left).unwrap().count();
    assert_eq!(found, 1, "{}", left.display());
    drop(acl);
    assert!(lease.ledger().is_empty(), "{}", lease.ledger());
}

#[test]
fn a_session_that_is_dropped_is_over() {
    let (acl, lease) = profiled();
    let folder = tempfile::tempdir().unwrap();
    let device = acl.device(0).unwrap();
    let options = ProfilerOptions::new().device(&device);
    for _ in 0..2 {
        drop(acl.profile(folder.path(), &options).unwrap());
    }
    let profiler = acl.profile(folder.path(), &options).unwrap();
    // Ends elsewhere, and while a thread unwinds.
    let panicked = thread::spawn(move || {
        let _range = profiler.range("until the panic").unwrap();
        panic!("as planned");
    });
    assert!(panicked.join().is_err());
    drop(acl.profile(folder.path(), &options).unwrap());
    drop((acl, device, options));
    assert!(lease.ledger().is_empty(), "{}", lease.ledger());
}

#[test]
fn what_is_not_possible_is_told() {
    let (acl, lease) = profiled();
    let folder = tempfile::tempdir().unwrap();
    let device = acl.device(0).unwrap();
    let options = ProfilerOptions::new().device(&device);
    let told = |folder: &std::path::Path, options: &ProfilerOptions| {
        let error = acl.profile(folder, options).unwrap_err();
        (error.kind(), error.to_string())
    };
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let (kind, text) = told(&file.join("below"), &options);
    assert_eq!(kind, ErrorKind::Io, "{text}");
    assert!(text.contains("choose a folder"), "{text}");
    let (_, text) = told(folder.path(), &options.clone().data(Data::default()));
    assert!(text.contains("aclprofStart"), "{text}");
    let (kind, text) = told(
        folder.path(),
        &options.clone().data(Data::from_bits(1 << 60)),
    );
    assert_eq!(kind, ErrorKind::Unsupported, "{text}");
    let (_, text) = told(
        folder.path(),
        &ProfilerOptions::new().metrics(Some(Metrics::Memory)),
    );
    assert!(text.contains("no device is named"), "{text}");
    let running = acl.profile(folder.path(), &options).unwrap();
    let (kind, text) = told(folder.path(), &options);
    assert_eq!(kind, ErrorKind::InvalidArgument, "{text}");
    assert!(
        text.contains("100042") && text.contains("cannot profile into"),
        "{text}"
    );
    drop(running);
    let quiet = acl
        .profile(folder.path(), &options.clone().data(Data::API))
        .unwrap();
    let error = quiet.mark("nobody hears it").unwrap_err();
    assert!(error.to_string().contains("Data::MARKS"), "{error}");
    drop(quiet);
    let marking = acl.profile(folder.path(), &options).unwrap();
    let error = marking.scope(&"x".repeat(1 << 20)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    drop(marking);
    let (other, _other_lease) = profiled();
    let foreign = ProfilerOptions::new().device(&other.device(0).unwrap());
    let (_, text) = told(folder.path(), &foreign);
    assert!(text.contains("another runtime"), "{text}");
    drop((acl, device, options));
    assert!(lease.ledger().is_empty(), "{}", lease.ledger());
}

#[test]
fn whichever_call_fails_nothing_leaks() {
    for (symbol, is_of_end) in [
        ("aclprofInit", false),
        ("aclprofCreateConfig", false),
        ("aclprofStart", false),
        ("aclprofCreateStamp", false),
        ("aclprofSetStampTraceMessage", false),
        ("aclprofMark", false),
        ("aclprofPush", false),
        ("aclprofRangeStart", false),
        ("aclprofStop", true),
    ] {
        let fault = Injection::new(symbol, Effect::Code(500_005)).times(1);
        let (acl, lease) = device(MockConfig::default().inject(fault));
        // SAFETY: as in `profiled`.
        let acl = unsafe { acl.with_profiling(lease.prof()) };
        let folder = tempfile::tempdir().unwrap();
        let device = acl.device(0).unwrap();
        let options = ProfilerOptions::new().device(&device);
        let marked = |profiler: &Profiler| {
            profiler.mark("a moment")?;
            let _range = profiler.range("across")?;
            profiler.scope("within").map(drop)
        };
        let profiled = || {
            let profiler = acl.profile(folder.path(), &options)?;
            marked(&profiler)?;
            profiler.stop().map(drop)
        };
        let error = profiled().unwrap_err();
        assert!(error.to_string().contains(symbol), "{error}");
        let told = if is_of_end {
            "cannot end the profile in"
        } else {
            ""
        };
        assert!(error.to_string().contains(told), "{error}");
        // It was once, and left nothing that keeps the next one from being made.
        profiled().unwrap();
        drop((acl, device, options));
        assert!(lease.ledger().is_empty(), "{symbol}: {}", lease.ledger());
    }
}

#[test]
fn a_table_without_a_profiler_says_so() {
    let (acl, _lease) = device(MockConfig::default());
    let folder = tempfile::tempdir().unwrap();
    let error = acl
        .profile(folder.path(), &ProfilerOptions::new())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingSymbol);
    assert!(error.to_string().contains("Acl::with_profiling"), "{error}");
}

#[test]
fn a_subscription_tells_the_operators_of_a_model() {
    let (acl, lease) = profiled();
    let model = model(&acl);
    let mut session = Session::new(Arc::clone(&model)).unwrap();
    let x = Array2::<f32>::ones((2, 4));
    // What ran before is not told.
    session.run(&[(&x).into()]).unwrap();
    let mut subscription = Subscription::new(&model).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let code = |error: &Error| error.code().unwrap().get();
    let again = Subscription::new(&model).unwrap_err();
    assert_eq!(code(&again), 148_046, "{again}");
    assert!(
        again
            .to_string()
            .contains("cannot read the times of the model's operators")
    );
    let beside = acl
        .profile(folder.path(), &ProfilerOptions::new())
        .unwrap_err();
    assert_eq!(code(&beside), 148_047, "{beside}");
    for _ in 0..3 {
        session.run(&[(&x).into()]).unwrap();
    }
    let records = subscription.finish().unwrap();
    drop(subscription);
    let told: Vec<_> = records
        .iter()
        .map(|record| (&*record.name, &*record.op_type))
        .collect();
    assert_eq!(told, [("add", "Add"); 3]);
    assert!(records.is_sorted_by_key(|record| record.start_nanoseconds));
    for record in &records {
        assert!(
            record.start_nanoseconds <= record.end_nanoseconds,
            "{record:?}"
        );
    }
    session.run(&[(&x).into()]).unwrap();
    // The other way round, and from another thread.
    let device = acl.device(0).unwrap();
    let options = ProfilerOptions::new().device(&device);
    let profiler = acl.profile(folder.path(), &options).unwrap();
    let beside = Subscription::new(&model).unwrap_err();
    assert_eq!(code(&beside), 148_047, "{beside}");
    drop(profiler);
    let mut subscription = Subscription::new(&model).unwrap();
    let records = thread::spawn(move || subscription.finish().unwrap())
        .join()
        .unwrap();
    assert!(records.is_empty());
    // One that is dropped outlives its session, and not its model.
    let subscription = Subscription::new(&model).unwrap();
    drop((acl, device, options, session, model));
    drop(subscription);
    assert!(lease.ledger().is_empty(), "{}", lease.ledger());
}

#[test]
fn records_in_odd_pieces_are_whole() {
    let _turn = stand_in::TURN.lock().unwrap();
    let (acl, _lease) = device(MockConfig::default());
    // SAFETY: the functions do what the safe layer may ask of them.
    let acl = unsafe { acl.with_profiling(stand_in::api()) };
    let model = model(&acl);
    for rounds in [0, 1, 5] {
        let mut subscription = Subscription::new(&model).unwrap();
        for _ in 0..rounds {
            // More than a pipe holds.
            stand_in::write(10_000);
        }
        let mut taken = subscription.take();
        // The copy of the pipe's end that stays open hangs nothing.
        taken.extend(subscription.finish().unwrap());
        assert_eq!(taken.len(), rounds * 10_000 + 1);
        for (place, record) in taken.iter().enumerate() {
            let number = u64::try_from(place % 10_000).unwrap();
            assert_eq!(record.start_nanoseconds, number * 100);
            assert_eq!(record.duration(), Duration::from_nanos(60));
            assert_eq!(&*record.name, if number % 2 == 0 { "even" } else { "odd" });
            assert_eq!((record.model, record.kind), (7, RecordKind::Operator));
        }
    }
    // Dropped without having been read.
    let subscription = Subscription::new(&model).unwrap();
    stand_in::write(100_000);
    assert_eq!(subscription.lost(), 0);
    drop(subscription);
}

#[test]
fn records_of_threads_have_the_thread_that_the_runtime_tells() {
    let _turn = stand_in::TURN.lock().unwrap();
    let (acl, _lease) = device(MockConfig::default());
    // SAFETY: the functions do what the safe layer may ask of them.
    let acl = unsafe { acl.with_profiling(stand_in::api()) };
    let model = model(&acl);
    stand_in::ARE_THREADS.store(true, Ordering::Relaxed);
    let mut subscription = Subscription::new(&model).unwrap();
    stand_in::write(4);
    let records = subscription.finish();
    stand_in::ARE_THREADS.store(false, Ordering::Relaxed);
    let threads: Vec<_> = records
        .unwrap()
        .into_iter()
        .map(|record| (record.kind, record.thread))
        .collect();
    let even = (RecordKind::Thread, Some(u32::MAX));
    let odd = (RecordKind::Thread, None);
    assert_eq!(threads, [even, odd, even, odd, even]);
}

/// The signs of the end are no record, however long the reader is busy.
#[test]
fn a_slow_reader_gets_the_records_and_no_more() {
    let _turn = stand_in::TURN.lock().unwrap();
    let (acl, _lease) = device(MockConfig::default());
    // SAFETY: the functions do what the safe layer may ask of them.
    let acl = unsafe { acl.with_profiling(stand_in::api()) };
    let model = model(&acl);
    stand_in::DELAY.store(100, Ordering::Relaxed);
    let mut subscription = Subscription::new(&model).unwrap();
    stand_in::write(10);
    let records = subscription.finish();
    stand_in::DELAY.store(0, Ordering::Relaxed);
    assert_eq!(records.unwrap().len(), 11);
    assert!(subscription.finish().unwrap().is_empty());
}

/// A runtime that goes on writes to the pipe, and not to the next file of its number.
#[test]
fn what_the_runtime_may_still_write_to_stays() {
    let _turn = stand_in::TURN.lock().unwrap();
    let (acl, _lease) = device(MockConfig::default());
    // SAFETY: the functions do what the safe layer may ask of them.
    let acl = unsafe { acl.with_profiling(stand_in::api()) };
    let model = model(&acl);
    let destroyed = stand_in::DESTROYED.load(Ordering::Relaxed);
    let mut subscription = Subscription::new(&model).unwrap();
    let number = stand_in::NUMBER.load(Ordering::Relaxed);
    let pipe = || fs::read_link(format!("/proc/self/fd/{number}")).ok();
    let before = pipe().unwrap();
    stand_in::IS_STUCK.store(true, Ordering::Relaxed);
    let error = subscription.finish();
    stand_in::IS_STUCK.store(false, Ordering::Relaxed);
    let error = error.unwrap_err();
    assert!(
        error.to_string().contains("aclprofModelUnSubscribe"),
        "{error}"
    );
    drop(subscription);
    assert_eq!(pipe().as_ref(), Some(&before));
    assert_eq!(stand_in::DESTROYED.load(Ordering::Relaxed), destroyed);
    // More than a pipe holds is taken still.
    stand_in::write(10_000);
}
