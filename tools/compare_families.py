"""Hold networks with gears, ranges and preprocessed pictures (AIPP) against ONNX Runtime.

    python tools/compare_families.py ASCEND FOLDER… [--library libascend_mock_so.so]

FOLDERs hold the networks: tests/data/families, and one with ResNet-18 as `resnet18*.onnx` where there is
one. Each is made an .om by `ASCEND convert` and run by `ASCEND run` in each of its gears, between them with
padding, and with pictures. Preprocessing is computed by the formulas (aipp.py) before ONNX Runtime gets its
input; where the parameters come with the run, which `ASCEND run` has no option for, the same .om is run through
the C API of the library (acl_client.py).

All outputs must have the shape and type that ONNX Runtime gives, and differ nowhere by more than TOLERANCE
of the output's largest number; whole numbers must be the same. Padded runs are held against ONNX
Runtime with the same zeros in its input, and its outputs cut to the shape that it gives without them.
In the end differences are planted, which must be found. Needs onnx, onnxruntime and numpy.
"""

import argparse
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper

from acl_client import Client
from aipp import Aipp
from compare_onnx import difference

TOLERANCE = 1e-4
TYPES = {"tensor(float)": np.float32, "tensor(int64)": np.int64}

NORMAL = {"mean": (124, 116, 104, 99), "min": (0.25, 0.0, 1.5, 0.0), "var_reci": (0.0171, 0.0175, 0.0174, 0.02)}
RGB = Aipp("RGB888_U8", rbuv_swap=True, **NORMAL)
GREY = Aipp("YUV400_U8", mean=(128, 0, 0, 0), var_reci=(0.0078125, 1.0, 1.0, 1.0))
YUV = Aipp("YUV420SP_U8", csc=True, **NORMAL)
ALPHA = Aipp("XRGB8888_U8", ax_swap=True, **NORMAL)


def cut_out(aipp, target, *, padded=False):
    """The same for larger pictures, of which `target` is cut out, or a little less and zeros around it."""
    height, width = target
    frame = (2, 3, 4, 1) if padded else (0, 0, 0, 0)
    rows, columns = height - frame[0] - frame[1], width - frame[2] - frame[3]
    crop = (4, 6, rows, columns)
    return replace(aipp, source=(height + 10, width + 16), crop=crop, padding=frame if padded else None)


@dataclass(frozen=True)
class Run:
    """The values of the open dimensions; those of the gear that they are padded to, if they are none."""

    values: tuple
    gear: tuple | None = None
    uncut: bool = False  # asked for with --pad=uncut
    whole: bool = False  # outputs have the extents of the gear, which are no multiple of the values


def batches(*sizes):
    return [Run((size,)) for size in sizes]


@dataclass(frozen=True)
class Case:
    """A network, and one way to open its dimensions."""

    net: str
    open: tuple = ()  # axes of all inputs, in the order of the values
    options: tuple = ()
    limits: tuple | None = None  # of the open axes, as --input-shape has them; -1 without
    runs: tuple = (Run(()),)
    aipp: Aipp | None = None

    @property
    def name(self):
        words = [self.net, *self.options[:2], *(self.limits or ())]
        return " ".join([*words, self.aipp.picture if self.aipp else ""]).strip()


def batch(net, aipp=None):
    runs = [*batches(1, 2, 5), Run((3,), (5,))]
    return Case(net, (0,), ("--dynamic-batch-size", "1,2,5"), runs=tuple(runs), aipp=aipp)


def image(net, *sizes, aipp=None, between=None):
    words = ";".join(f"{height},{width}" for height, width in sizes)
    runs = [*map(Run, sizes), *([between] if between else [])]
    return Case(net, (2, 3), ("--dynamic-image-size", words), runs=tuple(runs), aipp=aipp)


def dims(net, open, *gears, between=(), inputs=1):
    words = ";".join(",".join(map(str, gear * inputs)) for gear in gears)
    options = ("--dynamic-dims", words, "--input-format", "ND")
    return Case(net, open, options, runs=(*map(Run, gears), *between))


def limits(net, open, words, *values):
    return Case(net, open, limits=words, runs=tuple(map(Run, values)))


