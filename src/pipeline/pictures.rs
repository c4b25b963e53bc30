//! Files of pictures through a classification model.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use ascend_graph::DataType;
use half::f16;

use super::Stages;
use crate::classify::PictureInput;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Description;
use crate::pool::Request;
use crate::session::Outputs;
use crate::vision::{Limits, Preprocess, Preprocessor, softmax};

/// The stages of files of pictures (JPEG, PNG) through a model that takes them as
/// `[batch, 3, height, width]` and gives a score for each class, `[batch, classes]`. What comes of a
/// picture is the probability of each class.
///
/// The model has to take one picture at a time, or the pool has to join them
/// ([`Pool::batch`](crate::Pool::batch)).
#[derive(Clone, Debug)]
pub struct Pictures {
    input: PictureInput,
    limits: Limits,
    free: Arc<Mutex<Vec<Preprocessor>>>,
}

impl Pictures {
    /// The stages for a model, with the preparation of torchvision's `ImageNet` models at the model's
    /// own picture size.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`] when the model does not take pictures or gives more than one output.
    pub fn new(description: &Description) -> Result<Self> {
        Ok(Self {
            input: PictureInput::of(description)?,
            limits: Limits::default(),
            free: Arc::default(),
        })
    }

    /// The preparation of the pictures.
    #[must_use]
    pub fn preprocess(&self) -> &Preprocess {
        &self.input.preprocess
    }

    /// The same with another preparation of the pictures, whose output has the model's size.
    #[must_use]
    pub fn with_preprocess(mut self, preprocess: Preprocess) -> Self {
        self.input.preprocess = preprocess;
        self.free = Arc::default();
        self
    }

    /// The same for pictures of other sizes.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self.free = Arc::default();
        self
    }

    /// Runs `work` on the free ones: those whose memory served pictures that are done with.
    fn with_free<R>(&self, work: impl FnOnce(&mut Vec<Preprocessor>) -> R) -> R {
        work(&mut self.free.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Stages for Pictures {
    type Source = PathBuf;
    type Raw = Vec<u8>;
    type Decoded = Preprocessor;
    type Output = Vec<f32>;

    fn read(&self, path: &PathBuf) -> Result<Vec<u8>> {
        let told = |cause: io::Error| {
            Error::of_io(
                format_args!("{}: the picture cannot be read", path.display()),
                cause,
            )
        };
        // Opening a pipe would wait for its other end.
        if !fs::metadata(path).map_err(told)?.is_file() {
            let message = format!(
                "{}: it is no regular file; give a picture's file",
                path.display()
            );
            return Err(Error::new(ErrorKind::Io, message));
        }
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(told)?;
        file.take(self.limits.bytes.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(told)?;
        Ok(bytes)
    }

    fn decode(&self, bytes: Vec<u8>) -> Result<Preprocessor> {
        let mut preprocessor = self.with_free(Vec::pop).unwrap_or_else(|| {
            Preprocessor::new(self.input.preprocess.clone()).with_limits(self.limits)
        });
        let decoded = preprocessor.decode(&bytes);
        if let Err(error) = decoded {
            self.with_free(|free| free.push(preprocessor));
            return Err(error);
        }
        Ok(preprocessor)
    }

    fn preprocess(&self, mut preprocessor: Preprocessor, request: &mut Request) -> Result<()> {
        let preprocess = &self.input.preprocess;
        let side = |len: u32| usize::try_from(len).unwrap_or(usize::MAX);
        let shape = [1, 3, side(preprocess.height()), side(preprocess.width())];
        let written = if self.input.dtype == DataType::F16 {
            let input = request.input_mut::<f16>(0, &shape);
            input.and_then(|input| preprocessor.write(input))
        } else {
            let input = request.input_mut::<f32>(0, &shape);
            input.and_then(|input| preprocessor.write(input))
        };
        // One that was not asked to write holds a picture.
        if written.is_ok() {
            self.with_free(|free| free.push(preprocessor));
        }
        written
    }

    fn postprocess(&self, _: &PathBuf, outputs: Outputs<'_>) -> Result<Vec<f32>> {
        let Some(output) = outputs.iter().next() else {
            let message = "the model gave no output: take one that gives scores";
            return Err(Error::new(ErrorKind::Shape, message));
        };
        let scores: Vec<f32> = output.to_f32()?.into_iter().collect();
        Ok(softmax(&scores))
    }
}
