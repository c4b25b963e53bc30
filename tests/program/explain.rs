//! `ascend explain`: codes, pasted texts, logs and folders of logs, and what is none of them.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::language::are_chinese;
use super::{ascend, command, fails, path, text};

/// Asserts the exit code and gives what was told.
#[track_caller]
fn explains(arguments: &[&str], code: i32) -> String {
    let output = ascend(&[&["explain"], arguments].concat());
    let (told, errors) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{told}{errors}");
    assert!(errors.is_empty(), "{errors}");
    told
}

#[track_caller]
pub(super) fn explains_json(arguments: &[&str]) -> Value {
    let told = explains(&[arguments, &["--json"]].concat(), 0);
    let english: Value = serde_json::from_str(&told).unwrap();
    let told = explains(&[arguments, &["--json", "--lang", "zh"]].concat(), 0);
    let chinese: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(codes(&chinese), codes(&english));
    for finding in chinese["findings"].as_array().unwrap() {
        are_chinese(finding, &["meaning", "cause", "remedy", "look"]);
    }
    english
}

pub(super) fn codes(told: &Value) -> Vec<&str> {
    let findings = told["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}

/// What a process with the given standard input answers.
pub(super) fn explains_stdin(arguments: &[&str], input: &[u8]) -> (Option<i32>, String) {
    let mut child = command("")
        .arg("explain")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    (output.status.code(), text(&output.stdout))
}

#[test]
fn a_code_is_explained_in_four_lines() {
    let told = explains(&["507015"], 0);
    let expected = "\
507015 ACL_ERROR_RT_AICORE_EXCEPTION: an AI Core task faulted
  cause: (1) an index or size in the inputs that leads out of a buffer;
         (2) a buffer that is too small or was freed before the work was done;
         (3) a fault of the operator's kernel
  do:    (1) find the operator: `ascend explain ~/ascend/log/debug/plog` names it, with torch_npu also ASCEND_LAUNCH_BLOCKING=1; run the model once on the CPU device (`--device mock`) or with generated inputs (`ascend run`);
         (2) compare sizes with `ascend inspect`; keep buffers until the stream is synchronised;
         (3) take a newer operator package, or other shapes
  look:  the first ERROR of the plog (~/ascend/log/debug/plog/plog-<pid>_*.log), where kernel_name, \
op_name or node name the operator; `npu-smi info` for the device's health
";
    assert_eq!(told, expected);
    for same in [
        "0x7150026",
        "0x07150026",
        "ACL_ERROR_RT_AICORE_EXCEPTION",
        "acl_error_rt_aicore_exception",
    ] {
        assert_eq!(explains(&[same], 0), expected, "{same}");
    }
    assert!(
        explains(&["ee1018"], 0).starts_with("EE1018: the order of calls is not possible: …\n")
    );
    assert!(explains(&["no-acl-library"], 0).contains("set_env.sh"));
    let two = explains(&["507015", "E16002"], 0);
    assert!(
        two.contains("\nE16002: ") && two.contains("begin with 507015"),
        "{two}"
    );
}

#[test]
fn an_unknown_code_is_told_by_its_range() {
    let told = explains(&["207099"], 1);
    assert!(
        told.starts_with("207099: unknown; its range is resources or features"),
        "{told}"
    );
    let told = explains(&["EI0099"], 1);
    assert!(
        told.contains("unknown; its range is communication"),
        "{told}"
    );
    for nothing in ["999999", "hello", "what is wrong here?"] {
        let told = explains(&[nothing], 1);
        assert!(
            told.starts_with("nothing that the book has was found;"),
            "{told}"
        );
    }
    let json = ascend(&["explain", "hello", "--json"]);
    let told: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((json.status.code(), &told["root"]), (Some(1), &Value::Null));
}

const PLOG: &str = "\
[INFO] GE(507011,python3):2025-01-10-17:53:50.000.000 [a.cc:1]107001 Load:model is loaded, ret=545001
[WARNING] RUNTIME(7,python3):2025-01-10-17:53:51.000.000 [a.cc:2]7 F:retry, retCode=0x7110001
[ERROR] DRV(7,python3):2025-01-10-17:53:52.000.000 [ascend][drv][x 12]ioctl failed
[ERROR] RUNTIME(7,python3):2025-01-10-17:53:52.100.000 [engine.cc:1103]7 Report:Task exception! retCode=0x26, [aicore exception].
[ERROR] RUNTIME(7,python3):2025-01-10-17:53:52.200.000 [error.cc:66]7 Print:fault kernel_name=te_conv2d_1, module_name=EZ9999
[ERROR] GE(7,python3):2025-01-10-17:53:52.300.000 [b.cc:9]7 Run:rtStreamSynchronize failed, ret 507011
[ERROR] ASCENDCL(7,python3):2025-01-10-17:53:52.400.000 [c.cc:9]7 aclmdlExecute:failed, result[507011]
";

#[test]
fn a_plog_is_told_from_its_first_error_on() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("plog-7_1.log");
    fs::write(&log, PLOG).unwrap();
    let told = explains(&[path(&log)], 0);
    let at = |line: usize| format!("{}:{line}", log.display());
    for part in [
        "107000 ACL_ERROR_RT_PARAM_INVALID: an argument was rejected by the runtime layer  (a warning)",
        "507015 ACL_ERROR_RT_AICORE_EXCEPTION: an AI Core task faulted  <- begin here",
        &format!(
            "  at:    {} at 2025-01-10-17:53:52.100.000, as aicore exception\n",
            at(4)
        ),
        &format!(
            "  at:    {} at 2025-01-10-17:53:52.300.000, and once more\n",
            at(6)
        ),
        "\n4 found in 1 file; begin with 507015\n",
        "operators named: te_conv2d_1\n",
        &format!("first ERROR: {}: [ERROR] DRV(7,python3)", at(3)),
    ] {
        assert!(told.contains(part), "{part:?} is missing in:\n{told}");
    }
    let json = explains_json(&[path(&log)]);
    assert_eq!(codes(&json), ["107000", "507015", "EZ9999", "507011"]);
    assert_eq!(json["findings"][3]["count"], 2);
    assert_eq!(json["findings"][3]["places"][1]["line"], 7);
}

#[test]
fn folders_are_read_whole_and_links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (plog, far) = (folder.path().join("plog"), folder.path().join("far"));
    fs::create_dir_all(plog.join("run/deep")).unwrap();
    fs::create_dir(&far).unwrap();
    fs::write(far.join("other.log"), "error code is 507033").unwrap();
    symlink(&far, plog.join("link")).unwrap();
    symlink(&plog, plog.join("run/loop")).unwrap();
    symlink(far.join("other.log"), plog.join("other.log")).unwrap();
    let later = PLOG
        .replace("2025-01-10", "2025-01-11")
        .replace("aicore", "aicpu");
    fs::write(plog.join("a.log"), later).unwrap();
    fs::write(plog.join("run/deep/z.log"), PLOG).unwrap();
    fs::write(plog.join("core"), b"\x7fELF\0\0error code is 507034").unwrap();
    fs::write(
        plog.join("zeros.log"),
        [&[0; 5000][..], b"ret=507036\n"].concat(),
    )
    .unwrap();
    make_pipe(&plog.join("pipe"));
    let told = explains_json(&[path(&plog)]);
    assert_eq!(told["root"], "507015", "{told:#}");
    assert!(
        codes(&told).contains(&"507018") && codes(&told).contains(&"507036"),
        "{told:#}"
    );
    assert!(!codes(&told).contains(&"507033") && !codes(&told).contains(&"507034"));
    assert_eq!(
        (&told["files"], &told["passed_over"]),
        (&3.into(), &5.into()),
        "{told:#}"
    );
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    explains(&[path(&empty)], 1);
}

