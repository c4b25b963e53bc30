//! Files for the compiler: the nodes that have to keep their precision.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Result;
use ascend_rt::compare::{Comparison, Loss, Row, Side};
use ascend_rt::convert::atc::quoted;
use ascend_rt::files::NewFile;
use ascend_rt::{Error, ErrorKind};

use super::examine;
use super::feeds::Feeds;
use super::options::{Args, PrecisionArg};
use super::sides::{Own, Sides};
use crate::language::{say, words};
use crate::progress::Progress;

/// How often the network is tried again with more nodes that keep their precision.
const MOST_ROUNDS: usize = 12;

/// The nodes that are named where it cannot be tried what they do.
const MOST_UNTRIED: usize = 10;

pub(super) const KEEP: &str = "keep_dtype.cfg";
pub(super) const MODES: &str = "op_precision_mode.ini";

/// The nodes to keep, and what that leads to.
struct Choice {
    kept: Vec<Loss>,
    /// What came of it, where it was tried.
    outcome: Option<Comparison>,
}

/// Writes the files into `folder`, and gives what is to be told of them.
pub(super) fn write(
    folder: &Path,
    args: &Args,
    sides: &mut Sides,
    found: &Comparison,
) -> Result<String> {
    let choice = match &sides.own {
        Some(own) => try_out(own, &mut sides.a, &sides.feeds, args, found)?,
        None => Choice {
            kept: named(found.losses(), &HashSet::new())
                .filter(|loss| loss.overflows || loss.is_first)
                .take(MOST_UNTRIED)
                .collect(),
            outcome: None,
        },
    };
    if choice.kept.is_empty() {
        return Ok(nothing(args, found) + &nameless(found));
    }
    let make = fs::create_dir_all(folder);
    make.map_err(|error| {
        let message = format!(
            "cannot make the folder {}: {error}; name another place with --advice",
            folder.display()
        );
        Error::new(ErrorKind::Io, message).with_source(error)
    })?;
    let mut keep = String::new();
    let mut modes = "[ByNodeName]\n".to_owned();
    for Loss { node, .. } in &choice.kept {
        // writing to a text cannot fail
        let _ = writeln!(keep, "{node}");
        // an equals sign ends the name there, and a bracket begins a section
        if !node.contains('=') && !node.starts_with('[') {
            let _ = writeln!(modes, "{node}=high_precision");
        }
    }
    for (name, text) in [(KEEP, keep), (MODES, modes)] {
        let mut file = NewFile::create(&folder.join(name))?;
        file.put(text.as_bytes())?;
        file.finish()?;
    }
    Ok(told(folder, args, &choice, found) + &nameless(found))
}

/// Tells of nodes that the files cannot name.
fn nameless(found: &Comparison) -> String {
    let losses = found.losses();
    // they are called after their places
    let nodes = losses.iter().filter(|loss| loss.node.starts_with('#'));
    match nodes.count() {
        0 => String::new(),
        _ if found.is_same() => String::new(),
        count => {
            let python = "for i, node in enumerate(model.graph.node): \
                          node.name = node.name or f\"{node.op_type}_{i}\"";
            let told = say!(
                "nodes that lose precision and have no name, which the files need: {count}; name them with Python: \
                 {python}",
                count,
                python
            );
            format!("\n{told}")
        }
    }
}

/// Nodes with a name of their own that stand in no set yet.
fn named(losses: Vec<Loss>, known: &HashSet<String>) -> impl Iterator<Item = Loss> {
    // a nameless one is called after its place, and a line may name a type or be a remark instead
    let has_name = |node: &str| {
        let is_other = node.starts_with('#') || node.starts_with("OpType::");
        !is_other && !node.contains(char::is_control)
    };
    losses
        .into_iter()
        .filter(move |loss| has_name(&loss.node) && !known.contains(&loss.node))
}

/// Lets more and more nodes keep their precision until the outputs agree.
fn try_out(
    own: &Own,
    a: &mut Side,
    feeds: &Feeds,
    args: &Args,
    found: &Comparison,
) -> Result<Choice> {
    let mut progress = Progress::new("trying what helps:");
    let mut choice = Choice {
        kept: Vec::new(),
        outcome: None,
    };
    let mut kept = HashSet::new();
    // an overflow in one node is one in the next when the first is kept: each round finds some
    let mut more = (found.rows.len() / 50).max(1);
    for round in 0..MOST_ROUNDS {
        let now = choice.outcome.as_ref().unwrap_or(found);
        if now.is_same() {
            break;
        }
        let mut next: Vec<Loss> = named(now.losses(), &kept).collect();
        let urgent = next
            .iter()
            .filter(|loss| loss.overflows || loss.is_first)
            .count();
        next.truncate(urgent.max(more));
        if next.is_empty() {
            break;
        }
        more *= 2;
        kept.extend(next.iter().map(|loss| loss.node.clone()));
        choice.kept.extend(next);
        progress.say(format_args!("round {}, {} nodes", round + 1, kept.len()));
        let rounded = own
            .model
            .rounded(own.precision, |node| kept.contains(&node.name));
        let rounded = rounded.map_err(Error::from)?.model;
        let mut b = own.opener.rounded(&own.model, rounded)?;
        choice.outcome = Some(examine(a, &mut b, feeds, args, &mut |_, _| ())?);
    }
    Ok(choice)
}

