//! What `atc` would say to ONNX models: one broken model for each rule, sound ones, and hostile ones.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod common;

use std::collections::BTreeSet;

use ascend_graph::atc::{
    Finding, Operators, Place, RULES, Severity, Target, check, check_soundness, read_gears, rename,
};
use ascend_graph::onnx::{
    Attribute, Builder, Dim, External, Graph, Model, Node, OperatorSet, Tensor, ValueInfo,
};
use ascend_graph::{DataType, Gears};
use bytes::Bytes;
use common::{classifier, f32_bytes, fixture};

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

/// A model that breaks one rule.
struct Case {
    rule: &'static str,
    code: Option<&'static str>,
    /// The node, input or else where it is.
    place: &'static str,
    /// What the message or the remedy says.
    part: &'static str,
    damage: fn(&mut Model, &mut Target),
}

macro_rules! cases {
    ($($rule:literal $code:tt $place:literal $part:literal $damage:expr;)*) => {
        [$(Case {
            rule: $rule,
            code: cases!(@code $code),
            place: $place,
            part: $part,
            damage: $damage,
        }),*]
    };
    (@code _) => { None };
    (@code $code:literal) => { Some($code) };
}

#[allow(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<Case> {
    cases! {
        "empty-model" "E16004" "" "no nodes" |m, _| graph(m).node.clear();
        "no-inputs" "E16001" "" "no inputs" |m, _| {
            graph(m).input.clear();
            constant(m, "x", &[1, 1, 4, 4], &[0.0; 16]);
        };
        "no-outputs" "E19999" "" "no outputs" |m, _| graph(m).output.clear();
        "too-large" "E10041" "" "3000000000 bytes" |_, t| t.file_bytes = Some(3_000_000_000);
        "large-weights" "E13023" "" "--external-weight 1" |m, _| external(m, "w.bin", &[2 << 30]);
        "external-missing" "E13000" "far" "copy `w.bin`" |m, t| {
            external(m, "w.bin", &[4]);
            t.folder = Some("/nonexistent".into());
        };
        "external-outside" "E13000" "far" "../w.bin" |m, _| external(m, "../w.bin", &[4]);
        "external-outside" "E13000" "far" "/w.bin" |m, _| external(m, "/w.bin", &[4]);
        "external-short" "E13000" "far" "Cargo.toml" |m, t| {
            external(m, "Cargo.toml", &[1 << 30]);
            t.folder = Some(env!("CARGO_MANIFEST_DIR").into());
        };
        "sparse-constant" "E19999" "" "dense" |m, _| graph(m).sparse_initializer.push(Bytes::new());
        "undefined-value" "E19999" "relu" "`nowhere`" |m, _| named(m, "relu").input[0] = "nowhere".into();
        "undefined-value" "E19999" "z" "nothing gives" |m, _| graph(m).output[0].name = "z".into();
        "unsorted" _ "relu" "sort" |m, _| graph(m).node.swap(0, 1);
        "cycle" "E19999" "conv" "conv" |m, _| named(m, "conv").input[0] = "y".into();
        "duplicate-value" "E19999" "relu" "rename" |m, _| {
            named(m, "relu").output[0] = "conv_output_0".into();
        };
        "duplicate-value" "E19999" "kernel" "twice" |m, _| constant(m, "kernel", &[2, 1, 3, 3], &[0.0; 18]);
        "constant-data" "E19999" "kernel" "8 bytes" |m, _| {
            graph(m).initializer[0].raw_data = Bytes::from_static(&[0; 8]);
        };
        "attribute-type" "E19999" "softmax" "`axis`" |m, _| {
            named(m, "softmax").attribute = vec![Attribute::float("axis", 1.0)];
        };
        "untyped-input" "E19999" "x" "tensor type" |m, _| graph(m).input[0].r#type = None;
        "opset" "E16002" "conv" "opset_version=11" |m, _| opset(m, 19);
        "opset" "E16002" "conv" "written for opset 7" |m, _| opset(m, 7);
        "opset" "E16002" "conv" "written for opset 0" |m, _| opset(m, 0);
        "operator-version" "E16002" "it" "17 to 18" |m, _| add(m, "LayerNormalization", &["x"], vec![]);
        "operator-version" "E16002" "it" "8 to 17" |m, _| {
            opset(m, 18);
            add(m, "ReduceL2", &["x"], vec![]);
        };
        "operator-missing" "E16002" "it" "AMCT" |m, _| add(m, "QuantizeLinear", &["x", "x"], vec![]);
        "operator-missing" "E16002" "it" "unroll" |m, _| add(m, "Loop", &["x", "x"], vec![]);
        "operator-unknown" "E16002" "it" "likely Conv" |m, _| add(m, "Convv", &["x"], vec![]);
        "operator-unknown" "E16002" "it" "acme::1::Fuse" |m, _| add_of(m, "acme", "Fuse", &["x"], vec![]);
        "operator-unknown" "E16002" "it" "likely NPUMish" |m, _| add_of(m, "npu", "NpuMish", &["x"], vec![]);
        "operator-unknown" "E16002" "it" "opset_version=11" |m, _| {
            opset(m, 27);
            add(m, "Newest", &["x"], vec![]);
        };
        "operator-unknown" "E16002" "softmax" "names no operator" |m, _| named(m, "softmax").op_type.clear();
        "operator-unlisted" "E16002" "it" "not known" |m, _| add(m, "IsNaN", &["x"], vec![]);
        "local-function" "E16002" "it" "inline_local_functions" |m, _| {
            m.functions.push(Bytes::new());
            add_of(m, "pkg.onnxscript", "Rank", &["x"], vec![]);
        };
        "pytorch-fallback" "E16002" "it" "symbolic" |m, _| add_of(m, "prim", "PythonOp", &["x"], vec![]);
        "pytorch-fallback" "E16002" "it" "symbolic" |m, _| {
            add_of(m, "org.pytorch.aten", "ATen", &["x"], vec![]);
        };
        "undeclared-domain" "E19999" "it" "make_opsetid" |m, _| {
            add_of(m, "npu", "NPUMish", &["x"], vec![]);
            m.opset_import.pop();
        };
        "several-domains" "E16005" "" "CANN 6.0" |m, t| {
            add_of(m, "npu", "NPUMish", &["x"], vec![]);
            t.cann = "6.0".parse().unwrap();
        };
        "several-domains" "E16005" "" "drop it" |m, t| {
            import(m, "ai.onnx.ml", 2);
            t.cann = "5.1".parse().unwrap();
        };
        "several-versions" "E16005" "" "11, 12" |m, _| import(m, "ai.onnx", 12);
        "npu-misspelt" "E16002" "it" "rename it to NPUGeglu" |m, _| add_of(m, "npu", "NPUGeGlu", &["x"], vec![]);
        "npu-misspelt" "E16002" "it" "--fix" |m, _| {
            add_of(m, "npu", "NPUWeightQuantBatchMatmulV2", &["x"], vec![]);
        };
        "npu-missing" "E16002" "it" "LayerNorm" |m, _| add_of(m, "npu", "NPUDeepNorm", &["x"], vec![]);
        "npu-inputs" "E19999" "it" "NPUAddRmsNorm" |m, _| add_of(m, "npu", "NPURmsNorm", &["x", "x", "x"], vec![]);
        "npu-attribute-missing" "E19999" "it" "`depth`" |m, _| add_of(m, "npu", "NPUOneHot", &["x"], vec![]);
        "npu-attribute-value" "E19999" "it" "dst_type=4" |m, _| {
            add_of(m, "npu", "NPUGroupQuant", &["x"], vec![Attribute::int("dst_type", 4)]);
        };
        "npu-attribute-ignored" _ "it" "rotary_mode=interleave" |m, _| {
            let mode = Attribute::string("rotary_mode", "interleave");
            add_of(m, "npu", "NPURotaryMul", &["x", "x", "x"], vec![mode]);
        };
        "npu-attribute-ignored" _ "it" "epsilon=1e-5" |m, _| {
            let epsilon = Attribute::float("epsilon", 1e-5);
            add_of(m, "npu", "NPURmsNorm", &["x", "x"], vec![epsilon]);
        };
        "if-branches" "E19999" "it" "no else_branch" |m, _| add(m, "If", &["x"], branches(branch("a", "x"), None));
        "if-captures" _ "it" "`x`" |m, _| {
            add(m, "If", &["x"], branches(branch("a", "x"), Some(branch("b", "x"))));
        };
        "name-duplicate" _ "conv" "same name" |m, _| named(m, "relu").name = "conv".into();
        "name-characters" _ "a relu" "letters" |m, _| named(m, "relu").name = "a relu".into();
        "name-separator" _ "a;b" "input_names" |m, _| rename_input(m, "a;b");
        "name-separator" _ "a:0" "last colon" |m, _| rename_input(m, "a:0");
        "name-long" _ "€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€" "129 bytes" |m, _| {
            rename_input(m, &"€".repeat(43));
        };
        "soc" "E10001" "--soc-version" "Ascend910B1" |_, t| t.soc = "Ascend910B".into();
        "soc" "E10001" "--soc-version" "Ascend310P3" |_, t| t.soc = "310P3".into();
        "soc-unknown" "E10001" "--soc-version" "npu-smi" |_, t| t.soc = "Ascend310P9".into();
        "input-shape-name" "E10016" "--input_shape" "`x`" |_, t| shape(t, "input:1,1,4,4");
        "input-shape-name" "E10016" "--input_shape" "more shapes" |_, t| {
            shape(t, "1,1,4,4");
            shape(t, "1,1,4,4");
        };
        "input-shape-rank" "E10049" "x" "3 dims" |_, t| shape(t, "x:1,4,4");
        "input-shape-differs" _ "x" "dynamic_axes" |_, t| shape(t, "x:2,1,4,4");
        "gears-without-shape" "E10004" "--input_shape" "-1" |_, t| t.gears = Gears::batch("1,2").unwrap();
        "gears-nothing-free" "E10012" "--input_shape" "no dim is -1" |_, t| {
            shape(t, "x:1,1,4,4");
            t.gears = Gears::batch("1,2").unwrap();
        };
        "gears-range" "E10040" "--input_shape" "~" |_, t| {
            shape(t, "x:1~4,1,4,4");
            t.gears = Gears::batch("1,2").unwrap();
        };
        "gears-batch-axis" "E10018" "x" "first dim" |_, t| {
            shape(t, "x:1,1,-1,4");
            t.gears = Gears::batch("1,2").unwrap();
        };
        "gears-image-axes" "E10019" "x" "height and width" |_, t| {
            shape(t, "x:-1,1,4,4");
            t.gears = Gears::image("4,4;8,8").unwrap();
        };
        "gears-dims-count" "E10045" "--dynamic_dims" "1 times -1" |_, t| {
            shape(t, "x:-1,1,4,4");
            t.gears = Gears::dims("1,2;3,4").unwrap();
        };
        "gears-many" "E10036" "--dynamic_batch_size" "101 gears; at most 100" |_, t| {
            shape(t, "x:-1,1,4,4");
            t.gears = Gears::Batch((1..=101).collect());
        };
        "dynamic-without-gears" "EZ3002" "x" "x:1,1,4,4" |m, t| {
            *m = classifier();
            t.soc = EDGE.into();
        };
        "gears-input" "E10004" "other" "does not name it" |m, t| {
            let other = ValueInfo::tensor("other", DataType::F32, Some(&[Dim::Unknown]));
            graph(m).input.push(other);
            shape(t, "x:-1,1,4,4");
            t.gears = Gears::batch("1,2").unwrap();
        };
        "dynamic-shape" _ "x" "--dynamic-batch-size" |m, _| *m = classifier();
        "shape-conflict" "E19999" "conv" "2 channels" |m, t| {
            *m = classifier();
            shape(t, "x:1,2,4,4");
        };
        "shape-declared" _ "y" "[1, 65]" |m, _| {
            graph(m).output[0] = ValueInfo::tensor("y", DataType::F32, Some(&[1, 65].map(Dim::Fixed)));
        };
        "shape-declared" _ "relu_output_0" "[1, 2, 4, 4]" |m, _| {
            let claim = ValueInfo::tensor("relu_output_0", DataType::F32, Some(&[Dim::Fixed(1)]));
            graph(m).value_info.push(claim);
        };
        "constant-declared" _ "kernel" "[3, 1, 3, 3]" |m, _| {
            let dims = [3, 1, 3, 3].map(Dim::Fixed);
            graph(m).input.push(ValueInfo::tensor("kernel", DataType::F32, Some(&dims)));
        };
        "fp16-range" _ "big" "-1e9" |m, _| {
            constant(m, "big", &[2], &[0.0, -1e9]);
            add(m, "Add", &["big", "big"], vec![]);
        };
        "fp16-zero" _ "eps" "1e-12" |m, _| {
            constant(m, "eps", &[], &[1e-12]);
            add(m, "Add", &["x", "eps"], vec![]);
        };
        "int64-input" _ "ids" "int32" |m, _| {
            let ids = ValueInfo::tensor("ids", DataType::I64, Some(&[Dim::Fixed(8)]));
            graph(m).input.push(ids);
        };
        "float64" _ "d" "model.float()" |m, _| {
            let input = ValueInfo::tensor("d", DataType::F64, Some(&[Dim::Fixed(8)]));
            graph(m).input.push(input);
        };
        "fp16-default" _ "" "high_precision" |_, _| {};
        "shape-chain" _ "it" "--simplify" |m, _| add(m, "Shape", &["x"], vec![]);
        "data-dependent" _ "it" "NonZero" |m, _| add(m, "NonZero", &["x"], vec![]);
        "resize-mode" _ "it" "mode=cubic" |m, _| {
            add(m, "Resize", &["x"], vec![Attribute::string("mode", "cubic")]);
        };
        "many-transposes" _ "t0" "8 of the model's" |m, _| {
            for index in 0..8 {
                let mut transpose = node("Transpose", &["x"], vec![]);
                transpose.name = format!("t{index}");
                transpose.output[0] = format!("t{index}_0");
                graph(m).node.push(transpose);
            }
        };
        "unfused-pattern" _ "it" "SiLU" |m, _| {
            add(m, "Sigmoid", &["x"], vec![]);
            let mut product = node("Mul", &["x", "it_0"], vec![]);
            (product.name, product.output[0]) = ("mul".into(), "mul_0".into());
            graph(m).node.push(product);
        };
        "dropout-active" _ "it" "model.eval()" |m, _| {
            let yes = Tensor::new("yes", DataType::Bool, vec![], Bytes::from_static(&[1]));
            graph(m).initializer.push(yes);
            add(m, "Dropout", &["x", "", "yes"], vec![]);
        };
        "dropout-left" _ "it" "does nothing" |m, _| add(m, "Dropout", &["x"], vec![]);
        "batch-norm-training" _ "it" "model.eval()" |m, _| {
            opset(m, 14);
            constant(m, "c", &[1], &[1.0]);
            let mode = Attribute::int("training_mode", 1);
            add(m, "BatchNormalization", &["x", "c", "c", "c", "c"], vec![mode]);
        };
        "batch-norm-unfolded" _ "it" "folds" |m, _| {
            constant(m, "c", &[2], &[1.0, 1.0]);
            named(m, "relu").input[0] = "it_0".into();
            let norm = node("BatchNormalization", &["conv_output_0", "c", "c", "c", "c"], vec![]);
            graph(m).node.insert(1, norm);
        };
        "pytorch-dynamo" _ "" "dynamo=False" |m, _| {
            m.producer_name = "pytorch".into();
            import(m, "pkg.torch", 1);
        };
        "pytorch-export" _ "" "model.eval()" |m, _| {
            m.producer_name = "pytorch".into();
            opset(m, 20);
        };
    }
    .into()
}

