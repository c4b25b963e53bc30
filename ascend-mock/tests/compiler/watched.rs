//! Programs that run twice, so that every test of a model is one of the run operator by operator too.

use std::collections::HashSet;

use super::*;
use engine::{Observer, OperatorRun};

/// Differences of outputs are counted in units of the largest element.
const TOLERANCE: f64 = 1e-4;

/// A program that compares each run with a watched one.
pub(crate) struct Watched {
    pub(crate) program: Box<dyn Program>,
    pub(crate) network: Option<Bytes>,
}

#[derive(Default)]
struct Seen(Vec<String>);

impl Observer for Seen {
    fn observe(&mut self, run: &OperatorRun<'_>) {
        let tensors = run.inputs.iter().chain(&run.outputs);
        for tensor in tensors.filter_map(engine::Seen::to_tensor) {
            let size: usize = tensor.dims.iter().product();
            let bytes = tensor.dtype.bytes().expect("the engine's types have sizes");
            assert_eq!(tensor.bytes.len() as u64, size as u64 * bytes);
        }
        assert!(!run.outputs.is_empty(), "{:?}", run.operator);
        self.0.push(run.operator.name.clone());
    }
}

impl Watched {
    /// The names of the ONNX nodes, as operators have them.
    fn nodes(&self) -> HashSet<String> {
        let network = self.network.as_ref().expect("compiled files have it");
        let network = Model::read(network).expect("the model is sound");
        let nodes = &network.graph().expect("there is a graph").node;
        let names = nodes.iter().map(|node| {
            let stem = node.name.strip_suffix(&format!(" ({})", node.op_type));
            let stem = stem.filter(|stem| !stem.starts_with('#'));
            stem.unwrap_or(&node.name).to_owned()
        });
        names.collect()
    }
}

impl Program for Watched {
    fn run(&self, inputs: Vec<Tensor>) -> Result<Vec<Tensor>, EngineError> {
        let outputs = self.program.run(inputs.clone())?;
        let mut seen = Seen::default();
        let observable = self.program.observable(self.network.as_ref())?;
        let watched = observable.run(inputs, &mut seen)?;
        assert_eq!(watched.len(), outputs.len());
        for (found, expected) in watched.iter().zip(&outputs) {
            let finite = numbers(expected)
                .into_iter()
                .filter(|value| value.is_finite());
            let scale = finite.fold(0.0, |scale: f64, value| scale.max(value.abs()));
            let difference = difference(found, expected, 0.0, TOLERANCE * scale);
            if let Some(difference) = difference {
                return Err(EngineError::new(format!("watched, {difference}")));
            }
        }
        let nodes = self.nodes();
        for name in &seen.0 {
            assert!(nodes.contains(name), "{name} is none of {nodes:?}");
        }
        Ok(outputs)
    }

    fn dims(&self, value: &str) -> Option<Vec<Option<usize>>> {
        self.program.dims(value)
    }
}
