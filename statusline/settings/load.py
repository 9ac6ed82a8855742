"""Read ``config.toml`` into ``Settings``: what is bad keeps its default and is reported.

Each key stands for itself: a mistake in one costs that one. Only what TOML itself cannot read
costs the whole file.
"""

from __future__ import annotations

import difflib
import errno
import os
import re
import stat
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from statusline.settings import api_off, conflicts, display_text, looks, toml_lines
from statusline.settings.checks import BadValueError
from statusline.settings.conflicts import Mistake
from statusline.settings.format import names
from statusline.settings.keys import KEYS, TABLES
from statusline.settings.notifications import Notifications
from statusline.settings.presets import PRESETS
from statusline.settings.settings import Settings
from statusline.surfaces import SURFACES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from statusline.system.environ import Environment

#: A configuration of more than this is none.
MAX_BYTES = 64 * 1024
#: UTF-8; the mark that some editors put at the beginning (BOM) does not belong to the text.
ENCODING = "utf-8-sig"

_ATTRIBUTES = {
    "thresholds.warning": "warning_pct",
    "thresholds.critical": "critical_pct",
    "bar.width": "bar_width",
    "bar.full": "bar_full",
    "bar.empty": "bar_empty",
    "clock": "clock_hours",
}
#: Of these keys the preset, the theme or the bar's style say what their default is.
_MADE = ("preset", "theme", "accounts", "bar.style", "bar.gradient", "capsule.shape")


class Loaded(NamedTuple):
    """The settings in force; ``effective`` maps a key to its value and where that comes from.

    ``found`` says whether there is a file. ``notifications`` stand apart: no render needs them.
    """

    settings: Settings
    effective: dict[str, tuple[object, str]]
    problems: list[Mistake]
    found: bool = True
    notifications: Notifications = Notifications()


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
        data = _bytes(env.config_path)
        if len(data) > MAX_BYTES:
            return _unread(f"larger than {MAX_BYTES} bytes", "Shorten the file.")
        return compile_text(data.decode(ENCODING), env)
    except FileNotFoundError:
        if os.path.islink(env.config_path):
            return _unread("a link that leads nowhere", "Bring back the file that it leads to.")
        return compile_text("")._replace(found=False)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return _unread("not UTF-8", "Save the file as UTF-8.", line)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "bad path"
        return _unread(reason, "Make it a file you can read.")


def _bytes(path: str) -> bytes:
    """Return what a file begins with; raise ``OSError`` for what a prompt would wait for."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with open(handle, "rb") as file:
        data = None if stat.S_ISFIFO(os.fstat(handle).st_mode) else file.read(MAX_BYTES + 1)
    if data is None:  # a terminal with nothing to read
        raise OSError(errno.EINVAL, "not a file")
    return data


def _unread(what: str, fix: str, line: int | None = None) -> Loaded:
    """Return the defaults without the API: nobody knows whether the file turns it off."""
    loaded = compile_text("api = false")
    return loaded._replace(problems=[Mistake(line, "", what, fix)])


def compile_text(text: str, env: Environment | None = None) -> Loaded:
    """Return what the text of a ``config.toml`` comes to, in an environment with its accounts."""
    problems: list[Mistake] = []
    lines: dict[str, int] = {}
    found: dict[str, object] = {}
    try:
        values = tomllib.loads(text)
        lines = toml_lines.lines(text)
        found = _flat(values, lines, problems)
        if "api" not in found and api_off.misplaced(values):
            found["api"] = False
    except (ValueError, RecursionError) as error:
        problems.append(_syntax_problem(str(error), text))
        if api_off.in_broken(text):
            found = {"api": False}
    loaded = _compiled(found, lines, problems)
    if env is not None:
        loaded.settings.account = accounts(loaded, env).get(env.claude_dir or "", "")
    return loaded


def accounts(loaded: Loaded, env: Environment) -> dict[str, str]:
    """Return what the user calls Claude's directories, by their absolute paths."""
    labels = loaded.effective["accounts"][0]
    named: dict[str, str] = {}
    for directory, label in labels.items() if isinstance(labels, dict) else ():
        path = f"{env.home}{directory[1:]}" if directory.startswith("~/") else directory
        named.setdefault(path.rstrip("/"), display_text.sift(label)[0])
    return named


def _syntax_problem(said: str, text: str) -> Mistake:
    at = re.search(r"line (\d+), column (\d+)", said)
    line = int(at[1]) if at else text.rstrip("\n").count("\n") + 1
    what, _bad = display_text.sift(said.partition(" (at")[0])
    column = f" at column {at[2]}" if at else ""
    fix = "Fix this line; until then the whole file is ignored."
    return Mistake(line, "", f"not TOML: {what[:120]}{column}", fix)


