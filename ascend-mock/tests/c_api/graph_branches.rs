//! Captured graphs: conditions, task groups, bound streams.

use std::ptr;

use ascend_mock::Kind;
use ascend_sys::{
    aclmdlRICondHandleFlag, aclmdlRICondTaskParams, aclmdlRICondTaskType, aclrtCompareDataType,
    aclrtCondition,
};

use crate::common::{D2D, NULL, Raw, Rig, at};
use crate::graph::{GLOBAL, begin, end, fill, run, status, streams};

fn word(rig: &Rig, address: Raw) -> u64 {
    u64::from_ne_bytes(rig.download(address, 8).try_into().unwrap())
}

/// A graph with a condition of `kind` that runs graphs which fill `target` with 1, 2, …; gives the
/// graph and the address of the condition's value.
fn conditional(
    rig: &Rig,
    kind: aclmdlRICondTaskType,
    size: u32,
    fill_child: impl Fn(u32, Raw, Raw),
) -> (Raw, Raw) {
    let [main, inner] = streams(rig);
    begin(rig, main);
    let (_, graph) = status(rig, main);
    let default = aclmdlRICondHandleFlag::ACL_MODEL_RI_COND_HANDLE_ASSIGN_DEFAULT;
    let mut handle = NULL;
    let code = acl!(rig.aclmdlRICondHandleCreate(graph, 0, default, &raw mut handle));
    assert_eq!(code, 0);
    let mut value = ptr::null_mut();
    assert_eq!(
        acl!(rig.aclmdlRICondHandleGetCondPtr(handle, &raw mut value)),
        0
    );
    let value: Raw = value.cast();
    // The graph itself sets its condition, from a block that stands before it.
    let source = rig.malloc(8);
    assert_eq!(
        acl!(rig.aclrtMemcpyAsync(value, 8, source, 8, D2D, main)),
        0
    );
    let mut children = [NULL; 4];
    let params = aclmdlRICondTaskParams {
        handle,
        type_: kind,
        size,
        modelRIArray: children.as_mut_ptr(),
    };
    assert_eq!(acl!(rig.aclmdlRIAddCondTask(params, main, 0)), 0);
    for (number, child) in (0..size).zip(children) {
        assert_eq!(
            acl!(rig.aclmdlRICaptureToModelRIBegin(inner, child, GLOBAL)),
            0
        );
        assert_eq!(status(rig, inner).1, child);
        fill_child(number, value, inner);
        assert_eq!(acl!(rig.aclmdlRICaptureEnd(inner, ptr::null_mut())), 0);
    }
    assert_eq!(end(rig, main), Ok(graph));
    (graph, source)
}

#[test]
fn conditions_choose_what_runs() {
    let rig = Rig::new();
    let target = rig.malloc(8);
    let [stream] = streams(&rig);
    let numbered = |number: u32, _: Raw, side: Raw| {
        let value = i32::try_from(number).unwrap() + 1;
        assert_eq!(fill(&rig, target, value, side), 0);
    };
    let cases: [(_, _, &[(u64, u8)]); 3] = [
        (
            aclmdlRICondTaskType::ACL_MODEL_RI_COND_TYPE_IF,
            1,
            &[(0, 0), (1, 1), (5, 1)],
        ),
        (
            aclmdlRICondTaskType::ACL_MODEL_RI_COND_TYPE_IF,
            2,
            &[(0, 2), (1, 1)],
        ),
        (
            aclmdlRICondTaskType::ACL_MODEL_RI_COND_TYPE_SWITCH,
            3,
            &[(0, 1), (2, 3), (3, 0)],
        ),
    ];
    for (kind, size, runs) in cases {
        let (graph, source) = conditional(&rig, kind, size, numbered);
        for (value, filled) in runs {
            rig.upload(target, &[0; 8]);
            rig.upload(source, &value.to_ne_bytes());
            assert_eq!(run(&rig, graph, stream), 0);
            assert_eq!(
                rig.download(target, 1),
                [*filled],
                "{kind:?} {size} {value}"
            );
        }
        assert_eq!(acl!(rig.aclmdlRIDestroy(graph)), 0);
    }
    assert_eq!(rig.lease.ledger().count(Kind::Graph), 0);
}

