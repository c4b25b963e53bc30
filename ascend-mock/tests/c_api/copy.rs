//! Copies and fills, blocking and in streams.

use std::ffi::c_void;
use std::ptr;

use ascend_mock::{Mistake, MockConfig};
use ascend_sys::{
    aclError, aclrtCmoType, aclrtMemLocation, aclrtMemLocationType, aclrtMemcpyBatchAttr,
    aclrtMemcpyKind,
};

use crate::common::{D2D, D2H, H2D, H2H, NULL, Raw, Rig, Shared, at};

const DEFAULT: aclrtMemcpyKind = aclrtMemcpyKind::ACL_MEMCPY_DEFAULT;
const STAGED: aclrtMemcpyKind = aclrtMemcpyKind::ACL_MEMCPY_HOST_TO_BUF_TO_DEVICE;

fn copy(
    rig: &Rig,
    to: Raw,
    room: usize,
    from: Raw,
    bytes: usize,
    kind: aclrtMemcpyKind,
) -> aclError {
    acl!(rig.aclrtMemcpy(to, room, from, bytes, kind))
}

fn queue(rig: &Rig, to: Raw, from: Raw, kind: aclrtMemcpyKind, stream: Raw) -> aclError {
    acl!(rig.aclrtMemcpyAsync(to, 8, from, 8, kind, stream))
}

/// S
#[test]
fn r_196_nothing_to_copy_is_success_before_any_check() {
    let rig = Rig::bare(MockConfig::default());
    assert_eq!(copy(&rig, NULL, 0, NULL, 0, aclrtMemcpyKind(99)), 0);
    assert_eq!(queue(&rig, NULL, NULL, D2D, NULL), 100_000);
    let code = acl!(rig.aclrtMemcpyAsync(NULL, 0, NULL, 0, D2D, NULL));
    assert_eq!(code, 0);
}

/// S
#[test]
fn r_197_null_and_unknown_kinds_are_100000() {
    let rig = Rig::new();
    let (device, mut host) = (rig.malloc(8), [0_u8; 8]);
    let host: Raw = host.as_mut_ptr().cast();
    assert_eq!(copy(&rig, NULL, 8, host, 8, H2D), 100_000);
    assert_eq!(copy(&rig, device, 8, NULL, 8, H2D), 100_000);
    for kind in [6, 7, 8, 99] {
        assert_eq!(
            copy(&rig, device, 8, host, 8, aclrtMemcpyKind(kind)),
            100_000
        );
    }
}

/// SD
#[test]
fn r_198_more_than_the_destination_has_is_107000() {
    let rig = Rig::new();
    let (device, mut host) = (rig.malloc(8), [0_u8; 8]);
    let host: Raw = host.as_mut_ptr().cast();
    assert_eq!(copy(&rig, device, 7, host, 8, H2D), 107_000);
    assert_eq!(copy(&rig, device, 0, host, 8, H2D), 107_000);
}

/// S
#[test]
fn r_199_a_copy_onto_itself_does_nothing() {
    let rig = Rig::new();
    let device = rig.malloc(8);
    assert_eq!(copy(&rig, device, 8, device, 8, H2H), 0);
}

/// S
#[test]
fn r_200_every_copy_needs_a_context() {
    let rig = Rig::bare(MockConfig::default());
    let (mut from, mut to) = ([1_u8; 8], [0_u8; 8]);
    let (from, to): (Raw, Raw) = (from.as_mut_ptr().cast(), to.as_mut_ptr().cast());
    assert_eq!(copy(&rig, to, 8, from, 8, H2H), 107_002);
}

/// SD
#[test]
fn r_201_all_directions_copy() {
    let rig = Rig::new();
    let data: Vec<u8> = (0..200).collect();
    let (one, two) = (rig.malloc(300), rig.malloc(300));
    for kind in [H2D, STAGED, DEFAULT] {
        let from = data.as_ptr().cast::<c_void>().cast_mut();
        assert_eq!(copy(&rig, at(one, 100), 200, from, 200, kind), 0);
        assert_eq!(copy(&rig, at(two, 50), 250, at(one, 100), 200, D2D), 0);
        assert_eq!(rig.download(at(two, 50), 200), data);
        // Within one block, overlapping.
        assert_eq!(copy(&rig, at(two, 51), 249, at(two, 50), 200, DEFAULT), 0);
        assert_eq!(rig.download(at(two, 51), 200), data);
        assert_eq!(copy(&rig, one, 300, two, 300, D2D), 0);
    }
    let mut host = [0_u8; 200];
    let (to, from) = (
        host.as_mut_ptr().cast(),
        data.as_ptr().cast::<c_void>().cast_mut(),
    );
    assert_eq!(copy(&rig, to, 200, from, 200, H2H), 0);
    assert_eq!(host[..], data[..]);
}

