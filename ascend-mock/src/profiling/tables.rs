//! The tables of a session, in the shape in which `msprof` exports its own, with those columns that the
//! CPU device can fill.

use std::collections::BTreeMap;
use std::fmt::Write;

use ascend_graph::DataType;
use serde_json::{Value, json};

use super::operator::{OperatorTime, Place};

/// The cores that operators run on: those of the host, which is none of the chip's own kinds.
const CORES: &str = "HOST_CPU";

const SUMMARY: [&str; 17] = [
    "Device_id",
    "Model ID",
    "Task ID",
    "Stream ID",
    "Op Name",
    "OP Type",
    "OP State",
    "Task Type",
    "Task Start Time(us)",
    "Task Duration(us)",
    "Task Wait Time(us)",
    "Input Shapes",
    "Input Data Types",
    "Input Formats",
    "Output Shapes",
    "Output Data Types",
    "Output Formats",
];

const STATISTIC: [&str; 9] = [
    "Device_id",
    "OP Type",
    "Core Type",
    "Count",
    "Total Time(us)",
    "Min Time(us)",
    "Avg Time(us)",
    "Max Time(us)",
    "Ratio(%)",
];

/// A run of an operator, and where it was.
pub(super) type Run = (Place, OperatorTime);

/// One line for each run of an operator, in the order of their starts.
pub(super) fn summary(runs: &[Run]) -> String {
    let mut table = header(&SUMMARY);
    let mut ends: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    for (place, run) in runs {
        let end = ends.insert((place.device, place.stream), run.end());
        let wait = end.map_or(0, |end| run.start.saturating_sub(end));
        let state = if place.is_dynamic {
            "dynamic"
        } else {
            "static"
        };
        line(
            &mut table,
            &[
                place.device.to_string(),
                place.model.to_string(),
                run.task.to_string(),
                place.stream.to_string(),
                run.name.clone(),
                run.op_type.clone(),
                state.to_owned(),
                CORES.to_owned(),
                micros(run.start),
                micros(run.duration),
                micros(wait),
                shapes(&run.inputs),
                types(&run.inputs),
                formats(&run.inputs),
                shapes(&run.outputs),
                types(&run.outputs),
                formats(&run.outputs),
            ],
        );
    }
    table
}

#[derive(Default)]
struct Sum {
    count: u64,
    total: u64,
    least: u64,
    most: u64,
}

/// One line for each type of operator on each device, the longest first.
pub(super) fn statistic(runs: &[Run]) -> String {
    let mut sums: BTreeMap<(u32, &str), Sum> = BTreeMap::new();
    let mut totals: BTreeMap<u32, u64> = BTreeMap::new();
    for (place, run) in runs {
        let sum = sums.entry((place.device, &run.op_type)).or_default();
        sum.least = if sum.count == 0 {
            run.duration
        } else {
            sum.least.min(run.duration)
        };
        sum.most = sum.most.max(run.duration);
        sum.total = sum.total.saturating_add(run.duration);
        sum.count += 1;
        let total = totals.entry(place.device).or_default();
        *total = total.saturating_add(run.duration);
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|((device, _), sum)| (*device, u64::MAX - sum.total));
    let mut table = header(&STATISTIC);
    for ((device, op_type), sum) in sums {
        let total = totals.get(&device).copied().unwrap_or(0).max(1);
        // In thousandths of a percent.
        let ratio = u128::from(sum.total) * 100_000 / u128::from(total);
        line(
            &mut table,
            &[
                device.to_string(),
                op_type.to_owned(),
                CORES.to_owned(),
                sum.count.to_string(),
                micros(sum.total),
                micros(sum.least),
                micros(sum.total / sum.count),
                micros(sum.most),
                format!("{}.{:03}", ratio / 1_000, ratio % 1_000),
            ],
        );
    }
    table
}

/// The runs as trace events: a process for each device, and a line for each stream.
pub(super) fn trace(runs: &[Run]) -> Value {
    let mut events = Vec::new();
    let mut named = BTreeMap::new();
    for (place, _) in runs {
        let streams: &mut Vec<u32> = named.entry(place.device).or_default();
        if !streams.contains(&place.stream) {
            streams.push(place.stream);
        }
    }
    let meta = |name: &str, device: u32, stream: u32, args: Value| {
        json!({
            "name": name, "ph": "M", "pid": device, "tid": stream, "args": args,
        })
    };
    for (&device, streams) in &named {
        events.push(meta(
            "process_name",
            device,
            0,
            json!({"name": "Ascend Hardware"}),
        ));
        events.push(meta(
            "process_labels",
            device,
            0,
            json!({"labels": format!("CPU device {device}")}),
        ));
        events.push(meta(
            "process_sort_index",
            device,
            0,
            json!({"sort_index": device}),
        ));
        for &stream in streams {
            let name = json!({"name": format!("Stream {stream}")});
            events.push(meta("thread_name", device, stream, name));
        }
    }
    events.extend(runs.iter().map(|(place, run)| {
        json!({
            "name": run.name, "ph": "X", "pid": place.device, "tid": place.stream,
            "ts": micros(run.start), "dur": number(run.duration),
            "args": {
                "Model Id": place.model, "Task Type": CORES, "Stream Id": place.stream,
                "Task Id": run.task, "OP Type": run.op_type,
            },
        })
    }));
    events.into()
}

