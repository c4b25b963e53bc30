//! An `.om` for a chip, made by CANN's compiler `atc`.
//!
//! `atc` is started with arguments of its own, without a shell, in a folder of its own, and ends with all
//! its processes when it takes too long or this process ends. What it would refuse at once is
//! refused before it starts, with its code. [`plan`] tells the command without running it.

mod answer;
mod arguments;
mod cache;
mod command;
pub(crate) mod environment;
mod failure;
mod findings;
mod options;
mod outcome;
mod precision;
mod process;
pub(crate) mod python;
mod rules;
mod soc;
pub(crate) mod toolkit;
mod words;
mod work;
mod workplace;

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use ascend_graph::counted;

pub use command::{Plan, quoted};
pub use options::{AtcOptions, Cache, Launch, OutputTypes};
pub use words::{
    BufferOptimize, ImplMode, InputFormat, LogLevel, OutputType, PrecisionMode, PrecisionModeV2,
};

use self::answer::Answer;
use self::environment::Environment;
use self::failure::Failure;
use self::outcome::Made;
use self::process::{End, Job};
use self::toolkit::Toolkit;
use self::work::Work;
use self::workplace::Workplace;
use super::source::{self, Network};
use super::{Event, Options, Soc, WeightFiles};
use crate::error::{Error, ErrorKind, Result};
use crate::whole::NewFile;

