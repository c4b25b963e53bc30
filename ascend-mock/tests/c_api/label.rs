//! Labels, as far as streams without a model go.

use std::ptr;

use ascend_mock::Kind;

use crate::common::{NULL, Raw, Rig, at};

/// SD
#[test]
fn r_305_what_labels_refuse() {
    let rig = Rig::new();
    let (label, stream) = (
        made!(rig.aclrtCreateLabel()),
        made!(rig.aclrtCreateStream()),
    );
    assert_eq!(acl!(rig.aclrtCreateLabel(ptr::null_mut())), 100_000);
    assert_eq!(acl!(rig.aclrtSetLabel(NULL, stream)), 100_000);
    assert_eq!(acl!(rig.aclrtSetLabel(label, NULL)), 100_000);
    assert_eq!(acl!(rig.aclrtSetLabel(stream, stream)), 107_017);
    assert_eq!(acl!(rig.aclrtSetLabel(label, stream)), 107_005, "no model");
    let mut labels = [label, made!(rig.aclrtCreateLabel())];
    let mut list = NULL;
    let start = labels.as_mut_ptr();
    let create = |start, count, list| acl!(rig.aclrtCreateLabelList(start, count, list));
    assert_eq!(create(ptr::null_mut(), 2, &raw mut list), 100_000);
    assert_eq!(create(start, 2, ptr::null_mut()), 100_000);
    assert_eq!(create(start, 0, &raw mut list), 107_000);
    assert_eq!(create(start, 2, &raw mut list), 0);
    let index = rig.malloc(4);
    let switch =
        |index, count, list, stream| acl!(rig.aclrtSwitchLabelByIndex(index, count, list, stream));
    assert_eq!(switch(NULL, 2, list, stream), 100_000);
    assert_eq!(switch(index, 2, NULL, stream), 100_000);
    assert_eq!(switch(index, 2, list, NULL), 100_000);
    assert_eq!(switch(index, 3, list, stream), 107_000);
    assert_eq!(switch(index, 2, label, stream), 107_017);
    assert_eq!(switch(index, 2, list, stream), 107_005, "no model");
    made!(rig.aclrtCreateContext(0));
    let foreign = made!(rig.aclrtCreateStream());
    assert_eq!(acl!(rig.aclrtSetLabel(label, foreign)), 507_031);
    assert_eq!(create(start, 2, &raw mut list), 507_031);
}

#[test]
fn labels_and_lists_belong_to_the_program() {
    let rig = Rig::new();
    let mut labels = [(); 3].map(|()| made!(rig.aclrtCreateLabel()));
    let mut list = NULL;
    let code = acl!(rig.aclrtCreateLabelList(labels.as_mut_ptr(), 3, &raw mut list));
    assert_eq!(code, 0);
    let count = |kind| rig.lease.ledger().count(kind);
    assert_eq!((count(Kind::Label), count(Kind::LabelList)), (3, 1));
    assert_eq!(acl!(rig.aclrtDestroyLabelList(NULL)), 100_000);
    assert_eq!(acl!(rig.aclrtDestroyLabelList(list)), 0);
    assert_eq!(acl!(rig.aclrtDestroyLabelList(list)), 107_017);
    assert_eq!(acl!(rig.aclrtDestroyLabel(NULL)), 100_000);
    for label in labels {
        assert_eq!(acl!(rig.aclrtDestroyLabel(label)), 0);
    }
    assert_eq!(acl!(rig.aclrtDestroyLabel(labels[0])), 107_017);
    assert_eq!((count(Kind::Label), count(Kind::LabelList)), (0, 0));
}

/// Binds streams to a graph, of which the first switches between labels that are on the streams
/// of these numbers. Each label is followed by a mark of its own; the run ends on the last stream.
/// Gives the marks that are seen when a label is chosen.
fn marks_after(rig: &Rig, places: &[usize], chosen: u32) -> Vec<u8> {
    let count = places.iter().max().unwrap() + 1;
    let streams: Vec<Raw> = (0..count).map(|_| made!(rig.aclrtCreateStream())).collect();
    let mut labels: Vec<Raw> = places
        .iter()
        .map(|_| made!(rig.aclrtCreateLabel()))
        .collect();
    let (mut list, length) = (NULL, labels.len());
    let code = acl!(rig.aclrtCreateLabelList(labels.as_mut_ptr(), length, &raw mut list));
    assert_eq!(code, 0);
    let (index, marks) = (rig.malloc(4), rig.malloc(8 * length));
    let graph = made!(rig.aclmdlRIBuildBegin(0));
    for (number, stream) in streams.iter().enumerate() {
        let flag = if number == 0 { 0 } else { 0x7FFF_FFFF };
        assert_eq!(acl!(rig.aclmdlRIBindStream(graph, *stream, flag)), 0);
    }
    let maximum = u32::try_from(length).unwrap();
    let code = acl!(rig.aclrtSwitchLabelByIndex(index, maximum, list, streams[0]));
    assert_eq!(code, 0);
    for (number, label) in labels.iter().enumerate() {
        let stream = streams[places[number]];
        assert_eq!(acl!(rig.aclrtSetLabel(*label, stream)), 0);
        assert_eq!(
            acl!(rig.aclrtSetLabel(*label, stream)),
            107_000,
            "set already"
        );
        let mark = at(marks, 8 * number);
        assert_eq!(acl!(rig.aclrtMemsetAsync(mark, 8, 1, 8, stream)), 0);
    }
    assert_eq!(acl!(rig.aclmdlRIEndTask(graph, streams[count - 1])), 0);
    assert_eq!(acl!(rig.aclmdlRIBuildEnd(graph, NULL)), 0);
    rig.upload(index, &chosen.to_ne_bytes());
    rig.upload(marks, &vec![0; 8 * length]);
    assert_eq!(acl!(rig.aclmdlRIExecuteAsync(graph, NULL)), 0);
    assert_eq!(rig.synchronize(NULL), 0);
    let seen = rig.download(marks, 8 * length);
    seen.chunks(8).map(|mark| mark[0]).collect()
}

/// SD
#[test]
fn r_305_a_bound_stream_goes_on_at_the_chosen_label() {
    let rig = Rig::new();
    assert_eq!(marks_after(&rig, &[0, 0, 0], 0), [1, 1, 1]);
    assert_eq!(marks_after(&rig, &[0, 0, 0], 1), [0, 1, 1]);
    assert_eq!(marks_after(&rig, &[0, 0, 0], 2), [0, 0, 1]);
    assert_eq!(marks_after(&rig, &[0, 0, 0], 9), [0, 0, 1], "the last one");
}

/// SD
#[test]
fn r_305_a_label_may_be_on_another_stream_of_the_graph() {
    let rig = Rig::new();
    assert_eq!(marks_after(&rig, &[0, 1, 1], 1), [0, 1, 1]);
    assert_eq!(marks_after(&rig, &[0, 1, 1], 2), [0, 0, 1]);
}
