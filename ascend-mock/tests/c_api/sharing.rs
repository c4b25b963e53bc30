//! Memory shared between processes. Rule numbers and certainty tags are those of the behaviour
//! reference.

use std::env;
use std::ffi::{CStr, CString, c_char};
use std::io::{self, BufRead, Write};
use std::process::{Child, Command, Stdio};
use std::ptr;

use ascend_mock::{Mistake, MockConfig};
use ascend_sys::{
    aclrtMemAllocationType, aclrtMemAttr, aclrtMemHandleType, aclrtMemLocation,
    aclrtMemLocationType, aclrtPhysicalMemProp,
};

use crate::common::{D2H, NULL, Raw, Rig, at};

const CHILD: &str = "ASCEND_MOCK_TEST_IS_THE_OTHER_PROCESS";
const PAGE: usize = 2 << 20;

/// Runs the test `name` of this binary in a process of its own.
fn other_process(name: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", &format!("sharing::{name}"), "--nocapture"])
        .env(CHILD, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn tell(child: &mut Child, line: &str) {
    writeln!(child.stdin.as_mut().unwrap(), "{line}").unwrap();
}

fn heard() -> String {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).unwrap();
    line.trim().to_owned()
}

fn export(rig: &Rig, address: Raw, bytes: usize, flags: u64) -> CString {
    let mut key: [c_char; 65] = [0; 65];
    let code = acl!(rig.aclrtIpcMemGetExportKey(address, bytes, key.as_mut_ptr(), 65, flags));
    assert_eq!(code, 0);
    // SAFETY: the key ends with a zero byte.
    unsafe { CStr::from_ptr(key.as_ptr()) }.to_owned()
}

/// S
#[test]
fn r_195_sharing_checks_its_arguments() {
    let rig = Rig::new();
    let block = rig.malloc(64);
    let mut key: [c_char; 65] = [0; 65];
    let key = key.as_mut_ptr();
    let export = |address, bytes, key, length, flags| {
        acl!(rig.aclrtIpcMemGetExportKey(address, bytes, key, length, flags))
    };
    assert_eq!(export(NULL, 64, key, 65, 0), 100_000);
    assert_eq!(export(block, 64, ptr::null_mut(), 65, 0), 100_000);
    assert_eq!(export(block, 0, key, 65, 0), 107_000);
    assert_eq!(export(block, 64, key, 0, 0), 107_000);
    assert_eq!(export(block, 64, key, 4, 0), 107_000);
    assert_eq!(export(block, 64, key, 65, 2), 107_000);
    assert_eq!(
        export(block, 65, key, 65, 0),
        107_000,
        "past the end of the block"
    );
    let mut host = 0_u64;
    assert_eq!(export((&raw mut host).cast(), 8, key, 65, 0), 107_000);
    let mut imported = NULL;
    let unknown = c"no key of ours".as_ptr();
    assert_eq!(
        acl!(rig.aclrtIpcMemImportByKey(ptr::null_mut(), unknown, 0)),
        100_000
    );
    assert_eq!(
        acl!(rig.aclrtIpcMemImportByKey(&raw mut imported, ptr::null(), 0)),
        100_000
    );
    assert_eq!(
        acl!(rig.aclrtIpcMemImportByKey(&raw mut imported, unknown, 2)),
        107_000
    );
    assert_eq!(
        acl!(rig.aclrtIpcMemImportByKey(&raw mut imported, unknown, 0)),
        107_000
    );
    assert_eq!(acl!(rig.aclrtIpcMemClose(ptr::null())), 100_000);
    assert_eq!(acl!(rig.aclrtIpcMemClose(unknown)), 107_000);
    let mut pid = 1;
    assert_eq!(
        acl!(rig.aclrtIpcMemSetImportPid(unknown, &raw mut pid, 1)),
        107_000
    );
    assert_eq!(
        acl!(rig.aclrtIpcMemSetImportPid(unknown, ptr::null_mut(), 1)),
        100_000
    );
}

#[test]
fn a_process_imports_its_own_memory() {
    let rig = Rig::with(MockConfig::default().strict(true));
    let block = rig.malloc(5000);
    let key = export(&rig, at(block, 1000), 4000, 0);
    let key = key.as_ptr();
    let mut other = NULL;
    assert_eq!(acl!(rig.aclrtIpcMemImportByKey(&raw mut other, key, 0)), 0);
    assert_ne!(other, block);
    rig.upload(at(block, 1500), &[3; 9]);
    assert_eq!(rig.download(at(other, 500), 9), [3; 9]);
    assert_eq!(
        acl!(rig.aclrtIpcMemImportByKey(&raw mut other, key, 0)),
        107_000,
        "twice"
    );
    assert_eq!(acl!(rig.aclrtFree(other)), 107_000);
    assert_eq!(acl!(rig.aclrtIpcMemClose(key)), 0, "the import");
    let mut bytes = [0_u8; 4];
    let host = bytes.as_mut_ptr().cast();
    assert_eq!(acl!(rig.aclrtMemcpy(host, 4, other, 4, D2H)), 107_000);
    let found = rig.lease.findings().pop().unwrap();
    assert_eq!(found.mistake, Mistake::UseAfterFree);
    assert!(found.text.contains("freed by aclrtIpcMemClose"), "{found}");
    let mut byte = [0_u8];
    let to = byte.as_mut_ptr().cast();
    assert_eq!(acl!(rig.aclrtMemcpy(to, 1, block, 1, D2H)), 0);
    assert_eq!(acl!(rig.aclrtIpcMemClose(key)), 0, "the export");
    assert_eq!(acl!(rig.aclrtIpcMemClose(key)), 107_000);
    assert_eq!(
        acl!(rig.aclrtIpcMemImportByKey(&raw mut other, key, 0)),
        107_000
    );
}

/// D
#[test]
fn two_processes_share_memory_if_the_pid_is_let_in() {
    let rig = Rig::new();
    if env::var_os(CHILD).is_some() {
        let (shut, open, free) = (heard(), heard(), heard());
        let mut address = NULL;
        let shut = CString::new(shut).unwrap();
        let code = acl!(rig.aclrtIpcMemImportByKey(&raw mut address, shut.as_ptr(), 0));
        assert_eq!(code, 107_000, "this process was not let in");
        for key in [open, free] {
            let key = CString::new(key).unwrap();
            let code = acl!(rig.aclrtIpcMemImportByKey(&raw mut address, key.as_ptr(), 0));
            assert_eq!(code, 0);
            assert_eq!(rig.download(address, 3), [1, 2, 3]);
            assert_eq!(acl!(rig.aclrtMemset(at(address, 2000), 8, 7, 8)), 0);
            assert_eq!(acl!(rig.aclrtIpcMemClose(key.as_ptr())), 0);
        }
        return;
    }
    let blocks = [rig.malloc(3000), rig.malloc(3000), rig.malloc(3000)];
    for block in blocks {
        rig.upload(block, &[1, 2, 3]);
    }
    let keys = [0, 0, 1].into_iter().zip(blocks);
    let keys: Vec<CString> = keys
        .map(|(flags, block)| export(&rig, block, 3000, flags))
        .collect();
    let mut child = other_process("two_processes_share_memory_if_the_pid_is_let_in");
    let mut pids = [1, i32::try_from(child.id()).unwrap()];
    let code = acl!(rig.aclrtIpcMemSetImportPid(keys[0].as_ptr(), pids.as_mut_ptr(), 1));
    assert_eq!(code, 0);
    let code = acl!(rig.aclrtIpcMemSetImportPid(keys[1].as_ptr(), pids.as_mut_ptr(), 2));
    assert_eq!(code, 0);
    for key in &keys {
        tell(&mut child, key.to_str().unwrap());
    }
    assert!(child.wait().unwrap().success());
    for block in &blocks[1..] {
        assert_eq!(rig.download(at(*block, 2000), 8), [7; 8]);
    }
}

/// D
#[test]
fn two_processes_map_the_same_physical_memory() {
    let rig = Rig::new();
    let address = made!(rig.aclrtReserveMemAddress(PAGE, 0, NULL, 1));
    let mut memory = NULL;
    if env::var_os(CHILD).is_some() {
        let shared: u64 = heard().parse().unwrap();
        let place = &raw mut memory;
        assert_eq!(
            acl!(rig.aclrtMemImportFromShareableHandle(shared, 1, place)),
            107_001
        );
        assert_eq!(
            acl!(rig.aclrtMemImportFromShareableHandle(shared, 0, place)),
            0
        );
        assert_eq!(acl!(rig.aclrtMapMem(address, PAGE, 0, memory, 0)), 0);
        assert_eq!(rig.download(at(address, PAGE - 3), 3), [4, 5, 6]);
        assert_eq!(acl!(rig.aclrtMemset(address, PAGE, 9, 100)), 0);
        return;
    }
    let prop = aclrtPhysicalMemProp {
        handleType: aclrtMemHandleType::ACL_MEM_HANDLE_TYPE_NONE,
        allocationType: aclrtMemAllocationType::ACL_MEM_ALLOCATION_TYPE_PINNED,
        memAttr: aclrtMemAttr::ACL_HBM_MEM_HUGE,
        location: aclrtMemLocation {
            id: 0,
            type_: aclrtMemLocationType::ACL_MEM_LOCATION_TYPE_DEVICE,
        },
        reserve: 0,
    };
    assert_eq!(
        acl!(rig.aclrtMallocPhysical(&raw mut memory, PAGE, &raw const prop, 0)),
        0
    );
    assert_eq!(acl!(rig.aclrtMapMem(address, PAGE, 0, memory, 0)), 0);
    rig.upload(at(address, PAGE - 3), &[4, 5, 6]);
    let none = aclrtMemHandleType::ACL_MEM_HANDLE_TYPE_NONE;
    let mut shared = 0;
    let export = |memory, flags, place| {
        acl!(rig.aclrtMemExportToShareableHandle(memory, none, flags, place))
    };
    assert_eq!(export(memory, 0, ptr::null_mut()), 100_000);
    assert_eq!(export(address, 0, &raw mut shared), 107_017);
    assert_eq!(export(memory, 2, &raw mut shared), 107_000);
    assert_eq!(export(memory, 0, &raw mut shared), 0);
    let mut child = other_process("two_processes_map_the_same_physical_memory");
    let mut pid = i32::try_from(child.id()).unwrap();
    assert_eq!(
        acl!(rig.aclrtMemSetPidToShareableHandle(shared, &raw mut pid, 1)),
        0
    );
    tell(&mut child, &shared.to_string());
    assert!(child.wait().unwrap().success());
    assert_eq!(rig.download(address, 101)[98..100], [9, 9]);
}
