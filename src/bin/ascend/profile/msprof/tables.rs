//! What each table of `msprof` tells.

use std::path::Path;

use ascend_rt::Error;

use super::folder::Kind;
use super::table::{Names, Table};
use super::{Gathered, MOST_KEPT};

// What columns are called by `msprof` of CANN 5 to 9, and by the profiler of PyTorch for Ascend.
const NAME: Names = &["Op Name", "Name"];
const TYPE: Names = &["OP Type", "Op Type", "Type"];
const CORE: Names = &["Task Type", "Accelerator Core", "Core Type"];
const TASK_DURATION: Names = &["Task Duration(us)", "Task Duration"];
const DURATION: Names = &["Task Duration(us)", "Duration(us)", "Task Duration"];
const WAIT: Names = &["Task Wait Time(us)", "Wait Time(us)", "Task Wait Time"];
const BLOCKS: Names = &["Block Num", "Block Dim"];
const STATE: Names = &["OP State", "Op State"];
const MODEL: Names = &["Model Name"];
const MODEL_ID: Names = &["Model ID"];
const EXECUTION: Names = &["Infer ID", "Step Id"];
const DEVICE: Names = &["Device_id", "Device ID"];
const INPUT_SHAPES: Names = &["Input Shapes"];
const INPUT_TYPES: Names = &["Input Data Types"];
const OUTPUT_SHAPES: Names = &["Output Shapes"];
const OUTPUT_TYPES: Names = &["Output Data Types"];
const COUNT: Names = &["Count"];
const TOTAL: Names = &["Total Time(us)", "Total Time", "Total Time (us)"];
const MIN: Names = &["Min Time(us)", "Min Time"];
const MAX: Names = &["Max Time(us)", "Max Time"];
const KERNEL_NAME: Names = &["kernel_name", "Op Name", "Kernel Name"];
const KERNEL_TYPE: Names = &["kernel_type", "Type", "Kernel Type"];
const TASK_TIME: Names = &["task_time(us)", "task_time", "Time(us)"];
const TASK_ID: Names = &["task_id", "Task ID"];
const TASK_MIN: Names = &["Min(us)"];
const TASK_MAX: Names = &["Max(us)"];
const CALL: Names = &["API Name", "Name"];
const LEVEL: Names = &["Level", "Type"];
const CALL_TIME: Names = &["Time(us)", "Time", "Total Time(us)"];
const ITERATION: Names = &["Iteration Time(us)", "Iteration Time"];

/// Shapes and types longer than this many bytes are cut.
const MOST_SHAPES: usize = 1024;

/// Types of tasks that copy memory.
const COPYING: [&str; 5] = ["MEMCPY", "SDMA", "PCIE_DMA", "MEMCOPY", "MEMORY COPY"];
/// Parts of the types of tasks that wait, mark or steer.
const STEERING: [&str; 13] = [
    "EVENT",
    "NOTIFY",
    "MODEL",
    "STREAM",
    "WRITE_VALUE",
    "PROFIL",
    "PLACE_HOLDER",
    "LABEL",
    "MAINTENANCE",
    "TRACE",
    "DATA DUMP",
    "CREATE",
    "CAPTURE",
];

/// What the table is by its columns.
pub(in super::super) fn kind_of(table: &Table) -> Option<Kind> {
    let has = |columns: &[Names]| columns.iter().all(|names| table.column(names).is_some());
    let kinds: [(&[Names], Kind); 6] = [
        (&[NAME, TASK_DURATION], Kind::Summary),
        (&[NAME, DURATION, CORE], Kind::Summary),
        (&[TYPE, TOTAL, COUNT], Kind::Statistic),
        (&[KERNEL_NAME, KERNEL_TYPE, TASK_TIME, TASK_ID], Kind::Tasks),
        (&[CALL, LEVEL, CALL_TIME, COUNT], Kind::Calls),
        (&[ITERATION], Kind::Steps),
    ];
    let found = kinds.iter().find(|(columns, _)| has(columns));
    found.map(|(_, kind)| *kind)
}

/// `op_summary`, and PyTorch's `kernel_details`.
pub(super) fn summary(path: &Path, into: &mut Gathered) -> Result<(), Error> {
    let mut table = Table::open(path)?;
    let (name, duration) = (table.needed(NAME)?, table.needed(DURATION)?);
    let [op_type, core, wait] = [TYPE, CORE, WAIT].map(|names| table.column(names));
    let [blocks, state, model] = [BLOCKS, STATE, MODEL].map(|names| table.column(names));
    let [device, model_id, execution] =
        [DEVICE, MODEL_ID, EXECUTION].map(|names| table.column(names));
    let tensors = [INPUT_SHAPES, INPUT_TYPES, OUTPUT_SHAPES, OUTPUT_TYPES];
    let tensors = tensors.map(|names| table.column(names));
    while table.next()? {
        let Some(time) = table.time(duration)? else {
            continue;
        };
        let key = (
            table.text(Some(name)),
            table.text(op_type),
            table.text(core),
        );
        into.untyped += u64::from(key.1.is_empty());
        let named = table.text(model);
        if !named.is_empty() && !into.models.contains(&named) && into.models.len() < 2 {
            into.keep(&named)?;
            into.models.push(named);
        }
        let on = into.ran_on(table.text(device), path)?;
        if execution.is_some() {
            into.executed(on, table.text(model_id), table.text(execution));
        }
        let place = into.operator(key)?;
        if into.operators[place].count == 0 {
            let texts = tensors.map(|column| shortened(table.text(column)));
            for text in &texts {
                into.keep(text)?;
            }
            let operator = &mut into.operators[place];
            [
                operator.input_shapes,
                operator.input_types,
                operator.output_shapes,
                operator.output_types,
            ] = texts;
            operator.blocks = table.count(blocks)?;
        }
        let operator = &mut into.operators[place];
        operator.is_dynamic |= table.text(state).eq_ignore_ascii_case("dynamic");
        operator.wait += table.further(wait)?.unwrap_or(0.0);
        operator.add(time);
    }
    into.leave_out(&table.flaws(), path, true);
    Ok(())
}

