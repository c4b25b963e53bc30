//! Running models.

use std::ptr;
use std::thread;

use ascend_mock::Kind;
use ascend_sys::{aclDataType, aclError, aclFormat, aclmdlDataset, aclmdlRICaptureMode};

use crate::common::models::{BYTES, COUNT, dynamic, fixed, fixed_for, real};
use crate::common::{NULL, Raw, Rig};

/// Both of `aclmdlExecute` and of `aclmdlExecuteAsync` with a synchronisation.
#[derive(Clone, Copy, Debug)]
enum Way {
    Blocking,
    Queued,
}

const BOTH: [Way; 2] = [Way::Blocking, Way::Queued];

fn run(
    rig: &Rig,
    way: Way,
    id: u32,
    input: *mut aclmdlDataset,
    output: *mut aclmdlDataset,
) -> aclError {
    match way {
        Way::Blocking => acl!(rig.aclmdlExecute(id, input, output)),
        Way::Queued => match acl!(rig.aclmdlExecuteAsync(id, input, output, NULL)) {
            0 => rig.synchronize(NULL),
            code => code,
        },
    }
}

fn ramp() -> Vec<f32> {
    (0..COUNT)
        .map(|number| f32::from(u8::try_from(number).unwrap()))
        .collect()
}

fn expected() -> Vec<f32> {
    ramp()
        .into_iter()
        .map(|number| (number - 1.0).max(0.0))
        .collect()
}

#[test]
fn a_static_model_computes() {
    let rig = Rig::new();
    let id = rig.load(&fixed());
    for way in BOTH {
        let (input, output) = (rig.input(&ramp()), rig.empty());
        assert_eq!(run(&rig, way, id, input, output), 0, "{:?}", rig.message());
        assert_eq!(rig.output(output), expected(), "{way:?}");
        assert_eq!(rig.told_shape(output), None, "static models do not tell");
    }
}

/// S
#[test]
fn r_254_r_255_what_execute_refuses() {
    let rig = Rig::new();
    let id = rig.load(&fixed());
    let (input, output) = (rig.input(&ramp()), rig.empty());
    let nothing = acl!(rig.aclmdlCreateDataset());
    let dangling = rig.empty();
    let (buffer, _) = rig.memory(dangling);
    assert_eq!(acl!(rig.aclDestroyDataBuffer(buffer)), 0);
    let mut local = [0_u8; BYTES];
    let host = rig.dataset(local.as_mut_ptr().cast(), BYTES);
    let no_memory = rig.dataset(NULL, BYTES);
    for way in BOTH {
        let run = |id, input, output| run(&rig, way, id, input, output);
        assert_eq!(run(id, ptr::null_mut(), output), 100_000);
        assert_eq!(run(id, input, ptr::null_mut()), 100_000);
        assert_eq!(run(id + 1, input, output), 145_003);
        assert_eq!(run(id, nothing, output), 100_000, "too few inputs");
        assert_eq!(run(id, input, nothing), 100_000, "too few outputs");
        assert_eq!(
            run(id, dangling, output),
            100_000,
            "a destroyed data buffer"
        );
        assert_eq!(run(id, no_memory, output), 100_000);
        assert_eq!(run(id, host, output), 107_000, "host memory");
        assert_eq!(run(id, input, host), 107_000);
    }
    assert_eq!(acl!(rig.aclmdlDestroyDataset(nothing)), 0);
    assert_eq!(acl!(rig.aclmdlExecute(id, nothing, output)), 107_017);
    made!(rig.aclrtCreateContext(0));
    assert_eq!(acl!(rig.aclmdlExecute(id, input, output)), 107_004, "R-239");
}

/// S (the code may also be 500002)
#[test]
fn r_256_a_static_buffer_may_lack_64_bytes() {
    let rig = Rig::new();
    let id = rig.load(&fixed());
    let (input, output) = (rig.input(&ramp()), rig.empty());
    let (buffer, address) = rig.memory(input);
    let run = |bytes| {
        assert_eq!(acl!(rig.aclUpdateDataBuffer(buffer, address, bytes)), 0);
        acl!(rig.aclmdlExecute(id, input, output))
    };
    assert_eq!(run(BYTES - 65), 145_000);
    assert!(rig.message().unwrap().contains("E13025"));
    assert_eq!(run(BYTES + 999), 0, "more than needed is no fault");
    assert_eq!(run(BYTES - 64), 0);
    let result = rig.output(output);
    assert_eq!(result[..48], expected()[..48]);
    assert_eq!(result[48..], [0.0; 16], "the rest counts as zero");
}

