//! Device memory and page-locked memory. Rule numbers and certainty tags are those of the
//! behaviour reference.

use std::env;
use std::mem::MaybeUninit;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::ptr;

use ascend_mock::{Kind, Mistake, MockConfig};
use ascend_sys::{
    aclrtMallocAttrType, aclrtMallocAttrValue, aclrtMallocAttribute, aclrtMallocConfig,
    aclrtMemAttr, aclrtMemLocation, aclrtMemLocationType, aclrtMemMallocPolicy, aclrtMemUsageInfo,
    aclrtPtrAttributes, aclrtRunMode,
};

use crate::common::{NULL, POLICY, Raw, Rig, at};

/// SD
#[test]
fn r_173_malloc_checks_arguments_before_the_context() {
    let rig = Rig::bare(MockConfig::default());
    let mut address = NULL;
    assert_eq!(acl!(rig.aclrtMalloc(ptr::null_mut(), 8, POLICY)), 100_000);
    assert_eq!(acl!(rig.aclrtMalloc(&raw mut address, 0, POLICY)), 100_000);
    assert_eq!(acl!(rig.aclrtMalloc(&raw mut address, 8, POLICY)), 107_002);
}

/// S
#[test]
fn r_174_malloc_reserves_a_multiple_of_32_and_32_more() {
    let rig = Rig::new();
    rig.malloc(33);
    assert_eq!(free_and_total(&rig), ((8 << 30) - 96, 8 << 30));
    let mut address = NULL;
    for bytes in [usize::MAX, usize::MAX - 40] {
        let code = acl!(rig.aclrtMalloc(&raw mut address, bytes, POLICY));
        assert_eq!(code, 100_000, "{bytes} bytes");
    }
}

/// S
#[test]
fn r_175_malloc_align32_has_no_padding() {
    let rig = Rig::new();
    made!(rig.aclrtMallocAlign32(33, POLICY));
    made!(rig.aclrtMallocCached(32, POLICY));
    assert_eq!(free_and_total(&rig).0, (8 << 30) - 64 - 64);
}

/// D, and stricter: the device gives 512.
#[test]
fn r_176_device_addresses_are_aligned_and_apart() {
    let rig = Rig::new();
    let addresses: Vec<usize> = (0..20).map(|bytes| rig.malloc(bytes + 1).addr()).collect();
    for (index, address) in addresses.iter().enumerate() {
        assert_eq!(address % 512, 0);
        let end = address + index + 1;
        let is_apart = |other: &usize| other <= address || *other > end;
        assert!(addresses.iter().all(is_apart), "blocks do not touch");
    }
    let exact = made!(rig.aclrtMallocAlign32(512, POLICY)).addr();
    let next = made!(rig.aclrtMallocAlign32(512, POLICY)).addr();
    assert_ne!(exact + 512, next);
}

#[test]
fn freed_memory_is_used_again() {
    let rig = Rig::with(MockConfig::default().memory_bytes(1 << 20));
    let first = rig.malloc(700);
    assert_eq!(acl!(rig.aclrtFree(first)), 0);
    for _ in 0..100_000 {
        let block = rig.malloc(700);
        assert_eq!(block, first);
        assert_eq!(acl!(rig.aclrtFree(block)), 0);
    }
    // Pieces become one again.
    let pieces: Vec<Raw> = (0..1000).map(|_| rig.malloc(900)).collect();
    for piece in pieces
        .iter()
        .step_by(2)
        .chain(pieces.iter().skip(1).step_by(2))
    {
        assert_eq!(acl!(rig.aclrtFree(*piece)), 0);
    }
    assert_eq!(rig.malloc((1 << 20) - 32), first);
}

/// SD: the CPU device has pages of one size, so that every policy finds memory.
#[test]
fn r_177_every_policy_gives_memory() {
    let rig = Rig::new();
    for policy in [0, 1, 2, 3, 4, 5, 6, 7, 256, 4096, 1 << 20, 77] {
        let policy = aclrtMemMallocPolicy(policy);
        let block = made!(rig.aclrtMalloc(3 << 20, policy));
        rig.upload(block, &[1]);
    }
}