def _flat(
    values: dict[str, object], lines: dict[str, int], problems: list[Mistake]
) -> dict[str, object]:
    """Return the known keys with dots in their names; the others are problems."""
    flat: dict[str, object] = {}
    for name, value in values.items():
        if name in TABLES and isinstance(value, dict):
            flat.update(_within(name, value))
        elif name in TABLES:
            fix = f"Write [{name}] on a line of its own, with its keys below."
            problems.append(Mistake(toml_lines.line_of(lines, name), name, "must be a table", fix))
        else:
            flat[name] = value
    for key in [key for key in flat if key not in KEYS]:
        line = toml_lines.line_of(lines, key)
        shown, _bad = display_text.sift(key[:60])
        is_off = api_off.is_name(key) and flat[key] is not True and "api" not in flat
        fix = api_off.FIX if is_off else _likely(key)
        problems.append(Mistake(line, shown, "unknown key", fix))
        del flat[key]
    return flat


def _within(table: str, held: dict[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in held.items():
        key = f"{table}.{name}"
        if isinstance(value, dict) and any(known.startswith(f"{key}.") for known in KEYS):
            yield from _within(key, value)
        else:
            yield key, value


def sentence(fix: str) -> str:
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


def _compiled(found: dict[str, object], lines: dict[str, int], problems: list[Mistake]) -> Loaded:
    """Check each key, lay file over preset over defaults, and make ``Settings`` of it."""
    checked: dict[str, object] = {}
    for key, value in found.items():
        try:
            checked[key] = KEYS[key].check(value)
        except BadValueError as error:
            line = toml_lines.line_of(lines, key)
            problems.append(Mistake(line, key, str(error), sentence(error.fix)))
            if key == "api":
                checked[key] = False  # whoever writes "no" or 0 does not want it asked
    ready_made = _ready_made(checked)
    made_style = ready_made.get("bar.style", (KEYS["bar.style"].default,))[0]
    conflicts.check(checked, str(checked.get("bar.style", made_style)), lines, problems)
    effective: dict[str, tuple[object, str]] = {}
    settings = Settings()
    for key, known in KEYS.items():
        if key in checked:
            line = toml_lines.line_of(lines, key)
            effective[key] = (found[key], "config.toml" + (f" line {line}" if line else ""))
            _apply(settings, key, checked[key])
        elif key in ready_made:
            effective[key] = ready_made[key]
            _apply(settings, key, known.check(ready_made[key][0]))
        elif known.default is not None:
            effective[key] = (known.default, "default")
            _apply(settings, key, known.check(known.default))
    looks.finish(settings, {key: value for key, (value, _origin) in effective.items()})
    if "format.claude" in checked and "format.chained" not in checked:
        settings.formats["chained"] = settings.formats["claude"]
        effective["format.chained"] = effective["format.claude"]
    shown = [name for nodes in settings.formats.values() for name in names(nodes)]
    settings.shows_age = any(name.endswith(".age") for name in shown)
    settings.personal = tuple(name for name in SURFACES if _is_personal(settings, name))
    problems.sort(key=lambda problem: problem.line or 0)
    return Loaded(settings, effective, problems, notifications=_notifications(checked))


def _notifications(checked: dict[str, Any]) -> Notifications:
    """Return what is checked of the table ``[notify]``, and the defaults."""
    table = "notify."
    values = {
        key.removeprefix(table): value for key, value in checked.items() if key.startswith(table)
    }
    return Notifications(**values)


def _ready_made(checked: dict[str, object]) -> dict[str, tuple[object, str]]:
    """Return what preset and theme say, and which of them: a theme goes before a preset."""
    preset = str(checked.get("preset", "default"))
    made: dict[str, tuple[object, str]] = {
        key: (value, f"preset {preset}") for key, value in PRESETS[preset].items()
    }
    theme = str(checked.get("theme") or made.get("theme", ("default",))[0])
    made |= {key: (style, f"theme {theme}") for key, style in looks.THEMES[theme].items()}
    return made


def _is_personal(settings: Settings, surface: str) -> bool:
    """Tell whether a surface shows what another terminal may have otherwise."""
    shown = names(settings.format_of(surface))
    if any(name.startswith("env.") for name in shown):
        return True
    has_clock = settings.reset == "clock" or any(name.endswith(".clock") for name in shown)
    return has_clock and not settings.time_zone


def _apply(settings: Settings, key: str, value: object) -> None:
    """Put a checked value where a render finds it; ``looks`` does it for what has a name."""
    table, _dot, name = key.rpartition(".")
    if table == "format":
        settings.formats[name] = value  # type: ignore[assignment]  # compile_format's nodes
    elif table == "style":
        role = "" if name == "text" else name
        if value is None:
            settings.styles.pop(role, None)
        else:
            settings.styles[role] = value  # type: ignore[assignment]  # compile_style's pair
    elif table == "capsule" and name != "shape":
        pairs: Any = value  # compile_capsule's
        settings.styles[f"capsule.{name}"], settings.styles[f"ends.{name}"] = pairs
    elif table.startswith("thresholds."):
        _apply_threshold(settings, table.partition(".")[2], name, float(str(value)))
    elif key not in _MADE and table != "notify":
        setattr(settings, _ATTRIBUTES.get(key, key), value)


def _apply_threshold(settings: Settings, window: str, level: str, value_pct: float) -> None:
    """Set one of a window's two thresholds; the other stays what it is for all windows."""
    pair = settings.thresholds.get(window, (settings.warning_pct, settings.critical_pct))
    warning, critical = (value_pct, pair[1]) if level == "warning" else (pair[0], value_pct)
    settings.thresholds[window] = (warning, critical)
