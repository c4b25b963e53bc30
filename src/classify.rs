//! Pictures through a classification model.

use ascend_graph::DataType;
use half::f16;
use ndarray::{Array4, ArrayD};

use crate::error::{Error, ErrorKind, Result};
use crate::model::Description;
use crate::session::{Outputs, Session};
use crate::vision::{Picture, Preprocess, Resize, Sample, softmax};

/// The side of pictures that a model with a free picture size is given.
const DEFAULT_SIDE: usize = 224;
/// How much of the resized picture's short side is kept, as torchvision's recipes do: 224 of 256.
const KEPT: (usize, usize) = (7, 8);

/// A session whose model takes pictures `[batch, 3, height, width]` and gives a score for each
/// class `[batch, classes]`.
#[derive(Debug)]
pub struct Classifier {
    session: Session,
    input: PictureInput,
}

/// How pictures become the input of a model.
#[derive(Clone, Debug)]
pub(crate) struct PictureInput {
    pub(crate) preprocess: Preprocess,
    /// The elements that the model takes: `f32` or `f16`.
    pub(crate) dtype: DataType,
    /// Pictures per run; `None` when each run decides.
    batch: Option<usize>,
}

impl Classifier {
    /// A classifier on a session, with the preparation of torchvision's `ImageNet` models at the
    /// model's own picture size.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`] when the model does not take pictures or gives more than one output.
    pub fn new(session: Session) -> Result<Self> {
        let input = PictureInput::of(session.description())?;
        Ok(Self { session, input })
    }

    /// The same with another preparation of the pictures, whose output has the model's size.
    #[must_use]
    pub fn with_preprocess(mut self, preprocess: Preprocess) -> Self {
        self.input.preprocess = preprocess;
        self
    }

    /// The session.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The session, to set it up.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// How many classes the model tells apart, where its description says so.
    #[must_use]
    pub fn classes(&self) -> Option<usize> {
        classes(self.session.description())
    }

    /// How many pictures go through the device at once.
    #[must_use]
    pub fn batch(&self) -> usize {
        self.input.batch.unwrap_or(1)
    }

    /// The probability of each class for each picture.
    ///
    /// Pictures are written straight into the session's pinned memory where the model's batch is
    /// fixed; an incomplete last batch is filled up with black.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`] when the scores are not one row a picture, and as for
    /// [`Session::run`].
    pub fn probabilities(&mut self, pictures: &[Picture]) -> Result<Vec<Vec<f32>>> {
        let half = self.input.dtype == DataType::F16;
        let mut rows = Vec::with_capacity(pictures.len());
        for pictures in pictures.chunks(self.batch()) {
            let scores = if half {
                self.run::<f16>(pictures)?
            } else {
                self.run::<f32>(pictures)?
            };
            rows.extend(scores.iter().map(|row| softmax(row)));
        }
        Ok(rows)
    }

    fn run<T: crate::Element + Sample>(&mut self, pictures: &[Picture]) -> Result<Vec<Vec<f32>>> {
        let preprocess = &self.input.preprocess;
        let each = preprocess.len();
        let fill = |input: &mut [T]| {
            input.fill(T::default());
            let places = input.chunks_exact_mut(each);
            pictures
                .iter()
                .zip(places)
                .try_for_each(|(picture, place)| preprocess.apply(picture, place))
        };
        if self.session.description().inputs[0].is_static() {
            fill(self.session.input_mut::<T>(0)?)?;
            return rows(&self.session.run_staged()?, pictures.len());
        }
        let side = |len: u32| usize::try_from(len).unwrap_or(usize::MAX);
        let (height, width) = (side(preprocess.height()), side(preprocess.width()));
        let mut input = vec![T::default(); pictures.len() * each];
        fill(&mut input)?;
        let input = Array4::from_shape_vec((pictures.len(), 3, height, width), input)
            .map_err(|error| Error::internal(error.to_string()))?;
        rows(&self.session.run(&[(&input).into()])?, pictures.len())
    }
}

impl PictureInput {
    /// That of a model that takes pictures and gives one output.
    pub(crate) fn of(description: &Description) -> Result<Self> {
        let ([input], [_]) = (&description.inputs[..], &description.outputs[..]) else {
            return Err(no_classifier("it has not one input and one output"));
        };
        let [batch, channels, height, width] = input.dims[..] else {
            return Err(no_classifier(&format!("it takes {input}")));
        };
        let is_float = matches!(input.dtype, DataType::F32 | DataType::F16);
        if channels.is_some_and(|channels| channels != 3) || !is_float || batch == Some(0) {
            return Err(no_classifier(&format!("it takes {input}")));
        }
        let (height, width) = (
            height.unwrap_or(DEFAULT_SIDE),
            width.unwrap_or(DEFAULT_SIDE),
        );
        let side = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        let preprocess = Preprocess::builder()
            .with_resize(Resize::ShortSide(side(height.min(width) * KEPT.1 / KEPT.0)))
            .with_crop(side(width), side(height))
            .build()?;
        Ok(Self {
            preprocess,
            dtype: input.dtype,
            batch,
        })
    }
}

/// How many classes a model of this description tells apart, where it says so: all that its first
/// output gives for a picture.
#[must_use]
pub fn classes(description: &Description) -> Option<usize> {
    match &description.outputs.first()?.dims[..] {
        [] => None,
        [classes] => *classes,
        [_, of_each @ ..] => of_each
            .iter()
            .try_fold(1_usize, |classes, dim| classes.checked_mul((*dim)?)),
    }
}

/// The first `count` rows of the scores.
fn rows(outputs: &Outputs<'_>, count: usize) -> Result<Vec<Vec<f32>>> {
    let scores: ArrayD<f32> = match outputs.iter().next() {
        Some(output) => output.to_f32()?,
        None => return Err(no_classifier("it gave no output")),
    };
    let batch = scores.shape().first().copied().unwrap_or(0);
    if batch < count || scores.is_empty() {
        return Err(no_classifier(&format!(
            "it gave scores {:?} for {count} pictures",
            scores.shape()
        )));
    }
    let classes = scores.len() / batch;
    let all: Vec<f32> = scores.into_iter().collect();
    Ok(all
        .chunks_exact(classes)
        .take(count)
        .map(<[f32]>::to_vec)
        .collect())
}

fn no_classifier(why: &str) -> Error {
    let message = format!(
        "the model is no picture classifier ([batch, 3, height, width] to [batch, classes]): {why}"
    );
    Error::new(ErrorKind::Shape, message)
}
