//! Command lines of other tools, those of the page on `ascend bench`, and shapes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ascend_graph::DataType;
use ascend_graph::onnx::{Builder, Dim};
use ascend_rt::Tensor;

use super::bench::{Made, array, row};
use super::{fails, path, succeeds, text};

const COMPUTE: &str = "[INFO] NPU_compute_time (ms): min = ";
const THROUGHPUT: &str = "[INFO] throughput 1000*batchsize.mean(";

impl Made {
    /// `y = x + x` of `[1, 3, height, width]`, made with these options.
    pub(super) fn picture(&self, sides: Option<i64>, options: &[&str]) -> PathBuf {
        let mut graph = Builder::new("picture", 13);
        let side = || sides.map_or(Dim::Unknown, Dim::from);
        let dims = [1.into(), 3.into(), side(), side()];
        let x = graph.input("x", DataType::F32, &dims);
        graph.node_to("Add", "add", &[&x, &x], &["y"], []);
        graph.output("y", DataType::F32, &dims);
        self.converted(graph, options)
    }
}

/// Command lines as READMEs have them, with the program's name changed: what they print and write.
#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn command_lines_of_other_tools_run() {
    struct Case {
        line: &'static str,
        prints: &'static [&'static str],
        writes: &'static [&'static str],
    }
    let made = Made::new();
    let at = |name: &str, om: &Path| fs::rename(om, made.at(name)).unwrap();
    at("fixed_bs4.om", &made.double(Some(4), &[]));
    at(
        "gears.om",
        &made.double(
            None,
            &["--input-shape", "x:-1,4", "--dynamic-batch-size", "1,2,4"],
        ),
    );
    at(
        "dims.om",
        &made.double(
            None,
            &["--input-shape", "x:-1,4", "--dynamic-dims", "1;2;4"],
        ),
    );
    at(
        "range.om",
        &made.double(None, &["--input-shape", "x:1~8,4"]),
    );
    at(
        "hw.om",
        &made.picture(
            None,
            &[
                "--input-shape",
                "x:1,3,-1,-1",
                "--dynamic-image-size",
                "4,4;8,6",
            ],
        ),
    );
    made.rows("prep", 5);
    fs::create_dir(made.at("npys")).unwrap();
    for batch in [1, 2, 4] {
        let tensor = array(&[batch, 4], row(1).repeat(batch));
        tensor
            .write_npy(made.at(&format!("npys/n{batch}.npy")))
            .unwrap();
    }
    let cases = [
        Case {
            line: "python3 -m ais_bench --model ./fixed_bs4.om --input ./prep --output ./ --output_dirname bin \
                   --outfmt BIN --batchsize 4 --device 0",
            prints: &[COMPUTE, "batchsize.mean(4)/NPU_compute_time.mean("],
            writes: &["bin/prep_0_0.bin", "bin/prep_4_0.bin", "bin_summary.json"],
        },
        Case {
            line: "python3 -m ais_bench --model=fixed_bs4.om --loop=20 --batchsize=8",
            prints: &["batchsize.mean(8)/"],
            writes: &[],
        },
        Case {
            line: "python -m ais_bench --model fixed_bs4.om --loop 10 --warmup_count 0 --display_all_summary True",
            prints: &[
                "[INFO] H2D_latency (ms): min = ",
                "[INFO] D2H_latency (ms): min = ",
                THROUGHPUT,
            ],
            writes: &[],
        },
        Case {
            line: "python3 -m ais_bench --model gears.om --input=./prep/ --dymBatch 2 --output ./ --outfmt NPY \
                   --output_dirname=gears",
            prints: &["batchsize.mean(2)/"],
            writes: &["gears/prep_4_0.npy"],
        },
        Case {
            line: "python3 -m ais_bench --model hw.om --dymHW 8,6 --loop 3 --device 0",
            prints: &["batchsize.mean(1)/"],
            writes: &[],
        },
        Case {
            line: "python3 -m ais_bench --model dims.om --dymDims \"x:2,4\" --loop 5 --batchsize 2 --debug 1",
            prints: &[
                "[DEBUG] inputs: #i  name  dtype  shape  size  realsize",
                "aclExec cost : ",
            ],
            writes: &[],
        },
        Case {
            line: "python3 -m ais_bench --model range.om --dymShape \"x:3,4\" --outputSize 10000 --loop 2",
            prints: &["batchsize.mean(3)/"],
            writes: &[],
        },
        Case {
            line: "python3 -m ais_bench --model range.om --input ./npys --auto_set_dymshape_mode 1 \
                   --outputSize \"1000\" --output ./ --output_dirname shapes --outfmt NPY",
            prints: &[COMPUTE],
            writes: &["shapes/n1_0.npy", "shapes/n2_0.npy", "shapes/n4_0.npy"],
        },
        Case {
            line: "python3 -m ais_bench --model dims.om --input ./npys/ --auto_set_dymdims_mode 1 --output ./ \
                   --output_dirname auto --outfmt TXT",
            prints: &[COMPUTE],
            writes: &["auto/n1_0.txt", "auto/n4_0.txt"],
        },
        Case {
            line: "python3 -m ais_bench --model range.om --dymShape_range \"x:7~9,4\" --outputSize 1000",
            prints: &[
                "run_count:3 success_count:2 avg_throughput:",
                "x:7,4  OK  ",
                "[INFO] 3  x:9,4  NOK  0",
            ],
            writes: &[],
        },
        Case {
            line: "msit benchmark -om fixed_bs4.om -i prep/prep_0.bin,prep/prep_1.bin -o ./ -od short --batch-size 4 \
                   -das 1 -pdt zero -rm full -oba 0 -wcount 2",
            prints: &["H2D_latency", "warm-up: 2 runs"],
            writes: &[
                "short/prep_0_0.bin",
                "short/prep_1_0.bin",
                "short_summary.json",
            ],
        },
        Case {
            line: "./msame --model fixed_bs4.om --input ./prep --output ./msame_out --outfmt TXT --loop 100 \
                   --debug false --profiler false",
            prints: &["2 runs of"],
            writes: &[],
        },
    ];
    let program = env!("CARGO_BIN_EXE_ascend");
    for Case {
        line,
        prints,
        writes,
    } in cases
    {
        let names = [
            ("python3 -m ais_bench", "bench"),
            ("python -m ais_bench", "bench"),
            ("msit benchmark", "bench"),
            ("./msame", "msame"),
        ];
        let (name, command) = names
            .iter()
            .find(|(name, _)| line.starts_with(name))
            .unwrap();
        let ours = format!("{program} {command}{}", &line[name.len()..]);
        let output = Command::new("sh")
            .args(["-c", &ours])
            .current_dir(made.0.path())
            .output()
            .unwrap();
        let said = text(&output.stdout);
        assert!(output.status.success(), "{line}: {}", text(&output.stderr));
        for part in prints {
            assert!(
                said.contains(part),
                "{line}: {part:?} is missing in: {said}"
            );
        }
        for file in writes {
            assert!(made.at(file).is_file(), "{line}: {file} is missing");
        }
    }
    let shape = Tensor::read_npy(made.at("shapes/n4_0.npy")).unwrap().shape;
    assert_eq!(shape[..], [4, 4]);
    let padded = Tensor::read_npy(made.at("gears/prep_4_0.npy")).unwrap();
    assert_eq!(
        (&padded.shape[..], &padded.bytes[..]),
        (&[1, 4][..], &row(8)[..])
    );
}

