"""Every key of ``config.toml``: what it may hold, its default, what it is for."""

from __future__ import annotations

import difflib
import os
import re
import zoneinfo
from typing import TYPE_CHECKING, NamedTuple

from statusline.settings import display_text
from statusline.settings.format import FormatError, compile_format
from statusline.settings.presets import PRESETS
from statusline.settings.settings_json import RANGES
from statusline.settings.style import compile_style
from statusline.surfaces import SURFACES

if TYPE_CHECKING:
    from collections.abc import Callable

_ZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")


class BadValueError(ValueError):
    """A value that a key cannot have: ``str`` says why, ``fix`` what to write."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.fix = fix


class Key(NamedTuple):
    """One key: ``default`` as it would stand in the file, ``None`` where the preset decides."""

    check: Callable[[object], object]
    default: object
    example: str
    what: str


def _flag(value: object) -> object:
    if type(value) is not bool:
        raise BadValueError(f"must be true or false, not {display_text.shown(value)}", "true")
    return value


def _one_of(*choices: object) -> Callable[[object], object]:
    def check(value: object) -> object:
        if any(type(value) is type(choice) and value == choice for choice in choices):
            return value
        names = " or ".join(display_text.shown(choice) for choice in choices)
        likely = difflib.get_close_matches(str(value), [str(choice) for choice in choices], 1)
        best = next((choice for choice in choices if str(choice) in likely), choices[0])
        raise BadValueError(
            f"must be {names}, not {display_text.shown(value)}", display_text.shown(best)
        )

    return check


def _number(attribute: str, unit: str, *, whole: bool = True) -> Callable[[object], object]:
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


def _clean_text(most: int) -> Callable[[object], object]:
    def check(value: object) -> object:
        text, bad = display_text.clean(_text(value))
        if bad:
            raise BadValueError(
                f"holds {display_text.named(bad)}, which cannot be shown", "Remove it."
            )
        if not 0 < len(text) <= most:
            raise BadValueError(f"must have 1 to {most} characters", "Shorten it.")
        return text

    return check


def _user_agent(value: object) -> object:
    """Accept what a header can hold: printable ASCII."""
    text = _text(value)
    if text and re.fullmatch(r"[\x21-\x7e][\x20-\x7e]{0,255}", text) is None:
        fix = '"claude-code/2.1.328", or "" for the version seen last'
        raise BadValueError("must be up to 256 printable ASCII characters", fix)
    return text


def _zone(value: object) -> object:
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


def _format(value: object) -> object:
    try:
        return compile_format(_text(value))
    except FormatError as error:
        raise BadValueError(str(error), error.fix) from None


def _style(value: object) -> object:
    try:
        return compile_style(_text(value))
    except BadValueError:
        raise
    except ValueError as error:
        fix = '"bold red", "color:203", "#ff8800" or "none"'
        raise BadValueError(str(error), fix) from None


_WHERE = "the format of `statusline {}`; if not set, `format.default`"

#: key -> what is known of it, in the order in which the documentation lists them
KEYS: dict[str, Key] = {
    "api": Key(
        _flag,
        default=True,
        example="false",
        what="ask the usage API; if false, numbers come only from Claude Code",
    ),
    "user_agent": Key(
        _user_agent,
        "",
        '"claude-code/2.1.328"',
        "the `User-Agent` of requests; empty: `claude-code/` and the version seen last",
    ),
    "preset": Key(_one_of(*PRESETS), "default", '"full"', "ready-made formats"),
    "width": Key(
        _number("width", "cells"),
        None,
        "60",
        "maximum width of a line in cells (not Claude Code's)",
    ),
    "separator": Key(_clean_text(16), " · ", '" | "', "what `{sep}` shows"),
    "ascii": Key(_flag, default=False, example="true", what="use only ASCII characters"),
    "show": Key(
        _one_of("used", "remaining"), "used", '"remaining"', "what percentages and bars show"
    ),
    "reset": Key(
        _one_of("countdown", "clock"), None, '"clock"', "a reset as `2h11m` or as `14:30`"
    ),
    "clock": Key(_one_of(24, 12), 24, "12", "24- or 12-hour clock: `14:30` or `2:30pm`"),
    "time_zone": Key(
        _zone, "", '"Europe/Berlin"', "time zone of clock times; empty: the machine's own"
    ),
    "old_after_s": Key(
        _number("old_after_s", "seconds", whole=False),
        600.0,
        "300",
        "seconds after which a line shows how old its numbers are",
    ),
    "thresholds.warning": Key(
        _number("warning_pct", "per cent used", whole=False), 75.0, "60", "per cent used"
    ),
    "thresholds.critical": Key(
        _number("critical_pct", "per cent used", whole=False), 90.0, "85", "per cent used"
    ),
    "format.default": Key(
        _format, None, '"{five_hour}"', "the format of every surface without one of its own"
    ),
    **{
        f"format.{name}": Key(_format, None, '"{five_hour.pct}"', _WHERE.format(name))
        for name in SURFACES
    },
    "bar.width": Key(_number("bar_width", "cells"), 8, "5", "width of a bar in cells"),
    "bar.full": Key(_clean_text(1), "█", '"#"', "the character for what is used"),
    "bar.empty": Key(_clean_text(1), "░", '"-"', "the character for the rest"),
    "style.normal": Key(_style, "green / none", '"none"', "usage below `thresholds.warning`"),
    "style.warning": Key(
        _style,
        "yellow / black on yellow",
        '"color:214"',
        "from `thresholds.warning` on, and what is wrong",
    ),
    "style.critical": Key(
        _style, "bold red / bold white on red", '"#ff8800"', "from `thresholds.critical` on"
    ),
    "style.muted": Key(
        _style, "dim", '"bright_black"', "separators, ages, and resets below `thresholds.critical`"
    ),
    "style.model": Key(_style, "cyan", '"bold"', "the model"),
    "style.text": Key(_style, "none", '"white"', "labels and the text of formats"),
}

TABLES = frozenset(key.partition(".")[0] for key in KEYS if "." in key)
