//! Channels and queues between threads.

use std::ffi::{CStr, c_char};
use std::ptr;
use std::thread;

use ascend_mock::Kind;
use ascend_sys::{
    TdtApi, aclDataType, acltdtBuf, acltdtChannelHandle, acltdtDataset, acltdtQueueAttrType,
    acltdtQueueRouteParamType, acltdtQueueRouteQueryInfoParamType, acltdtTensorType,
};

use crate::common::{D2H, Library, NULL, Rig, Shared, nap};

const FLOAT: aclDataType = aclDataType::ACL_FLOAT;
const TENSOR: acltdtTensorType = acltdtTensorType::ACL_TENSOR_DATA_TENSOR;

type Tdt = Library<TdtApi>;

fn tdt(rig: &Rig) -> Tdt {
    Library {
        api: rig.lease.tdt(),
    }
}

fn channel(tdt: &Tdt, name: &CStr, capacity: usize) -> *mut acltdtChannelHandle {
    acl!(tdt.acltdtCreateChannelWithCapacity(0, name.as_ptr(), capacity))
}

/// A dataset with one tensor, whose data the test keeps.
fn dataset(tdt: &Tdt, data: &mut [f32]) -> *mut acltdtDataset {
    let dims = [i64::try_from(data.len()).unwrap()];
    let bytes = size_of_val(data);
    let data = data.as_mut_ptr().cast();
    let item = acl!(tdt.acltdtCreateDataItem(TENSOR, dims.as_ptr(), 1, FLOAT, data, bytes));
    let dataset = acl!(tdt.acltdtCreateDataset());
    assert_eq!(acl!(tdt.acltdtAddDataItem(dataset, item)), 0);
    dataset
}

/// The numbers of a dataset's only tensor.
fn numbers(tdt: &Tdt, dataset: *mut acltdtDataset) -> Vec<f32> {
    assert_eq!(acl!(tdt.acltdtGetDatasetSize(dataset)), 1);
    let item = acl!(tdt.acltdtGetDataItem(dataset, 0));
    let count = acl!(tdt.acltdtGetDataSizeFromItem(item)) / 4;
    let data = acl!(tdt.acltdtGetDataAddrFromItem(item));
    // SAFETY: the item has as many bytes.
    let bytes = unsafe { std::slice::from_raw_parts(data.cast::<[u8; 4]>(), count) };
    bytes
        .iter()
        .map(|bytes| f32::from_ne_bytes(*bytes))
        .collect()
}

/// S
#[test]
fn r_306_channels_check_their_arguments() {
    let rig = Rig::new();
    let tdt = tdt(&rig);
    assert!(acl!(tdt.acltdtCreateChannel(0, ptr::null())).is_null());
    assert!(acl!(tdt.acltdtCreateChannel(9, c"far".as_ptr())).is_null());
    for capacity in [0, 1, 8193] {
        assert!(channel(&tdt, c"odd", capacity).is_null());
    }
    let channel = channel(&tdt, c"line", 2);
    let mut data = [1.0];
    let dataset = dataset(&tdt, &mut data);
    let (no_channel, no_dataset) = (ptr::null_mut(), ptr::null_mut());
    for code in [
        acl!(tdt.acltdtSendTensor(no_channel, dataset, -1)),
        acl!(tdt.acltdtSendTensor(channel, no_dataset, -1)),
        acl!(tdt.acltdtSendTensor(channel, dataset, -2)),
        acl!(tdt.acltdtReceiveTensor(no_channel, dataset, -1)),
        acl!(tdt.acltdtReceiveTensor(channel, no_dataset, -1)),
        acl!(tdt.acltdtDestroyChannel(no_channel)),
    ] {
        assert_eq!(code, 100_000);
    }
    assert_eq!(acl!(tdt.acltdtDestroyChannel(channel)), 0);
    assert_eq!(acl!(tdt.acltdtSendTensor(channel, dataset, -1)), 107_017);
}

