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
        if name not in self._table:
            return None
        path, is_package, mtime_ns, size, code = self._table[name]
        try:
            status = posix.stat(path)
            if status.st_mtime_ns != mtime_ns or status.st_size != size:
                return None
            state = marshal.loads(code)  # noqa: S302  # as trusted as a .pyc
        except (OSError, EOFError, TypeError, ValueError):
            return None
        loader: Any = self  # by what it does; its base class would cost an import
        spec = ModuleSpec(name, loader, origin=path, loader_state=state, is_package=is_package)
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(path.rpartition("/")[0])
        return spec

    def create_module(self, _spec: object) -> None:
        """Leave that to the import system."""

    def exec_module(self, module: ModuleType) -> None:
        """Run a module's code."""
        spec = module.__spec__
        if spec is not None:
            module.__file__ = spec.origin
            exec(spec.loader_state, module.__dict__)  # noqa: S102  # what a loader is for


def use(table: dict[str, ModuleEntry]) -> None:
    """Serve the modules of ``table`` from now on.

    The folders of the package hold no code of their own, so each is there at once: to look for it
    costs as much as a module.
    """
    bundle: Any = Bundle(table)
    sys.meta_path.insert(0, bundle)
    for name, (path, is_package, *_rest) in table.items():
        if is_package and "." in name:
            folder: Any = type(sys)(name)
            folder.__path__ = [path.rpartition("/")[0]]
            sys.modules[name] = folder
