"""Compile a format: ``{name}``, ``{sep}``, ``[ … ]`` groups, ``{{ }} [[ ]]`` as themselves.

The result is nodes (``settings.Node``) that a prompt walks; whatever could be wrong is found
here, with its column.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from statusline.settings import display_text
from statusline.settings.placeholders import PLACEHOLDERS
from statusline.settings.settings_json import MAX_DEPTH, MAX_NODES, MAX_TEXT

if TYPE_CHECKING:
    from statusline.settings.settings import Node

#: One word of a format: doubled signs first, then a placeholder, a sign, or text up to the next.
_WORD = re.compile(r"\{\{|\}\}|\[\[|\]\]|\{[^{}\[\]]*\}|[{}\[\]]|[^{}\[\]]+")
#: An environment variable may be shown, but none whose name says that nobody else may see it.
_VARIABLE = re.compile(r"env\.([A-Za-z_][A-Za-z0-9_]{0,63})")
_SECRET = re.compile(r"TOKEN|KEY|SECRET|PASS|CREDENTIAL|AUTH|COOKIE|SESSION", re.IGNORECASE)


class FormatError(ValueError):
    """A format that cannot be compiled: ``column`` counts from 1, ``fix`` is a sentence."""

    def __init__(self, column: int, what: str, fix: str) -> None:
        super().__init__(f"{what} at column {column}")
        self.column = column
        self.fix = fix


def compile_lines(texts: list[str]) -> tuple[Node, ...]:
    """Return the nodes of a format of several lines; raise ``FormatError``."""
    nodes: list[Node] = []
    for text in texts:
        nodes += [("n",)] if nodes else []
        nodes += compile_format(text)
    if len(nodes) > MAX_NODES:
        raise FormatError(1, f"more than {MAX_NODES} parts", "Shorten it.")
    return tuple(nodes)


def compile_format(text: str) -> tuple[Node, ...]:
    """Return the nodes of a format; raise ``FormatError``.

    ``[[`` is always a bracket. ``]]`` is one too, except where two groups are open: there it
    closes both.
    """
    if len(text) > MAX_TEXT:
        raise FormatError(MAX_TEXT, f"longer than {MAX_TEXT} characters", "Shorten it.")
    _shown, bad = display_text.sift(text)
    if bad:
        column = text.index(bad[0]) + 1
        raise FormatError(column, f"{display_text.named(bad[0])} cannot be shown", "Remove it.")
    nodes = _Compiler(text).nodes()
    if not names(nodes):
        raise FormatError(1, "no placeholder", "Add one, for example {five_hour}.")
    return nodes


class _Compiler:
    """The open groups, innermost last, each with the column where it was opened."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[tuple[int, list[Node]]] = [(0, [])]
        self._count = 0

    def nodes(self) -> tuple[Node, ...]:
        for found in _WORD.finditer(self._text):
            self._take(found[0], found.start() + 1)
        column, nodes = self._open[-1]
        if len(self._open) > 1:
            raise FormatError(column, "[ without its ]", "Add a ], or write [[ for a bracket.")
        return tuple(nodes)

    def _take(self, word: str, column: int) -> None:
        match word:
            case "{{" | "}}" | "[[":
                self._text_node(word[0])
            case "]]" if len(self._open) <= 2:
                self._text_node("]")
            case "]]":
                self._close(column)
                self._close(column + 1)
            case "[":
                if len(self._open) >= MAX_DEPTH:
                    raise FormatError(column, "too many groups in one another", "Use fewer.")
                self._open.append((column, []))
            case "]":
                self._close(column)
            case "{":
                raise FormatError(column, "{ without its }", "Add a }, or write {{ for a brace.")
            case "}":
                raise FormatError(column, "} without its {", "Add a {, or write }} for a brace.")
            case _ if word.startswith("{"):
                self._add(_placeholder(word[1:-1], column))
            case _:
                self._text_node(display_text.sift(word)[0])

    def _close(self, column: int) -> None:
        if len(self._open) == 1:
            raise FormatError(column, "] without its [", "Add a [, or write ]] for a bracket.")
        opened, nodes = self._open.pop()
        if not names(tuple(nodes)):
            raise FormatError(
                opened, "a group without a placeholder", "Write [[ and ]] for brackets."
            )
        self._add(("g", tuple(nodes)))

    def _add(self, node: Node) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            raise FormatError(1, f"more than {MAX_NODES} parts", "Shorten it.")
        self._open[-1][1].append(node)

    def _text_node(self, text: str) -> None:
        nodes = self._open[-1][1]
        if nodes and nodes[-1][0] == "t":
            nodes[-1] = ("t", nodes[-1][1] + text)
        elif text:
            self._add(("t", text))


def _placeholder(name: str, column: int) -> Node:
    if name == "sep":
        return ("s",)
    if name in PLACEHOLDERS:
        return ("v", name)
    if variable := _VARIABLE.fullmatch(name):
        if _SECRET.search(variable[1]):
            what = f"{display_text.shown(variable[1])} may hold a secret, which is never shown"
            raise FormatError(column, what, "Remove it.")
        return ("v", name)
    likely = difflib.get_close_matches(name, [*PLACEHOLDERS, "sep"], 1)
    fix = f"Did you mean {{{likely[0]}}}?" if likely else "Run `statusline config show` for a list."
    raise FormatError(column, f"unknown placeholder {display_text.shown(name)}", fix)


def names(nodes: tuple[Node, ...]) -> list[str]:
    """Return the placeholders of a compiled format, those in groups too."""
    found: list[str] = []
    for kind, *content in nodes:
        if kind == "v":
            found.append(content[0])
        elif kind == "g":
            found += names(content[0])
    return found
