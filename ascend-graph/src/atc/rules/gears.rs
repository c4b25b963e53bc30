//! Open dims of inputs: gears, and models without them.

use crate::atc::finding::{Finding, Findings, Name, Place};
use crate::atc::interface::{Input, Interface};
use crate::atc::rule::{
    DYNAMIC_SHAPE, DYNAMIC_WITHOUT_GEARS, GEARS_BATCH_AXIS, GEARS_DIMS_COUNT, GEARS_EXCLUSIVE,
    GEARS_IMAGE_AXES, GEARS_INPUT, GEARS_MANY, GEARS_NOTHING_FREE, GEARS_RANGE, GEARS_SYNTAX,
    GEARS_WITHOUT_SHAPE, RULES, Rule,
};
use crate::atc::soc::{DynamicShapes, limits};
use crate::atc::target::Target;
use crate::{Gears, InputShape};
use crate::{Text, text};

/// Reads the values of `--dynamic_batch_size`, `--dynamic_image_size` and `--dynamic_dims`, of which
/// one may be given.
///
/// # Errors
/// The finding that tells which rule of `atc` they break.
pub fn read_gears(
    batch: Option<&str>,
    image: Option<&str>,
    dims: Option<&str>,
) -> Result<Gears, Finding> {
    let (option, read) = match (batch, image, dims) {
        (None, None, None) => return Ok(Gears::None),
        (Some(text), None, None) => (BATCH, Gears::batch(text)),
        (None, Some(text), None) => (IMAGE, Gears::image(text)),
        (None, None, Some(text)) => (DIMS, Gears::dims(text)),
        _ => {
            let message = text!(
                "several of --dynamic_batch_size, --dynamic_image_size and --dynamic_dims are given"
            );
            return Err(fault(
                &GEARS_EXCLUSIVE,
                DIMS,
                message,
                text!("give one of them; --dynamic_dims can say what the others say"),
            ));
        }
    };
    read.map_err(|error| {
        let rule = RULES.iter().copied().find(|rule| rule.code.is_some() && rule.code == error.code());
        fault(
            rule.unwrap_or(&GEARS_SYNTAX),
            option,
            error.text().clone(),
            text!("write gears that differ, of numbers above 0: --dynamic-batch-size 1,2,4, --dynamic-image-size \
             \"224,224;448,448\", --dynamic-dims \"1,224;2,448\""),
        )
    })
}

const BATCH: &str = "--dynamic_batch_size";
const IMAGE: &str = "--dynamic_image_size";
const DIMS: &str = "--dynamic_dims";

fn option_of(gears: &Gears) -> &'static str {
    match gears {
        Gears::Batch(_) => BATCH,
        Gears::Image(_) => IMAGE,
        Gears::Dims(_) | Gears::None => DIMS,
    }
}

fn fault(rule: &'static Rule, option: &str, message: Text, remedy: Text) -> Finding {
    Finding {
        rule: rule.id,
        severity: rule.severity,
        code: rule.code,
        code_is_assumed: rule.code_is_assumed,
        places: vec![Place::Option(option.to_owned())],
        message,
        remedy,
    }
}

pub(in crate::atc) fn check(target: &Target, interface: &Interface, findings: &mut Findings) {
    if target.gears == Gears::None {
        check_dynamic(target, interface, findings);
    } else {
        check_gears(target, interface, findings);
    }
}

/// Open dims that no gear sets.
fn check_dynamic(target: &Target, interface: &Interface, findings: &mut Findings) {
    for input in &interface.inputs {
        let open = input.open_axes();
        if open.as_ref().is_some_and(Vec::is_empty) {
            continue;
        }
        let info = input.info.to_string();
        let shape = example(input);
        let gears = if open.as_ref().is_some_and(|open| open == &[0]) {
            text!("--input-shape with -1 there and --dynamic-batch-size 1,2,4")
        } else {
            text!("--input-shape with -1 there and --dynamic-dims")
        };
        let shape = format!("{shape:?}");
        let taken = limits(&target.soc).dynamic_shapes;
        if taken == DynamicShapes::Refused {
            findings.add(
                &DYNAMIC_WITHOUT_GEARS,
                input.place(),
                text!(
                    "dims of `{info}` stay open, and {soc} wants each fixed or in gears (\"Dynamic shape is not \
                     supported on this chip\")", info = Name(&info), soc = &target.soc),
                text!(
                    "fix the dims: --input-shape {shape}; or give gears: {gears}",
                    shape,
                    gears
                ),
            );
            continue;
        }
        let chip = if taken == DynamicShapes::Partly {
            text!(
                ", which not every release of CANN does for {soc} (EZ3002, \"Dynamic shape is not supported on \
                 this chip\")",
                soc = &target.soc
            )
        } else {
            Text::default()
        };
        findings.add(
            &DYNAMIC_SHAPE,
            input.place(),
            text!(
                "dims of `{info}` stay open, so that atc makes a model of dynamic shapes: it plans memory \
                 and kernels while it runs{chip}, takes more calls to run, and its outputs have no \
                 known size", info = Name(&info), chip),
            text!(
                "fix the dims, which is fastest: --input-shape {shape}; or give gears: {gears}",
                shape,
                gears
            ),
        );
    }
}

