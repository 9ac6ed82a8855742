"""Notifications: whether their programs are there, and what came of the last one."""

from __future__ import annotations

from statusline.doctor.check import Check, ok, skip, warn
from statusline.doctor.context import Context
from statusline.notify import sent, ways
from statusline.overview.words import ago

TEST = "statusline notify --test"


def notifications(context: Context) -> list[Check]:
    """Look at the ways that are set, without sending anything."""
    name, wanted = "notifications", context.loaded.notifications
    if not wanted.enabled:
        return [skip(name, "They are off.")]
    found = ways.programs(context.env, wanted)
    if not found:
        what = "They are on, but there is no way to send them."
        return [warn(name, what, "statusline config set notify.via desktop")]
    missing = [ways.name_of(way, wanted) for way, program in found.items() if program is None]
    if missing:
        what = f"{missing[0]}, which should show them, is not installed or not on PATH."
        return [warn(name, what, TEST)]
    last = None if context.directory is None else sent.load(context.directory)
    if last is None:
        return [ok(name, f"on, by {', '.join(found)}; nothing has been sent yet")]
    when = ago(max(context.now - last.at, 0.0))
    if not last.has_arrived:
        why = "; ".join(f"{way}: {what}" for way, _is_ok, what in last.outcomes)
        return [warn(name, f"The last one, {when}, did not arrive ({why}).", TEST)]
    return [ok(name, f"on, by {', '.join(found)}; the last one was sent {when}")]
