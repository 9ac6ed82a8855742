"""Claude Code's ``statusLine``: set in the text of settings.json, chained, and taken back."""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import shlex
from dataclasses import dataclass

from statusline.segment import chained_line, prerendered
from statusline.system.json_file import parse_object
from statusline.system.programs import which
from statusline.wiring import jsonsplice, ours
from statusline.wiring.host import Before, Put
from statusline.wiring.installation import Installation, KeptError, WiringError

KEY = "statusLine"
#: How often Claude Code asks while nothing happens, in seconds: countdowns move, and numbers that
#: were fetched after its last look should not be long in coming.
REFRESH_S = 10
#: What earlier versions wrote there.
_ONCE_REFRESH_S = 30
_BOM = "\ufeff"
_HOOKS = ("claude-code.sh", "claude-code-chain.sh")
#: The command that ``install`` writes, of any version and any place.
_INSTALLED = re.compile(
    r"(?:STATUSLINE_(?:CHAIN|PROFILE)=.+ )?STATUSLINE_BIN=.+; (?:\. |_hook=)"
    r".*/claude-code(?:-chain)?\.sh'?(?:; .+ statusline claude .+)?"
)


def is_ours(value: object, here: Installation) -> bool:
    """Tell whether a ``statusLine`` shows our line, whoever wrote it."""
    return _is_installed(value) or _is_by_hand(value, here)


def _is_installed(value: object) -> bool:
    return _INSTALLED.fullmatch(command_of(value) or "") is not None


def _is_by_hand(value: object, here: Installation) -> bool:
    """Tell whether a ``statusLine`` is one that a page or a hook tells people to write."""
    command = command_of(value) or ""
    is_direct = ours.runs(command, "claude", here)
    return is_direct or any(ours.sources(command, hook, here) for hook in _HOOKS)


def command_of(value: object) -> str | None:
    """Return the command of a ``statusLine``, ``None`` where it has none."""
    command = value.get("command") if isinstance(value, dict) else None
    return command if isinstance(command, str) and command.strip() else None


def is_in(data: bytes) -> bool:
    """Tell whether settings.json has the status line that ``install`` puts there.

    It comes with a padding; one that the user wrote, after a page or a hook's head, has none.
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
    data: bytes, here: Installation, chain: str, previous: str | None, *, replace: bool
) -> tuple[bytes, str | None, str | None]:
    """Return settings.json with our status line, what it replaces, and the command to chain.

    A status line of ours is never chained to itself: it is brought up to date, and what it
    replaced when it came, ``previous``, stays what it was; what the user changed about its looks
    stays, too. One that was written by hand is what it replaces. Raises ``KeptError`` for one that
    is the user's own and runs ours.
    """
    bom, text = _text(data)
    if not text.strip():
        whole = json.dumps({KEY: _value(here, {}, "")}, indent=2, ensure_ascii=False)
        return f"{bom}{text}{whole}\n".encode(), None, None
    document = _parse(text)
    member = document.find(KEY)
    chained = not replace and member is not None
    present: dict[str, object] = {}
    if member is not None and is_ours(member.value, here):
        chained = chained and is_chained(data)
        present = _looks(member.value)
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
    looks = {**(_looks(old, at_most_s=REFRESH_S) if chained else {}), **present}
    value = _value(here, looks, chain if command else "")
    return f"{bom}{jsonsplice.put(text, KEY, value)}".encode(), previous, command


def _looks(value: object, *, at_most_s: float = math.inf) -> dict[str, object]:
    """Return what a ``statusLine`` says beside its command, an interval that is ours left out."""
    looks = dict(value) if isinstance(value, dict) else {}
    seconds = looks.pop("refreshInterval", None)
    is_number = isinstance(seconds, int) and not isinstance(seconds, bool)
    if is_number and seconds != _ONCE_REFRESH_S and 1 <= seconds <= at_most_s:
        looks["refreshInterval"] = seconds
    return looks


def _value(here: Installation, looks: dict[str, object], chain: str) -> dict[str, object]:
    """Return our ``statusLine`` with these looks."""
    # What runs before ours is no part of what its hook could print again.
    name = "STATUSLINE_CHAIN" if chain else "STATUSLINE_PROFILE"
    place = chain or here.env.login_profile_dir or ""
    line = here.become("claude-code-chain.sh" if chain else "claude-code.sh", "claude")
    return {
        "padding": 0,
        **looks,
        "type": "command",
        "command": f"{name}={shlex.quote(place)} {here.bin}; {line}",
        "refreshInterval": looks.get("refreshInterval", REFRESH_S),
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


def leave(here: Installation) -> list[str]:
    """Remove the lines that are kept, ours and those of the one before; nothing shows them now."""
    login = here.env.login_profile_dir or ""
    with contextlib.suppress(OSError):
        for profile in os.listdir(os.path.dirname(login)):
            if profile.partition("-env-")[0] == os.path.basename(login):
                _forget_lines(f"{os.path.dirname(login)}/{profile}")
    return []


def _forget_lines(profile: str) -> None:
    for name in os.listdir(profile):
        if name.startswith((chained_line.PREFIX, prerendered.LINE_PREFIX)):
            os.unlink(f"{profile}/{name}")


def _text(data: bytes) -> tuple[str, str]:
    """Return the byte order mark and the rest; raise ``WiringError`` for what is not UTF-8."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise WiringError(f"Line {line}: this is not UTF-8.", "Save it as UTF-8.") from None
    return (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)


