//! Addresses, physical memory, and what maps one to the other. Rule numbers and certainty tags are
//! those of the behaviour reference.

use std::ptr;

use ascend_mock::{Kind, MockConfig};
use ascend_sys::{
    aclrtMemAccessDesc, aclrtMemAccessFlags, aclrtMemAllocationType, aclrtMemAttr,
    aclrtMemGranularityOptions, aclrtMemHandleType, aclrtMemLocation, aclrtMemLocationType,
    aclrtPhysicalMemProp,
};

use crate::common::{D2D, D2H, H2D, H2H, NULL, Raw, Rig, at};

const PAGE: usize = 2 << 20;
const DEVICE: aclrtMemLocationType = aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_DEVICE;
const MINIMUM: aclrtMemGranularityOptions =
    aclrtMemGranularityOptions::ACL_RT_MEM_ALLOC_GRANULARITY_MINIMUM;

fn prop() -> aclrtPhysicalMemProp {
    aclrtPhysicalMemProp {
        handleType: aclrtMemHandleType::ACL_MEM_HANDLE_TYPE_NONE,
        allocationType: aclrtMemAllocationType::ACL_MEM_ALLOCATION_TYPE_PINNED,
        memAttr: aclrtMemAttr::ACL_HBM_MEM_HUGE,
        location: aclrtMemLocation {
            id: 0,
            type_: DEVICE,
        },
        reserve: 0,
    }
}

fn reserve(rig: &Rig, pages: usize) -> Raw {
    made!(rig.aclrtReserveMemAddress(pages * PAGE, 0, NULL, 1))
}

fn physical(rig: &Rig, pages: usize) -> Raw {
    made!(rig.aclrtMallocPhysical(pages * PAGE, &raw const PROP, 0))
}

static PROP: aclrtPhysicalMemProp = aclrtPhysicalMemProp {
    handleType: aclrtMemHandleType::ACL_MEM_HANDLE_TYPE_NONE,
    allocationType: aclrtMemAllocationType::ACL_MEM_ALLOCATION_TYPE_PINNED,
    memAttr: aclrtMemAttr::ACL_HBM_MEM_HUGE,
    location: aclrtMemLocation {
        id: 0,
        type_: DEVICE,
    },
    reserve: 0,
};

fn map(rig: &Rig, address: Raw, pages: usize, memory: Raw) -> i32 {
    acl!(rig.aclrtMapMem(address, pages * PAGE, 0, memory, 0))
}

/// SD
#[test]
fn r_281_reserving_addresses_checks_its_arguments() {
    let rig = Rig::new();
    let mut address = NULL;
    let place = &raw mut address;
    assert_eq!(
        acl!(rig.aclrtReserveMemAddress(ptr::null_mut(), PAGE, 0, NULL, 0)),
        100_000
    );
    for (size, alignment, flags) in [(0, 0, 0), (PAGE, 1, 0), (PAGE, 0, 2), (usize::MAX, 0, 0)] {
        let code = acl!(rig.aclrtReserveMemAddress(place, size, alignment, NULL, flags));
        assert_eq!(code, 100_000, "{size} {alignment} {flags}");
    }
    assert_eq!(
        acl!(rig.aclrtReserveMemAddress(place, usize::MAX / 2, 0, NULL, 0)),
        207_001
    );
    let first = reserve(&rig, 3);
    assert_eq!(first.addr() % PAGE, 0);
    assert_eq!(rig.lease.ledger().count(Kind::AddressRange), 1);
    assert_eq!(acl!(rig.aclrtReleaseMemAddress(first)), 0);
    // Free addresses that are wished for are given.
    let again = made!(rig.aclrtReserveMemAddress(PAGE, 0, first, 0));
    assert_eq!(acl!(rig.aclrtReleaseMemAddress(again)), 0);
    assert_eq!(acl!(rig.aclrtReleaseMemAddress(again)), 107_000);
    assert_eq!(acl!(rig.aclrtReleaseMemAddress(NULL)), 100_000);
}

