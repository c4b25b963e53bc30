//! Operators that compute elements: whole numbers, of which some may be unknown, and single precision.

use super::layout::{Moved, broadcast};
use super::site::{MOST_AXES, Site};
use super::value::{Value, count};
use crate::DataType;
use crate::onnx::AttributeValue;

/// The value of a node that computes elements, if enough is known; `most` bounds its elements.
pub(super) fn evaluate(site: &Site, most: usize) -> Option<Value> {
    match site.node.op_type.as_str() {
        "Shape" => shape(site),
        "Size" => {
            let dims = site.dims(0)?.iter().copied().collect::<Option<Vec<_>>>()?;
            let total = i64::try_from(count(&dims)?).ok()?;
            Value::from_ints(DataType::I64, Vec::new(), vec![Some(total)])
        }
        "Constant" => constant(site),
        "ConstantOfShape" => constant_of_shape(site, most),
        "Range" => range(site, most),
        "Cast" => cast(site),
        "Where" => choose(site, most),
        "ReduceProd" => product(site),
        "Neg" | "Abs" | "Not" | "Sqrt" | "Floor" | "Ceil" | "Reciprocal" => unary(site),
        "Add" | "Sub" | "Mul" | "Div" | "Mod" | "Min" | "Max" | "Equal" | "Less"
        | "LessOrEqual" | "Greater" | "GreaterOrEqual" | "And" | "Or" => binary(site, most),
        _ => None,
    }
}

/// The extents that are known, as far as they are.
fn shape(site: &Site) -> Option<Value> {
    let dims = site.dims(0)?;
    let rank = i64::try_from(dims.len()).ok()?;
    let bound = |name: &str, default: i64| {
        let place = site.int(name).unwrap_or(default);
        let place = if place < 0 { place + rank } else { place };
        usize::try_from(place.clamp(0, rank)).ok()
    };
    let (start, end) = (bound("start", 0)?, bound("end", rank)?);
    let part = dims.get(start..end.max(start))?;
    let ints = part
        .iter()
        .map(|dim| dim.and_then(|dim| i64::try_from(dim).ok()));
    Value::from_ints(DataType::I64, vec![part.len()], ints.collect())
}

fn constant(site: &Site) -> Option<Value> {
    let [attribute] = &site.node.attribute[..] else {
        return None;
    };
    match (attribute.name.as_str(), attribute.value()?) {
        ("value", AttributeValue::Tensor(tensor)) => Value::of(tensor),
        ("value_int", AttributeValue::Int(int)) => {
            Value::from_ints(DataType::I64, Vec::new(), vec![Some(int)])
        }
        ("value_ints", AttributeValue::Ints(ints)) => Value::from_ints(
            DataType::I64,
            vec![ints.len()],
            ints.iter().copied().map(Some).collect(),
        ),
        ("value_float", AttributeValue::Float(float)) => {
            Value::from_floats(Vec::new(), vec![float])
        }
        ("value_floats", AttributeValue::Floats(floats)) => {
            Value::from_floats(vec![floats.len()], floats.to_vec())
        }
        _ => None,
    }
}

fn constant_of_shape(site: &Site, most: usize) -> Option<Value> {
    let dims = super::layout::extents(site.value(0)?)?;
    let total = count(&dims).filter(|&total| total <= most)?;
    let one = match site.node.attribute("value") {
        Some(AttributeValue::Tensor(tensor)) => Value::of(tensor)?,
        Some(_) => return None,
        None => Value::from_floats(vec![1], vec![0.0])?,
    };
    (one.len() == 1).then(|| one.pick(dims, &vec![0; total]))?
}

fn range(site: &Site, most: usize) -> Option<Value> {
    let dtype = site.value(0)?.dtype;
    let one = |index: usize| site.value(index)?.one();
    let (start, limit, delta) = (one(0)?, one(1)?, one(2)?);
    let distance = i128::from(limit) - i128::from(start);
    if delta == 0 {
        return None;
    }
    let delta_ = i128::from(delta);
    // Towards zero: what is not above it has no elements.
    let total = (distance + delta_ - delta_.signum()) / delta_;
    let total = usize::try_from(total.max(0)).ok()?;
    if total > most {
        return None;
    }
    let ints =
        (0..i64::try_from(total).ok()?).map(|index| start.checked_add(delta.checked_mul(index)?));
    let ints = ints.collect::<Option<Vec<_>>>()?;
    Value::from_ints(dtype, vec![total], ints.into_iter().map(Some).collect())
}

