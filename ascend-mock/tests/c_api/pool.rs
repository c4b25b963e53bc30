//! Pools of memory in the order of streams, allocators of the program. Rule numbers and certainty
//! tags are those of the behaviour reference.

use std::ffi::c_void;
use std::ptr;

use ascend_mock::Kind;
use ascend_sys::{
    aclrtMemAllocationType, aclrtMemAttr, aclrtMemHandleType, aclrtMemLocation,
    aclrtMemLocationType, aclrtMemPoolAttr, aclrtMemPoolProps,
};

use crate::common::{D2H, NULL, Raw, Rig};

const MIB: usize = 1 << 20;
const RESERVED: aclrtMemPoolAttr = aclrtMemPoolAttr::ACL_RT_MEM_POOL_ATTR_RESERVED_MEM_CURRENT;
const USED: aclrtMemPoolAttr = aclrtMemPoolAttr::ACL_RT_MEM_POOL_ATTR_USED_MEM_CURRENT;
const USED_PEAK: aclrtMemPoolAttr = aclrtMemPoolAttr::ACL_RT_MEM_POOL_ATTR_USED_MEM_HIGH;
const THRESHOLD: aclrtMemPoolAttr = aclrtMemPoolAttr::ACL_RT_MEM_POOL_ATTR_RELEASE_THRESHOLD;

fn props() -> aclrtMemPoolProps {
    aclrtMemPoolProps {
        allocType: aclrtMemAllocationType::ACL_MEM_ALLOCATION_TYPE_PINNED,
        handleType: aclrtMemHandleType::ACL_MEM_HANDLE_TYPE_NONE,
        location: aclrtMemLocation {
            id: 0,
            type_: aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_DEVICE,
        },
        maxSize: 0,
        reserved: [0; 32],
    }
}

fn pool(rig: &Rig, limit: usize) -> Raw {
    let mut props = props();
    props.maxSize = limit;
    made!(rig.aclrtMemPoolCreate(&raw const props))
}

fn attribute(rig: &Rig, pool: Raw, attribute: aclrtMemPoolAttr) -> u64 {
    let mut value = 0_u64;
    let place = (&raw mut value).cast();
    assert_eq!(acl!(rig.aclrtMemPoolGetAttr(pool, attribute, place)), 0);
    value
}

fn set(rig: &Rig, pool: Raw, attribute: aclrtMemPoolAttr, mut value: u64) -> i32 {
    acl!(rig.aclrtMemPoolSetAttr(pool, attribute, (&raw mut value).cast()))
}

/// SD
#[test]
fn r_287_pools_check_their_arguments() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let mut made = NULL;
    let mut create = |change: &dyn Fn(&mut aclrtMemPoolProps)| {
        let mut props = props();
        change(&mut props);
        acl!(rig.aclrtMemPoolCreate(&raw mut made, &raw const props))
    };
    assert_eq!(
        create(&|props| props.allocType = aclrtMemAllocationType(1)),
        100_000
    );
    assert_eq!(
        create(&|props| props.handleType = aclrtMemHandleType(2)),
        100_000
    );
    assert_eq!(
        create(&|props| props.location.type_ = aclrtMemLocationType(0)),
        100_000
    );
    assert_eq!(create(&|props| props.reserved[3] = 1), 100_000);
    assert_eq!(create(&|props| props.location.id = 1), 107_001);
    assert_eq!(
        acl!(rig.aclrtMemPoolCreate(&raw mut made, ptr::null())),
        100_000
    );
    let pool = pool(&rig, 0);
    let mut address: Raw = ptr::without_provenance_mut(77);
    let mut malloc = |size, pool, stream| {
        let code = acl!(rig.aclrtMemPoolMallocAsync(&raw mut address, size, pool, stream));
        (code, address.addr())
    };
    assert_eq!(malloc(8, NULL, stream).0, 100_000);
    assert_eq!(malloc(8, pool, NULL).0, 100_000);
    assert_eq!(malloc(0, pool, stream), (0, 77), "the place is left alone");
    assert_eq!(malloc(8, stream, stream).0, 107_017);
    let block = rig.malloc(8);
    assert_eq!(acl!(rig.aclrtMemPoolFreeAsync(block, NULL)), 107_000);
    assert_eq!(acl!(rig.aclrtMemPoolFreeAsync(NULL, NULL)), 100_000);
    let pooled = made!(rig.aclrtMemPoolMallocAsync(8, pool, stream));
    assert_eq!(acl!(rig.aclrtFree(pooled)), 107_000);
    assert_eq!(acl!(rig.aclrtMemPoolFreeAsync(pooled, NULL)), 0);
    assert_eq!(acl!(rig.aclrtMemPoolFreeAsync(pooled, NULL)), 107_000);
    assert_eq!(rig.synchronize(NULL), 0);
    assert_eq!(acl!(rig.aclrtMemPoolDestroy(pool)), 0);
    assert_eq!(acl!(rig.aclrtMemPoolDestroy(pool)), 107_017);
    assert_eq!(rig.lease.ledger().count(Kind::MemoryPool), 0);
}