fn nothing(args: &Args, found: &Comparison) -> String {
    if found.is_same() {
        return say!("advice: no node has to keep its precision, nothing was written");
    }
    let own = quoted(
        [
            "ascend",
            "compare",
            &args.a.display().to_string(),
            "--precision",
            "f16",
        ]
        .map(str::to_owned),
    );
    say!(
        "advice: no single node stands out in what was compared, so nothing was written; {own} --advice DIR computes \
         the network itself in float16, node by node, and finds those that lose most",
        own
    )
}

/// What the files hold, what they lead to, and how they are given to the compiler.
fn told(folder: &Path, args: &Args, choice: &Choice, found: &Comparison) -> String {
    let mut text = say!(
        "advice: wrote {keep} and {modes} with {count} nodes to {folder}:",
        keep = KEEP,
        modes = MODES,
        count = choice.kept.len(),
        folder = folder.display()
    );
    for loss in choice.kept.iter().take(MOST_UNTRIED) {
        let is_half = args.precision != Some(PrecisionArg::Bf16);
        let why = if !loss.overflows {
            let error = format!("{:.1e}", loss.own);
            say!("adds a relative L2 error of {error}", error)
        } else if is_half && loss.beyond_half > 0 {
            say!("gives numbers beyond 65504, the most that float16 holds")
        } else if choice.outcome.is_some() {
            // those of a node that is kept, of an input or of a constant
            say!("reads numbers that the type cannot hold")
        } else {
            say!("makes infinities of finite numbers")
        };
        let _ = write!(text, "\n  {} ({}): {why}", loss.node, loss.operator);
    }
    if let Some(rest) = choice
        .kept
        .len()
        .checked_sub(MOST_UNTRIED)
        .filter(|rest| *rest > 0)
    {
        let _ = write!(text, "\n  {}", say!("and {rest} more", rest));
    }
    if let Some(outcome) = &choice.outcome {
        text.push('\n');
        text.push_str(&effect(found, outcome));
    }
    text.push_str(&commands(folder, args, choice));
    text
}

/// How the files are given to the compiler.
fn commands(folder: &Path, args: &Args, choice: &Choice) -> String {
    let word = |word: &str| word.to_owned();
    let place = |name: &str| folder.join(name).display().to_string();
    let is_om = args
        .a
        .extension()
        .is_none_or(|extension| extension != "onnx");
    let model = if is_om && choice.outcome.is_none() {
        word("NET.onnx")
    } else {
        args.a.display().to_string()
    };
    let mode = match args.precision {
        Some(PrecisionArg::Bf16) => {
            vec![word("--precision-mode"), word("allow_mix_precision_bf16")]
        }
        _ => Vec::new(),
    };
    let atc_mode = mode.last().map(|mode| format!("--precision_mode={mode}"));
    let atc_mode = atc_mode.into_iter();
    let convert = [
        word("ascend"),
        word("convert"),
        model,
        word("OUT.om"),
        word("--soc"),
        word("SOC"),
    ];
    let convert = convert.into_iter().chain(mode);
    let keep = quoted(convert.chain([word("--keep-dtype"), place(KEEP)]));
    let exact = quoted([word("--op-precision-mode"), place(MODES)]);
    let atc = quoted(atc_mode.chain([format!("--keep_dtype={}", place(KEEP))]));
    let [convert, atc, first] = [
        say!("convert with these nodes in float32:"),
        say!("(atc itself: {options})", options = atc),
        say!("or first try their more exact implementation, which is faster, where CANN has one:"),
    ];
    format!("\n{convert}\n  {keep}\n  {atc}\n{first}\n  … {exact}")
}

/// The outputs before and after.
fn effect(before: &Comparison, after: &Comparison) -> String {
    let mut text = if after.is_same() {
        say!("tried: with these nodes in float32, and all others rounded, the outputs agree")
    } else {
        say!(
            "tried: with these nodes in float32 the outputs still differ; so much is lost everywhere that the whole \
             network has to stay in float32 (--precision-mode force_fp32)"
        )
    };
    for row in after.rows.iter().filter(|row| row.value.is_output) {
        let earlier = before
            .rows
            .iter()
            .find(|earlier| earlier.value.tensor == row.value.tensor);
        let error = |row: Option<&Row>| {
            let figures = row.and_then(|row| row.figures.as_ref());
            match figures {
                Some(figures) if figures.unlike > 0 => words("not finite").to_owned(),
                Some(figures) => figures
                    .relative_l2
                    .map_or("-".to_owned(), |error| format!("{error:.2e}")),
                None => "-".to_owned(),
            }
        };
        let told = say!(
            "{output}: relative L2 {before} before, {now} now",
            output = &row.value.tensor,
            before = error(earlier),
            now = error(Some(row))
        );
        let _ = write!(text, "\n  {told}");
    }
    text
}
