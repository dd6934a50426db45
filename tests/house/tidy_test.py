"""Proves that tools/tidy.py sees what it is for, and leaves alone what is right."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))
import cpp_text  # noqa: E402
import tidy  # noqa: E402

HEADER = "#pragma once\n"


def function_of(lines, head="void f() {"):
    return head + "\n" + "  g();\n" * (lines - 2) + "}\n"


# What a file says, and a part of the sentence that must come.
FAULTS = {
    "a long line": ("daemon/a.cpp", "// " + "x" * 98 + "\n", "a.cpp:1: 101 columns"),
    "a trailing space": ("daemon/a.cpp", "int a; \n", "trailing space"),
    "a tab": ("daemon/a.cpp", "\tint a;\n", "a tab"),
    "no last newline": ("daemon/a.cpp", "int a;", "no newline"),
    "a long file": ("daemon/a.cpp", "int a;\n" * 501, "501 lines, at most 500"),
    "a long public header": ("sdk/include/laurel/a.hpp", HEADER + "//\n" * 150, "at most 150"),
    "a long function": ("daemon/a.cpp", function_of(71), "a.cpp:1: a function of 71 lines"),
    "a long test": ("tests/unit/a.cpp", function_of(61, "TEST(A, b) {"), "at most 60"),
    "a long method": (
        "daemon/a.hpp", HEADER + "struct A {\n" + function_of(71) + "};\n", "71 lines"),
    "a long constructor": (
        "daemon/a.cpp", function_of(71, "A::A(int b) : b_{b}, c_(1), d_{} {"), "71 lines"),
    "a double": ("sdk/src/money/a.cpp", "double a;\n", "binary floating point"),
    "a clock": ("sdk/src/engine/a.cpp", "std::chrono::system_clock::now();\n", "reading a clock"),
    "a random number": ("sdk/src/base/a.cpp", "std::random_device a;\n", "random numbers"),
    "an old random number": ("sdk/src/base/a.cpp", "int a = std::rand();\n", "random numbers"),
    "a thread": ("sdk/src/store/a.cpp", "std::thread a(f);\n", "starting a thread"),
    "a line on the console": ("sdk/src/store/a.cpp", "std::cerr << 1;\n", "logging"),
    "assert": ("daemon/a.cpp", "assert(a);\n", "LAUREL_ASSERT"),
    "using namespace": ("daemon/a.cpp", "using namespace std;\n", "a namespace poured out"),
    "a long line of a page": ("daemon/console/a.js", "// " + "x" * 98 + "\n", "a.js:1: 101"),
    "a long style sheet": ("daemon/console/a.css", "a{}\n" * 501, "501 lines, at most 500"),
    "markup": ("daemon/console/a.js", "node.innerHTML = name;\n", "text that is read as markup"),
    "a late lock": ("sdk/src/store/a.cpp", 'run("BEGIN");\n', "takes its lock late"),
    "a deferred lock": ("sdk/src/store/a.cpp", 'run("BEGIN DEFERRED");\n', "takes its lock late"),
    "a late lock by the package": (
        "sdk/src/store/a.cpp", "SQLite::Transaction a(db);\n", "TransactionBehavior::IMMEDIATE"),
    "a result gone before its loop": (
        "tests/unit/a.cpp", "for (auto& a : shop.page(9)->entries) f(a);\n", "name the result"),
    "a test switched off": ("tests/unit/a.cpp", "TEST(A, DISABLED_b) {}\n", "switched off"),
    "unfinished work": ("docs/a.md", "# A\nTODO\n", "a.md:2: unfinished work"),
    "a path of one machine": ("tools/a.sh", "cat /home/anna/x\n", "stay inside the tree"),
    "an include that climbs": ("daemon/a.cpp", '#include "../b.hpp"\n', "climbs"),
    "a name in CamelCase": ("daemon/Ab.cpp", "int a;\n", "snake_case"),
    "a header without guard": ("daemon/a.hpp", "int a;\n", "no #pragma once"),
    "a default over an enum": (
        "daemon/a.cpp", "switch (a) { case A::kB: return; default: return; }\n", "has no default"),
    "an order by chance": (
        "sdk/src/engine/a.cpp",
        "std::unordered_map<int, std::pair<int, int>> seen;\nfor (auto& a : seen) f(a);\n",
        "a.cpp:2: iteration over the unordered seen"),
    "two titles": ("docs/a.md", "# A\n# B\n", "2 titles"),
    "no title": ("docs/a.md", "A\n", "0 titles"),
    "a dead link": ("docs/a.md", "# A\n[b](b.md)\n", "b.md does not exist"),
    "a link that leaves": ("docs/a.md", "# A\n[b](../../b.md)\n", "outside the project"),
}

FINE = {
    "a function of seventy": ("daemon/a.cpp", function_of(70)),
    "many short functions": ("daemon/a.cpp", "namespace {\n" + function_of(40) * 3 + "}\n"),
    "words in comments and strings": (
        "sdk/src/money/a.cpp", '// double\n/* std::rand( */ auto a = "float";\n'),
    "a digit separator": ("sdk/src/money/a.cpp", "int a = 1'000; int b = 2'000;\n"),
    "a raw string": ("sdk/src/store/a.cpp", 'auto a = R"sql(BEGIN IMMEDIATE)sql";\n'),
    "a trigger": (
        "sdk/src/store/a.cpp", 'run("CREATE TRIGGER a BEFORE UPDATE ON b BEGIN SELECT 1; END");\n'),
    "the one clock": ("sdk/src/base/system_clock.cpp", "auto a = system_clock::now();\n"),
    "a default over text": ("daemon/a.cpp", "switch (a) { case 'k': return; default: return; }\n"),
    "a look-up": ("sdk/src/engine/a.cpp", "std::unordered_map<int, int> a;\na.find(1);\n"),
    "a change note": ("changes/a.md", "## Safety\n\n- A.\n"),
    "a hash in code": ("docs/a.md", "# A\n```\n# not a title\n```\n`[a](b)`\n"),
    "doubles for time": ("daemon/a.cpp", "double seconds = 0;\n"),
}


def faults_of(name, text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        return tidy.faults(Path(folder))


class Tidy(unittest.TestCase):
    def test_each_fault_is_found(self):
        for what, (name, text, sentence) in FAULTS.items():
            with self.subTest(what):
                found = faults_of(name, text)
                self.assertTrue(any(sentence in fault for fault in found), found)

    def test_what_is_right_is_left_alone(self):
        for what, (name, text) in FINE.items():
            with self.subTest(what):
                self.assertEqual(faults_of(name, text), [])

    def test_every_ban_has_a_fault_that_provokes_it(self):
        provoked = [fault for name, text, _ in FAULTS.values() for fault in faults_of(name, text)]
        for ban in tidy.BANS:
            self.assertTrue(any(ban.name in fault for fault in provoked), ban.name)


class Functions(unittest.TestCase):
    def lines_of(self, text):
        return [function.lines for function in cpp_text.functions(text)]

    def test_a_class_is_not_a_function(self):
        text = "class A : public B<int> {\n  int a() { return 1; }\n};\n"
        self.assertEqual(self.lines_of(text), [1])

    def test_a_lambda_counts_to_the_function_around_it(self):
        self.assertEqual(self.lines_of("void f() {\n  g([](int a) {\n    h();\n  });\n}\n"), [5])

    def test_a_table_is_not_a_function(self):
        text = "constexpr A kTable[] = {\n  {1, f(2)},\n  {3, 4},\n};\n"
        self.assertEqual(self.lines_of(text), [])

    def test_an_initialiser_list_belongs_to_its_constructor(self):
        self.assertEqual(self.lines_of("A::A(int a)\n    : a_{a},\n      b_{} {\n  f();\n}\n"), [5])

    def test_braces_of_a_macro_do_not_count(self):
        self.assertEqual(self.lines_of("#define A do { \\\n  f(\nvoid f() {\n}\n"), [2])


if __name__ == "__main__":
    unittest.main()
