"""The macOS Keychain item in which Claude Code keeps its login (docs/claude-code.md 5.2)."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import threading
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from statusline.login.secret import Secret
from statusline.system import programs

if TYPE_CHECKING:
    from statusline.system.environ import Environment

SERVICE = "Claude Code-credentials"
#: Where macOS has it; only where there is none is the search path looked at.
SYSTEM_TOOL = "/usr/bin/security"
LIMIT_BYTES = 1 << 20

#: ``security`` exits with the low byte of the OSStatus; this is errSecItemNotFound (-25300).
_EXIT_NOT_FOUND = 44
_CLOSING_S = 0.5


class KeychainItem(NamedTuple):
    """What the Keychain answered.

    ``state`` is "found", "missing" (no such item, or no Keychain at all), "too_large" or
    "keychain_locked" (refused, failed or took too long); ``text`` is set with "found" only.
    """

    state: str
    text: Secret | None = None


def read_keychain(env: Environment, *, timeout_s: float = 3.0) -> KeychainItem:
    """Return the text of the login item; never raises, takes at most ``timeout_s`` and a moment.

    A locked Keychain, or one that asks the user, does not answer in time: that is why no
    prompt may call this.
    """
    tool = _tool(env)
    if tool is None:
        return KeychainItem("missing")
    command = [tool, "find-generic-password", "-s", service(env), "-a", _account(env), "-w"]
    try:
        status, output = _run(command, _child_environment(env), timeout_s)
    except (OSError, ValueError):  # TimeoutError is an OSError; a NUL in a variable
        return KeychainItem("keychain_locked")
    if len(output) > LIMIT_BYTES:
        return KeychainItem("too_large")
    if status == _EXIT_NOT_FOUND:
        return KeychainItem("missing")
    if status != 0:
        return KeychainItem("keychain_locked")
    return KeychainItem("found", Secret(_text(output)))


def service(env: Environment) -> str:
    """Return the item's service name: the default one, or hashed for a directory of its own."""
    directory = env.securestorage_dir or env.claude_config_dir_raw
    if directory is None:
        return SERVICE
    normal = unicodedata.normalize("NFC", directory).encode("utf-8", "surrogateescape")
    return f"{SERVICE}-{hashlib.sha256(normal).hexdigest()[:8]}"


def _account(env: Environment) -> str:
    # Without -a the tool returns any of several items of that name (docs/claude-code.md 5.2).
    if env.user is not None:
        return env.user
    import pwd  # Windows has none

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return ""


def _tool(env: Environment) -> str | None:
    """Return the program's absolute path; never one found through the working directory (S22)."""
    return SYSTEM_TOOL if os.access(SYSTEM_TOOL, os.X_OK) else programs.which("security", env)


def _child_environment(env: Environment) -> dict[str, str]:
    """Return all that the tool gets to see: no token, no ANTHROPIC_* (S25)."""
    wanted = {"HOME": env.home, "USER": env.user, "PATH": programs.search_path(env)}
    return {name: value for name, value in wanted.items() if value}


def _run(command: list[str], variables: dict[str, str], timeout_s: float) -> tuple[int, bytes]:
    """Return exit status and output, at most LIMIT_BYTES + 1 bytes of it.

    What takes longer than ``timeout_s`` is killed; TimeoutError tells so.
    """
    process = subprocess.Popen(
        command,
        env=variables,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        process_group=0,
    )
    output: list[bytes] = []
    # A thread, since a grandchild may hold the pipe open for longer than the tool lives.
    collector = threading.Thread(target=_collect, args=(process, output), daemon=True)
    collector.start()
    collector.join(timeout_s)
    try:
        if not collector.is_alive():
            return process.wait(_CLOSING_S), b"".join(output)
    except subprocess.TimeoutExpired:
        pass
    _kill(process)
    process.wait()
    raise TimeoutError


def _collect(process: subprocess.Popen[bytes], output: list[bytes]) -> None:
    if process.stdout is not None:
        with process.stdout as pipe:
            output.append(pipe.read(LIMIT_BYTES + 1))


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the tool and its children: its process group has its id, and is ours alone."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()


def _text(output: bytes) -> str:
    """Undo ``security -w``, which prints hex as soon as one byte is not printable."""
    text = output.decode("utf-8", "replace").strip()
    if text.startswith("{"):
        return text
    try:
        return bytes.fromhex(text).decode("utf-8", "replace")
    except ValueError:
        return text