/// Shapes and types, of which an operator of very many inputs has more than anyone reads.
fn shortened(text: String) -> String {
    if text.len() <= MOST_SHAPES {
        return text;
    }
    text.chars().take(MOST_SHAPES / 4).chain(['…']).collect()
}

/// `op_statistic`: the operators of a type only.
pub(super) fn statistic(path: &Path, into: &mut Gathered) -> Result<(), Error> {
    let mut table = Table::open(path)?;
    let (op_type, total) = (table.needed(TYPE)?, table.needed(TOTAL)?);
    let count = table.needed(COUNT)?;
    let [core, min, max, device] = [CORE, MIN, MAX, DEVICE].map(|names| table.column(names));
    while table.next()? {
        let Some(time) = table.time(total)? else {
            continue;
        };
        let Some(number) = table.count(Some(count))? else {
            table.leave_out();
            continue;
        };
        let (least, most) = (table.further(min)?, table.further(max)?);
        let key = (String::new(), table.text(Some(op_type)), table.text(core));
        into.ran_on(table.text(device), path)?;
        let place = into.operator(key)?;
        let (least, most) = (least.unwrap_or(0.0), most.unwrap_or(0.0));
        into.operators[place].add_many(number, time, least, most);
    }
    into.leave_out(&table.flaws(), path, true);
    Ok(())
}

/// `task_time`: copies, and operators where no other table told of them. Older versions have a row
/// for all runs of a task.
pub(super) fn tasks(path: &Path, into: &mut Gathered, is_needed: bool) -> Result<(), Error> {
    let mut table = Table::open(path)?;
    let (kind, time) = (table.needed(KERNEL_TYPE)?, table.needed(TASK_TIME)?);
    let [name, count, device] = [KERNEL_NAME, COUNT, DEVICE].map(|names| table.column(names));
    let [least, most] = [TASK_MIN, TASK_MAX].map(|names| table.column(names));
    while table.next()? {
        let kind = table.text(Some(kind));
        let Some(time) = table.time(time)? else {
            continue;
        };
        let number = table.count(count)?.unwrap_or(1);
        if is_copy(&kind) {
            let copies = into.copies(&kind)?;
            copies.count = copies.count.saturating_add(number);
            copies.total += time;
            continue;
        }
        let name = table.text(name);
        if is_needed && !name.is_empty() && computes(&kind) {
            into.ran_on(table.text(device), path)?;
            let least = table.further(least)?.unwrap_or(time);
            let most = table.further(most)?.unwrap_or(time);
            let place = into.operator((name, String::new(), kind))?;
            into.operators[place].add_many(number, time, least, most);
        }
    }
    into.leave_out(&table.flaws(), path, true);
    Ok(())
}

/// Whether tasks of this type copy memory.
pub(super) fn is_copy(kind: &str) -> bool {
    let kind = kind.to_ascii_uppercase();
    COPYING.iter().any(|copying| kind.contains(copying))
}

/// Whether tasks of this type compute, rather than wait or steer.
pub(super) fn computes(kind: &str) -> bool {
    let kind = kind.to_ascii_uppercase();
    !STEERING.iter().any(|other| kind.contains(other))
}

/// `api_statistic`, and `acl_statistic` of older versions.
pub(super) fn calls(path: &Path, into: &mut Gathered) -> Result<(), Error> {
    let mut table = Table::open(path)?;
    let (name, time) = (table.needed(CALL)?, table.needed(CALL_TIME)?);
    let (level, count) = (table.column(LEVEL), table.column(COUNT));
    while table.next()? {
        let Some(time) = table.time(time)? else {
            continue;
        };
        let count = table.count(count)?.unwrap_or(1);
        let call = into.call(table.text(level), table.text(Some(name)))?;
        call.count = call.count.saturating_add(count);
        call.total += time;
    }
    into.leave_out(&table.flaws(), path, true);
    Ok(())
}

/// `step_trace`: how long each iteration was.
pub(super) fn steps(path: &Path, into: &mut Gathered) -> Result<(), Error> {
    let mut table = Table::open(path)?;
    // Tables of other forms have the same name.
    let Some(time) = table.column(ITERATION) else {
        return Ok(());
    };
    while table.next()? {
        if let Some(time) = table.time(time)?
            && into.iterations.len() < MOST_KEPT
        {
            into.iterations.push(time);
        }
    }
    // An iteration that did not end has no time.
    into.leave_out(&table.flaws().without_untimed(), path, true);
    Ok(())
}
