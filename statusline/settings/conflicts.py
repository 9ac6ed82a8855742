"""Values that cannot stand together, each fine by itself: a mistake costs all of them."""

from __future__ import annotations

from typing import NamedTuple

from statusline.settings import looks, toml_lines
from statusline.settings.keys import KEYS, THRESHOLDS


class Mistake(NamedTuple):
    """One mistake: its line (from 1, ``None`` if unknown), its key or "", what it is, the fix."""

    line: int | None
    key: str
    what: str
    fix: str

    def __str__(self) -> str:
        where = "" if self.line is None else f"line {self.line}: "
        key = f"{self.key}: " if self.key else ""
        return f"{where}{key}{self.what}"


def check(
    checked: dict[str, object], bar_style: str, lines: dict[str, int], problems: list[Mistake]
) -> None:
    """Take what contradicts itself out of ``checked``, and add it to ``problems``.

    ``checked`` are the values of a file by key; ``lines`` says where they stand. ``bar_style`` is
    the one in force, whoever has chosen it.
    """
    _check_thresholds(checked, lines, problems)
    _check_bar(checked, bar_style, lines, problems)


def _check_thresholds(
    checked: dict[str, object], lines: dict[str, int], problems: list[Mistake]
) -> None:
    """Refuse a warning above its critical one, of all windows and of single ones."""
    for prefix in ("thresholds", *(f"thresholds.{window}" for window in THRESHOLDS)):
        keys = (f"{prefix}.warning", f"{prefix}.critical")
        warning, critical = (_threshold(key, checked) for key in keys)
        if warning <= critical or not any(key in checked for key in keys):
            continue
        key = keys[0] if keys[0] in checked else keys[1]
        what = f"warning ({warning:g}) is above critical ({critical:g})"
        fix = "Make warning the lower one: warning = 75, critical = 90"
        problems.append(Mistake(toml_lines.line_of(lines, key), key, what, fix))
        for key in keys:
            checked.pop(key, None)


def _threshold(key: str, checked: dict[str, object]) -> float:
    """Return a threshold in force, in per cent: a window's own, or that of all."""
    shared = f"thresholds.{key.rpartition('.')[2]}"
    return float(str(checked.get(key, checked.get(shared, KEYS[shared].default))))


def _check_bar(
    checked: dict[str, object], style: str, lines: dict[str, int], problems: list[Mistake]
) -> None:
    """Refuse one character for what is used and for the rest."""
    full, empty, _steps = looks.BARS[style]
    if checked.get("bar.full", full) != checked.get("bar.empty", empty):
        return
    key = "bar.empty" if "bar.empty" in checked else "bar.full"
    other = "bar.full" if key == "bar.empty" else "bar.empty"
    what = f"the same character as {other}, so a bar would show nothing"
    problems.append(Mistake(toml_lines.line_of(lines, key), key, what, "Choose another character."))
    checked.pop("bar.full", None)
    checked.pop("bar.empty", None)
