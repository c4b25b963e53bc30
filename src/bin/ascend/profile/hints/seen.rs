//! What of each rule is seen in a profile, if anything is.

use ascend_graph::text;

use super::super::content::{count, executions, percent, sum};
use super::super::told::{Time, names};
use super::facts::{Facts, has_type, is_aicpu, is_matrix, is_one_of};
use crate::language::say;

/// Runs that take less than this many microseconds leave a device idle between them.
const SHORT_RUN: f64 = 2_000.0;
/// A mean of less is mostly the start of operators.
const SHORT_OPERATOR: f64 = 10.0;
/// Copies of fewer bytes a microsecond are of memory that is not pinned.
const SLOW_COPY: f64 = 4_000.0;
/// Fewer bytes tell nothing of a rate.
const LEAST_BYTES: u64 = 1 << 20;

pub(super) fn first_run(facts: &Facts<'_>) -> Option<String> {
    let (first, later) = facts.first_and_later()?;
    (first > 2.0 * later && first - later > 1_000.0).then(|| {
        say!(
            "the first run took {first}, later ones {later}",
            first = time(first),
            later = time(later)
        )
    })
}

pub(super) fn conversion(facts: &Facts<'_>) -> Option<String> {
    let stages = facts.stages()?;
    let convert = stages.convert?;
    (convert > stages.load).then(|| {
        say!(
            "converting took {convert}, loading {load}",
            convert = time(convert),
            load = time(stages.load)
        )
    })
}

pub(super) fn transfers(facts: &Facts<'_>) -> Option<String> {
    let run = facts.stages()?.steady;
    let share = percent(run.upload + run.download, run.total());
    (share > 20.0).then(|| {
        say!(
            "copies between host and device take {share} % of a run: {upload} in, {download} out, {execute} of computing",
            share = whole(share),
            upload = time(run.upload),
            download = time(run.download),
            execute = time(run.execute)
        )
    })
}

pub(super) fn host(facts: &Facts<'_>) -> Option<String> {
    let run = facts.stages()?.steady;
    let share = percent(run.host, run.total());
    (share > 20.0).then(|| {
        say!(
            "the host takes {share} % of a run, {host} beside {execute} of computing",
            share = whole(share),
            host = time(run.host),
            execute = time(run.execute)
        )
    })
}

pub(super) fn blocking_copies(facts: &Facts<'_>) -> Option<String> {
    let (number, copies) = facts.calls(&["aclrtMemcpy"]);
    let (_, executed) = facts.calls(&[
        "aclmdlExecute",
        "aclmdlExecuteAsync",
        "aclrtSynchronizeStream",
    ]);
    let share = percent(copies, copies + executed);
    (number > 0 && share > 20.0).then(|| {
        say!(
            "aclrtMemcpy, which waits for the copy, takes {time} in {calls}: {share} % of what the host waits",
            time = time(copies),
            calls = match number {
                1 => text!("1 call"),
                count => text!("{count} calls", count),
            },
            share = whole(share)
        )
    })
}

pub(super) fn slow_copies(facts: &Facts<'_>) -> Option<String> {
    let between = |direction: &str| direction.contains("host") && direction.contains("device");
    let chosen = facts.profile.copies.iter();
    chosen
        .filter(|copies| between(&copies.direction) && copies.total > 0.0)
        .find_map(|copies| {
            let bytes = copies.bytes.filter(|bytes| *bytes >= LEAST_BYTES)?;
            let rate = count(bytes) / copies.total;
            (rate < SLOW_COPY).then(|| {
                say!(
                    "copies {direction} run at {rate} GB/s ({copies}, {time})",
                    direction = &copies.direction,
                    rate = format!("{:.1}", rate / 1_000.0),
                    copies = match copies.count {
                        1 => text!("1 copy"),
                        count => text!("{count} copies", count),
                    },
                    time = time(copies.total)
                )
            })
        })
}

pub(super) fn allocations(facts: &Facts<'_>) -> Option<String> {
    let executed = facts.profile.executions?;
    let (number, took) = facts.calls(&[
        "aclrtMalloc",
        "aclrtFree",
        "aclrtMallocHost",
        "aclrtFreeHost",
    ]);
    (executed > 10 && number > executed.saturating_mul(2)).then(|| {
        say!(
            "{number} calls allocate and free memory in {executions}, {time}",
            number,
            executions = executions(executed),
            time = time(took)
        )
    })
}

pub(super) fn gaps(facts: &Facts<'_>) -> Option<String> {
    if facts.profile.is_cpu_device || facts.operators <= 0.0 {
        return None;
    }
    let waits = sum(facts.npu().map(|operator| operator.wait));
    let (gap, all) = match facts.stages().and_then(|stages| stages.watched) {
        Some(watched) => {
            let operators = facts.profile.per_execution(facts.operators);
            (watched - operators, watched)
        }
        None => (waits, waits + facts.operators),
    };
    let share = percent(gap, all);
    (share > 30.0).then(|| {
        say!(
            "{share} % of the time on the device is between operators, {gap}",
            share = whole(share),
            gap = time(gap)
        )
    })
}

pub(super) fn dynamic(facts: &Facts<'_>) -> Option<String> {
    let (number, time) = facts.sum(|operator| operator.is_dynamic);
    let share = percent(time, facts.operators);
    (share > 20.0).then(|| {
        say!(
            "operators of dynamic shapes take {share} % of the operators' time, in {executions}",
            share = whole(share),
            executions = executions(number)
        )
    })
}

