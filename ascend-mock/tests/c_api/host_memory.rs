//! Host memory that devices reach, and memory that is both. Rule numbers and certainty tags are
//! those of the behaviour reference.

use std::ptr;

use ascend_mock::{Kind, MockConfig};
use ascend_sys::{
    aclrtHostRegisterType, aclrtMemLocation, aclrtMemLocationType, aclrtMemManagedAdviseType,
    aclrtMemManagedLocation, aclrtMemManagedLocationType, aclrtPtrAttributes,
};

use crate::common::{D2D, D2H, H2D, H2H, NULL, Raw, Rig, at};

const MAPPED: aclrtHostRegisterType = aclrtHostRegisterType::ACL_HOST_REGISTER_MAPPED;

fn location(rig: &Rig, address: Raw) -> aclrtMemLocationType {
    let mut found = aclrtPtrAttributes {
        location: aclrtMemLocation {
            id: 9,
            type_: aclrtMemLocationType(9),
        },
        pageSize: 0,
        rsv: [0; 4],
    };
    assert_eq!(
        acl!(rig.aclrtPointerGetAttributes(address, &raw mut found)),
        0
    );
    found.location.type_
}

/// S
#[test]
fn r_192_registering_checks_its_arguments() {
    let rig = Rig::new();
    let mut memory = vec![0_u8; 8192];
    let host: Raw = memory.as_mut_ptr().cast();
    let mut device = NULL;
    let place = &raw mut device;
    assert_eq!(
        acl!(rig.aclrtHostRegister(NULL, 8192, MAPPED, place)),
        100_000
    );
    assert_eq!(
        acl!(rig.aclrtHostRegister(host, 8192, MAPPED, ptr::null_mut())),
        100_000
    );
    assert_eq!(acl!(rig.aclrtHostRegister(host, 0, MAPPED, place)), 100_000);
    let unknown = aclrtHostRegisterType(77);
    assert_eq!(
        acl!(rig.aclrtHostRegister(host, 8192, unknown, place)),
        207_000
    );
    assert_eq!(acl!(rig.aclrtHostRegister(host, 8192, MAPPED, place)), 0);
    assert_eq!(
        acl!(rig.aclrtHostRegister(host, 8192, MAPPED, place)),
        507_910
    );
    assert_eq!(acl!(rig.aclrtHostRegisterV2(at(host, 4096), 8, 2)), 507_910);
    assert_eq!(
        location(&rig, host),
        aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_HOST
    );
    assert_eq!(
        acl!(rig.aclrtFreeHost(host)),
        107_000,
        "it is not the runtime's to free"
    );
    assert_eq!(acl!(rig.aclrtHostUnregister(host)), 0);
}

/// S
#[test]
fn r_193_what_is_not_registered_is_507911() {
    let rig = Rig::new();
    let mut memory = vec![0_u8; 4096];
    let host: Raw = memory.as_mut_ptr().cast();
    let mut device = NULL;
    assert_eq!(acl!(rig.aclrtHostUnregister(NULL)), 100_000);
    assert_eq!(acl!(rig.aclrtHostUnregister(host)), 507_911);
    assert_eq!(acl!(rig.aclrtHostRegisterV2(host, 4096, 1)), 107_000);
    assert_eq!(acl!(rig.aclrtHostRegisterV2(host, 4096, 2)), 0);
    assert_eq!(
        acl!(rig.aclrtHostGetDevicePointer(host, &raw mut device, 1)),
        100_000
    );
    assert_eq!(
        acl!(rig.aclrtHostGetDevicePointer(host, &raw mut device, 0)),
        0
    );
    assert_eq!(acl!(rig.aclrtHostUnregister(at(host, 64))), 507_911);
    assert_eq!(acl!(rig.aclrtHostUnregister(host)), 0);
    assert_eq!(
        acl!(rig.aclrtHostGetDevicePointer(host, &raw mut device, 0)),
        507_911
    );
}

#[test]
fn registered_memory_is_page_locked_and_the_device_reaches_it() {
    let rig = Rig::with(MockConfig::default());
    let stream = made!(rig.aclrtCreateStream());
    let block = rig.malloc(64);
    let mut memory = vec![1_u8; 64];
    let host: Raw = memory.as_mut_ptr().cast();
    let mut device = NULL;
    assert_eq!(
        acl!(rig.aclrtHostRegister(host, 64, MAPPED, &raw mut device)),
        0
    );
    let gate = rig.block(stream);
    let code = acl!(rig.aclrtMemcpyAsync(block, 64, host, 64, H2D, stream));
    assert_eq!(code, 0, "returns although the stream is held up");
    // SAFETY: the memory is alive, and the stream does not read it yet.
    unsafe { host.cast::<u8>().write_bytes(2, 64) };
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(rig.download(block, 64), [2; 64]);
    assert_eq!(acl!(rig.aclrtMemset(device, 64, 9, 64)), 0);
    assert_eq!(acl!(rig.aclrtMemcpy(block, 64, device, 64, D2D)), 0);
    assert_eq!(rig.download(block, 64), [9; 64]);
    assert_eq!(acl!(rig.aclrtHostUnregister(host)), 0);
    assert_eq!(acl!(rig.aclrtMemset(device, 64, 9, 64)), 107_000);
}

