//! Lists of inputs through a pool.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ascend_graph::Gears as Asked;
use ascend_mock::{Effect, Injection, MockConfig, TimeModel};
use ascend_rt::classify::Classifier;
use ascend_rt::pipeline::{self, Pictures, PipelineOptions, Record, Stages};
use ascend_rt::pool::{PoolOptions, Request};
use ascend_rt::vision::Picture;
use ascend_rt::{Acl, Error, ErrorKind, Model, Outputs, Pool, Result, Session};

use super::made::{Told, doubled};
use super::{converted, shipped, small};

/// Numbers, doubled on the device. Some fail in one of the stages: by their last digit.
#[derive(Default)]
struct Numbers {
    begun: AtomicU64,
}

fn fails(number: u64, digit: u64) -> Result<()> {
    if number % 10 == digit {
        return Err(Error::new(ErrorKind::Format, format!("digit {digit}")));
    }
    Ok(())
}

fn float(number: u64) -> f32 {
    f32::from(u16::try_from(number).unwrap())
}

impl Stages for Numbers {
    type Source = u64;
    type Raw = u64;
    type Decoded = u64;
    type Output = f32;

    fn read(&self, number: &u64) -> Result<u64> {
        self.begun.fetch_add(1, Ordering::Relaxed);
        fails(*number, 1).map(|()| *number)
    }

    fn decode(&self, number: u64) -> Result<u64> {
        assert_ne!(number % 10, 2, "digit 2");
        fails(number, 3).map(|()| number)
    }

    fn preprocess(&self, number: u64, request: &mut Request) -> Result<()> {
        fails(number, 4)?;
        // This one does not fit the model, which the device tells.
        let columns = if number % 10 == 5 { 4 } else { 3 };
        request
            .input_mut::<f32>(0, &[1, columns])?
            .fill(float(number));
        Ok(())
    }

    fn postprocess(&self, number: &u64, outputs: Outputs<'_>) -> Result<f32> {
        fails(*number, 6)?;
        Ok(outputs.array::<f32>(0)?[[0, 0]])
    }
}

fn pool(config: MockConfig) -> Pool {
    let acl = Acl::mock(config).unwrap();
    let om = Told::gears("x:-1,3", Asked::batch("1,4")).om(&doubled("x", 2));
    let context = acl.device(0).unwrap().context();
    let sessions = (0..2).map(|_| {
        let model = Model::from_bytes(&context, &om).unwrap();
        Session::new(Arc::new(model)).unwrap()
    });
    let options = PoolOptions::new().queue(4);
    Pool::new(sessions.collect(), &options).unwrap()
}

fn check(record: &Record<u64, f32>) {
    let (number, result) = (record.source, &record.result);
    assert_eq!(record.index, number);
    match number % 10 {
        2 => assert_eq!(result.as_ref().unwrap_err().kind(), ErrorKind::Internal),
        5 => assert_eq!(result.as_ref().unwrap_err().kind(), ErrorKind::Shape),
        1 | 3 | 4 | 6 => {
            let error = result.as_ref().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Format, "{number}: {error}");
        }
        _ => assert!((result.as_ref().unwrap() - 2.0 * float(number)).abs() < 1e-6),
    }
}

#[test]
fn damaged_inputs_are_records_and_the_others_go_on() {
    for in_order in [false, true] {
        let pool = pool(MockConfig::default());
        let options = PipelineOptions::new()
            .readers(2)
            .decoders(3)
            .preprocessors(2)
            .postprocessors(2)
            .in_order(in_order);
        let mut seen = Vec::new();
        let report = pipeline::run(&pool, &Numbers::default(), &options, 0..200, |record| {
            check(&record);
            seen.push(record.index);
            Ok(())
        });
        let report = report.unwrap();
        assert_eq!((report.records, report.failed), (200, 120));
        if !in_order {
            seen.sort_unstable();
        }
        assert_eq!(seen, (0..200).collect::<Vec<_>>());
        let stages: Vec<_> = report
            .stages
            .iter()
            .map(|stage| (stage.name, stage.threads))
            .collect();
        let names = [
            ("list", 1),
            ("read", 2),
            ("decode", 3),
            ("preprocess", 2),
            ("device", 2),
            ("postprocess", 2),
            ("write", 1),
        ];
        assert_eq!(stages, names);
        let items: Vec<_> = report.stages.iter().map(|stage| stage.items).collect();
        // Those of the last digit 5 are refused by the session, and count as a run of it.
        assert_eq!(items, [200, 200, 180, 140, 120, 100, 200]);
        assert!(report.slowest().is_some());
    }
}

