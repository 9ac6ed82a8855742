"""Read ``config.toml`` into ``Settings``: what is bad keeps its default and is reported.

Each key stands for itself: a mistake in one costs that one. Only what TOML itself cannot read
costs the whole file.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from typing import TYPE_CHECKING, NamedTuple

from statusline.config import literal, place
from statusline.config.format import names
from statusline.config.keys import KEYS, TABLES, BadValueError
from statusline.config.presets import PRESETS
from statusline.settings import Settings

if TYPE_CHECKING:
    from statusline.environ import Environment

#: A configuration of more than this is none.
MAX_BYTES = 64 * 1024

_ATTRIBUTES = {
    "thresholds.warning": "warning_pct",
    "thresholds.critical": "critical_pct",
    "bar.width": "bar_width",
    "bar.full": "bar_full",
    "bar.empty": "bar_empty",
    "clock": "clock_hours",
}
#: In a file that TOML cannot read, this line still turns the API off.
_API_OFF = re.compile(r"^\s*api\s*=(?!\s*true\s*(#.*)?$)", re.MULTILINE)


class Problem(NamedTuple):
    """One mistake: its line (from 1, ``None`` if unknown), its key or "", what it is, the fix."""

    line: int | None
    key: str
    what: str
    fix: str

    def __str__(self) -> str:
        where = "" if self.line is None else f"line {self.line}: "
        key = f"{self.key}: " if self.key else ""
        return f"{where}{key}{self.what}"


class Loaded(NamedTuple):
    """The settings in force; ``effective`` maps a key to its value and where that comes from.

    ``found`` says whether there is a file.
    """

    settings: Settings
    effective: dict[str, tuple[object, str]]
    problems: list[Problem]
    found: bool = True


def load(env: Environment) -> tuple[Settings, str]:
    """Return the settings, and one sentence about what is wrong with the file ("" if nothing).

    A missing file is no problem. Project files are never read (S23).
    """
    loaded = read(env)
    return loaded.settings, str(loaded.problems[0]) if loaded.problems else ""


def read(env: Environment) -> Loaded:
    """Return everything that the file of this environment says; never raises."""
    if env.config_path is None:
        return compile_text("")._replace(found=False)
    try:
        with open(env.config_path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            return _unread(f"larger than {MAX_BYTES} bytes", "Shorten the file.")
        return compile_text(data.decode("utf-8"))
    except FileNotFoundError:
        return compile_text("")._replace(found=False)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return _unread("not UTF-8", "Save the file as UTF-8.", line)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "bad path"
        return _unread(f"cannot be read: {reason}", "Make it a file you can read.")


def _unread(what: str, fix: str, line: int | None = None) -> Loaded:
    """Return the defaults without the API: nobody knows whether the file turns it off."""
    loaded = compile_text("api = false")
    return loaded._replace(problems=[Problem(line, "", what, fix)])


def compile_text(text: str) -> Loaded:
    """Return what the text of a ``config.toml`` comes to."""
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    found: dict[str, object] = {}
    try:
        values = tomllib.loads(text)
        lines = place.lines(text)
        found = _flat(values, lines, problems)
    except (ValueError, RecursionError) as error:
        problems.append(_syntax_problem(str(error), text))
        if _API_OFF.search(text):
            found = {"api": False}
    return _compiled(found, lines, problems)


def _syntax_problem(said: str, text: str) -> Problem:
    at = re.search(r"line (\d+), column (\d+)", said)
    line = int(at[1]) if at else text.rstrip("\n").count("\n") + 1
    what, _bad = literal.clean(said.partition(" (at")[0])
    column = f" at column {at[2]}" if at else ""
    fix = "Fix this line; until then the whole file is ignored."
    return Problem(line, "", f"not TOML: {what[:120]}{column}", fix)


def _flat(
    values: dict[str, object], lines: dict[str, int], problems: list[Problem]
) -> dict[str, object]:
    """Return the known keys with dots in their names; the others are problems."""
    flat: dict[str, object] = {}
    for name, value in values.items():
        if name in TABLES and isinstance(value, dict):
            flat.update((f"{name}.{inner}", held) for inner, held in value.items())
        elif name in TABLES:
            fix = f"Write [{name}] on a line of its own, with its keys below."
            problems.append(Problem(place.line_of(lines, name), name, "must be a table", fix))
        else:
            flat[name] = value
    for key in [key for key in flat if key not in KEYS]:
        line = place.line_of(lines, key)
        shown, _bad = literal.clean(key[:60])
        problems.append(Problem(line, shown, "unknown key", _likely(key)))
        del flat[key]
    return flat


def _sentence(fix: str) -> str:
    """Return a fix as a sentence, where it is only what could stand there."""
    return fix if fix[:1].isupper() else f"Write, for example, {fix}."


def _likely(key: str) -> str:
    table_likely = difflib.get_close_matches(key, TABLES, 1)
    if table_likely:
        return f"Did you mean [{table_likely[0]}]?"
    ends = {name.rpartition(".")[2]: name for name in reversed(KEYS)}  # the first of a name wins
    likely = [ends[key]] if key in ends else difflib.get_close_matches(key, KEYS, 1)
    likely = likely or [ends[end] for end in difflib.get_close_matches(key, ends, 1)]
    if not likely:
        return "Remove it; docs/config.md lists the keys."
    table, _dot, name = likely[0].rpartition(".")
    return f"Did you mean {name}{f' under [{table}]' if table else ''}?"


def _compiled(found: dict[str, object], lines: dict[str, int], problems: list[Problem]) -> Loaded:
    """Check each key, lay file over preset over defaults, and make ``Settings`` of it."""
    checked: dict[str, object] = {}
    for key, value in found.items():
        try:
            checked[key] = KEYS[key].check(value)
        except BadValueError as error:
            line = place.line_of(lines, key)
            problems.append(Problem(line, key, str(error), _sentence(error.fix)))
            if key == "api":
                checked[key] = False  # whoever writes "no" or 0 does not want it asked
    _check_thresholds(checked, lines, problems)
    preset = str(checked.get("preset", "default"))
    effective: dict[str, tuple[object, str]] = {}
    settings = Settings()
    for key, known in KEYS.items():
        from_preset = PRESETS[preset].get(key)
        if key in checked:
            line = place.line_of(lines, key)
            effective[key] = (found[key], "config.toml" + (f" line {line}" if line else ""))
            _apply(settings, key, checked[key])
        elif from_preset is not None:
            effective[key] = (from_preset, f"preset {preset}")
            _apply(settings, key, known.check(from_preset))
        elif known.default is not None:
            effective[key] = (known.default, "default")
            _apply(settings, key, known.check(known.default))
    shown = [name for nodes in settings.formats.values() for name in names(nodes)]
    settings.shows_age = any(name.endswith(".age") for name in shown)
    shows_clock = settings.reset == "clock" or any(name.endswith(".clock") for name in shown)
    settings.shows_local_clock = shows_clock and not settings.time_zone
    problems.sort(key=lambda problem: problem.line or 0)
    return Loaded(settings, effective, problems)


def _check_thresholds(
    checked: dict[str, object], lines: dict[str, int], problems: list[Problem]
) -> None:
    names = ("thresholds.warning", "thresholds.critical")
    warning, critical = (checked.get(name, KEYS[name].default) for name in names)
    if float(str(warning)) <= float(str(critical)):
        return
    key = names[0] if names[0] in checked else names[1]
    what = f"warning ({warning:g}) is above critical ({critical:g})"
    line = place.line_of(lines, key)
    problems.append(
        Problem(line, key, what, "Make warning the lower one: warning = 75, critical = 90")
    )
    for name in names:
        checked.pop(name, None)


def _apply(settings: Settings, key: str, value: object) -> None:
    """Put a checked value where a render finds it; ``preset`` has done its work already."""
    table, _dot, name = key.rpartition(".")
    if table == "format":
        settings.formats[name] = value  # type: ignore[assignment]  # compile_format's nodes
    elif table == "style":
        role = "" if name == "text" else name
        if value is None:
            settings.styles.pop(role, None)
        else:
            settings.styles[role] = value  # type: ignore[assignment]  # compile_style's pair
    elif key != "preset":
        setattr(settings, _ATTRIBUTES.get(key, key), value)
