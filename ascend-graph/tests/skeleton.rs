//! Graphs that are filled with other numbers.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod common;

use ascend_graph::onnx::skeleton::{Match, MatchedBy, Missing, Plan, Weight};
use ascend_graph::onnx::{Attribute, Builder, Model, Tensor, check};
use ascend_graph::{DataType, Error};
use bytes::Bytes;
use common::{f32_bytes, fixture};

fn weight(name: &str, dims: &[i64]) -> Weight {
    Weight {
        name: name.into(),
        dtype: DataType::F32,
        dims: dims.to_vec(),
    }
}

/// Adds a constant of zeros.
fn zeros(graph: &mut Builder, name: &str, dims: &[usize]) -> String {
    let count = dims.iter().product();
    graph.initializer(name, DataType::F32, dims, f32_bytes(vec![0.0; count]))
}

/// A graph that reads `x` `[2, 4]`, and what `build` makes of it.
fn model(build: impl FnOnce(&mut Builder, &str) -> String) -> Model {
    let mut graph = Builder::new("skeleton", 11);
    let x = graph.input("x", DataType::F32, &[2.into(), 4.into()]);
    let value = build(&mut graph, &x);
    graph.node_to("Relu", "/relu/Relu", &[&value], &["y"], []);
    graph.output("y", DataType::F32, &["M".into(), "N".into()]);
    graph.build().unwrap()
}

fn found(plan: &Plan) -> Vec<(&str, usize, MatchedBy, bool)> {
    let matches = plan.matches.iter();
    matches
        .map(|found| {
            (
                &*found.constant,
                found.weight,
                found.by,
                found.is_transposed,
            )
        })
        .collect()
}

fn why(plan: &Plan) -> Vec<(&str, Missing)> {
    let unmatched = plan.unmatched.iter();
    unmatched
        .map(|unmatched| (&*unmatched.constant, unmatched.why))
        .collect()
}

/// Pours weights that count up from a hundred times their number.
fn poured(plan: &Plan, model: &Model, weights: &[Weight]) -> Model {
    let mut poured = model.clone();
    let count = |found: &Match| weights[found.weight].dims.iter().product::<i64>();
    plan.pour(&mut poured, |found| {
        let start = u16::try_from(found.weight * 100).unwrap();
        let end = start + u16::try_from(count(found)).unwrap();
        Ok::<_, Error>(f32_bytes((start..end).map(f32::from)))
    })
    .unwrap();
    assert_eq!(check(&poured), []);
    poured
}

fn values(tensor: &Tensor) -> Vec<f32> {
    let bytes: Bytes = tensor.bytes().unwrap();
    let chunks = bytes.as_chunks().0.iter();
    chunks.map(|&chunk| f32::from_le_bytes(chunk)).collect()
}

fn constant(model: &Model, name: &str) -> Vec<f32> {
    let mut constants = model.graph().unwrap().initializer.iter();
    values(constants.find(|tensor| tensor.name == name).unwrap())
}

/// A linear layer as exporters write it for stacks of matrices.
fn linear(weight: &str, node: &str, columns: usize) -> Model {
    model(|graph, x| {
        let weight = zeros(graph, weight, &[4, columns]);
        graph.node("MatMul", node, &[x, &weight], [])
    })
}

#[test]
fn names_match_and_matrices_may_lie_transposed() {
    let model = model(|graph, x| {
        let weight = zeros(graph, "a.weight", &[3, 4]);
        let bias = zeros(graph, "a.bias", &[3]);
        let turned = [Attribute::int("transB", 1)];
        let x = graph.node("Gemm", "/a/Gemm", &[x, &weight, &bias], turned);
        let factor = zeros(graph, "b.weight", &[3, 5]);
        graph.node("MatMul", "/b/MatMul", &[&x, &factor], [])
    });
    let weights = [
        weight("a.weight", &[3, 4]),
        weight("a.bias", &[3]),
        weight("b.weight", &[5, 3]),
        weight("a.num_batches_tracked", &[]),
        weight("head.weight", &[9, 5]),
    ];
    let plan = Plan::new(&model, &weights);
    assert_eq!(
        found(&plan),
        [
            ("a.weight", 0, MatchedBy::Name, false),
            ("a.bias", 1, MatchedBy::Name, false),
            ("b.weight", 2, MatchedBy::Name, true),
        ]
    );
    assert_eq!(plan.leftover, [4]);
    assert!(plan.unmatched.is_empty() && plan.misfits.is_empty());
    let poured = poured(&plan, &model, &weights);
    assert!(
        constant(&poured, "a.weight")
            .into_iter()
            .eq((0..12_u8).map(f32::from))
    );
    let turned: Vec<f32> = (0..15_u16)
        .map(|place| f32::from(200 + place % 5 * 3 + place / 5))
        .collect();
    assert_eq!(constant(&poured, "b.weight"), turned);
}

