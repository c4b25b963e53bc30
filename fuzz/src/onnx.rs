//! What a user does with an ONNX file: reads it, looks at it, has it checked, simplified, filled with weights
//! and written again.

use std::fmt::Write;
use std::hint::black_box;
use std::sync::LazyLock;

use ascend_graph::atc::{self, Finding, Target};
use ascend_graph::onnx::skeleton::{Plan, Weight};
use ascend_graph::onnx::{self, Dim, Model, TensorInfo};
use ascend_graph::{Error, Gears, InputShape};
use bytes::Bytes;

/// More bytes than this of constants that repeat a few are not looked at: a second's work is enough.
const MEMORY: u64 = 16 << 20;

/// Chips that take shapes of each run and chips that do not, and none.
const CHIPS: [&str; 4] = ["Ascend310P3", "Ascend310", "Ascend910B3", "Ascend"];

/// Reads a file and does all that can be done with it.
pub fn use_model(file: &[u8]) {
    let file = Bytes::copy_from_slice(file);
    match Model::parse(&file) {
        Ok(model) => {
            look(&model);
            check(&model, file.len() as u64);
            simplify(&model);
            fill(&model);
            write(&model);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn look(model: &Model) {
    black_box((
        model.opset(),
        model.inputs().is_ok(),
        model.outputs().is_ok(),
    ));
    let Ok(graph) = model.graph() else { return };
    black_box(onnx::nesting(graph));
    if let Ok(order) = onnx::topological_order(graph) {
        assert_eq!(order.len(), graph.node.len());
    }
    let mut left = MEMORY;
    for tensor in &graph.initializer {
        black_box((tensor.external().is_ok(), tensor.dtype().is_ok()));
        // The elements may be told by one number that repeats.
        let Some(rest) = tensor.byte_len().ok().and_then(|len| left.checked_sub(len)) else {
            continue;
        };
        left = rest;
        if let (Ok(bytes), Ok(len)) = (tensor.bytes(), tensor.byte_len()) {
            assert_eq!(bytes.len() as u64, len);
        }
    }
    for (index, node) in graph.node.iter().enumerate() {
        black_box((node.label(index), node.subgraphs().count()));
        for attribute in &node.attribute {
            black_box((attribute.value(), attribute.kind()));
        }
    }
}

fn check(model: &Model, file_bytes: u64) {
    for fault in onnx::check(model) {
        assert!(!fault.message.is_empty());
    }
    // The table of operators is read once: it takes longer than most models.
    static TARGET: LazyLock<Target> = LazyLock::new(|| Target::new("mock"));
    let mut target = TARGET.clone();
    told(atc::check_soundness(model, &target));
    target.file_bytes = Some(file_bytes);
    // One chip for each file; the next mutation has another one.
    target.soc = CHIPS[usize::try_from(file_bytes).unwrap() % CHIPS.len()].to_owned();
    for (input_shapes, gears) in asked(model) {
        (target.input_shapes, target.gears) = (input_shapes, gears);
        told(atc::check(model, &target));
    }
    let mut renamed = model.clone();
    if !atc::rename(&mut renamed).is_empty() {
        told(atc::check(&renamed, &target));
    }
}

/// What could be asked of a model: its own shapes, fixed ones, free ones, and gears of each kind.
fn asked(model: &Model) -> Vec<(Vec<InputShape>, Gears)> {
    let inputs = model.inputs().unwrap_or_default();
    let shapes = |free: &dyn Fn(usize) -> i64| {
        let shape = |info: &TensorInfo| {
            let dims = info.dims.iter().flatten().enumerate();
            let dims: Vec<i64> = dims
                .map(|(axis, dim)| {
                    dim.fixed()
                        .filter(|_| free(axis) != -1)
                        .unwrap_or(free(axis))
                })
                .collect();
            InputShape::new(Some(&info.name), &dims)
        };
        inputs.iter().take(8).map(shape).collect::<Vec<_>>()
    };
    let batch = shapes(&|axis| if axis == 0 { -1 } else { 8 });
    let image = shapes(&|axis| if axis > 1 { -1 } else { 2 });
    let pair = |gears: ascend_graph::Result<Gears>| gears.unwrap_or(Gears::None);
    vec![
        (Vec::new(), Gears::None),
        (shapes(&|_| 3), Gears::None),
        (shapes(&|_| -1), Gears::None),
        (batch, pair(Gears::batch("1,2,8"))),
        (image.clone(), pair(Gears::image("8,8;16,24"))),
        (image, pair(Gears::dims("8,8;16,24"))),
    ]
}

fn told(findings: Vec<Finding>) {
    let mut text = String::new();
    for finding in &findings {
        assert!(
            !finding.message.is_empty() && !finding.places.is_empty(),
            "{finding:?}"
        );
        text.clear();
        write!(text, "{finding:?}").unwrap();
    }
    black_box(text);
}

/// A model that was simplified has no faults that it did not have, and the same interface.
fn simplify(model: &Model) {
    let mut simple = model.clone();
    for fix in [false, true] {
        if fix && !fix_dims(&mut simple) {
            return;
        }
        let Ok(before) = simple.inputs() else { return };
        match onnx::simplify(&mut simple) {
            Ok(done) => {
                assert!(done.nodes_after <= done.nodes_before, "{done}");
                assert_eq!(onnx::check(&simple), [], "after {done}");
                assert_eq!(simple.inputs().unwrap(), before);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// Fixes what is open of the inputs; tells whether that was possible.
fn fix_dims(model: &mut Model) -> bool {
    let Ok(mut inputs) = model.inputs() else {
        return false;
    };
    let shapes: Vec<_> = inputs
        .iter()
        .map(|info| {
            let dims = info.dims.iter().flatten();
            let dims: Vec<i64> = dims.map(|dim: &Dim| dim.fixed().unwrap_or(2)).collect();
            InputShape::new(Some(&info.name), &dims)
        })
        .collect();
    let fixed = onnx::fix_inputs(&mut inputs, &shapes).is_ok();
    if fixed {
        model.set_inputs(&inputs);
    }
    fixed
}

/// Fills the model with weights as a checkpoint of its network has them, and as another one has.
fn fill(model: &Model) {
    let Ok(graph) = model.graph() else { return };
    let own = graph.initializer.iter().filter_map(|tensor| {
        Some(Weight {
            name: tensor.name.clone(),
            dtype: tensor.dtype().ok()?,
            dims: tensor.dims.clone(),
        })
    });
    let own: Vec<Weight> = own.collect();
    let other = own.iter().enumerate().filter(|(index, _)| index % 3 != 2);
    let other = other.map(|(index, weight)| Weight {
        name: format!("model.{}", weight.name),
        dims: if index % 2 == 0 {
            weight.dims.iter().rev().copied().collect()
        } else {
            weight.dims.clone()
        },
        ..weight.clone()
    });
    for weights in [own.clone(), other.collect()] {
        let plan = Plan::new(model, &weights);
        let bytes = plan
            .matches
            .iter()
            .map(|one| bytes_of(one.dtype, &one.dims));
        let bytes = bytes.fold(0_u64, |sum, one| {
            sum.saturating_add(one.unwrap_or(u64::MAX))
        });
        if bytes > MEMORY {
            continue;
        }
        let mut filled = model.clone();
        let poured = plan.pour(&mut filled, |found| {
            let len = bytes_of(found.dtype, &found.dims).unwrap_or(0);
            Ok::<_, Error>(vec![1; usize::try_from(len).unwrap()].into())
        });
        black_box(poured.is_ok());
    }
}

fn bytes_of(dtype: ascend_graph::DataType, dims: &[i64]) -> Option<u64> {
    let count = dims
        .iter()
        .try_fold(1_u64, |all, &dim| all.checked_mul(dim.try_into().ok()?))?;
    dtype.bytes_of(count)
}

/// What is written reads back the same.
fn write(model: &Model) {
    let written = model.to_rope().to_bytes();
    if let Ok(again) = Model::parse(&written) {
        assert_eq!(again.to_rope().to_bytes(), written);
    }
    if let Ok((outside, data)) = model.to_external("model.onnx.data") {
        let data = data.to_bytes();
        let mut inside = outside;
        black_box(inside.resolve_external(|_| Ok(Some(data.clone()))).is_ok());
    }
}
