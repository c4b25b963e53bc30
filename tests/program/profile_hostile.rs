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
        (summary, vec![0; 1000], "is no text"),
        (
            summary,
            [head.as_bytes(), b"a,b,c,-1\n"].concat(),
            "the row in line 2 tells a time below 0",
        ),
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
            "is a trace of 5 events, and none of them is a task of an NPU",
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
fn what_a_file_holds_is_told() {
    let event = "{\"ph\":\"X\",\"name\":\"x\",\"pid\":1,\"tid\":1,\"ts\":1,\"dur\":2}";
    let events = format!("[{event}]");
    let object = format!("{{\"traceEvents\":[{event},{event}]}}");
    let many = (0..9).map(|key| format!("\"key{key}\":0"));
    let many = format!("{{{}}}", many.collect::<Vec<_>>().join(","));
    for (name, content, part) in [
        (
            "table.csv",
            "a,b,c\n1,2,3\n",
            "is no table that is read: it has the columns a, b, c; give",
        ),
        ("labels.txt", "cat\ndog\n", "it has the columns cat; give"),
        (
            "other.json",
            "{\"b\":1,\"a\":[1]}",
            "with the keys b, a: give",
        ),
        ("many.json", &many, "key4, key5 and 3 more: give"),
        ("empty.json", "{}", "is an empty object"),
        ("list.json", "[1,2]", "is a list in JSON"),
        ("none.json", "[]", "is a list in JSON"),
        (
            "acl.csv",
            "Name,Type,Start Time,Duration(us)\n",
            "it has the columns Name, Type, Start Time, Duration(us);",
        ),
        ("cut.json", "{\"a\":", "is no whole JSON: EOF"),
        ("deep.json", &"[".repeat(100_000), "is no whole JSON"),
        ("nothing.json", " \n", "is empty"),
        (
            "x_summary.json",
            "{\"NPU_compute_time\":{}}",
            "is a report of bench",
        ),
        (
            "summary.json",
            "{\"dropped_operators\":0}",
            "give the folder that it lies in",
        ),
        ("trace.json", &events, "is a trace of 1 event, and none"),
        ("trace.json", &object, "is a trace of 2 events, and none"),
        ("op_summary_1.json", "[{}]", "--summary-format=csv"),
        (
            "msprof_1.db",
            "SQLite format 3\0...",
            "msprof --export=on --type=text",
        ),
        ("table.xlsx", "PK\u{3}\u{4}\0", "save its sheet as CSV"),
        ("binary.csv", "\u{1}\u{2}\0\u{3}", "is no text"),
    ] {
        let tree = Tree::new(&[(name, content)]);
        let output = ascend(&["profile", path(&tree.at(name))]);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(7), "{name}: {message}");
        assert!(
            message.contains(part) && message.contains(name),
            "{part:?} is missing in: {message}"
        );
        assert!(message.len() < 800, "{message}");
    }
    for (name, part) in [
        ("msprof_1.db", "holds databases only"),
        ("op_summary_1.json", "holds tables as JSON only"),
    ] {
        let tree = Tree::new(&[(&format!("PROF_1/{name}"), "x")]);
        fails(&["profile", path(tree.0.path())], 7, &[part, "--export=on"]);
    }
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
    let tree = Tree::new(&[("table.csv", "\u{1b}[31mred,\u{202e}b\n")]);
    let output = ascend(&["profile", path(&tree.at("table.csv"))]);
    let told = text(&output.stderr);
    assert!(!told.contains(['\u{1b}', '\u{202e}']), "{told}");
    assert!(told.contains("\\u{1b}[31mred"), "{told}");
}