/// S
#[test]
fn r_282_physical_memory_checks_its_properties() {
    let rig = Rig::new();
    let mut memory = NULL;
    let mut malloc = |size, change: &dyn Fn(&mut aclrtPhysicalMemProp), flags| {
        let mut prop = prop();
        change(&mut prop);
        acl!(rig.aclrtMallocPhysical(&raw mut memory, size, &raw const prop, flags))
    };
    assert_eq!(malloc(0, &|_| (), 0), 100_000);
    assert_eq!(malloc(PAGE, &|_| (), 1), 100_000);
    let bad = aclrtMemHandleType::ACL_MEM_HANDLE_TYPE_POSIX;
    assert_eq!(malloc(PAGE, &|prop| prop.handleType = bad, 0), 100_000);
    let bad = aclrtMemAllocationType(1);
    assert_eq!(malloc(PAGE, &|prop| prop.allocationType = bad, 0), 100_000);
    let bad = aclrtMemLocationType(77);
    assert_eq!(malloc(PAGE, &|prop| prop.location.type_ = bad, 0), 100_000);
    assert_eq!(
        malloc(PAGE, &|prop| prop.memAttr = aclrtMemAttr(77), 0),
        100_000
    );
    assert_eq!(malloc(PAGE, &|prop| prop.location.id = 1, 0), 107_001);
    assert_eq!(malloc(PAGE + 4096, &|_| (), 0), 107_000);
    assert_eq!(malloc(8 << 30, &|_| (), 0), 0);
    assert_eq!(malloc(PAGE, &|_| (), 0), 207_001, "physical memory counts");
    let code = acl!(rig.aclrtMallocPhysical(&raw mut memory, PAGE, ptr::null(), 0));
    assert_eq!(code, 100_000);
}

/// SD (code I)
#[test]
fn r_283_mapping_checks_its_arguments() {
    let rig = Rig::new();
    let (address, memory) = (reserve(&rig, 4), physical(&rig, 2));
    let bytes = 2 * PAGE;
    let map = |address, bytes, offset, memory, flags| {
        acl!(rig.aclrtMapMem(address, bytes, offset, memory, flags))
    };
    assert_eq!(map(NULL, bytes, 0, memory, 0), 100_000);
    assert_eq!(map(address, bytes, 0, NULL, 0), 100_000);
    assert_eq!(map(address, bytes, 1, memory, 0), 100_000);
    assert_eq!(map(address, bytes, 0, memory, 1), 100_000);
    assert_eq!(map(address, PAGE, 0, memory, 0), 107_000);
    assert_eq!(map(at(address, 4096), bytes, 0, memory, 0), 107_000);
    assert_eq!(
        map(at(address, 3 * PAGE), bytes, 0, memory, 0),
        107_000,
        "past the end"
    );
    assert_eq!(map(address, bytes, 0, address, 0), 107_017);
    assert_eq!(map(address, bytes, 0, memory, 0), 0);
    assert_eq!(
        map(at(address, PAGE), bytes, 0, memory, 0),
        107_000,
        "mapped already"
    );
}

