//! Compiled models on a CPU device, through its C functions: for an engine of which a process has one.

use ascend_graph::om::{InOut, IoTensor};
use ascend_mock::{Engine, MockConfig};
use ascend_sys::{aclDataType, aclFormat, aclmdlDataset};

use super::*;
use crate::common::{NULL, Rig};

/// A loaded model on a device of its own.
pub(crate) struct OnDevice {
    pub(crate) rig: Rig,
    pub(crate) id: u32,
    io: InOut,
}

impl OnDevice {
    pub(crate) fn load(file: &Bytes, engine: Engine) -> Result<Self, EngineError> {
        let om = OmModel::open(file).map_err(|error| EngineError::new(error.to_string()))?;
        let rig = Rig::with(MockConfig::default().engine(engine).threads(2));
        let mut id = 0;
        let (start, len) = (file.as_ptr().cast(), file.len());
        match acl!(rig.aclmdlLoadFromMem(start, len, &raw mut id)) {
            0 => Ok(Self { rig, id, io: om.io }),
            code => Err(failure(&rig, code)),
        }
    }

    /// Tells the dataset the shape of a tensor, where the model leaves it open.
    fn set_shape(&self, dataset: *mut aclmdlDataset, index: usize, tensor: &Tensor) {
        let rig = &self.rig;
        let code = tensor.dtype.acl_code().expect("the type has a number");
        let dims = tensor.dims.iter().map(|&dim| i64::try_from(dim));
        let dims: Vec<i64> = dims.collect::<Result<_, _>>().expect("dims are small");
        let rank = i32::try_from(dims.len()).expect("ranks are small");
        let (dtype, format) = (aclDataType(code), aclFormat::ACL_FORMAT_ND);
        let desc = acl!(rig.aclCreateTensorDesc(dtype, rank, dims.as_ptr(), format));
        assert_eq!(
            acl!(rig.aclmdlSetDatasetTensorDesc(dataset, desc, index)),
            0
        );
        acl!(rig.aclDestroyTensorDesc(desc));
    }

    fn output(&self, dataset: *mut aclmdlDataset, index: usize, info: &IoTensor) -> Tensor {
        let rig = &self.rig;
        let dims: Vec<i64> = if is_open(info) {
            let desc = acl!(rig.aclmdlGetDatasetTensorDesc(dataset, index));
            assert!(!desc.is_null(), "open outputs tell their shapes");
            let rank = acl!(rig.aclGetTensorDescNumDims(desc));
            (0..rank)
                .map(|axis| acl!(rig.aclGetTensorDescDim(desc, axis)))
                .collect()
        } else {
            info.dims.clone()
        };
        let dims: Vec<usize> = dims
            .iter()
            .map(|&dim| usize::try_from(dim).expect("shapes are known"))
            .collect();
        let bytes = info.dtype.bytes().expect("elements have a size");
        let bytes = dims.iter().product::<usize>() * usize::try_from(bytes).expect("small");
        let (_, address) = rig.nth(dataset, index);
        Tensor {
            dtype: info.dtype,
            dims,
            bytes: if bytes == 0 {
                Vec::new()
            } else {
                rig.download(address, bytes)
            },
        }
    }
}

fn is_open(info: &IoTensor) -> bool {
    info.dims.iter().any(|&dim| dim < 0)
}

fn failure(rig: &Rig, code: i32) -> EngineError {
    EngineError::new(format!("{code}: {}", rig.message().unwrap_or_default()))
}

impl Program for OnDevice {
    fn run(&self, inputs: Vec<Tensor>) -> Result<Vec<Tensor>, EngineError> {
        let rig = &self.rig;
        let given = acl!(rig.aclmdlCreateDataset());
        // Shapes of outputs are told to those who tell those of inputs.
        let tells = self.io.inputs.iter().chain(&self.io.outputs).any(is_open);
        for (index, tensor) in inputs.iter().enumerate() {
            let (_, address) = rig.add(given, tensor.bytes.len());
            if !tensor.bytes.is_empty() {
                rig.upload(address, &tensor.bytes);
            }
            if tells {
                self.set_shape(given, index, tensor);
            }
        }
        let made = acl!(rig.aclmdlCreateDataset());
        for info in &self.io.outputs {
            if is_open(info) {
                let buffer = rig.buffer(NULL, 0);
                assert_eq!(acl!(rig.aclmdlAddDatasetBuffer(made, buffer)), 0);
            } else {
                rig.add(
                    made,
                    usize::try_from(info.bytes).expect("outputs are small"),
                );
            }
        }
        match acl!(rig.aclmdlExecute(self.id, given, made)) {
            0 => {
                let infos = self.io.outputs.iter().enumerate();
                Ok(infos
                    .map(|(index, info)| self.output(made, index, info))
                    .collect())
            }
            code => Err(failure(rig, code)),
        }
    }

    fn dims(&self, _: &str) -> Option<Vec<Option<usize>>> {
        None
    }
}