fn rename_input(model: &mut Model, name: &str) {
    graph(model).input[0].name = name.into();
    named(model, "conv").input[0] = name.into();
}

#[test]
fn each_rule_is_broken_and_told() {
    for case in cases() {
        let (mut model, mut target) = (sound(), Target::new(SERVER));
        (case.damage)(&mut model, &mut target);
        let findings = check(&model, &target);
        let of_rule = findings.iter().filter(|finding| finding.rule == case.rule);
        let is_told = |finding: &&Finding| {
            let named = finding
                .places
                .iter()
                .any(|place| place.name() == case.place);
            named && (finding.message.contains(case.part) || finding.remedy.contains(case.part))
        };
        let Some(finding) = of_rule.clone().find(is_told) else {
            panic!("{}, {:?}: {findings:#?}", case.rule, case.part);
        };
        assert_eq!(finding.code, case.code, "{}", case.rule);
        assert!(!finding.remedy.is_empty(), "{finding}");
        let line = finding.to_string();
        assert!(line.contains(case.code.unwrap_or_default()), "{line}");
    }
}

#[test]
fn every_rule_has_a_case_and_a_row_in_the_docs() {
    let mut covered: BTreeSet<&str> = cases().iter().map(|case| case.rule).collect();
    covered.extend(GEARS.iter().map(|row| row.3));
    let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(rules.len(), RULES.len(), "a name is there twice");
    assert_eq!(covered, rules);
    let docs = include_str!("../../docs/check.md");
    for rule in RULES {
        let code = match rule.code {
            Some(code) if rule.code_is_assumed => format!("{code}*"),
            Some(code) => code.to_owned(),
            None => "–".to_owned(),
        };
        let row = format!("| `{}` | {} | {code} |", rule.id, rule.severity);
        assert!(docs.contains(&row), "docs/check.md lacks the row {row}");
    }
    let table = docs.split("## Findings").nth(1).unwrap();
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        let id = row.split('`').nth(1).unwrap();
        assert!(
            rules.contains(id) || id == "cpu-device",
            "docs/check.md has the row {row}"
        );
    }
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