def cases(resnets):
    nets = [
        "resnet", "resnet_dynamic", "vgg_squeezenet", "densenet_inception", "mobilenet_v2", "mobilenet_v3",
        "efficientnet", "convnext", "yolo_v5", "deeplab", "unet", "vit",
    ]
    for net in [*resnets, *nets]:
        yield batch(net)
    for net in [*resnets, "resnet", "densenet_inception", "mobilenet_v2", "mobilenet_v3", "efficientnet", "convnext", "yolo_v5"]:
        # what the classes of a larger picture are, zeros around it decide: it is given as it is
        yield image(net, (64, 64), (64, 96), (128, 96), between=Run((80, 88), (128, 96), uncut=True, whole=True))
    for net in ["deeplab", "unet"]:
        yield image(net, (33, 33), (49, 65), between=Run((41, 51), (49, 65)))
    yield dims("bert", (0, 1), (1, 12), (2, 8), (4, 5), between=(Run((3, 5), (4, 5)), Run((1, 7), (1, 12), uncut=True)), inputs=2)
    yield dims("resnet_dynamic", (0, 2, 3), (1, 64, 64), (3, 96, 64), between=[Run((2, 96, 64), (3, 96, 64))])
    yield dims("yolo_v5", (0, 3), (1, 64), (2, 96), between=[Run((2, 80), (2, 96), uncut=True, whole=True)])
    yield dims("unet", (2,), (33,), (47,), between=[Run((41,), (47,))])
    for words in [("1~4", "3~12"), ("-1", "-1")]:
        yield limits("bert", (0, 1), words, (1, 12), (4, 3), (3, 7))
    for words in [("1~3", "64~128", "64~128"), ("-1", "-1", "-1")]:
        for net in [*resnets, "mobilenet_v3", "efficientnet", "convnext", "deeplab", "densenet_inception"]:
            yield limits(net, (0, 2, 3), words, (1, 64, 64), (3, 128, 70), (2, 99, 128))
    yield from with_pictures(resnets)


def with_pictures(resnets):
    for net in resnets:
        for aipp in [RGB, YUV, cut_out(YUV, (64, 64)), cut_out(RGB, (64, 64), padded=True), ALPHA]:
            yield batch(net, aipp)
        yield image(net, (64, 64), (96, 128), aipp=YUV)
    for net in ["convnext", "efficientnet", "mobilenet_v2", "vit", "vgg_squeezenet"]:
        yield batch(net, cut_out(YUV, (32, 32)))
    for net in ["resnet", "densenet_inception", "yolo_v5"]:
        yield batch(net, cut_out(ALPHA, (64, 64), padded=True))
        yield image(net, (64, 64), (96, 128), aipp=RGB)
    yield image("deeplab", (34, 34), (48, 64), aipp=YUV)
    yield batch("unet", RGB)
    for net in ["segformer", "shufflenet", "rt_detr", "yolo_v8"]:
        yield Case(net, aipp=cut_out(YUV, (64, 64), padded=True))
        yield Case(net, aipp=RGB)
    yield Case("swin", aipp=cut_out(ALPHA, (32, 32)))
    yield Case("crnn", aipp=GREY)
    yield Case("deepspeech2", aipp=cut_out(GREY, (16, 40), padded=True))


