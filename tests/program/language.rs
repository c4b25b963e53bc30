//! The program in Chinese: that it is told as it should be.

use std::collections::BTreeSet;

use serde_json::Value;

use super::doctor_tree::Tree;
use super::stand_in::Place;
use super::{WEIGHTS, ascend, command, path, succeeds, text};

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// Whether a text has words of English in a row, outside of what is typed.
pub(super) fn has_english(text: &str) -> bool {
    let mut outside = text.split(['`', '"']).step_by(2);
    outside.any(|part| {
        let words: Vec<_> = part.split(' ').collect();
        let is_word = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
        words.windows(4).any(|words| words.iter().all(&is_word))
    })
}

/// Asserts that these texts of an object are Chinese, as far as there are any.
#[track_caller]
pub(super) fn are_chinese(object: &Value, keys: &[&str]) {
    for key in keys {
        let told = object[key].as_str().unwrap();
        // what the system says is in its own language
        let own = told.replace("No such file or directory", "");
        let is_chinese = told.is_empty() || own.chars().any(is_han);
        assert!(is_chinese && !has_english(&own), "{told:?}");
    }
}

/// What the program prints with these variables of the environment.
fn told(variables: &[(&str, &str)], arguments: &[&str]) -> String {
    let mut command = command("");
    command
        .env_remove("ASCEND_LANG")
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env_remove("LANG");
    let output = command
        .envs(variables.iter().copied())
        .args(arguments)
        .output()
        .unwrap();
    text(&output.stdout)
}

#[test]
fn option_and_environment_choose_the_language() {
    let code = ["explain", "507011"];
    let is_chinese = |told: &str| told.contains("处理：");
    for (variables, expected) in [
        (&[][..], false),
        (&[("LANG", "zh_CN.UTF-8")], true),
        (&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C.UTF-8")], false),
        (&[("LANG", "en_US.UTF-8"), ("ASCEND_LANG", "zh")], true),
        (&[("LANG", "fr_FR.UTF-8")], false),
    ] {
        assert_eq!(
            is_chinese(&told(variables, &code)),
            expected,
            "{variables:?}"
        );
    }
    let chinese = [("LANG", "zh_CN.UTF-8")];
    for arguments in [
        ["--lang", "en", "explain", "507011"],
        ["explain", "507011", "--lang", "en"],
        ["explain", "--lang=en", "507011", "--all"],
    ] {
        assert!(!is_chinese(&told(&chinese, &arguments)), "{arguments:?}");
    }
    assert!(is_chinese(&succeeds(&[
        "--lang", "zh_CN", "explain", "507011"
    ])));
    let refused = ascend(&["--lang", "klingon", "explain", "507011"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("give en or zh"));
}

/// The keys of an object and of those in it.
pub(super) fn keys(value: &Value, place: &str, all: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                all.insert(format!("{place}.{key}"));
                keys(value, &format!("{place}.{key}"), all);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| keys(value, place, all)),
        _ => {}
    }
}

/// Asserts that both languages answer with the same keys and exit code, and gives the Chinese.
#[track_caller]
fn same_keys(arguments: &[&str]) -> Value {
    let [english, chinese] = ["en", "zh"].map(|language| {
        let output = ascend(&[&["--lang", language], arguments, &["--json"]].concat());
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answer["language"], language);
        let mut all = BTreeSet::new();
        keys(&answer, "", &mut all);
        (output.status.code(), all, answer)
    });
    assert_eq!((english.0, english.1), (chinese.0, chinese.1));
    chinese.2
}

fn each_text(value: &Value, act: &mut dyn FnMut(&str)) {
    match value {
        Value::Object(object) => object.values().for_each(|value| each_text(value, act)),
        Value::Array(values) => values.iter().for_each(|value| each_text(value, act)),
        Value::String(text) => act(text),
        _ => {}
    }
}

#[test]
fn explain_is_chinese() {
    let log = "[ERROR] RUNTIME(1,python):2024-01-01-00:00:00.000.000 [a.cc:1] E10001: EE9999 507011 0x7150026\n\
        libascendcl.so: cannot open shared object file\n";
    let answer = same_keys(&["explain", log]);
    for finding in answer["findings"].as_array().unwrap() {
        are_chinese(finding, &["meaning", "cause", "remedy", "look"]);
    }
    let told = succeeds(&["--lang", "zh", "explain", log]);
    // what a log says stays as it is
    let own =
        |line: &&str| !line.is_empty() && !line.contains("原文：") && !line.contains("写法有");
    for line in told.lines().filter(own) {
        assert!(line.chars().any(is_han) && !has_english(line), "{line}");
    }
}

