//! A model for people.

use std::io::{self, Write};

use ascend_graph::counted;

use super::super::Args;
use super::super::checkpoint::text::numbers;
use super::Summary;
use super::constant::Constant;
use super::graph::{Graph, Node, Port};
use crate::weights::{shown, size};

/// Longer lists are cut unless all is asked for.
const MOST_LINES: usize = 40;

/// Names are padded to the longest, up to here.
const MAX_WIDTH: usize = 48;

pub(super) fn summary(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
    let width = summary.iter().map(|(label, _)| label.len()).max();
    let width = width.unwrap_or_default();
    for (label, text) in summary {
        writeln!(out, "{label:width$}  {}", shown(text))?;
    }
    Ok(())
}

/// How many operators of each type there are, and each with what comes in and goes out.
pub(super) fn ops(out: &mut impl Write, graphs: &[Graph], is_all: bool) -> io::Result<()> {
    for graph in graphs {
        let count = graph.nodes.len();
        let operators = counted(count, "operator");
        let constants = counted(graph.constants, "constant");
        let name = shown(&graph.name);
        writeln!(out, "\ngraph {name}: {operators}, {constants} beside them")?;
        let histogram = graph.histogram();
        for (kind, count) in &histogram[..histogram.len().min(most(is_all))] {
            writeln!(out, "{count:6}  {}", shown(kind))?;
        }
        cut(out, histogram.len(), is_all)?;
        writeln!(out)?;
        let shown_nodes = &graph.nodes[..count.min(most(is_all))];
        let names = shown_nodes
            .iter()
            .map(|node| shown(&node.name).chars().count());
        let kinds = shown_nodes
            .iter()
            .map(|node| shown(&node.kind).chars().count());
        let widths = (
            names.max().unwrap_or_default().min(MAX_WIDTH),
            kinds.max().unwrap_or_default().min(MAX_WIDTH),
        );
        for (index, node) in shown_nodes.iter().enumerate() {
            op(out, index, node, widths)?;
        }
        cut(out, count, is_all)?;
    }
    Ok(())
}

fn op(
    out: &mut impl Write,
    index: usize,
    node: &Node,
    (names, kinds): (usize, usize),
) -> io::Result<()> {
    let list = |ports: &mut dyn Iterator<Item = &Port>| {
        let what = |port: &Port| match port.what.as_str() {
            "" => "?".to_owned(),
            what => shown(what),
        };
        ports.map(what).collect::<Vec<_>>().join(", ")
    };
    let inputs = list(&mut node.inputs.iter().filter(|port| !port.is_control));
    let outputs = list(&mut node.outputs.iter());
    let (name, kind) = (shown(&node.name), shown(&node.kind));
    let line = format!("{index:4}  {kind:kinds$}  {name:names$}  {inputs} -> {outputs}");
    writeln!(out, "{}", line.trim_end())
}

pub(super) fn constants(
    out: &mut impl Write,
    constants: &[Constant],
    args: &Args,
) -> io::Result<()> {
    let total = constants.iter().map(|constant| constant.bytes);
    let total = total.fold(0, u64::saturating_add);
    writeln!(out, "\nconstants: {}, {}", constants.len(), size(total))?;
    let some = &constants[..constants.len().min(most(args.all))];
    let widths = some
        .iter()
        .map(|constant| shown(&constant.name).chars().count());
    let width = widths.max().unwrap_or_default().min(MAX_WIDTH);
    for constant in some {
        let Constant {
            spelling,
            shape,
            layout,
            place,
            ..
        } = constant;
        let name = shown(&constant.name);
        let dtype = constant
            .dtype
            .map_or(spelling.as_str(), |dtype| dtype.name());
        let mut facts = vec![format!("{dtype} {shape:?}")];
        facts.extend((!layout.is_empty()).then(|| shown(layout)));
        let origin = constant.origin.as_ref();
        let origin = origin.map(|(layout, shape)| format!("from {} {shape:?}", shown(layout)));
        facts.extend(origin);
        facts.push(size(constant.bytes));
        facts.push(shown(place));
        facts.extend(constant.data.as_ref().err().map(|why| shown(why)));
        if args.stats {
            facts.extend(numbers(constant.statistics().as_ref(), constant.len()));
        }
        if args.hash {
            facts.extend(constant.sha256());
        }
        writeln!(out, "{name:width$}  {}", facts.join("  "))?;
    }
    cut(out, constants.len(), args.all)
}

fn most(is_all: bool) -> usize {
    if is_all { usize::MAX } else { MOST_LINES }
}

/// Tells how much of a list is not shown.
fn cut(out: &mut impl Write, count: usize, is_all: bool) -> io::Result<()> {
    match count.checked_sub(most(is_all)) {
        Some(more) if more > 0 => writeln!(out, "        and {more} more (--all shows them)"),
        _ => Ok(()),
    }
}
