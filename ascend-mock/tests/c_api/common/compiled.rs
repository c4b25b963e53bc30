//! Models from the compiler, and datasets of several buffers.

use ascend_graph::om::{Aipp, Bundle, WeightFiles};
use ascend_graph::onnx::{Attribute, Builder, Dim, Model};
use ascend_graph::{DataType, Gears, InputShape, Rope};
use ascend_mock::Engine;
use ascend_mock::compiler::{CompileError, CompileOptions, Summary, compile_model};
use ascend_sys::{aclDataBuffer, aclmdlDataset, aclmdlDesc};
use bytes::Bytes;

use super::models::floats;
use super::{Raw, Rig};

/// `y = pool(x) + bias`, and the shape of `x`, for `x` of `[n, 3, h, w]` and a bias for each picture.
pub(crate) fn pooled() -> Model {
    let mut graph = Builder::new("pooled", 13);
    let open = || Dim::Unknown;
    let x = graph.input("x", DataType::F32, &["n".into(), 3.into(), open(), open()]);
    let bias = graph.input(
        "bias",
        DataType::F32,
        &["n".into(), 1.into(), 1.into(), 1.into()],
    );
    let window = [
        Attribute::ints("kernel_shape", [2, 2]),
        Attribute::ints("strides", [2, 2]),
    ];
    let pooled = graph.node("MaxPool", "pool", &[&x], window);
    graph.node_to("Add", "sum", &[&pooled, &bias], &["y"], []);
    graph.output("y", DataType::F32, &["n".into(), 3.into(), open(), open()]);
    graph.node_to(
        "ReduceMax",
        "most",
        &[&x],
        &["most"],
        [Attribute::int("keepdims", 0)],
    );
    graph.output("most", DataType::F32, &[]);
    graph.build().unwrap()
}

/// `y = x * 1` for pictures.
pub(crate) fn identity(dtype: DataType, dims: &[Dim]) -> Model {
    let mut graph = Builder::new("identity", 13);
    let x = graph.input("x", dtype, dims);
    graph.node_to("Identity", "same", &[&x], &["y"], []);
    graph.output("y", dtype, dims);
    graph.build().unwrap()
}

/// `y = x W + b`, with weights that are worth a file.
pub(crate) fn dense() -> Model {
    let mut graph = Builder::new("dense", 13);
    let x = graph.input("x", DataType::F32, &["n".into(), 64.into()]);
    let weights = (0..64 * 64_u16).map(|index| f32::from(index % 7) - 3.0);
    let weights: Vec<u8> = weights.flat_map(f32::to_le_bytes).collect();
    let weights = graph.initializer("weights", DataType::F32, &[64, 64], weights.into());
    let bias: Vec<u8> = (0..64_u8)
        .flat_map(|index| f32::from(index).to_le_bytes())
        .collect();
    let bias = graph.initializer("bias", DataType::F32, &[64], bias.into());
    let product = graph.node("MatMul", "product", &[&x, &weights], []);
    graph.node_to("Add", "sum", &[&product, &bias], &["y"], []);
    graph.output("y", DataType::F32, &["n".into(), 64.into()]);
    graph.build().unwrap()
}

/// What the compiler is told, in the words of `atc`.
#[derive(Clone, Default)]
pub(crate) struct Told {
    pub(crate) shapes: &'static str,
    pub(crate) gears: Gears,
    pub(crate) aipp: String,
    pub(crate) files: WeightFiles,
}

impl Told {
    pub(crate) fn shapes(shapes: &'static str) -> Self {
        Self {
            shapes,
            ..Self::default()
        }
    }

    pub(crate) fn gears(shapes: &'static str, gears: ascend_graph::Result<Gears>) -> Self {
        Self {
            gears: gears.unwrap(),
            ..Self::shapes(shapes)
        }
    }

    pub(crate) fn aipp(shapes: &'static str, aipp: &str) -> Self {
        Self {
            aipp: aipp.to_owned(),
            ..Self::shapes(shapes)
        }
    }

    pub(crate) fn compile(&self, model: &Model) -> Result<(Bytes, Summary), CompileError> {
        self.compile_for(model, &super::engine())
    }

