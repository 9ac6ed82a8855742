"""tmux and starship: whether they are new enough and leave the segment room and time."""

from __future__ import annotations

import re
import tomllib

from statusline.doctor import probe
from statusline.doctor.check import Check, ok, skip, warn
from statusline.doctor.context import Context
from statusline.system.programs import which
from statusline.wiring import running_tmux, tmux
from statusline.wiring.installation import Installation

#: What the usual segment needs beside a clock, in columns.
ROOM = 60
#: starship gives up on a module after this, and our slowest render takes about a third of it.
DEFAULT_TIMEOUT_MS, LEAST_TIMEOUT_MS = 500, 200


def multiplexer(context: Context) -> list[Check]:
    """Look at tmux: its version, and the options of the server that runs, if one does."""
    program = which("tmux", context.env)
    if context.here is None or program is None:
        return [skip("tmux", "It is not installed.")]
    if not _is_in_tmux(context, context.here):
        return [skip("tmux", "It does not show the segment.")]
    number = tmux.version(context.here)
    shown = "unknown" if number is None else f"{number[0]}.{number[1]}"
    if number is not None and number < (3, 2):
        what = f"Version {shown} may run commands that it finds in the text of a segment."
        return [warn("tmux", what, "Upgrade tmux to 3.2 or later.")]
    length = _option(program, "status-right-length")
    interval = _option(program, "status-interval")
    if length is None or interval is None:
        return [ok("tmux", f"version {shown}; no server is running")]
    checks = [ok("tmux", f"version {shown}, {length} columns on the right, every {interval} s")]
    if length < ROOM:
        what = f"status-right is cut at {length} columns."
        checks = [warn("tmux", what, f"tmux set -g status-right-length {tmux.LENGTH}")]
    if interval == 0:
        what = "status-interval is 0, so the segment never updates."
        checks.append(warn("tmux", what, "tmux set -g status-interval 15"))
    return [*checks, *_not_in_force(context, context.here)]


def _is_in_tmux(context: Context, here: Installation) -> bool:
    """Tell whether tmux shows the segment: by its file, or put into a server by a plugin."""
    if context.is_shown_by("tmux"):
        return True
    return any(running_tmux.shows(here, socket) for socket in running_tmux.servers(here))


def _not_in_force(context: Context, here: Installation) -> list[Check]:
    """Tell where our line is in the file, and not in a server: a theme came, or the line is old."""
    line = next((each for each in context.lines if each.surface == "tmux"), None)
    if line is None:
        return []
    job = running_tmux.job(line.argv[-1]) if line.argv else None
    others = [
        each for each in running_tmux.servers(here) if not running_tmux.shows(here, each, job)
    ]
    if not others:
        return []
    path = context.tidy(line.path)
    if all(running_tmux.shows(here, each) for each in others):
        what = f"A running tmux shows another line of ours than the one in {path}."
        return [warn("tmux", what, f"tmux set -gu status-right; tmux source-file {path}")]
    what = f"A running tmux does not show the segment, though it is in {path}."
    fix = f"tmux source-file {path}  # gone again? Move our lines below what sets status-right"
    return [warn("tmux", what, fix)]


def _option(program: str, name: str) -> int | None:
    ran = probe.once([program, "show-options", "-gv", name])
    text = ran.output.decode("ascii", "replace").strip()
    return int(text) if ran.status == 0 and re.fullmatch("[0-9]{1,6}", text) else None


def prompt(context: Context) -> list[Check]:
    """Look at starship: its version, and how long it waits for a module."""
    program = which("starship", context.env)
    if program is None:
        return [skip("starship", "It is not installed.")]
    if not context.is_shown_by("starship"):
        return [skip("starship", "It does not show the segment.")]
    said = probe.once([program, "--version"]).output.decode("ascii", "replace")
    found = re.search(r"\d+\.\d+(\.\d+)?", said)
    version = f"version {found[0]}" if found else "version unknown"
    timeout_ms = _timeout_ms(context.env.starship_path)
    if timeout_ms < LEAST_TIMEOUT_MS:
        what = f"{version}; command_timeout is {timeout_ms} ms, and a slower segment is left out."
        fix = f"Set command_timeout = {DEFAULT_TIMEOUT_MS} in starship.toml."
        return [warn("starship", what, fix)]
    return [ok("starship", f"{version}, waits {timeout_ms} ms for a module")]


def _timeout_ms(path: str | None) -> int:
    try:
        with open(path or "", "rb") as file:
            found = tomllib.load(file).get("command_timeout")
    except (OSError, ValueError):
        return DEFAULT_TIMEOUT_MS
    return found if type(found) is int else DEFAULT_TIMEOUT_MS
