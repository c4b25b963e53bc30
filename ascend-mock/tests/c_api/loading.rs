//! Loading models in every way: with memory, with a configuration, with queues.

use std::ffi::{CString, c_void};
use std::fs;
use std::path::{Path, PathBuf};
use std::ptr;

use ascend_graph::om::OmModel;
use ascend_mock::Kind;
use ascend_sys::{
    aclError, aclmdlAttr, aclmdlAttrValue_t, aclmdlConfigAttr as Attr, aclmdlConfigHandle,
    aclmdlExecConfigAttr, aclmdlExecConfigHandle,
};
use bytes::Bytes;

use crate::common::compiled::{Told, dense, numbers, pooled};
use crate::common::models::{bytes, fixed, fixed_for};
use crate::common::{NULL, Raw, Rig, at};

/// A folder of a test's own, gone at its end.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("ascend-mock-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) -> CString {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        text(&path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn text(path: &Path) -> CString {
    CString::new(path.to_str().unwrap()).unwrap()
}

/// Runs `dense` and gives what came out.
pub(crate) fn run(rig: &Rig, id: u32) -> Result<Vec<f32>, aclError> {
    let desc = rig.describe(id);
    let (input, output) = (rig.inputs(desc), rig.outputs(desc));
    rig.put(input, 0, &bytes(&numbers(64)));
    match acl!(rig.aclmdlExecute(id, input, output)) {
        0 => Ok(rig.take(output, 0, 64)),
        code => Err(code),
    }
}

pub(crate) fn expected() -> Vec<f32> {
    let x = numbers(64);
    let weight =
        |row: usize, column: usize| f32::from(u8::try_from((row * 64 + column) % 7).unwrap()) - 3.0;
    let column = |column: usize| -> f32 {
        let sum: f32 = (0..64).map(|row| x[row] * weight(row, column)).sum();
        sum + f32::from(u8::try_from(column).unwrap())
    };
    (0..64).map(column).collect()
}

pub(crate) fn model() -> Bytes {
    Told::shapes("x:1,64").file(&dense())
}

pub(crate) fn sizes(rig: &Rig, file: &[u8]) -> [usize; 2] {
    let (mut work, mut weights) = (0, 0);
    let (start, len) = (file.as_ptr().cast(), file.len());
    let code = acl!(rig.aclmdlQuerySizeFromMem(start, len, &raw mut work, &raw mut weights));
    assert_eq!(code, 0);
    [work, weights]
}

/// SD
#[test]
fn r_232_memory_of_the_programs_own() {
    let rig = Rig::new();
    let file = model();
    let [work_bytes, weight_bytes] = sizes(&rig, &file);
    assert!(work_bytes > 0 && weight_bytes > 0);
    let (work, weights) = (rig.malloc(work_bytes + 32), rig.malloc(weight_bytes));
    let load = |work: Raw, work_bytes, weights: Raw, weight_bytes| {
        let mut id = 0;
        let (start, len) = (file.as_ptr().cast(), file.len());
        let code = acl!(rig.aclmdlLoadFromMemWithMem(
            start,
            len,
            &raw mut id,
            work,
            work_bytes,
            weights,
            weight_bytes
        ));
        (code, id)
    };
    assert_eq!(load(work, work_bytes - 1, weights, weight_bytes).0, 145_000);
    assert_eq!(load(work, work_bytes, weights, weight_bytes - 1).0, 145_000);
    assert_eq!(
        load(at(work, 32), work_bytes, weights, weight_bytes).0,
        145_000,
        "alignment"
    );
    let mut host = vec![0_u64; weight_bytes];
    assert_eq!(
        load(work, work_bytes, host.as_mut_ptr().cast(), weight_bytes * 8).0 / 1000,
        107
    );
    assert_eq!(load(NULL, 0, NULL, 0).0, 0, "both are the device's to find");
    let (code, id) = load(work, work_bytes, weights, weight_bytes);
    assert_eq!(code, 0, "{:?}", rig.message());
    assert_eq!(run(&rig, id), Ok(expected()));
    let om = OmModel::open(&file).unwrap();
    assert_eq!(
        rig.download(weights, weight_bytes),
        om.weights(),
        "the weights are there"
    );
    // Shared by another load of the model.
    let (code, twin) = load(NULL, 0, weights, weight_bytes);
    assert_eq!((code, run(&rig, twin)), (0, Ok(expected())));
    assert_eq!(acl!(rig.aclrtFree(weights)), 0);
    assert_eq!(
        run(&rig, id),
        Err(107_000),
        "the block must outlive the model"
    );
    // From a file.
    let folder = Folder::new("with-mem");
    let path = folder.write("model.om", &file);
    let mut id = 0;
    let load = |path: *const _, id| {
        acl!(rig.aclmdlLoadFromFileWithMem(path, id, work, work_bytes, NULL, 0))
    };
    assert_eq!(load(ptr::null(), &raw mut id), 100_000);
    assert_eq!(load(path.as_ptr(), ptr::null_mut()), 100_000);
    assert_eq!(load(path.as_ptr(), &raw mut id), 0);
    assert_eq!(run(&rig, id), Ok(expected()));
}

