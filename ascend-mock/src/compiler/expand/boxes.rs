//! Boxes: which of them stand for the others.

use std::mem;

use ascend_graph::DataType;
use ascend_graph::onnx::{Attribute, Graph, Tensor, ValueInfo};

use crate::compiler::form::Form;

/// The score of a box that is out of the game.
const OUT: f32 = f32::MIN;

/// What non-maximum suppression starts from.
pub(super) struct Suppression<'a> {
    /// Corners, or centre and size: `[batch, 1 or classes, boxes, 4]`.
    pub(super) boxes: &'a str,
    /// `[batch, classes, boxes]`.
    pub(super) scores: &'a str,
    /// The most boxes to keep of a class, one whole number.
    pub(super) most: &'a str,
    /// A box that overlaps a better one by more is dropped.
    pub(super) overlap: &'a str,
    /// What a score has to exceed.
    pub(super) threshold: Option<&'a str>,
    /// Whether boxes are given as centre and size.
    pub(super) is_centred: bool,
}

/// The boxes that are kept, best first: all three are `[batch, classes, most]`.
pub(super) struct Kept {
    /// Whether there is one at this place.
    pub(super) is_there: String,
    /// The index among the boxes, 0 where there is none.
    pub(super) index: String,
    /// The score, the smallest number where there is none.
    pub(super) score: String,
}

/// Takes the best box of every class, drops those that overlap it, and so on until none is left.
pub(super) fn suppress(form: &mut Form, given: &Suppression) -> Kept {
    // A box that never wins, so that there is one to look at.
    let boxes = add_box(form, given.boxes);
    let out = form.number(OUT);
    // Scores may be as small as a number can be, and count all the same.
    let above = form.with_number("Max", given.scores, OUT.next_up());
    let scores = match given.threshold {
        Some(threshold) => {
            let counts = form.binary("Greater", given.scores, threshold);
            form.value("Where", &[&counts, &above, &out], [])
        }
        None => above,
    };
    let scores = add_score(form, &scores);
    let corners = corners(form, &boxes, given.is_centred);
    let shape = form.unary("Shape", &scores);
    let corners = corners.map(|corner| form.binary("Expand", &corner, &shape));
    let area = area(form, &corners);
    let count = form.extent(&scores, 2);
    let most = form.reshape(given.most, &[1]);
    let rounds = form.choose("Less", &most, &count);
    // One round at least: what no round gives has no shape.
    let one = form.ints(&[1]);
    let rounds = form.choose("Greater", &rounds, &one);
    let rounds = form.unary("Squeeze", &rounds);
    let (zero, step) = (form.int(0), form.int(1));
    let count = form.unary("Squeeze", &count);
    let places = form.value("Range", &[&zero, &count, &step], []);
    let body = body(form, &corners, &area, &places, given.overlap);
    let carried = form.fresh();
    let [index, score] = [form.fresh(), form.fresh()];
    let outputs = vec![carried, index.clone(), score.clone()];
    form.push(
        "Loop",
        &[&rounds, "", &scores],
        outputs,
        [Attribute::graph("body", body)],
    );
    let [index, score] = [index, score].map(|value| form.transpose(&value, &[1, 2, 0]));
    let counts = form.binary("Greater", &score, &out);
    let none = form.ints(&[0]);
    let any = form.binary("Greater", &most, &none);
    let is_there = form.binary("And", &counts, &any);
    let none = form.int(0);
    let index = form.value("Where", &[&is_there, &index, &none], []);
    Kept {
        is_there,
        index,
        score,
    }
}

/// One round: carries the scores, and gives the index and the score of the best box of each class.
fn body(form: &mut Form, corners: &[String; 4], area: &str, places: &str, overlap: &str) -> Graph {
    let outside = mem::take(&mut form.nodes);
    let [round, goes_on, scores] = [form.fresh(), form.fresh(), form.fresh()];
    let axis = || [Attribute::int("axis", 2)];
    let best = form.value("ArgMax", &[&scores], axis());
    let score = form.reduce("ReduceMax", &scores, &[2]);
    let [left, top, right, bottom] = corners;
    let at_best = |form: &mut Form, of: &str| form.value("GatherElements", &[of, &best], axis());
    let mut side = |low: &str, high: &str| {
        let (best_low, best_high) = (at_best(form, low), at_best(form, high));
        let low = form.binary("Max", low, &best_low);
        let high = form.binary("Min", high, &best_high);
        let side = form.binary("Sub", &high, &low);
        form.unary("Relu", &side)
    };
    let (width, height) = (side(left, right), side(top, bottom));
    let shared = form.binary("Mul", &width, &height);
    let best_area = at_best(form, area);
    let both = form.binary("Add", area, &best_area);
    let union = form.binary("Sub", &both, &shared);
    let allowed = form.binary("Mul", &union, overlap);
    let overlaps = form.binary("Greater", &shared, &allowed);
    let is_best = form.binary("Equal", places, &best);
    let is_done = form.binary("Or", &overlaps, &is_best);
    let out = form.number(OUT);
    let rest = form.value("Where", &[&is_done, &out, &scores], []);
    let highest = form.reduce("ReduceMax", &rest, &[0, 1, 2]);
    let highest = form.unary("Squeeze", &highest);
    let more = form.binary("Greater", &highest, &out);
    let [best, score] = [best, score].map(|value| form.squeeze(&value, &[2]));
    let value = |name: String, dtype| ValueInfo::tensor(name, dtype, None);
    let scalar = |name: String, dtype| ValueInfo::tensor(name, dtype, Some(&[]));
    Graph {
        name: "round".to_owned(),
        node: mem::replace(&mut form.nodes, outside),
        input: vec![
            scalar(round, DataType::I64),
            scalar(goes_on, DataType::Bool),
            value(scores, DataType::F32),
        ],
        output: vec![
            value(more, DataType::Bool),
            value(rest, DataType::F32),
            value(best, DataType::I64),
            value(score, DataType::F32),
        ],
        ..Graph::default()
    }
}