/// Shapes that cannot be, each with what the message says.
#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn shapes_that_contradict_each_other_are_told() {
    type Shape = (&'static str, &'static str, fn(&mut Model));
    let cases: &[Shape] = &[
        ("conv", "bias of 3", |m| {
            constant(m, "bias", &[3], &[0.0; 3]);
            named(m, "conv").input.push("bias".into());
        }),
        ("conv", "groups", |m| {
            named(m, "conv").attribute.push(Attribute::int("group", 2));
        }),
        ("conv", "kernel_shape [5, 5]", |m| {
            named(m, "conv").attribute[0] = Attribute::ints("kernel_shape", [5, 5]);
        }),
        ("conv", "larger than its padded input", |m| {
            named(m, "conv").attribute = vec![Attribute::ints("dilations", [9, 9])];
        }),
        ("conv", "2 strides", |m| {
            named(m, "conv").attribute = vec![Attribute::ints("pads", [1, 1])];
        }),
        ("flat", "which has 32 elements", |m| {
            graph(m).initializer.retain(|tensor| tensor.name != "shape");
            ints(m, "shape", &[-1, 33]);
        }),
        ("flat", "open", |m| {
            graph(m).initializer.retain(|tensor| tensor.name != "shape");
            ints(m, "shape", &[-1, -1]);
        }),
        ("scores", "32 columns with 31 rows", |m| {
            graph(m).initializer.retain(|tensor| tensor.name != "dense");
            constant(m, "dense", &[31, 64], &[0.0; 31 * 64]);
        }),
        ("softmax", "axis 5", |m| {
            named(m, "softmax").attribute = vec![Attribute::int("axis", 5)];
        }),
        ("it", "[1, 2, 4, 4] and [5]", |m| {
            constant(m, "five", &[5], &[0.0; 5]);
            add(m, "Add", &["relu_output_0", "five"], vec![]);
        }),
        ("it", "[1, 2, 4, 4] and [1, 1, 3, 3]", |m| {
            constant(m, "odd", &[1, 1, 3, 3], &[0.0; 9]);
            add(
                m,
                "Concat",
                &["relu_output_0", "odd"],
                vec![Attribute::int("axis", 1)],
            );
        }),
        ("it", "[0, 0]", |m| {
            add(
                m,
                "Transpose",
                &["y"],
                vec![Attribute::ints("perm", [0, 0])],
            );
        }),
        ("it", "64 columns with 2 rows", |m| {
            constant(m, "w", &[2, 4], &[0.0; 8]);
            add(m, "Gemm", &["y", "w"], vec![]);
        }),
        ("it", "cannot add [3]", |m| {
            constant(m, "w", &[64, 4], &[0.0; 256]);
            constant(m, "c", &[3], &[0.0; 3]);
            add(m, "Gemm", &["y", "w", "c"], vec![]);
        }),
        ("it", "scale has 3 numbers", |m| {
            constant(m, "three", &[3], &[0.0; 3]);
            let inputs = ["relu_output_0", "three", "three", "three", "three"];
            add(m, "BatchNormalization", &inputs, vec![]);
        }),
        ("it", "whose extent is 2", |m| {
            add(
                m,
                "Squeeze",
                &["relu_output_0"],
                vec![Attribute::ints("axes", [1])],
            );
        }),
        ("it", "takes number 7", |m| {
            ints(m, "seven", &[7]);
            add(
                m,
                "Gather",
                &["relu_output_0", "seven"],
                vec![Attribute::int("axis", 1)],
            );
        }),
        ("it", "Split cuts axis 1", |m| {
            let attributes = vec![Attribute::int("axis", 1), Attribute::ints("split", [3])];
            add(m, "Split", &["relu_output_0"], attributes);
        }),
        ("it", "cannot stretch", |m| {
            ints(m, "to", &[1, 3, 4, 4]);
            add(m, "Expand", &["relu_output_0", "to"], vec![]);
        }),
    ];
    for (name, part, damage) in cases {
        let mut model = sound();
        damage(&mut model);
        let findings = check(&model, &Target::new(SERVER));
        let is_it = |finding: &&Finding| finding.rule == "shape-conflict";
        let Some(finding) = findings.iter().find(is_it) else {
            panic!("{part}: {findings:#?}");
        };
        assert_eq!(finding.places[0].name(), *name, "{finding}");
        assert!(finding.message.contains(part), "{finding}");
        let errors = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error);
        assert_eq!(errors.count(), 1, "one cause, one error: {findings:#?}");
    }
}

