#!/usr/bin/env python3
"""Runs what the documentation shows.

    tools/doc_snippets.py --laurel FILE [--compiler FILE] [PAGE...]   exit code 0: all true

Every fenced block of README.md and docs/ is held to its word:

  sh     run with bash, in the order of the page, in a folder of the page's own where rules/ and
         examples/ are at hand and `laurel` is found. http://127.0.0.1:8080 is a sandbox of its own,
         its clock at noon of 21 November 2026.
  json, text   right below an sh block: what that block printed. JSON is compared as values, and the
         page may leave fields out; text line by line. "…" stands for anything.
  cpp    compiled; without a main it is the body of a function that has an `engine`
  yaml   a whole programme, or parts of one, checked by `laurel rules check`

A comment `<!-- not run: why -->` in the line above a block lets it be.
"""

import argparse
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[1]
SHOWN = "http://127.0.0.1:8080"
NOON = "2026-11-21T12:00:00Z"
FENCE = re.compile(r"^```(\w*)\s*$")
NOT_RUN = re.compile(r"^<!-- not run: .+ -->$")

# What a page's part of a programme is put into; a key the page shows replaces the one here.
WHOLE = {
    "programme": "programme: shop",
    "effective_from": "effective_from: 2020-01-01",
    "time_zone": "time_zone: Europe/London",
    "currency": "currency: GBP",
    "departments": "departments: [fashion, handbags, jewellery, beauty, food-hall, restaurant, "
                   "hair-salon, by-appointment]",
    "channels": "channels: [store, online, phone]",
    "wallets": "wallets: { points: { name: { en: Points }, expires: { after: 24 months }, "
               "rounding: { mode: floor, at: transaction }, on_shortfall: debt } }",
    "tiers": "tiers: { metric: spend, window: calendar_year, valid_until: end_of_next_year, "
             "crossing: next_day, on_return: immediate, downgrade: one_level, levels: "
             "[ { id: green, from: 0.00, rate: 1 point per 1.00 }, "
             "{ id: gold, from: 5000.00, rate: 2 points per 1.00 } ] }",
    "identity": "identity: { types: { card: { strength: strong, may: [earn] } }, "
                "precedence: [card] }",
}

CPP_HEAD = """#include <iostream>
#include <string>
#include "laurel/laurel.hpp"
[[maybe_unused]] static void page(laurel::Engine& engine) {
  (void)engine;
"""


@dataclass
class Block:
    page: str
    line: int
    kind: str
    text: str
    above: str  # the kind of the block right above, with nothing but blank lines between


def blocks_of(path):
    blocks, inside, kind, begin, lines, spared, above = [], False, "", 0, [], False, ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        fence = FENCE.match(line)
        if inside and line.strip() == "```":
            if not spared:
                name = str(path.relative_to(ROOT))
                blocks.append(Block(name, begin, kind, "\n".join(lines) + "\n", above))
            inside, above, spared = False, kind if not spared else "", False
        elif inside:
            lines.append(line)
        elif fence:
            inside, kind, begin, lines = True, fence.group(1), number, []
        elif line.strip():
            spared, above = bool(NOT_RUN.match(line.strip())), ""
    return blocks


class Sandbox:
    def __init__(self, laurel):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [laurel, "serve", "--programme", str(ROOT / "rules/department-store"), "--store",
             "memory:", "--sandbox", "--listen", f"127.0.0.1:{self.port}", "--log-level", "error"],
            stdout=subprocess.DEVNULL)
        for _ in range(500):
            try:
                clock = json.dumps({"now": NOON}).encode()
                urllib.request.urlopen(urllib.request.Request(
                    self.url + "/v1/sandbox/clock", clock, method="PUT"), timeout=5).read()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit("the sandbox does not answer")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)


