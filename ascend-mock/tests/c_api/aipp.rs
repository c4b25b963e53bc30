//! Preprocessing of pictures: what is computed, compared with a plain reading of the formulas, and
//! what is refused.

use ascend_graph::om::OmModel;
use ascend_graph::onnx::{Dim, Model};
use ascend_graph::{DataType, Gears};
use ascend_sys::{
    aclAippInfo, aclAippInputFormat, aclDataType, aclError, aclFormat, aclmdlDesc, aclmdlIODims,
    aclmdlInputAippType,
};

use crate::common::Rig;
use crate::common::compiled::{Told, identity};
use half::f16;

/// Bytes that differ from their neighbours.
pub(crate) fn picture(bytes: usize) -> Vec<u8> {
    (0..bytes)
        .map(|index| u8::try_from(index * 89 % 256).unwrap())
        .collect()
}

pub(crate) fn network(dtype: DataType, channels: i64, height: i64, width: i64) -> Model {
    let dims = ["n".into(), channels.into(), height.into(), width.into()];
    identity(dtype, &dims)
}

/// What a static model makes of a picture.
fn run(model: &Model, shapes: &'static str, aipp: &str, source: &[u8]) -> Vec<f32> {
    let rig = Rig::new();
    let id = rig.load(&Told::aipp(shapes, aipp).file(model));
    let desc = rig.describe(id);
    let (input, output) = (rig.inputs(desc), rig.outputs(desc));
    assert_eq!(acl!(rig.aclmdlGetInputSizeByIndex(desc, 0)), source.len());
    rig.put(input, 0, source);
    assert_eq!(
        acl!(rig.aclmdlExecute(id, input, output)),
        0,
        "{:?}",
        rig.message()
    );
    let bytes = acl!(rig.aclmdlGetOutputSizeByIndex(desc, 0));
    rig.take(output, 0, bytes / 4)
}

/// `(value - mean - min) * var` in steps of float16.
pub(crate) fn normal(value: u8, mean: f32, min: f32, var: f32) -> f32 {
    let min = f16::from_f32(min).to_f32();
    let shifted = f16::from_f32(f32::from(value) - mean - min).to_f32();
    f16::from_f32(shifted * f16::from_f32(var).to_f32()).to_f32()
}

#[test]
fn rgb_is_cropped_normalised_and_padded() {
    let aipp = "aipp_op { aipp_mode: static input_format: RGB888_U8
        src_image_size_w: 7 src_image_size_h: 6
        crop: true load_start_pos_w: 2 load_start_pos_h: 1 crop_size_w: 4 crop_size_h: 3
        padding: true left_padding_size: 1 top_padding_size: 2 bottom_padding_size: 1
        padding_value: 0.5 rbuv_swap_switch: true
        mean_chn_0: 104 mean_chn_1: 117 mean_chn_2: 123
        min_chn_0: 0.25 min_chn_1: 1.5
        var_reci_chn_0: 0.0171 var_reci_chn_1: 0.0175 var_reci_chn_2: 0.0174 }";
    let (mean, min) = ([104.0, 117.0, 123.0], [0.25, 1.5, 0.0]);
    let var = [0.0171, 0.0175, 0.0174];
    let source = picture(2 * 6 * 7 * 3);
    let found = run(&network(DataType::F32, 3, 6, 5), "x:2,3,6,5", aipp, &source);
    let mut expected = Vec::new();
    for (n, c) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)] {
        for (y, x) in (0..6).flat_map(|y| (0..5).map(move |x| (y, x))) {
            let inside = (2..5).contains(&y) && x >= 1;
            expected.push(if inside {
                let (row, column) = (1 + y - 2, 2 + x - 1);
                // R and B are swapped.
                let at = ((n * 6 + row) * 7 + column) * 3 + (2 - c);
                normal(source[at], mean[c], min[c], var[c])
            } else {
                0.5
            });
        }
    }
    assert_eq!(found, expected);
}

/// BT.601 of the narrow range, as floats: what the matrix of whole numbers stands for.
fn rgb_of(y: u8, u: u8, v: u8) -> [f32; 3] {
    let (y, u, v) = (
        f32::from(y) - 16.0,
        f32::from(u) - 128.0,
        f32::from(v) - 128.0,
    );
    [
        1.164 * y + 1.596 * v,
        1.164 * y - 0.392 * u - 0.813 * v,
        1.164 * y + 2.017 * u,
    ]
    .map(|value| value.clamp(0.0, 255.0))
}

