"""What a value of ``config.toml`` may be: each check returns it as it is used, or says the fix."""

from __future__ import annotations

import difflib
import os
import re
import zoneinfo
from typing import TYPE_CHECKING, Any

from statusline.settings import display_text
from statusline.settings.format import FormatError, compile_lines
from statusline.settings.settings_json import MAX_ACCOUNTS, MAX_LINES, MAX_TEXT, RANGES
from statusline.settings.style import compile_capsule, compile_style

if TYPE_CHECKING:
    from collections.abc import Callable

_PROGRAM = re.compile(r"~?/.+|[\w+][\w.+-]*")
#: The most thresholds of notifications, and the most words of a command.
_MAX_THRESHOLDS, _MAX_WORDS = 8, 32
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")


class BadValueError(ValueError):
    """A value that a key cannot have: ``str`` says why, ``fix`` what to write."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.fix = fix


def flag(value: object) -> object:
    """Accept true or false."""
    if type(value) is not bool:
        raise BadValueError(f"must be true or false, not {display_text.shown(value)}", "true")
    return value


def one_of(*choices: object) -> Callable[[object], object]:
    """Return a check that accepts one of the choices."""

    def check(value: object) -> object:
        if any(type(value) is type(choice) and value == choice for choice in choices):
            return value
        names = " or ".join(display_text.shown(choice) for choice in choices)
        likely = difflib.get_close_matches(str(value), [str(choice) for choice in choices], 1)
        best = next((choice for choice in choices if str(choice) in likely), choices[0])
        raise BadValueError(
            f"must be {names}, not {display_text.shown(value)}", display_text.shown(best)
        )

    check.choices = choices  # type: ignore[attr-defined]  # what completion and the editor offer
    return check


def number(attribute: str, unit: str, *, whole: bool = True) -> Callable[[object], object]:
    """Return a check for a number in the range of ``attribute``, in ``unit``."""
    least, most = RANGES[attribute]

    def check(value: object) -> object:
        fits = type(value) is int or (type(value) is float and not whole)
        if fits and least <= value <= most:  # type: ignore[operator]  # a number, checked above
            return value if whole else float(value)  # type: ignore[arg-type]  # the same
        kind = "a whole number" if whole else "a number"
        raise BadValueError(
            f"must be {kind} from {least} to {most} ({unit}), not {display_text.shown(value)}",
            str(min(max(least, 40), most)),
        )

    return check


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadValueError(f"must be text in quotes, not {display_text.shown(value)}", '"…"')
    return value


def clean_text(most: int) -> Callable[[object], object]:
    """Return a check for text of at most so many characters that can be shown."""

    def check(value: object) -> object:
        text, bad = display_text.sift(_text(value))
        if bad:
            raise BadValueError(
                f"holds {display_text.named(bad)}, which cannot be shown", "Remove it."
            )
        if not 0 < len(text) <= most:
            raise BadValueError(f"must have 1 to {most} characters", "Shorten it.")
        return text

    return check


def user_agent(value: object) -> object:
    """Accept what a header can hold: printable ASCII."""
    text = _text(value)
    if text and re.fullmatch(r"[\x21-\x7e][\x20-\x7e]{0,255}", text) is None:
        fix = '"claude-code/2.1.328", or "" for the version seen last'
        raise BadValueError("must be up to 256 printable ASCII characters", fix)
    return text


def zone(value: object) -> object:
    """Accept a zone that Python and the C library (which a prompt asks) both have on disk."""
    name = _text(value)
    if not name:
        return name
    fix = '"Europe/Berlin", "America/New_York", "UTC", or "" for the machine\'s own'
    on_disk = any(os.path.isfile(os.path.join(root, name)) for root in zoneinfo.TZPATH)
    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        on_disk = False
    if on_disk and _ZONE.fullmatch(name) and len(name) <= 64:
        return name
    raise BadValueError(f"{display_text.shown(name)} is not a time zone known to this machine", fix)


def one_format(value: object) -> object:
    """Accept a format of one line; return its nodes."""
    return _lines([_text(value)])


def several(value: object) -> object:
    """Accept a format, or a list of them: Claude Code's line may have several rows."""
    if not isinstance(value, list):
        return one_format(value)
    if not 1 <= len(value) <= MAX_LINES:
        fix = '["{model}", "{five_hour}"]'
        raise BadValueError(f"must have 1 to {MAX_LINES} lines, not {len(value)}", fix)
    return _lines([_text(line) for line in value])