/// SD
#[test]
fn r_201_a_blocking_copy_goes_by_the_addresses() {
    let rig = Rig::with(MockConfig::default());
    let (device, other) = (rig.malloc(8), rig.malloc(8));
    let pinned: Raw = rig.pinned(8).as_mut_ptr().cast();
    let mut local = [0_u8; 8];
    let pageable: Raw = local.as_mut_ptr().cast();
    let ends = [device, other, pinned, pageable];
    for (value, kind) in [H2H, H2D, D2H, D2D, DEFAULT, STAGED]
        .into_iter()
        .enumerate()
    {
        for to in ends {
            for from in ends {
                rig.upload(device, &[u8::try_from(value).unwrap(); 8]);
                for end in [other, pinned, pageable] {
                    assert_eq!(copy(&rig, end, 8, device, 8, DEFAULT), 0);
                }
                assert_eq!(copy(&rig, to, 8, from, 8, kind), 0, "{kind:?}");
                assert_eq!(copy(&rig, device, 8, to, 8, DEFAULT), 0);
                assert_eq!(rig.download(device, 8), [u8::try_from(value).unwrap(); 8]);
            }
        }
    }
}

/// S
#[test]
fn r_205_a_stream_corrects_the_kinds_of_some_pairs() {
    let rig = Rig::with(MockConfig::default());
    let (device, other) = (rig.malloc(8), rig.malloc(8));
    let [pinned, second]: [Raw; 2] =
        [rig.pinned(8), rig.pinned(8)].map(|block| block.as_mut_ptr().cast());
    let (mut one, mut two) = ([0_u8; 8], [0_u8; 8]);
    let [pageable, plain]: [Raw; 2] = [one.as_mut_ptr().cast(), two.as_mut_ptr().cast()];
    let stream = made!(rig.aclrtCreateStream());
    let all = [H2H, H2D, D2H, D2D];
    let cases: [(Raw, Raw, &[_]); 9] = [
        (device, pinned, &all),
        (pinned, device, &all),
        (pageable, device, &[D2H, D2D]),
        (device, pageable, &[H2D, D2D]),
        (pageable, pinned, &[H2H, H2D, D2H]),
        (pinned, pageable, &[H2H, H2D, D2H]),
        (pageable, plain, &all),
        (device, other, &[D2D]),
        (pinned, second, &[]),
    ];
    for (to, from, taken) in cases {
        for kind in all {
            let code = queue(&rig, to, from, kind, stream);
            match code {
                0 => assert!(taken.contains(&kind), "{kind:?}"),
                207_000 => assert_eq!((to, from, kind), (pinned, second, H2H)),
                _ => assert_eq!((code, taken.contains(&kind)), (107_000, false), "{kind:?}"),
            }
        }
        if (to, from) != (pinned, second) {
            assert_eq!(queue(&rig, to, from, DEFAULT, stream), 0);
        }
    }
    assert_eq!(rig.synchronize(stream), 0);
}

/// SD, and stricter.
#[test]
fn r_201_r_205_strict_mode_refuses_kinds_that_contradict_the_addresses() {
    let rig = Rig::with(MockConfig::default().strict(true));
    let (device, other) = (rig.malloc(8), rig.malloc(8));
    let pinned: Raw = rig.pinned(8).as_mut_ptr().cast();
    let mut local = [0_u8; 8];
    let pageable: Raw = local.as_mut_ptr().cast();
    let stream = made!(rig.aclrtCreateStream());
    for host in [pinned, pageable] {
        let cases = [
            (device, host, [H2H, D2H, D2D]),
            (host, device, [H2H, H2D, D2D]),
            (device, other, [H2H, H2D, D2H]),
            (pinned, pageable, [H2D, D2H, D2D]),
        ];
        for (to, from, kinds) in cases {
            for kind in kinds {
                assert_eq!(copy(&rig, to, 8, from, 8, kind), 107_000, "{kind:?}");
                assert_eq!(queue(&rig, to, from, kind, stream), 107_000, "{kind:?}");
            }
        }
    }
    let found = rig.lease.findings();
    assert_eq!(found.len(), 2 * 2 * 4 * 3);
    assert!(
        found
            .iter()
            .all(|found| found.mistake == Mistake::WrongCopyKind)
    );
}

