//! The arguments that `atc` is started with.

use std::path::{Path, absolute};

use ascend_graph::atc::near;

use super::options::{AtcOptions, OutputTypes};
use super::words::{self, BufferOptimize, ImplMode, LogLevel, PrecisionMode, PrecisionModeV2};
use crate::convert::{Gears, Options, WeightFiles};
use crate::error::{Error, ErrorKind, Result};

/// `--framework` for ONNX.
const ONNX: &str = "5";

/// Options that this crate sets, with what says the same to it.
const OWN: [(&str, &str); 10] = [
    ("model", "the source file"),
    ("framework", "the source file, which is ONNX or becomes it"),
    ("output", "the destination file"),
    ("soc_version", "--soc"),
    ("input_shape", "--input-shape"),
    ("dynamic_batch_size", "--dynamic-batch-size"),
    ("dynamic_image_size", "--dynamic-image-size"),
    ("dynamic_dims", "--dynamic-dims"),
    ("insert_op_conf", "--insert-op-conf"),
    ("external_weight", "--external-weight"),
];

/// Options for work that is no conversion of an ONNX file.
const OTHER_WORK: [&str; 7] = [
    "mode",
    "om",
    "json",
    "dump_mode",
    "weight",
    "singleop",
    "check_report",
];

/// Options whose value is a file to read.
const FILES: [&str; 12] = [
    "build_config",
    "cluster_config",
    "compress_weight_conf",
    "compression_optimize_conf",
    "customize_dtypes",
    "fusion_switch_file",
    "keep_dtype",
    "modify_mixlist",
    "op_debug_config",
    "op_name_map",
    "op_precision_mode",
    "raw_ge_options",
];

/// Options whose value is a folder.
const FOLDERS: [&str; 4] = [
    "debug_dir",
    "mdl_bank_path",
    "op_bank_path",
    "op_compiler_cache_dir",
];

/// Further options of `atc`.
const FURTHER: [&str; 43] = [
    "ac_parallel_enable",
    "aicore_num",
    "atomic_clean_policy",
    "auto_tune_mode",
    "buffer_optimize",
    "core_type",
    "deterministic",
    "deterministic_level",
    "disable_reuse_memory",
    "display_model_info",
    "enable_attr_compression",
    "enable_compress_weight",
    "enable_single_stream",
    "enable_small_channel",
    "h2d_overlapped_with_compute",
    "host_env_cpu",
    "host_env_os",
    "input_format",
    "input_fp16_nodes",
    "input_hint_shape",
    "input_shape_range",
    "is_input_adjust_hw_layout",
    "is_output_adjust_hw_layout",
    "is_weight_clip",
    "jit_compile",
    "log",
    "oo_level",
    "op_compiler_cache_mode",
    "op_debug_level",
    "op_select_implmode",
    "optimization_switch",
    "optypelist_for_implmode",
    "out_nodes",
    "output_type",
    "precision_mode",
    "precision_mode_v2",
    "quant_dumpable",
    "save_original_model",
    "shape_generalized_build_mode",
    "sparsity",
    "static_model_ops_lower_limit",
    "status_check",
    "tiling_schedule_optimize",
];

/// The files that `atc` works on, beside those that options name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Files<'p> {
    /// The ONNX file.
    pub(super) model: &'p Path,
    /// The `.om`, without its extension.
    pub(super) output: &'p Path,
    /// The configuration of preprocessing, where there is one.
    pub(super) aipp: Option<&'p Path>,
}

/// Names without dashes, each with its value, in the order in which they are given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    items: Vec<(String, String)>,
    /// What is to be told about them.
    pub(super) notes: Vec<String>,
}

impl Arguments {
    /// All arguments for the chip `soc`; their rules are checked by [`super::rules`].
    pub(super) fn new(options: &Options, soc: &str, files: Files<'_>) -> Result<Self> {
        let mut arguments = Self::default();
        arguments.push("model", path_text("model", files.model)?);
        arguments.push("framework", ONNX);
        arguments.push("output", path_text("output", files.output)?);
        arguments.push("soc_version", soc);
        arguments.push_shapes(options);
        if let Some(aipp) = files.aipp {
            arguments.push("insert_op_conf", path_text("insert_op_conf", aipp)?);
        }
        match options.weight_files {
            WeightFiles::None => {}
            WeightFiles::Each => arguments.push("external_weight", "1"),
            WeightFiles::One => arguments.push("external_weight", "2"),
        }
        arguments.push_options(&options.atc)?;
        for option in &options.atc.extra {
            arguments.push_extra(option)?;
        }
        Ok(arguments)
    }

    fn push(&mut self, name: &str, value: impl Into<String>) {
        self.items.push((name.to_owned(), value.into()));
    }

    fn push_list(&mut self, name: &str, items: &[String], separator: &str) {
        if !items.is_empty() {
            self.push(name, items.join(separator));
        }
    }

    fn push_shapes(&mut self, options: &Options) {
        if let Some(format) = options.atc.input_format {
            self.push("input_format", format.name());
        } else if matches!(options.gears, Gears::Dims(_)) {
            self.push("input_format", "ND");
        }
        let shapes: Vec<_> = options
            .input_shapes
            .iter()
            .map(ToString::to_string)
            .collect();
        self.push_list("input_shape", &shapes, ";");
        let gears = match options.gears {
            Gears::None => return,
            Gears::Batch(_) => "dynamic_batch_size",
            Gears::Image(_) => "dynamic_image_size",
            Gears::Dims(_) => "dynamic_dims",
        };
        self.push(gears, options.gears.to_string());
    }

