//! Each rule of the C API is a test, or it is said why it is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const RULES: u32 = 306;

/// Rules that cannot hold here, or that say nothing that could be tested, with the reason.
const ELSEWHERE: &str = include_str!("rules_elsewhere.tsv");

/// The rules that the name of a test says it is about: `r_001_r_002_what_they_say`.
fn named(line: &str) -> Vec<u32> {
    let mut rules = Vec::new();
    let mut rest = line.trim_start().strip_prefix("fn ").unwrap_or_default();
    while let Some((number, after)) = rest
        .strip_prefix("r_")
        .and_then(|rest| rest.split_at_checked(3))
    {
        let Ok(number) = number.parse() else { break };
        rules.push(number);
        rest = after.strip_prefix('_').unwrap_or_default();
    }
    rules
}

/// Adds the rules of all tests below a folder.
fn collect(folder: &Path, rules: &mut BTreeSet<u32>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, rules);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            for (index, line) in lines.iter().enumerate() {
                let is_test = lines[..index]
                    .iter()
                    .rev()
                    .take_while(|line| line.trim_start().starts_with('#'))
                    .any(|line| line.trim() == "#[test]");
                if is_test {
                    rules.extend(named(line));
                }
            }
        }
    }
}

fn tested() -> BTreeSet<u32> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut rules = BTreeSet::new();
    for folder in ["src", "tests", "so"] {
        collect(&root.join(folder), &mut rules);
    }
    rules
}

fn elsewhere() -> BTreeMap<u32, &'static str> {
    let lines = ELSEWHERE.lines().skip(1);
    let lines = lines.filter(|line| !line.starts_with('#'));
    let mut rules = BTreeMap::new();
    for line in lines {
        let (rule, reason) = line.split_once('\t').unwrap();
        let number = rule.strip_prefix("R-").unwrap().parse().unwrap();
        assert!(!reason.is_empty(), "{rule} has no reason");
        assert_eq!(rules.insert(number, reason), None, "{rule} stands twice");
    }
    rules
}

fn show(rules: impl IntoIterator<Item = u32>) -> String {
    let rules = rules.into_iter().map(|rule| format!("R-{rule:03}"));
    rules.collect::<Vec<_>>().join(" ")
}

#[test]
fn every_rule_has_a_test_or_a_reason_for_none() {
    let (tested, elsewhere) = (tested(), elsewhere());
    let missing =
        (1..=RULES).filter(|rule| !tested.contains(rule) && !elsewhere.contains_key(rule));
    assert_eq!(show(missing), "", "neither a test nor a reason");
    let both = elsewhere.keys().filter(|rule| tested.contains(rule));
    assert_eq!(show(both.copied()), "", "a test, and a reason for none");
    let known = 1..=RULES;
    let unknown = tested.iter().chain(elsewhere.keys());
    let unknown = unknown.filter(|rule| !known.contains(rule));
    assert_eq!(show(unknown.copied()), "", "no such rule");
}

#[test]
fn names_of_tests_say_rules() {
    assert_eq!(named("fn r_017_r_018_a_path_that_is_none() {"), [17, 18]);
    assert_eq!(named("    fn r_223_lines() {"), [223]);
    assert_eq!(named("fn r_042() {"), [42]);
    for other in [
        "fn run_042() {",
        "fn r_the_042() {",
        "// fn r_042",
        "let r_042_x",
    ] {
        assert!(named(other).is_empty(), "{other}");
    }
}