/// Makes the `.om` at `destination`, or takes it from an earlier run; gives its size in bytes.
pub(super) fn write_om(
    network: Network,
    paths: (&Path, &Path),
    options: &Options,
    watch: &mut dyn FnMut(Event<'_>),
    steps: &mut Vec<String>,
) -> Result<u64> {
    // a place that cannot be written to is found out now, not after hours
    drop(NewFile::create(paths.1)?);
    let folder = Workplace::new()?;
    let launch = &options.atc.launch;
    // what is wrong with the model is told first
    let toolkit = Toolkit::find(launch.toolkit.as_deref());
    let cann = toolkit.as_ref().ok().and_then(Toolkit::release);
    let work = Work::new(network, paths, options, folder.path(), cann)?;
    let toolkit = toolkit?;
    let environment = Environment::of(&toolkit, folder.path());
    steps.push(found(&toolkit, &environment));
    for note in work.notes.iter().chain(&environment.notes) {
        watch(Event::Note(note));
    }
    let entry = match cache::Cache::at(&launch.cache) {
        Some(cache) => work.key(&toolkit, &environment)?.map(|key| (cache, key)),
        None => None,
    };
    if let Some(made) = entry.as_ref().and_then(|(cache, key)| cache.find(key)) {
        let told = steps.len();
        steps.push(
            "took the result of an earlier run from the cache (--no-cache runs anew)".to_owned(),
        );
        match install(&work, &made, steps) {
            // another run needed the room meanwhile
            Err(_) if !made.files().all(Path::exists) => steps.truncate(told),
            installed => return installed,
        }
    }
    work.write_inputs()?;
    let made = run(&work, &toolkit, &environment, folder.path(), watch, steps);
    let made = match made {
        Ok(made) => made,
        Err(error) => {
            if launch.keep_temp {
                folder.keep();
            }
            let (source, soc) = (work.source.display(), &work.soc);
            return Err(error.while_doing(format_args!("{source} for {soc}, {toolkit}")));
        }
    };
    if let Some(Err(error)) = entry.map(|(cache, key)| cache.keep(&key, &made)) {
        let note = format!("the result is not kept in the cache: {error}");
        watch(Event::Note(&note));
    }
    install(&work, &made, steps)
}

/// Tells the command that [`convert`](super::convert) would run for a chip, and runs nothing but
/// the toolkit's `set_env.sh`. Where the ONNX file is made first, the options for that are those in
/// [`Options::command_line`].
///
/// # Errors
///
/// As for [`convert`](super::convert), before `atc` is started; a missing toolkit is none.
pub fn plan(source: &Path, destination: &Path, options: &Options) -> Result<Plan> {
    if options.soc == Soc::Mock {
        let message =
            "for the CPU device atc is not run: name a chip with --soc to see its command";
        return Err(Error::new(ErrorKind::InvalidArgument, message));
    }
    let mut comments = Vec::new();
    let (network, options) = source::read_shaped(source, options, &mut comments)?;
    let folder = Workplace::new()?;
    let toolkit = Toolkit::find(options.atc.launch.toolkit.as_deref());
    let cann = toolkit.as_ref().ok().and_then(Toolkit::release);
    let paths = (source, destination);
    let work = Work::new(network, paths, &options, folder.path(), cann)?;
    comments.extend(work.notes.iter().cloned());
    let (program, environment) = match toolkit {
        Ok(toolkit) => {
            let environment = Environment::of(&toolkit, folder.path());
            comments.push(found(&toolkit, &environment));
            comments.extend(environment.notes);
            (toolkit.atc, environment.added)
        }
        Err(error) => {
            comments.push(error.to_string());
            ("atc".into(), Vec::new())
        }
    };
    let before = work.model.as_ref().map(|model| {
        let (source, model) = (source.to_string_lossy(), model.to_string_lossy());
        let words = match &work.network.file {
            Some(_) if work.network.beside.is_empty() => vec!["cp", "--", &source, &model],
            Some(_) => vec!["ascend", "convert", &source, &model, "--external-data"],
            None => vec!["ascend", "convert", &source, &model],
        };
        let mut words: Vec<_> = words.into_iter().map(str::to_owned).collect();
        if work.network.file.is_none() {
            words.extend(command::options_of_onnx(&options));
        }
        words
    });
    Ok(Plan {
        comments,
        folder: folder.path().to_owned(),
        before,
        file: work.aipp.clone().map(|path| (path, work.aipp_text())),
        environment,
        program,
        arguments: work.arguments.to_words(),
        output: work.output.clone(),
        destination: destination.to_owned(),
        has_weights: options.weight_files != WeightFiles::None,
    })
}

fn run(
    work: &Work<'_>,
    toolkit: &Toolkit,
    environment: &Environment,
    folder: &Path,
    watch: &mut dyn FnMut(Event<'_>),
    steps: &mut Vec<String>,
) -> Result<Made> {
    let cannot =
        |error: io::Error| Error::of_io(format_args!("cannot work in {}", folder.display()), error);
    let lacking = python::lacking(environment, folder);
    if let Some(lacking) = &lacking {
        watch(Event::Note(&format!(
            "python3 lacks {lacking}, which atc's operator compiler needs"
        )));
    }
    fs::create_dir_all(work.output.parent().unwrap_or(folder)).map_err(cannot)?;
    let [stdout, stderr] = ["atc.out", "atc.err"].map(|name| folder.join(name));
    let mut command = Command::new(&toolkit.atc);
    command
        .args(work.arguments.to_words())
        .current_dir(folder)
        .envs(environment.added.iter().cloned())
        .env("ASCEND_WORK_PATH", folder);
    let job = Job {
        command,
        stdout: &stdout,
        stderr: &stderr,
        folder,
        timeout: work.options.atc.launch.timeout,
    };
    let _span = tracing::debug_span!("atc").entered();
    let finished = job.run(&mut |glance| {
        watch(Event::Running {
            elapsed: glance.elapsed,
            memory_bytes: glance.memory_bytes,
        });
    })?;
    let answer = Answer::read(&stdout, &stderr).map_err(cannot)?;
    let is_done = matches!(finished.end, End::Exited(status) if status.success());
    let made = Made::find(&work.output).map_err(cannot)?;
    if let Some(made) = made.filter(|_| is_done && answer.succeeded) {
        let memory = finished.peak_bytes.map_or(String::new(), |bytes| {
            format!(", with {} MiB of memory at most", bytes >> 20)
        });
        steps.push(format!(
            "atc compiled it for {} in {:.1} s{memory}",
            work.soc,
            finished.elapsed.as_secs_f64()
        ));
        for warning in &answer.warnings {
            steps.push(format!("atc warns: {}: {}", warning.code, warning.text));
        }
        return Ok(made);
    }
    let log = if work.options.atc.launch.keep_temp {
        Some(stdout)
    } else {
        let log = work.destination.with_extension("atc.log");
        let written = answer::write_log(&stdout, &stderr, &log);
        written.is_ok().then_some(log)
    };
    let failure = Failure {
        finished: &finished,
        answer: &answer,
        model: work.network.model.graph()?,
        lacking: lacking.as_deref(),
        log: log.as_deref(),
    };
    Err(failure.to_error())
}

fn install(work: &Work<'_>, made: &Made, steps: &mut Vec<String>) -> Result<u64> {
    let stem = work
        .output
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    if let Some(host) = made.host(&stem) {
        steps.push(format!(
            "it holds code for the host too, and runs on {host} only"
        ));
    }
    let bytes = made.install(work.destination)?;
    let digest = cache::digest_of(work.destination);
    steps.extend(digest.map(|digest| format!("sha256 {digest}")));
    if !made.weights.is_empty() {
        steps.push(format!(
            "{} in the folder weight beside it",
            counted(made.weights.len(), "file with weights")
        ));
    }
    Ok(bytes)
}

fn found(toolkit: &Toolkit, environment: &Environment) -> String {
    format!(
        "found {toolkit} in {}; environment: {}",
        toolkit.folder.display(),
        environment.origin
    )
}
