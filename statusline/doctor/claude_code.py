"""Claude Code: the version that was seen, and who has its one status line (docs/claude-code.md 3).

The project's own settings are read here and nowhere else, for this report alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from statusline.doctor.check import SKIP, Check, fail, ok, skip, warn
from statusline.doctor.context import Context
from statusline.login import account
from statusline.system.json_file import parse_object, read_own_object
from statusline.system.untrusted import mapping
from statusline.wiring import claude, record
from statusline.wiring.hosts import HOSTS
from statusline.wiring.installation import WiringError

#: The first versions with ``rate_limits`` on stdin (docs/claude-code.md 4.2), and with
#: ``refreshInterval`` (docs/claude-code.md 3.1).
RATE_LIMITS_SINCE, INTERVAL_SINCE = (2, 1, 80), (2, 1, 97)
LIMIT_BYTES = 4 << 20


class File(NamedTuple):
    """One settings file: whose it is, where, and what it holds ({} unless ``state`` is "found")."""

    owner: str
    path: str
    state: str
    value: Mapping[str, object]


def version(context: Context) -> list[Check]:
    """Tell which Claude Code was seen, and what it is too old for."""
    seen = "" if context.snapshot is None else context.snapshot.claude_version
    if not seen:
        return [skip("Claude Code", "Its status line has not run yet.")]
    number = tuple(int(part) for part in seen.split(".") if part.isdecimal())
    if number < RATE_LIMITS_SINCE:
        what = f"Version {seen} does not pass its numbers to the status line."
        return [warn("Claude Code", what, "Run `claude update`; 2.1.80 or later does.")]
    if number < INTERVAL_SINCE:
        what = f"Version {seen} does not keep the status line up to date while it is idle."
        return [warn("Claude Code", what, "Run `claude update`; 2.1.97 or later does.")]
    return [ok("Claude Code", f"version {seen}")]


def files(context: Context) -> list[File]:
    """Return the settings files that Claude Code reads from here, the highest first."""
    own = f"{context.env.claude_dir}/settings.json"
    project = f"{context.cwd}/.claude"
    places = [
        ("the administrator", context.managed),
        ("this project, for you", f"{project}/settings.local.json"),
        ("this project", f"{project}/settings.json"),
        ("you", own),
    ]
    found = []
    for owner, path in places:
        if owner == "this project" and os.path.realpath(path) == os.path.realpath(own):
            continue  # in the home directory the two are one file
        state, value, _mode = read_own_object(path, LIMIT_BYTES, parse_object)
        if state != "missing":
            found.append(File(owner, path, state, value))
    return found


def slot(context: Context) -> list[Check]:
    """Tell who has the status line, and whether Claude Code would run it."""
    found = files(context)
    checks = [
        fail(
            "settings",
            f"{context.tidy(each.path)} is not a JSON file that can be read.",
            "Fix it; Claude Code cannot read it either.",
        )
        for each in found
        if each.state != "found"
    ]
    holders = [each for each in found if claude.KEY in each.value]
    if not holders:
        return [*checks, _nobody(context)]
    told = _holder(context, holders)
    gates = _gates(context, found, holders[0]) if told.result != SKIP else []
    return [*checks, told, *gates]


def _nobody(context: Context) -> Check:
    here = context.here
    if here is None or not HOSTS["claude"].is_found(here):
        return skip("status line", "Claude Code was not found here.")
    what = "Claude Code does not show the segment."
    # Where nothing shows it, one check says so for all.
    return skip("status line", what, "statusline install claude" if context.lines else "")


def _holder(context: Context, holders: list[File]) -> Check:
    first = holders[0]
    path = context.tidy(first.path)
    if context.here is not None and claude.is_ours(first.value[claude.KEY], context.here):
        return ok("status line", f"ours, in {path}")
    if not _is_wanted(context, holders):
        what = f"Another program's status line is in {path}."
        return skip("status line", what, "statusline install claude  # keeps that one too")
    if first.owner == "you":
        what = f"Another program's status line took the place of ours in {path}."
        return warn("status line", what, "statusline install claude  # keeps that one too")
    if first.owner == "the administrator":
        what = f"The administrator's status line in {path} is used."
        return warn("status line", what, "Ask whoever manages this machine.")
    what = f"{path} has its own status line, which is used in this directory."
    return warn(
        "status line", what, f'Remove "{claude.KEY}" from {path}, if it is yours to change.'
    )


def _is_wanted(context: Context, holders: list[File]) -> bool:
    """Tell whether our line was put in place somewhere, and something else goes before it."""
    here = context.here
    if here is None or any(claude.is_ours(each.value[claude.KEY], here) for each in holders):
        return True
    try:
        known = record.load(context.env.data_dir or "/nonexistent")
    except WiringError:
        return False
    return any("claude" in each.surfaces for each in known.files.values())


def _gates(context: Context, found: list[File], holder: File) -> list[Check]:
    """Return what keeps Claude Code from running the status line (docs/claude-code.md 3.5)."""
    checks = []
    if holder.owner != "the administrator":
        first = next((each for each in found if "disableAllHooks" in each.value), None)
        if first is not None and first.value["disableAllHooks"] is True:
            path = context.tidy(first.path)
            what = f"`disableAllHooks` in {path} turns the status line off too."
            checks.append(fail("status line", what, f'Remove "disableAllHooks" from {path}.'))
        managed = next((each for each in found if each.owner == "the administrator"), None)
        if managed is not None and managed.value.get("allowManagedHooksOnly") is True:
            what = "The administrator allows only the managed status line."
            checks.append(fail("status line", what, "Ask whoever manages this machine."))
    return checks


def trust(context: Context) -> list[Check]:
    """Tell whether the directory is trusted: before that the status line stays blank."""
    if not context.is_shown_by("claude"):
        return [skip("trust", "Claude Code does not show the segment.")]
    for path in context.env.account_paths:
        state, value, _mode = read_own_object(path, account.LIMIT_BYTES, parse_object)
        if state == "missing":
            continue
        projects = mapping(value.get("projects"))
        if _is_trusted(projects, context.cwd):
            return [ok("trust", f"Claude Code trusts {context.tidy(context.cwd)}")]
        if context.cwd in projects:
            what = f"Claude Code does not trust {context.tidy(context.cwd)}: no status line there."
            return [warn("trust", what, "Run `claude` there, accept, and start it again.")]
        break
    return [skip("trust", "Claude Code has not run in this directory.")]


def _is_trusted(projects: Mapping[str, object], directory: str) -> bool:
    """Tell whether the directory, or one above it, was accepted."""
    while True:
        if mapping(projects.get(directory)).get("hasTrustDialogAccepted") is True:
            return True
        if directory in ("", "/"):
            return False
        directory = os.path.dirname(directory)
