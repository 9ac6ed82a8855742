"""The sources: where the usage of other agents is read, a module each, found by its name."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Protocol

from statusline.agents import AGENTS
from statusline.usage.observation import DAY_S, HOUR_S, Observation

if TYPE_CHECKING:
    from typing import Any

    from statusline.system.environ import Environment

#: The usual windows by their length in minutes: id and label.
_USUAL = {300: ("five_hour", "5h"), 10_080: ("seven_day", "7d")}
#: Lengths that differ by less than this share are one: some versions leave the last minute out.
_ABOUT = 0.01
_HOUR_MIN, _DAY_MIN = HOUR_S // 60, DAY_S // 60


class Source(Protocol):
    """What a module of this room offers."""

    def home(self, env: Environment) -> str | None:
        """Return the directory that says, by being there, that the agent is used here."""

    def read(self, env: Environment, now: float) -> list[Observation]:
        """Return the agent's windows as they were seen last, none where nothing is known.

        ``now`` is epoch seconds. It reads files and nothing else, within bounds; what it raises
        costs this agent's numbers, and no other ones.
        """


def source(name: str) -> Source:
    """Return the source of an agent in ``AGENTS``."""
    found: Any = importlib.import_module(f"statusline.sources.{name}")
    made: Source = found
    return made


def is_there(name: str, env: Environment) -> bool:
    """Tell whether an agent is used here, as far as its directory says so."""
    home = source(name).home(env)
    return home is not None and os.path.isdir(home)


def setting(chosen: tuple[str, ...], name: str) -> str:
    """Return the command that has an agent read beside those that are."""
    if not chosen:
        return f"statusline config set sources {name}"
    listed = ", ".join(f'"{each}"' for each in (*chosen, name))
    return f"statusline config set sources '[{listed}]'"


def window_of(agent: str, minutes: float) -> tuple[str, str]:
    """Return the id and the label of an agent's window by its length, whatever slot it came in."""
    short = AGENTS[agent].short
    for usual, (name, label) in _USUAL.items():
        if abs(minutes - usual) <= usual * _ABOUT:
            return f"{agent}.{name}", f"{short} {label}"
    whole = round(minutes)
    for unit, length in (("d", _DAY_MIN), ("h", _HOUR_MIN)):
        if whole >= length and whole % length == 0:
            return f"{agent}.{whole}m", f"{short} {whole // length}{unit}"
    return f"{agent}.{whole}m", f"{short} {whole}m"