fn make_pipe(place: &Path) {
    assert!(
        Command::new("mkfifo")
            .arg(place)
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn what_has_the_name_of_a_failure_is_read_as_a_log() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("forked"), PLOG).unwrap();
    fs::create_dir(folder.path().join("dcmi")).unwrap();
    fs::write(folder.path().join("dcmi/plog-7_1.log"), PLOG).unwrap();
    for name in ["forked", "dcmi"] {
        let mut named = command("");
        named.current_dir(&folder).args(["explain", name]);
        let told = text(&named.output().unwrap().stdout);
        for part in ["<- begin here", "  at:    ", "first ERROR: "] {
            assert!(told.contains(part), "{part:?} is missing in:\n{told}");
        }
    }
}

#[test]
fn folders_count_to_where_reading_ends() {
    let folder = tempfile::tempdir().unwrap();
    for outer in 0..150 {
        for inner in 0..140 {
            fs::create_dir_all(folder.path().join(format!("{outer}/{inner}"))).unwrap();
        }
    }
    let told = ascend(&["explain", path(folder.path()), "--json"]);
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!((&told["files"], &told["cut"]), (&0.into(), &true.into()));
}

#[test]
fn what_cannot_be_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    make_pipe(&pipe);
    fails(
        &["explain", path(&pipe)],
        9,
        &["is no regular file", "give -"],
    );
    fails(&["explain", "/dev/zero"], 9, &["is no regular file"]);
    fails(
        &["explain", "/nowhere/plog.log"],
        9,
        &["cannot read /nowhere/plog.log"],
    );
    fails(&["explain", "missing.log"], 9, &["cannot read missing.log"]);
    fails(&["explain", "--nothing-such"], 2, &["unexpected argument"]);
    // a text with a path in it is no path
    let said = "/usr/lib/libascendcl.so: cannot open shared object file";
    assert!(explains(&[said], 0).contains("no-acl-library"));
    // a number is a code, whatever files are called
    fs::write(folder.path().join("507011"), "E16002: x").unwrap();
    let mut number = command("");
    number.current_dir(&folder).args(["explain", "507011"]);
    let told = text(&number.output().unwrap().stdout);
    assert!(
        told.starts_with("507011 ACL_ERROR_RT_MODEL_EXECUTE"),
        "{told}"
    );
}

