"""Write the headers of ascend-sys/include from tables of facts about AscendCL.

    python3 tools/acl_header.py [TABLES [INCLUDE]]

TABLES (default: ../shared/reference/acl) is a folder with `functions.tsv`
(library, header, function, return, params, presence per release), `types.tsv`
(enums, structs, constants with sizes and offsets) and `aclnn.tsv` (operators).
The sentence that says what an item is comes from `acl_docs.tsv` beside this
script. The headers that come out are this project's own wording of those facts,
valid C99 and C++11, and are the one place where signatures stand.
"""

import csv
import re
import sys
from pathlib import Path

# Our header -> what it is, its library, and CANN's headers whose items it holds.
GROUPS = {
    "ascendcl.h": (
        "The C API of AscendCL as libascendcl.so offers it",
        "libascendcl.so",
        [
            "acl_base_rt.h",
            "acl_base_mdl.h",
            "acl_rt.h",
            "acl_rt_memory_soma.h",
            "acl_rt_allocator.h",
            "acl_mdl.h",
            "acl_op.h",
            "error_codes/rt_error_codes.h",
            "error_codes/ge_error_codes.h",
        ],
    ),
    "acl_op_compiler.h": ("Compiling single operators", "libacl_op_compiler.so", ["acl_op_compiler.h"]),
    "acl_cblas.h": ("Matrix products", "libacl_cblas.so", ["ops/acl_cblas.h"]),
    "acl_tdt.h": (
        "Passing tensors between host and device, and between processes",
        "libacl_tdt_channel.so and libacl_tdt_queue.so",
        ["acl_tdt.h", "acl_tdt_queue.h"],
    ),
    "acl_prof.h": ("Profiling", "libmsprofiler.so", ["acl_prof.h"]),
    "acl_dump.h": ("Dumping tensors and exceptions", "libascend_dump.so", ["acl_dump.h"]),
    "acl_dvpp.h": ("Picture and video units", "libacl_dvpp.so", ["ops/acl_dvpp.h"]),
    "acl_fv.h": ("Searching feature vectors", "libacl_retr.so", ["ops/acl_fv.h"]),
    "acl_platform.h": ("What a chip has", "libplatform.so", ["acl_platform.h"]),
    "super_kernel.h": ("Fusing captured kernels", "libascendsk.so", ["super_kernel.h"]),
    "aclnn_base.h": (
        "The values that aclnn operators work on",
        "libnnopbase.so",
        ["aclnn/acl_meta.h", "aclnn/aclnn_base.h"],
    ),
    "aclnn_ops.h": ("The aclnn operators", "libopapi.so", []),
}
# A function whose library is not that of its header's group.
MAIN = "libascendcl.so"
RELEASES = [("8.5", "in_8_5_0"), ("9.0", "in_9_0_0"), ("9.1", "in_9_1_0")]
# What the tables leave out: the members of a nested union.
NESTED = {("aclprofEventAttributes", "message"): ["aclprofTensorInfo *tensorInfo"]}


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def since(row):
    if row["in_8_1"] == "y":
        return "CANN 8.1 or earlier"
    for name, column in RELEASES:
        if row.get(column) == "y":
            return f"CANN {name}"
    if row.get("in_2026") == "y" and "in_9_1_0" not in row:
        return "a CANN after 8.1"
    return "a CANN after 9.1"


def declare(kind, name):
    """The C declaration of `name` with a type such as `int64_t[128][2]` or `void (*const)(int)`."""
    if pointer := re.fullmatch(r"(.*?\(\*(?:const)?)(\).*)", kind):
        before, after = pointer.groups()
        return f"{before}{' ' if before.endswith('const') else ''}{name}{after}"
    base, bounds = re.fullmatch(r"(.*?)((?:\[\d*\])*)", kind).groups()
    space = "" if base.endswith("*") else " "
    # A tail of unknown length: C99's way to write it.
    return f"{base}{space}{name}{bounds.replace('[0]', '[]')}"


class Docs:
    """Our sentences: `item`, or `parent.item` for enumerators and fields."""

    def __init__(self, path):
        self.words = {row["item"]: row["words"] for row in rows(path)} if path.exists() else {}
        self.used = set()
        self.lacking = []

    def of(self, item):
        self.used.add(item)
        return self.words.get(item)

    def comment(self, item, *place, indent=""):
        """The comment of an item: our sentence, then where and since when there is such a thing."""
        words = self.of(item)
        if not words and place and not indent:
            self.lacking.append(item)
        lines = [line for line in (words, *place) if line]
        if len(lines) == 1:
            yield f"{indent}/** {lines[0]} */"
        elif lines:
            yield f"{indent}/** {lines[0]}"
            yield from (f"{indent} *  {line}" for line in lines[1:-1])
            yield f"{indent} *  {lines[-1]} */"


