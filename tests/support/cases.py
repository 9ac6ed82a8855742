"""The ids of cases, such as B18: where tests and code name them, and what the page says of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from pathlib import Path

from tests.support.documents import ROOT

PAGE = ROOT / "docs" / "failure-modes.md"
TESTS = ROOT / "tests"
#: The section of ids that have a reason instead of a test; it is the page's last one.
WITHOUT_TEST = "\n## What no test here can show\n"
_ID = re.compile(r"(?<![\w.])(?:[A-ILMS]\d{2}|P\d{1,2})(?!\w|\.\d)")
_RANGE = re.compile(r"(?<![\w.])([A-ILMS])(\d{2})-\1(\d{2})(?!\w)")
_IN_NAME = re.compile(r"(?<=_)([a-ilms]\d{2})(?=_|$)")
_ROW = re.compile(r"^- \*\*(\w+)\*\* ", re.MULTILINE)


def ids(text: str) -> set[str]:
    """Every id that a text names; of a range such as A06-A12 all of it."""
    found = set(_ID.findall(text))
    for family, first, last in _RANGE.findall(text):
        found |= {f"{family}{number:02}" for number in range(int(first), int(last) + 1)}
    return found


def rows(text: str) -> dict[str, set[str]]:
    """Each id of a page with the tests that its row names, as `file::test`."""
    return {
        name: set(re.findall(r"`([\w/.]+::\w+)`", row))
        for name, row in _split(text.partition(WITHOUT_TEST)[0])
    }


def reasons(text: str) -> dict[str, str]:
    """Each id in the section of a page for what no test can show, with the reason why not."""
    section = text.partition(WITHOUT_TEST)[2].partition("\n#")[0]
    return {name: " ".join(row.split()) for name, row in _split(section)}


def _split(text: str) -> list[tuple[str, str]]:
    """The rows of a text: the id, and what follows it."""
    parts = _ROW.split(text)
    return [
        (name, row.partition("\n#")[0]) for name, row in zip(parts[1::2], parts[2::2], strict=True)
    ]


def page() -> str:
    """The page itself."""
    return PAGE.read_text("utf-8")


def gaps(names: Collection[str]) -> list[str]:
    """The ids that are missing below the highest number of each family."""
    highest: dict[str, int] = {}
    for name in names:
        highest[name[0]] = max(highest.get(name[0], 0), int(name[1:]))
    return [
        missing
        for family, last in sorted(highest.items())
        for number in range(1, last + 1)
        if (missing := f"{family}{number}" if family == "P" else f"{family}{number:02}")
        not in set(names)
    ]


class Module:
    """One file of tests, with the ids that its functions and its tables of cases name."""

    def __init__(self, path: Path) -> None:
        text = path.read_text("utf-8")
        self._lines = text.splitlines()
        self._tables: dict[str, ast.expr] = {}
        self._imported: dict[str, str] = {}
        self._tests: list[ast.FunctionDef] = []
        for node in ast.parse(text).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                self._tables |= {ast.unparse(target): node.value for target in targets}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests."):
                self._imported |= {alias.name: node.module or "" for alias in node.names}
            elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                self._tests.append(node)

    def tests(self) -> dict[str, set[str]]:
        """Each test with the ids in its name, its own lines, and the tables that it is run over."""
        return {node.name: self._of_test(node) for node in self._tests}

    def _of_test(self, node: ast.FunctionDef) -> set[str]:
        found = {each.upper() for each in _IN_NAME.findall(node.name)}
        parts: list[ast.expr | ast.stmt] = [*node.decorator_list, *node.body]
        for part in parts:
            found |= ids("\n".join(self._lines[part.lineno - 1 : part.end_lineno]))
        for decorator in node.decorator_list:
            for each in ast.walk(decorator):
                found |= self.of_table(each.id) if isinstance(each, ast.Name) else set()
        return found

    def of_table(self, name: str) -> set[str]:
        """The ids by which the cases of a table are called: its keys, or first items, or `id`s."""
        if name in self._imported:
            path = ROOT / f"{self._imported[name].replace('.', '/')}.py"
            return Module(path).of_table(name) if path.exists() else set()
        value = self._tables.get(name)
        return set() if value is None else ids("\n".join(_names_of_cases(value)))


def _names_of_cases(table: ast.expr) -> list[str]:
    called: list[ast.expr | None] = []
    if isinstance(table, ast.Dict):
        called = list(table.keys)
    elif isinstance(table, ast.List | ast.Tuple):
        for each in table.elts:
            if isinstance(each, ast.Tuple) and each.elts:
                called.append(each.elts[0])
            elif isinstance(each, ast.Call):
                called += [word.value for word in each.keywords if word.arg == "id"]
    return [str(each.value) for each in called if isinstance(each, ast.Constant)]


def held() -> dict[str, set[str]]:
    """Each test as `file::test` with the ids that it names."""
    return {
        f"{path.relative_to(TESTS).as_posix()}::{name}": found
        for path in sorted(TESTS.rglob("test_*.py"))
        for name, found in Module(path).tests().items()
    }
