#!/usr/bin/env python3
"""Holds the times of `ascend bench` against a clock outside of it.

    python3 benches/clock.py ASCEND MODEL.om [--loop N] [--rounds R] [-- MORE OPTIONS OF BENCH]

A call takes what its runs take and, besides, the program's start and the loading of the model, which
are no run's. How much that is shows in what the clock outside has more than the sum of the end to end
times that the call reports. Were the report right, it would be as much for N runs as for 2 N; so the
difference of these two, divided by N, is what the report misses of a run, or has too much. Both clocks
go through the same runs, so what else the machine does is in both. The medians over the rounds are
compared. Exit code 1 if more than 2 % of a run is amiss.

Only Python's own library. Take it on a machine that does nothing else, with a model of 5 ms and more.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

LIMIT = 0.02


def call(line):
    """Milliseconds of a call: by the clock outside, by its own end to end, and of compute."""
    start = time.perf_counter()
    done = subprocess.run(line, stdout=subprocess.PIPE, check=True)
    outside = (time.perf_counter() - start) * 1e3
    stages = json.loads(done.stdout)["stages_ms"]
    sums = (stages[name]["mean"] * stages[name]["count"] for name in ("end_to_end", "compute"))
    return outside, *sums


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("ascend")
    parser.add_argument("model")
    parser.add_argument("--loop", type=int, default=200, help="runs of the shorter call")
    parser.add_argument("--rounds", type=int, default=5)
    own, more = sys.argv[1:], []
    if "--" in own:
        place = own.index("--")
        own, more = own[:place], own[place + 1 :]
    args = parser.parse_args(own)

    def line(loop):
        return [os.path.abspath(args.ascend), "bench", args.model, "--loop", str(loop), "--json", "-", *more]

    beside, times = {args.loop: [], 2 * args.loop: []}, []
    for number in range(args.rounds):
        for loop, others in beside.items():
            outside, inside, compute = call(line(loop))
            others.append(outside - inside)
            times.append((inside / loop, compute / loop))
            print(
                f"round {number + 1}, {loop} runs: outside {outside:.1f} ms, end to end {inside:.1f} ms, "
                f"compute {compute:.1f} ms",
                flush=True,
            )
    short, long = (statistics.median(others) for others in beside.values())
    inside, compute = (statistics.fmean(column) for column in zip(*times))
    outside = inside + (long - short) / args.loop
    apart = inside / outside - 1
    print(
        f"a run: outside {outside:.3f} ms, end to end {inside:.3f} ms ({apart:+.2%}), compute {compute:.3f} ms; "
        f"start and loading {short:.0f} ms"
    )
    return 0 if abs(apart) <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