/// S
#[test]
fn r_194_managed_memory_is_reached_by_host_and_device() {
    let rig = Rig::new();
    let mut address = NULL;
    let malloc = |place, size, flag| acl!(rig.aclrtMemAllocManaged(place, size, flag));
    assert_eq!(malloc(ptr::null_mut(), 8, 1), 100_000);
    assert_eq!(malloc(&raw mut address, 0, 1), 100_000);
    assert_eq!(malloc(&raw mut address, 8, 0), 100_000);
    assert_eq!(malloc(&raw mut address, 8, 2), 100_000);
    assert_eq!(malloc(&raw mut address, u64::MAX, 1), 207_001);
    assert_eq!(malloc(&raw mut address, 10_000, 1), 0);
    assert_eq!(
        location(&rig, address),
        aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_MANAGED
    );
    let mut other = [7_u8; 16];
    let plain: Raw = other.as_mut_ptr().cast();
    for kind in [H2D, D2D, H2H, D2H] {
        assert_eq!(acl!(rig.aclrtMemcpy(address, 16, plain, 16, kind)), 0);
    }
    // SAFETY: managed memory may be read by the host.
    let bytes = unsafe { address.cast::<[u8; 16]>().read_volatile() };
    assert_eq!(bytes, [7; 16]);
    let mut place = aclrtMemManagedLocation {
        type_: aclrtMemManagedLocationType::ACL_MEM_LOCATIONTYPE_DEVICE,
        id: 0,
    };
    let prefer = aclrtMemManagedAdviseType::ACL_MEM_ADVISE_SET_PREFERRED_LOCATION;
    assert_eq!(
        acl!(rig.aclrtMemManagedAdvise(address, 10_000, prefer, place)),
        0
    );
    assert_eq!(
        acl!(rig.aclrtMemManagedAdvise(address, 10_001, prefer, place)),
        107_000
    );
    assert_eq!(
        acl!(rig.aclrtMemManagedPrefetchAsync(address, 16, place, 0, NULL)),
        0
    );
    assert_eq!(
        acl!(rig.aclrtMemManagedPrefetchAsync(plain, 16, place, 0, NULL)),
        107_000
    );
    place.id = 5;
    assert_eq!(
        acl!(rig.aclrtMemManagedPrefetchAsync(address, 16, place, 0, NULL)),
        107_001
    );
    assert_eq!(acl!(rig.aclrtFree(address)), 0);
    assert_eq!(acl!(rig.aclrtFree(address)), 107_000);
}

#[test]
fn shared_buffers_have_data_an_area_for_the_user_and_chains() {
    let rig = Rig::new();
    let mut none = NULL;
    assert_eq!(acl!(rig.aclrtAllocBuf(ptr::null_mut(), 8)), 100_000);
    assert_eq!(acl!(rig.aclrtAllocBuf(&raw mut none, 0)), 100_000);
    let head = made!(rig.aclrtAllocBuf(100));
    let second = made!(rig.aclrtAllocBuf(50));
    let (mut data, mut size, mut length) = (NULL, 0, 7);
    assert_eq!(
        acl!(rig.aclrtGetBufData(head, &raw mut data, &raw mut size)),
        0
    );
    assert_eq!(size, 100);
    // SAFETY: the data has 100 bytes that the host reaches.
    unsafe { data.cast::<u8>().write_bytes(3, 100) };
    assert_eq!(acl!(rig.aclrtFree(data)), 107_000);
    assert_eq!(acl!(rig.aclrtSetBufDataLen(head, 101)), 100_000);
    assert_eq!(acl!(rig.aclrtSetBufDataLen(head, 60)), 0);
    let mut reference = NULL;
    assert_eq!(acl!(rig.aclrtCopyBufRef(head, &raw mut reference)), 0);
    assert_eq!(acl!(rig.aclrtGetBufDataLen(reference, &raw mut length)), 0);
    assert_eq!(length, 60);
    let (from, mut to) = ([1_u8, 2, 3], [0_u8; 3]);
    let set =
        |size, offset| acl!(rig.aclrtSetBufUserData(head, from.as_ptr().cast(), size, offset));
    assert_eq!((set(3, 94), set(3, usize::MAX)), (100_000, 100_000));
    assert_eq!(set(3, 93), 0);
    let place = to.as_mut_ptr().cast();
    assert_eq!(acl!(rig.aclrtGetBufUserData(reference, place, 3, 93)), 0);
    assert_eq!(to, from);
    assert_eq!(acl!(rig.aclrtAppendBufChain(head, head)), 100_000);
    assert_eq!(acl!(rig.aclrtAppendBufChain(head, second)), 0);
    assert_eq!(acl!(rig.aclrtAppendBufChain(head, second)), 100_000);
    let (mut count, mut found) = (0, NULL);
    assert_eq!(acl!(rig.aclrtGetBufChainNum(head, &raw mut count)), 0);
    assert_eq!(count, 2);
    assert_eq!(acl!(rig.aclrtGetBufFromChain(head, 1, &raw mut found)), 0);
    assert_eq!(found, second);
    let missing = acl!(rig.aclrtGetBufFromChain(head, 2, &raw mut found));
    assert_eq!(missing, 100_000);
    let freed = acl!(rig.aclrtFreeBuf(second));
    assert_eq!(freed, 100_000, "its head frees it");
    let (mut chained, mut size) = (NULL, 0);
    let code = acl!(rig.aclrtGetBufData(second, &raw mut chained, &raw mut size));
    assert_eq!((code, size), (0, 50));
    assert_eq!(acl!(rig.aclrtFreeBuf(head)), 0);
    assert_eq!(acl!(rig.aclrtFreeBuf(second)), 107_017);
    assert_eq!(
        rig.download(at(data, 98), 2),
        [3; 2],
        "the reference keeps the data"
    );
    let to = from.as_ptr().cast_mut().cast();
    for gone in [chained, at(chained, 48)] {
        assert_eq!(acl!(rig.aclrtMemcpy(to, 2, gone, 2, D2H)), 107_000);
    }
    assert_eq!(acl!(rig.aclrtFreeBuf(reference)), 0);
    assert_eq!(acl!(rig.aclrtMemcpy(to, 2, data, 2, D2H)), 107_000);
    assert_eq!(rig.lease.ledger().count(Kind::SharedBuffer), 0);
    assert_eq!(rig.lease.ledger().count(Kind::DeviceBlock), 0);
}

