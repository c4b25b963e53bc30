"""Checkpoints that `ascend convert` writes, in the eyes of PyTorch itself.

    python3 tools/check_saved.py target/release/ascend

Saves tensors of every type, tied, viewed and quantised, with torch; converts them with the program to
each form that it writes; loads those with `torch.load(weights_only=True)` (and `mmap=True` where torch
knows it), and safetensors with the package of that name if it is there; and compares bit by bit.
Runs on torch 1.13 and later: types that a version lacks are left out.
"""
import inspect
import io
import json
import os
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections import OrderedDict

import torch

TYPES = (
    "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64 complex128 "
    "uint16 uint32 uint64 complex32 float8_e4m3fn float8_e5m2 float8_e8m0fnu float8_e4m3fnuz float8_e5m2fnuz float4_e2m1fn_x2"
).split()
# What safetensors has no name for.
TORCH_ONLY = {"complex128", "complex32"}


def ascend(program, *arguments, code=0):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == code, f"{arguments}: {done.returncode}: {done.stderr}"
    return done.stdout


def raw(tensor):
    tensor = tensor.detach()
    if tensor.is_quantized:
        tensor = tensor.int_repr()
    if tensor.is_complex():
        tensor = torch.view_as_real(tensor)
    return tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()


def same(name, a, b):
    assert a.dtype == b.dtype, f"{name}: {a.dtype} became {b.dtype}"
    assert a.shape == b.shape, f"{name}: {a.shape} became {b.shape}"
    assert raw(a) == raw(b), f"{name}: the elements changed"
    if a.is_quantized:
        assert a.qscheme() == b.qscheme(), name
        if a.qscheme() == torch.per_tensor_affine:
            assert (a.q_scale(), a.q_zero_point()) == (b.q_scale(), b.q_zero_point()), name
        else:
            assert torch.equal(a.q_per_channel_scales(), b.q_per_channel_scales()), name
            assert torch.equal(a.q_per_channel_zero_points(), b.q_per_channel_zero_points()), name


def loads(path, weights_only=True):
    """The file by every way that this torch has."""
    yield torch.load(path, weights_only=weights_only)
    if "mmap" in inspect.signature(torch.load).parameters:
        yield torch.load(path, weights_only=weights_only, mmap=True)
        config = getattr(torch.utils.serialization, "config", None) if hasattr(torch.utils, "serialization") else None
        if config is not None and hasattr(config.load, "calculate_storage_offsets"):
            config.load.calculate_storage_offsets = True
            yield torch.load(path, weights_only=weights_only, mmap=True)
            config.load.calculate_storage_offsets = False


def typed():
    generator = torch.Generator().manual_seed(1)
    tensors = OrderedDict()
    for name in TYPES:
        dtype = getattr(torch, name, None)
        if dtype is None:
            continue
        noise = torch.randint(0, 2 if name == "bool" else 256, (3, 5, 16), generator=generator, dtype=torch.uint8)
        if name == "bool":
            tensors[name] = noise.bool()
            continue
        size = torch.empty(0, dtype=dtype).element_size()
        flat = noise.flatten()[: 15 * size].contiguous()
        try:
            tensor = flat.view(dtype).reshape(3, 5)
            torch.save(tensor, io.BytesIO())
        except (RuntimeError, KeyError):
            continue
        tensors[name] = tensor
    return tensors


