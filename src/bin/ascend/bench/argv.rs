//! Command lines in the spellings of `ais_bench`, `msit benchmark` and `msame`, turned into one.

use std::ffi::{OsStr, OsString};

/// The commands whose options may be spelled so.
const COMMANDS: [&str; 3] = ["run", "bench", "msame"];

/// Options before the command that take a value.
const GLOBAL: [&str; 8] = [
    "--device",
    "--devices",
    "--cpu-threads",
    "--engine",
    "--log-level",
    "--log-json",
    "--log-trace",
    "--lang",
];

/// What follows an option.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Value,
    /// A word for yes or no, or nothing.
    Truth,
}

use Takes::{Truth, Value};

/// The options that these tools have, and what else each is called.
const OPTIONS: [(&str, Takes, &[&str]); 34] = [
    ("--model", Value, &["-m", "-om", "--om-model"]),
    ("--input", Value, &["-i"]),
    ("--output", Value, &["-o"]),
    ("--output-dirname", Value, &["-od"]),
    ("--outfmt", Value, &[]),
    ("--loop", Value, &["-l"]),
    ("--batchsize", Value, &[]),
    ("--device", Value, &["-d", "--device-id"]),
    ("--dym-batch", Value, &["-db"]),
    ("--dym-hw", Value, &["-dhw"]),
    ("--dym-dims", Value, &["-dd"]),
    ("--dym-shape", Value, &["-ds"]),
    ("--dym-shape-range", Value, &["-dr"]),
    ("--auto-set-dymshape-mode", Truth, &["-asdsm"]),
    ("--auto-set-dymdims-mode", Truth, &["-asddm"]),
    ("--output-size", Value, &["-outsize"]),
    ("--output-batchsize-axis", Value, &["-oba"]),
    ("--warmup-count", Value, &["-wcount"]),
    ("--pure-data-type", Value, &["-pdt"]),
    ("--run-mode", Value, &["-rm"]),
    ("--display-all-summary", Truth, &["-das"]),
    ("--debug", Truth, &[]),
    ("--profiler", Truth, &["-pf"]),
    ("--profiler-rename", Truth, &[]),
    ("--dump", Truth, &[]),
    ("--dump-npy", Truth, &[]),
    ("--acl-json-path", Value, &["-acl"]),
    ("--aipp-config", Value, &["-aipp"]),
    ("--energy-consumption", Truth, &["-ec"]),
    ("--npu-id", Value, &[]),
    ("--threads", Value, &["--thread"]),
    ("--pipeline", Truth, &[]),
    ("--divide-input", Truth, &[]),
    ("--cpu-threads", Value, &[]),
];

/// The command line as the program's own parser takes it. What is for other commands, or not known
/// here, stays as it is.
pub(crate) fn normalised(line: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut words = line.into_iter();
    let mut normal: Vec<OsString> = words.next().into_iter().collect();
    // The command is the first word that is neither an option nor the value of one.
    while let Some(word) = words.next() {
        let takes_value = GLOBAL.iter().any(|option| word == *option);
        let is_option = word.as_encoded_bytes().starts_with(b"-");
        let is_ours = COMMANDS.iter().any(|command| word == *command);
        normal.push(word);
        if takes_value {
            normal.extend(words.next());
        } else if is_ours {
            break;
        } else if !is_option {
            normal.extend(words);
            return normal;
        }
    }
    let mut words = words.peekable();
    while let Some(word) = words.next() {
        if word == "--" {
            normal.push(word);
            break;
        }
        let Some((option, takes, value)) = word.to_str().and_then(known) else {
            normal.push(word);
            continue;
        };
        let mut one = OsString::from(option);
        match (takes, value) {
            (_, Some(value)) => {
                one.push("=");
                one.push(value);
                normal.push(one);
            }
            (Value, None) => {
                normal.push(one);
                normal.extend(words.next());
            }
            (Truth, None) => {
                if let Some(word) = words.next_if(|next| is_truth(next)) {
                    one.push("=");
                    one.push(word);
                }
                normal.push(one);
            }
        }
    }
    normal.extend(words);
    normal
}

/// The option that a word is, with its value if that is part of the word.
fn known(word: &str) -> Option<(&'static str, Takes, Option<&str>)> {
    let (name, value) = match word.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (word, None),
    };
    let found = OPTIONS.iter().find(|(option, _, others)| {
        let is_called = |other: &&str| match (name.strip_prefix("--"), other.strip_prefix("--")) {
            (Some(name), Some(other)) => bare(name) == bare(other),
            _ => name == *other,
        };
        is_called(option) || others.iter().any(is_called)
    })?;
    Some((found.0, found.1, value))
}

