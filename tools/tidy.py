#!/usr/bin/env python3
"""The style guide as a test.

    tools/tidy.py [--root DIR]     exit code 0: tidy; 1: what is not, line by line
    tools/tidy.py --figures        the house's own numbers: function, file and comment sizes

Sizes, banned words, names, Markdown. What clang-format and the compiler see is theirs.
"""

import argparse
import ast
import re
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import cpp_text

LINE_MAX = 100
FILE_MAX = 500
FUNCTION_MAX = 70
TEST_CASE_MAX = 60
PUBLIC_HEADER_MAX = 150

CPP = (".hpp", ".cpp")
SCRIPTS = (".py", ".sh", ".cmake")
WEB = (".html", ".css", ".js", ".svg")
SCRIPT_NAMES = ("run", "test", "format", "CMakeLists.txt")
SDK = ("sdk/",)
SOURCES = ("sdk/", "daemon/")
AMOUNTS = ("sdk/include/", "sdk/src/money/", "sdk/src/programme/", "sdk/src/ledger/",
           "sdk/src/store/", "sdk/src/engine/", "sdk/src/identity/", "sdk/src/base/")
THIS = ("tools/tidy.py", "tests/house/tidy_test.py")


@dataclass(frozen=True)
class Ban:
    name: str
    where: tuple      # path prefixes; () is everywhere
    pattern: str
    instead: str
    reads: str = "code"  # "code": no comments, no strings; "strings": no comments; "all"
    spared: tuple = ()   # paths


BANS = (
    Ban("binary floating point", AMOUNTS, r"\b(?:double|float)\b", "use Money, Points or Rate",
        spared=("sdk/include/laurel/people.hpp",)),  # weights and probabilities, no amounts
    Ban("reading a clock", SDK,
        r"\b\w+_clock::now\b|\b(?:gettimeofday|clock_gettime|timespec_get)\b|\btime\(nullptr\)",
        "take a Clock", spared=("sdk/src/base/system_clock.cpp",)),
    Ban("random numbers", SDK,
        r"\bs?rand\(|\brandom_device\b|\bmt19937|\bshuffle\(|_distribution\b|\bgetrandom\b",
        "what is random is passed in"),
    Ban("starting a thread", SDK, r"\bstd::j?thread\b(?!::)|\bstd::async\b|\.detach\(\)",
        "the caller owns the threads"),
    Ban("a loop over a part of a result that is gone before it begins", ("tests/", "examples/"),
        r"\bfor \([^;{}]* : (?:[^;{}]*\)->[\w.]+|\*[^;{}]*\))\) ", "name the result first"),
    Ban("logging", SDK, r"\bstd::(?:cout|cerr|clog)\b|\bprintf\(|\bspdlog\b",
        "return it; the daemon logs"),
    Ban("an assertion that vanishes", SOURCES, r"(?<!\w)assert\(", "use LAUREL_ASSERT"),
    Ban("a namespace poured out", (),
        r"^\s*using namespace (?!std::(?:\w+_)?literals|laurel\b|(?:programme|ledger|engine)\b)",
        "name what is used"),
    Ban("a transaction that takes its lock late", ("sdk/src/store/",),
        r"\bBEGIN\b(?!\s+IMMEDIATE)", "BEGIN IMMEDIATE", reads="sql",
        spared=("sdk/src/store/sqlite_readers.cpp",)),  # its connections cannot write
    Ban("a transaction that takes its lock late", ("sdk/src/store/",),
        r"\bSQLite::Transaction\s+\w+\s*[({](?![^;]*IMMEDIATE)", "TransactionBehavior::IMMEDIATE"),
    Ban("a test that is switched off", ("tests/", "examples/"),
        r"\bDISABLED_|\bGTEST_SKIP\b", "mend it or remove it"),
    Ban("text that is read as markup", ("daemon/console/",),
        r"\b(?:inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdocument\.write|\beval\(",
        "make nodes of it (dom.js)", reads="all"),
    Ban("unfinished work", (), r"\b(?:TODO|FIXME|HACK)\b", "finish it or drop it",
        reads="all", spared=THIS),
    Ban("a path of one machine", (), r"(?<![\w.$}-])/(?:home|Users|root|work)/\w",
        "stay inside the tree", reads="all", spared=THIS),
    Ban("an include that climbs", (), r'#\s*include\s*"\.\./', "name the folder", reads="strings"),
)


