"""The bundle: the code of everything that a prompt loads, in one file within the package (cold).

It buys a tenth of a bare interpreter start on every render: Python looks for each module in
several directories and opens its ``.pyc``, and lists the directory of the standard library for
``__future__`` alone. ``install.sh`` has it made and writes a launcher that runs it first; without
it, or where it is damaged or made by another Python, everything is imported as usual.
"""

from __future__ import annotations

import ast
import importlib.util
import marshal
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import CodeType

    from statusline.segment.bundle_finder import ModuleEntry

FILE_NAME = "render.bundle"
START = "segment/bundle_finder.py"
#: The files of the package that a render may load, by room; a test compares.
FILES = tuple(
    f"{room}{name}.py"
    for room, names in {
        "": "__init__ entry surfaces",
        "system/": "__init__ bounded_read clock digest environ private_dir text untrusted",
        "settings/": "__init__ settings settings_json",
        "usage/": "__init__ agent_quota forecast memory merge messages observation rate_limits"
        " snapshot spend token_count",
        "login/": "__init__ identity",
        "segment/": "__init__ active_settings bars branch_files capsules chained_command"
        " chained_line clock_time custom_values escaping forecasts git_branch humanize"
        " layout prerendered render session_text session_values shortcut spawn token_counts"
        " values view",
    }.items()
    for name in names.split()
)


def make() -> None:
    """Write the bundle of the package that this file belongs to, in one step.

    Its form is that of a ``.pyc``, so that Python itself refuses one of another version.
    Raises ``OSError``.
    """
    package = os.path.dirname(os.path.dirname(__file__))
    table = dict(_entry(package, name) for name in FILES)
    code = _compile(f"{package}/{START}", f"use({table!r}, {_always(package)!r})\n")
    header = importlib.util.MAGIC_NUMBER + bytes(12)  # no source of its own to compare with
    with open(f"{package}/{FILE_NAME}.new", "wb") as file:
        file.write(header + marshal.dumps(code))
    os.replace(f"{package}/{FILE_NAME}.new", f"{package}/{FILE_NAME}")


def _always(package: str) -> list[str]:
    """Return the modules that every render imports, each behind those that it imports itself."""
    files: list[str] = []

    def add(name: str) -> None:
        if name not in FILES or name in files:
            return
        for node in _parse(f"{package}/{name}").body:
            if isinstance(node, ast.ImportFrom):
                path = str(node.module).removeprefix("statusline").lstrip(".").replace(".", "/")
                for below in ("", *(f"/{alias.name}" for alias in node.names)):
                    add(f"{path}{below}.py")
        files.append(name)

    add("segment/render.py")
    rooms = [name for name in FILES if name.endswith("__init__.py")]
    return [_module(name) for name in (*rooms, *files)]


def _module(name: str) -> str:
    return f"statusline/{name}".removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _entry(package: str, name: str) -> tuple[str, ModuleEntry]:
    path = f"{package}/{name}"
    status = os.stat(path)  # before it is read: a change in between must not go unseen
    code = marshal.dumps(_compile(path))
    is_package = name.endswith("__init__.py")
    return _module(name), (path, is_package, status.st_mtime_ns, status.st_size, code)


def _compile(path: str, more: str = "") -> CodeType:
    """Compile a source and ``more`` behind it, without the import of ``__future__``."""
    tree = _parse(path, more)
    tree.body = [
        node
        for node in tree.body
        if not (isinstance(node, ast.ImportFrom) and node.module == "__future__")
    ]
    flags = annotations.compiler_flag  # what that import is there for
    # Without docstrings, which a prompt never shows, a render is one hundredth faster still.
    code: CodeType = compile(tree, path, "exec", flags, dont_inherit=True, optimize=2)
    return code


def _parse(path: str, more: str = "") -> ast.Module:
    with open(path, encoding="utf-8") as file:
        return ast.parse(file.read() + more, path)
