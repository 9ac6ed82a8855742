"""The other agents whose usage can be shown beside Claude's: every one of them, one row each."""

from __future__ import annotations

from typing import NamedTuple


class Agent(NamedTuple):
    """An agent by its ``title``, and the windows of it that have placeholders of their own."""

    title: str
    windows: tuple[str, ...]


#: By the name that ``sources`` in ``config.toml``, ``usage.json`` and placeholders have for it;
#: ``sources/NAME.py`` reads what it has left on this disk (docs/sources.md 3).
AGENTS = {"codex": Agent("Codex", ("five_hour", "seven_day"))}
