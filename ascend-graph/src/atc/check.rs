use super::finding::{Finding, Findings};
use super::interface::Interface;
use super::rules;
use super::subject::Subject;
use super::target::Target;
use crate::Gears;
use crate::onnx::Model;

/// Tells what `atc` would say to a model, the gravest first: nothing for one that it converts well.
///
/// Each finding is one cause with every place where it is. The time is linear in the size of the model;
/// the number of findings is limited. Nothing is read but the sizes of files with external data, in the
/// target's folder.
///
/// Shapes are followed through the outermost graph as far as they are certain, so that what is told of
/// them is so. A model without findings may still be refused by the compiler behind `atc`'s parser,
/// whose limits on single operators no document lists.
#[must_use]
pub fn check(model: &Model, target: &Target) -> Vec<Finding> {
    let mut findings = Findings::default();
    rules::soc::check(target, &mut findings);
    rules::graph::check(model, &mut findings);
    if let Some(graph) = &model.graph {
        let subject = Subject::new(model, graph, target);
        rules::operators::check(&subject, &mut findings);
        rules::custom::check(&subject, &mut findings);
        rules::model::check(&subject, &mut findings);
        rules::flow::check(&subject, &mut findings);
        rules::names::check(&subject, &mut findings);
        let interface = Interface::new(graph, target, &mut findings);
        rules::gears::check(target, &interface, &mut findings);
        rules::shapes::check(&subject, &interface, &mut findings);
        rules::precision::check(&subject, &interface, &mut findings);
        rules::speed::check(&subject, &mut findings);
        rules::export::check(&subject, &mut findings);
    }
    findings.into_vec()
}

/// Tells which rules of gears the target breaks: those of `atc` that ask nothing of the nodes. There is
/// none without gears.
#[must_use]
pub fn check_gears(model: &Model, target: &Target) -> Vec<Finding> {
    let mut findings = Findings::default();
    if let Some(graph) = model.graph.as_ref().filter(|_| target.gears != Gears::None) {
        let interface = Interface::new(graph, target, &mut Findings::default());
        rules::gears::check_gears(target, &interface, &mut findings);
    }
    findings.into_vec()
}

/// Tells what is wrong with a model whatever compiles it, for what is no chip: faults of the graph,
/// missing external data, shapes that contradict each other. The findings have no codes of `atc`.
#[must_use]
pub fn check_soundness(model: &Model, target: &Target) -> Vec<Finding> {
    let mut findings = Findings::default();
    rules::graph::check(model, &mut findings);
    if let Some(graph) = &model.graph {
        let subject = Subject::new(model, graph, target);
        rules::model::check(&subject, &mut findings);
        let interface = Interface::new(graph, target, &mut findings).spread();
        rules::shapes::check(&subject, &interface, &mut findings);
    }
    let without_code = |finding| Finding {
        code: None,
        code_is_assumed: false,
        ..finding
    };
    findings.into_vec().into_iter().map(without_code).collect()
}