/// D: also the way of growing segments, whose tensors lie across pieces.
#[test]
fn r_284_what_is_mapped_is_memory_until_it_is_unmapped() {
    let rig = Rig::new();
    let address = reserve(&rig, 4);
    let (first, second) = (physical(&rig, 1), physical(&rig, 2));
    let (mut free, mut total) = (0, 0);
    let hbm = aclrtMemAttr::ACL_HBM_MEM;
    assert_eq!(
        acl!(rig.aclrtGetMemInfo(hbm, &raw mut free, &raw mut total)),
        0
    );
    assert_eq!(total - free, 3 * PAGE);
    assert_eq!(map(&rig, address, 1, first), 0);
    assert_eq!(map(&rig, at(address, PAGE), 2, second), 0);
    // Across the seam.
    let data: Vec<u8> = (0..=255).collect();
    rig.upload(at(address, PAGE - 100), &data);
    assert_eq!(rig.download(at(address, PAGE - 100), 256), data);
    let mut byte = 0_u8;
    let to: Raw = (&raw mut byte).cast();
    assert_eq!(
        acl!(rig.aclrtMemcpy(to, 1, at(address, 3 * PAGE), 1, D2H)),
        107_000
    );
    assert_eq!(acl!(rig.aclrtFree(address)), 107_000);
    assert_eq!(
        acl!(rig.aclrtReleaseMemAddress(address)),
        107_000,
        "still mapped"
    );
    // The memory outlives its handle while it is mapped, and its address while it has a handle.
    assert_eq!(acl!(rig.aclrtFreePhysical(second)), 0);
    assert_eq!(acl!(rig.aclrtFreePhysical(second)), 107_017);
    assert_eq!(rig.download(at(address, PAGE), 156), data[100..]);
    let mut second = NULL;
    let inside = at(address, 2 * PAGE);
    assert_eq!(
        acl!(rig.aclrtMemRetainAllocationHandle(inside, &raw mut second)),
        0
    );
    assert_eq!(acl!(rig.aclrtUnmapMem(at(address, PAGE))), 0);
    assert_eq!(acl!(rig.aclrtUnmapMem(at(address, PAGE))), 107_000);
    assert_eq!(
        acl!(rig.aclrtMemcpy(to, 1, at(address, PAGE), 1, D2H)),
        107_000
    );
    assert_eq!(map(&rig, at(address, 2 * PAGE), 2, second), 0);
    assert_eq!(rig.download(at(address, 2 * PAGE), 156), data[100..]);
    for mapped in [address, at(address, 2 * PAGE)] {
        assert_eq!(acl!(rig.aclrtUnmapMem(mapped)), 0);
    }
    for memory in [first, second] {
        assert_eq!(acl!(rig.aclrtFreePhysical(memory)), 0);
    }
    assert_eq!(acl!(rig.aclrtReleaseMemAddress(address)), 0);
    assert_eq!(
        acl!(rig.aclrtGetMemInfo(hbm, &raw mut free, &raw mut total)),
        0
    );
    assert_eq!(free, total);
}

/// S (numbers D)
#[test]
fn r_285_granularity() {
    let rig = Rig::new();
    let granularity = |attribute| {
        let mut prop = prop();
        prop.memAttr = attribute;
        let mut size = 0;
        let code =
            acl!(rig.aclrtMemGetAllocationGranularity(&raw mut prop, MINIMUM, &raw mut size));
        (code, size)
    };
    assert_eq!(granularity(aclrtMemAttr::ACL_HBM_MEM_HUGE), (0, 2 << 20));
    assert_eq!(granularity(aclrtMemAttr::ACL_HBM_MEM_HUGE1G), (0, 1 << 30));
    assert_eq!(granularity(aclrtMemAttr::ACL_DDR_MEM_HUGE).0, 100_000);
    let (mut prop, mut size) = (prop(), 0);
    let null = ptr::null_mut();
    let code = acl!(rig.aclrtMemGetAllocationGranularity(null, MINIMUM, &raw mut size));
    assert_eq!(code, 100_000);
    let null = ptr::null_mut();
    let code = acl!(rig.aclrtMemGetAllocationGranularity(&raw mut prop, MINIMUM, null));
    assert_eq!(code, 100_000);
}

