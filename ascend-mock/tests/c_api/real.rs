//! Files of Huawei's compilers: they load, answer every query, and do not run.

use std::ffi::CStr;
use std::fs;
use std::path::PathBuf;

use ascend_sys::{
    aclDataType, aclFormat, aclmdlBatch, aclmdlDesc, aclmdlHW, aclmdlIODims, aclmdlIODimsRange,
    aclmdlInputAippType,
};

use crate::common::{NULL, Rig};

fn files() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/fixtures/om");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: {} is not there", folder.display());
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|extension| extension == "om"));
    paths
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

fn iodims() -> aclmdlIODims {
    aclmdlIODims {
        name: [0; 128],
        dimCount: 0,
        dims: [0; 128],
    }
}

#[test]
fn real_files_answer_every_query_and_do_not_run() {
    let rig = Rig::new();
    let mut loaded = 0;
    for (path, file) in files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut id = 0;
        let (start, len) = (file.as_ptr().cast(), file.len());
        let code = acl!(rig.aclmdlLoadFromMem(start, len, &raw mut id));
        if name.contains("flow") {
            assert_eq!(code, 500_002, "several models that feed each other");
            continue;
        }
        assert_eq!(code, 0, "{name}: {:?}", rig.message());
        loaded += 1;
        let (mut work, mut weights) = (0, 0);
        let code = acl!(rig.aclmdlQuerySizeFromMem(start, len, &raw mut work, &raw mut weights));
        assert!(matches!(code, 0 | 500_002), "{name}: {code}");
        let desc = rig.describe(id);
        let inputs = acl!(rig.aclmdlGetNumInputs(desc));
        let outputs = acl!(rig.aclmdlGetNumOutputs(desc));
        assert!(inputs > 0 && outputs > 0, "{name}");
        let (input, output) = (
            acl!(rig.aclmdlCreateDataset()),
            acl!(rig.aclmdlCreateDataset()),
        );
        for index in 0..inputs {
            ask_about_input(&rig, (id, desc, index), &name);
            rig.add(input, acl!(rig.aclmdlGetInputSizeByIndex(desc, index)));
        }
        for index in 0..outputs {
            let mut dims = iodims();
            assert_eq!(
                acl!(rig.aclmdlGetOutputDims(desc, index, &raw mut dims)),
                0,
                "{name}"
            );
            let code = acl!(rig.aclmdlGetCurOutputDims(desc, index, &raw mut dims));
            assert!(matches!(code, 0 | 200_001), "{name}: {code}");
            rig.add(output, acl!(rig.aclmdlGetOutputSizeByIndex(desc, index)));
        }
        let mut batch = aclmdlBatch {
            batchCount: 9,
            batch: [0; 128],
        };
        let mut sizes = aclmdlHW {
            hwCount: 9,
            hw: [[0; 2]; 128],
        };
        assert_eq!(acl!(rig.aclmdlGetDynamicBatch(desc, &raw mut batch)), 0);
        assert_eq!(
            acl!(rig.aclmdlGetDynamicHW(desc, usize::MAX, &raw mut sizes)),
            0
        );
        assert_eq!((batch.batchCount, sizes.hwCount), (0, 0), "{name}");
        let attribute = c"_datadump_original_op_names".as_ptr();
        let names = acl!(rig.aclmdlGetOpAttr(desc, c"no such operator".as_ptr(), attribute));
        // SAFETY: the device gives texts that end with a zero byte.
        assert_eq!(unsafe { CStr::from_ptr(names) }, c"");
        assert_eq!(
            acl!(rig.aclmdlExecute(id, input, output)),
            500_002,
            "{name}"
        );
        let text = rig.message().unwrap();
        assert!(text.contains("holds device code for SoC"), "{name}: {text}");
        assert_eq!(
            acl!(rig.aclmdlExecuteAsync(id, input, output, NULL)),
            500_002,
            "{name}"
        );
        assert_eq!(acl!(rig.aclmdlUnload(id)), 0);
    }
    if loaded > 0 {
        assert!(loaded > 10, "{loaded} files");
    }
}

fn ask_about_input(rig: &Rig, (id, desc, index): (u32, *mut aclmdlDesc, usize), name: &str) {
    let mut dims = iodims();
    assert_eq!(
        acl!(rig.aclmdlGetInputDims(desc, index, &raw mut dims)),
        0,
        "{name}"
    );
    assert_eq!(
        acl!(rig.aclmdlGetInputDimsV2(desc, index, &raw mut dims)),
        0,
        "{name}"
    );
    assert_ne!(
        acl!(rig.aclmdlGetInputDataType(desc, index)),
        aclDataType::ACL_DT_UNDEFINED,
        "{name}"
    );
    let format = acl!(rig.aclmdlGetInputFormat(desc, index));
    assert_ne!(format, aclFormat::ACL_FORMAT_UNDEFINED, "{name}");
    let mut range = aclmdlIODimsRange {
        rangeCount: 0,
        range: [[0; 2]; 128],
    };
    assert_eq!(
        acl!(rig.aclmdlGetInputDimsRange(desc, index, &raw mut range)),
        0
    );
    assert_eq!(range.rangeCount, dims.dimCount, "{name}");
    let (mut kind, mut attached) = (aclmdlInputAippType(9), 0);
    assert_eq!(
        acl!(rig.aclmdlGetAippType(id, index, &raw mut kind, &raw mut attached)),
        0
    );
    assert_eq!(kind, aclmdlInputAippType::ACL_DATA_WITHOUT_AIPP, "{name}");
    let tensor = acl!(rig.aclmdlGetInputNameByIndex(desc, index));
    let mut found = 99;
    assert_eq!(
        acl!(rig.aclmdlGetInputIndexByName(desc, tensor, &raw mut found)),
        0
    );
    assert_eq!(found, index, "{name}");
}
