//! What each table of `msprof` tells.

use std::path::Path;

use ascend_rt::Error;

use super::table::{Names, Table};
use super::{Gathered, MOST_KEPT};

// What columns are called by `msprof` of CANN 5 to 9, and by the profiler of PyTorch for Ascend.
const NAME: Names = &["Op Name", "Name"];
const TYPE: Names = &["OP Type", "Op Type", "Type"];
const CORE: Names = &["Task Type", "Accelerator Core", "Core Type"];
const DURATION: Names = &["Task Duration(us)", "Duration(us)", "Task Duration"];
const WAIT: Names = &["Task Wait Time(us)", "Wait Time(us)", "Task Wait Time"];
const BLOCKS: Names = &["Block Num", "Block Dim"];
const STATE: Names = &["OP State", "Op State"];
const MODEL: Names = &["Model Name"];
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
const CALL: Names = &["API Name", "Name"];
const LEVEL: Names = &["Level", "Type"];
const CALL_TIME: Names = &["Time(us)", "Time", "Total Time(us)"];
const ITERATION: Names = &["Iteration Time(us)", "Iteration Time"];

/// Shapes and types longer than this many bytes are cut.
const MOST_SHAPES: usize = 1024;

/// Types of tasks that copy memory.
const COPYING: [&str; 4] = ["MEMCPY", "SDMA", "PCIE_DMA", "MEMCOPY"];

/// `op_summary`, and PyTorch's `kernel_details`.
pub(super) fn summary(path: &Path, into: &mut Gathered) -> Result<(), Error> {
    let mut table = Table::open(path)?;
    let (name, duration) = (table.needed(NAME)?, table.needed(DURATION)?);
    let [op_type, core, wait] = [TYPE, CORE, WAIT].map(|names| table.column(names));
    let [blocks, state, model] = [BLOCKS, STATE, MODEL].map(|names| table.column(names));
    let tensors = [INPUT_SHAPES, INPUT_TYPES, OUTPUT_SHAPES, OUTPUT_TYPES];
    let tensors = tensors.map(|names| table.column(names));
    while table.next()? {
        let Some(time) = table.time(Some(duration))? else {
            into.skipped += 1;
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
        operator.wait += table.time(wait)?.unwrap_or(0.0);
        operator.add(time);
    }
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
    let [core, min, max] = [CORE, MIN, MAX].map(|names| table.column(names));
    while table.next()? {
        let (Some(time), Some(number)) = (table.time(Some(total))?, table.count(Some(count))?)
        else {
            into.skipped += 1;
            continue;
        };
        let (least, most) = (table.time(min)?, table.time(max)?);
        let key = (String::new(), table.text(Some(op_type)), table.text(core));
        let place = into.operator(key)?;
        let (least, most) = (least.unwrap_or(0.0), most.unwrap_or(0.0));
        into.operators[place].add_many(number, time, least, most);
    }
    Ok(())
}

/// `task_time`: copies, and operators where no other table told of them.
pub(super) fn tasks(path: &Path, into: &mut Gathered, is_needed: bool) -> Result<(), Error> {
    let mut table = Table::open(path)?;
    let (kind, time) = (table.needed(KERNEL_TYPE)?, table.needed(TASK_TIME)?);
    let name = table.column(KERNEL_NAME);
    while table.next()? {
        let kind = table.text(Some(kind));
        let Some(time) = table.time(Some(time))? else {
            into.skipped += 1;
            continue;
        };
        if is_copy(&kind) {
            let copies = into.copies(&kind)?;
            copies.count = copies.count.saturating_add(1);
            copies.total += time;
            continue;
        }
        let name = table.text(name);
        if is_needed && !name.is_empty() {
            let place = into.operator((name, String::new(), kind))?;
            into.operators[place].add(time);
        }
    }
    Ok(())
}

pub(super) fn is_copy(kind: &str) -> bool {
    let kind = kind.to_ascii_uppercase();
    COPYING.iter().any(|copying| kind.contains(copying))
}

/// `api_statistic`, and `acl_statistic` of older versions.
pub(super) fn calls(path: &Path, into: &mut Gathered) -> Result<(), Error> {
    let mut table = Table::open(path)?;
    let (name, time) = (table.needed(CALL)?, table.needed(CALL_TIME)?);
    let (level, count) = (table.column(LEVEL), table.column(COUNT));
    while table.next()? {
        let Some(time) = table.time(Some(time))? else {
            into.skipped += 1;
            continue;
        };
        let count = table.count(count)?.unwrap_or(1);
        let call = into.call(table.text(level), table.text(Some(name)))?;
        call.count = call.count.saturating_add(count);
        call.total += time;
    }
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
        if let Some(time) = table.time(Some(time))?
            && into.iterations.len() < MOST_KEPT
        {
            into.iterations.push(time);
        }
    }
    Ok(())
}
