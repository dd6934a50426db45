"""Proves that tools/arrows.py sees what it is for: a sound house, and each way to break it."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))
import arrows  # noqa: E402

PAGE = """# Architecture

| room | one line | may include | outside packages |
|---|---|---|---|
| `base` | basics | – | date/tz (one file) |
| `money` | amounts | base | Boost.Multiprecision |
| `engine` | steps | all of the above | – |
| `daemon/` | HTTP | `sdk/include` | spdlog |

| public header | room |
|---|---|
| `laurel/time.hpp` | base |
| `laurel/engine.hpp` | engine |
"""

SOUND = {
    "docs/architecture.md": PAGE,
    "sdk/CMakeLists.txt": "laurel_room(base PACKAGES date::date-tz)\n"
                          "laurel_room(money ROOMS base PACKAGES Boost::headers)\n"
                          "laurel_room(engine ROOMS base money)\n",
    "sdk/include/laurel/time.hpp": "#pragma once\n#include <chrono>\n",
    "sdk/include/laurel/engine.hpp": '#pragma once\n#include "laurel/time.hpp"\n',
    "sdk/src/base/zone.hpp": "#include <date/tz.h>\n",
    "sdk/src/base/zone.cpp": '#include "base/zone.hpp"\n#include <date/tz.h>\n',
    "sdk/src/money/rate.cpp": "#include <boost/multiprecision/cpp_int.hpp>\n"
                              '#include "base/zone.hpp"\n',
    "sdk/src/engine/engine.cpp": '#include "laurel/engine.hpp"\n#include "money/rate.hpp"\n',
    "daemon/http/serve.hpp": "#include <spdlog/spdlog.h>\n",
    "daemon/main.cpp": '#include "http/serve.hpp"\n#include "laurel/engine.hpp"\n',
}

# What is added or changed, and a part of the sentence that must come.
SABOTAGE = {
    "an arrow up": ({"sdk/src/base/up.cpp": '#include "money/rate.hpp"\n'},
                    'sdk/src/base/up.cpp:1: base may not include "money/rate.hpp"'),
    "an arrow up through a public header": (
        {"sdk/src/money/up.cpp": '#include "laurel/engine.hpp"\n'},
        'money may not include "laurel/engine.hpp" of engine'),
    "a package of another room": ({"sdk/src/money/zone.cpp": "#include <date/tz.h>\n"},
                                  "money may not include date/tz"),
    "a package in a second file": ({"sdk/src/base/other.cpp": "#include <date/tz.h>\n"},
                                   "base: date/tz is included by 2 files, not 1: other, zone"),
    "an unknown package": ({"sdk/src/base/other.cpp": "#include <zlib.h>\n"},
                           "<zlib.h> belongs to no package"),
    "a package in a public header": (
        {"sdk/include/laurel/time.hpp": "#include <date/date.h>\n"},
        "sdk/include/laurel/time.hpp:1: a public header may not include date/date.h"),
    "a room's header in a public one": (
        {"sdk/include/laurel/time.hpp": '\n#include "base/zone.hpp"\n'},
        "sdk/include/laurel/time.hpp:2: a public header may not include base/zone.hpp"),
    "a public header that is not drawn": ({"sdk/include/laurel/extra.hpp": "\n"},
                                          "sdk/include/laurel/extra.hpp: not in the table"),
    "the daemon reaching into a room": ({"daemon/peek.cpp": '#include "money/rate.hpp"\n'},
                                        'not "money/rate.hpp"'),
    "a room that is not drawn": ({"sdk/src/attic/a.cpp": "\n"}, "sdk/src/attic: not a room"),
    "a link that is not drawn": (
        {"sdk/CMakeLists.txt": SOUND["sdk/CMakeLists.txt"].replace("(base ", "(base ROOMS money ")},
        "base links ['money'], its row says []"),
    "a linked package that is not drawn": (
        {"sdk/CMakeLists.txt": SOUND["sdk/CMakeLists.txt"].replace("date::date-tz", "yaml-cpp")},
        "base links ['yaml-cpp'], its row says ['date::date-tz']"),
    "a room that is not linked": (
        {"sdk/CMakeLists.txt": SOUND["sdk/CMakeLists.txt"].replace("room(money", "other(money")},
        "money is not both a row of the table and a laurel_room"),
    "a loop in the table": ({"docs/architecture.md": PAGE.replace("basics | –", "basics | money")},
                            "base may include money, which does not stand above it"),
    "no table at all": ({"docs/architecture.md": "# Architecture\n"}, "has no table of rooms"),
}


def faults_of(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return arrows.faults(Path(folder))


class Arrows(unittest.TestCase):
    def test_a_sound_house_has_no_faults(self):
        self.assertEqual(faults_of(SOUND), [])

    def test_each_sabotage_is_found(self):
        for name, (change, sentence) in SABOTAGE.items():
            with self.subTest(name):
                found = faults_of({**SOUND, **change})
                self.assertTrue(any(sentence in fault for fault in found), found)


if __name__ == "__main__":
    unittest.main()