#[test]
fn a_square_matrix_lies_as_the_others_do() {
    let both = |names: [&str; 2], second: [usize; 2]| {
        model(|graph, x| {
            let square = zeros(graph, names[0], &[4, 4]);
            let x = graph.node("MatMul", "/a/MatMul", &[x, &square], []);
            let other = zeros(graph, names[1], &second);
            graph.node("MatMul", "/b/MatMul", &[&x, &other], [])
        })
    };
    let alone = linear("a.w", "/MatMul", 4);
    let plan = Plan::new(&alone, &[weight("a.w", &[4, 4])]);
    assert_eq!(found(&plan), [("a.w", 0, MatchedBy::Name, false)]);
    for (given, is_transposed) in [([4, 6], false), ([6, 4], true)] {
        let model = both(["a.w", "b.w"], [4, 6]);
        let plan = Plan::new(&model, &[weight("a.w", &[4, 4]), weight("b.w", &given)]);
        let square = plan
            .matches
            .iter()
            .find(|found| found.constant == "a.w")
            .unwrap();
        assert_eq!(square.is_transposed, is_transposed);
    }
    let mixed = model(|graph, x| {
        let square = zeros(graph, "a.w", &[4, 4]);
        let x = graph.node("MatMul", "/a/MatMul", &[x, &square], []);
        let other = zeros(graph, "b.w", &[4, 6]);
        let x = graph.node("MatMul", "/b/MatMul", &[&x, &other], []);
        let third = zeros(graph, "c.w", &[6, 4]);
        graph.node("MatMul", "/c/MatMul", &[&x, &third], [])
    });
    let weights = [
        weight("a.w", &[4, 4]),
        weight("b.w", &[4, 6]),
        weight("c.w", &[4, 6]),
    ];
    let plan = Plan::new(&mixed, &weights);
    assert_eq!(plan.misfits.len(), 1);
    assert!(plan.misfits[0].is_undecided && plan.misfits[0].constant == "a.w");
}

#[test]
fn made_up_names_of_factors_are_told_by_their_nodes() {
    let weights = [
        weight("encoder.layer.0.query.weight", &[3, 4]),
        weight("encoder.layer.1.query.weight", &[3, 4]),
    ];
    let model = linear("onnx::MatMul_7", "/encoder/layer.1/query/MatMul", 3);
    let plan = Plan::new(&model, &weights);
    assert_eq!(found(&plan), [("onnx::MatMul_7", 1, MatchedBy::Node, true)]);
    // A square one is transposed too: as it was, it would have kept its name.
    let model = linear("onnx::MatMul_7", "/fc/MatMul", 4);
    let plan = Plan::new(&model, &[weight("fc.weight", &[4, 4])]);
    assert_eq!(found(&plan), [("onnx::MatMul_7", 0, MatchedBy::Node, true)]);
}

#[test]
fn made_up_names_without_a_module_match_by_a_shape_that_occurs_once() {
    let model = linear("12", "MatMul_3", 3);
    let once = [weight("fc.weight", &[3, 4]), weight("other", &[3, 5])];
    let plan = Plan::new(&model, &once);
    assert_eq!(found(&plan), [("12", 0, MatchedBy::Shape, true)]);
    for (name, weights) in [
        (
            "two weights",
            [weight("a.weight", &[3, 4]), weight("b.weight", &[3, 4])],
        ),
        (
            "the other way round",
            [weight("a.weight", &[4, 3]), weight("b", &[7])],
        ),
        (
            "a transposed twin",
            [weight("a.weight", &[3, 4]), weight("b", &[4, 3])],
        ),
    ] {
        let plan = Plan::new(&model, &weights);
        assert_eq!(found(&plan), [], "{name}");
        assert_eq!(why(&plan), [("12", Missing::Ambiguous)], "{name}");
        assert_eq!(plan.leftover, [0, 1], "{name}");
    }
}

#[test]
fn a_folded_normalisation_is_recognised() {
    let Some(file) = fixture("resnet/resnet18_w12.t113.onnx") else {
        return;
    };
    let model = Model::read(&file).unwrap();
    let mut weights = vec![
        weight("conv1.weight", &[12, 3, 7, 7]),
        weight("bn1.weight", &[12]),
        weight("bn1.running_mean", &[12]),
        weight("fc.weight", &[20, 96]),
        weight("fc.bias", &[20]),
    ];
    let plan = Plan::new(&model, &weights);
    let names: Vec<_> = found(&plan).into_iter().map(|found| found.0).collect();
    assert_eq!(names, ["fc.weight", "fc.bias"]);
    assert_eq!(plan.unmatched.len(), 40);
    assert!(
        why(&plan)
            .iter()
            .all(|why| why.1 == Missing::FoldedNormalisation)
    );
    // Without statistics it is not told what was computed, but never taken for the weight as it is.
    weights.truncate(1);
    let plan = Plan::new(&model, &weights);
    assert!(
        plan.unmatched
            .iter()
            .any(|why| why.constant == "onnx::Conv_193" && why.why == Missing::Computed)
    );
}

