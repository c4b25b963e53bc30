//! Whether `atc` has a parser for every operator.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::atc::finding::{Findings, Name, Place};
use crate::atc::near::near;
use crate::atc::operators::Entry;
use crate::atc::rename::registered_name;
use crate::atc::rule::{
    LOCAL_FUNCTION, NPU_MISSING, NPU_MISSPELT, OPERATOR_MISSING, OPERATOR_UNKNOWN,
    OPERATOR_UNLISTED, OPERATOR_VERSION, OPSET, PYTORCH_FALLBACK, Rule, SEVERAL_DOMAINS,
    SEVERAL_VERSIONS, UNDECLARED_DOMAIN,
};
use crate::atc::subject::{Site, Subject, domain};
use crate::onnx::OPSETS;

/// The first release that takes models with several domains.
const SEVERAL_DOMAINS_SINCE: u32 = 7;

/// How many unknown operators are compared with all known ones.
const MOST_COMPARED: usize = 100;

const ONNX: &str = "ai.onnx";

pub(in crate::atc) fn check(subject: &Subject, findings: &mut Findings) {
    check_imports(subject, findings);
    let exportable = exportable(subject);
    let mut opinions: HashMap<(&str, &str), Opinion> = HashMap::new();
    let mut comparisons = MOST_COMPARED;
    for site in &subject.nodes {
        let node = site.node;
        // An operator without a name is told of as a fault of the graph.
        if node.op_type.is_empty() {
            continue;
        }
        let key = (site.domain(), node.op_type.as_str());
        let opinion = opinions
            .entry(key)
            .or_insert_with(|| judge(subject, site, &exportable, &mut comparisons));
        if let Opinion::Refused(rule, message, remedy) = opinion {
            findings.add(rule, site.place(), message.as_str(), remedy.as_str());
        }
    }
}

