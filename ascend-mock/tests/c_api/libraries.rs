//! All tables of C functions, whatever they are for.

#![allow(
    clippy::option_option,
    clippy::unnecessary_wraps,
    reason = "a type may be an `Option` itself, and all have one form"
)]

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ptr;

use ascend_mock::MockConfig;
use ascend_sys::*;

use crate::common::Rig;

#[test]
fn every_table_has_every_function() {
    let rig = Rig::new();
    let lease = &rig.lease;
    let missing: Vec<&str> = rig
        .api
        .missing()
        .chain(lease.op_compiler().missing())
        .chain(lease.cblas().missing())
        .chain(lease.tdt().missing())
        .chain(lease.prof().missing())
        .chain(lease.dump().missing())
        .chain(lease.dvpp().missing())
        .chain(lease.fv().missing())
        .chain(lease.platform().missing())
        .chain(lease.super_kernel().missing())
        .chain(lease.aclnn_base().missing())
        .chain(lease.aclnn().missing())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_table_of_the_manual_counts_right() {
    let manual = include_str!("../../../docs/cpu-device.md");
    let counts = [
        ("`libascendcl`", AclApi::SYMBOLS.len()),
        ("`libacl_op_compiler`", OpCompilerApi::SYMBOLS.len()),
        ("`libacl_cblas`", CblasApi::SYMBOLS.len()),
        (
            "`libacl_tdt_channel`, `libacl_tdt_queue`",
            TdtApi::SYMBOLS.len(),
        ),
        ("`libmsprofiler`", ProfApi::SYMBOLS.len()),
        ("`libascend_dump`", DumpApi::SYMBOLS.len()),
        ("`libacl_dvpp`", DvppApi::SYMBOLS.len()),
        ("`libacl_retr`", FvApi::SYMBOLS.len()),
        ("`libplatform`", PlatformApi::SYMBOLS.len()),
        ("`libascendsk`", SuperKernelApi::SYMBOLS.len()),
        ("`libnnopbase`", AclnnBaseApi::SYMBOLS.len()),
        ("`libopapi` and its parts", AclnnApi::SYMBOLS.len()),
    ];
    for (library, count) in counts {
        let row = format!("| {library} | {count} |");
        assert!(manual.contains(&row), "{row}");
    }
}

/// Finds out whether a type has a NULL.
struct Probe<T>(PhantomData<T>);

/// What the types have that are no pointers.
trait NoNull<T> {
    fn null(&self) -> Option<T>;
}

impl<T> NoNull<T> for Probe<T> {
    fn null(&self) -> Option<T> {
        None
    }
}

// Methods of a type's own come before those of a trait.
impl<T> Probe<*mut T> {
    #[allow(clippy::unused_self, reason = "as in the trait")]
    fn null(&self) -> Option<*mut T> {
        Some(ptr::null_mut())
    }
}

impl<T> Probe<*const T> {
    #[allow(clippy::unused_self, reason = "as in the trait")]
    fn null(&self) -> Option<*const T> {
        Some(ptr::null())
    }
}

impl<T> Probe<Option<T>> {
    #[allow(clippy::unused_self, reason = "as in the trait")]
    fn null(&self) -> Option<Option<T>> {
        Some(None)
    }
}

/// For each function whose parameters are all pointers, a call with NULL for each of them.
macro_rules! calls {
    ($(
        $(#[$meta:meta])*
        pub fn $name:ident($($argument:ident : $kind:ty),* $(,)?) $(-> $result:ty)?;
    )*) => {
        pub(super) fn calls() -> Vec<(&'static str, fn(&Rig) -> bool)> {
            vec![$((stringify!($name), |rig: &Rig| {
                let names: &[&str] = &[$(stringify!($argument)),*];
                if names.is_empty() {
                    return false;
                }
                #[allow(irrefutable_let_patterns, reason = "of functions without parameters")]
                if let ($(Some($argument),)*) = ($(Probe::<$kind>(PhantomData).null(),)*) {
                    // SAFETY: the device must refuse NULL, or take it for nothing.
                    let _ = unsafe { table(rig).$name($($argument),*) }.unwrap();
                    return true;
                }
                false
            }),)*]
        }
    };
}

macro_rules! tables {
    ($($module:ident: $api:ident of $signatures:ident by $table:expr;)*) => {
        $(mod $module {
            use super::*;

            fn table(rig: &Rig) -> $api {
                let table: fn(&Rig) -> $api = $table;
                table(rig)
            }

            $signatures!(calls);
        })*

        fn all_calls() -> Vec<(&'static str, fn(&Rig) -> bool)> {
            [$($module::calls()),*].concat()
        }
    };
}

tables! {
    acl: AclApi of acl_functions by |rig| rig.api;
    op_compiler: OpCompilerApi of op_compiler_functions by |rig| rig.lease.op_compiler();
    cblas: CblasApi of cblas_functions by |rig| rig.lease.cblas();
    tdt: TdtApi of tdt_functions by |rig| rig.lease.tdt();
    prof: ProfApi of prof_functions by |rig| rig.lease.prof();
    dump: DumpApi of dump_functions by |rig| rig.lease.dump();
    dvpp: DvppApi of dvpp_functions by |rig| rig.lease.dvpp();
    fv: FvApi of fv_functions by |rig| rig.lease.fv();
    platform: PlatformApi of platform_functions by |rig| rig.lease.platform();
    super_kernel: SuperKernelApi of super_kernel_functions by |rig| rig.lease.super_kernel();
    aclnn_base: AclnnBaseApi of aclnn_base_functions by |rig| rig.lease.aclnn_base();
    aclnn: AclnnApi of aclnn_functions by |rig| rig.lease.aclnn();
}

/// The functions that take NULL, and what for.
const TAKE_NULL: &[(&str, &str)] = &[
    ("aclDestroyTensorDesc", "nothing to destroy"),
    ("aclFinalizeReference", "the count is not asked for"),
    ("aclnnInit", "no configuration"),
    (
        "aclrtDeviceGetStreamPriorityRange",
        "neither end is asked for",
    ),
    ("aclrtDeviceL2CacheFlush", "the default stream"),
    ("aclrtResetFloatOverflowStatus", "the default stream"),
    ("aclrtResetOverflowStatus", "the default stream"),
    ("aclrtResetStreamResLimit", "the default stream"),
    ("aclrtSetExceptionInfoCallback", "no callback any more"),
    ("aclrtSynchronizeStream", "the default stream"),
    ("aclrtUnuseStreamResInCurrentThread", "the default stream"),
    ("aclrtUseStreamResInCurrentThread", "the default stream"),
];

#[test]
fn no_function_takes_null_for_what_it_needs() {
    let mut exceptions: BTreeMap<&str, &str> = TAKE_NULL.iter().copied().collect();
    let (mut called, mut taken) = (0, Vec::new());
    for (name, call) in all_calls() {
        let rig = Rig::with(MockConfig::default().record_calls(true));
        let before = rig.lease.calls().len();
        if !call(&rig) {
            continue;
        }
        called += 1;
        let calls = rig.lease.calls();
        assert_eq!(calls.len(), before + 1, "{name}");
        let code = calls.last().unwrap().code;
        if (code == 0) != exceptions.remove(name).is_some() {
            taken.push((name, code));
        }
        assert!(code == 0 || rig.message().is_some(), "{name}");
    }
    assert!(taken.is_empty(), "{taken:#?}");
    assert!(exceptions.is_empty(), "{exceptions:?}");
    // Of what has pointers only, nothing is left out.
    assert!(called > 300, "{called}");
}

#[test]
fn operators_check_what_they_are_given() {
    let rig = Rig::new();
    let (base, ops) = (rig.lease.aclnn_base(), rig.lease.aclnn());
    let (base, ops) = (
        crate::common::Library { api: base },
        crate::common::Library { api: ops },
    );
    let (dims, float) = ([2_i64, 3], aclDataType::ACL_FLOAT);
    let (format, none) = (aclFormat::ACL_FORMAT_ND, ptr::null());
    let data = rig.malloc(24);
    let tensor = acl!(base.aclCreateTensor(
        dims.as_ptr(),
        2,
        float,
        none,
        0,
        format,
        dims.as_ptr(),
        2,
        data
    ));
    let (mut size, mut executor) = (7, ptr::null_mut());
    let (bytes, made) = (&raw mut size, &raw mut executor);
    let nothing = ptr::null_mut();
    assert_eq!(
        acl!(ops.aclnnAbsGetWorkspaceSize(tensor, tensor, nothing, made)),
        161_001
    );
    assert_eq!(
        acl!(ops.aclnnAbsGetWorkspaceSize(ptr::null(), tensor, bytes, made)),
        161_001
    );
    let (pair, list) = ([tensor.cast_const(); 1], rig.malloc(8));
    assert_eq!(
        acl!(ops.aclnnAbsGetWorkspaceSize(list.cast(), tensor, bytes, made)),
        161_002
    );
    assert_eq!(
        acl!(ops.aclnnAbsGetWorkspaceSize(tensor, tensor, bytes, made)),
        200_001
    );
    assert_eq!(
        acl!(ops.aclnnAbs(crate::common::NULL, 0, nothing.cast(), crate::common::NULL)),
        161_001
    );
    assert_eq!(
        acl!(ops.aclnnAbs(crate::common::NULL, 0, list.cast(), crate::common::NULL)),
        161_002
    );
    assert_eq!((size, executor), (7, ptr::null_mut()));
    let all = acl!(base.aclCreateTensorList(pair.as_ptr(), 1));
    assert_eq!(acl!(base.aclDestroyTensorList(all)), 0);
    // The list owned it.
    assert_eq!(
        acl!(ops.aclnnAbsGetWorkspaceSize(tensor, tensor, bytes, made)),
        161_002
    );
}
