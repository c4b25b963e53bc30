//! What the three commands are for.

use crate::help::Example;

pub(crate) const RUN_EXAMPLES: &[Example] = &[
    Example::new(
        "one file in, outputs as .npy files by their names",
        "ascend run net.om --input image.npy --output out",
    ),
    Example::new(
        "many files, the outputs of each in one .npz",
        "ascend run net.om --input 'images/*.npy' --output out --outfmt npz",
    ),
    Example::new(
        "from a pipe",
        "cat image.npy | ascend run net.om --input - --output out",
    ),
];

pub(crate) const EXAMPLES: &[Example] = &[
    Example::new(
        "generated inputs, the times and throughput of a hundred runs",
        "ascend bench net.om --loop 100",
    ),
    Example::new(
        "the command line of a README for ais_bench",
        "ascend bench --model net.om --input images --output out \\\n    --output_dirname bin --outfmt BIN --batchsize 1",
    ),
    Example::new(
        "for two seconds with two sessions, the report as a page",
        "ascend bench net.om --duration 2s --threads 2 --html report.html",
    ),
    Example::on_npu(
        "all files shared by two NPUs",
        "ascend bench net.om --input images --divide-input --device npu:0,1",
    ),
];

pub(crate) const MSAME_EXAMPLES: &[Example] = &[Example::new(
    "one file, the outputs as text",
    "ascend msame --model net.om --input image.bin --output out --outfmt TXT",
)];
