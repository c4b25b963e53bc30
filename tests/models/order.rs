//! The C calls of each kind of model, in the order that is documented for hardware.

use ascend_graph::{DataType, Gears};
use ascend_rt::model::{AippParameters, Picture};

use super::made::{Rig, Told, doubled, numbers, picture, run, same};

/// What is looked at: loading, switching, preprocessing, executing and shapes.
const WATCHED: [&str; 26] = [
    "aclmdlLoadFromMem",
    "aclmdlCreateDesc",
    "aclmdlGetDesc",
    "aclmdlGetInputIndexByName",
    "aclmdlGetDynamicBatch",
    "aclmdlGetDynamicHW",
    "aclmdlGetInputDynamicGearCount",
    "aclmdlGetInputDynamicDims",
    "aclmdlGetAippType",
    "aclmdlGetFirstAippInfo",
    "aclmdlGetInputDimsV2",
    "aclmdlGetInputDimsRange",
    "aclmdlCreateDataset",
    "aclmdlSetDynamicBatchSize",
    "aclmdlSetDynamicHWSize",
    "aclmdlSetInputDynamicDims",
    "aclmdlSetDatasetTensorDesc",
    "aclmdlCreateAIPP",
    "aclmdlSetInputAIPP",
    "aclmdlDestroyAIPP",
    "aclmdlExecute",
    "aclmdlExecuteAsync",
    "aclrtSynchronizeStream",
    "aclmdlGetCurOutputDims",
    "aclmdlGetDatasetTensorDesc",
    "aclmdlUnload",
];

/// The watched calls of one life of a model: loaded, run once by `work`, unloaded.
fn life(om: &[u8], work: impl FnOnce(&mut ascend_rt::Session)) -> Vec<&'static str> {
    let rig = Rig::new();
    let mut session = rig.session(om);
    work(&mut session);
    drop(session);
    let mut calls = rig.calls(0);
    calls.retain(|call| WATCHED.contains(call));
    // The stream is waited for once more before it is destroyed.
    let last = calls
        .iter()
        .rposition(|call| *call == "aclrtSynchronizeStream");
    calls.remove(last.unwrap());
    calls
}

fn on_floats(shape: &'static [usize]) -> impl FnOnce(&mut ascend_rt::Session) {
    move |session| {
        run(session, &[&numbers(shape)]).unwrap();
    }
}

const LOADING: [&str; 3] = ["aclmdlLoadFromMem", "aclmdlCreateDesc", "aclmdlGetDesc"];
const DATASETS: [&str; 2] = ["aclmdlCreateDataset", "aclmdlCreateDataset"];
const QUEUED: [&str; 2] = ["aclmdlExecuteAsync", "aclrtSynchronizeStream"];
const UNLOAD: [&str; 1] = ["aclmdlUnload"];
const SHAPE: &[usize] = &[1, 3, 4, 6];

#[test]
fn a_model_of_one_shape() {
    let om = Told::shapes("x:1,3,4,6").om(&doubled("x", 4));
    let calls = life(&om, on_floats(SHAPE));
    assert_eq!(calls, [&LOADING[..], &DATASETS, &QUEUED, &UNLOAD].concat());
}

#[test]
fn models_with_gears_are_switched_before_they_run() {
    let asked = [
        "aclmdlGetDynamicBatch",
        "aclmdlGetDynamicHW",
        "aclmdlGetInputDynamicGearCount",
        "aclmdlGetInputDynamicDims",
    ];
    for (told, asked, set) in [
        (
            Told::gears("x:-1,3,4,6", Gears::batch("1,2")),
            &asked[..1],
            "aclmdlSetDynamicBatchSize",
        ),
        (
            Told::gears("x:1,3,-1,-1", Gears::image("4,6;8,8")),
            &asked[..2],
            "aclmdlSetDynamicHWSize",
        ),
        (
            Told::gears("x:-1,3,-1,6", Gears::dims("1,4;2,8")),
            &asked,
            "aclmdlSetInputDynamicDims",
        ),
    ] {
        let calls = life(&told.om(&doubled("x", 4)), on_floats(SHAPE));
        let run = [
            "aclmdlExecuteAsync",
            "aclmdlGetCurOutputDims",
            "aclrtSynchronizeStream",
        ];
        let index = ["aclmdlGetInputIndexByName"];
        let parts = [
            &LOADING[..],
            asked,
            &index,
            &DATASETS,
            &[set],
            &run,
            &UNLOAD,
        ];
        assert_eq!(calls, parts.concat(), "{set}");
    }
}

#[test]
fn free_shapes_are_told_before_and_asked_for_after_a_run() {
    // That there are no gears is clear after three questions.
    let asked = [
        "aclmdlGetDynamicBatch",
        "aclmdlGetDynamicHW",
        "aclmdlGetInputDynamicGearCount",
        "aclmdlGetInputDimsRange",
    ];
    let bounded = [
        "aclmdlSetDatasetTensorDesc",
        "aclmdlExecuteAsync",
        "aclrtSynchronizeStream",
        "aclmdlGetDatasetTensorDesc",
        "aclrtSynchronizeStream",
    ];
    let unbounded = [
        "aclmdlSetDatasetTensorDesc",
        "aclrtSynchronizeStream",
        "aclmdlExecute",
        "aclmdlGetDatasetTensorDesc",
        "aclrtSynchronizeStream",
    ];
    for (shapes, run) in [("x:1~2,3,4,6", bounded), ("x:-1,3,4,6", unbounded)] {
        let om = Told::shapes(shapes).om(&doubled("x", 4));
        let calls = life(&om, on_floats(SHAPE));
        let parts = [&LOADING[..], &asked, &DATASETS, &run, &UNLOAD];
        assert_eq!(calls, parts.concat(), "{shapes}");
    }
}

#[test]
fn parameters_of_preprocessing_are_set_before_a_run() {
    let pictures = same(DataType::F32, 3);
    let told = Told::shapes("x:1,3,4,6");
    let config = "aipp_op { aipp_mode: static input_format: RGB888_U8 }";
    let calls = life(&told.clone().aipp(config).om(&pictures), |session| {
        session.run(&[(&picture(&[1, 4, 6, 3])).into()]).unwrap();
    });
    let asked = [
        "aclmdlGetAippType",
        "aclmdlGetFirstAippInfo",
        "aclmdlGetInputDimsV2",
    ];
    let parts = [&LOADING[..], &asked, &DATASETS, &QUEUED, &UNLOAD];
    assert_eq!(calls, parts.concat());

    let config = "aipp_op { aipp_mode: dynamic max_src_image_size: 1000 }";
    let calls = life(&told.aipp(config).om(&pictures), |session| {
        let parameters = AippParameters::new(Picture::Rgb888, 4, 6);
        session.set_aipp("x", parameters).unwrap();
        session.run(&[(&picture(&[1, 4, 6, 3])).into()]).unwrap();
    });
    let asked = ["aclmdlGetAippType"; 2];
    let set = [
        "aclmdlCreateAIPP",
        "aclmdlSetInputAIPP",
        "aclmdlDestroyAIPP",
    ];
    let parts = [&LOADING[..], &asked, &DATASETS, &set, &QUEUED, &UNLOAD];
    assert_eq!(calls, parts.concat());
}
