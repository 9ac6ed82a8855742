"""The tmux servers that run now: does their status-right have our segment? Put in, taken out."""

from __future__ import annotations

import os
import subprocess

from statusline.system.programs import named_tmux_sockets, tmux_sockets, which
from statusline.wiring import ours
from statusline.wiring.installation import Installation

#: How long one command of tmux may take, in seconds.
_TIMEOUT_S = 3
_OPTION = "status-right"
#: What stands around our segment: a sign that parts it from what is there already, and a blank,
#: without which the last sign would stand at the very edge of the screen.
BEFORE, BEHIND = " | ", " "


def servers(here: Installation) -> list[str]:
    """Return the sockets of the running servers in which the segment belongs."""
    return _running(here, tmux_sockets(here.env))


def _running(here: Installation, sockets: list[str]) -> list[str]:
    return [path for path in sockets if _ask(here, path, "show", "-gv", _OPTION) is not None]


def job(command: str) -> str:
    """Return what runs a command in a status line; tmux expands formats and strftime there."""
    return f"#({command.replace('#', '##').replace('%', '%%')})"


def shows(here: Installation, socket: str, only: str | None = None) -> bool:
    """Tell whether the status line that every session of a server starts with has our segment.

    One that runs anything else than the job ``only``, if that is given, does not count.
    """
    value = _ask(here, socket, "show", "-gv", _OPTION) or ""
    return any(only in (None, value[start:end]) for start, end in _jobs(value, here))


def add(here: Installation, job: str, lines: tuple[str, ...]) -> tuple[int, int]:
    """Run our lines in every server; return in how many they took effect, and how many there are.

    Only ours: to read the whole configuration again might do what nobody asked for. An older job
    of ours, which would keep the lines from adding ``job``, becomes it where it stands.
    """
    found = servers(here)
    for socket in found:
        _renew(here, socket, job)
        _ask(here, socket, "source-file", "-", text="".join(f"{line}\n" for line in lines))
    return sum(shows(here, socket, job) for socket in found), len(found)


def _renew(here: Installation, socket: str, job: str) -> None:
    value = (_ask(here, socket, "show", "-gv", _OPTION) or "").removesuffix("\n")
    jobs = _jobs(value, here)
    if jobs and job not in (value[start:end] for start, end in jobs):
        start, end = jobs[-1]  # ours are added last
        _set(here, socket, ("-g",), value[:start] + job + value[end:])


def remove(here: Installation) -> tuple[int, list[str]]:
    """Take our segment out of every server, also of one with a name of its own, that has it.

    Returns how many lost it, and the sockets of those that still show it.
    """
    gone, left = 0, []
    for socket in _running(here, named_tmux_sockets(here.env)):
        sessions = (_ask(here, socket, "list-sessions", "-F", "#{session_id}") or "").split()
        scopes = [("-g",), *(("-t", each) for each in sessions)]
        done = [_take_out(here, socket, scope) for scope in scopes]
        gone += any(done) and False not in done
        left += [socket] if False in done else []
    return gone, left


def _take_out(here: Installation, socket: str, scope: tuple[str, ...]) -> bool | None:
    """Tell whether our segment went from one option, ``None`` where it was not there."""
    value = _ask(here, socket, "show", "-v", *scope, _OPTION)
    jobs = _jobs(value or "", here)
    if value is None or not jobs:
        return None
    rest = value.removesuffix("\n")
    for start, end in reversed(jobs):
        head, tail = rest[:start], rest[end:]
        if head.endswith(BEFORE):
            head, tail = head.removesuffix(BEFORE), "" if tail == BEHIND else tail
        else:
            head = head.removesuffix(" ")  # an older one of ours, or pasted
        rest = head + tail
    return _set(here, socket, scope, rest)


def _set(here: Installation, socket: str, scope: tuple[str, ...], value: str) -> bool:
    """Tell whether a server took the status line."""
    if value.endswith(";"):
        value = value[:-1] + "\\;"  # else it would part this command from a next one
    return _ask(here, socket, "set", *scope, _OPTION, value) is not None


def _jobs(value: str, here: Installation) -> list[tuple[int, int]]:
    """Return where our ``#()`` stand in a status line; tmux counts parentheses for their ends."""
    found = []
    at = value.find("#(")
    while at >= 0:
        end, depth = at + 2, 1
        while end < len(value) and depth:
            depth += {"(": 1, ")": -1}.get(value[end], 0)
            end += 1
        command = value[at + 2 : end - 1].replace("##", "#").replace("%%", "%")
        # Another installation's, of another home maybe, is not ours to take out.
        is_hook = here.hook("tmux.sh") in command or f"{here.bin};" in command
        if is_hook or ours.runs(command, "tmux", here):
            found.append((at, end))
        at = value.find("#(", end)
    return found


def _ask(here: Installation, socket: str, *args: str, text: str = "") -> str | None:
    """Return what a server answers, ``None`` where there is none or it refuses.

    Without ``-u`` a locale that is not UTF-8 costs the answer its signs. A byte that is no UTF-8
    goes back as it came.
    """
    program = which("tmux", here.env)
    if program is None:
        return None
    try:
        done = subprocess.run(
            [os.fsencode(each) for each in (program, "-u", "-S", socket)]
            + [each.encode("utf-8", "surrogateescape") for each in args],
            input=text.encode(),
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else None