/// Operators that change a shape of [1, 2, 4, 4], each with the shape that the next one reads.
#[test]
fn shapes_are_followed_through_what_changes_them() {
    type Follow = (
        &'static str,
        &'static [&'static str],
        Vec<Attribute>,
        &'static str,
    );
    let pool = |extra: Vec<Attribute>| {
        let kernel = Attribute::ints("kernel_shape", [3, 3]);
        [vec![kernel], extra].concat()
    };
    let lists = || ["strides", "pads", "dilations"].map(|name| Attribute::ints(name, Vec::new()));
    let same = vec![
        Attribute::string("auto_pad", "SAME_UPPER"),
        Attribute::ints("strides", [2, 2]),
    ];
    let both = vec![
        Attribute::ints("axes", [2, 3]),
        Attribute::int("keepdims", 0),
    ];
    let cases: [Follow; 9] = [
        ("Pad", &["", "pads"], vec![], "[1, 2, 6, 6]"),
        ("Slice", &["", "one", "last", "two"], vec![], "[1, 2, 3, 4]"),
        ("Resize", &["", "none", "scales"], vec![], "[1, 2, 8, 12]"),
        ("Tile", &["", "repeats"], vec![], "[1, 2, 8, 4]"),
        ("MaxPool", &[""], pool(same), "[1, 2, 2, 2]"),
        ("MaxPool", &[""], pool(lists().to_vec()), "[1, 2, 2, 2]"),
        ("ReduceMax", &[""], both, "[1, 2]"),
        (
            "ArgMax",
            &[""],
            vec![Attribute::int("axis", 1)],
            "[1, 1, 4, 4]",
        ),
        (
            "DepthToSpace",
            &["four"],
            vec![Attribute::int("blocksize", 2)],
            "[1, 1, 4, 4]",
        ),
    ];
    for (operator, inputs, attributes, expected) in cases {
        let mut model = sound();
        constant(&mut model, "five", &[5], &[0.0; 5]);
        constant(&mut model, "four", &[1, 4, 2, 2], &[0.0; 16]);
        constant(&mut model, "scales", &[4], &[1.0, 1.0, 2.0, 3.0]);
        constant(&mut model, "none", &[0], &[]);
        ints(&mut model, "pads", &[0, 0, 1, 1, 0, 0, 1, 1]);
        ints(&mut model, "repeats", &[1, 1, 2, 1]);
        ints(&mut model, "one", &[1]);
        ints(&mut model, "two", &[2]);
        ints(&mut model, "last", &[i64::MAX]);
        let mut through = node(operator, inputs, attributes);
        if inputs[0].is_empty() {
            through.input[0] = "relu_output_0".into();
        }
        (through.name, through.output) = ("through".into(), vec!["through_0".into()]);
        graph(&mut model).node.push(through);
        add(&mut model, "Add", &["through_0", "five"], vec![]);
        let findings = check(&model, &Target::new(SERVER));
        let mut conflicts = findings
            .iter()
            .filter(|finding| finding.rule == "shape-conflict");
        let told = conflicts.next().map(|finding| finding.message.as_str());
        let expected = format!("{expected} and [5]");
        assert!(
            told.is_some_and(|told| told.contains(&expected)),
            "{operator}: {findings:#?}"
        );
        assert_eq!(conflicts.next(), None, "{operator}");
    }
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
