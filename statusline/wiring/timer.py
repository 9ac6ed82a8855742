"""The timer: systemd units or a launchd agent that keep the numbers fresh with no prompt open.

It is no surface. systemd gets two units and a drop-in for `timers.target` instead of the link
that `systemctl enable` would make: files alone can be given back as they were.
"""

from __future__ import annotations

import os
import plistlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from statusline.system.programs import search_path, which
from statusline.wiring import edit
from statusline.wiring.host import Before, Put
from statusline.wiring.installation import Installation, WiringError, check_printable

#: Seconds between two looks. Whether the API is asked is decided as for every other refresher.
EVERY_S = 300
UNIT = "statusline"
LABEL = "usage-statusline.refresh"
_MARK = b"made by `statusline install timer`"
_HEAD = f"# {_MARK.decode().capitalize()}, removed by `statusline uninstall timer`.\n"
#: How long one command of the manager may take, in seconds.
_TIMEOUT_S = 10
#: What decides which profile is kept fresh, and how; a manager has an environment of its own.
_HANDED_ON = (
    *("CLAUDE_CONFIG_DIR", "CLAUDE_SECURESTORAGE_CONFIG_DIR", "STATUSLINE_CONFIG"),
    *("STATUSLINE_CACHE_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TMUX_TMPDIR"),
)
_IS_MAC = sys.platform == "darwin"
#: The program that runs timers, and its question whether ours runs.
MANAGER = "launchctl" if _IS_MAC else "systemctl"
IS_RUNNING = ("list", LABEL) if _IS_MAC else ("--user", "is-active", f"{UNIT}.timer")


def _systemd(name: str) -> Callable[[Installation], str]:
    return lambda here: f"{here.env.config_home}/systemd/user/{name}"


def _agent_path(here: Installation) -> str:
    return f"{here.home}/Library/LaunchAgents/{LABEL}.plist"


def environment(here: Installation) -> dict[str, str]:
    """Return the variables for a refresher that a manager starts; none holds a secret.

    A proxy may hold a password, and has to come from the manager's own environment.
    """
    values = {name: value for name in _HANDED_ON if (value := here.env.get(name))}
    values |= {"PATH": search_path(here.env)} if search_path(here.env) else {}
    for name, value in values.items():
        check_printable(name, value)
    return values


def service(here: Installation) -> str:
    """Return the unit that runs one refresher, for the login that is stored.

    Raises ``WiringError`` where systemd refuses to run a program of that path.
    """
    if any(char in here.launcher for char in "\"'\\"):
        what = f"{here.launcher} holds a quote or a backslash, which systemd does not run."
        raise WiringError(what, "Set STATUSLINE_BIN to a link without one.")
    values = environment(here)
    absent = [name for name in ("CLAUDE_CONFIG_DIR",) if name not in values]
    return "".join(
        (
            _HEAD,
            "[Unit]\nDescription=Refresh statusline's numbers if they are due\n\n[Service]\n",
            f"Type=oneshot\nExecStart={_quoted(here.launcher)} refresh --background\n",
            *(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in values.items()),
            f"UnsetEnvironment={' '.join(['CLAUDE_CODE_OAUTH_TOKEN', *absent])}\n",
            "TimeoutStartSec=60\n",
        )
    )


def schedule(_here: Installation) -> str:
    """Return the timer: soon after the login, and then again and again."""
    return (
        f"{_HEAD}[Unit]\nDescription=Check statusline's numbers\n\n[Timer]\n"
        f"OnStartupSec=60\nOnUnitInactiveSec={EVERY_S}\nAccuracySec=30\n"
    )


def at_login(_here: Installation) -> str:
    """Return what lets the timer begin when its user logs in."""
    return f"{_HEAD}[Unit]\nWants={UNIT}.timer\n"


def agent(here: Installation) -> str:
    """Return the agent of launchd."""
    document = {
        "Label": LABEL,
        "ProgramArguments": [here.launcher, "refresh", "--background"],
        "EnvironmentVariables": environment(here),
        "StartInterval": EVERY_S,
        "ProcessType": "Background",
    }
    return plistlib.dumps(document).decode()


def _quoted(text: str) -> str:
    """Return one word of a unit file, in which nothing is expanded.

    A ``$`` is one in a variable's value, and in the path of a program.
    """
    for char in '\\"':
        text = text.replace(char, f"\\{char}")
    return f'"{text.replace("%", "%%")}"'