/// SD
#[test]
fn r_179_running_out_of_memory_is_207001() {
    let rig = Rig::with(MockConfig::default().memory_bytes(4096));
    let first = rig.malloc(4000);
    let mut address = NULL;
    for bytes in [64, 1 << 40, usize::MAX / 2 - 100] {
        let code = acl!(rig.aclrtMalloc(&raw mut address, bytes, POLICY));
        assert_eq!(code, 207_001, "{bytes} bytes");
    }
    assert!(rig.message().unwrap().contains("bytes left"));
    assert_eq!(acl!(rig.aclrtFree(first)), 0);
    rig.malloc(64);
    // Capacity that the host does not have is found out too, without an abort.
    let huge = Rig::with(MockConfig::default().memory_bytes(u64::MAX));
    let code = acl!(huge.aclrtMalloc(&raw mut address, usize::MAX / 2 - 100, POLICY));
    assert_eq!(code, 207_001);
}

/// SD
#[test]
fn r_181_free_of_null_is_100000() {
    let rig = Rig::new();
    assert_eq!(acl!(rig.aclrtFree(NULL)), 100_000);
}

/// SD
#[test]
fn r_182_free_needs_no_context_and_does_not_wait() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let (block, source) = (rig.malloc(16), rig.malloc(16));
    let gate = rig.block(stream);
    let copy = acl!(rig.aclrtMemcpyAsync(block, 16, source, 16, crate::common::D2D, stream));
    assert_eq!(copy, 0);
    let block = crate::common::Shared(block);
    let code = rig.elsewhere(|rig| acl!(rig.aclrtFree(block.raw())));
    assert_eq!(code, 0);
    rig.open(gate);
    // The copy met freed memory; hardware may or may not notice.
    assert_eq!(rig.synchronize(stream), 507_013);
}

/// I
#[test]
fn r_183_double_free_and_foreign_addresses_are_refused() {
    let rig = Rig::new();
    let block = rig.malloc(16);
    assert_eq!(acl!(rig.aclrtFree(block)), 0);
    assert_eq!(acl!(rig.aclrtFree(block)), 107_000);
    let mut local = 0_u64;
    assert_eq!(acl!(rig.aclrtFree((&raw mut local).cast())), 107_000);
}

/// I
#[test]
fn r_184_free_takes_the_start_of_a_block_only() {
    let rig = Rig::new();
    let block = rig.malloc(1024);
    assert_eq!(acl!(rig.aclrtFree(at(block, 512))), 107_000);
    assert!(rig.message().unwrap().contains("within a block"));
    assert_eq!(acl!(rig.aclrtFree(block)), 0);
}

/// SD
#[test]
fn r_186_pinned_memory_needs_a_context_and_a_size() {
    let rig = Rig::bare(MockConfig::default());
    let mut address = NULL;
    assert_eq!(acl!(rig.aclrtMallocHost(&raw mut address, 0)), 100_000);
    assert_eq!(acl!(rig.aclrtMallocHost(ptr::null_mut(), 8)), 100_000);
    assert_eq!(acl!(rig.aclrtMallocHost(&raw mut address, 8)), 107_002);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    let code = acl!(rig.aclrtMallocHost(&raw mut address, usize::MAX - 40));
    assert_eq!(code, 207_001);
    let block = rig.pinned(100);
    assert_eq!(block.as_ptr().addr() % 64, 0);
    block.fill(3);
}

/// S
#[test]
fn r_187_free_host_refuses_null_and_device_memory() {
    let rig = Rig::new();
    let device = rig.malloc(16);
    assert_eq!(acl!(rig.aclrtFreeHost(NULL)), 100_000);
    assert_eq!(acl!(rig.aclrtFreeHost(device)), 107_000);
    let host = crate::common::Shared(rig.pinned(16).as_mut_ptr().cast());
    let code = rig.elsewhere(|rig| acl!(rig.aclrtFreeHost(host.raw())));
    assert_eq!(code, 0);
    assert_eq!(acl!(rig.aclrtFreeHost(host.raw())), 107_000);
}

/// S
#[test]
fn r_188_free_takes_pinned_memory() {
    let rig = Rig::with(MockConfig::default());
    let host: Raw = rig.pinned(16).as_mut_ptr().cast();
    assert_eq!(acl!(rig.aclrtFree(host)), 0);
    assert_eq!(acl!(rig.aclrtFreeHost(host)), 107_000);
    assert_eq!(rig.lease.ledger().count(Kind::PinnedBlock), 0);
}