/// S
#[test]
fn r_306_a_full_or_empty_channel_tells_so_in_time() {
    let rig = Rig::new();
    let tdt = tdt(&rig);
    let channel = channel(&tdt, c"line", 2);
    let mut data = [1.0, 2.0];
    let sent = dataset(&tdt, &mut data);
    let received = acl!(tdt.acltdtCreateDataset());
    for timeout in [0, 5] {
        assert_eq!(
            acl!(tdt.acltdtReceiveTensor(channel, received, timeout)),
            207_013
        );
    }
    assert_eq!(acl!(tdt.acltdtSendTensor(channel, sent, 0)), 0);
    let item = acl!(tdt.acltdtGetDataItem(sent, 0));
    let start = acl!(tdt.acltdtGetDataAddrFromItem(item)).cast::<f32>();
    // What was sent is a copy.
    // SAFETY: the item's data are the two numbers above.
    unsafe { start.wrapping_add(1).write(3.0) };
    assert_eq!(acl!(tdt.acltdtSendTensor(channel, sent, 0)), 0);
    for timeout in [0, 5] {
        assert_eq!(acl!(tdt.acltdtSendTensor(channel, sent, timeout)), 207_014);
    }
    let mut size = 0;
    assert_eq!(acl!(tdt.acltdtQueryChannelSize(channel, &raw mut size)), 0);
    assert_eq!(size, 2);
    for expected in [[1.0, 2.0], [1.0, 3.0]] {
        assert_eq!(acl!(tdt.acltdtReceiveTensor(channel, received, -1)), 0);
        assert_eq!(numbers(&tdt, received), expected);
    }
    let name = acl!(tdt.acltdtGetDatasetName(received));
    // SAFETY: the name lives as long as the dataset.
    assert_eq!(unsafe { CStr::from_ptr(name) }, c"line");
    let item = acl!(tdt.acltdtGetDataItem(received, 0));
    assert_eq!(acl!(tdt.acltdtDestroyDataItem(item)), 100_000);
    assert_eq!(acl!(tdt.acltdtDestroyDataset(received)), 0);
    assert_eq!(acl!(tdt.acltdtGetDataSizeFromItem(item)), 0);
    assert_eq!(acl!(tdt.acltdtSendTensor(channel, sent, 0)), 0);
    assert_eq!(acl!(tdt.acltdtCleanChannel(channel)), 0);
    assert_eq!(acl!(tdt.acltdtQueryChannelSize(channel, &raw mut size)), 0);
    assert_eq!(size, 0);
    assert_eq!(rig.lease.ledger().count(Kind::ChannelItem), 1);
}

/// S
#[test]
fn r_306_an_old_channel_takes_no_time_limit() {
    let rig = Rig::new();
    let tdt = tdt(&rig);
    let channel = acl!(tdt.acltdtCreateChannel(0, c"old".as_ptr()));
    let mut data = [4.0];
    let sent = dataset(&tdt, &mut data);
    let received = acl!(tdt.acltdtCreateDataset());
    for timeout in [0, 5, -2] {
        assert_eq!(acl!(tdt.acltdtSendTensor(channel, sent, timeout)), 100_000);
        assert_eq!(
            acl!(tdt.acltdtReceiveTensor(channel, received, timeout)),
            100_000
        );
    }
    assert_eq!(acl!(tdt.acltdtSendTensor(channel, sent, -1)), 0);
    assert_eq!(acl!(tdt.acltdtReceiveTensor(channel, received, -1)), 0);
    assert_eq!(numbers(&tdt, received), [4.0]);
    assert_eq!(acl!(tdt.acltdtCleanChannel(channel)), 100_000);
}

#[test]
fn threads_wait_for_each_other_until_the_channel_is_stopped() {
    let rig = Rig::new();
    let tdt = tdt(&rig);
    // Two handles of one name lead to one line.
    let (to, from) = (channel(&tdt, c"line", 2), channel(&tdt, c"line", 2));
    assert!(channel(&tdt, c"line", 3).is_null());
    let shared = Shared(to.cast());
    thread::scope(|scope| {
        scope.spawn(|| {
            for value in 0..100_u8 {
                let mut data = [f32::from(value)];
                let sent = dataset(&tdt, &mut data);
                assert_eq!(acl!(tdt.acltdtSendTensor(shared.raw().cast(), sent, -1)), 0);
            }
        });
        let received = acl!(tdt.acltdtCreateDataset());
        for value in 0..100_u8 {
            assert_eq!(acl!(tdt.acltdtReceiveTensor(from, received, -1)), 0);
            assert_eq!(numbers(&tdt, received), [f32::from(value)]);
        }
        let waits = scope.spawn(|| {
            let received = acl!(tdt.acltdtCreateDataset());
            acl!(tdt.acltdtReceiveTensor(shared.raw().cast(), received, -1))
        });
        nap();
        assert_eq!(acl!(tdt.acltdtStopChannel(from)), 0);
        assert_eq!(waits.join().unwrap(), 207_013);
    });
}

