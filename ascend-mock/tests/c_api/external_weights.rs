//! Models with their weights in files beside them, or in memory.

use std::ffi::{CStr, CString};
use std::ptr;

use ascend_graph::om::{OmModel, WeightFiles};
use ascend_sys::aclmdlConfigAttr as Attr;
use bytes::Bytes;

use crate::common::compiled::{Told, dense};
use crate::common::{NULL, Rig};
use crate::loading::{Config, Folder, expected, run, text};

fn outside(files: WeightFiles) -> (Bytes, Vec<(String, Vec<u8>)>) {
    let told = Told {
        files,
        ..Told::shapes("x:1,64")
    };
    let (file, summary) = told.compile(&dense()).unwrap();
    let files = summary.weight_files.into_iter();
    (
        file,
        files
            .map(|(name, bytes)| (name, bytes.to_bytes().to_vec()))
            .collect(),
    )
}

#[test]
fn weights_lie_in_files_beside_the_model() {
    let rig = Rig::new();
    for (kind, count) in [(WeightFiles::Each, 2), (WeightFiles::One, 1)] {
        let (file, weights) = outside(kind);
        assert_eq!(weights.len(), count);
        assert!(weights.iter().all(|(_, bytes)| bytes.len() % 32 == 0));
        let om = OmModel::open(&file).unwrap();
        assert_eq!((om.weight_bytes(), om.weights().len()), (0, 0));
        assert!(
            file.len() < 9000,
            "the weights are not in the file too: {}",
            file.len()
        );
        let folder = Folder::new(&format!("outside-{count}"));
        let path = folder.write("model.om", &file);
        let load = |path: &CStr| {
            let mut id = 0;
            match acl!(rig.aclmdlLoadFromFile(path.as_ptr(), &raw mut id)) {
                0 => Ok(id),
                code => Err(code),
            }
        };
        assert_eq!(load(&path), Err(145_002), "the files are missing");
        for (name, bytes) in &weights {
            folder.write(&format!("weight/{name}"), bytes);
        }
        assert_eq!(run(&rig, load(&path).unwrap()), Ok(expected()));
        // From memory, with the folder named.
        let config = || {
            Config::new(&rig)
                .of(Attr::ACL_MDL_LOAD_TYPE_SIZET, 3)
                .of(
                    Attr::ACL_MDL_MEM_ADDR_PTR,
                    file.as_ptr().expose_provenance(),
                )
                .of(Attr::ACL_MDL_MEM_SIZET, file.len())
        };
        assert_eq!(config().load(), Err(145_002), "no folder is known");
        let named = config();
        let weight_folder = text(&folder.0.join("weight"));
        assert_eq!(
            named.set(Attr::ACL_MDL_WEIGHT_PATH_PTR, weight_folder.as_ptr()),
            0
        );
        assert_eq!(run(&rig, named.load().unwrap()), Ok(expected()));
        // A file that is cut short.
        let (name, bytes) = &weights[0];
        folder.write(&format!("weight/{name}"), &bytes[..bytes.len() / 2]);
        assert_eq!(load(&path), Err(545_003));
    }
}

/// S
#[test]
fn r_236_weights_outside_may_lie_in_memory() {
    let rig = Rig::new();
    let (file, weights) = outside(WeightFiles::Each);
    let config = Config::new(&rig)
        .of(Attr::ACL_MDL_LOAD_TYPE_SIZET, 3)
        .of(
            Attr::ACL_MDL_MEM_ADDR_PTR,
            file.as_ptr().expose_provenance(),
        )
        .of(Attr::ACL_MDL_MEM_SIZET, file.len());
    let set = |name: *const _, address, bytes| {
        acl!(rig.aclmdlSetExternalWeightAddress(config.handle, name, address, bytes))
    };
    let memory = rig.malloc(64);
    assert_eq!(set(ptr::null(), memory, 64), 100_000);
    assert_eq!(set(c"x".as_ptr(), NULL, 64), 100_000);
    assert_eq!(set(c"x".as_ptr(), memory, 0), 100_000);
    assert_eq!(set(c"x".as_ptr(), memory, 33), 100_000);
    for (name, bytes) in &weights {
        let memory = rig.malloc(bytes.len());
        rig.upload(memory, bytes);
        let name = CString::new(name.as_str()).unwrap();
        assert_eq!(set(name.as_ptr(), memory, bytes.len()), 0);
    }
    assert_eq!(run(&rig, config.load().unwrap()), Ok(expected()));
}

#[test]
fn a_weight_may_not_lead_out_of_its_folder() {
    let (file, weights) = outside(WeightFiles::One);
    let name = weights[0].0.as_bytes();
    let mut file = file.to_vec();
    let at = file
        .windows(name.len())
        .position(|window| window == name)
        .unwrap();
    file[at..at + 3].copy_from_slice(b"../");
    let rig = Rig::new();
    let folder = Folder::new("leading-out");
    let path = folder.write("model.om", &file);
    let mut id = 0;
    assert_eq!(
        acl!(rig.aclmdlLoadFromFile(path.as_ptr(), &raw mut id)),
        145_002
    );
    assert!(rig.message().unwrap().contains("is no plain file name"));
}