/// S, and stricter.
#[test]
fn r_188_strict_mode_refuses_to_free_pinned_memory() {
    let rig = Rig::with(MockConfig::default().strict(true));
    let host: Raw = rig.pinned(16).as_mut_ptr().cast();
    assert_eq!(acl!(rig.aclrtFree(host)), 107_000);
    assert!(rig.message().unwrap().contains("aclrtFreeHost"));
    let device = rig.malloc(1024);
    assert_eq!(acl!(rig.aclrtFreeHost(device)), 107_000);
    assert_eq!(acl!(rig.aclrtFree(at(device, 512))), 107_000);
    assert_eq!(acl!(rig.aclrtFreeHost(host)), 0);
    let found = rig.lease.findings();
    let made_by: Vec<_> = found
        .iter()
        .map(|found| found.made_by.unwrap().symbol)
        .collect();
    assert_eq!(made_by, ["aclrtMallocHost", "aclrtMalloc", "aclrtMalloc"]);
    assert!(
        found
            .iter()
            .all(|found| found.mistake == Mistake::WrongFree)
    );
}

#[test]
fn strict_mode_finds_use_after_free_with_who_made_and_freed_the_block() {
    let rig = Rig::with(MockConfig::default().strict(true));
    let block = rig.malloc(1000);
    assert_eq!(acl!(rig.aclrtFree(block)), 0);
    assert_ne!(rig.malloc(1000), block, "freed addresses rest for a while");
    let mut host = [0_u8; 8];
    let to: Raw = host.as_mut_ptr().cast();
    assert_eq!(
        acl!(rig.aclrtMemcpy(to, 8, at(block, 900), 8, crate::common::D2H)),
        107_000
    );
    assert_eq!(acl!(rig.aclrtFree(block)), 107_000);
    let found = rig.lease.findings();
    assert_eq!(found.len(), 2, "{found:?}");
    for (found, by) in found.iter().zip(["aclrtMemcpy", "aclrtFree"]) {
        assert_eq!(found.mistake, Mistake::UseAfterFree);
        assert_eq!(found.found_by.symbol, by);
        assert_eq!(found.made_by.unwrap().symbol, "aclrtMalloc");
        assert!(
            found.text.contains("was freed by aclrtFree, call 4"),
            "{found}"
        );
    }
    // When there is nothing else, freed addresses are given out again.
    let small = Rig::with(MockConfig::default().strict(true).memory_bytes(64 << 20));
    for _ in 0..8 {
        let block = small.malloc(60 << 20);
        assert_eq!(acl!(small.aclrtFree(block)), 0);
    }
}

#[test]
fn freed_memory_is_patterned_in_strict_mode() {
    let rig = Rig::with(MockConfig::default().strict(true).host_access(true));
    let block = rig.malloc(64);
    assert_eq!(acl!(rig.aclrtMemset(block, 64, 1, 64)), 0);
    assert_eq!(acl!(rig.aclrtFree(block)), 0);
    // SAFETY: the range of addresses stays mapped; the host shares the device's memory.
    let bytes = unsafe { block.cast::<[u8; 64]>().read_volatile() };
    assert_eq!(bytes, [0xDD; 64]);
}

#[test]
fn boards_with_shared_memory_let_the_host_follow_addresses() {
    let rig = Rig::with(MockConfig::default().host_access(true));
    let mut mode = aclrtRunMode::ACL_HOST;
    assert_eq!(acl!(rig.aclrtGetRunMode(&raw mut mode)), 0);
    assert_eq!(mode, aclrtRunMode::ACL_DEVICE);
    let block = rig.malloc(4096);
    // SAFETY: the block has 4096 bytes, and host and device share memory.
    let bytes = unsafe { std::slice::from_raw_parts_mut(block.cast::<u8>(), 4096) };
    bytes.fill(7);
    assert_eq!(rig.download(at(block, 4000), 96), [7; 96]);
    rig.upload(block, &[8; 9]);
    assert_eq!(bytes[8..10], [8, 7]);
}

/// S
#[test]
fn r_189_memory_info() {
    let rig = Rig::bare(MockConfig::default());
    let (mut free, mut total) = (0, 0);
    let (hbm, unknown) = (aclrtMemAttr::ACL_HBM_MEM, aclrtMemAttr(77));
    let null = ptr::null_mut();
    assert_eq!(
        acl!(rig.aclrtGetMemInfo(hbm, null, &raw mut total)),
        100_000
    );
    assert_eq!(acl!(rig.aclrtGetMemInfo(hbm, &raw mut free, null)), 100_000);
    let code = acl!(rig.aclrtGetMemInfo(unknown, &raw mut free, &raw mut total));
    assert_eq!(code, 107_016);
    let code = acl!(rig.aclrtGetMemInfo(hbm, &raw mut free, &raw mut total));
    assert_eq!(code, 107_002);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    for attribute in 0..18 {
        let attribute = aclrtMemAttr(attribute);
        let code = acl!(rig.aclrtGetMemInfo(attribute, &raw mut free, &raw mut total));
        assert_eq!((code, free, total), (0, 8 << 30, 8 << 30));
    }
}