/// SD
#[test]
fn r_287_freed_memory_is_used_again_in_stream_order_only() {
    let rig = Rig::new();
    let pool = pool(&rig, 0);
    assert_eq!(set(&rig, pool, THRESHOLD, 100 << 20), 0);
    let (one, two) = (
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
    );
    let first = made!(rig.aclrtMemPoolMallocAsync(MIB, pool, one));
    let gate = rig.block(one);
    assert_eq!(acl!(rig.aclrtMemsetAsync(first, MIB, 5, MIB, one)), 0);
    assert_eq!(acl!(rig.aclrtMemPoolFreeAsync(first, one)), 0);
    // The stream has not got to the free: another one has to take other memory.
    let second = made!(rig.aclrtMemPoolMallocAsync(MIB, pool, two));
    assert_ne!(second, first);
    // What comes later in the same stream may have it.
    let third = made!(rig.aclrtMemPoolMallocAsync(MIB, pool, one));
    assert_eq!(third, first);
    assert_eq!(acl!(rig.aclrtMemsetAsync(third, MIB, 6, MIB, one)), 0);
    rig.open(gate);
    assert_eq!(rig.synchronize(one), 0);
    assert_eq!(rig.download(third, 4), [6; 4]);
    assert_eq!(attribute(&rig, pool, USED), 2 << 20);
    assert_eq!(acl!(rig.aclrtMemPoolFreeAsync(third, one)), 0);
    assert_eq!(rig.synchronize(one), 0);
    let mut byte = [0_u8];
    let to = byte.as_mut_ptr().cast();
    assert_eq!(
        acl!(rig.aclrtMemcpy(to, 1, third, 1, D2H)),
        107_000,
        "freed"
    );
    let fourth = made!(rig.aclrtMemPoolMallocAsync(MIB, pool, two));
    assert_eq!(fourth, first, "the free is done, so any stream may have it");
    assert_eq!(attribute(&rig, pool, RESERVED), 2 << 20);
}

#[test]
fn pools_keep_what_the_threshold_says() {
    let rig = Rig::new();
    let pool = pool(&rig, 4 * MIB);
    let stream = made!(rig.aclrtCreateStream());
    let take = || made!(rig.aclrtMemPoolMallocAsync(2 * MIB, pool, stream));
    let (one, two) = (take(), take());
    let mut more = NULL;
    let code = acl!(rig.aclrtMemPoolMallocAsync(&raw mut more, 8, pool, stream));
    assert_eq!(code, 207_001, "the pool's own limit");
    assert_eq!(attribute(&rig, pool, USED_PEAK), 4 << 20);
    assert_eq!(acl!(rig.aclrtMemPoolFreeAsync(one, stream)), 0);
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(
        attribute(&rig, pool, RESERVED),
        2 << 20,
        "nothing is kept by default"
    );
    assert_eq!(set(&rig, pool, THRESHOLD, u64::MAX), 0);
    assert_eq!(acl!(rig.aclrtMemPoolFreeAsync(two, stream)), 0);
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(attribute(&rig, pool, RESERVED), 2 << 20);
    assert_eq!(acl!(rig.aclrtMemPoolTrimTo(pool, 0)), 0);
    assert_eq!(attribute(&rig, pool, RESERVED), 0);
    let (mut free, mut total) = (0, 0);
    let hbm = aclrtMemAttr::ACL_HBM_MEM;
    assert_eq!(
        acl!(rig.aclrtGetMemInfo(hbm, &raw mut free, &raw mut total)),
        0
    );
    assert_eq!(free, total);
    assert_eq!(set(&rig, pool, USED_PEAK, 1), 100_000);
    assert_eq!(set(&rig, pool, USED_PEAK, 0), 0);
    assert_eq!(attribute(&rig, pool, USED_PEAK), 0);
    assert_eq!(set(&rig, pool, RESERVED, 0), 100_000);
    assert_eq!(set(&rig, pool, aclrtMemPoolAttr(77), 0), 100_000);
}