#[test]
fn a_slow_device_holds_the_list_back() {
    let time = TimeModel::default().execution(Duration::from_millis(5));
    let pool = pool(MockConfig::default().time(time));
    let options = PipelineOptions::new().decoders(1);
    let stages = Numbers::default();
    let most = u64::try_from(pool.capacity()).unwrap() + 2 * 4;
    let mut written = 0;
    let numbers = (0..80).map(|at| at * 10);
    pipeline::run(&pool, &stages, &options, numbers, |_| {
        let ahead = stages.begun.load(Ordering::Relaxed) - written;
        assert!(ahead <= most, "{ahead} of {most}");
        written += 1;
        Ok(())
    })
    .unwrap();
    assert_eq!(written, 80);
}

#[test]
fn the_error_of_the_sink_ends_the_job() {
    let pool = pool(MockConfig::default());
    let stages = Numbers::default();
    let mut written = 0;
    let options = PipelineOptions::new().in_order(true);
    let error = pipeline::run(&pool, &stages, &options, 0.., |_| {
        written += 1;
        if written == 5 {
            return Err(Error::new(ErrorKind::Io, "no space"));
        }
        Ok(())
    });
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(written, 5);
}

#[test]
fn a_job_without_a_device_ends() {
    let fault = Injection::new("aclmdlExecuteAsync", Effect::DeviceLost).nth(10);
    let pool = pool(MockConfig::default().inject(fault));
    let mut written = 0;
    let numbers = (0..).map(|at| at * 10 % 60_000);
    let options = PipelineOptions::new();
    let error = pipeline::run(&pool, &Numbers::default(), &options, numbers, |record| {
        assert!(record.result.is_ok());
        written += 1;
        Ok(())
    });
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Device, "{error}");
    // What a copy answered has its record, and nothing else has one.
    let answered: u64 = pool.statistics().map(|copy| copy.requests).sum();
    assert_eq!(written, answered);
    // The tenth run loses the device, and with it what the other copy may have at work there: one of
    // the nine before.
    assert!(written >= 8, "{written}");
}

#[test]
fn an_empty_list_is_no_error() {
    let pool = pool(MockConfig::default());
    let options = PipelineOptions::new();
    let report = pipeline::run(&pool, &Numbers::default(), &options, 0..0, |_| Ok(())).unwrap();
    assert_eq!((report.records, report.failed), (0, 0));
}

#[test]
fn pictures_come_out_as_by_the_classifier() {
    let (_folder, om) = converted(&shipped(), &small(Some(4))).unwrap();
    let device = Acl::mock(MockConfig::default()).unwrap().device(0).unwrap();
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/vision");
    let files = std::fs::read_dir(pictures).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.push("/nonexistent.jpg".into());
    files.sort();
    let mut classifier = Classifier::new(Session::load(&device, &om).unwrap()).unwrap();
    let pool = Pool::load(&[device], &om, &PoolOptions::new()).unwrap();
    let stages = Pictures::new(pool.description()).unwrap();
    let options = PipelineOptions::new().in_order(true);
    let mut decoded = 0;
    let report = pipeline::run(&pool, &stages, &options, files.clone(), |record| {
        match (Picture::open(&record.source), record.result) {
            (Ok(picture), Ok(probabilities)) => {
                decoded += 1;
                let alone = classifier.probabilities(&[picture])?.remove(0);
                let pairs = alone.iter().zip(&probabilities);
                assert_eq!(alone.len(), probabilities.len());
                assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-5));
            }
            (Err(alone), Err(error)) => assert_eq!(alone.kind(), error.kind(), "{error}"),
            (alone, here) => panic!("{:?}: {alone:?}, {here:?}", record.source),
        }
        Ok(())
    });
    let report = report.unwrap();
    assert_eq!(report.records, u64::try_from(files.len()).unwrap());
    assert!(decoded > 3, "{decoded}");
    assert!(report.failed > 0);
}