/// What the program gives is not taken from the device twice.
#[test]
fn given_memory_is_not_booked_again() {
    let rig = Rig::new();
    let file = model();
    let free = || {
        let (mut free, mut total) = (0, 0);
        let kind = ascend_sys::aclrtMemAttr::ACL_HBM_MEM;
        assert_eq!(
            acl!(rig.aclrtGetMemInfo(kind, &raw mut free, &raw mut total)),
            0
        );
        free
    };
    let [work_bytes, weight_bytes] = sizes(&rig, &file);
    let (work, weights) = (rig.malloc(work_bytes), rig.malloc(weight_bytes));
    let before = free();
    let mut id = 0;
    let (start, len) = (file.as_ptr().cast(), file.len());
    let code = acl!(rig.aclmdlLoadFromMemWithMem(
        start,
        len,
        &raw mut id,
        work,
        work_bytes,
        weights,
        weight_bytes
    ));
    assert_eq!((code, free()), (0, before));
    rig.load(&file);
    assert!(free() < before);
}

/// S
#[test]
fn r_233_queues() {
    let rig = Rig::new();
    let file = fixed();
    let (start, len) = (file.as_ptr().cast(), file.len());
    let queues = [1_u32, 2];
    let mut id = 0;
    let mut load = |inputs: *const u32, input_count, outputs: *const u32, output_count| {
        acl!(rig.aclmdlLoadFromMemWithQ(
            start,
            len,
            &raw mut id,
            inputs,
            input_count,
            outputs,
            output_count
        ))
    };
    let some = queues.as_ptr();
    assert_eq!(load(ptr::null(), 1, some, 1), 100_000);
    assert_eq!(load(some, 1, ptr::null(), 1), 100_000);
    assert_eq!(load(some, 0, some, 1), 100_000);
    assert_eq!(load(some, 2, some, 1), 145_008);
    let code = load(some, 1, some, 1);
    assert!(code != 0 && code != 145_008, "there are no queues: {code}");
    let path = c"no/such.om".as_ptr();
    let code = acl!(rig.aclmdlLoadFromFileWithQ(path, &raw mut id, some, 1, some, 1));
    assert_eq!(code, 145_002);
}

/// A configuration of loading.
pub(crate) struct Config<'r> {
    rig: &'r Rig,
    pub(crate) handle: *mut aclmdlConfigHandle,
}

impl<'r> Config<'r> {
    pub(crate) fn new(rig: &'r Rig) -> Self {
        let handle = acl!(rig.aclmdlCreateConfigHandle());
        assert!(!handle.is_null());
        Self { rig, handle }
    }

    pub(crate) fn set<T: Copy>(&self, attribute: Attr, value: T) -> aclError {
        let (rig, handle) = (self.rig, self.handle);
        let address = (&raw const value).cast::<c_void>();
        acl!(rig.aclmdlSetConfigOpt(handle, attribute, address, size_of::<T>()))
    }

    pub(crate) fn of(self, attribute: Attr, value: usize) -> Self {
        assert_eq!(self.set(attribute, value), 0);
        self
    }

    fn with_memory(self, [work, weights]: [(Raw, usize); 2]) -> Self {
        assert_eq!(self.set(Attr::ACL_MDL_WORKSPACE_ADDR_PTR, work.0), 0);
        assert_eq!(self.set(Attr::ACL_MDL_WEIGHT_ADDR_PTR, weights.0), 0);
        self.of(Attr::ACL_MDL_WORKSPACE_SIZET, work.1)
            .of(Attr::ACL_MDL_WEIGHT_SIZET, weights.1)
    }

