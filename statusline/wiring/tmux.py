"""tmux: ``status-right`` extended by the line that sources ``hooks/tmux.sh``."""

from __future__ import annotations

import os
import re
import shlex
import subprocess

from statusline.wiring.host import Here, WiringError, check_speakable, which

#: tmux cuts status-right at 40 columns by itself; ours and the usual clock need more.
LENGTH = 100
#: What decides which profile is shown; tmux has an environment of its own (contract.md 8.1).
_EXPORTED = (
    *("CLAUDE_SECURESTORAGE_CONFIG_DIR", "STATUSLINE_CONFIG", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"),
)


def path(here: Here) -> str:
    """Return the file that tmux reads last of those that exist; ~/.tmux.conf if there is none."""
    candidates = [f"{here.home}/.config/tmux/tmux.conf", f"{here.home}/.tmux.conf"]
    if here.env.config_home:
        candidates.insert(0, f"{here.env.config_home}/tmux/tmux.conf")
    return next((each for each in candidates if os.path.lexists(each)), candidates[-1])


def lines(here: Here) -> tuple[str, ...]:
    """Return the commands; read again (``source-file``) they add nothing a second time."""
    job = _quoted(f" #({_format(command(here))})")
    return (
        'if -F "#{?#{m:*hooks/tmux.sh*,#{status-right}},,1}" {',
        f"  set -ag status-right {job}",
        "}",
        f'if -F "#{{e|<:#{{status-right-length}},{LENGTH}}}" {{',
        f"  set -g status-right-length {LENGTH}",
        "}",
    )


def command(here: Here) -> str:
    """Return what the shell runs, with the directories of this profile."""
    env = here.env
    claude = env.claude_config_dir_raw
    if claude is None:
        first = "unset CLAUDE_CONFIG_DIR"
        exported = {}
    else:
        first = ""
        exported = {"CLAUDE_CONFIG_DIR": claude}
    exported["STATUSLINE_CACHE_DIR"] = env.cache_root or ""
    exported |= {name: value for name in _EXPORTED if (value := env.get(name))}
    for name, value in exported.items():
        check_speakable(name, value)
    own = {"STATUSLINE_PROFILE": env.login_profile_dir or "", "STATUSLINE_BIN": here.launcher}
    steps = (
        first,
        "export " + " ".join(f"{name}={shlex.quote(value)}" for name, value in exported.items()),
        " ".join(f"{name}={shlex.quote(value)}" for name, value in own.items()),
        f". {here.hook('tmux.sh')}",
    )
    return "; ".join(filter(None, steps))


def _format(text: str) -> str:
    """Return a command as it stands inside ``#()``; raise ``WiringError`` where it cannot.

    tmux expands formats and strftime there and counts parentheses to find the end.
    """
    depth = 0
    for char in text:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            break
    if depth:
        raise WiringError("A path holds parentheses that do not match; tmux cannot run it.")
    return text.replace("#", "##").replace("%", "%%")


def _quoted(text: str) -> str:
    """Return ``text`` as one word of a tmux configuration file."""
    for char in '\\"$':
        text = text.replace(char, f"\\{char}")
    return f'"{text}"'


def version(here: Here) -> tuple[int, int] | None:
    """Return tmux's version; ``None`` where there is no tmux or it does not say."""
    program = which("tmux", here.env)
    if program is None:
        return None
    try:
        done = subprocess.run([program, "-V"], capture_output=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(rb"(\d+)\.(\d+)", done.stdout) if done.stdout.startswith(b"tmux") else None
    return None if found is None else (int(found[1]), int(found[2]))


def check(data: bytes, here: Here) -> list[str]:  # noqa: ARG001
    """Return warnings; raise ``WiringError`` for a tmux that cannot read our lines."""
    number = version(here)
    notes: list[str] = []
    if number is None:
        return notes
    if number < (3, 0):
        raise WiringError("tmux before 3.0 cannot read these lines; install tmux 3.2 or later.")
    if number < (3, 2):
        notes.append(
            "WARNING: tmux before 3.2 expands the output of #() a second time and may run what"
            " it finds there (fixed in 3.2); upgrade tmux."
        )
    return notes
