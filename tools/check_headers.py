"""Check the headers of ascend-sys/include against a real set of CANN's headers.

    python3 tools/check_headers.py INCLUDE [--at-least FUNCTIONS LAYOUTS VALUES]

INCLUDE is a folder with `acl/acl.h`, as a toolkit or the torch-npu wheel has it. The two sets
cannot meet in one translation unit, so facts are read from ours (signatures and types as text,
sizes, offsets and numbers as the compiler sees them) and written as C++ assertions that are
compiled with the real set. What the real set lacks is skipped and counted, what ours lack is an error; facts
that CANN's releases do not agree on stand in `header_differences.tsv`. In the end the same is done
with a copy of our headers in which single facts are wrong: exactly these must be found.
"""

import argparse
import csv
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
OURS = TOOLS.parent / "ascend-sys" / "include"
# CANN's folders of C headers that have something of ours.
THEIRS = ["acl", "acl/ops", "acl/error_codes", "aclnn", "aclnnop"]
COMPILER = ["g++", "-std=c++17", "-w", "-fmax-errors=0", "-DENABLE_DVPP_INTERFACE"]
# Text of ours, what it is altered to, and what must be found then.
ALTERATIONS = [
    ("aclrtMalloc(void **devPtr, size_t size,", "aclrtMalloc(void **devPtr, uint32_t size,", ["aclrtMalloc"]),
    ("aclError aclrtFree(", "void aclrtFree(", ["aclrtFree"]),
    ("typedef void (*aclrtCallback)(void *)", "typedef void (*aclrtCallback)(const void *)", ["aclrtCallback"]),
    ("uint64_t batch[128];", "uint64_t batch[127];", ["aclmdlBatch", "aclmdlBatch.batch"]),
    (
        "char majorVersion[64];",
        "char majorVersion[60];",
        [
            "aclCANNPackageVersion",
            *(f"aclCANNPackageVersion.{part}Version" for part in ("major", "minor", "release", "patch")),
            "aclCANNPackageVersion.reserved",
        ],
    ),
    ("ACL_MEMCPY_DEVICE_TO_HOST = 2", "ACL_MEMCPY_DEVICE_TO_HOST = 3", ["ACL_MEMCPY_DEVICE_TO_HOST"]),
    ("aclError aclrtResetDevice(", "aclError aclrtResetDevices(", ["aclrtResetDevice"]),
    ("ACL_ERROR_REPEAT_INITIALIZE 100002", "ACL_ERROR_REPEAT_INITIALIZE 100003", ["ACL_ERROR_REPEAT_INITIALIZE"]),
]


@dataclass(frozen=True)
class Fact:
    kind: str  # "function", "type", "layout", "field", "value"
    item: str
    needs: tuple  # the names without which the real set does not have it
    words: str  # a type, or a comparison's left side
    number: int | None = None
    newer: bool = False  # a member that older releases lack

    def assertion(self, other=None):
        """The fact in C++, with a number or type of another release's in its place."""
        if self.kind == "function":
            # Not is_same: a set may overload the name in C++, and this chooses the exact one.
            name = re.sub(r"\W", "_", self.item)
            return f"{self.with_name('check_' + name, other)} = &::{self.item};"
        if self.number is None:
            left, right = self.words.split(" == ")
            return f'static_assert(std::is_same<{left}, {other or right}>::value, "{self.item}");'
        number = self.number if other is None else int(other)
        return f'static_assert({self.words} == {number}LL, "{self.item}");'

    def with_name(self, name, other):
        result, parameters = re.fullmatch(r"(.*?)\(\*\)(\(.*\))", other or self.words).groups()
        return f"{result}(*{name}){parameters}"


def run(command, **options):
    return subprocess.run(command, text=True, capture_output=True, check=False, **options)


