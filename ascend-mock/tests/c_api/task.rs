//! Small tasks: reductions and random numbers.

use std::ptr;

use ascend_mock::MockConfig;
use ascend_sys::{
    aclDataType, aclError, aclrtDropoutBitmaskInfo, aclrtNormalDisInfo, aclrtRandomNumFuncParaInfo,
    aclrtRandomNumFuncParaInfo__bindgen_ty_1, aclrtRandomNumFuncType, aclrtRandomNumTaskInfo,
    aclrtRandomParaInfo, aclrtReduceKind, aclrtUniformDisInfo,
};

use crate::common::{NULL, Raw, Rig};
use half::{bf16, f16};

const SUM: aclrtReduceKind = aclrtReduceKind::ACL_RT_MEMCPY_SDMA_AUTOMATIC_SUM;
const MAX: aclrtReduceKind = aclrtReduceKind::ACL_RT_MEMCPY_SDMA_AUTOMATIC_MAX;
const MIN: aclrtReduceKind = aclrtReduceKind::ACL_RT_MEMCPY_SDMA_AUTOMATIC_MIN;

/// Reduces `from` into `to`, both of one type.
fn reduce(rig: &Rig, kind: aclrtReduceKind, dtype: aclDataType, to: &[u8], from: &[u8]) -> Vec<u8> {
    let (target, source) = (rig.malloc(to.len()), rig.malloc(from.len()));
    rig.upload(target, to);
    rig.upload(source, from);
    let bytes = from.len() as u64;
    let code = acl!(rig.aclrtReduceAsync(target, source, bytes, kind, dtype, NULL, NULL));
    assert_eq!((code, rig.synchronize(NULL)), (0, 0));
    rig.download(target, to.len())
}

/// Reductions of numbers of one type, with their results.
macro_rules! reductions {
    ($rig:ident, $dtype:ident, $kind:ty, $one:expr, $two:expr, $results:expr) => {
        let bytes = |numbers: &[$kind]| -> Vec<u8> {
            numbers
                .iter()
                .flat_map(|number| number.to_ne_bytes())
                .collect()
        };
        let dtype = aclDataType::$dtype;
        for (kind, result) in [SUM, MAX, MIN].into_iter().zip($results) {
            let found = reduce(&$rig, kind, dtype, &bytes(&$one), &bytes(&$two));
            assert_eq!(found, bytes(&result), "{kind:?} {}", stringify!($dtype));
        }
    };
}

#[test]
fn reductions_of_every_type() {
    let rig = Rig::new();
    let bytes = [[3_i8, -2, -56], [2, 3, 100], [1, -5, 100]];
    reductions!(rig, ACL_INT8, i8, [1_i8, -5, 100], [2, 3, 100], bytes);
    let words = [[3_i16, -200], [2, 300], [1, -500]];
    reductions!(rig, ACL_INT16, i16, [1_i16, -500], [2, 300], words);
    let integers = [[3, i32::MIN + 7], [2, 7], [1, i32::MIN]];
    reductions!(rig, ACL_INT32, i32, [1_i32, i32::MIN], [2, 7], integers);
    let floats = [[3.75, 5.0], [2.25, 7.0], [1.5, -2.0]];
    reductions!(rig, ACL_FLOAT, f32, [1.5_f32, -2.0], [2.25, 7.0], floats);
    let (one, two) = (
        [1.5, 2048.0].map(f16::from_f32),
        [2.0, 1.0].map(f16::from_f32),
    );
    let halves = [[3.5, 2048.0], [2.0, 2048.0], [1.5, 1.0]].map(|pair| pair.map(f16::from_f32));
    reductions!(rig, ACL_FLOAT16, f16, one, two, halves);
    let (one, two) = (
        [1.5, 256.0].map(bf16::from_f32),
        [2.0, 1.0].map(bf16::from_f32),
    );
    let brains = [[3.5, 256.0], [2.0, 256.0], [1.5, 1.0]].map(|pair| pair.map(bf16::from_f32));
    reductions!(rig, ACL_BF16, bf16, one, two, brains);
}

