//! The operators of `torch_npu`, one to a model, held against their formulas in float64.

mod boxes;
mod elements;
mod slices;

use ascend_graph::ErrorKind;
use ascend_graph::onnx::{Attribute, Builder, Dim, Node, NpuOp};

use super::*;

/// An input: its extents and elements.
struct Given {
    dims: Vec<usize>,
    elements: Vec<f64>,
    /// The type, where it is not that of the case.
    dtype: Option<DataType>,
}

/// An output of the formula.
struct Expected {
    dims: Vec<usize>,
    elements: Vec<f64>,
    dtype: Option<DataType>,
}

type Formula = Box<dyn Fn(&[Vec<f64>]) -> Vec<Expected>>;

struct Case {
    name: &'static str,
    op_type: &'static str,
    attributes: Vec<Attribute>,
    inputs: Vec<Given>,
    /// Gives the outputs from the elements of the inputs, as they are after rounding to the case's type.
    formula: Formula,
    /// The relative error that float16 may have.
    half_tolerance: f64,
}

fn floats(dims: &[usize], elements: Vec<f64>) -> Given {
    assert_eq!(dims.iter().product::<usize>(), elements.len());
    Given {
        dims: dims.to_vec(),
        elements,
        dtype: None,
    }
}

fn given(dtype: DataType, dims: &[usize], elements: Vec<f64>) -> Given {
    Given {
        dtype: Some(dtype),
        ..floats(dims, elements)
    }
}

/// What `torch_npu` writes for a tensor that is left out.
fn absent() -> Given {
    floats(&[0], Vec::new())
}

fn expected(dims: &[usize], elements: Vec<f64>) -> Expected {
    assert_eq!(dims.iter().product::<usize>(), elements.len());
    Expected {
        dims: dims.to_vec(),
        elements,
        dtype: None,
    }
}

fn typed(dtype: DataType, dims: &[usize], elements: Vec<f64>) -> Expected {
    Expected {
        dtype: Some(dtype),
        ..expected(dims, elements)
    }
}

/// Numbers between `low` and `high` without an order.
fn noise(count: usize, seed: u32, low: f64, high: f64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        low + (high - low) * f64::from(state >> 8) / f64::from(1 << 24)
    };
    (0..count).map(next).collect()
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "rounding is what the tests want"
)]
fn tensor(dtype: DataType, dims: &[usize], elements: &[f64]) -> Tensor {
    let elements = elements.iter();
    let bytes = match dtype {
        DataType::F32 => elements.flat_map(|&x| (x as f32).to_ne_bytes()).collect(),
        DataType::F16 => elements
            .flat_map(|&x| half::f16::from_f64(x).to_ne_bytes())
            .collect(),
        DataType::I64 => elements.flat_map(|&x| (x as i64).to_ne_bytes()).collect(),
        DataType::I32 => elements.flat_map(|&x| (x as i32).to_ne_bytes()).collect(),
        DataType::Bool => elements.map(|&x| u8::from(x != 0.0)).collect(),
        other => panic!("{other} is not made"),
    };
    Tensor {
        dtype,
        dims: dims.to_vec(),
        bytes,
    }
}

fn dims(dims: &[usize]) -> Vec<Dim> {
    dims.iter()
        .map(|&dim| Dim::Fixed(i64::try_from(dim).expect("small")))
        .collect()
}

impl Case {
    /// Compiles a model of this node alone and says how what it computes differs.
    fn check(&self, dtype: DataType, domain: &str) -> Result<(), String> {
        let name = format!("{} ({dtype}, domain `{domain}`)", self.name);
        let inputs: Vec<_> = self
            .inputs
            .iter()
            .map(|input| tensor(input.dtype.unwrap_or(dtype), &input.dims, &input.elements))
            .collect();
        let rounded: Vec<_> = inputs.iter().map(numbers).collect();
        let outputs = (self.formula)(&rounded);
        // What samples regions is an operator since opset 16, which `rten` does not mind.
        let opset = match (common::engine(), self.op_type) {
            (ascend_mock::Engine::OnnxRuntime(_), "NPURoiAlign") => 16,
            _ => 11,
        };
        let mut graph = Builder::new("npu", opset);
        if domain == "npu" {
            graph.import("npu", 1);
        }
        let mut names = Vec::new();
        let mut fed = Vec::new();
        for (index, input) in inputs.into_iter().enumerate() {
            let name = format!("x{index}");
            names.push(name.clone());
            if input.dims == [0] {
                graph.initializer(&name, input.dtype, &input.dims, Bytes::new());
            } else {
                graph.input(&name, input.dtype, &dims(&input.dims));
                fed.push(input);
            }
        }
        let output: Vec<_> = (0..outputs.len())
            .map(|index| format!("y{index}"))
            .collect();
        graph.push(Node {
            op_type: self.op_type.to_owned(),
            name: "node".to_owned(),
            domain: domain.to_owned(),
            input: names,
            output: output.clone(),
            attribute: self.attributes.clone(),
            ..Node::default()
        });
        for (name, output) in output.iter().zip(&outputs) {
            graph.output(name, output.dtype.unwrap_or(dtype), &dims(&output.dims));
        }
        let at = |error: &dyn std::fmt::Display| format!("{name}: {error}");
        let model = graph.build().map_err(|error| at(&error))?;
        let (file, _) = compiled(&model).map_err(|error| at(&error))?;
        let program = load(&file).map_err(|error| at(&error))?;
        let found = program.run(fed).map_err(|error| at(&error))?;
        let relative = if dtype == DataType::F16 {
            self.half_tolerance
        } else {
            2e-5
        };
        for (index, (found, output)) in found.iter().zip(&outputs).enumerate() {
            let output = tensor(
                output.dtype.unwrap_or(dtype),
                &output.dims,
                &output.elements,
            );
            let absolute = if dtype == DataType::F16 { 1e-4 } else { 1e-5 };
            let off = difference(found, &output, relative, absolute);
            if let Some(off) = off {
                return Err(at(&format_args!("output {index}: {off}")));
            }
        }
        Ok(())
    }
}

