"""The start of the bundle (``segment/bundle.py``): serves modules out of it, not out of files.

Runs from the launcher, before anything else of the package is loaded.
"""

from __future__ import annotations

import marshal
import posix
import sys
from _frozen_importlib import ModuleSpec  # what importlib.machinery has, without importlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    #: Of a module: the source's path, whether it is a package, the source's modification time
    #: (ns) and size when it was compiled, its code in marshal's form.
    ModuleEntry = tuple[str, bool, int, int, bytes]


class Bundle:
    """A finder and loader of the modules in a table by name; all others are found as usual.

    A source that is gone or not what it was leaves its module to the usual import as well, the
    check that Python makes for its own ``.pyc`` files; so does damaged code.
    """

    def __init__(self, table: dict[str, ModuleEntry]) -> None:
        self._table = table

    def find_spec(
        self, name: str, _path: object = None, _target: object = None
    ) -> ModuleSpec | None:
        """Return the ``ModuleSpec`` of a module of the bundle, else ``None``."""
        code = self.code_of(name)
        if code is None:
            return None
        path, is_package, *_rest = self._table[name]
        loader: Any = self  # by what it does; its base class would cost an import
        spec = ModuleSpec(name, loader, origin=path, loader_state=code, is_package=is_package)
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(_folder(path))
        return spec

    def code_of(self, name: str) -> Any:
        """Return a module's code while its source is what it was, else ``None``."""
        if name not in self._table:
            return None
        path, _is_package, mtime_ns, size, code = self._table[name]
        try:
            status = posix.stat(path)
            if status.st_mtime_ns == mtime_ns and status.st_size == size:
                return marshal.loads(code)  # noqa: S302  # as trusted as a .pyc
        except (OSError, EOFError, TypeError, ValueError):
            pass
        return None

    def create_module(self, _spec: object) -> None:
        """Leave that to the import system."""

    def exec_module(self, module: ModuleType) -> None:
        """Run a module's code."""
        spec = module.__spec__
        if spec is not None:
            module.__file__ = spec.origin
            exec(spec.loader_state, module.__dict__)  # noqa: S102  # what a loader is for

    def load(self, name: str) -> None:
        """Run a module without the import system, whose work costs more than most modules do."""
        room, _dot, leaf = name.rpartition(".")
        code = self.code_of(name)
        if code is None or (room and room not in sys.modules):
            return  # the usual import finds what is there now
        path, is_package, *_rest = self._table[name]
        module: Any = type(sys)(name)
        module.__file__, module.__loader__ = path, self
        if is_package:
            module.__path__ = [_folder(path)]
        sys.modules[name] = module
        try:
            exec(code, module.__dict__)  # noqa: S102  # what a loader is for
        except BaseException:
            del sys.modules[name]
            raise
        if room:
            setattr(sys.modules[room], leaf, module)
        if sys.flags.verbose:
            sys.stderr.write(f"import {name!r} # {self!r}\n")  # as the import system says it


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def use(table: dict[str, ModuleEntry], always: list[str]) -> None:
    """Serve the modules of ``table`` from now on, and load those that every run needs at once.

    In ``always`` each stands behind those that it imports.
    """
    bundle: Any = Bundle(table)
    sys.meta_path.insert(0, bundle)
    for name in always:
        bundle.load(name)
