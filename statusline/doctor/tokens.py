"""Tokens: whether the transcripts can be read, and whether anybody counts what is to be shown."""

from __future__ import annotations

import os

from statusline.database import place
from statusline.database.place import DatabaseError
from statusline.doctor.check import Check, ok, skip, warn
from statusline.doctor.context import Context
from statusline.overview.words import counted, size
from statusline.segment.custom_values import COUNTED
from statusline.settings.format import names
from statusline.tokens import files, index, schema
from statusline.tokens.places import places

_UNUSED = "Tokens are not counted meanwhile; the segments do without them."


def tokens(context: Context) -> list[Check]:
    """Look at the transcripts and at their index as the refresher does."""
    settings = context.loaded.settings
    asked = sorted(
        {name for nodes in settings.formats.values() for name in names(nodes)} & {*COUNTED}
    )
    if not settings.tokens:
        if not asked:
            return [skip("tokens", "Not counted: `tokens = true` in config.toml counts them.")]
        what = f"A format shows {{{asked[0]}}}, but tokens are not counted."
        return [warn("tokens", what, "Set it: statusline config set tokens true")]
    if context.directory is None:
        return []
    found = files.find(places(context.env), {}, (), int(context.now * 1e9))
    checks = [_index(context, context.directory, len(found.transcripts))]
    for path, why in found.skipped:
        what = f"{context.tidy(path)} cannot be read ({why}); its tokens are not counted."
        checks.append(warn("tokens", what, "Let your user read it, or remove it."))
    return checks


def _index(context: Context, directory: str, count: int) -> Check:
    path = place.path_in(directory, schema.TOKENS)
    shown = context.tidy(path)
    try:
        with index.reading(directory) as known:
            read, bad_lines = known.count(), known.bad_lines()
    except DatabaseError as error:
        if error.trouble == "missing":
            return skip("tokens", f"{counted(count, 'transcript')}, none read yet.")
        fix = error.fix or f"Remove {shown}*."
        return warn("tokens", f"{error.what} {_UNUSED}", fix, after=("cache", "disk"))
    bad = f", {counted(bad_lines, 'line')} in them cannot be read" if bad_lines else ""
    what = f"{read} of {counted(count, 'transcript')} read{bad}, {size(os.stat(path).st_size)}"
    return ok("tokens", what)
