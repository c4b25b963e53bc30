//! How models are loaded: with memory of the program's, from bundles, and what goes wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, thread};

use ascend_graph::om::WeightFiles;
use ascend_mock::MockConfig;
use ascend_rt::model::{Bundle, LoadConfig, WorkMemory};
use ascend_rt::{DeviceBuffer, ErrorKind, Model, Session};

use super::made::{Rig, Told, alone, bundle, dense, doubled, numbers, run};

const SHAPES: &str = "x:2,64";

fn session(model: Model) -> Session {
    Session::new(Arc::new(model)).unwrap()
}

#[test]
fn a_model_is_loaded_by_every_way_of_a_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.om");
    let om = Told::shapes(SHAPES).om(&dense(1.0));
    fs::write(&path, &om).unwrap();
    let x = numbers(&[2, 64]);
    let expected = alone(&dense(1.0), SHAPES, &[&x]);
    let rig = Rig::new();
    for (name, config) in [
        ("file", LoadConfig::file(&path)),
        ("memory", LoadConfig::memory(om)),
    ] {
        let need = config.memory_need(&rig.context).unwrap();
        assert!(need.weight_bytes >= 64 * 64 * 4, "{need:?}");
        let work = || Arc::new(WorkMemory::new(&rig.context, need.work_bytes).unwrap());
        let weights = || DeviceBuffer::new(&rig.context, need.weight_bytes).unwrap();
        for (how, config) in [
            ("plain", config.clone()),
            ("with a priority", config.clone().priority(3)),
            ("with work memory", config.clone().work_memory(work())),
            (
                "with weight memory",
                config.clone().weight_memory(weights()),
            ),
            (
                "with both",
                config.clone().work_memory(work()).weight_memory(weights()),
            ),
        ] {
            let model = Model::load_with(&rig.context, &config).unwrap();
            assert_eq!(model.description().memory, Some(need), "{name}, {how}");
            // The model keeps what it was given.
            drop(config);
            let made = run(&mut session(model), &[&x]).unwrap();
            assert_eq!(made, expected, "{name}, {how}");
        }
    }
    rig.end();
}

#[test]
fn loads_of_one_configuration_share_their_weights() {
    let rig = Rig::new();
    let config = LoadConfig::memory(Told::shapes(SHAPES).om(&dense(1.0)));
    let need = config.memory_need(&rig.context).unwrap();
    let weights = DeviceBuffer::new(&rig.context, need.weight_bytes).unwrap();
    let config = config.weight_memory(weights);
    let load = || session(Model::load_with(&rig.context, &config).unwrap());
    let (mut first, mut second) = (load(), load());
    let x = numbers(&[2, 64]);
    assert_eq!(
        run(&mut first, &[&x]).unwrap(),
        run(&mut second, &[&x]).unwrap()
    );
    drop((first, second, config));
    rig.end();
}

#[test]
fn a_file_that_was_replaced_is_not_loaded_over_shared_weights() {
    let folder = tempfile::tempdir().unwrap();
    let [path, other] = ["net.om", "other.om"].map(|name| folder.path().join(name));
    fs::write(&path, Told::shapes(SHAPES).om(&dense(1.0))).unwrap();
    fs::write(&other, Told::shapes(SHAPES).om(&dense(2.0))).unwrap();
    let rig = Rig::new();
    let with_weights = || {
        let config = LoadConfig::file(&path);
        let bytes = config.memory_need(&rig.context).unwrap().weight_bytes;
        config.weight_memory(DeviceBuffer::new(&rig.context, bytes).unwrap())
    };
    let config = with_weights();
    let load = |config: &LoadConfig| Model::load_with(&rig.context, config);
    let (mut first, x) = (session(load(&config).unwrap()), numbers(&[2, 64]));
    let expected = run(&mut first, &[&x]).unwrap();
    drop(load(&config).unwrap());
    fs::rename(&other, &path).unwrap();
    let error = load(&config).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    let says = "the file was replaced or written to";
    assert!(error.to_string().contains(says), "{error}");
    assert_eq!(run(&mut first, &[&x]).unwrap(), expected);
    let mut second = session(load(&with_weights()).unwrap());
    assert_ne!(run(&mut second, &[&x]).unwrap(), expected);
    drop((first, second, config));
    rig.end();
}