class Tree:
    """The files of the project, each read once."""

    def __init__(self, root):
        self.root = root
        self.paths = self._listed() or self._walked()
        self._texts = {}

    def _listed(self):
        if not (self.root / ".git").exists():
            return []
        command = ["git", "-C", str(self.root), "ls-files", "-z", "-co", "--exclude-standard"]
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        return sorted(name for name in listed.split("\0") if (self.root / name).is_file())

    def _walked(self):
        hidden = ("build/", ".git/", "data/")
        files = (path for path in self.root.rglob("*") if path.is_file())
        names = (str(path.relative_to(self.root)) for path in files)
        return sorted(name for name in names if not name.startswith(hidden))

    def text(self, name):
        if name not in self._texts:
            try:
                self._texts[name] = (self.root / name).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                self._texts[name] = ""  # not text
        return self._texts[name]

    def named(self, *suffixes, under=()):
        return [name for name in self.paths
                if name.endswith(suffixes) and (not under or name.startswith(under))]

    def scripts(self):
        return [name for name in self.paths
                if name.endswith(SCRIPTS) or name.split("/")[-1] in SCRIPT_NAMES]


def line_of(text, place):
    return text.count("\n", 0, place) + 1


def faults_of_lines(tree):
    for name in tree.named(*CPP, *WEB) + tree.scripts():
        text = tree.text(name)
        lines = text.split("\n")
        for number, line in enumerate(lines, 1):
            if len(line) > LINE_MAX:
                yield f"{name}:{number}: {len(line)} columns, at most {LINE_MAX}"
            if line != line.rstrip():
                yield f"{name}:{number}: trailing space"
            if "\t" in line:
                yield f"{name}:{number}: a tab"
        if text and not text.endswith("\n"):
            yield f"{name}: no newline at the end"
        most = PUBLIC_HEADER_MAX if name.startswith("sdk/include/") else FILE_MAX
        if text.count("\n") > most:
            yield f"{name}: {text.count(chr(10))} lines, at most {most}"


def faults_of_functions(tree):
    for name in tree.named(*CPP):
        for function in cpp_text.functions(tree.text(name)):
            most = TEST_CASE_MAX if re.match(r"TEST(_[FP])?\b", function.head) else FUNCTION_MAX
            if function.lines > most:
                yield (f"{name}:{function.first}: a function of {function.lines} lines, "
                       f"at most {most}")
    for name in tree.named(".py"):
        for node in ast.walk(ast.parse(tree.text(name))):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= FUNCTION_MAX:
                yield f"{name}:{node.lineno}: a function of more than {FUNCTION_MAX} lines"


def readable(text, reads):
    """The part of a file that a ban looks at."""
    if reads == "code":
        return cpp_text.code_of(text)
    if reads == "strings":
        return cpp_text.without_comments(text)
    if reads == "sql":  # the BEGIN of a trigger's body opens no transaction
        return re.sub(r"\bTRIGGER\b.*?\bBEGIN\b", lambda m: cpp_text.blank(m.group()),
                      cpp_text.without_comments(text), flags=re.DOTALL)
    return text


def faults_of_bans(tree):
    for ban in BANS:
        names = tree.paths if ban.reads == "all" else tree.named(*CPP)
        for name in names:
            if name in ban.spared or (ban.where and not name.startswith(ban.where)):
                continue
            text = readable(tree.text(name), ban.reads)
            for match in re.finditer(ban.pattern, text, re.MULTILINE):
                yield (f"{name}:{line_of(text, match.start())}: {ban.name} "
                       f"(“{match.group().strip()}”): {ban.instead}")


