//! What `atc` would say to ONNX models: one broken model for each rule, sound ones, and hostile ones.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

#[path = "../common/mod.rs"]
mod common;
mod rules;
mod shapes;

use ascend_graph::atc::{
    Finding, Operators, Place, Severity, Target, check, check_soundness, read_gears, rename,
};
use ascend_graph::onnx::{
    Attribute, Builder, Dim, External, Graph, Model, Node, OperatorSet, Tensor, ValueInfo,
};
use ascend_graph::{DataType, Gears};
use bytes::Bytes;
use common::{classifier, f32_bytes, fixture};
use rules::cases;

const SERVER: &str = "Ascend910B3";
const EDGE: &str = "Ascend310";

/// A sound classifier of fixed shapes.
fn sound() -> Model {
    let mut model = classifier();
    let graph = graph(&mut model);
    let dims = [1, 1, 4, 4].map(Dim::Fixed);
    graph.input[0] = ValueInfo::tensor("x", DataType::F32, Some(&dims));
    graph.output[0] = ValueInfo::tensor("y", DataType::F32, Some(&[1, 64].map(Dim::Fixed)));
    model
}

fn graph(model: &mut Model) -> &mut Graph {
    model.graph.as_mut().unwrap()
}

fn named<'m>(model: &'m mut Model, name: &str) -> &'m mut Node {
    let mut nodes = graph(model).node.iter_mut();
    nodes.find(|node| node.name == name).unwrap()
}

/// A node named `it` that reads `inputs` and gives `it_0`.
fn node(op_type: &str, inputs: &[&str], attributes: Vec<Attribute>) -> Node {
    Node {
        name: "it".into(),
        op_type: op_type.into(),
        input: inputs.iter().map(|&input| input.into()).collect(),
        output: vec!["it_0".into()],
        attribute: attributes,
        ..Node::default()
    }
}

fn add(model: &mut Model, op_type: &str, inputs: &[&str], attributes: Vec<Attribute>) {
    let node = node(op_type, inputs, attributes);
    graph(model).node.push(node);
}

fn add_of(
    model: &mut Model,
    domain: &str,
    op_type: &str,
    inputs: &[&str],
    attributes: Vec<Attribute>,
) {
    import(model, domain, 1);
    let mut node = node(op_type, inputs, attributes);
    node.domain = domain.into();
    graph(model).node.push(node);
}

fn import(model: &mut Model, domain: &str, version: i64) {
    model.opset_import.push(OperatorSet {
        domain: domain.into(),
        version,
    });
}

fn constant(model: &mut Model, name: &str, dims: &[i64], values: &[f32]) {
    let bytes = f32_bytes(values.iter().copied());
    let tensor = Tensor::new(name, DataType::F32, dims.to_vec(), bytes);
    graph(model).initializer.push(tensor);
}

fn ints(model: &mut Model, name: &str, values: &[i64]) {
    let bytes: Vec<u8> = values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    let dims = vec![i64::try_from(values.len()).unwrap()];
    let tensor = Tensor::new(name, DataType::I64, dims, bytes.into());
    graph(model).initializer.push(tensor);
}

fn external(model: &mut Model, location: &str, dims: &[i64]) {
    let tensor = Tensor::new("far", DataType::F32, dims.to_vec(), Bytes::new());
    let place = External {
        location: location.into(),
        offset: 0,
        length: None,
    };
    graph(model).initializer.push(tensor.to_external(&place));
}

fn shape(target: &mut Target, shape: &str) {
    target.input_shapes.push(shape.parse().unwrap());
}

fn opset(model: &mut Model, version: i64) {
    model.opset_import[0].version = version;
}

fn branch(output: &str, reads: &str) -> Graph {
    Graph {
        node: vec![Node {
            op_type: "Relu".into(),
            input: vec![reads.into()],
            output: vec![output.into()],
            ..Node::default()
        }],
        output: vec![ValueInfo::tensor(output, DataType::F32, None)],
        ..Graph::default()
    }
}

fn branches(then: Graph, other: Option<Graph>) -> Vec<Attribute> {
    let attribute = |name: &str, graph: Graph| Attribute {
        name: name.into(),
        g: Some(Box::new(graph)),
        r#type: 5,
        ..Attribute::default()
    };
    let mut all = vec![attribute("then_branch", then)];
    all.extend(other.map(|graph| attribute("else_branch", graph)));
    all
}

