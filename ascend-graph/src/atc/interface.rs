//! The inputs of a model, with the shapes that the options ask for.

use std::collections::{HashMap, HashSet};

use super::finding::{Findings, Name, Place};
use super::rule::{INPUT_SHAPE_DIFFERS, INPUT_SHAPE_NAME, INPUT_SHAPE_RANK};
use super::target::Target;
use crate::Axis;
use crate::onnx::{Dim, Graph, TensorInfo, spread};
use crate::text;

/// An input of a model.
pub(super) struct Input<'t> {
    pub(super) info: TensorInfo,
    /// The axes that `--input_shape` asks for.
    pub(super) asked: Option<&'t [Axis]>,
}

/// What the inputs are to be.
pub(super) struct Interface<'t> {
    pub(super) inputs: Vec<Input<'t>>,
}

impl Input<'_> {
    /// Gives the axes whose extent is still open; `None` if not even the rank is known.
    pub(super) fn open_axes(&self) -> Option<Vec<usize>> {
        Some(match (self.asked, &self.info.dims) {
            (Some(asked), _) => positions(asked, |axis| !matches!(axis, Axis::Fixed(_))),
            (None, Some(dims)) => positions(dims, |dim| dim.fixed().is_none()),
            (None, None) => return None,
        })
    }

    /// Gives the extents as far as they are fixed.
    pub(super) fn extents(&self) -> Option<Vec<Option<usize>>> {
        let fixed: Vec<Option<i64>> = match (self.asked, &self.info.dims) {
            (Some(asked), _) => {
                let fixed = asked.iter().map(|axis| match axis {
                    Axis::Fixed(extent) => Some(*extent),
                    _ => None,
                });
                fixed.collect()
            }
            (None, Some(dims)) => dims.iter().map(Dim::fixed).collect(),
            (None, None) => return None,
        };
        let fixed = fixed.into_iter();
        Some(fixed.map(|extent| usize::try_from(extent?).ok()).collect())
    }

    pub(super) fn place(&self) -> Place {
        Place::Input(self.info.name.clone())
    }
}

fn positions<T>(all: &[T], is: impl Fn(&T) -> bool) -> Vec<usize> {
    let all = all.iter().enumerate();
    all.filter(|(_, one)| is(one))
        .map(|(index, _)| index)
        .collect()
}

impl<'t> Interface<'t> {
    /// Lists the inputs and gives each the shape that is asked for; what does not fit is told.
    pub(super) fn new(graph: &Graph, target: &'t Target, findings: &mut Findings) -> Self {
        let constants: HashSet<&str> = graph.initializer.iter().map(|t| t.name.as_str()).collect();
        let free = graph.input.iter();
        let free = free.filter(|input| !constants.contains(input.name.as_str()));
        // Inputs without a type are told of as faults of the graph.
        let mut inputs: Vec<Input> = free
            .filter_map(|input| input.info().ok())
            .map(|info| Input { info, asked: None })
            .collect();
        let by_name: HashMap<String, usize> = inputs
            .iter()
            .enumerate()
            .map(|(index, input)| (input.info.name.clone(), index))
            .collect();
        for (place, shape) in target.input_shapes.iter().enumerate() {
            let index = match &shape.name {
                Some(name) => by_name.get(name).copied(),
                None => (place < inputs.len()).then_some(place),
            };
            match index {
                Some(index) => ask(&mut inputs[index], &shape.axes, findings),
                None => refuse(&inputs, shape.name.as_deref(), findings),
            }
        }
        Self { inputs }
    }

    /// Lets an extent that is asked for a named axis hold for all axes of that name, as
    /// [`fix_inputs`](crate::onnx::fix_inputs) does for the CPU device. `atc` does not: to it, each input
    /// that is not named in `--input_shape` is as the file has it.
    pub(super) fn spread(mut self) -> Self {
        let mut extents = HashMap::new();
        for input in &self.inputs {
            let dims = input.info.dims.iter().flatten();
            for (dim, axis) in dims.zip(input.asked.into_iter().flatten()) {
                if let (Dim::Named(name), Axis::Fixed(extent)) = (dim, axis) {
                    extents.entry(name.clone()).or_insert(*extent);
                }
            }
        }
        spread(
            self.inputs.iter_mut().map(|input| &mut input.info),
            &extents,
        );
        self
    }
}

fn ask<'t>(input: &mut Input<'t>, axes: &'t [Axis], findings: &mut Findings) {
    let Some(dims) = &input.info.dims else {
        input.asked = Some(axes);
        return;
    };
    if dims.len() != axes.len() {
        findings.add(
            &INPUT_SHAPE_RANK,
            input.place(),
            text!(
                "--input_shape gives it {axes} dims, the model has {dims}: {info}",
                axes = axes.len(),
                dims = dims.len(),
                info = Name(&input.info.to_string())
            ),
            text!("write one number for each dim of the input"),
        );
        return;
    }
    let differs = dims.iter().zip(axes).any(|(dim, axis)| match (dim, axis) {
        (Dim::Fixed(fixed), Axis::Fixed(asked)) => fixed != asked,
        (Dim::Fixed(_), _) => true,
        _ => false,
    });
    if differs {
        findings.add(
            &INPUT_SHAPE_DIFFERS,
            input.place(),
            text!(
                "--input_shape asks for another shape than the model was exported for: {info}; constants in \
                 the model (shapes of Reshape, position embeddings) may be for that shape only", info = Name(&input.info.to_string())),
            text!("export the model with dynamic_axes for these dims, or leave the input out of --input_shape"),
        );
    }
    input.asked = Some(axes);
}

fn refuse(inputs: &[Input], name: Option<&str>, findings: &mut Findings) {
    let names = inputs
        .iter()
        .take(8)
        .map(|input| format!("`{}`", Name(&input.info.name)));
    let names = names.collect::<Vec<_>>().join(", ");
    let message = match name {
        Some(name) => text!(
            "--input_shape names `{name}`, which is no input of the model",
            name = Name(name)
        ),
        None => text!(
            "--input_shape has more shapes than the model has inputs ({inputs})",
            inputs = inputs.len()
        ),
    };
    findings.add(
        &INPUT_SHAPE_NAME,
        Place::Option("--input_shape".to_owned()),
        message,
        text!("the inputs are {names}", names),
    );
}
