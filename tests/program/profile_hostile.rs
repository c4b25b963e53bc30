//! `ascend profile` on what is damaged, huge, or no profile at all.

use super::profile_results::{SUMMARY, Tree};
use super::{ascend, fails, path, succeeds, text};

#[test]
fn damaged_and_foreign_files_are_told() {
    let summary = "op_summary_20250102030405.csv";
    let head = "Op Name,OP Type,Task Type,Task Duration(us)\n";
    for (name, content, part) in [
        (summary, b"a,b\n1,2\n".to_vec(), "has no column \"Op Name\""),
        (summary, b"".to_vec(), "has no column"),
        (
            summary,
            [head.as_bytes(), b"a,b,c,wat\n"].concat(),
            "line 2: \"wat\"",
        ),
        (
            summary,
            [head.as_bytes(), b"a,b,c,NaN\n"].concat(),
            "is no number",
        ),
        (
            summary,
            [head.as_bytes(), b"\"a,b,c,1\n"].concat(),
            "tells of no operator",
        ),
        (summary, head.into(), "tells of no operator"),
        (
            summary,
            [head.as_bytes(), b"\"", &vec![b'x'; 5 << 20]].concat(),
            "longer than any",
        ),
        (
            summary,
            [head.as_bytes(), &vec![b'y'; 5000], b",b,c,1\n"].concat(),
            "damaged",
        ),
        (summary, vec![0xff; 1000], "has no column"),
        (
            "msprof_20250102030405.json",
            b"[{\"ph\":\"X\"".to_vec(),
            "no whole time line",
        ),
        (
            "msprof_20250102030405.json",
            b"nonsense".to_vec(),
            "no whole time line",
        ),
        (
            "msprof_20250102030405.json",
            b"[1,null,\"x\",[],{}]".to_vec(),
            "tells of no operator",
        ),
        (
            "msprof_20250102030405.json",
            b"[".repeat(100_000),
            "no whole time line",
        ),
        (
            "msprof_20250102030405.json",
            [b"[\"", &vec![b'x'; 5 << 20][..]].concat(),
            "no whole time line",
        ),
        (
            "task_time_20250102030405.csv",
            b"kernel_type,x\n".to_vec(),
            "task_time(us)",
        ),
        (
            "api_statistic_20250102030405.csv",
            b"Level\nx\n".to_vec(),
            "API Name",
        ),
        ("notes.txt", b"x".to_vec(), "no results of msprof"),
    ] {
        let tree = Tree::new(&[]);
        tree.write(name, &content);
        let output = ascend(&["profile", path(tree.0.path())]);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(7), "{name}: {message}");
        assert!(message.contains(part), "{part:?} is missing in: {message}");
        assert!(!message.contains("panicked"), "{message}");
    }
}

#[test]
fn a_table_may_end_anywhere() {
    let summary = "op_summary_20250102030405.csv";
    let tree = Tree::new(&[]);
    for length in (0..SUMMARY.len()).step_by(37) {
        let place = tree.write(summary, &SUMMARY.as_bytes()[..length]);
        let code = ascend(&["profile", path(&place)]).status.code();
        assert!(matches!(code, Some(0 | 7)), "{length}: {code:?}");
    }
}

#[test]
fn what_is_no_result_is_told() {
    let summary = "op_summary_20250102030405.csv";
    let raw = Tree::new(&[
        ("PROF_1/device_0/data/ts_track.bin", "x"),
        ("PROF_1/host/data/x", "y"),
    ]);
    fails(
        &["profile", path(raw.0.path())],
        7,
        &["raw data of a profile only", "msprof --export=on"],
    );
    fails(
        &["profile", "/nonexistent"],
        9,
        &["cannot read /nonexistent"],
    );
    fails(
        &[
            "profile",
            path(raw.0.path()),
            "--trace",
            path(&raw.at("t.json")),
        ],
        7,
        &["raw data"],
    );
    for name in ["table.csv", "other.json", "msprof_1.db"] {
        let tree = Tree::new(&[(name, "{}")]);
        fails(
            &["profile", path(&tree.at(name))],
            7,
            &["called like no file of a profile"],
        );
    }
    let read = Tree::new(&[(summary, SUMMARY)]);
    fails(
        &[
            "profile",
            path(read.0.path()),
            "--trace",
            path(&read.at("t.json")),
        ],
        6,
        &["--trace is for models"],
    );
}

#[test]
fn what_a_terminal_would_act_on_is_escaped() {
    let tree = Tree::new(&[(
        "op_summary_20250102030405.csv",
        "Op Name,OP Type,Task Type,Task Duration(us)\n\u{1b}[31mred,\u{202e}Conv,AI_\u{7}CORE,5\n",
    )]);
    let told = succeeds(&["profile", path(tree.0.path())]);
    assert!(!told.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{told}");
    assert!(told.contains("\\u{1b}[31mred"), "{told}");
}