#[test]
fn copies_stay_within_one_live_block() {
    let rig = Rig::new();
    let (device, pinned) = (rig.malloc(8), rig.pinned(8).as_mut_ptr());
    let mut local = [0_u8; 64];
    let host: Raw = local.as_mut_ptr().cast();
    assert_eq!(copy(&rig, at(device, 1), 8, host, 8, H2D), 107_000);
    assert!(rig.message().unwrap().contains("7 bytes to the end"));
    assert_eq!(copy(&rig, host, 64, device, 64, D2H), 107_000);
    assert_eq!(copy(&rig, at(device, 512), 8, host, 8, H2D), 107_000);
    assert_eq!(copy(&rig, at(pinned.cast(), 1), 8, device, 8, D2H), 107_000);
    assert_eq!(acl!(rig.aclrtFree(device)), 0);
    assert_eq!(copy(&rig, device, 8, host, 8, H2D), 107_000);
    assert!(rig.message().unwrap().contains("no live block"));
}

#[test]
fn devices_have_no_access_to_each_other() {
    let rig = Rig::with(MockConfig::default().devices(2));
    let zero = rig.malloc(8);
    assert_eq!(acl!(rig.aclrtSetDevice(1)), 0);
    let one = rig.malloc(8);
    assert_eq!(copy(&rig, one, 8, zero, 8, D2D), 107_000);
}

/// S
#[test]
fn r_204_streams_of_copies_are_checked() {
    let rig = Rig::new();
    let (one, two) = (rig.malloc(8), rig.malloc(8));
    let [stream, destroyed] = [
        made!(rig.aclrtCreateStream()),
        made!(rig.aclrtCreateStream()),
    ];
    assert_eq!(acl!(rig.aclrtDestroyStream(destroyed)), 0);
    assert_eq!(queue(&rig, one, two, D2D, destroyed), 107_017);
    assert_eq!(queue(&rig, one, two, D2D, NULL), 0);
    let code = acl!(rig.aclrtMemcpyAsync(one, 7, two, 8, D2D, stream));
    assert_eq!(code, 107_000);
    let [to, from] = [Shared(one), Shared(two)];
    let code = rig.elsewhere(|rig| queue(rig, to.raw(), from.raw(), D2D, NULL));
    assert_eq!(code, 107_002);
    made!(rig.aclrtCreateContext(0));
    assert_eq!(queue(&rig, one, two, D2D, stream), 107_003);
}

/// S (extent of the rule unchecked)
#[test]
fn r_206_streams_do_not_copy_between_pinned_blocks() {
    let rig = Rig::new();
    let [one, two]: [Raw; 2] =
        [rig.pinned(8), rig.pinned(8)].map(|block| block.as_mut_ptr().cast());
    assert_eq!(queue(&rig, one, two, H2H, NULL), 207_000);
}

/// SD
#[test]
fn r_207_pageable_memory_makes_a_copy_blocking() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let device = rig.malloc(8);
    assert_eq!(acl!(rig.aclrtMemsetAsync(device, 8, 5, 8, stream)), 0);
    let mut host = [0_u8; 8];
    assert_eq!(
        queue(&rig, host.as_mut_ptr().cast(), device, D2H, stream),
        0
    );
    assert_eq!(host, [5; 8], "done on return, and after what was queued");
}

/// SD
#[test]
fn r_208_pinned_memory_is_read_when_the_stream_gets_there() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let (device, host) = (rig.malloc(8), rig.pinned(8));
    host.fill(1);
    let gate = rig.block(stream);
    assert_eq!(
        queue(&rig, device, host.as_mut_ptr().cast(), H2D, stream),
        0
    );
    host.fill(2);
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(rig.download(device, 8), [2; 8]);
}

/// The bytes stay until the copy has run, and the copy tells.
#[test]
fn pinned_memory_that_is_freed_too_early_is_found_out() {
    let rig = Rig::new();
    let stream = made!(rig.aclrtCreateStream());
    let (device, host) = (rig.malloc(8), rig.pinned(8).as_mut_ptr());
    let gate = rig.block(stream);
    assert_eq!(queue(&rig, device, host.cast(), H2D, stream), 0);
    assert_eq!(acl!(rig.aclrtFreeHost(host.cast())), 0);
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 507_013);
}

