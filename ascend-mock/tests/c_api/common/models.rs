//! Small models, and datasets to run them with.

use std::ffi::CString;
use std::path::PathBuf;

use ascend_graph::DataType;
use ascend_graph::om::{Format, InOut, IoTensor, Program, WeightFiles, split_weights};
use ascend_graph::onnx::{Builder, Dim};
use ascend_mock::SOC_NAME;
use ascend_sys::{aclDataBuffer, aclDataType, aclFormat, aclTensorDesc, aclmdlDataset, aclmdlDesc};
use bytes::Bytes;

use super::{Raw, Rig};

/// Elements of the static model's tensors.
pub(crate) const COUNT: usize = 64;
pub(crate) const BYTES: usize = COUNT * 4;

/// `y = relu(x + shift)`, where `shift` is −1 everywhere, for `x` of 64 numbers.
pub(crate) fn fixed() -> Vec<u8> {
    fixed_for(SOC_NAME, "1")
}

/// The same for another chip, or with a program of another version.
pub(crate) fn fixed_for(soc: &str, version: &str) -> Vec<u8> {
    let dims = [Dim::Fixed(64)];
    let mut graph = Builder::new("fixed", 13);
    let input = graph.input("x", DataType::F32, &dims);
    let shift = (-1_f32).to_le_bytes().repeat(COUNT);
    let shift = graph.initializer("shift", DataType::F32, &[COUNT], shift.into());
    let sum = graph.node("Add", "add", &[&input, &shift], []);
    graph.node_to("Relu", "relu", &[&sum], &["y"], []);
    graph.output("y", DataType::F32, &dims);
    let tensor = |name| IoTensor::new(name, DataType::F32, Format::ND, &[64]);
    write(graph, &io(tensor("x"), tensor("y")), soc, version)
}

/// `y = x + x` for `x` of 1 to 8 rows of 3 numbers.
pub(crate) fn dynamic() -> Vec<u8> {
    let dims = [Dim::Named("rows".into()), Dim::Fixed(3)];
    let mut graph = Builder::new("dynamic", 13);
    let input = graph.input("x", DataType::F32, &dims);
    graph.node_to("Add", "add", &[&input, &input], &["y"], []);
    graph.output("y", DataType::F32, &dims);
    let mut input = IoTensor::new("x", DataType::F32, Format::ND, &[-1, 3]);
    input.ranges = vec![[1, 8], [3, 3]];
    let output = IoTensor::new("y", DataType::F32, Format::ND, &[-1, 3]);
    write(graph, &io(input, output), SOC_NAME, "1")
}

fn io(input: IoTensor, output: IoTensor) -> InOut {
    InOut {
        inputs: vec![input],
        outputs: vec![output],
        ..InOut::default()
    }
}

fn write(graph: Builder, io: &InOut, soc: &str, version: &str) -> Vec<u8> {
    let model = graph.build().unwrap();
    let split = split_weights(&model).unwrap();
    let program = split.model.to_rope();
    let file = Program {
        name: "model",
        model: &model,
        split: &split,
        io,
        aipp: &[],
        files: WeightFiles::None,
        soc_version: soc,
        tool_version: "1",
        command_line: "a test",
        memory_bytes: 4096,
        program_version: version,
        onnx: Some(&program),
        programs: std::slice::from_ref(&program),
    };
    file.to_rope().unwrap().to_bytes().to_vec()
}

/// A real file of a current compiler, for a chip; `None` where the fixtures are not at hand.
pub(crate) fn real() -> Option<(CString, Bytes)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/fixtures/om");
    let path = folder.join("ge_root_model.om");
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    };
    Some((CString::new(path.to_str().unwrap()).unwrap(), bytes.into()))
}

pub(crate) fn floats(bytes: &[u8]) -> Vec<f32> {
    let words = bytes.chunks_exact(4);
    words
        .map(|word| f32::from_le_bytes(word.try_into().unwrap()))
        .collect()
}

pub(crate) fn bytes(floats: &[f32]) -> Vec<u8> {
    floats.iter().copied().flat_map(f32::to_le_bytes).collect()
}

impl Rig {
    pub(crate) fn load(&self, model: &[u8]) -> u32 {
        let mut id = 0;
        let (start, len) = (model.as_ptr().cast(), model.len());
        assert_eq!(acl!(self.aclmdlLoadFromMem(start, len, &raw mut id)), 0);
        id
    }

    pub(crate) fn describe(&self, id: u32) -> *mut aclmdlDesc {
        let desc = acl!(self.aclmdlCreateDesc());
        assert_eq!(acl!(self.aclmdlGetDesc(desc, id)), 0);
        desc
    }

    pub(crate) fn buffer(&self, address: Raw, bytes: usize) -> *mut aclDataBuffer {
        acl!(self.aclCreateDataBuffer(address, bytes))
    }

    /// A dataset of one buffer.
    pub(crate) fn dataset(&self, address: Raw, bytes: usize) -> *mut aclmdlDataset {
        let dataset = acl!(self.aclmdlCreateDataset());
        let buffer = self.buffer(address, bytes);
        assert_eq!(acl!(self.aclmdlAddDatasetBuffer(dataset, buffer)), 0);
        dataset
    }

    /// Device memory with `data` in it, as a dataset.
    pub(crate) fn input(&self, data: &[f32]) -> *mut aclmdlDataset {
        let data = bytes(data);
        let address = self.malloc(data.len());
        self.upload(address, &data);
        self.dataset(address, data.len())
    }

    /// The one buffer of `dataset`, and the memory that it names.
    pub(crate) fn memory(&self, dataset: *mut aclmdlDataset) -> (*mut aclDataBuffer, Raw) {
        let buffer = acl!(self.aclmdlGetDatasetBuffer(dataset, 0));
        assert!(!buffer.is_null());
        (buffer, acl!(self.aclGetDataBufferAddr(buffer)))
    }

    /// What that memory holds.
    pub(crate) fn output(&self, dataset: *mut aclmdlDataset) -> Vec<f32> {
        let (buffer, address) = self.memory(dataset);
        let bytes = acl!(self.aclGetDataBufferSizeV2(buffer));
        floats(&self.download(address, bytes))
    }

    /// Device memory for the static model's output, as a dataset.
    pub(crate) fn empty(&self) -> *mut aclmdlDataset {
        self.dataset(self.malloc(BYTES), BYTES)
    }

    pub(crate) fn shape(&self, dims: &[i64]) -> *mut aclTensorDesc {
        let (kind, format) = (aclDataType::ACL_FLOAT, aclFormat::ACL_FORMAT_ND);
        let rank = i32::try_from(dims.len()).unwrap();
        acl!(self.aclCreateTensorDesc(kind, rank, dims.as_ptr(), format))
    }

    pub(crate) fn set_shape(&self, dataset: *mut aclmdlDataset, dims: &[i64]) {
        let desc = self.shape(dims);
        assert_eq!(acl!(self.aclmdlSetDatasetTensorDesc(dataset, desc, 0)), 0);
        acl!(self.aclDestroyTensorDesc(desc));
    }

    /// What the dataset says of its tensor's shape.
    pub(crate) fn told_shape(&self, dataset: *mut aclmdlDataset) -> Option<Vec<i64>> {
        let desc = acl!(self.aclmdlGetDatasetTensorDesc(dataset, 0));
        if desc.is_null() {
            return None;
        }
        let rank = acl!(self.aclGetTensorDescNumDims(desc));
        let dim = |index| acl!(self.aclGetTensorDescDim(desc, index));
        Some((0..rank).map(dim).collect())
    }
}