/// The three options, and the rule that they break.
type GearCase = (
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
    &'static str,
    &'static str,
);

const GEARS: [GearCase; 7] = [
    (Some("1,2"), None, Some("1;2"), "gears-exclusive", "E10009"),
    (Some("1,x"), None, None, "gears-syntax", "E10003"),
    (None, Some("1,2,3;4,5,6"), None, "gears-syntax", "E10003"),
    (Some("1"), None, None, "gears-few", "E10035"),
    (None, None, Some("1,2;3"), "gears-length", "E10037"),
    (None, Some("0,1;2,3"), None, "gears-zero", "E10038"),
    (Some("1,1"), None, None, "gears-repeated", "E10039"),
];

/// What `dynamic_shapes` is to be for each chip: the rule that open dims break, however they came to be.
#[test]
fn open_dims_are_a_matter_of_the_chip() {
    for (soc, rule) in [
        ("Ascend310", "dynamic-without-gears"),
        ("Ascend310B4", "dynamic-without-gears"),
        ("Ascend310P3", "dynamic-shape"),
        ("Ascend910B3", "dynamic-shape"),
    ] {
        for asked in ["", "x:-1,1,4,4", "x:1~8,1,4,4"] {
            let mut target = Target::new(soc);
            if !asked.is_empty() {
                shape(&mut target, asked);
            }
            let findings = check(&classifier(), &target);
            let told = |rule: &str| findings.iter().any(|finding| finding.rule == rule);
            let other = ["dynamic-without-gears", "dynamic-shape"];
            let other = other.into_iter().find(|other| *other != rule).unwrap();
            assert!(told(rule) && !told(other), "{soc} {asked}: {findings:#?}");
        }
    }
}

/// An extent that is asked for an axis holds for all axes of its name on the CPU device, not for `atc`.
#[test]
fn named_axes_spread_on_the_cpu_device_only() {
    let mut two = Builder::new("two", 11);
    let a = two.input("a", DataType::F32, &["n".into(), 2.into()]);
    let b = two.input("b", DataType::F32, &["n".into(), 2.into()]);
    let sum = two.node("Add", "sum", &[&a, &b], []);
    let bytes = vec![0; 24].into();
    let three = two.initializer("three", DataType::F32, &[3, 2], bytes);
    two.node_to("Add", "odd", &[&b, &three], &["y"], []);
    two.node_to("Relu", "relu", &[&sum], &["z"], []);
    two.output("y", DataType::F32, &["n".into(), 2.into()]);
    two.output("z", DataType::F32, &["n".into(), 2.into()]);
    let model = two.build().unwrap();
    for (extent, is_wrong) in [(3, false), (4, true)] {
        let mut target = Target::new(EDGE);
        shape(&mut target, &format!("a:{extent},2"));
        let conflicts = |findings: &[Finding]| {
            let mut rules = findings.iter().map(|finding| finding.rule);
            rules.any(|rule| rule == "shape-conflict")
        };
        assert_eq!(conflicts(&check_soundness(&model, &target)), is_wrong);
        let told = check(&model, &target);
        assert!(!conflicts(&told), "{told:#?}");
        let open = told
            .iter()
            .find(|finding| finding.rule == "dynamic-without-gears");
        let places = &open.unwrap().places;
        assert_eq!(
            places,
            &[Place::Input("b".to_owned())],
            "atc leaves `b` open"
        );
    }
}

#[test]
fn how_many_gears_there_may_be_is_a_matter_of_the_chip() {
    for (soc, most) in [(SERVER, 100), ("Ascend950PR_9589", 256)] {
        let mut target = Target::new(soc);
        shape(&mut target, "x:-1,1,4,4");
        for (gears, expected) in [(most, false), (most + 1, true)] {
            target.gears = Gears::Batch((1..=gears).collect());
            let findings = check(&classifier(), &target);
            let is_told = findings.iter().any(|finding| finding.rule == "gears-many");
            assert_eq!(is_told, expected, "{soc}: {gears} gears");
        }
    }
}

