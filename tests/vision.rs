//! Pictures, checked against Pillow: `tools/vision_reference.py` drew the files in `tests/data/vision`
//! and wrote down what Pillow makes of them.
#![cfg(feature = "vision")]
#![expect(clippy::unwrap_used, reason = "the helpers of tests fail like tests")]
#![expect(
    clippy::float_cmp,
    reason = "values that are equal to the last bit are meant"
)]

use std::fs;
use std::path::PathBuf;

use ascend_rt::ErrorKind;
use ascend_rt::vision::{Limits, Picture, Preprocess, Preprocessor, Resize};
use ascend_rt::{Element, Tensor};
use half::f16;
use ndarray::{Array3, ArrayView3, Zip, s};

fn data(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/data/vision", name]
        .iter()
        .collect()
}

fn reference<T: Element>(stem: &str, what: &str) -> Array3<T> {
    let tensor = Tensor::read_npy(data(&format!("{stem}.{what}.npy"))).unwrap();
    tensor.to_array().unwrap().into_dimensionality().unwrap()
}

/// The names of the drawn pictures: all, before the dot, and behind it.
fn samples() -> Vec<[String; 3]> {
    let mut samples: Vec<_> = fs::read_dir(data(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| {
            let (stem, extension) = name.split_once('.')?;
            matches!(extension, "jpg" | "png")
                .then(|| [name.as_str(), stem, extension].map(str::to_owned))
        })
        .collect();
    samples.sort();
    assert_eq!(samples.len(), 41);
    samples
}

/// The largest and the mean difference between two rows of levels.
fn difference(ours: &[u8], theirs: &[u8]) -> (u8, f64) {
    assert_eq!(ours.len(), theirs.len());
    let differences = || ours.iter().zip(theirs).map(|(a, b)| a.abs_diff(*b));
    let sum: u32 = differences().map(u32::from).sum();
    let mean = f64::from(sum) / f64::from(u32::try_from(ours.len()).unwrap());
    (differences().max().unwrap(), mean)
}

/// The largest difference between two pictures, without their last row and column.
fn difference_inside(ours: &ArrayView3<'_, u8>, theirs: &ArrayView3<'_, u8>) -> u8 {
    let inside = s![..-1, ..-1, ..];
    Zip::from(ours.slice(inside))
        .and(theirs.slice(inside))
        .fold(0, |max, a, b| max.max(a.abs_diff(*b)))
}

/// The steps that the reference crops were made with.
fn reference_steps() -> Preprocess {
    Preprocess::builder()
        .with_resize(Resize::ShortSide(32))
        .with_crop(28, 28)
        .build()
        .unwrap()
}

/// The JPEG files that are not baseline in YCbCr: another decoder takes them.
const OTHER_JPEG: [&str; 6] = [
    "progressive",
    "progressive_420",
    "grey",
    "rgb",
    "cmyk",
    "ycck",
];

/// PNG and baseline JPEG in YCbCr: equal. Other JPEG, measured: up to 4 levels apart, 0.31 in the mean;
/// along the last column and row of pictures with halved colour resolution up to 13, as the decoder
/// takes colours from beyond the edge that Pillow's leaves alone.
#[test]
fn decoding_is_pillows() {
    for [name, stem, extension] in samples() {
        let picture = Picture::open(data(&name)).unwrap();
        let expected: Array3<u8> = reference(&stem, "pixels");
        let shape = (picture.height() as usize, picture.width() as usize, 3);
        assert_eq!(shape, expected.dim(), "{name}");
        let (max, mean) = difference(picture.pixels(), expected.as_slice().unwrap());
        if extension == "png" || !OTHER_JPEG.contains(&stem.as_str()) {
            assert_eq!(max, 0, "{name}");
        } else {
            let ours = ArrayView3::from_shape(shape, picture.pixels()).unwrap();
            let inside = difference_inside(&ours, &expected.view());
            assert!(
                inside <= 7 && max <= 16 && mean < 0.5,
                "{name}: {inside}, {max}, {mean}"
            );
        }
    }
}

/// Measured: one level at most, 0.23 in the mean at most.
#[test]
fn resizing_the_same_pixels_is_pillows_within_one_level() {
    let steps = reference_steps();
    for [name, stem, _] in samples() {
        let pixels: Array3<u8> = reference(&stem, "pixels");
        let (height, width, _) = pixels.dim();
        let picture = Picture::from_rgb(
            width.try_into().unwrap(),
            height.try_into().unwrap(),
            pixels.into_raw_vec_and_offset().0,
        )
        .unwrap();
        let mut crop = vec![0; steps.len()];
        steps.apply_bytes(&picture, &mut crop).unwrap();
        let expected: Array3<u8> = reference(&stem, "crop");
        let (max, mean) = difference(&crop, expected.as_slice().unwrap());
        assert!(max <= 1 && mean < 0.3, "{name}: {max}, {mean}");
    }
}

/// The whole way from the file is within one level where decoding is equal.
#[test]
fn a_preprocessor_makes_of_a_file_what_pillow_does() {
    let steps = Preprocess::builder()
        .with_resize(Resize::ShortSide(32))
        .with_crop(28, 28)
        .with_mean([0.0; 3])
        .with_std([1.0 / 255.0; 3])
        .build()
        .unwrap();
    // One for all of them: what is left of a file must not show in the next.
    let mut preprocessor = Preprocessor::new(steps);
    let mut output = vec![0.0_f32; 3 * 28 * 28];
    for [name, stem, _] in samples() {
        let file = fs::read(data(&name)).unwrap();
        preprocessor.run(&file, &mut output).unwrap();
        let expected: Array3<u8> = reference(&stem, "crop");
        let ours = ArrayView3::from_shape((3, 28, 28), &output).unwrap();
        let most = expected
            .indexed_iter()
            .map(|((y, x, c), &level)| (ours[[c, y, x]] - f32::from(level)).abs())
            .fold(0.0, f32::max);
        let allowed = if OTHER_JPEG.contains(&stem.as_str()) {
            5.01
        } else {
            1.01
        };
        assert!(most <= allowed, "{name}: {most}");
    }
}

/// What a file's part gives is what the whole picture gives, wherever the part lies in the coding's
/// units.
#[test]
fn a_preprocessor_does_what_decoding_and_resizing_do() {
    let crop = |width, height| {
        let resize = Resize::None;
        Preprocess::builder()
            .with_resize(resize)
            .with_crop(width, height)
    };
    let to = |width, height| Preprocess::builder().with_resize(Resize::Exact { width, height });
    let cases = [
        crop(1, 1),
        crop(7, 90),
        crop(33, 2),
        crop(64, 17),
        crop(200, 30),
        to(300, 20).with_crop(5, 5),
        to(9, 400).with_crop(3, 100),
        to(11, 11).with_crop(11, 11),
        to(40, 40).with_crop(224, 10),
    ];
    for steps in cases {
        let steps = steps.build().unwrap();
        let mut preprocessor = Preprocessor::new(steps.clone());
        let (mut ours, mut expected) = (vec![0.0_f32; steps.len()], vec![0.0_f32; steps.len()]);
        for [name, ..] in samples() {
            let file = fs::read(data(&name)).unwrap();
            preprocessor.run(&file, &mut ours).unwrap();
            steps
                .apply(&Picture::decode(&file).unwrap(), &mut expected)
                .unwrap();
            let one_level = 1.001 / 255.0 / 0.224;
            let close = ours
                .iter()
                .zip(&expected)
                .all(|(a, b)| (a - b).abs() <= one_level);
            assert!(close, "{name}, {steps:?}");
        }
    }
}

#[test]
fn a_preprocessor_refuses_what_a_picture_does() {
    let limits = Limits {
        pixels: 100,
        bytes: 1 << 20,
    };
    let mut preprocessor = Preprocessor::new(reference_steps()).with_limits(limits);
    let file = fs::read(data("gradient.jpg")).unwrap();
    let mut output = vec![0.0_f32; preprocessor.steps().len()];
    let error = preprocessor.run(&file, &mut output).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert!(error.to_string().contains("149 x 111"), "{error}");
    let error = preprocessor.run(&file, &mut output[1..]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Shape, "{error}");
    let mut preprocessor = Preprocessor::new(reference_steps());
    let error = preprocessor
        .run(&file[..file.len() / 2], &mut output)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Format, "{error}");
    // Of a file that could not be decoded nothing is left, and a picture is written once.
    let error = preprocessor.write(&mut output).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    preprocessor.run(&file, &mut output).unwrap();
    let error = preprocessor.write(&mut output).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    // Without Huffman tables of its own: those of the file before are not taken.
    let mut bare = file.clone();
    while let Some(at) = bare.windows(2).position(|pair| pair == [0xFF, 0xC4]) {
        let length = usize::from(u16::from_be_bytes([bare[at + 2], bare[at + 3]]));
        bare.drain(at..at + 2 + length);
    }
    let expected = Picture::decode(&bare).map_err(|error| error.kind());
    let result = preprocessor.run(&bare, &mut output);
    assert_eq!(result.is_ok(), expected.is_ok(), "{result:?}, {expected:?}");
}

