//! What is left when a call fails: of models, of their outputs, and of the turns at them.

use std::sync::Arc;
use std::time::Duration;

use ascend_graph::{DataType, Gears};
use ascend_mock::{Effect, Injection, MockConfig};
use ascend_rt::model::{AippParameters, LoadConfig, Picture, WorkMemory};
use ascend_rt::session::{Padding, SessionOptions};
use ascend_rt::{ErrorKind, Model, Result, Session};

use super::made::{Rig, Told, dense, doubled, numbers, picture, run, same};

const SHAPES: &str = "x:2,64";

#[test]
fn nothing_runs_where_the_device_may_still_be_at_work() {
    // Both waits of the first run fail, in a way that tells nothing of its work.
    let fault = Injection::new("aclrtSynchronizeStream", Effect::Code(507_899)).times(2);
    let rig = Rig::with(MockConfig::default().inject(fault));
    let networks =
        [1.0, 2.0].map(|shift| LoadConfig::memory(Told::shapes(SHAPES).om(&dense(shift))));
    let work = Arc::new(WorkMemory::for_models(&rig.context, &networks).unwrap());
    let [one, other] = networks.map(|config| {
        let config = config.work_memory(work.clone());
        Arc::new(Model::load_with(&rig.context, &config).unwrap())
    });
    let x = numbers(&[2, 64]);
    let mut lost = Session::new(one.clone()).unwrap();
    lost.input_mut::<f32>(0).unwrap().fill(1.0);
    run(&mut lost, &[&x]).unwrap_err();
    let error = lost.input_mut::<f32>(0).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Device, "{error}");
    for (name, session, says) in [
        ("the session", &mut lost, "this session broke off"),
        (
            "another of its model",
            &mut Session::new(one).unwrap(),
            "an earlier run of this model",
        ),
        (
            "another model of its work memory",
            &mut Session::new(other).unwrap(),
            "an earlier run of this model",
        ),
    ] {
        for _ in 0..2 {
            let mark = rig.mark();
            let error = run(session, &[&x]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Device, "{name}: {error}");
            assert!(error.to_string().contains(says), "{name}: {error}");
            let calls = rig.calls(mark);
            assert!(!calls.contains(&"aclmdlExecuteAsync"), "{name}: {calls:?}");
        }
    }
    let om = Told::shapes(SHAPES).om(&dense(1.0));
    run(&mut rig.session(&om), &[&x]).unwrap();
}

#[test]
fn a_run_that_exceeds_its_limit_leaves_its_memory_to_the_device() {
    for (shapes, function, nth) in [
        ("x:2,3", "aclrtMemcpyAsync", 1),
        ("x:2,3", "aclmdlExecuteAsync", 1),
        ("x:2,3", "aclrtMemcpyAsync", 2),
        ("x:1~4,3", "aclmdlExecuteAsync", 1),
        ("x:1~4,3", "aclrtMemcpyAsync", 2),
    ] {
        for is_timed in [false, true] {
            hangs((shapes, function, nth), is_timed);
        }
    }
}

