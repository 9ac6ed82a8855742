"""Imports go down only: every module is read and compared with docs/architecture.md."""

from __future__ import annotations

import ast
import functools
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from statusline.segment.bundle import FILES as HOT
from statusline.segment.bundle import START
from tests.support.program import package

DOCUMENT = Path(__file__).parents[2] / "docs" / "architecture.md"
PACKAGE = package()
#: What Powerline loads into its own Python is none of our modules.
PRINTED = PACKAGE / "hooks" / "printed"
FILES = sorted(
    path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if path.parent != PRINTED
)
#: What a prompt may load besides the package itself: all built into the interpreter.
CHEAP = frozenset({"__future__", "sys", "time", "posix", "_json", "_signal", "_stat"})
CHEAP |= {"marshal", "_frozen_importlib"}  # the bundle, before anything else
#: The home of each third-party package, files or folders: one, or one for each of two screens.
HOMES = {
    "requests": ("refresh/api.py",),
    "filelock": ("system/file_lock.py",),
    "click": ("cli/",),
    "rich": ("cli/", "editor/"),
    "textual": ("cli/dashboard.py", "editor/"),
    "tomlkit": ("editor/document.py", "editor/tree.py"),
    "prometheus_client": ("cli/metrics.py",),
    "msgspec": ("tokens/many_lines.py",),
}


class Import(NamedTuple):
    """One import: the module, whether a mere import of the file runs it, and its line."""

    module: str
    at_once: bool
    line: int


def _is_for_types(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Name | ast.Attribute)
        and ast.unparse(node.test).endswith("TYPE_CHECKING")
    )


def _walk(node: ast.AST, *, at_once: bool, file: str) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, at_once, child.lineno) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield from _from(child, at_once=at_once, file=file)
        elif not (isinstance(child, ast.stmt) and _is_for_types(child)):
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _walk(child, at_once=at_once and not inside, file=file)


def _from(node: ast.ImportFrom, *, at_once: bool, file: str) -> Iterator[Import]:
    base = node.module or ""
    if node.level:
        here = ["statusline", *file.split("/")[:-1]]
        base = ".".join([*here[: len(here) - node.level + 1], *([base] if base else [])])
    for alias in node.names:
        is_module = (PACKAGE / _path(f"{base}.{alias.name}")).exists()
        yield Import(f"{base}.{alias.name}" if is_module else base, at_once, node.lineno)


def _path(module: str) -> str:
    """The file of one of our modules, relative to the package."""
    names = module.split(".")[1:]
    if names and (PACKAGE / "/".join([*names, "__init__.py"])).exists():
        names.append("__init__")
    return "/".join(names or ["__init__"]) + ".py"


@functools.cache
def imports(file: str) -> list[Import]:
    """Every import in a file that runs, those for type checkers left out."""
    tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
    return list(_walk(tree, at_once=True, file=file))


def layers() -> dict[str, int]:
    """The layer of each folder and file that the table names."""
    found: dict[str, int] = {}
    for row in re.finditer(r"^\| (\d+) \| ([^|]*) \|", DOCUMENT.read_text("utf-8"), re.MULTILINE):
        for name in re.findall(r"`([\w/.]+(?:/|\.py))`", row[2]):
            found[name] = int(row[1])
    return found


LAYERS = layers()


def layer_of(file: str) -> int:
    """The layer of a file; one in a folder that the table does not name has none."""
    if file in LAYERS:
        return LAYERS[file]
    return LAYERS[f"{room(file)}/"]


def test_the_table_names_every_folder() -> None:
    """A new folder gets its place in the table before it gets a file."""
    folders = {f"{file.partition('/')[0]}/" for file in FILES if "/" in file}
    files = {file for file in FILES if "/" not in file}
    assert LAYERS.keys() == folders | files


def ours(file: str) -> list[tuple[str, int]]:
    """The files of ours that a file imports, with the line."""
    return [
        (_path(each.module), each.line)
        for each in imports(file)
        if each.module.partition(".")[0] == "statusline"
    ]


def room(file: str) -> str:
    """The folder of a file; those at the root stand for themselves."""
    folder, slash, _name = file.partition("/")
    return folder if slash else file


def test_imports_go_down_only() -> None:
    """A module knows what lies below it and in its own room, nothing above and nothing beside."""
    wrong = [
        (file, other, line)
        for file in FILES
        for other, line in ours(file)
        if layer_of(other) >= layer_of(file) and room(other) != room(file)
    ]
    assert not wrong