class Network:
    """One case's network, as it was exported but for the dimensions that the case opens."""

    def __init__(self, file, case, folder):
        self.case, self.folder = case, folder
        self.model = onnx.load(file)
        constants = {tensor.name for tensor in self.model.graph.initializer}
        self.inputs = [value for value in self.model.graph.input if value.name not in constants]
        self.stored = {}
        for place, value in enumerate(self.inputs):
            given = file.with_name(f"{file.stem}.in{place}.npy")
            self.stored[value.name] = np.load(given) if given.exists() else None
            for axis in case.open:
                value.type.tensor_type.shape.dim[axis].Clear()
                value.type.tensor_type.shape.dim[axis].dim_param = f"open{axis}"
        if case.open:
            # the shapes that the exporter saw
            del self.model.graph.value_info[:]
            for value in self.model.graph.output:
                value.type.tensor_type.ClearField("shape")
        self.file = folder / "net.onnx"
        onnx.save(self.model, self.file)
        self.session = session(self.model)

    def shapes(self, values=None):
        """The shape of each input: with `values` for the dimensions that are open, or what the options say."""
        found = {}
        for value in self.inputs:
            shape = [dim.dim_value or 1 for dim in value.type.tensor_type.shape.dim]
            for place, axis in enumerate(self.case.open):
                words = self.case.limits or ("-1",) * len(self.case.open)
                shape[axis] = words[place] if values is None else values[place]
            found[value.name] = shape
        return found

    def target(self, values):
        """Height and width of the picture, as the network gets it."""
        (shape,) = self.shapes(values).values()
        return tuple(shape[2:])

    def convert(self, ascend, *, dynamic=False):
        case, om = self.case, self.folder / ("dynamic.om" if dynamic else "static.om")
        shapes = ";".join(f"{name}:{','.join(map(str, shape))}" for name, shape in self.shapes().items())
        command = [ascend, "convert", self.file, om, *case.options, "--input-shape", shapes]
        if case.aipp:
            given = self.folder / "aipp.cfg"
            free = {2, 3} & set(case.open)
            target = None if free else self.target(case.runs[0].values)
            text = "aipp_op { aipp_mode: dynamic max_src_image_size: 262144 }\n"
            given.write_text(text if dynamic else case.aipp.configuration(target))
            command += ["--insert-op-conf", given]
        told(command)
        return om

    def feed(self, values, seed):
        """Each input, for these values of what is open."""
        random = np.random.default_rng(seed)
        made = {}
        types = {spec.name: TYPES[spec.type] for spec in self.session.get_inputs()}
        for name, shape in self.shapes(values).items():
            if types[name] == np.int64:
                made[name] = random.choice(self.stored[name].ravel(), shape)
            else:
                made[name] = random.standard_normal(shape, dtype=np.float32)
        return made

    def pictures(self, values, seed):
        (shape,) = self.shapes(values).values()
        shape = self.case.aipp.bytes_shape(shape[0], shape[2:])
        return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)

    def preprocessed(self, pictures, values):
        ((name, shape),) = self.shapes(values).items()
        return {name: self.case.aipp.apply(pictures, shape[1], tuple(shape[2:])).astype(np.float32)}

    def expected(self, feed, run, runtime=None):
        runtime = runtime or self.session
        if run.gear is None:
            return runtime.run(None, feed)
        around = {}
        for name, shape in self.shapes(run.gear).items():
            missing = [(0, most - own) for own, most in zip(feed[name].shape, shape)]
            around[name] = np.pad(feed[name], missing)
        padded = runtime.run(None, around)
        if run.whole:
            return padded
        alone = runtime.run(None, feed)
        return [of[tuple(map(slice, own.shape))] for of, own in zip(padded, alone)]


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def told(command):
    done = subprocess.run([str(word) for word in command], text=True, capture_output=True)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}"
    return done.stdout


def by_program(ascend, om, feed, run):
    """The outputs of `ascend run`, in the order of the model."""
    with tempfile.TemporaryDirectory() as folder:
        words = []
        for place, (name, array) in enumerate(feed.items()):
            file = Path(folder) / f"in{place}.npy"
            np.save(file, array)
            words += ["--input", f"{name}={file}"]
        if run.gear is not None:
            words.append("--pad=uncut" if run.uncut else "--pad")
        lines = told([ascend, "--device", "mock", "run", om, *words, "--output", Path(folder) / "out"])
        files = [line.removeprefix("wrote ") for line in lines.splitlines() if line.startswith("wrote ")]
        return [np.load(file) for file in files]


def compare(got, expected):
    """The largest difference among all outputs, in parts of the largest number of each."""
    assert len(got) == len(expected), (len(got), len(expected))
    found = 0.0
    for own, other in zip(got, expected):
        assert own.dtype == other.dtype and own.shape == other.shape, (own.dtype, own.shape, other.dtype, other.shape)
        if other.dtype.kind == "f":
            assert np.isfinite(other).all() and np.abs(other).max() > 0, "no numbers to compare with"
            found = max(found, difference(own, other))
        else:
            assert (own == other).all(), "whole numbers differ"
    assert found <= TOLERANCE, f"{found:.1e} of the scale"
    return found


