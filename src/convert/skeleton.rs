//! A network of any kind as ONNX, for other weights than those in the file.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

use ascend_graph::onnx::Model;
use ascend_graph::onnx::skeleton::{Match, MatchedBy, Misfit, Missing, Plan, Unmatched, Weight};
use ascend_graph::{DataType, counted};

use super::files;
use crate::error::{Error, ErrorKind, Result};
use crate::weights::{self, Checkpoint};

/// How many faults of one kind an error lists before it counts the rest.
const LISTED: usize = 20;

/// An ONNX file whose weights are to be replaced: an architecture without numbers.
///
/// PyTorch exports a network as it is, so any network with random weights makes a skeleton for all
/// checkpoints of it. Weights go by their names. See `docs/convert.md` on how to export one.
///
/// ```no_run
/// # fn main() -> ascend_rt::Result<()> {
/// use ascend_rt::convert::Skeleton;
/// use ascend_rt::weights::Checkpoint;
///
/// let checkpoint = Checkpoint::open("weights.pth")?;
/// let (model, filled) = Skeleton::open("net.onnx")?.fill(&checkpoint)?;
/// println!("{filled}");
/// # drop(model);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Skeleton {
    path: PathBuf,
    model: Model,
    allows_unmatched: bool,
}

/// What went where when a [`Skeleton`] was filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The constants that got a weight: the constant's name and the weight's.
    pub matched: Vec<(String, String)>,
    /// Those of them whose name the exporter made up, matched by the name of the node that reads them.
    pub by_node: Vec<String>,
    /// Those of them whose name the exporter made up, matched by a shape that occurs once.
    pub by_shape: Vec<String>,
    /// Those of them whose weight went in transposed.
    pub transposed: Vec<String>,
    /// How many weights were converted from the first type to the second.
    pub cast: BTreeMap<(String, String), usize>,
    /// Those of them in which finite numbers became infinite.
    pub overflowed: Vec<String>,
    /// How many constants belong to the computation and stayed.
    pub kept: usize,
    /// The weights that went nowhere.
    pub leftover: Vec<String>,
    /// Those of them that are statistics of batch normalisations beside layers that were filled: most
    /// likely an optimiser folded the normalisations into the skeleton's constants, and the model computes
    /// something else now.
    pub folded: Vec<String>,
    /// The constants that kept the skeleton's own numbers although they may be weights.
    pub unmatched: Vec<String>,
}

impl fmt::Display for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "filled {}, kept {} of the computation",
            counted(self.matched.len(), "constant of the skeleton"),
            self.kept
        )?;
        for (names, what) in [
            (&self.transposed, "went in transposed"),
            (&self.by_node, "matched by the name of the node"),
            (&self.by_shape, "matched by their shape alone"),
            (
                &self.overflowed,
                "hold infinite numbers now: too large for the skeleton's type",
            ),
            (&self.leftover, "of the checkpoint went nowhere"),
            (&self.unmatched, "kept the skeleton's own numbers"),
        ] {
            if !names.is_empty() {
                write!(f, "\n  {} {what}: {}", names.len(), listed(names))?;
            }
        }
        for ((from, to), count) in &self.cast {
            write!(f, "\n  {count} converted from {from} to {to}")?;
        }
        if !self.folded.is_empty() {
            write!(
                f,
                "\n  warning: the skeleton has no batch normalisation for {} of the checkpoint's statistics, \
                 beside layers that were filled: {}; if an optimiser folded them into constants that kept their \
                 names, the results are wrong: {}",
                self.folded.len(),
                listed(&self.folded),
                advice(Missing::FoldedNormalisation)
            )?;
        }
        Ok(())
    }
}

