"""Claude Code's ``statusLine``: set in the text of settings.json, chained, and taken back."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex

from statusline.hot import above
from statusline.wiring import jsonsplice, ours
from statusline.wiring.host import Here, KeptError, WiringError

KEY = "statusLine"
#: How often Claude Code asks while nothing happens, in seconds: countdowns move, and numbers that
#: were fetched after its last look should not be long in coming.
REFRESH_S = 10
_BOM = "\ufeff"
_HOOKS = ("claude-code.sh", "claude-code-chain.sh")
#: The command that ``install`` writes, of any version and any place.
_INSTALLED = re.compile(
    r"(?:STATUSLINE_CHAIN=.+ )?STATUSLINE_BIN=.+; \. .*/claude-code(?:-chain)?\.sh'?"
)


def is_ours(value: object, here: Here) -> bool:
    """Tell whether a ``statusLine`` shows our line, whoever wrote it."""
    return _is_installed(value) or _is_by_hand(value, here)


def _is_installed(value: object) -> bool:
    return _INSTALLED.fullmatch(command_of(value) or "") is not None


def _is_by_hand(value: object, here: Here) -> bool:
    """Tell whether a ``statusLine`` is one that README or a hook tells people to write."""
    command = command_of(value) or ""
    is_direct = ours.runs(command, "claude", here)
    return is_direct or any(ours.sources(command, hook, here) for hook in _HOOKS)


def command_of(value: object) -> str | None:
    """Return the command of a ``statusLine``, ``None`` where it has none."""
    command = value.get("command") if isinstance(value, dict) else None
    return command if isinstance(command, str) and command.strip() else None


def is_in(data: bytes) -> bool:
    """Tell whether settings.json has the status line that ``install`` puts there.

    It comes with a padding; one that the user wrote, after README or a hook's head, has none.
    """
    _bom, text = _text(data)
    member = _parse(text).find(KEY) if text.strip() else None
    value = None if member is None else member.value
    return isinstance(value, dict) and _is_installed(value) and "padding" in value


def is_chained(data: bytes) -> bool:
    """Tell whether settings.json has our status line, with another one before it."""
    _bom, text = _text(data)
    member = _parse(text).find(KEY) if text.strip() else None
    return member is not None and "STATUSLINE_CHAIN=" in (command_of(member.value) or "")


def put(
    data: bytes, here: Here, chain: str, previous: str | None, *, replace: bool
) -> tuple[bytes, str | None, str | None]:
    """Return settings.json with our status line, what it replaces, and the command to chain.

    A status line of ours is never chained to itself: it is brought up to date, and what it
    replaced when it came, ``previous``, stays what it was. One that was written by hand is what
    it replaces. Raises ``KeptError`` for one that is the user's own and runs ours.
    """
    bom, text = _text(data)
    if not text.strip():
        whole = json.dumps({KEY: _value(here, {}, "")}, indent=2, ensure_ascii=False)
        return f"{bom}{text}{whole}\n".encode(), None, None
    document = _parse(text)
    member = document.find(KEY)
    chained = not replace and member is not None
    if member is not None and is_ours(member.value, here):
        chained = chained and is_chained(data)
        if not _is_installed(member.value) or (previous is None and not is_in(data)):
            previous = document.raw(member)
    elif member is not None:
        theirs = command_of(member.value) or ""
        if not replace and ours.is_named(theirs, "claude", _HOOKS, here):
            line = text.count("\n", 0, member.start) + 1
            raise KeptError(f"Line {line} runs statusline already; it stays as you wrote it.")
        previous = document.raw(member)
    old = json.loads(previous) if previous is not None else {}
    command = command_of(old) if chained else None
    value = _value(here, old if chained else {}, chain if command else "")
    return f"{bom}{jsonsplice.put(text, KEY, value)}".encode(), previous, command


def _value(here: Here, old: object, chain: str) -> dict[str, object]:
    """Return our ``statusLine``; what the old one says about its looks stays."""
    looks = dict(old) if isinstance(old, dict) else {}
    seconds = looks.get("refreshInterval")
    is_sooner = isinstance(seconds, int) and 1 <= seconds < REFRESH_S
    assignment = f"STATUSLINE_CHAIN={shlex.quote(chain)} " if chain else ""
    hook = here.hook("claude-code-chain.sh" if chain else "claude-code.sh")
    return {
        "padding": 0,
        **looks,
        "type": "command",
        "command": f"{assignment}{here.bin}; . {hook}",
        "refreshInterval": seconds if is_sooner else REFRESH_S,
    }


def drop(data: bytes, previous: str | None) -> bytes:
    """Return settings.json with ``previous`` (JSON text) in our place, or without us.

    Another tool's status line is left where it is.
    """
    bom, text = _text(data)
    document = _parse(text) if text.strip() else None
    member = document.find(KEY) if document is not None else None
    if document is None or member is None or not _is_installed(member.value):
        return data
    if previous is not None:
        return f"{bom}{jsonsplice.put_raw(document, member, previous)}".encode()
    return f"{bom}{jsonsplice.drop(document, member)}".encode()


def leave(here: Here) -> list[str]:
    """Remove the lines that are kept of the status line before ours; nothing shows them now."""
    login = here.env.login_profile_dir or ""
    with contextlib.suppress(OSError):
        for profile in os.listdir(os.path.dirname(login)):
            if profile.partition("-env-")[0] == os.path.basename(login):
                _forget_above(f"{os.path.dirname(login)}/{profile}")
    return []


def _forget_above(profile: str) -> None:
    for name in os.listdir(profile):
        if name.startswith(above.PREFIX):
            os.unlink(f"{profile}/{name}")


def _text(data: bytes) -> tuple[str, str]:
    """Return the byte order mark and the rest; raise ``WiringError`` for what is not UTF-8."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise WiringError(f"Line {line}: this is not UTF-8; save it as UTF-8.") from None
    return (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)


def _parse(text: str) -> jsonsplice.Document:
    try:
        return jsonsplice.parse(text)
    except jsonsplice.SpliceError as error:
        raise WiringError(
            f"Line {error.line}: {error}; correct that, it is left as it is."
        ) from None
