//! Preprocessing of pictures (AIPP): the files that configure it, and how an `.om` stores it.

use super::{
    AttrDef, AttrValue, Format, IoTensor, ListType, ListValue, ModelDef, NamedAttrs, OpDef,
};
use crate::{DataType, Error, Result};

/// The name of the input that takes the parameters of dynamic preprocessing.
pub const AIPP_PARAMETERS: &str = "ascend_dynamic_aipp_data";

/// The layout of a picture's bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Picture {
    /// Nothing was said.
    #[default]
    Unknown,
    /// A plane of Y, then one of U and V by turns for each two by two pixels.
    Yuv420sp,
    /// Four bytes a pixel.
    Xrgb8888,
    /// Three bytes a pixel.
    Rgb888,
    /// Y only.
    Yuv400,
    /// Four bytes a pixel.
    Argb8888,
    /// Y, U, Y, V for each two pixels.
    Yuyv,
    /// A plane of Y, then one of U and V by turns for each two pixels of a row.
    Yuv422sp,
    /// Four bytes a pixel.
    Ayuv444,
}

/// The pictures with their numbers and names.
const PICTURES: [(Picture, i32, &str); 8] = [
    (Picture::Yuv420sp, 1, "YUV420SP_U8"),
    (Picture::Xrgb8888, 2, "XRGB8888_U8"),
    (Picture::Rgb888, 3, "RGB888_U8"),
    (Picture::Yuv400, 4, "YUV400_U8"),
    (Picture::Argb8888, 7, "ARGB8888_U8"),
    (Picture::Yuyv, 8, "YUYV_U8"),
    (Picture::Yuv422sp, 9, "YUV422SP_U8"),
    (Picture::Ayuv444, 10, "AYUV444_U8"),
];

impl Picture {
    /// Gives the picture of a number as in `aclAippInputFormat`.
    #[must_use]
    pub fn from_code(code: i32) -> Option<Self> {
        let found = PICTURES.iter().find(|(_, number, _)| *number == code);
        found.map(|(picture, ..)| *picture)
    }

    /// Gives the number as in `aclAippInputFormat`, 0 for none.
    #[must_use]
    pub fn code(self) -> i32 {
        let found = PICTURES.iter().find(|(picture, ..)| *picture == self);
        found.map_or(0, |(_, number, _)| *number)
    }

    /// Gives the name that configurations use.
    #[must_use]
    pub fn name(self) -> &'static str {
        let found = PICTURES.iter().find(|(picture, ..)| *picture == self);
        found.map_or("unknown", |(_, _, name)| name)
    }

    /// Gives the bytes of a picture; `None` if it is larger than can be.
    #[must_use]
    pub fn bytes(self, height: u64, width: u64) -> Option<u64> {
        let pixels = height.checked_mul(width)?;
        match self {
            Self::Unknown => None,
            Self::Yuv420sp => pixels.checked_mul(3).map(|bytes| bytes / 2),
            Self::Yuv400 => Some(pixels),
            Self::Yuyv | Self::Yuv422sp => pixels.checked_mul(2),
            Self::Rgb888 => pixels.checked_mul(3),
            Self::Xrgb8888 | Self::Argb8888 | Self::Ayuv444 => pixels.checked_mul(4),
        }
    }

    /// Tells whether a pixel is four bytes.
    #[must_use]
    pub fn has_four_channels(self) -> bool {
        matches!(self, Self::Xrgb8888 | Self::Argb8888 | Self::Ayuv444)
    }

    /// Gives dims whose product is the number of bytes of `count` pictures; -1 stays.
    #[must_use]
    pub fn byte_dims(self, count: i64, height: i64, width: i64) -> Vec<i64> {
        match self {
            Self::Yuv420sp if height < 0 => vec![count, -1, width, 1],
            Self::Yuv420sp => vec![count, height.saturating_mul(3) / 2, width, 1],
            Self::Yuv422sp if height < 0 => vec![count, -1, width, 1],
            Self::Yuv422sp => vec![count, height.saturating_mul(2), width, 1],
            Self::Yuyv => vec![count, height, width, 2],
            Self::Rgb888 => vec![count, height, width, 3],
            Self::Xrgb8888 | Self::Argb8888 | Self::Ayuv444 => vec![count, height, width, 4],
            Self::Yuv400 | Self::Unknown => vec![count, height, width, 1],
        }
    }
}

