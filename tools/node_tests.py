"""Write ONNX's own tests of single operators to files.

    python tools/node_tests.py target/node_tests

Each test becomes a folder with model.onnx and test_data_set_0/{input,output}_*.pb. Needs onnx; its
package holds the tests as code. Then

    ONNX_NODE_TESTS=target/node_tests cargo test -p ascend-mock --test compiler -- --ignored node_tests

runs them all on the CPU device, and with OPERATORS_MD=docs/operators.md writes the table there anew.
"""

import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper
from onnx.backend.test.case import node


def main():
    folder = Path(sys.argv[1])
    warnings.filterwarnings("ignore")
    cases = node.collect_testcases(None)
    for case in cases:
        place = folder / case.name
        place.mkdir(parents=True, exist_ok=True)
        (place / "model.onnx").write_bytes(case.model.SerializeToString())
        for number, (inputs, outputs) in enumerate(case.data_sets):
            data = place / f"test_data_set_{number}"
            data.mkdir(exist_ok=True)
            graph = case.model.graph
            for kind, values, infos in (("input", inputs, graph.input), ("output", outputs, graph.output)):
                for index, (value, info) in enumerate(zip(values, infos)):
                    (data / f"{kind}_{index}.pb").write_bytes(encoded(value, info).SerializeToString())
    print(f"{len(cases)} tests of onnx {onnx.__version__}")


def encoded(value, info):
    if info.type.HasField("sequence_type"):
        return numpy_helper.from_list(value, info.name)
    if info.type.HasField("optional_type"):
        return numpy_helper.from_optional(value, info.name)
    if isinstance(value, TensorProto):
        return value
    return numpy_helper.from_array(np.asarray(value), info.name)


if __name__ == "__main__":
    main()
