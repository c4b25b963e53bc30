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

#[test]
fn each_kind_of_model_is_run_in_the_documented_order() {
    let static_aipp = "aipp_op { aipp_mode: static input_format: RGB888_U8 }";
    let dynamic_aipp = "aipp_op { aipp_mode: dynamic max_src_image_size: 1000 }";
    let pictures = same(DataType::F32, 3);
    let plain = doubled("x", 4);
    let loading = ["aclmdlLoadFromMem", "aclmdlCreateDesc", "aclmdlGetDesc"];
    let datasets = ["aclmdlCreateDataset", "aclmdlCreateDataset"];
    let queued = ["aclmdlExecuteAsync", "aclrtSynchronizeStream"];
    let in_gear = [
        "aclmdlExecuteAsync",
        "aclmdlGetCurOutputDims",
        "aclrtSynchronizeStream",
    ];

    let calls = life(
        &Told::shapes("x:1,3,4,6").om(&plain),
        on_floats(&[1, 3, 4, 6]),
    );
    assert_eq!(
        calls,
        [&loading[..], &datasets, &queued, &["aclmdlUnload"]].concat()
    );

    for (told, asked, set) in [
        (
            Told::gears("x:-1,3,4,6", Gears::batch("1,2")),
            &["aclmdlGetDynamicBatch"][..],
            "aclmdlSetDynamicBatchSize",
        ),
        (
            Told::gears("x:1,3,-1,-1", Gears::image("4,6;8,8")),
            &["aclmdlGetDynamicBatch", "aclmdlGetDynamicHW"],
            "aclmdlSetDynamicHWSize",
        ),
        (
            Told::gears("x:-1,3,-1,6", Gears::dims("1,4;2,8")),
            &[
                "aclmdlGetDynamicBatch",
                "aclmdlGetDynamicHW",
                "aclmdlGetInputDynamicGearCount",
                "aclmdlGetInputDynamicDims",
            ],
            "aclmdlSetInputDynamicDims",
        ),
    ] {
        let calls = life(&told.om(&plain), on_floats(&[1, 3, 4, 6]));
        let index = ["aclmdlGetInputIndexByName"];
        let parts = [
            &loading[..],
            asked,
            &index,
            &datasets,
            &[set],
            &in_gear,
            &["aclmdlUnload"],
        ];
        assert_eq!(calls, parts.concat(), "{set}");
    }

    // No gears are found before it is clear that the shapes vary freely.
    let free = [
        "aclmdlGetDynamicBatch",
        "aclmdlGetDynamicHW",
        "aclmdlGetInputDynamicGearCount",
        "aclmdlGetInputDimsRange",
    ];
    let calls = life(
        &Told::shapes("x:1~2,3,4,6").om(&plain),
        on_floats(&[1, 3, 4, 6]),
    );
    let bounded = [
        "aclmdlSetDatasetTensorDesc",
        "aclmdlExecuteAsync",
        "aclrtSynchronizeStream",
        "aclmdlGetDatasetTensorDesc",
        "aclrtSynchronizeStream",
    ];
    let unload = ["aclmdlUnload"];
    assert_eq!(
        calls,
        [&loading[..], &free, &datasets, &bounded, &unload].concat()
    );
    let calls = life(
        &Told::shapes("x:-1,3,4,6").om(&plain),
        on_floats(&[1, 3, 4, 6]),
    );
    let unbounded = [
        "aclmdlSetDatasetTensorDesc",
        "aclrtSynchronizeStream",
        "aclmdlExecute",
        "aclmdlGetDatasetTensorDesc",
        "aclrtSynchronizeStream",
    ];
    assert_eq!(
        calls,
        [&loading[..], &free, &datasets, &unbounded, &unload].concat()
    );

    let om = Told::shapes("x:1,3,4,6").aipp(static_aipp).om(&pictures);
    let calls = life(&om, |session| {
        session.run(&[(&picture(&[1, 4, 6, 3])).into()]).unwrap();
    });
    let asked = [
        "aclmdlGetAippType",
        "aclmdlGetFirstAippInfo",
        "aclmdlGetInputDimsV2",
    ];
    assert_eq!(
        calls,
        [&loading[..], &asked, &datasets, &queued, &unload].concat()
    );

    let om = Told::shapes("x:1,3,4,6").aipp(dynamic_aipp).om(&pictures);
    let calls = life(&om, |session| {
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
    assert_eq!(
        calls,
        [&loading[..], &asked, &datasets, &set, &queued, &unload].concat()
    );
}