def test_no_module_imports_itself_by_a_detour() -> None:
    """details, layout and values imported each other in a circle."""
    waiting = {file: {other for other, _line in ours(file)} - {file} for file in FILES}
    while free := {file for file, needed in waiting.items() if not needed & waiting.keys()}:
        waiting = {file: needed for file, needed in waiting.items() if file not in free}
    assert not waiting


def test_a_prompt_imports_only_what_costs_nothing() -> None:
    """What a prompt may load loads built-in modules and its like, nothing else."""
    costly = [
        (file, each.module, each.line)
        for file in (*HOT, START)
        for each in imports(file)
        if each.at_once and each.module not in CHEAP and not _is_hot(each.module)
    ]
    assert not costly


def test_a_prompt_never_opens_the_history() -> None:
    """Not even where it would take a rare turn: a database can be locked, large or broken."""
    found = [
        (file, each)
        for file in (*HOT, START)
        for each in imports(file)
        if each.module.startswith(
            ("statusline.history", "statusline.tokens", "sqlite3", "_sqlite3")
        )
    ]
    assert not found


def test_the_bundle_holds_all_that_it_imports_of_a_line() -> None:
    """A module left out is looked for in directories, and no test here watches its imports."""
    missing = {
        (file, other)
        for file in HOT
        for other, _line in ours(file)
        if room(other) in ("segment", "usage", "login") and other not in HOT
    }
    assert not missing


def test_sqlite_has_one_home() -> None:
    """Whoever else imported it would fail on a Python without it, and explain nothing."""
    homes = {file for file in FILES for each in imports(file) if each.module == "sqlite3"}
    assert homes == {"database/access.py"}


def _is_hot(module: str) -> bool:
    return module.partition(".")[0] == "statusline" and _path(module) in HOT


def test_each_third_party_package_has_one_home() -> None:
    """What is not Python's own is imported in its one place and nowhere else."""
    every = [(file, each) for file in FILES for each in imports(file)]
    for file, each in every:
        top = each.module.partition(".")[0]
        if top != "statusline" and top not in sys.stdlib_module_names:
            homes = HOMES.get(top, ())
            is_home = any(file.startswith(h) if h.endswith("/") else file == h for h in homes)
            assert is_home, f"{file}:{each.line} imports {top}, whose home is {homes}"


def test_the_entry_point_loads_no_program_before_it_knows_which() -> None:
    """entry.py imports both programs inside its function: each pays for itself only."""
    assert [each.module for each in imports("entry.py") if each.at_once] == [
        *("__future__", "_signal", "sys", "posix", "posix")
    ]


def test_files_and_functions_are_short() -> None:
    """A file under 300 lines, a function under 40: one noun each."""
    texts = {file: (PACKAGE / file).read_text(encoding="utf-8") for file in FILES}
    assert [file for file, text in texts.items() if len(text.splitlines()) >= 300] == []
    long = [
        (file, node.name, node.lineno)
        for file, text in texts.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 >= 40
    ]
    assert not long


@pytest.mark.parametrize(
    ("home", "asked"),
    [
        (
            "system/environ.py system/windows.py",
            r"\b(?:os|posix)\.(?:environ|getenv)\b|import getenv",
        ),
        ("system/clock.py", r"\btime\.time\(|\bdatetime\.now\(|\butcnow\("),
    ],
)
def test_time_and_environment_are_asked_in_one_place(home: str, asked: str) -> None:
    """Only system/clock.py reads the wall clock, only system/environ.py the environment.

    What it reads on Windows is made by system/windows.py.
    """
    texts = {file: (PACKAGE / file).read_text(encoding="utf-8") for file in FILES}
    assert {file for file, text in texts.items() if re.search(asked, text)} == {*home.split()}


def test_the_reader_of_imports_sees_them(tmp_path: Path) -> None:
    """The check itself: an import inside a function is seen and told apart from one at once."""
    source = tmp_path / "sample.py"
    source.write_text(
        "import json\n"
        "TYPE_CHECKING = False\n"
        "if TYPE_CHECKING:\n    import typing\n"
        "try:\n    import rich\nexcept ImportError:\n    pass\n"
        "def f():\n    from statusline.cli import main\n"
    )
    tree = ast.parse(source.read_text())
    assert list(_walk(tree, at_once=True, file="sample.py")) == [
        Import("json", True, 1),
        Import("rich", True, 6),
        Import("statusline.cli.main", False, 10),
    ]


def test_a_folder_holds_no_code_of_its_own() -> None:
    """The bundle makes the folders without a look at their files."""
    for file in (file for file in FILES if file.endswith("/__init__.py")):
        tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
        assert [type(node) for node in tree.body] == [ast.Expr], file