pub(super) fn small_batch(facts: &Facts<'_>) -> Option<String> {
    if facts.profile.is_cpu_device {
        return None;
    }
    let executed = facts.profile.executions?;
    let run = facts.operators / count(executed).max(1.0);
    let (number, _) = facts.sum(|_| true);
    let mean = facts.operators / count(number).max(1.0);
    let is_short = run < SHORT_RUN || mean < SHORT_OPERATOR;
    let is_small = facts.profile.batch.is_none_or(|batch| batch <= 1);
    (number > 0 && is_short && is_small).then(|| {
        say!(
            "the operators of a run take {run}, {mean} each",
            run = time(run),
            mean = time(mean)
        )
    })
}

pub(super) fn fp32(facts: &Facts<'_>) -> Option<String> {
    let in_f32 = |types: &str| has_type(types, &["FLOAT", "FLOAT32", "DT_FLOAT"]);
    let chosen = facts.npu();
    let chosen =
        chosen.filter(|operator| is_matrix(&operator.op_type) && in_f32(&operator.input_types));
    let chosen: Vec<_> = chosen.collect();
    let time = sum(chosen.iter().map(|operator| operator.total));
    let share = percent(time, facts.operators);
    (share > 20.0).then(|| {
        say!(
            "matrix operators with f32 inputs take {share} % of the operators' time: {names}",
            share = whole(share),
            names = names(&chosen)
        )
    })
}

pub(super) fn casts(facts: &Facts<'_>) -> Option<String> {
    let (number, time) = facts.sum(|operator| is_one_of(operator, &["Cast"]));
    let share = percent(time, facts.operators);
    (share > 5.0).then(|| {
        say!(
            "Cast takes {share} % of the operators' time, in {executions}",
            share = whole(share),
            executions = executions(number)
        )
    })
}

pub(super) fn aicpu(facts: &Facts<'_>) -> Option<String> {
    let chosen: Vec<_> = facts.npu().filter(|operator| is_aicpu(operator)).collect();
    let took = sum(chosen.iter().map(|operator| operator.total));
    let share = percent(took, facts.operators);
    (share > 3.0).then(|| {
        say!(
            "the device's CPUs compute {share} % of the operators' time, {time}: {names}",
            share = whole(share),
            time = time(took),
            names = names(&chosen)
        )
    })
}

pub(super) fn layout(facts: &Facts<'_>) -> Option<String> {
    let types = ["TransData", "Transpose", "TransposeD"];
    let (number, time) = facts.sum(|operator| is_one_of(operator, &types));
    let share = percent(time, facts.operators);
    (share > 10.0).then(|| {
        say!(
            "TransData and Transpose take {share} % of the operators' time, in {executions}",
            share = whole(share),
            executions = executions(number)
        )
    })
}

pub(super) fn one_core(facts: &Facts<'_>) -> Option<String> {
    let chosen = facts.npu();
    let chosen = chosen.filter(|operator| operator.blocks == Some(1) && !is_aicpu(operator));
    let chosen: Vec<_> = chosen.collect();
    let time = sum(chosen.iter().map(|operator| operator.total));
    let share = percent(time, facts.operators);
    (share > 20.0).then(|| {
        say!(
            "operators on one core take {share} % of the operators' time: {names}",
            share = whole(share),
            names = names(&chosen)
        )
    })
}

pub(super) fn hot(facts: &Facts<'_>) -> Option<String> {
    if facts.profile.operators.len() < 5 {
        return None;
    }
    let hottest = facts.npu().max_by(|a, b| a.total.total_cmp(&b.total))?;
    let share = percent(hottest.total, facts.operators);
    (share > 40.0).then(|| {
        say!(
            "{name} takes {share} % of the operators' time, {mean} each",
            name = names(&[hottest]),
            share = whole(share),
            mean = time(hottest.mean())
        )
    })
}

pub(super) fn moving(facts: &Facts<'_>) -> Option<String> {
    let types = [
        "Concat",
        "ConcatD",
        "ConcatV2",
        "ConcatV2D",
        "Split",
        "SplitD",
        "SplitV",
        "SplitVD",
        "Slice",
        "SliceD",
        "StridedSlice",
        "StridedSliceD",
        "Pad",
        "PadD",
        "PadV3",
        "PadV3D",
        "Tile",
        "TileD",
        "GatherV2",
        "Gather",
        "Pack",
        "Unpack",
        "TensorMove",
        "Identity",
    ];
    let (number, time) = facts.sum(|operator| is_one_of(operator, &types));
    let copies = facts.profile.copies.iter();
    let copies = copies.filter(|copies| copies.direction == "device to device");
    let (moved, moving) = copies.fold((0_u64, 0.0), |(number, time), copies| {
        (number.saturating_add(copies.count), time + copies.total)
    });
    let share = percent(time + moving, facts.operators + moving);
    (share > 15.0).then(|| {
        say!(
            "what only moves data takes {share} % of the device's time, in {executions}",
            share = whole(share),
            executions = executions(number.saturating_add(moved))
        )
    })
}

fn time(time: f64) -> String {
    Time(time).to_string()
}

/// A share in whole percent.
fn whole(share: f64) -> String {
    format!("{share:.0}")
}