/// S
#[test]
fn r_213_what_reductions_refuse() {
    let rig = Rig::new();
    let (target, source) = (rig.malloc(8), rig.malloc(8));
    let float = aclDataType::ACL_FLOAT;
    let call = |to: Raw, from: Raw, bytes, kind, dtype, reserve| {
        acl!(rig.aclrtReduceAsync(to, from, bytes, kind, dtype, NULL, reserve))
    };
    assert_eq!(call(NULL, source, 8, SUM, float, NULL), 100_000);
    assert_eq!(call(target, NULL, 8, SUM, float, NULL), 100_000);
    assert_eq!(call(target, source, 8, SUM, float, target), 100_000);
    for dtype in [
        aclDataType::ACL_DOUBLE,
        aclDataType::ACL_UINT8,
        aclDataType::ACL_BOOL,
    ] {
        assert_eq!(call(target, source, 8, SUM, dtype, NULL), 100_000);
    }
    assert_eq!(call(target, source, 0, SUM, float, NULL), 0);
    assert_eq!(
        call(target, source, 6, SUM, float, NULL),
        107_000,
        "no whole number"
    );
    assert_eq!(
        call(target, source, 16, SUM, float, NULL),
        107_000,
        "past the block"
    );
    assert_eq!(
        call(target, source, 8, aclrtReduceKind(9), float, NULL),
        107_000
    );
    let equal = aclrtReduceKind::ACL_RT_MEMCPY_SDMA_AUTOMATIC_EQUAL;
    assert_eq!(call(target, source, 8, equal, float, NULL), 207_000);
    assert_eq!(rig.synchronize(NULL), 0);
}

/// Reductions of several streams into one place all count.
#[test]
fn reductions_of_several_streams_add_up() {
    for rig in [Rig::new(), Rig::with(MockConfig::default())] {
        let (target, source) = (rig.malloc(4096), rig.malloc(4096));
        rig.upload(target, &[0; 4096]);
        let ones: Vec<u8> = (0..1024).flat_map(|_| 1_i32.to_ne_bytes()).collect();
        rig.upload(source, &ones);
        let streams: Vec<Raw> = (0..4).map(|_| made!(rig.aclrtCreateStream())).collect();
        let int = aclDataType::ACL_INT32;
        for _ in 0..50 {
            for stream in &streams {
                let code =
                    acl!(rig.aclrtReduceAsync(target, source, 4096, SUM, int, *stream, NULL));
                assert_eq!(code, 0);
            }
        }
        assert_eq!(acl!(rig.aclrtSynchronizeDevice()), 0);
        let sums = rig.download(target, 4096);
        assert!(sums.chunks(4).all(|sum| sum == 200_i32.to_ne_bytes()));
    }
}

fn value(bytes: &[u8]) -> aclrtRandomParaInfo {
    let mut info = aclrtRandomParaInfo {
        isAddr: 0,
        valueOrAddr: [0; 8],
        size: bytes.len().try_into().unwrap(),
        rsv: [0; 6],
    };
    info.valueOrAddr[..bytes.len()].copy_from_slice(bytes);
    info
}

/// A spread of numbers, with parameters as bytes.
#[derive(Clone, Copy)]
enum Spread<'a> {
    Dropout(&'a [u8]),
    Uniform(&'a [u8], &'a [u8]),
    Normal(&'a [u8], &'a [u8]),
    Truncated(&'a [u8], &'a [u8]),
}