def _parse(text: str) -> jsonsplice.Document:
    try:
        return jsonsplice.parse(text)
    except jsonsplice.SpliceError as error:
        raise WiringError(
            f"Line {error.line}: {error}.", "Correct that; the file is left as it is."
        ) from None


@dataclass(frozen=True)
class ClaudeCode:
    """Claude Code's one slot: the ``statusLine`` of the user's settings.json."""

    name: str = "claude"
    title: str = "Claude Code"
    shown: str = "at once"
    hooks: tuple[str, ...] = _HOOKS
    notation: str = ""

    def path(self, here: Installation) -> str:
        """Return the user's settings.json; a project's may hide it (docs/claude-code.md 3.1)."""
        return f"{here.env.claude_dir}/settings.json"

    def left_places(self, here: Installation) -> tuple[str, ...]:  # noqa: ARG002
        """Each configuration directory has settings of its own."""
        return ()

    def is_found(self, here: Installation) -> bool:
        """Tell whether Claude Code is on PATH or has been run here."""
        return os.path.isdir(here.env.claude_dir or "") or which("claude", here.env) is not None

    def is_in(self, data: bytes) -> bool:
        """Tell whether the status line is ours."""
        return is_in(data)

    def covered_by(self, here: Installation) -> str | None:  # noqa: ARG002
        """Nothing else shows in Claude Code."""
        return None

    def put(self, data: bytes, here: Installation, before: Before) -> Put:
        """Set ``statusLine``; the one that was there runs first unless ``replace``."""
        how = before.replace
        return Put(*put(data, here, before.chain, before.previous, replace=how))

    def drop(self, data: bytes, previous: str | None) -> bytes:
        """Bring the previous ``statusLine`` back, or take ours out."""
        return drop(data, previous)

    def notes(self, data: bytes, here: Installation) -> list[str]:  # noqa: ARG002
        """Say what runs before ours."""
        if is_chained(data):
            return ["The status line that was there runs first; --replace shows ours alone."]
        return []

    def argv(self, data: bytes) -> tuple[str, ...]:
        """Return what Claude Code runs."""
        command = command_of((parse_object(data) or {}).get(KEY))
        return () if command is None else ("/bin/sh", "-c", command)

    def leave(self, here: Installation) -> list[str]:
        """Claude Code reads its settings anew, and needs the other one's lines no longer."""
        return leave(here)


HOST = ClaudeCode()
