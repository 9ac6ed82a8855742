"""Other agents: whether what a format shows of them is read, and what was found on this disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from statusline.agents import AGENTS
from statusline.doctor.check import Check, ok, skip, warn
from statusline.settings.format import names
from statusline.sources.source import is_there, setting, source
from statusline.system.text import clean

if TYPE_CHECKING:
    from statusline.doctor.context import Context


def sources(context: Context) -> list[Check]:
    """Look for every agent's numbers as the refresher does."""
    return [_of(context, name, agent.title) for name, agent in AGENTS.items()]


def _of(context: Context, name: str, title: str) -> Check:
    settings = context.loaded.settings
    fix = f"Set it: {setting(settings.sources, name)}"
    if name not in settings.sources:
        shown = {each for nodes in settings.formats.values() for each in names(nodes)}
        waiting = sorted(each for each in shown if each.partition(".")[0] == name)
        if waiting:
            what = f"A format shows {{{waiting[0]}}}, but {title}'s numbers are not read."
            return warn("sources", what, fix)
        if is_there(name, context.env):
            return skip("sources", f"{title} is used here; its numbers are not read.", fix)
        return skip("sources", f"{title} is not used here.")
    home = source(name).home(context.env)
    where = context.tidy(home) if home else "no home directory"
    if home is None or not os.path.isdir(home):
        return warn(
            "sources", f"{title} is to be read, but {where} is missing.", f"Use {title} once."
        )
    if AGENTS[name].is_told:
        return _told(context, name, title)
    try:
        found = source(name).read(context.env, context.now)
    except Exception as error:  # noqa: BLE001  # the refresher goes on without it, too
        what = f"{title}'s numbers in {where} cannot be read: {type(error).__name__}."
        return warn("sources", what, f"Update statusline, or leave {name} out of `sources`.")
    if not found:
        return skip("sources", f"{title} has told nothing of its plan in {where} lately.")
    labels = ", ".join(clean(each.label) for each in found)
    return ok("sources", f"{labels}, out of {where}")


def _told(context: Context, name: str, title: str) -> Check:
    """Tell what an agent has said itself."""
    known = {} if context.snapshot is None else context.snapshot.sources.get(name, {})
    if not known:
        fix = f"Make `statusline claude` its status line, and use {title} once."
        return skip("sources", f"{title} has told nothing of its plan yet.", fix)
    return ok("sources", f"{', '.join(each.label for each in known.values())}, as {title} told")
