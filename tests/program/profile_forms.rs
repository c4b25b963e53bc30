//! `ascend profile` on every form of what `msprof` left, and in Chinese.

use std::collections::BTreeSet;

use serde_json::Value;

use super::language::{has_english, keys};
use super::profile_results::{CALLS, STEPS, SUMMARY, TIMELINE, Tree, json, operators};
use super::{path, succeeds};

/// A text as a spreadsheet saves it: UTF-16 with a mark of its byte order.
fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn files_are_known_by_their_content_and_read_in_every_form() {
    let tree = Tree::new(&[("op_summary_20250102030405.csv", SUMMARY)]);
    let expected = operators(&json(&tree.at("op_summary_20250102030405.csv")));
    let tabs = "Op Name\tOP Type\tTask Type\tTask Duration(us)\nconv1\tConv2D\tAI_CORE\t60.0\n\
                conv1\tConv2D\tAI_CORE\t40\ntopk\tTopKV2\tAI_CPU\t30\ntopk\tTopKV2\tAI_CPU\t2e1\n";
    let timeline = utf16(TIMELINE);
    let marked = [b"\xef\xbb\xbf", TIMELINE.as_bytes()].concat();
    for (name, bytes) in [
        ("table.csv", SUMMARY.as_bytes()),
        ("op_summary_1.csv", &utf16(SUMMARY)),
        ("table.txt", &utf16(SUMMARY)),
        ("table.txt", &utf16(tabs)),
        ("table.tsv", tabs.as_bytes()),
        ("line.json", TIMELINE.as_bytes()),
        // a time line of CANN 5
        ("task_time_0_1_1.json", TIMELINE.as_bytes()),
        ("msprof_1.json", &timeline),
        ("msprof_1.json", &marked),
    ] {
        let found = operators(&json(&tree.write(name, bytes)));
        assert_eq!(found[0].0, "conv1", "{name}");
        if !name.ends_with("json") {
            assert_eq!(found, expected, "{name}");
        }
    }
    for (name, text, key) in [
        (
            "statistic.csv",
            "OP Type,Core Type,Count,Total Time(us)\nConv2D,AI_CORE,2,5\n",
            "operators",
        ),
        (
            "tasks.csv",
            "kernel_name,kernel_type,task_id,task_time(us)\nconv,KERNEL_AICORE,1,5\n",
            "operators",
        ),
        ("calls.csv", CALLS, "calls"),
    ] {
        let profile = json(&tree.write(name, text.as_bytes()));
        assert!(!profile[key].as_array().unwrap().is_empty(), "{name}");
    }
    // A saved profile, whose keys another program put into an order of its own.
    let saved = succeeds(&["profile", path(&tree.at("table.csv")), "--json", "-"]);
    let sorted: Value = serde_json::from_str(&saved).unwrap();
    for bytes in [utf16(&saved), sorted.to_string().into_bytes()] {
        assert_eq!(
            operators(&json(&tree.write("saved.json", &bytes))),
            expected
        );
    }
}

#[test]
fn rows_with_a_time_below_0_are_left_out_and_told() {
    let tree = Tree::new(&[(
        "PROF_1/op_summary_20250102030405.csv",
        "Op Name,OP Type,Task Type,Task Duration(us)\na,Conv2D,AI_CORE,5\na,Conv2D,AI_CORE,-5\nb,Relu,AI_CORE,2\n\
         b,Relu,AI_CORE,-0.5\n",
    )]);
    let profile = tree.json();
    let counts: Vec<_> = operators(&profile).into_iter().map(|one| one.3).collect();
    assert_eq!(counts, [1, 1]);
    assert_eq!(
        profile["notes"][0],
        "op_summary_20250102030405.csv is damaged: 2 rows (lines 3, 5) tell a time below 0 and were left out; export \
         it again"
    );
    let negative = TIMELINE.replace("\"dur\":50", "\"dur\":-50");
    let line = Tree::new(&[("msprof_1.json", &negative)]);
    let profile = line.json();
    assert_eq!(profile["copies"].as_array().unwrap().len(), 0);
    let note = profile["notes"][0].as_str().unwrap();
    assert!(note.contains("event 3 tells a time below 0"), "{note}");
}

