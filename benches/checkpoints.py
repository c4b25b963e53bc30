"""What torch takes for the files that checkpoints.rs made: run by it."""

import sys
import time
import warnings

import torch

warnings.filterwarnings("ignore")


def measure(times, run):
    took = []
    for _ in range(times):
        start = time.perf_counter()
        result = run()
        took.append(time.perf_counter() - start)
        del result
    took.sort()
    return f"{took[0] * 1e3:.1f} ms, {took[times // 2] * 1e3:.1f} ms"


def to_cpu(storage, _location):
    return storage


pth, legacy, safetensors, big = sys.argv[1:]
print(f"torch {torch.__version__}: the best and the middle of 20")
for name, path, options in [
    ("load", pth, {}),
    ("load weights_only", pth, {"weights_only": True}),
    ("load mmap", pth, {"mmap": True}),
    ("load of the legacy stream", legacy, {"map_location": to_cpu}),
]:
    try:
        print(f"torch.{name}: {measure(20, lambda: torch.load(path, **options))}")
    except TypeError:
        print(f"torch.{name}: this torch has no such option")
try:
    from safetensors.torch import load_file
except ImportError:
    sys.exit()
print(f"safetensors load_file, 102 MB: {measure(20, lambda: load_file(safetensors))}")
print(f"safetensors load_file, 3.2 GB: {measure(5, lambda: load_file(big))}")