#[test]
fn models_that_share_work_memory_take_turns() {
    let rig = Rig::new();
    let networks =
        [1.0, 2.0].map(|shift| LoadConfig::memory(Told::shapes(SHAPES).om(&dense(shift))));
    let work = Arc::new(WorkMemory::for_models(&rig.context, &networks).unwrap());
    let needs = networks
        .each_ref()
        .map(|config| config.memory_need(&rig.context).unwrap());
    assert_eq!(work.bytes(), needs[0].work_bytes.max(needs[1].work_bytes));
    let models = networks.map(|config| {
        let config = config.work_memory(work.clone());
        Model::load_with(&rig.context, &config).unwrap()
    });
    drop(work);
    // The CPU device tells the runs apart: between the start of one and its end no other starts.
    let (runs, x) = (AtomicUsize::new(0), numbers(&[2, 64]));
    let mut sessions = models.map(session);
    thread::scope(|scope| {
        for session in &mut sessions {
            scope.spawn(|| {
                for _ in 0..20 {
                    run(session, &[&x]).unwrap();
                    runs.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(runs.into_inner(), 40);
    let calls: Vec<_> = rig.lease.calls();
    let marks = calls
        .iter()
        .filter(|call| matches!(call.symbol, "aclmdlExecuteAsync" | "aclrtSynchronizeStream"));
    let mut running = None;
    for call in marks {
        if call.symbol == "aclmdlExecuteAsync" {
            assert_eq!(running, None, "two models are at work in one memory");
            running = Some(call.thread);
        } else if running == Some(call.thread) {
            running = None;
        }
    }
    drop(sessions);
    rig.end();
}

#[test]
fn weights_outside_of_the_file_come_from_a_folder_or_from_memory() {
    let folder = tempfile::tempdir().unwrap();
    let told = Told {
        files: WeightFiles::One,
        ..Told::shapes(SHAPES)
    };
    let (om, summary) = told.compile(&dense(1.0));
    let (name, content) = &summary.weight_files[0];
    let content = content.to_bytes();
    let weights = folder.path().join("weight");
    fs::create_dir(&weights).unwrap();
    fs::write(weights.join(name), &content).unwrap();
    let path = folder.path().join("net.om");
    fs::write(&path, &om).unwrap();
    let x = numbers(&[2, 64]);
    let expected = alone(&dense(1.0), SHAPES, &[&x]);
    let rig = Rig::new();
    let mut padded = content.to_vec();
    padded.resize(content.len().next_multiple_of(32), 0);
    let on_device = DeviceBuffer::from_slice(&rig.context, &padded).unwrap();
    let memory = || LoadConfig::memory(om.clone());
    for (how, config) in [
        ("beside the file", LoadConfig::file(&path)),
        ("in a folder", memory().weight_folder(&weights)),
        ("in memory", memory().external_weight(name, on_device)),
    ] {
        let model = Model::load_with(&rig.context, &config).unwrap();
        drop(config);
        assert_eq!(run(&mut session(model), &[&x]).unwrap(), expected, "{how}");
    }
    for (config, says) in [
        (memory(), "give the folder with ACL_MDL_WEIGHT_PATH_PTR"),
        (
            LoadConfig::file(&path).weight_folder(&weights),
            "a folder of weights is for models from memory",
        ),
        (
            memory().external_weight(name, DeviceBuffer::new(&rig.context, 33).unwrap()),
            "has 33 bytes: make the buffer a multiple of 32 bytes",
        ),
    ] {
        let error = Model::load_with(&rig.context, &config).unwrap_err();
        assert!(error.to_string().contains(says), "{says}: {error}");
    }
    rig.end();
}

#[test]
fn what_a_model_is_given_has_to_be_enough_and_of_its_context() {
    let rig = Rig::new();
    let config = LoadConfig::memory(Told::shapes(SHAPES).om(&dense(1.0)));
    let little = || Arc::new(WorkMemory::new(&rig.context, 64).unwrap());
    let other = Rig::new();
    let foreign = Arc::new(WorkMemory::new(&other.context, 1 << 20).unwrap());
    for (config, says) in [
        (
            config.clone().work_memory(little()),
            "work memory: the model takes",
        ),
        (
            config.clone().work_memory(foreign),
            "the work memory belongs to another",
        ),
        (
            config
                .clone()
                .weight_memory(DeviceBuffer::new(&rig.context, 64).unwrap()),
            "weight memory: the model takes",
        ),
        (config.clone().priority(8), "8"),
    ] {
        let error = Model::load_with(&rig.context, &config).unwrap_err();
        assert!(error.to_string().contains(says), "{says}: {error}");
    }
    rig.end();
    other.end();
}

#[test]
fn models_of_a_bundle_keep_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("both.om");
    let both = bundle(&[
        Told::shapes(SHAPES).om(&dense(1.0)),
        Told::shapes("x:1,3").om(&doubled("x", 2)),
    ]);
    fs::write(&path, &both).unwrap();
    let (x, row) = (numbers(&[2, 64]), numbers(&[1, 3]));
    let expected = alone(&dense(1.0), SHAPES, &[&x]);
    let rig = Rig::new();
    for from_memory in [false, true] {
        let loaded = if from_memory {
            Bundle::from_bytes(&rig.context, both.clone()).unwrap()
        } else {
            Bundle::load(&rig.context, &path).unwrap()
        };
        let [dense, doubled] = loaded.models() else {
            panic!("{loaded:?}")
        };
        let mut first = Session::new(dense.clone()).unwrap();
        let mut second = Session::new(doubled.clone()).unwrap();
        drop(loaded);
        assert_eq!(run(&mut first, &[&x]).unwrap(), expected);
        drop(first);
        let mark = rig.mark();
        assert_eq!(run(&mut second, &[&row]).unwrap(), [&row + &row]);
        assert!(!rig.calls(mark).contains(&"aclmdlBundleUnload"));
        drop(second);
        let calls = rig.calls(mark);
        assert!(calls.contains(&"aclmdlBundleUnload"), "{calls:?}");
        assert!(!calls.contains(&"aclmdlUnload"), "{calls:?}");
    }
    let om = Told::shapes(SHAPES).om(&dense(1.0));
    let error = Bundle::from_bytes(&rig.context, om).unwrap_err();
    assert!(error.to_string().contains("no bundle"), "{error}");
    rig.end();
}

#[test]
fn what_goes_wrong_with_a_model_is_told() {
    let rig = Rig::new();
    let om = Told::shapes(SHAPES).om(&dense(1.0));

    for len in [0, 10, 200, om.len() / 2, om.len() - 1] {
        let error = rig.model(&om[..len]).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Format | ErrorKind::InvalidArgument),
            "{len}: {error:?}"
        );
        let start = format!("cannot load a model of {len} bytes: ");
        assert!(error.to_string().starts_with(&start), "{error}");
    }

    // The chip's name stands in the file as a text.
    let mut foreign = om.clone();
    let (own, chip) = (b"Ascend-CPU", b"Ascend310P");
    let places: Vec<_> = (0..om.len() - own.len())
        .filter(|place| om[*place..].starts_with(own))
        .collect();
    for place in places {
        foreign[place..][..chip.len()].copy_from_slice(chip);
    }
    let mut session = rig.session(&foreign);
    let error = run(&mut session, &[&numbers(&[2, 64])]).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("device code for SoC Ascend310P"), "{text}");
    assert!(text.contains("compile it anew for Ascend-CPU"), "{text}");
    drop(session);
    rig.end();

    let small = Rig::with(MockConfig::default().memory_bytes(16 << 10));
    let error = small.model(&om).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfMemory, "{error}");
    assert!(
        error.to_string().starts_with("cannot load a model of "),
        "{error}"
    );
    small.end();

    let tight = Rig::with(MockConfig::default().memory_bytes(1 << 20));
    let large = Told::shapes("x:1~100000,3").om(&doubled("x", 2));
    let error = Session::new(tight.model(&large).unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfMemory, "{error}");
    assert!(
        error
            .to_string()
            .starts_with("no room for input x: cannot allocate 1200000 bytes on the device: "),
        "{error}"
    );
    tight.end();
}
