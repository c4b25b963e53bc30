//! Short lists of whole numbers, from which shapes are made.

use super::{View, place_of};
use crate::DataType;
use crate::onnx::{AttributeValue, Tensor};

/// Longer lists are not followed.
const MOST: usize = 64;

type Ints = Vec<Option<i64>>;

/// Gives the elements of a constant if it is a number or a list of whole numbers.
pub(super) fn of_constant(tensor: &Tensor) -> Option<Ints> {
    let count = usize::try_from(tensor.element_count().ok()?).ok()?;
    if tensor.dims.len() > 1 || count > MOST {
        return None;
    }
    let bytes = || tensor.bytes().ok();
    let ints = match tensor.dtype().ok()? {
        DataType::I64 => {
            let bytes = bytes()?;
            let chunks = bytes.as_chunks().0.iter();
            chunks
                .map(|&chunk| Some(i64::from_le_bytes(chunk)))
                .collect()
        }
        DataType::I32 => {
            let bytes = bytes()?;
            let chunks = bytes.as_chunks().0.iter();
            chunks
                .map(|&chunk| Some(i32::from_le_bytes(chunk).into()))
                .collect()
        }
        _ => return None,
    };
    Some(ints)
}

/// Gives the elements of a node's first output.
pub(super) fn of_node(view: &View) -> Option<Ints> {
    let ints: Ints = match view.node.op_type.as_str() {
        "Constant" => match (
            view.node.attribute("value_ints"),
            view.node.attribute("value_int"),
        ) {
            (Some(AttributeValue::Ints(list)), _) => list.iter().map(|&one| Some(one)).collect(),
            (_, Some(AttributeValue::Int(one))) => vec![Some(one)],
            _ => return None,
        },
        "Shape" => {
            let dims = view.dims(0)?;
            let (start, end) = (view.int("start", 0), view.int("end", i64::MAX));
            dims[range(start, end, dims.len())].to_vec()
        }
        "Identity" | "Squeeze" => view.ints(0)?.to_vec(),
        // What is a list already becomes a table, which is not followed.
        "Unsqueeze" if view.dims(0).is_some_and(Vec::is_empty) => view.ints(0)?.to_vec(),
        "Cast" => {
            let to = i32::try_from(view.int("to", 0)).ok()?;
            let is_int = matches!(DataType::from_onnx(to), Some(DataType::I32 | DataType::I64));
            view.ints(0).filter(|_| is_int)?.to_vec()
        }
        "Gather" if view.int("axis", 0) == 0 => {
            let (from, at) = (view.ints(0)?, view.ints(1)?);
            let pick = |index: &Option<i64>| from[place_of((*index)?, from.len())?];
            at.iter().map(pick).collect()
        }
        "Concat" => {
            let mut all = Vec::new();
            for index in 0..view.node.input.len() {
                // A list that is not known has an unknown length.
                all.extend_from_slice(view.ints(index)?);
                if all.len() > MOST {
                    return None;
                }
            }
            all
        }
        "Slice" if view.opset >= 10 => {
            let from = view.ints(0)?;
            let one = |index: usize, default: i64| match view.name(index) {
                None => Some(default),
                Some(_) => view
                    .all_ints(index)
                    .filter(|list| list.len() == 1)
                    .map(|list| list[0]),
            };
            let (start, end) = (one(1, 0)?, one(2, i64::MAX)?);
            if one(3, 0)? != 0 || one(4, 1)? != 1 {
                return None;
            }
            from[range(start, end, from.len())].to_vec()
        }
        "Add" | "Sub" | "Mul" | "Div" => calculate(view)?,
        _ => return None,
    };
    (ints.len() <= MOST).then_some(ints)
}

/// Cuts a range, whose ends may count from the end, to what there is.
fn range(start: i64, end: i64, len: usize) -> std::ops::Range<usize> {
    let signed = i64::try_from(len).unwrap_or(i64::MAX);
    let place = |at: i64| {
        let at = if at < 0 {
            at.saturating_add(signed)
        } else {
            at
        };
        usize::try_from(at.clamp(0, signed)).unwrap_or(len)
    };
    let (start, end) = (place(start), place(end));
    start..end.max(start)
}

fn calculate(view: &View) -> Option<Ints> {
    let (a, b) = (view.ints(0)?, view.ints(1)?);
    let len = a.len().max(b.len());
    if [a.len(), b.len()].iter().any(|&one| one != 1 && one != len) {
        return None;
    }
    let at = |list: &[Option<i64>], index: usize| list[if list.len() == 1 { 0 } else { index }];
    let one = |index: usize| {
        let (a, b) = (at(a, index)?, at(b, index)?);
        match view.node.op_type.as_str() {
            "Add" => a.checked_add(b),
            "Sub" => a.checked_sub(b),
            "Mul" => a.checked_mul(b),
            // Below zero it is not agreed on how to round.
            _ if a >= 0 && b > 0 => Some(a / b),
            _ => None,
        }
    };
    Some((0..len).map(one).collect())
}