#[test]
fn yuv_becomes_rgb() {
    const MATRIX: &str = "csc_switch: true
        matrix_r0c0: 298 matrix_r0c1: 0 matrix_r0c2: 409
        matrix_r1c0: 298 matrix_r1c1: -100 matrix_r1c2: -208
        matrix_r2c0: 298 matrix_r2c1: 516 matrix_r2c2: 0";
    let (height, width) = (4, 6);
    for (name, bytes, swapped) in [
        ("YUV420SP_U8", height * width * 3 / 2, false),
        ("YUV420SP_U8", height * width * 3 / 2, true),
        ("YUV422SP_U8", height * width * 2, false),
        ("YUYV_U8", height * width * 2, false),
    ] {
        let aipp = format!(
            "aipp_op {{ aipp_mode: static input_format: {name} rbuv_swap_switch: {swapped} {MATRIX} }}"
        );
        let source = picture(bytes);
        let found = run(
            &network(DataType::F32, 3, 4, 6),
            "x:1,3,4,6",
            &aipp,
            &source,
        );
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            let (luma, first) = match name {
                "YUV420SP_U8" => (y * width + x, height * width + y / 2 * width + x / 2 * 2),
                "YUV422SP_U8" => (y * width + x, height * width + y * width + x / 2 * 2),
                _ => (y * width * 2 + x * 2, y * width * 2 + x / 2 * 4 + 1),
            };
            let second = first + if name == "YUYV_U8" { 2 } else { 1 };
            let (u, v) = if swapped {
                (second, first)
            } else {
                (first, second)
            };
            let expected = rgb_of(source[luma], source[u], source[v]);
            for (channel, expected) in expected.into_iter().enumerate() {
                let found = found[(channel * height + y) * width + x];
                assert!(
                    (found - expected).abs() < 2.0,
                    "{name}, channel {channel} at {y}, {x}: {found} instead of {expected}"
                );
            }
        }
    }
}

#[test]
fn grey_and_four_channels() {
    let source = picture(4 * 6);
    let aipp = "aipp_op { aipp_mode: static input_format: YUV400_U8 mean_chn_0: 10 }";
    let found = run(&network(DataType::F32, 1, 4, 6), "x:1,1,4,6", aipp, &source);
    let expected: Vec<_> = source
        .iter()
        .map(|&value| f32::from(value) - 10.0)
        .collect();
    assert_eq!(found, expected);

    let source = picture(2 * 2 * 4);
    let plane = |offset: usize| source.iter().skip(offset).step_by(4);
    let planes = |offsets: &[usize]| -> Vec<f32> {
        offsets
            .iter()
            .flat_map(|&offset| plane(offset))
            .map(|&value| value.into())
            .collect()
    };
    for (switch, channels, offsets) in [
        ("false", 4, &[0, 1, 2, 3][..]),
        ("false", 3, &[0, 1, 2]),
        ("true", 3, &[1, 2, 3]),
    ] {
        let aipp = format!(
            "aipp_op {{ aipp_mode: static input_format: XRGB8888_U8 ax_swap_switch: {switch} }}"
        );
        let shapes = if channels == 4 {
            "x:1,4,2,2"
        } else {
            "x:1,3,2,2"
        };
        let found = run(
            &network(DataType::F32, channels, 2, 2),
            shapes,
            &aipp,
            &source,
        );
        assert_eq!(found, planes(offsets), "{switch}, {channels}");
    }
    // RGB to grey: one row of the matrix, and the bias of the output.
    let source = picture(2 * 2 * 3);
    let aipp = "aipp_op { aipp_mode: static input_format: RGB888_U8 csc_switch: true
        matrix_r0c0: 76 matrix_r0c1: 150 matrix_r0c2: 30 output_bias_0: 3 }";
    let found = run(&network(DataType::F32, 1, 2, 2), "x:1,1,2,2", aipp, &source);
    let grey = |pixel: &[u8]| {
        let [r, g, b] = [0, 1, 2].map(|index| u32::from(pixel[index]));
        let value = (76 * r + 150 * g + 30 * b) / 256 + 3;
        f32::from(u8::try_from(value.min(255)).unwrap())
    };
    assert_eq!(found, source.chunks(3).map(grey).collect::<Vec<_>>());
}

