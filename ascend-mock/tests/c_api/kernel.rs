//! Kernels: binaries, functions, arguments and launches.

use std::ffi::{CStr, CString, c_char};
use std::path::Path;
use std::ptr;

use ascend_mock::{Kind, MockConfig};
use ascend_sys::{
    AclApi, aclError, aclrtBinaryLoadOption, aclrtBinaryLoadOptionType, aclrtBinaryLoadOptionValue,
    aclrtBinaryLoadOptions, aclrtExceptionInfo, aclrtFuncAttribute, aclrtKernelType,
    aclrtPlaceHolderInfo,
};

use crate::common::{NULL, Raw, Rig, Shared, until};

/// An ELF file with the functions `add`, `mul_mix_aic` and `shape_7`, and the variable `table`.
fn binary() -> Vec<u8> {
    const FUNCTION: u8 = 0x12; // global
    const OBJECT: u8 = 0x11;
    let mut names = vec![0];
    let mut symbols = vec![0; 24];
    for (name, info, section, bytes) in [
        ("add", FUNCTION, 1_u16, 40_u64),
        ("mul_mix_aic", FUNCTION, 1, 48),
        ("mul_mix_aiv", FUNCTION, 1, 56),
        ("shape_7", FUNCTION, 1, 64),
        ("table", OBJECT, 1, 16),
        ("elsewhere", FUNCTION, 0, 0),
    ] {
        symbols.extend(u32::try_from(names.len()).unwrap().to_le_bytes());
        symbols.extend([info, 0]);
        symbols.extend(section.to_le_bytes());
        symbols.extend(0_u64.to_le_bytes());
        symbols.extend(bytes.to_le_bytes());
        names.extend(name.bytes());
        names.push(0);
    }
    let sections = [
        (0_u32, 0, 0, 0_u32),
        (2, 64, symbols.len(), 2),
        (3, 64 + symbols.len(), names.len(), 0),
    ];
    let mut file = b"\x7FELF\x02\x01\x01".to_vec();
    file.resize(40, 0);
    file.extend((64 + symbols.len() + names.len()).to_le_bytes());
    file.resize(58, 0);
    file.extend(64_u16.to_le_bytes());
    file.extend(u16::try_from(sections.len()).unwrap().to_le_bytes());
    file.resize(64, 0);
    file.extend(symbols);
    file.extend(names);
    for (kind, offset, bytes, link) in sections {
        let start = file.len();
        file.extend(0_u32.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.resize(start + 24, 0);
        file.extend((offset as u64).to_le_bytes());
        file.extend((bytes as u64).to_le_bytes());
        file.extend(link.to_le_bytes());
        file.resize(start + 64, 0);
    }
    file
}

fn load(rig: &Rig, file: &[u8]) -> Result<Raw, aclError> {
    let mut binary = NULL;
    let (data, options) = (file.as_ptr().cast(), ptr::null());
    match acl!(rig.aclrtBinaryLoadFromData(data, file.len(), options, &raw mut binary)) {
        0 => Ok(binary),
        code => Err(code),
    }
}

fn function(rig: &Rig, binary: Raw, name: &CStr) -> Result<Raw, aclError> {
    let mut function = NULL;
    match acl!(rig.aclrtBinaryGetFunction(binary, name.as_ptr(), &raw mut function)) {
        0 => Ok(function),
        code => Err(code),
    }
}

/// A device with the function `add`.
pub(crate) fn with_add() -> (Rig, Raw) {
    let rig = Rig::new();
    let binary = load(&rig, &binary()).unwrap();
    let add = function(&rig, binary, c"add").unwrap();
    (rig, add)
}

pub(crate) fn list_of(rig: &Rig, function: Raw) -> Raw {
    let mut list = NULL;
    assert_eq!(acl!(rig.aclrtKernelArgsInit(function, &raw mut list)), 0);
    list
}

fn name_of(rig: &Rig, function: Raw) -> String {
    let mut name = [1 as c_char; 32];
    assert_eq!(
        acl!(rig.aclrtGetFunctionName(function, 32, name.as_mut_ptr())),
        0
    );
    // SAFETY: the function wrote a text with a zero byte at its end.
    let name = unsafe { CStr::from_ptr(name.as_ptr()) };
    name.to_str().unwrap().to_owned()
}

/// S (second part I)
#[test]
fn r_302_null_arguments_are_100000() {
    let (rig, add) = with_add();
    let mut made = NULL;
    let file = binary();
    let data = file.as_ptr().cast();
    let none = ptr::null();
    for code in [
        acl!(rig.aclrtBinaryLoadFromFile(ptr::null(), ptr::null_mut(), &raw mut made)),
        acl!(rig.aclrtBinaryLoadFromFile(c"x".as_ptr(), ptr::null_mut(), ptr::null_mut())),
        acl!(rig.aclrtBinaryLoadFromData(ptr::null(), 1, none, &raw mut made)),
        acl!(rig.aclrtBinaryLoadFromData(data, 1, none, ptr::null_mut())),
        acl!(rig.aclrtBinaryGetFunction(NULL, c"add".as_ptr(), &raw mut made)),
        acl!(rig.aclrtBinaryGetFunction(add, ptr::null(), &raw mut made)),
        acl!(rig.aclrtBinaryGetFunction(add, c"add".as_ptr(), ptr::null_mut())),
        acl!(rig.aclrtBinaryUnLoad(NULL)),
        acl!(rig.aclrtDestroyBinary(NULL)),
    ] {
        assert_eq!(code, 100_000);
    }
    assert!(acl!(rig.aclrtCreateBinary(ptr::null(), 8)).is_null());
    assert!(rig.message().unwrap().contains("data is NULL"));
}

/// S (second part I)
#[test]
fn r_302_bad_data_missing_files_and_unknown_names() {
    let rig = Rig::new();
    let mut made = NULL;
    let path = CString::new("no/such/kernel.o").unwrap();
    let code = acl!(rig.aclrtBinaryLoadFromFile(path.as_ptr(), ptr::null_mut(), &raw mut made));
    assert_eq!(code, 107_000);
    assert_eq!(load(&rig, b"no kernel at all"), Err(107_000));
    assert_eq!(load(&rig, &[]), Err(107_000));
    let binary = load(&rig, &binary()).unwrap();
    assert_eq!(function(&rig, binary, c"sub"), Err(507_027));
    assert_eq!(function(&rig, binary, c"elsewhere"), Err(507_027));
    assert!(rig.message().unwrap().contains("no kernel \"elsewhere\""));
    let mut bytes = 0;
    let code =
        acl!(rig.aclrtBinaryGetGlobal(binary, c"chair".as_ptr(), ptr::null_mut(), &raw mut bytes));
    assert_eq!(code, 107_042);
    let code =
        acl!(rig.aclrtBinaryGetGlobal(binary, c"table".as_ptr(), ptr::null_mut(), &raw mut bytes));
    assert_eq!((code, bytes), (0, 16));
}

/// SD. The task that runs is one that an abort has to wait for.
#[test]
fn r_122_synchronize_during_an_abort_is_107023() {
    let rig = Rig::with(MockConfig::default());
    let binary = load(&rig, &binary()).unwrap();
    let add = function(&rig, binary, c"add").unwrap();
    let list = list_of(&rig, add);
    assert_eq!(acl!(rig.aclrtKernelArgsFinalize(list)), 0);
    let (starts, started) = std::sync::mpsc::channel();
    let (goes_on, go_on) = std::sync::mpsc::channel::<()>();
    let go_on = std::sync::Mutex::new(go_on);
    rig.lease.register_kernel("add", move |_| {
        starts.send(()).unwrap();
        go_on.lock().unwrap().recv().unwrap();
        Ok(())
    });
    let stream = made!(rig.aclrtCreateStream());
    let none = ptr::null_mut();
    let code = acl!(rig.aclrtLaunchKernelWithConfig(add, 1, stream, none, list, NULL));
    assert_eq!(code, 0);
    started.recv().unwrap();
    let shared = Shared(stream);
    std::thread::scope(|scope| {
        let rig = &rig;
        let abort = scope.spawn(move || {
            assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
            acl!(rig.aclrtStreamAbort(shared.raw()))
        });
        // Until the abort is under way, the stream is just busy.
        let code = loop {
            match acl!(rig.aclrtSynchronizeStreamWithTimeout(stream, 1)) {
                507_046 => {}
                code => break code,
            }
        };
        assert_eq!(code, 107_023);
        goes_on.send(()).unwrap();
        assert_eq!(abort.join().unwrap(), 0);
    });
    assert_eq!(rig.synchronize(stream), 0, "the abort is over");
}

#[test]
fn damaged_binaries_are_refused_or_harmless() {
    let rig = Rig::new();
    let whole = binary();
    for length in 0..whole.len() {
        assert_eq!(load(&rig, &whole[..length]), Err(107_000), "{length} bytes");
    }
    for at in 0..whole.len() {
        for value in [0, 0x7F, 0xFF] {
            let mut damaged = whole.clone();
            damaged[at] = value;
            match load(&rig, &damaged) {
                Ok(binary) => assert_eq!(acl!(rig.aclrtBinaryUnLoad(binary)), 0),
                Err(code) => assert_eq!(code, 107_000, "byte {at}"),
            }
        }
    }
}

#[test]
fn functions_are_found_by_name_and_by_key() {
    let rig = Rig::new();
    let binary = load(&rig, &binary()).unwrap();
    let add = function(&rig, binary, c"add").unwrap();
    assert_eq!(function(&rig, binary, c"add"), Ok(add), "asked for twice");
    assert_eq!(name_of(&rig, add), "add");
    let mul = function(&rig, binary, c"mul").unwrap();
    assert_eq!(name_of(&rig, mul), "mul_mix_aic");
    let mut kind = 9;
    let attribute = aclrtFuncAttribute::ACL_FUNC_ATTR_KERNEL_TYPE;
    for (function, expected) in [
        (add, aclrtKernelType::ACL_KERNEL_TYPE_AICORE),
        (mul, aclrtKernelType::ACL_KERNEL_TYPE_MIX),
    ] {
        let code = acl!(rig.aclrtGetFunctionAttribute(function, attribute, &raw mut kind));
        assert_eq!((code, kind), (0, i64::from(expected.0)));
    }
    let unknown = aclrtFuncAttribute(99);
    let code = acl!(rig.aclrtGetFunctionAttribute(add, unknown, &raw mut kind));
    assert_eq!(code, 107_000);
    let mut by_key = NULL;
    assert_eq!(
        acl!(rig.aclrtBinaryGetFunctionByEntry(binary, 7, &raw mut by_key)),
        0
    );
    assert_eq!(name_of(&rig, by_key), "shape_7");
    assert_eq!(
        acl!(rig.aclrtBinaryGetFunctionByEntry(binary, 8, &raw mut by_key)),
        507_027
    );
    let (mut cores, mut vectors) = (1, 1);
    assert_eq!(
        acl!(rig.aclrtGetFunctionSize(mul, &raw mut cores, &raw mut vectors)),
        0
    );
    assert_eq!((cores, vectors), (48, 0));
    let mut of = NULL;
    assert_eq!(acl!(rig.aclrtFunctionGetBinary(mul, &raw mut of)), 0);
    assert_eq!(of, binary);
    let mut short = [0 as c_char; 3];
    assert_eq!(
        acl!(rig.aclrtGetFunctionName(add, 3, short.as_mut_ptr())),
        107_000
    );
}

#[test]
fn binaries_end_with_what_they_hold() {
    let rig = Rig::new();
    let file = binary();
    let desc = acl!(rig.aclrtCreateBinary(file.as_ptr().cast(), file.len()));
    let mut binary = NULL;
    assert_eq!(acl!(rig.aclrtBinaryLoad(desc, &raw mut binary)), 0);
    assert_eq!(acl!(rig.aclrtDestroyBinary(desc)), 0);
    assert_eq!(acl!(rig.aclrtDestroyBinary(desc)), 107_017);
    let add = function(&rig, binary, c"add").unwrap();
    let list = list_of(&rig, add);
    assert_eq!(rig.lease.ledger().count(Kind::KernelBinary), 1);
    assert_eq!(acl!(rig.aclrtBinaryUnLoad(binary)), 0);
    assert_eq!(rig.lease.ledger().count(Kind::KernelBinary), 0);
    // R-006
    assert_eq!(acl!(rig.aclrtBinaryUnLoad(binary)), 107_017);
    assert_eq!(function(&rig, binary, c"add"), Err(107_017));
    assert_eq!(acl!(rig.aclrtKernelArgsFinalize(list)), 107_017);
    // R-303
    let block = rig.malloc(8);
    assert_eq!(acl!(rig.aclrtLaunchKernel(add, 1, block, 8, NULL)), 107_017);
}

/// S
#[test]
fn r_303_launches_check_their_arguments() {
    let (rig, add) = with_add();
    let block = rig.malloc(8);
    let list = list_of(&rig, add);
    let cfg = ptr::null_mut();
    for code in [
        acl!(rig.aclrtLaunchKernel(NULL, 1, block, 8, NULL)),
        acl!(rig.aclrtLaunchKernel(add, 1, NULL, 8, NULL)),
        acl!(rig.aclrtLaunchKernelWithConfig(NULL, 1, NULL, cfg, list, NULL)),
        acl!(rig.aclrtLaunchKernelWithConfig(add, 0, NULL, cfg, list, NULL)),
        acl!(rig.aclrtLaunchKernelWithConfig(add, 1, NULL, cfg, NULL, NULL)),
        acl!(rig.aclrtLaunchKernelWithConfig(add, 1, NULL, cfg, list, block)),
    ] {
        assert_eq!(code, 100_000);
    }
    assert_eq!(acl!(rig.aclrtLaunchKernel(add, 0, block, 8, NULL)), 107_000);
    // A list that is not final
    assert_eq!(
        acl!(rig.aclrtLaunchKernelWithConfig(add, 1, NULL, cfg, list, NULL)),
        107_000
    );
    let stream = made!(rig.aclrtCreateStream());
    made!(rig.aclrtCreateContext(0));
    assert_eq!(
        acl!(rig.aclrtLaunchKernel(add, 1, block, 8, stream)),
        107_003
    );
}

#[test]
fn a_kernel_without_code_for_the_host_is_refused_by_name() {
    let (rig, add) = with_add();
    let block = rig.malloc(8);
    assert_eq!(acl!(rig.aclrtLaunchKernel(add, 1, block, 8, NULL)), 207_000);
    let text = rig.message().unwrap();
    assert!(
        text.contains("kernel add") && text.contains("register_kernel"),
        "{text}"
    );
    assert_eq!(rig.synchronize(NULL), 0, "nothing was queued");
}

#[test]
fn code_of_the_host_does_a_kernels_work() {
    let (rig, add) = with_add();
    rig.lease.register_kernel("add", |call| {
        let (Some(from), Some(to)) = (call.word(0), call.word(8)) else {
            return Err("two addresses are needed".into());
        };
        let sum: Vec<u8> = call.read(from, 4)?.iter().map(|byte| byte + 1).collect();
        assert_eq!((call.name(), call.blocks()), ("add", 3));
        call.write(to, &sum)
    });
    let (from, to) = (rig.malloc(4), rig.malloc(4));
    rig.upload(from, &[1, 2, 3, 4]);
    rig.upload(to, &[0; 4]);
    let addresses: Vec<u8> = [from, to]
        .iter()
        .flat_map(|address| (address.addr() as u64).to_le_bytes())
        .collect();
    let arguments = rig.malloc(16);
    rig.upload(arguments, &addresses);
    assert_eq!(acl!(rig.aclrtLaunchKernel(add, 3, arguments, 16, NULL)), 0);
    assert_eq!(rig.synchronize(NULL), 0);
    assert_eq!(rig.download(to, 4), [2, 3, 4, 5]);
    // The failure of a kernel is the stream's (R-118).
    rig.upload(arguments, &[0; 16]);
    assert_eq!(acl!(rig.aclrtLaunchKernel(add, 3, arguments, 16, NULL)), 0);
    assert_eq!(rig.synchronize(NULL), 507_015);
}

/// R-302
#[test]
fn a_binary_is_not_waited_for() {
    let rig = Rig::new();
    let path = std::env::temp_dir().join(format!("ascend-pipe-{}", std::process::id()));
    let name = CString::new(path.to_str().unwrap()).unwrap();
    // SAFETY: the name ends with a zero byte.
    assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
    let mut binary = NULL;
    let code = acl!(rig.aclrtBinaryLoadFromFile(name.as_ptr(), ptr::null_mut(), &raw mut binary));
    let mut model = 0;
    let model_code = acl!(rig.aclmdlLoadFromFile(name.as_ptr(), &raw mut model));
    std::fs::remove_file(path).unwrap();
    assert_eq!(code, 107_000);
    assert_ne!(model_code, 0);
    assert!(rig.message().unwrap().contains("regular file"));
}

#[test]
fn arguments_of_the_host_carry_place_holders() {
    let (rig, add) = with_add();
    let (seen, seen_by_kernel) = std::sync::mpsc::channel();
    rig.lease.register_kernel("add", move |call| {
        seen.send(call.arguments().to_vec()).unwrap();
        Ok(())
    });
    let mut arguments = [0xFF_u8; 12];
    let at: Raw = arguments.as_mut_ptr().cast();
    let mut holder = aclrtPlaceHolderInfo {
        addrOffset: 0,
        dataOffset: 8,
    };
    let launch = |holder: &mut aclrtPlaceHolderInfo| {
        let cfg = ptr::null_mut();
        acl!(rig.aclrtLaunchKernelWithHostArgs(add, 1, NULL, cfg, at, 12, holder, 1))
    };
    assert_eq!(launch(&mut holder), 0);
    assert_eq!(rig.synchronize(NULL), 0);
    let expected = [8, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF];
    assert_eq!(seen_by_kernel.recv().unwrap(), expected);
    holder.dataOffset = 12;
    assert_eq!(launch(&mut holder), 107_000);
    holder = aclrtPlaceHolderInfo {
        addrOffset: 5,
        dataOffset: 8,
    };
    assert_eq!(launch(&mut holder), 107_000);
}

/// What the callback of failed tasks saw: their functions and arguments.
static FAILED: std::sync::Mutex<Vec<(usize, Vec<u8>)>> = std::sync::Mutex::new(Vec::new());
static API: std::sync::Mutex<Option<AclApi>> = std::sync::Mutex::new(None);

unsafe extern "C" fn see_failed(info: *mut aclrtExceptionInfo) {
    struct Seer {
        api: AclApi,
    }
    let seer = Seer {
        api: API.lock().unwrap().unwrap(),
    };
    let (mut function, mut start, mut bytes) = (NULL, NULL, 9);
    let code = acl!(seer.aclrtGetFuncHandleFromExceptionInfo(info, &raw mut function));
    let args = acl!(seer.aclrtGetArgsFromExceptionInfo(info, &raw mut start, &raw mut bytes));
    let mut arguments = Vec::new();
    if (code, args) == (0, 0) {
        arguments = vec![0; bytes as usize];
        assert_eq!(acl!(seer.aclrtSetDevice(0)), 0);
        let (to, size) = (arguments.as_mut_ptr().cast(), arguments.len());
        let kind = crate::common::D2H;
        assert_eq!(acl!(seer.aclrtMemcpy(to, size, start, size, kind)), 0);
        assert_eq!(acl!(seer.aclrtResetDevice(0)), 0);
    } else {
        assert_eq!((code, args), (107_000, 107_000));
    }
    FAILED.lock().unwrap().push((function.addr(), arguments));
}

#[test]
fn an_exception_tells_the_function_and_the_arguments_of_a_launch() {
    let rig = Rig::with(MockConfig::default());
    *API.lock().unwrap() = Some(rig.api);
    let binary = load(&rig, &binary()).unwrap();
    let add = function(&rig, binary, c"add").unwrap();
    rig.lease
        .register_kernel("add", |_| Err("on purpose".into()));
    assert_eq!(acl!(rig.aclrtSetExceptionInfoCallback(Some(see_failed))), 0);
    let words: Vec<u8> = [1_u64, 2].map(u64::to_le_bytes).concat();
    let block = rig.malloc(16);
    rig.upload(block, &words);
    assert_eq!(acl!(rig.aclrtLaunchKernel(add, 1, block, 16, NULL)), 0);
    assert_eq!(rig.synchronize(NULL), 507_015);
    let list = list_of(&rig, add);
    let (mut value, mut parameter) = (7_u64, NULL);
    let at = (&raw mut value).cast();
    let code = acl!(rig.aclrtKernelArgsAppend(list, at, 8, &raw mut parameter));
    assert_eq!(code, 0);
    assert_eq!(acl!(rig.aclrtKernelArgsFinalize(list)), 0);
    let none = ptr::null_mut();
    let code = acl!(rig.aclrtLaunchKernelWithConfig(add, 1, NULL, none, list, NULL));
    assert_eq!(code, 0);
    assert_eq!(rig.synchronize(NULL), 507_015);
    // What is shown of the second launch could take the place of the block below.
    until(|| FAILED.lock().unwrap().len() == 2);
    // A task that is no kernel: a copy to memory that is gone by then.
    let (gate, gone) = (rig.block(NULL), rig.malloc(8));
    assert_eq!(acl!(rig.aclrtMemsetAsync(gone, 8, 1, 8, NULL)), 0);
    assert_eq!(acl!(rig.aclrtFree(gone)), 0);
    let other = made!(rig.aclrtCreateStream());
    assert_eq!(acl!(rig.aclrtRecordEvent(gate, other)), 0);
    assert_eq!(rig.synchronize(NULL), 507_013);
    until(|| FAILED.lock().unwrap().len() == 3);
    let expected = [
        (add.addr(), words),
        (add.addr(), 7_u64.to_le_bytes().to_vec()),
        (0, Vec::new()),
    ];
    assert_eq!(*FAILED.lock().unwrap(), expected);
    until(|| rig.lease.ledger().count(Kind::DeviceBlock) == 1);
}

#[test]
fn kernels_of_processors_are_named_by_the_program() {
    let rig = Rig::new();
    let mut options = [
        aclrtBinaryLoadOptionType::ACL_RT_BINARY_LOAD_OPT_CPU_KERNEL_MODE,
        aclrtBinaryLoadOptionType(9),
    ]
    .map(|type_| aclrtBinaryLoadOption {
        type_,
        value: aclrtBinaryLoadOptionValue { cpuKernelMode: 2 },
    });
    let [for_cpu, unknown] = options.each_mut().map(|option| aclrtBinaryLoadOptions {
        options: ptr::from_mut(option),
        numOpt: 1,
    });
    let (file, mut cpu, mut named) = ([1_u8; 8], NULL, NULL);
    let data = file.as_ptr().cast();
    assert_eq!(
        acl!(rig.aclrtBinaryLoadFromData(data, 8, &raw const for_cpu, &raw mut cpu)),
        0
    );
    let register = |binary: Raw, named: &mut Raw| {
        acl!(rig.aclrtRegisterCpuFunc(binary, c"run".as_ptr(), c"Sort".as_ptr(), named))
    };
    assert_eq!(register(cpu, &mut named), 0);
    assert_eq!(name_of(&rig, named), "Sort");
    assert_eq!(function(&rig, cpu, c"Sort"), Ok(named));
    let cores = load(&rig, &binary()).unwrap();
    assert_eq!(register(cores, &mut named), 107_000);
    assert_eq!(
        acl!(rig.aclrtBinaryLoadFromData(data, 8, &raw const unknown, &raw mut cpu)),
        107_000
    );
}

#[test]
fn a_file_of_operators_for_processors_is_described_in_json() {
    let rig = Rig::new();
    let path = std::env::temp_dir().join(format!("ascend-mock-{}-ops.json", std::process::id()));
    std::fs::write(&path, r#"{"Sort": {"opInfo": {"functionName": "run"}}}"#).unwrap();
    let load = |path: &Path| {
        let path = CString::new(path.to_str().unwrap()).unwrap();
        let mut binary = NULL;
        let code =
            acl!(rig.aclrtBinaryLoadFromFile(path.as_ptr(), ptr::null_mut(), &raw mut binary));
        (code, binary)
    };
    let (code, binary) = load(&path);
    assert_eq!(code, 0);
    assert!(function(&rig, binary, c"Sort").is_ok());
    assert_eq!(function(&rig, binary, c"Find"), Err(507_027));
    std::fs::write(&path, "[1").unwrap();
    assert_eq!(load(&path).0, 107_000);
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn code_fits_chips_of_its_family() {
    let fits = |chip: &str, other: &CStr| {
        let rig = Rig::bare(MockConfig::default().soc_name(chip));
        let mut fits = 9;
        assert_eq!(
            acl!(rig.aclrtCheckArchCompatibility(other.as_ptr(), &raw mut fits)),
            0
        );
        fits
    };
    assert_eq!(fits("Ascend910B3", c"Ascend910B1"), 1);
    assert_eq!(fits("Ascend910B3", c"Ascend310P3"), 0);
    assert_eq!(fits("Ascend910B3", c"no chip"), 0);
    let rig = Rig::bare(MockConfig::default());
    let mut fits = 9;
    assert_eq!(
        acl!(rig.aclrtCheckArchCompatibility(ptr::null(), &raw mut fits)),
        107_000
    );
}
