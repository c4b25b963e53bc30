//! Preprocessing of pictures that is told what to do with each run.

use ascend_graph::DataType;
use ascend_sys::{aclAippInputFormat, aclError, aclmdlAIPP, aclmdlDataset};

use crate::aipp::{DYNAMIC, NONE, kind, network, normal, picture};
use crate::common::compiled::Told;
use crate::common::{NULL, Rig};

/// A model with dynamic preprocessing of one input, for up to two pictures of 4 by 4.
struct Dynamic {
    rig: Rig,
    id: u32,
    input: *mut aclmdlDataset,
    output: *mut aclmdlDataset,
}

impl std::ops::Deref for Dynamic {
    type Target = Rig;

    fn deref(&self) -> &Rig {
        &self.rig
    }
}

impl Dynamic {
    fn new() -> Self {
        let rig = Rig::new();
        let id = rig.load(&Told::aipp("x:2,3,4,4", DYNAMIC).file(&network(DataType::F32, 3, 4, 4)));
        let desc = rig.describe(id);
        let (input, output) = (rig.inputs(desc), rig.outputs(desc));
        Self {
            rig,
            id,
            input,
            output,
        }
    }

    /// Parameters for RGB pictures of 8 wide by 6 high, of which 4 by 4 from 2, 1 are taken.
    fn parameters(&self, batch: u64) -> *mut aclmdlAIPP {
        let set = acl!(self.aclmdlCreateAIPP(batch));
        assert!(!set.is_null());
        let format = aclAippInputFormat::ACL_RGB888_U8;
        assert_eq!(acl!(self.aclmdlSetAIPPInputFormat(set, format)), 0);
        assert_eq!(acl!(self.aclmdlSetAIPPSrcImageSize(set, 8, 6)), 0);
        for index in 0..batch {
            assert_eq!(
                acl!(self.aclmdlSetAIPPCropParams(set, 1, 2, 1, 4, 4, index)),
                0
            );
        }
        set
    }

    fn set(&self, set: *mut aclmdlAIPP) -> aclError {
        acl!(self.aclmdlSetInputAIPP(self.id, self.input, 1, set))
    }

    fn execute(&self) -> aclError {
        acl!(self.aclmdlExecute(self.id, self.input, self.output))
    }
}

