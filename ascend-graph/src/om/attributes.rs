use std::collections::BTreeMap;

use bytes::Bytes;

use super::{
    AttrDef, AttrValue, ExternalWeight, InOut, ListInt, ListListInt, ListType, ListValue, TensorDef,
};
use crate::onnx::AttributeValue;
use crate::{DataType, Error, Result};

impl AttrDef {
    /// Gives an attribute that is a list of whole numbers.
    #[must_use]
    pub fn ints(values: Vec<i64>) -> Self {
        ListValue {
            i: values,
            ..ListValue::of(ListType::Int)
        }
        .into()
    }

    /// Gives an attribute that is a list of lists of whole numbers.
    #[must_use]
    pub fn int_lists(lists: impl IntoIterator<Item = Vec<i64>>) -> Self {
        let lists = lists.into_iter().map(|list_i| ListInt { list_i });
        AttrValue::ListListInt(ListListInt {
            list_list_i: lists.collect(),
        })
        .into()
    }

    /// Gives the lists of whole numbers, if the attribute is such.
    #[must_use]
    pub fn as_int_lists(&self) -> Option<&[ListInt]> {
        match &self.value {
            Some(AttrValue::ListListInt(lists)) => Some(&lists.list_list_i),
            _ => None,
        }
    }

    /// Gives an attribute that is a list of texts.
    #[must_use]
    pub fn strings(values: impl IntoIterator<Item = String>) -> Self {
        let s = values.into_iter().map(Bytes::from).collect();
        ListValue {
            s,
            ..ListValue::of(ListType::String)
        }
        .into()
    }

    /// Gives the whole number, if the attribute is one.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self.value {
            Some(AttrValue::I(value)) => Some(value),
            _ => None,
        }
    }

    /// Gives the element type, if the attribute is one. Such are numbered as `AscendCL` does, unlike those
    /// of descriptors.
    #[must_use]
    pub fn as_data_type(&self) -> Option<DataType> {
        match self.value {
            Some(AttrValue::Dt(code)) => DataType::from_acl(code.try_into().ok()?),
            _ => None,
        }
    }

    /// Gives the truth value, if the attribute is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Some(AttrValue::B(value)) => Some(value),
            _ => None,
        }
    }

    /// Gives the text, if the attribute is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Some(AttrValue::S(text)) => str::from_utf8(text).ok(),
            _ => None,
        }
    }

    /// Gives the list, if the attribute is one.
    #[must_use]
    pub fn as_list(&self) -> Option<&ListValue> {
        match &self.value {
            Some(AttrValue::List(list)) => Some(list),
            _ => None,
        }
    }

    /// Converts the attribute of an ONNX node; `None` for graphs, which an `.om` keeps elsewhere.
    pub(super) fn from_onnx(value: AttributeValue<'_>) -> Result<Option<Self>> {
        Ok(Some(match value {
            AttributeValue::Float(value) => AttrValue::F(value).into(),
            AttributeValue::Int(value) => value.into(),
            AttributeValue::String(text) => AttrValue::S(Bytes::copy_from_slice(text)).into(),
            AttributeValue::Tensor(tensor) => {
                AttrValue::T(Box::new(TensorDef::from_onnx(tensor)?)).into()
            }
            AttributeValue::Floats(values) => ListValue {
                f: values.to_vec(),
                ..ListValue::of(ListType::Float)
            }
            .into(),
            AttributeValue::Ints(values) => Self::ints(values.to_vec()),
            AttributeValue::Strings(texts) => ListValue {
                s: texts.to_vec(),
                ..ListValue::of(ListType::String)
            }
            .into(),
            AttributeValue::Tensors(tensors) => {
                let t = tensors
                    .iter()
                    .map(TensorDef::from_onnx)
                    .collect::<Result<_>>()?;
                ListValue {
                    t,
                    ..ListValue::of(ListType::Tensor)
                }
                .into()
            }
            AttributeValue::Graph(_) | AttributeValue::Graphs(_) => return Ok(None),
        }))
    }
}

impl From<AttrValue> for AttrDef {
    fn from(value: AttrValue) -> Self {
        Self { value: Some(value) }
    }
}

impl From<i64> for AttrDef {
    fn from(value: i64) -> Self {
        AttrValue::I(value).into()
    }
}

impl From<&str> for AttrDef {
    fn from(text: &str) -> Self {
        AttrValue::S(Bytes::copy_from_slice(text.as_bytes())).into()
    }
}

impl From<TensorDef> for AttrDef {
    fn from(tensor: TensorDef) -> Self {
        AttrValue::T(Box::new(tensor)).into()
    }
}

impl From<ListValue> for AttrDef {
    fn from(list: ListValue) -> Self {
        AttrValue::List(Box::new(list)).into()
    }
}

impl ListValue {
    pub(super) fn of(kind: ListType) -> Self {
        Self {
            val_type: kind.into(),
            ..Self::default()
        }
    }
}

impl InOut {
    /// The attributes of the operator that chooses among gears.
    pub(super) fn gear_attributes(&self, gears: &[Vec<u64>]) -> BTreeMap<String, AttrDef> {
        let kind = match self {
            io if !io.batch_gears.is_empty() => 1,
            io if !io.image_gears.is_empty() => 2,
            _ => 3,
        };
        let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        let mut attributes: BTreeMap<String, AttrDef> = [
            ("_batch_num".to_owned(), signed(gears.len() as u64).into()),
            ("mbatch_dynamic_type".to_owned(), kind.into()),
            (
                "user_designate_shape_order".to_owned(),
                AttrDef::strings(self.shape_order.iter().cloned()),
            ),
        ]
        .into();
        for (index, gear) in gears.iter().enumerate() {
            let values = gear.iter().map(|&value| signed(value)).collect();
            attributes.insert(format!("_pred_value_{index}"), AttrDef::ints(values));
        }
        attributes
    }
}

impl ExternalWeight {
    /// The attributes of the operator that stands for the constant.
    pub(super) fn attributes(&self) -> Result<BTreeMap<String, AttrDef>> {
        let attributes: [(&str, AttrDef); 3] = [
            ("location", self.file.as_str().into()),
            ("offset", signed(self.offset)?.into()),
            ("length", signed(self.extent.length)?.into()),
        ];
        Ok(attributes
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect())
    }
}

/// Turns a length into the signed number that the messages want.
pub(super) fn signed(len: u64) -> Result<i64> {
    i64::try_from(len)
        .map_err(|_| Error::invalid(format!("{len} bytes are more than an .om can name")))
}