class Types:
    """The types of one header of ours, in an order that C accepts."""

    def __init__(self, table, group, docs):
        _, self.library, headers = GROUPS[group]
        self.docs = docs
        self.rows = [row for row in table if row["header"] in headers]
        self.members = {}
        for row in self.rows:
            self.members.setdefault((row["kind"], row["parent"]), []).append(row)
        aliases = {r["name"] for r in self.rows if r["kind"] == "typedef" and r["type_or_value"].split()[-1] != r["name"]}
        self.rows = [r for r in self.rows if r["name"] not in aliases or r["kind"] in ("typedef", "field")]
        self.records = {r["name"]: r for r in self.rows if r["kind"] in ("struct", "union")}
        self.done = set()

    def of(self, kind):
        return [row for row in self.rows if row["kind"] == kind]

    def comment(self, row):
        return self.docs.comment(row["name"], f"For {self.library}; since {since(row)}.")

    def member(self, row, whole):
        """The comment of an enumerator or a field: words, or that it is newer than its type."""
        newer = row["in_8_1"] != "y" and whole["in_8_1"] == "y"
        return self.docs.comment(f"{row['parent']}.{row['name']}", f"Since {since(row)}." if newer else None, indent="    ")

    def constants(self):
        for row in self.of("const"):
            yield from self.docs.comment(row["name"])
            if row["header"].startswith("aclnn/"):
                # A name this short must not be a macro.
                yield f"static const aclnnStatus {row['name']} = {row['type_or_value']};"
            else:
                yield f"#define {row['name']} {row['type_or_value']}"

    def enums(self):
        for row in self.of("enum"):
            yield from self.comment(row)
            yield f"typedef enum {row['name']} {{"
            for value in self.members[("enum_const", row["name"])]:
                yield from self.member(value, row)
                yield f"    {value['name']} = {value['type_or_value']},"
            yield f"}} {row['name']};"
            yield ""

    def names(self):
        for row in self.of("opaque_struct"):
            yield from self.comment(row)
            yield f"typedef struct {row['name']} {row['name']};"
        for row in self.of("opaque_handle"):
            yield from self.comment(row)
            yield f"typedef void *{row['name']};"
        for row in self.of("typedef"):
            target = row["type_or_value"].removeprefix("union ").removeprefix("struct ")
            if target == row["name"]:
                continue
            if target in self.records:
                target = f"{self.records[target]['kind']} {target}"
            yield from self.comment(row)
            yield f"typedef {target} {row['name']};"
        for row in self.of("callback"):
            yield from self.comment(row)
            yield f"typedef {row['type_or_value'].replace('(*)', '(*' + row['name'] + ')', 1)};"

    def structs(self):
        for name in self.records:
            yield from self.record(name)

    def record(self, name):
        if name in self.done:
            return
        self.done.add(name)
        fields = self.members.get(("field", name), [])
        inner = {key: list(members) for (parent, key), members in NESTED.items() if parent == name}
        kinds = [field["type_or_value"] for field in fields] + sum(inner.values(), [])
        for kind in kinds:
            used = re.split(r"[\s*\[]", kind)[0]
            if used in self.records:
                yield from self.record(used)
        row = self.records[name]
        yield from self.comment(row)
        yield f"typedef {row['kind']} {name} {{"
        for field in fields:
            if "." in field["name"]:
                outer, member = field["name"].split(".", 1)
                inner.setdefault(outer, []).append(declare(field["type_or_value"], member))
        for field in fields:
            if "." in field["name"]:
                continue
            if field["name"] in inner:
                unnamed = field["name"].startswith("<")
                # C99 knows no unnamed members; every compiler of today does.
                yield "    __extension__ union {" if unnamed else "    union {"
                yield from (f"        {member};" for member in inner[field["name"]])
                label = "" if unnamed else " " + field["name"]
                yield f"    }}{label};"
            else:
                yield from self.member(field, row)
                yield f"    {declare(field['type_or_value'], field['name'])};"
        yield f"}} {name};"
        yield ""


def params(text):
    """A parameter list of the tables as C writes it."""
    text = re.sub(r"((?:\[\d*\])+) (\w+)", r" \2\1", text)
    return re.sub(r"(\(\*(?:const)?)(\)\([^()]*\)) (\w+)", lambda m: declare(m[1] + m[2], m[3]), text) or "void"


def owner(row):
    """The header of ours that declares a function."""
    if row["library"].startswith(MAIN):
        return "ascendcl.h"
    return next(group for group, (_, _, headers) in GROUPS.items() if row["header"] in headers)