/// A run of a session, measured or not, of which a call makes the device hang.
fn hangs((shapes, function, nth): (&str, &'static str, u64), is_timed: bool) {
    let options = SessionOptions::new().run_limit(Some(Duration::from_millis(200)));
    let name = format!("{shapes} {function} {nth}, measured {is_timed}");
    let fault = Injection::new(function, Effect::Hang).nth(nth);
    let rig = Rig::with(MockConfig::default().inject(fault));
    let model = rig
        .model(&Told::shapes(shapes).om(&doubled("x", 2)))
        .unwrap();
    let mut session = Session::with_options(model, options).unwrap();
    session.set_timing(is_timed).unwrap();
    let x = numbers(&[2, 3]);
    let error = run(&mut session, &[&x]).unwrap_err();
    let text = error.to_string();
    assert_eq!(error.kind(), ErrorKind::Device, "{name}: {text}");
    assert!(text.contains("limit of 200ms"), "{name}: {text}");
    assert!(session.timings().is_none(), "{name}");
    let error = run(&mut session, &[&x]).unwrap_err();
    assert!(error.to_string().contains("broke off"), "{error}");
    let mark = rig.mark();
    // Its events are given back: that does not wait for them.
    drop(session);
    let calls = rig.calls(mark);
    let gives_back = |call: &&&str| {
        let parts = ["Free", "Stream", "Unload", "Dataset", "DataBuffer"];
        parts.iter().any(|part| call.contains(part))
    };
    let freed: Vec<_> = calls.iter().filter(gives_back).collect();
    assert!(freed.is_empty(), "{name}: {freed:?}");
    let events = calls.iter().filter(|call| **call == "aclrtDestroyEvent");
    assert_eq!(events.count(), if is_timed { 4 } else { 0 }, "{name}");
}

#[test]
fn a_limit_is_refused_where_it_cannot_be_kept() {
    let rig = Rig::new();
    let options = SessionOptions::new().run_limit(Some(Duration::from_secs(10)));
    let model = rig
        .model(&Told::shapes("x:-1,3").om(&doubled("x", 2)))
        .unwrap();
    let error = Session::with_options(model, options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert!(error.to_string().contains("1~8"), "{error}");
    rig.end();
}

#[test]
fn whichever_call_fails_no_output_of_the_engine_is_left() {
    let om = Told::shapes("x:-1,3").om(&doubled("x", 2));
    let life = |rig: &Rig| -> Result<()> {
        let mut session = Session::new(rig.model(&om)?)?;
        for n in [2, 5] {
            run(&mut session, &[&numbers(&[n, 3])])?;
        }
        Ok(())
    };
    let rig = Rig::new();
    let start = rig.mark();
    life(&rig).unwrap();
    let calls = rig.calls(start);
    rig.end();
    let first = calls.iter().position(|symbol| *symbol == "aclmdlExecute");
    let last = calls
        .iter()
        .rposition(|symbol| *symbol == "aclrtMemcpyAsync");
    let (first, last) = (first.unwrap(), last.unwrap());
    for (index, symbol) in calls.iter().enumerate().take(last + 1).skip(first) {
        // Without an answer nobody can free anything.
        if symbol.contains("Free") || symbol.contains("Destroy") || symbol.contains("aclGet") {
            continue;
        }
        let number = u64::try_from(start + index + 1).unwrap();
        let fault = Injection::new("acl*", Effect::Code(507_899)).nth(number);
        let rig = Rig::with(MockConfig::default().inject(fault));
        assert!(life(&rig).is_err(), "{symbol}");
        rig.end();
    }
}

/// A model with work memory, gears and preprocessing by parameters, from its loading to its end.
fn whole_life(rig: &Rig, config: &LoadConfig) -> Result<()> {
    let work = Arc::new(WorkMemory::for_models(
        &rig.context,
        std::slice::from_ref(config),
    )?);
    let config = config.clone().work_memory(work);
    let model = Arc::new(Model::load_with(&rig.context, &config)?);
    let options = SessionOptions::new().padding(Padding::NextGear);
    let mut session = Session::with_options(model, options)?;
    session.set_aipp("x", AippParameters::new(Picture::Rgb888, 4, 6))?;
    session.run(&[(&picture(&[3, 4, 6, 3])).into()]).map(drop)
}

#[test]
fn whichever_call_fails_nothing_of_a_model_is_left() {
    let told = Told::gears("x:-1,3,4,6", Gears::batch("1,4"));
    let told = told.aipp("aipp_op { aipp_mode: dynamic max_src_image_size: 1000 }");
    let config = LoadConfig::memory(told.om(&same(DataType::F32, 3)));
    let rig = Rig::new();
    let start = rig.mark();
    whole_life(&rig, &config).unwrap();
    let calls = rig.calls(start);
    rig.end();
    // After the last wait things are given back; what cannot be given back is lost.
    let last = calls
        .iter()
        .rposition(|symbol| *symbol == "aclrtMemcpyAsync");
    let calls = &calls[..=last.unwrap()];
    assert!(calls.len() > 60, "{calls:?}");
    for (index, symbol) in calls.iter().enumerate() {
        if symbol.contains("Destroy") || symbol.contains("Free") {
            continue;
        }
        let number = u64::try_from(start + index + 1).unwrap();
        let fault = Injection::new("acl*", Effect::Code(507_899)).nth(number);
        let rig = Rig::with(MockConfig::default().inject(fault));
        let outcome = whole_life(&rig, &config);
        rig.end();
        // These answer a value, and have no way to say that they failed.
        let has_status = ![
            "aclmdlGetNum",
            "aclmdlGetInputSize",
            "aclmdlGetOutputSize",
            "aclmdlGetInputName",
            "aclmdlGetOutputName",
            "aclmdlGetInputDataType",
            "aclmdlGetOutputDataType",
            "aclmdlGetInputFormat",
            "aclmdlGetOutputFormat",
        ]
        .iter()
        .any(|start| symbol.starts_with(start));
        if !has_status {
            continue;
        }
        match outcome.map_err(|error| error.to_string()) {
            // What makes a thing and has no code gives nothing.
            Err(text) if text.contains("gave nothing") => assert!(symbol.contains("Create")),
            Err(text) => assert!(text.contains("507899"), "{symbol}: {text}"),
            // The need of memory is told where it can be.
            Ok(()) => {
                let mut next = calls[index..].iter();
                let next = next.find(|symbol| !symbol.ends_with("CurrentContext"));
                let is_question = next.is_some_and(|next| next.starts_with("aclmdlQuerySize"));
                assert!(is_question, "{symbol} before {next:?} was not told");
            }
        }
    }
}
