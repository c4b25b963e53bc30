//! In what precision the result computes.

use super::arguments::Arguments;

/// What `atc` does unless it is told, for someone who has told nothing.
pub(super) fn note(arguments: &Arguments) -> Option<String> {
    let chosen = [
        "precision_mode",
        "precision_mode_v2",
        "op_select_implmode",
        "op_precision_mode",
    ];
    if chosen.iter().any(|option| arguments.get(option).is_some()) {
        return None;
    }
    Some(
        "precision: unless told otherwise atc computes in float16 (precision_mode force_fp16) and \
         takes the fast kernels (op_select_implmode high_performance), while PyTorch's adapter \
         for Ascend trains and exports with high_precision. To come closer to the original, \
         choose the kernels with --op-select-implmode high_precision (for some operators with \
         --optypelist-for-implmode Gelu,Sigmoid or a file of --op-precision-mode), and the types \
         with --precision-mode allow_mix_precision or must_keep_origin_dtype, or with \
         --precision-mode-v2 mixed_float16 or origin"
            .to_owned(),
    )
}
