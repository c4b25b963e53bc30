//! A page with the pictures of a job and what they were taken for: one file that needs nothing else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::Result;
use ascend_rt::vision::{Picture, Preprocess, Resize};
use serde_json::{Value, json};

use super::journal::{Records, Tally};
use super::record::{Class, Record};
use crate::page::Page;
use crate::progress::Progress;

const BODY: &str = include_str!("sheet.html");
const STYLE: &str = include_str!("sheet.css");
const SCRIPT: &str = include_str!("sheet.js");

/// Height and width of a picture on the page, in pixels.
const SIDE: u32 = 112;

/// Failures that are listed.
const MOST_FAILURES: usize = 200;

/// What is on the page.
pub(super) struct Sheet {
    tally: Tally,
    /// How many pictures the page has at most.
    most: usize,
    shown: Vec<Record>,
    failures: Vec<Record>,
    /// Label, number of pictures and sum of their scores, by class.
    classes: BTreeMap<usize, (Option<String>, usize, f64)>,
}

impl Sheet {
    /// Of the pictures of a job that is done; where they are too many, of some that are spread evenly.
    pub(super) fn new(records: Records, tally: Tally, most: usize) -> Result<Self> {
        let mut sheet = Self {
            tally,
            most,
            shown: Vec::new(),
            failures: Vec::new(),
            classes: BTreeMap::new(),
        };
        let mut place = 0;
        for record in records {
            sheet.add(record?.0, &mut place);
        }
        Ok(sheet)
    }

    fn add(&mut self, record: Record, place: &mut usize) {
        let Some(top) = &record.top else {
            if self.failures.len() < MOST_FAILURES {
                self.failures.push(record);
            }
            return;
        };
        if let Some(best) = top.first() {
            let class = self
                .classes
                .entry(best.index)
                .or_insert_with(|| (best.label.clone(), 0, 0.0));
            class.1 += 1;
            class.2 += f64::from(best.score);
        }
        // The next one to show, of all that are there.
        let (all, shown) = (
            self.tally.classified.max(1),
            self.most.min(self.tally.classified),
        );
        if self.shown.len() < shown && *place * shown >= self.shown.len() * all {
            self.shown.push(record);
        }
        *place += 1;
    }

    /// Writes the page to `place`, whole or not at all. A picture that is gone by now is left empty.
    pub(super) fn write(&self, place: &Path, title: &str, model: &str) -> Result<()> {
        let images = images(&self.shown)?;
        let pictures = self.shown.iter().zip(images);
        let data = json!({
            "title": title,
            "model": model,
            "classified": self.tally.classified,
            "failed": self.tally.failed,
            "classes": self.classes.iter().map(|(index, (label, count, sum))| {
                json!([name(*index, label.as_deref()), count, sum])
            }).collect::<Value>(),
            "pictures": pictures.map(|(record, image)| {
                json!({"file": record.file, "image": image, "top": classes(record)})
            }).collect::<Value>(),
            "failures": self.failures.iter().map(|record| {
                json!([record.file, record.error.as_ref().map(|error| &error.message)])
            }).collect::<Value>(),
        });
        let page = Page {
            body: BODY,
            style: STYLE,
            script: SCRIPT,
            title,
            data: &data,
        };
        Ok(page.write(place, true)?)
    }
}

fn classes(record: &Record) -> Value {
    let top = record.top.as_deref().unwrap_or_default();
    let told = |class: &Class| json!([name(class.index, class.label.as_deref()), class.score]);
    top.iter().take(5).map(told).collect()
}

fn name(index: usize, label: Option<&str>) -> String {
    label.map_or_else(|| format!("class {index}"), str::to_owned)
}

/// The pictures, small, as addresses that hold them.
fn images(records: &[Record]) -> Result<Vec<Option<String>>> {
    let preprocess = Preprocess::builder()
        .with_resize(Resize::ShortSide(SIDE))
        .with_crop(SIDE, SIDE)
        .build()?;
    let paths: Vec<PathBuf> = records.iter().map(Record::path).collect();
    let mut images = vec![None; paths.len()];
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut progress = Progress::new("drawing the contact sheet");
    // In steps, so that it can be told how far this is.
    let step = threads * 4;
    for (done, (images, paths)) in images.chunks_mut(step).zip(paths.chunks(step)).enumerate() {
        progress.say(format_args!(
            "{} of {} pictures",
            done * step,
            records.len()
        ));
        let each = paths.len().div_ceil(threads);
        thread::scope(|scope| {
            for (images, paths) in images.chunks_mut(each).zip(paths.chunks(each)) {
                let preprocess = &preprocess;
                scope.spawn(move || {
                    for (image, path) in images.iter_mut().zip(paths) {
                        *image = address(path, preprocess);
                    }
                });
            }
        });
    }
    Ok(images)
}

fn address(path: &Path, preprocess: &Preprocess) -> Option<String> {
    let picture = Picture::open(path).ok()?;
    let mut pixels = vec![0; preprocess.len()];
    preprocess.apply_bytes(&picture, &mut pixels).ok()?;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, SIDE, SIDE);
    encoder.set_color(png::ColorType::Rgb);
    encoder
        .write_header()
        .ok()?
        .write_image_data(&pixels)
        .ok()?;
    Some(format!("data:image/png;base64,{}", base64(&file)))
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |place: usize| group.get(place).map_or(0, |byte| u32::from(*byte));
        let number = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = number >> (18 - 6 * place) & 63;
            let is_padding = place > group.len();
            text.push(if is_padding {
                '='
            } else {
                char::from(DIGITS[digit as usize])
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64(&[0xff, 0xef, 0xbf]), "/++/");
    }

    #[test]
    fn pictures_are_spread_evenly() {
        let record = |number: usize| Record {
            file: number.to_string(),
            file_bytes: None,
            top: Some(vec![Class {
                index: number % 2,
                label: None,
                score: 0.5,
            }]),
            error: None,
        };
        for (all, most, expected) in [
            (10, 100, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9][..]),
            (10, 3, &[0, 4, 7]),
            (10, 1, &[0]),
            (10, 0, &[]),
            (0, 5, &[]),
        ] {
            let tally = Tally {
                classified: all,
                failed: 0,
            };
            let mut sheet = Sheet {
                tally,
                most,
                shown: Vec::new(),
                failures: Vec::new(),
                classes: BTreeMap::new(),
            };
            let mut place = 0;
            (0..all).for_each(|number| sheet.add(record(number), &mut place));
            let shown: Vec<usize> = sheet
                .shown
                .iter()
                .map(|record| record.file.parse().unwrap())
                .collect();
            assert_eq!(shown, expected, "{most} of {all}");
            assert_eq!(
                sheet.classes.values().map(|class| class.1).sum::<usize>(),
                all
            );
        }
    }
}
