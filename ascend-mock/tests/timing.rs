//! The time model: what it changes is when things are done, and what is computed only if asked for.
#![allow(
    clippy::macro_metavars_in_unsafe,
    clippy::unwrap_used,
    reason = "the tests are C calls, and panic when they fail"
)]

#[macro_use]
mod common;

use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;
use std::{env, fs, process};

use ascend_mock::{MockConfig, TimeModel};

use common::models::{COUNT, dynamic, fixed};
use common::{NULL, Rig};

const SOON: Duration = Duration::from_micros(1);

fn with(model: TimeModel) -> Rig {
    Rig::with(MockConfig::default().time(model))
}

/// The output of a run on a stream.
fn run(rig: &Rig, id: u32) -> Vec<f32> {
    let (input, output) = (rig.input(&[3.0; COUNT]), rig.empty());
    assert_eq!(acl!(rig.aclmdlExecuteAsync(id, input, output, NULL)), 0);
    assert_eq!(rig.synchronize(NULL), 0);
    rig.output(output)
}

#[test]
fn models_compute_in_their_time() {
    let rig = with(TimeModel::default().launch(SOON).execution(SOON));
    let id = rig.load(&fixed());
    assert_eq!(run(&rig, id), [2.0; COUNT]);
}

#[test]
fn models_need_not_compute() {
    let rig = with(TimeModel::default().execution(SOON).compute(false));
    let id = rig.load(&fixed());
    assert_eq!(run(&rig, id), [0.0; COUNT]);
    // The size of this one's output follows from its input alone.
    let id = rig.load(&dynamic());
    let (input, output) = (rig.input(&[1.5; 6]), rig.empty());
    rig.set_shape(input, &[2, 3]);
    assert_eq!(
        acl!(rig.aclmdlExecute(id, input, output)),
        0,
        "{:?}",
        rig.message()
    );
    assert_eq!(rig.output(output)[..6], [3.0; 6]);
}

#[test]
fn a_model_is_named_by_its_file() {
    let name = format!("ascend-mock-{}-timed", process::id());
    let path = env::temp_dir().join(format!("{name}.om"));
    fs::write(&path, fixed()).unwrap();
    let rig = with(TimeModel::default().model(name, SOON).compute(false));
    let text = CString::new(path.as_os_str().as_bytes()).unwrap();
    let mut id = 0;
    assert_eq!(acl!(rig.aclmdlLoadFromFile(text.as_ptr(), &raw mut id)), 0);
    fs::remove_file(path).unwrap();
    assert_eq!(run(&rig, id), [0.0; COUNT]);
    // One without a file has no time here, and computes.
    let other = rig.load(&fixed());
    assert_eq!(run(&rig, other), [2.0; COUNT]);
}

#[test]
fn copies_arrive_in_their_time() {
    let config = MockConfig::from_toml(
        r#"
            [time]
            launch = "1 us"
            host_to_device = "1 GB/s"
            device_to_host = "1 GiB/s"
            device_to_device = "10 GB/s"
        "#,
    );
    let rig = Rig::with(config.unwrap());
    let (block, other) = (rig.malloc(1000), rig.malloc(1000));
    let pinned = rig.pinned(1000);
    pinned.fill(7);
    let start = pinned.as_mut_ptr().cast();
    assert_eq!(
        acl!(rig.aclrtMemcpyAsync(block, 1000, start, 1000, common::H2D, NULL)),
        0
    );
    let kind = common::D2D;
    assert_eq!(
        acl!(rig.aclrtMemcpyAsync(other, 1000, block, 1000, kind, NULL)),
        0
    );
    assert_eq!(acl!(rig.aclrtMemsetAsync(block, 500, 9, 500, NULL)), 0);
    assert_eq!(rig.synchronize(NULL), 0);
    assert_eq!(rig.download(other, 1000), [7; 1000]);
    assert_eq!(rig.download(block, 1000), [[9; 500], [7; 500]].concat());
}
