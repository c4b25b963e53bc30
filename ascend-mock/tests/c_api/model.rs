//! Loading models and asking about them.

use std::ffi::{CStr, CString, c_char};
use std::fs;
use std::mem::MaybeUninit;
use std::ptr;

use ascend_graph::DataType;
use ascend_graph::onnx::Builder;
use ascend_mock::{Kind, MockConfig, SOC_NAME};
use ascend_sys::{aclDataType, aclError, aclFormat, aclmdlDesc, aclmdlIODims};
use bytes::Bytes;

use crate::common::compiled::Told;
use crate::common::models::{BYTES, dynamic, fixed, fixed_for, real};
use crate::common::{NULL, Rig, Shared};

fn load(rig: &Rig, model: &[u8]) -> aclError {
    let mut id = 0;
    acl!(rig.aclmdlLoadFromMem(model.as_ptr().cast(), model.len(), &raw mut id))
}

fn text(address: *const c_char) -> String {
    // SAFETY: the device gives texts that end with a zero byte.
    unsafe { CStr::from_ptr(address) }
        .to_str()
        .unwrap()
        .to_owned()
}

/// The shape that a function of this form tells.
macro_rules! dims {
    ($rig:ident.$symbol:ident($desc:expr, $index:expr)) => {{
        let mut dims = MaybeUninit::<aclmdlIODims>::zeroed();
        let code = acl!($rig.$symbol($desc, $index, dims.as_mut_ptr()));
        // SAFETY: zeros are a value of it.
        let dims = unsafe { dims.assume_init() };
        match code {
            0 => Ok((
                text(dims.name.as_ptr()),
                dims.dims[..dims.dimCount].to_vec(),
            )),
            code => Err(code),
        }
    }};
}

/// S
#[test]
fn r_228_load_from_file() {
    let rig = Rig::new();
    let mut id = 0;
    let path = std::env::temp_dir().join(format!("ascend-mock-{}.om", std::process::id()));
    let c_path = CString::new(path.to_str().unwrap()).unwrap();
    assert_eq!(
        acl!(rig.aclmdlLoadFromFile(ptr::null(), &raw mut id)),
        100_000
    );
    assert_eq!(
        acl!(rig.aclmdlLoadFromFile(c_path.as_ptr(), ptr::null_mut())),
        100_000
    );
    assert_eq!(
        acl!(rig.aclmdlLoadFromFile(c_path.as_ptr(), &raw mut id)),
        145_002
    );
    fs::write(&path, b"").unwrap();
    assert_eq!(
        acl!(rig.aclmdlLoadFromFile(c_path.as_ptr(), &raw mut id)),
        145_002
    );
    fs::write(&path, fixed()).unwrap();
    assert_eq!(
        acl!(rig.aclmdlLoadFromFile(c_path.as_ptr(), &raw mut id)),
        0
    );
    assert!(id > 0);
    // R-237 and the description, from the file too.
    let (mut work, mut weights) = (0, 0);
    let code = acl!(rig.aclmdlQuerySize(c_path.as_ptr(), &raw mut work, &raw mut weights));
    assert_eq!((code, work), (0, 4096));
    assert!(weights >= BYTES);
    let desc = acl!(rig.aclmdlCreateDesc());
    assert_eq!(acl!(rig.aclmdlGetDescFromFile(desc, c_path.as_ptr())), 0);
    assert_eq!(acl!(rig.aclmdlGetNumInputs(desc)), 1);
    fs::remove_file(&path).unwrap();
    assert_eq!(
        acl!(rig.aclmdlGetDescFromFile(desc, c_path.as_ptr())),
        145_002
    );
}

/// S
#[test]
fn r_229_damaged_models_are_refused() {
    let rig = Rig::new();
    let model = fixed();
    assert_eq!(load(&rig, &[]), 100_000);
    assert_eq!(load(&rig, b"IMOD"), 145_006);
    assert_eq!(load(&rig, &[7; 4096]), 145_006);
    for len in [300, model.len() / 2, model.len() - 1] {
        assert_eq!(load(&rig, &model[..len]), 545_002, "{len} bytes");
    }
    assert!(rig.message().unwrap().contains("aclmdlLoadFromMem"));
    assert_eq!(rig.lease.ledger().count(Kind::Model), 0);
}

