"""A client of the C API through ctypes, for what the program `ascend` has no options for: runs of a model
with one input and pictures whose preprocessing (dynamic AIPP) comes with the run.

It takes the CPU device as a library, `libascend_mock_so.so`, and calls what `acl_mdl.h` documents in the
order that it documents, so it knows of no other part of this project.
"""

import ctypes
from ctypes import POINTER, byref, c_char_p, c_float, c_int8, c_int16, c_int32, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p

import numpy as np

from aipp import YUV_BIAS, YUV_TO_BGR

# aclAippInputFormat, aclDataType, aclrtMemcpyKind, aclrtMemMallocPolicy
FORMATS = {"YUV420SP_U8": 1, "XRGB8888_U8": 2, "RGB888_U8": 3, "YUV400_U8": 4}
TYPES = {0: np.float32, 1: np.float16, 2: np.int8, 3: np.int32, 4: np.uint8, 9: np.int64}
TO_DEVICE, TO_HOST = 1, 2
SHAPES, PARAMETERS = b"ascend_mbatch_shape_data", b"ascend_dynamic_aipp_data"


class Dims(ctypes.Structure):
    """aclmdlIODims."""

    _fields_ = [("name", ctypes.c_char * 128), ("count", c_size_t), ("dims", ctypes.c_int64 * 128)]


