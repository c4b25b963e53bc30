//! The constants of a model.

use ascend_rt::DataType;
use ascend_rt::weights::{self, Statistics};
use bytes::Bytes;
use serde_json::{Value, json};

use super::super::Args;
use super::super::checkpoint::json::statistics;
use super::super::digest::sha256;

/// A constant and where its elements are.
#[derive(Debug)]
pub(crate) struct Constant {
    pub(crate) name: String,
    /// The type as the kind of file spells it.
    pub(crate) spelling: String,
    pub(crate) dtype: Option<DataType>,
    pub(crate) shape: Vec<i64>,
    /// Empty where there is only one.
    pub(crate) layout: String,
    /// The layout and shape that the model was made with, where they differ.
    pub(crate) origin: Option<(String, Vec<i64>)>,
    pub(crate) bytes: u64,
    /// Such as `inline` or `WEIGHTS_DATA at 512`.
    pub(crate) place: String,
    /// The elements, unless they are elsewhere, or why there are none.
    pub(crate) data: Result<Bytes, String>,
}

impl Constant {
    /// What the numbers are like; those that fill a layout up are among them.
    pub(super) fn statistics(&self) -> Option<Statistics> {
        Statistics::of(of_weights(self.dtype?)?, self.data.as_ref().ok()?)
    }

    /// How many elements there are.
    pub(crate) fn len(&self) -> usize {
        let bytes = self.data.as_ref().map_or(0, Bytes::len);
        let each = self.dtype.and_then(DataType::bytes);
        each.and_then(|each| usize::try_from(each).ok())
            .map_or(0, |each| bytes / each)
    }

    pub(super) fn sha256(&self) -> Option<String> {
        self.data.as_ref().ok().map(|data| sha256(data, |_| ()))
    }

    pub(super) fn json(&self, args: &Args) -> Value {
        let mut told = json!({
            "name": self.name,
            "dtype": self.spelling,
            "shape": self.shape,
            "nbytes": self.bytes,
            "at": self.place,
        });
        if !self.layout.is_empty() {
            told["layout"] = json!(self.layout);
        }
        if let Some((layout, shape)) = &self.origin {
            told["origin_layout"] = json!(layout);
            told["origin_shape"] = json!(shape);
        }
        if let Err(why) = &self.data {
            told["missing"] = json!(why);
        }
        if args.hash {
            told["sha256"] = json!(self.sha256());
        }
        if args.stats {
            told["stats"] = statistics(self.statistics().as_ref(), self.len());
        }
        told
    }
}

/// A type of plain numbers as checkpoints have it.
pub(crate) fn of_weights(dtype: DataType) -> Option<weights::DataType> {
    Some(match dtype {
        DataType::Bool => weights::DataType::Bool,
        DataType::I8 => weights::DataType::I8,
        DataType::I16 => weights::DataType::I16,
        DataType::I32 => weights::DataType::I32,
        DataType::I64 => weights::DataType::I64,
        DataType::U8 => weights::DataType::U8,
        DataType::U16 => weights::DataType::U16,
        DataType::U32 => weights::DataType::U32,
        DataType::U64 => weights::DataType::U64,
        DataType::F16 => weights::DataType::F16,
        DataType::BF16 => weights::DataType::BF16,
        DataType::F32 => weights::DataType::F32,
        DataType::F64 => weights::DataType::F64,
        _ => return None,
    })
}
