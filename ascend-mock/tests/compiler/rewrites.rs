//! Cases in which the engine by itself would be wrong, or would refuse what ONNX allows.

use ascend_graph::onnx::{Attribute, Builder, Graph, Node, ValueInfo};

use super::*;

/// A graph of one node that reads `inputs` (and the constants that follow them) and gives `output`.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) opset: i64,
    pub(super) op_type: &'static str,
    pub(super) attributes: Vec<Attribute>,
    pub(super) inputs: Vec<Tensor>,
    pub(super) constants: Vec<Tensor>,
    pub(super) output: Tensor,
}

impl Case {
    fn model(&self) -> Model {
        let mut graph = Builder::new(self.name, self.opset);
        let mut names = Vec::new();
        for (index, input) in self.inputs.iter().enumerate() {
            let dims: Vec<_> = input
                .dims
                .iter()
                .map(|&dim| i64::try_from(dim).expect("small").into())
                .collect();
            names.push(graph.input(&format!("x{index}"), input.dtype, &dims));
        }
        for (index, constant) in self.constants.iter().enumerate() {
            let name = format!("c{index}");
            names.push(graph.initializer(
                &name,
                constant.dtype,
                &constant.dims,
                constant.bytes.clone().into(),
            ));
        }
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        graph.node_to(
            self.op_type,
            "node",
            &names,
            &["y"],
            self.attributes.clone(),
        );
        graph.output(
            "y",
            self.output.dtype,
            &vec![ascend_graph::onnx::Dim::Unknown; self.output.dims.len()],
        );
        graph.build().expect("the graph is sound")
    }
}

