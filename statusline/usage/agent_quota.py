"""The ``quota`` on Antigravity's stdin: its windows, what is news in them, the refresher's message.

Each session says on its stdin what it was told last, however long ago that was; nothing tells
when (docs/sources.md 3). So within a window only a higher number counts, and only a later reset
begins a new one: a session that lies idle takes nothing back.
"""

from __future__ import annotations

from statusline.system.untrusted import mapping, number, timestamp
from statusline.usage.observation import DAY_S, HOUR_S, Observation, instant, same_reset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from statusline.usage.snapshot import Snapshot

#: The agent's name in ``agents.AGENTS``, and how its labels begin: a test compares.
AGENT, SHORT = "antigravity", "Agy"
#: The windows by how their buckets end: id, label and length.
_LENGTHS = {"5h": ("five_hour", "5h", 5 * HOUR_S), "weekly": ("seven_day", "7d", 7 * DAY_S)}
#: Whose buckets are the plan's own windows; others (``3p``, models of other makers) have names.
_MAIN = "gemini"
_MOST_BUCKETS, _LONGEST_POOL = 8, 12


def of_stdin(said: Mapping[str, object], now: float) -> list[Observation]:
    """Return the windows that Antigravity tells on its stdin, read at ``now`` (epoch s)."""
    if said.get("product") != AGENT:
        return []
    found = []
    for name, told in list(mapping(said.get("quota")).items())[:_MOST_BUCKETS]:
        bucket = mapping(told)
        left = number(bucket.get("remaining_fraction"))
        if left is not None and 0 <= left <= 1:
            used_pct = round(100 * (1 - left), 2)
            found.append(_window(name, used_pct, timestamp(bucket.get("reset_time")), now))
    return [each for each in found if each is not None]


def of_message(message: Mapping[str, object], now: float) -> list[Observation]:
    """Return what ``take_stdin`` wrote, read at ``now``: it cannot come from the future."""
    said_at = timestamp(message.get("said_at"))
    found = []
    for window, told in list(mapping(message.get("windows")).items())[:_MOST_BUCKETS]:
        pair = told if isinstance(told, list) and len(told) == 2 else [None, None]
        used_pct, resets_at = number(pair[0]), timestamp(pair[1])
        if used_pct is not None and 0 <= used_pct <= 100:
            at = now if said_at is None else min(said_at, now)
            found.append(_window(window, used_pct, resets_at, at))
    return [each for each in found if each is not None]


def _window(
    bucket: str, used_pct: float, resets_at: float | None, now: float
) -> Observation | None:
    """Return one window, ``None`` for one of another length, one that is over, or nonsense."""
    pool, _dash, end = bucket.rpartition("-")
    reset = instant(resets_at)
    if end not in _LENGTHS or reset is None or len(pool) > _LONGEST_POOL:
        return None
    name, label, length_s = _LENGTHS[end]
    if not (pool.isascii() and pool.isalnum()) or not now < reset <= now + length_s + HOUR_S:
        return None
    if pool != _MAIN:
        name, label = f"{name}_{pool}", f"{pool} {label}"
    return Observation(f"{AGENT}.{name}", f"{SHORT} {label}", used_pct, reset, now, AGENT)


def _is_news(seen: Observation, known: Observation | None) -> bool:
    """Tell whether a window was never told so far."""
    if known is None or known.resets_at is None or seen.resets_at is None:
        return True
    if known.observed_at > seen.observed_at:
        return False
    if same_reset(seen.resets_at, known.resets_at):
        return seen.utilization_pct > known.utilization_pct
    if seen.utilization_pct == known.utilization_pct == 0 and known.resets_at > seen.observed_at:
        return False  # the reset of a window that is not used yet may move with each look at it
    return seen.resets_at > known.resets_at


def take(snapshot: Snapshot, seen: list[Observation]) -> list[Observation]:
    """Put what is news into the snapshot; return it."""
    known = snapshot.sources.get(AGENT, {})
    news = [each for each in seen if _is_news(each, known.get(each.window))]
    if news:
        snapshot.sources[AGENT] = {**known, **{each.window: each for each in news}}
    return news


def take_stdin(snapshot: Snapshot, said: Mapping[str, object], now: float) -> bytes:
    """Put what is news on stdin into the snapshot; return a message of it for the refresher.

    The message is JSON of numbers and names that were looked at; empty where nothing is new, and
    where a newer program owns the cache.
    """
    news = take(snapshot, of_stdin(said, now))
    if not news or snapshot.is_newer_than_us():
        return b""
    pairs = (f'"{_bucket(each)}":[{each.utilization_pct!r},{each.resets_at}]' for each in news)
    return f'{{"agent":"{AGENT}","said_at":{now!r},"windows":{{{",".join(pairs)}}}}}'.encode()


def _bucket(seen: Observation) -> str:
    """Return the name of the bucket that a window came in."""
    own = seen.window.partition(".")[2]
    for end, (name, _label, _length) in _LENGTHS.items():
        if own.startswith(name):
            return f"{own.removeprefix(name)[1:] or _MAIN}-{end}"
    return ""