def parse(path):
    """The facts that the text of one of our headers has. Sizes and offsets are asked for as
    expressions, for the compiler to answer."""
    lines = path.read_text().splitlines()
    newer, block, name, members = False, None, None, []
    comment = False
    for at, line in enumerate(lines, 1):
        if comment or line.startswith("/*"):
            comment = not line.endswith("*/")
            continue
        if re.match(r"\s+(/?\*)", line):
            newer = newer or "Since a CANN after" in line
            continue
        code = line.strip().removeprefix("__extension__ ")
        if block == "enum" and (match := re.fullmatch(r"(\w+) = [^,]+,", code)):
            yield Fact("value", match[1], (name, match[1]), f"static_cast<long long>(::{name}::{match[1]})"), match[1]
        elif block and code == "union {":
            members.append((None, newer, []))
        elif block and members and (match := re.fullmatch(r"\}(?: (\w+))?;", code)):
            # The union's own name is known only now.
            _, _, inside = members.pop()
            prefix = f"{match[1]}." if match[1] else ""
            for kind, member, bounds, late in inside:
                yield from field(name, kind, prefix + member, bounds, late)
        elif block and (match := re.fullmatch(r"\} (\w+);", code)):
            assert match[1] == name, f"{path}:{at}: {match[1]} is not {name}"
            yield Fact("layout", name, (name,), f"sizeof(::{name})"), f"sizeof({name})"
            yield Fact("layout", name, (name,), f"alignof(::{name})"), f"alignof({name})"
            block = None
        elif block in ("struct", "union") and (match := re.fullmatch(r"(.*?)(\w+)((?:\[\d*\])*);", code)):
            kind, member, bounds = match[1].strip(), match[2], match[3]
            if members:
                members[-1][2].append((kind, member, bounds, newer))
            else:
                yield from field(name, kind, member, bounds, newer)
        elif match := re.fullmatch(r"typedef (enum|struct|union) (\w+) \{", code):
            block, name = match[1], match[2]
        elif match := re.fullmatch(r"#define (\w+) (.+)", code):
            if match[2].startswith('"'):
                compare = f"static_cast<long long>(__builtin_strcmp({match[1]}, {match[2]}))"
                yield Fact("value", match[1], (match[1],), compare, 0), None
            else:
                yield Fact("value", match[1], (match[1],), f"static_cast<long long>({match[1]})"), match[1]
        elif match := re.fullmatch(r"static const \w+ (\w+) = .+;", code):
            yield Fact("value", match[1], (match[1],), f"static_cast<long long>(::{match[1]})"), match[1]
        elif match := re.fullmatch(r"typedef (.*\(\*)(\w+)(\)\(.*\));", code):
            yield Fact("type", match[2], (match[2],), f"::{match[2]} == {match[1]}{match[3]}"), None
        elif match := re.fullmatch(r"typedef (?:struct )?(\w[\w *]*?)(\w+);", code):
            if match[1].strip() != match[2]:
                kind = match[1].strip()
                yield Fact("type", match[2], tuple({match[2], kind.split()[0]} - BUILT_IN), f"::{match[2]} == {kind}"), None
        elif match := re.fullmatch(r"([^(]*?)(\w+)(\(.*\));", code):
            yield Fact("function", match[2], (match[2],), f"{match[1]}(*){match[3]}"), None
        elif code and not code.startswith("#") and code not in ('extern "C" {', "}"):
            sys.exit(f"{path}:{at}: not of a form that our headers have: {line}")
        newer = False


BUILT_IN = {"void", "int", "uint16_t", "int32_t"}


def field(parent, kind, member, bounds, newer):
    item = f"{parent}.{member}"
    needs = (parent,)
    place = f"offsetof(::{parent}, {member})"
    yield Fact("layout", item, needs, place, newer=newer), f"offsetof({parent}, {member})"
    if bounds != "[]":  # Of unknown length there are several ways to write.
        ours = f"decltype(std::declval<::{parent}>().{member})"
        yield Fact("field", item, needs, f"{ours} == {kind}{bounds}", newer=newer), None