#[test]
fn a_loop_runs_until_its_condition_is_0() {
    let rig = Rig::new();
    let (values, seen) = (rig.malloc(64), rig.malloc(8));
    let [stream] = streams(&rig);
    let kind = aclmdlRICondTaskType::ACL_MODEL_RI_COND_TYPE_WHILE;
    // Each round shifts the values of values by one, and the condition is the first of them.
    let (graph, source) = conditional(&rig, kind, 1, |_, value, side| {
        for index in 0..7 {
            let (to, from) = (at(values, 8 * index), at(values, 8 * index + 8));
            assert_eq!(acl!(rig.aclrtMemcpyAsync(to, 8, from, 8, D2D, side)), 0);
        }
        assert_eq!(acl!(rig.aclrtMemcpyAsync(seen, 8, value, 8, D2D, side)), 0);
        assert_eq!(
            acl!(rig.aclrtMemcpyAsync(value, 8, values, 8, D2D, side)),
            0
        );
    });
    let start: Vec<u8> = [9_u64, 8, 7, 6, 0, 5, 5, 5]
        .iter()
        .flat_map(|v| v.to_ne_bytes())
        .collect();
    rig.upload(values, &start);
    rig.upload(source, &1_u64.to_ne_bytes());
    assert_eq!(run(&rig, graph, stream), 0);
    assert_eq!(word(&rig, seen), 6, "the last value that was not 0");
    assert_eq!(word(&rig, values), 0);
}

#[test]
fn children_of_conditions_must_be_captured_first() {
    let rig = Rig::new();
    let [main] = streams(&rig);
    begin(&rig, main);
    let (_, graph) = status(&rig, main);
    let keep = aclmdlRICondHandleFlag(0);
    let mut handle = NULL;
    assert_eq!(
        acl!(rig.aclmdlRICondHandleCreate(graph, 0, keep, &raw mut handle)),
        0
    );
    let mut child = NULL;
    let mut params = aclmdlRICondTaskParams {
        handle,
        type_: aclmdlRICondTaskType::ACL_MODEL_RI_COND_TYPE_IF,
        size: 3,
        modelRIArray: &raw mut child,
    };
    assert_eq!(acl!(rig.aclmdlRIAddCondTask(params, main, 0)), 107_000);
    params.size = 1;
    assert_eq!(acl!(rig.aclmdlRIAddCondTask(params, NULL, 0)), 100_000);
    assert_eq!(acl!(rig.aclmdlRIAddCondTask(params, main, 0)), 0);
    assert_eq!(end(&rig, main), Err(107_045));
}

