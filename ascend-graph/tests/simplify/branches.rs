//! Graphs in nodes: the branches of an `If`.

use crate::common::f32_bytes;
use crate::ops;
use ascend_graph::DataType;
use ascend_graph::onnx::{
    Attribute, AttributeType, Builder, Graph, Model, Node, ValueInfo, check, simplify,
};

/// The outputs of `If`: a graph that adds `one` of the outer graph to what it is told, by way of a copy.
fn branch(name: &str, reads: &str) -> Graph {
    let node = |op: &str, inputs: &[&str], output: String| Node {
        op_type: op.into(),
        input: inputs.iter().map(|&input| input.into()).collect(),
        output: vec![output],
        ..Node::default()
    };
    Graph {
        name: name.into(),
        node: vec![
            node("Identity", &[reads], format!("{name}_copy")),
            node(
                "Add",
                &[&format!("{name}_copy"), "one"],
                format!("{name}_out"),
            ),
        ],
        output: vec![ValueInfo::tensor(
            format!("{name}_out"),
            DataType::F32,
            None,
        )],
        ..Graph::default()
    }
}

fn graph_attribute(name: &str, graph: Graph) -> Attribute {
    let mut attribute = Attribute::int(name, 0);
    attribute.i = None;
    attribute.r#type = AttributeType::Graph.into();
    attribute.g = Some(Box::new(graph));
    attribute
}

pub(crate) fn conditional(constant: Option<bool>) -> Model {
    let mut graph = Builder::new("conditional", 11);
    let x = graph.input("x", DataType::F32, &[4.into()]);
    graph.initializer("one", DataType::F32, &[], f32_bytes([1.0]));
    let copied = graph.node("Identity", "copied", &[&x], []);
    let condition = match constant {
        Some(yes) => {
            graph.initializer("condition", DataType::Bool, &[], vec![u8::from(yes)].into())
        }
        None => graph.input("condition", DataType::Bool, &[]),
    };
    let branches = [
        graph_attribute("then_branch", branch("yes", &copied)),
        graph_attribute("else_branch", branch("no", &x)),
    ];
    graph.node_to("If", "if", &[&condition], &["chosen"], branches);
    graph.node_to("Relu", "relu", &["chosen"], &["y"], []);
    graph.output("y", DataType::F32, &[4.into()]);
    graph.build().unwrap()
}

#[test]
fn an_if_with_a_known_condition_is_its_branch() {
    for yes in [true, false] {
        let mut model = conditional(Some(yes));
        let done = simplify(&mut model).unwrap();
        assert_eq!(check(&model), []);
        assert_eq!(ops(&model), ["Add", "Relu"], "{yes}");
        let nodes = &model.graph().unwrap().node;
        assert_eq!(nodes[0].input, ["x", "one"]);
        assert_eq!(nodes[0].output, nodes[1].input);
        assert_eq!((done.branches, done.nodes_after), (1, 2));
    }
}

#[test]
fn what_inner_graphs_read_is_kept_and_renamed_with_them() {
    let mut model = conditional(None);
    simplify(&mut model).unwrap();
    assert_eq!(check(&model), []);
    assert_eq!(ops(&model), ["If", "Relu"]);
    let graph = model.graph().unwrap();
    assert_eq!(graph.initializer.len(), 1);
    let inner: Vec<_> = graph.node[0].subgraphs().collect();
    assert_eq!(inner.len(), 2);
    for inner in inner {
        assert_eq!(inner.node.len(), 1);
        assert_eq!(inner.node[0].input, ["x", "one"]);
    }
}