/// SD
#[test]
fn r_258_empty_outputs_get_memory_that_is_the_callers() {
    let rig = Rig::new();
    let id = rig.load(&fixed());
    let (input, output) = (rig.input(&ramp()), rig.dataset(NULL, 0));
    assert_eq!(
        run(&rig, Way::Queued, id, input, output),
        100_000,
        "not in a stream"
    );
    assert_eq!(run(&rig, Way::Blocking, id, input, output), 0);
    assert_eq!(rig.output(output), expected());
    let ledger = rig.lease.ledger();
    let block = ledger
        .iter()
        .find(|live| live.origin.symbol == "aclmdlExecute")
        .unwrap();
    assert_eq!((block.kind, block.bytes), (Kind::DeviceBlock, BYTES as u64));
    let (_, address) = rig.memory(output);
    assert_eq!(acl!(rig.aclrtFree(address)), 0);
}

#[test]
fn shapes_are_chosen_at_every_run() {
    let rig = Rig::new();
    let id = rig.load(&dynamic());
    for way in BOTH {
        let output = rig.empty();
        for rows in [1_i64, 8, 2] {
            let count = usize::try_from(rows * 3).unwrap();
            let input = rig.input(&ramp()[..count]);
            rig.set_shape(input, &[rows, 3]);
            assert_eq!(run(&rig, way, id, input, output), 0, "{:?}", rig.message());
            assert_eq!(rig.told_shape(output), Some(vec![rows, 3]));
            let doubled: Vec<f32> = ramp()[..count].iter().map(|number| number * 2.0).collect();
            assert_eq!(rig.output(output)[..count], doubled);
        }
    }
}

/// S
#[test]
fn r_257_shapes_out_of_range_are_refused() {
    let rig = Rig::new();
    let id = rig.load(&dynamic());
    let (input, output) = (rig.input(&ramp()), rig.empty());
    assert_eq!(
        run(&rig, Way::Blocking, id, input, output),
        100_000,
        "no shape is set"
    );
    for dims in [&[0, 3][..], &[9, 3], &[2, 4], &[6], &[-1, 3], &[2, 3, 1]] {
        rig.set_shape(input, dims);
        assert_eq!(
            run(&rig, Way::Blocking, id, input, output),
            100_000,
            "{dims:?}"
        );
        assert!(
            rig.message()
                .unwrap()
                .contains("out of the model's [-1, 3]")
        );
    }
    let dims = [2_i64, 3];
    let (kind, format) = (aclDataType::ACL_INT32, aclFormat::ACL_FORMAT_ND);
    let desc = acl!(rig.aclCreateTensorDesc(kind, 2, dims.as_ptr(), format));
    assert_eq!(acl!(rig.aclmdlSetDatasetTensorDesc(input, desc, 0)), 0);
    assert_eq!(
        run(&rig, Way::Blocking, id, input, output),
        100_000,
        "another data type"
    );
}

/// The buffer of a dynamic output must be large enough (E13031).
#[test]
fn a_dynamic_output_that_does_not_fit_is_an_error() {
    let rig = Rig::new();
    let id = rig.load(&dynamic());
    let input = rig.input(&ramp()[..24]);
    rig.set_shape(input, &[8, 3]);
    let output = rig.dataset(rig.malloc(95), 95);
    assert_eq!(run(&rig, Way::Blocking, id, input, output), 500_002);
    assert!(rig.message().unwrap().contains("E13031"));
    assert_eq!(run(&rig, Way::Queued, id, input, output), 507_011);
}

/// SD
#[test]
fn r_260_inputs_are_read_when_the_stream_gets_there() {
    let rig = Rig::new();
    let id = rig.load(&fixed());
    let stream = made!(rig.aclrtCreateStream());
    let (input, output) = (rig.input(&[9.0; COUNT]), rig.empty());
    let (_, address) = rig.memory(input);
    let gate = rig.block(stream);
    assert_eq!(acl!(rig.aclmdlExecuteAsync(id, input, output, stream)), 0);
    rig.upload(address, &crate::common::models::bytes(&ramp()));
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(rig.output(output), expected());
}

/// What a queued run names has to live until it is done; hardware may not notice.
#[test]
fn r_260_what_goes_too_early_is_found_out() {
    let rig = Rig::new();
    let id = rig.load(&fixed());
    let stream = made!(rig.aclrtCreateStream());
    let early: [&dyn Fn(*mut aclmdlDataset) -> aclError; 3] = [
        &|input| acl!(rig.aclmdlDestroyDataset(input)),
        &|input| {
            let (buffer, _) = rig.memory(input);
            acl!(rig.aclDestroyDataBuffer(buffer))
        },
        &|input| {
            let (_, address) = rig.memory(input);
            acl!(rig.aclrtFree(address))
        },
    ];
    for destroy in early {
        let (input, output) = (rig.input(&ramp()), rig.empty());
        let gate = rig.block(stream);
        assert_eq!(acl!(rig.aclmdlExecuteAsync(id, input, output, stream)), 0);
        assert_eq!(destroy(input), 0);
        rig.open(gate);
        assert_eq!(rig.synchronize(stream), 507_011);
    }
}

