//! The objects of the picture and video units.

use std::ptr;

use ascend_mock::{Kind, MockConfig};
use ascend_sys::*;

use crate::common::{Library, NULL, Rig};

type Dvpp = Library<DvppApi>;

fn dvpp(rig: &Rig) -> Dvpp {
    Library {
        api: rig.lease.dvpp(),
    }
}

/// A baseline JPEG of 33 by 17 pixels as far as its frame; colours have half the resolution.
const JPEG: [u8; 21] = [
    0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0, 17, 0, 33, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1,
];

#[test]
fn descriptions_keep_what_they_are_told() {
    let rig = Rig::new();
    let dvpp = dvpp(&rig);
    let picture = acl!(dvpp.acldvppCreatePicDesc());
    let data = made!(dvpp.acldvppMalloc(1024));
    let format = acldvppPixelFormat::PIXEL_FORMAT_YUV_SEMIPLANAR_420;
    for code in [
        acl!(dvpp.acldvppSetPicDescData(picture, data)),
        acl!(dvpp.acldvppSetPicDescSize(picture, 1024)),
        acl!(dvpp.acldvppSetPicDescFormat(picture, format)),
        acl!(dvpp.acldvppSetPicDescWidth(picture, 31)),
        acl!(dvpp.acldvppSetPicDescHeight(picture, 17)),
        acl!(dvpp.acldvppSetPicDescWidthStride(picture, 32)),
        acl!(dvpp.acldvppSetPicDescHeightStride(picture, 18)),
        acl!(dvpp.acldvppSetPicDescRetCode(picture, 5)),
    ] {
        assert_eq!(code, 0);
    }
    assert_eq!(acl!(dvpp.acldvppGetPicDescData(picture)), data);
    assert_eq!(acl!(dvpp.acldvppGetPicDescSize(picture)), 1024);
    assert_eq!(acl!(dvpp.acldvppGetPicDescFormat(picture)), format);
    assert_eq!(acl!(dvpp.acldvppGetPicDescWidth(picture)), 31);
    assert_eq!(acl!(dvpp.acldvppGetPicDescHeight(picture)), 17);
    assert_eq!(acl!(dvpp.acldvppGetPicDescWidthStride(picture)), 32);
    assert_eq!(acl!(dvpp.acldvppGetPicDescHeightStride(picture)), 18);
    assert_eq!(acl!(dvpp.acldvppGetPicDescRetCode(picture)), 5);
    assert_eq!(acl!(dvpp.acldvppDestroyPicDesc(picture)), 0);
    assert_eq!(acl!(dvpp.acldvppSetPicDescWidth(picture, 1)), 107_017);
    let unknown = acldvppPixelFormat::PIXEL_FORMAT_UNKNOWN;
    assert_eq!(acl!(dvpp.acldvppGetPicDescFormat(picture)), unknown);

    let video = acl!(dvpp.acldvppCreateStreamDesc());
    assert_eq!(acl!(dvpp.acldvppSetStreamDescTimestamp(video, 1 << 40)), 0);
    assert_eq!(acl!(dvpp.acldvppSetStreamDescEos(video, 1)), 0);
    assert_eq!(acl!(dvpp.acldvppGetStreamDescTimestamp(video)), 1 << 40);
    assert_eq!(acl!(dvpp.acldvppGetStreamDescEos(video)), 1);

    let border = acl!(dvpp.acldvppCreateBorderConfig());
    assert_eq!(acl!(dvpp.acldvppSetBorderConfigValue(border, 3, 0.5)), 0);
    assert_eq!(
        acl!(dvpp.acldvppSetBorderConfigValue(border, 4, 0.5)),
        100_000
    );
    assert!((acl!(dvpp.acldvppGetBorderConfigValue(border, 3)) - 0.5).abs() < f64::EPSILON);
    assert!((acl!(dvpp.acldvppGetBorderConfigValue(border, 4)) + 1.0).abs() < f64::EPSILON);
    let resize = acl!(dvpp.acldvppCreateResizeConfig());
    assert_eq!(acl!(dvpp.acldvppSetResizeConfigInterpolation(resize, 2)), 0);
    assert_eq!(acl!(dvpp.acldvppGetResizeConfigInterpolation(resize)), 2);
    assert_eq!(acl!(dvpp.acldvppFree(data)), 0);
    assert_eq!(rig.lease.ledger().count(Kind::BorderConfig), 1);
}

