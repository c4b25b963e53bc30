//! Recurrent layers as loops over time, where the engine has no such form of them.

use std::mem;

use ascend_graph::DataType;
use ascend_graph::onnx::{Attribute, AttributeValue, Graph, Node, ValueInfo};

use crate::compiler::form::Form;

/// Tells whether the engine has no such form: sequences of their own length, a batch first, GRU that
/// resets before it multiplies, and RNN at all.
pub(super) fn is_lacking(node: &Node) -> bool {
    let has_lengths = node.input.get(4).is_some_and(|name| !name.is_empty());
    let is = |name: &str| node.int(name).is_some_and(|set| set > 0);
    let resets_early = node.op_type == "GRU" && !is("linear_before_reset");
    node.op_type == "RNN" || has_lengths || resets_early || is("layout")
}

/// A layer in one direction.
struct Direction {
    /// `[hidden, gates · hidden]`.
    recurrence: String,
    /// `[gates · hidden]`, if there is one.
    bias: Option<String>,
    /// Those of the last gate, which GRU may apply later than the others.
    last: (String, Option<String>),
    /// `[time, batch, gates · hidden]`.
    x: String,
    hidden: String,
    cell: String,
}

pub(super) fn expand(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    check(form)?;
    let units = site.node.int("hidden_size").or_else(|| {
        let extent = site.dims(2)?.last().copied()??;
        i64::try_from(extent).ok()
    });
    let units = units.filter(|units| (1..1 << 20).contains(units));
    let units = units.ok_or("its attribute `hidden_size` is missing or out of bounds")?;
    let is_batch_first = site.node.int("layout").unwrap_or(0) == 1;
    let mut x = form.input(0);
    if is_batch_first {
        x = form.transpose(&x, &[1, 0, 2]);
    }
    let directions: &[bool] = match site.node.text("direction") {
        b"bidirectional" => &[false, true],
        b"reverse" => &[true],
        _ => &[false],
    };
    let lengths = site
        .input(4)
        .map(|lengths| form.cast(lengths, DataType::I64));
    let (mut all, mut last, mut cells) = (Vec::new(), Vec::new(), Vec::new());
    for (place, &is_reverse) in (0..).zip(directions) {
        let read = if is_reverse {
            backwards(form, &x, lengths.as_deref())
        } else {
            x.clone()
        };
        let direction = direction(form, &read, place, units);
        let [y, hidden, cell] = run(form, &direction, units, lengths.as_deref());
        let y = if is_reverse {
            backwards(form, &y, lengths.as_deref())
        } else {
            y
        };
        all.push(form.unsqueeze(&y, &[1]));
        last.push(form.unsqueeze(&hidden, &[0]));
        cells.push(form.unsqueeze(&cell, &[0]));
    }
    for (output, parts) in [all, last, cells].into_iter().enumerate() {
        let parts: Vec<_> = parts.iter().map(String::as_str).collect();
        let mut value = form.concat(&parts, i64::from(output == 0));
        if is_batch_first {
            let order: &[i64] = if output == 0 {
                &[2, 0, 1, 3]
            } else {
                &[1, 0, 2]
            };
            value = form.transpose(&value, order);
        }
        form.give(output, &value);
    }
    Ok(())
}

fn check(form: &Form) -> Result<(), String> {
    let site = form.site;
    let usual: &[&[u8]] = match site.node.op_type.as_str() {
        "RNN" => &[b"Tanh"],
        "GRU" => &[b"Sigmoid", b"Tanh"],
        _ => &[b"Sigmoid", b"Tanh", b"Tanh"],
    };
    if let Some(AttributeValue::Strings(given)) = site.node.attribute("activations")
        && !given
            .iter()
            .zip(usual.iter().cycle())
            .all(|(given, usual)| given == usual)
    {
        return Err("its `activations` are not the usual ones; export with those".to_owned());
    }
    for name in ["clip", "input_forget"] {
        let is_off = matches!(
            site.node.attribute(name),
            None | Some(AttributeValue::Int(0))
        );
        if !is_off {
            return Err(format!(
                "its attribute `{name}` is not supported; export without it"
            ));
        }
    }
    if site.node.op_type == "LSTM" && site.input(7).is_some() {
        return Err("its peepholes (input 7) are not supported; export without them".to_owned());
    }
    Ok(())
}

/// Reads one direction's weights; `x` is in the order in which it is read.
fn direction(form: &mut Form, x: &str, place: i64, units: i64) -> Direction {
    let site = form.site;
    let is_batch_first = site.node.int("layout").unwrap_or(0) == 1;
    let (weights, recurrence) = (form.input(1), form.input(2));
    let [weights, recurrence] = [weights, recurrence].map(|weights| {
        let weights = form.pick(&weights, 0, place);
        form.transpose(&weights, &[1, 0])
    });
    let mut gates = form.binary("MatMul", x, &weights);
    let all = units * gate_count(&site.node.op_type);
    let bias = site.input(3).map(|bias| {
        let bias = form.pick(bias, 0, place);
        let own = form.slice(&bias, 0, 0, all, 1);
        gates = form.binary("Add", &gates, &own);
        form.slice(&bias, 0, all, 2 * all, 1)
    });
    let batch = form.extent(x, 1);
    let [hidden, cell] = [5, 6].map(|index| {
        let is_given = site.input(index).is_some() && (index == 5 || site.node.op_type == "LSTM");
        if is_given {
            let given = form.input(index);
            return form.pick(&given, i64::from(is_batch_first), place);
        }
        let units = form.ints(&[units]);
        let shape = form.concat(&[&batch, &units], 0);
        super::boxes::filled(form, &shape, 0.0)
    });
    let last = (all - units, all);
    let last = (
        form.slice(&recurrence, 1, last.0, last.1, 1),
        bias.as_deref()
            .map(|bias| form.slice(bias, 0, last.0, last.1, 1)),
    );
    Direction {
        last,
        recurrence,
        bias,
        x: gates,
        hidden,
        cell,
    }
}