#[test]
fn dynamic_preprocessing_does_what_each_picture_is_told() {
    let it = Dynamic::new();
    let desc = it.describe(it.id);
    assert_eq!(it.input_index(desc, c"ascend_dynamic_aipp_data"), 1);
    assert_eq!(acl!(it.aclmdlGetInputSizeByIndex(desc, 0)), 1024);
    assert_eq!(acl!(it.aclmdlGetInputSizeByIndex(desc, 1)), 64 + 2 * 96);
    assert_eq!(kind(&it, it.id, 0), (0, 2, 1));
    assert_eq!(kind(&it, it.id, 1), (0, 3, NONE));
    let source = picture(2 * 6 * 8 * 3);
    it.put(it.input, 0, &source);
    let set = it.parameters(2);
    assert_eq!(acl!(it.aclmdlSetAIPPDtcPixelMean(set, 10, 20, 30, 0, 1)), 0);
    assert_eq!(
        acl!(it.aclmdlSetAIPPDtcPixelMin(set, 0.0, 1.5, 0.0, 0.0, 1)),
        0
    );
    assert_eq!(
        acl!(it.aclmdlSetAIPPPixelVarReci(set, 0.5, 0.25, 0.1, 1.0, 1)),
        0
    );
    assert_eq!(it.set(set), 0, "{:?}", it.message());
    assert_eq!(it.execute(), 0, "{:?}", it.message());
    let norms = [
        [(0.0, 0.0, 1.0); 3],
        [(10.0, 0.0, 0.5), (20.0, 1.5, 0.25), (30.0, 0.0, 0.1)],
    ];
    let mut expected = Vec::new();
    for (n, norm) in norms.iter().enumerate() {
        for (c, &(mean, min, var)) in norm.iter().enumerate() {
            for (y, x) in (1..5).flat_map(|y| (2..6).map(move |x| (y, x))) {
                let value = source[((n * 6 + y) * 8 + x) * 3 + c];
                expected.push(normal(value, mean, min, var));
            }
        }
    }
    assert_eq!(it.take(it.output, 0, 96), expected);
    // By the picture's input, and with a conversion of colours and padding instead of a crop.
    let set = acl!(it.aclmdlCreateAIPP(2));
    let format = aclAippInputFormat::ACL_YUV420SP_U8;
    assert_eq!(acl!(it.aclmdlSetAIPPInputFormat(set, format)), 0);
    assert_eq!(acl!(it.aclmdlSetAIPPSrcImageSize(set, 4, 2)), 0);
    let code =
        acl!(it.aclmdlSetAIPPCscParams(set, 1, 256, 0, 0, 0, 256, 0, 0, 0, 256, 9, 9, 9, 1, 2, 3));
    assert_eq!(code, 0);
    for index in 0..2 {
        assert_eq!(
            acl!(it.aclmdlSetAIPPPaddingParams(set, 1, 2, 0, 0, 0, index)),
            0
        );
    }
    let code = acl!(it.aclmdlSetAIPPByInputIndex(it.id, it.input, 0, set));
    assert_eq!(code, 0, "{:?}", it.message());
    assert_eq!(it.execute(), 0, "{:?}", it.message());
    let found = it.take(it.output, 0, 96);
    assert_eq!(found[..8], [0.0; 8], "padding");
    let luma = source[..8].iter().map(|&y| f32::from(y.saturating_sub(1)));
    assert_eq!(found[8..16], luma.collect::<Vec<_>>());
    assert_eq!(acl!(it.aclmdlDestroyAIPP(set)), 0);
    assert_eq!(it.set(set), 107_017, "destroyed");
}

/// S
#[test]
fn r_267_sets_of_parameters() {
    let it = Dynamic::new();
    assert!(acl!(it.aclmdlCreateAIPP(0)).is_null());
    assert_eq!(acl!(it.aclmdlDestroyAIPP(std::ptr::null())), 100_000);
    let set = it.parameters(2);
    assert_eq!(
        acl!(it.aclmdlSetAIPPCropParams(set, 0, 0, 0, 0, 0, 2)),
        100_000
    );
    assert_eq!(
        acl!(it.aclmdlSetAIPPScfParams(set, 0, 0, 0, 0, 0, 2)),
        100_000
    );
    assert_eq!(
        acl!(it.aclmdlSetAIPPPaddingParams(set, 0, 0, 0, 0, 0, 2)),
        100_000
    );
    assert_eq!(
        acl!(it.aclmdlSetAIPPDtcPixelMean(set, 0, 0, 0, 0, 2)),
        100_000
    );
    assert_eq!(
        acl!(it.aclmdlSetAIPPDtcPixelMin(set, 0.0, 0.0, 0.0, 0.0, 2)),
        100_000
    );
    assert_eq!(
        acl!(it.aclmdlSetAIPPPixelVarReci(set, 0.0, 0.0, 0.0, 0.0, 2)),
        100_000
    );
    let odd = aclAippInputFormat(77);
    assert_eq!(acl!(it.aclmdlSetAIPPInputFormat(set, odd)), 100_000);
    assert_eq!(acl!(it.aclmdlSetAIPPSrcImageSize(set, 1, 1)), 100_000);
    assert_eq!(acl!(it.aclmdlSetAIPPRbuvSwapSwitch(set, 2)), 100_000);
    assert_eq!(acl!(it.aclmdlSetAIPPAxSwapSwitch(set, -1)), 100_000);
    assert_eq!(acl!(it.aclmdlSetAIPPRbuvSwapSwitch(set, 1)), 0);
    let mut size = 0;
    assert_eq!(acl!(it.aclmdlGetAippDataSize(3, &raw mut size)), 0);
    assert_eq!(size, 64 + 3 * 96);
    assert_eq!(acl!(it.aclmdlGetAippDataSize(0, &raw mut size)), 100_000);
    let ledger = it.lease.ledger();
    assert_eq!(ledger.count(ascend_mock::Kind::AippParameters), 1);
}

