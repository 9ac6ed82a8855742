"""What ``statusline tokens`` tells: the index brought up to date, read, and summed up."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from statusline.database.place import DatabaseError
from statusline.system import profile_dir
from statusline.tokens import index, report, scan
from statusline.tokens.blocks import LENGTH_S, Block, assigned
from statusline.tokens.periods import PERIODS, Calendar, Last
from statusline.tokens.places import places

if TYPE_CHECKING:
    from statusline.system.environ import Environment
    from statusline.tokens.counts import Amount
    from statusline.tokens.report import Row
    from statusline.tokens.scan import Progress, Scan

#: No transcript is older (epoch s): Claude Code came in 2025.
_EARLIEST_S = 1_704_067_200
#: How long to wait for another process that reads the same transcripts, in seconds.
WAIT_S = 30.0


class Asked(NamedTuple):
    """What is to be told: a row for each day, model, ... (one of ``report.BY``), how far back."""

    by: str = "day"
    last: Last = Last(7)
    time_zone: str = ""


class Listing(NamedTuple):
    """What was used since ``since_s``, as of ``now`` (epoch s).

    ``paths`` has the directory of each project, "" where it is unknown. ``window`` is the running
    five-hour window, and ``window_shares`` which share (0 to 1) of what was used in it each project
    has; only by project.
    """

    asked: Asked
    now: float
    since_s: int
    scan: Scan | None
    rows: list[Row]
    total: Row
    paths: dict[str, str]
    window: Block | None = None
    window_shares: dict[str, float] | None = None


def look(env: Environment, asked: Asked, now: float, progress: Progress | None = None) -> Listing:
    """Read what is new in the transcripts into the index, and sum up what is asked.

    An index that turns out to be damaged is made anew. Raises ``FixableError``, or ``OSError``
    where there can be no cache directory.
    """
    directory = profile_dir.prepare(env)
    try:
        return _looked(env, directory, asked, now, progress)
    except DatabaseError as error:
        if error.trouble not in ("broken", "missing"):  # another program may have removed it
            raise
    return _looked(env, directory, asked, now, progress)


def _looked(
    env: Environment, directory: str, asked: Asked, now: float, progress: Progress | None
) -> Listing:
    done = scan.scan(places(env), directory, progress=progress, wait_s=WAIT_S)
    return known(env, directory, asked, now)._replace(scan=done)


def known(env: Environment, directory: str, asked: Asked, now: float) -> Listing:
    """Sum up what is in the index of a profile already; raises ``DatabaseError``."""
    with Calendar(asked.time_zone) as calendar:
        since_s = asked.last.since(calendar, now, asked.by)
        begin_s = max(since_s, _EARLIEST_S)
        is_hourly = asked.by in PERIODS and calendar.has_whole_hours(begin_s, now)
    seen = _seen(env, directory, since_s, now) if asked.by in ("project", "block") else []
    if asked.by == "block":
        since_s = min([since_s, *(each.starts_at for each in seen if each.ends_at > since_s)])
    from_s = min(since_s, int(now) - 2 * LENGTH_S) if asked.by == "project" else since_s
    with index.reading(directory) as opened:
        amounts = opened.hours(since_s) if is_hourly else opened.amounts(from_s)
        paths = opened.projects() if asked.by in ("project", "session") else {}
    wanted = [each for each in amounts if each.at_s >= since_s] if from_s < since_s else amounts
    rows = report.rows(wanted, asked.by, asked.time_zone, seen)
    made = Listing(asked, now, since_s, None, rows, report.total(rows), paths)
    if asked.by == "project":
        window, shares = _running(amounts, seen, now)
        made = made._replace(window=window, window_shares=shares)
    return made


def kept(directory: str, since_s: float, now: float, *by: str) -> list[Listing]:
    """Return what was counted already since then, by model, project or session.

    Nothing where nothing was, or where that cannot be read.
    """
    try:
        with index.reading(directory) as opened:
            amounts = opened.amounts(since_s)
            paths = opened.projects()
    except DatabaseError:
        return []
    if not amounts:
        return []
    each_by = [(each, report.rows(amounts, each)) for each in by]
    return [
        Listing(Asked(each), now, int(since_s), None, rows, report.total(rows), paths)
        for each, rows in each_by
    ]


def _running(
    amounts: Sequence[Amount], seen: list[Block], now: float
) -> tuple[Block | None, dict[str, float]]:
    """Return the window that runs now, and the share of each project in what was used in it."""
    recent = [each for each in amounts if each.at_s > now - 2 * LENGTH_S]
    blocks = assigned({each.at_s for each in recent}, seen)
    running = [each for each in (*seen, *blocks.values()) if each.starts_at <= now < each.ends_at]
    if not running:
        return None, {}
    inside = [each for each in recent if blocks[each.at_s] == running[0]]
    rows = report.rows(inside, "project")
    return running[0], dict(zip([row.key for row in rows], report.shares(rows), strict=True))


def _seen(env: Environment, directory: str, since_s: int, now: float) -> list[Block]:
    """Return the five-hour windows that the history knows; none where it knows nothing."""
    from statusline.history import store  # what is not asked for need not be paid
    from statusline.segment import render

    with contextlib.suppress(DatabaseError), store.reading(directory) as history:
        snapshot = render.load(env)
        account = "" if snapshot is None else snapshot.account
        account = account or next(iter(history.accounts()), "")
        return [
            Block(int(each.starts_at), int(each.ends_at), each.used_pct)
            for each in history.cycles(account, "five_hour", since_s - LENGTH_S, now)
        ]
    return []