/// S
#[test]
fn r_231_loading_takes_init_and_a_context() {
    let rig = Rig::bare(MockConfig::default());
    assert_eq!(load(&rig, &fixed()), 145_001);
    assert_eq!(acl!(rig.aclInit(ptr::null())), 0);
    assert_eq!(load(&rig, &fixed()), 107_002);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    assert_eq!(load(&rig, &fixed()), 0);
}

/// SD
#[test]
fn r_232_a_model_takes_device_memory() {
    let rig = Rig::with(MockConfig::default().memory_bytes(6000));
    let id = rig.load(&fixed());
    assert_eq!(load(&rig, &fixed()), 207_001);
    assert_eq!(acl!(rig.aclmdlUnload(id)), 0);
    assert_eq!(load(&rig, &fixed()), 0);
}

/// S
#[test]
fn r_237_query_size_needs_no_device() {
    let rig = Rig::bare(MockConfig::default());
    let (mut work, mut weights) = (0, 0);
    let mut query = |model: &[u8]| {
        let (start, len) = (model.as_ptr().cast(), model.len());
        acl!(rig.aclmdlQuerySizeFromMem(start, len, &raw mut work, &raw mut weights))
    };
    assert_eq!(query(&fixed()), 0);
    assert_eq!(query(&[]), 100_000);
    assert_eq!(work, 4096);
    let code = acl!(rig.aclmdlQuerySize(c"no/such.om".as_ptr(), &raw mut work, &raw mut weights));
    assert_eq!(code, 145_002);
}

/// S
#[test]
fn r_238_unload_once() {
    let rig = Rig::new();
    let id = rig.load(&fixed());
    assert_eq!(acl!(rig.aclmdlUnload(id + 1)), 145_003);
    assert_eq!(acl!(rig.aclmdlUnload(id)), 0);
    assert_eq!(acl!(rig.aclmdlUnload(id)), 145_003);
    assert_ne!(rig.load(&fixed()), id, "numbers are not given out twice");
}

/// D
#[test]
fn r_239_unload_takes_the_context_of_the_load() {
    let rig = Rig::new();
    let id = rig.load(&fixed());
    assert_eq!(rig.elsewhere(|rig| acl!(rig.aclmdlUnload(id))), 107_002);
    let other = made!(rig.aclrtCreateContext(0));
    assert_eq!(acl!(rig.aclmdlUnload(id)), 107_004);
    // a context takes its models along.
    let gone = rig.load(&fixed());
    assert_eq!(acl!(rig.aclrtDestroyContext(other)), 0);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    assert_eq!(acl!(rig.aclmdlUnload(gone)), 145_003);
    assert_eq!(acl!(rig.aclmdlUnload(id)), 0);
}

/// S
#[test]
fn r_240_r_241_descriptions() {
    let rig = Rig::bare(MockConfig::default());
    let desc = acl!(rig.aclmdlCreateDesc());
    assert!(!desc.is_null(), "no device is needed");
    assert_eq!(acl!(rig.aclmdlGetDesc(desc, 1)), 145_003);
    assert_eq!(acl!(rig.aclmdlGetDesc(ptr::null_mut(), 1)), 100_000);
    assert_eq!(acl!(rig.aclmdlDestroyDesc(ptr::null_mut())), 100_000);
    assert_eq!(acl!(rig.aclmdlDestroyDesc(desc)), 0);
    assert_eq!(acl!(rig.aclmdlDestroyDesc(desc)), 107_017);
    assert_eq!(acl!(rig.aclmdlGetNumInputs(desc)), 0);
    assert!(rig.lease.ledger().is_empty());
}

/// S
#[test]
fn r_242_a_description_outlives_its_model() {
    let rig = Rig::new();
    let id = rig.load(&fixed());
    let desc = rig.describe(id);
    assert_eq!(dims!(rig.aclmdlGetCurOutputDims(desc, 0)).unwrap().1, [64]);
    assert_eq!(acl!(rig.aclmdlUnload(id)), 0);
    assert_eq!(acl!(rig.aclmdlGetNumOutputs(desc)), 1);
    assert_eq!(text(acl!(rig.aclmdlGetInputNameByIndex(desc, 0))), "x");
    assert_eq!(dims!(rig.aclmdlGetCurOutputDims(desc, 0)), Err(145_003));
}

