"""What ``state.json`` remembers of the requests made, from one refresher to the next."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from statusline.refresh.limits import (
    FED_INTERVAL_S,
    FIRST_INTERVAL_S,
    FLOOR_S,
    JITTER,
    MAX_FAILURES,
    MAX_WAIT_S,
    REMEMBERED,
)
from statusline.system.clock import Stamp
from statusline.system.untrusted import mapping, number
from statusline.usage.snapshot import count

if TYPE_CHECKING:
    from collections.abc import Mapping


class Attempt(NamedTuple):
    """When a request was made, and the fingerprint of the token it was made with."""

    at: Stamp
    fingerprint: str

    def to_json(self) -> dict[str, object]:
        """Return the attempt as a JSON object."""
        return {**self.at.to_json(), "fingerprint": self.fingerprint}

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> Attempt | None:
        """Return what ``to_json`` wrote, or ``None`` for anything else."""
        at = Stamp.from_json(value)
        return None if at is None else cls(at, _word(value.get("fingerprint")))


class State(NamedTuple):
    """What is remembered between refreshers (``state.json``); the answer's meaning is not.

    ``attempts`` are stamped before each call, newest last; ``wait_s`` counts from the newest.
    ``wait_binds_force`` marks a wait that the server asked for. ``fingerprint`` is of the token
    last used; ``looked_expired`` says that by the clock it had expired when it was. ``requests``
    counts all attempts ever stamped; ``is_open`` says that of the newest nothing more was heard.
    """

    attempts: tuple[Attempt, ...] = ()
    wait_s: float = 0.0
    wait_binds_force: bool = False
    interval_s: float = FIRST_INTERVAL_S
    failures: int = 0
    last_kind: str = ""
    fingerprint: str = ""
    looked_expired: bool = False
    salt: str = ""
    requests: int = 0
    is_open: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the state as a JSON object."""
        return {
            **self._asdict(),
            "schema": 1,
            "attempts": [attempt.to_json() for attempt in self.attempts],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> State:
        """Return what ``to_json`` wrote; whatever is unsound takes its default."""
        attempts = value.get("attempts")
        made = (
            [Attempt.from_json(mapping(item)) for item in attempts]
            if isinstance(attempts, list)
            else []
        )
        texts = {name: _word(value.get(name)) for name in ("last_kind", "fingerprint", "salt")}
        wait_s = number(value.get("wait_s")) or 0.0
        interval_s = number(value.get("interval_s")) or FIRST_INTERVAL_S
        return cls(
            attempts=tuple(attempt for attempt in made if attempt is not None)[-REMEMBERED:],
            wait_s=min(max(wait_s, 0.0), MAX_WAIT_S * (1 + JITTER)),
            wait_binds_force=value.get("wait_binds_force") is True,
            interval_s=min(max(interval_s, FLOOR_S), FED_INTERVAL_S),
            failures=min(max(int(number(value.get("failures")) or 0), 0), MAX_FAILURES),
            looked_expired=value.get("looked_expired") is True,
            is_open=value.get("is_open") is True,
            requests=count(value.get("requests")),
            **texts,
        )


def _word(value: object) -> str:
    """Return a word of ours (hex digits, a kind of outcome), "" for anything else."""
    return value if isinstance(value, str) and re.fullmatch("[0-9a-z_]{1,64}", value) else ""
