"""Make models as large as real ones, with weights of no meaning, for the pages of `ascend inspect` to show.

    python tools/large_models.py FOLDER

Writes `resnet50.safetensors`, the parameters of the full ResNet-50 as torchvision names them, of which `ascend
convert` makes ONNX; and `bert.onnx`, the graph of a BERT of twelve layers as PyTorch's exporter writes it for open
batch and length (shapes are computed in the graph), but narrow. Needs onnx and numpy.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def resnet50():
    """Name and shape of each parameter."""

    def normalisation(name, channels):
        yield from ((f"{name}.{part}", (channels,)) for part in ("weight", "bias", "running_mean", "running_var"))

    yield "conv1.weight", (64, 3, 7, 7)
    yield from normalisation("bn1", 64)
    channels = 64
    for stage, (blocks, width) in enumerate(zip((3, 4, 6, 3), (64, 128, 256, 512)), 1):
        for block in range(blocks):
            name = f"layer{stage}.{block}"
            for place, (out, size) in enumerate(((width, 1), (width, 3), (4 * width, 1)), 1):
                given = channels if place == 1 else width
                yield f"{name}.conv{place}.weight", (out, given, size, size)
                yield from normalisation(f"{name}.bn{place}", out)
            if block == 0:
                yield f"{name}.downsample.0.weight", (4 * width, channels, 1, 1)
                yield from normalisation(f"{name}.downsample.1", 4 * width)
            channels = 4 * width
    yield "fc.weight", (1000, channels)
    yield "fc.bias", (1000,)


def write_safetensors(path, shapes):
    """Writes float16 parameters: ones, and small numbers for matrices and filters."""
    random = np.random.default_rng(50)
    header, parts, end = {}, [], 0
    for name, shape in shapes:
        if len(shape) > 1:
            array = random.standard_normal(shape, np.float32) / math.sqrt(math.prod(shape[1:]))
        else:
            array = np.ones(shape)
        parts.append(array.astype("<f2").tobytes())
        start, end = end, end + len(parts[-1])
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(parts))


class Graph:
    """A graph that is written node by node, with names as PyTorch's exporter gives them."""

    def __init__(self):
        self.nodes, self.initializers, self.taken = [], [], {}
        self.random = np.random.default_rng(12)

    def node(self, op, scope, inputs, **attributes):
        stem = f"{scope}/{op}"
        count = self.taken[stem] = self.taken.get(stem, -1) + 1
        name = f"{stem}_{count}" if count else stem
        output = f"{name}_output_0"
        self.nodes.append(helper.make_node(op, inputs, [output], name, **attributes))
        return output

    def constant(self, scope, value, dtype=np.int64):
        return self.node("Constant", scope, [], value=numpy_helper.from_array(np.array(value, dtype)))

    def weight(self, name, *shape):
        array = self.random.standard_normal(shape, np.float32) * np.float32(0.1)
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def extent(self, scope, x, axis):
        shape = self.node("Shape", scope, [x])
        return self.node("Gather", scope, [shape, self.constant(scope, axis)], axis=0)

    def linear(self, scope, parameter, x, given, out):
        matrix = self.weight(f"onnx::MatMul_{1000 + len(self.initializers)}", given, out)
        product = self.node("MatMul", scope, [x, matrix])
        return self.node("Add", scope, [self.weight(f"{parameter}.bias", out), product])

    def normalisation(self, scope, parameter, x, width):
        """Layer normalisation, as it is written before opset 17."""
        mean = self.node("ReduceMean", scope, [x], axes=[-1])
        centred = self.node("Sub", scope, [x, mean])
        square = self.node("Pow", scope, [centred, self.constant(scope, 2, np.float32)])
        variance = self.node("ReduceMean", scope, [square], axes=[-1])
        root = self.node("Sqrt", scope, [self.node("Add", scope, [variance, self.constant(scope, 1e-12, np.float32)])])
        scaled = self.node("Div", scope, [centred, root])
        scaled = self.node("Mul", scope, [scaled, self.weight(f"{parameter}.weight", width)])
        return self.node("Add", scope, [scaled, self.weight(f"{parameter}.bias", width)])

    def gelu(self, scope, x):
        inner = self.node("Div", scope, [x, self.constant(scope, math.sqrt(2), np.float32)])
        sum_ = self.node("Add", scope, [self.node("Erf", scope, [inner]), self.constant(scope, 1, np.float32)])
        product = self.node("Mul", scope, [x, sum_])
        return self.node("Mul", scope, [product, self.constant(scope, 0.5, np.float32)])

    def reshaped(self, scope, x, extents):
        """Reshapes to the first two extents of x, and these."""
        parts = [self.node("Unsqueeze", scope, [self.extent(scope, x, axis)], axes=[0]) for axis in (0, 1)]
        parts += [self.constant(scope, [extent]) for extent in extents]
        return self.node("Reshape", scope, [x, self.node("Concat", scope, parts, axis=0)])

    def attention(self, scope, parameter, x, mask, width, heads):
        split = {}
        for part in ("query", "key", "value"):
            linear = self.linear(f"{scope}/self/{part}", f"{parameter}.self.{part}", x, width, width)
            linear = self.reshaped(f"{scope}/self", linear, [heads, width // heads])
            perm = [0, 2, 3, 1] if part == "key" else [0, 2, 1, 3]
            split[part] = self.node("Transpose", f"{scope}/self", [linear], perm=perm)
        inside = f"{scope}/self"
        scores = self.node("MatMul", inside, [split["query"], split["key"]])
        scores = self.node("Div", inside, [scores, self.constant(inside, math.sqrt(width // heads), np.float32)])
        scores = self.node("Add", inside, [scores, mask])
        shares = self.node("Softmax", inside, [scores], axis=3)
        y = self.node("Transpose", inside, [self.node("MatMul", inside, [shares, split["value"]])], perm=[0, 2, 1, 3])
        return self.reshaped(inside, y, [width])


def bert(layers=12, width=24, heads=4, words=100, longest=64):
    g = Graph()
    # the mask of padding, 0 or very negative
    scope = "/bert"
    mask = g.node("Unsqueeze", scope, ["attention_mask"], axes=[1])
    mask = g.node("Unsqueeze", scope, [mask], axes=[2])
    mask = g.node("Cast", scope, [mask], to=TensorProto.FLOAT)
    mask = g.node("Sub", scope, [g.constant(scope, 1, np.float32), mask])
    mask = g.node("Mul", scope, [mask, g.constant(scope, -10000, np.float32)])
    scope, name = "/bert/embeddings", "bert.embeddings"
    length = g.node("Unsqueeze", scope, [g.extent(scope, "input_ids", 1)], axes=[0])
    places = g.constant(scope, np.arange(longest)[None])
    ends = [g.constant(scope, [0]), length, g.constant(scope, [1]), g.constant(scope, [1])]
    places = g.node("Slice", scope, [places, *ends])
    x = g.node("Gather", f"{scope}/word_embeddings", [g.weight(f"{name}.word_embeddings.weight", words, width), "input_ids"])
    kinds = g.node(
        "Gather", f"{scope}/token_type_embeddings",
        [g.weight(f"{name}.token_type_embeddings.weight", 2, width), "token_type_ids"],
    )
    x = g.node("Add", scope, [x, kinds])
    places = g.node(
        "Gather", f"{scope}/position_embeddings",
        [g.weight(f"{name}.position_embeddings.weight", longest, width), places],
    )
    x = g.node("Add", scope, [x, places])
    x = g.normalisation(f"{scope}/LayerNorm", f"{name}.LayerNorm", x, width)
    for layer in range(layers):
        scope, name = f"/bert/encoder/layer.{layer}", f"bert.encoder.layer.{layer}"
        y = g.attention(f"{scope}/attention", f"{name}.attention", x, mask, width, heads)
        y = g.linear(f"{scope}/attention/output/dense", f"{name}.attention.output.dense", y, width, width)
        x = g.node("Add", f"{scope}/attention/output", [y, x])
        x = g.normalisation(f"{scope}/attention/output/LayerNorm", f"{name}.attention.output.LayerNorm", x, width)
        y = g.linear(f"{scope}/intermediate/dense", f"{name}.intermediate.dense", x, width, 4 * width)
        y = g.gelu(f"{scope}/intermediate/intermediate_act_fn", y)
        y = g.linear(f"{scope}/output/dense", f"{name}.output.dense", y, 4 * width, width)
        x = g.node("Add", f"{scope}/output", [y, x])
        x = g.normalisation(f"{scope}/output/LayerNorm", f"{name}.output.LayerNorm", x, width)
    first = g.node("Gather", "/bert/pooler", [x, g.constant("/bert/pooler", 0)], axis=1)
    pooled = g.node(
        "Gemm", "/bert/pooler/dense",
        [first, g.weight("bert.pooler.dense.weight", width, width), g.weight("bert.pooler.dense.bias", width)],
        transB=1,
    )
    g.nodes.append(helper.make_node("Tanh", [pooled], ["pooler_output"], "/bert/pooler/activation/Tanh"))
    g.nodes.append(helper.make_node("Identity", [x], ["last_hidden_state"], "/bert/Identity"))
    both = ["batch", "sequence"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, both)
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    outputs = [
        helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*both, width]),
        helper.make_tensor_value_info("pooler_output", TensorProto.FLOAT, ["batch", width]),
    ]
    graph = helper.make_graph(g.nodes, "bert", inputs, outputs, g.initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], producer_name="large_models")
    model.ir_version = 6
    return onnx.shape_inference.infer_shapes(model)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write_safetensors(folder / "resnet50.safetensors", resnet50())
    model = bert()
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, folder / "bert.onnx")
    print(f"bert.onnx: {len(model.graph.node)} nodes")


if __name__ == "__main__":
    main()