/// SD
#[test]
fn r_243_r_245_facts_by_index_and_out_of_range() {
    let rig = Rig::new();
    let desc = rig.describe(rig.load(&fixed()));
    assert_eq!(acl!(rig.aclmdlGetInputSizeByIndex(desc, 0)), BYTES);
    assert_eq!(acl!(rig.aclmdlGetOutputSizeByIndex(desc, 0)), BYTES);
    assert_eq!(
        acl!(rig.aclmdlGetInputDataType(desc, 0)),
        aclDataType::ACL_FLOAT
    );
    assert_eq!(
        acl!(rig.aclmdlGetOutputFormat(desc, 0)),
        aclFormat::ACL_FORMAT_ND
    );
    assert!(text(acl!(rig.aclmdlGetOutputNameByIndex(desc, 0))).ends_with(":0:y"));
    assert_eq!(acl!(rig.aclmdlGetInputSizeByIndex(desc, 1)), 0);
    assert_eq!(acl!(rig.aclmdlGetOutputSizeByIndex(desc, 1)), 0);
    assert_eq!(
        acl!(rig.aclmdlGetInputDataType(desc, 1)),
        aclDataType::ACL_DT_UNDEFINED
    );
    assert_eq!(
        acl!(rig.aclmdlGetOutputDataType(desc, 1)),
        aclDataType::ACL_DT_UNDEFINED
    );
    assert_eq!(
        acl!(rig.aclmdlGetInputFormat(desc, 1)),
        aclFormat::ACL_FORMAT_UNDEFINED
    );
    assert_eq!(text(acl!(rig.aclmdlGetInputNameByIndex(desc, 1))), "");
    assert_eq!(acl!(rig.aclmdlGetNumInputs(ptr::null_mut())), 0);
    // Shapes that are free have no size beforehand.
    let desc = rig.describe(rig.load(&dynamic()));
    assert_eq!(acl!(rig.aclmdlGetInputSizeByIndex(desc, 0)), 0);
}

/// S
#[test]
fn r_244_dims() {
    let rig = Rig::new();
    let fixed = rig.describe(rig.load(&fixed()));
    let dynamic = rig.describe(rig.load(&dynamic()));
    let x = |dims: &[i64]| Ok(("x".to_owned(), dims.to_vec()));
    assert_eq!(dims!(rig.aclmdlGetInputDims(fixed, 0)), x(&[64]));
    assert_eq!(dims!(rig.aclmdlGetInputDimsV2(fixed, 0)), x(&[64]));
    assert_eq!(dims!(rig.aclmdlGetInputDims(dynamic, 0)), x(&[-1, 3]));
    assert_eq!(
        dims!(rig.aclmdlGetOutputDims(dynamic, 0)).unwrap().1,
        [-1, 3]
    );
    assert_eq!(dims!(rig.aclmdlGetInputDims(fixed, 1)), Err(100_000));
    assert_eq!(dims!(rig.aclmdlGetOutputDims(fixed, 1)), Err(100_000));
    assert_eq!(
        acl!(rig.aclmdlGetInputDims(fixed, 0, ptr::null_mut())),
        100_000
    );
    //
    assert_eq!(dims!(rig.aclmdlGetCurOutputDims(dynamic, 0)), Err(200_001));
}

/// S
#[test]
fn r_246_index_by_name() {
    let rig = Rig::new();
    let desc = rig.describe(rig.load(&fixed()));
    let input = |name: &CStr| {
        let mut index = 9;
        let code = acl!(rig.aclmdlGetInputIndexByName(desc, name.as_ptr(), &raw mut index));
        (code, index)
    };
    assert_eq!(input(c"x"), (0, 0));
    assert_eq!(input(c"ascend_mbatch_shape_data").0, 100_000);
    let name = acl!(rig.aclmdlGetOutputNameByIndex(desc, 0));
    let mut index = 9;
    assert_eq!(
        acl!(rig.aclmdlGetOutputIndexByName(desc, name, &raw mut index)),
        0
    );
    assert_eq!(index, 0);
}

/// SD
#[test]
fn r_247_real_names() {
    let rig = Rig::new();
    let desc = rig.describe(rig.load(&fixed()));
    let real = |name: &CStr| text(acl!(rig.aclmdlGetTensorRealName(desc, name.as_ptr())));
    assert_eq!(real(c"x"), "x");
    assert_eq!(real(c"nothing"), "");
    // C's field holds 127 bytes of a name.
    for len in [127, 128] {
        let long = "n".repeat(len);
        let id = rig.load(&renamed(&long));
        let desc = rig.describe(id);
        let made = format!("acl_modelId_{id}_input_0");
        let told = dims!(rig.aclmdlGetInputDims(desc, 0)).unwrap().0;
        assert_eq!(told, if len == 127 { long.clone() } else { made });
        let told = CString::new(told).unwrap();
        let real = text(acl!(rig.aclmdlGetTensorRealName(desc, told.as_ptr())));
        assert_eq!(real, long);
        assert_eq!(text(acl!(rig.aclmdlGetInputNameByIndex(desc, 0))), long);
    }
}

