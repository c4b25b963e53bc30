//! The checked-in bindings are what bindgen makes of the header, and hold what callers need.

use ascend_sys::{AclApi, aclmdlIODims, aclrtMemcpyKind};

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

#[test]
fn the_table_names_every_function_of_the_header() {
    let header = include_str!("../include/ascendcl.h");
    let declared: Vec<&str> = header
        .lines()
        .filter(|line| line.ends_with(");") && !line.starts_with("typedef"))
        .filter_map(|line| line.split('(').next()?.rsplit([' ', '*']).next())
        .filter(|name| *name != "aclAppLog")
        .collect();
    assert!(declared.len() > 500, "{} functions", declared.len());
    assert_eq!(declared, AclApi::SYMBOLS);
}

#[test]
fn an_empty_table_names_the_missing_function() {
    assert_eq!(AclApi::EMPTY.missing().count(), AclApi::SYMBOLS.len());
    // SAFETY: the table is empty, nothing is called.
    let error = unsafe { AclApi::EMPTY.aclInit(std::ptr::null()) }.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the loaded Ascend libraries have no function aclInit"
    );
}

#[test]
fn layouts_are_those_of_the_c_header() {
    assert_eq!(size_of::<aclmdlIODims>(), 1160);
    assert_eq!(std::mem::offset_of!(aclmdlIODims, dims), 136);
    assert_eq!(aclrtMemcpyKind::ACL_MEMCPY_DEVICE_TO_HOST.0, 2);
}