#[test]
fn the_network_may_take_bytes_or_halves() {
    let rig = Rig::new();
    let aipp = "aipp_op { aipp_mode: static input_format: YUV400_U8 var_reci_chn_0: 0.5 }";
    let source = [3, 7, 255, 0];
    for (dtype, expected) in [
        (DataType::U8, vec![2, 4, 128, 0]),
        (
            DataType::F16,
            [1.5, 3.5, 127.5, 0.0]
                .map(|v| f16::from_f32(v).to_le_bytes())
                .as_flattened()
                .to_vec(),
        ),
    ] {
        let model = network(dtype, 1, 2, 2);
        let id = rig.load(&Told::aipp("x:1,1,2,2", aipp).file(&model));
        let desc = rig.describe(id);
        let (input, output) = (rig.inputs(desc), rig.outputs(desc));
        rig.put(input, 0, &source);
        assert_eq!(acl!(rig.aclmdlExecute(id, input, output)), 0);
        assert_eq!(rig.download(rig.nth(output, 0).1, expected.len()), expected);
    }
}

fn dims(rig: &Rig, desc: *mut aclmdlDesc, second: bool, index: usize) -> Vec<i64> {
    let mut dims = aclmdlIODims {
        name: [0; 128],
        dimCount: 0,
        dims: [0; 128],
    };
    let code = if second {
        acl!(rig.aclmdlGetInputDimsV2(desc, index, &raw mut dims))
    } else {
        acl!(rig.aclmdlGetInputDims(desc, index, &raw mut dims))
    };
    assert_eq!(code, 0);
    dims.dims[..dims.dimCount].to_vec()
}

pub(crate) fn kind(rig: &Rig, id: u32, index: usize) -> (aclError, u32, usize) {
    let (mut kind, mut attached) = (aclmdlInputAippType(9), 9);
    let code = acl!(rig.aclmdlGetAippType(id, index, &raw mut kind, &raw mut attached));
    (code, kind.0, attached)
}

pub(crate) const NONE: usize = 0xFFFF_FFFF;

/// S
#[test]
fn r_266_static_preprocessing_is_told() {
    let rig = Rig::new();
    let aipp = "aipp_op { aipp_mode: static input_format: YUV420SP_U8 src_image_size_w: 8
        src_image_size_h: 6 crop: true crop_size_w: 4 crop_size_h: 4 mean_chn_1: 7
        var_reci_chn_2: 0.5 }";
    let model = network(DataType::F32, 3, 4, 4);
    let file = Told {
        gears: Gears::batch("1,2").unwrap(),
        ..Told::aipp("x:-1,3,4,4", aipp)
    }
    .file(&model);
    let id = rig.load(&file);
    let desc = rig.describe(id);
    assert_eq!(dims(&rig, desc, false, 0), [-1, 6, 8, 3]);
    assert_eq!(dims(&rig, desc, true, 0), [-1, 9, 8, 1]);
    assert_eq!(acl!(rig.aclmdlGetInputSizeByIndex(desc, 0)), 2 * 72);
    assert_eq!(
        acl!(rig.aclmdlGetInputDataType(desc, 0)),
        aclDataType::ACL_UINT8
    );
    assert_eq!(
        acl!(rig.aclmdlGetInputFormat(desc, 0)),
        aclFormat::ACL_FORMAT_NHWC
    );
    assert_eq!(kind(&rig, id, 0), (0, 1, NONE));
    assert_eq!(kind(&rig, id, 1), (0, 0, NONE), "the gears' own input");
    assert_eq!(kind(&rig, id, 2).0, 100_000);
    assert_eq!(kind(&rig, id + 1, 0).0, 145_003);
    let mut info = Box::new(aclAippInfo::default());
    assert_eq!(
        acl!(rig.aclmdlGetFirstAippInfo(id, 1, &raw mut *info)),
        145_015
    );
    assert_eq!(
        acl!(rig.aclmdlGetFirstAippInfo(id, 9, &raw mut *info)),
        100_000
    );
    assert_eq!(
        acl!(rig.aclmdlGetFirstAippInfo(id, 0, std::ptr::null_mut())),
        100_000
    );
    assert_eq!(acl!(rig.aclmdlGetFirstAippInfo(id, 0, &raw mut *info)), 0);
    assert_eq!(info.inputFormat, aclAippInputFormat::ACL_YUV420SP_U8);
    assert_eq!(
        (info.srcImageSizeW, info.srcImageSizeH, info.cropSwitch),
        (8, 6, 1)
    );
    assert_eq!((info.meanChn1, info.matrixR2C2), (7, 409));
    assert!((info.varReciChn2 - 0.5).abs() < f32::EPSILON);
    assert_eq!(
        (info.srcFormat, info.srcDatatype),
        (aclFormat::ACL_FORMAT_NCHW, aclDataType::ACL_FLOAT)
    );
    assert_eq!((info.srcDimNum, info.shapeCount), (4, 2));
    let second = &info.outDims[1];
    assert_eq!((second.srcSize, second.aippOutSize), (144, 2 * 3 * 16 * 4));
    assert_eq!(second.aippOutdims.dims[..4], [2, 3, 4, 4]);
    // The file says the same, wherever it is read.
    let om = OmModel::open(&file).unwrap();
    assert!(om.warnings.is_empty(), "{:?}", om.warnings);
    assert_eq!(om.model.aipp()[0].target.dims, [-1, 3, 4, 4]);
}

