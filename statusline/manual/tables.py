"""What a topic says out of the program's own tables, so that nothing is said twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from statusline.agents import AGENTS
from statusline.manual.blocks import Rows, one_of
from statusline.settings.keys import KEYS, THRESHOLDS, Key
from statusline.settings.placeholders import PLACEHOLDERS, SESSION, WINDOW_ATTRIBUTES
from statusline.settings.presets import PRESETS
from statusline.surfaces import SURFACES
from statusline.usage.messages import STATES, describe
from statusline.wiring.hosts import HOSTS, TIMER

#: What a surface is for, where its name alone does not tell.
_SURFACES = {"claude": "Claude Code's status line; reads its JSON on stdin", "plain": "any program"}
#: The windows that share their attributes.
_WINDOWS = ("five_hour", "seven_day", "binding")


def states() -> Rows:
    """Return every label of a segment, with all that it may stand for and what to do."""
    by_label: dict[str, list[str]] = {}
    for label, what, fix in (*STATES.values(), describe("")):  # "" is no state that is known
        if label:
            fix = fix.replace("Nothing:", "Nothing to do:")  # noqa: PLW2901
            by_label.setdefault(label, []).append(f"{what} {fix}")
    return Rows(tuple((label, " Or: ".join(texts)) for label, texts in by_label.items()))


def hosts() -> Rows:
    """Return the words that `install` takes, and when each program shows the line."""
    rows = [(name, f"{host.title}, which shows it {host.shown}.") for name, host in HOSTS.items()]
    what = "No place: it keeps the numbers fresh while no prompt is open. --all leaves it out."
    return Rows((*rows, (TIMER, what)))


def surfaces() -> Rows:
    """Return the words that print the line."""
    return Rows(
        tuple((f"statusline {name}", f"for {_SURFACES.get(name, name)}") for name in SURFACES)
    )


def keys() -> Rows:
    """Return every key of `config.toml`: what it is for, its default or an example.

    Keys that only differ in a window or a surface have one row.
    """
    rows: dict[str, str] = {}
    for name, key in KEYS.items():
        table, _dot, rest = name.partition(".")
        if table == "thresholds" and "." in rest:
            name = f"thresholds.WINDOW.{rest.rpartition('.')[2]}"  # noqa: PLW2901
            what = f"The same for one window alone: {one_of(_as_typed(THRESHOLDS))}."
        elif table == "format" and rest in SURFACES:
            name = "format.SURFACE"  # noqa: PLW2901
            each = one_of(_as_typed(SURFACES))
            what = f"The format of one surface alone: {each}. `claude` may be a list, a line each."
        else:
            what = f"{_sentence(key.what)} {_usual(name, key)}"
        rows.setdefault(name, what)
    return Rows(tuple(rows.items()), most=24)


def _usual(name: str, key: Key) -> str:
    default = PRESETS["default"].get(name) if key.default is None else key.default
    if default in (None, "") or name.startswith("format."):
        return f"Example: `{key.example}`."
    is_whole = isinstance(default, float) and default.is_integer()
    shown = int(default) if isinstance(default, float) and is_whole else default
    return f"Default: `{json.dumps(shown, ensure_ascii=False)}`."


def _as_typed(names: Iterable[str]) -> Iterator[str]:
    return (f"`{name}`" for name in names)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def placeholders() -> Rows:
    """Return what every surface can show; what the windows have in common stands once."""
    rows = [
        (f"{{{name}}}", f"{_sentence(what)} Example: `{example}`.")
        for name, (what, example) in PLACEHOLDERS.items()
        if name not in SESSION and not _is_repeated(name)
    ]
    more = ", ".join(f"{{{name}.pct}}" for name in _WINDOWS[1:])
    return Rows((*rows, (f"{more}, ...", "The same of every other window.")), most=24)


def _is_repeated(name: str) -> bool:
    window, _dot, attribute = name.rpartition(".")
    is_window = window in _WINDOWS[1:] or window.partition(".")[0] in AGENTS
    return is_window and attribute in WINDOW_ATTRIBUTES


def session() -> Rows:
    """Return what only Claude Code's own line can show."""
    rows = ((f"{{{name}}}", *told) for name, told in SESSION.items())
    return Rows(tuple((name, f"{_sentence(what)} Example: `{eg}`.") for name, what, eg in rows))


#: What stands in a topic between braces, on a line of its own.
TABLES: dict[str, Callable[[], Rows]] = {
    "states": states,
    "hosts": hosts,
    "surfaces": surfaces,
    "keys": keys,
    "placeholders": placeholders,
    "session": session,
}
