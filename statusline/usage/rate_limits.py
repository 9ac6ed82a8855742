"""The ``rate_limits`` on Claude Code's stdin: what one session says, and how much of it counts.

Here are the parser of stdin, the message in which a render hands it to the refresher, and what
is news in it.

Claude Code repeats the numbers of its last answer from memory for hours, also under another
session id after ``/clear`` or ``/resume``. A counter on its stdin grows with each new answer of the
API, in the very document that brings the answer's numbers: a statement whose session's counter
grew since that session's last statement is *proven*. Of any other, only what was never told
before counts (docs/claude-code.md 1).
"""

from __future__ import annotations

from statusline.system.text import clean
from statusline.system.untrusted import mapping, number, timestamp
from statusline.usage.memory import MAX_NAME
from statusline.usage.merge import merge
from statusline.usage.messages import NO_LOGIN
from statusline.usage.observation import MAX_UTILIZATION_PCT, Observation, believable_reset, instant
from statusline.usage.snapshot import Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from statusline.usage.memory import Heard

#: What Claude Code calls its windows on stdin, and what people call them. The last one is the
#: money limit of a gateway or an organization.
STDIN_WINDOWS = (("five_hour", "5h"), ("seven_day", "7d"), ("spend_limit", "spend"))


class Statement:
    """One document of stdin, as far as limits go.

    ``session`` names the session in its process, ``limits`` maps a window to
    ``[used_pct, resets_at]`` (epoch s or ``None``), ``said_at`` is when it was read (epoch s),
    ``api_ms`` and ``requests`` are the session's counters.
    """

    __slots__ = ("api_ms", "limits", "requests", "said_at", "session", "version")

    def __init__(
        self,
        session: str,
        version: str,
        said_at: float,
        limits: dict[str, list[float | None]],
        api_ms: float | None,
        requests: float | None,
    ) -> None:
        self.session = session
        self.version = version
        self.said_at = said_at
        self.limits = limits
        self.api_ms = api_ms
        self.requests = requests

    def to_bytes(self) -> bytes:
        """Return the message for the refresher: JSON of numbers and cleaned text only."""
        limits = ",".join(f'"{name}":{_array(pair)}' for name, pair in self.limits.items())
        counters = _array([self.api_ms, self.requests])
        return (
            f'{{"session":"{self.session}","version":"{self.version}","said_at":{self.said_at!r},'
            f'"limits":{{{limits}}},"counters":{counters}}}'
        ).encode()


def of_stdin(stdin: Mapping[str, object], now: float, process: str = "") -> Statement:
    """Return what a document of stdin states; anything odd in it is unknown.

    ``process`` tells two processes apart that have resumed one session: each counts for itself.
    """
    cost, cache = mapping(stdin.get("cost")), mapping(stdin.get("prompt_cache"))
    buckets = mapping(stdin.get("rate_limits"))
    limits = {}
    for window, _label in STDIN_WINDOWS:
        bucket = mapping(buckets.get(window))
        used_pct = number(bucket.get("used_percentage"))
        if used_pct is not None:
            limits[window] = [used_pct, timestamp(bucket.get("resets_at"))]
    session = clean(stdin.get("session_id"), 36)
    return Statement(
        clean(f"{session}.{process}", MAX_NAME) if session and process else session,
        clean(stdin.get("version")),
        now,
        limits,
        number(cost.get("total_api_duration_ms")),
        number(cache.get("requests")),
    )


def of_message(message: object, now: float) -> Statement:
    """Return what ``to_bytes`` wrote, read at ``now`` (epoch s); anything odd is unknown.

    A message keeps its own time, however late it is read; it cannot come from the future.
    """
    value = mapping(message)
    said_at = timestamp(value.get("said_at"))
    limits = {}
    for window, _label in STDIN_WINDOWS:
        pair = mapping(value.get("limits")).get(window)
        if isinstance(pair, list) and len(pair) == 2 and number(pair[0]) is not None:
            limits[window] = [number(pair[0]), timestamp(pair[1])]
    counters = value.get("counters")
    both = counters if isinstance(counters, list) and len(counters) == 2 else [None, None]
    return Statement(
        clean(value.get("session"), MAX_NAME),
        clean(value.get("version")),
        now if said_at is None else min(said_at, now),
        limits,
        number(both[0]),
        number(both[1]),
    )