/// One `aipp_op` of a configuration.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields bear the names of the configuration's keys"
)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "as many as the configuration has"
)]
pub struct Aipp {
    /// The parameters come with each run.
    pub dynamic: bool,
    pub related_input_rank: i32,
    pub related_input_name: String,
    pub max_src_image_size: i32,
    pub input_format: Picture,
    pub src_image_size_w: i32,
    pub src_image_size_h: i32,
    pub crop: bool,
    pub load_start_pos_w: i32,
    pub load_start_pos_h: i32,
    pub crop_size_w: i32,
    pub crop_size_h: i32,
    pub resize: bool,
    pub resize_output_w: i32,
    pub resize_output_h: i32,
    pub padding: bool,
    pub left_padding_size: i32,
    pub right_padding_size: i32,
    pub top_padding_size: i32,
    pub bottom_padding_size: i32,
    pub padding_value: f32,
    pub csc_switch: bool,
    pub rbuv_swap_switch: bool,
    pub ax_swap_switch: bool,
    pub single_line_mode: bool,
    /// Row by row.
    pub matrix: [i32; 9],
    pub output_bias: [i32; 3],
    pub input_bias: [i32; 3],
    pub mean_chn: [i32; 4],
    pub min_chn: [f32; 4],
    pub var_reci_chn: [f32; 4],
}

impl Default for Aipp {
    fn default() -> Self {
        Self {
            dynamic: false,
            related_input_rank: 0,
            related_input_name: String::new(),
            max_src_image_size: 0,
            input_format: Picture::Unknown,
            src_image_size_w: 0,
            src_image_size_h: 0,
            crop: false,
            load_start_pos_w: 0,
            load_start_pos_h: 0,
            crop_size_w: 0,
            crop_size_h: 0,
            resize: false,
            resize_output_w: 0,
            resize_output_h: 0,
            padding: false,
            left_padding_size: 0,
            right_padding_size: 0,
            top_padding_size: 0,
            bottom_padding_size: 0,
            padding_value: 0.0,
            csc_switch: false,
            rbuv_swap_switch: false,
            ax_swap_switch: false,
            single_line_mode: false,
            matrix: [298, 516, 0, 298, -100, -208, 298, 0, 409],
            output_bias: [16, 128, 128],
            input_bias: [16, 128, 128],
            mean_chn: [0; 4],
            min_chn: [0.0; 4],
            var_reci_chn: [1.0; 4],
        }
    }
}

