"""Each surface that is wired, rendered and timed by running the very line that was installed."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Sequence

from statusline.doctor import probe
from statusline.doctor.check import FAIL, Check, fail, ok, skip, warn
from statusline.doctor.context import Context
from statusline.doctor.installed import Line
from statusline.doctor.probe import Ran
from statusline.segment.unescape import as_shown
from statusline.surfaces import SURFACES
from statusline.system.throwaway_dir import throwaway_dir
from statusline.wiring import fish
from statusline.wiring.installation import DEAD, GONE

_SGR = re.compile(r"\x1b\[[0-9;]*m")


def surfaces(context: Context) -> list[Check]:
    """Run what is configured, and the launcher itself."""
    if context.here is None:
        return []
    found = context.lines
    plain = Line("plain", context.here.launcher, (context.here.launcher, "plain"), b"", "plain")
    checks = [_rendered(context, line, ()) for line in (plain, *_whole(context))]
    checks += _lacking(context)
    if not found:
        what = "No program that `statusline install` knows shows the segment yet."
        checks.append(skip("surfaces", what, "statusline install --all"))
    return checks


def _whole(context: Context) -> list[Line]:
    """Return the lines that name nothing that is gone."""
    return [line for line in context.lines if not line.gone()]


def _lacking(context: Context) -> list[Check]:
    """Return a check for all lines that lack the same directory: it is one cause."""
    lacks: dict[str, list[Line]] = {}
    for line in context.lines:
        gone = line.gone()
        if gone:
            lacks.setdefault(os.path.dirname(gone), []).append(line)
    return [_without(context, found) for found in lacks.values()]


def _without(context: Context, lines: list[Line]) -> Check:
    """Tell what these lines lack, as a failure where one of them shows nothing for that."""
    each = [_rendered(context, line, lines) for line in lines]
    told = next((check for check in each if check.result == FAIL), each[0])
    return told if len(lines) == 1 else told._replace(name="lines")


def _rendered(context: Context, line: Line, lacking: Sequence[Line]) -> Check:
    """Run one line; ``lacking`` are the lines that lack what it lacks, itself among them."""
    name, again = f"{line.surface} line", "Run ./install.sh again."
    if line.surface != "plain":
        again = f"statusline install {' '.join(each.surface for each in lacking or (line,))}"
    path, after = context.tidy(line.path), ("launcher", "plain line")
    if not line.argv:
        return fail(name, f"The line in {path} is no longer one of ours.", again)
    ran = _run(context, line)
    if ran.status is None and not ran.times_s:
        what = f"{context.tidy(line.argv[0])} could not be started for {path}."
        return fail(name, what, again, after=after)
    if ran.status is None:
        what = f"The line in {path} took more than {probe.LIMIT_S:g} s."
        return fail(name, what, again, after=after)
    shown = seen(ran.output, line.notation)
    lacks = _lacks(context, lacking)
    if ran.status != 0 or shown in ("", GONE, DEAD):
        nothing = f"printed nothing (exit status {ran.status})"
        what = f'says "{shown}"' if shown in (GONE, DEAD) else nothing
        found = lacks or f"The line in {path} {what}."
        return fail(name, found, again, after=() if lacks else after)
    lacks = lacks or _starts_another(context, line)
    if lacks:  # it asks the program on PATH instead, at each look
        return warn(name, lacks, again)
    what = f"{shown}  ({ran.median_ms:.0f} ms)"
    if ran.median_ms > SURFACES[line.notation].patience_ms:
        fix = "See what slows this machine down, then run `statusline doctor` again."
        return warn(name, f"{what}: slow", fix, after=after)
    return ok(name, what)


def _run(context: Context, line: Line) -> Ran:
    """Run a line as its host does, and leave none of the host's own files behind."""
    if line.surface == "fish":
        with contextlib.suppress(OSError), throwaway_dir("statusline-fish-") as place:
            argv, variables = fish.aside(line.argv, context.env, place)
            return probe.timed(list(argv), line.data, variables)
    return probe.timed(list(line.argv), line.data)


def _starts_another(context: Context, line: Line) -> str:
    """Return the sentence that says that what a line names does not start, "" where it does."""
    ours = "" if context.here is None else context.here.launcher
    for path in line.names():
        if path != ours and os.access(path, os.X_OK) and probe.once([path, "plain"]).status != 0:
            named = f"The line in {context.tidy(line.path)} names {context.tidy(path)}"
            return f"{named}, which does not start."
    return ""


def _lacks(context: Context, lines: Sequence[Line]) -> str:
    """Return the sentence that says what these lines need, "" where they need nothing."""
    if not lines:
        return ""
    paths = [context.tidy(line.path) for line in lines]
    gone = context.tidy(lines[0].gone() or "")
    if len(lines) == 1:
        return f"The line in {paths[0]} needs {gone}, which is gone."
    files = f"{', '.join(paths[:-1])} and {paths[-1]}"
    return f"The lines in {files} need files in {os.path.dirname(gone)}, which are gone."


def seen(output: bytes, notation: str) -> str:
    """Return what a person sees of a segment: no styles, no wrappers, the last line's text."""
    text = _SGR.sub("", as_shown(output[-4096:], notation))
    rows = [row for row in text.splitlines() if row.strip()]
    return "".join(char for char in rows[-1] if char.isprintable()).strip() if rows else ""
