//! How a session is set up.

/// How a session is set up.
///
/// ```
/// use ascend_rt::session::{Padding, SessionOptions};
///
/// let options = SessionOptions::new().padding(Padding::NextGear);
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionOptions {
    pub(super) padding: Padding,
}

impl SessionOptions {
    /// The defaults: no padding.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            padding: Padding::None,
        }
    }

    /// What becomes of inputs between the gears of a model.
    #[must_use]
    pub const fn padding(mut self, padding: Padding) -> Self {
        self.padding = padding;
        self
    }
}

/// What becomes of inputs whose shapes are between the gears of a model.
///
/// An input is padded with zeros behind its own elements, up to the smallest gear that holds all
/// inputs. An output is cut back along each of its dimensions that follows a padded one: in every
/// gear it is exactly as long, and its length differs among the gears. So the scores `[batch,
/// classes]` of a padded batch come out with as many rows as pictures were given.
///
/// An output without such a dimension holds values that depend on what was padded, such as a mean
/// over the batch; so does one whose dimension follows two that were padded by different lengths.
/// Pictures that the device preprocesses are padded along the batch only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// They are refused; the error lists the gears.
    #[default]
    None,
    /// They are padded, if every output can be cut back along every padded dimension; else they are
    /// refused.
    NextGear,
    /// They are padded. What cannot be cut back is given as it is: for models that mask their
    /// padding, such as a language model with an attention mask, which is padded with zeros too.
    NextGearUncut,
}