/// A value for `--input-shape` that fixes an input.
fn example(input: &Input) -> String {
    let name = Name(&input.info.name).to_string();
    let Some(extents) = input.extents() else {
        return format!("{name}:1,3,224,224");
    };
    let rank = extents.len();
    let extents = extents
        .iter()
        .enumerate()
        .take(16)
        .map(|(axis, extent)| match extent {
            Some(extent) => extent.to_string(),
            None if axis == 0 => "1".to_owned(),
            None if rank == 4 => "224".to_owned(),
            None => "128".to_owned(),
        });
    format!("{name}:{}", extents.collect::<Vec<_>>().join(","))
}

/// Whether gears fit the inputs and the chip.
pub(in crate::atc) fn check_gears(target: &Target, interface: &Interface, findings: &mut Findings) {
    let (gears, most) = (target.gears.rows().len(), limits(&target.soc).gears);
    if gears > most {
        findings.add(
            &GEARS_MANY,
            Place::Option(option_of(&target.gears).to_owned()),
            text!("{gears} gears; at most {most} are possible", gears, most),
            text!("leave gears out: 3 or 4 are usual, as each adds its kernels to the file"),
        );
    }
    let option = || Place::Option("--input_shape".to_owned());
    if target.input_shapes.is_empty() {
        findings.add(
            &GEARS_WITHOUT_SHAPE,
            option(),
            text!("gears are given, but no --input_shape that says which dims they set"),
            text!("give --input-shape with -1 for the dims that the gears set, such as \"input:-1,3,224,224\""),
        );
        return;
    }
    if target.input_shapes.iter().any(InputShape::has_range) {
        findings.add(
            &GEARS_RANGE,
            option(),
            text!("a dim has a range (~), which gears exclude"),
            text!("write -1 for the dims that the gears set"),
        );
    }
    let mut free = 0;
    for input in &interface.inputs {
        let open = input.open_axes().unwrap_or_default();
        if input.asked.is_none() && !open.is_empty() {
            findings.add(
                &GEARS_INPUT,
                input.place(),
                text!(
                    "the model leaves dims of `{info}` open, and --input_shape does not name it",
                    info = Name(&input.info.to_string())
                ),
                text!("add the input to --input-shape, with -1 for the dims that the gears set"),
            );
            continue;
        }
        free += open.len();
        check_axes(&target.gears, input, &open, findings);
    }
    if free == 0 {
        findings.add(
            &GEARS_NOTHING_FREE,
            option(),
            text!("gears are given, but no dim is -1, so that there is nothing for them to set"),
            text!("write -1 for the dims that the gears set, such as \"input:-1,3,224,224\""),
        );
        return;
    }
    if let (Gears::Dims(_), Some(row)) = (&target.gears, target.gears.rows().first())
        && row.len() != free
    {
        findings.add(
            &GEARS_DIMS_COUNT,
            Place::Option(option_of(&target.gears).to_owned()),
            text!(
                "each gear has {count} values, and --input_shape has {free} times -1",
                count = row.len(),
                free
            ),
            text!("give each gear one value for each -1, in the order of --input-shape"),
        );
    }
}

/// Which dims may be open is a matter of the kind of gears.
fn check_axes(gears: &Gears, input: &Input, open: &[usize], findings: &mut Findings) {
    if open.is_empty() {
        return;
    }
    let rank = input.asked.map_or(0, <[_]>::len);
    match gears {
        Gears::Batch(_) if open != [0] => findings.add(
            &GEARS_BATCH_AXIS,
            input.place(),
            text!("with --dynamic_batch_size the first dim and no other may be -1"),
            text!("fix the other dims, or use --dynamic-dims"),
        ),
        Gears::Image(_) if rank != 4 || open != [2, 3] => findings.add(
            &GEARS_IMAGE_AXES,
            input.place(),
            text!("with --dynamic_image_size height and width of an NCHW input must be -1, and no other"),
            text!("write -1 for the last two of four dims, or use --dynamic-dims"),
        ),
        _ => {}
    }
}
