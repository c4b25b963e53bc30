//! `ascend compare` on several samples, on pictures, and values that tell nothing.

use std::fs;

use ascend_graph::onnx::Model;

use super::bench::Made;
use super::compare::{floats, folder, report, small, tensor, write};
use super::language::{has_english, is_han};
use super::{ascend, fails, path, succeeds, text};

/// `small` whose sum with `to` is another.
fn shifted(to: f32) -> Model {
    let mut model = small(2.0);
    model.graph.as_mut().unwrap().initializer[1].raw_data = floats(&[to]).into();
    model
}

#[test]
fn of_several_samples_the_worst_counts() {
    let (folder, net, _) = folder();
    let at = |name: &str| folder.path().join(name);
    let (other, om, samples) = (at("other.onnx"), at("other.om"), at("samples"));
    write(&shifted(-1.5), &other);
    succeeds(&["convert", path(&other), path(&om)]);
    fs::create_dir(&samples).unwrap();
    // behind Relu only the second and the third sample differ, the third most
    for (name, values) in [
        ("1", [0.0, -1.0, -2.0, -3.0]),
        ("2", [9.0; 4]),
        ("10", [1.0; 4]),
    ] {
        let place = samples.join(format!("{name}.npy"));
        tensor(&values).write_npy(place).unwrap();
    }
    let arguments = [path(&net), path(&om), "--input", path(&samples)];
    let (code, found) = report(&arguments);
    let names = found["samples"].as_array().unwrap();
    assert_eq!((code, names.len()), (1, 3), "{found:#}");
    let value = |place: usize| &found["values"][place];
    assert_eq!(
        (&value(0)["node"], &value(0)["verdict"], &value(0)["sample"]),
        (&"scale".into(), &"agrees".into(), &0.into()),
        "{found:#}"
    );
    let last = value(2);
    assert_eq!(
        (&last["tensor"], &last["sample"]),
        (&"y".into(), &2.into()),
        "{found:#}"
    );
    // |0.5 - 1| / 1
    assert_eq!(last["figures"]["relative_l2"], 0.5);
    assert!(names[2].as_str().unwrap().ends_with("10.npy"), "{names:?}");
    let said = text(&ascend(&[&["compare"], &arguments[..]].concat()).stdout);
    for part in [
        "sample",
        "3 samples: the figures",
        "on the sample",
        "10.npy",
    ] {
        assert!(said.contains(part), "{part:?} is missing in: {said}");
    }
    // one that agrees is no excuse for another, and files with commas are samples too
    let both = format!("{0}/1.npy,{0}/2.npy", path(&samples));
    let of = |input: &str| report(&[path(&net), path(&other), "--input", input]).0;
    assert_eq!(of(&both), 1);
    assert_eq!(of(path(&samples.join("1.npy"))), 0);
}

#[test]
fn samples_have_to_fit_both_sides() {
    let (folder, net, input) = folder();
    let golden = folder.path().join("golden");
    fs::create_dir(&golden).unwrap();
    tensor(&[1.0, 3.0, 0.0, 0.0])
        .write_npy(golden.join("y.npy"))
        .unwrap();
    let two = ["--input", path(&input), "--input", path(&input)];
    fails(
        &[&["compare", path(&net), path(&golden)], &two[..]].concat(),
        6,
        &["2 samples were given", "one run"],
    );
    fails(
        &[
            &["compare", path(&net), path(&net), "--input-b", path(&input)],
            &two[..],
        ]
        .concat(),
        6,
        &["2 samples for A and 1 for B"],
    );
    let others = ["--input", path(&input), "--input-b", path(&input)];
    fails(
        &[&["compare", path(&net), path(&golden)], &others[..]].concat(),
        6,
        &["leave --input-b out"],
    );
    // a network against itself has them too
    let own = [&["compare", path(&net), "--precision", "f16"], &two[..]].concat();
    assert!(succeeds(&own).contains("2 samples"));
}

#[test]
fn what_is_nan_on_both_sides_tells_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| {
        fs::create_dir(folder.path().join(name)).unwrap();
        folder.path().join(name).join("y.npy")
    });
    let nan = f32::NAN;
    tensor(&[nan, nan]).write_npy(&a).unwrap();
    tensor(&[nan, nan]).write_npy(&b).unwrap();
    let (code, found) = report(&[path(&a), path(&b)]);
    assert_eq!(
        (
            code,
            &found["same"],
            &found["tell_nothing"],
            &found["agree"]
        ),
        (1, &false.into(), &1.into(), &0.into()),
        "{found:#}"
    );
    assert_eq!(found["values"][0]["verdict"], "tells nothing");
    let said = text(&ascend(&["compare", path(&a), path(&b)]).stdout);
    assert!(
        said.contains("TELLS NOTHING: all 2 elements are NaN or infinite on both sides")
            && said.contains(
                "warning: all elements are NaN or infinite on both sides in 1 of the values"
            ),
        "{said}"
    );
    // what is finite decides where there is something
    for file in [&a, &b] {
        tensor(&[nan, 1.0, f32::INFINITY]).write_npy(file).unwrap();
    }
    let (code, found) = report(&[path(&a), path(&b)]);
    assert_eq!((code, &found["agree"]), (0, &1.into()), "{found:#}");
    let reason = found["values"][0]["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("2 of 3 elements are NaN or infinite"),
        "{reason}"
    );
}