    /// Without the number of outputs.
    fn with_queues(self, queues: &[u32]) -> Self {
        assert_eq!(self.set(Attr::ACL_MDL_INPUTQ_ADDR_PTR, queues.as_ptr()), 0);
        assert_eq!(self.set(Attr::ACL_MDL_OUTPUTQ_ADDR_PTR, queues.as_ptr()), 0);
        self.of(Attr::ACL_MDL_INPUTQ_NUM_SIZET, queues.len())
    }

    pub(crate) fn load(&self) -> Result<u32, aclError> {
        let (rig, handle) = (self.rig, self.handle);
        let mut id = 0;
        match acl!(rig.aclmdlLoadWithConfig(handle, &raw mut id)) {
            0 => Ok(id),
            code => Err(code),
        }
    }
}

/// S
#[test]
fn r_234_what_loading_with_a_configuration_needs() {
    let rig = Rig::new();
    let file = model();
    let folder = Folder::new("config");
    let path = folder.write("model.om", &file);
    let [work_bytes, weight_bytes] = sizes(&rig, &file);
    let (work, weights) = (rig.malloc(work_bytes), rig.malloc(weight_bytes));
    let of_type = |kind| Config::new(&rig).of(Attr::ACL_MDL_LOAD_TYPE_SIZET, kind);
    let with_path = |config: Config<'_>| {
        assert_eq!(config.set(Attr::ACL_MDL_PATH_PTR, path.as_ptr()), 0);
        config.load()
    };
    let from_memory = |kind| {
        of_type(kind)
            .of(
                Attr::ACL_MDL_MEM_ADDR_PTR,
                file.as_ptr().expose_provenance(),
            )
            .of(Attr::ACL_MDL_MEM_SIZET, file.len())
    };
    assert_eq!(Config::new(&rig).load(), Err(100_000), "no type");
    assert_eq!(of_type(1).load(), Err(100_000), "no path");
    assert_eq!(of_type(3).load(), Err(100_000), "no memory");
    let half = of_type(3).of(
        Attr::ACL_MDL_MEM_ADDR_PTR,
        file.as_ptr().expose_provenance(),
    );
    assert_eq!(half.load(), Err(100_000), "no size");
    for odd in [0, 7, usize::MAX] {
        assert_eq!(with_path(of_type(odd)), Err(100_000), "type {odd}");
    }
    let both = of_type(1);
    assert_eq!(both.set(Attr::ACL_MDL_WEIGHT_PATH_PTR, path.as_ptr()), 0);
    assert_eq!(
        with_path(both),
        Err(100_000),
        "weights of a file are beside it"
    );
    let loaded = [
        with_path(of_type(1)),
        with_path(of_type(2).with_memory([(work, work_bytes), (weights, weight_bytes)])),
        from_memory(3).load(),
        from_memory(4)
            .with_memory([(work, work_bytes), (weights, weight_bytes)])
            .load(),
    ];
    for id in loaded {
        assert_eq!(run(&rig, id.unwrap()), Ok(expected()));
    }
    let small = from_memory(4)
        .with_memory([(work, work_bytes), (weights, weight_bytes)])
        .of(Attr::ACL_MDL_WORKSPACE_SIZET, work_bytes - 1);
    assert_eq!(small.load(), Err(145_000));
    // By queues.
    let queues = [1_u32];
    assert_eq!(
        from_memory(6).with_queues(&queues).load(),
        Err(100_000),
        "no number of outputs"
    );
    let two = from_memory(6)
        .with_queues(&queues)
        .of(Attr::ACL_MDL_OUTPUTQ_NUM_SIZET, 2);
    assert_eq!(two.load(), Err(145_008));
}

