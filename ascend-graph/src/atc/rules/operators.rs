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
use crate::{Text, text};

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
            findings.add(rule, site.place(), message.clone(), remedy.clone());
        }
    }
}

/// What there is to say of an operator, whatever node uses it.
enum Opinion {
    Fine,
    Refused(&'static Rule, Text, Text),
}

fn judge(subject: &Subject, site: &Site, exportable: &Text, comparisons: &mut usize) -> Opinion {
    let (of, operator) = (site.domain(), site.node.op_type.as_str());
    let (shown_domain, shown) = (Name(of).to_string(), Name(operator).to_string());
    if is_pytorch(site) {
        return Opinion::Refused(
            &PYTORCH_FALLBACK,
            text!(
                "`{domain}::{operator}` is PyTorch's own: the exporter had no ONNX for it and wrote it as \
                 it is (an autograd.Function without symbolic(), or the ATen fallback)",
                domain = &shown_domain,
                operator = &shown
            ),
            text!(
                "give the autograd.Function a static symbolic(g, …) that calls g.op(…) with ONNX's or torch_npu's \
             operators, register one with torch.onnx.register_custom_op_symbolic, or compute it with \
             plain torch functions; export with operator_export_type=ONNX to hear of it at once"
            ),
        );
    }
    let Some(version) = subject.version(of) else {
        return Opinion::Refused(
            &UNDECLARED_DOMAIN,
            text!(
                "its operator set `{domain}` is not among those that the model imports",
                domain = &shown_domain
            ),
            text!(
                "add it: model.opset_import.append(onnx.helper.make_opsetid({domain}, {version})); operators of \
                 torch_npu are `npu`, version 1",
                domain = format!("{:?}", if of == ONNX { "" } else { &*shown_domain }),
                version = if of == ONNX { 11 } else { 1 }
            ),
        );
    };
    let key = format!("{shown_domain}::{version}::{shown}");
    match subject.target.operators.entry(of, version, operator) {
        Entry::Registered => Opinion::Fine,
        Entry::OtherVersions(..)
            if of == ONNX && !subject.target.operators.covers(ONNX, version) =>
        {
            Opinion::Refused(
                &OPSET,
                text!(
                    "the model is written for opset {version}; atc looks each operator up by its exact key, \
                     such as ai.onnx::{version}::Add, and has those of opset {first} to {last} only",
                    version,
                    first = *OPSETS.start(),
                    last = *OPSETS.end()
                ),
                exportable.clone(),
            )
        }
        Entry::OtherVersions(versions, instead) => {
            let versions = versions.to_string();
            other_versions(site, &key, &versions, instead)
        }
        Entry::Missing(instead) if operator.starts_with("NPU") => missing_npu(site, &key, instead),
        Entry::Missing(instead) => Opinion::Refused(
            &OPERATOR_MISSING,
            text!(
                "atc has no parser for {operator} in any version (key {key})",
                operator = shown,
                key = &key
            ),
            text!(
                "{one}; {other}",
                one = of_table(instead),
                other = own_plugin(&key)
            ),
        ),
        Entry::Unlisted => Opinion::Refused(
            &OPERATOR_UNLISTED,
            text!("it is not known whether atc has a parser for {key}", key),
            text!(
                "try it; if atc stops with E16002, rewrite the node with common operators; \
             --operators FILE tells what your CANN has"
            ),
        ),
        Entry::Unknown if of == ONNX && !subject.target.operators.covers(ONNX, version) => {
            Opinion::Refused(
                &OPERATOR_UNKNOWN,
                text!(
                    "atc has no parser for {key}, which is not known here and likely newer than opset {last}",
                    key,
                    last = *OPSETS.end()
                ),
                exportable.clone(),
            )
        }
        Entry::Unknown => unknown(subject, site, &key, comparisons),
    }
}

/// An operator that has a parser for other versions of its domain.
fn other_versions(site: &Site, key: &str, versions: &str, instead: &str) -> Opinion {
    let change = if site.domain() == ONNX {
        text!("export the model for one of those opsets")
    } else {
        text!("import the domain in one of those versions")
    };
    let remedy = if instead.is_empty() {
        change
    } else {
        text!("{one}; {other}", one = change, other = of_table(instead))
    };
    let message = text!(
        "atc has no parser for {key}: it has {operator} for version {versions} of `{domain}` only",
        key,
        operator = Name(&site.node.op_type),
        versions,
        domain = Name(site.domain())
    );
    Opinion::Refused(&OPERATOR_VERSION, message, remedy)
}

/// An operator of `torch_npu` without a parser, which may be a matter of its name.
fn missing_npu(site: &Site, key: &str, instead: &str) -> Opinion {
    match registered_name(site.node, site.domain()) {
        Some(name) => Opinion::Refused(
            &NPU_MISSPELT,
            text!(
                "torch_npu exports {key}, but atc spells it {name}",
                key,
                name
            ),
            text!(
                "rename it to {name}: `ascend check MODEL.onnx --fix FIXED.onnx` writes the model so",
                name
            ),
        ),
        None => Opinion::Refused(
            &NPU_MISSING,
            text!(
                "torch_npu exports {key}, for which no public plugin of atc has a parser",
                key
            ),
            text!(
                "{one}; {other}",
                one = of_table(instead),
                other = own_plugin(key)
            ),
        ),
    }
}

/// What a table of operators says, which may be the user's.
fn of_table(instead: &str) -> Text {
    Text::new(instead.to_owned(), Vec::new())
}

/// Names in a list of which one is meant.
fn either(names: Vec<String>) -> Text {
    let names = names.into_iter().map(Text::from);
    let told = names.reduce(|one, other| text!("{one} or {other}", one, other));
    told.unwrap_or_default()
}

/// Says how a user's own plugin is told of.
fn own_plugin(key: &str) -> Text {
    let parts: Vec<&str> = key.splitn(3, "::").collect();
    let [domain, version, operator] = parts[..] else {
        return Text::default();
    };
    text!(
        "if your CANN has a plugin with it, say so with --operators FILE (a line `{domain} {operator} \
         {version}`)",
        domain,
        operator,
        version
    )
}

fn unknown(subject: &Subject, site: &Site, key: &str, comparisons: &mut usize) -> Opinion {
    let (of, operator) = (site.domain(), site.node.op_type.as_str());
    let operators = &subject.target.operators;
    // A function is called by a name that the model itself gives; atc does not look there.
    if !subject.model.functions.is_empty() && of != ONNX && of != "npu" {
        return Opinion::Refused(
            &LOCAL_FUNCTION,
            text!(
                "{key} is likely one of the functions inside of this model, which atc does not know",
                key
            ),
            text!(
                "put the functions' nodes in their place: onnx.inliner.inline_local_functions(model); or \
             export from PyTorch with dynamo=False, which writes none"
            ),
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
        text!(
            "replace it by standard operators before the export, or write an ONNX plugin for your own operator \
         and say so with --operators FILE; in-place (npu_x_) and out= forms of torch_npu have no \
         export: call the plain form"
        )
    } else {
        text!(
            "likely {meant} is meant: rename the node's operator",
            meant = either(meant)
        )
    };
    let message = if operators.knows_domain(of) {
        text!("atc has no parser for {key}", key)
    } else {
        text!(
            "atc has no parser for {key}, nor for any other of that domain",
            key
        )
    };
    Opinion::Refused(&OPERATOR_UNKNOWN, message, remedy)
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
fn exportable(subject: &Subject) -> Text {
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
        text!(
            "export it again for opset {version}: torch.onnx.export(…, opset_version={version}, \
             dynamo=False); or convert the file: onnx.version_converter.convert_version(model, {version})",
            version
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
            text!(
                "it imports the operator set `{of}` in several versions: {versions}",
                of = Name(of),
                versions = versions.join(", ")
            ),
            text!(
                "leave one opset_import for each domain, the one that the nodes were written for"
            ),
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
            text!(
                "no node uses {idle}: drop it from opset_import",
                idle = list(&idle)
            )
        } else {
            text!(
                "put the nodes of torch_npu into ONNX's own domain, which atc takes too (op_type NPU…, opset 11 \
             to 18), or use CANN 7 or later"
            )
        };
        findings.add(
            &SEVERAL_DOMAINS,
            Place::Model,
            text!(
                "it imports {count} operator sets, and CANN {cann} takes one",
                count = versions.len(),
                cann = subject.target.cann.to_string()
            ),
            remedy,
        );
    }
}
