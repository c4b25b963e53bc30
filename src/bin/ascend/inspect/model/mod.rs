//! What is told of every model in the same way, whatever file it is in.

pub(super) mod attribute;
pub(super) mod constant;
pub(super) mod graph;
mod page;
mod text;

use std::io::{self, BufWriter, Write};

use anyhow::Result;
use serde_json::{Map, Value, json};

use self::constant::Constant;
use self::graph::Graph;
use super::Args;

/// Lines about a model for people: what each is about, and what is said.
pub(super) type Summary = Vec<(&'static str, String)>;

/// A model that was read.
pub(super) trait Model {
    /// What a person asks first.
    fn summary(&self) -> Summary;

    /// What a program asks.
    fn json(&self) -> Map<String, Value>;

    /// The main graph, then those inside of nodes.
    fn graphs(&self) -> Vec<Graph>;

    /// The constants of all graphs, in the order of the file; with elements that can be looked at only
    /// if they are wanted.
    fn constants(&self, has_elements: bool) -> Vec<Constant>;
}

/// Prints what was asked for, and writes the page.
pub(super) fn tell(args: &Args, model: &dyn Model) -> Result<()> {
    let has_constants = args.constants || args.hash || args.stats;
    let constants = if has_constants {
        model.constants(args.hash || args.stats)
    } else {
        Vec::new()
    };
    let graphs = if args.ops || args.html.is_some() {
        model.graphs()
    } else {
        Vec::new()
    };
    let summary = if args.json && args.html.is_none() {
        Vec::new()
    } else {
        model.summary()
    };
    if let Some(place) = &args.html {
        page::write(place, args.overwrite, &args.file, &summary, &graphs)?;
    }
    let mut out = BufWriter::new(io::stdout().lock());
    if args.json {
        let mut told = model.json();
        if args.ops {
            told.insert("ops".into(), graphs.iter().map(Graph::ops).collect());
        }
        if has_constants {
            let constants = constants.iter().map(|constant| constant.json(args));
            told.insert("weights".into(), constants.collect());
        }
        if let Some(place) = &args.html {
            told.insert("html".into(), json!(place));
        }
        writeln!(out, "{:#}", Value::from(told))?;
    } else {
        text::summary(&mut out, &summary)?;
        if args.ops {
            text::ops(&mut out, &graphs, args.all)?;
        }
        if has_constants {
            text::constants(&mut out, &constants, args)?;
        }
        if let Some(place) = &args.html {
            let place = place.display().to_string();
            writeln!(out, "\nwrote {}", crate::weights::shown(&place))?;
        }
    }
    out.flush()?;
    Ok(())
}