fn info(
    dtype: aclDataType,
    spread: Spread<'_>,
    to: Raw,
    seed: u64,
    count: u64,
) -> aclrtRandomNumTaskInfo {
    let normal = |mean, deviation| aclrtRandomNumFuncParaInfo__bindgen_ty_1 {
        normalDisInfo: aclrtNormalDisInfo {
            mean: value(mean),
            stddev: value(deviation),
        },
    };
    let (kind, parameters) = match spread {
        Spread::Dropout(ratio) => (
            aclrtRandomNumFuncType::ACL_RT_RANDOM_NUM_FUNC_TYPE_DROPOUT_BITMASK,
            aclrtRandomNumFuncParaInfo__bindgen_ty_1 {
                dropoutBitmaskInfo: aclrtDropoutBitmaskInfo {
                    dropoutRation: value(ratio),
                },
            },
        ),
        Spread::Uniform(min, max) => (
            aclrtRandomNumFuncType::ACL_RT_RANDOM_NUM_FUNC_TYPE_UNIFORM_DIS,
            aclrtRandomNumFuncParaInfo__bindgen_ty_1 {
                uniformDisInfo: aclrtUniformDisInfo {
                    min: value(min),
                    max: value(max),
                },
            },
        ),
        Spread::Normal(mean, deviation) => (
            aclrtRandomNumFuncType::ACL_RT_RANDOM_NUM_FUNC_TYPE_NORMAL_DIS,
            normal(mean, deviation),
        ),
        Spread::Truncated(mean, deviation) => (
            aclrtRandomNumFuncType::ACL_RT_RANDOM_NUM_FUNC_TYPE_TRUNCATED_NORMAL_DIS,
            normal(mean, deviation),
        ),
    };
    aclrtRandomNumTaskInfo {
        dataType: dtype,
        randomNumFuncParaInfo: aclrtRandomNumFuncParaInfo {
            funcType: kind,
            paramInfo: parameters,
        },
        randomParaAddr: NULL,
        randomResultAddr: to,
        randomCounterAddr: NULL,
        randomSeed: value(&seed.to_le_bytes()),
        randomNum: value(&count.to_le_bytes()),
        rsv: [0; 8],
    }
}

fn draw(rig: &Rig, info: &aclrtRandomNumTaskInfo) -> aclError {
    match acl!(rig.aclrtRandomNumAsync(info, NULL, NULL)) {
        0 => rig.synchronize(NULL),
        code => code,
    }
}

/// 20,000 numbers of single precision.
fn floats(rig: &Rig, spread: Spread<'_>) -> Vec<f64> {
    let target = rig.malloc(80_000);
    assert_eq!(
        draw(
            rig,
            &info(aclDataType::ACL_FLOAT, spread, target, 5, 20_000)
        ),
        0
    );
    let bytes = rig.download(target, 80_000);
    let numbers = bytes
        .chunks(4)
        .map(|number| f32::from_le_bytes(number.try_into().unwrap()));
    numbers.map(f64::from).collect()
}

/// Mean and standard deviation.
fn moments(numbers: &[f64]) -> (f64, f64) {
    let count = f64::from(u32::try_from(numbers.len()).unwrap());
    let mean = numbers.iter().sum::<f64>() / count;
    let variance = numbers
        .iter()
        .map(|number| (number - mean).powi(2))
        .sum::<f64>()
        / count;
    (mean, variance.sqrt())
}

#[test]
fn random_numbers_are_spread_as_asked_for() {
    let rig = Rig::new();
    let two = |one: f32, other: f32| (one.to_le_bytes(), other.to_le_bytes());
    let (min, max) = two(-1.0, 3.0);
    let uniform = floats(&rig, Spread::Uniform(&min, &max));
    assert!(uniform.iter().all(|number| (-1.0..=3.0).contains(number)));
    let (mean, deviation) = moments(&uniform);
    assert!((mean - 1.0).abs() < 0.05, "{mean}");
    assert!(
        (deviation - 4.0 / 12_f64.sqrt()).abs() < 0.05,
        "{deviation}"
    );
    let (mean, deviation) = two(10.0, 2.0);
    let normal = floats(&rig, Spread::Normal(&mean, &deviation));
    let (found, spread) = moments(&normal);
    assert!(
        (found - 10.0).abs() < 0.1 && (spread - 2.0).abs() < 0.1,
        "{found} {spread}"
    );
    assert!(normal.iter().any(|number| (number - 10.0).abs() > 4.0));
    let truncated = floats(&rig, Spread::Truncated(&mean, &deviation));
    assert!(truncated.iter().all(|number| (number - 10.0).abs() <= 4.0));
    let (found, spread) = moments(&truncated);
    assert!(
        (found - 10.0).abs() < 0.1 && (1.5..2.0).contains(&spread),
        "{found} {spread}"
    );
}

