"""What Claude Code's stdin says that the cache does not know yet."""

from __future__ import annotations

from statusline.usage import rate_limits
from statusline.usage.merge import merge
from statusline.usage.snapshot import Snapshot


def take(
    snapshot: Snapshot | None, stdin: dict[str, object], now: float, process: str = ""
) -> tuple[Snapshot, bytes]:
    """Return the snapshot with new numbers merged in, and a message for the refresher.

    ``process`` is Claude Code's process id, where it tells one.
    The message is empty where the refresher would learn nothing, and where a newer program owns
    the cache, which no refresher of ours would write.
    """
    snapshot = Snapshot() if snapshot is None else snapshot
    said = rate_limits.of_stdin(stdin, now, process)
    observations, _dropped = rate_limits.what_counts(said, snapshot)
    is_news = bool(observations) or rate_limits.is_news(said, snapshot)
    snapshot.windows = merge(snapshot.windows, observations)
    if not is_news or snapshot.is_newer_than_us():
        return snapshot, b""
    return snapshot, said.to_bytes()
