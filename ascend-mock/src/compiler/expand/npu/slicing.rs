use super::required;
use crate::compiler::form::Form;

const TO_THE_END: i64 = i32::MAX as i64;
const TO_THE_START: i64 = i32::MIN as i64;

/// `x[offset .. offset + size]` on every axis; a size of -1 goes to the end.
pub(super) fn slice(form: &mut Form) -> Result<(), String> {
    let site = form.site;
    let x = required(&site, 0, "x")?;
    let (offsets, sizes) = (
        site.node.ints("offsetss").unwrap_or_default(),
        site.node.ints("sizes").unwrap_or_default(),
    );
    if offsets.len() != sizes.len() {
        let (first, second) = (offsets.len(), sizes.len());
        return Err(format!(
            "it has {first} offsets (`offsetss`) and {second} sizes (`sizes`); export the model again"
        ));
    }
    let end = |(&offset, &extent): (&i64, &i64)| match extent {
        -1 => TO_THE_END,
        extent => offset.saturating_add(extent).min(TO_THE_END),
    };
    let ends: Vec<_> = offsets.iter().zip(sizes).map(end).collect();
    let axes: Vec<_> = (0..).take(ends.len()).collect();
    let [starts, ends, axes] = [offsets, &ends, &axes].map(|numbers| form.ints(numbers));
    let y = form.value("Slice", &[&x, &starts, &ends, &axes], []);
    form.give(0, &y);
    Ok(())
}

/// What one entry of an index does to an axis.
struct Entry {
    /// The axis of the tensor, counted from the end behind an ellipsis; `None` for a new one.
    axis: Option<i64>,
    start: i64,
    end: i64,
    step: i64,
    is_dropped: bool,
}

/// Indexing by begin, end and step, with TensorFlow's bit masks.
pub(super) fn indexing(form: &mut Form) -> Result<(), String> {
    let x = required(&form.site, 0, "x")?;
    let (front, back) = entries(form)?;
    let both = || front.iter().chain(&back);
    let cut: Vec<_> = both()
        .filter_map(|entry| Some((entry.axis?, entry)))
        .collect();
    let mut y = x;
    if !cut.is_empty() {
        let numbers = |pick: fn(&(i64, &Entry)) -> i64| cut.iter().map(pick).collect::<Vec<_>>();
        let lists = [
            numbers(|(_, entry)| entry.start),
            numbers(|(_, entry)| entry.end),
            numbers(|(axis, _)| *axis),
            numbers(|(_, entry)| entry.step),
        ];
        let lists = lists.map(|list| form.ints(&list));
        y = form.value(
            "Slice",
            &[&y, &lists[0], &lists[1], &lists[2], &lists[3]],
            [],
        );
    }
    let dropped: Vec<_> = cut
        .iter()
        .filter(|(_, entry)| entry.is_dropped)
        .map(|(axis, _)| *axis)
        .collect();
    if !dropped.is_empty() {
        y = form.squeeze(&y, &dropped);
    }
    let stays = |entries: &[Entry]| -> Vec<bool> {
        let kept = entries.iter().filter(|entry| !entry.is_dropped);
        kept.map(|entry| entry.axis.is_none()).collect()
    };
    let (front, back) = (stays(&front), stays(&back));
    let from_front = (0..)
        .zip(&front)
        .filter(|(_, is_new)| **is_new)
        .map(|(place, _)| place);
    let from_back = (1..).zip(back.iter().rev()).filter(|(_, is_new)| **is_new);
    let new: Vec<i64> = from_front
        .chain(from_back.map(|(place, _)| -place))
        .collect();
    if !new.is_empty() {
        y = form.unsqueeze(&y, &new);
    }
    form.give(0, &y);
    Ok(())
}

/// Gives the entries before and behind the ellipsis.
fn entries(form: &Form) -> Result<(Vec<Entry>, Vec<Entry>), String> {
    let site = form.site;
    let [begins, ends, strides] =
        ["begins", "ends", "strides"].map(|name| site.node.ints(name).unwrap_or_default());
    if ends.len() != begins.len() || !(strides.is_empty() || strides.len() == begins.len()) {
        let counts = [begins, ends, strides].map(<[i64]>::len);
        return Err(format!(
            "its attributes `begins`, `ends` and `strides` have {counts:?} numbers; export the model again"
        ));
    }
    let mask = |name: &str| {
        let bits = site.node.int(name).unwrap_or(0);
        move |place: usize| place < 63 && bits >> place & 1 == 1
    };
    let (begin_mask, end_mask) = (mask("begin_mask"), mask("end_mask"));
    let (ellipsis, new_axis) = (mask("ellipsis_mask"), mask("new_axis_mask"));
    let shrink = mask("shrink_axis_mask");
    let (mut front, mut back) = (Vec::new(), Vec::new());
    let (mut axis, mut seen_ellipsis) = (0, false);
    for (place, (&begin, &end)) in begins.iter().zip(ends).enumerate() {
        if ellipsis(place) {
            if seen_ellipsis {
                return Err(
                    "its attribute `ellipsis_mask` has several bits; only one may be set"
                        .to_owned(),
                );
            }
            seen_ellipsis = true;
            continue;
        }
        let entries = if seen_ellipsis { &mut back } else { &mut front };
        let step = strides.get(place).copied().unwrap_or(1);
        if step == 0 {
            return Err("its attribute `strides` has a 0; steps must not be 0".to_owned());
        }
        let (first, last) = if step > 0 {
            (0, TO_THE_END)
        } else {
            (TO_THE_END, TO_THE_START)
        };
        entries.push(if new_axis(place) {
            Entry {
                axis: None,
                start: 0,
                end: 0,
                step: 1,
                is_dropped: false,
            }
        } else if shrink(place) {
            let end = match begin {
                -1 => TO_THE_END,
                begin => begin.saturating_add(1),
            };
            Entry {
                axis: Some(axis),
                start: begin,
                end,
                step: 1,
                is_dropped: true,
            }
        } else {
            let start = if begin_mask(place) { first } else { begin };
            let end = if end_mask(place) { last } else { end };
            Entry {
                axis: Some(axis),
                start,
                end,
                step,
                is_dropped: false,
            }
        });
        axis += i64::from(!new_axis(place) && !seen_ellipsis);
    }
    let behind = back
        .iter_mut()
        .rev()
        .filter_map(|entry| entry.axis.as_mut());
    for (place, axis) in (1..).zip(behind) {
        *axis = -place;
    }
    Ok((front, back))
}