fn header(columns: &[&str]) -> String {
    columns.join(",") + "\n"
}

/// Adds a line; a field with commas, quotes or ends of lines is quoted.
fn line(table: &mut String, fields: &[String]) {
    for (place, field) in fields.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        let field = if field.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field.clone()
        };
        // Writing to a text cannot fail.
        let _ = write!(table, "{comma}{field}");
    }
    table.push('\n');
}

fn micros(nanos: u64) -> String {
    format!("{}.{:03}", nanos / 1_000, nanos % 1_000)
}

/// Microseconds as JSON has them.
fn number(nanos: u64) -> Value {
    micros(nanos)
        .parse::<f64>()
        .map_or(Value::Null, Value::from)
}

/// Shapes stand in quotes, which belong to the text.
fn shapes(tensors: &[(DataType, Vec<usize>)]) -> String {
    let shapes = tensors.iter().map(|(_, dims)| {
        let dims = dims.iter().map(ToString::to_string);
        dims.collect::<Vec<_>>().join(",")
    });
    format!("\"{}\"", shapes.collect::<Vec<_>>().join(";"))
}

fn types(tensors: &[(DataType, Vec<usize>)]) -> String {
    let types = tensors.iter().map(|(dtype, _)| {
        let name = dtype.ge_name();
        name.unwrap_or_else(|| dtype.name().to_ascii_uppercase())
    });
    types.collect::<Vec<_>>().join(";")
}

fn formats(tensors: &[(DataType, Vec<usize>)]) -> String {
    vec!["ND"; tensors.len()].join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs() -> Vec<Run> {
        let run = |name: &str, op_type: &str, device, start, duration| {
            let place = Place {
                device,
                stream: 2,
                model: 5,
                is_dynamic: false,
            };
            let run = OperatorTime {
                name: name.to_owned(),
                op_type: op_type.to_owned(),
                task: 1,
                start,
                duration,
                inputs: vec![(DataType::F32, vec![1, 3]), (DataType::I32, vec![])],
                outputs: vec![(DataType::F16, vec![4])],
            };
            (place, run)
        };
        vec![
            run("a,\"b\"", "Conv", 0, 1_000, 3_001),
            run("c", "Relu", 0, 5_001, 1_000),
            run("d", "Conv", 0, 7_000, 4_000),
            run("e", "Conv", 1, 8_000, 1_000),
        ]
    }

    #[test]
    fn the_summary_has_a_line_for_each_run() {
        let table = summary(&runs());
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(
            lines[1],
            "0,5,1,2,\"a,\"\"b\"\"\",Conv,static,HOST_CPU,1.000,3.001,0.000,\"\"\"1,3;\"\"\",FLOAT;INT32,ND;ND,\
             \"\"\"4\"\"\",FLOAT16,ND"
        );
        assert!(lines[2].contains(",5.001,1.000,1.000,"), "{}", lines[2]);
        assert!(lines[4].contains(",8.000,1.000,0.000,"), "{}", lines[4]);
    }

    #[test]
    fn the_statistic_sums_types_up() {
        let table = statistic(&runs());
        let lines: Vec<&str> = table.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "0,Conv,HOST_CPU,2,7.001,3.001,3.500,4.000,87.501",
                "0,Relu,HOST_CPU,1,1.000,1.000,1.000,1.000,12.498",
                "1,Conv,HOST_CPU,1,1.000,1.000,1.000,1.000,100.000",
            ]
        );
    }

    #[test]
    fn the_trace_names_devices_and_streams() {
        let trace = trace(&runs());
        let events = trace.as_array().expect("a list");
        let of = |kind: &str| events.iter().filter(|event| event["ph"] == kind).count();
        assert_eq!((of("M"), of("X")), (8, 4));
        let event = events.iter().find(|event| event["name"] == "c").expect("c");
        assert_eq!(
            (&event["ts"], &event["dur"]),
            (&json!("5.001"), &json!(1.0))
        );
    }
}
