#!/usr/bin/env python3
"""Holds every #include and every link line against the tables in docs/architecture.md.

    tools/arrows.py [--root DIR]   exit code 0: the house is as drawn; 1: what is not, line by line

The page has two tables this reads. The table of rooms (header row starts "| room") says which rooms
and which outside packages a room may include, and in how many files. The table of public headers
(header row starts "| public header") says which room stands behind each; a room may include a
public header of its own, of the rooms in its row, and of no room in particular ("all").
"""

import argparse
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

# Outside packages: what their includes look like, and their CMake targets.
PACKAGES = {
    "date/tz": (("date/",), ("date::date-tz",)),
    "Boost.Multiprecision": (("boost/multiprecision/",), ("Boost::headers",)),
    "yaml-cpp": (("yaml-cpp/",), ("yaml-cpp",)),
    "libphonenumber": (("phonenumbers/",), ("PhoneNumber::phonenumber",)),
    "SQLiteCpp": (("SQLiteCpp/",), ("SQLiteCpp",)),
    "SQLite": (("sqlite3.h",), ("SQLite::SQLite3",)),
    "POSIX": (("sys/", "netinet/", "arpa/", "unistd.h", "fcntl.h", "signal.h", "poll.h", "netdb.h",
               "pthread.h", "semaphore.h", "stdlib.h", "termios.h", "dirent.h"), ()),
    "cpp-httplib": (("httplib.h",), ("PkgConfig::HTTPLIB",)),
    "Boost.Asio": (("boost/asio", "boost/system/"), ("Boost::headers",)),
    "RapidJSON": (("rapidjson/",), ()),
    "spdlog": (("spdlog/",), ("spdlog::spdlog",)),
    "CLI11": (("CLI/",), ("CLI11::CLI11",)),
    "OpenSSL": (("openssl/",), ("OpenSSL::Crypto",)),
}

STANDARD = frozenset("""
algorithm any array atomic barrier bit bitset charconv chrono compare complex concepts
condition_variable coroutine deque exception execution filesystem format forward_list fstream
functional future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list
locale map memory memory_resource mutex new numbers numeric optional ostream queue random ranges
ratio regex scoped_allocator semaphore set shared_mutex source_location span sstream stack stdexcept
stop_token streambuf string string_view strstream syncstream system_error thread tuple type_traits
typeindex typeinfo unordered_map unordered_set utility valarray variant vector version
cassert cctype cerrno cfenv cfloat cinttypes climits clocale cmath csetjmp csignal cstdarg cstddef
cstdint cstdio cstdlib cstring ctime cuchar cwchar cwctype
""".split())

COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


@dataclass
class Room:
    name: str
    rooms: set
    packages: dict  # name -> most files that may include it; None: any number
    files: dict = field(default_factory=dict)  # package -> stems seen


def table_rows(page, first_header):
    """The body rows of the table whose first header cell is `first_header`, as lists of cells."""
    rows, inside = [], False
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells[0].startswith(first_header):
            inside = True
        elif inside and not set(cells[0]) <= set("-: "):
            rows.append(cells)
    return rows


def name_in(cell):
    return cell.strip("` ").rstrip("/")


def read_packages(cell, room):
    packages = {}
    for text in filter(None, (part.strip() for part in cell.strip("– ").split(","))):
        match = re.fullmatch(r"(.+?)(?: \((\w+) files?\))?", text)
        name, count = match.group(1), match.group(2)
        if name not in PACKAGES:
            raise ValueError(f"{room}: unknown outside package “{name}”; add it to tools/arrows.py")
        packages[name] = COUNTS[count] if count else None
    return packages


def read_rooms(page):
    rooms = {}
    for cells in table_rows(page, "room"):
        name, allowed = name_in(cells[0]), cells[2].strip()
        if allowed == "all of the above":
            may = set(rooms)
        else:
            may = set() if allowed in ("–", "`sdk/include`") else {
                name_in(part) for part in allowed.split(",")}
        rooms[name] = Room(name, may, read_packages(cells[3], name))
    if not rooms:
        raise ValueError("docs/architecture.md has no table of rooms")
    return rooms


def read_public_headers(page):
    return {name_in(cells[0]): name_in(cells[1]) for cells in table_rows(page, "public header")}


def faults_of_table(rooms, headers):
    """Each room may include only rooms that stand above it in the table, so there are no loops."""
    seen = set()
    for room in rooms.values():
        for other in sorted(room.rooms - seen):
            yield (f"docs/architecture.md: {room.name} may include {other}, "
                   "which does not stand above it")
        seen.add(room.name)
    for header, room in headers.items():
        if room != "all" and room not in rooms:
            yield f"docs/architecture.md: {header} is given to {room}, which is no room"


def sources(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in (".hpp", ".cpp"))


