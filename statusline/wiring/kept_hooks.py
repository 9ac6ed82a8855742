"""The hooks as installed lines name them: copied to where no upgrade of Python moves them."""

from __future__ import annotations

import contextlib
import os
import re

import statusline
from statusline.wiring import edit, record
from statusline.wiring.installation import WiringError, hooks_dir, kept_hooks_dir

#: Written last: which version of the program the copies are of.
_STAMP = "version"


def keep(data_dir: str) -> None:
    """Copy every hook below ``data_dir``, each in one step; raise ``WiringError``.

    The caller holds the lock of ``data_dir``.
    """
    kept = kept_hooks_dir(data_dir)
    for name, data in _ours().items():
        if _read(f"{kept}/{name}") != data:
            edit.write(f"{kept}/{name}", data)


def renew(data_dir: str | None) -> None:
    """Bring copies that are of an older version up to date, in silence.

    Where there are none, none is made: nothing is installed there.
    """
    with contextlib.suppress(OSError, WiringError):
        if data_dir is None or not _is_to_renew(data_dir):
            return
        with record.locked(data_dir):
            if _is_to_renew(data_dir):  # an uninstall may have come first
                keep(data_dir)


def remove(data_dir: str) -> None:
    """Remove the copies; what somebody else put beside them stays. Raises ``WiringError``."""
    kept = kept_hooks_dir(data_dir)
    for name in _ours():
        edit.remove(f"{kept}/{name}", [])
    edit.remove_directories([kept])


def _is_to_renew(data_dir: str) -> bool:
    """Tell whether there are copies that are ours to write, of this version at most, and differ."""
    kept = kept_hooks_dir(data_dir)
    stamp = _read(f"{kept}/{_STAMP}")
    if stamp is None or os.stat(kept).st_uid != os.geteuid():
        return False
    if _number(stamp.decode("ascii", "replace")) > _number(statusline.__version__):
        return False  # another installation is newer, and its lines may be too
    return any(_read(f"{kept}/{name}") != data for name, data in _ours().items())


def _ours() -> dict[str, bytes]:
    """Return the files of this version by their names, the stamp last."""
    here = hooks_dir()
    files = {name: _read(f"{here}/{name}") for name in sorted(os.listdir(here))}
    stamp = {_STAMP: f"{statusline.__version__}\n".encode()}
    return {name: data for name, data in files.items() if data is not None} | stamp


def _number(version: str) -> list[int]:
    return [int(each) for each in re.findall(r"\d+", version)[:3]]


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read(edit.MAX_BYTES)
    except OSError:
        return None
