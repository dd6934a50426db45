#!/usr/bin/env python3
"""Change notes: one file a change in changes/, joined into CHANGELOG.md when a version is released.

    tools/changelog.py check                 every note is one that can be joined
    tools/changelog.py show                  what the next release would say
    tools/changelog.py release VERSION DATE  puts that into CHANGELOG.md and removes the notes

A note is named after its change (changes/offline-till.md) and has one heading (## Safety,
## Features or ## Internals), and under it a list for the reader of the release.
"""

import argparse
import re
import sys
from pathlib import Path

HEADINGS = ("Safety", "Features", "Internals")
HEAD = "# Changes\n"


def notes_in(root):
    return sorted(path for path in (root / "changes").glob("*.md") if path.name != "README.md")


def read_note(path):
    """(heading, body), or the sentence that says what is wrong."""
    text = path.read_text(encoding="utf-8").strip()
    headings = re.findall(r"^#+ .*$", text, re.MULTILINE)
    known = [f"## {heading}" for heading in HEADINGS]
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.md", path.name):
        return f"{path.name}: named in small-letters-with-hyphens.md"
    if len(headings) != 1 or headings[0] not in known or not text.startswith(headings[0]):
        return f"{path.name}: starts with one heading of {', '.join(known)}"
    body = text[len(headings[0]):].strip()
    if not body.startswith("- "):
        return f"{path.name}: a list of what changed, each item starting with “- ”"
    return headings[0][3:], body


def faults(root):
    return [note for note in map(read_note, notes_in(root)) if isinstance(note, str)]


def joined(root):
    """The notes as one text, by heading."""
    notes = [note for note in map(read_note, notes_in(root)) if not isinstance(note, str)]
    parts = []
    for heading in HEADINGS:
        bodies = [body for kind, body in notes if kind == heading]
        if bodies:
            parts.append(f"### {heading}\n\n" + "\n".join(bodies) + "\n")
    return "\n".join(parts)


def release(root, version, date):
    log = root / "CHANGELOG.md"
    old = log.read_text(encoding="utf-8") if log.exists() else HEAD
    if f"\n## {version} " in old:
        raise ValueError(f"CHANGELOG.md has version {version} already")
    if not notes_in(root):
        raise ValueError("there are no notes to release")
    head, *versions = re.split(r"(?=^## )", old.rstrip() + "\n", flags=re.MULTILINE)
    newest = f"## {version} ({date})\n\n{joined(root)}"
    older = ["".join(versions)] if versions else []
    log.write_text("\n".join([head.rstrip() + "\n", newest, *older]), encoding="utf-8")
    for path in notes_in(root):
        path.unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("check")
    verbs.add_parser("show")
    releasing = verbs.add_parser("release")
    releasing.add_argument("version")
    releasing.add_argument("date")
    arguments = parser.parse_args()
    found = faults(arguments.root)
    if found:
        print("\n".join(found))
        return 1
    if arguments.verb == "show":
        print(joined(arguments.root), end="")
    elif arguments.verb == "release":
        try:
            release(arguments.root, arguments.version, arguments.date)
        except ValueError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
