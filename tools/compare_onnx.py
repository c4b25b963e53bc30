"""Hold an ONNX file and the .om made from it against the reference tools.

    python tools/compare_onnx.py ASCEND MODEL.onnx MODEL.om

The file must pass onnx.checker; its outputs by ONNX Runtime and those of `ASCEND run` on the
CPU device must agree within 1e-4 of their scale. Needs onnx, onnxruntime and numpy.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

TOLERANCE = 1e-4


def main():
    ascend, model, om = sys.argv[1:]
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    (spec,) = session.get_inputs()
    shape = [3 if isinstance(dim, str) else dim for dim in spec.shape]
    picture = np.random.default_rng(7).standard_normal(shape, dtype=np.float32)
    (expected,) = session.run(None, {spec.name: picture})
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "given.npy"
        np.save(given, picture)
        command = [ascend, "--device", "mock", "run", om, "--input", f"{spec.name}={given}", "--output", folder]
        subprocess.run(command, check=True)
        got = np.load(Path(folder) / f"{session.get_outputs()[0].name}.npy")
    assert got.shape == expected.shape, (got.shape, expected.shape)
    difference = np.abs(got - expected).max() / np.abs(expected).max()
    print(f"largest difference to ONNX Runtime {onnxruntime.__version__}: {difference:.1e} of the scale")
    assert difference <= TOLERANCE


if __name__ == "__main__":
    main()