fn gate_count(op_type: &str) -> i64 {
    match op_type {
        "RNN" => 1,
        "GRU" => 3,
        _ => 4,
    }
}

/// Turns time around, for each sequence within its length.
fn backwards(form: &mut Form, x: &str, lengths: Option<&str>) -> String {
    match lengths {
        Some(lengths) => form.value(
            "ReverseSequence",
            &[x, lengths],
            [
                Attribute::int("time_axis", 0),
                Attribute::int("batch_axis", 1),
            ],
        ),
        None => form.slice(x, 0, -1, i32::MIN.into(), -1),
    }
}

/// Runs one direction; gives all hidden states, the last one and the last cell state.
fn run(form: &mut Form, direction: &Direction, units: i64, lengths: Option<&str>) -> [String; 3] {
    let rounds = form.extent(&direction.x, 0);
    let rounds = form.unary("Squeeze", &rounds);
    let outside = mem::take(&mut form.nodes);
    let [round, goes_on] = [form.fresh(), form.fresh()];
    let [hidden, cell] = [form.fresh(), form.fresh()];
    let x = form.value(
        "Gather",
        &[&direction.x, &round],
        [Attribute::int("axis", 0)],
    );
    let [mut next, mut next_cell] = step(form, direction, units, [&x, &hidden, &cell]);
    let mut y = next.clone();
    if let Some(lengths) = lengths {
        let lasts = form.binary("Less", &round, lengths);
        let lasts = form.unsqueeze(&lasts, &[1]);
        let zero = form.number(0.0);
        y = form.value("Where", &[&lasts, &next, &zero], []);
        next = form.value("Where", &[&lasts, &next, &hidden], []);
        next_cell = form.value("Where", &[&lasts, &next_cell, &cell], []);
    }
    let more = form.unary("Identity", &goes_on);
    let [next, next_cell, y] = [next, next_cell, y].map(|value| form.unary("Identity", &value));
    let value = |name: String, dtype| ValueInfo::tensor(name, dtype, None);
    let body = Graph {
        name: "step".to_owned(),
        node: mem::replace(&mut form.nodes, outside),
        input: vec![
            value(round, DataType::I64),
            value(goes_on, DataType::Bool),
            value(hidden, DataType::F32),
            value(cell, DataType::F32),
        ],
        output: vec![
            value(more, DataType::Bool),
            value(next, DataType::F32),
            value(next_cell, DataType::F32),
            value(y, DataType::F32),
        ],
        ..Graph::default()
    };
    let [hidden, cell, all] = [form.fresh(), form.fresh(), form.fresh()];
    let outputs = vec![hidden.clone(), cell.clone(), all.clone()];
    let inputs = [&rounds, "", &direction.hidden, &direction.cell];
    form.push("Loop", &inputs, outputs, [Attribute::graph("body", body)]);
    [all, hidden, cell]
}

/// Gives the next hidden state and the next cell state.
fn step(
    form: &mut Form,
    direction: &Direction,
    units: i64,
    [x, hidden, cell]: [&str; 3],
) -> [String; 2] {
    let gate = |form: &mut Form, of: &str, place: i64| {
        form.slice(of, -1, place * units, (place + 1) * units, 1)
    };
    let with_bias = |form: &mut Form, value: String| match &direction.bias {
        Some(bias) => form.binary("Add", &value, bias),
        None => value,
    };
    let product = form.binary("MatMul", hidden, &direction.recurrence);
    let product = with_bias(form, product);
    match form.site.node.op_type.as_str() {
        "RNN" => {
            let sum = form.binary("Add", x, &product);
            [form.unary("Tanh", &sum), form.unary("Identity", cell)]
        }
        "GRU" => {
            let [update, reset] = [0, 1].map(|place| {
                let (own, back) = (gate(form, x, place), gate(form, &product, place));
                let sum = form.binary("Add", &own, &back);
                form.unary("Sigmoid", &sum)
            });
            let back = if form.site.node.int("linear_before_reset").unwrap_or(0) == 0 {
                let kept = form.binary("Mul", &reset, hidden);
                let (weights, bias) = &direction.last;
                let product = form.binary("MatMul", &kept, weights);
                match bias {
                    Some(bias) => form.binary("Add", &product, bias),
                    None => product,
                }
            } else {
                let back = gate(form, &product, 2);
                form.binary("Mul", &reset, &back)
            };
            let own = gate(form, x, 2);
            let sum = form.binary("Add", &own, &back);
            let fresh = form.unary("Tanh", &sum);
            let change = form.binary("Sub", hidden, &fresh);
            let kept = form.binary("Mul", &update, &change);
            [
                form.binary("Add", &fresh, &kept),
                form.unary("Identity", cell),
            ]
        }
        _ => {
            let gates = form.binary("Add", x, &product);
            let [input, output, forget] = [0, 1, 2].map(|place| {
                let sum = gate(form, &gates, place);
                form.unary("Sigmoid", &sum)
            });
            let fresh = gate(form, &gates, 3);
            let fresh = form.unary("Tanh", &fresh);
            let (kept, added) = (
                form.binary("Mul", &forget, cell),
                form.binary("Mul", &input, &fresh),
            );
            let cell = form.binary("Add", &kept, &added);
            let shown = form.unary("Tanh", &cell);
            [form.binary("Mul", &output, &shown), cell]
        }
    }
}
