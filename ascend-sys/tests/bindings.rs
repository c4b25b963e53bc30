//! The checked-in bindings are what bindgen makes of the header, and hold what callers need.

use ascend_sys::{
    AclApi, AclnnApi, AclnnBaseApi, CblasApi, DumpApi, DvppApi, FvApi, OpCompilerApi, PlatformApi,
    ProfApi, SuperKernelApi, TdtApi, aclmdlIODims, aclrtMemcpyKind,
};

#[cfg(feature = "bindgen")]
#[test]
fn generated_again_they_are_the_same() {
    if env!("ASCEND_SYS_HEADERS") != "own" {
        println!(
            "skipped: the bindings were made from {}",
            env!("ASCEND_SYS_HEADERS")
        );
        return;
    }
    let checked_in = include_str!("../src/bindings.rs");
    let generated = include_str!(concat!(env!("OUT_DIR"), "/bindings.rs"));
    assert!(
        checked_in == generated,
        "src/bindings.rs is not what the header gives: copy {} over it",
        concat!(env!("OUT_DIR"), "/bindings.rs")
    );
}

/// The functions that a header declares.
fn declared(header: &str) -> Vec<&str> {
    header
        .lines()
        .filter(|line| line.ends_with(");") && !line.starts_with("typedef"))
        .filter_map(|line| line.split('(').next()?.rsplit([' ', '*']).next())
        .filter(|name| *name != "aclAppLog")
        .collect()
}

macro_rules! tables_match_headers {
    ($($api:ident: $header:literal, $count:literal;)*) => {
        #[test]
        fn the_tables_name_every_function_of_their_headers() {
            $(
                let names = declared(include_str!(concat!("../include/", $header)));
                assert_eq!(names, $api::SYMBOLS, "{}", $header);
                assert_eq!($api::SYMBOLS.len(), $count, "{}", $header);
                assert_eq!($api::EMPTY.missing().count(), $count, "{}", $header);
            )*
        }
    };
}

tables_match_headers! {
    AclApi: "ascendcl.h", 562;
    OpCompilerApi: "acl_op_compiler.h", 10;
    CblasApi: "acl_cblas.h", 12;
    TdtApi: "acl_tdt.h", 60;
    ProfApi: "acl_prof.h", 38;
    DumpApi: "acl_dump.h", 5;
    DvppApi: "acl_dvpp.h", 177;
    FvApi: "acl_fv.h", 21;
    PlatformApi: "acl_platform.h", 2;
    SuperKernelApi: "super_kernel.h", 3;
    AclnnBaseApi: "aclnn_base.h", 45;
    AclnnApi: "aclnn_ops.h", 686;
}

#[test]
fn an_empty_table_names_the_missing_function_and_its_library() {
    // SAFETY: the table is empty, nothing is called.
    let error = unsafe { AclApi::EMPTY.aclInit(std::ptr::null()) }.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the loaded Ascend libraries have no function aclInit (it is in libascendcl.so, from 8.5 \
         on also libacl_rt.so; since CANN 8.1 or earlier)"
    );
    // SAFETY: as above.
    let error = unsafe { AclnnBaseApi::EMPTY.aclnnFinalize() }.unwrap_err();
    assert!(error.to_string().contains("in libnnopbase.so;"), "{error}");
}

#[test]
fn layouts_are_those_of_the_c_header() {
    assert_eq!(size_of::<aclmdlIODims>(), 1160);
    assert_eq!(std::mem::offset_of!(aclmdlIODims, dims), 136);
    assert_eq!(aclrtMemcpyKind::ACL_MEMCPY_DEVICE_TO_HOST.0, 2);
}
