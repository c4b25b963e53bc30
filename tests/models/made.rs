//! Small networks that are compiled on the spot, and devices that record what is asked of them.

use ascend_graph::om::{Aipp, WeightFiles};
use ascend_graph::onnx::{Attribute, Builder, Dim, Model as Onnx};
use ascend_graph::{DataType, Gears, InputShape, Rope};
use ascend_mock::compiler::{CompileOptions, Summary, compile_model};
use ascend_mock::{Lease, MockConfig};
use ascend_rt::{Acl, Context, Model, Result, Session};
use ndarray::{ArrayD, IxDyn};
use std::sync::Arc;

/// `y = pool(x) + bias`, and the largest of `x`, for `x` of `[n, 3, h, w]` and a bias for each
/// picture.
pub(crate) fn pooled() -> Onnx {
    let mut graph = Builder::new("pooled", 13);
    let open = || Dim::Unknown;
    let x = graph.input("x", DataType::F32, &["n".into(), 3.into(), open(), open()]);
    let one = || Dim::from(1);
    let bias = graph.input("bias", DataType::F32, &["n".into(), one(), one(), one()]);
    let window = [
        Attribute::ints("kernel_shape", [2, 2]),
        Attribute::ints("strides", [2, 2]),
    ];
    let pooled = graph.node("MaxPool", "pool", &[&x], window);
    graph.node_to("Add", "sum", &[&pooled, &bias], &["y"], []);
    graph.output("y", DataType::F32, &["n".into(), 3.into(), open(), open()]);
    let whole = [Attribute::int("keepdims", 0)];
    graph.node_to("ReduceMax", "most", &[&x], &["most"], whole);
    graph.output("most", DataType::F32, &[]);
    graph.build().unwrap()
}

/// `y = x + x` for any shape; `name` is that of `x`.
pub(crate) fn doubled(name: &str, rank: usize) -> Onnx {
    let mut graph = Builder::new("doubled", 13);
    let dims = vec![Dim::Unknown; rank];
    let x = graph.input(name, DataType::F32, &dims);
    graph.node_to("Add", "sum", &[&x, &x], &["y"], []);
    graph.output("y", DataType::F32, &dims);
    graph.build().unwrap()
}

/// `y = x` for pictures `[n, channels, h, w]`.
pub(crate) fn same(dtype: DataType, channels: i64) -> Onnx {
    let mut graph = Builder::new("same", 13);
    let dims = ["n".into(), channels.into(), Dim::Unknown, Dim::Unknown];
    let x = graph.input("x", dtype, &dims);
    graph.node_to("Identity", "same", &[&x], &["y"], []);
    graph.output("y", dtype, &dims);
    graph.build().unwrap()
}

/// `y = x W + shift` for rows of 64, with weights that are worth a file.
pub(crate) fn dense(shift: f32) -> Onnx {
    let mut graph = Builder::new("dense", 13);
    let x = graph.input("x", DataType::F32, &["n".into(), 64.into()]);
    let weights = (0..64 * 64_u16).map(|index| f32::from(index % 7) - 3.0);
    let weights: Vec<u8> = weights.flat_map(f32::to_le_bytes).collect();
    let weights = graph.initializer("weights", DataType::F32, &[64, 64], weights.into());
    let shift: Vec<u8> = [shift; 64]
        .iter()
        .flat_map(|shift| shift.to_le_bytes())
        .collect();
    let shift = graph.initializer("shift", DataType::F32, &[64], shift.into());
    let product = graph.node("MatMul", "product", &[&x, &weights], []);
    graph.node_to("Add", "sum", &[&product, &shift], &["y"], []);
    graph.output("y", DataType::F32, &["n".into(), 64.into()]);
    graph.build().unwrap()
}

/// What the compiler is told, in the words of `atc`.
#[derive(Clone, Default)]
pub(crate) struct Told<'a> {
    pub(crate) shapes: &'a str,
    pub(crate) gears: Gears,
    pub(crate) aipp: &'a str,
    pub(crate) files: WeightFiles,
}

impl<'a> Told<'a> {
    pub(crate) fn shapes(shapes: &'a str) -> Self {
        Self {
            shapes,
            ..Self::default()
        }
    }

    pub(crate) fn gears(shapes: &'a str, gears: ascend_graph::Result<Gears>) -> Self {
        Self {
            gears: gears.unwrap(),
            ..Self::shapes(shapes)
        }
    }