def check(case, file, ascend, client, folder):
    """Compares all runs of a case; gives their number, the largest difference, and one for `plant`."""
    network = Network(file, case, folder)
    om = network.convert(ascend)
    results = []
    for seed, run in enumerate(case.runs):
        if case.aipp:
            pictures = network.pictures(run.values, seed)
            feed = network.preprocessed(pictures, run.values)
            given = {name: pictures for name in feed}
        else:
            given = feed = network.feed(run.values, seed)
        results.append((by_program(ascend, om, given, run), feed, run))
    if case.aipp and client:
        om = network.convert(ascend, dynamic=True)
        kind = {"--dynamic-batch-size": "batch", "--dynamic-image-size": "image"}.get("".join(case.options[:1]))
        runs = [run for run in case.runs if run.gear is None]
        # with image sizes as gears the device takes the largest picture only
        runs = runs[-1:] if kind == "image" else runs
        for seed, run in enumerate(runs):
            pictures = network.pictures(run.values, seed)
            gear, most = kind and (kind, *run.values), None
            if kind == "batch":
                most = max(other.values[0] for other in runs)
            got = client.run(om, pictures, case.aipp, network.target(run.values), gear, most)
            results.append((got, network.preprocessed(pictures, run.values), run))
    found = 0.0
    for got, feed, run in results:
        try:
            found = max(found, compare(got, network.expected(feed, run)))
        except AssertionError as error:
            raise AssertionError(f"{case.name}, {run}: {error}") from error
    return network, results, found


def plant(network, results):
    """Changes one weight in a hundred by a hundredth of its scale, for ONNX Runtime: each run must differ."""
    model = onnx.ModelProto()
    model.CopyFrom(network.model)
    constants = [tensor for tensor in model.graph.initializer if tensor.data_type == onnx.TensorProto.FLOAT]
    for tensor in constants:
        array = numpy_helper.to_array(tensor).copy()
        array.reshape(-1)[::100] += np.abs(array).max() * 1e-2
        tensor.CopyFrom(numpy_helper.from_array(array, tensor.name))
    changed = session(model)
    for got, feed, run in results:
        expected = network.expected(feed, run, changed)
        assert_differs(got, expected, f"{network.case.name}, {run}: a planted difference was not found")
        if network.case.aipp:
            # means that are off by eight, which of 255 levels is little
            other = {name: array + np.float32(8 * 0.0175) for name, array in feed.items()}
            assert_differs(got, network.expected(other, run), f"{network.case.name}: a planted mean was not found")


def assert_differs(got, expected, message):
    try:
        compare(got, expected)
    except AssertionError:
        return
    raise SystemExit(message)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ascend")
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--library")
    parser.add_argument("--only", help="cases with this in their name")
    given = parser.parse_args()
    files = {file.stem: file for folder in given.folders for file in sorted(folder.glob("*.onnx"))}
    resnets = [name for name in files if name.startswith("resnet18")]
    if not resnets:
        print("no resnet18*.onnx in these folders: it is left out")
    client = Client(given.library) if given.library else None
    if client is None:
        print("no --library: parameters of preprocessing that come with the run are left out")
    chosen = [case for case in cases(resnets) if not given.only or given.only in case.name]
    assert chosen, "there is nothing to compare"
    largest, count, planted = 0.0, 0, 0
    for case in chosen:
        with tempfile.TemporaryDirectory() as folder:
            network, results, found = check(case, files[case.net], given.ascend, client, Path(folder))
            print(f"{case.name}: {len(results)} runs, {found:.1e}", flush=True)
            largest, count = max(largest, found), count + len(results)
            plant(network, results)
            planted += len(results)
    if client:
        client.close()
    nets = len({case.net for case in chosen})
    print(f"{count} runs of {nets} networks in {len(chosen)} forms: at most {largest:.1e} of the scale from ONNX "
          f"Runtime {onnxruntime.__version__}; all {planted} planted differences found")


if __name__ == "__main__":
    main()