#[test]
fn reports_replace_nothing_unless_they_are_told_to() {
    let (folder, net, input) = folder();
    let arguments = ["compare", path(&net), path(&net), "--input", path(&input)];
    for option in ["--json", "--csv", "--html"] {
        let place = folder.path().join("kept");
        fs::write(&place, "mine").unwrap();
        let line = [&arguments[..], &[option, path(&place)]].concat();
        fails(&line, 9, &["kept exists already", "--overwrite"]);
        assert_eq!(fs::read(&place).unwrap(), b"mine");
        succeeds(&[&line[..], &["--overwrite"]].concat());
        assert_ne!(fs::read(&place).unwrap(), b"mine");
    }
    let advice = folder.path().join("advice");
    fs::create_dir(&advice).unwrap();
    fs::write(advice.join("keep_dtype.cfg"), "mine\n").unwrap();
    let line = [
        &arguments[..2],
        &["--precision", "f16", "--advice", path(&advice)],
    ]
    .concat();
    fails(&line, 9, &["keep_dtype.cfg exists already"]);
}

#[test]
fn tolerances_that_cannot_be_are_refused() {
    let (_folder, net, _) = folder();
    for (option, value, part) in [
        ("--cosine", "2", "from 0 to 1"),
        ("--cosine", "-1", "from 0 to 1"),
        ("--cosine", "nan", "from 0 to 1"),
        ("--relative-l2", "-1", "0 or more"),
        ("--max-abs", "inf", "0 or more"),
        ("--atol", "NaN", "0 or more"),
        ("--rtol", "a", "0 or more"),
    ] {
        let given = format!("{option}={value}");
        fails(&["compare", path(&net), path(&net), &given], 2, &[part]);
    }
}

#[test]
fn pictures_are_preprocessed_as_for_run() {
    let made = Made::new();
    let config = made.at("insert.cfg");
    let dynamic = "aipp_op { aipp_mode: dynamic max_src_image_size: 4096 }";
    fs::write(&config, dynamic).unwrap();
    let shape = [
        "--input-shape",
        "x:1,3,4,4",
        "--insert-op-conf",
        path(&config),
    ];
    let om = made.picture(Some(4), &shape);
    let (parameters, picture, seen) = (made.at("aipp.config"), made.at("p.bin"), made.at("x.npy"));
    let lines = "[aipp_op]\n input_format : RGB888_U8\n src_image_size_w : 4\n src_image_size_h : 4\n mean_chn_0 : 5\n";
    fs::write(&parameters, lines).unwrap();
    fs::write(&picture, [7; 4 * 4 * 3]).unwrap();
    let same = ["compare", path(&om), path(&om), "--input", path(&picture)];
    fails(&same, 6, &["--aipp-config"]);
    let aipp = ["--aipp-config", path(&parameters)];
    assert!(succeeds(&[&same[..], &aipp].concat()).contains("A and B agree"));
    // the network gets what the device makes of the picture
    let net = om.with_extension("onnx");
    let mut planes = tensor(&[[2.0; 16], [7.0; 16], [7.0; 16]].concat());
    planes.shape = vec![1, 3, 4, 4].into();
    planes.write_npy(&seen).unwrap();
    let both = ["compare", path(&net), path(&om), "--input", path(&seen)];
    let both = [&both[..], &["--input-b", path(&picture)], &aipp].concat();
    assert!(succeeds(&both).contains("A and B agree"));
    let none = ["compare", path(&net), path(&net), "--input", path(&seen)];
    fails(
        &[&none[..], &aipp].concat(),
        6,
        &["leave out --aipp-config"],
    );
}

#[test]
fn the_report_is_chinese_too() {
    let (folder, net, input) = folder();
    let other = folder.path().join("other.onnx");
    write(&small(2.5), &other);
    let arguments = ["compare", path(&net), path(&other), "--input", path(&input)];
    let said = text(&ascend(&[&arguments[..], &["--lang", "zh"]].concat()).stdout);
    for part in [
        "首个有差异的值：scale (Mul)：相对 L2 误差为 2.500e-1，最多允许 1e-4",
        "它只读取输入和常量，差异产生于该节点",
        "A 与 B 不一致（退出码 1）",
    ] {
        assert!(said.contains(part), "{part:?} is missing in: {said}");
    }
    for line in said.lines().filter(|line| !line.contains("read ")) {
        let is_told = line.is_empty() || line.chars().any(is_han);
        assert!(is_told && !has_english(line), "{line}");
    }
    // what programs read stays English
    let output = ascend(&[&arguments[..], &["--json", "-", "--lang", "zh"]].concat());
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["values"][0]["verdict"], "differs");
    assert_eq!(
        found["first_bad"]["reason"],
        "the relative L2 error is 2.500e-1, 1e-4 is allowed"
    );
}
