"""The other agents whose usage can be shown beside Claude's: every one of them, one row each."""

from __future__ import annotations

from typing import NamedTuple


class Agent(NamedTuple):
    """An agent by its ``title``, and the windows of it that have placeholders of their own.

    Labels begin with ``short``, since a table has twelve cells for one. ``is_told`` where it leaves
    nothing on this disk, and tells its status line its numbers.
    """

    title: str
    short: str
    windows: tuple[str, ...]
    is_told: bool = False


#: By the name that ``sources`` in ``config.toml``, ``usage.json`` and placeholders have for it;
#: ``sources/NAME.py`` reads what it has left on this disk (docs/sources.md 4).
AGENTS = {
    "codex": Agent("Codex", "Codex", ("five_hour", "seven_day")),
    "antigravity": Agent("Antigravity", "Agy", ("five_hour", "seven_day"), is_told=True),
}
