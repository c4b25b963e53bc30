//! Parameters of preprocessing as the runtime takes them.

use ascend_sys::{MissingSymbol, aclAippInputFormat, aclError, aclmdlAIPP, aclmdlDataset};

use super::aipp_parameters::AippParameters;
use crate::call::Current;
use crate::error::Result;

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
        let raw = current.made("aclmdlCreateAIPP", unsafe {
            current.api().aclmdlCreateAIPP(batch as u64)
        })?;
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
            let [row0, row1, row2] = colours.matrix;
            let ([in0, in1, in2], [out0, out1, out2]) = (colours.input_bias, colours.output_bias);
            // SAFETY: as above.
            let status = unsafe {
                api.aclmdlSetAIPPCscParams(
                    raw, 1, row0[0], row0[1], row0[2], row1[0], row1[1], row1[2], row2[0], row2[1],
                    row2[2], out0, out1, out2, in0, in1, in2,
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
        let mean = picture.mean;
        // SAFETY: as above.
        let status = unsafe {
            api.aclmdlSetAIPPDtcPixelMean(raw, mean[0], mean[1], mean[2], mean[3], index)
        };
        self.check("aclmdlSetAIPPDtcPixelMean", status)?;
        let min = picture.min;
        // SAFETY: as above.
        let status =
            unsafe { api.aclmdlSetAIPPDtcPixelMin(raw, min[0], min[1], min[2], min[3], index) };
        self.check("aclmdlSetAIPPDtcPixelMin", status)?;
        let var = picture.var_reci;
        // SAFETY: as above.
        let status =
            unsafe { api.aclmdlSetAIPPPixelVarReci(raw, var[0], var[1], var[2], var[3], index) };
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
