//! Failures of operators, as they are told while they happen and in the errors that follow.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use ascend_graph::DataType;
use ascend_graph::onnx::{Builder, Dim, Model as Onnx};
use ascend_mock::{Effect, Injection, MockConfig};
use ascend_rt::dump::{DumpConfig, DumpFolder};
use ascend_rt::exception::Exception;
use ascend_rt::pool::PoolOptions;
use ascend_rt::{Acl, AclCode, AclConfig, ErrorKind, Input, Model, Pool, Session};
use ndarray::{ArrayD, arr1};
use tempfile::TempDir;

use super::made::{Rig, Told, doubled, numbers, run};

/// `y` is the row of `x` that `row` names, twice over: a number that is no row stops the operator
/// `pick`.
fn picking() -> Onnx {
    let mut graph = Builder::new("picking", 13);
    let x = graph.input("x", DataType::F32, &[4.into(), 3.into()]);
    let row = graph.input("row", DataType::I64, &[Dim::from(1)]);
    let picked = graph.node("Gather", "pick", &[&x, &row], []);
    graph.node_to("Add", "sum", &[&picked, &picked], &["y"], []);
    graph.output("y", DataType::F32, &[1.into(), 3.into()]);
    graph.build().unwrap()
}

/// A model in a file, whose folder goes with the test.
fn file(network: &Onnx, shapes: &str) -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picking.om");
    fs::write(&path, Told::shapes(shapes).om(network)).unwrap();
    (folder, path)
}

type Seen = Arc<Mutex<Vec<Exception>>>;

fn seen() -> (Seen, impl Fn(&Exception) + Send + Sync + 'static) {
    let seen = Seen::default();
    let keeps = Arc::clone(&seen);
    (seen, move |exception: &Exception| {
        keeps.lock().unwrap().push(exception.clone());
    })
}

