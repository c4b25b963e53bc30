//! Preprocessing of pictures on the device.

use ascend_graph::{DataType, Gears};
use ascend_rt::model::{
    AippParameters, AippSpec, ColourConversion, Crop, Margins, Picture, PictureParameters,
};
use ascend_rt::session::{Padding, SessionOptions};
use ascend_rt::{ErrorKind, Session};
use ndarray::ArrayD;

use super::formulas::cases;
use super::made::{Rig, Told, picture, same};

const DYNAMIC: &str = "aipp_op { aipp_mode: dynamic max_src_image_size: 4096 }";

#[test]
fn pictures_become_what_the_formulas_say() {
    for case in cases() {
        let network = same(case.dtype, i64::try_from(case.channels).unwrap());
        let shapes = case.shapes("2");
        let rig = Rig::new();
        let om = Told::shapes(&shapes)
            .aipp(&case.configuration())
            .om(&network);
        let mut session = rig.session(&om);
        let spec = &session.description().inputs[0];
        assert_eq!(
            spec.fixed_dims(),
            case.parameters().shape(2),
            "{}",
            case.name
        );
        let (picture, size) = (case.picture, Some(case.size));
        assert_eq!(spec.aipp, Some(AippSpec::Static { picture, size }));
        case.check(&mut session, "static");
        drop(session);

        let om = Told::shapes(&shapes).aipp(DYNAMIC).om(&network);
        let mut session = rig.session(&om);
        session.set_aipp("x", case.parameters()).unwrap();
        case.check(&mut session, "dynamic");
        case.check(&mut session, "dynamic, again");
        drop(session);
        rig.end();
    }
}

trait Fixed {
    fn fixed_dims(&self) -> Vec<usize>;
}

impl Fixed for ascend_rt::model::TensorSpec {
    fn fixed_dims(&self) -> Vec<usize> {
        self.dims.iter().map(|dim| dim.unwrap()).collect()
    }
}

#[test]
fn parameters_change_from_run_to_run_and_from_picture_to_picture() {
    let rig = Rig::new();
    let om = Told::shapes("x:2,3,4,4")
        .aipp(DYNAMIC)
        .om(&same(DataType::F32, 3));
    let mut session = rig.session(&om);
    let source = picture(&[2, 8, 8, 3]);
    let crop = |top, left| {
        let (height, width) = (4, 4);
        Some(Crop {
            top,
            left,
            height,
            width,
        })
    };
    for [first, second] in [[(0, 0), (4, 3)], [(1, 2), (1, 2)]] {
        let each = [first, second].map(|(top, left)| PictureParameters {
            crop: crop(top, left),
            ..PictureParameters::default()
        });
        let parameters = AippParameters::new(Picture::Rgb888, 8, 8).each_picture(each);
        session.set_aipp("x", parameters).unwrap();
        let outputs = session.run(&[(&source).into()]).unwrap();
        let made = outputs.array::<f32>(0).unwrap();
        for (n, (top, left)) in [first, second].into_iter().enumerate() {
            let at = [n, top as usize + 3, left as usize + 2, 1];
            let expected = f32::from(source[at.as_slice()]);
            assert_eq!(made[[n, 1, 3, 2]].to_bits(), expected.to_bits());
        }
    }
}

