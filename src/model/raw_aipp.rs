//! Parameters of preprocessing as the runtime takes them.

use ascend_sys::{MissingSymbol, aclAippInputFormat, aclError, aclmdlAIPP, aclmdlDataset};

use super::aipp_parameters::{AippParameters, ColourConversion};
use crate::call::Current;
use crate::error::{Error, ErrorKind, Result};

/// The runtime's own set of parameters, for the time of one setting.
pub(super) struct RawAipp<'c> {
    raw: *mut aclmdlAIPP,
    current: &'c Current<'c>,
}

impl<'c> RawAipp<'c> {
    /// The parameters for `batch` pictures.
    pub(super) fn new(
        current: &'c Current<'c>,
        parameters: &AippParameters,
        batch: usize,
    ) -> Result<Self> {
        // SAFETY: no pointer.
        let raw = current.value(unsafe { current.api().aclmdlCreateAIPP(batch as u64) })?;
        if raw.is_null() {
            return Err(Error::new(
                ErrorKind::OutOfMemory,
                "aclmdlCreateAIPP gave nothing: the host is out of memory",
            ));
        }
        let set = Self { raw, current };
        set.fill(parameters)?;
        for index in 0..batch {
            set.fill_picture(parameters, index)?;
        }
        Ok(set)
    }

    fn check(
        &self,
        operation: &'static str,
        status: Result<aclError, MissingSymbol>,
    ) -> Result<()> {
        self.current.check(operation, status)
    }

    /// What holds for all pictures.
    fn fill(&self, parameters: &AippParameters) -> Result<()> {
        let (api, raw) = (self.current.api(), self.raw);
        let format = aclAippInputFormat(parameters.picture.code().cast_unsigned());
        // SAFETY: the set is alive, here and below.
        let status = unsafe { api.aclmdlSetAIPPInputFormat(raw, format) };
        self.check("aclmdlSetAIPPInputFormat", status)?;
        let [width, height] = [parameters.width, parameters.height].map(u32::cast_signed);
        // SAFETY: as above.
        let status = unsafe { api.aclmdlSetAIPPSrcImageSize(raw, width, height) };
        self.check("aclmdlSetAIPPSrcImageSize", status)?;
        if let Some(colours) = parameters.colours {
            let ColourConversion {
                matrix: [[a, b, c], [d, e, f], [g, h, i]],
                input_bias: [in_0, in_1, in_2],
                output_bias: [out_0, out_1, out_2],
            } = colours;
            // SAFETY: as above.
            let status = unsafe {
                api.aclmdlSetAIPPCscParams(
                    raw, 1, a, b, c, d, e, f, g, h, i, out_0, out_1, out_2, in_0, in_1, in_2,
                )
            };
            self.check("aclmdlSetAIPPCscParams", status)?;
        }
        // SAFETY: as above.
        let status = unsafe { api.aclmdlSetAIPPRbuvSwapSwitch(raw, parameters.swap_rb_uv.into()) };
        self.check("aclmdlSetAIPPRbuvSwapSwitch", status)?;
        // SAFETY: as above.
        let status = unsafe { api.aclmdlSetAIPPAxSwapSwitch(raw, parameters.swap_ax.into()) };
        self.check("aclmdlSetAIPPAxSwapSwitch", status)
    }

    fn fill_picture(&self, parameters: &AippParameters, index: usize) -> Result<()> {
        let (api, raw) = (self.current.api(), self.raw);
        let (picture, index) = (parameters.picture(index), index as u64);
        if let Some(crop) = picture.crop {
            let [left, top, width, height] =
                [crop.left, crop.top, crop.width, crop.height].map(u32::cast_signed);
            // SAFETY: the set is alive, here and below.
            let status =
                unsafe { api.aclmdlSetAIPPCropParams(raw, 1, left, top, width, height, index) };
            self.check("aclmdlSetAIPPCropParams", status)?;
        }
        if let Some(margins) = picture.padding {
            let [top, bottom, left, right] =
                [margins.top, margins.bottom, margins.left, margins.right].map(u32::cast_signed);
            // SAFETY: as above.
            let status =
                unsafe { api.aclmdlSetAIPPPaddingParams(raw, 1, top, bottom, left, right, index) };
            self.check("aclmdlSetAIPPPaddingParams", status)?;
        }
        let [a, b, c, d] = picture.mean;
        // SAFETY: as above.
        let status = unsafe { api.aclmdlSetAIPPDtcPixelMean(raw, a, b, c, d, index) };
        self.check("aclmdlSetAIPPDtcPixelMean", status)?;
        let [a, b, c, d] = picture.min;
        // SAFETY: as above.
        let status = unsafe { api.aclmdlSetAIPPDtcPixelMin(raw, a, b, c, d, index) };
        self.check("aclmdlSetAIPPDtcPixelMin", status)?;
        let [a, b, c, d] = picture.var_reci;
        // SAFETY: as above.
        let status = unsafe { api.aclmdlSetAIPPPixelVarReci(raw, a, b, c, d, index) };
        self.check("aclmdlSetAIPPPixelVarReci", status)
    }

    /// Writes the parameters into the memory of input `input` of a dataset of the model `id`.
    ///
    /// # Safety
    ///
    /// The model is loaded, the dataset alive and its memory idle.
    pub(super) unsafe fn apply(
        &self,
        id: u32,
        dataset: *mut aclmdlDataset,
        input: usize,
    ) -> Result<()> {
        let api = self.current.api();
        // SAFETY: as the caller promises.
        let status = unsafe { api.aclmdlSetInputAIPP(id, dataset, input, self.raw) };
        self.check("aclmdlSetInputAIPP", status)
    }
}

impl Drop for RawAipp<'_> {
    fn drop(&mut self) {
        // SAFETY: ours.
        let status = unsafe { self.current.api().aclmdlDestroyAIPP(self.raw) };
        if let Err(error) = self.check("aclmdlDestroyAIPP", status) {
            tracing::error!(%error, "cannot destroy a set of preprocessing parameters");
        }
    }
}