#[test]
fn gears_and_static_preprocessing_together() {
    let aipp = "aipp_op { aipp_mode: static input_format: RGB888_U8 mean_chn_0: 5 }";
    let expected = |source: &[u8], n: usize, pixels: usize| -> Vec<f32> {
        let at = |n: usize, c: usize, p: usize| f32::from(source[(n * pixels + p) * 3 + c]);
        let all =
            (0..n).flat_map(|n| (0..3).flat_map(move |c| (0..pixels).map(move |p| (n, c, p))));
        all.map(|(n, c, p)| at(n, c, p) - if c == 0 { 5.0 } else { 0.0 })
            .collect()
    };
    let rig = Rig::new();
    let told = Told {
        gears: Gears::batch("1,3").unwrap(),
        ..Told::aipp("x:-1,3,2,4", aipp)
    };
    let id = rig.load(&told.file(&network(DataType::F32, 3, 2, 4)));
    let desc = rig.describe(id);
    let (input, output) = (rig.inputs(desc), rig.outputs(desc));
    for batch in [3, 1] {
        let source = picture(batch * 24);
        rig.put(input, 0, &source);
        assert_eq!(
            acl!(rig.aclmdlSetDynamicBatchSize(id, input, 1, batch as u64)),
            0
        );
        assert_eq!(
            acl!(rig.aclmdlExecute(id, input, output)),
            0,
            "{:?}",
            rig.message()
        );
        assert_eq!(rig.take(output, 0, batch * 24), expected(&source, batch, 8));
    }
    let open = [1.into(), 3.into(), Dim::Unknown, Dim::Unknown];
    let told = Told {
        gears: Gears::image("2,4;6,2").unwrap(),
        ..Told::aipp("x:1,3,-1,-1", aipp)
    };
    let id = rig.load(&told.file(&identity(DataType::F32, &open)));
    let desc = rig.describe(id);
    assert_eq!(dims(&rig, desc, false, 0), [1, -1, -1, 3]);
    assert_eq!(acl!(rig.aclmdlGetInputSizeByIndex(desc, 0)), 36);
    let (input, output) = (rig.inputs(desc), rig.outputs(desc));
    for (height, width) in [(6, 2), (2, 4)] {
        let pixels = height * width;
        let source = picture(pixels * 3);
        rig.put(input, 0, &source);
        let code = acl!(rig.aclmdlSetDynamicHWSize(id, input, 1, height as u64, width as u64));
        assert_eq!(code, 0, "{:?}", rig.message());
        assert_eq!(
            acl!(rig.aclmdlExecute(id, input, output)),
            0,
            "{:?}",
            rig.message()
        );
        assert_eq!(
            rig.take(output, 0, pixels * 3),
            expected(&source, 1, pixels)
        );
    }
}

pub(crate) const DYNAMIC: &str = "aipp_op { aipp_mode: dynamic max_src_image_size: 1024 }";

