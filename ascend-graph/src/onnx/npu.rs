//! The operators that `torch_npu` writes into ONNX files, as data.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// One operator a line: its name; the Python functions that it comes from; whether `torch_npu` exports
/// it today (else only `atc` knows the name); the version of the domain `npu` and the versions of ONNX's
/// own domain under which `atc` registers it, `-` for none; whether the CPU device computes it.
const TABLE: &str = include_str!("npu.tsv");

static OPS: LazyLock<Vec<NpuOp>> =
    LazyLock::new(|| TABLE.lines().skip(1).filter_map(NpuOp::parse).collect());

/// An operator of `torch_npu`, which stands in the domain `npu` or, from old exporters, in ONNX's own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NpuOp {
    /// The operator, such as `NPUOneHot`.
    pub name: &'static str,
    /// The functions of `torch_npu` that it comes from; empty if nothing exports it.
    pub functions: Vec<&'static str>,
    /// Whether `torch_npu` exports it; else the name is one that only `atc` knows.
    pub is_exported: bool,
    /// The version of the domain `npu` in which the public plugins of `atc` take it.
    pub npu_version: Option<i64>,
    /// The versions of ONNX's own domain in which the public plugins of `atc` take it.
    pub onnx_versions: Option<RangeInclusive<i64>>,
    /// Whether the CPU device computes it.
    pub runs_on_cpu: bool,
}

impl NpuOp {
    /// Gives the operator of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        OPS.iter().find(|op| op.name == name)
    }

    /// Gives all operators, in the order of the table.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        OPS.iter()
    }

    fn parse(line: &'static str) -> Option<Self> {
        let columns: Vec<_> = line.split('\t').collect();
        let &[name, functions, exported, npu, onnx, cpu] = columns.as_slice() else {
            return None;
        };
        Some(Self {
            name,
            functions: functions.split(' ').filter(|name| *name != "-").collect(),
            is_exported: exported == "yes",
            npu_version: npu.parse().ok(),
            onnx_versions: onnx
                .split_once('-')
                .and_then(|(first, last)| Some(first.parse().ok()?..=last.parse().ok()?)),
            runs_on_cpu: cpu == "yes",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_an_operator() {
        assert_eq!(OPS.len(), TABLE.lines().count() - 1);
        let exported = || OPS.iter().filter(|op| op.is_exported);
        assert_eq!(exported().count(), 61);
        assert!(exported().all(|op| !op.functions.is_empty()));
        let on_cpu = exported().filter(|op| op.runs_on_cpu);
        assert_eq!(
            on_cpu.count(),
            15,
            "the sixteenth, NPUDtypeCast, is exported as Cast"
        );
    }

    #[test]
    fn names_are_spelt_exactly() {
        let one_hot = NpuOp::named("NPUOneHot").unwrap();
        assert_eq!(one_hot.functions, ["npu_one_hot"]);
        assert_eq!(
            (one_hot.npu_version, &one_hot.onnx_versions),
            (Some(1), &Some(11..=18))
        );
        let [exported, registered] =
            ["NPUGeGlu", "NPUGeglu"].map(|name| NpuOp::named(name).unwrap());
        assert!(exported.is_exported && exported.npu_version.is_none());
        assert!(!registered.is_exported && registered.npu_version == Some(1));
        assert_eq!(NpuOp::named("npuOneHot"), None);
    }
}
