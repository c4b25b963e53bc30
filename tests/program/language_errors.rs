//! What the parser of the command line and errors say in Chinese.

use super::language::{has_english, is_han};
use super::{WEIGHTS, ascend, command, path, succeeds, text};

#[test]
fn what_the_parser_puts_into_help_is_chinese_too() {
    for command in [
        &["run"][..],
        &["bench"],
        &["check"],
        &["inspect"],
        &["mock", "install"],
    ] {
        for flag in ["-h", "--help"] {
            let told = succeeds(&[&["--lang", "zh"], command, &[flag]].concat());
            for english in [
                "[default",
                "ossible values",
                "[aliases",
                "Arguments:",
                "Options:",
            ] {
                assert!(!told.contains(english), "{command:?} {flag}: {told}");
            }
            assert!(told.contains("[默认值：auto]"), "{told}");
        }
    }
    let told = succeeds(&["--lang", "zh", "bench", "--help"]);
    for line in ["可选值：\n", "- zero：全零\n", "[可选值：cut、uncut]\n"] {
        assert!(told.contains(line), "{line:?} is missing in {told}");
    }
    // the names that help shows are taken still
    let told = succeeds(&["--lang", "zh", "check", "-h"]);
    assert!(told.contains("[别名：--soc-version]"), "{told}");
    let line = [
        "--lang",
        "zh",
        "check",
        WEIGHTS,
        "--soc-version",
        "Ascend310P3",
    ];
    assert_eq!(ascend(&line).status.code(), Some(7));
}

#[test]
fn a_wrong_command_line_is_told_in_chinese() {
    for (line, parts) in [
        (
            &["bench", "x.om", "--inptu", "x"][..],
            &["不认识的参数 '--inptu'", "相近的有：--input"][..],
        ),
        (&["benhc"], &["没有命令 'benhc'", "相近的有：bench"]),
        (&["bench"], &["缺少参数：<MODEL>", "用法：ascend bench"]),
        (&["bench", "x.om", "--loop"], &["'--loop <N>' 需要一个值"]),
        (
            &["bench", "x.om", "--loop", "0"],
            &["'0' 不能作为 '--loop <N>' 的值：0"],
        ),
        (
            &["bench", "x.om", "--outfmt", "bmp"],
            &["'bmp' 不能作为", "[可选值：bin、npy、"],
        ),
        (
            &["bench", "x.om", "--model", "y.om"],
            &["不能与 --model <MODEL> 同时使用"],
        ),
        (
            &["bench", "x.om", "--debug", "--debug"],
            &["给出了不止一次"],
        ),
        (&["inspect", "x.om", "y.om"], &["不认识的参数 'y.om'"]),
        (&["mock"], &[]),
        (
            &["check", "x.onnx", "--soc", "mock", "--cann", "99"],
            &["：本工具不认识这个 CANN 版本"],
        ),
    ] {
        let output = ascend(&[&["--lang", "zh"], line].concat());
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(
            output.stdout.is_empty() && !told.contains("Usage:"),
            "{told}"
        );
        for part in parts {
            assert!(told.contains(part), "{part:?} is missing in {told}");
        }
        if !parts.is_empty() {
            assert!(
                told.starts_with("错误：") && told.contains("'--help'"),
                "{told}"
            );
        }
        let english = ascend(&[&["--lang", "en"], line].concat());
        assert_eq!(english.status.code(), Some(2));
        assert!(!text(&english.stderr).chars().any(is_han));
    }
}

/// Errors that users meet most are told in their language, with the same exit code.
#[test]
fn everyday_errors_are_chinese() {
    let (folder, om) = super::model();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let om = path(&om);
    let (raw, noise) = (at("short.bin"), at("noise.npy"));
    std::fs::write(&raw, [0; 7]).unwrap();
    std::fs::write(&noise, "no array").unwrap();
    for (line, code, parts) in [
        (
            &["run", om, "--input", "missing.npy"][..],
            9,
            &["无法读取 missing.npy：没有该文件或目录", "请检查名字"][..],
        ),
        (
            &["inspect", "missing.npy"],
            9,
            &["missing.npy：无法读取：没有该文件或目录"],
        ),
        (
            &["inspect", &noise],
            7,
            &["noise.npy：", "已损坏", "请重新保存"],
        ),
        (
            &["run", om, "--input", &raw],
            6,
            &["short.bin 有 7 字节，而输入 input"],
        ),
        (&["run", om, "--input", "x=a,y=b"], 9, &["无法读取 a"]),
        (
            &["info", "--device", "npu"],
            3,
            &[
                "没有找到 CANN：在 /nonexistent,",
                "没有找到 libascendcl.so 或",
            ],
        ),
        (
            &["bench", om, "--device", "mock:9"],
            4,
            &["没有设备 9：", "请选择其他设备"],
        ),
        (
            &["convert", WEIGHTS, om],
            9,
            &["已存在；请换一个名字，或用 --overwrite"],
        ),
        (&["convert", WEIGHTS, "net.xyz"], 6, &["无法判断 net.xyz"]),
        (&["convert", om, &at("again.om")], 6, &["已经是 .om"]),
        (
            &["run", "net.onnx"],
            7,
            &["net.onnx 是 ONNX 文件", "`ascend convert net.onnx net.om`"],
        ),
    ] {
        let output = ascend(&[&["--lang", "zh"], line].concat());
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{line:?}: {told}");
        // the runtime has its own words
        let own = told.split(": EE1001").next().unwrap();
        assert!(told.contains("错误：") && !has_english(own), "{told}");
        for part in parts {
            assert!(told.contains(part), "{part:?} is missing in {told}");
        }
        let english = ascend(&[&["--lang", "en"], line].concat());
        assert_eq!(english.status.code(), Some(code));
        assert!(!text(&english.stderr).chars().any(is_han));
    }
    let config = "[[fault]]\nfunction = \"aclmdlExecuteAsync\"\ncode = 507015\n";
    let output = command(config)
        .args(["--lang", "zh", "run", om, "--device", "mock"])
        .output()
        .unwrap();
    let told = text(&output.stderr);
    assert!(
        told.contains("在设备 0 上运行失败：aclmdlExecuteAsync 失败，返回 507015"),
        "{told}"
    );
    assert!(!told.contains("usual cause"), "{told}");
}