#[test]
fn what_atc_refuses_is_refused() {
    let model = network(DataType::F32, 3, 4, 4);
    let refusal = |aipp: &str| Told::aipp("x:1,3,4,4", aipp).refusal(&model);
    for (keys, expected) in [
        (
            "input_format: RGB888_U8 related_input_rank: 1",
            "the model has x",
        ),
        ("input_format: RGB888_U8 related_input_name: y", "`y`"),
        ("", "input_format is missing"),
        ("input_format: YUV400_U8", "3 channels"),
        (
            "input_format: RGB888_U8 ax_swap_switch: true",
            "four channels",
        ),
        ("input_format: RGB888_U8 resize: true", "resize"),
        ("input_format: RGB888_U8 src_image_size_w: 1", "2 to 4096"),
        (
            "input_format: RGB888_U8 src_image_size_w: 6",
            "gives 4 by 6 pixels",
        ),
        (
            "input_format: YUV420SP_U8 src_image_size_w: 5",
            "even sides",
        ),
        (
            "input_format: RGB888_U8 padding: true left_padding_size: 33",
            "0 to 32",
        ),
        (
            "input_format: RGB888_U8 crop: true load_start_pos_w: 1",
            "not inside",
        ),
        ("input_format: RGB888_U8 mean_chn_0: 256", "0 to 255"),
        ("input_format: RGB888_U8 matrix_r0c0: 40000", "16 bits"),
        ("input_format: RGB888_U8 min_chn_0: 70000", "float16"),
    ] {
        let text = refusal(&format!("aipp_op {{ aipp_mode: static {keys} }}"));
        assert!(text.contains(expected), "{keys}: {text}");
    }
    let twice = "aipp_op { aipp_mode: static input_format: RGB888_U8 }";
    assert!(refusal(&[twice, twice].concat()).contains("there are two"));
    assert!(refusal("aipp_op { aipp_mode: dynamic }").contains("max_src_image_size"));
    let free = Told::aipp("x:-1,3,4,4", twice).refusal(&model);
    assert!(free.contains("its shape is free"), "{free}");
    let told = Told {
        gears: Gears::dims("1;2").unwrap(),
        ..Told::aipp("x:-1,3,4,4", twice)
    };
    assert!(told.refusal(&model).contains("E10001"));
    // The width is limited where something is added to it, and only there.
    let wide = network(DataType::F32, 3, 4, 1088);
    let padded = "aipp_op { aipp_mode: static input_format: RGB888_U8 src_image_size_w: 1080
        padding: true left_padding_size: 8 }";
    let text = Told::aipp("x:1,3,4,1088", padded).refusal(&wide);
    assert!(
        text.contains("1088 pixels wide, more than 1080 with padding (E10052)"),
        "{text}"
    );
    Told::aipp("x:1,3,4,1088", twice).file(&wide);
    let integers = identity(DataType::I64, &[1.into(), 3.into(), 4.into(), 4.into()]);
    assert!(
        Told::aipp("", twice)
            .refusal(&integers)
            .contains("not preprocessed")
    );
}

/// A damaged file is refused, or does something; nothing of the device breaks (500000).
#[test]
fn damaged_files_with_gears_and_preprocessing() {
    let rig = Rig::new();
    let aipp = "aipp_op { aipp_mode: static input_format: RGB888_U8 mean_chn_0: 5 }";
    let told = Told {
        gears: Gears::batch("1,3").unwrap(),
        ..Told::aipp("x:-1,3,2,4", aipp)
    };
    let still = told.file(&network(DataType::F32, 3, 2, 4));
    let moving = Told::aipp("x:2,3,4,4", DYNAMIC).file(&network(DataType::F32, 3, 4, 4));
    let (mut random, mut loaded) = (3_u64, 0);
    for round in 0..600 {
        let mut file = if round % 2 == 0 { &still } else { &moving }.to_vec();
        for _ in 0..=round % 3 / 2 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let [low, high, value, ..] = random.to_be_bytes();
            let at = usize::from(u16::from_be_bytes([low, high])) % (file.len() - 256);
            file[256 + at] = value;
        }
        let mut id = 0;
        let (start, len) = (file.as_ptr().cast(), file.len());
        let code = acl!(rig.aclmdlLoadFromMem(start, len, &raw mut id));
        assert_ne!(code, 500_000, "{:?}", rig.message());
        if code != 0 {
            continue;
        }
        loaded += 1;
        let desc = rig.describe(id);
        let input = acl!(rig.aclmdlCreateDataset());
        for index in 0..acl!(rig.aclmdlGetNumInputs(desc)) {
            let size = acl!(rig.aclmdlGetInputSizeByIndex(desc, index));
            rig.add(input, size.min(1 << 20));
            let mut info = Box::new(aclAippInfo::default());
            let code = acl!(rig.aclmdlGetFirstAippInfo(id, index, &raw mut *info));
            assert_ne!(code, 500_000, "{:?}", rig.message());
        }
        let set = acl!(rig.aclmdlCreateAIPP(2));
        for index in 0..3 {
            let codes = [
                acl!(rig.aclmdlSetDynamicBatchSize(id, input, index, 3)),
                acl!(rig.aclmdlSetInputAIPP(id, input, index, set)),
            ];
            assert!(!codes.contains(&500_000), "{:?}", rig.message());
        }
        let output = acl!(rig.aclmdlCreateDataset());
        rig.add(output, 4096);
        let code = acl!(rig.aclmdlExecute(id, input, output));
        assert_ne!(code, 500_000, "{:?}", rig.message());
        assert_eq!(acl!(rig.aclmdlUnload(id)), 0);
    }
    assert!(loaded > 50, "{loaded} files were only a little damaged");
}