#[test]
fn devices_and_executions_are_counted() {
    let head = "Device_id,Model ID,Infer ID,Op Name,OP Type,Task Type,Task Duration(us)";
    let row = |device: u32, infer: u32| {
        format!("{device},1,{infer},a,Conv2D,AI_CORE,10\n{device},1,{infer},b,Relu,AI_CORE,1\n")
    };
    let table = format!("{head}\n{}{}{}", row(0, 1), row(0, 2), row(1, 1));
    // All calls of the program, of which an export has few iterations.
    let calls = CALLS.replace("150.0,2,", "150.0,200,");
    let tree = Tree::new(&[
        (
            "PROF_1/mindstudio_profiler_output/op_summary_20250102030405.csv",
            &table,
        ),
        (
            "PROF_1/mindstudio_profiler_output/api_statistic_20250102030405.csv",
            &calls,
        ),
    ]);
    let profile = tree.json();
    assert_eq!(profile["executions"], 3);
    assert_eq!(
        profile["notes"][0],
        "operators ran on 2 devices (0, 1), and their times are added up"
    );
    // One number for all tells nothing.
    let once = "0,1,0,init,Cast,AI_CORE,1";
    let same = format!("{head}\n{}{}{once}\n", row(0, 0), row(0, 0));
    tree.write(
        "PROF_1/mindstudio_profiler_output/op_summary_20250102030405.csv",
        same.as_bytes(),
    );
    assert_eq!(tree.json()["executions"], 200);
    // A row without a device is of no other one.
    let none = format!("{head}\n{}N/A,1,1,c,Hcom,HCCL,1\n", row(0, 1));
    let notes = json(&tree.write("none.csv", none.as_bytes()))["notes"].to_string();
    assert!(!notes.contains("devices"), "{notes}");
    // An operator that never ran tells nothing of executions.
    let statistic =
        "OP Type,Core Type,Count,Total Time(us)\nConv2D,AI_CORE,2,5\nRelu,AI_CORE,0,0\n";
    let types = Tree::new(&[
        ("PROF_1/op_statistic_20250102030405.csv", statistic),
        ("PROF_1/api_statistic_20250102030405.csv", &calls),
    ]);
    assert_eq!(types.json()["executions"], 200);
    // Older versions have a folder for each device.
    let old = "Op Name,OP Type,Task Type,Task Duration(us)\na,Conv2D,AI_CORE,10\n";
    let tree = Tree::new(&[
        ("PROF_1/device_0/summary/op_summary_0_1.csv", old),
        ("PROF_1/device_1/summary/op_summary_1_1.csv", old),
    ]);
    assert_eq!(operators(&tree.json())[0].3, 2);
    assert!(
        tree.json()["notes"][0]
            .as_str()
            .unwrap()
            .contains("2 devices (0, 1)")
    );
}

#[test]
fn the_report_is_chinese_and_its_json_has_the_same_keys() {
    let tree = Tree::new(&[
        ("PROF_1/op_summary_20250102030405.csv", SUMMARY),
        ("PROF_1/api_statistic_20250102030405.csv", CALLS),
        ("PROF_1/step_trace_20250102030405.csv", STEPS),
        ("PROF_1/msprof_20250102030405.json", TIMELINE),
    ]);
    let place = tree.at("PROF_1");
    let one = ["profile", path(&place)];
    let other = tree.write("other.csv", b"Op Name,Task Duration(us)\nconv1,5\nnew,1\n");
    let two = ["profile", path(&place), "--against", path(&other)];
    for (arguments, parts) in [
        (
            &one[..],
            &[
                "的性能数据",
                "   占比         总计",
                "合计，共 2 次执行",
                "主机的函数",
                "建议，按调优顺序：",
                "首次运行用了 9.00 ms，之后的运行 110.0 us",
                "提示：有 1 行没有时间",
            ][..],
        ),
        (
            &two[..],
            &["旧：", "新：", "提示：", "        差值", "已去除", "算子："][..],
        ),
    ] {
        let told = succeeds(&[&["--lang", "zh"], arguments].concat());
        for part in parts {
            assert!(told.contains(part), "{part:?} is missing in:\n{told}");
        }
        let english = told.lines().find(|line| has_english(line));
        assert_eq!(english, None, "{told}");
        let [english, chinese] = ["en", "zh"].map(|language| {
            let told = succeeds(&[&["--lang", language], arguments, &["--json", "-"]].concat());
            let told: Value = serde_json::from_str(&told).unwrap();
            assert_eq!(told["language"], language);
            let mut all = BTreeSet::new();
            keys(&told, "", &mut all);
            all
        });
        assert_eq!(english, chinese);
    }
    // Hints of a saved profile are made anew, in the language of now.
    let saved = succeeds(&[&["--lang", "zh"], &one[..], &["--json", "-"]].concat());
    let saved = tree.write("saved.json", saved.as_bytes());
    let told = succeeds(&["--lang", "en", "profile", path(&saved), "--json", "-"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["language"], "en");
    assert!(has_english(told["hints"][0]["advice"].as_str().unwrap()));
}