/// What was told, which may be a little after the error.
fn told(seen: &Seen, count: usize) -> Vec<Exception> {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let told = seen.lock().unwrap().clone();
        if told.len() >= count || Instant::now() > end {
            return told;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn an_operator_that_fails_is_named_with_its_type_model_and_device() {
    let (_folder, path) = file(&picking(), "");
    let acl = Acl::mock(MockConfig::default().devices(2)).unwrap();
    let (seen, keep) = seen();
    let handler = acl.on_exception(keep).unwrap();
    let device = acl.device(1).unwrap();
    let mut session = Session::load(&device, &path).unwrap();
    let x = numbers(&[4, 3]);
    let mut ask = |row: i64| {
        let row: ArrayD<i64> = arr1(&[row]).into_dyn();
        let outputs = session.run(&[Input::from(&x), Input::from(&row)])?;
        outputs.array::<f32>(0).map(|y| y.to_owned())
    };
    assert!((ask(2).unwrap()[[0, 1]] - 2.0 * x[[2, 1]]).abs() < 1e-6);
    let error = ask(9).unwrap_err();
    let text = error.to_string();
    let path = path.display().to_string();
    for words in [
        &*path,
        "device 1",
        "operator pick (Gather",
        "507011",
        "what to do",
    ] {
        assert!(text.contains(words), "{words:?} is missing in {text}");
    }
    let operator = error.exception().unwrap().operator.as_ref().unwrap();
    assert_eq!(
        (&*operator.name, operator.kind.as_deref()),
        ("pick", Some("Gather"))
    );
    let shapes: Vec<_> = operator
        .inputs
        .iter()
        .map(|tensor| (tensor.dtype, &tensor.dims[..]))
        .collect();
    assert_eq!(
        shapes,
        [
            (Some(DataType::F32), &[4, 3][..]),
            (Some(DataType::I64), &[1][..])
        ]
    );
    // The device goes on, and nothing of an earlier failure is told of a later one.
    assert!(ask(0).is_ok());
    let first = told(&seen, 1)[0].clone();
    assert_eq!((first.device, first.code), (Some(1), error.code()));
    drop(handler);
    let error = ask(9).unwrap_err();
    assert!(error.exception().is_none(), "{error}");
    assert!(error.to_string().contains("device 1 failed"), "{error}");
    assert_eq!(told(&seen, 1).len(), 1);
}

#[test]
fn what_an_operator_took_that_failed_is_dumped() {
    let (folder, path) = file(&picking(), "");
    let dump = DumpConfig::new(folder.path()).failures(true);
    let acl = AclConfig::new().dump(dump).mock(MockConfig::default());
    let acl = acl.unwrap();
    let _handler = acl.on_exception(|_| ()).unwrap();
    let mut session = Session::load(&acl.device(0).unwrap(), &path).unwrap();
    let x = numbers(&[4, 3]);
    let row: ArrayD<i64> = arr1(&[9]).into_dyn();
    let outputs = session.run(&[Input::from(&x), Input::from(&row)]);
    let error = outputs.map(drop).unwrap_err();
    let exception = error.exception().unwrap();
    let found = DumpFolder::open(folder.path()).unwrap();
    let [failed] = found.files() else {
        panic!("{:?}", found.files());
    };
    assert_eq!(
        (failed.device, Some(failed.task), Some(failed.stream)),
        (
            exception.device,
            exception.task.map(u64::from),
            exception.stream.map(u64::from)
        )
    );
    let taken = failed.read().unwrap();
    assert_eq!((&*taken.op_name, taken.outputs.len()), ("pick", 0));
    let [first, second] = &taken.inputs[..] else {
        panic!("{taken:?}");
    };
    assert_eq!((&first.dims[..], first.dtype), (&[4, 3][..], DataType::F32));
    // The engine computes with 32 bits.
    assert_eq!(second.bytes[..], 9_i32.to_le_bytes());
}

#[test]
fn answers_of_a_pool_name_the_operator() {
    let (_folder, path) = file(&picking(), "");
    let acl = Acl::mock(MockConfig::default()).unwrap();
    let _handler = acl.on_exception(|_| ()).unwrap();
    let pool = Pool::load(&[acl.device(0).unwrap()], &path, &PoolOptions::new()).unwrap();
    let x = numbers(&[4, 3]);
    let row: ArrayD<i64> = arr1(&[-9]).into_dyn();
    let mut request = pool.request();
    request.set(&[Input::from(&x), Input::from(&row)]).unwrap();
    let error = match pool.submit(request).unwrap().wait() {
        Ok(_) => panic!("there is no such row"),
        Err(refused) => refused.error,
    };
    assert!(
        error.to_string().contains("operator pick (Gather"),
        "{error}"
    );
}

#[test]
fn an_injected_failure_names_its_operator_and_only_own_ones_are_told() {
    let fault = Injection::new("aclmdlExecuteAsync", Effect::Task(507_015))
        .nth(2)
        .operator("sum");
    let rig = Rig::with(MockConfig::default().inject(fault));
    let acl = rig.context.device().acl().clone();
    let handlers = [(); 2].map(|()| {
        let (seen, keep) = seen();
        (seen, acl.on_exception(keep).unwrap())
    });
    let mut session = rig.session(&Told::shapes("x:2,3").om(&doubled("x", 2)));
    let x = numbers(&[2, 3]);
    assert!(run(&mut session, &[&x]).is_ok());
    let error = run(&mut session, &[&x]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Execution);
    let text = error.to_string();
    // Of a model from memory the type is not known.
    for words in [
        "a model from memory",
        "device 0",
        "operator sum: ",
        "507015",
    ] {
        assert!(text.contains(words), "{words:?} is missing in {text}");
    }
    assert!(run(&mut session, &[&x]).is_ok());
    for (seen, _) in &handlers {
        assert_eq!(told(seen, 1).len(), 1);
    }
    // A failure that no operator is known of.
    rig.lease
        .inject(Injection::new("aclmdlExecuteAsync", Effect::Task(507_011)).times(1))
        .unwrap();
    let error = run(&mut session, &[&x]).unwrap_err();
    let exception = error.exception().unwrap();
    assert_eq!(
        (exception.operator.as_ref(), exception.code),
        (None, error.code())
    );
    drop((session, handlers, acl));
    rig.end();
}

#[test]
fn a_function_that_panics_harms_nobody_and_other_runtimes_are_not_told() {
    let fault = || Injection::new("aclmdlExecuteAsync", Effect::Task(507_015)).times(1);
    let rigs = [(); 2].map(|()| Rig::with(MockConfig::default().inject(fault())));
    let om = Told::shapes("x:2,3").om(&doubled("x", 2));
    let (first, keep) = seen();
    let acl = rigs[0].context.device().acl();
    let panics = acl.on_exception(|_| panic!("on purpose")).unwrap();
    let keeps = acl.on_exception(keep).unwrap();
    let (second, keep) = seen();
    let other = rigs[1].context.device().acl().on_exception(keep).unwrap();
    let x = numbers(&[2, 3]);
    run(&mut rigs[0].session(&om), &[&x]).unwrap_err();
    drop(rigs[0].lease.calls());
    let model = Model::from_bytes(&rigs[0].context, &om).unwrap();
    assert_eq!(model.path(), None);
    assert_eq!(told(&first, 1).len(), 1);
    // A device that ends was told of whole.
    drop(model);
    let leases = rigs.map(|rig| rig.lease);
    assert_eq!(seen_by(&second), []);
    drop((panics, keeps, other));
    drop(leases);
}

fn seen_by(seen: &Seen) -> Vec<Exception> {
    seen.lock().unwrap().clone()
}

/// Does what would wait for ever if it waited for what waits for it.
fn in_time(what: impl FnOnce() + Send + 'static) {
    let (sender, is_done) = mpsc::channel::<()>();
    let thread = thread::spawn(move || {
        let _sender = sender;
        what();
    });
    let waited = is_done.recv_timeout(Duration::from_mins(1));
    assert_eq!(waited, Err(RecvTimeoutError::Disconnected), "it hangs");
    thread.join().unwrap();
}

#[test]
fn a_function_may_wait_for_runs() {
    in_time(|| {
        let fault = Injection::new("aclmdlExecuteAsync", Effect::Task(507_015));
        let rig = Rig::with(MockConfig::default().inject(fault));
        let om = Told::shapes("x:2,3").om(&doubled("x", 2));
        let acl = rig.context.device().acl().clone();
        let (sender, told) = mpsc::sync_channel(0);
        let handler = acl.on_exception(move |exception| {
            let _ = sender.send(exception.clone());
        });
        let handler = handler.unwrap();
        let mut session = rig.session(&om);
        let x = numbers(&[2, 3]);
        run(&mut session, &[&x]).unwrap_err();
        // The function waits for us by now, or will soon.
        let dropped = thread::spawn(move || drop(handler));
        thread::sleep(Duration::from_millis(100));
        run(&mut session, &[&x]).unwrap_err();
        let exception = told.recv().unwrap();
        assert_eq!(exception.code.map(AclCode::get), Some(507_015));
        dropped.join().unwrap();
        drop(told);
        drop((session, acl));
        rig.end();
    });
}

#[test]
fn a_function_may_own_what_calls_the_runtime() {
    in_time(|| {
        let rig = Rig::new();
        let acl = rig.context.device().acl().clone();
        let inner = acl.on_exception(|_| ()).unwrap();
        let session = rig.session(&Told::shapes("x:2,3").om(&doubled("x", 2)));
        let owned = Mutex::new((inner, session));
        let outer = acl.on_exception(move |_| drop(owned.lock()));
        drop((outer.unwrap(), acl));
        rig.end();
    });
}

/// What a runtime goes on to tell to a function that it did not give back.
#[test]
fn a_runtime_that_keeps_the_function_tells_nobody_else() {
    let config = MockConfig::default()
        .inject(Injection::new(
            "aclrtExceptionInfoCallbackUnregister",
            Effect::Code(507_000),
        ))
        .inject(Injection::new("aclmdlExecuteAsync", Effect::Task(507_015)));
    let (api, _lease) = ascend_mock::lease(config).unwrap();
    // SAFETY: the CPU device keeps to AscendCL's rules.
    let acl = || unsafe { Acl::from_api(api) }.unwrap();
    let first = acl();
    drop(first.on_exception(|_| ()).unwrap());
    // As if another part of the process used the runtime, which does not end.
    let second = acl();
    drop(first);
    let other = Rig::new();
    let (others, keep) = seen();
    let _handler = other.context.device().acl().on_exception(keep).unwrap();
    let (own, keep) = seen();
    let _own = second.on_exception(keep).unwrap();
    let context = second.device(0).unwrap().context();
    let om = Told::shapes("x:2,3").om(&doubled("x", 2));
    let model = Arc::new(Model::from_bytes(&context, &om).unwrap());
    let mut session = Session::new(model).unwrap();
    run(&mut session, &[&numbers(&[2, 3])]).unwrap_err();
    assert_eq!(told(&own, 1).len(), 1);
    drop((session, context));
    assert_eq!(seen_by(&others), []);
}

/// A failure that is not told, beside one of another model on the same device.
#[test]
fn a_failure_of_another_model_is_not_taken_for_the_own_one() {
    // Of the code that a closed channel has, nothing is told.
    let fault = Injection::new("aclmdlExecuteAsync", Effect::Task(507_901)).nth(1);
    let rig = Rig::with(MockConfig::default().inject(fault));
    let acl = rig.context.device().acl().clone();
    let (seen, keep) = seen();
    let _handler = acl.on_exception(keep).unwrap();
    let mut session = rig.session(&Told::shapes("x:2,3").om(&doubled("x", 2)));
    let mut other = rig.session(&Told::default().om(&picking()));
    let is_over = AtomicBool::new(false);
    let mark = rig.mark();
    let error = thread::scope(|scope| {
        scope.spawn(|| {
            while !rig.calls(mark).contains(&"aclmdlExecuteAsync") {
                thread::yield_now();
            }
            let (x, row) = (numbers(&[4, 3]), arr1(&[9_i64]).into_dyn());
            while !is_over.load(Ordering::Relaxed) {
                let outputs = other.run(&[Input::from(&x), Input::from(&row)]);
                assert!(outputs.is_err());
            }
        });
        let error = run(&mut session, &[&numbers(&[2, 3])]).unwrap_err();
        is_over.store(true, Ordering::Relaxed);
        error
    });
    assert!(!told(&seen, 1).is_empty());
    assert_eq!(error.code().map(AclCode::get), Some(507_901));
    assert_eq!(error.exception(), None, "{error}");
}