/// S
#[test]
fn r_235_attributes_of_a_configuration() {
    let rig = Rig::new();
    let config = Config::new(&rig);
    let handle = config.handle;
    let value = 1_usize;
    let address = (&raw const value).cast();
    let set = |handle, attribute, address, bytes| {
        acl!(rig.aclmdlSetConfigOpt(handle, attribute, address, bytes))
    };
    let kind = Attr::ACL_MDL_LOAD_TYPE_SIZET;
    assert_eq!(set(ptr::null_mut(), kind, address, 8), 100_000);
    assert_eq!(set(handle, kind, ptr::null(), 8), 100_000);
    assert_eq!(set(handle, kind, address, 4), 100_000, "wrong size");
    assert_eq!(set(handle, Attr(1000), address, 8), 100_000, "unknown");
    let priority = Attr::ACL_MDL_PRIORITY_INT32;
    for (value, code) in [(0_i32, 0), (7, 0), (8, 100_000), (-1, 100_000)] {
        assert_eq!(config.set(priority, value), code, "priority {value}");
    }
    assert_eq!(
        config.set(Attr::ACL_MDL_WORKSPACE_MEM_OPTIMIZE, 2_usize),
        100_000
    );
    assert_eq!(config.set(Attr::ACL_MDL_WORKSPACE_MEM_OPTIMIZE, 1_usize), 0);
    assert_eq!(
        config.set(Attr::ACL_MDL_WITHOUT_GRAPH_INT32, 2_i32),
        100_000
    );
    assert_eq!(
        config.set(Attr::ACL_MDL_PATH_PTR, ptr::null::<u8>()),
        100_000
    );
    // The path is copied.
    let path = CString::new("/no/such.om").unwrap();
    assert_eq!(config.set(Attr::ACL_MDL_PATH_PTR, path.as_ptr()), 0);
    drop(path);
    assert_eq!(config.set(kind, 1_usize), 0);
    assert_eq!(config.load(), Err(145_002));
    assert_eq!(rig.lease.ledger().count(Kind::LoadConfig), 1);
    assert_eq!(acl!(rig.aclmdlDestroyConfigHandle(handle)), 0);
    assert_eq!(acl!(rig.aclmdlDestroyConfigHandle(handle)), 107_017);
    assert_eq!(
        acl!(rig.aclmdlDestroyConfigHandle(ptr::null_mut())),
        100_000
    );
}

/// S
#[test]
fn a_model_has_a_priority() {
    let rig = Rig::new();
    let file = fixed();
    let config = Config::new(&rig)
        .of(Attr::ACL_MDL_LOAD_TYPE_SIZET, 3)
        .of(
            Attr::ACL_MDL_MEM_ADDR_PTR,
            file.as_ptr().expose_provenance(),
        )
        .of(Attr::ACL_MDL_MEM_SIZET, file.len());
    assert_eq!(config.set(Attr::ACL_MDL_PRIORITY_INT32, 5_i32), 0);
    let id = config.load().unwrap();
    let attribute = aclmdlAttr::ACL_MDL_ATTR_PRIORITY_INT32;
    let get = || {
        let mut value = aclmdlAttrValue_t { mdlPriority: 9 };
        let code = acl!(rig.aclmdlGetAttribute(id, attribute, &raw mut value));
        // SAFETY: every bit pattern is a number.
        (code, unsafe { value.mdlPriority })
    };
    let set = |id, attribute, priority| {
        let mut value = aclmdlAttrValue_t {
            mdlPriority: priority,
        };
        acl!(rig.aclmdlSetAttribute(id, attribute, &raw mut value))
    };
    assert_eq!(get(), (0, 5));
    assert_eq!(set(id, attribute, 2), 0);
    assert_eq!(get(), (0, 2));
    assert_eq!(set(id, attribute, 8), 100_000);
    assert_eq!(set(id, aclmdlAttr(3), 1), 100_000);
    assert_eq!(set(id + 1, attribute, 1), 145_003);
    assert_eq!(
        acl!(rig.aclmdlSetAttribute(id, attribute, ptr::null_mut())),
        100_000
    );
}