/// D
#[test]
fn r_261_a_model_runs_in_one_place_at_a_time() {
    let rig = Rig::new();
    let id = rig.load(&fixed());
    let [one, two]: [Raw; 2] = [
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
    ];
    let (input, output) = (rig.input(&ramp()), rig.empty());
    let gate = rig.block(one);
    let queue = |stream| acl!(rig.aclmdlExecuteAsync(id, input, output, stream));
    assert_eq!(queue(one), 0);
    assert_eq!(queue(one), 0, "behind itself is fine");
    assert_eq!(queue(two), 145_000);
    assert_eq!(acl!(rig.aclmdlExecute(id, input, output)), 145_000);
    assert_eq!(acl!(rig.aclmdlUnload(id)), 545_009);
    rig.open(gate);
    assert_eq!(rig.synchronize(one), 0);
    assert_eq!(queue(two), 0);
    assert_eq!(rig.synchronize(two), 0);
    // Work that is dropped with its stream does not keep the model busy.
    rig.block(one);
    assert_eq!(queue(one), 0);
    assert_eq!(acl!(rig.aclrtDestroyStreamForce(one)), 0);
    assert_eq!(acl!(rig.aclmdlUnload(id)), 0);
}

/// D
#[test]
fn r_269_the_bytes_of_a_model_are_needed_only_during_the_call() {
    let rig = Rig::new();
    let mut file = fixed();
    let id = rig.load(&file);
    file.fill(0);
    drop(file);
    let (input, output) = (rig.input(&ramp()), rig.empty());
    assert_eq!(run(&rig, Way::Blocking, id, input, output), 0);
    assert_eq!(rig.output(output), expected());
}

/// A file for a chip loads; running it says which chip it is for.
#[test]
fn device_code_is_not_run() {
    let rig = Rig::new();
    let id = rig.load(&fixed_for("Ascend310P3", "1"));
    let (input, output) = (rig.input(&ramp()), rig.empty());
    for way in BOTH {
        assert_eq!(run(&rig, way, id, input, output), 500_002);
        let text = rig.message().unwrap();
        assert!(
            text.contains("holds device code for SoC Ascend310P3, which the CPU device cannot run"),
            "{text}"
        );
    }
    let Some((_, file)) = real() else { return };
    let id = rig.load(&file);
    assert_eq!(run(&rig, Way::Blocking, id, input, output), 500_002);
    assert!(rig.message().unwrap().contains("holds device code"));
}

/// Threads with a model, a stream and memory each get their own results.
#[test]
fn models_run_side_by_side() {
    let rig = Rig::new();
    let model = fixed();
    thread::scope(|scope| {
        for shift in 0..4_u8 {
            let (rig, model) = (&rig, &model);
            scope.spawn(move || {
                assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
                let (id, stream) = (rig.load(model), made!(rig.aclrtCreateStream()));
                let input = rig.input(&[f32::from(shift); COUNT]);
                for _ in 0..10 {
                    let output = rig.empty();
                    assert_eq!(acl!(rig.aclmdlExecuteAsync(id, input, output, stream)), 0);
                    assert_eq!(rig.synchronize(stream), 0);
                    let expected = (f32::from(shift) - 1.0).max(0.0);
                    assert_eq!(rig.output(output), [expected; COUNT]);
                }
            });
        }
    });
}

/// A graph needs its models while it runs, and has no hold on them otherwise.
#[test]
fn r_293_a_graph_does_not_keep_its_models() {
    let rig = Rig::new();
    let id = rig.load(&fixed());
    let (input, output) = (rig.input(&ramp()), rig.empty());
    let stream = made!(rig.aclrtCreateStream());
    let mode = aclmdlRICaptureMode::ACL_MODEL_RI_CAPTURE_MODE_GLOBAL;
    assert_eq!(acl!(rig.aclmdlRICaptureBegin(stream, mode)), 0);
    assert_eq!(acl!(rig.aclmdlExecuteAsync(id, input, output, stream)), 0);
    let mut graph = NULL;
    assert_eq!(acl!(rig.aclmdlRICaptureEnd(stream, &raw mut graph)), 0);
    // the model is at work nowhere.
    assert_eq!(
        acl!(rig.aclmdlExecute(id, rig.input(&ramp()), rig.empty())),
        0
    );
    let replay = || {
        assert_eq!(acl!(rig.aclmdlRIExecuteAsync(graph, stream)), 0);
        rig.synchronize(stream)
    };
    assert_eq!(replay(), 0);
    assert_eq!(rig.output(output), expected());
    assert_eq!(replay(), 0);
    assert_eq!(acl!(rig.aclmdlUnload(id)), 0);
    assert_eq!(rig.lease.ledger().count(Kind::Model), 0);
    assert_eq!(replay(), 507_011);
    assert!(rig.message().unwrap().contains("loaded"));
    assert_eq!(acl!(rig.aclmdlRIDestroy(graph)), 0);
}
