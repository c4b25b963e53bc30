//! What nodes give, compared: rounding as a chip rounds, and the values between nodes.

use ascend_graph::onnx::{Builder, Model, Precision};
use ascend_rt::compare::{Cause, Feed, Scope, Side, Verdict, compare};
use ascend_rt::{DataType, Device};
use half::{bf16, f16};

use super::*;

const FAMILIES: &str = "tests/data/families";

fn device() -> Device {
    Acl::mock(MockConfig::default()).unwrap().device(0).unwrap()
}

fn model(family: &str) -> (Model, Feed) {
    let at = |part: &str| format!("{FAMILIES}/{family}.{part}");
    let (model, _) = convert::to_onnx(at("onnx").as_ref(), &Options::default()).unwrap();
    let inputs = (0..).map(|index| at(&format!("in{index}.npy")));
    let inputs = inputs.take_while(|path| Path::new(path).exists());
    let feed = inputs.map(|path| (None, Tensor::read_npy(path).unwrap()));
    (model, Feed::new(feed.collect()))
}

/// Numbers of every size, those half way between two of `float16` or `bfloat16`, and what is beyond.
fn numbers() -> Vec<f32> {
    let mut state = 1_u32;
    let mut numbers: Vec<f32> = (0..20_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f32::from_bits(state)
        })
        .filter(|number| !number.is_nan())
        .collect();
    for bits in (0..0x7c00_u16).step_by(7) {
        let (low, high) = (f16::from_bits(bits), f16::from_bits(bits + 1));
        let middle = f32::midpoint(low.to_f32(), high.to_f32().min(65_536.0));
        numbers.extend([middle, -middle, low.to_f32(), middle * 1.000_000_2]);
    }
    let odd = [
        0.0,
        65_504.0,
        65_519.99,
        65_520.0,
        65_536.0,
        1e38,
        f32::INFINITY,
    ];
    numbers.extend(odd.into_iter().flat_map(|odd| [odd, -odd]));
    numbers
}

#[test]
#[allow(
    clippy::float_cmp,
    reason = "rounded numbers are exactly those of the type"
)]
fn a_rounded_model_gives_what_the_type_holds() {
    let numbers = numbers();
    let mut graph = Builder::new("same", 13);
    let len = i64::try_from(numbers.len()).unwrap();
    let x = graph.input("x", DataType::F32, &[len.into()]);
    graph.node_to("Floor", "down", &[&x], &["z"], []);
    graph.output("z", DataType::F32, &[len.into()]);
    let one = graph.initializer(
        "one",
        DataType::F32,
        &[1],
        1.0_f32.to_le_bytes().to_vec().into(),
    );
    graph.node_to("Mul", "same", &[&x, &one], &["y"], []);
    graph.output("y", DataType::F32, &[len.into()]);
    let model = graph.build().unwrap();
    let bytes: Vec<u8> = numbers
        .iter()
        .flat_map(|number| number.to_ne_bytes())
        .collect();
    for precision in [Precision::F16, Precision::BF16] {
        let rounded = model.rounded(precision, |_| false).unwrap();
        assert_eq!((rounded.constants, rounded.values), (1, 3));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rounded.onnx");
        std::fs::write(&path, rounded.model.to_rope().to_bytes()).unwrap();
        let (_om, om) = converted(&path, &Options::default()).unwrap();
        let mut session = session(&om).unwrap();
        let shape = [numbers.len()];
        let input = Input::from_bytes(DataType::F32, &shape, &bytes).unwrap();
        let outputs = session.run(&[input]).unwrap();
        let found = outputs.by_name("y").unwrap().to_f32().unwrap();
        for (number, found) in numbers.iter().zip(found) {
            let wide = match precision {
                Precision::F16 => f16::from_f32(*number).to_f32(),
                Precision::BF16 => bf16::from_f32(*number).to_f32(),
            };
            // only the sign of a zero may get lost
            assert!(
                wide == found,
                "{number:e} became {found:e}, and is {wide:e} in {precision:?}"
            );
        }
    }
}