def check(program, folder):
    count = 0
    source = os.path.join(folder, "source.pth")

    def torch_form(tensors, *options, weights_only=True, suffix=".pth"):
        nonlocal count
        torch.save(tensors, source)
        path = os.path.join(folder, f"converted{count}{suffix}")
        ascend(program, "convert", source, path, *options)
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
        for loaded in loads(path, weights_only):
            assert isinstance(loaded, OrderedDict) and list(loaded) == list(tensors)
            yield loaded
        count += 1

    tensors = typed()
    for loaded in torch_form(tensors):
        for name, tensor in tensors.items():
            same(name, tensor, loaded[name])
    print(f"{len(tensors)} types in torch's form")

    shapes = OrderedDict(
        scalar=torch.tensor(1.5),
        empty=torch.empty(0, 3),
        large=torch.arange(300_000.0).reshape(300, 1000),
        transposed=torch.arange(6.0).reshape(2, 3).t(),
        expanded=torch.tensor([1.0, 2.0]).expand(3, 2),
        parameter=torch.nn.Parameter(torch.ones(2)),
    )
    shapes["权重 \"x\"\n"] = torch.ones(1)
    shapes["tie"] = shapes["large"]
    for suffix in (".pth", ".pt", ".bin", ".ckpt"):
        for loaded in torch_form(shapes, suffix=suffix):
            for name, tensor in shapes.items():
                same(name, tensor, loaded[name])
            assert loaded["tie"].data_ptr() == loaded["large"].data_ptr(), "the tie was cut"
    print("shapes, views and ties in torch's form")

    quantised = OrderedDict(
        tensor=torch.quantize_per_tensor(torch.randn(3, 4), 0.1, 7, torch.quint8),
        wide=torch.quantize_per_tensor(torch.randn(3, 4), 0.001, 0, torch.qint32),
        channel=torch.quantize_per_channel(
            torch.randn(3, 4), torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64), torch.tensor([0, 1, 2]), 0, torch.qint8
        ),
    )
    # torch 1.13 lists no quantised tensors for weights_only
    is_listed = not torch.__version__.startswith("1.")
    for loaded in torch_form(quantised, weights_only=is_listed):
        for name, tensor in quantised.items():
            same(name, tensor, loaded[name])
    print("quantised tensors in torch's form")

    floats = OrderedDict(a=torch.randn(50, 50), b=torch.tensor([1e300, -0.0], dtype=torch.float64), c=torch.arange(3))
    for name, dtype in (("f16", torch.float16), ("bf16", torch.bfloat16), ("f32", torch.float32), ("f64", torch.float64)):
        for loaded in torch_form(floats, "--dtype", name):
            for key, tensor in floats.items():
                same(key, tensor.to(dtype) if tensor.is_floating_point() else tensor, loaded[key])
    print("conversions as torch rounds")

    state = OrderedDict((f"layer{i}.weight", torch.randn(64, 64)) for i in range(10))
    torch.save({"state_dict": OrderedDict((f"module.{k}", v) for k, v in state.items()), "epoch": 3}, source)
    ascend(program, "convert", source, os.path.join(folder, "pytorch_model.bin"), "--max-shard-size", "40kB")
    with open(os.path.join(folder, "pytorch_model.bin.index.json")) as file:
        index = json.load(file)
    assert index["metadata"]["total_size"] == sum(t.numel() * 4 for t in state.values())
    for name, tensor in state.items():
        shard = torch.load(os.path.join(folder, index["weight_map"][name]), weights_only=True)
        same(name, tensor, shard[name])
    print(f"{len(set(index['weight_map'].values()))} shards in torch's form")

    try:
        from safetensors import safe_open
        from safetensors.torch import load_file
    except ImportError:
        print("skipped: there is no safetensors package")
        return
    known = OrderedDict((k, v) for k, v in tensors.items() if k not in TORCH_ONLY)
    for tensors in (known, OrderedDict((k, v) for k, v in shapes.items())):
        torch.save(tensors, source)
        path = os.path.join(folder, f"converted{count}.safetensors")
        count += 1
        ascend(program, "convert", source, path)
        loaded = load_file(path)
        assert set(loaded) == set(tensors)
        for name, tensor in tensors.items():
            same(name, tensor, loaded[name])
        with safe_open(path, "pt") as file:
            assert file.metadata() == {"format": "pt"}
    print("types, shapes and views in safetensors")


def main():
    program = os.path.abspath(sys.argv[1])
    # torch warns of types that it calls experimental
    warnings.simplefilter("ignore")
    print(f"torch {torch.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        check(program, folder)
    print("all is as it was saved")


if __name__ == "__main__":
    main()