#[test]
fn give_what_onnx_says() {
    for case in [
        element_cases(),
        window_cases(),
        lacking::cases(),
        lacking::recurrent_cases(),
    ]
    .into_iter()
    .flatten()
    {
        let name = case.name;
        let (file, summary) =
            compiled(&case.model()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let dims = summary.outputs[0].dims.iter().flatten();
        let told: Vec<_> = dims.map(|dim| dim.fixed()?.try_into().ok()).collect();
        assert_eq!(told.len(), case.output.dims.len(), "{name}");
        let known = told.iter().zip(&case.output.dims);
        assert!(
            known
                .clone()
                .all(|(told, dim)| told.is_none_or(|told: usize| told == *dim)),
            "{name}: {told:?}"
        );
        // Only how many boxes are kept depends on the elements.
        let is_open = case.op_type == "NonMaxSuppression";
        assert!(
            is_open || told.iter().all(Option::is_some),
            "{name}: {told:?}"
        );
        let program = load(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
        let outputs = program
            .run(case.inputs)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            difference(&outputs[0], &case.output, 1e-5, 1e-6),
            None,
            "{name}"
        );
    }
}

pub(super) fn case(name: &'static str, opset: i64, op_type: &'static str) -> Case {
    Case {
        name,
        opset,
        op_type,
        attributes: Vec::new(),
        inputs: Vec::new(),
        constants: Vec::new(),
        output: f32s(&[], []),
    }
}

fn element_cases() -> Vec<Case> {
    let ties = || vec![f32s(&[2, 4], [1., 7., 7., 0., 3., 3., 3., 3.])];
    vec![
        Case {
            attributes: vec![Attribute::int("axis", 1), Attribute::int("keepdims", 0)],
            inputs: ties(),
            output: i64s(&[2], [1, 0]),
            ..case("first of equal elements", 11, "ArgMax")
        },
        Case {
            attributes: vec![
                Attribute::int("axis", -1),
                Attribute::int("select_last_index", 1),
            ],
            inputs: ties(),
            output: i64s(&[2, 1], [2, 3]),
            ..case("last of equal elements", 13, "ArgMax")
        },
        Case {
            attributes: vec![Attribute::int("axis", 0)],
            inputs: ties(),
            output: i64s(&[1, 4], [0, 1, 1, 0]),
            ..case("first of equal small elements", 13, "ArgMin")
        },
        Case {
            inputs: vec![f32s(&[1, 2, 2], [0.; 4])],
            output: f32s(&[1, 2, 2], [0.25; 4]),
            ..case("axes from 1 on count as one", 11, "Softmax")
        },
        Case {
            inputs: vec![f32s(&[1, 2, 2], [0.; 4])],
            output: f32s(&[1, 2, 2], [0.5; 4]),
            ..case("the last axis alone", 13, "Softmax")
        },
        Case {
            inputs: vec![f32s(&[2, 2, 2], (0..8_u8).map(f32::from))],
            constants: vec![f32s(&[2], [1., 10.])],
            output: f32s(&[2, 2], [10., 32., 54., 76.]),
            ..case("matrices by a vector", 11, "MatMul")
        },
        Case {
            attributes: vec![Attribute::int("to", 9)],
            inputs: vec![f32s(&[4], [0., 0.5, -3., -0.])],
            output: bools(&[4], &[false, true, true, false]),
            ..case("what is not zero is true", 13, "Cast")
        },
        Case {
            inputs: vec![f32s(&[4], [0., 0.5, -3., f32::NEG_INFINITY])],
            output: f32s(&[4], [0., 1., -1., -1.]),
            ..case("the sign of zero is zero", 13, "Sign")
        },
        Case {
            inputs: vec![f32s(&[2], [1., 2.])],
            output: f32s(&[2], [1., 2.]),
            ..case("nothing is dropped", 11, "Dropout")
        },
        Case {
            inputs: vec![f32s(&[2], [3., -2.])],
            constants: vec![i64s(&[], [2])],
            output: f32s(&[2], [9., 4.]),
            ..case("a whole exponent", 13, "Pow")
        },
    ]
}

fn window_cases() -> Vec<Case> {
    let image = || vec![f32s(&[1, 1, 1, 4], [1., 2., 3., 4.])];
    let window = || vec![Attribute::ints("kernel_shape", [1, 2])];
    vec![
        Case {
            attributes: window(),
            inputs: image(),
            output: f32s(&[1, 1, 1, 3], [1.5, 2.5, 3.5]),
            ..case("strides that are left out", 11, "AveragePool")
        },
        Case {
            attributes: [
                window(),
                vec![
                    Attribute::ints("strides", [1, 3]),
                    Attribute::string("auto_pad", "SAME_LOWER"),
                ],
            ]
            .concat(),
            inputs: image(),
            output: f32s(&[1, 1, 1, 2], [1., 4.]),
            ..case("padding at the lower end", 11, "MaxPool")
        },
        Case {
            inputs: image(),
            constants: vec![f32s(&[1, 1, 1, 2], [1., 10.])],
            output: f32s(&[1, 1, 1, 3], [21., 32., 43.]),
            ..case("a kernel without its shape", 11, "Conv")
        },
        Case {
            attributes: vec![Attribute::string("mode", "nearest")],
            inputs: vec![f32s(&[1, 1, 1, 2], [1., 2.])],
            constants: vec![f32s(&[4], [1., 1., 2., 2.])],
            output: f32s(&[1, 1, 2, 4], [1., 1., 2., 2., 1., 1., 2., 2.]),
            ..case("the first form of Resize", 10, "Resize")
        },
    ]
}

#[test]
fn graphs_inside_of_nodes_are_rewritten_too() {
    let unknown = |rank: usize| vec![ascend_graph::onnx::Dim::Unknown; rank];
    // The first branch multiplies by a vector, of which nothing is known there, the second gives `x`.
    let branch = |name: &str, nodes: &[(&str, &[&str], &str)]| {
        let node = |&(op_type, inputs, output): &(&str, &[&str], &str)| Node {
            op_type: op_type.to_owned(),
            input: inputs.iter().map(|&input| input.to_owned()).collect(),
            output: vec![output.to_owned()],
            ..Node::default()
        };
        let output = nodes.last().expect("a node").2;
        Graph {
            name: name.to_owned(),
            node: nodes.iter().map(node).collect(),
            output: vec![ValueInfo::tensor(output, DataType::F32, None)],
            ..Graph::default()
        }
    };
    let mut graph = Builder::new("branches", 13);
    let which = graph.input("which", DataType::Bool, &[]);
    graph.input("x", DataType::F32, &[2.into(), 2.into(), 2.into()]);
    graph.input("v", DataType::F32, &[2.into()]);
    let first: &[(&str, &[&str], &str)] = &[
        ("Neg", &["v"], "a"),
        ("MatMul", &["x", "a"], "b"),
        ("Sign", &["b"], "c"),
    ];
    let second: &[(&str, &[&str], &str)] = &[("Mish", &["v"], "d"), ("Identity", &["d"], "e")];
    graph.node_to(
        "If",
        "branch",
        &[&which],
        &["y"],
        [
            Attribute::graph("then_branch", branch("then", first)),
            Attribute::graph("else_branch", branch("else", second)),
        ],
    );
    graph.output("y", DataType::F32, &unknown(2));
    let (file, summary) =
        compiled(&graph.build().expect("the graph is sound")).expect("it compiles");
    assert_eq!(summary.nodes, 1);
    let program = load(&file).expect("it loads");
    let run = |which: bool| {
        let x = f32s(&[2, 2, 2], [1., -1., 0., 0., 1., 2., 3., -3.]);
        let inputs = vec![bools(&[], &[which]), x, f32s(&[2], [1., 1.])];
        program.run(inputs).expect("it runs").remove(0)
    };
    assert_eq!(run(true), f32s(&[2, 2], [0., 0., -1., 0.]));
    let mish = f32s(&[2], [0.865_098_4; 2]);
    assert_eq!(difference(&run(false), &mish, 1e-5, 0.0), None);
}

#[test]
fn numbers_beyond_32_bits_are_an_error() {
    let same = Case {
        name: "same",
        opset: 13,
        op_type: "Identity",
        attributes: Vec::new(),
        inputs: vec![i64s(&[2], [0, 0])],
        constants: Vec::new(),
        output: i64s(&[2], [0, 0]),
    };
    let (file, _) = compiled(&same.model()).expect("it compiles");
    let program = load(&file).expect("it loads");
    let run = |element| program.run(vec![i64s(&[2], [1, element])]);
    assert_eq!(
        run(i32::MIN.into()).expect("it fits")[0],
        i64s(&[2], [1, i32::MIN.into()])
    );
    let message = run(1 << 31).expect_err("it does not fit").to_string();
    assert!(
        message.starts_with("input `x0`: element 1 is 2147483648, but"),
        "{message}"
    );
}

#[test]
fn inputs_are_checked() {
    let case = &element_cases()[0];
    let (file, _) = compiled(&case.model()).expect("it compiles");
    let program = load(&file).expect("it loads");
    let short = Tensor {
        bytes: vec![0; 31],
        ..case.inputs[0].clone()
    };
    for (inputs, expected) in [
        (vec![], "0 inputs were given, but the model takes 1"),
        (
            vec![i64s(&[2, 4], [0; 8])],
            "input `x0` is float32, but was given as int64",
        ),
        (
            vec![short],
            "input `x0`: 31 bytes do not make a float32 tensor of dims [2, 4]",
        ),
        (vec![f32s(&[4, 2], [0.; 8])], "x0"),
        (
            vec![f32s(&[usize::MAX, 8], [])],
            "input `x0`: 0 bytes do not make",
        ),
    ] {
        let message = program
            .run(inputs)
            .expect_err("the inputs are wrong")
            .to_string();
        assert!(message.contains(expected), "{message}");
    }
}