def what_counts(said: Statement, snapshot: Snapshot) -> tuple[list[Observation], int]:
    """Return what a statement adds to a snapshot, and how many of its numbers are impossible.

    Pure. Nothing counts of a message that another one of the same session has overtaken, nor of
    what may be another account's: said before the account was seen to change, or repeated since
    by a session that was heard before.
    """
    before, since = snapshot.memory.sessions.get(said.session), snapshot.account_since or 0.0
    if not said.session or said.said_at <= max(since, before[0] if before else 0.0):
        return [], 0
    proven_since = None
    if before is not None:
        if before[0] <= since:
            return [], 0
        proven_since = before[0] if has_new_answer(said, before) else None
    found, dropped = [], 0
    for window, label in STDIN_WINDOWS:
        if window not in said.limits:
            continue
        seen = _observation(said, window, label, proven_since)
        told = snapshot.memory.highest(window, instant(said.limits[window][1]))
        if seen is None:
            dropped += 1
        elif proven_since is not None or seen.utilization_pct > told:
            found.append(seen)
    return found, dropped


def _observation(
    said: Statement, window: str, label: str, proven_since: float | None
) -> Observation | None:
    used_pct, resets_at = said.limits[window]
    reset = instant(resets_at)
    if used_pct is None or not 0 <= used_pct <= MAX_UTILIZATION_PCT:
        return None
    if reset is not None and reset <= said.said_at:
        return None  # of a window that is over; newer clients drop it themselves
    reset = believable_reset(window, reset, said.said_at)
    return Observation(
        *(window, label, used_pct, reset, said.said_at, "stdin"), proven_since=proven_since
    )


def has_new_answer(said: Statement, before: Heard) -> bool:
    """Tell whether a counter grew; the requests count where nothing else does (Esc raises them)."""
    pair = (said.api_ms, before[1])
    if None in pair:
        pair = (said.requests, before[2])
    after, earlier = pair
    return after is not None and earlier is not None and after > earlier


def must_be_told(said: Statement, snapshot: Snapshot) -> bool:
    """Tell whether the refresher has to hear of a statement that nothing counts of.

    It has to know every session, and when each was heard with which counter, so that the next
    answer is proven; and one that works without limits, where nothing else explains that there
    is no login.
    """
    if not said.session or not (said.limits or (said.api_ms and snapshot.state in NO_LOGIN)):
        return False
    before = snapshot.memory.sessions.get(said.session)
    return before is None or has_new_answer(said, before)


def remember(said: Statement, snapshot: Snapshot) -> None:
    """Note that a session has spoken, and the numbers that it told."""
    memory = snapshot.memory
    memory.hear(said.session, (said.said_at, said.api_ms, said.requests))
    for window, (used_pct, resets_at) in said.limits.items():
        if used_pct is not None:
            memory.note(window, used_pct, instant(resets_at))


def take_stdin(
    snapshot: Snapshot | None, stdin: dict[str, object], now: float, process: str = ""
) -> tuple[Snapshot, bytes]:
    """Return the snapshot with new numbers merged in, and a message for the refresher.

    ``process`` is Claude Code's process id, "" where it does not tell. The message is empty where
    the refresher would learn nothing, and where a newer program owns the cache, which no refresher
    of ours would write.
    """
    snapshot = Snapshot() if snapshot is None else snapshot
    said = of_stdin(stdin, now, process)
    observations, _dropped = what_counts(said, snapshot)
    is_worth_telling = bool(observations) or must_be_told(said, snapshot)
    snapshot.windows = merge(snapshot.windows, observations)
    if not is_worth_telling or snapshot.is_newer_than_us():
        return snapshot, b""
    return snapshot, said.to_bytes()


def _array(values: list[float | None]) -> str:
    """Return numbers as a JSON array."""
    return f"[{','.join('null' if value is None else repr(value) for value in values)}]"