#[test]
fn items_are_what_they_are_made_of() {
    let rig = Rig::new();
    let tdt = tdt(&rig);
    let (dims, none) = ([2_i64, 3], ptr::null());
    let end = acltdtTensorType::ACL_TENSOR_DATA_END_OF_SEQUENCE;
    let item = acl!(tdt.acltdtCreateDataItem(end, none, 0, FLOAT, NULL, 0));
    assert_eq!(acl!(tdt.acltdtGetTensorTypeFromItem(item)), end);
    assert_eq!(acl!(tdt.acltdtGetDimNumFromItem(item)), 0);
    let mut data = [0.0_f32; 6];
    let start = data.as_mut_ptr().cast();
    let item = acl!(tdt.acltdtCreateDataItem(TENSOR, dims.as_ptr(), 2, FLOAT, start, 24));
    let mut told = [0_i64; 2];
    assert_eq!(
        acl!(tdt.acltdtGetDimsFromItem(item, told.as_mut_ptr(), 1)),
        100_000
    );
    assert_eq!(
        acl!(tdt.acltdtGetDimsFromItem(item, told.as_mut_ptr(), 2)),
        0
    );
    assert_eq!(told, dims);
    assert!(acl!(tdt.acltdtCreateDataItem(TENSOR, none, 2, FLOAT, start, 24)).is_null());
    assert!(acl!(tdt.acltdtCreateDataItem(TENSOR, dims.as_ptr(), 2, FLOAT, NULL, 24)).is_null());
    let undefined = acltdtTensorType::ACL_TENSOR_DATA_UNDEFINED;
    assert_eq!(
        acl!(tdt.acltdtGetTensorTypeFromItem(ptr::null())),
        undefined
    );
    // Channels take host memory.
    let block = rig.malloc(24);
    let item = acl!(tdt.acltdtCreateDataItem(TENSOR, dims.as_ptr(), 2, FLOAT, block, 24));
    let dataset = acl!(tdt.acltdtCreateDataset());
    assert_eq!(acl!(tdt.acltdtAddDataItem(dataset, item)), 0);
    assert_eq!(acl!(tdt.acltdtAddDataItem(dataset, item)), 100_000);
    let channel = channel(&tdt, c"line", 2);
    assert_eq!(acl!(tdt.acltdtSendTensor(channel, dataset, 0)), 100_000);
}

/// A queue of this depth.
fn queue(tdt: &Tdt, depth: u32) -> u32 {
    let attr = acl!(tdt.acltdtCreateQueueAttr());
    let mut id = 0;
    assert_eq!(acl!(tdt.acltdtCreateQueue(attr, &raw mut id)), 100_000); // it has no name
    let name: *const c_char = c"queue".as_ptr();
    let (by_name, by_depth) = (
        acltdtQueueAttrType::ACL_TDT_QUEUE_NAME_PTR,
        acltdtQueueAttrType::ACL_TDT_QUEUE_DEPTH_UINT32,
    );
    let (name, depth) = ((&raw const name).cast(), (&raw const depth).cast());
    assert_eq!(acl!(tdt.acltdtSetQueueAttr(attr, by_name, 8, name)), 0);
    assert_eq!(
        acl!(tdt.acltdtSetQueueAttr(attr, by_depth, 8, depth)),
        100_000
    );
    assert_eq!(acl!(tdt.acltdtSetQueueAttr(attr, by_depth, 4, depth)), 0);
    assert_eq!(acl!(tdt.acltdtCreateQueue(attr, &raw mut id)), 0);
    let (mut told, mut size) = (0_u32, 0);
    let place = (&raw mut told).cast();
    assert_eq!(
        acl!(tdt.acltdtGetQueueAttr(attr, by_depth, 4, &raw mut size, place)),
        0
    );
    assert_eq!(size, 4);
    assert_eq!(acl!(tdt.acltdtDestroyQueueAttr(attr)), 0);
    id
}