impl Skeleton {
    /// Reads the ONNX file at `path`; files beside it with its weights are not needed for what is
    /// going to be replaced.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when it cannot be read, [`ErrorKind::Format`] when it is damaged or no ONNX.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Ok(Self {
            path: path.to_owned(),
            model: files::read_graph(path)?,
            allows_unmatched: false,
        })
    }

    /// Lets constants keep the skeleton's own numbers for which the checkpoint has none.
    #[must_use]
    pub fn allow_unmatched(mut self, allows_unmatched: bool) -> Self {
        self.allows_unmatched = allows_unmatched;
        self
    }

    /// Puts the tensors of `checkpoint` into the constants, in the constants' types: floats are
    /// converted. Gives the model, and what went where.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`] when tensors do not fit their constants, or when constants have none and
    /// that is not [allowed](Self::allow_unmatched); all are named, with what to do about it.
    /// Otherwise as for files: [`ErrorKind::Io`], [`ErrorKind::Format`] and
    /// [`ErrorKind::InvalidArgument`] for a graph with faults.
    pub fn fill(mut self, checkpoint: &Checkpoint) -> Result<(Model, Filled)> {
        let tensors: Vec<weights::Tensor<'_>> = checkpoint.tensors().collect();
        let weights: Vec<Weight> = tensors.iter().map(|&tensor| weight(tensor)).collect();
        let plan = Plan::new(&self.model, &weights);
        let at = |error: Error| error.while_doing(self.path.display());
        if let Some(error) = self.faults(&plan, &weights) {
            return Err(at(error));
        }
        let names = |numbers: &[usize]| {
            let names = numbers.iter().map(|&index| weights[index].name.clone());
            names.collect()
        };
        let mut filled = Filled {
            kept: plan.kept,
            leftover: names(&plan.leftover),
            folded: names(&plan.folded),
            unmatched: plan
                .unmatched
                .iter()
                .map(|slot| slot.constant.clone())
                .collect(),
            ..Filled::default()
        };
        plan.pour(&mut self.model, |found| {
            let tensor = tensors[found.weight];
            note(found, &weights[found.weight], &mut filled);
            let (bytes, overflows) = match stored(found.dtype) {
                Some(dtype) if dtype != tensor.dtype() => tensor.shared_cast(dtype)?,
                _ => (tensor.shared_bytes(), false),
            };
            if overflows {
                filled.overflowed.push(found.constant.clone());
            }
            Ok::<_, Error>(bytes)
        })?;
        files::resolve(&mut self.model, &self.path)?;
        let sound = self.model.ensure_sound();
        sound.map_err(|error| at(error.into()))?;
        Ok((self.model, filled))
    }

    /// What stands against filling it: all of it, with ways out.
    fn faults(&self, plan: &Plan, weights: &[Weight]) -> Option<Error> {
        let mut text = String::new();
        if !plan.misfits.is_empty() {
            let lines = plan
                .misfits
                .iter()
                .map(|misfit| misfit_line(misfit, weights));
            section(&mut text, "do not fit their constants", lines);
        }
        let missing = if self.allows_unmatched {
            &[]
        } else {
            &plan.unmatched[..]
        };
        let mut reasons: Vec<Missing> = missing.iter().map(|unmatched| unmatched.why).collect();
        reasons.sort_unstable();
        reasons.dedup();
        for &why in &reasons {
            let these = missing.iter().filter(|unmatched| unmatched.why == why);
            section(&mut text, reason(why), these.map(constant_line));
            let _ = write!(text, "\n  → {}", advice(why));
        }
        if text.is_empty() {
            return None;
        }
        if let Some((off, on, count)) = &plan.hint {
            let _ = match (off.as_str(), on.as_str()) {
                (off, "") => write!(
                    text,
                    "\n{count} of them would have a weight with --prefix {off}, which takes that off \
                     the checkpoint's names"
                ),
                (_, on) => write!(
                    text,
                    "\n{count} of them would have a weight with --prefix ={on}, which puts that \
                     before the checkpoint's names"
                ),
            };
        }
        let leftover = plan
            .leftover
            .iter()
            .map(|&index| weight_line(&weights[index]));
        if leftover.len() > 0 {
            section(&mut text, "of the checkpoint are left over", leftover);
        }
        if !reasons.is_empty() {
            text +=
                "\n--allow-unmatched keeps the skeleton's own numbers where there are no others";
        }
        let message = format!(
            "the checkpoint does not fill this skeleton ({} of its constants have a weight){text}",
            plan.matches.len()
        );
        Some(Error::new(ErrorKind::Shape, message))
    }
}

/// Notes down how a constant got its weight.
fn note(found: &Match, weight: &Weight, filled: &mut Filled) {
    let name = found.constant.clone();
    filled.matched.push((name.clone(), weight.name.clone()));
    if found.is_transposed {
        filled.transposed.push(name.clone());
    }
    match found.by {
        MatchedBy::Name => {}
        MatchedBy::Node => filled.by_node.push(format!("{name} = {}", weight.name)),
        MatchedBy::Shape => filled.by_shape.push(format!("{name} = {}", weight.name)),
    }
    if found.dtype != weight.dtype {
        let types = (weight.dtype.to_string(), found.dtype.to_string());
        *filled.cast.entry(types).or_default() += 1;
    }
}