#[test]
fn a_tensor_is_torchvisions() {
    let expected: Array3<f32> = reference("gradient", "tensor");
    let pixels: Array3<u8> = reference("gradient", "pixels");
    let picture = Picture::from_rgb(149, 111, pixels.into_raw_vec_and_offset().0).unwrap();
    let tensor = reference_steps().to_array(&picture).unwrap();
    assert_eq!(tensor.dim(), (1, 3, 28, 28));
    let one_level = 1.0 / 255.0 / 0.224;
    let mut equal = 0;
    for (ours, theirs) in tensor.iter().zip(&expected) {
        assert!(
            (ours - theirs).abs() < one_level * 1.001,
            "{ours}, {theirs}"
        );
        equal += usize::from(ours == theirs);
    }
    // Where the resized levels are the same, the values are, to the last bit.
    assert!(equal * 10 > tensor.len() * 8, "{equal}");
}

/// A picture of one colour.
fn plain(width: u32, height: u32, color: [u8; 3]) -> Picture {
    Picture::from_rgb(width, height, color.repeat((width * height) as usize)).unwrap()
}

#[test]
fn every_output_form_holds_the_same_picture() {
    let picture = Picture::open(data("gradient.jpg")).unwrap();
    let steps = Preprocess::builder()
        .with_resize(Resize::Exact {
            width: 30,
            height: 21,
        })
        .with_crop(33, 20)
        .with_mean([0.0; 3])
        .with_std([1.0 / 255.0; 3])
        .build()
        .unwrap();
    let (width, height) = (33, 20);
    let mut bytes = vec![1; steps.len()];
    let mut halves = vec![f16::NAN; steps.len()];
    steps.apply_bytes(&picture, &mut bytes).unwrap();
    steps.apply(&picture, &mut halves).unwrap();
    let array = steps.to_array(&picture).unwrap();
    for y in 0..height {
        for x in 0..width {
            for channel in 0..3 {
                let level = bytes[(y * width + x) * 3 + channel];
                let value = array[[0, channel, y, x]];
                assert!((value - f32::from(level)).abs() < 1e-4);
                let half = halves[(channel * height + y) * width + x];
                assert_eq!(half, f16::from_f32(value));
            }
        }
    }
    // 30 of 33 columns come from the picture: 1 black before them, 2 behind.
    let row = &bytes[..width * 3];
    assert!(row[..3].iter().chain(&row[93..]).all(|&level| level == 0));
    assert!(row[3..6].iter().any(|&level| level > 0));
    assert!(row[90..93].iter().any(|&level| level > 0));
}