/// The inputs are fixed, and how many outputs there are follows from their elements.
#[test]
fn outputs_of_a_length_that_elements_decide_are_given() {
    let mut graph = Builder::new("which", 13);
    let x = graph.input("x", DataType::F32, &[4.into()]);
    graph.node_to("NonZero", "which", &[&x], &["y"], []);
    graph.output("y", DataType::I64, &[1.into(), "count".into()]);
    let model = graph.build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("which.onnx");
    std::fs::write(&path, model.to_rope().to_bytes()).unwrap();
    let (_om, om) = converted(&path, &Options::default()).unwrap();
    let mut session = session(&om).unwrap();
    let x = ndarray::arr1(&[0.0_f32, 5.0, 0.0, 7.0]);
    let outputs = session.run(&[(&x).into()]).unwrap();
    let y = outputs.array::<i64>(0).unwrap();
    assert_eq!(
        (y.shape(), y.iter().copied().collect::<Vec<_>>()),
        (&[1, 2][..], vec![1, 3])
    );
}

/// Every value between the nodes of real networks can be had, and is the same twice.
#[test]
fn networks_agree_with_themselves_in_all_values() {
    let device = device();
    for family in ["resnet", "bert", "yolo_v5", "crnn"] {
        let (model, feed) = model(family);
        let side = || {
            let mut side = Side::network(model.clone(), &device, &Options::default()).unwrap();
            side.feed(&feed).unwrap();
            side
        };
        let scope = Scope {
            memory_bytes: 1 << 20,
            ..Scope::default()
        };
        let found = compare(&mut side(), &mut side(), &scope, &mut |_, _| ()).unwrap();
        assert!(found.is_same(), "{family}");
        for row in &found.rows {
            let name = &row.value.node;
            assert_eq!(
                row.verdict,
                Verdict::Good,
                "{family}: {name}: {:?}",
                row.reason
            );
            assert_eq!(
                row.figures.as_ref().unwrap().different,
                0,
                "{family}: {name}"
            );
        }
        let nodes = model.node_values().unwrap().len();
        assert_eq!(
            (found.rows.len(), found.first_bad()),
            (nodes, None),
            "{family}"
        );
    }
}

/// A weight in the middle of a network is changed: just the node that reads it is told.
#[test]
fn a_planted_error_is_found_where_it_was_planted() {
    let device = device();
    for family in ["resnet", "bert", "mobilenet_v3", "vit"] {
        let (model, feed) = model(family);
        let mut other = model.clone();
        let (node, label) = plant(&mut other);
        let mut sides = [model, other].map(|model| {
            let mut side = Side::network(model, &device, &Options::default()).unwrap();
            side.feed(&feed).unwrap();
            side
        });
        let [a, b] = &mut sides;
        let found = compare(a, b, &Scope::default(), &mut |_, _| ()).unwrap();
        let (place, cause) = found.first_bad().unwrap();
        let row = &found.rows[place];
        assert_eq!(
            (&row.value.node, cause),
            (&label, Cause::Node),
            "{family}: {:?}",
            row.reason
        );
        let of_node = |read: &usize| a.values()[*read].node != label;
        assert!(row.value.reads.iter().all(of_node), "{family}: {node}");
        let before = &found.rows[..place];
        assert!(
            before.iter().all(|row| row.verdict == Verdict::Good),
            "{family}"
        );
    }
}

/// Changes one element of the largest weight of the middle half of the nodes; gives which and whose.
fn plant(model: &mut Model) -> (usize, String) {
    let graph = model.graph.as_mut().unwrap();
    let count = graph.node.len();
    let middle = count / 4..count * 3 / 4;
    let weights: Vec<(usize, usize)> = middle
        .filter(|&node| ["Conv", "MatMul", "Gemm"].contains(&graph.node[node].op_type.as_str()))
        .filter_map(|node| {
            let name = graph.node[node].input.get(1)?;
            let weight = graph
                .initializer
                .iter()
                .position(|tensor| tensor.name == *name)?;
            // one that no other node reads
            let readers = graph.node.iter().filter(|node| node.input.contains(name));
            (readers.count() == 1).then_some((node, weight))
        })
        .collect();
    let (node, weight) = weights[weights.len() / 2];
    let tensor = &mut graph.initializer[weight];
    let mut bytes = tensor.bytes().unwrap().to_vec();
    // the output of one channel doubles
    let elements = bytes.len() / 4;
    for element in bytes
        .as_chunks_mut::<4>()
        .0
        .iter_mut()
        .take(elements / 8 + 1)
    {
        let value = f32::from_le_bytes(*element) * 2.0 + 0.05;
        *element = value.to_le_bytes();
    }
    tensor.float_data.clear();
    tensor.raw_data = bytes.into();
    (node, graph.node[node].label(node))
}
