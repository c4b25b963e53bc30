//! `ascend convert` for chips: what is made, from what, and what is not made again.

use std::fs;
use std::path::Path;

use ascend_graph::om::OmModel;
use ascend_graph::onnx::Model;

use super::stand_in::Place;
use super::{WEIGHTS, path, succeeds, text};

#[test]
fn a_model_is_made_and_told() {
    let place = Place::new();
    let output = place.convert("success", &["--input-shape", "input:1,3,8,8"]);
    let (said, told) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{told}");
    for part in [
        "found CANN 8.0.RC1 in",
        "set_env.sh",
        "for Ascend310P3 in",
        "atc warns: W11001: Op [relu]",
        "sha256 ",
    ] {
        assert!(said.contains(part), "{part:?} is missing in {said}");
    }
    assert!(
        told.contains("float16") && told.contains("--op-select-implmode"),
        "{told}"
    );
    OmModel::open(&fs::read(place.at("net.om")).unwrap().into()).unwrap();
    let arguments = place.noted("arguments");
    let onnx = format!("--model={}", place.at("net.onnx").display());
    for argument in [
        &*onnx,
        "--framework=5",
        "--soc_version=Ascend310P3",
        "--input_shape=input:1,3,8,8",
    ] {
        assert!(
            arguments.lines().any(|line| line == argument),
            "{arguments}"
        );
    }
    let environment = place.noted("environment");
    assert!(
        environment.contains("FROM_THE_SCRIPT=two words"),
        "{environment}"
    );
    let cwd = place.noted("cwd");
    assert!(cwd.contains("ascend-atc-"), "{cwd}");
    assert!(
        environment.contains(&format!("ASCEND_WORK_PATH={}", cwd.trim())),
        "{environment}"
    );
    if !Path::new("/usr/local/Ascend/driver").exists()
        && !Path::new("/dev/davinci_manager").exists()
    {
        assert!(
            said.contains("devlib") && environment.contains("-linux/devlib"),
            "{said}"
        );
    }
    assert_eq!(place.temporary(), 0);
}

#[test]
fn both_names_and_weights_are_found() {
    let place = Place::new();
    let said = place.converts("host", &[]);
    assert!(said.contains("runs on linux_aarch64 only"), "{said}");
    let said = place.converts("weights", &["--external-weight", "1"]);
    assert!(said.contains("1 file with weights"), "{said}");
    assert_eq!(
        fs::read_to_string(place.at("weight/relu_weight")).unwrap(),
        "weight\n"
    );
    assert!(place.noted("arguments").contains("--external_weight=1"));
    place.converts("slow", &["--no-cache"]);
    place.converts("huge", &["--no-cache"]);
}

#[test]
fn the_same_work_is_not_done_again() {
    let place = Place::new();
    let runs = || place.noted("runs").lines().count();
    let (hit, cache) = ("from the cache", place.at("own"));
    assert!(!place.converts("success", &[]).contains(hit));
    fs::remove_file(place.at("net.om")).unwrap();
    assert!(place.converts("success", &[]).contains(hit));
    OmModel::open(&fs::read(place.at("net.om")).unwrap().into()).unwrap();
    assert_eq!(runs(), 1);
    for more in [
        &["--no-cache"][..],
        &["--precision-mode", "force_fp32"],
        &["--cache", path(&cache)],
    ] {
        assert!(!place.converts("success", more).contains(hit), "{more:?}");
    }
    assert_eq!(runs(), 4);
    assert!(
        place
            .converts("success", &["--cache", path(&cache)])
            .contains(hit)
    );
    // another version of the same toolkit
    let info = format!(
        "latest/{}-linux/ascend_toolkit_install.info",
        std::env::consts::ARCH
    );
    fs::write(place.at(&info), "version=8.0.RC2\n").unwrap();
    assert!(!place.converts("success", &[]).contains(hit));
    // failures are not kept
    let file = place.at("list");
    fs::write(&file, "relu\n").unwrap();
    let more = ["--keep-dtype", path(&file)];
    place.convert("silent", &more);
    assert!(!place.converts("success", &more).contains(hit));
    fs::write(&file, "other\n").unwrap();
    assert!(
        !place.converts("success", &more).contains(hit),
        "the file's content counts"
    );
}

