//! Nodes that are computed, and what is left because it would fail or differ.

use crate::common::f32_bytes;
use crate::{constant, ints, model, numbers, ops};
use ascend_graph::DataType;
use ascend_graph::onnx::{Attribute, Builder, simplify};

/// A node that computes whole numbers.
struct Case {
    name: &'static str,
    opset: i64,
    op: &'static str,
    inputs: Vec<(Vec<usize>, Vec<i64>)>,
    attributes: Vec<Attribute>,
    gives: (Vec<i64>, Vec<i64>),
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn whole_numbers_are_computed_and_moved() {
    let vector = |values: &[i64]| (vec![values.len()], values.to_vec());
    let matrix = || (vec![2, 3], vec![0, 1, 2, 3, 4, 5]);
    let case = |name, opset, op, inputs, attributes, gives| Case {
        name,
        opset,
        op,
        inputs,
        attributes,
        gives,
    };
    let axis = |axis| vec![Attribute::int("axis", axis)];
    for Case {
        name,
        opset,
        op,
        inputs,
        attributes,
        gives: (dims, elements),
    } in [
        case(
            "gather",
            11,
            "Gather",
            vec![matrix(), vector(&[-1, 0])],
            axis(1),
            (vec![2, 2], vec![2, 0, 5, 3]),
        ),
        case(
            "gather rows",
            11,
            "Gather",
            vec![matrix(), vector(&[1])],
            axis(0),
            (vec![1, 3], vec![3, 4, 5]),
        ),
        case(
            "concat",
            11,
            "Concat",
            vec![matrix(), matrix()],
            axis(-1),
            (vec![2, 6], vec![0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]),
        ),
        case(
            "slice by attributes",
            9,
            "Slice",
            vec![matrix()],
            vec![
                Attribute::ints("starts", [-2]),
                Attribute::ints("ends", [i64::MAX]),
                Attribute::ints("axes", [1]),
            ],
            (vec![2, 2], vec![1, 2, 4, 5]),
        ),
        case(
            "slice backwards",
            11,
            "Slice",
            vec![
                matrix(),
                vector(&[-1]),
                vector(&[i64::MIN]),
                vector(&[1]),
                vector(&[-2]),
            ],
            vec![],
            (vec![2, 2], vec![2, 0, 5, 3]),
        ),
        case(
            "slice of nothing",
            11,
            "Slice",
            vec![matrix(), vector(&[2]), vector(&[1]), vector(&[0])],
            vec![],
            (vec![0, 3], vec![]),
        ),
        case(
            "transpose",
            11,
            "Transpose",
            vec![matrix()],
            vec![],
            (vec![3, 2], vec![0, 3, 1, 4, 2, 5]),
        ),
        case(
            "reshape",
            11,
            "Reshape",
            vec![matrix(), vector(&[0, -1, 1])],
            vec![],
            (vec![2, 3, 1], vec![0, 1, 2, 3, 4, 5]),
        ),
        case(
            "unsqueeze by attribute",
            11,
            "Unsqueeze",
            vec![matrix()],
            vec![Attribute::ints("axes", [0, -1])],
            (vec![1, 2, 3, 1], vec![0, 1, 2, 3, 4, 5]),
        ),
        case(
            "unsqueeze by input",
            13,
            "Unsqueeze",
            vec![matrix(), vector(&[1])],
            vec![],
            (vec![2, 1, 3], vec![0, 1, 2, 3, 4, 5]),
        ),
        case(
            "squeeze",
            13,
            "Squeeze",
            vec![(vec![1, 2, 1], vec![7, 8])],
            vec![],
            (vec![2], vec![7, 8]),
        ),
        case(
            "squeeze an axis",
            13,
            "Squeeze",
            vec![(vec![1, 2, 1], vec![7, 8]), vector(&[-1])],
            vec![],
            (vec![1, 2], vec![7, 8]),
        ),
        case(
            "expand",
            11,
            "Expand",
            vec![(vec![2, 1], vec![7, 8]), vector(&[1, 2])],
            vec![],
            (vec![2, 2], vec![7, 7, 8, 8]),
        ),
        case(
            "tile",
            11,
            "Tile",
            vec![(vec![1, 2], vec![7, 8]), vector(&[2, 2])],
            vec![],
            (vec![2, 4], vec![7, 8, 7, 8, 7, 8, 7, 8]),
        ),
        case(
            "add stretched",
            11,
            "Add",
            vec![matrix(), (vec![2, 1], vec![10, 20])],
            vec![],
            (vec![2, 3], vec![10, 11, 12, 23, 24, 25]),
        ),
        case(
            "div towards zero",
            11,
            "Div",
            vec![vector(&[-7, 7]), vector(&[2, -2])],
            vec![],
            (vec![2], vec![-3, -3]),
        ),
        case(
            "mod with the divisor's sign",
            11,
            "Mod",
            vec![vector(&[-7, 7]), vector(&[3, -3])],
            vec![],
            (vec![2], vec![2, -2]),
        ),
        case(
            "range",
            11,
            "Range",
            vec![(vec![], vec![5]), (vec![], vec![0]), (vec![], vec![-2])],
            vec![],
            (vec![3], vec![5, 3, 1]),
        ),
        case(
            "range whose end is met",
            11,
            "Range",
            vec![(vec![], vec![4]), (vec![], vec![0]), (vec![], vec![-2])],
            vec![],
            (vec![2], vec![4, 2]),
        ),
        case(
            "empty range",
            11,
            "Range",
            vec![(vec![], vec![5]), (vec![], vec![5]), (vec![], vec![1])],
            vec![],
            (vec![0], vec![]),
        ),
        case(
            "product",
            11,
            "ReduceProd",
            vec![vector(&[2, 3, 4])],
            vec![Attribute::int("keepdims", 0)],
            (vec![], vec![24]),
        ),
        case(
            "flatten",
            11,
            "Flatten",
            vec![(vec![2, 1, 2], vec![1, 2, 3, 4])],
            axis(2),
            (vec![2, 2], vec![1, 2, 3, 4]),
        ),
    ] {
        let model = {
            let mut graph = Builder::new("test", opset);
            graph.input("x", DataType::I64, &["N".into()]);
            let names: Vec<String> = inputs
                .iter()
                .enumerate()
                .map(|(index, (dims, values))| {
                    graph.initializer(&format!("c{index}"), DataType::I64, dims, ints(values))
                })
                .collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let value = graph.node(op, "node", &names, attributes);
            graph.node_to(
                "Concat",
                "last",
                &["x", &value],
                &["y"],
                [Attribute::int("axis", 0)],
            );
            graph.output("y", DataType::I64, &["M".into()]);
            graph.build().unwrap()
        };
        let mut simple = model.clone();
        let done = simplify(&mut simple).unwrap();
        assert_eq!(ops(&simple), ["Concat"], "{name}");
        assert_eq!(done.folded, 1, "{name}");
        let folded = constant(&simple, "node_output_0");
        assert_eq!((&folded.dims, numbers(folded)), (&dims, elements), "{name}");
        assert_eq!(simple.graph().unwrap().initializer.len(), 1, "{name}");
    }
}

#[test]
fn what_would_fail_or_differ_is_left() {
    let vector = |values: &[i64]| (vec![values.len()], values.to_vec());
    for (name, op, inputs) in [
        ("division by zero", "Div", vec![vector(&[1]), vector(&[0])]),
        ("overflow", "Mul", vec![vector(&[i64::MAX]), vector(&[2])]),
        (
            "an index too large",
            "Gather",
            vec![vector(&[1]), vector(&[1])],
        ),
        (
            "a wrong target",
            "Reshape",
            vec![vector(&[1, 2, 3]), vector(&[2, -1])],
        ),
        (
            "too many elements",
            "Expand",
            vec![vector(&[1]), vector(&[1 << 40])],
        ),
        (
            "an extent below zero",
            "ConstantOfShape",
            vec![vector(&[-1])],
        ),
        (
            "an endless range",
            "Range",
            vec![
                (vec![], vec![0]),
                (vec![], vec![i64::MAX]),
                (vec![], vec![1]),
            ],
        ),
        (
            "a range that overflows",
            "Range",
            vec![
                (vec![], vec![i64::MIN]),
                (vec![], vec![i64::MAX]),
                (vec![], vec![1 << 62]),
            ],
        ),
        (
            "shapes that do not stretch",
            "Add",
            vec![vector(&[1, 2]), vector(&[1, 2, 3])],
        ),
    ] {
        let mut simple = model(11, |graph| {
            let names: Vec<String> = inputs
                .iter()
                .enumerate()
                .map(|(index, (dims, values))| {
                    graph.initializer(&format!("c{index}"), DataType::I64, dims, ints(values))
                })
                .collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            graph.node(op, "node", &names, [])
        });
        let before = simple.clone();
        let done = simplify(&mut simple).unwrap();
        assert_eq!(simple, before, "{name}");
        assert_eq!(done.folded, 0, "{name}");
    }
}

#[test]
fn floats_are_computed_where_there_is_one_answer() {
    let mut graph = Builder::new("floats", 11);
    let x = graph.input("x", DataType::F32, &[3.into()]);
    let a = graph.initializer("a", DataType::F32, &[3], f32_bytes([1.0, 2.0, 9.0]));
    let root = graph.node("Sqrt", "root", &[&a], []);
    let quotient = graph.node("Div", "quotient", &[&root, &a], []);
    let power = graph.node("Exp", "power", &[&a], []);
    let sum = graph.node("Add", "sum", &[&x, &quotient], []);
    graph.node_to("Mul", "last", &[&sum, &power], &["y"], []);
    graph.output("y", DataType::F32, &[3.into()]);
    let mut model = graph.build().unwrap();
    simplify(&mut model).unwrap();
    // The exponential rounds differently from one library to the next.
    assert_eq!(ops(&model), ["Exp", "Add", "Mul"]);
    let expected: Vec<u8> = [1.0_f32, 2.0, 9.0]
        .iter()
        .flat_map(|value| (value.sqrt() / value).to_le_bytes())
        .collect();
    assert_eq!(
        constant(&model, "quotient_output_0").bytes().unwrap(),
        expected
    );
}

#[test]
fn a_large_constant_is_not_made_of_a_small_one() {
    let mut large = model(11, |graph| {
        let one = graph.initializer("one", DataType::I64, &[1], ints(&[1]));
        let shape = graph.initializer("shape", DataType::I64, &[3], ints(&[100, 1000, 4]));
        graph.node("Expand", "large", &[&one, &shape], [])
    });
    simplify(&mut large).unwrap();
    assert_eq!(ops(&large), ["Expand", "Add"]);
}

#[test]
fn comparisons_choose_and_types_change() {
    // Where x is 2, its half in f32 and back again, else -1: as exporters write checks of extents.
    let mut simple = model(11, |graph| {
        let x = graph.initializer("a", DataType::I64, &[3], ints(&[2, -7, 2]));
        let two = graph.initializer("two", DataType::I64, &[1], ints(&[2]));
        let other = graph.initializer("other", DataType::I64, &[], ints(&[-1]));
        let half = graph.initializer("half", DataType::F32, &[], f32_bytes([0.75]));
        let wide = graph.node("Cast", "wide", &[&x], [Attribute::int("to", 1)]);
        let product = graph.node("Mul", "product", &[&wide, &half], []);
        let back = graph.node("Cast", "back", &[&product], [Attribute::int("to", 7)]);
        let is_two = graph.node("Equal", "is_two", &[&x, &two], []);
        let value = graph.node("Where", "where", &[&is_two, &back, &other], []);
        let yes = graph.node("Not", "not", &[&is_two], []);
        let yes = graph.node("Cast", "yes", &[&yes], [Attribute::int("to", 7)]);
        let sum = graph.node("Add", "sum", &[&value, &yes], []);
        graph.node(
            "Unsqueeze",
            "column",
            &[&sum],
            [Attribute::ints("axes", [1])],
        )
    });
    simplify(&mut simple).unwrap();
    assert_eq!(ops(&simple), ["Add"]);
    assert_eq!(numbers(constant(&simple, "column_output_0")), [1, 0, 1]);
}