#[test]
fn black_beyond_the_picture_is_normalised_too() {
    let steps = Preprocess::builder()
        .with_resize(Resize::None)
        .build()
        .unwrap();
    let array = steps.to_array(&plain(2, 2, [255; 3])).unwrap();
    for (channel, (mean, std)) in [(0.485, 0.229), (0.456, 0.224), (0.406, 0.225_f32)]
        .into_iter()
        .enumerate()
    {
        assert_eq!(array[[0, channel, 110, 111]], (0.0 - mean) / std);
        assert_eq!(array[[0, channel, 111, 111]], (1.0 - mean) / std);
        assert_eq!(array[[0, channel, 112, 112]], (1.0 - mean) / std);
        assert_eq!(array[[0, channel, 113, 112]], (0.0 - mean) / std);
    }
}

#[test]
fn extreme_pictures_are_right_or_refused() {
    let steps = Preprocess::default();
    let color = [250, 128, 3];
    let mut bytes = vec![0; steps.len()];
    for (width, height) in [(1, 1), (1, 10_000), (10_000, 1), (3, 70_000), (4097, 2)] {
        let picture = plain(width, height, color);
        bytes.fill(0);
        steps.apply_bytes(&picture, &mut bytes).unwrap();
        let right = bytes.chunks_exact(3).all(|pixel| pixel == color);
        assert!(right, "{width} x {height}");
    }
    // The most that a picture is shrunk: white stays white.
    let exact = |width, height| {
        Preprocess::builder()
            .with_resize(Resize::Exact { width, height })
            .with_crop(width, height)
            .build()
            .unwrap()
    };
    let mut row = [0; 8 * 3];
    let long = plain(8 * 1024, 2, [255; 3]);
    exact(8, 1).apply_bytes(&long, &mut row).unwrap();
    assert_eq!(row, [255; 8 * 3]);
    // Too much shrinking, too long a side for its number, too large an intermediate.
    let refused = [
        (exact(8, 1), plain(10_000, 1, color)),
        (steps, plain(1, 20_000_000, color)),
        (exact(8192, 8192), plain(100_000, 1, color)),
    ];
    for (steps, picture) in refused {
        let error = steps
            .apply_bytes(&picture, &mut vec![0; steps.len()])
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    }
}