#[test]
fn gears_are_read_by_the_rules_of_atc() {
    for (batch, image, dims, rule, code) in GEARS {
        let finding = read_gears(batch, image, dims).unwrap_err();
        assert_eq!(
            (finding.rule, finding.code),
            (rule, Some(code)),
            "{finding}"
        );
        assert!(
            !finding.message.contains(code),
            "the code is told once: {finding}"
        );
    }
    assert_eq!(read_gears(None, None, None).unwrap(), Gears::None);
    assert_eq!(
        read_gears(Some("1,2"), None, None).unwrap(),
        Gears::Batch(vec![1, 2])
    );
}

#[test]
fn sound_models_are_left_alone() {
    let findings = check(&sound(), &Target::new(SERVER));
    assert!(
        findings
            .iter()
            .all(|finding| finding.severity == Severity::Advice),
        "{findings:#?}"
    );
    assert_eq!(check_soundness(&sound(), &Target::new("mock")), []);
    for name in [
        "resnet/resnet18_w12.t113.onnx",
        "resnet/resnet18_w12.t215.onnx",
    ] {
        let Some(file) = fixture(name) else { return };
        let model = Model::read(&file).unwrap();
        let errors = |target: &Target| {
            let findings = check(&model, target);
            let errors = findings
                .into_iter()
                .filter(|finding| finding.severity == Severity::Error);
            errors.collect::<Vec<_>>()
        };
        assert_eq!(errors(&Target::new(SERVER)), [], "{name}");
        let mut target = Target::new(EDGE);
        assert_eq!(errors(&target)[0].rule, "dynamic-without-gears");
        shape(&mut target, "input:-1,3,64,64");
        target.gears = Gears::batch("1,2,4").unwrap();
        assert_eq!(errors(&target), [], "{name}");
        target.gears = Gears::None;
        target.input_shapes.clear();
        shape(&mut target, "input:4,3,224,224");
        assert_eq!(errors(&target), [], "{name}");
    }
}

#[test]
fn a_cause_is_told_once() {
    let mut model = sound();
    opset(&mut model, 19);
    for index in 0..1000 {
        let mut relu = node("Relu", &["x"], vec![]);
        (relu.name, relu.output[0]) = (format!("r{index}"), format!("r{index}_0"));
        graph(&mut model).node.push(relu);
    }
    let findings = check(&model, &Target::new(SERVER));
    let of_opset: Vec<_> = findings
        .iter()
        .filter(|finding| finding.rule == "opset")
        .collect();
    assert_eq!(of_opset.len(), 1);
    assert_eq!(of_opset[0].places.len(), 1005);
    // Thousands of causes are not.
    let mut model = sound();
    for index in 0..5000 {
        let mut odd = node(&format!("Odd{index}"), &["x"], vec![]);
        odd.output[0] = format!("o{index}");
        graph(&mut model).node.push(odd);
    }
    let findings = check(&model, &Target::new(SERVER));
    let of_rule = findings
        .iter()
        .filter(|finding| finding.rule == "operator-unknown");
    assert_eq!(of_rule.clone().count(), 21);
    assert_eq!(
        of_rule.map(|finding| finding.places.len()).sum::<usize>(),
        5000
    );
}

#[test]
fn a_users_table_settles_what_is_registered() {
    let mut model = sound();
    opset(&mut model, 20);
    let mut target = Target::new(SERVER);
    let errors = |target: &Target| {
        check(&model, target)
            .iter()
            .filter(|f| f.severity == Severity::Error)
            .count()
    };
    assert_eq!(errors(&target), 1);
    target.operators.replace("ai.onnx * 19-20").unwrap();
    assert_eq!(errors(&target), 0);
    target.operators = Operators::default();
    target.operators.replace("ai.onnx Softmax 8-20").unwrap();
    assert_eq!(errors(&target), 1);
}