/// A field of an [`Aipp`], by the kind of attribute that an `.om` stores it as.
enum Field<'a> {
    Int(&'a mut i32),
    IntList(&'a mut i32),
    Float(&'a mut f32),
    FloatList(&'a mut f32),
    Flag(&'a mut bool),
}

impl Aipp {
    /// Reads a configuration: one or more `aipp_op { key: value … }`, with comments after `#`.
    ///
    /// # Errors
    /// `Invalid` if it is no such text, or has a key or value that is not known.
    pub fn parse(text: &str) -> Result<Vec<Self>> {
        let mut words = words(text).into_iter();
        let mut ops = Vec::new();
        while let Some(word) = words.next() {
            if word != "aipp_op" {
                return Err(Error::invalid(format!(
                    "AIPP configuration: {word:?} stands where `aipp_op {{ … }}` should"
                )));
            }
            let mut open = words.next();
            if open.as_deref() == Some(":") {
                open = words.next();
            }
            if open.as_deref() != Some("{") {
                return Err(Error::invalid(
                    "AIPP configuration: `aipp_op` lacks its `{`",
                ));
            }
            ops.push(Self::parse_op(&mut words)?);
        }
        if ops.is_empty() {
            return Err(Error::invalid(
                "AIPP configuration: there is no `aipp_op` in it",
            ));
        }
        Ok(ops)
    }

    fn parse_op(words: &mut impl Iterator<Item = String>) -> Result<Self> {
        let mut op = Self::default();
        let mut mode = None;
        loop {
            let cut = || Error::invalid("AIPP configuration: `aipp_op` lacks its `}`");
            let key = words.next().ok_or_else(cut)?;
            if key == "}" {
                break;
            }
            let colon = words.next().ok_or_else(cut)?;
            if colon != ":" {
                return Err(Error::invalid(format!(
                    "AIPP configuration: `{key}` lacks its `:`"
                )));
            }
            let value = words.next().ok_or_else(cut)?;
            if key == "aipp_mode" {
                mode = Some(value.clone());
            }
            op.set(&key, &value)?;
        }
        if mode.is_none() {
            return Err(Error::invalid(
                "AIPP configuration: an `aipp_op` lacks its `aipp_mode`",
            ));
        }
        Ok(op)
    }

    fn set(&mut self, key: &str, value: &str) -> Result<()> {
        let wrong = |why: &str| {
            Error::invalid(format!(
                "AIPP configuration: {key} is {value}, {why} (E10052)"
            ))
        };
        match key {
            "aipp_mode" => {
                self.dynamic = match value {
                    "static" => false,
                    "dynamic" => true,
                    _ => return Err(wrong("not static or dynamic")),
                }
            }
            "input_format" => {
                let found = PICTURES.iter().find(|(.., name)| *name == value);
                let names = PICTURES.map(|(.., name)| name).join(", ");
                self.input_format = found
                    .map(|(picture, ..)| *picture)
                    .ok_or_else(|| wrong(&format!("not one of {names}")))?;
            }
            "related_input_name" => value.clone_into(&mut self.related_input_name),
            // What these ask for is checked where the model is known, or reserved and ignored.
            "support_rotation" | "rotation_angle" | "cpadding_value" | "input_edge_idx"
            | "raw_rgbir_to_f16_n" => {}
            _ => {
                let field = self.fields().into_iter().find(|(name, _)| *name == key);
                let Some((_, field)) = field else {
                    return Err(Error::invalid(format!(
                        "AIPP configuration: the key `{key}` is not known"
                    )));
                };
                match field {
                    Field::Int(to) | Field::IntList(to) => {
                        *to = value.parse().map_err(|_| wrong("not a whole number"))?;
                    }
                    Field::Float(to) | Field::FloatList(to) => {
                        let number = value.parse().ok().filter(|number: &f32| number.is_finite());
                        *to = number.ok_or_else(|| wrong("not a number"))?;
                    }
                    Field::Flag(to) => {
                        *to = match value {
                            "true" | "True" | "1" => true,
                            "false" | "False" | "0" => false,
                            _ => return Err(wrong("not true or false")),
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// All fields that are numbers, by key.
    fn fields(&mut self) -> Vec<(&'static str, Field<'_>)> {
        const MATRIX: [&str; 9] = [
            "matrix_r0c0",
            "matrix_r0c1",
            "matrix_r0c2",
            "matrix_r1c0",
            "matrix_r1c1",
            "matrix_r1c2",
            "matrix_r2c0",
            "matrix_r2c1",
            "matrix_r2c2",
        ];
        const OUTPUT_BIAS: [&str; 3] = ["output_bias_0", "output_bias_1", "output_bias_2"];
        const INPUT_BIAS: [&str; 3] = ["input_bias_0", "input_bias_1", "input_bias_2"];
        const MEAN: [&str; 4] = ["mean_chn_0", "mean_chn_1", "mean_chn_2", "mean_chn_3"];
        const MIN: [&str; 4] = ["min_chn_0", "min_chn_1", "min_chn_2", "min_chn_3"];
        const VAR_RECI: [&str; 4] = [
            "var_reci_chn_0",
            "var_reci_chn_1",
            "var_reci_chn_2",
            "var_reci_chn_3",
        ];
        let mut fields = vec![
            (
                "related_input_rank",
                Field::Int(&mut self.related_input_rank),
            ),
            (
                "max_src_image_size",
                Field::Int(&mut self.max_src_image_size),
            ),
            ("src_image_size_w", Field::Int(&mut self.src_image_size_w)),
            ("src_image_size_h", Field::Int(&mut self.src_image_size_h)),
            ("crop", Field::Flag(&mut self.crop)),
            ("load_start_pos_w", Field::Int(&mut self.load_start_pos_w)),
            ("load_start_pos_h", Field::Int(&mut self.load_start_pos_h)),
            ("crop_size_w", Field::Int(&mut self.crop_size_w)),
            ("crop_size_h", Field::Int(&mut self.crop_size_h)),
            ("resize", Field::Flag(&mut self.resize)),
            ("resize_output_w", Field::Int(&mut self.resize_output_w)),
            ("resize_output_h", Field::Int(&mut self.resize_output_h)),
            ("padding", Field::Flag(&mut self.padding)),
            ("left_padding_size", Field::Int(&mut self.left_padding_size)),
            (
                "right_padding_size",
                Field::Int(&mut self.right_padding_size),
            ),
            ("top_padding_size", Field::Int(&mut self.top_padding_size)),
            (
                "bottom_padding_size",
                Field::Int(&mut self.bottom_padding_size),
            ),
            ("padding_value", Field::Float(&mut self.padding_value)),
            ("csc_switch", Field::Flag(&mut self.csc_switch)),
            ("rbuv_swap_switch", Field::Flag(&mut self.rbuv_swap_switch)),
            ("ax_swap_switch", Field::Flag(&mut self.ax_swap_switch)),
            ("single_line_mode", Field::Flag(&mut self.single_line_mode)),
        ];
        fields.extend(
            MATRIX
                .into_iter()
                .zip(self.matrix.iter_mut().map(Field::Int)),
        );
        let bias = self.output_bias.iter_mut().map(Field::IntList);
        fields.extend(OUTPUT_BIAS.into_iter().zip(bias));
        let bias = self.input_bias.iter_mut().map(Field::IntList);
        fields.extend(INPUT_BIAS.into_iter().zip(bias));
        fields.extend(
            MEAN.into_iter()
                .zip(self.mean_chn.iter_mut().map(Field::Int)),
        );
        fields.extend(
            MIN.into_iter()
                .zip(self.min_chn.iter_mut().map(Field::Float)),
        );
        let var = self.var_reci_chn.iter_mut().map(Field::FloatList);
        fields.extend(VAR_RECI.into_iter().zip(var));
        fields
    }

    /// The attribute `aipp` of an operator.
    pub(super) fn to_attr(&self) -> AttrDef {
        let mut copy = self.clone();
        let mut attr: std::collections::BTreeMap<String, AttrDef> = copy
            .fields()
            .into_iter()
            .map(|(key, field)| {
                let value = match field {
                    Field::Int(value) => i64::from(*value).into(),
                    Field::IntList(value) => AttrDef::ints(vec![i64::from(*value)]),
                    Field::Float(value) => AttrValue::F(*value).into(),
                    Field::FloatList(value) => ListValue {
                        f: vec![*value],
                        ..ListValue::of(ListType::Float)
                    }
                    .into(),
                    Field::Flag(value) => i64::from(*value).into(),
                };
                (key.to_owned(), value)
            })
            .collect();
        let mode = if self.dynamic { 2 } else { 1 };
        attr.insert("aipp_mode".to_owned(), mode.into());
        attr.insert(
            "input_format".to_owned(),
            i64::from(self.input_format.code()).into(),
        );
        attr.insert(
            "related_input_name".to_owned(),
            self.related_input_name.as_str().into(),
        );
        AttrValue::Func(Box::new(NamedAttrs {
            name: "aipp".to_owned(),
            attr,
        }))
        .into()
    }

    fn from_attr(attribute: &AttrDef) -> Option<Self> {
        let Some(AttrValue::Func(named)) = &attribute.value else {
            return None;
        };
        let mut aipp = Self::default();
        let number = |attr: &AttrDef| match &attr.value {
            Some(AttrValue::I(value)) => i32::try_from(*value).ok(),
            Some(AttrValue::B(value)) => Some(i32::from(*value)),
            Some(AttrValue::List(list)) => i32::try_from(*list.i.first()?).ok(),
            _ => None,
        };
        let float = |attr: &AttrDef| match &attr.value {
            Some(AttrValue::F(value)) => Some(*value),
            Some(AttrValue::List(list)) => list.f.first().copied(),
            _ => None,
        };
        for (key, field) in aipp.fields() {
            let Some(attr) = named.attr.get(key) else {
                continue;
            };
            match field {
                Field::Int(to) | Field::IntList(to) => *to = number(attr).unwrap_or(*to),
                Field::Float(to) | Field::FloatList(to) => *to = float(attr).unwrap_or(*to),
                Field::Flag(to) => *to = number(attr).map_or(*to, |value| value != 0),
            }
        }
        let whole = |key: &str| named.attr.get(key).and_then(number);
        aipp.dynamic = whole("aipp_mode") == Some(2);
        aipp.input_format = whole("input_format")
            .and_then(Picture::from_code)
            .unwrap_or_default();
        if let Some(name) = named
            .attr
            .get("related_input_name")
            .and_then(AttrDef::as_str)
        {
            name.clone_into(&mut aipp.related_input_name);
        }
        Some(aipp)
    }
}

/// Splits a configuration into words, braces and colons.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let mut word = String::new();
        for character in line.chars() {
            let is_sign = matches!(character, '{' | '}' | ':');
            if is_sign || character.is_whitespace() || matches!(character, ',' | ';' | '"' | '\'') {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                if is_sign {
                    words.push(character.to_string());
                }
            } else {
                word.push(character);
            }
        }
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

/// The preprocessing of one input.
#[derive(Clone, Debug, PartialEq)]
pub struct InputAipp {
    /// The position of the input.
    pub input: usize,
    /// The position of the input that takes the parameters, if they come with each run.
    pub parameters: Option<usize>,
    /// What is done to the picture; of dynamic preprocessing only the limits.
    pub aipp: Aipp,
    /// The input that the network itself has: what preprocessing gives.
    pub target: IoTensor,
}

impl InputAipp {
    /// The attributes of the input's operator.
    pub(super) fn attributes(&self, inputs: &[IoTensor]) -> Vec<(String, AttrDef)> {
        let source = &inputs[self.input];
        let mode = if self.parameters.is_some() {
            "dynamic_aipp"
        } else {
            "static_aipp"
        };
        let mut attributes = vec![
            ("aipp".to_owned(), self.aipp.to_attr()),
            ("_data_related_aipp_mode".to_owned(), mode.into()),
            (
                "_aipp_inputs".to_owned(),
                AttrDef::strings([to_text(source)]),
            ),
            (
                "_aipp_outputs".to_owned(),
                AttrDef::strings([to_text(&self.target)]),
            ),
        ];
        match self.parameters.and_then(|index| inputs.get(index)) {
            Some(parameters) => {
                attributes.push((
                    "_data_aipp_data_name_map".to_owned(),
                    parameters.name.as_str().into(),
                ));
                attributes.push((
                    "_dynamic_aipp_input_dims".to_owned(),
                    AttrDef::ints(source.dims.clone()),
                ));
            }
            None => attributes.push((
                "input_dims".to_owned(),
                AttrDef::ints(source.dims_after_aipp.clone()),
            )),
        }
        attributes
    }
}

impl ModelDef {
    /// Gives the preprocessing of the inputs of the main graph.
    #[must_use]
    pub fn aipp(&self) -> Vec<InputAipp> {
        let Some(graph) = self.graph.first() else {
            return Vec::new();
        };
        let ops = super::describe::input_ops(graph);
        let found = ops.iter().enumerate();
        found
            .filter_map(|(input, op)| input_aipp(&ops, input, op))
            .collect()
    }
}

fn input_aipp(ops: &[&OpDef], input: usize, op: &OpDef) -> Option<InputAipp> {
    let aipp = Aipp::from_attr(op.attr.get("aipp")?)?;
    let text = |key: &str| op.attr.get(key).and_then(AttrDef::as_str);
    let mode = text("_data_related_aipp_mode");
    let parameters = text("_data_aipp_data_name_map")
        .filter(|_| mode == Some("dynamic_aipp"))
        .and_then(|name| ops.iter().position(|op| op.name == name));
    if parameters.is_none() && mode != Some("static_aipp") {
        return None;
    }
    let target = op.attr.get("_aipp_outputs").and_then(AttrDef::as_list);
    let target = target
        .and_then(|list| list.s.first())
        .and_then(|text| from_text(str::from_utf8(text).ok()?));
    Some(InputAipp {
        input,
        parameters,
        aipp,
        target: target
            .unwrap_or_else(|| IoTensor::new(&op.name, DataType::Undefined, Format::RESERVED, &[])),
    })
}

/// `FORMAT:TYPE:name:bytes:rank:extent,extent…`
fn to_text(tensor: &IoTensor) -> String {
    let dims: Vec<_> = tensor.dims.iter().map(i64::to_string).collect();
    format!(
        "{}:{}:{}:{}:{}:{}",
        tensor.format,
        type_name(tensor.dtype),
        tensor.name,
        tensor.bytes,
        dims.len(),
        dims.join(",")
    )
}

fn from_text(text: &str) -> Option<IoTensor> {
    let (format, rest) = text.split_once(':')?;
    let (dtype, rest) = rest.split_once(':')?;
    // The name may hold colons.
    let (rest, dims) = rest.rsplit_once(':')?;
    let (rest, _) = rest.rsplit_once(':')?;
    let (name, bytes) = rest.rsplit_once(':')?;
    let dims = dims.split(',').filter(|dim| !dim.is_empty());
    let dims: Vec<i64> = dims.map(|dim| dim.parse().ok()).collect::<Option<_>>()?;
    let (dtype, _) = TYPES.iter().find(|(_, name)| *name == dtype)?;
    Some(IoTensor {
        bytes: bytes.parse().ok()?,
        ..IoTensor::new(name, *dtype, Format::from_name(format)?, &dims)
    })
}

const TYPES: [(DataType, &str); 5] = [
    (DataType::F32, "DT_FLOAT"),
    (DataType::F16, "DT_FLOAT16"),
    (DataType::U8, "DT_UINT8"),
    (DataType::I8, "DT_INT8"),
    (DataType::Undefined, "DT_UNDEFINED"),
];

fn type_name(dtype: DataType) -> &'static str {
    let found = TYPES.iter().find(|(known, _)| *known == dtype);
    found.map_or("DT_UNDEFINED", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
        aipp_op {
            aipp_mode: static   # as the picture decoder gives it
            related_input_name : \"x\"
            input_format: YUV420SP_U8 src_image_size_w : 256, src_image_size_h: 128
            crop: true load_start_pos_w: 2 crop_size_w: 224 crop_size_h: 112
            csc_switch: 1
            matrix_r2c2: -409
            mean_chn_0: 104 min_chn_1: 0.5 var_reci_chn_2: 0.0039
            input_bias_2: 127
        }
        aipp_op { aipp_mode: dynamic related_input_rank: 1 max_src_image_size: 752640 }";

    #[test]
    fn configurations_are_read_and_kept() {
        let ops = Aipp::parse(TEXT).unwrap();
        assert_eq!(ops.len(), 2);
        let first = &ops[0];
        assert_eq!((first.src_image_size_w, first.src_image_size_h), (256, 128));
        assert!(first.crop && first.csc_switch && !first.dynamic);
        assert_eq!(
            (first.matrix[8], first.mean_chn[0], first.input_bias[2]),
            (-409, 104, 127)
        );
        assert_eq!((first.min_chn[1], first.var_reci_chn[2]), (0.5, 0.0039));
        assert!(ops[1].dynamic);
        for op in &ops {
            assert_eq!(Aipp::from_attr(&op.to_attr()).as_ref(), Some(op));
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, expected) in [
            ("", "no `aipp_op`"),
            ("crop: true", "stands where"),
            ("aipp_op crop", "lacks its `{`"),
            ("aipp_op { crop: true }", "aipp_mode"),
            ("aipp_op { aipp_mode: static", "lacks its `}`"),
            ("aipp_op { aipp_mode static }", "lacks its `:`"),
            ("aipp_op { aipp_mode: odd }", "not static or dynamic"),
            (
                "aipp_op { aipp_mode: static input_format: JPEG }",
                "YUV420SP_U8",
            ),
            (
                "aipp_op { aipp_mode: static mean_chn_0: 1.5 }",
                "not a whole number",
            ),
            (
                "aipp_op { aipp_mode: static min_chn_0: nan }",
                "not a number",
            ),
            (
                "aipp_op { aipp_mode: static colour: 1 }",
                "`colour` is not known",
            ),
        ] {
            let error = Aipp::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn tensors_come_back_from_their_text() {
        let tensor = IoTensor::new("a:b", DataType::F32, Format::NCHW, &[1, 3, 8, 8]);
        assert_eq!(from_text(&to_text(&tensor)), Some(tensor));
        assert_eq!(from_text("NCHW:DT_FLOAT:x"), None);
    }
}
