"""``statusline doctor --report``: what whoever looks for a bug needs to know, for everybody's eyes.

Every line is made of words and numbers of ours: what a user wrote, and what names anybody, is
never in there (docs/commands.md).
"""

from __future__ import annotations

import json
import platform
import re
import sys
from typing import TYPE_CHECKING

import statusline
from statusline.agents import AGENTS
from statusline.cli.env import OTHERS, PLACES, PROXIES, SECRETS
from statusline.doctor import probe
from statusline.doctor.check import OK, SKIP
from statusline.doctor.examine import by_weight, examine
from statusline.doctor.install import SYSTEMS
from statusline.doctor.public import ELIDED, scrubbed
from statusline.overview.overview import Overview, look
from statusline.overview.words import ago, ahead, counted
from statusline.settings.keys import KEYS
from statusline.settings.notifications import WAYS
from statusline.system.programs import which
from statusline.usage.messages import STATES, describe
from statusline.wiring.hosts import HOSTS
from statusline.wiring.installer import installer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from statusline.doctor.check import Check
    from statusline.doctor.public import Public

LEFT_OUT = (
    "Left out on purpose: tokens, e-mail addresses, account and session ids, names of users, hosts"
    " and projects, directories of your own, addresses of proxies, your formats and commands, and"
    " what your files hold."
)
_NAME_CELLS = 11
#: What installed it -> how a person says it (``wiring.installer``).
_INSTALLED = {
    "git": "run from a checkout",
    "install.sh": "installed by install.sh",
    "nix": "installed with Nix",
    "brew": "installed with Homebrew",
    **{name: f"installed with {name}" for name in ("uv tool", "pipx", "pip", "uv")},
}
_SEGMENTS = ("plain line", *(f"{name} line" for name in HOSTS))
#: Checks that say nothing but words of ours, numbers, and paths that have been made public. Of any
#: other one the result alone is told: it may quote what its user or a stranger wrote.
_OURS = frozenset(
    (
        *("python", "launcher", "PATH", "login", "login file", "scope", "billing", "API URL"),
        *("certificates", "network", "TLS keys", "next request", "cache", "numbers", "disk"),
        *("lock", "clock", "history", "settings", "status line", "trust", "tmux", "starship"),
        *("timer", "lines", *_SEGMENTS),
    )
)
#: Variables that everybody has, or that are told by another line.
_USUAL = ("HOME", "PATH", "USER", "TERM", "COLUMNS", "LANG", "LC_ALL", "LC_CTYPE", "DISPLAY")
_TERMINALS = re.compile(
    r"(?:xterm|screen|tmux|rxvt|rxvt-unicode|alacritty|kitty|xterm-kitty|xterm-ghostty|foot|linux"
    r"|dumb|vt100|vt220|wezterm|konsole|gnome|iterm2?|st|putty|ansi)(?:-(?:256color|direct|color))?"
)
_EMULATORS = (
    *("Apple_Terminal", "iTerm.app", "WezTerm", "vscode", "ghostty", "tmux", "Hyper"),
    *("WarpTerminal", "rio", "mintty"),
)
_PLANS = re.compile(r"Free|Pro|Max(?: \d{1,2}x)?|Team(?: \w{1,10})?|Enterprise|API")
_API_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_VERSION = re.compile(r"\d+(?:\.\d+){1,3}")


def report(context: Public) -> str:
    """Return the report as Markdown, ready to be pasted; runs every check for it."""
    told = [f"{name:{_NAME_CELLS}} {text}".rstrip() for name, text in _facts(context)]
    told += _findings(context)
    inside = scrubbed("\n".join(told), context.env)
    safe = "".join(char for char in inside if char.isprintable() or char == "\n")
    return f"```text\n{safe.replace('`', chr(39))}\n```\n\n{LEFT_OUT}"


def _facts(context: Public) -> Iterator[tuple[str, str]]:
    yield "statusline", f"{statusline.__version__}, {_how(context)}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    yield "system", f"{_system()}, {python}"
    yield "terminal", ", ".join(_terminal(context))
    yield "programs", ", ".join(_programs(context)) or "none that shows the segment"
    for line in context.lines:
        yield "shown by", f"{line.surface}, in {context.tidy(line.path)}"
    yield from _numbers(context)
    yield "config", ", ".join(_config(context)) or "the defaults"
    names = [name for name in (*PLACES, *SECRETS, *PROXIES, *OTHERS) if name not in _USUAL]
    yield "set", ", ".join(name for name in names if context.env.get(name)) or "no variable"


def _how(context: Public) -> str:
    """Return how the program was installed, and where its launcher is."""
    by = installer()
    launcher = "" if context.here is None else f": {context.tidy(context.here.launcher)}"
    return f"{_INSTALLED.get(by, 'installed in another way')}{launcher}"


def _system() -> str:
    """Return system and kernel; of a distribution what it calls itself in one word."""
    release = platform.release()
    kernel = re.match(r"\d+(\.\d+)*", release)
    shown = f"{SYSTEMS.get(sys.platform, sys.platform)} {kernel[0] if kernel else ''}".rstrip()
    try:
        kind = platform.freedesktop_os_release()
    except OSError:
        kind = {}
    words = [kind.get("ID", ""), kind.get("VERSION_ID", "")]
    named = " ".join(word for word in words if re.fullmatch(r"[a-z0-9._-]{1,20}", word))
    inside = ", WSL" if "microsoft" in release.casefold() else ""
    return f"{shown} {platform.machine()}{f' ({named})' if named else ''}{inside}"


