//! Which operator of a model a failed task was.

use std::ffi::{CStr, c_char};
use std::ptr;

use ascend_graph::DataType;
use ascend_graph::onnx::{Builder, Model};
use ascend_mock::{Effect, Injection, MockConfig};
use ascend_sys::{aclDataType, aclTensorDesc};

use crate::common::compiled::{Told, numbers};
use crate::common::models::bytes;
use crate::common::{NULL, Rig};

/// What is told of an operator: its name, and the row of its inputs with their number.
struct Operator {
    code: i32,
    name: String,
    inputs: (*mut aclTensorDesc, usize),
    outputs: (*mut aclTensorDesc, usize),
}

fn ask(rig: &Rig, task: u32, room: usize) -> Operator {
    let mut stream = -1;
    assert_eq!(acl!(rig.aclrtStreamGetId(NULL, &raw mut stream)), 0);
    let stream = stream.cast_unsigned();
    let mut name: [c_char; 64] = [0; 64];
    let (mut inputs, mut outputs) = ((ptr::null_mut(), 0), (ptr::null_mut(), 0));
    let code = acl!(rig.aclmdlCreateAndGetOpDesc(
        0,
        stream,
        task,
        name.as_mut_ptr(),
        room,
        &raw mut inputs.0,
        &raw mut inputs.1,
        &raw mut outputs.0,
        &raw mut outputs.1,
    ));
    // SAFETY: the array ends with a zero byte, for less than all of it is ever offered.
    let name = unsafe { CStr::from_ptr(name.as_ptr()) };
    Operator {
        code,
        name: name.to_string_lossy().into_owned(),
        inputs,
        outputs,
    }
}

/// `y` is the row of `x` that `row` names.
fn picking() -> Model {
    let mut graph = Builder::new("picking", 13);
    let x = graph.input("x", DataType::F32, &[4.into(), 3.into()]);
    let row = graph.input("row", DataType::I64, &[1.into()]);
    graph.node_to("Gather", "pick", &[&x, &row], &["y"], []);
    graph.output("y", DataType::F32, &[1.into(), 3.into()]);
    graph.build().unwrap()
}

/// Runs the model on a row, and gives the code of the wait and the number of the task.
fn run(rig: &Rig, row: i64) -> (i32, u32) {
    let id = rig.load(&Told::default().file(&picking()));
    let desc = rig.describe(id);
    let (inputs, outputs) = (rig.inputs(desc), rig.outputs(desc));
    rig.put(inputs, 0, &bytes(&numbers(12)));
    rig.put(inputs, 1, &row.to_le_bytes());
    assert_eq!(acl!(rig.aclmdlExecuteAsync(id, inputs, outputs, NULL)), 0);
    let mut task = 0;
    assert_eq!(acl!(rig.aclrtGetThreadLastTaskId(&raw mut task)), 0);
    (rig.synchronize(NULL), task)
}

#[test]
fn the_node_that_cannot_be_computed_is_told_with_its_tensors() {
    let rig = Rig::new();
    let (code, fine) = run(&rig, 2);
    assert_eq!(code, 0);
    assert_eq!(ask(&rig, fine, 64).code, 500_002);
    let (code, task) = run(&rig, 9);
    assert_eq!(code, 507_011);
    let told = ask(&rig, task, 64);
    assert_eq!((told.code, &*told.name), (0, "pick"));
    assert_eq!((told.inputs.1, told.outputs.1), (2, 1));
    let nth = |index| acl!(rig.aclGetTensorDescByIndex(told.inputs.0, index));
    for (index, (kind, dims)) in [
        (aclDataType::ACL_FLOAT, &[4, 3][..]),
        (aclDataType::ACL_INT64, &[1]),
    ]
    .into_iter()
    .enumerate()
    {
        let desc = nth(index);
        assert_eq!(acl!(rig.aclGetTensorDescType(desc)), kind);
        assert_eq!(acl!(rig.aclGetTensorDescNumDims(desc)), dims.len());
        for (axis, expected) in dims.iter().enumerate() {
            let mut dim = 0_i64;
            assert_eq!(acl!(rig.aclGetTensorDescDimV2(desc, axis, &raw mut dim)), 0);
            assert_eq!(dim, *expected);
        }
    }
    assert!(nth(2).is_null());
    // The first takes the others with it, and these go with no one else.
    let second = nth(1);
    rig.message();
    acl!(rig.aclDestroyTensorDesc(second));
    assert!(rig.message().unwrap().contains("row"));
    acl!(rig.aclDestroyTensorDesc(told.inputs.0));
    assert!(rig.message().is_none());
    acl!(rig.aclGetTensorDescType(second));
    assert!(rig.message().is_some(), "it went with the first");
    acl!(rig.aclDestroyTensorDesc(told.outputs.0));
    assert_eq!(
        ask(&rig, task, 4).code,
        100_000,
        "there is no room for the name"
    );
    assert_eq!(ask(&rig, task + 100, 64).code, 500_002);
}

#[test]
fn an_injected_failure_is_of_the_operator_that_it_names() {
    let fault = Injection::new("aclmdlExecuteAsync", Effect::Task(507_015)).operator("layer/conv");
    let rig = Rig::with(MockConfig::default().inject(fault));
    let (code, task) = run(&rig, 2);
    assert_eq!(code, 507_015);
    let told = ask(&rig, task, 64);
    assert_eq!((told.code, &*told.name), (0, "layer/conv"));
    assert_eq!((told.inputs.1, told.outputs.1), (0, 0));
    let toml = "[[fault]]\nfunction = \"aclmdlExecuteAsync\"\ncode = 507015\noperator = \"x\"";
    let error = MockConfig::from_toml(toml).unwrap_err().to_string();
    assert!(error.contains("give `task` beside `operator`"), "{error}");
}