#[test]
fn parameters_that_an_exporter_merged_part_again() {
    // Two scales that were equal when the skeleton was exported: one constant, and a copy of it.
    let model = model(|graph, x| {
        let first = zeros(graph, "a.weight", &[4]);
        let second = "b.weight".to_owned();
        graph.node_to("Identity", "Identity_0", &[&first], &[&second], []);
        let x = graph.node("Mul", "/a/Mul", &[x, &first], []);
        graph.node("Mul", "/b/Mul", &[&x, &second], [])
    });
    let weights = [weight("a.weight", &[4]), weight("b.weight", &[4])];
    let plan = Plan::new(&model, &weights);
    assert_eq!(plan.matches.len(), 2);
    let filled = poured(&plan, &model, &weights);
    assert_eq!(constant(&filled, "a.weight"), [0.0, 1.0, 2.0, 3.0]);
    assert_eq!(constant(&filled, "b.weight"), [100.0, 101.0, 102.0, 103.0]);
    assert_eq!(filled.graph().unwrap().node.len(), 3);
    // Tied, with one of the two names in the checkpoint.
    for kept in ["a.weight", "b.weight"] {
        let weights = [weight(kept, &[4])];
        let plan = Plan::new(&model, &weights);
        assert!(plan.unmatched.is_empty(), "{kept}");
        let filled = poured(&plan, &model, &weights);
        assert_eq!(
            constant(&filled, "a.weight"),
            [0.0, 1.0, 2.0, 3.0],
            "{kept}"
        );
    }
}

#[test]
fn nodes_that_are_constants_are_filled_too() {
    let model = model(|graph, x| {
        let value = Tensor::new("", DataType::F32, vec![4], f32_bytes([0.0; 4]));
        graph.node_to(
            "Constant",
            "c",
            &[],
            &["scale"],
            [Attribute::tensor("value", value)],
        );
        graph.node("Mul", "mul", &[x, "scale"], [])
    });
    let weights = [weight("scale", &[1, 4])];
    let plan = Plan::new(&model, &weights);
    let filled = poured(&plan, &model, &weights);
    let node = &filled.graph().unwrap().node[0];
    let tensor = node.attribute[0].t.as_deref().unwrap();
    assert_eq!(
        (&tensor.dims[..], values(tensor)),
        (&[4][..], vec![0.0, 1.0, 2.0, 3.0])
    );
}

#[test]
fn numbers_of_the_computation_stay() {
    let model = model(|graph, x| {
        let half = graph.initializer("/Constant_output_0", DataType::F32, &[], f32_bytes([0.5]));
        let x = graph.node("Mul", "/Mul", &[x, &half], []);
        let table = zeros(graph, "onnx::Add_9", &[4]);
        let x = graph.node("Add", "/Add", &[&x, &table], []);
        let scale = zeros(graph, "scale", &[4]);
        graph.node("Mul", "/Mul_1", &[&x, &scale], [])
    });
    let plan = Plan::new(&model, &[weight("scale", &[4])]);
    assert_eq!((plan.kept, plan.unmatched.len()), (2, 0));
    // While a weight is left that it could be made of, one that is no single number is told.
    let plan = Plan::new(&model, &[weight("scale", &[4]), weight("table", &[2, 2])]);
    assert_eq!(plan.kept, 1);
    assert_eq!(why(&plan), [("onnx::Add_9", Missing::Ambiguous)]);
    // A parameter by its name is missed even if it is one number.
    let plan = Plan::new(&model, &[]);
    assert_eq!(why(&plan), [("scale", Missing::Name)]);
}

#[test]
fn shapes_and_types_that_do_not_fit_are_told() {
    let skeleton = linear("fc.weight", "/fc/MatMul", 3);
    let mut integer = weight("fc.weight", &[3, 4]);
    integer.dtype = DataType::I8;
    for given in [
        weight("fc.weight", &[3, 5]),
        weight("fc.weight", &[4]),
        integer,
    ] {
        let plan = Plan::new(&skeleton, std::slice::from_ref(&given));
        assert_eq!(plan.misfits.len(), 1, "{given:?}");
        assert!(plan.matches.is_empty() && plan.leftover.is_empty() && plan.unmatched.is_empty());
    }
    // Only what is multiplied with as it lies may be transposed.
    let gathered = model(|graph, x| {
        let table = zeros(graph, "table", &[3, 4]);
        let axis = [Attribute::int("transB", 1)];
        graph.node("Gemm", "gemm", &[x, &table], axis)
    });
    let plan = Plan::new(&gathered, &[weight("table", &[4, 3])]);
    assert_eq!(plan.misfits.len(), 1);
    let mut half = weight("fc.weight", &[3, 4]);
    half.dtype = DataType::BF16;
    let plan = Plan::new(&skeleton, &[half]);
    assert_eq!(plan.matches[0].dtype, DataType::F32);
}

