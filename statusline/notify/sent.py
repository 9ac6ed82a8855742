"""``sent.json``: what was sent last, and what came of it in each way."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from statusline.system import atomic_write, bounded_read
from statusline.system.text import printable
from statusline.system.untrusted import mapping, timestamp

if TYPE_CHECKING:
    from statusline.notify.notice import Notice
    from statusline.notify.ways import Outcome

FILE_NAME = "sent.json"
MAX_BYTES = 16 * 1024
_MOST, _LONGEST = 16, 160


class Sent(NamedTuple):
    """The texts that were sent at ``at`` (epoch s), and each way with what came of it."""

    at: float
    texts: tuple[str, ...]
    outcomes: tuple[tuple[str, bool, str], ...]

    @property
    def has_arrived(self) -> bool:
        """Tell whether any way took it."""
        return any(is_ok for _way, is_ok, _what in self.outcomes)


def keep(
    directory: str, now: float, notices: Sequence[Notice], outcomes: Sequence[Outcome]
) -> None:
    """Remember what was sent, for ``statusline notify`` and ``doctor``; no program's own words."""
    document = {
        "schema": 1,
        "at": now,
        "texts": [each.text for each in notices],
        "outcomes": [{"way": e.way, "is_ok": e.is_ok, "what": e.what} for e in outcomes],
    }
    with contextlib.suppress(OSError):  # nothing depends on it
        atomic_write.write_json(f"{directory}/{FILE_NAME}", document)


def load(directory: str) -> Sent | None:
    """Return what was sent last, ``None`` for nothing; never raises."""
    data = bounded_read.read_file(f"{directory}/{FILE_NAME}", MAX_BYTES)
    said = mapping(None if data is None else bounded_read.parse(data))
    at, texts, outcomes = timestamp(said.get("at")), said.get("texts"), said.get("outcomes")
    if at is None or not isinstance(texts, list) or not isinstance(outcomes, list):
        return None
    found = (mapping(each) for each in outcomes[:_MOST])
    return Sent(
        at,
        tuple(_text(each) for each in texts[:_MOST]),
        tuple((_text(e.get("way")), e.get("is_ok") is True, _text(e.get("what"))) for e in found),
    )


def _text(value: object) -> str:
    return printable(value)[:_LONGEST] if isinstance(value, str) else ""