def read(include, scratch):
    """All facts of our headers below `include`, with the compiler's numbers."""
    headers = sorted(include.glob("*.h"))
    asked = [pair for header in headers for pair in parse(header)]
    expressions = [expression for _, expression in asked if expression]
    probe = scratch / "probe.cpp"
    probe.write_text(
        "#include <cstdio>\n#include <cstddef>\n"
        + "".join(f'#include "{header.name}"\n' for header in headers)
        + "static const long long numbers[] = {\n"
        + "".join(f"    static_cast<long long>({expression}),\n" for expression in expressions)
        + '};\nint main() { for (long long number : numbers) std::printf("%lld\\n", number); }\n'
    )
    program = scratch / "probe"
    built = run([*COMPILER, "-I", str(include), str(probe), "-o", str(program)])
    if built.returncode != 0:
        sys.exit(f"our own headers do not compile:\n{built.stderr}")
    numbers = iter(run([str(program)]).stdout.split())
    return [
        Fact(fact.kind, fact.item, fact.needs, fact.words, int(next(numbers)), fact.newer) if expression else fact
        for fact, expression in asked
    ]


class RealSet:
    """A folder of CANN's headers."""

    def __init__(self, include, scratch):
        self.include, self.scratch = include.resolve(), scratch
        headers = [header for folder in THEIRS for header in sorted((self.include / folder).glob("*.h"))]
        self.preamble = ["#include <cstddef>", "#include <type_traits>", "#include <utility>"]
        self.preamble += [f'#include "{header.relative_to(self.include)}"' for header in headers]
        self.names, self.functions = self._names()

    def _command(self, source):
        folders = [option for folder in (".", "acl", "aclnn") for option in ("-I", str(self.include / folder))]
        return [*COMPILER, *folders, str(source)]

    def _names(self):
        """Every word in the set's own text (no comments, and no headers of the system), and the
        names of its functions but for the operators, of which our headers have a choice."""
        source = self.scratch / "names.cpp"
        source.write_text("\n".join(self.preamble))
        # The toolkit's folders may lie where a compiler would call them the system's: go by path.
        seen = run([*self._command(source), "-E", "-dD"])
        if seen.returncode != 0:
            sys.exit(f"the headers in {self.include} do not compile by themselves:\n{seen.stderr}")
        names, functions, own, operators = set(), set(), False, False
        for line in seen.stdout.splitlines():
            if marker := re.match(r'# \d+ "(.*?)"', line):
                path = Path(marker[1]).resolve()
                own, operators = path.is_relative_to(self.include), path.parent.name == "aclnnop"
            elif own:
                names.update(re.findall(r"\w+", line))
                if not operators and not line.startswith("#"):
                    functions.update(re.findall(r"\b(acl\w+)\s*\(", line))
        return names, functions

    def has(self, fact):
        return all(name in self.names for name in fact.needs)

    def refused(self, assertions):
        """The numbers of the assertions that do not compile, with the compiler's words."""
        lines = [*self.preamble, *assertions]
        source = self.scratch / "assertions.cpp"
        source.write_text("\n".join(lines) + "\n")
        done = run([*self._command(source), "-fsyntax-only"])
        refused = {}
        for path, line, words in re.findall(r"^(.*?):(\d+):\d+: (?:fatal )?error: (.*)$", done.stderr, re.MULTILINE):
            at = int(line) - 1 - len(self.preamble)
            if Path(path) != source or at < 0:
                sys.exit(f"the headers in {self.include} do not compile:\n{done.stderr}")
            refused.setdefault(at, words)
        if (done.returncode != 0) != bool(refused):
            sys.exit(f"cannot tell what the compiler found:\n{done.stderr}")
        return refused


@dataclass
class Outcome:
    counts: Counter
    absent: Counter
    known: list  # (fact, row)
    wrong: list  # (fact, the compiler's words)
    lacking: set  # functions that only the real set has

    def found(self):
        return {fact.item for fact, _ in self.wrong} | self.lacking