#[test]
fn a_batch_owns_its_pictures() {
    let rig = Rig::new();
    let dvpp = dvpp(&rig);
    for size in [0, 257] {
        assert!(acl!(dvpp.acldvppCreateBatchPicDesc(size)).is_null());
    }
    let batch = acl!(dvpp.acldvppCreateBatchPicDesc(2));
    let picture = acl!(dvpp.acldvppGetPicDesc(batch, 1));
    assert!(acl!(dvpp.acldvppGetPicDesc(batch, 2)).is_null());
    assert_eq!(acl!(dvpp.acldvppSetPicDescWidth(picture, 8)), 0);
    assert_eq!(acl!(dvpp.acldvppDestroyPicDesc(picture)), 100_000);
    assert_eq!(acl!(dvpp.acldvppDestroyBatchPicDesc(batch)), 0);
    assert_eq!(acl!(dvpp.acldvppGetPicDescWidth(picture)), 0);
    assert_eq!(rig.lease.ledger().count(Kind::Picture), 0);
}

#[test]
fn tables_and_histograms_have_three_rows() {
    let rig = Rig::new();
    let dvpp = dvpp(&rig);
    let table = acl!(dvpp.acldvppCreateLutMap());
    let (mut row, mut length) = (ptr::null_mut(), 0);
    assert_eq!(acl!(dvpp.acldvppGetLutMapDims(table)), 3);
    assert_eq!(
        acl!(dvpp.acldvppGetLutMapData(table, 3, &raw mut row, &raw mut length)),
        100_000
    );
    assert_eq!(
        acl!(dvpp.acldvppGetLutMapData(table, 2, &raw mut row, &raw mut length)),
        0
    );
    assert_eq!(length, 256);
    // SAFETY: the row has 256 bytes, which are the program's to write.
    unsafe { row.wrapping_add(255).write(7) };
    let histogram = acl!(dvpp.acldvppCreateHist());
    let (mut counts, mut length) = (ptr::null_mut(), 0);
    let (of, count) = (&raw mut counts, &raw mut length);
    assert_eq!(acl!(dvpp.acldvppGetHistData(histogram, 0, of, count)), 0);
    assert_eq!(length, 256);
    // SAFETY: the row has 256 counts.
    unsafe { counts.write(3) };
    assert_eq!(acl!(dvpp.acldvppClearHist(histogram)), 0);
    // SAFETY: as above.
    assert_eq!(unsafe { counts.read() }, 0);
}

#[test]
fn work_needs_a_channel_that_exists() {
    let rig = Rig::new();
    let dvpp = dvpp(&rig);
    let channel = acl!(dvpp.acldvppCreateChannelDesc());
    let picture = || {
        let picture = acl!(dvpp.acldvppCreatePicDesc());
        assert_eq!(acl!(dvpp.acldvppSetPicDescData(picture, rig.malloc(64))), 0);
        assert_eq!(acl!(dvpp.acldvppSetPicDescSize(picture, 64)), 0);
        picture
    };
    let (from, to) = (picture(), picture());
    let (config, stream) = (
        acl!(dvpp.acldvppCreateResizeConfig()),
        made!(rig.aclrtCreateStream()),
    );
    let resize = |from, to| acl!(dvpp.acldvppVpcResizeAsync(channel, from, to, config, stream));
    assert_eq!(resize(from, to), 100_000);
    assert_eq!(acl!(dvpp.acldvppDestroyChannel(channel)), 100_000);
    assert_eq!(acl!(dvpp.acldvppSetChannelDescMode(channel, 16)), 100_000);
    assert_eq!(acl!(dvpp.acldvppSetChannelDescMode(channel, 1)), 0);
    assert_eq!(acl!(dvpp.acldvppCreateChannel(channel)), 0);
    assert_eq!(acl!(dvpp.acldvppCreateChannel(channel)), 100_000);
    assert_eq!(resize(from, to), 200_001);
    assert_eq!(resize(from, ptr::null_mut()), 100_000);
    let empty = acl!(dvpp.acldvppCreatePicDesc());
    assert_eq!(resize(empty, to), 100_000);
    assert_eq!(acl!(dvpp.acldvppDestroyChannelDesc(channel)), 148_051);
    assert_eq!(acl!(dvpp.acldvppDestroyChannel(channel)), 0);
    assert_eq!(acl!(dvpp.acldvppDestroyChannelDesc(channel)), 0);
    let other = acl!(dvpp.acldvppCreateChannelDesc());
    let without_context = rig.elsewhere(|_| {
        let dvpp = Library {
            api: rig.lease.dvpp(),
        };
        let desc = acl!(dvpp.acldvppCreateChannelDesc());
        acl!(dvpp.acldvppCreateChannel(desc))
    });
    assert_eq!(without_context, 107_002);
    assert!(!other.is_null());
}

