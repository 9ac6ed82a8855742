"""Each surface that is wired, rendered and timed by running the very line that was installed."""

from __future__ import annotations

import re

from statusline.doctor import probe
from statusline.doctor.check import Check, fail, ok, warn
from statusline.doctor.context import Context
from statusline.doctor.installed import Line, lines
from statusline.segment.unescape import as_shown
from statusline.surfaces import SURFACES
from statusline.wiring.installation import DEAD, GONE

_SGR = re.compile(r"\x1b\[[0-9;]*m")


def surfaces(context: Context) -> list[Check]:
    """Run what is configured, and the launcher itself."""
    if context.here is None:
        return []
    found = lines(context.here)
    plain = Line("plain", context.here.launcher, (context.here.launcher, "plain"), b"", "plain")
    checks = [_rendered(context, line) for line in (plain, *found)]
    if not found:
        what = "No program shows the segment yet."
        checks.append(warn("surfaces", what, "statusline install --all"))
    return checks


def _rendered(context: Context, line: Line) -> Check:
    name = f"{line.surface} line"
    again = "Run ./install.sh again."
    if line.surface != "plain":
        again = f"statusline install {line.surface}"
    path = context.tidy(line.path)
    if not line.argv:
        return fail(name, f"The line in {path} is no longer one of ours.", again)
    ran = probe.timed(list(line.argv), line.data)
    if ran.status is None and not ran.times_s:
        return fail(name, f"{line.argv[0]} could not be started for {path}.", again)
    if ran.status is None:
        return fail(name, f"The line in {path} took more than {probe.LIMIT_S:g} s.", again)
    shown = seen(ran.output, line.notation)
    gone = line.gone()
    lacks = f"The line in {path} needs {context.tidy(gone)}, which is gone." if gone else ""
    if ran.status != 0 or shown in ("", GONE, DEAD):
        what = f"The line in {path} printed nothing (exit status {ran.status})."
        return fail(name, lacks or what, again)
    if lacks:  # it asks the program on PATH instead, at each look
        return warn(name, lacks, again)
    what = f"{shown}  (min {ran.least_ms:.0f} ms, median {ran.median_ms:.0f} ms)"
    patience_ms = SURFACES[line.notation].patience_ms
    if ran.median_ms > patience_ms:
        fix = "See what slows this machine down, then run `statusline doctor` again."
        return warn(name, f"{what}: slow", fix)
    return ok(name, what)


def seen(output: bytes, notation: str) -> str:
    """Return what a person sees of a segment: no styles, no wrappers, the last line's text."""
    text = _SGR.sub("", as_shown(output[-4096:], notation))
    rows = [row for row in text.splitlines() if row.strip()]
    return "".join(char for char in rows[-1] if char.isprintable()).strip() if rows else ""
