"""The text of a ``config.toml`` with one key set or taken out.

Comments, order, blank lines and line ends of everything else stay as they are. What comes out is
read with ``tomllib`` and compared with what it has to mean; a text of which tomlkit makes
something else is refused.
"""

from __future__ import annotations

import tomllib

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item

from statusline.editor import tree
from statusline.editor.tree import Path
from statusline.system.errors import FixableError

_BY_HAND = "Change it by hand: `statusline config path` says where the file is."


class DocumentError(FixableError):
    """A text in which the key cannot be changed."""


def toml(value: object) -> str:
    """Return a value as it would stand behind the ``=``, on one line."""
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        table.update(value)
        return str(table.as_string())
    return str(tomlkit.item(value).as_string())


def with_key(text: str, path: Path, value: object) -> str:
    """Return ``text`` in which the key has that value; raise ``DocumentError``.

    A key that is there keeps its line and its comment. A new one comes behind the line in which
    it is commented out, else to the keys of its table; a table that is missing is made behind
    its kin, else at the end.
    """
    return _changed(text, path, value)


def without_key(text: str, path: Path) -> str:
    """Return ``text`` without the key; raise ``DocumentError``.

    Comments stay; a table that it leaves without keys and comments goes too.
    """
    return _changed(text, path, None)


def _changed(text: str, path: Path, value: object) -> str:
    """Return the text with the change; ``None`` for a value takes the key out."""
    newline = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
    closed = text if not text or text.endswith("\n") else text + newline
    try:
        wanted = _with(tomllib.loads(text), path, value)
        document = tomlkit.parse(closed)
        if document.as_string() != closed:
            raise DocumentError("This file is written in a way that cannot be kept.", _BY_HAND)
        if value is None:
            tree.take_out(document.body, path)
        else:
            tree.put(document.body, path, _item(value, newline), newline)
        made = document.as_string()
        is_right = _pruned(tomllib.loads(made)) == _pruned(wanted)
    except (TOMLKitError, ValueError, TypeError, RecursionError):
        is_right, made = False, ""
    if not is_right:
        raise DocumentError(f"{'.'.join(path)} cannot be changed here.", _BY_HAND)
    return made if closed == text else made.removesuffix(newline)


def _with(values: dict[str, object], path: Path, value: object) -> dict[str, object]:
    """Return what the file means after the change; raise ``ValueError`` where it cannot."""
    name, *rest = path
    made = dict(values)
    if rest:
        inner = made.get(name, {})
        if not isinstance(inner, dict):
            raise ValueError("a value where a table belongs")
        made[name] = _with(inner, tuple(rest), value)
    elif isinstance(made.get(name), dict):
        raise ValueError("a table where a value belongs")
    elif value is None:
        made.pop(name, None)
    else:
        made[name] = value
    return made


def _pruned(values: dict[str, object]) -> dict[str, object]:
    """Return values without tables that hold nothing: one may go with its last key."""
    pruned = {
        name: _pruned(value) if isinstance(value, dict) else value for name, value in values.items()
    }
    return {name: value for name, value in pruned.items() if value != {}}


def _item(value: object, newline: str) -> Item:
    """Return a value as tomlkit writes it; several strings get a line each."""
    if not isinstance(value, list) or len(value) < 2:
        return tomlkit.item(value)
    lines = [f"  {toml(element)},{newline}" for element in value]
    return tomlkit.value(f"[{newline}{''.join(lines)}]")
