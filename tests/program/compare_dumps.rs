//! `ascend compare` with what devices dumped.

use std::fs;
use std::path::Path;

use ascend_graph::dump::{DumpFile, DumpTensor, OriginalOp};
use ascend_graph::om::Format;
use ascend_rt::DataType;

use super::compare::{folder, report};
use super::path;

/// Writes what an operator gave, as a device does that computes in half precision.
pub(super) fn dump(folder: &Path, name: &str, node: &str, origin: &str, values: &[f32]) {
    let half = values
        .iter()
        .flat_map(|value| half::f16::from_f32(*value).to_le_bytes());
    let mut output = DumpTensor::new(DataType::F16, vec![4], half.collect::<Vec<_>>().into());
    output.original = Some(OriginalOp {
        name: origin.to_owned(),
        output: 0,
        dtype: DataType::F32,
        format: Format::ND,
    });
    let mut file = DumpFile::new(node);
    file.outputs = vec![output];
    fs::write(folder.join(name), file.to_rope().unwrap().to_bytes()).unwrap();
}

/// A dump as a chip makes it: fused operators, half precision, files called after operators.
#[test]
fn dumps_are_matched_by_what_nodes_were_called() {
    let (folder, net, input) = folder();
    let inner = folder.path().join("dump/20260101000000/0/net/1/0");
    fs::create_dir_all(&inner).unwrap();
    dump(
        &inner,
        "Mul.scale.1.0.10",
        "scale",
        "scale",
        &[2.0, 4.0, -6.0, 0.5],
    );
    dump(
        &inner,
        "Fused._shiftclamp.2.0.20",
        "/shiftclamp",
        "clamp",
        &[1.0, 3.0, 0.0, 0.0],
    );
    // what overflowed is told beside the values
    dump(&inner, "Opdebug.Node_OpDebug.3.0.30", "", "", &[0.0; 4]);
    let dumps = folder.path().join("dump");
    let arguments = [path(&net), path(&dumps), "--input", path(&input)];
    let (code, found) = report(&arguments);
    assert!(!found.to_string().contains("OpDebug"), "{found:#}");
    assert_eq!(
        (code, &found["agree"], &found["differ"]),
        (0, &2.into(), &0.into()),
        "{found:#}"
    );
    let matched = |place: usize| {
        found["values"][place]["matched"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(matched(0), "by the node's name");
    assert_eq!(matched(1), "by the name before compilation");
    dump(
        &inner,
        "Fused._shiftclamp.2.0.20",
        "/shiftclamp",
        "clamp",
        &[1.0, 3.0, 0.0, 9.0],
    );
    fs::write(inner.join("Relu.cut.3.0.30"), [1, 2, 3]).unwrap();
    let (code, found) = report(&arguments);
    assert_eq!((code, &found["first_bad"]["node"]), (1, &"clamp".into()));
    // what it reads was not dumped
    assert_eq!(found["first_bad"]["cause"], "unsure");
    assert!(
        found["notes"].to_string().contains("Relu.cut"),
        "{}",
        found["notes"]
    );
    // two folders of dumps need no model
    let (code, found) = report(&[path(&dumps), path(&dumps)]);
    assert_eq!((code, &found["agree"]), (0, &2.into()));
}
