//! The rules, in the order in which their advice is to be followed.

use ascend_graph::Words;

use super::{Rule, Step, seen};

pub(super) const RULES: [Rule; 17] = [
    Rule {
        id: "first-run",
        step: Step::Measuring,
        seen: seen::first_run,
        advice: Words(
            "the first run compiles, allocates and fills caches, and later ones do not: leave it out when you \
                 measure, and keep the process alive, so that it is paid once",
        ),
        command: "ascend bench MODEL --warmup-count 3 --loop 100",
    },
    Rule {
        id: "conversion-dominates",
        step: Step::Measuring,
        seen: seen::conversion,
        advice: Words(
            "the model was converted for this profile: keep the .om, and the time is paid once",
        ),
        command: "ascend convert MODEL.onnx MODEL.om --soc SOC",
    },
    Rule {
        id: "transfers",
        step: Step::DataPath,
        seen: seen::transfers,
        advice: Words(
            "let copies overlap with the computation of other runs, hand pictures over as bytes that the \
                 device preprocesses (AIPP: a quarter of the bytes of f32), and leave on the device what only the \
                 next model needs",
        ),
        command: "ascend bench MODEL --pipeline",
    },
    Rule {
        id: "host",
        step: Step::DataPath,
        seen: seen::host,
        advice: Words(
            "the host keeps the device waiting: write inputs straight into the session's pinned memory \
                 (Session::input_mut, run_staged), and use a pool so that several runs are under way",
        ),
        command: "ascend bench MODEL --pipeline",
    },
    Rule {
        id: "blocking-copies",
        step: Step::DataPath,
        seen: seen::blocking_copies,
        advice: Words(
            "copy on a stream (aclrtMemcpyAsync) from pinned memory (aclrtMallocHost), so that the host does \
                 not wait for each copy; Session does both",
        ),
        command: "",
    },
    Rule {
        id: "slow-copies",
        step: Step::DataPath,
        seen: seen::slow_copies,
        advice: Words(
            "the rate is that of memory which is not pinned: allocate host buffers with aclrtMallocHost \
                 (PinnedBuffer), once, and reuse them",
        ),
        command: "",
    },
    Rule {
        id: "allocations",
        step: Step::DataPath,
        seen: seen::allocations,
        advice: Words(
            "memory is allocated while it runs, which stops the device each time: allocate before the loop and \
                 reuse it; Session does",
        ),
        command: "",
    },
    Rule {
        id: "gaps",
        step: Step::Gears,
        seen: seen::gaps,
        advice: Words(
            "the device waits between operators: give the model fixed shapes or gears, so that its work is \
                 queued at once, and a larger batch, so that operators are longer",
        ),
        command: "ascend convert MODEL.onnx MODEL.om --soc SOC --input-shape 'INPUT:-1,3,224,224' --dynamic-batch-size 1,4,8",
    },
    Rule {
        id: "dynamic-shapes",
        step: Step::Gears,
        seen: seen::dynamic,
        advice: Words(
            "operators of unknown shapes are prepared by the host at each run: give the shapes that occur as \
                 gears, and pad to the next one",
        ),
        command: "ascend convert MODEL.onnx MODEL.om --soc SOC --input-shape 'INPUT:-1,3,224,224' --dynamic-batch-size 1,4,8",
    },
    Rule {
        id: "small-batch",
        step: Step::Gears,
        seen: seen::small_batch,
        advice: Words(
            "a run this short leaves the cores idle while it starts: put several samples into a run, with a \
                 model that has batches as gears; a Pool joins requests by itself",
        ),
        command: "ascend bench MODEL.om --dym-batch 8",
    },
    Rule {
        id: "fp32-matrices",
        step: Step::Precision,
        seen: seen::fp32,
        advice: Words(
            "matrix operators compute in f32, for which the chip is several times slower than for f16: convert \
                 with mixed precision, and let compare name the few nodes that have to stay f32",
        ),
        command: "ascend convert MODEL.onnx MODEL.om --soc SOC --precision-mode-v2 mixed_float16",
    },
    Rule {
        id: "casts",
        step: Step::Precision,
        seen: seen::casts,
        advice: Words(
            "the model changes between precisions: make its inputs f16 (atc --input_fp16_nodes), and keep whole \
                 blocks in one precision rather than single nodes",
        ),
        command: "",
    },
    Rule {
        id: "aicpu",
        step: Step::Operators,
        seen: seen::aicpu,
        advice: Words(
            "the device's CPUs are tens of times slower than its cores: i64 is the usual reason (use i32 for \
                 indices), else an operator that the cores lack: replace it in the ONNX file",
        ),
        command: "ascend check MODEL.onnx --soc SOC",
    },
    Rule {
        id: "layout",
        step: Step::Operators,
        seen: seen::layout,
        advice: Words(
            "data is brought from one layout to another: keep operators of the same layout together, take \
                 Transpose and Reshape between convolutions out of the graph, and let outputs stay in the \
                 layout of the device",
        ),
        command: "ascend convert MODEL.onnx SIMPLE.onnx --simplify",
    },
    Rule {
        id: "one-core",
        step: Step::Operators,
        seen: seen::one_core,
        advice: Words(
            "these operators use one core of many: their shapes are too small or do not divide; a larger batch \
                 or a multiple of 16 in the last dimension spreads them",
        ),
        command: "",
    },
    Rule {
        id: "hot-operator",
        step: Step::Operators,
        seen: seen::hot,
        advice: Words(
            "look at this one first: its shapes (multiples of 16), its precision, or tune it with CANN's AOE",
        ),
        command: "",
    },
    Rule {
        id: "moving",
        step: Step::Copies,
        seen: seen::moving,
        advice: Words(
            "operators that only move data take this part: join what is split and joined again, take slices \
                 before they are computed, and simplify the graph",
        ),
        command: "ascend convert MODEL.onnx SIMPLE.onnx --simplify",
    },
];
