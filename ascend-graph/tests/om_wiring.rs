//! Which operator of a graph feeds which, and what leads nowhere.

use ascend_graph::om::{GraphDef, OpDef};

fn op(name: &str, inputs: &[&str]) -> OpDef {
    OpDef {
        name: name.to_owned(),
        input: inputs.iter().map(|&input| input.to_owned()).collect(),
        ..OpDef::default()
    }
}

#[test]
fn wiring_that_leads_nowhere_is_named() {
    for (inputs, expected) in [
        (&["x"][..], r#"op `b`: input 0: "x" has no colon"#),
        (
            &["a:0", "a:99999999999999999999"],
            r#"input 1: "a:99999999999999999999" has no number of an output"#,
        ),
        (&["a:-2"], r#""a:-2" has a number of an output below -1"#),
        (&["a:x"], r#""a:x" has no number of an output"#),
        (
            &["c:0"],
            r#""c:0" names an operator that is not in the graph"#,
        ),
        (
            &["b:0"],
            "op `b`: it waits for an operator that waits for it",
        ),
        (
            &["a:0", "b:-1"],
            "op `b`: it waits for an operator that waits for it",
        ),
    ] {
        let graph = GraphDef {
            op: vec![op("a", &[]), op("b", inputs)],
            ..GraphDef::default()
        };
        let message = graph.wiring().unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
    let twice = GraphDef {
        op: vec![op("a", &[]), op("a", &[])],
        ..GraphDef::default()
    };
    assert_eq!(
        twice.wiring().unwrap_err().to_string(),
        "there are two operators of the name `a`"
    );
    let cycle = GraphDef {
        op: vec![op("a", &["b:0"]), op("b", &["a:0"]), op("c", &["b:0"])],
        ..GraphDef::default()
    };
    let message = cycle.wiring().unwrap_err().to_string();
    assert!(message.starts_with("op `a`: it waits"), "{message}");
    // Out of order, names with colons, left out and mere order.
    let sound = GraphDef {
        op: vec![
            op("b:1", &["", "a/x:y:3", "c:-1"]),
            op("a/x:y", &[]),
            op("c", &["a/x:y:0"]),
        ],
        ..GraphDef::default()
    };
    let wiring = sound.wiring().unwrap();
    assert_eq!(wiring.order, [1, 2, 0]);
    let sources: Vec<_> = wiring.inputs[0].iter().map(|input| input.op()).collect();
    assert_eq!(sources, [None, Some(1), Some(2)]);
}

#[test]
fn a_long_chain_backwards_is_wired_in_good_time() {
    let chain = (0..50_000).map(|number| op(&format!("{number}"), &[&format!("{}:0", number + 1)]));
    let mut ops: Vec<_> = chain.collect();
    ops.push(op("50000", &[]));
    let graph = GraphDef {
        op: ops,
        ..GraphDef::default()
    };
    assert!(
        graph
            .wiring()
            .unwrap()
            .order
            .iter()
            .rev()
            .copied()
            .eq(0..=50_000)
    );
}