#[test]
fn buffers_go_through_queues_and_along_routes() {
    let rig = Rig::new();
    let tdt = tdt(&rig);
    let (first, second) = (queue(&tdt, 2), queue(&tdt, 2));
    let mut buffer: acltdtBuf = NULL;
    assert_eq!(acl!(tdt.acltdtAllocBuf(0, 0, &raw mut buffer)), 100_000);
    assert_eq!(
        acl!(tdt.acltdtAllocBuf(usize::MAX, 0, &raw mut buffer)),
        207_001
    );
    assert_eq!(acl!(tdt.acltdtAllocBuf(4, 0, &raw mut buffer)), 0);
    let (mut data, mut size) = (NULL, 0);
    assert_eq!(
        acl!(tdt.acltdtGetBufData(buffer, &raw mut data, &raw mut size)),
        0
    );
    assert_eq!(size, 4);
    // SAFETY: the buffer has 4 bytes.
    unsafe { data.cast::<[u8; 4]>().write([1, 2, 3, 4]) };
    assert_eq!(rig.download(data, 4), [1, 2, 3, 4]);
    assert_eq!(acl!(tdt.acltdtSetBufDataLen(buffer, 5)), 100_000);
    assert_eq!(acl!(tdt.acltdtSetBufDataLen(buffer, 3)), 0);
    let mut taken = NULL;
    assert_eq!(acl!(tdt.acltdtDequeue(first, &raw mut taken, 0)), 207_013);
    assert_eq!(acl!(tdt.acltdtDequeue(99, &raw mut taken, 0)), 100_032);
    assert_eq!(acl!(tdt.acltdtEnqueue(first, buffer, 0)), 0);
    assert_eq!(acl!(tdt.acltdtDequeue(first, &raw mut taken, 0)), 0);
    assert_eq!(taken, buffer);

    let route = acl!(tdt.acltdtCreateQueueRoute(first, second));
    let list = acl!(tdt.acltdtCreateQueueRouteList());
    assert_eq!(acl!(tdt.acltdtAddQueueRoute(list, route)), 0);
    assert_eq!(acl!(tdt.acltdtBindQueueRoutes(list)), 0);
    assert_eq!(acl!(tdt.acltdtGetQueueRoute(list, 0, route)), 0);
    let (mut status, kind) = (
        9_i32,
        acltdtQueueRouteParamType::ACL_TDT_QUEUE_ROUTE_STATUS_INT32,
    );
    let place = (&raw mut status).cast();
    assert_eq!(
        acl!(tdt.acltdtGetQueueRouteParam(route, kind, 4, &raw mut size, place)),
        0
    );
    assert_eq!(status, 1);
    assert_eq!(acl!(tdt.acltdtEnqueue(first, buffer, 0)), 0);
    assert_eq!(acl!(tdt.acltdtDestroyQueue(first)), 100_000);
    let mut bytes = [0_u8; 4];
    let place = bytes.as_mut_ptr().cast();
    let mut length = 0;
    let length_place = &raw mut length;
    let dequeue = |room| acl!(tdt.acltdtDequeueData(second, place, room, length_place, NULL, 0, 0));
    assert_eq!(dequeue(2), 100_000); // it stays
    let code = acl!(tdt.acltdtDequeueData(second, place, 4, length_place, place, 97, 0));
    assert_eq!(code, 100_000, "there are 96 bytes for the program"); // and stays
    assert_eq!(dequeue(4), 0);
    assert_eq!((length, bytes), (3, [1, 2, 3, 0]));
    let place = bytes.as_mut_ptr().cast();
    let code = acl!(rig.aclrtMemcpy(place, 4, data, 4, D2H));
    assert_eq!(code, 107_000, "the buffer ended when its data was taken");

    let query = acl!(tdt.acltdtCreateQueueRouteQueryInfo());
    let found = acl!(tdt.acltdtCreateQueueRouteList());
    assert_eq!(acl!(tdt.acltdtQueryQueueRoutes(query, found)), 100_000);
    let by = acltdtQueueRouteQueryInfoParamType::ACL_TDT_QUEUE_ROUTE_QUERY_SRC_ID_UINT32;
    let from = (&raw const first).cast();
    assert_eq!(
        acl!(tdt.acltdtSetQueueRouteQueryInfo(query, by, 4, from)),
        0
    );
    assert_eq!(acl!(tdt.acltdtQueryQueueRoutes(query, found)), 0);
    assert_eq!(acl!(tdt.acltdtGetQueueRouteNum(found)), 1);
    assert_eq!(acl!(tdt.acltdtUnbindQueueRoutes(list)), 0);
    assert_eq!(acl!(tdt.acltdtUnbindQueueRoutes(list)), 100_000);
    assert_eq!(acl!(tdt.acltdtDestroyQueue(first)), 0);
    assert_eq!(acl!(tdt.acltdtDestroyQueue(second)), 0);
    assert_eq!(rig.lease.ledger().count(Kind::Queue), 0);
    assert_eq!(rig.lease.ledger().count(Kind::SharedBuffer), 0);
}

