"""What Claude Code's stdin says that the cache does not know yet."""

from __future__ import annotations

from statusline.merge import from_words, merge, session_key, words_of
from statusline.model import clean
from statusline.snapshot import Snapshot


def take(snapshot: Snapshot | None, stdin: dict[str, object], now: float) -> tuple[Snapshot, bytes]:
    """Return the snapshot with new numbers merged in, and a message for the refresher.

    The message is empty when this session said the same before: an idle session repeats old
    numbers for hours, and they must not look fresh (contract.md 1.7). It is empty too where a
    newer program owns the cache, which no refresher of ours would write.
    """
    snapshot = Snapshot() if snapshot is None else snapshot
    session = session_key(stdin.get("session_id"))
    words = words_of(stdin.get("rate_limits"))
    if not words or snapshot.sessions.get(session) == words:
        return snapshot, b""
    observations, _dropped = from_words(words, now)
    snapshot.windows = merge(snapshot.windows, observations)
    if snapshot.is_newer_than_us():
        return snapshot, b""
    return snapshot, _message(session, words, clean(stdin.get("version")), now)


def _message(session: str, words: dict[str, object], version: str, now: float) -> bytes:
    """Return what the refresher needs, as JSON made of numbers and cleaned words only."""
    windows = ",".join(
        f'"{name}":[{value[0]!r},{"null" if value[1] is None else repr(value[1])}]'
        for name, value in words.items()
        if isinstance(value, list)
    )
    return (
        f'{{"session":"{session}","version":"{version}","seen_at":{now!r},"words":{{{windows}}}}}'
    ).encode()
