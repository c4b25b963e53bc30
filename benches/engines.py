"""Time a network on the CPU device, by both of its engines, beside ONNX Runtime itself.

    cargo build --release --features ort -p ascend-rt -p ascend-mock-so
    python benches/engines.py target/release resnet50.onnx [--threads 1] [--runs 60] [--shape 1,3,224,224]

Needs onnxruntime and numpy. The library of the engine is the one in that package. For each engine a
process of its own loads the drop-in libascendcl.so and takes turns: some runs of `aclmdlExecute`, as many
of `InferenceSession.run`, with the same input and threads. Told are medians and minima of the runs in
milliseconds, their ratios, and how far the outputs differ.
"""

import argparse
import ctypes
import glob
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime

BLOCK = 5
TO_DEVICE, TO_HOST = 1, 2


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, help="with `ascend` and `ascend-cpu`, such as target/release")
    parser.add_argument("network", help="an ONNX file of one float32 input")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--shape", default="1,3,224,224")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        return measure(args)
    capi = Path(onnxruntime.__file__).parent / "capi"
    [library] = glob.glob(str(capi / "libonnxruntime.so.*"))
    print(f"ONNX Runtime {onnxruntime.__version__}, {args.threads} threads, {args.runs} runs of each")
    for engine in (f"onnxruntime:{library}", "rten"):
        with tempfile.TemporaryDirectory() as folder:
            om = os.path.join(folder, "network.om")
            convert = [args.folder / "ascend", "--engine", engine, "convert", args.network, om]
            name = onnxruntime.InferenceSession(args.network).get_inputs()[0].name
            shape = f"--input-shape={name}:{args.shape}"
            subprocess.run([*convert, shape], check=True, stdout=subprocess.DEVNULL)
            environment = {
                **os.environ,
                "LD_LIBRARY_PATH": str(args.folder.absolute() / "ascend-cpu" / "lib64"),
                "ASCEND_MOCK_CONFIG": f"threads = {args.threads}",
                "ASCEND_MOCK_ENGINE": engine,
            }
            subprocess.run([sys.executable, *sys.argv, "--child", om], check=True, env=environment)


def measure(args):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = args.threads
    session = onnxruntime.InferenceSession(args.network, options, providers=["CPUExecutionProvider"])
    shape = [int(extent) for extent in args.shape.split(",")]
    x = np.random.default_rng(3).random(shape, dtype=np.float32)
    feed = {session.get_inputs()[0].name: x}
    [expected, *_] = session.run(None, feed)
    device = Device(args.child, x, expected)
    off = np.abs(device.output() - expected).max() / np.abs(expected).max()
    times = {"device": [], "itself": []}
    for _ in range(args.runs // BLOCK):
        for who, run in (("device", device.run), ("itself", lambda: session.run(None, feed))):
            for _ in range(BLOCK):
                start = time.perf_counter()
                run()
                times[who].append(1e3 * (time.perf_counter() - start))
    median = {who: statistics.median(runs) for who, runs in times.items()}
    least = {who: min(runs) for who, runs in times.items()}
    engine = os.environ["ASCEND_MOCK_ENGINE"].partition(":")[0]
    print(
        f"{engine}: median {median['device']:.2f} ms, itself {median['itself']:.2f} ms,"
        f" ratio {median['device'] / median['itself']:.3f};"
        f" least {least['device']:.2f} ms, itself {least['itself']:.2f} ms,"
        f" ratio {least['device'] / least['itself']:.3f}; outputs differ by {off:.1e} of the largest"
    )


class Device:
    """A model on the drop-in library, with an input on the device."""

    def __init__(self, om, x, expected):
        self.acl = ctypes.CDLL("libascendcl.so")
        for make in ("aclmdlCreateDataset", "aclCreateDataBuffer"):
            getattr(self.acl, make).restype = ctypes.c_void_p
        self.ok("aclInit", None)
        self.ok("aclrtSetDevice", 0)
        self.model = ctypes.c_uint32()
        self.ok("aclmdlLoadFromFile", om.encode(), ctypes.byref(self.model))
        self.expected = expected
        self.inputs, place = self.dataset(x.nbytes)
        self.ok("aclrtMemcpy", place, ctypes.c_size_t(x.nbytes), x.ctypes.data_as(ctypes.c_void_p),
                ctypes.c_size_t(x.nbytes), TO_DEVICE)
        self.outputs, self.place = self.dataset(expected.nbytes)
        self.run()

    def ok(self, function, *arguments):
        code = getattr(self.acl, function)(*arguments)
        if code:
            self.acl.aclGetRecentErrMsg.restype = ctypes.c_char_p
            raise RuntimeError(f"{function}: {code}: {self.acl.aclGetRecentErrMsg()}")

    def dataset(self, size):
        place = ctypes.c_void_p()
        self.ok("aclrtMalloc", ctypes.byref(place), ctypes.c_size_t(size), 0)
        dataset = ctypes.c_void_p(self.acl.aclmdlCreateDataset())
        buffer = ctypes.c_void_p(self.acl.aclCreateDataBuffer(place, ctypes.c_size_t(size)))
        self.ok("aclmdlAddDatasetBuffer", dataset, buffer)
        return dataset, place

    def run(self):
        self.ok("aclmdlExecute", self.model, self.inputs, self.outputs)

    def output(self):
        found = np.empty_like(self.expected)
        self.ok("aclrtMemcpy", found.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(found.nbytes),
                self.place, ctypes.c_size_t(found.nbytes), TO_HOST)
        return found


if __name__ == "__main__":
    main()
