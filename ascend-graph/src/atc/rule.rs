//! The table of everything that is looked for.

use super::finding::Severity;

/// One thing that is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, such as `operator-version`.
    pub id: &'static str,
    /// What breaking it means.
    pub severity: Severity,
    /// The code with which `atc` would stop.
    pub code: Option<&'static str>,
    /// Whether the code is the likely one, as no document tells it.
    pub code_is_assumed: bool,
}

/// Makes a constant for each rule and the list of all, from one table.
macro_rules! rules {
    ($($constant:ident $id:literal $severity:ident $code:tt $($assumed:ident)?;)*) => {
        $(pub(super) static $constant: Rule = Rule {
            id: $id,
            severity: Severity::$severity,
            code: rules!(@code $code),
            code_is_assumed: rules!(@assumed $($assumed)?),
        };)*

        /// Every rule that [`check`](super::check()) looks at, in the order of the table in `docs/check.md`.
        pub static RULES: &[&Rule] = &[$(&$constant),*];
    };
    (@code _) => { None };
    (@code $code:literal) => { Some($code) };
    (@assumed) => { false };
    (@assumed assumed) => { true };
}

rules! {
    // the model as a whole
    EMPTY_MODEL "empty-model" Error "E16004";
    NO_INPUTS "no-inputs" Error "E16001";
    NO_OUTPUTS "no-outputs" Error "E19999" assumed;
    TOO_LARGE "too-large" Error "E10041" assumed;
    LARGE_WEIGHTS "large-weights" Warning "E13023";
    EXTERNAL_MISSING "external-missing" Error "E13000" assumed;
    EXTERNAL_OUTSIDE "external-outside" Error "E13000" assumed;
    EXTERNAL_SHORT "external-short" Error "E13000" assumed;
    SPARSE_CONSTANT "sparse-constant" Error "E19999" assumed;
    // the graph itself
    UNDEFINED_VALUE "undefined-value" Error "E19999" assumed;
    UNSORTED "unsorted" Error _;
    CYCLE "cycle" Error "E19999" assumed;
    DUPLICATE_VALUE "duplicate-value" Error "E19999" assumed;
    CONSTANT_DATA "constant-data" Error "E19999" assumed;
    ATTRIBUTE_TYPE "attribute-type" Error "E19999" assumed;
    UNTYPED_INPUT "untyped-input" Error "E19999" assumed;
    // operators
    OPSET "opset" Error "E16002";
    OPERATOR_VERSION "operator-version" Error "E16002";
    OPERATOR_MISSING "operator-missing" Error "E16002";
    OPERATOR_UNKNOWN "operator-unknown" Error "E16002";
    OPERATOR_UNLISTED "operator-unlisted" Warning "E16002";
    LOCAL_FUNCTION "local-function" Error "E16002";
    PYTORCH_FALLBACK "pytorch-fallback" Error "E16002";
    UNDECLARED_DOMAIN "undeclared-domain" Error "E19999";
    SEVERAL_DOMAINS "several-domains" Error "E16005";
    SEVERAL_VERSIONS "several-versions" Error "E16005" assumed;
    // custom operators of torch_npu
    NPU_MISSPELT "npu-misspelt" Error "E16002";
    NPU_MISSING "npu-missing" Error "E16002";
    NPU_INPUTS "npu-inputs" Error "E19999" assumed;
    NPU_ATTRIBUTE_MISSING "npu-attribute-missing" Error "E19999" assumed;
    NPU_ATTRIBUTE_VALUE "npu-attribute-value" Error "E19999" assumed;
    NPU_ATTRIBUTE_IGNORED "npu-attribute-ignored" Warning _;
    // control flow
    IF_BRANCHES "if-branches" Error "E19999" assumed;
    IF_CAPTURES "if-captures" Warning _;
    // names
    NAME_DUPLICATE "name-duplicate" Warning _;
    NAME_CHARACTERS "name-characters" Warning _;
    NAME_SEPARATOR "name-separator" Warning _;
    NAME_LONG "name-long" Warning _;
    // the options of the conversion
    SOC "soc" Error "E10001";
    SOC_UNKNOWN "soc-unknown" Warning "E10001";
    INPUT_SHAPE_NAME "input-shape-name" Error "E10016";
    INPUT_SHAPE_RANK "input-shape-rank" Error "E10049";
    INPUT_SHAPE_DIFFERS "input-shape-differs" Warning _;
    GEARS_EXCLUSIVE "gears-exclusive" Error "E10009";
    GEARS_SYNTAX "gears-syntax" Error "E10003";
    GEARS_FEW "gears-few" Error "E10035";
    GEARS_MANY "gears-many" Error "E10036";
    GEARS_LENGTH "gears-length" Error "E10037";
    GEARS_ZERO "gears-zero" Error "E10038";
    GEARS_REPEATED "gears-repeated" Error "E10039";
    GEARS_WITHOUT_SHAPE "gears-without-shape" Error "E10004";
    GEARS_NOTHING_FREE "gears-nothing-free" Error "E10012";
    GEARS_RANGE "gears-range" Error "E10040";
    GEARS_BATCH_AXIS "gears-batch-axis" Error "E10018";
    GEARS_IMAGE_AXES "gears-image-axes" Error "E10019";
    GEARS_DIMS_COUNT "gears-dims-count" Error "E10045";
    GEARS_INPUT "gears-input" Error "E10004" assumed;
    DYNAMIC_WITHOUT_GEARS "dynamic-without-gears" Error "EZ3002";
    DYNAMIC_SHAPE "dynamic-shape" Warning _;
    // shapes
    SHAPE_CONFLICT "shape-conflict" Error "E19999" assumed;
    SHAPE_DECLARED "shape-declared" Warning _;
    CONSTANT_DECLARED "constant-declared" Warning _;
    // precision
    FP16_RANGE "fp16-range" Warning _;
    FP16_ZERO "fp16-zero" Warning _;
    INT64_INPUT "int64-input" Warning _;
    FLOAT64 "float64" Warning _;
    FP16_DEFAULT "fp16-default" Advice _;
    // speed
    SHAPE_CHAIN "shape-chain" Warning _;
    DATA_DEPENDENT "data-dependent" Warning _;
    RESIZE_MODE "resize-mode" Warning _;
    MANY_TRANSPOSES "many-transposes" Warning _;
    UNFUSED_PATTERN "unfused-pattern" Advice _;
    // training and export
    DROPOUT_ACTIVE "dropout-active" Warning _;
    BATCH_NORM_TRAINING "batch-norm-training" Warning _;
    DROPOUT_LEFT "dropout-left" Advice _;
    BATCH_NORM_UNFOLDED "batch-norm-unfolded" Advice _;
    PYTORCH_DYNAMO "pytorch-dynamo" Advice _;
    PYTORCH_EXPORT "pytorch-export" Advice _;
}