/// Adds a heading and a line for each fault.
fn section(text: &mut String, what: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    let _ = write!(text, "\n{} {what}:", lines.len());
    for line in lines.iter().take(LISTED) {
        let _ = write!(text, "\n  {line}");
    }
    if lines.len() > LISTED {
        let _ = write!(text, "\n  and {} more", lines.len() - LISTED);
    }
}

fn constant_line(unmatched: &Unmatched) -> String {
    let Unmatched {
        constant,
        dtype,
        dims,
        ..
    } = unmatched;
    format!("{constant} {dtype}{dims:?}")
}

fn weight_line(weight: &Weight) -> String {
    format!("{} {}{:?}", weight.name, weight.dtype, weight.dims)
}

fn misfit_line(misfit: &Misfit, weights: &[Weight]) -> String {
    let weight = &weights[misfit.weight];
    let (dtype, dims) = (misfit.dtype, &misfit.dims);
    let why = if misfit.is_undecided {
        "; it is square, and of the other matrices some are stored transposed and some are not"
    } else {
        ""
    };
    format!(
        "{} for a constant of {dtype}{dims:?}{why}",
        weight_line(weight)
    )
}

fn reason(why: Missing) -> &'static str {
    match why {
        Missing::Name => "constants have no tensor of their name",
        Missing::FoldedNormalisation => "constants hold a convolution with its batch normalisation",
        Missing::Computed => "constants were computed from a convolution's parameters",
        Missing::Rearranged => "constants hold weights of recurrent layers in ONNX's order",
        _ => "constants with made-up names could be weights, and nothing tells which",
    }
}

fn advice(why: Missing) -> &'static str {
    match why {
        Missing::Name => {
            "give --prefix, --suffix or --rename if the names only differ, or the checkpoint of this network"
        }
        Missing::FoldedNormalisation => {
            "export the skeleton with torch.onnx.export(…, training=torch.onnx.TrainingMode.PRESERVE, \
             do_constant_folding=False) after model.eval(), so that batch normalisations stay nodes of \
             their own"
        }
        Missing::Rearranged => {
            "a recurrent network cannot be filled: export it with its weights in place"
        }
        _ => {
            "export the skeleton with torch.onnx.export(…, do_constant_folding=False, \
             keep_initializers_as_inputs=True), so that parameters keep their names"
        }
    }
}

fn listed(names: &[String]) -> String {
    let mut text = names[..names.len().min(LISTED)].join(", ");
    if names.len() > LISTED {
        let _ = write!(text, " and {} more", names.len() - LISTED);
    }
    text
}

fn weight(tensor: weights::Tensor<'_>) -> Weight {
    let dims = tensor.shape().iter();
    Weight {
        name: tensor.name().to_owned(),
        dtype: graph_type(tensor.dtype()),
        dims: dims
            .map(|&dim| i64::try_from(dim).unwrap_or(i64::MAX))
            .collect(),
    }
}

/// The types that checkpoints and graphs both have.
const TYPES: [(weights::DataType, DataType); 13] = [
    (weights::DataType::F32, DataType::F32),
    (weights::DataType::F16, DataType::F16),
    (weights::DataType::BF16, DataType::BF16),
    (weights::DataType::F64, DataType::F64),
    (weights::DataType::I64, DataType::I64),
    (weights::DataType::I32, DataType::I32),
    (weights::DataType::I16, DataType::I16),
    (weights::DataType::I8, DataType::I8),
    (weights::DataType::U64, DataType::U64),
    (weights::DataType::U32, DataType::U32),
    (weights::DataType::U16, DataType::U16),
    (weights::DataType::U8, DataType::U8),
    (weights::DataType::Bool, DataType::Bool),
];

/// `Undefined` for what no constant can be.
fn graph_type(dtype: weights::DataType) -> DataType {
    let pair = TYPES.iter().find(|(stored, _)| *stored == dtype);
    pair.map_or(DataType::Undefined, |(_, dtype)| *dtype)
}

fn stored(dtype: DataType) -> Option<weights::DataType> {
    let pair = TYPES.iter().find(|(_, graph)| *graph == dtype);
    pair.map(|(stored, _)| *stored)
}
