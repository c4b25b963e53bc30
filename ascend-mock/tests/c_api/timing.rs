//! The time model: what it changes is when things are done, and what is computed only if asked for.

use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;
use std::{env, fs, process};

use ascend_mock::{MockConfig, TimeModel};

use ascend_sys::{aclError, aclrtStreamStatus};

use crate::common::models::{COUNT, dynamic, fixed};
use crate::common::{D2D, D2H, H2D, NULL, Raw, Rig};

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
        acl!(rig.aclrtMemcpyAsync(block, 1000, start, 1000, H2D, NULL)),
        0
    );
    assert_eq!(
        acl!(rig.aclrtMemcpyAsync(other, 1000, block, 1000, D2D, NULL)),
        0
    );
    assert_eq!(acl!(rig.aclrtMemsetAsync(block, 500, 9, 500, NULL)), 0);
    assert_eq!(rig.synchronize(NULL), 0);
    assert_eq!(rig.download(other, 1000), [7; 1000]);
    assert_eq!(rig.download(block, 1000), [[9; 500], [7; 500]].concat());
}

#[test]
fn work_is_under_way_as_long_as_the_model_says() {
    let model = TimeModel::default()
        .host_to_device(1_000)
        .device_to_host(1_000)
        .device_to_device(1_000)
        .execution(Duration::from_millis(300));
    let rig = with(model);
    let (block, pinned) = (rig.malloc(300), rig.pinned(300));
    let host = pinned.as_mut_ptr().cast();
    let id = rig.load(&fixed());
    let memory = [rig.malloc(256), rig.malloc(256)];
    let [input, output] = memory.map(|address| rig.dataset(address, 256));
    let works: [&dyn Fn(Raw) -> aclError; 4] = [
        &|stream| acl!(rig.aclrtMemcpyAsync(block, 300, host, 300, H2D, stream)),
        &|stream| acl!(rig.aclrtMemcpyAsync(host, 300, block, 300, D2H, stream)),
        &|stream| acl!(rig.aclrtMemsetAsync(block, 300, 1, 300, stream)),
        &|stream| acl!(rig.aclmdlExecuteAsync(id, input, output, stream)),
    ];
    // Side by side, each on an engine of its own.
    let streams = works.map(|work| {
        let stream = made!(rig.aclrtCreateStream());
        assert_eq!(work(stream), 0);
        stream
    });
    let mut status = aclrtStreamStatus::ACL_STREAM_STATUS_COMPLETE;
    for (number, stream) in streams.into_iter().enumerate() {
        assert_eq!(acl!(rig.aclrtStreamQuery(stream, &raw mut status)), 0);
        let busy = aclrtStreamStatus::ACL_STREAM_STATUS_NOT_READY;
        assert_eq!(status, busy, "work {number}");
    }
    assert_eq!(acl!(rig.aclrtSynchronizeDevice()), 0);
}