/// S
#[test]
fn r_265_what_setting_parameters_refuses() {
    let it = Dynamic::new();
    it.put(it.input, 1, &[0; 256]);
    assert_eq!(it.execute(), 145_014, "nothing was set");
    it.put(it.input, 1, &[0xA5; 256]);
    assert_eq!(
        it.execute(),
        145_000,
        "what lay there is no set of parameters"
    );
    let set = it.parameters(2);
    let by_input = |index| acl!(it.aclmdlSetAIPPByInputIndex(it.id, it.input, index, set));
    assert_eq!(by_input(1), 500_001, "the parameters' own input");
    assert_eq!(by_input(7), 100_000);
    assert_eq!(
        acl!(it.aclmdlSetInputAIPP(it.id, it.input, 0, set)),
        500_001
    );
    assert_eq!(
        acl!(it.aclmdlSetInputAIPP(it.id + 1, it.input, 1, set)),
        145_003
    );
    assert_eq!(
        acl!(it.aclmdlSetInputAIPP(it.id, it.input, 1, std::ptr::null())),
        100_000
    );
    let (buffer, address) = it.nth(it.input, 1);
    assert_eq!(acl!(it.aclUpdateDataBuffer(buffer, address, 255)), 0);
    assert_eq!(it.set(set), 145_012);
    assert_eq!(acl!(it.aclUpdateDataBuffer(buffer, NULL, 256)), 0);
    assert_eq!(it.set(set), 145_011);
    assert_eq!(acl!(it.aclUpdateDataBuffer(buffer, address, 256)), 0);
    assert_eq!(it.set(set), 0);

    let refused = |change: &dyn Fn(*mut aclmdlAIPP) -> aclError, batch| {
        let set = it.parameters(batch);
        assert_eq!(change(set), 0);
        assert_eq!(it.set(set), 100_000);
        it.message().unwrap()
    };
    let it = &it;
    let format = |set, format| acl!(it.aclmdlSetAIPPInputFormat(set, aclAippInputFormat(format)));
    assert!(refused(&|set| format(set, 9), 2).contains("picture format 9"));
    assert!(refused(&|_| 0, 1).contains("up to 2"));
    let crop = |area: [i32; 4]| {
        let [x, y, w, h] = area;
        move |set| acl!(it.aclmdlSetAIPPCropParams(set, 1, x, y, w, h, 1))
    };
    assert!(refused(&crop([5, 0, 4, 4]), 2).contains("not inside"));
    assert!(refused(&crop([0, 0, 4, 5]), 2).contains("becomes 5 by 4"));
    let scale = |set| acl!(it.aclmdlSetAIPPScfParams(set, 1, 8, 6, 4, 4, 0));
    assert!(refused(&scale, 2).contains("scaling"));
    let large = |set| acl!(it.aclmdlSetAIPPSrcImageSize(set, 64, 64));
    assert!(refused(&large, 2).contains("was made for 1024"));
    let grey = |set| {
        let code = format(set, 4);
        assert_eq!(code, 0);
        acl!(it.aclmdlSetAIPPCscParams(set, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    };
    assert!(refused(&grey, 2).contains("no colours"));
    let odd = |set| {
        assert_eq!(format(set, 1), 0);
        acl!(it.aclmdlSetAIPPSrcImageSize(set, 7, 6))
    };
    assert!(refused(&odd, 2).contains("even"));
}

#[test]
fn dynamic_preprocessing_reads_no_further_than_its_buffer() {
    let it = Dynamic::new();
    assert_eq!(it.set(it.parameters(2)), 0);
    let (buffer, address) = it.nth(it.input, 0);
    assert_eq!(acl!(it.aclUpdateDataBuffer(buffer, address, 287)), 0);
    assert_eq!(it.execute(), 145_000);
    assert_eq!(acl!(it.aclUpdateDataBuffer(buffer, address, 288)), 0);
    assert_eq!(it.execute(), 0, "{:?}", it.message());
}