fn cast(site: &Site) -> Option<Value> {
    let data = site.value(0)?;
    let to = DataType::from_onnx(i32::try_from(site.int("to")?).ok()?)?;
    if to == data.dtype {
        return Some(data.clone());
    }
    if let Some(ints) = data.ints() {
        return match to {
            DataType::F32 => {
                let floats = ints.into_iter().map(|int| int.map(single));
                Value::from_floats(data.dims.clone(), floats.collect::<Option<_>>()?)
            }
            DataType::Bool => {
                let bools = ints.into_iter().map(|int| int.map(|int| (int != 0).into()));
                Value::from_ints(to, data.dims.clone(), bools.collect())
            }
            _ => Value::from_ints(to, data.dims.clone(), ints),
        };
    }
    let whole = data.floats()?.into_iter().map(|float| match to {
        DataType::Bool => Some((float != 0.0).into()),
        _ => whole(float),
    });
    Value::from_ints(
        to,
        data.dims.clone(),
        whole.map(Some).collect::<Option<_>>()?,
    )
}

#[allow(
    clippy::cast_precision_loss,
    reason = "that is what a cast to single precision does"
)]
fn single(int: i64) -> f32 {
    int as f32
}

/// The whole part, where every machine gives the same.
#[allow(clippy::cast_possible_truncation, reason = "within its range")]
fn whole(float: f32) -> Option<i64> {
    (float.abs() < 1e9).then_some(float as i64)
}

fn product(site: &Site) -> Option<Value> {
    let data = site.value(0)?;
    let axes = site.list_or("axes", 1, || Some(Vec::new()))?;
    let is_whole = axes.is_empty() && site.int("noop_with_empty_axes").unwrap_or(0) == 0;
    let over_one = axes == [0] && data.dims.len() == 1;
    if !is_whole && !over_one {
        return None;
    }
    let mut ints = data.all_ints()?.into_iter();
    let product = ints.try_fold(1_i64, i64::checked_mul)?;
    let kept = if site.int("keepdims").unwrap_or(1) == 0 {
        0
    } else {
        data.dims.len()
    };
    Value::from_ints(data.dtype, vec![1; kept], vec![Some(product)])
}

fn unary(site: &Site) -> Option<Value> {
    let data = site.value(0)?;
    let op = site.node.op_type.as_str();
    if let Some(floats) = data.floats() {
        let apply: fn(f32) -> f32 = match op {
            "Neg" => |x| -x,
            "Abs" => f32::abs,
            "Sqrt" => f32::sqrt,
            "Floor" => f32::floor,
            "Ceil" => f32::ceil,
            "Reciprocal" => f32::recip,
            _ => return None,
        };
        return Value::from_floats(data.dims.clone(), floats.into_iter().map(apply).collect());
    }
    let apply: fn(i64) -> Option<i64> = match op {
        "Neg" => i64::checked_neg,
        "Abs" => i64::checked_abs,
        "Not" => |x| Some((x == 0).into()),
        _ => return None,
    };
    let ints = data.ints()?.into_iter().map(|int| match int {
        Some(int) => apply(int).map(Some),
        None => Some(None),
    });
    Value::from_ints(data.dtype, data.dims.clone(), ints.collect::<Option<_>>()?)
}

/// Computes one whole number of two, where it fits.
type Apply = fn(i64, i64) -> Option<i64>;

/// Two inputs in one shape: the shape, and the places of the elements of each.
type Pairs = (Vec<usize>, Vec<usize>, Vec<usize>);

fn pairs(a: &Value, b: &Value, most: usize) -> Option<Pairs> {
    let dims = broadcast(&[&a.dims, &b.dims]).filter(|dims| dims.len() <= MOST_AXES)?;
    let left = Moved::broadcast(&a.dims, dims.clone())?.places(most)?;
    let right = Moved::broadcast(&b.dims, dims.clone())?.places(most)?;
    Some((dims, left, right))
}

