"""Checks that a trace opens: every event against the trace event format, as strictly as Perfetto reads it.

    python3 tools/look_at_trace.py TRACE.json …

Perfetto drops what it cannot place and counts it in its statistics, so that a trace may open and lack
events. What would be dropped is an error here: spans of one track that cross, times that are no numbers or
lose their nanoseconds in a double, tracks of one number in two processes, and tracks without a name.

Where Perfetto's own `trace_processor_shell` is on the PATH, or TRACE_PROCESSOR names it, the trace is opened
in it as well, and what it holds is compared with what was written.
"""

import collections
import json
import math
import os
import shutil
import subprocess
import sys

PHASES = {"X", "M", "i", "C"}
METADATA = {"process_name", "process_sort_index", "thread_name", "thread_sort_index"}
# Beyond it a double has no room for the nanoseconds of microseconds with three digits.
MOST_MICROSECONDS = 2**53 / 1000


class Wrong(Exception):
    """What is wrong with a trace."""


def need(is_so, *what):
    if not is_so:
        raise Wrong(" ".join(str(part) for part in what))


def nanoseconds(event, key):
    value = event.get(key)
    need(isinstance(value, (int, float)) and not isinstance(value, bool), key, "is no number in", event)
    need(math.isfinite(value) and 0 <= value < MOST_MICROSECONDS, key, "is out of range in", event)
    return round(value * 1000)


def no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    need(len(set(keys)) == len(keys), "a key stands twice in", keys)
    return dict(pairs)


def no_constant(name):
    raise Wrong(f"{name} is no JSON")


def check_event(event):
    need(isinstance(event, dict), "no object:", event)
    need(event.get("ph") in PHASES, "unknown phase in", event)
    need(isinstance(event.get("name"), str) and event["name"], "no name in", event)
    for key in ("pid", "tid"):
        need(type(event.get(key)) is int and 0 <= event[key] < 2**31, key, "is no number in", event)
    args = event.get("args", {})
    need(isinstance(args, dict), "args are no object in", event)
    if event["ph"] == "M":
        need(event["name"] in METADATA, "unknown metadata in", event)
        key, kind = ("name", str) if event["name"].endswith("name") else ("sort_index", int)
        need(type(args.get(key)) is kind, "no", key, "in", event)
    if event["ph"] == "C":
        need(args and all(type(value) in (int, float) for value in args.values()), "no numbers in", event)
    if event["ph"] == "i":
        need(event.get("s") in ("t", "p", "g"), "no scope in", event)


def check_nesting(track, spans):
    """Spans of a track lie apart or within each other."""
    open_ends = []
    for start, length, name in sorted(spans, key=lambda span: (span[0], -span[1])):
        end = start + length
        while open_ends and open_ends[-1] <= start:
            open_ends.pop()
        need(not open_ends or end <= open_ends[-1], name, "crosses another span on the track", track, "at", start)
        open_ends.append(end)


def check(path):
    with open(path, encoding="utf-8") as file:
        trace = json.load(file, object_pairs_hook=no_duplicates, parse_constant=no_constant)
    events = trace["traceEvents"] if isinstance(trace, dict) else trace
    need(isinstance(events, list) and events, "no events")
    spans, processes, tracks = collections.defaultdict(list), {}, {}
    for event in events:
        check_event(event)
        track = (event["pid"], event["tid"])
        if event["ph"] == "M":
            names = {"process_name": (processes, event["pid"]), "thread_name": (tracks, track)}
            if event["name"] in names:
                known, key = names[event["name"]]
                need(key not in known, key, "is named twice")
                known[key] = event["args"]["name"]
            continue
        start = nanoseconds(event, "ts")
        if event["ph"] == "X":
            spans[track].append((start, nanoseconds(event, "dur"), event["name"]))
    for track, own in spans.items():
        need(track[0] in processes, "the process of", track, "has no name")
        need(track in tracks, "the track", track, "has no name")
        check_nesting(track, own)
    numbers = [thread for _, thread in tracks]
    need(len(set(numbers)) == len(numbers), "two processes have tracks of one number")
    return spans, tracks


def query(shell, path, text):
    out = subprocess.run([shell, "-Q", text, path], check=True, capture_output=True, text=True).stdout
    return [line.split(",") for line in out.splitlines()[1:] if line]


def look(shell, path, spans):
    """Opens the trace in Perfetto's own parser."""
    written = sum(len(own) for own in spans.values())
    lasted = sum(length for own in spans.values() for _, length, _ in own)
    rows = query(shell, path, "select count(*) as n, sum(dur) as d from slice")
    found, total = (int(value.strip('"')) for value in rows[-1])
    need((found, total) == (written, lasted), f"Perfetto has {found} spans of {total} ns, not", (written, lasted))
    lost = query(shell, path, "select name, value from stats where severity in ('error', 'data_loss') and value > 0")
    need(not lost, "Perfetto complains:", lost)


def main():
    need(len(sys.argv) > 1, "give traces")
    shell = os.environ.get("TRACE_PROCESSOR") or shutil.which("trace_processor_shell")
    for path in sys.argv[1:]:
        spans, tracks = check(path)
        if shell:
            look(shell, path, spans)
        count = sum(len(own) for own in spans.values())
        by = "and in Perfetto's own parser" if shell else "(no trace_processor_shell here)"
        print(f"{path}: {count} spans on {len(tracks)} tracks, as the format has them {by}")


try:
    main()
except (Wrong, ValueError, KeyError, OSError, subprocess.CalledProcessError) as error:
    sys.exit(f"error: {error}")
