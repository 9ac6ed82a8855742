"""The ways that a notification takes: the desktop, tmux, a bell, and a command of the user's."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from statusline.notify.notice import TITLE, Notice
from statusline.notify.process import Process
from statusline.system.programs import tmux_sockets, which

if TYPE_CHECKING:
    from statusline.settings.notifications import Notifications
    from statusline.system.environ import Environment

#: How long all ways together may take, and one question to tmux, in seconds. A refresher is ended
#: after 20, of which a request may take 10.
LIMIT_S, _ASK_S = 5.0, 1.0
#: How long a message stands in tmux's status line, in milliseconds; a key ends it sooner.
_SHOWN_MS = 10_000
#: The user's own way, which is no name in ``notify.via``.
COMMAND = "command"
#: What no program that shows something needs.
_WITHHELD = ("CLAUDE_CODE_OAUTH_TOKEN",)
_SCRIPT = (
    *("-e", "on run argv"),
    *("-e", "display notification (item 1 of argv) with title (item 2 of argv)"),
    *("-e", "end run"),
)


class Outcome(NamedTuple):
    """What came of one way, in a few words; ``said`` is what its program complained of."""

    way: str
    is_ok: bool
    what: str
    said: str = ""


class Begun(NamedTuple):
    """A way that is being taken: its processes, or why there are none.

    Without either it is done already.
    """

    program: str = ""
    processes: tuple[Process, ...] = ()
    trouble: str = ""


Way = Callable[["Environment", dict[str, str], Sequence[Notice]], Begun]


def send(env: Environment, wanted: Notifications, notices: Sequence[Notice]) -> list[Outcome]:
    """Send every notice in every way that is set; never raises, and ends after ``LIMIT_S``.

    All programs run at the same time: one that hangs takes nothing from the others.
    """
    until_s = time.monotonic() + LIMIT_S
    variables = {name: value for name, value in env.inherited().items() if name not in _WITHHELD}
    begun = [(way, _WAYS[way](env, variables, notices)) for way in wanted.via]
    if wanted.command:
        begun.append((COMMAND, _command(env, variables, notices, wanted.command)))
    return [_outcome(way, each, until_s) for way, each in begun]


def _outcome(way: str, begun: Begun, until_s: float) -> Outcome:
    """Return what came of one way: all is well if one of its programs showed something."""
    if begun.trouble:
        return Outcome(way, is_ok=False, what=begun.trouble)
    ended = [(each.end(until_s), each.said()) for each in begun.processes]
    wrong = next((each for each in ended if each[0]), None)
    if wrong is None or any(not what for what, _said in ended):
        return Outcome(way, is_ok=True, what=f"sent with {begun.program}")
    return Outcome(way, is_ok=False, what=f"{begun.program} {wrong[0]}", said=wrong[1])


def programs(env: Environment, wanted: Notifications) -> dict[str, str | None]:
    """Return the program of every way that is set; ``None`` where it is not to be found."""
    found = {way: which(_PROGRAMS[way], env) for way in wanted.via}
    if wanted.command:
        found[COMMAND] = _own(env, wanted.command[0])
    return found


def name_of(way: str, wanted: Notifications) -> str:
    """Return what the program of a way is called."""
    return os.path.basename(wanted.command[0]) if way == COMMAND else _PROGRAMS[way]


def _desktop(env: Environment, variables: dict[str, str], notices: Sequence[Notice]) -> Begun:
    """Show each notice on the desktop; its text is an argument and nothing else."""
    name = _PROGRAMS["desktop"]
    program = which(name, env)
    if program is None:
        return _missing(name)
    if name == "osascript":
        argvs = [[program, *_SCRIPT, "--", each.text, TITLE] for each in notices]
    else:
        options = ("--app-name=statusline", "--")
        argvs = [[program, *options, TITLE, each.text] for each in notices]
    return Begun(name, tuple(Process(argv, variables) for argv in argvs))


def _tmux(env: Environment, variables: dict[str, str], notices: Sequence[Notice]) -> Begun:
    """Show the notices in the status line of every client that is attached, in one message."""
    program = which("tmux", env)
    if program is None:
        return _missing("tmux")
    text = f"{TITLE}: {' · '.join(each.text for each in notices)}"
    text = text.replace("#", "##").replace("%", "%%")  # tmux expands formats and strftime
    clients = [
        (socket, client)
        for socket in tmux_sockets(env)
        for client in _clients(program, variables, socket, "#{client_name}")
    ]
    if not clients:
        return Begun(trouble="no tmux client is attached")
    shown = ("-d", str(_SHOWN_MS), text)
    argvs = [[program, "-S", at, "display-message", "-c", who, *shown] for at, who in clients]
    return Begun("tmux", tuple(Process(argv, variables) for argv in argvs))


def _bell(env: Environment, variables: dict[str, str], _notices: Sequence[Notice]) -> Begun:
    """Ring the bell in the pane that each client of tmux shows, as a program there would.

    tmux then does what the user has set for bells. A refresher knows no other terminal.
    """
    program = which("tmux", env)
    if program is None:
        return _missing("tmux")
    panes = {
        pane
        for socket in tmux_sockets(env)
        for pane in _clients(program, variables, socket, "#{pane_tty}")
    }
    rung = [_ring(pane) for pane in panes]
    return Begun("tmux") if any(rung) else Begun(trouble="no tmux client is attached")


def _ring(terminal: str) -> bool:
    flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        handle = os.open(terminal, flags)
    except OSError:
        return False
    try:
        status = os.fstat(handle)
        is_ours = stat.S_ISCHR(status.st_mode) and status.st_uid == os.getuid()
        return is_ours and os.write(handle, b"\a") == 1
    except OSError:
        return False
    finally:
        os.close(handle)


def _clients(program: str, variables: dict[str, str], socket: str, what: str) -> list[str]:
    """Return ``what`` of every client of a server with a screen; none where it does not answer."""
    asked = [program, "-S", socket, "list-clients", "-F", f"#{{client_control_mode}} {what}"]
    try:
        done = subprocess.run(
            asked,
            env=variables,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_ASK_S,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return []
    lines = (line.split(" ", 1) for line in done.stdout.decode("utf-8", "replace").splitlines())
    return [line[1] for line in lines if len(line) == 2 and line[0] != "1"]


def _command(
    env: Environment, variables: dict[str, str], notices: Sequence[Notice], command: Sequence[str]
) -> Begun:
    """Run the user's program for each notice, which stands in its environment; no shell reads it.

    An argument is what the user wrote.
    """
    program = _own(env, command[0])
    if program is None:
        return _missing(os.path.basename(command[0]))
    argv = [program, *command[1:]]
    processes = tuple(Process(argv, {**variables, **each.variables()}) for each in notices)
    return Begun(os.path.basename(program), processes)


def _own(env: Environment, name: str) -> str | None:
    """Return the user's program: by its path, below the home directory, or on PATH."""
    if name.startswith("~/"):
        name = f"{env.home}/{name[2:]}"
    if "/" not in name:
        return which(name, env)
    return name if os.path.isfile(name) and os.access(name, os.X_OK) else None


def _missing(name: str) -> Begun:
    return Begun(trouble=f"{name} is not installed")


_WAYS: dict[str, Way] = {"desktop": _desktop, "tmux": _tmux, "bell": _bell}
_PROGRAMS = {
    "desktop": "osascript" if sys.platform == "darwin" else "notify-send",
    "tmux": "tmux",
    "bell": "tmux",
}