/// D
#[test]
fn r_286_access_is_given_to_the_mapped_range() {
    let rig = Rig::with(MockConfig::default().devices(2));
    let (address, memory) = (reserve(&rig, 2), physical(&rig, 1));
    assert_eq!(map(&rig, address, 1, memory), 0);
    let mut access = aclrtMemAccessDesc {
        flags: aclrtMemAccessFlags::ACL_RT_MEM_ACCESS_FLAGS_READWRITE,
        location: aclrtMemLocation {
            id: 1,
            type_: DEVICE,
        },
        rsv: [0; 12],
    };
    let desc = &raw mut access;
    assert_eq!(acl!(rig.aclrtSetDevice(1)), 0);
    let other = rig.malloc(8);
    assert_eq!(acl!(rig.aclrtMemcpy(other, 8, address, 8, D2D)), 107_000);
    assert_eq!(
        acl!(rig.aclrtMemSetAccess(address, PAGE / 2, desc, 1)),
        107_000
    );
    assert_eq!(
        acl!(rig.aclrtMemSetAccess(address, 2 * PAGE, desc, 1)),
        107_000
    );
    assert_eq!(acl!(rig.aclrtMemSetAccess(address, PAGE, desc, 0)), 100_000);
    assert_eq!(acl!(rig.aclrtMemSetAccess(address, PAGE, desc, 1)), 0);
    assert_eq!(acl!(rig.aclrtMemcpy(other, 8, address, 8, D2D)), 0);
    let mut flags = 0;
    for (device, expected) in [(0, 3), (1, 3)] {
        let mut location = aclrtMemLocation {
            id: device,
            type_: DEVICE,
        };
        let code = acl!(rig.aclrtMemGetAccess(address, &raw mut location, &raw mut flags));
        assert_eq!((code, flags), (0, expected));
    }
}

/// The device's copies do not break when memory is unmapped under them.
#[test]
fn unmapping_during_copies_is_no_crash() {
    let rig = Rig::new();
    let (address, memory) = (reserve(&rig, 1), physical(&rig, 1));
    let shared = [
        crate::common::Shared(address),
        crate::common::Shared(memory),
    ];
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let [address, memory] = shared.map(crate::common::Shared::raw);
            for _ in 0..200 {
                assert_eq!(map(&rig, address, 1, memory), 0);
                assert_eq!(acl!(rig.aclrtUnmapMem(address)), 0);
            }
        });
        scope.spawn(|| {
            assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
            let mut host = vec![0_u8; PAGE];
            for _ in 0..200 {
                let to: Raw = host.as_mut_ptr().cast();
                let code = acl!(rig.aclrtMemcpy(to, PAGE, shared[0].raw(), PAGE, D2H));
                assert!(matches!(code, 0 | 107_000));
            }
        });
    });
}

#[test]
fn boards_with_shared_memory_follow_mapped_addresses() {
    let rig = Rig::with(MockConfig::default().host_access(true));
    let (address, memory) = (reserve(&rig, 1), physical(&rig, 1));
    assert_eq!(map(&rig, address, 1, memory), 0);
    // SAFETY: 2 MiB are mapped there, and host and device share memory.
    unsafe { address.cast::<u8>().write_volatile(42) };
    assert_eq!(rig.download(address, 1), [42]);
}

/// D
#[test]
fn r_070_mapped_memory_is_lost_with_its_device() {
    let rig = Rig::new();
    let (address, memory) = (reserve(&rig, 1), physical(&rig, 1));
    assert_eq!(map(&rig, address, 1, memory), 0);
    assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    let mut byte = [0_u8];
    let to = byte.as_mut_ptr().cast();
    assert_eq!(acl!(rig.aclrtMemcpy(to, 1, address, 1, D2H)), 107_000);
    assert_eq!(acl!(rig.aclrtUnmapMem(address)), 107_000);
    assert_eq!(acl!(rig.aclrtFreePhysical(memory)), 0);
    let memory = physical(&rig, 1);
    assert_eq!(map(&rig, address, 1, memory), 0);
    rig.upload(address, &[1]);
    let (mut free, mut total) = (0, 0);
    let hbm = aclrtMemAttr::ACL_HBM_MEM;
    assert_eq!(
        acl!(rig.aclrtGetMemInfo(hbm, &raw mut free, &raw mut total)),
        0
    );
    assert_eq!(total - free, PAGE);
}