/// S
#[test]
fn r_209_memset() {
    let rig = Rig::new();
    let device = rig.malloc(8);
    let set = |address, room, value, bytes| acl!(rig.aclrtMemset(address, room, value, bytes));
    assert_eq!(set(NULL, 0, 0, 0), 0);
    assert_eq!(set(NULL, 8, 0, 8), 100_000);
    assert_eq!(set(device, 7, 0, 8), 107_000);
    assert_eq!(set(device, 9, 0, 9), 107_000, "past the end of the block");
    assert_eq!(set(device, 8, 0x1234_5678, 8), 0);
    assert_eq!(rig.download(device, 8), [0x78; 8]);
    let mut local = [0_u8; 8];
    assert_eq!(set(local.as_mut_ptr().cast(), 8, 1, 8), 107_000);
    assert_eq!(local, [0; 8]);
}

/// S
#[test]
fn r_210_memset_in_a_stream() {
    let rig = Rig::new();
    let device = rig.malloc(8);
    let set = |room, bytes, stream| acl!(rig.aclrtMemsetAsync(device, room, 3, bytes, stream));
    assert_eq!(set(7, 8, NULL), 107_000);
    assert_eq!(set(8, 8, device), 107_017);
    assert_eq!(set(8, 8, NULL), 0);
    assert_eq!(rig.synchronize(NULL), 0);
    assert_eq!(rig.download(device, 8), [3; 8]);
}

/// D: nobody may count on zeros.
#[test]
fn r_178_fresh_memory_is_not_zero() {
    let rig = Rig::new();
    let device = rig.malloc(64);
    assert_eq!(rig.download(device, 64), [0xA5; 64]);
    let mut local = [0_u8; 1];
    let code = acl!(rig.aclrtMemcpy(local.as_mut_ptr().cast(), 1, ptr::null(), 1, D2H));
    assert_eq!(code, 100_000);
}

/// S
#[test]
fn r_210_memset_with_words() {
    let rig = Rig::new();
    let device = rig.malloc(16);
    let set = |address, room, count| acl!(rig.aclrtMemsetD32(address, room, 0x0403_0201, count));
    assert_eq!(acl!(rig.aclrtMemset(device, 16, 0, 16)), 0);
    assert_eq!(set(NULL, 16, 1), 100_000);
    assert_eq!(set(at(device, 2), 8, 1), 100_000);
    assert_eq!(set(device, 7, 2), 100_000);
    assert_eq!(set(device, usize::MAX, usize::MAX / 2), 100_000);
    let mut local = [0_u32; 2];
    assert_eq!(set(local.as_mut_ptr().cast(), 8, 2), 100_000);
    assert_eq!(set(at(device, 4), 12, 2), 0);
    let expected = [0, 0, 0, 0, 1, 2, 3, 4, 1, 2, 3, 4, 0, 0, 0, 0];
    assert_eq!(rig.download(device, 16), expected);
    let code = acl!(rig.aclrtMemsetD32Async(device, 16, u32::MAX, 1, NULL));
    assert_eq!(code, 0);
    assert_eq!(rig.synchronize(NULL), 0);
    assert_eq!(rig.download(device, 5), [255, 255, 255, 255, 1]);
}

/// SD
#[test]
fn r_211_copies_of_rows() {
    let rig = Rig::new();
    let (device, second) = (rig.malloc(64), rig.malloc(64));
    let mut host: Vec<u8> = (0..60).collect();
    let host: Raw = host.as_mut_ptr().cast();
    let copy = |to, to_pitch, from, from_pitch, width, height, kind| {
        acl!(rig.aclrtMemcpy2d(to, to_pitch, from, from_pitch, width, height, kind))
    };
    assert_eq!(copy(NULL, 0, NULL, 0, 0, 5, H2D), 0);
    assert_eq!(copy(NULL, 0, NULL, 0, 5, 0, H2D), 0);
    assert_eq!(copy(NULL, 8, host, 8, 8, 1, H2D), 100_000);
    assert_eq!(copy(device, 8, NULL, 8, 8, 1, H2D), 100_000);
    assert_eq!(copy(device, 7, host, 8, 8, 1, H2D), 100_000);
    assert_eq!(copy(device, 8, host, 7, 8, 1, H2D), 100_000);
    assert_eq!(copy(host, 8, host, 8, 8, 1, H2H), 100_000);
    assert_eq!(copy(device, 8, second, 8, 8, 1, D2D), 207_000);
    assert_eq!(copy(device, 1, host, 1, 1, 5_242_881, H2D), 107_000);
    assert_eq!(
        copy(device, 5_000_001, host, 5_000_001, 5_000_001, 1, H2D),
        107_000
    );
    assert_eq!(
        copy(device, 32, host, 10, 8, 3, H2D),
        107_000,
        "past the end of the block"
    );
    assert_eq!(copy(device, usize::MAX, host, 10, 8, 3, H2D), 100_000);
    assert_eq!(acl!(rig.aclrtMemset(device, 64, 99, 64)), 0);
    assert_eq!(copy(device, 16, host, 10, 4, 3, H2D), 0);
    let expected = |row: u8| [10 * row, 10 * row + 1, 10 * row + 2, 10 * row + 3, 99];
    for row in 0..3 {
        assert_eq!(
            rig.download(at(device, 16 * row), 5),
            expected(u8::try_from(row).unwrap())
        );
    }
    let queue = acl!(rig.aclrtMemcpy2dAsync(second, 4, device, 16, 4, 3, D2D, NULL));
    assert_eq!(queue, 0);
    assert_eq!(rig.synchronize(NULL), 0);
    assert_eq!(
        rig.download(second, 12),
        [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]
    );
}