#[test]
fn random_integers_lie_in_their_range() {
    let rig = Rig::new();
    let target = rig.malloc(4_000);
    let (min, max) = ((-3_i32).to_le_bytes(), 4_i32.to_le_bytes());
    let spread = Spread::Uniform(&min, &max);
    assert_eq!(
        draw(
            &rig,
            &info(aclDataType::ACL_INT32, spread, target, 1, 1_000)
        ),
        0
    );
    let bytes = rig.download(target, 4_000);
    let numbers = bytes
        .chunks(4)
        .map(|number| i32::from_le_bytes(number.try_into().unwrap()));
    let mut seen: Vec<i32> = numbers.collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, [-3, -2, -1, 0, 1, 2, 3]);
    let empty = Spread::Uniform(&max, &min);
    assert_eq!(
        draw(&rig, &info(aclDataType::ACL_INT32, empty, target, 1, 10)),
        507_018
    );
}

#[test]
fn a_dropout_mask_drops_as_many_as_asked_for() {
    let rig = Rig::new();
    let target = rig.malloc(1_250);
    let ratio = 0.3_f32.to_le_bytes();
    let mask = info(
        aclDataType::ACL_FLOAT,
        Spread::Dropout(&ratio),
        target,
        9,
        10_000,
    );
    assert_eq!(draw(&rig, &mask), 0);
    let kept: u32 = rig
        .download(target, 1_250)
        .iter()
        .map(|byte| byte.count_ones())
        .sum();
    assert!((6_700..7_300).contains(&kept), "{kept}");
}

#[test]
fn random_numbers_follow_from_seed_and_offset() {
    let rig = Rig::new();
    let (target, counter) = (rig.malloc(800), rig.malloc(8));
    let (min, max) = (0_u64.to_le_bytes(), u64::MAX.to_le_bytes());
    let draw_from = |seed, offset: Option<u64>| {
        let spread = Spread::Uniform(&min, &max);
        let mut info = info(aclDataType::ACL_UINT64, spread, target, seed, 100);
        if let Some(offset) = offset {
            rig.upload(counter, &offset.to_ne_bytes());
            info.randomCounterAddr = counter;
        }
        assert_eq!(draw(&rig, &info), 0);
        rig.download(target, 800)
    };
    let first = draw_from(1, None);
    assert_eq!(first, draw_from(1, Some(0)));
    assert_ne!(first, draw_from(2, None));
    assert_eq!(first[80..], draw_from(1, Some(10))[..720]);
}

#[test]
fn what_random_numbers_refuse() {
    let rig = Rig::new();
    let target = rig.malloc(8);
    let one = 1_f32.to_le_bytes();
    let uniform = Spread::Uniform(&one, &one);
    let code = acl!(rig.aclrtRandomNumAsync(ptr::null(), NULL, NULL));
    assert_eq!(code, 100_000);
    let good = info(aclDataType::ACL_FLOAT, uniform, target, 1, 2);
    assert_eq!(
        acl!(rig.aclrtRandomNumAsync(&raw const good, NULL, target)),
        100_000
    );
    assert_eq!(
        draw(&rig, &info(aclDataType::ACL_DOUBLE, uniform, target, 1, 2)),
        100_000
    );
    assert_eq!(
        draw(&rig, &info(aclDataType::ACL_FLOAT, uniform, NULL, 1, 2)),
        100_000
    );
    assert_eq!(
        draw(&rig, &info(aclDataType::ACL_FLOAT, uniform, target, 1, 3)),
        107_000
    );
    assert_eq!(
        draw(
            &rig,
            &info(aclDataType::ACL_FLOAT, uniform, target, 1, u64::MAX)
        ),
        107_000
    );
    let normal = Spread::Normal(&one, &one);
    assert_eq!(
        draw(&rig, &info(aclDataType::ACL_INT32, normal, target, 1, 2)),
        107_000
    );
    assert_eq!(draw(&rig, &good), 0);
}