#[test]
fn buffers_are_chained_and_shared() {
    let rig = Rig::new();
    let tdt = tdt(&rig);
    let buffer = || {
        let mut buffer = NULL;
        assert_eq!(acl!(tdt.acltdtAllocBuf(8, 1, &raw mut buffer)), 0);
        buffer
    };
    let (head, next, mut copy) = (buffer(), buffer(), NULL);
    assert_eq!(acl!(tdt.acltdtAppendBufChain(head, next)), 0);
    assert_eq!(acl!(tdt.acltdtAppendBufChain(head, next)), 100_000);
    let (mut count, mut found) = (0, NULL);
    assert_eq!(acl!(tdt.acltdtGetBufChainNum(head, &raw mut count)), 0);
    assert_eq!(count, 2);
    assert_eq!(acl!(tdt.acltdtGetBufFromChain(head, 1, &raw mut found)), 0);
    assert_eq!(found, next);
    assert_eq!(
        acl!(tdt.acltdtGetBufFromChain(head, 2, &raw mut found)),
        100_000
    );
    let (text, mut told) = (b"hello", [0_u8; 5]);
    assert_eq!(
        acl!(tdt.acltdtSetBufUserData(head, text.as_ptr().cast(), 5, 91)),
        0
    );
    assert_eq!(
        acl!(tdt.acltdtSetBufUserData(head, text.as_ptr().cast(), 5, 92)),
        100_000
    );
    assert_eq!(acl!(tdt.acltdtCopyBufRef(head, &raw mut copy)), 0);
    assert_eq!(acl!(tdt.acltdtFreeBuf(head)), 0);
    assert_eq!(acl!(tdt.acltdtFreeBuf(next)), 107_017); // it ended with its head
    assert_eq!(
        acl!(tdt.acltdtGetBufUserData(copy, told.as_mut_ptr().cast(), 5, 91)),
        0
    );
    assert_eq!(&told, text);
    // By the other name of the function.
    assert_eq!(acl!(rig.aclrtFreeBuf(copy)), 0);
    let mut other = NULL;
    assert_eq!(acl!(rig.aclrtAllocBuf(&raw mut other, 8)), 0);
    assert_eq!(acl!(tdt.acltdtFreeBuf(other)), 0);
    assert_eq!(rig.lease.ledger().count(Kind::SharedBuffer), 0);
}

#[test]
fn a_name_is_free_again_when_its_channel_is_over() {
    let rig = Rig::new();
    let tdt = tdt(&rig);
    let mut data = [1.0];
    let dataset = dataset(&tdt, &mut data);
    let send = |channel| acl!(tdt.acltdtSendTensor(channel, dataset, 0));
    // A channel that is stopped, and not destroyed yet.
    let stopped = channel(&tdt, c"line", 2);
    assert_eq!(acl!(tdt.acltdtStopChannel(stopped)), 0);
    let anew = channel(&tdt, c"line", 3);
    assert!(!anew.is_null(), "another capacity is no matter");
    assert_eq!((send(stopped), send(anew)), (207_014, 0));
    assert_eq!(acl!(tdt.acltdtDestroyChannel(stopped)), 0);
    assert_eq!(send(anew), 0, "that was another one");
    let same = channel(&tdt, c"line", 3);
    let mut size = 0;
    assert_eq!(acl!(tdt.acltdtQueryChannelSize(same, &raw mut size)), 0);
    assert_eq!(size, 2);
}

/// The last handle that is destroyed takes the line along, and who waits is told.
#[test]
fn destroying_a_channel_ends_the_waits_for_it() {
    let rig = Rig::new();
    let tdt = tdt(&rig);
    let one = channel(&tdt, c"line", 2);
    let other = channel(&tdt, c"line", 2);
    let waiting = Shared(one.cast());
    let api = tdt.api;
    let received = rig.start(move |_| {
        let tdt = Library { api };
        let dataset = acl!(tdt.acltdtCreateDataset());
        acl!(tdt.acltdtReceiveTensor(waiting.raw().cast(), dataset, -1))
    });
    nap();
    let mut data = [1.0];
    let dataset = dataset(&tdt, &mut data);
    assert_eq!(acl!(tdt.acltdtDestroyChannel(other)), 0);
    nap();
    assert_eq!(acl!(tdt.acltdtDestroyChannel(one)), 0);
    assert_eq!(received.get(), 207_013);
    let anew = channel(&tdt, c"line", 2);
    assert_eq!(acl!(tdt.acltdtSendTensor(anew, dataset, 0)), 0);
}