#[test]
fn weights_of_another_model_are_not_replaced() {
    let place = Place::new();
    let convert = |name: &str| {
        let to = place.at(name);
        let more = ["--external-weight", "1"];
        let mut command = place.command_from("net.onnx", path(&to), "weights", &more);
        let output = command.output().unwrap();
        (output.status.code(), text(&output.stderr))
    };
    assert_eq!(convert("one.om").0, Some(0));
    assert_eq!(convert("same.om").0, Some(0), "the same content is no harm");
    fs::write(place.at("weight/relu_weight"), "of another").unwrap();
    let (code, told) = convert("two.om");
    assert!(code == Some(6) && told.contains("relu_weight"), "{told}");
    assert!(!place.at("two.om").exists());
    assert_eq!(
        convert("one.om").0,
        Some(0),
        "a model is replaced as a whole"
    );
    // names that atc does not take stay apart
    let mut outputs = Vec::new();
    for name in ["a b.om", "a c.om"] {
        assert_eq!(convert(name).0, Some(0));
        let arguments = place.noted("arguments");
        let output = arguments.lines().find(|line| line.starts_with("--output"));
        outputs.push(output.unwrap().rsplit('/').next().unwrap().to_owned());
    }
    assert!(outputs[0].starts_with("model_") && outputs[0] != outputs[1]);
}

#[test]
fn custom_operators_count_for_the_cache() {
    let place = Place::new();
    let hit = "from the cache";
    assert!(!place.converts("success", &[]).contains(hit));
    assert!(place.converts("success", &[]).contains(hit));
    fs::create_dir_all(place.at("latest/opp/vendors/own")).unwrap();
    fs::write(place.at("latest/opp/vendors/own/kernel.o"), "").unwrap();
    assert!(!place.converts("success", &[]).contains(hit));
}

#[test]
fn a_table_of_operators_counts() {
    let place = Place::new();
    let table = place.at("table");
    let more = ["--operators", path(&table)];
    fs::write(&table, "ai.onnx Relu none write it out\n").unwrap();
    place.fails("success", &more, 8, &["E16002", "Relu"]);
    fs::write(&table, "ai.onnx Relu 8-18\n").unwrap();
    place.converts("success", &more);
    fs::remove_file(&table).unwrap();
    fs::remove_file(place.at("net.om")).unwrap();
    place.fails("success", &more, 9, &["cannot read", "table"]);
}

#[test]
fn an_open_batch_is_told_with_its_option() {
    let place = Place::new();
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join(WEIGHTS);
    let chip = ["--soc", "Ascend310"];
    let mut command = place.command_from(path(&weights), "net.om", "success", &chip);
    let output = command.output().unwrap();
    let told = text(&output.stderr);
    assert!(
        !output.status.success() && told.contains("EZ3002"),
        "{told}"
    );
    assert!(told.contains("--batch 1,2,4"), "{told}");
}

#[test]
fn a_missing_file_of_preprocessing_is_named() {
    let place = Place::new();
    let output = place.convert("success", &["--insert-op-conf", "none.cfg"]);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(9), "{told}");
    assert!(told.starts_with("error: cannot read none.cfg"), "{told}");
}