/// The lines of the page, one after the other, in a folder with what they name.
#[test]
fn the_examples_of_the_page_run() {
    let page = include_str!("../../docs/bench.md");
    let block = page
        .split("```sh\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    let made = Made::new();
    let at = |name: &str, om: &Path| fs::rename(om, made.at(name)).unwrap();
    at("net_bs8.om", &made.double(Some(8), &[]));
    let mut graph = Builder::new("three", 13);
    let dims = [1.into(), 4.into()];
    let [ids, mask, segments] =
        ["ids", "mask", "segments"].map(|name| graph.input(name, DataType::F32, &dims));
    let sum = graph.node("Add", "one", &[&ids, &mask], []);
    graph.node_to("Add", "other", &[&sum, &segments], &["y"], []);
    graph.output("y", DataType::F32, &dims);
    at("bert.om", &made.converted(graph, &[]));
    made.double(Some(1), &[]);
    for (folder, count) in [("prep", 9), ("ids", 2), ("mask", 2), ("segments", 2)] {
        made.rows(folder, count);
    }
    fs::write(made.at("image.bin"), row(1)).unwrap();
    array(&[1, 4], row(1))
        .write_npy(made.at("image.npy"))
        .unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_ascend")).parent().unwrap();
    let mut count = 0;
    for line in block.lines().filter(|line| !line.is_empty()) {
        let output = Command::new("sh")
            .args(["-c", line])
            .current_dir(made.0.path())
            .env("PATH", format!("{}:/usr/bin:/bin", path(program)))
            .env("ASCEND_MOCK_CONFIG", "devices = 4")
            .output()
            .unwrap();
        assert!(output.status.success(), "{line}: {}", text(&output.stderr));
        count += 1;
    }
    assert!(
        count >= 6
            && made.at("report.html").is_file()
            && made.at("result/bin/prep_8_0.bin").is_file()
    );
}

#[test]
fn shapes_that_do_not_fit_are_told() {
    let made = Made::new();
    let om = made.double(
        None,
        &["--input-shape", "x:-1,4", "--dynamic-batch-size", "1,2,4"],
    );
    let om = path(&om);
    for (more, parts) in [
        (
            &["--dymBatch", "3"][..],
            &["3] is no gear", "batch sizes 1, 2, 4"][..],
        ),
        (
            &["--dymHW", "4,4"],
            &["another kind of model", "batch sizes 1, 2, 4"],
        ),
        (&["--dymShape", "x:3,4"], &["x:3,4 is no gear"]),
        (&["--dymDims", "y:1,4"], &["no input \"y\"", "x"]),
        (
            &["--auto_set_dymdims_mode", "1"],
            &["no files to take shapes from"],
        ),
        (&["--outputSize", "1,2"], &["tells 2 sizes", "1 outputs"]),
        (&["--aipp_config", "a.cfg"], &["takes no parameters"]),
        (&["--dymShape_range", "x:1~99999,4"], &["10000 at most"]),
        (
            &["--dymShape_range", "x:5-7,4"],
            &["no shape could be measured", "x:5,4 is no gear"],
        ),
        (
            &["--dymShape_range", "x:1,4", "--csv", "r.csv"],
            &["--csv is for runs of one shape", "--json"],
        ),
    ] {
        let needs_file = more[0] == "--aipp_config";
        let config = made.at("a.cfg");
        fs::write(
            &config,
            "input_format: RGB888_U8\nsrc_image_size_h: 4\nsrc_image_size_w: 4\n",
        )
        .unwrap();
        let more = if needs_file {
            vec!["--aipp_config", path(&config)]
        } else {
            more.to_vec()
        };
        fails(&[&["bench", om][..], &more].concat(), 6, parts);
    }
    for more in [
        &["--dymHW", "4"][..],
        &["--dymShape", "x"],
        &["--debug=maybe"],
        &["--threads", "0"],
        &["--limit", "0"],
        &["--outfmt", "PNG"],
    ] {
        fails(&[&["bench", om][..], more].concat(), 2, &[]);
    }
    // The largest gear is taken where none is named; raw files name theirs by their size.
    assert!(succeeds(&["bench", om]).contains("batchsize.mean(4)/"));
    let raw = made.at("raw.bin");
    fs::write(&raw, row(1).repeat(2)).unwrap();
    assert!(succeeds(&["bench", om, "-i", path(&raw)]).contains("batchsize.mean(2)/"));
    fs::write(&raw, row(1).repeat(3)).unwrap();
    fails(
        &["bench", om, "-i", path(&raw)],
        6,
        &["raw.bin", "48 bytes are the size of no gear"],
    );
    let range = made.double(None, &["--input-shape", "x:1~8,4"]);
    fails(
        &["bench", path(&range), "-i", path(&raw)],
        6,
        &["raw.bin", "tell no shape", "--dym-shape"],
    );
    fails(&["bench", path(&range)], 6, &["--dym-shape", "1~8"]);
    fails(
        &["bench", path(&range), "--dymShape", "x:9,4"],
        6,
        &["x:9,4 does not fit"],
    );
}

#[test]
fn pictures_are_preprocessed_as_a_file_tells() {
    let made = Made::new();
    let config = made.at("insert.cfg");
    fs::write(
        &config,
        "aipp_op { aipp_mode: dynamic max_src_image_size: 4096 }",
    )
    .unwrap();
    let om = made.picture(
        Some(4),
        &[
            "--input-shape",
            "x:1,3,4,4",
            "--insert-op-conf",
            path(&config),
        ],
    );
    let (parameters, picture, out) = (made.at("aipp.config"), made.at("p.bin"), made.at("out"));
    let lines = "[aipp_op]\n input_format : RGB888_U8\n src_image_size_w : 6\n src_image_size_h : 4\n crop : 1\n \
                 load_start_pos_w : 2\n crop_size_w : 4\n crop_size_h : 4\n mean_chn_0 : 5\n";
    fs::write(&parameters, lines).unwrap();
    fs::write(&picture, [7; 4 * 6 * 3]).unwrap();
    let run = [
        "run",
        path(&om),
        "--input",
        path(&picture),
        "--output",
        path(&out),
    ];
    fails(&run, 6, &["--aipp-config"]);
    succeeds(&[&run[..], &["--aipp_config", path(&parameters)]].concat());
    let output = Tensor::read_npy(out.join("y.npy"))
        .unwrap()
        .to_array::<f32>()
        .unwrap();
    assert_eq!((output[[0, 0, 0, 0]], output[[0, 1, 0, 0]]), (4.0, 14.0));
    fs::write(&parameters, "input_format : JPEG\n").unwrap();
    fails(
        &[&run[..], &["--aipp_config", path(&parameters)]].concat(),
        6,
        &["aipp.config", "JPEG"],
    );
}
