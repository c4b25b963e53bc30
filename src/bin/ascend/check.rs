//! `ascend check`.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use ascend_graph::{Text, Words, text};
use ascend_rt::Engine;
use ascend_rt::check::{self, Cann, Checked, Finding, Place, Severity, Target};
use ascend_rt::convert::InputShape;
use serde_json::{Value, json};

use crate::device::DeviceArgs;
use crate::exit;
use crate::help::Example;
use crate::language::{self, say, words};
use crate::weights::{escaped, kind_of, shown};

/// How many places of one finding are named.
const PLACES: usize = 5;

/// How many findings of one rule are shown.
const OF_A_RULE: usize = 3;

pub(crate) const EXAMPLES: &[Example] = &[
    Example::new(
        "whether a file converts for a chip, and what to change if not",
        "ascend check net.onnx --soc Ascend310P3 --input-shape input:1,3,64,64",
    ),
    Example::new(
        "with gears, for another release of CANN, for programs",
        "ascend check net.onnx --soc Ascend910B3 --cann 8.0 --json \\\n    --input-shape input:-1,3,64,64 --dynamic-batch-size 1,4,8",
    ),
];

/// For `--help`.
const HELP: &str = "\
Exit codes: 0 it converts, 11 it converts, with warnings, 12 it does not;
others as for every command: 7 damaged or no ONNX file, 9 file that cannot be read";

#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// The ONNX file
    source: PathBuf,
    /// The chip to convert for, such as `Ascend310P3`; `mock` is the built-in CPU device
    #[arg(
        long,
        visible_alias = "soc-version",
        alias = "soc_version",
        value_name = "SOC"
    )]
    soc: String,
    /// The release of CANN whose atc converts
    #[arg(long, value_name = "X.Y", default_value_t = Cann::DEFAULT, value_parser = known)]
    cann: Cann,
    /// Shapes of inputs, as for convert; -1 leaves a dimension to each run, 1~8 limits it
    #[arg(
        long,
        alias = "input_shape",
        value_name = "NAME:D,D,…;…",
        allow_hyphen_values = true
    )]
    #[arg(value_delimiter = ';')]
    input_shape: Vec<InputShape>,
    /// Batch sizes among which the .om is switched
    #[arg(long, alias = "dynamic_batch_size", value_name = "N,N,…")]
    dynamic_batch_size: Option<String>,
    /// Heights and widths among which the .om is switched
    #[arg(long, alias = "dynamic_image_size", value_name = "H,W;H,W;…")]
    dynamic_image_size: Option<String>,
    /// Dimensions among which the .om is switched: a value for each -1
    #[arg(long, alias = "dynamic_dims", value_name = "D,D;D,D;…")]
    dynamic_dims: Option<String>,
    /// Operators that your CANN has beside or without those known here: lines such as `ai.onnx Conv 8-18`
    #[arg(long, value_name = "FILE")]
    operators: Option<PathBuf>,
    /// Write the model with the operators of `torch_npu` under the names that atc has, and check that
    #[arg(long, value_name = "OUT.onnx")]
    fix: Option<PathBuf>,
    /// Name every place and every finding
    #[arg(long)]
    all: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Reads a release of CANN, of those that are known.
fn known(text: &str) -> Result<Cann, String> {
    let release = text.parse::<Cann>().ok();
    let release = release.filter(|release| Cann::KNOWN.contains(release));
    release.ok_or_else(|| {
        let known = Cann::KNOWN.map(|release| release.to_string());
        say!(
            "this release of CANN is not known here: give the nearest of {known}",
            known = known.join(words(", "))
        )
    })
}

pub(crate) fn run(args: &Args, device: &DeviceArgs) -> Result<ExitCode> {
    let mut target = Target {
        cann: args.cann,
        input_shapes: args.input_shape.clone(),
        ..Target::new(&args.soc)
    };
    let gears = check::read_gears(
        args.dynamic_batch_size.as_deref(),
        args.dynamic_image_size.as_deref(),
        args.dynamic_dims.as_deref(),
    );
    let wrong_gears = gears.map(|gears| target.gears = gears).err();
    let engine = match args.soc.as_str() {
        "mock" => device.engine()?,
        _ => Engine::default(),
    };
    let (source, renamed, mut checked) = match look(args, &mut target, &engine) {
        Ok(looked) => looked,
        Err(error) => {
            if args.json {
                let (kind, message) = (kind_of(&error), error.to_string());
                let told = json!({"error": {"kind": kind, "message": message}});
                // the exit code tells the error even to who does not listen
                let _ = writeln!(io::stdout(), "{told:#}");
            }
            return Err(error.into());
        }
    };
    if let Some(finding) = wrong_gears {
        checked.findings.insert(0, finding);
    }
    let report = Report {
        args,
        source,
        renamed: &renamed,
        checked: &checked,
    };
    let told = report.tell();
    match told {
        // the answer is the exit code, also for who reads only the first lines
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error.into()),
        _ => {}
    }
    Ok(report.exit_code())
}