    pub(crate) fn aipp(mut self, aipp: &'a str) -> Self {
        self.aipp = aipp;
        self
    }

    pub(crate) fn compile(&self, network: &Onnx) -> (Vec<u8>, Summary) {
        let shapes = self.shapes.split(';').filter(|shape| !shape.is_empty());
        let aipp = match self.aipp {
            "" => Vec::new(),
            text => Aipp::parse(text).unwrap(),
        };
        let options = CompileOptions {
            model_name: "net".to_owned(),
            input_shapes: shapes
                .map(|shape| shape.parse::<InputShape>().unwrap())
                .collect(),
            gears: self.gears.clone(),
            aipp,
            weight_files: self.files,
            ..CompileOptions::default()
        };
        let mut om = Vec::new();
        let summary = compile_model(network.clone(), &options, &mut om).unwrap();
        (om, summary)
    }

    pub(crate) fn om(&self, network: &Onnx) -> Vec<u8> {
        self.compile(network).0
    }
}

/// Models in one file.
pub(crate) fn bundle(models: &[Vec<u8>]) -> Vec<u8> {
    let models: Vec<_> = models.iter().map(|om| om.clone().into()).collect();
    let rope = ascend_graph::om::Bundle::write("bundle", 0, &models).unwrap();
    Rope::to_bytes(&rope).to_vec()
}

/// A device of a world of its own, whose calls are recorded.
pub(crate) struct Rig {
    pub(crate) context: Context,
    pub(crate) lease: Lease,
}

impl Rig {
    pub(crate) fn new() -> Self {
        Self::with(MockConfig::default())
    }

    pub(crate) fn with(config: MockConfig) -> Self {
        let (api, lease) = ascend_mock::lease(config.record_calls(true)).unwrap();
        // SAFETY: the CPU device keeps to AscendCL's rules.
        let acl = unsafe { Acl::from_api(api) }.unwrap();
        Self {
            context: acl.device(0).unwrap().context(),
            lease,
        }
    }

    pub(crate) fn model(&self, om: &[u8]) -> Result<Arc<Model>> {
        Model::from_bytes(&self.context, om).map(Arc::new)
    }

    pub(crate) fn session(&self, om: &[u8]) -> Session {
        Session::new(self.model(om).unwrap()).unwrap()
    }

    /// The functions that were called since the last `mark` calls.
    pub(crate) fn calls(&self, mark: usize) -> Vec<&'static str> {
        self.lease.calls()[mark..]
            .iter()
            .map(|call| call.symbol)
            .collect()
    }

    pub(crate) fn mark(&self) -> usize {
        self.lease.calls().len()
    }

    /// Ends the device, on which nothing may be left.
    pub(crate) fn end(self) {
        drop(self.context);
        assert!(self.lease.ledger().is_empty(), "{}", self.lease.ledger());
    }
}

/// Numbers that differ from each other, between -8 and 8.
pub(crate) fn numbers(shape: &[usize]) -> ArrayD<f32> {
    let number = |index: usize| f32::from(u8::try_from(index * 37 % 251).unwrap()) / 16.0 - 8.0;
    let values = (0..shape.iter().product()).map(number).collect();
    ArrayD::from_shape_vec(IxDyn(shape), values).unwrap()
}

/// Bytes that differ from their neighbours.
pub(crate) fn picture(shape: &[usize]) -> ArrayD<u8> {
    let byte = |index: usize| u8::try_from(index * 89 % 256).unwrap();
    let values = (0..shape.iter().product()).map(byte).collect();
    ArrayD::from_shape_vec(IxDyn(shape), values).unwrap()
}

/// All outputs of a run.
pub(crate) fn run(session: &mut Session, inputs: &[&ArrayD<f32>]) -> Result<Vec<ArrayD<f32>>> {
    let inputs: Vec<_> = inputs.iter().map(|input| (*input).into()).collect();
    let outputs = session.run(&inputs)?;
    Ok((0..outputs.len())
        .map(|index| outputs.array::<f32>(index).unwrap().to_owned())
        .collect())
}

/// What a model of these shapes alone makes of the inputs.
pub(crate) fn alone(network: &Onnx, shapes: &str, inputs: &[&ArrayD<f32>]) -> Vec<ArrayD<f32>> {
    let rig = Rig::new();
    run(&mut rig.session(&Told::shapes(shapes).om(network)), inputs).unwrap()
}