fn add_box(form: &mut Form, boxes: &str) -> String {
    let [batch, classes] = [0, 1].map(|axis| form.extent(boxes, axis));
    let rest = form.ints(&[1, 4]);
    let shape = form.concat(&[&batch, &classes, &rest], 0);
    let empty = filled(form, &shape, 0.0);
    form.concat(&[boxes, &empty], 2)
}

fn add_score(form: &mut Form, scores: &str) -> String {
    let [batch, classes] = [0, 1].map(|axis| form.extent(scores, axis));
    let one = form.ints(&[1]);
    let shape = form.concat(&[&batch, &classes, &one], 0);
    let out = filled(form, &shape, OUT);
    form.concat(&[scores, &out], 2)
}

/// Adds a tensor of one number.
pub(super) fn filled(form: &mut Form, shape: &str, number: f32) -> String {
    let value = Tensor::new(
        "",
        DataType::F32,
        vec![1],
        number.to_le_bytes().to_vec().into(),
    );
    form.value(
        "ConstantOfShape",
        &[shape],
        [Attribute::tensor("value", value)],
    )
}

/// Gives left, top, right and bottom, each without the last axis.
pub(super) fn corners(form: &mut Form, boxes: &str, is_centred: bool) -> [String; 4] {
    let [a, b, c, d] = [0, 1, 2, 3].map(|index| form.pick(boxes, -1, index));
    if is_centred {
        let halves = [&c, &d].map(|size| form.with_number("Mul", size, 0.5));
        let [low, high] = ["Sub", "Add"].map(|op_type| {
            [(&a, &halves[0]), (&b, &halves[1])]
                .map(|(centre, half)| form.binary(op_type, centre, half))
        });
        let ([left, top], [right, bottom]) = (low, high);
        return [left, top, right, bottom];
    }
    let [left, right] = ["Min", "Max"].map(|op_type| form.binary(op_type, &a, &c));
    let [top, bottom] = ["Min", "Max"].map(|op_type| form.binary(op_type, &b, &d));
    [left, top, right, bottom]
}

fn area(form: &mut Form, [left, top, right, bottom]: &[String; 4]) -> String {
    let (width, height) = (
        form.binary("Sub", right, left),
        form.binary("Sub", bottom, top),
    );
    form.binary("Mul", &width, &height)
}

#[allow(
    clippy::unnecessary_wraps,
    reason = "all ways to write out have one type"
)]
/// ONNX's own: a row for each box that is kept, of batch, class and box.
pub(super) fn non_max_suppression(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    let (boxes, scores) = (form.input(0), form.input(1));
    let boxes = form.unsqueeze(&boxes, &[1]);
    let most = match site.constant(2).map(Tensor::bytes) {
        _ if site.input(2).is_none() => form.int(0),
        // Numbers that stand for "all" exceed what the engine counts to.
        Some(Ok(bytes)) if bytes.len() == 8 && bytes[7] & 0x80 == 0 && bytes[4..] != [0; 4] => {
            form.int(i32::MAX.into())
        }
        _ => form.input(2),
    };
    let overlap = match site.input(3) {
        Some(overlap) => overlap.to_owned(),
        None => form.number(0.0),
    };
    let kept = suppress(
        form,
        &Suppression {
            boxes: &boxes,
            scores: &scores,
            most: &most,
            overlap: &overlap,
            threshold: site.input(4),
            is_centred: site.node.int("center_point_box").unwrap_or(0) != 0,
        },
    );
    let found = form.unary("NonZero", &kept.is_there);
    let places = form.transpose(&found, &[1, 0]);
    let chosen = form.binary("GatherND", &kept.index, &places);
    let chosen = form.unsqueeze(&chosen, &[1]);
    let whose = form.slice(&places, 1, 0, 2, 1);
    let rows = form.concat(&[&whose, &chosen], 1);
    form.give(0, &rows);
    Ok(())
}