    pub(crate) fn compile_for(
        &self,
        model: &Model,
        engine: &Engine,
    ) -> Result<(Bytes, Summary), CompileError> {
        let shapes = self.shapes.split(';').filter(|shape| !shape.is_empty());
        let aipp = match self.aipp.as_str() {
            "" => Vec::new(),
            text => Aipp::parse(text).unwrap(),
        };
        let options = CompileOptions {
            model_name: "test".to_owned(),
            input_shapes: shapes
                .map(|shape| shape.parse::<InputShape>().unwrap())
                .collect(),
            gears: self.gears.clone(),
            aipp,
            weight_files: self.files,
            command_line: String::new(),
            engine: engine.clone(),
        };
        let mut file = Vec::new();
        let summary = compile_model(model.clone(), &options, &mut file)?;
        Ok((file.into(), summary))
    }

    pub(crate) fn file(&self, model: &Model) -> Bytes {
        self.compile(model).unwrap().0
    }

    pub(crate) fn refusal(&self, model: &Model) -> String {
        self.compile(model).expect_err("it is refused").to_string()
    }
}

pub(crate) fn bundle(models: &[Bytes], variables: u64) -> Bytes {
    Rope::to_bytes(&Bundle::write("bundle", variables, models).unwrap())
}

/// Numbers that differ from each other, between -8 and 8.
pub(crate) fn numbers(count: usize) -> Vec<f32> {
    let number = |index: usize| f32::from(u8::try_from(index * 37 % 251).unwrap()) / 16.0 - 8.0;
    (0..count).map(number).collect()
}

impl Rig {
    /// Adds `bytes` bytes of new device memory to a dataset.
    pub(crate) fn add(
        &self,
        dataset: *mut aclmdlDataset,
        bytes: usize,
    ) -> (*mut aclDataBuffer, Raw) {
        let address = self.malloc(bytes.max(1));
        let buffer = self.buffer(address, bytes);
        assert_eq!(acl!(self.aclmdlAddDatasetBuffer(dataset, buffer)), 0);
        (buffer, address)
    }

    /// A dataset with a buffer for each input, as large as the description says.
    pub(crate) fn inputs(&self, desc: *mut aclmdlDesc) -> *mut aclmdlDataset {
        let dataset = acl!(self.aclmdlCreateDataset());
        for index in 0..acl!(self.aclmdlGetNumInputs(desc)) {
            self.add(dataset, acl!(self.aclmdlGetInputSizeByIndex(desc, index)));
        }
        dataset
    }

    /// The same for the outputs.
    pub(crate) fn outputs(&self, desc: *mut aclmdlDesc) -> *mut aclmdlDataset {
        let dataset = acl!(self.aclmdlCreateDataset());
        for index in 0..acl!(self.aclmdlGetNumOutputs(desc)) {
            self.add(dataset, acl!(self.aclmdlGetOutputSizeByIndex(desc, index)));
        }
        dataset
    }

    pub(crate) fn nth(
        &self,
        dataset: *mut aclmdlDataset,
        index: usize,
    ) -> (*mut aclDataBuffer, Raw) {
        let buffer = acl!(self.aclmdlGetDatasetBuffer(dataset, index));
        assert!(!buffer.is_null());
        (buffer, acl!(self.aclGetDataBufferAddr(buffer)))
    }

    pub(crate) fn put(&self, dataset: *mut aclmdlDataset, index: usize, bytes: &[u8]) {
        self.upload(self.nth(dataset, index).1, bytes);
    }

    pub(crate) fn take(&self, dataset: *mut aclmdlDataset, index: usize, count: usize) -> Vec<f32> {
        floats(&self.download(self.nth(dataset, index).1, count * 4))
    }

    pub(crate) fn input_index(&self, desc: *mut aclmdlDesc, name: &std::ffi::CStr) -> usize {
        let mut index = 0;
        let code = acl!(self.aclmdlGetInputIndexByName(desc, name.as_ptr(), &raw mut index));
        assert_eq!(code, 0, "{name:?}");
        index
    }
}
