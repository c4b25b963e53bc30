#!/usr/bin/env python3
"""Runs a model for a long time, and tells whether memory, open files and threads stay as they are.

    python3 tools/soak.py ASCEND MODEL [--minutes 30] [--pool EXAMPLE] [--pictures FOLDER] [-- OPTIONS]

Side by side run `ascend bench`, the example `pool` (EXAMPLE, or examples/pool beside ASCEND if it is
there), and with a FOLDER of pictures `ascend classify`, which is given them again and again. OPTIONS are
for `ascend`, such as `--device 0,1`. The exit code is 1 when something grows, 2 when a program fails.
It wants Linux and Python alone.
"""

import argparse
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# What `ascend bench` keeps of each run until its report.
BYTES_OF_A_RUN = 88
# What an allocator may take once more, whatever the program does.
SLACK = 256 << 10


class Part:
    """A program at work, and what was seen of it."""

    def __init__(self, name, command, folder):
        self.name, self.said = name, folder / f"{name}.txt"
        with self.said.open("wb") as said:
            # Of classify that is a line for each picture.
            out = subprocess.DEVNULL if name == "classify" else said
            self.process = subprocess.Popen(command, stdout=out, stderr=said)
        self.samples = []

    def look(self, now):
        try:
            place = Path(f"/proc/{self.process.pid}")
            status = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines())
            files = len(os.listdir(place / "fd"))
            self.samples.append((now, int(status["VmRSS"].split()[0]) << 10, files, int(status["Threads"])))
        except (OSError, KeyError):
            pass  # it is at its end

    def runs(self):
        """The runs that it keeps until its end."""
        told = re.search(r"^(\d+) runs", self.said.read_text(), re.M) if self.name == "bench" else None
        return int(told[1]) if told else 0

    def judge(self, minutes, percent):
        """Whether the second half is as the first one, once that has warmed up."""
        runs = self.runs()
        times, memory, files, threads = zip(*self.samples)
        half = len(times) // 2
        warm, later = slice(half // 2, half), slice(half, None)
        slope, _ = statistics.linear_regression(times[later], memory[later])
        grown = slope * (times[-1] - times[half])
        # What it keeps by its nature grows with the runs.
        grown -= runs * BYTES_OF_A_RUN * (times[-1] - times[half]) / times[-1]
        allowed = max(SLACK, statistics.mean(memory[later]) * percent / 100)
        faults = [f"memory grows by {grown / 1024:.0f} KiB in its second half"] if grown > allowed else []
        for what, counts in (("open files", files), ("threads", threads)):
            if max(counts[later]) > max(counts[warm]):
                faults.append(f"{what} grow from {max(counts[warm])} to {max(counts[later])}")
        of = f", besides {runs} runs that it keeps" if runs else ""
        print(f"{self.name}: {len(times)} looks in {minutes:g} min; memory {memory[half] >> 10} KiB at half time, "
              f"{grown / 1024:+.0f} KiB in the second half ({100 * grown / memory[half]:+.2f} %){of}; at most "
              f"{max(files)} files, {max(threads)} threads: {'; '.join(faults) or 'flat'}")
        return not faults


def pictures(args, folder, seconds):
    """A list of the pictures of a folder that is long enough for the time."""
    paths = sorted(str(path.resolve()) for path in args.pictures.rglob("*")
                   if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    if not paths:
        sys.exit(f"{args.pictures} holds no .jpg or .png")
    names = folder / "list.txt"
    names.write_text("\n".join((paths * (1 + 500 // len(paths)))[:500]))
    start = time.monotonic()
    subprocess.run([args.ascend, "classify", args.model, f"@{names}", *args.options],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    count = int(3 * seconds * 500 / (time.monotonic() - start)) + 500
    names.write_text("\n".join(paths * (1 + count // len(paths))))
    return names


def main():
    line, options = sys.argv[1:], []
    if "--" in line:
        line, options = line[:line.index("--")], line[line.index("--") + 1:]
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("ascend", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--every", type=float, help="seconds between two looks [default: 300 in all, 2 at least]")
    parser.add_argument("--percent", type=float, default=1, help="growth of the second half that is none")
    parser.add_argument("--pool", type=Path)
    parser.add_argument("--pictures", type=Path)
    args = parser.parse_args(line)
    args.options = options
    seconds = args.minutes * 60
    every = args.every or max(2, seconds / 300)
    if seconds < 16 * every:
        sys.exit("too short: there are to be 16 looks at the least")
    pool = args.pool or args.ascend.resolve().parent / "examples/pool"
    with tempfile.TemporaryDirectory(prefix="soak.") as folder:
        folder = Path(folder)
        # They go on until they are told to end, so that their end is not looked at.
        long = int(seconds) + 600
        commands = {"bench": [args.ascend, "bench", args.model, "--duration", f"{long}s", "--threads", "2", *options]}
        if args.pool or pool.exists():
            commands["pool"] = [pool, args.model, "--seconds", str(long)]
        else:
            print(f"without the example, which is not at {pool}: cargo build --release --example pool")
        if args.pictures:
            names = pictures(args, folder, seconds)
            commands["classify"] = [args.ascend, "classify", args.model, f"@{names}", *options]
        # In the background of a shell it would be ignored, here and in the children.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        parts = [Part(name, command, folder) for name, command in commands.items()]
        start = time.monotonic()
        try:
            while (now := time.monotonic() - start) < seconds and all(part.process.poll() is None for part in parts):
                for part in parts:
                    part.look(now)
                time.sleep(every)
        finally:
            failed = [part for part in parts if part.process.poll() is not None]
            for part in parts:
                part.process.send_signal(signal.SIGINT)
                part.process.wait()
        for part in failed:
            print(f"{part.name} ended with {part.process.returncode}: {part.said.read_text()[-2000:]}")
        if failed:
            sys.exit(2)
        flat = [part.judge(args.minutes, args.percent) for part in parts]
        sys.exit(not all(flat))


main()