#[test]
fn names_that_atc_lacks_are_mended() {
    let mut model = sound();
    add_of(
        &mut model,
        "npu",
        "NPUGeGlu",
        &["x"],
        vec![Attribute::int("dim", -1)],
    );
    let mut other = node("NPURmsNorm", &["x", "x", "x"], vec![]);
    (other.name, other.domain, other.output[0]) = ("norm".into(), "npu".into(), "norm_0".into());
    graph(&mut model).node.push(other);
    let mut kept = node("NPUGeGlu", &["x"], vec![Attribute::int("dim", 1)]);
    (kept.name, kept.domain, kept.output[0]) = ("kept".into(), "npu".into(), "kept_0".into());
    graph(&mut model).node.push(kept);
    let renamed = rename(&mut model);
    let renamed: Vec<_> = renamed
        .iter()
        .map(|(node, _, new)| (node.as_str(), *new))
        .collect();
    assert_eq!(renamed, [("it", "NPUGeglu"), ("norm", "NPUAddRmsNorm")]);
    let findings = check(&model, &Target::new(SERVER));
    let at = |rule: &str| findings.iter().find(|finding| finding.rule == rule);
    assert_eq!(at("npu-misspelt").unwrap().places[0].name(), "kept");
    assert!(at("npu-inputs").is_none());
    assert!(rename(&mut model).is_empty());
}

/// Small models of every kind, damaged at each byte: read and checked, or refused, never a panic.
#[test]
fn damaged_files_are_checked_without_a_panic() {
    let mut seeds = vec![sound()];
    for case in cases().into_iter().step_by(7) {
        let (mut model, mut target) = (sound(), Target::new(EDGE));
        (case.damage)(&mut model, &mut target);
        seeds.push(model);
    }
    let target = Target::new(EDGE);
    let look = |file: Bytes| {
        if let Ok(model) = Model::parse(&file) {
            let findings = check(&model, &target);
            assert!(findings.len() < 2000);
            let _ = check_soundness(&model, &target);
        }
    };
    for (seed, model) in seeds.into_iter().enumerate() {
        let mut model = model;
        // Weights are not looked at byte by byte.
        graph(&mut model)
            .initializer
            .retain(|tensor| tensor.name != "dense");
        let file = model.to_rope().to_bytes();
        let step = if seed == 0 { 1 } else { 11 };
        for at in (0..file.len()).step_by(step) {
            look(file.slice(..at));
            for flip in [0x01, 0x80, 0xff] {
                let mut bytes = file.to_vec();
                bytes[at] ^= flip;
                look(bytes.into());
            }
        }
    }
}

/// Graphs that are small in a file and could be dear: wide, deep, and of huge numbers.
#[test]
fn hostile_models_cost_little() {
    let mut model = sound();
    let mut value = "x".to_owned();
    for index in 0..20_000 {
        let mut next = node("Unsqueeze", &[&value], vec![Attribute::ints("axes", [0])]);
        value = format!("u{index}");
        (next.name, next.output[0]) = (format!("n{index}"), value.clone());
        graph(&mut model).node.push(next);
    }
    let _ = check(&model, &Target::new(SERVER));

    let mut model = sound();
    let huge = [i64::MAX, i64::MIN, -1, 0];
    ints(&mut model, "huge", &huge);
    for op_type in [
        "Reshape",
        "Expand",
        "Gather",
        "Slice",
        "Concat",
        "ConstantOfShape",
        "Add",
        "Split",
    ] {
        add(
            &mut model,
            op_type,
            &["huge", "huge", "huge"],
            vec![Attribute::int("axis", i64::MIN)],
        );
        add(
            &mut model,
            op_type,
            &["x", "huge"],
            vec![Attribute::ints("split", huge)],
        );
    }
    for name in ["kernel_shape", "strides", "pads", "dilations"] {
        let attribute = Attribute::ints(name, vec![i64::MAX; if name == "pads" { 4 } else { 2 }]);
        add(
            &mut model,
            "Conv",
            &["x", "kernel"],
            vec![attribute.clone()],
        );
        add(
            &mut model,
            "MaxPool",
            &["x"],
            vec![Attribute::ints("kernel_shape", [3, 3]), attribute],
        );
    }
    add(
        &mut model,
        "Conv",
        &["x", "kernel"],
        vec![Attribute::int("group", i64::MAX)],
    );
    let dims = [i64::MAX; 3].map(Dim::Fixed);
    graph(&mut model)
        .input
        .push(ValueInfo::tensor("wide", DataType::F32, Some(&dims)));
    add(&mut model, "Flatten", &["wide"], vec![]);
    let _ = check(&model, &Target::new(SERVER));
}
