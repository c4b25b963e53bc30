//! One broken model for each rule.

use std::collections::BTreeSet;

use crate::common::classifier;
use crate::{
    EDGE, GEARS, SERVER, add, add_of, branch, branches, constant, external, graph, import, named,
    node, opset, shape, sound,
};
use ascend_graph::atc::{Finding, RULES, Target, check};
use ascend_graph::onnx::{Attribute, Dim, Model, Tensor, ValueInfo};
use ascend_graph::{DataType, Gears};
use bytes::Bytes;

/// A model that breaks one rule.
pub(super) struct Case {
    rule: &'static str,
    code: Option<&'static str>,
    /// The node, input or else where it is.
    place: &'static str,
    /// What the message or the remedy says.
    part: &'static str,
    pub(super) damage: fn(&mut Model, &mut Target),
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
pub(super) fn cases() -> Vec<Case> {
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
    let docs = include_str!("../../../docs/check.md");
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
