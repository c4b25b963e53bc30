"""Hold an ONNX file and the .om made from it against the reference tools.

    python tools/compare_onnx.py ASCEND MODEL.onnx MODEL.om [TOLERANCE]

The file must pass onnx.checker; its outputs by ONNX Runtime and those of `ASCEND run` on the
CPU device must agree within TOLERANCE (1e-4) of their scale. Needs onnx, onnxruntime and numpy.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

TOLERANCE = 1e-4
TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16}


def reference(model, picture=None):
    """The input and the output by ONNX Runtime, once onnx.checker has passed the file."""
    onnx.checker.check_model(str(model), full_check=True)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    (spec,) = session.get_inputs()
    if picture is None:
        shape = [3 if isinstance(dim, str) else dim for dim in spec.shape]
        picture = np.random.default_rng(7).standard_normal(shape, dtype=np.float32)
    picture = picture.astype(TYPES[spec.type])
    (expected,) = session.run(None, {spec.name: picture})
    return picture, expected


def on_the_cpu_device(ascend, om, picture):
    """The output of the .om."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "given.npy"
        np.save(given, picture)
        command = [ascend, "--device", "mock", "run", om, "--input", given, "--output", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        given.unlink()
        (got,) = Path(folder).glob("*.npy")
        return np.load(got)


def difference(got, expected):
    """The largest one, in parts of the largest number."""
    assert got.shape == expected.shape, (got.shape, expected.shape)
    got, expected = got.astype(np.float64), expected.astype(np.float64)
    return np.abs(got - expected).max() / np.abs(expected).max()


def main():
    ascend, model, om, *tolerance = sys.argv[1:]
    picture, expected = reference(model)
    found = difference(on_the_cpu_device(ascend, om, picture), expected)
    print(f"largest difference to ONNX Runtime {onnxruntime.__version__}: {found:.1e} of the scale")
    assert found <= (float(*tolerance) if tolerance else TOLERANCE)


if __name__ == "__main__":
    main()
