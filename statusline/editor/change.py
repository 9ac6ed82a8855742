"""One change of the settings: checked as a whole before any text of it is made.

What a person types becomes a value, the value is what the key may hold, and with it the file has
no mistake that it did not have before; else nothing is changed.
"""

from __future__ import annotations

import difflib
import tomllib

from statusline.editor import document
from statusline.editor.tree import Path
from statusline.settings import load
from statusline.settings.checks import BadValueError
from statusline.settings.display_text import shown
from statusline.settings.keys import KEYS
from statusline.system.errors import FixableError

#: A value of more characters is not repeated in the sentence about it.
_SHORT = 40


class ChangeError(FixableError):
    """A change that cannot be made: the key, the value and what to write instead."""


class UnknownKeyError(ChangeError):
    """A key that there is not."""


class ValueRefusedError(ChangeError):
    """A value that the key cannot have."""


def path_of(key: str) -> Path:
    """Return the path of a key, or of one entry of a table of the user's own.

    Raises ``UnknownKeyError``.
    """
    if key in KEYS:
        return tuple(key.split("."))
    try:
        value: object = tomllib.loads(f"{key} = 0")
    except ValueError:
        value = {}
    path: list[str] = []
    while isinstance(value, dict) and len(value) == 1:
        ((name, value),) = value.items()
        path.append(name)
    if len(path) == 2 and path[0] in KEYS and KEYS[path[0]].default == {}:
        return tuple(path)
    near = [name for name in KEYS if name.endswith(f".{key}")]
    near = near or difflib.get_close_matches(key, KEYS, 1)
    fix = f"Did you mean {near[0]}?" if near else "docs/config.md lists the keys."
    raise UnknownKeyError(f"There is no key {shown(key)}.", fix)


def value_of(key: str, typed: str) -> object:
    """Return what somebody means by ``typed``: TOML, or bare text where the key takes text.

    Raises ``ValueRefusedError``.
    """
    read = _read(typed)
    failure: BadValueError | None = None
    for value in (*read, typed):
        try:
            _check(key, value)
        except BadValueError as error:
            failure = failure or error
        else:
            return value
    raise _refused(key, typed, str(failure), "" if failure is None else failure.fix)


def _read(typed: str) -> list[object]:
    """Return the value that ``typed`` is in TOML, none if it is none."""
    try:
        values = tomllib.loads(f"value = {typed}")
    except (ValueError, RecursionError):
        return []
    return [values["value"]] if len(values) == 1 else []


def _check(key: str, value: object) -> None:
    """Raise ``BadValueError`` where a key, or an entry of a table, cannot have the value."""
    path = path_of(key)
    if key in KEYS:
        KEYS[key].check(value)
    else:
        KEYS[path[0]].check({path[1]: value})


def _refused(key: str, value: str, what: str, fix: str) -> ValueRefusedError:
    given = "" if value in what or len(value) > _SHORT else f", not {shown(value)}"
    return ValueRefusedError(f"{key}: {what}{given}.", load.sentence(fix))


def with_value(text: str, key: str, value: object) -> str:
    """Return the text with the key set; raise ``ChangeError``, ``DocumentError``."""
    path = path_of(key)
    try:
        _check(key, value)
    except BadValueError as error:
        raise _refused(key, str(value), str(error), error.fix) from None
    check_readable(text)
    if not isinstance(value, dict):
        return _sound(text, document.with_key(text, path, value), key)
    new = text
    for name in _names(new, path) - value.keys():
        new = document.without_key(new, (*path, name))
    for name, label in value.items():
        new = document.with_key(new, (*path, name), label)
    return _sound(text, new, key)


def without_value(text: str, key: str) -> str:
    """Return the text without the key; raise ``ChangeError``, ``DocumentError``."""
    path = path_of(key)
    check_readable(text)
    new = text
    if key in KEYS and isinstance(KEYS[key].default, dict):
        for name in _names(new, path):
            new = document.without_key(new, (*path, name))
        return _sound(text, new, key)
    return _sound(text, document.without_key(new, path), key)


def _names(text: str, path: Path) -> set[str]:
    value: object = tomllib.loads(text)
    for name in path:
        value = value.get(name, {}) if isinstance(value, dict) else {}
    return set(value) if isinstance(value, dict) else set()


def is_set(text: str, key: str) -> bool:
    """Tell whether a text that TOML can read sets the key."""
    *path, last = path_of(key)
    return last in _names(text, tuple(path))


def check_readable(text: str) -> None:
    """Raise ``ChangeError`` with the line where TOML cannot read the text."""
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        mistake = load.compile_text(text).problems[0]
        raise ChangeError(f"config.toml, {mistake}.", mistake.fix) from None


def _sound(before: str, after: str, key: str) -> str:
    """Return ``after`` if it has no mistake that was not there ``before``."""
    known = {(mistake.key, mistake.what) for mistake in load.compile_text(before).problems}
    for mistake in load.compile_text(after).problems:
        if (mistake.key, mistake.what) not in known:
            raise ValueRefusedError(f"{key}: {mistake.what}.", mistake.fix)
    if len(after.encode()) > load.MAX_BYTES:
        raise ChangeError(
            f"config.toml would be larger than {load.MAX_BYTES} bytes.", "Shorten it."
        )
    return after
