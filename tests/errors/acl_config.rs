//! What is found in configurations of the runtime.

use ascend_rt::acl_config::check;

fn told(text: &str) -> Vec<(String, bool)> {
    check(text)
        .iter()
        .map(|finding| (finding.to_string(), finding.stops))
        .collect()
}

#[test]
fn what_is_right_is_not_told() {
    let folder = tempfile::tempdir().unwrap();
    let dump = format!(
        r#"{{"dump": {{"dump_path": {:?}, "dump_mode": "all", "dump_step": "0|3-5",
            "dump_list": [{{"model_name": "net", "layer": ["conv1"]}}]}}, "err_msg_mode": "1"}}"#,
        folder.path()
    );
    for text in [
        "",
        "{}",
        r#"{"defaultDevice": {"default_device": "0"}, "StackSize": {"aicore_stack_size": 65536}}"#,
        r#"{"profiler": {"switch": "on", "output": "/tmp", "aicpu": "on"}, "max_opqueue_num": "8"}"#,
        r#"{"dump": {}}"#,
        &dump,
    ] {
        assert_eq!(told(text), [], "{text}");
    }
}

#[test]
fn a_slip_of_the_pen_is_told_with_what_was_meant() {
    for (text, says, stops) in [
        (r#"{"dmp": {}}"#, "dmp is no known key: write dump;", false),
        (
            r#"{"dump": {"dump_pth": "/tmp"}}"#,
            "dump.dump_pth is no known key: write dump_path;",
            false,
        ),
        (
            r#"{"dump": {"dump_mode": "inputs"}}"#,
            "dump.dump_mode is \"inputs\": write \"input\" or \"output\" or \"all\"",
            true,
        ),
        (
            r#"{"err_msg_mode": 1}"#,
            "err_msg_mode is 1: write \"0\" or \"1\"",
            true,
        ),
        (
            r#"{"err_msg_mode": "0", "err_msg_mode": "1"}"#,
            "err_msg_mode is there twice",
            false,
        ),
        (
            r#"{"StackSize": {"aicore_stack_size": "9"}}"#,
            "without quotes",
            true,
        ),
        (r#"{"max_opqueue_num": "0"}"#, "above 0", true),
        (
            r#"{"defaultDevice": {"default_device": 0}}"#,
            "in quotes",
            true,
        ),
        (r#"{"dump": []}"#, "dump is an array and no object", true),
        (
            r#"{"dump": {"dump_list": {}}}"#,
            "dump.dump_list is an object and no array",
            true,
        ),
        (
            r#"{"dump": {"dump_list": [{"layer": "x"}], "dump_path": "/tmp"}}"#,
            "dump.dump_list[0].layer is \"x\"",
            true,
        ),
        (r#"{"dump": {"dump_step": "5-3"}}"#, "dump.dump_step", true),
        (
            r#"{"dump": {"dump_list": [{}]}}"#,
            "dump has no dump_path",
            true,
        ),
        (
            r#"{"dump": {"dump_path": "/nowhere/x", "dump_debug": "on"}}"#,
            "make the folder first",
            true,
        ),
        (
            r#"{"dump": {"dump_path": "/dev/null", "dump_debug": "on"}}"#,
            "which is no folder",
            true,
        ),
        (
            r#"{"dump": {"dump_path": "/tmp", "dump_debug": "on", "dump_op_switch": "on"}}"#,
            "in a run of its own",
            true,
        ),
        (
            r#"{"dump": {"dump_path": "/tmp", "dump_scene": "watcher", "dump_debug": "on"}}"#,
            "leave those out",
            true,
        ),
        (
            r#"{"dump": {"dump_path": "/tmp"}}"#,
            "dump asks for nothing",
            false,
        ),
        (r#"{"profiler": {}}"#, "profiler has no switch", true),
        ("[]", "it is an array and no object", true),
        ("{\n \"dump\": {,}}", "line 2 column 11", true),
        ("{\"a\": 1", "it is no JSON, line 1", true),
        (
            &format!("{}1{}", "[".repeat(11), "]".repeat(11)),
            "more than ten brackets",
            true,
        ),
    ] {
        let told = told(text);
        let found = told.iter().find(|(told, _)| told.contains(says));
        assert_eq!(
            found.map(|(_, stops)| *stops),
            Some(stops),
            "{text}: {told:?}"
        );
    }
}

#[test]
fn very_many_findings_are_counted() {
    let keys: Vec<String> = (0..50_000).map(|key| format!("\"k{key}\": 0")).collect();
    let text = format!("{{{}, \"err_msg_mode\": 1}}", keys.join(", "));
    let found = check(&text);
    assert_eq!(found.len(), 21);
    let last = &found[20];
    // What stops the runtime does so wherever it is.
    assert_eq!((&*last.problem, last.stops), ("and 49981 more", true));
    assert!(found[..20].iter().all(|finding| !finding.stops));
}

#[test]
fn the_eleventh_bracket_of_a_kind_is_too_deep_though_it_is_empty() {
    for (open, close) in [("{\"dump\": ", "}"), ("[", "]")] {
        let is_too_deep = |depth: usize, innermost: &str| {
            let text = format!("{}{innermost}{}", open.repeat(depth), close.repeat(depth));
            let found = told(&text);
            found.iter().any(|(told, _)| told.contains("more than ten"))
        };
        let innermost = if close == "}" { "{}" } else { "[]" };
        assert!(!is_too_deep(9, innermost), "{open}");
        assert!(is_too_deep(10, innermost), "{open}");
    }
}
