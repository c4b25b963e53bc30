"""Write ascend-sys/include/ascendcl.h from tables of facts about AscendCL.

    python3 tools/acl_header.py TABLES > ascend-sys/include/ascendcl.h

TABLES is a folder with `functions.tsv` (library, header, function, return,
params, presence per release) and `types.tsv` (enums, structs, constants with
sizes and offsets). The header that comes out is this project's own wording of
those facts, plain C, and is the one place where signatures stand.
"""

import csv
import re
import sys
from pathlib import Path

HEADERS = [
    "acl_base_rt.h",
    "acl_base_mdl.h",
    "acl_rt.h",
    "acl_rt_memory_soma.h",
    "acl_rt_allocator.h",
    "acl_mdl.h",
    "acl_op.h",
    "error_codes/rt_error_codes.h",
    "error_codes/ge_error_codes.h",
]
RELEASES = [("8.5", "in_8_5_0"), ("9.0", "in_9_0_0"), ("9.1", "in_9_1_0")]


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def since(row):
    if row["in_8_1"] == "y":
        return "CANN 8.1 or earlier"
    for name, column in RELEASES:
        if row.get(column) == "y":
            return f"CANN {name}"
    return "CANN later than 9.1"


def declare(kind, name):
    """The C declaration of `name` with a type such as `int64_t[128][2]`."""
    base, bounds = re.fullmatch(r"(.*?)((?:\[\d+\])*)", kind).groups()
    space = "" if base.endswith("*") else " "
    return f"{base}{space}{name}{bounds}"


class Types:
    def __init__(self, table):
        self.rows = [row for row in table if row["header"] in HEADERS]
        self.members = {}
        for row in self.rows:
            self.members.setdefault((row["kind"], row["parent"]), []).append(row)
        aliases = {r["name"] for r in self.rows if r["kind"] == "typedef" and r["type_or_value"].split()[-1] != r["name"]}
        self.rows = [r for r in self.rows if r["name"] not in aliases or r["kind"] in ("typedef", "field")]
        self.records = {r["name"]: r for r in self.rows if r["kind"] in ("struct", "union")}
        self.done = set()

    def of(self, kind):
        return [row for row in self.rows if row["kind"] == kind]

    def constants(self):
        for row in self.of("const"):
            yield f"#define {row['name']} {row['type_or_value']}"

    def enums(self):
        for row in self.of("enum"):
            yield f"typedef enum {row['name']} {{"
            for value in self.members[("enum_const", row["name"])]:
                yield f"    {value['name']} = {value['type_or_value']},"
            yield f"}} {row['name']};"
            yield ""

    def names(self):
        for row in self.of("opaque_struct"):
            yield f"typedef struct {row['name']} {row['name']};"
        for row in self.of("opaque_handle"):
            yield f"typedef void *{row['name']};"
        for row in self.of("typedef"):
            target = row["type_or_value"].removeprefix("union ").removeprefix("struct ")
            if target == row["name"]:
                continue
            if target in self.records:
                target = f"{self.records[target]['kind']} {target}"
            yield f"typedef {target} {row['name']};"
        for row in self.of("callback"):
            yield f"typedef {row['type_or_value'].replace('(*)', '(*' + row['name'] + ')', 1)};"

    def structs(self):
        for name in self.records:
            yield from self.record(name)

    def record(self, name):
        if name in self.done:
            return
        self.done.add(name)
        fields = self.members.get(("field", name), [])
        for field in fields:
            used = re.split(r"[\s*\[]", field["type_or_value"])[0]
            if used in self.records:
                yield from self.record(used)
        row = self.records[name]
        yield f"typedef {row['kind']} {name} {{"
        inner = {}
        for field in fields:
            if "." in field["name"]:
                outer, member = field["name"].split(".", 1)
                inner.setdefault(outer, []).append(declare(field["type_or_value"], member))
        for field in fields:
            if "." in field["name"]:
                continue
            if field["type_or_value"] == "anonymous union":
                yield "    union {"
                yield from (f"        {member};" for member in inner[field["name"]])
                label = "" if field["name"].startswith("<") else " " + field["name"]
                yield f"    }}{label};"
            else:
                yield f"    {declare(field['type_or_value'], field['name'])};"
        yield f"}} {name};"
        yield ""


def functions(table):
    for row in table:
        if row["header"] not in HEADERS:
            continue
        library = row["library"].split(" ")[0]
        newer = row["library_9x_open_source"].split(" ")[0]
        where = f"{library}, from 8.5 on also {newer}" if newer.endswith(".so") and newer != library else library
        if row["library"].startswith("lib64/c"):
            where = "the small C runtime only (lib64/c/libascendcl.so)"
        note = ", deprecated" if row["deprecated"] == "y" else ""
        yield f"/** In {where}; since {since(row)}{note}. */"
        params = re.sub(r"((?:\[\d*\])+) (\w+)", r" \2\1", row["params"]) or "void"
        yield f"{declare(row['return'], row['function'])}({params});"


def main():
    tables = Path(sys.argv[1])
    types = Types(rows(tables / "types.tsv"))
    parts = [
        "/* The C API of AscendCL as libascendcl.so offers it: every release from CANN 8.1",
        " * to mid-2026 in one header. Written by tools/acl_header.py; names, numbers and",
        " * layouts are facts of the interface, the wording is this project's own.",
        " * SPDX-License-Identifier: MIT OR Apache-2.0 */",
        "#ifndef ASCENDCL_H",
        "#define ASCENDCL_H",
        "",
        "#include <stdbool.h>",
        "#include <stddef.h>",
        "#include <stdint.h>",
        "",
        "#ifdef __cplusplus",
        'extern "C" {',
        "#endif",
        "",
        *types.constants(),
        "",
        *types.enums(),
        *types.names(),
        "",
        *types.structs(),
        *functions(rows(tables / "functions.tsv")),
        "",
        "#ifdef __cplusplus",
        "}",
        "#endif",
        "",
        "#endif",
    ]
    print("\n".join(parts))


if __name__ == "__main__":
    main()