#[test]
fn a_model_that_wants_parameters_says_so() {
    let rig = Rig::new();
    let om = Told::shapes("x:1,3,4,4")
        .aipp(DYNAMIC)
        .om(&same(DataType::F32, 3));
    let mut session = rig.session(&om);
    let spec = session.description().inputs[0].clone();
    assert_eq!(session.description().inputs.len(), 1);
    let (size, most_bytes) = (Some([4, 4]), 4096);
    assert_eq!(spec.aipp, Some(AippSpec::Dynamic { size, most_bytes }));
    let source = picture(&[1, 4, 4, 3]);
    let error = session.run(&[(&source).into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(
        error
            .to_string()
            .contains("set them with `Session::set_aipp` first"),
        "{error}"
    );
    session
        .set_aipp("x", AippParameters::new(Picture::Rgb888, 4, 4))
        .unwrap();
    session.run(&[(&source).into()]).unwrap();
    let wide = picture(&[1, 4, 5, 3]);
    let error = session.run(&[(&wide).into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Shape);
    assert!(
        error
            .to_string()
            .contains("uint8 [1, 4, 4, 3] with these parameters"),
        "{error}"
    );
}

/// Asserts that a model of two pictures `[3, 4, 6]` refuses parameters, and why.
fn refuses(cases: impl IntoIterator<Item = (AippParameters, &'static str)>) {
    let rig = Rig::new();
    let config = "aipp_op { aipp_mode: dynamic max_src_image_size: 200 }";
    let om = Told::shapes("x:2,3,4,6").aipp(config);
    let mut session = rig.session(&om.om(&same(DataType::F32, 3)));
    for (parameters, says) in cases {
        let error = session.set_aipp("x", parameters).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{says}: {error}");
        let text = error.to_string();
        assert!(text.starts_with("preprocessing of input x: "), "{text}");
        assert!(text.contains(says), "{says}: {text}");
    }
    let plain = AippParameters::new(Picture::Rgb888, 4, 6);
    let error = session.set_aipp("y", plain).unwrap_err().to_string();
    assert!(
        error.contains("no input y whose preprocessing takes parameters"),
        "{error}"
    );
}

#[test]
fn pictures_that_do_not_fit_are_refused_with_the_reason() {
    let of = AippParameters::new;
    let rgb = || of(Picture::Rgb888, 4, 6);
    let one = PictureParameters::default();
    refuses([
        (of(Picture::Yuyv, 4, 6), "YUYV_U8 cannot come with a run"),
        (of(Picture::Rgb888, 4, 1), "the pictures are 4x1 pixels"),
        (
            of(Picture::Rgb888, 4097, 6),
            "the pictures are 4097x6 pixels",
        ),
        (of(Picture::Yuv420sp, 4, 7), "even sides, not 4x7"),
        (
            of(Picture::Yuv400, 4, 6).colours(ColourConversion::YUV_TO_RGB),
            "no colours to convert",
        ),
        (
            rgb().swap_ax(true),
            "swap_ax is for pictures of four channels",
        ),
        (rgb().each_picture([]), "for 0 pictures"),
        (
            rgb().each_picture([one; 3]),
            "for 3 pictures, and the model takes 1 to 2",
        ),
        (
            of(Picture::Rgb888, 5, 6),
            "picture 0 becomes 5x6 pixels, and the model takes 4x6",
        ),
    ]);
}

#[test]
fn what_is_done_to_pictures_is_checked() {
    let crop = |top, height| PictureParameters {
        crop: Some(Crop {
            top,
            left: 0,
            height,
            width: 6,
        }),
        ..PictureParameters::default()
    };
    let margins = |top, left| PictureParameters {
        padding: Some(Margins {
            top,
            left,
            ..Margins::default()
        }),
        ..PictureParameters::default()
    };
    let factors = |min, var| PictureParameters {
        min: [0.0, 0.0, 0.0, min],
        var_reci: [1.0, var, 1.0, 1.0],
        ..PictureParameters::default()
    };
    let of = |picture, height, width, parameters| {
        AippParameters::new(picture, height, width).all_pictures(parameters)
    };
    let rgb = Picture::Rgb888;
    refuses([
        (
            of(rgb, 5, 6, crop(2, 4)),
            "the crop of 4x6 pixels from row 2, column 0 is not inside of 5x6",
        ),
        (
            of(Picture::Yuv420sp, 6, 8, crop(1, 4)),
            "starts at even rows and columns, not at 1, 0",
        ),
        (
            of(rgb, 4, 6, margins(0, 1080)),
            "1086 pixels wide, more than the 1080",
        ),
        (
            of(rgb, 4, 6, margins(u32::MAX, 0)),
            "has a side above 4096 pixels",
        ),
        (
            of(rgb, 4, 6, factors(0.0, 1e9)),
            "var_reci is 1000000000, which half",
        ),
        (of(rgb, 4, 6, factors(f32::NAN, 1.0)), "min is NaN"),
        (
            of(rgb, 8, 6, crop(0, 4)),
            "2 pictures of 8x6 pixels as RGB888_U8 do not fit into the 200 bytes",
        ),
    ]);
}

#[test]
fn pictures_come_in_gears() {
    let network = same(DataType::F32, 3);
    let config = "aipp_op { aipp_mode: static input_format: YUV420SP_U8 csc_switch: true }";
    let rig = Rig::new();
    let batches = Told::gears("x:-1,3,4,6", Gears::batch("1,2,4"));
    let om = batches.clone().aipp(config).om(&network);
    let model = rig.model(&om).unwrap();
    let padded = SessionOptions::new().padding(Padding::NextGear);
    let mut session = Session::with_options(model, padded).unwrap();
    let run = |session: &mut Session, source: &ArrayD<u8>| {
        let outputs = session.run(&[source.into()]).unwrap();
        outputs.array::<f32>(0).unwrap().to_owned()
    };
    let four = run(&mut session, &picture(&[4, 6, 6, 1]));
    let three = run(&mut session, &picture(&[3, 6, 6, 1]));
    assert_eq!(three.shape(), [3, 3, 4, 6]);
    let first = four.slice_axis(ndarray::Axis(0), ndarray::Slice::from(..3));
    assert_eq!(three, first);

    let sizes = Told::gears("x:1,3,-1,-1", Gears::image("4,6;8,4")).aipp(config);
    let model = rig.model(&sizes.om(&network)).unwrap();
    let gears = model.description().gears.clone().unwrap();
    let shapes: Vec<_> = gears
        .gears
        .iter()
        .map(|gear| gear.shapes[0].clone())
        .collect();
    assert_eq!(shapes, [[1, 6, 6, 1], [1, 12, 4, 1]]);
    let mut session = Session::with_options(model, padded).unwrap();
    assert_eq!(
        run(&mut session, &picture(&[1, 12, 4, 1])).shape(),
        [1, 3, 8, 4]
    );
    assert_eq!(
        run(&mut session, &picture(&[1, 6, 6, 1])).shape(),
        [1, 3, 4, 6]
    );
    // The planes of a picture are not padded as if it were a tensor.
    let error = session
        .run(&[(&picture(&[1, 9, 4, 1])).into()])
        .unwrap_err();
    assert!(
        error.to_string().contains("image sizes 4x6, 8x4"),
        "{error}"
    );

    // Parameters are for the largest size, and say which gear it is.
    let om = Told::gears("x:1,3,-1,-1", Gears::image("4,6;8,4")).aipp(DYNAMIC);
    let mut session = Session::with_options(rig.model(&om.om(&network)).unwrap(), padded).unwrap();
    session
        .set_aipp("x", AippParameters::new(Picture::Rgb888, 8, 4))
        .unwrap();
    let made = run(&mut session, &picture(&[1, 8, 4, 3]));
    assert_eq!(made.shape(), [1, 3, 8, 4]);

    let om = batches.aipp(DYNAMIC).om(&network);
    let mut session = Session::with_options(rig.model(&om).unwrap(), padded).unwrap();
    session
        .set_aipp("x", AippParameters::new(Picture::Rgb888, 4, 6))
        .unwrap();
    for n in [1, 3, 4] {
        let source = picture(&[n, 4, 6, 3]);
        let made = run(&mut session, &source);
        assert_eq!(made.shape(), [n, 3, 4, 6]);
        let expected = f32::from(source[[n - 1, 3, 5, 2]]);
        assert_eq!(made[[n - 1, 2, 3, 5]].to_bits(), expected.to_bits());
    }
}

#[test]
fn a_model_that_contradicts_itself_is_refused() {
    // The shape of the bytes says 4 rows, the size 3.
    let config = "aipp_op { aipp_mode: static input_format: RGB888_U8 }";
    let om = Told::shapes("x:1,3,4,6")
        .aipp(config)
        .om(&same(DataType::F32, 3));
    let file = ascend_graph::om::OmModel::open(&om.clone().into()).unwrap();
    assert_eq!(file.io.inputs[0].bytes, 72);
    let mut damaged = om;
    // In the description, before the dimensions of the input stands its size.
    let place = damaged
        .windows(8)
        .position(|window| window == 72_u64.to_le_bytes())
        .unwrap();
    damaged[place] = 54;
    let rig = Rig::new();
    let error = Session::new(rig.model(&damaged).unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Shape, "{error}");
    assert!(
        error
            .to_string()
            .contains("takes 72 bytes as [1, 4, 6, 3], and 54 by its own word"),
        "{error}"
    );
}
