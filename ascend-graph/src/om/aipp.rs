//! What preprocessing of pictures (AIPP) does: the files that configure it, and how an `.om` stores it.

use super::{AttrDef, AttrValue, ListType, ListValue, NamedAttrs, Picture};

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
pub(super) enum Field<'a> {
    Int(&'a mut i32),
    IntList(&'a mut i32),
    Float(&'a mut f32),
    FloatList(&'a mut f32),
    Flag(&'a mut bool),
}

impl Aipp {
    /// All fields that are numbers, by key.
    pub(super) fn fields(&mut self) -> Vec<(&'static str, Field<'_>)> {
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

    pub(super) fn from_attr(attribute: &AttrDef) -> Option<Self> {
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
