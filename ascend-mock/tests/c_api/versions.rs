//! Versions of installed packages.

use std::ffi::{CString, c_char};
use std::path::PathBuf;
use std::{fs, ptr};

use ascend_mock::MockConfig;
use ascend_sys::{aclCANNPackageName, aclCANNPackageVersion, aclError};

use crate::attributes::text;
use crate::common::Rig;

/// A folder such as a toolkit is installed to.
struct Toolkit(PathBuf);

impl Toolkit {
    fn new(packages: &[(&str, &str)]) -> Self {
        let root = std::env::temp_dir().join(format!("ascend-mock-{}-cann", std::process::id()));
        for (name, info) in packages {
            let folder = root.join("share/info").join(name);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("version.info"), info).unwrap();
        }
        Self(root)
    }
}

impl Drop for Toolkit {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// S, with
#[test]
fn r_045_versions_of_packages_are_read_where_they_are_installed() {
    let toolkit = Toolkit::new(&[
        ("runtime", "# built\nVersion=9.1.0-beta.2\nother=1\n"),
        ("bisheng_compiler", "Version=9.1.0\n"),
        ("hccl", "Version=nine\n"),
        ("empty", "nothing\n"),
    ]);
    let rig = Rig::bare(MockConfig::default().toolkit_home(&toolkit.0));
    let version = |package: &str| -> Result<String, aclError> {
        let package = CString::new(package).unwrap();
        let mut version = [0 as c_char; 128];
        match acl!(rig.aclsysGetVersionStr(package.as_ptr().cast_mut(), version.as_mut_ptr())) {
            0 => Ok(text(&version).to_owned()),
            code => Err(code),
        }
    };
    let number = |package: &str| -> Result<i32, aclError> {
        let (package, mut number) = (CString::new(package).unwrap(), 9);
        match acl!(rig.aclsysGetVersionNum(package.as_ptr().cast_mut(), &raw mut number)) {
            0 => Ok(number),
            code => Err(code),
        }
    };
    assert_eq!(version("runtime").as_deref(), Ok("9.1.0-beta.2"));
    assert_eq!(version("bisheng-compiler").as_deref(), Ok("9.1.0"));
    assert_eq!(version("nothing"), Err(100_003));
    assert_eq!(version("empty"), Err(100_003));
    assert_eq!(version("../info/runtime"), Err(100_003));
    assert_eq!(number("runtime"), Ok(90_099_802));
    assert_eq!(number("hccl"), Err(500_000));
    let mut parts = aclCANNPackageVersion {
        version: [1; 128],
        majorVersion: [1; 64],
        minorVersion: [1; 64],
        releaseVersion: [1; 64],
        patchVersion: [1; 64],
        reserved: [1; 128],
    };
    let cann = aclCANNPackageName::ACL_PKG_NAME_CANN;
    assert_eq!(acl!(rig.aclsysGetCANNVersion(cann, &raw mut parts)), 0);
    assert_eq!(text(&parts.version), "9.1.0.beta2");
    assert_eq!(
        (text(&parts.majorVersion), text(&parts.patchVersion)),
        ("9", "beta2")
    );
    let opp = aclCANNPackageName::ACL_PKG_NAME_OPP;
    for (code, expected) in [
        (acl!(rig.aclsysGetCANNVersion(opp, &raw mut parts)), 100_003),
        (
            acl!(rig.aclsysGetCANNVersion(aclCANNPackageName(8), &raw mut parts)),
            100_000,
        ),
        (
            acl!(rig.aclsysGetCANNVersion(cann, ptr::null_mut())),
            100_000,
        ),
        (
            acl!(rig.aclsysGetVersionStr(ptr::null_mut(), ptr::dangling_mut())),
            100_000,
        ),
        (
            acl!(rig.aclsysGetVersionNum(ptr::null_mut(), ptr::dangling_mut())),
            100_000,
        ),
    ] {
        assert_eq!(code, expected);
    }
    // The root variable is not set.
    let bare = Rig::bare(MockConfig::default());
    assert_eq!(
        acl!(bare.aclsysGetCANNVersion(cann, &raw mut parts)),
        100_003
    );
}