/// SD
#[test]
fn r_190_pointer_attributes_tell_device_pinned_and_pageable_memory() {
    let rig = Rig::with(MockConfig::default().devices(2));
    assert_eq!(acl!(rig.aclrtSetDevice(1)), 0);
    let device = rig.malloc(100);
    let pinned: Raw = rig.pinned(100).as_mut_ptr().cast();
    let mut local = 0_u8;
    let cases = [
        (
            at(device, 99),
            1,
            aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_DEVICE,
        ),
        (
            at(pinned, 99),
            0,
            aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_HOST,
        ),
        (
            (&raw mut local).cast(),
            0,
            aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_UNREGISTERED,
        ),
    ];
    for (address, id, kind) in cases {
        let mut found = aclrtPtrAttributes {
            location: aclrtMemLocation {
                id: 9,
                type_: aclrtMemLocationType(9),
            },
            pageSize: 0,
            rsv: [0; 4],
        };
        let code = acl!(rig.aclrtPointerGetAttributes(address, &raw mut found));
        assert_eq!(
            (code, found.location.id, found.location.type_),
            (0, id, kind)
        );
    }
    let code = acl!(rig.aclrtPointerGetAttributes(device, ptr::null_mut()));
    assert_eq!(code, 100_000);
}

/// D
#[test]
fn r_070_memory_is_lost_with_its_device() {
    let rig = Rig::new();
    let block = rig.malloc(16);
    assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
    assert_eq!(rig.lease.ledger().count(Kind::DeviceBlock), 1);
    assert_eq!(acl!(rig.aclrtFree(block)), 107_000);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    let mut host = [0_u8; 16];
    let code = acl!(rig.aclrtMemcpy(host.as_mut_ptr().cast(), 16, block, 16, crate::common::D2H));
    assert_eq!(code, 107_000);
}

#[test]
fn the_ledger_knows_who_took_what() {
    let rig = Rig::new();
    let block = rig.malloc(1000);
    rig.pinned(10);
    let ledger = rig.lease.ledger();
    assert_eq!(ledger.count(Kind::DeviceReference), 1);
    assert_eq!(ledger.bytes(Kind::DeviceBlock), 1000);
    assert_eq!(ledger.bytes(Kind::PinnedBlock), 10);
    let text = ledger.to_string();
    assert!(
        text.contains("device block of aclrtMalloc, call 3, 1000 bytes"),
        "{text}"
    );
    assert_eq!(acl!(rig.aclrtFree(block)), 0);
    assert_eq!(rig.lease.ledger().count(Kind::DeviceBlock), 0);
}

/// The host cannot follow a device address: the process dies by SIGSEGV.
#[test]
fn device_memory_faults_on_the_host() {
    const CHILD: &str = "ASCEND_MOCK_TEST_TOUCHES_DEVICE_MEMORY";
    if env::var_os(CHILD).is_some() {
        let rig = Rig::new();
        let block = rig.malloc(16);
        // SAFETY: none, which is what the parent looks at.
        unsafe { block.cast::<u8>().write_volatile(1) };
        return;
    }
    let status = Command::new(env::current_exe().unwrap())
        .args(["--exact", "memory::device_memory_faults_on_the_host"])
        .env(CHILD, "1")
        .output()
        .unwrap()
        .status;
    assert_eq!(status.signal(), Some(11), "{status}");
}

fn free_and_total(rig: &Rig) -> (usize, usize) {
    let (mut free, mut total) = (0, 0);
    let hbm = aclrtMemAttr::ACL_HBM_MEM;
    let code = acl!(rig.aclrtGetMemInfo(hbm, &raw mut free, &raw mut total));
    assert_eq!(code, 0);
    (free, total)
}

/// S
#[test]
fn r_175_attributes_of_allocations() {
    let rig = Rig::new();
    let mut attribute = aclrtMallocAttribute {
        attr: aclrtMallocAttrType::ACL_RT_MEM_ATTR_MODULE_ID,
        value: aclrtMallocAttrValue { moduleId: 33 },
    };
    let mut config = aclrtMallocConfig {
        attrs: &raw mut attribute,
        numAttrs: 1,
    };
    let mut address = NULL;
    let place = &raw mut address;
    let without = ptr::null_mut();
    assert_eq!(acl!(rig.aclrtMallocWithCfg(place, 40, POLICY, without)), 0);
    assert_eq!(free_and_total(&rig).0, (8 << 30) - 40, "no rounding");
    assert_eq!(
        acl!(rig.aclrtMallocWithCfg(place, 40, POLICY, &raw mut config)),
        0
    );
    let code = acl!(rig.aclrtMallocHostWithCfg(place, 40, &raw mut config));
    assert_eq!(code, 0);
    config.attrs = ptr::null_mut();
    assert_eq!(
        acl!(rig.aclrtMallocWithCfg(place, 40, POLICY, &raw mut config)),
        100_000
    );
    attribute.attr = aclrtMallocAttrType(77);
    config.attrs = &raw mut attribute;
    assert_eq!(
        acl!(rig.aclrtMallocWithCfg(place, 40, POLICY, &raw mut config)),
        100_000
    );
}

