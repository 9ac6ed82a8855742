"""What was installed where: ``installed.json`` in the data directory, and the backups beside it.

The record says how to put a file back: its bytes from before, as long as nobody else has
changed it since, and what Claude Code's status line was.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from statusline.system import directory_lock
from statusline.system.errors import reason
from statusline.wiring import edit
from statusline.wiring.installation import WiringError

_NAME, _BACKUPS = "installed.json", "backups"


@dataclass
class WiredFile:
    """One file that surfaces were wired into.

    ``written`` is the SHA-256 of what we left there, ``existed`` whether there was a file
    before us, ``directories`` those made for it, outermost first. ``surfaces`` maps each
    surface in it to what stood in its place before (Claude Code's status line, as JSON text).
    """

    path: str
    written: str = ""
    existed: bool = False
    directories: list[str] = field(default_factory=list)
    surfaces: dict[str, str | None] = field(default_factory=dict)


@dataclass
class Record:
    """Every file that holds something of ours, by the path of the file itself."""

    directory: str
    files: dict[str, WiredFile] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)

    def backup_path(self, target: str) -> str:
        """Return where the bytes of ``target`` from before us are kept."""
        return f"{self.directory}/{_BACKUPS}/{short(target)}-{os.path.basename(target)}"

    def chain_path(self, target: str) -> str:
        """Return where the command that ran before ours in ``target`` is kept."""
        return f"{self.directory}/chain-{short(target)}"

    def save(self) -> None:
        """Write the record, mode 0600; remove it and its directories once nothing is in it."""
        if self.files:
            value = {
                "schema": 1,
                "made": self.made,
                "files": {target: asdict(entry) for target, entry in self.files.items()},
            }
            text = json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
            edit.write(f"{self.directory}/{_NAME}", text.encode(), new_mode=0o600)
            return
        with contextlib.suppress(OSError):
            os.rmdir(f"{self.directory}/{_BACKUPS}")
        edit.remove(f"{self.directory}/{_NAME}", self.made)

    def keep_backup(self, target: str, data: bytes) -> None:
        """Keep the bytes of ``target`` from before us, mode 0600 in a directory of ours."""
        path = self.backup_path(target)
        try:
            os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
        except OSError as error:
            raise WiringError(f"{path} cannot be written: {reason(error)}.") from None
        edit.write(path, data, new_mode=0o600)

    def remove_copies(self, target: str) -> None:
        """Remove what is kept of ``target``: its backup, and the command of its chain."""
        for path in (self.backup_path(target), self.chain_path(target)):
            edit.remove(path, [])

    def backup(self, target: str) -> bytes | None:
        """Return the bytes of ``target`` from before us, ``None`` where they are lost."""
        try:
            with open(self.backup_path(target), "rb") as file:
                return file.read()
        except OSError:
            return None

    def chained(self, target: str) -> str | None:
        """Return the command that runs before ours in ``target``, ``None`` for none."""
        try:
            with open(self.chain_path(target), encoding="utf-8") as file:
                return file.read().removesuffix("\n")
        except (OSError, UnicodeDecodeError):
            return None


def short(target: str) -> str:
    """Return a short name for a path, 16 hex digits."""
    return hashlib.sha256(target.encode()).hexdigest()[:16]


def checksum(data: bytes | None) -> str:
    """Return the SHA-256 of a file's bytes, "" for no file."""
    return "" if data is None else hashlib.sha256(data).hexdigest()


def load(directory: str) -> Record:
    """Return the record; one that is missing is empty, one that is damaged is refused."""
    path = f"{directory}/{_NAME}"
    try:
        with open(path, "rb") as file:
            value = json.loads(file.read(edit.MAX_BYTES))
        if value["schema"] != 1:
            raise WiringError(
                f"{path} was written by a newer statusline.",
                "Update this one; `statusline update` says how.",
            )
        files = {target: WiredFile(**entry) for target, entry in value["files"].items()}
        return Record(directory, files, list(value["made"]))
    except FileNotFoundError:
        return Record(directory)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise WiringError(f"{path} cannot be read.", "Move it away and run this again.") from None


@contextlib.contextmanager
def locked(directory: str) -> Iterator[list[str]]:
    """Hold the data directory for one run; yields the directories made for it.

    The lock is on the directory itself, so that none is left lying about.
    """
    with contextlib.ExitStack() as stack:
        try:
            made = edit.missing_directories(f"{directory}/{_NAME}")
            stack.callback(edit.remove_directories, made)
            os.makedirs(directory, mode=0o700, exist_ok=True)
            is_free = stack.enter_context(directory_lock.held(directory))
        except (OSError, WiringError):
            raise WiringError(f"{directory} cannot be written.", "Set XDG_DATA_HOME.") from None
        if not is_free:
            raise WiringError("Another install or uninstall is running.", "Wait for it.")
        yield made
