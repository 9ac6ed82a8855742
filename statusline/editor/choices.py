"""What a key may be, where that is a list: for completion, and for the screen to choose from."""

from __future__ import annotations

import zoneinfo

from statusline.settings.checks import BadValueError
from statusline.settings.keys import KEYS


def choices(key: str) -> tuple[object, ...]:
    """Return every value that the key may have; none where there is no list of them."""
    check = KEYS[key].check
    listed = getattr(check, "choices", None)
    if listed is not None:
        return tuple(listed)
    flags = (True, False)
    return flags if all(_takes(key, flag) for flag in flags) else ()


def suggestions(key: str) -> list[str]:
    """Return what to offer for a key while it is typed, as TOML takes it or as bare text."""
    if key == "time_zone":
        return sorted(zoneinfo.available_timezones())
    return [each if isinstance(each, str) else written(each) for each in choices(key)]


def takes_lines(key: str) -> bool:
    """Tell whether the key may be a list of texts, a line each."""
    return _takes(key, ["{five_hour}", "{seven_day}"])


def written(value: object) -> str:
    """Return a choice that is no text as TOML writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _takes(key: str, value: object) -> bool:
    try:
        KEYS[key].check(value)
    except BadValueError:
        return False
    return True