#[test]
fn task_groups_are_replaced() {
    let rig = Rig::new();
    let [stream, update] = streams(&rig);
    let (first, second) = (rig.malloc(8), rig.malloc(8));
    begin(&rig, stream);
    assert_eq!(fill(&rig, first, 1, stream), 0);
    assert_eq!(acl!(rig.aclmdlRICaptureTaskGrpBegin(stream)), 0);
    assert_eq!(acl!(rig.aclmdlRICaptureTaskGrpBegin(stream)), 107_033);
    assert_eq!(fill(&rig, second, 2, stream), 0);
    let mut group = NULL;
    assert_eq!(
        acl!(rig.aclmdlRICaptureTaskGrpEnd(stream, &raw mut group)),
        0
    );
    assert_eq!(
        acl!(rig.aclmdlRICaptureTaskGrpEnd(stream, &raw mut group)),
        107_033
    );
    let graph = end(&rig, stream).unwrap();
    assert_eq!(run(&rig, graph, stream), 0);
    assert_eq!(
        (rig.download(first, 1), rig.download(second, 1)),
        (vec![1], vec![2])
    );
    assert_eq!(acl!(rig.aclmdlRICaptureTaskUpdateEnd(update)), 107_033);
    assert_eq!(acl!(rig.aclmdlRICaptureTaskUpdateBegin(update, group)), 0);
    assert_eq!(fill(&rig, second, 7, update), 0);
    assert_eq!(acl!(rig.aclmdlRICaptureTaskUpdateEnd(update)), 0);
    assert_eq!(rig.synchronize(update), 0);
    assert_eq!(rig.download(second, 1), [2], "an update runs nothing");
    assert_eq!(run(&rig, graph, stream), 0);
    assert_eq!(
        (rig.download(first, 1), rig.download(second, 1)),
        (vec![1], vec![7])
    );
    assert_eq!(acl!(rig.aclmdlRICaptureTaskUpdateBegin(update, group)), 0);
    assert_eq!(acl!(rig.aclmdlRICaptureTaskUpdateEnd(update)), 0);
    assert_eq!(
        rig.synchronize(update),
        107_040,
        "one task is to be replaced by none"
    );
    assert_eq!(acl!(rig.aclmdlRIDestroy(graph)), 0);
    assert_eq!(
        acl!(rig.aclmdlRICaptureTaskUpdateBegin(update, group)),
        107_017
    );
}

#[test]
fn graphs_are_built_from_bound_streams() {
    let rig = Rig::new();
    let [head, branch] = [
        made!(rig.aclrtCreateStreamWithConfig(0, 0x4)),
        made!(rig.aclrtCreateStreamWithConfig(0, 0x4)),
    ];
    let (left, right, target) = (rig.malloc(8), rig.malloc(8), rig.malloc(8));
    let graph = made!(rig.aclmdlRIBuildBegin(0));
    assert_eq!(acl!(rig.aclmdlRIBindStream(graph, head, 0)), 0);
    assert_eq!(acl!(rig.aclmdlRIBindStream(graph, branch, 0x7FFF_FFFF)), 0);
    assert_eq!(acl!(rig.aclmdlRIBindStream(graph, head, 0)), 107_005);
    let greater = aclrtCondition::ACL_RT_GREATER;
    let int64 = aclrtCompareDataType::ACL_RT_SWITCH_INT64;
    let switch = |code, no| {
        let found = acl!(rig.aclrtSwitchStream(left, greater, right, int64, branch, no, head));
        assert_eq!(found, code);
    };
    switch(100_000, branch);
    switch(0, NULL);
    assert_eq!(fill(&rig, target, 1, head), 0);
    assert_eq!(
        acl!(rig.aclmdlRIBuildEnd(graph, NULL)),
        107_000,
        "no end of a run yet"
    );
    assert_eq!(acl!(rig.aclmdlRIEndTask(graph, head)), 0);
    assert_eq!(fill(&rig, target, 2, branch), 0);
    assert_eq!(acl!(rig.aclrtActiveStream(head, NULL)), 100_000);
    // The branch makes the comparison fail, and starts the head again, which ends the run.
    assert_eq!(
        acl!(rig.aclrtMemcpyAsync(left, 8, right, 8, D2D, branch)),
        0
    );
    assert_eq!(acl!(rig.aclrtActiveStream(head, branch)), 0);
    assert_eq!(acl!(rig.aclmdlRIExecute(graph, -1)), 107_026);
    assert_eq!(acl!(rig.aclmdlRIBuildEnd(graph, graph)), 100_000);
    assert_eq!(acl!(rig.aclmdlRIBuildEnd(graph, NULL)), 0);
    assert_eq!(fill(&rig, target, 1, head), 107_005);
    assert_eq!(acl!(rig.aclrtSetStreamFailureMode(head, 1)), 207_000);
    rig.upload(right, &5_i64.to_ne_bytes());
    for value in [4_i64, 6, 5] {
        rig.upload(left, &value.to_ne_bytes());
        rig.upload(target, &[0; 8]);
        assert_eq!(acl!(rig.aclmdlRIExecute(graph, -1)), 0);
        assert_eq!(rig.download(target, 1), [1]);
        let found = i64::from_ne_bytes(rig.download(left, 8).try_into().unwrap());
        assert_eq!(found, value.min(5), "the branch ran for 6");
    }
    assert_eq!(acl!(rig.aclrtDestroyStream(head)), 107_005);
    assert_eq!(acl!(rig.aclmdlRIUnbindStream(graph, head)), 0);
    assert_eq!(acl!(rig.aclmdlRIUnbindStream(graph, head)), 107_005);
    assert_eq!(acl!(rig.aclrtDestroyStream(head)), 0);
    assert_eq!(acl!(rig.aclmdlRIDestroy(graph)), 0);
    assert_eq!(
        acl!(rig.aclrtDestroyStream(branch)),
        0,
        "unbound with its graph"
    );
}