#[test]
fn a_beginning_that_would_help_is_found() {
    let skeleton = |name: &str| linear(name, "/fc/MatMul", 3);
    let hint = |name: &str, given: &str| {
        let plan = Plan::new(&skeleton(name), &[weight(given, &[3, 4])]);
        plan.hint
    };
    let told = |off: &str, on: &str| Some((off.to_owned(), on.to_owned(), 1));
    assert_eq!(
        hint("fc.weight", "net.head.fc.weight"),
        told("net.head.", "")
    );
    assert_eq!(hint("net.fc.weight", "fc.weight"), told("", "net."));
    assert_eq!(hint("fc.weight", "gc.weight"), None);
}

#[test]
fn damaged_skeletons_are_planned_for_and_filled() {
    let model = model(|graph, x| {
        let first = zeros(graph, "a.weight", &[4]);
        graph.node_to("Identity", "Identity_0", &[&first], &["b.weight"], []);
        let x = graph.node("Mul", "/a/Mul", &[x, &first], []);
        let x = graph.node("Mul", "/b/Mul", &[&x, "b.weight"], []);
        let factor = zeros(graph, "onnx::MatMul_7", &[4, 3]);
        graph.node("MatMul", "/c/MatMul", &[&x, &factor], [])
    });
    let weights = [
        weight("a.weight", &[4]),
        weight("b.weight", &[4]),
        weight("c.weight", &[3, 4]),
    ];
    let file = model.to_rope().to_bytes();
    for place in 0..file.len() {
        for change in [1, 0x10, 0x7f, 0xff] {
            let mut damaged = file.to_vec();
            damaged[place] ^= change;
            let Ok(mut model) = Model::read(&damaged.into()) else {
                continue;
            };
            let plan = Plan::new(&model, &weights);
            let poured = plan.pour(&mut model, |found| {
                let count = weights[found.weight].dims.iter().product::<i64>();
                Ok::<_, Error>(f32_bytes((0..count).map(|_| 1.0)))
            });
            poured.unwrap();
        }
    }
}

#[test]
fn elements_that_are_too_many_or_too_few_are_refused() {
    let model = linear("a.weight", "/a/MatMul", 3);
    for (dims, is_transposed) in [([4, 3], false), ([3, 4], true)] {
        let plan = Plan::new(&model, &[weight("a.weight", &dims)]);
        assert_eq!(plan.matches[0].is_transposed, is_transposed);
        for (bytes, fits) in [
            (0, false),
            (47, false),
            (48, true),
            (52, false),
            (96, false),
        ] {
            let data = |_: &Match| Ok::<_, Error>(vec![0; bytes].into());
            let poured = plan.pour(&mut model.clone(), data);
            match poured {
                Ok(()) => assert!(fits, "{bytes}"),
                Err(error) => {
                    let told = format!(
                        "{bytes} bytes were given for the constant `a.weight` float32[4, 3], which has 48"
                    );
                    assert_eq!((fits, error.to_string()), (false, told));
                }
            }
        }
    }
}

#[test]
fn normalisations_that_were_folded_under_the_old_names_are_noticed() {
    let normalised = |has_normalisation: bool| {
        model(|graph, x| {
            let factor = zeros(graph, "block.conv.weight", &[4, 4]);
            let mut value = graph.node("MatMul", "/block/conv/MatMul", &[x, &factor], []);
            if has_normalisation {
                let names = ["weight", "bias", "running_mean", "running_var"];
                let parameters = names.map(|name| zeros(graph, &format!("block.bn.{name}"), &[4]));
                let mut inputs = vec![value.as_str()];
                inputs.extend(parameters.iter().map(String::as_str));
                value = graph.node("BatchNormalization", "/block/bn", &inputs, []);
            }
            value
        })
    };
    let weights = [
        weight("block.conv.weight", &[4, 4]),
        weight("block.bn.weight", &[4]),
        weight("block.bn.bias", &[4]),
        weight("block.bn.running_mean", &[4]),
        weight("block.bn.running_var", &[4]),
        // a part of the network that was not exported
        weight("auxiliary.0.bn.running_mean", &[4]),
    ];
    let plan = Plan::new(&normalised(false), &weights);
    assert_eq!((plan.matches.len(), plan.folded), (1, vec![3, 4]));
    let plan = Plan::new(&normalised(true), &weights);
    assert_eq!((plan.matches.len(), plan.folded), (5, vec![]));
}