/// What there is to say of an operator, whatever node uses it.
enum Opinion {
    Fine,
    Refused(&'static Rule, String, String),
}

fn judge(subject: &Subject, site: &Site, exportable: &str, comparisons: &mut usize) -> Opinion {
    let (of, operator) = (site.domain(), site.node.op_type.as_str());
    let refused =
        |rule, message: String, remedy: &str| Opinion::Refused(rule, message, remedy.to_owned());
    let (shown_domain, shown) = (Name(of).to_string(), Name(operator).to_string());
    if is_pytorch(site) {
        return refused(
            &PYTORCH_FALLBACK,
            format!(
                "`{shown_domain}::{shown}` is PyTorch's own: the exporter had no ONNX for it and wrote it as \
                 it is (an autograd.Function without symbolic(), or the ATen fallback)"
            ),
            "give the autograd.Function a static symbolic(g, …) that calls g.op(…) with ONNX's or torch_npu's \
             operators, register one with torch.onnx.register_custom_op_symbolic, or compute it with \
             plain torch functions; export with operator_export_type=ONNX to hear of it at once",
        );
    }
    let Some(version) = subject.version(of) else {
        return refused(
            &UNDECLARED_DOMAIN,
            format!("its operator set `{shown_domain}` is not among those that the model imports"),
            &format!(
                "add it: model.opset_import.append(onnx.helper.make_opsetid({:?}, {})); operators of \
                 torch_npu are `npu`, version 1",
                if of == ONNX { "" } else { &*shown_domain },
                if of == ONNX { 11 } else { 1 },
            ),
        );
    };
    let key = format!("{shown_domain}::{version}::{shown}");
    match subject.target.operators.entry(of, version, operator) {
        Entry::Registered => Opinion::Fine,
        Entry::OtherVersions(..)
            if of == ONNX && !subject.target.operators.covers(ONNX, version) =>
        {
            refused(
                &OPSET,
                format!(
                    "the model is written for opset {version}; atc looks each operator up by its exact key, \
                     such as {ONNX}::{version}::Add, and has those of opset {} to {} only",
                    OPSETS.start(),
                    OPSETS.end()
                ),
                exportable,
            )
        }
        Entry::OtherVersions(versions, instead) => {
            let instead = if instead.is_empty() {
                String::new()
            } else {
                format!("; {instead}")
            };
            let change = if of == ONNX {
                "export the model for one of those opsets"
            } else {
                "import the domain in one of those versions"
            };
            refused(
                &OPERATOR_VERSION,
                format!(
                    "atc has no parser for {key}: it has {shown} for version {versions} of `{shown_domain}` only"
                ),
                &format!("{change}{instead}"),
            )
        }
        Entry::Missing(instead) if operator.starts_with("NPU") => missing_npu(site, &key, instead),
        Entry::Missing(instead) => refused(
            &OPERATOR_MISSING,
            format!("atc has no parser for {shown} in any version (key {key})"),
            &format!("{instead}; {}", own_plugin(&key)),
        ),
        Entry::Unlisted => refused(
            &OPERATOR_UNLISTED,
            format!("it is not known whether atc has a parser for {key}"),
            "try it; if atc stops with E16002, rewrite the node with common operators; \
             --operators FILE tells what your CANN has",
        ),
        Entry::Unknown if of == ONNX && !subject.target.operators.covers(ONNX, version) => refused(
            &OPERATOR_UNKNOWN,
            format!(
                "atc has no parser for {key}, which is not known here and likely newer than opset {}",
                OPSETS.end()
            ),
            exportable,
        ),
        Entry::Unknown => unknown(subject, site, &key, comparisons),
    }
}

/// An operator of `torch_npu` without a parser, which may be a matter of its name.
fn missing_npu(site: &Site, key: &str, instead: &str) -> Opinion {
    match registered_name(site.node, site.domain()) {
        Some(name) => Opinion::Refused(
            &NPU_MISSPELT,
            format!("torch_npu exports {key}, but atc spells it {name}"),
            format!(
                "rename it to {name}: `ascend check MODEL.onnx --fix FIXED.onnx` writes the model so"
            ),
        ),
        None => Opinion::Refused(
            &NPU_MISSING,
            format!("torch_npu exports {key}, for which no public plugin of atc has a parser"),
            format!("{instead}; {}", own_plugin(key)),
        ),
    }
}

/// Says how a user's own plugin is told of.
fn own_plugin(key: &str) -> String {
    let parts: Vec<&str> = key.splitn(3, "::").collect();
    let [domain, version, operator] = parts[..] else {
        return String::new();
    };
    format!(
        "if your CANN has a plugin with it, say so with --operators FILE (a line `{domain} {operator} \
         {version}`)"
    )
}

fn unknown(subject: &Subject, site: &Site, key: &str, comparisons: &mut usize) -> Opinion {
    let (of, operator) = (site.domain(), site.node.op_type.as_str());
    let operators = &subject.target.operators;
    // A function is called by a name that the model itself gives; atc does not look there.
    if !subject.model.functions.is_empty() && of != ONNX && of != "npu" {
        return Opinion::Refused(
            &LOCAL_FUNCTION,
            format!("{key} is likely one of the functions inside of this model, which atc does not know"),
            "put the functions' nodes in their place: onnx.inliner.inline_local_functions(model); or \
             export from PyTorch with dynamo=False, which writes none"
                .to_owned(),
        );
    }
    let mut meant: Vec<String> = Vec::new();
    if let Some(left) = comparisons.checked_sub(1) {
        *comparisons = left;
        let similar = near(operator, operators.names(of));
        meant.extend(similar.into_iter().map(str::to_owned));
    }
    if meant.is_empty() && !matches!(of, ONNX | "npu") {
        let others = [ONNX, "npu"].into_iter();
        let same = others.filter(|other| operators.names(other).any(|name| name == operator));
        meant.extend(same.map(|other| format!("{other}::{operator}")));
    }
    let remedy = if meant.is_empty() {
        "replace it by standard operators before the export, or write an ONNX plugin for your own operator \
         and say so with --operators FILE; in-place (npu_x_) and out= forms of torch_npu have no \
         export: call the plain form"
            .to_owned()
    } else {
        format!(
            "likely {} is meant: rename the node's operator",
            meant.join(" or ")
        )
    };
    let known = if operators.knows_domain(of) {
        ""
    } else {
        ", nor for any other of that domain"
    };
    Opinion::Refused(
        &OPERATOR_UNKNOWN,
        format!("atc has no parser for {key}{known}"),
        remedy,
    )
}

/// Tells whether a node is what PyTorch's exporter writes where it knows no better.
fn is_pytorch(site: &Site) -> bool {
    let operator = site.node.op_type.as_str();
    matches!(
        site.domain(),
        "prim" | "aten" | "org.pytorch.aten" | "org.pytorch.prim"
    ) || (matches!(site.domain(), "org.pytorch" | ONNX)
        && matches!(operator, "ATen" | "PythonOp" | "PythonOpGrad"))
        || operator.starts_with("prim::")
        || operator.starts_with("aten::")
}

/// Says for which opset the model is to be exported, so that every operator has a parser.
fn exportable(subject: &Subject) -> String {
    let used: BTreeSet<&str> = subject
        .nodes
        .iter()
        .filter(|site| site.domain() == ONNX)
        .map(|site| site.node.op_type.as_str())
        .collect();
    let operators = &subject.target.operators;
    let fits = |version: &i64| {
        used.iter().all(|operator| {
            !matches!(
                operators.entry(ONNX, *version, operator),
                Entry::OtherVersions(..)
            )
        })
    };
    let fitting: Vec<i64> = OPSETS.filter(fits).collect();
    let version = [11, 17]
        .into_iter()
        .find(|version| fitting.contains(version))
        .or(fitting.last().copied());
    let export = |version: i64| {
        format!(
            "export it again for opset {version}: torch.onnx.export(…, opset_version={version}, \
             dynamo=False); or convert the file: onnx.version_converter.convert_version(model, {version})"
        )
    };
    match version {
        Some(version) => export(version),
        None => export(17),
    }
}

fn check_imports(subject: &Subject, findings: &mut Findings) {
    let mut versions: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for set in &subject.model.opset_import {
        let of = domain(&set.domain);
        versions.entry(of).or_default().insert(set.version);
    }
    for (of, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        let versions: Vec<_> = versions.iter().take(5).map(i64::to_string).collect();
        findings.add(
            &SEVERAL_VERSIONS,
            Place::Model,
            format!(
                "it imports the operator set `{}` in several versions: {}",
                Name(of),
                versions.join(", ")
            ),
            "leave one opset_import for each domain, the one that the nodes were written for",
        );
    }
    if versions.len() > 1 && subject.target.cann.major < SEVERAL_DOMAINS_SINCE {
        let of_nodes: BTreeSet<&str> = subject.nodes.iter().map(Site::domain).collect();
        let (idle, busy): (Vec<_>, Vec<_>) =
            versions.keys().partition(|of| !of_nodes.contains(**of));
        let list = |names: &[&&str]| {
            let names = names.iter().take(5).map(|name| format!("`{}`", Name(name)));
            names.collect::<Vec<_>>().join(", ")
        };
        let remedy = if busy.len() <= 1 {
            format!("no node uses {}: drop it from opset_import", list(&idle))
        } else {
            "put the nodes of torch_npu into ONNX's own domain, which atc takes too (op_type NPU…, opset 11 \
             to 18), or use CANN 7 or later"
                .to_owned()
        };
        findings.add(
            &SEVERAL_DOMAINS,
            Place::Model,
            format!(
                "it imports {} operator sets, and CANN {} takes one",
                versions.len(),
                subject.target.cann
            ),
            remedy,
        );
    }
}