#[test]
fn first_set_follows_its_formulas() {
    let mut ran = std::collections::HashSet::new();
    let mut faults = Vec::new();
    for case in elements::cases()
        .into_iter()
        .chain(slices::cases())
        .chain(boxes::cases())
    {
        ran.insert(case.op_type);
        for dtype in [DataType::F32, DataType::F16] {
            for domain in ["npu", "", "ai.onnx"] {
                faults.extend(case.check(dtype, domain).err());
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let untested = NpuOp::all().filter(|op| op.runs_on_cpu && !ran.contains(op.name));
    assert_eq!(untested.map(|op| op.name).collect::<Vec<_>>(), [""; 0]);
}

fn one_node(op_type: &str, attributes: Vec<Attribute>) -> Model {
    let mut graph = Builder::new("npu", 11);
    graph.import("npu", 1);
    graph.input("x", DataType::F32, &dims(&[2, 8]));
    graph.push(Node {
        op_type: op_type.to_owned(),
        name: "node".to_owned(),
        domain: "npu".to_owned(),
        input: vec!["x".to_owned(), "x".to_owned()],
        output: vec!["y".to_owned()],
        attribute: attributes,
        ..Node::default()
    });
    graph.output("y", DataType::F32, &[]);
    graph.build().expect("the graph is sound")
}

#[test]
fn other_operators_are_refused_by_name() {
    let others: Vec<_> = NpuOp::all()
        .filter(|op| op.name.starts_with("NPU") && !op.runs_on_cpu)
        .collect();
    assert!(others.len() >= 46);
    for op in others {
        let error = compiled(&one_node(op.name, Vec::new())).expect_err("it must be refused");
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert_eq!(error.refusals().len(), 1, "{error}");
        assert_eq!(error.refusals()[0].op_type, op.name);
        let words = format!(
            "no CPU kernel for npu::{}, needed by node `node`; write",
            op.name
        );
        assert!(error.to_string().contains(&words), "{error}");
    }
}

#[test]
fn refusals_say_what_to_do() {
    let int = Attribute::int;
    for (op_type, attributes, expected) in [
        (
            "NPUGegLU",
            vec![],
            "no operator npu::NPUGegLU, needed by node `node`; the name is NPUGeGlu",
        ),
        (
            "NPUMagic",
            vec![],
            "no operator npu::NPUMagic, needed by node `node`; spell it as",
        ),
        (
            "NPURotaryMul",
            vec![],
            "its input 2, the sines, is left out; export the model again",
        ),
        (
            "NPURoiAlign",
            vec![],
            "its attribute `spatial_scale` is missing",
        ),
        (
            "NPURoiAlign",
            vec![int("roi_end_mode", 4)],
            "`roi_end_mode` is 4; it must be 0 to 3",
        ),
        (
            "NPUScaledMaskedSoftmax",
            vec![int("fixed_triu_mask", 1)],
            "give a mask",
        ),
        ("NPUBatchNms", vec![int("transpose_box", 1)], "leave it 0"),
        (
            "NPUBatchNms",
            vec![int("max_total_size", 1 << 40)],
            "it must be 1 to 100000",
        ),
        (
            "NPUGroupNormSilu",
            vec![],
            "its attribute `group` is missing",
        ),
        (
            "NPUSlice",
            vec![Attribute::ints("offsetss", [0])],
            "1 offsets (`offsetss`) and 0 sizes (`sizes`)",
        ),
        (
            "NPUGeluV2",
            vec![Attribute::string("approximate", "sin")],
            "neither none nor tanh",
        ),
    ] {
        let error = compiled(&one_node(op_type, attributes)).expect_err("it must be refused");
        assert!(error.to_string().contains(expected), "{error}");
    }
}