def faults_of_names(tree):
    for name in tree.named(*CPP):
        if not re.fullmatch(r"[a-z0-9_]+\.[a-z]+", name.split("/")[-1]):
            yield f"{name}: file names are snake_case"
        once = re.search(r"^#pragma once$", tree.text(name), re.MULTILINE)
        if name.endswith(".hpp") and not once:
            yield f"{name}: no #pragma once"


def faults_of_switches(tree):
    """An enum's switch names every value, so that a new one is a compile error at each."""
    for name in tree.named(*CPP):
        for line, body in cpp_text.switches(tree.text(name)):
            if re.search(r"\bcase\s+[\w:]*\bk[A-Z]", body) and re.search(r"\bdefault\s*:", body):
                yield f"{name}:{line}: a switch over an enum has no default"


def faults_of_iteration(tree):
    """The order of an unordered container must never reach a result."""
    for name in tree.named(*CPP, under=SDK):
        code = cpp_text.code_of(tree.text(name))
        header = name.removesuffix(".cpp") + ".hpp"
        declared = set(cpp_text.unordered_names(code))
        if header in tree.paths:
            declared |= set(cpp_text.unordered_names(cpp_text.code_of(tree.text(header))))
        for known in sorted(declared):
            loop = rf"\bfor\s*\([^;{{}}]*:\s*[\w.>\-]*\b{known}\)|\b{known}\s*\.\s*c?begin\("
            for match in re.finditer(loop, code):
                yield f"{name}:{line_of(code, match.start())}: iteration over the unordered {known}"


FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")


def faults_of_markdown(tree):
    for name in tree.named(".md"):
        note = name.startswith("changes/") and name != "changes/README.md"
        text = FENCE.sub(lambda m: cpp_text.blank(m.group()), tree.text(name))
        titles = len(re.findall(r"^# ", text, re.MULTILINE))
        if titles != 1 and not note:
            yield f"{name}: {titles} titles, exactly one is right"
        for match in LINK.finditer(re.sub(r"`[^`\n]*`", lambda m: cpp_text.blank(m.group()), text)):
            target = match.group(1).split("#")[0]
            if not target or re.match(r"[a-z]+:", target):
                continue
            path = (tree.root / name).parent / target
            if tree.root.resolve() not in [path.resolve(), *path.resolve().parents]:
                yield f"{name}:{line_of(text, match.start())}: {target} is outside the project"
            elif not path.exists():
                yield f"{name}:{line_of(text, match.start())}: {target} does not exist"


CHECKS = (faults_of_lines, faults_of_functions, faults_of_bans, faults_of_names,
          faults_of_switches, faults_of_iteration, faults_of_markdown)


def faults(root):
    tree = Tree(root)
    return [fault for check in CHECKS for fault in check(tree)]


def spread(values):
    values = sorted(values)
    if not values:
        return "none"
    return (f"{len(values)}, median {statistics.median(values):g}, "
            f"p90 {values[int(len(values) * 0.9)]}, max {values[-1]}")


def figures(root):
    tree = Tree(root)
    sources = tree.named(*CPP, under=SOURCES)
    tests = tree.named(".cpp", under=("tests/",))
    of = {name: cpp_text.functions(tree.text(name)) for name in sources + tests}
    cases = [f.lines for name in tests for f in of[name] if re.match(r"TEST(_[FP])?\b", f.head)]
    lines = {name: tree.text(name).count("\n") for name in sources + tests}
    comments = sum(cpp_text.comment_lines(tree.text(name)) for name in sources)
    print("functions (lines): " + spread(f.lines for name in sources for f in of[name]))
    print("files (lines):     " + spread(lines[name] for name in sources))
    print("test cases:        " + spread(cases))
    total = sum(lines[name] for name in sources) or 1
    print(f"comment share:     {comments / total:.0%} of {total} lines")
    print(f"test : source      {sum(lines[name] for name in tests) / total:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--figures", action="store_true")
    arguments = parser.parse_args()
    if arguments.figures:
        figures(arguments.root)
        return 0
    found = faults(arguments.root)
    print("\n".join(found) if found else "Tidy.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