fn binary(site: &Site, most: usize) -> Option<Value> {
    let [Some(a), Some(b)] = site.values[..] else {
        return None;
    };
    // Before opset 7 shapes were stretched in another way.
    if a.dtype != b.dtype || site.int("broadcast").is_some() || site.opset < 7 {
        return None;
    }
    let op = site.node.op_type.as_str();
    let (dims, left, right) = pairs(a, b, most)?;
    if let (Some(x), Some(y)) = (a.floats(), b.floats()) {
        let apply: fn(f32, f32) -> f32 = match op {
            "Add" => |x, y| x + y,
            "Sub" => |x, y| x - y,
            "Mul" => |x, y| x * y,
            "Div" => |x, y| x / y,
            _ => return None,
        };
        let places = left.into_iter().zip(right);
        let floats = places.map(|(i, j)| apply(x[i], y[j]));
        return Value::from_floats(dims, floats.collect());
    }
    let (x, y) = (a.ints()?, b.ints()?);
    let is_bool = a.dtype == DataType::Bool;
    let (to, apply): (DataType, Apply) = match op {
        "Add" if !is_bool => (a.dtype, i64::checked_add),
        "Sub" if !is_bool => (a.dtype, i64::checked_sub),
        "Mul" if !is_bool => (a.dtype, i64::checked_mul),
        "Div" if !is_bool => (a.dtype, i64::checked_div),
        "Mod" if !is_bool && site.int("fmod").unwrap_or(0) == 0 => (a.dtype, floor_mod),
        "Min" if !is_bool => (a.dtype, |x, y| Some(x.min(y))),
        "Max" if !is_bool => (a.dtype, |x, y| Some(x.max(y))),
        "Equal" => (DataType::Bool, |x, y| Some((x == y).into())),
        "Less" => (DataType::Bool, |x, y| Some((x < y).into())),
        "LessOrEqual" => (DataType::Bool, |x, y| Some((x <= y).into())),
        "Greater" => (DataType::Bool, |x, y| Some((x > y).into())),
        "GreaterOrEqual" => (DataType::Bool, |x, y| Some((x >= y).into())),
        "And" if is_bool => (DataType::Bool, |x, y| Some(x & y)),
        "Or" if is_bool => (DataType::Bool, |x, y| Some(x | y)),
        _ => return None,
    };
    let places = left.into_iter().zip(right);
    let ints = places.map(|(i, j)| match (x[i], y[j]) {
        (Some(x), Some(y)) => apply(x, y).map(Some),
        _ => Some(None),
    });
    Value::from_ints(to, dims, ints.collect::<Option<_>>()?)
}

/// The remainder with the divisor's sign.
fn floor_mod(x: i64, y: i64) -> Option<i64> {
    let rest = x.checked_rem(y)?;
    Some(if rest != 0 && (rest < 0) != (y < 0) {
        rest + y
    } else {
        rest
    })
}

fn choose(site: &Site, most: usize) -> Option<Value> {
    let (which, yes, no) = (site.value(0)?, site.value(1)?, site.value(2)?);
    if yes.dtype != no.dtype {
        return None;
    }
    let dims = broadcast(&[&which.dims, &yes.dims, &no.dims])?;
    let places = |value: &Value| Moved::broadcast(&value.dims, dims.clone())?.places(most);
    let (conditions, yes_places, no_places) = (places(which)?, places(yes)?, places(no)?);
    let which = which.all_ints()?;
    // One after the other, so that what is picked from may be of any type.
    let joined = match (yes.bytes(), no.bytes()) {
        (Some(first), Some(second)) => Value::known(
            yes.dtype,
            vec![yes.len() + no.len()],
            [&first[..], &second[..]].concat().into(),
        )?,
        _ => Value::from_ints(
            yes.dtype,
            vec![yes.len() + no.len()],
            [yes.ints()?, no.ints()?].concat(),
        )?,
    };
    let picked = conditions.iter().enumerate().map(|(index, &place)| {
        if which[place] == 0 {
            yes.len() + no_places[index]
        } else {
            yes_places[index]
        }
    });
    joined.pick(dims, &picked.collect::<Vec<_>>())
}