/// S
#[test]
fn r_212_batches_of_copies() {
    let rig = Rig::new();
    let (one, two) = (rig.malloc(8), rig.malloc(8));
    let mut host = [1_u8, 2, 3, 4, 5, 6, 7, 8];
    let mut back = [0_u8; 8];
    let mut dsts = [one, two, back.as_mut_ptr().cast()];
    let mut srcs: [Raw; 3] = [host.as_mut_ptr().cast(), host[4..].as_mut_ptr().cast(), one];
    let location = |type_| aclrtMemLocation { id: 0, type_ };
    let on_host = location(aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_HOST);
    let on_device = location(aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_DEVICE);
    let attr = |dst, src| aclrtMemcpyBatchAttr {
        dstLoc: dst,
        srcLoc: src,
        rsv: [0; 16],
    };
    let mut attrs = [attr(on_device, on_host), attr(on_host, on_device)];
    let mut indexes = [0_usize, 2];
    let mut failed = 5_usize;
    let mut run = |rooms: &mut [usize; 3],
                   sizes: &mut [usize; 3],
                   count,
                   attrs: &mut [aclrtMemcpyBatchAttr; 2]| {
        let code = acl!(rig.aclrtMemcpyBatch(
            dsts.as_mut_ptr(),
            rooms.as_mut_ptr(),
            srcs.as_mut_ptr(),
            sizes.as_mut_ptr(),
            count,
            attrs.as_mut_ptr(),
            indexes.as_mut_ptr(),
            2,
            &raw mut failed,
        ));
        (code, failed)
    };
    assert_eq!(run(&mut [8; 3], &mut [8; 3], 0, &mut attrs).0, 100_000);
    assert_eq!(
        run(&mut [8, 3, 8], &mut [4; 3], 3, &mut attrs),
        (100_000, 1)
    );
    assert_eq!(
        run(&mut [8; 3], &mut [0; 3], 3, &mut attrs),
        (0, usize::MAX)
    );
    let mut reserved = attrs;
    reserved[1].rsv[0] = 1;
    assert_eq!(run(&mut [8; 3], &mut [4; 3], 3, &mut reserved).0, 100_000);
    assert_eq!(
        run(&mut [9; 3], &mut [4, 4, 9], 3, &mut attrs),
        (107_000, 2)
    );
    assert_eq!(
        run(&mut [8; 3], &mut [4; 3], 3, &mut attrs),
        (0, usize::MAX)
    );
    assert_eq!(rig.download(two, 4), [5, 6, 7, 8]);
    assert_eq!(back, [1, 2, 3, 4, 0, 0, 0, 0]);
}

/// S
#[test]
fn r_213_hints_to_caches_check_their_arguments() {
    let rig = Rig::new();
    let device = rig.malloc(8);
    let prefetch = aclrtCmoType::ACL_RT_CMO_TYPE_PREFETCH;
    assert_eq!(acl!(rig.aclrtCmoAsync(NULL, 8, prefetch, NULL)), 100_000);
    assert_eq!(acl!(rig.aclrtCmoAsync(device, 0, prefetch, NULL)), 100_000);
    assert_eq!(
        acl!(rig.aclrtCmoAsync(device, 8, prefetch, device)),
        107_017
    );
    assert_eq!(acl!(rig.aclrtCmoAsync(device, 8, prefetch, NULL)), 0);
}