class Client:
    """The runtime, started; one for the whole process."""

    def __init__(self, library):
        self.library = ctypes.CDLL(str(library))
        pointers = [
            "aclmdlCreateDesc", "aclmdlCreateDataset", "aclCreateDataBuffer", "aclmdlCreateAIPP",
            "aclmdlGetDatasetBuffer", "aclGetDataBufferAddr",
        ]
        for name in pointers:
            getattr(self.library, name).restype = c_void_p
        for name in ["aclmdlGetNumInputs", "aclmdlGetNumOutputs", "aclmdlGetInputSizeByIndex", "aclmdlGetOutputSizeByIndex"]:
            getattr(self.library, name).restype = c_size_t
        self.call("aclInit", c_char_p(None))
        self.call("aclrtSetDevice", c_int32(0))

    def close(self):
        self.call("aclrtResetDevice", c_int32(0))
        self.call("aclFinalize")

    def call(self, function, *arguments):
        code = getattr(self.library, function)(*arguments)
        if code != 0:
            message = self.library.aclGetRecentErrMsg
            message.restype = c_char_p
            raise RuntimeError(f"{function}: {code}: {(message() or b'').decode()}")

    def run(self, om, pictures, aipp, target, gear=None, most=None):
        """The outputs of `om` for uint8 `pictures`, of which `aipp` makes `target` (height, width).

        `gear` is None, ("batch", n) or ("image", height, width). With batches as gears the parameters are for
        as many pictures as there are at `most`.
        """
        library, model = self.library, c_uint32()
        self.call("aclmdlLoadFromFile", c_char_p(str(om).encode()), byref(model))
        description = c_void_p(library.aclmdlCreateDesc())
        self.call("aclmdlGetDesc", description, model)
        sizes = [library.aclmdlGetInputSizeByIndex(description, c_size_t(index)) for index in range(library.aclmdlGetNumInputs(description))]
        given = self.dataset(sizes)
        self.call("aclrtMemcpy", self.address(given, 0), c_size_t(sizes[0]), pictures.ctypes.data_as(c_void_p), c_size_t(pictures.nbytes), c_int32(TO_DEVICE))
        made = self.dataset([library.aclmdlGetOutputSizeByIndex(description, c_size_t(index)) for index in range(library.aclmdlGetNumOutputs(description))])
        if gear is not None:
            index = self.input_of(description, SHAPES)
            function = {"batch": "aclmdlSetDynamicBatchSize", "image": "aclmdlSetDynamicHWSize"}[gear[0]]
            self.call(function, model, given, index, *map(c_uint64, gear[1:]))
        parameters = self.parameters(aipp, most or len(pictures), target)
        self.call("aclmdlSetInputAIPP", model, given, self.input_of(description, PARAMETERS), parameters)
        self.call("aclmdlExecute", model, given, made)
        outputs = [self.output(description, made, index) for index in range(library.aclmdlGetNumOutputs(description))]
        self.call("aclmdlDestroyAIPP", parameters)
        for dataset, count in ((given, len(sizes)), (made, len(outputs))):
            for index in range(count):
                self.call("aclrtFree", self.address(dataset, index))
                self.call("aclDestroyDataBuffer", c_void_p(library.aclmdlGetDatasetBuffer(dataset, c_size_t(index))))
            self.call("aclmdlDestroyDataset", dataset)
        self.call("aclmdlDestroyDesc", description)
        self.call("aclmdlUnload", model)
        return outputs

    def input_of(self, description, name):
        index = c_size_t()
        self.call("aclmdlGetInputIndexByName", description, c_char_p(name), byref(index))
        return index

    def address(self, dataset, index):
        buffer = c_void_p(self.library.aclmdlGetDatasetBuffer(dataset, c_size_t(index)))
        return c_void_p(self.library.aclGetDataBufferAddr(buffer))

    def dataset(self, sizes):
        dataset = c_void_p(self.library.aclmdlCreateDataset())
        for size in sizes:
            memory = c_void_p()
            self.call("aclrtMalloc", byref(memory), c_size_t(size), c_int32(0))
            buffer = c_void_p(self.library.aclCreateDataBuffer(memory, c_size_t(size)))
            self.call("aclmdlAddDatasetBuffer", dataset, buffer)
        return dataset

    def output(self, description, dataset, index):
        dims = Dims()
        self.call("aclmdlGetCurOutputDims", description, c_size_t(index), byref(dims))
        kind = TYPES[self.library.aclmdlGetOutputDataType(description, c_size_t(index))]
        array = np.empty(tuple(dims.dims[: dims.count]), kind)
        place = array.ctypes.data_as(c_void_p)
        self.call("aclrtMemcpy", place, c_size_t(array.nbytes), self.address(dataset, index), c_size_t(array.nbytes), c_int32(TO_HOST))
        return array

    def parameters(self, aipp, batch, target):
        made = c_void_p(self.library.aclmdlCreateAIPP(c_uint64(batch)))
        height, width = aipp.source_of(target)
        self.call("aclmdlSetAIPPInputFormat", made, c_int32(FORMATS[aipp.picture]))
        self.call("aclmdlSetAIPPSrcImageSize", made, c_int32(width), c_int32(height))
        self.call("aclmdlSetAIPPRbuvSwapSwitch", made, c_int8(aipp.rbuv_swap))
        self.call("aclmdlSetAIPPAxSwapSwitch", made, c_int8(aipp.ax_swap))
        if aipp.csc:
            matrix = [c_int16(factor) for row in YUV_TO_BGR for factor in row]
            bias = [c_uint8(value) for value in (*YUV_BIAS, *YUV_BIAS)]
            self.call("aclmdlSetAIPPCscParams", made, c_int8(1), *matrix, *bias)
        for index in map(c_uint64, range(batch)):
            if aipp.crop:
                top, left, rows, columns = map(c_int32, aipp.crop)
                self.call("aclmdlSetAIPPCropParams", made, c_int8(1), left, top, columns, rows, index)
            if aipp.padding:
                self.call("aclmdlSetAIPPPaddingParams", made, c_int8(1), *map(c_int32, aipp.padding), index)
            self.call("aclmdlSetAIPPDtcPixelMean", made, *map(c_int16, aipp.mean), index)
            self.call("aclmdlSetAIPPDtcPixelMin", made, *map(c_float, aipp.min), index)
            self.call("aclmdlSetAIPPPixelVarReci", made, *map(c_float, aipp.var_reci), index)
        return made