/// S
#[test]
fn r_259_running_with_a_configuration() {
    let rig = Rig::new();
    let id = rig.load(&fixed());
    let config: *mut aclmdlExecConfigHandle = acl!(rig.aclmdlCreateExecConfigHandle());
    let set = |attribute, value: i32| {
        let address = (&raw const value).cast();
        acl!(rig.aclmdlSetExecConfigOpt(config, attribute, address, 4))
    };
    let stream_timeout = aclmdlExecConfigAttr::ACL_MDL_STREAM_SYNC_TIMEOUT;
    assert_eq!(set(stream_timeout, -2), 100_000);
    assert_eq!(set(aclmdlExecConfigAttr::ACL_MDL_EVENT_SYNC_TIMEOUT, -1), 0);
    assert_eq!(
        set(aclmdlExecConfigAttr::ACL_MDL_WORK_SIZET, 4),
        100_000,
        "takes 8 bytes"
    );
    assert_eq!(set(aclmdlExecConfigAttr(99), 4), 100_000);
    let (input, output) = (rig.input(&numbers(64)), rig.empty());
    let expected: Vec<f32> = numbers(64).iter().map(|x| (x - 1.0).max(0.0)).collect();
    let stream = made!(rig.aclrtCreateStream());
    let run = |stream: Raw, output, config: *const _| {
        acl!(rig.aclmdlExecuteV2(id, input, output, stream, config))
    };
    assert_eq!(run(stream, output, ptr::null()), 100_000);
    for stream in [NULL, stream] {
        let output = rig.empty();
        assert_eq!(run(stream, output, config), 0);
        assert_eq!(rig.output(output), expected);
        // Outputs without memory get some.
        let output = rig.dataset(NULL, 0);
        assert_eq!(run(stream, output, config), 0);
        assert_eq!(rig.output(output), expected);
    }
    assert_eq!(set(stream_timeout, 20), 0);
    let gate = rig.block(stream);
    let code = run(stream, output, config);
    assert_eq!(code, 507_046, "the stream is not done in time");
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 0);
    // The queued form.
    let queue = |stream: Raw, config: *const _| {
        acl!(rig.aclmdlExecuteAsyncV2(id, input, output, stream, config))
    };
    assert_eq!(queue(NULL, config), 100_000);
    assert_eq!(queue(stream, ptr::null()), 100_000);
    assert_eq!(queue(stream, config), 0);
    assert_eq!(rig.synchronize(stream), 0);
    assert_eq!(rig.output(output), expected);
    assert_eq!(acl!(rig.aclmdlDestroyExecConfigHandle(config)), 0);
    assert_eq!(run(stream, output, config), 107_017);
}

#[test]
fn our_models_run_under_the_name_of_any_chip() {
    let rig = Rig::with(ascend_mock::MockConfig::default().soc_name("Ascend310P3"));
    assert_eq!(run(&rig, rig.load(&model())), Ok(expected()));
    let id = rig.load(&fixed_for("Ascend310P3", "1"));
    assert_eq!(
        run(&rig, id),
        Err(500_002),
        "code for the chip itself is not run"
    );
}

/// What only the lite runtime has is there, and says that it is not supported.
#[test]
fn what_is_not_supported_says_so() {
    let rig = Rig::new();
    let mut desc = ascend_sys::aclmdlExeOMDesc::default();
    assert_eq!(
        acl!(rig.aclmdlQueryExeOMDesc(ptr::null(), &raw mut desc)),
        100_000
    );
    let code = acl!(rig.aclmdlQueryExeOMDesc(c"model.om".as_ptr(), &raw mut desc));
    assert!(code != 0 && code != 100_000);
}

/// Several outputs, one of which is a scalar.
#[test]
fn a_model_may_have_several_outputs() {
    let rig = Rig::new();
    let id = rig.load(&Told::shapes("x:1,3,4,6").file(&pooled()));
    let desc = rig.describe(id);
    assert_eq!(acl!(rig.aclmdlGetNumOutputs(desc)), 2);
    assert_eq!(acl!(rig.aclmdlGetOutputSizeByIndex(desc, 1)), 4);
    let (input, output) = (rig.inputs(desc), rig.outputs(desc));
    rig.put(input, 0, &bytes(&numbers(72)));
    rig.put(input, 1, &bytes(&[100.0]));
    assert_eq!(acl!(rig.aclmdlExecute(id, input, output)), 0);
    let most = numbers(72).into_iter().fold(f32::MIN, f32::max);
    assert_eq!(rig.take(output, 1, 1), [most]);
    let y = rig.take(output, 0, 18);
    let most_of_y = y.into_iter().fold(f32::MIN, f32::max);
    assert!((most_of_y - most - 100.0).abs() < 1e-4);
}
