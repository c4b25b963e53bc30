//! What a user does with an `.om`: opens it, looks at all that it tells, and takes its weights out.

use std::fmt::Write;
use std::hint::black_box;

use ascend_graph::om::{Constant, Contents, OmFile, OmModel};
use bytes::Bytes;

/// Weights that repeat a few bytes are small in the file alone: a second's work is enough.
const MEMORY: usize = 16 << 20;

/// Opens a file and looks at all there is in it; then opens it as a loader does.
pub fn describe(file: &[u8]) {
    let file = Bytes::copy_from_slice(file);
    match OmFile::open(&file) {
        Ok(om) => look(&om, &mut MEMORY.clone()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    if let Ok(model) = OmModel::open(&file) {
        black_box((
            model.cpu_programs(),
            model.cpu_onnx(),
            model.cpu_weight_bytes(),
        ));
    }
}

fn look(om: &OmFile, left: &mut usize) {
    black_box((om.name(), om.kind.description(), &om.header));
    for model in om.models() {
        look_at_model(model, left);
    }
    if let Contents::Archive(archive) = &om.contents {
        black_box((&archive.manifest, archive.entries.len()));
    }
    for (name, inner) in om.files() {
        black_box(name);
        look(inner, left);
    }
}

fn look_at_model(model: &OmModel, left: &mut usize) {
    let mut text = String::new();
    write!(text, "{:?} {:?} {:?}", model.io, model.aipp, model.warnings).unwrap();
    black_box((
        text,
        model.work_bytes(),
        model.weight_bytes(),
        model.needs(),
    ));
    black_box((
        model.memory_blocks(),
        model.task_operators(),
        model.option("mode"),
    ));
    black_box((model.io.gears(), model.model.external_weights()));
    for kernel in &model.kernels {
        black_box((&kernel.name, &kernel.library, kernel.is_elf()));
    }
    for task in model.task.iter().flat_map(|task| &task.task) {
        black_box((task.name(), task.kernel()));
    }
    for graph in &model.model.graph {
        black_box((graph.op_types(), graph.output_formats()));
        match graph.wiring() {
            Ok(wiring) => assert_eq!(wiring.order.len(), graph.op.len()),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
        black_box(graph.op.iter().filter(|op| op.lacks_attributes()).count());
    }
    for constant in &model.constants {
        unpack(constant, left);
    }
}

fn unpack(constant: &Constant, left: &mut usize) {
    let Ok(bytes) = constant.bytes() else { return };
    // Constants may share the bytes of the file.
    match left.checked_sub(bytes.len()) {
        Some(rest) => *left = rest,
        None => return,
    }
    if let Ok(plain) = constant.unpack() {
        assert!(plain.data.len() <= bytes.len());
        let count = plain
            .dims
            .iter()
            .try_fold(1_u64, |all, &dim| all.checked_mul(dim.try_into().ok()?));
        if let Some(count) = count {
            assert_eq!(plain.dtype.bytes_of(count), Some(plain.data.len() as u64));
        }
    }
}