def _terminal(context: Public) -> Iterator[str]:
    env = context.env
    term, emulator = env.get("TERM") or "none", env.get("TERM_PROGRAM")
    yield f"TERM {term if _TERMINALS.fullmatch(term) or term == 'none' else 'another'}"
    if emulator:
        yield emulator if emulator in _EMULATORS else "another TERM_PROGRAM"
    if env.get("COLORTERM") in ("truecolor", "24bit"):
        yield "true colour"
    yield "ASCII" if env.ascii_locale else "UTF-8"
    for name, what in (("TMUX", "in tmux"), ("SSH_CONNECTION", "over SSH")):
        if env.get(name):
            yield what


def _programs(context: Public) -> Iterator[str]:
    """Yield the hosts that are there, with the versions that they say."""
    for name in ("bash", "zsh", "fish", "tmux", "starship"):
        program = which(name, context.env)
        if program is not None:
            option = "-V" if name == "tmux" else "--version"
            said = probe.once([program, option]).output.decode("ascii", "replace")
            found = _VERSION.search(said)
            yield f"{name} {found[0] if found else '?'}"
    seen = _VERSION.search("" if context.snapshot is None else context.snapshot.claude_version)
    if seen is not None:
        yield f"Claude Code {seen[0]}"
    elif context.here is not None and HOSTS["claude"].is_found(context.here):
        yield "Claude Code's directory"


def _numbers(context: Public) -> Iterator[tuple[str, str]]:
    """Yield what is known of login, requests and windows; no amount and no percentage."""
    overview = Overview(look(context.env, context.login), context.now)
    known, login = overview.known.snapshot, context.login
    scope = {True: "may ask for usage", False: "may not ask for usage", None: "scopes unknown"}
    said = [login.source or "none", _code(login.state), scope[login.has_profile_scope]]
    if login.expires_at is not None:
        left_s = login.expires_at - context.now
        said.append(f"expires {ahead(left_s)}" if left_s > 0 else f"expired {ago(-left_s)}")
    yield "login", ", ".join(said)
    plan = known.plan if _PLANS.fullmatch(known.plan) else "another" if known.plan else "unknown"
    yield "plan", plan
    yield "state", ", ".join(_state(overview, context))
    for window, seen in known.windows.items():
        name = window if _API_NAME.fullmatch(window) else "weekly of a model"
        age = ago(max(0.0, context.now - seen.observed_at))
        yield "window", f"{name}, {age}, {_code(seen.source)}{', old' * overview.view.is_old(seen)}"
    unknown = [name for name in known.unknown_keys if _API_NAME.fullmatch(name)]
    if unknown:
        yield "API drift", ", ".join(unknown)


def _state(overview: Overview, context: Public) -> Iterator[str]:
    known = overview.known.snapshot
    yield _code(overview.state)
    if known.http_status is not None:
        yield f"HTTP {known.http_status}"
    for what, at in (
        ("asked", known.attempted_at),
        ("answered", known.succeeded_at),
        ("written", known.written_at or None),
    ):
        yield f"{what} {'never' if at is None else ago(max(0.0, context.now - at))}"
    yield f"{counted(known.requests, 'request')}, {counted(context.state.failures, 'failure')} now"
    yield from (f"{_code(code)} {number}x" for code, number in sorted(known.errors.items()))


def _config(context: Public) -> Iterator[str]:
    """Yield the keys that the file sets; a value where it is a number, a switch or a choice."""
    for key, (value, origin) in context.loaded.effective.items():
        if not origin.startswith("config.toml") or value == KEYS[key].default:
            continue
        yield f"{key} = {json.dumps(value)}" if _is_harmless(key, value) else f"{key} is set"
    for problem in context.loaded.problems:
        key = problem.key if problem.key in KEYS else "an unknown key"
        yield f"line {problem.line or '?'}: a mistake in {key if problem.key else 'the file'}"


def _findings(context: Public) -> Iterator[str]:
    """Yield what the checks found, troubles first; those that do not apply in one line."""
    checks = list(examine(context))
    well = [each for each in checks if each.result == OK]
    yield from (f"{each.result:4}  {_finding(each, context)}" for each in by_weight(checks))
    yield from (f"ok    {_finding(each, context)}" for each in well)
    yield "skip  " + ", ".join(each.name for each in checks if each.result == SKIP)


def _is_harmless(key: str, value: object) -> bool:
    """Tell whether a value is a switch, a number, or one that we offer."""
    if isinstance(value, list):
        return all(each in (*AGENTS, *WAYS) for each in value)
    offered = getattr(KEYS[key].check, "choices", ())
    return isinstance(value, bool | int | float) or value in offered


def _finding(check: Check, context: Public) -> str:
    """Return a check in words of ours; of a segment how long it took, and not what it shows."""
    name = f"{check.name:14} "
    if check.name in _SEGMENTS and check.result == OK:
        took = re.search(r"\(\d+ ms\)$", check.what)
        return f"{name}{took[0] if took else ''}"
    if check.name == "usage API":
        code = "ok" if context.snapshot is None else context.snapshot.state
        return name + describe(_code(code))[1]
    return name + check.what if check.name in _OURS else check.name


def _code(code: str) -> str:
    """Return a code of ours, and nothing that only looks like one."""
    ours = (*STATES, "found", "api", "claude_json", "stdin")
    return code if code in ours else ELIDED
