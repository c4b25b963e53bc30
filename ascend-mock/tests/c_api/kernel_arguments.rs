//! Lists of arguments for kernels.

use std::ptr;

use crate::common::{NULL, Raw};
use crate::kernel::{list_of, with_add};

#[test]
fn lists_of_arguments_are_kept_in_order() {
    let (rig, add) = with_add();
    let (seen, seen_by_kernel) = std::sync::mpsc::channel();
    rig.lease.register_kernel("add", move |call| {
        seen.send(call.arguments().to_vec()).unwrap();
        Ok(())
    });
    let list = list_of(&rig, add);
    let (mut first, mut holder, mut third) = (NULL, NULL, NULL);
    let (mut word, mut new_word, mut byte) = (0x11_u64, 0x33_u64, 0x22_u8);
    let word_at: Raw = (&raw mut word).cast();
    let new_word_at: Raw = (&raw mut new_word).cast();
    let byte_at: Raw = (&raw mut byte).cast();
    assert_eq!(
        acl!(rig.aclrtKernelArgsAppend(list, word_at, 8, &raw mut first)),
        0
    );
    assert_eq!(
        acl!(rig.aclrtKernelArgsAppendPlaceHolder(list, &raw mut holder)),
        0
    );
    assert_eq!(
        acl!(rig.aclrtKernelArgsAppend(list, byte_at, 1, &raw mut third)),
        0
    );
    assert_eq!(
        acl!(rig.aclrtKernelArgsFinalize(list)),
        107_000,
        "no buffer"
    );
    let mut buffer = NULL;
    assert_eq!(
        acl!(rig.aclrtKernelArgsGetPlaceHolderBuffer(list, first, 3, &raw mut buffer)),
        107_000,
        "a value has no buffer"
    );
    assert_eq!(
        acl!(rig.aclrtKernelArgsGetPlaceHolderBuffer(list, holder, 3, &raw mut buffer)),
        0
    );
    // SAFETY: the buffer has 3 bytes.
    unsafe { ptr::copy_nonoverlapping([7_u8, 8, 9].as_ptr(), buffer.cast(), 3) };
    assert_eq!(acl!(rig.aclrtKernelArgsFinalize(list)), 0);
    assert_eq!(
        acl!(rig.aclrtKernelArgsAppend(list, byte_at, 1, &raw mut third)),
        107_000,
        "the list is final"
    );
    assert_eq!(
        acl!(rig.aclrtKernelArgsParaUpdate(list, first, new_word_at, 4)),
        107_000
    );
    assert_eq!(
        acl!(rig.aclrtKernelArgsParaUpdate(list, first, new_word_at, 8)),
        0
    );
    let cfg = ptr::null_mut();
    let launch = || acl!(rig.aclrtLaunchKernelWithConfig(add, 1, NULL, cfg, list, NULL));
    assert_eq!(launch(), 107_000, "changed since it was final");
    assert_eq!(acl!(rig.aclrtKernelArgsFinalize(list)), 0);
    assert_eq!(launch(), 0);
    assert_eq!(rig.synchronize(NULL), 0);
    let expected = [
        [0x33, 0, 0, 0, 0, 0, 0, 0],
        [24, 0, 0, 0, 0, 0, 0, 0],
        [0x22, 0, 0, 0, 0, 0, 0, 0],
        [7, 8, 9, 0, 0, 0, 0, 0],
    ];
    assert_eq!(seen_by_kernel.recv().unwrap(), expected.concat());
}

