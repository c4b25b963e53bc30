"""Check what `ascend convert` makes of weights and of ONNX files against onnx and ONNX Runtime.

    python tools/check_convert.py ASCEND WEIGHTS.pth [SKELETON.onnx]

WEIGHTS are those of a ResNet. Checked are: every opset from 9 to 18 in both precisions; files with
external data, ours read by onnx and onnx's read by us; a skeleton that is filled; and --simplify, by
the test data that onnx has for its operators. Needs onnx, onnxruntime and numpy.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from compare_onnx import difference, on_the_cpu_device, reference

SIZE = "64"
SINGLE, HALF = 1e-4, 5e-3


def convert(ascend, *arguments):
    command = [ascend, "convert", *map(str, arguments), "--overwrite"]
    done = subprocess.run(command, text=True, capture_output=True)
    assert done.returncode == 0, f"{command}\n{done.stderr}"
    return done.stdout


def check_opsets(ascend, weights, folder):
    _, single = convert_and_run(ascend, weights, folder, "single", ["--opset", "11"])
    for opset in range(9, 19):
        for name, options, tolerance in [
            ("f32", [], SINGLE),
            ("f16 inside", ["--dtype", "f16"], HALF),
            ("f16 throughout", ["--dtype", "f16", "--io-dtype", "f16"], HALF),
        ]:
            options = ["--opset", opset, *options]
            own, by_runtime = convert_and_run(ascend, weights, folder, "net", options)
            for what, other in [("ONNX Runtime", by_runtime), ("single precision", single)]:
                found = difference(own, other)
                print(f"opset {opset}, {name}: {found:.1e} to {what}")
                assert found <= tolerance
    for batch in ["4", "dynamic"]:
        convert_and_run(ascend, weights, folder, "net", ["--batch", batch])
    om = folder / "gears.om"
    told = convert(ascend, weights, om, "--image-size", SIZE, "--batch", "1,2,4")
    assert "gears" in told, told


def convert_and_run(ascend, weights, folder, name, options):
    """The outputs by the CPU device and by ONNX Runtime."""
    model, om = folder / f"{name}.onnx", folder / f"{name}.om"
    convert(ascend, weights, model, "--image-size", SIZE, *options)
    convert(ascend, weights, om, "--image-size", SIZE, *options)
    given, expected = reference(model)
    return on_the_cpu_device(ascend, om, given), expected


def check_external_data(ascend, weights, folder):
    whole, ours = folder / "whole.onnx", folder / "ours.onnx"
    convert(ascend, weights, whole, "--image-size", SIZE)
    convert(ascend, weights, ours, "--image-size", SIZE, "--external-data")
    given, expected = reference(whole)
    assert (folder / "ours.onnx.data").stat().st_size > 10 * ours.stat().st_size
    assert difference(reference(ours, given)[1], expected) == 0
    for loaded, tensor in zip(onnx.load(ours).graph.initializer, onnx.load(whole).graph.initializer):
        assert loaded.name == tensor.name
        np.testing.assert_array_equal(numpy_helper.to_array(loaded), numpy_helper.to_array(tensor))
    for name, one_file in [("onnx_one", True), ("onnx_many", False)]:
        (folder / name).mkdir()
        theirs = folder / name / "net.onnx"
        onnx.save_model(
            onnx.load(whole), theirs, save_as_external_data=True, all_tensors_to_one_file=one_file,
            location="net.bin" if one_file else None, size_threshold=0, convert_attribute=True,
        )
        om = folder / f"{name}.om"
        convert(ascend, theirs, om)
        assert difference(on_the_cpu_device(ascend, om, given), expected) <= SINGLE
        convert(ascend, theirs, folder / "back.onnx", "--simplify")
        assert difference(reference(folder / "back.onnx", given)[1], expected) == 0
    print("external data: read by onnx and ONNX Runtime, and theirs by us")


def check_skeleton(ascend, weights, folder, skeleton):
    whole = folder / "whole.onnx"
    convert(ascend, weights, whole, "--image-size", SIZE)
    given, expected = reference(whole)
    empty = onnx.load(whole)
    for tensor in empty.graph.initializer:
        array = numpy_helper.to_array(tensor)
        tensor.CopyFrom(numpy_helper.from_array(np.ones_like(array), tensor.name))
    for node in empty.graph.node:
        if node.op_type == "Gemm":
            # As exporters fold it: transposed.
            (turned,) = [a for a in node.attribute if a.name == "transB"]
            node.attribute.remove(turned)
            for tensor in empty.graph.initializer:
                if tensor.name == node.input[1]:
                    array = numpy_helper.to_array(tensor).T
                    tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(array), tensor.name))
    onnx.save(empty, folder / "empty.onnx")
    filled = folder / "filled.onnx"
    print(convert(ascend, weights, filled, "--skeleton", folder / "empty.onnx"))
    assert difference(reference(filled, given)[1], expected) <= SINGLE
    if skeleton:
        command = [ascend, "convert", weights, filled, "--skeleton", skeleton, "--overwrite"]
        print(subprocess.run(command, text=True, capture_output=True).stderr)


def check_operators(ascend, folder):
    """Gives every operator that onnx has data for constant inputs, and looks what becomes of it."""
    from onnx.backend.test.case import node as cases

    folded = {}
    for case in cases.collect_testcases(None):
        model = case.model
        graph = model.graph
        if all(imported.domain for imported in model.opset_import):
            continue
        if not case.data_sets or len(graph.node) != 1 or len(graph.output) != 1:
            continue
        inputs, outputs = case.data_sets[0]
        if not all(isinstance(array, np.ndarray) for array in [*inputs, *outputs]):
            continue
        try:
            constants = [
                numpy_helper.from_array(array, info.name) for info, array in zip(graph.input, inputs)
            ]
        except (ValueError, TypeError, RuntimeError, KeyError):
            continue
        # The value is copied to the output, as nodes that give outputs stay.
        copy = helper.make_node("Identity", [graph.output[0].name], ["copied"])
        echo = helper.make_node("Identity", ["given"], ["echoed"])
        given = helper.make_tensor_value_info("given", TensorProto.FLOAT, [1])
        echoed = helper.make_tensor_value_info("echoed", TensorProto.FLOAT, [1])
        copied = onnx.ValueInfoProto()
        copied.CopyFrom(graph.output[0])
        copied.name = "copied"
        whole = helper.make_graph(
            [*graph.node, copy, echo], "case", [given], [copied, echoed], constants
        )
        source, target = folder / "case.onnx", folder / "simple.onnx"
        onnx.save(helper.make_model(whole, opset_imports=model.opset_import), source)
        command = [ascend, "convert", source, target, "--simplify", "--overwrite"]
        done = subprocess.run(command, text=True, capture_output=True)
        op = graph.node[0].op_type
        if done.returncode != 0:
            print(f"{case.name}: {done.stderr.strip()[:160]}")
            continue
        simple = onnx.load(target)
        copies = [node.input[0] for node in simple.graph.node if node.output[0] == "copied" and node.op_type == "Identity"]
        found = [tensor for tensor in simple.graph.initializer if tensor.name in copies]
        if not found:
            continue
        got, expected = numpy_helper.to_array(found[0]), outputs[0]
        assert got.dtype == expected.dtype and got.shape == expected.shape, case.name
        np.testing.assert_allclose(got, expected, rtol=1e-6, err_msg=case.name)
        folded[op] = folded.get(op, 0) + 1
    print("computed ahead as onnx says:", ", ".join(f"{op} {n}" for op, n in sorted(folded.items())))
    assert len(folded) >= 25, len(folded)


def main():
    ascend, weights, *skeleton = sys.argv[1:]
    print(f"onnx {onnx.__version__}, ONNX Runtime {onnxruntime.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        check_operators(ascend, folder)
        check_external_data(ascend, weights, folder)
        check_skeleton(ascend, weights, folder, skeleton[0] if skeleton else None)
        check_opsets(ascend, weights, folder)


if __name__ == "__main__":
    main()