    fn push_options(&mut self, options: &AtcOptions) -> Result<()> {
        if let Some(range) = &options.input_shape_range {
            self.push("input_shape_range", range);
        }
        self.push_list("out_nodes", &options.out_nodes, ";");
        match &options.output_type {
            OutputTypes::Own => {}
            OutputTypes::All(output_type) => self.push("output_type", output_type.name()),
            OutputTypes::Each(types) => {
                let items = types.iter().map(|(node, of)| format!("{node}:{of}"));
                self.push_list("output_type", &items.collect::<Vec<_>>(), ";");
            }
        }
        self.push_list("input_fp16_nodes", &options.input_fp16_nodes, ";");
        let words = [
            (
                "precision_mode",
                options.precision_mode.map(PrecisionMode::name),
            ),
            (
                "precision_mode_v2",
                options.precision_mode_v2.map(PrecisionModeV2::name),
            ),
            (
                "op_select_implmode",
                options.op_select_implmode.map(ImplMode::name),
            ),
            (
                "buffer_optimize",
                options.buffer_optimize.map(BufferOptimize::name),
            ),
            ("log", options.log.map(LogLevel::name)),
        ];
        for (name, word) in words {
            if let Some(word) = word {
                self.push(name, word);
            }
        }
        self.push_list(
            "optypelist_for_implmode",
            &options.optypelist_for_implmode,
            ",",
        );
        let files = [
            ("op_precision_mode", &options.op_precision_mode),
            ("modify_mixlist", &options.modify_mixlist),
            ("keep_dtype", &options.keep_dtype),
            ("customize_dtypes", &options.customize_dtypes),
            ("fusion_switch_file", &options.fusion_switch_file),
        ];
        for (name, file) in files {
            if let Some(file) = file {
                self.push(name, path_text(name, file)?);
            }
        }
        if let Some(enable) = options.enable_small_channel {
            self.push("enable_small_channel", if enable { "1" } else { "0" });
        }
        Ok(())
    }

    /// Adds an option as `atc` takes it.
    fn push_extra(&mut self, option: &str) -> Result<()> {
        let refused = |why: String| {
            let message = format!("the option {option:?} cannot be passed to atc: {why}");
            Err(Error::new(ErrorKind::InvalidArgument, message))
        };
        let Some((name, value)) = option.trim_start_matches('-').split_once('=') else {
            return refused("write --name=value".to_owned());
        };
        let name = name.replace('-', "_");
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(is_name) || value.contains('\0') {
            return refused("write --name=value".to_owned());
        }
        if let Some((_, ours)) = OWN.iter().find(|(own, _)| *own == name) {
            return refused(format!("{ours} says that"));
        }
        if OTHER_WORK.contains(&&*name) {
            return refused("it is for other work than converting an ONNX file".to_owned());
        }
        if self.get(&name).is_some() {
            return refused("it is given twice".to_owned());
        }
        let known: Vec<&str> = OWN.iter().map(|(own, _)| *own).chain(all_known()).collect();
        if !known.contains(&&*name) {
            // getopt takes the beginning of a name for the whole
            let guess = near(&name, known.iter().copied());
            let guess = guess
                .first()
                .map_or(String::new(), |known| format!("; is --{known} meant?"));
            self.notes.push(format!(
                "--{name} is passed on, though it is not known here{guess}"
            ));
        }
        words::check(&name, value)?;
        let value = if FILES.contains(&&*name) || FOLDERS.contains(&&*name) {
            path_text(&name, Path::new(value))?
        } else {
            value.to_owned()
        };
        self.push(&name, value);
        Ok(())
    }

    /// The value of the option `name`.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.items.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Names and values.
    pub(super) fn items(&self) -> impl Iterator<Item = (&str, &str)> {
        self.items.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The files that options name.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &Path)> {
        let files = self.items().filter(|(name, _)| FILES.contains(name));
        files.map(|(name, value)| (name, Path::new(value)))
    }

    /// The words that `atc` is started with.
    pub(super) fn to_words(&self) -> Vec<String> {
        self.items()
            .map(|(name, value)| format!("--{name}={value}"))
            .collect()
    }
}

fn all_known() -> impl Iterator<Item = &'static str> {
    FILES.into_iter().chain(FOLDERS).chain(FURTHER)
}

/// The path from the root, as `atc` works in another folder.
fn path_text(option: &str, path: &Path) -> Result<String> {
    let refused = |why: &str| {
        let message = format!(
            "the path {} of --{option} cannot be given to atc: {why}",
            path.display()
        );
        Err(Error::new(ErrorKind::InvalidArgument, message))
    };
    let Ok(whole) = absolute(path) else {
        return refused("it is empty");
    };
    match whole.to_str() {
        Some(text) if is_accepted(text) => Ok(text.to_owned()),
        _ => refused(
            "only letters, digits and the signs _-. are possible in paths of up to 4096 bytes: \
             rename it, or work in another folder",
        ),
    }
}

/// Tells whether `atc` takes the path.
pub(super) fn is_accepted(path: &str) -> bool {
    const MOST_BYTES: usize = 4096;
    let is_accepted = |c: char| {
        let is_chinese = matches!(c, '\u{4e00}'..='\u{9fa5}');
        c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '.') || is_chinese
    };
    path.len() <= MOST_BYTES && path.chars().all(is_accepted)
}