/// D
#[test]
fn r_070_pools_of_a_reset_device_give_nothing_out_again() {
    let resets: [fn(&Rig) -> i32; 2] = [
        |rig| acl!(rig.aclrtResetDevice(0)),
        |rig| acl!(rig.aclrtResetDeviceForce(0)),
    ];
    for reset in resets {
        let rig = Rig::new();
        let old = pool(&rig, 0);
        assert_eq!(set(&rig, old, THRESHOLD, 100 << 20), 0);
        let stream = made!(rig.aclrtCreateStream());
        let take = || made!(rig.aclrtMemPoolMallocAsync(MIB, old, stream));
        let (freed, kept) = (take(), take());
        assert_eq!(acl!(rig.aclrtMemPoolFreeAsync(freed, stream)), 0);
        assert_eq!(rig.synchronize(stream), 0);
        assert_eq!(reset(&rig), 0);
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
        let stream = made!(rig.aclrtCreateStream());
        // These have the pages that the pool's blocks had.
        let blocks = [(); 2].map(|()| rig.malloc(MIB));
        assert_eq!(blocks, [freed, kept], "the device starts anew");
        for (block, value) in blocks.iter().zip([1, 2]) {
            assert_eq!(acl!(rig.aclrtMemset(*block, MIB, value, MIB)), 0);
        }
        let mut address = NULL;
        let code = acl!(rig.aclrtMemPoolMallocAsync(&raw mut address, MIB, old, stream));
        assert_eq!((code, address), (107_000, NULL));
        assert_eq!(set(&rig, old, THRESHOLD, 0), 107_000);
        assert_eq!(acl!(rig.aclrtMemPoolTrimTo(old, 0)), 107_000);
        // The address is that of another's block by now.
        assert_eq!(acl!(rig.aclrtMemPoolFreeAsync(kept, stream)), 107_000);
        assert_eq!(rig.synchronize(stream), 0);
        assert_eq!(acl!(rig.aclrtMemPoolDestroy(old)), 0);
        for (block, value) in blocks.iter().zip([1, 2]) {
            assert_eq!(rig.download(*block, 1), [value]);
        }
        let third = rig.malloc(MIB);
        assert!(!blocks.contains(&third), "no page has two owners");
        for block in [blocks[0], blocks[1], third] {
            assert_eq!(acl!(rig.aclrtFree(block)), 0);
        }
        let (mut free, mut total) = (0, 0);
        let hbm = aclrtMemAttr::ACL_HBM_MEM;
        let code = acl!(rig.aclrtGetMemInfo(hbm, &raw mut free, &raw mut total));
        assert_eq!((code, free), (0, total));
    }
}

unsafe extern "C" fn allocate(_: *mut c_void, _: usize) -> *mut c_void {
    NULL
}

unsafe extern "C" fn free(_: *mut c_void, _: *mut c_void) {}

unsafe extern "C" fn address(block: *mut c_void) -> *mut c_void {
    block
}

#[test]
fn allocators_are_known_by_stream() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let desc = acl!(rig.aclrtAllocatorCreateDesc());
    let object: Raw = ptr::without_provenance_mut(64);
    assert_eq!(acl!(rig.aclrtAllocatorSetObjToDesc(desc, object)), 0);
    assert_eq!(acl!(rig.aclrtAllocatorSetObjToDesc(NULL, object)), 100_000);
    assert_eq!(
        acl!(rig.aclrtAllocatorSetObjToDesc(stream, object)),
        107_017
    );
    assert_eq!(
        acl!(rig.aclrtAllocatorSetAllocFuncToDesc(desc, Some(allocate))),
        0
    );
    assert_eq!(
        acl!(rig.aclrtAllocatorSetFreeFuncToDesc(desc, None)),
        100_000
    );
    assert_eq!(
        acl!(rig.aclrtAllocatorSetFreeFuncToDesc(desc, Some(free))),
        0
    );
    assert_eq!(
        acl!(rig.aclrtAllocatorRegister(stream, desc)),
        100_000,
        "not complete"
    );
    assert_eq!(
        acl!(rig.aclrtAllocatorSetGetAddrFromBlockFuncToDesc(desc, Some(address))),
        0
    );
    assert_eq!(acl!(rig.aclrtAllocatorUnregister(stream)), 100_000);
    assert_eq!(acl!(rig.aclrtAllocatorRegister(NULL, desc)), 100_000);
    assert_eq!(acl!(rig.aclrtAllocatorRegister(stream, desc)), 0);
    assert_eq!(acl!(rig.aclrtAllocatorDestroyDesc(desc)), 0);
    let (mut found_desc, mut found) = (NULL, NULL);
    let (mut one, mut two, mut three, mut four) = (None, None, None, None);
    let code = acl!(rig.aclrtAllocatorGetByStream(
        stream,
        &raw mut found_desc,
        &raw mut found,
        &raw mut one,
        &raw mut two,
        &raw mut three,
        &raw mut four,
    ));
    assert_eq!((code, found_desc, found), (0, desc, object));
    assert!(one.is_some() && two.is_some() && three.is_none() && four.is_some());
    assert_eq!(acl!(rig.aclrtAllocatorUnregister(stream)), 0);
    assert_eq!(acl!(rig.aclrtAllocatorUnregister(stream)), 100_000);
}