#[test]
fn headers_are_read() {
    let rig = Rig::with(MockConfig::default().soc_name("Ascend310P3"));
    let dvpp = dvpp(&rig);
    let (mut width, mut height, mut components) = (0, 0, 0);
    let mut sampling = acldvppJpegFormat::ACL_JPEG_CSS_UNKNOWN;
    let (w, h, c) = (&raw mut width, &raw mut height, &raw mut components);
    let (data, s) = (JPEG.as_ptr().cast(), &raw mut sampling);
    assert_eq!(
        acl!(dvpp.acldvppJpegGetImageInfoV2(data, 21, w, h, c, s)),
        0
    );
    let expected = (33, 17, 3, acldvppJpegFormat::ACL_JPEG_CSS_420);
    assert_eq!((width, height, components, sampling), expected);
    assert_eq!(
        acl!(dvpp.acldvppJpegGetImageInfo(data, 20, w, h, c)),
        100_000
    );
    assert_eq!(
        acl!(dvpp.acldvppJpegGetImageInfo(data, 0, w, h, c)),
        100_000
    );
    assert_eq!(
        acl!(dvpp.acldvppPngGetImageInfo(data, 21, w, h, c)),
        100_000
    );
    // Not what the host can read.
    assert_eq!(
        acl!(dvpp.acldvppJpegGetImageInfo(rig.malloc(64), 64, w, h, c)),
        100_000
    );
    let format = acldvppPixelFormat::PIXEL_FORMAT_YUV_SEMIPLANAR_420;
    let mut size = 0;
    assert_eq!(
        acl!(dvpp.acldvppJpegPredictDecSize(data, 21, format, &raw mut size)),
        0
    );
    assert_eq!(size, 64 * 32 * 3 / 2);
    let odd = acldvppPixelFormat::PIXEL_FORMAT_RGB_444;
    assert_eq!(
        acl!(dvpp.acldvppJpegPredictDecSize(data, 21, odd, &raw mut size)),
        100_000
    );
}

#[test]
fn parameters_have_numbers_and_sizes() {
    unsafe extern "C" fn decoded(
        _: *mut acldvppStreamDesc,
        _: *mut acldvppPicDesc,
        _: *mut std::ffi::c_void,
    ) {
    }
    let rig = Rig::new();
    let dvpp = dvpp(&rig);
    let decoder = acl!(dvpp.aclvdecCreateChannelDesc());
    let kind = aclvdecChannelDescParamType::ACL_VDEC_OUT_PIC_WIDTH_UINT32;
    let (value, mut told, mut size) = (640_u32, 0_u32, 0);
    let (value, place) = ((&raw const value).cast(), (&raw mut told).cast());
    assert_eq!(
        acl!(dvpp.aclvdecSetChannelDescParam(decoder, kind, 8, value)),
        100_000
    );
    assert_eq!(
        acl!(dvpp.aclvdecSetChannelDescParam(decoder, kind, 4, value)),
        0
    );
    let unknown = aclvdecChannelDescParamType(99);
    assert_eq!(
        acl!(dvpp.aclvdecSetChannelDescParam(decoder, unknown, 4, value)),
        100_000
    );
    let told_size = &raw mut size;
    assert_eq!(
        acl!(dvpp.aclvdecGetChannelDescParam(decoder, kind, 3, told_size, place)),
        100_000
    );
    assert_eq!(
        acl!(dvpp.aclvdecGetChannelDescParam(decoder, kind, 4, told_size, place)),
        0
    );
    assert_eq!((told, size), (640, 4));
    assert_eq!(acl!(dvpp.aclvdecGetChannelDescOutPicWidth(decoder)), 640);
    // Without a callback there is nobody to tell.
    assert_eq!(acl!(dvpp.aclvdecCreateChannel(decoder)), 100_000);
    assert_eq!(
        acl!(dvpp.aclvdecSetChannelDescCallback(decoder, Some(decoded))),
        0
    );
    assert!(acl!(dvpp.aclvdecGetChannelDescCallback(decoder)).is_some());
    assert_eq!(acl!(dvpp.aclvdecCreateChannel(decoder)), 0);
    let (video, picture) = (
        acl!(dvpp.acldvppCreateStreamDesc()),
        acl!(dvpp.acldvppCreatePicDesc()),
    );
    let none = ptr::null_mut();
    let send = || acl!(dvpp.aclvdecSendFrame(decoder, video, picture, none, NULL));
    assert_eq!(send(), 100_000);
    assert_eq!(acl!(dvpp.acldvppSetStreamDescEos(video, 1)), 0);
    assert_eq!(send(), 200_001);
    let encoder = acl!(dvpp.aclvencCreateChannelDesc());
    assert_eq!(acl!(dvpp.aclvencSetChannelDescSrcRate(encoder, 30)), 0);
    assert_eq!(acl!(dvpp.aclvencGetChannelDescSrcRate(encoder)), 30);
    let frame = acl!(dvpp.aclvencCreateFrameConfig());
    assert_eq!(acl!(dvpp.aclvencSetFrameConfigForceIFrame(frame, 1)), 0);
    assert_eq!(acl!(dvpp.aclvencGetFrameConfigForceIFrame(frame)), 1);
}