#[test]
fn options_are_those_of_atc() {
    let place = Place::new();
    for file in [
        "precision.ini",
        "mix.json",
        "keep",
        "types.cfg",
        "switch.cfg",
        "debug.cfg",
    ] {
        fs::write(place.at(file), "").unwrap();
    }
    let mixed = [
        "--precision_mode=allow_mix_precision",
        "--modify_mixlist=mix.json",
    ];
    let options = [
        "--input_format=NCHW",
        "--out_nodes=relu:0",
        "--output_type=relu:0:FP16",
        "--input_fp16_nodes=input",
        "--op_select_implmode=high_precision",
        "--optypelist_for_implmode=Gelu,Sigmoid",
        "--keep_dtype=keep",
        "--customize_dtypes=types.cfg",
        "--enable_small_channel=1",
        "--fusion_switch_file=switch.cfg",
        "--buffer_optimize=off_optimize",
        "--log=error",
        "--atc-arg=--deterministic=1",
        "--atc-arg=--op_debug_config=debug.cfg",
        "--atc-arg=--brand_new=a;b c",
    ];
    let output = place.convert("success", &[&mixed[..], &options].concat());
    let told = text(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert!(
        told.contains("--brand_new is passed on") && !told.contains("float16"),
        "{told}"
    );
    let arguments = place.noted("arguments");
    for option in mixed.iter().chain(&options) {
        let option = option.trim_start_matches("--atc-arg=");
        let (name, value) = option.split_once('=').unwrap();
        let value = match fs::metadata(place.at(value)) {
            Ok(_) => place.at(value).display().to_string(),
            Err(_) => value.to_owned(),
        };
        assert!(
            arguments
                .lines()
                .any(|line| line == format!("{name}={value}")),
            "{option}: {arguments}"
        );
    }
    place.converts(
        "success",
        &[
            "--op_precision_mode=precision.ini",
            "--precision-mode-v2=origin",
        ],
    );
    place.converts(
        "success",
        &["--input-shape=input:-1,3,8,8", "--dynamic-dims=1;2"],
    );
    let arguments = place.noted("arguments");
    for option in ["--input_format=ND", "--dynamic_dims=1;2"] {
        assert!(arguments.lines().any(|line| line == option), "{arguments}");
    }
}

#[test]
fn odd_paths_and_weights_are_put_in_order() {
    let place = Place::new();
    let odd = place.at("a folder; 'odd'");
    fs::create_dir(&odd).unwrap();
    fs::copy(place.at("net.onnx"), odd.join("my net.onnx")).unwrap();
    let (from, to) = (odd.join("my net.onnx"), odd.join("my net.om"));
    let convert = |from: &str, to: &Path, more: &[&str]| {
        let mut command = place.command_from(from, path(to), "success", more);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(to.exists());
        fs::read(place.at("noted/model.onnx")).unwrap()
    };
    let onnx = fs::read(place.at("net.onnx")).unwrap();
    assert_eq!(convert(path(&from), &to, &[]), onnx, "it is copied");
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join(WEIGHTS);
    let batches = ["--image-size", "64", "--batch", "1,2"];
    let onnx = convert(path(&weights), &place.at("net.om"), &batches);
    // The axes that batches set are told, although nobody gave them.
    let arguments = place.noted("arguments");
    for option in ["--input_shape=input:-1,3,64,64", "--dynamic_batch_size=1,2"] {
        assert!(arguments.lines().any(|line| line == option), "{arguments}");
    }
    let model = Model::read(&onnx.into()).unwrap();
    let nodes = &model.graph().unwrap().node;
    assert!(nodes.iter().any(|node| node.op_type == "Conv"));
}

#[test]
fn the_cpu_device_takes_the_same_words() {
    let place = Place::new();
    let (onnx, om) = (place.at("net.onnx"), place.at("cpu.om"));
    let convert = ["convert", path(&onnx), path(&om)];
    let said = succeeds(
        &[
            &convert[..],
            &["--precision-mode=allow_mix_precision", "--log=error"],
        ]
        .concat(),
    );
    assert!(said.contains("without effect on the CPU device"), "{said}");
    let file = OmModel::open(&fs::read(&om).unwrap().into()).unwrap();
    let line = file.model.attr["atc_cmdline"].as_str().unwrap();
    assert!(
        line.starts_with("ascend convert ") && line.ends_with(" --log=error"),
        "{line}"
    );
    fs::remove_file(&om).unwrap();
    for (changing, code) in [
        ("--out-nodes=relu:0", 8),
        ("--output-type=FP16", 8),
        ("--dry-run", 6),
    ] {
        super::fails(&[&convert[..], &[changing]].concat(), code, &["--soc"]);
        assert!(!om.exists());
    }
}