#[test]
fn a_wrong_length_and_wrong_steps_are_refused() {
    let steps = Preprocess::default();
    let error = steps
        .apply(&plain(4, 4, [0; 3]), &mut [0.0_f32; 10])
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Shape);
    assert!(error.to_string().contains("150528"), "{error}");
    for wrong in [
        Preprocess::builder().with_crop(0, 224),
        Preprocess::builder().with_crop(224, 8193),
        Preprocess::builder().with_resize(Resize::ShortSide(0)),
        Preprocess::builder().with_std([1.0, 0.0, 1.0]),
        Preprocess::builder().with_mean([f32::NAN, 0.0, 0.0]),
    ] {
        let error = wrong.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    }
    assert_eq!(
        Picture::from_rgb(2, 2, vec![0; 11]).unwrap_err().kind(),
        ErrorKind::Shape
    );
}

#[test]
fn sizes_are_refused_from_the_header() {
    let mut jpeg = fs::read(data("progressive.jpg")).unwrap();
    let frame = jpeg
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC2])
        .unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    let mut png = fs::read(data("rgba.png")).unwrap();
    png[16..24].copy_from_slice(&[0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]);
    let header = [b"IHDR", &png[16..29]].concat();
    png[29..33].copy_from_slice(&crc32(&header).to_be_bytes());
    for bomb in [jpeg, png] {
        let error = Picture::decode(&bomb).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        assert!(error.to_string().contains("100000000 pixels"), "{error}");
    }
    let limits = |pixels, bytes| Limits { pixels, bytes };
    let open = |limits| Picture::open_within(data("small.png"), limits);
    assert!(open(limits(70, 1 << 20)).is_ok());
    for limits in [limits(69, 1 << 20), limits(70, 100)] {
        assert_eq!(open(limits).unwrap_err().kind(), ErrorKind::Unsupported);
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[test]
fn other_files_are_named() {
    let cases: [(&[u8], ErrorKind, &str); 12] = [
        (b"GIF89a", ErrorKind::Unsupported, "GIF"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", ErrorKind::Unsupported, "WebP"),
        (b"BM\x10\0", ErrorKind::Unsupported, "BMP"),
        (b"\0\0\0\x18ftypheic", ErrorKind::Unsupported, "HEIC"),
        (b"\0\0\0\x18ftypavif", ErrorKind::Unsupported, "AVIF"),
        (b"II*\0\x08\0\0\0", ErrorKind::Unsupported, "TIFF"),
        (b"MM\0*\0\0\0\x08", ErrorKind::Unsupported, "TIFF"),
        (b"<!DOCTYPE html>\n<p>\xC3\xA9", ErrorKind::Format, "text"),
        (b"", ErrorKind::Format, "empty"),
        (b"\xFF\xD8", ErrorKind::Format, "truncated"),
        (b"\x89PNG\r\n", ErrorKind::Format, "truncated"),
        (b"\x01\x02\xFF\x00", ErrorKind::Format, "01, 02, FF, 00"),
    ];
    for (bytes, kind, word) in cases {
        let error = Picture::decode(bytes).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        let text = error.to_string();
        assert!(
            text.contains(word) && text.contains("JPEG or PNG"),
            "{text}"
        );
    }
    let error = Picture::open("no/such/picture.jpg").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().starts_with("no/such/picture.jpg: "));
}

#[test]
fn truncated_files_are_errors() {
    let mut preprocessor = Preprocessor::new(reference_steps());
    let mut output = vec![0.0_f32; preprocessor.steps().len()];
    for [name, ..] in samples() {
        let whole = fs::read(data(&name)).unwrap();
        let cuts = (0..whole.len()).step_by(37);
        for len in cuts.chain(whole.len() - 8..whole.len()) {
            let error = Picture::decode(&whole[..len]).expect_err(&format!("{name}: {len} bytes"));
            assert_eq!(
                error.kind(),
                ErrorKind::Format,
                "{name}: {len} bytes: {error}"
            );
            let part = preprocessor.run(&whole[..len], &mut output).unwrap_err();
            assert_eq!(part.to_string(), error.to_string(), "{name}");
        }
        let trailing = [whole.as_slice(), b"more"].concat();
        assert!(Picture::decode(&trailing).is_ok(), "{name}");
    }
}

#[test]
fn damaged_files_do_not_panic() {
    let limits = Limits {
        pixels: 1 << 20,
        ..Limits::default()
    };
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |end: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % end as u64).unwrap()
    };
    let (mut read, mut refused) = (0, 0);
    let mut preprocessor = Preprocessor::new(reference_steps()).with_limits(limits);
    let mut output = vec![0.0_f32; preprocessor.steps().len()];
    for [name, ..] in samples() {
        let whole = fs::read(data(&name)).unwrap();
        for _ in 0..40 {
            let mut damaged = whole.clone();
            for _ in 0..=below(3) {
                // Half of them in the headers, where most decisions are taken.
                let end = if below(2) == 0 { 700 } else { whole.len() };
                damaged[below(end.min(whole.len()))] ^= 1 << below(8);
            }
            let part = preprocessor.run(&damaged, &mut output);
            match Picture::decode_within(&damaged, limits) {
                Ok(_) => {
                    read += 1;
                    // A changed size can be too thin to be resized.
                    let fair =
                        part.is_ok() || part.is_err_and(|e| e.kind() == ErrorKind::Unsupported);
                    assert!(fair, "{name}");
                }
                Err(error) => {
                    refused += 1;
                    let kind = error.kind();
                    let part = part.expect_err(&format!("{name}: {error}"));
                    assert_eq!(part.to_string(), error.to_string(), "{name}");
                    let fair = matches!(kind, ErrorKind::Format | ErrorKind::Unsupported);
                    assert!(fair, "{name}: {error:?}");
                }
            }
        }
    }
    assert!(read > 100 && refused > 100, "{read}, {refused}");
}
