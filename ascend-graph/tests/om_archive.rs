//! OM2 archives, made by hand: what is told of them, and which are refused.

use std::io::Write;

use ascend_graph::DataType;
use ascend_graph::om::{Contents, Kind, OmFile, Place};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::{CompressionMethod, ZipArchiveWriter};

/// A zip archive; `true` deflates.
fn zip(entries: &[(&str, &[u8], bool)]) -> Bytes {
    let mut archive = Vec::new();
    let mut writer = ZipArchiveWriter::new(&mut archive);
    for (name, data, deflate) in entries {
        let name = rawzip::path::EntryPath::verbatim(name.as_bytes());
        let method = if *deflate {
            CompressionMethod::DEFLATE
        } else {
            CompressionMethod::STORE
        };
        let (mut entry, config) = writer
            .new_file(name)
            .compression_method(method)
            .start()
            .expect("memory takes it");
        let descriptor = if *deflate {
            let encoder = DeflateEncoder::new(&mut entry, Compression::best());
            let mut data_writer = config.wrap(encoder);
            data_writer.write_all(data).expect("memory takes it");
            let (encoder, descriptor) = data_writer.finish().expect("memory takes it");
            encoder.finish().expect("memory takes it");
            descriptor
        } else {
            let mut data_writer = config.wrap(&mut entry);
            data_writer.write_all(data).expect("memory takes it");
            data_writer.finish().expect("memory takes it").1
        };
        entry.finish(descriptor).expect("memory takes it");
    }
    writer.finish().expect("memory takes it");
    archive.into()
}

const MANIFEST: &[u8] =
    br#"{"om2_version": "0", "model_num": "1", "atc_command": "atc --soc_version=Ascend310P3"}"#;
const META: &[u8] = br#"{
    "name": "net", "work_size": 8192, "zero_copy_size": 48, "dynamic_type": 1,
    "dynamic_batch_info": [1, 4], "dynamic_output_shape": [[0, 0, 1, 2], "1,0,4,2"],
    "user_designate_shape_order": ["x"],
    "inputs": [
        {"name": "n", "index": 1, "shape": [1], "data_type": "DT_INT32", "format": "ND", "size": 4},
        {"name": "x", "index": 0, "shape": [1, 3, 8, 8], "shape_v2": [1, 3, 4, 4],
         "origin_input_dims": [-1, 3, 8, 8], "data_type": "DT_FLOAT16", "format": "NCHW", "size": 384,
         "shape_range": [[1, 4], [3, 3], [8, 8], [8, 8]]}],
    "outputs": [{"name": "y", "index": 0, "shape": [-1, 2], "data_type": "DT_FLOAT", "format": "ND", "size": 8}],
    "aipp_infos": [{"index": 0, "aipp_mode": 1, "input_format": 3, "crop": true, "min_chn_0": 0.5,
        "var_reci_chn_0": [0.25]}]
}"#;
const CONSTANTS: &[u8] = br#"{"internal_weight_size": 12, "consts": {
    "w": {"index": 0, "type": "INTERNAL", "file_name": "constant_0", "offset": 4, "size": 8, "op_name": "dense/w"},
    "out": {"index": 1, "type": "INTERNAL", "file_name": "constant_0", "offset": 8, "size": 8},
    "far": {"index": 2, "type": "EXTERNAL", "file_name": "weight_1", "offset": 0, "size": 8}}}"#;

