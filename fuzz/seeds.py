#!/usr/bin/env python3
"""Lays the files of the test data out as seeds: fuzz/seeds/TARGET/NAME, for each target those it reads.

    fuzz/seeds.py [FOLDER...]    (FOLDER: checkpoints and .om files, valid and damaged ones)
"""

import hashlib
import sys
import zipfile
import zlib
from pathlib import Path

LARGEST = 64 << 10
HERE = Path(__file__).resolve().parent


def pieces(path, content):
    """The targets that read `content`, and what each of them takes."""
    if path.name.endswith(".expected.json"):
        return
    if path.suffix == ".om":
        yield "om", content
    elif path.suffix == ".onnx":
        yield "onnx", content
    elif path.suffix in (".jpg", ".png"):
        yield "picture", content
    elif path.suffix in (".npy", ".pb"):
        return  # no fuzz target reads them
    elif path.suffix == ".json":
        yield "index", content
    elif content[:2] == b"PK":
        yield "zip", content
        try:
            with zipfile.ZipFile(path) as archive:
                names = [name for name in archive.namelist() if name.endswith("data.pkl")]
                yield from (("pickle", archive.read(name)) for name in names)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
            pass  # damaged on purpose
    elif content[:1] == b"\x80":
        yield "legacy", content
    elif content[257:262] == b"ustar" or path.name.startswith("tar_"):
        yield "tar", content
    else:
        yield "safetensors", content


# A dump file: an output of one float32, 1.0, of the operator "a".
DUMP = bytes.fromhex("10000000000000001a0b080110021a030a010130043201610000803f")


def main(folders):
    count = {}
    place = HERE / "seeds/dump"
    place.mkdir(parents=True, exist_ok=True)
    (place / "one").write_bytes(DUMP)
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if not path.is_file():
                continue
            for target, seed in pieces(path, path.read_bytes()):
                if len(seed) > LARGEST:
                    continue
                place = HERE / "seeds" / target
                place.mkdir(parents=True, exist_ok=True)
                (place / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
                count[target] = count.get(target, 0) + 1
    print(", ".join(f"{target}: {n}" for target, n in sorted(count.items())), "seeds")


if __name__ == "__main__":
    shared = HERE.parent.parent / "shared/fixtures"
    # ONNX's own tests of operators are there after `tools/node_tests.py`.
    made = HERE.parent / "target/node_tests"
    main(sys.argv[1:] or [HERE.parent / "tests/data", shared / "checkpoints", shared / "om", made])