def compare(facts, real, differences):
    here = [fact for fact in facts if real.has(fact)]
    absent = Counter(fact.kind for fact in facts if not real.has(fact))
    counts = Counter(fact.kind for fact in here)
    known, wrong = [], []
    refused = real.refused([fact.assertion() for fact in here])
    others = [
        (at, row)
        for at in refused
        for row in differences
        if row["item"] == here[at].item and row["kind"] == here[at].kind
    ]
    refused_too = real.refused([here[at].assertion(row["theirs"]) for at, row in others]) if others else {}
    agreed = {at: row for number, (at, row) in enumerate(others) if number not in refused_too}
    for at, words in sorted(refused.items()):
        fact = here[at]
        if at in agreed:
            known.append((fact, agreed[at]))
        elif fact.newer and "has no member named" in words:
            counts[fact.kind] -= 1
            absent[fact.kind] += 1
        else:
            wrong.append((fact, words))
    lacking = real.functions - {fact.item for fact in facts}
    return Outcome(counts, absent, known, wrong, lacking)


def altered(scratch):
    """A copy of our headers with the alterations, and what they make wrong."""
    copy = scratch / "altered"
    shutil.copytree(OURS, copy)
    header = copy / "ascendcl.h"
    text = header.read_text()
    for before, after, _ in ALTERATIONS:
        assert text.count(before) == 1, f"not once in {header.name}: {before}"
        text = text.replace(before, after)
    header.write_text(text)
    return copy, {item for _, _, items in ALTERATIONS for item in items}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("include", type=Path)
    arguments.add_argument(
        "--at-least", nargs=3, type=int, default=[0, 0, 0], metavar=("FUNCTIONS", "LAYOUTS", "VALUES")
    )
    arguments = arguments.parse_args()
    if not (arguments.include / "acl" / "acl.h").is_file():
        sys.exit(f"{arguments.include} has no acl/acl.h: name the include folder of a CANN toolkit")
    with open(TOOLS / "header_differences.tsv", newline="") as file:
        differences = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))

    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        real = RealSet(arguments.include, scratch)
        outcome = compare(read(OURS, scratch), real, differences)
        copy, expected = altered(scratch)
        found = compare(read(copy, scratch), real, differences).found()

    checked = outcome.counts
    for fact, row in outcome.known:
        print(f"known: {fact.kind} {fact.item} is {row['theirs']} there: {row['reason']}")
    for fact, words in outcome.wrong:
        print(f"WRONG: {fact.kind} {fact.item}: {fact.assertion()}\n       {words}")
    functions, values = checked["function"], checked["value"]
    layouts = checked["layout"] + checked["field"] + checked["type"]
    print(
        f"checked against {arguments.include}: {functions} functions, {layouts} layouts "
        f"({checked['layout']} sizes, alignments and offsets, {checked['field']} types of members, "
        f"{checked['type']} named types), {values} values; {len(outcome.known)} known differences; "
        f"not there: " + ", ".join(f"{count} of kind {kind}" for kind, count in sorted(outcome.absent.items()))
    )
    failures = [f"{len(outcome.wrong)} facts differ"] if outcome.wrong else []
    if outcome.lacking:
        failures.append(f"our headers lack {', '.join(sorted(outcome.lacking))}")
    for what, count, least in zip(
        ("functions", "layouts", "values"), (functions, layouts, values), arguments.at_least
    ):
        if count < least:
            failures.append(f"{count} {what} are fewer than {least}: is the set whole?")
    wrong = outcome.found()
    if found != expected | wrong:
        missed, excess = sorted(expected - found), sorted(found - expected - wrong)
        failures.append(f"altered facts not found: {missed}; found and not altered: {excess}")
    else:
        print(f"{len(ALTERATIONS)} alterations of our headers are found, in {len(expected)} items")
    if failures:
        sys.exit("; ".join(failures))


main()