#[test]
fn hostile_files_end_in_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let zeros = folder.path().join("zeros");
    let file = File::create(&zeros).unwrap();
    file.set_len(1 << 30).unwrap();
    explains(&[path(&zeros)], 1);
    // what comes after is found all the same
    let mut file = File::options().append(true).open(&zeros).unwrap();
    file.write_all(b"\nerror code is 507011\n").unwrap();
    let told = explains_json(&[path(&zeros)]);
    assert_eq!(told["findings"][0]["places"][0]["line"], 2);

    let mut state = 7_u64;
    let noise = std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        state.to_be_bytes()[0]
    });
    let noise: Vec<u8> = noise.take(4 << 20).collect();
    let random = folder.path().join("random");
    fs::write(&random, &noise).unwrap();
    let output = ascend(&["explain", path(&random)]);
    assert!(output.status.code() == Some(9), "{}", text(&output.stderr));

    let long = folder.path().join("long");
    let line = "libascendcl.so ".repeat(30_000) + "ret=507011";
    fs::write(&long, &line).unwrap();
    assert_eq!(explains_json(&[path(&long)])["root"], "507011");

    let many = (0..10_000).map(|n| format!("E2{n:04}: \u{1b}[31m\n"));
    fs::write(&long, many.collect::<Vec<_>>().concat()).unwrap();
    let told = explains(&[path(&long)], 0);
    assert!(told.contains("\n980 more; --all tells them\n"), "{told}");
    assert!(
        told.contains("codes more were left out") && !told.contains('\u{1b}'),
        "{told}"
    );

    // GBK, with a code among it
    let (code, told) = explains_stdin(&["-"], b"\xb4\xed\xce\xf3 error code: 507018 \xff\n");
    assert_eq!(code, Some(0));
    assert!(
        told.contains("507018 ACL_ERROR_RT_AICPU_EXCEPTION") && told.contains("line 1"),
        "{told}"
    );
    assert_eq!(explains_stdin(&[], b"").0, Some(1));
}