#[test]
fn doctor_is_chinese() {
    // what it finds on other trees is looked at where they are examined
    for (tree, first, last) in [
        (Tree::host(), "正常     ", "昇腾程序可以在本机运行"),
        (
            Tree::empty(),
            "提示     ",
            "请使用 CPU 设备（--device mock）",
        ),
    ] {
        let told = text(&tree.run(&["--lang", "zh"]).stdout);
        assert!(
            told.starts_with(first) && told.trim_end().ends_with(last),
            "{told}"
        );
        assert!(told.contains("0 个故障，0 个警告，"), "{told}");
        let english = text(&tree.run(&[]).stdout);
        assert_eq!(
            told.lines().count(),
            english.lines().count(),
            "{told}{english}"
        );
    }
}

#[test]
fn check_is_chinese() {
    let folder = tempfile::tempdir().unwrap();
    let onnx = folder.path().join("net.onnx");
    succeeds(&["convert", WEIGHTS, path(&onnx), "--image-size", "64"]);
    let answer = same_keys(&["check", path(&onnx), "--soc", "Ascend310"]);
    let findings = answer["findings"].as_array().unwrap();
    assert!(
        findings
            .iter()
            .any(|finding| finding["rule"] == "dynamic-without-gears")
    );
    for finding in findings {
        are_chinese(finding, &["message", "remedy"]);
    }
    let wrong = [
        "check",
        path(&onnx),
        "--soc",
        "Ascend310P3",
        "--dynamic-batch-size",
        "1",
    ];
    let answer = same_keys(&wrong);
    let mut all = String::new();
    each_text(&answer["findings"], &mut |text| all.push_str(text));
    assert!(all.contains("只有 1 个档位；至少要 2 个"), "{all}");
    let output = ascend(&[&["--lang", "zh"], &wrong[..]].concat());
    let told = text(&output.stdout);
    assert!(
        told.lines().last().unwrap().starts_with("不能转换："),
        "{told}"
    );
}

#[test]
fn an_error_of_cann_comes_with_chinese_advice() {
    let config = "[[fault]]\nfunction = \"aclrtSetDevice\"\ncode = 507033\n";
    let [english, chinese] = ["en", "zh"].map(|language| {
        let mut command = command(config);
        command.args(["--lang", language, "info", "--device", "mock"]);
        let output = command.output().unwrap();
        (output.status.code(), text(&output.stderr))
    });
    assert_eq!(
        (english.0, chinese.0),
        (Some(4), Some(4)),
        "{english:?} {chinese:?}"
    );
    assert!(english.1.contains("usual cause"), "{}", english.1);
    let told = &chinese.1;
    for part in [
        "错误：",
        "507033",
        "ACL_ERROR_RT_DEV_SETUP_ERROR",
        "设备无法启动",
        "常见原因：",
        "处理方法：",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("usual cause"), "{told}");
}

#[test]
fn an_error_of_atc_comes_with_chinese_advice() {
    let place = Place::new();
    let output = place
        .command("option", &[])
        .env("ASCEND_LANG", "zh")
        .output()
        .unwrap();
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(6), "{told}");
    for part in ["错误：", "E10001", "；处理方法：改正取值"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("what to do"), "{told}");
}

#[test]
fn pages_are_chinese() {
    let folder = tempfile::tempdir().unwrap();
    let onnx = folder.path().join("net.onnx");
    succeeds(&["convert", WEIGHTS, path(&onnx), "--image-size", "64"]);
    for (language, words) in [("en", "{}"), ("zh", "\"Inputs\":\"输入\"")] {
        let page = folder.path().join(format!("{language}.html"));
        let arguments = ["inspect", path(&onnx), "--html", path(&page)];
        succeeds(&[&["--lang", language], &arguments[..]].concat());
        let page = std::fs::read_to_string(page).unwrap();
        assert!(page.contains(&format!("<html lang=\"{language}\">")));
        let (_, told) = page.split_once("id=\"words\"").unwrap();
        let (told, _) = told.split_once("</script>").unwrap();
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn help_is_chinese_with_its_examples() {
    for command in ["compare", "profile", "explain", "man"] {
        let told = succeeds(&["--lang", "zh", command, "--help"]);
        let (_, examples) = told
            .split_once("示例：")
            .unwrap_or_else(|| panic!("{told}"));
        let mut titles = examples.lines().filter(|line| line.contains("# "));
        assert!(titles.clone().count() > 1, "{told}");
        assert!(titles.all(|title| title.chars().any(is_han)), "{told}");
        for english in ["Examples:", "Exit codes:", "Usage:"] {
            assert!(!told.contains(english), "{told}");
        }
        let english = succeeds(&["--lang", "en", command, "--help"]);
        assert!(english.contains("Examples:"), "{english}");
        assert!(!english.chars().any(is_han), "{english}");
    }
}