#[test]
fn an_archive_is_described() {
    for folder in ["", "net/"] {
        let name = |rest: &str| format!("{folder}{rest}");
        let om = OmFile::open(&zip(&[
            (&name("manifest.json"), MANIFEST, false),
            (&name("data/model_0/model_meta.json"), META, true),
            (
                &name("data/model_0/runtime/net.cpp"),
                b"int main() {}",
                true,
            ),
            (
                &name("data/constants/model_0_constants_config.json"),
                CONSTANTS,
                false,
            ),
            (&name("data/constants/constant_0"), b"0123456789ab", false),
        ]))
        .unwrap();
        assert_eq!((om.kind, om.name()), (Kind::Archive, "net"));
        let Contents::Archive(archive) = &om.contents else {
            panic!("{:?}", om.kind)
        };
        assert_eq!(
            (archive.folder.as_str(), archive.entries.len()),
            (folder, 5)
        );
        assert_eq!(archive.manifest["om2_version"], "0");
        let code = &archive.entries[2];
        assert_eq!((code.bytes, code.is_stored), (13, false));
        let [model] = om.models() else {
            panic!("one model")
        };
        assert_eq!(model.command_line(), Some("atc --soc_version=Ascend310P3"));
        assert_eq!(model.option("soc_version"), Some("Ascend310P3"));
        let needs = model.needs();
        assert_eq!(
            (needs.work_bytes, needs.weight_bytes, needs.zero_copy_bytes),
            (8192, 12, 48)
        );
        let [x, n] = model.io.inputs.as_slice() else {
            panic!("{:?}", model.io)
        };
        assert_eq!(
            (x.name.as_str(), n.name.as_str(), n.dtype),
            ("x", "n", DataType::I32)
        );
        assert_eq!(
            (&x.dims[..], &x.dims_after_aipp[..]),
            (&[-1, 3, 8, 8][..], &[1, 3, 4, 4][..])
        );
        assert_eq!((x.bytes, x.ranges.len(), x.dtype), (384, 4, DataType::F16));
        assert_eq!(model.io.batch_gears, [1, 4]);
        assert_eq!(model.io.gear_output_dims(1, 0), Some(vec![4, 2]));
        let [aipp] = model.aipp.as_slice() else {
            panic!("{:?}", model.aipp)
        };
        assert!(aipp.aipp.crop && !aipp.aipp.dynamic);
        assert_eq!(
            (aipp.aipp.min_chn[0], aipp.aipp.var_reci_chn[0]),
            (0.5, 0.25)
        );
        let found: Vec<_> = model
            .constants
            .iter()
            .map(|constant| (constant.name.as_str(), constant.bytes().ok()))
            .collect();
        assert_eq!(
            found,
            [
                ("far", None),
                ("out", None),
                ("dense/w", Some(Bytes::from_static(b"456789ab")))
            ]
        );
        assert!(
            matches!(&model.constants[0].place, Place::File { name, .. } if name == "weight_1")
        );
    }
}

#[test]
fn hostile_archives_are_refused() {
    let bomb = [b"[".as_slice(), &vec![b' '; 5 << 20], b"]"].concat();
    let meta = "data/model_0/model_meta.json";
    let manifest = ("manifest.json", MANIFEST, false);
    let deep = vec![b'['; 100_000];
    for (archive, expected) in [
        (
            zip(&[manifest, ("../evil", b"x", false)]),
            r#"an entry has the name "../evil", which leads out of the archive"#,
        ),
        (
            zip(&[manifest, ("a/..\\..\\evil", b"x", false)]),
            "leads out of the archive",
        ),
        (
            zip(&[manifest, ("/etc/passwd", b"x", false)]),
            "leads out of the archive",
        ),
        (
            zip(&[manifest, ("c:evil", b"x", false)]),
            "leads out of the archive",
        ),
        (zip(&[manifest, manifest]), "`manifest.json` is there twice"),
        (
            zip(&[manifest, ("net/manifest.json", MANIFEST, false)]),
            "there are two of manifest.json",
        ),
        (
            zip(&[manifest]),
            "there is no data/model_0/model_meta.json in it",
        ),
        (
            zip(&[manifest, ("data/model_0/runtime/a.cpp", b"", false)]),
            "there is no `data/model_0/model_meta.json` in it",
        ),
        (
            zip(&[("word/document.xml", b"<w/>", true)]),
            "there is no manifest.json in it, so it is a zip archive, but no model",
        ),
        (
            zip(&[manifest, (meta, &bomb, true)]),
            "is a description of more than 4194304 bytes",
        ),
        (
            zip(&[manifest, (meta, &bomb, false)]),
            "is a description of more than 4194304 bytes",
        ),
        (
            zip(&[manifest, (meta, &deep, true)]),
            "is no JSON: recursion limit exceeded",
        ),
        (
            zip(&[manifest, (meta, b"[1]", false)]),
            "is JSON, but no object",
        ),
        (
            zip(&[manifest, (meta, b"{}", false)]),
            "the list `inputs` is missing",
        ),
        (zip(&[manifest, (meta, b"{\xff", false)]), "is no JSON"),
    ] {
        let message = OmFile::open(&archive).unwrap_err().to_string();
        assert!(
            message.starts_with("OM2 archive: ") && message.contains(expected),
            "{message}"
        );
    }
}

#[test]
fn a_damaged_archive_never_panics() {
    let archive = zip(&[
        ("manifest.json", MANIFEST, true),
        ("data/model_0/model_meta.json", META, true),
    ]);
    for end in 0..archive.len() {
        assert!(OmFile::open(&archive.slice(..end)).is_err(), "{end} bytes");
    }
    for at in 0..archive.len() {
        for bit in 0..8 {
            let mut bytes = archive.to_vec();
            bytes[at] ^= 1 << bit;
            if let Ok(om) = OmFile::open(&bytes.into()) {
                std::hint::black_box(om.files());
            }
        }
    }
}
