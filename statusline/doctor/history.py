"""The history: whether it can be read and written, and what was put aside of it."""

from __future__ import annotations

import os

from statusline.database import access, place
from statusline.database.place import DatabaseError
from statusline.doctor.check import Check, ok, skip, warn
from statusline.doctor.context import Context
from statusline.history import store
from statusline.history.schema import HISTORY
from statusline.overview.words import counted, size
from statusline.usage.observation import DAY_S

_UNUSED = "No history is recorded meanwhile; the segments do without it."


def history(context: Context) -> list[Check]:
    """Look at the history as the refresher and `statusline history` do."""
    directory = context.directory
    if directory is None:
        return []
    found = [_state(context, directory)]
    for path in place.aside(directory, HISTORY):
        shown = context.tidy(path)
        what = f"A damaged history was put aside as {shown}; a new one was begun."
        found.append(warn("history", what, f"Remove {shown} once you do not need it."))
    return found


def _state(context: Context, directory: str) -> Check:
    shown = context.tidy(place.path_in(directory, HISTORY))
    try:
        with store.reading(directory) as opened:
            opened.check()
            windows = [each for mark in opened.accounts() for each in opened.windows(mark)]
        access.check_writable(directory, HISTORY)
    except DatabaseError as error:
        if error.trouble == "missing":
            return skip("history", "Nothing has been recorded yet.")
        fix = error.fix or f"Remove {shown}*."
        return warn("history", f"{error.what} {_UNUSED}", fix, after=("cache", "disk"))
    taken = os.stat(place.path_in(directory, HISTORY)).st_size
    first_at = min((each.first_at for each in windows), default=context.now)
    days = max((each.last_at for each in windows), default=context.now) - first_at
    since = counted(int(days // DAY_S), "day") if days >= DAY_S else "since today"
    return ok("history", f"{since}, {size(taken)}")