/// SD
#[test]
fn r_075_r_076_devices_reach_each_other_one_way() {
    let rig = Rig::with(MockConfig::default().devices(3));
    let zero = rig.malloc(8);
    let mut can = 7;
    assert_eq!(
        acl!(rig.aclrtDeviceCanAccessPeer(&raw mut can, 1, 1)),
        100_000
    );
    assert_eq!(
        acl!(rig.aclrtDeviceCanAccessPeer(ptr::null_mut(), 0, 1)),
        100_000
    );
    assert_eq!(
        acl!(rig.aclrtDeviceCanAccessPeer(&raw mut can, 0, 3)),
        107_001
    );
    assert_eq!(acl!(rig.aclrtDeviceCanAccessPeer(&raw mut can, 0, 1)), 0);
    assert_eq!(can, 1);
    assert_eq!(acl!(rig.aclrtDeviceEnablePeerAccess(1, 1)), 200_006);
    assert_eq!(acl!(rig.aclrtDeviceEnablePeerAccess(0, 0)), 100_000);
    assert_eq!(acl!(rig.aclrtDeviceEnablePeerAccess(9, 0)), 107_001);
    assert_eq!(acl!(rig.aclrtDeviceEnablePeerAccess(1, 0)), 0);
    let status = |device, peer| {
        let mut status = 7;
        let code = acl!(rig.aclrtDevicePeerAccessStatus(device, peer, &raw mut status));
        (code, status)
    };
    assert_eq!((status(0, 1), status(1, 0)), ((0, 1), (0, 0)));
    assert_eq!(acl!(rig.aclrtSetDevice(1)), 0);
    let one = rig.malloc(8);
    rig.upload(one, &[9; 8]);
    assert_eq!(
        copy(&rig, one, 8, zero, 8, D2D),
        107_000,
        "device 1 has no access"
    );
    rig.upload(zero, &[4; 8]); // the host reaches every device
    assert_eq!(rig.download(zero, 8), [4; 8]);
    assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    assert_eq!(copy(&rig, zero, 8, one, 8, D2D), 0);
    assert_eq!(queue(&rig, one, zero, D2D, NULL), 0);
    assert_eq!(rig.synchronize(NULL), 0);
    assert_eq!(rig.download(zero, 8), [9; 8]);
    assert_eq!(acl!(rig.aclrtDeviceDisablePeerAccess(1)), 0);
    assert_eq!(copy(&rig, zero, 8, one, 8, D2D), 107_000);
}

/// SD
#[test]
fn r_202_copies_that_did_not_wait_are_found() {
    let rig = Rig::with(MockConfig::default().strict(true));
    let stream = made!(rig.aclrtCreateStream());
    let (device, host) = (rig.malloc(8), rig.pinned(8));
    let from: Raw = host.as_mut_ptr().cast();
    assert_eq!(queue(&rig, device, from, H2D, stream), 0);
    rig.download(device, 8);
    assert_eq!(rig.synchronize(stream), 0);
    rig.download(device, 8);
    let found = rig.lease.findings();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].mistake, Mistake::MissingSynchronize);
    assert_eq!(found[0].found_by.symbol, "aclrtMemcpy");
    assert_eq!(found[0].made_by.unwrap().symbol, "aclrtMemcpyAsync");
}

#[test]
fn strict_mode_finds_memory_that_is_freed_under_queued_work() {
    let rig = Rig::with(MockConfig::default().strict(true));
    let stream = made!(rig.aclrtCreateStream());
    let (device, other) = (rig.malloc(8), rig.malloc(8));
    assert_eq!(queue(&rig, device, other, D2D, stream), 0);
    assert_eq!(acl!(rig.aclrtFree(other)), 0);
    assert_eq!(rig.synchronize(stream), 507_013);
    let found = rig.lease.findings();
    let mistakes: Vec<_> = found.iter().map(|found| found.mistake).collect();
    assert_eq!(
        mistakes,
        [Mistake::FreedWhileInUse, Mistake::UseAfterFree],
        "{found:?}"
    );
    assert_eq!(found[0].made_by.unwrap().symbol, "aclrtMemcpyAsync");
    assert_eq!(found[1].found_by.symbol, "aclrtMemcpyAsync");
    assert_eq!(found[1].made_by.unwrap().symbol, "aclrtMalloc");
}