@dataclass(frozen=True)
class Part:
    """One file of the timer, which is wholly ours.

    ``begins`` marks the one that changes where the program does: putting it in place lets the
    timer begin.
    """

    name: str
    shown: str
    file: Callable[[Installation], str]
    text: Callable[[Installation], str]
    begins: bool = False
    title: str = "the timer"
    hooks: tuple[str, ...] = ()
    notation: str = ""

    def argv(self, data: bytes) -> tuple[str, ...]:  # noqa: ARG002
        """Return nothing: no line of it shows a segment."""
        return ()

    def path(self, here: Installation) -> str:
        """Return the file."""
        return self.file(here)

    def left_places(self, here: Installation) -> tuple[str, ...]:  # noqa: ARG002
        """Return nothing: it was never elsewhere."""
        return ()

    def is_found(self, here: Installation) -> bool:
        """Tell whether the manager is on this machine."""
        return which(MANAGER, here.env) is not None

    def is_in(self, data: bytes) -> bool:
        """Tell whether the file is ours."""
        return _MARK in data.lower() or LABEL.encode() in data

    def covered_by(self, here: Installation) -> str | None:  # noqa: ARG002
        """Return nothing: it shows no segment."""
        return None

    def put(self, data: bytes, here: Installation, before: Before) -> Put:
        """Return the file; raise ``WiringError`` where one stands that is not ours."""
        if data.strip() and not self.is_in(data):
            what = f"{self.path(here)} was not made by `statusline install timer`."
            raise WiringError(what, "Move it away.")
        return Put(self.text(here).encode(), before.previous)

    def drop(self, data: bytes, previous: str | None) -> bytes:  # noqa: ARG002
        """Return nothing: all of it is ours."""
        return b""

    def notes(self, data: bytes, here: Installation) -> list[str]:  # noqa: ARG002
        """Let it begin; return what came of that."""
        if not self.begins:
            return []
        wrong = _run_all(here, _begin(here))
        if not wrong:
            return [f"it checks the numbers every {EVERY_S // 60} minutes from now on."]
        return [f"{wrong}. It starts at your next login. To start it now: {by_hand(_begin(here))}"]

    def leave(self, here: Installation) -> list[str]:
        """Let it end; return what came of that."""
        if which(MANAGER, here.env) is None:
            return []
        for each in (part.path(here) for part in PARTS):
            if os.path.isfile(each) and not os.path.getsize(each):
                edit.remove(each, [])  # to systemd, an empty unit is one that must not run
        wrong = _run_all(here, _end())
        return [f"{wrong}. To stop it now: {by_hand(_end())}"] if wrong else []


def _begin(here: Installation) -> list[list[str]]:
    if _IS_MAC:
        return [["bootstrap", f"gui/{os.getuid()}", _agent_path(here)]]
    return [["--user", "daemon-reload"], ["--user", "restart", f"{UNIT}.timer"]]


def _end() -> list[list[str]]:
    if _IS_MAC:
        return [["bootout", f"gui/{os.getuid()}/{LABEL}"]]
    return [["--user", "stop", f"{UNIT}.timer"], ["--user", "daemon-reload"]]


def by_hand(steps: list[list[str]] | None = None) -> str:
    """Return steps as one types them; without any, those that let the timer run."""
    default = [["kickstart", f"gui/{os.getuid()}/{LABEL}"]] if _IS_MAC else None
    steps = steps or default or [["--user", "daemon-reload"], ["--user", "start", f"{UNIT}.timer"]]
    return " && ".join(" ".join((MANAGER, *step)) for step in steps)


def _run_all(here: Installation, steps: list[list[str]]) -> str:
    """Run the manager for each step; return what went wrong, "" for nothing."""
    program = which(MANAGER, here.env)
    if program is None:
        return f"There is no {MANAGER}"
    for step in steps:
        try:
            done = subprocess.run(
                [program, *step],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return f"{MANAGER} did not answer"
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
            return f"{MANAGER} failed: {said.rstrip('.') or f'exit code {done.returncode}'}"
    return ""


_SYSTEMD = (
    Part("timer.service", "what it runs", _systemd(f"{UNIT}.service"), service, begins=True),
    Part(
        "timer.login", "starts it at login", _systemd("timers.target.d/statusline.conf"), at_login
    ),
    Part("timer", "from now on", _systemd(f"{UNIT}.timer"), schedule),
)
_LAUNCHD = (Part("timer", "from now on", _agent_path, agent, begins=True),)
PARTS: tuple[Part, ...] = _LAUNCHD if _IS_MAC else _SYSTEMD


def is_installed(here: Installation) -> bool:
    """Tell whether its file is there, and ours."""
    last = PARTS[-1]
    try:
        data = edit.read(edit.target_of(last.path(here)))
    except WiringError:
        return False
    return data is not None and last.is_in(data)