class Page:
    """One page's folder and, once a block needs it, its sandbox."""

    def __init__(self, laurel, compiler):
        self.laurel, self.compiler, self.sandbox = laurel, compiler, None
        self.folder = tempfile.TemporaryDirectory(prefix="laurel-docs-")
        self.path = pathlib.Path(self.folder.name)
        for name in ("rules", "examples"):
            (self.path / name).symlink_to(ROOT / name)
        (self.path / "bin").mkdir()
        (self.path / "bin" / "laurel").symlink_to(laurel)

    def close(self):
        if self.sandbox:
            self.sandbox.stop()
        self.folder.cleanup()

    def run_sh(self, block):
        text = block.text
        if SHOWN in text:
            self.sandbox = self.sandbox or Sandbox(self.laurel)
            text = text.replace(SHOWN, self.sandbox.url)
        environment = dict(os.environ, NO_COLOR="1")
        environment["PATH"] = f"{self.path}/bin:{environment['PATH']}"
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", text], cwd=self.path,
                              env=environment, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            return done.stdout, f"exit code {done.returncode}: {done.stderr}{done.stdout}"
        return done.stdout, None

    def check_cpp(self, block):
        has_main = "int main(" in block.text
        source = block.text if has_main else CPP_HEAD + block.text + "}\n"
        done = subprocess.run(
            [self.compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror",
             f"-I{ROOT / 'sdk/include'}", "-x", "c++", "-"], input=source, capture_output=True,
            text=True, timeout=120)
        return None if done.returncode == 0 else done.stderr

    def check_yaml(self, block):
        shown = set(re.findall(r"^(\w+):", block.text, re.MULTILINE))
        parts = [] if "programme" in shown else [
            line for key, line in WHOLE.items() if key not in shown]
        folder = self.path / f"programme-{block.line}"
        folder.mkdir()
        (folder / "programme.yaml").write_text("\n".join(parts) + "\n" + block.text)
        done = subprocess.run([self.laurel, "rules", "check", str(folder)], capture_output=True,
                              text=True, timeout=120)
        return None if done.returncode == 0 else done.stdout + done.stderr


def holds(shown, seen):
    """Whether JSON has what the page shows of it."""
    if isinstance(shown, str) and "…" in shown:
        pattern = ".*".join(re.escape(part) for part in shown.split("…"))
        return shown == "…" or isinstance(seen, str) and re.fullmatch(pattern, seen) is not None
    if isinstance(shown, dict):
        return isinstance(seen, dict) and all(
            key in seen and holds(value, seen[key]) for key, value in shown.items())
    if isinstance(shown, list):
        return (isinstance(seen, list) and len(shown) == len(seen)
                and all(holds(*pair) for pair in zip(shown, seen)))
    return shown == seen


def output_fault(block, seen):
    if block.kind == "json":
        try:
            answer = json.loads(seen)
        except ValueError:
            return f"no JSON was printed, but:\n{seen}"
        return None if holds(json.loads(block.text), answer) else f"printed was:\n{seen}"
    shown = [line.rstrip() for line in block.text.rstrip().splitlines()]
    printed = [line.rstrip() for line in seen.rstrip().splitlines()]
    if "…" in shown:  # a line of its own: any number of lines
        cut = shown.index("…")
        shown, printed = shown[:cut], printed[:cut]
    same = len(shown) == len(printed) and all(holds(*pair) for pair in zip(shown, printed))
    return None if same else f"printed was:\n{seen}"


def faults_of(path, laurel, compiler):
    page, printed = Page(laurel, compiler), ""
    try:
        for block in blocks_of(path):
            fault = None
            if block.kind == "sh":
                printed, fault = page.run_sh(block)
            elif block.kind in ("json", "text") and block.above == "sh":
                fault = output_fault(block, printed)
            elif block.kind == "cpp":
                fault = page.check_cpp(block)
            elif block.kind == "yaml":
                fault = page.check_yaml(block)
            if fault:
                yield f"{block.page}:{block.line}: the {block.kind} block is not true: {fault}"
    finally:
        page.close()


def main():
    parser = argparse.ArgumentParser(description="runs what the documentation shows")
    parser.add_argument("--laurel", required=True)
    parser.add_argument("--compiler", default="c++")
    parser.add_argument("pages", nargs="*")
    options = parser.parse_args()
    pages = [pathlib.Path(name).resolve() for name in options.pages] or [
        ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    count = 0
    for path in pages:
        for fault in faults_of(path, str(pathlib.Path(options.laurel).resolve()), options.compiler):
            print(fault)
            count += 1
    if count == 0:
        print("The documentation says what is true.")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
