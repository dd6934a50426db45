"""Proves that change notes are checked, and joined without losing any."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))
import changelog  # noqa: E402


class ChangeNotes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "changes").mkdir()

    def note(self, name, text):
        (self.root / "changes" / name).write_text(text, encoding="utf-8")

    def test_a_good_note_has_no_faults(self):
        self.note("offline-till.md", "## Features\n\n- A till may deliver later.\n")
        self.assertEqual(changelog.faults(self.root), [])

    def test_what_cannot_be_joined_is_refused(self):
        for name, text in {
            "Offline.md": "## Features\n\n- A\n",
            "no-heading.md": "- A\n",
            "other-heading.md": "## Fixes\n\n- A\n",
            "two-headings.md": "## Features\n\n- A\n\n## Safety\n\n- B\n",
            "no-list.md": "## Safety\n\nA\n",
        }.items():
            with self.subTest(name):
                self.note(name, text)
                self.assertEqual(len(changelog.faults(self.root)), 1)
                (self.root / "changes" / name).unlink()

    def test_a_release_joins_the_notes_above_the_older_versions(self):
        (self.root / "CHANGELOG.md").write_text("# Changes\n\nNewest first.\n", encoding="utf-8")
        self.note("a.md", "## Features\n\n- First.\n")
        changelog.release(self.root, "0.1.0", "2026-11-21")
        self.note("b.md", "## Features\n\n- Second.\n")
        self.note("c.md", "## Safety\n\n- Third.\n")
        changelog.release(self.root, "0.2.0", "2026-12-01")
        self.assertEqual(changelog.notes_in(self.root), [])
        self.assertEqual((self.root / "CHANGELOG.md").read_text(encoding="utf-8"), (
            "# Changes\n\nNewest first.\n\n"
            "## 0.2.0 (2026-12-01)\n\n### Safety\n\n- Third.\n\n### Features\n\n- Second.\n\n"
            "## 0.1.0 (2026-11-21)\n\n### Features\n\n- First.\n"))

    def test_a_version_is_released_once(self):
        self.note("a.md", "## Features\n\n- First.\n")
        changelog.release(self.root, "0.1.0", "2026-11-21")
        self.note("b.md", "## Features\n\n- Second.\n")
        with self.assertRaises(ValueError):
            changelog.release(self.root, "0.1.0", "2026-11-22")


if __name__ == "__main__":
    unittest.main()
