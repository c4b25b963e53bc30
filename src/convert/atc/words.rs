//! The words that options of `atc` take.

use std::str::FromStr;

use ascend_graph::atc::near;

use crate::error::{Error, ErrorKind, Result};

/// An option's values as an enum, by the words that `atc` has for them.
macro_rules! words {
    (
        $(#[$doc:meta])*
        $name:ident of $option:literal { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// The word that `atc` has for it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(unknown_word($option, text, &[$($word),+])),
                }
            }
        }
    };
}

words! {
    /// The layout of the model's inputs.
    InputFormat of "input_format" {
        /// Pictures: batch, channels, height, width.
        Nchw = "NCHW",
        /// Any other layout.
        Nd = "ND",
        /// Videos: batch, channels, depth, height, width.
        Ncdhw = "NCDHW",
    }
}

words! {
    /// In which element types the network computes.
    PrecisionMode of "precision_mode" {
        /// float16 wherever an operator has it; the default of `atc`.
        ForceFp16 = "force_fp16",
        /// float32 wherever an operator has it.
        ForceFp32 = "force_fp32",
        /// float16 in and float32 out for convolutions and matrix products.
        CubeFp16InFp32Out = "cube_fp16in_fp32out",
        /// float16 where it keeps the precision, float32 elsewhere.
        AllowMixPrecision = "allow_mix_precision",
        /// The same under its longer name.
        AllowMixPrecisionFp16 = "allow_mix_precision_fp16",
        /// bfloat16 where it keeps the precision, float32 elsewhere.
        AllowMixPrecisionBf16 = "allow_mix_precision_bf16",
        /// float32, and float16 where an operator has no float32.
        AllowFp32ToFp16 = "allow_fp32_to_fp16",
        /// float32, and bfloat16 where an operator has no float32.
        AllowFp32ToBf16 = "allow_fp32_to_bf16",
        /// The model's own types.
        MustKeepOriginDtype = "must_keep_origin_dtype",
    }
}

words! {
    /// In which element types the network computes, in the newer words.
    PrecisionModeV2 of "precision_mode_v2" {
        /// float16 wherever an operator has it; the default of `atc`.
        Fp16 = "fp16",
        /// The model's own types.
        Origin = "origin",
        /// float16 in and float32 out for convolutions and matrix products.
        CubeFp16InFp32Out = "cube_fp16in_fp32out",
        /// float16 where it keeps the precision, float32 elsewhere.
        MixedFloat16 = "mixed_float16",
        /// bfloat16 where it keeps the precision, float32 elsewhere.
        MixedBfloat16 = "mixed_bfloat16",
        /// Eight-bit floats where they keep the precision.
        MixedHif8 = "mixed_hif8",
        /// Eight-bit floats in convolutions and matrix products.
        CubeHif8 = "cube_hif8",
    }
}

words! {
    /// Which of an operator's kernels is taken where there are several.
    ImplMode of "op_select_implmode" {
        /// The fast one; the default of `atc`.
        HighPerformance = "high_performance",
        /// The precise one.
        HighPrecision = "high_precision",
        /// The fast one for all operators.
        HighPerformanceForAll = "high_performance_for_all",
        /// The precise one for all operators.
        HighPrecisionForAll = "high_precision_for_all",
        /// float32 arithmetic within kernels.
        EnableFloat32Execution = "enable_float_32_execution",
        /// float32 arithmetic of high precision within kernels.
        EnableHiFloat32Execution = "enable_hi_float_32_execution",
    }
}

words! {
    /// What is done about on-chip buffers.
    BufferOptimize of "buffer_optimize" {
        /// They are used; the default of `atc`.
        L2Optimize = "l2_optimize",
        /// They are used, the innermost too.
        L1Optimize = "l1_optimize",
        /// They are not used.
        OffOptimize = "off_optimize",
    }
}

words! {
    /// What `atc` writes to its log.
    LogLevel of "log" {
        /// Everything.
        Debug = "debug",
        /// What happens.
        Info = "info",
        /// What may be wrong.
        Warning = "warning",
        /// What is wrong.
        Error = "error",
        /// Nothing; the default of `atc`.
        Null = "null",
    }
}

words! {
    /// The element type of an output.
    OutputType of "output_type" {
        /// 32-bit floats.
        Fp32 = "FP32",
        /// 16-bit floats.
        Fp16 = "FP16",
        /// Unsigned bytes.
        Uint8 = "UINT8",
        /// Signed bytes.
        Int8 = "INT8",
        /// Eight-bit floats of Huawei's.
        Hif8 = "HIF8",
        /// Eight-bit floats with five bits of exponent.
        Fp8E5M2 = "FP8E5M2",
        /// Eight-bit floats with four bits of exponent.
        Fp8E4M3Fn = "FP8E4M3FN",
    }
}

/// Checks the value of an option whose words are known; values of others pass.
pub(super) fn check(option: &str, value: &str) -> Result<()> {
    match option {
        "input_format" => value.parse::<InputFormat>().map(drop),
        "precision_mode" => value.parse::<PrecisionMode>().map(drop),
        "precision_mode_v2" => value.parse::<PrecisionModeV2>().map(drop),
        "op_select_implmode" => value.parse::<ImplMode>().map(drop),
        "buffer_optimize" => value.parse::<BufferOptimize>().map(drop),
        "log" => value.parse::<LogLevel>().map(drop),
        _ => Ok(()),
    }
}

fn unknown_word(option: &str, text: &str, words: &[&str]) -> Error {
    let code = if option == "log" { "E10010" } else { "E10001" };
    let guess = near(text, words.iter().copied());
    let guess = guess
        .first()
        .map_or(String::new(), |word| format!("did you mean {word}? "));
    let message = format!(
        "the value {text:?} of --{} is not possible: {guess}choose {} ({code})",
        option.replace('_', "-"),
        words.join(", ")
    );
    Error::new(ErrorKind::InvalidArgument, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_or_guessed() {
        assert_eq!(
            "high_precision".parse::<ImplMode>().unwrap(),
            ImplMode::HighPrecision
        );
        for (option, value, expected) in [
            (
                "op_select_implmode",
                "high_preformance",
                "did you mean high_performance?",
            ),
            ("input_format", "nchw", "did you mean NCHW?"),
            ("input_format", "NHWC", "choose NCHW, ND, NCDHW (E10001)"),
            ("precision_mode", "fp16", "choose force_fp16"),
            (
                "log",
                "warn",
                "choose debug, info, warning, error, null (E10010)",
            ),
        ] {
            let error = check(option, value).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        check("unknown", "anything").unwrap();
    }
}