/// A stream stays bound when its graph is complete, and has no tasks there any more.
#[test]
fn a_complete_graph_takes_no_more_of_its_streams() {
    let rig = Rig::new();
    let [head, other] = streams(&rig);
    let graph = made!(rig.aclmdlRIBuildBegin(0));
    assert_eq!(acl!(rig.aclmdlRIBindStream(graph, head, 0)), 0);
    assert_eq!(acl!(rig.aclmdlRICaptureTaskGrpBegin(head)), 0);
    assert_eq!(acl!(rig.aclmdlRIEndTask(graph, head)), 0);
    assert_eq!(acl!(rig.aclmdlRIBuildEnd(graph, NULL)), 0);
    let mut group = NULL;
    assert_eq!(
        acl!(rig.aclmdlRICaptureTaskGrpEnd(head, &raw mut group)),
        107_005
    );
    assert_eq!(acl!(rig.aclmdlRICaptureTaskGrpBegin(head)), 107_005);
    assert_eq!(acl!(rig.aclmdlRIEndTask(graph, head)), 107_005);
    let (label, second) = (made!(rig.aclrtCreateLabel()), made!(rig.aclrtCreateLabel()));
    assert_eq!(acl!(rig.aclrtSetLabel(label, head)), 107_005);
    let (mut labels, mut list) = ([label, second], NULL);
    let code = acl!(rig.aclrtCreateLabelList(labels.as_mut_ptr(), 2, &raw mut list));
    assert_eq!(code, 0);
    let index = rig.malloc(4);
    assert_eq!(
        acl!(rig.aclrtSwitchLabelByIndex(index, 2, list, head)),
        107_005
    );
    assert_eq!(acl!(rig.aclrtActiveStream(head, head)), 107_005);
    let default = aclmdlRICondHandleFlag::ACL_MODEL_RI_COND_HANDLE_ASSIGN_DEFAULT;
    let mut condition = NULL;
    let code = acl!(rig.aclmdlRICondHandleCreate(graph, 0, default, &raw mut condition));
    assert_eq!(code, 0);
    let graphs = || rig.lease.ledger().count(Kind::Graph);
    let before = graphs();
    let mut child = NULL;
    let params = aclmdlRICondTaskParams {
        handle: condition,
        type_: aclmdlRICondTaskType::ACL_MODEL_RI_COND_TYPE_IF,
        size: 1,
        modelRIArray: &raw mut child,
    };
    assert_eq!(acl!(rig.aclmdlRIAddCondTask(params, head, 0)), 107_005);
    assert_eq!((graphs(), child), (before, NULL));
    assert_eq!(acl!(rig.aclmdlRIBindStream(graph, other, 0)), 107_000);
    assert_eq!(acl!(rig.aclrtDestroyStream(other)), 0, "it is not bound");
    assert_eq!(acl!(rig.aclmdlRIExecute(graph, -1)), 0);
}
