//! Values of attributes in an `.om`.

use ascend_graph::counted;
use ascend_graph::om::{AttrDef, AttrValue, ListValue, NamedAttrs, TensorDescriptor};
use serde_json::{Value, json};

use super::super::model::attribute::{list, text};
use super::facts::type_name;

/// A value that is plain: a text, a number, or a list of such; else what it is, in words.
pub(crate) fn json(attr: &AttrDef) -> Value {
    match &attr.value {
        Some(AttrValue::S(bytes)) => json!(String::from_utf8_lossy(bytes)),
        Some(AttrValue::I(number) | AttrValue::Dt(number)) => json!(number),
        Some(AttrValue::F(number)) => json!(number),
        Some(AttrValue::B(truth)) => json!(truth),
        Some(AttrValue::List(list)) if !list.s.is_empty() => {
            let texts = list.s.iter().map(|text| String::from_utf8_lossy(text));
            texts.collect()
        }
        Some(AttrValue::List(list)) if list.f.is_empty() && list.b.is_empty() => json!(list.i),
        _ => json!(shown(attr)),
    }
}

/// A value for people; long ones are cut.
pub(crate) fn shown(attr: &AttrDef) -> String {
    match &attr.value {
        None => "(empty)".to_owned(),
        Some(AttrValue::S(bytes)) => text(bytes),
        Some(AttrValue::I(number)) => number.to_string(),
        Some(AttrValue::F(number)) => number.to_string(),
        Some(AttrValue::B(truth)) => truth.to_string(),
        Some(AttrValue::Bt(bytes)) => format!("{} bytes", bytes.len()),
        Some(AttrValue::Dt(number)) => element_type(*number),
        Some(AttrValue::Td(desc)) => descriptor(desc),
        Some(AttrValue::T(tensor)) => {
            let desc = tensor.desc.as_ref().map(descriptor).unwrap_or_default();
            format!("constant {desc}")
        }
        Some(AttrValue::G(graph)) => {
            format!(
                "graph {} of {}",
                graph.name,
                counted(graph.op.len(), "operator")
            )
        }
        Some(AttrValue::ListListInt(lists)) => {
            let lists = &lists.list_list_i;
            let items = lists
                .iter()
                .map(|one| list(one.list_i.len(), one.list_i.iter()));
            list(lists.len(), items)
        }
        Some(AttrValue::ListListFloat(lists)) => {
            let lists = &lists.list_list_f;
            let items = lists
                .iter()
                .map(|one| list(one.list_f.len(), one.list_f.iter()));
            list(lists.len(), items)
        }
        Some(AttrValue::Expression(bytes)) => format!("formula of {} bytes", bytes.len()),
        Some(AttrValue::Func(named)) => function(named),
        Some(AttrValue::List(values)) => items(values),
    }
}

fn items(values: &ListValue) -> String {
    let ListValue {
        s,
        i,
        f,
        b,
        bt,
        t,
        na,
        dt,
        ..
    } = values;
    let kinds = [
        (s.len(), list(s.len(), s.iter().map(|bytes| text(bytes)))),
        (i.len(), list(i.len(), i.iter())),
        (f.len(), list(f.len(), f.iter())),
        (b.len(), list(b.len(), b.iter())),
        (
            bt.len(),
            list(
                bt.len(),
                bt.iter().map(|bytes| format!("{} bytes", bytes.len())),
            ),
        ),
        (t.len(), counted(t.len(), "constant")),
        (na.len(), list(na.len(), na.iter().map(|named| &named.name))),
        (
            dt.len(),
            list(dt.len(), dt.iter().map(|&number| element_type(number))),
        ),
    ];
    let filled = kinds.into_iter().find(|(len, _)| *len > 0);
    filled.map_or_else(|| "[]".to_owned(), |(_, text)| text)
}

/// Named values in one line; of those inside them only their kind, so that no depth matters.
fn function(named: &NamedAttrs) -> String {
    let values = named.attr.iter().map(|(key, attr)| match &attr.value {
        Some(AttrValue::Func(inner)) => format!("{key}: {{{}}}", inner.name),
        _ => format!("{key}: {}", shown(attr)),
    });
    list(named.attr.len(), values)
}

/// An element type in the numbering of attributes.
fn element_type(number: i64) -> String {
    let dtype = i32::try_from(number)
        .ok()
        .and_then(ascend_rt::DataType::from_acl);
    dtype.map_or_else(
        || format!("unknown type {number}"),
        |dtype| dtype.name().to_owned(),
    )
}

/// Type, shape and layout in the words of the text.
pub(crate) fn descriptor(desc: &TensorDescriptor) -> String {
    let dims = desc.shape.as_ref().map_or(&[][..], |shape| &shape.dim);
    if desc.dtype == 0 && dims.is_empty() {
        return String::new();
    }
    let dtype = ascend_rt::DataType::from_ge(desc.dtype);
    let name = dtype.map_or_else(|| type_name(desc.dtype), |dtype| dtype.name().to_owned());
    let dims = list(dims.len(), dims.iter());
    format!("{name} {dims} {}", desc.layout)
        .trim_end()
        .to_owned()
}
