#!/usr/bin/env python3
"""Kills a job of `ascend classify` at random moments until it is done, and looks whether anything is
lost, doubled or otherwise than without the kills.

    python3 tools/kill_job.py ASCEND [--count 10000] [--damaged 50] [--kills 30] [--seed 1] [--devices 2]

Makes its pictures itself, copies of small ones under other names, and needs nothing but Python.
"""

import argparse
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path


def png(number, side=64):
    """A picture with a gradient whose colours follow from the number."""
    a, b, c = number * 7 % 256, number * 31 % 256, number * 101 % 256
    row = lambda y: b"\0" + bytes(v for x in range(side) for v in ((a + x) % 256, (b + y) % 256, c))
    chunk = lambda kind, data: (struct.pack(">I", len(data)) + kind + data
                                + struct.pack(">I", zlib.crc32(kind + data)))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(map(row, range(side))))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("ascend", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--damaged", type=int, default=50)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--devices", type=int, default=2)
    parser.add_argument("--model", help="an .om; made of the shipped weights unless given")
    args = parser.parse_args()
    # In the background of a shell it would be ignored, here and in the children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    chance = random.Random(args.seed)
    ascend = args.ascend.resolve()
    root = Path(__file__).resolve().parent.parent
    folder = Path(tempfile.mkdtemp(prefix="kill_job."))
    env = dict(os.environ, ASCEND_MOCK_DEVICES=str(args.devices))
    model = args.model and Path(args.model).resolve()
    if not model:
        model = folder / "net.om"
        weights = root / "examples/resnet50/resnet50_slim.safetensors"
        subprocess.run([ascend, "convert", weights, model, "--image-size", "32", "--batch", "1"],
                       check=True, stdout=subprocess.DEVNULL)
    pictures = folder / "in"
    different = [png(number) for number in range(200)]
    damaged = set(chance.sample(range(args.count), args.damaged))
    for number in range(args.count):
        inner = pictures / f"{number // 1000:03}"
        inner.mkdir(parents=True, exist_ok=True)
        content = different[number % len(different)]
        if number in damaged:
            content = content[: chance.randrange(len(content) - 20)]
        (inner / f"{number:06}.png").write_bytes(content)

    def command(out):
        devices = f"mock:0-{args.devices - 1}"
        return [ascend, "classify", model, "in", "--out", out, "--device", devices]

    start = time.monotonic()
    subprocess.run(command("whole.jsonl"), cwd=folder, env=env, check=True)
    whole_time = time.monotonic() - start
    whole = (folder / "whole.jsonl").read_bytes()
    print(f"without kills: {args.count} pictures in {whole_time:.1f} s, {args.count / whole_time:.0f}/s")

    out = folder / "killed.jsonl"
    kills, ends, grown, used = 0, 0, [], 0.0
    while True:
        # The pauses are such that all kills but the last ones meet a job at work.
        child = subprocess.Popen(command(out.name), cwd=folder, env=env, stderr=subprocess.DEVNULL)
        begun = time.monotonic()
        try:
            pause = chance.uniform(0, 2 * whole_time / args.kills) if kills < args.kills else None
            code = child.wait(pause)
        except subprocess.TimeoutExpired:
            which = signal.SIGKILL if chance.random() < 0.8 else signal.SIGINT
            child.send_signal(which)
            code = child.wait()
            kills += 1
        used += time.monotonic() - begun
        there = out.read_bytes() if out.exists() else b""
        if not whole.startswith(there[: there.rfind(b"\n") + 1]):
            sys.exit(f"after {kills} kills the file is no beginning of the whole one; see {folder}")
        grown.append(there.count(b"\n"))
        if code == 0:
            break
        if code not in (-signal.SIGKILL, 130, -signal.SIGINT):
            sys.exit(f"the job ended with {code}")
        ends += not there.endswith(b"\n") and len(there) > 0
    if grown != sorted(grown):
        sys.exit(f"finished results were lost: {grown}; see {folder}")
    records = [json.loads(line) for line in out.read_bytes().splitlines()]
    files = [record["file"] for record in records]
    expected = sorted(f"in/{path.relative_to(pictures)}" for path in pictures.rglob("*.png"))
    assert files == expected, "pictures are lost, doubled or out of order"
    failed = sum("error" in record for record in records)
    assert failed == args.damaged, f"{failed} failed, and {args.damaged} are damaged"
    assert out.read_bytes() == whole, "the files differ"
    print(f"{kills} kills, {ends} torn ends: {len(records)} records, {failed} of them errors, "
          f"the same bytes as without; {used:.1f} s in all")
    shutil.rmtree(folder)


main()