def includes(path):
    text = path.read_text(encoding="utf-8")
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start(2)) + 1, match.group(1), match.group(2)


def package_of(target):
    for name, (prefixes, _) in PACKAGES.items():
        if target.startswith(prefixes):
            return name
    return None


def outside_fault(room, path, target):
    """Why `room` may not include <target>, or None. Counts the files that include each package."""
    if target in STANDARD:
        return None
    package = package_of(target)
    if package is None:
        return f"<{target}> belongs to no package that tools/arrows.py knows"
    if package not in room.packages:
        return f"{room.name} may not include {package} (<{target}>)"
    room.files.setdefault(package, set()).add(path.with_suffix("").name)
    return None


def inside_fault(room, headers, root, target):
    """Why `room` may not include "target", or None."""
    first = target.split("/")[0]
    if first == "laurel":
        owner = headers.get(target)
        if owner is None:
            return f'"{target}" is not in the table of public headers'
        if room.name == "daemon" or owner in ("all", room.name) or owner in room.rooms:
            return None
        return f'{room.name} may not include "{target}" of {owner}'
    if room.name == "daemon":
        if (root / "daemon" / target).is_file():
            return None
        return f'daemon may include "laurel/" and its own files, not "{target}"'
    if first != room.name and first not in room.rooms:
        return f'{room.name} may not include "{target}"'
    return None


def faults_of_room(room, folder, headers, root):
    for path in sources(folder):
        for line, bracket, target in includes(path):
            fault = (outside_fault(room, path, target) if bracket == "<"
                     else inside_fault(room, headers, root, target))
            if fault:
                yield f"{path.relative_to(root)}:{line}: {fault}"
    for package, stems in sorted(room.files.items()):
        most = room.packages[package]
        if most is not None and len(stems) > most:
            yield (f"{room.name}: {package} is included by {len(stems)} files, not {most}: "
                   + ", ".join(sorted(stems)))


def faults_of_public_headers(headers, root):
    folder = root / "sdk/include"
    found = {str(path.relative_to(folder)): path for path in sources(folder)}
    for header in sorted(set(headers) - set(found)):
        yield f"docs/architecture.md: {header} does not exist"
    for header, path in found.items():
        if header not in headers:
            yield f"sdk/include/{header}: not in the table of public headers"
        for line, bracket, target in includes(path):
            standard = bracket == "<" and target in STANDARD
            if not standard and not (bracket == '"' and target.startswith("laurel/")):
                yield f"sdk/include/{header}:{line}: a public header may not include {target}"


def room_calls(text):
    """laurel_room(NAME [ROOMS …] [PACKAGES …]) as (name, rooms, packages)."""
    for match in re.finditer(r"laurel_room\(([^)]*)\)", re.sub(r"#.*", "", text)):
        name, *words = match.group(1).split()
        groups, current = {"ROOMS": set(), "PACKAGES": set()}, None
        for word in words:
            if word in groups:
                current = groups[word]
            else:
                current.add(word)
        yield name, groups["ROOMS"], groups["PACKAGES"]


def faults_of_links(rooms, root):
    """The link line of each room in sdk/CMakeLists.txt says just what its row says."""
    calls = {name: (linked, targets) for name, linked, targets
             in room_calls((root / "sdk/CMakeLists.txt").read_text(encoding="utf-8"))}
    for name in sorted((set(rooms) - {"daemon"}) ^ set(calls)):
        yield f"sdk/CMakeLists.txt: {name} is not both a row of the table and a laurel_room"
    for name in sorted(set(rooms) & set(calls)):
        linked, targets = calls[name]
        row = rooms[name]
        drawn = {target for package in row.packages for target in PACKAGES[package][1]}
        for said, meant in ((linked, row.rooms), (targets, drawn)):
            if said != meant:
                yield (f"sdk/CMakeLists.txt: {name} links {sorted(said)}, "
                       f"its row says {sorted(meant)}")


def faults(root):
    page = (root / "docs/architecture.md").read_text(encoding="utf-8")
    try:
        rooms, headers = read_rooms(page), read_public_headers(page)
    except ValueError as error:
        return [str(error)]
    found = list(faults_of_table(rooms, headers))
    for room in rooms.values():
        folder = root / "daemon" if room.name == "daemon" else root / "sdk/src" / room.name
        found += faults_of_room(room, folder, headers, root)
    for folder in sorted((root / "sdk/src").iterdir()):
        if folder.is_dir() and folder.name not in rooms:
            found.append(f"sdk/src/{folder.name}: not a room of docs/architecture.md")
    found += faults_of_public_headers(headers, root)
    found += faults_of_links(rooms, root)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    found = faults(parser.parse_args().root)
    print("\n".join(found or ["Includes and links are as docs/architecture.md draws them."]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