/// D
#[test]
fn r_070_physical_memory_of_a_reset_device_is_not_mapped_again() {
    let resets: [fn(&Rig) -> i32; 2] = [
        |rig| acl!(rig.aclrtResetDevice(0)),
        |rig| acl!(rig.aclrtResetDeviceForce(0)),
    ];
    for reset in resets {
        let rig = Rig::new();
        let (address, old) = (reserve(&rig, 2), physical(&rig, 1));
        let mut number = 0;
        let mut export = || {
            let kind = aclrtMemHandleType::ACL_MEM_HANDLE_TYPE_NONE;
            acl!(rig.aclrtMemExportToShareableHandle(old, kind, 1, &raw mut number))
        };
        assert_eq!(export(), 0);
        assert_eq!(reset(&rig), 0);
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
        // Has the pages that the old handle had.
        let new = physical(&rig, 1);
        assert_eq!(map(&rig, address, 1, new), 0);
        assert_eq!(map(&rig, at(address, PAGE), 1, old), 107_000);
        assert_eq!(export(), 107_000);
        let mut imported = NULL;
        let code = acl!(rig.aclrtMemImportFromShareableHandle(number, 0, &raw mut imported));
        assert_eq!(code, 107_000, "what was exported before is gone as well");
        assert_eq!(acl!(rig.aclrtFreePhysical(old)), 0);
        // The old handle takes nothing of the new device with it.
        let (mut free, mut total) = (0, 0);
        let hbm = aclrtMemAttr::ACL_HBM_MEM;
        let code = acl!(rig.aclrtGetMemInfo(hbm, &raw mut free, &raw mut total));
        assert_eq!((code, total - free), (0, PAGE));
        let other = physical(&rig, 1);
        assert_eq!(map(&rig, at(address, PAGE), 1, other), 0);
        rig.upload(address, &[1]);
        rig.upload(at(address, PAGE), &[2]);
        assert_eq!(rig.download(address, 1), [1]);
    }
}

/// D
#[test]
fn r_070_access_is_lost_with_what_was_mapped() {
    let rig = Rig::with(Rig::strict().devices(2));
    let (address, memory) = (reserve(&rig, 1), physical(&rig, 1));
    assert_eq!(map(&rig, address, 1, memory), 0);
    let desc = aclrtMemAccessDesc {
        flags: aclrtMemAccessFlags::ACL_RT_MEM_ACCESS_FLAGS_READWRITE,
        location: aclrtMemLocation {
            id: 1,
            type_: DEVICE,
        },
        rsv: [0; 12],
    };
    let mut pointer = desc;
    let place = &raw mut pointer;
    assert_eq!(acl!(rig.aclrtMemSetAccess(address, PAGE, place, 1)), 0);
    assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    let memory = physical(&rig, 1);
    assert_eq!(map(&rig, address, 1, memory), 0);
    let mut location = desc.location;
    let mut flags = 9;
    let place = &raw mut location;
    let code = acl!(rig.aclrtMemGetAccess(address, place, &raw mut flags));
    assert_eq!((code, flags), (0, 0));
}

/// What a device gave back is not followed as host memory.
#[test]
fn released_addresses_are_no_host_memory() {
    let rig = Rig::new();
    let address = reserve(&rig, 1);
    assert_eq!(acl!(rig.aclrtReleaseMemAddress(address)), 0);
    let mut bytes = [0_u8; 8];
    let host: Raw = bytes.as_mut_ptr().cast();
    for (to, from, kind) in [
        (host, address, D2H),
        (address, host, H2D),
        (host, at(address, PAGE - 8), H2H),
    ] {
        assert_eq!(acl!(rig.aclrtMemcpy(to, 8, from, 8, kind)), 107_000);
        let code = acl!(rig.aclrtMemcpyAsync(to, 8, from, 8, kind, NULL));
        assert_eq!(code, 107_000);
    }
    assert_eq!(acl!(rig.aclrtMemset(address, 8, 0, 8)), 107_000);
    // Nor are those of a device that ended.
    let block = rig.malloc(8);
    drop(rig);
    let rig = Rig::new();
    assert_eq!(acl!(rig.aclrtMemcpy(host, 8, block, 8, D2H)), 107_000);
}