/// The file that is checked, what was renamed in it, and what was found.
type Looked<'a> = (&'a Path, Vec<Renamed>, Checked);

/// A node, and the operator that it had and has.
type Renamed = (String, String, &'static str);

fn look<'a>(args: &'a Args, target: &mut Target, engine: &Engine) -> ascend_rt::Result<Looked<'a>> {
    if let Some(table) = &args.operators {
        target.operators = check::read_operators(table)?;
    }
    let renamed = match &args.fix {
        Some(destination) => check::fix(&args.source, destination)?,
        None => Vec::new(),
    };
    let source = match &args.fix {
        Some(destination) if !renamed.is_empty() => destination,
        _ => &args.source,
    };
    let checked = check::check_for(source, target, engine)?;
    Ok((source, renamed, checked))
}

struct Report<'r> {
    args: &'r Args,
    /// The file that was checked.
    source: &'r Path,
    renamed: &'r [Renamed],
    checked: &'r Checked,
}

impl Report<'_> {
    fn exit_code(&self) -> ExitCode {
        let count = |severity| self.checked.count(severity);
        match (count(Severity::Error), count(Severity::Warning)) {
            (0, 0) => ExitCode::SUCCESS,
            (0, _) => ExitCode::from(exit::WARNINGS),
            _ => ExitCode::from(exit::NOT_CONVERTIBLE),
        }
    }

    fn verdict(&self) -> Words {
        let count = |severity| self.checked.count(severity);
        match (count(Severity::Error), count(Severity::Warning)) {
            (0, 0) => Words("convertible"),
            (0, _) => Words("convertible, with warnings"),
            _ => Words("not convertible"),
        }
    }

    fn tell(&self) -> io::Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        if self.args.json {
            writeln!(out, "{:#}", self.to_json())?;
        } else {
            self.tell_people(&mut out)?;
        }
        out.flush()
    }

    fn tell_people(&self, out: &mut impl Write) -> io::Result<()> {
        let Checked {
            nodes,
            opset,
            producer,
            findings,
        } = self.checked;
        let target = match self.args.soc.as_str() {
            "mock" => text!("the CPU device"),
            soc => text!(
                "{soc}, CANN {cann}",
                soc = shown(soc),
                cann = self.args.cann.to_string()
            ),
        };
        let opset = match opset {
            Some(version) => text!("opset {version}", version = *version),
            None => text!("no opset"),
        };
        let producer: String = producer.chars().take(60).collect();
        let by = if producer.is_empty() {
            Text::default()
        } else {
            text!(", made by {producer}", producer = escaped(&producer))
        };
        let heading = say!(
            "{file} for {target}: {nodes} nodes, {opset}{by}",
            file = shown(&self.source.display().to_string()),
            target,
            nodes = *nodes,
            opset,
            by
        );
        writeln!(out, "{heading}")?;
        self.tell_renamed(out)?;
        let (mut rule, mut of_rule) = ("", 0);
        for (index, finding) in findings.iter().enumerate() {
            (rule, of_rule) = match finding.rule {
                same if same == rule => (rule, of_rule + 1),
                other => (other, 1),
            };
            if self.args.all || of_rule <= OF_A_RULE {
                self.tell_finding(finding, out)?;
            }
            let is_last = findings.get(index + 1).is_none_or(|next| next.rule != rule);
            if is_last && !self.args.all && of_rule > OF_A_RULE {
                let more = of_rule - OF_A_RULE;
                let told = say!(
                    "{more} more of the rule {rule}; --all shows them",
                    more,
                    rule
                );
                writeln!(out, "\n{told}")?;
            }
        }
        let [errors, warnings, advice] = [Severity::Error, Severity::Warning, Severity::Advice]
            .map(|severity| self.checked.count(severity));
        let told = say!(
            "{verdict}: {errors}, {warnings}, {advice}",
            verdict = self.verdict(),
            errors = match errors {
                1 => text!("1 error"),
                count => text!("{count} errors", count),
            },
            warnings = match warnings {
                1 => text!("1 warning"),
                count => text!("{count} warnings", count),
            },
            advice = match advice {
                1 => text!("1 piece of advice"),
                count => text!("{count} pieces of advice", count),
            }
        );
        writeln!(out, "\n{told}")
    }

    fn tell_renamed(&self, out: &mut impl Write) -> io::Result<()> {
        if let Some((_, old, new)) = self.renamed.first() {
            let told = say!(
                "renamed {count} nodes, the first from {old} to {new}",
                count = self.renamed.len(),
                old = shown(old),
                new
            );
            writeln!(out, "{told}")?;
        } else if self.args.fix.is_some() {
            writeln!(
                out,
                "{}",
                say!("nothing to rename, so that --fix wrote no file")
            )?;
        }
        Ok(())
    }

    fn tell_finding(&self, finding: &Finding, out: &mut impl Write) -> io::Result<()> {
        let Finding {
            rule,
            severity,
            code,
            code_is_assumed,
            places,
            message,
            remedy,
        } = finding;
        let severity = match severity {
            Severity::Error => text!("error"),
            Severity::Warning => text!("warning"),
            Severity::Advice => text!("advice"),
        };
        let code = match code {
            Some(code) if *code_is_assumed => text!(" {code}, likely", code),
            Some(code) => text!(" {code}", code),
            None => Text::default(),
        };
        let message = message.clone();
        let told = say!(
            "{severity}{code} ({rule}): {message}",
            severity,
            code,
            rule,
            message
        );
        writeln!(out, "\n{}", escaped(&one_line(&told)))?;
        let most = if self.args.all { usize::MAX } else { PLACES };
        let named = places.iter().take(most);
        let named: Vec<String> = named
            .map(|place| escaped(&one_line(&language::tell(&place.text()))))
            .collect();
        let more = match places.len().saturating_sub(most) {
            0 => String::new(),
            more => say!(" and {more} more", more),
        };
        writeln!(out, "  {}{}{more}", words("at: "), named.join(words(", ")))?;
        let label = if finding.severity == Severity::Advice {
            words("do: ")
        } else {
            words("fix: ")
        };
        writeln!(
            out,
            "  {label}{}",
            escaped(&one_line(&language::tell(remedy)))
        )
    }

    fn to_json(&self) -> Value {
        let findings = self.checked.findings.iter().map(|finding| {
            let most = if self.args.all { usize::MAX } else { 1000 };
            let places = finding.places.iter().take(most);
            json!({
                "rule": finding.rule,
                "severity": finding.severity.name(),
                "code": finding.code,
                "code_is_assumed": finding.code_is_assumed,
                "count": finding.places.len(),
                "places": places.map(place_to_json).collect::<Vec<_>>(),
                "message": language::tell(&finding.message),
                "remedy": language::tell(&finding.remedy),
            })
        });
        let renamed = self.renamed.iter();
        json!({
            "language": language::current().code(),
            "file": self.source.display().to_string(),
            "soc": self.args.soc,
            "cann": self.args.cann.to_string(),
            "verdict": match self.verdict().0 {
                "convertible, with warnings" => "warnings",
                "convertible" => "convertible",
                _ => "not_convertible",
            },
            "nodes": self.checked.nodes,
            "opset": self.checked.opset,
            "producer": self.checked.producer,
            "errors": self.checked.count(Severity::Error),
            "warnings": self.checked.count(Severity::Warning),
            "advice": self.checked.count(Severity::Advice),
            "renamed": renamed
                .map(|(node, old, new)| json!({"node": node, "from": old, "to": new}))
                .collect::<Vec<_>>(),
            "findings": findings.collect::<Vec<_>>(),
        })
    }
}

fn place_to_json(place: &Place) -> Value {
    let mut object = json!({"kind": place.kind(), "name": place.name()});
    if let Place::Node { op_type, .. } = place {
        object["op_type"] = op_type.as_str().into();
    }
    object
}

/// A text from a file, which may hold line breaks, in one line.
fn one_line(text: &str) -> String {
    text.replace('\n', "\\n")
}