/// A model with an input of this name.
fn renamed(name: &str) -> Bytes {
    let mut graph = Builder::new("renamed", 13);
    let input = graph.input(name, DataType::F32, &[1.into()]);
    graph.node_to("Relu", "relu", &[&input], &["y"], []);
    graph.output("y", DataType::F32, &[1.into()]);
    Told::default().file(&graph.build().unwrap())
}

/// S
#[test]
fn r_248_models_without_gears_have_none() {
    let rig = Rig::new();
    let desc = rig.describe(rig.load(&fixed()));
    let mut batch = ascend_sys::aclmdlBatch {
        batchCount: 9,
        batch: [0; 128],
    };
    assert_eq!(acl!(rig.aclmdlGetDynamicBatch(desc, &raw mut batch)), 0);
    let mut sizes = ascend_sys::aclmdlHW {
        hwCount: 9,
        hw: [[0; 2]; 128],
    };
    assert_eq!(
        acl!(rig.aclmdlGetDynamicHW(desc, usize::MAX, &raw mut sizes)),
        0
    );
    let mut gears = 9;
    let code = acl!(rig.aclmdlGetInputDynamicGearCount(desc, usize::MAX, &raw mut gears));
    assert_eq!((code, batch.batchCount, sizes.hwCount, gears), (0, 0, 0, 0));
    let code = acl!(rig.aclmdlGetInputDynamicGearCount(desc, 0, &raw mut gears));
    assert_eq!(code, 100_000);
}

#[test]
fn a_description_is_not_another_handle() {
    let rig = Rig::new();
    let desc = rig.describe(rig.load(&fixed()));
    let dataset = acl!(rig.aclmdlCreateDataset());
    assert_eq!(
        acl!(rig.aclmdlGetNumInputs(dataset.cast::<aclmdlDesc>())),
        0
    );
    assert!(rig.message().unwrap().contains("EE1017"));
    assert_eq!(acl!(rig.aclmdlDestroyDataset(desc.cast())), 107_017);
    let desc = Shared(desc.cast());
    let inputs = rig.elsewhere(|rig| acl!(rig.aclmdlGetNumInputs(desc.raw().cast())));
    assert_eq!(inputs, 1, "any thread may ask");
}

#[test]
fn a_program_of_another_version_is_refused() {
    let rig = Rig::new();
    assert_eq!(load(&rig, &fixed_for(SOC_NAME, "0")), 545_001);
    assert!(rig.message().unwrap().contains("compile the model anew"));
}

/// A file for a chip loads and tells about itself. R-230 refuses it on hardware (500002).
#[test]
fn a_file_for_a_chip_answers_queries() {
    let rig = Rig::new();
    let desc = rig.describe(rig.load(&fixed_for("Ascend310P3", "1")));
    assert_eq!(acl!(rig.aclmdlGetNumOutputs(desc)), 1);
    let Some((path, file)) = real() else { return };
    let mut id = 0;
    assert_eq!(
        acl!(rig.aclmdlLoadFromFile(path.as_ptr(), &raw mut id)),
        0,
        "{:?}",
        rig.message()
    );
    let from_file = rig.describe(id);
    let from_memory = acl!(rig.aclmdlCreateDesc());
    let (start, len) = (file.as_ptr().cast(), file.len());
    assert_eq!(acl!(rig.aclmdlGetDescFromMem(from_memory, start, len)), 0);
    let inputs = acl!(rig.aclmdlGetNumInputs(from_file));
    assert_eq!(acl!(rig.aclmdlGetNumInputs(from_memory)), inputs);
    for index in 0..inputs {
        let name = text(acl!(rig.aclmdlGetInputNameByIndex(from_file, index)));
        assert_eq!(
            dims!(rig.aclmdlGetInputDims(from_memory, index)).unwrap().0,
            name
        );
    }
    assert_ne!(acl!(rig.aclmdlGetNumOutputs(from_file)), 0);
    assert_eq!(acl!(rig.aclmdlDestroyDesc(NULL.cast())), 100_000);
}