#[test]
fn shared_buffers_are_reached_by_host_and_device() {
    let rig = Rig::new();
    let buffer = made!(rig.aclrtAllocBuf(64));
    let (mut data, mut size) = (NULL, 0);
    let code = acl!(rig.aclrtGetBufData(buffer, &raw mut data, &raw mut size));
    assert_eq!((code, size), (0, 64));
    let (block, stream) = (rig.malloc(64), made!(rig.aclrtCreateStream()));
    rig.upload(block, &[5; 64]);
    assert_eq!(acl!(rig.aclrtMemcpy(data, 64, block, 64, D2D)), 0);
    // SAFETY: the data has 64 bytes that the host reaches.
    assert_eq!(unsafe { data.cast::<[u8; 64]>().read() }, [5; 64]);
    rig.upload(data, &[6; 32]);
    assert_eq!(rig.download(data, 64)[30..34], [6, 6, 5, 5]);
    // SAFETY: as above; no work uses the data.
    unsafe { data.cast::<u8>().write_bytes(7, 64) };
    let code = acl!(rig.aclrtMemcpyAsync(block, 64, data, 64, D2D, stream));
    assert_eq!((code, rig.synchronize(stream)), (0, 0));
    assert_eq!(rig.download(block, 64), [7; 64]);
    let pinned = rig.pinned(64);
    pinned.fill(8);
    let code = acl!(rig.aclrtMemcpyAsync(data, 64, pinned.as_ptr().cast(), 64, H2D, stream));
    assert_eq!((code, rig.synchronize(stream)), (0, 0));
    let code = acl!(rig.aclrtMemcpyAsync(block, 64, data, 65, D2D, stream));
    assert_eq!(code, 107_000);
    let to = pinned.as_mut_ptr().cast();
    assert_eq!(acl!(rig.aclrtMemcpy(to, 64, at(data, 1), 64, D2H)), 107_000);
    // SAFETY: as above; the stream is done.
    assert_eq!(unsafe { data.cast::<[u8; 64]>().read() }, [8; 64]);
    assert_eq!(acl!(rig.aclrtFreeBuf(buffer)), 0);
    assert_eq!(acl!(rig.aclrtMemset(data, 64, 0, 64)), 107_000);
}

/// What a device gave back is not followed as host memory.
#[test]
fn r_183_freed_managed_memory_is_no_host_memory() {
    let rig = Rig::new();
    let mut address = NULL;
    // More than strict mode keeps of what was freed.
    let bytes = 512 << 20;
    assert_eq!(
        acl!(rig.aclrtMemAllocManaged(&raw mut address, bytes, 1)),
        0
    );
    rig.upload(address, &[1; 8]);
    assert_eq!(acl!(rig.aclrtFree(address)), 0);
    let mut host = [0_u8; 8];
    let host: Raw = host.as_mut_ptr().cast();
    let end = at(address, (512 << 20) - 8);
    for (to, from, kind) in [(host, address, D2H), (address, host, H2D), (host, end, H2H)] {
        assert_eq!(acl!(rig.aclrtMemcpy(to, 8, from, 8, kind)), 107_000);
        let code = acl!(rig.aclrtMemcpyAsync(to, 8, from, 8, kind, NULL));
        assert_eq!(code, 107_000);
    }
    assert_eq!(acl!(rig.aclrtMemset(address, 8, 0, 8)), 107_000);
    assert_eq!(acl!(rig.aclrtFree(address)), 107_000);
    assert_eq!(acl!(rig.aclrtFreeHost(address)), 107_000);
}