def _lines(texts: list[str]) -> object:
    try:
        return compile_lines(texts)
    except FormatError as error:
        raise BadValueError(str(error), error.fix) from None


def style(value: object) -> object:
    """Accept a style; return its SGR parameters and its tmux style."""
    return _compiled(compile_style, value, '"bold red", "color:203", "#ff8800" or "none"')


def capsule(value: object) -> object:
    """Accept a style with a background; return that of the text and that of the ends."""
    return _compiled(compile_capsule, value, '"color:231 on color:28"')


def _compiled(compile_: Callable[[str], object], value: object, fix: str) -> object:
    text = _text(value)
    try:
        return compile_(text)
    except ValueError as error:
        raise BadValueError(str(error), fix) from None


def labels(value: object) -> object:
    """Accept a table from Claude's configuration directories to what they are called."""
    fix = '{ "~/.claude-work" = "work" }'
    if not isinstance(value, dict):
        raise BadValueError(f"must be a table, not {display_text.shown(value)}", fix)
    labels = {}
    for directory, label in value.items():
        if not directory.startswith(("/", "~/")) or len(directory) > MAX_TEXT:
            what = f"{display_text.shown(directory)} must begin with / or ~/"
            raise BadValueError(what, fix)
        labels[directory.rstrip("/")] = str(clean_text(24)(label))
    if len(labels) > MAX_ACCOUNTS:
        raise BadValueError(f"must have at most {MAX_ACCOUNTS} entries", "Remove some.")
    return labels


def percentages(value: object) -> object:
    """Accept one percentage or several; return them in order."""
    fix = "[80, 95]"
    listed: list[Any] = value if isinstance(value, list) else [value]
    for each in listed:
        if type(each) not in (int, float) or not 1 <= each <= 100:
            what = "must be a list of numbers from 1 to 100 (per cent used), not"
            raise BadValueError(f"{what} {display_text.shown(each)}", fix)
    if len(listed) > _MAX_THRESHOLDS:
        raise BadValueError(f"must have at most {_MAX_THRESHOLDS} numbers", fix)
    return tuple(sorted({float(each) for each in listed}))


def some_of(*choices: str) -> Callable[[object], object]:
    """Return a check that accepts one of the choices or a list of them, each once."""
    one = one_of(*choices)

    def check(value: object) -> object:
        listed = value if isinstance(value, list) else [value]
        try:
            return tuple(dict.fromkeys(str(one(each)) for each in listed))
        except BadValueError as error:
            raise BadValueError(f"each item {error}", f"[{error.fix}]") from None

    return check


def argv(value: object) -> object:
    """Accept a program and its arguments, each for itself: no shell ever reads them."""
    fix = '["~/bin/tell-me", "loud"]'
    if not isinstance(value, list):
        what = "must be a list: the program, and each argument for itself"
        raise BadValueError(f"{what}, not {display_text.shown(value)}", fix)
    if len(value) > _MAX_WORDS:
        raise BadValueError(f"must have at most {_MAX_WORDS} words", fix)
    for word in value:
        text = _text(word)
        if len(text) > MAX_TEXT or any(ord(char) < 32 or ord(char) == 127 for char in text):
            raise BadValueError("holds a word that is too long, or a control character", fix)
    if value and not _PROGRAM.fullmatch(value[0]):
        what = f"{display_text.shown(value[0])} must be a name, or a path from / or ~/ on"
        raise BadValueError(what, fix)
    return tuple(value)
