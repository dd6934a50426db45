"""Reads C++ well enough for house rules: code without comments and strings, its functions."""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<raw>R"(?P<delimiter>[^()\\\s]{0,16})\(.*?\)(?P=delimiter)")"""
    r'''|(?P<string>"(?:\\.|[^"\\\n])*")'''
    r"""|(?P<char>(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+')"""
    r"|(?P<line>//(?:\\\n|[^\n])*)"
    r"|(?P<block>/\*.*?\*/)", re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)


def blank(text):
    """The same shape, nothing in it."""
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    return TOKEN.sub(
        lambda m: blank(m.group()) if m.lastgroup in ("line", "block") else m.group(), text)


def code_of(text):
    """Without comments and with empty strings; lines and columns stay where they were."""
    def replace(match):
        if match.lastgroup in ("line", "block"):
            return blank(match.group())
        quote = match.group()[-1]
        return quote + blank(match.group()[1:-1]) + quote
    return TOKEN.sub(replace, text)


def comment_lines(text):
    code = code_of(text).split("\n")
    return sum(1 for raw, kept in zip(text.split("\n"), code) if raw.strip() and not kept.strip())


@dataclass
class Function:
    head: str
    first: int  # line of the head
    last: int   # line of the closing brace

    @property
    def lines(self):
        return self.last - self.first + 1


TYPE_HEAD = re.compile(r"^(?:(?:template|export|typedef|static|constexpr|inline|const)\b"
                       r"(?:\s*<[^{]*?>)?\s*)*(?:class|struct|union|enum)\b")
SPACE_HEAD = re.compile(r"^(?:inline\s+)?(?:namespace|extern)\b")
INITIALISER_LIST = re.compile(r"\)\s*(?:noexcept\s*)?:[^:].*[\w>]$", re.DOTALL)


def kind_of(head, outer, parentheses):
    """What a brace after `head` opens, inside a scope of kind `outer`."""
    if outer in ("function", "block"):
        return "block"
    if parentheses or outer == "list" or INITIALISER_LIST.search(head):
        return "list"
    if SPACE_HEAD.match(head):
        return "space"
    if TYPE_HEAD.match(head):
        return "type"
    return "function" if "(" in head else "list"


def functions(text):
    """Every function with a body, in order. Lambdas and local types are part of the one around."""
    code = DIRECTIVE.sub(lambda m: blank(m.group()), code_of(text))
    found, scopes, start, parentheses = [], [], 0, 0
    for match in re.finditer(r"[{}();]", code):
        place, sign = match.start(), match.group()
        outer = scopes[-1][0] if scopes else "space"
        if sign in "()":
            parentheses += 1 if sign == "(" else -1
        elif sign == "{":
            head = code[start:place]
            scopes.append((kind_of(head.strip(), outer, parentheses), start, head, parentheses))
            parentheses = 0
        elif sign == "}" and scopes:
            kind, begin, head, parentheses = scopes.pop()
            if kind == "function":
                begin += len(head) - len(head.lstrip())
                found.append(Function(head.strip(), code.count("\n", 0, begin) + 1,
                                      code.count("\n", 0, place) + 1))
        if scopes and scopes[-1][0] == "list" or parentheses:
            continue
        closed_list = sign == "}" and kind == "list"
        if sign in "{};" and not closed_list:
            start = place + 1
        elif closed_list:
            start = begin
    return found


def switches(text):
    """The body of every switch, with its line."""
    code = code_of(text)
    for match in re.finditer(r"\bswitch\s*\(", code):
        opened = code.find("{", match.end())
        depth, place = 1, opened + 1
        while depth and place < len(code):
            depth += {"{": 1, "}": -1}.get(code[place], 0)
            place += 1
        yield code.count("\n", 0, match.start()) + 1, code[opened:place]


def unordered_names(text):
    """Names declared with an unordered container's type."""
    for match in re.finditer(r"\bunordered_(?:multi)?(?:map|set)\s*<", text):
        depth, place = 1, match.end()
        while depth and place < len(text):
            depth += {"<": 1, ">": -1}.get(text[place], 0)
            place += 1
        name = re.match(r"[&\s]*([A-Za-z_]\w*)", text[place:])
        if name:
            yield name.group(1)