/// A name without what its spellings differ in.
fn bare(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '-' | '_'));
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

fn is_truth(word: &OsStr) -> bool {
    word.to_str().is_some_and(|word| truth(word).is_ok())
}

/// Reads a word for yes or no.
pub(super) fn truth(word: &str) -> Result<bool, String> {
    match word.to_ascii_lowercase().as_str() {
        "1" | "true" | "t" | "yes" | "y" | "on" => Ok(true),
        "0" | "false" | "f" | "no" | "n" | "off" => Ok(false),
        _ => Err("say true, 1, false or 0".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn every_spelling_becomes_one() {
        for (line, normal) in [
            (
                "ascend bench --model x.om --dymBatch 2 --output_dirname=a --outfmt NPY",
                "ascend bench --model x.om --dym-batch 2 --output-dirname=a --outfmt NPY",
            ),
            (
                "ascend bench -om x.om -i a,b -o out -od d -pdt random -db 4 -d 0,1",
                "ascend bench --model x.om --input a,b --output out --output-dirname d \
                 --pure-data-type random --dym-batch 4 --device 0,1",
            ),
            (
                "ascend bench --om-model x.om --batch-size 4 -dhw 2,3 -dd x:1 -ds x:1 -dr x:1~2",
                "ascend bench --model x.om --batchsize 4 --dym-hw 2,3 --dym-dims x:1 --dym-shape x:1 \
                 --dym-shape-range x:1~2",
            ),
            (
                "ascend run -outsize 5 -asddm 1 -asdsm -rm full -das True -wcount 0 -oba 1 -pf 0 x.om",
                "ascend run --output-size 5 --auto-set-dymdims-mode=1 --auto-set-dymshape-mode \
                 --run-mode full --display-all-summary=True --warmup-count 0 --output-batchsize-axis 1 \
                 --profiler=0 x.om",
            ),
            (
                "ascend bench --auto_set_dymshape_mode=1 --debug x.om -aipp a.cfg --divide-input",
                "ascend bench --auto-set-dymshape-mode=1 --debug x.om --aipp-config a.cfg --divide-input",
            ),
            (
                "ascend --device 0 --cpu-threads 1 msame --dymHW 1,2 --input -d",
                "ascend --device 0 --cpu-threads 1 msame --dym-hw 1,2 --input -d",
            ),
            (
                "ascend --engine rten bench --dymBatch 2 x.om",
                "ascend --engine rten bench --dym-batch 2 x.om",
            ),
            (
                "ascend --devices 0-1 run -db 2 x.om",
                "ascend --devices 0-1 run --dym-batch 2 x.om",
            ),
            (
                "ascend bench --device_id 3 --unknown_one 1 -x -- --dymBatch",
                "ascend bench --device 3 --unknown_one 1 -x -- --dymBatch",
            ),
            (
                "ascend bench -m x.om -l 3 --thread 2",
                "ascend bench --model x.om --loop 3 --threads 2",
            ),
            // Other commands are left alone.
            (
                "ascend convert --dynamic_batch_size 1 run --dymBatch",
                "ascend convert --dynamic_batch_size 1 run --dymBatch",
            ),
            ("ascend", "ascend"),
            ("ascend --help", "ascend --help"),
            ("ascend bench --model", "ascend bench --model"),
        ] {
            assert_eq!(normalised(words(line)), words(normal), "{line}");
        }
    }

    /// Without it, the value of one would be taken for the command.
    #[test]
    fn the_options_before_the_command_are_known() {
        let command = crate::Cli::command();
        let takes_value = |arg: &&clap::Arg| arg.get_action().takes_values();
        let names = command.get_arguments().filter(takes_value).flat_map(|arg| {
            let others = arg.get_all_aliases().unwrap_or_default();
            let all = arg.get_long().into_iter().chain(others);
            all.map(|name| format!("--{name}")).collect::<Vec<_>>()
        });
        let mut names: Vec<String> = names.collect();
        names.sort();
        let mut known = GLOBAL.to_vec();
        known.sort_unstable();
        assert_eq!(names, known, "GLOBAL has to name them all");
    }

    #[test]
    fn names_are_told_apart() {
        for (index, (option, _, others)) in OPTIONS.iter().enumerate() {
            for name in [option].into_iter().chain(*others) {
                let found = OPTIONS.iter().filter(|(option, _, others)| {
                    let same = |other: &&str| {
                        bare(other) == bare(name)
                            && other.starts_with("--") == name.starts_with("--")
                    };
                    same(option) || others.iter().any(same)
                });
                assert_eq!(found.count(), 1, "{name} of {index}");
            }
        }
    }
}