#[test]
fn lists_are_bounded() {
    let (rig, add) = with_add();
    let list = list_of(&rig, add);
    let mut parameter = NULL;
    let mut value = [0_u8; 16];
    let at: Raw = value.as_mut_ptr().cast();
    for code in [
        acl!(rig.aclrtKernelArgsAppend(NULL, at, 8, &raw mut parameter)),
        acl!(rig.aclrtKernelArgsAppend(list, NULL, 8, &raw mut parameter)),
        acl!(rig.aclrtKernelArgsAppend(list, at, 0, &raw mut parameter)),
        acl!(rig.aclrtKernelArgsAppend(list, at, 8, ptr::null_mut())),
        acl!(rig.aclrtKernelArgsInit(NULL, &raw mut parameter)),
        acl!(rig.aclrtKernelArgsInit(add, ptr::null_mut())),
    ] {
        assert_eq!(code, 100_000);
    }
    for _ in 0..128 {
        assert_eq!(
            acl!(rig.aclrtKernelArgsAppend(list, at, 8, &raw mut parameter)),
            0
        );
    }
    assert_eq!(
        acl!(rig.aclrtKernelArgsAppend(list, at, 8, &raw mut parameter)),
        107_000,
        "128 are the most"
    );
    let mut room = 0;
    assert_eq!(
        acl!(rig.aclrtKernelArgsGetMemSize(add, 9, &raw mut room)),
        0
    );
    assert_eq!(room, 16);
    let (mut handle, mut memory) = ([0_u64; 8], [0_u8; 16]);
    let own: Raw = handle.as_mut_ptr().cast();
    let memory: Raw = memory.as_mut_ptr().cast();
    assert_eq!(
        acl!(rig.aclrtKernelArgsInitByUserMem(add, own, memory, room)),
        0
    );
    assert_eq!(
        acl!(rig.aclrtKernelArgsAppend(own, at, 16, &raw mut parameter)),
        0
    );
    assert_eq!(
        acl!(rig.aclrtKernelArgsAppend(own, at, 1, &raw mut parameter)),
        107_000,
        "the program's memory is full"
    );
    let huge = usize::MAX;
    assert_eq!(
        acl!(rig.aclrtKernelArgsAppendPlaceHolder(list, &raw mut parameter)),
        107_000
    );
    let other = list_of(&rig, add);
    assert_eq!(
        acl!(rig.aclrtKernelArgsAppendPlaceHolder(other, &raw mut parameter)),
        0
    );
    let mut buffer = NULL;
    assert_eq!(
        acl!(rig.aclrtKernelArgsGetPlaceHolderBuffer(other, parameter, huge, &raw mut buffer)),
        107_000
    );
    // Lists that nobody can end give way to new ones.
    for _ in 0..3000 {
        list_of(&rig, add);
    }
    assert_eq!(acl!(rig.aclrtKernelArgsFinalize(list)), 107_017);
}

#[test]
fn lists_in_use_give_way_to_none() {
    let (rig, add) = with_add();
    let (mut handle, mut memory, mut value) = ([0_u64; 8], [0_u8; 16], [1_u8; 8]);
    let own: Raw = handle.as_mut_ptr().cast();
    let memory: Raw = memory.as_mut_ptr().cast();
    let at: Raw = value.as_mut_ptr().cast();
    let code = acl!(rig.aclrtKernelArgsInitByUserMem(add, own, memory, 16));
    assert_eq!(code, 0);
    let used = list_of(&rig, add);
    let mut parameters = [NULL; 2];
    for (list, parameter) in [own, used].into_iter().zip(&mut parameters) {
        let code = acl!(rig.aclrtKernelArgsAppend(list, at, 8, parameter));
        assert_eq!(code, 0);
    }
    let mut numbers = vec![own, used, parameters[0], parameters[1]];
    for _ in 0..3000 {
        numbers.push(list_of(&rig, add));
        let code = acl!(rig.aclrtKernelArgsParaUpdate(used, parameters[1], at, 8));
        assert_eq!(code, 0, "it is used again and again");
    }
    let code = acl!(rig.aclrtKernelArgsParaUpdate(own, parameters[0], at, 8));
    assert_eq!(code, 0, "it is the program's");
    assert_eq!(acl!(rig.aclrtKernelArgsFinalize(own)), 0);
    // No parameter has the number of something else, of whatever kind.
    let kind = |handle: Raw| handle.addr() >> 48;
    let dvpp = rig.lease.dvpp();
    // SAFETY: makes an object of default values.
    let table: Raw = unsafe { dvpp.acldvppCreateLutMap() }.unwrap().cast();
    assert_ne!(kind(parameters[0]), kind(table));
    assert_eq!(kind(parameters[0]), kind(used));
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 3004);
}

#[test]
fn a_new_list_gives_way_to_none() {
    let (rig, add) = with_add();
    rig.lease.register_kernel("add", |_| Ok(()));
    let mut value = [1_u8; 8];
    let at: Raw = value.as_mut_ptr().cast();
    let launch = |list| {
        let mut parameter = NULL;
        let none = ptr::null_mut();
        for code in [
            acl!(rig.aclrtKernelArgsAppend(list, at, 8, &raw mut parameter)),
            acl!(rig.aclrtKernelArgsFinalize(list)),
            acl!(rig.aclrtLaunchKernelWithConfig(add, 1, NULL, none, list, NULL)),
        ] {
            assert_eq!(code, 0);
        }
    };
    let mut waits = list_of(&rig, add);
    for _ in 0..3000 {
        // Another one is made before this one is used, as by another thread.
        let next = list_of(&rig, add);
        launch(waits);
        waits = next;
    }
    launch(waits);
    assert_eq!(rig.synchronize(NULL), 0);
}