/// S
#[test]
fn r_180_boards_with_shared_memory_have_none_for_peers() {
    let policy = aclrtMemMallocPolicy::ACL_MEM_MALLOC_NORMAL_ONLY_P2P;
    let mut address = NULL;
    let host = Rig::new();
    assert_eq!(acl!(host.aclrtMalloc(&raw mut address, 8, policy)), 0);
    let board = Rig::with(MockConfig::default().host_access(true));
    assert_eq!(
        acl!(board.aclrtMalloc(&raw mut address, 8, policy)),
        207_000
    );
}

/// S
#[test]
fn r_185_free_with_synchronisation_waits_for_the_work() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let (block, target) = (rig.malloc(64), rig.malloc(64));
    assert_eq!(acl!(rig.aclrtFreeWithDevSync(NULL)), 100_000);
    assert_eq!(acl!(rig.aclrtMemset(block, 64, 4, 64)), 0);
    let gate = rig.block(stream);
    let copy = acl!(rig.aclrtMemcpyAsync(target, 64, block, 64, crate::common::D2D, stream));
    assert_eq!(copy, 0);
    rig.open(gate);
    assert_eq!(acl!(rig.aclrtFreeWithDevSync(block)), 0);
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(rig.download(target, 64), [4; 64]);
    let host: Raw = rig.pinned(16).as_mut_ptr().cast();
    assert_eq!(acl!(rig.aclrtFreeHostWithDevSync(host)), 0);
}

/// D
#[test]
fn r_191_address_ranges() {
    let rig = Rig::new();
    let device = rig.malloc(1000);
    let pinned: Raw = rig.pinned(500).as_mut_ptr().cast();
    let (mut base, mut bytes) = (NULL, 0);
    for (start, size) in [(device, 1000), (pinned, 500)] {
        let inside = at(start, 77);
        let code = acl!(rig.aclrtMemGetAddressRange(inside, &raw mut base, &raw mut bytes));
        assert_eq!((code, base, bytes), (0, start, size));
    }
    let local = (&raw mut bytes).cast();
    let code = acl!(rig.aclrtMemGetAddressRange(local, &raw mut base, &raw mut bytes));
    assert_eq!(code, 107_000);
}

#[test]
fn usage_has_a_peak() {
    let rig = Rig::new();
    let block = rig.malloc(992);
    assert_eq!(acl!(rig.aclrtFree(block)), 0);
    rig.malloc(32);
    // SAFETY: the fields are numbers.
    let mut info: aclrtMemUsageInfo = unsafe { MaybeUninit::zeroed().assume_init() };
    let mut count = 0;
    let code = acl!(rig.aclrtGetMemUsageInfo(0, &raw mut info, 1, &raw mut count));
    assert_eq!((code, count), (0, 1));
    assert_eq!((info.curMemSize, info.memPeakSize), (64, 1024));
    let code = acl!(rig.aclrtGetMemUsageInfo(3, &raw mut info, 1, &raw mut count));
    assert_eq!(code, 107_001);
}

#[test]
fn blocks_of_many_threads_do_not_meet() {
    let rig = Rig::with(MockConfig::default().memory_bytes(8 << 20));
    let work = |seed: usize| {
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
        for round in 0..500 {
            let bytes = 1 + (seed * 7919 + round * 104_729) % 50_000;
            let value = u8::try_from((seed + round) % 251).unwrap();
            let block = rig.malloc(bytes);
            assert_eq!(acl!(rig.aclrtMemset(block, bytes, value.into(), bytes)), 0);
            assert_eq!(rig.download(block, bytes), vec![value; bytes]);
            assert_eq!(acl!(rig.aclrtFree(block)), 0);
        }
    };
    std::thread::scope(|scope| {
        let work = &work;
        for seed in 1..5 {
            scope.spawn(move || work(seed));
        }
    });
    assert_eq!(free_and_total(&rig), (8 << 20, 8 << 20));
}
