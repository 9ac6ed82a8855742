"""What Claude Code's sessions have told so far: it tells a new statement from a repeated one."""

from __future__ import annotations

from statusline.system.text import clean
from statusline.system.untrusted import mapping, number, timestamp
from statusline.usage.observation import same_reset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    #: When a session was heard last (epoch s), and its two counters then: milliseconds that
    #: answers took, requests of its main thread.
    Heard = tuple[float, float | None, float | None]

#: Sessions that are remembered, and the longest name of one, its process included.
MAX_SESSIONS, MAX_NAME = 128, 48
#: Windows of which numbers are remembered, and resets of each.
MAX_WINDOWS, MAX_RESETS = 64, 8


class Memory:
    """``sessions`` and ``told`` of ``usage.json``.

    ``sessions`` maps a session to when and how it was heard last. ``told`` maps a window to the
    highest number told of it per reset (epoch s, 0 where none was told), whoever told it.
    """

    __slots__ = ("sessions", "told")

    def __init__(self) -> None:
        self.sessions: dict[str, Heard] = {}
        self.told: dict[str, dict[int, float]] = {}

    def hear(self, session: str, heard: Heard) -> None:
        """Note that a session has spoken; what it said before another word of its own is late.

        A counter that goes back is another process of the same session, or told by an older one:
        the highest stands, else the next repeat of it would look like an answer.
        """
        before = self.sessions.pop(session, None)
        if before is not None and before[0] >= heard[0]:
            heard = before
        elif before is not None:
            heard = (heard[0], _higher(heard[1], before[1]), _higher(heard[2], before[2]))
        self.sessions[session] = heard
        for oldest in list(self.sessions)[:-MAX_SESSIONS]:
            del self.sessions[oldest]

    def note(self, window: str, used_pct: float, resets_at: int | None) -> None:
        """Note a number that was told of a window, by whomever.

        The reset told last stands last; the first ones go. Also what is over stays for a while:
        the clock by which it is over may be wrong.
        """
        told = self.told.setdefault(window, {})
        highest = max(used_pct, self.highest(window, resets_at))
        for each in [each for each in told if same_reset(each, resets_at or 0)]:
            del told[each]
        told[resets_at or 0] = highest
        for oldest in list(told)[:-MAX_RESETS]:
            del told[oldest]

    def highest(self, window: str, resets_at: int | None) -> float:
        """Return the highest number ever told of the window with this reset; below 0 for none."""
        told = self.told.get(window, {})
        return max((told[each] for each in told if same_reset(each, resets_at or 0)), default=-1.0)

    def to_json(self) -> dict[str, object]:
        """Return the two fields as they stand in ``usage.json``."""
        return {
            "sessions": {name: list(heard) for name, heard in self.sessions.items()},
            "told": {
                window: {str(reset): used_pct for reset, used_pct in told.items()}
                for window, told in self.told.items()
            },
        }

    @classmethod
    def from_json(cls, document: Mapping[str, object]) -> Memory:
        """Return what a whole ``usage.json`` remembers, as far as it is sound."""
        made = cls()
        for name, said in list(mapping(document.get("sessions")).items())[:MAX_SESSIONS]:
            heard = _heard(said)
            if heard is not None:
                made.sessions[clean(name, MAX_NAME)] = heard
        for name, told in list(mapping(document.get("told")).items())[:MAX_WINDOWS]:
            made.told[clean(name, 40)] = {
                int(reset): used_pct
                for reset, found in list(mapping(told).items())[:MAX_RESETS]
                if reset.isdecimal() and len(reset) < 16 and (used_pct := number(found)) is not None
            }
        return made


def _higher(one: float | None, other: float | None) -> float | None:
    return other if one is None else max(one, one if other is None else other)


def _heard(said: object) -> Heard | None:
    """Return when a session spoke last and its counters then, ``None`` for what is unsound."""
    if not isinstance(said, list) or len(said) != 3:
        return None
    said_at = timestamp(said[0])
    return None if said_at is None else (said_at, number(said[1]), number(said[2]))
