//! Shapes: those that contradict each other are told, and others are followed.

use crate::{SERVER, add, constant, graph, ints, named, node, sound};
use ascend_graph::atc::{Finding, Severity, Target, check};
use ascend_graph::onnx::{Attribute, Model};

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
