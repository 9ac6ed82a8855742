"""A refresher's part in notifications: what is due is stamped under its lock, then sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from statusline.notify import told
from statusline.notify.due import due
from statusline.settings import load as config

if TYPE_CHECKING:
    from statusline.notify.notice import Notice
    from statusline.system.environ import Environment
    from statusline.usage.snapshot import Snapshot


def take(env: Environment, directory: str, snapshot: Snapshot, now: float) -> tuple[Notice, ...]:
    """Return what is to be said of what was just published, with the stamp on the disk.

    Under the lock of ``directory``, so that of all processes one gets it. What cannot be stamped
    is not said; whoever is killed before it has sent what it got has lost it
    (docs/decisions.md 22).
    """
    wanted = config.read(env).notifications
    said = told.load(directory) if wanted.enabled else None
    if said is None:
        return ()
    before = said.to_json()
    windows = said.of(snapshot)
    notices = due(windows, snapshot, wanted, now)
    try:
        if said.to_json() != before:
            told.save(directory, said)
    except OSError:
        return ()
    return tuple(notices)


def send(
    env: Environment,
    directory: str,
    now: float,
    notices: Sequence[Notice],
    say: Callable[[str], None],
) -> None:
    """Send what ``take`` gave, without the lock: nobody waits for it but this process."""
    if not notices:
        return
    from statusline.notify import sent, ways  # subprocess: 12 ms, for a few moments of a day

    outcomes = ways.send(env, config.read(env).notifications, notices)
    for each in outcomes:
        say(f"notification by {each.way}: {each.what}")
    sent.keep(directory, now, notices, outcomes)