def functions(table, group, docs):
    for row in table:
        if owner(row) != group:
            continue
        library = row["library"].split(" ")[0]
        newer = row["library_9x_open_source"].split(" ")[0]
        where = f"{library}, from 8.5 on also {newer}" if newer.endswith(".so") and newer != library else library
        if row["library"].startswith("lib64/c"):
            where = "the small C runtime only (lib64/c/libascendcl.so)"
        elif "uncertain" in row["library"]:
            where = " or ".join(re.findall(r"lib\w+\.so", row["library"]))
        note = ", deprecated" if row["deprecated"] == "y" else ""
        yield from docs.comment(row["function"], f"In {where}; since {since(row)}{note}.")
        yield f"{declare(row['return'], row['function'])}({params(row['params'])});"


def operators(table, docs):
    """Both halves of every operator: the size of its workspace, then the work."""
    for row in table:
        old, new, name = row["library_8_1"], row["library_9x"], row["op"]
        where = f"In {old}, from 9.0 on {new}" if old else f"In {new}"
        where += f"; since {since(row)}."
        if row["get_workspace_size_params"]:
            size = f"{name}GetWorkspaceSize"
            docs.words.setdefault(size, f"Plans {name} and gives the bytes of workspace it needs.")
            yield from docs.comment(size, where)
            yield f"aclnnStatus {size}({params(row['get_workspace_size_params'])});"
        yield from docs.comment(name, where)
        yield f"aclnnStatus {name}({params(row['execute_params'])});"


def header(group, tables, docs):
    title = GROUPS[group][0]
    guard = "ASCEND_SYS_" + group.upper().replace(".", "_")
    types = Types(tables["types"], group, docs)
    include = {"ascendcl.h": [], "aclnn_ops.h": ['#include "aclnn_base.h"', ""]}.get(group, ['#include "ascendcl.h"', ""])
    of_group = operators(tables["aclnn"], docs) if group == "aclnn_ops.h" else functions(tables["functions"], group, docs)
    parts = [
        f"/* {title}: every release from CANN 8.1",
        " * to mid-2026 in one header. Written by tools/acl_header.py; names, numbers and",
        " * layouts are facts of the interface, the wording is this project's own.",
        " * SPDX-License-Identifier: MIT OR Apache-2.0 */",
        f"#ifndef {guard}",
        f"#define {guard}",
        "",
        "#include <stdbool.h>",
        "#include <stddef.h>",
        "#include <stdint.h>",
        "",
        *include,
        "#ifdef __cplusplus",
        'extern "C" {',
        "#endif",
        "",
        *[line for line in types.constants() if line.startswith(("/**", "#"))],
        "",
        *types.enums(),
        *types.names(),
        *[line for line in types.constants() if line.startswith("static")],
        "",
        *types.structs(),
        *of_group,
        "",
        "#ifdef __cplusplus",
        "}",
        "#endif",
        "",
        "#endif",
    ]
    return "\n".join(parts) + "\n"


def forwarders():
    """CANN's own file names, so that a program's `#include "acl/acl.h"` finds ours."""
    for group, (_, library, headers) in GROUPS.items():
        for name in headers + (["acl.h", "acl_base.h"] if group == "ascendcl.h" else []):
            if name == "super_kernel.h" or name.startswith("error_codes/"):
                continue
            path = name if name.startswith("aclnn/") else f"acl/{name}"
            library = library.replace(".so", "")
            back = "../" * path.count("/")
            what = f"All of {library} in one header. SPDX-License-Identifier: MIT OR Apache-2.0"
            yield path, f'/* {what} */\n#include "{back}{group}"\n'


def main():
    here = Path(__file__).parent
    source = Path(sys.argv[1] if len(sys.argv) > 1 else here / "../../shared/reference/acl")
    include = Path(sys.argv[2] if len(sys.argv) > 2 else here / "../ascend-sys/include")
    docs = Docs(here / "acl_docs.tsv")
    tables = {name: rows(source / f"{name}.tsv") for name in ("functions", "types", "aclnn")}
    for group in GROUPS:
        (include / group).write_text(header(group, tables, docs))
    for path, text in forwarders():
        (include / path).parent.mkdir(parents=True, exist_ok=True)
        (include / path).write_text(text)
    for item in sorted(docs.words.keys() - docs.used):
        print(f"acl_docs.tsv describes {item}, which no table has", file=sys.stderr)
    if docs.lacking:
        sys.exit(f"acl_docs.tsv lacks {', '.join(docs.lacking)}: say in a sentence what each is")


if __name__ == "__main__":
    main()
