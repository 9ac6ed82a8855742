"""One run of install or uninstall: what every file becomes, shown first, then done.

Nothing is written before ``apply``. The order there is what makes a kill harmless: backup,
record, then the file on the way in; the file, then record and backup on the way out, where the
last record goes last.
"""

from __future__ import annotations

import contextlib
import copy
import json
from dataclasses import dataclass

from statusline.wiring import edit, kept_hooks, record
from statusline.wiring.host import Before, Host
from statusline.wiring.hosts import ALL
from statusline.wiring.installation import Installation, WiringError
from statusline.wiring.record import WiredFile, checksum


@dataclass
class Draft:
    """One file: ``path`` as the user knows it, its bytes now and then (``None``: no file).

    ``added`` are the surfaces that this run puts in.
    """

    path: str
    target: str
    before: bytes | None
    after: bytes | None
    original: bytes | None
    entry: WiredFile
    command: str | None = None
    added: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Tell whether the file will be another one."""
        return self.before != self.after


class Transaction:
    """What will be done; built by ``install`` and ``uninstall``, done by ``apply``."""

    def __init__(self, here: Installation) -> None:
        self.here = here
        self.record = record.load(here.data_dir)
        self.drafts: dict[str, Draft] = {}
        self._gone: list[str] = []

    def install(self, name: str, *, replace: bool = False) -> Draft:
        """Wire the host ``name`` in; raise ``WiringError``, then the plan is as it was."""
        host = ALL[name]
        draft = self._draft(host.path(self.here))
        before = Before(
            self.record.chain_path(draft.target),
            self._previous(draft, name),
            replace,
        )
        made = host.put(draft.after or b"", self.here, before)
        draft.after = made.data
        draft.entry.surfaces[name] = made.previous
        draft.command = made.command or draft.command
        draft.added += (name,)
        self.drafts[draft.target] = draft
        for path in host.left_places(self.here):
            self._uninstall_from(path, host)
        return draft

    def uninstall(self, name: str) -> list[Draft]:
        """Take the host ``name`` out of every file that has it; raise ``WiringError``."""
        host = ALL[name]
        paths = [entry.path for entry in self.record.files.values() if name in entry.surfaces]
        paths.append(host.path(self.here))
        found = [self._uninstall_from(path, host) for path in dict.fromkeys(paths)]
        return [draft for draft in found if draft is not None]

    def _uninstall_from(self, path: str, host: Host) -> Draft | None:
        name, target = host.name, edit.target_of(path)
        known = self.record.files.get(target)
        if (known is None or name not in known.surfaces) and not _mentions_us(target):
            return None  # nothing of ours: whatever state the file is in
        draft = self._draft(path)
        is_known = name in draft.entry.surfaces
        if not is_known and (draft.after is None or not host.is_in(draft.after)):
            return None
        self._take_out(draft, host)
        self.drafts[target] = draft
        return draft

    def _take_out(self, draft: Draft, host: Host) -> None:
        previous = self._previous(draft, host.name)
        draft.entry.surfaces.pop(host.name, None)
        if draft.after is None:
            return
        draft.after = host.drop(draft.after, previous)
        if not draft.entry.surfaces and draft.entry.written == checksum(draft.before):
            draft.after = draft.original
        # We made the file; what others have put into it since is no less theirs.
        is_empty = (draft.after or b"").strip() in (b"", b"{}")
        if not draft.entry.surfaces and not draft.entry.existed and is_empty:
            draft.after = None

    def _draft(self, path: str) -> Draft:
        """Return the draft for a file, a copy of the plan's if it has one."""
        target = edit.target_of(path)
        if target in self.drafts:
            return copy.deepcopy(self.drafts[target])
        now = edit.read(target)
        entry = copy.deepcopy(self.record.files.get(target)) or WiredFile(path)
        if entry.written == checksum(now) and entry.surfaces:
            original = self.record.backup(target)
            if original is not None or not entry.existed:
                return Draft(path, target, now, now, original, entry)
        original = self._without_us(now, path, target, entry)
        if not entry.surfaces or now is None:
            entry.existed = now is not None
            entry.directories = entry.directories or edit.missing_directories(target)
        entry.written = ""
        return Draft(path, target, now, now, original, entry)

    def _without_us(
        self, data: bytes | None, path: str, target: str, entry: WiredFile
    ) -> bytes | None:
        """Return what a file that others changed since would be without any surface."""
        for name, host in ALL.items():
            may_be_in = name in entry.surfaces or host.path(self.here) == path
            if data is not None and may_be_in and host.is_in(data):
                data = host.drop(data, self._stored(target, entry, name))
        return data

    def _previous(self, draft: Draft, name: str) -> str | None:
        return self._stored(draft.target, draft.entry, name)

    def _stored(self, target: str, entry: WiredFile, name: str) -> str | None:
        """Return what stood in a surface's place; without a record, what its chain file says."""
        found = entry.surfaces.get(name)
        if found is None and name == "claude" and name not in entry.surfaces:
            command = self.record.chained(target)
            if command is not None:
                found = json.dumps({"type": "command", "command": command}, ensure_ascii=False)
        return found

    def apply(self) -> tuple[list[Draft], list[str]]:
        """Write every change; return the drafts that failed, and everything that went wrong.

        A file that failed is as it was, and so is what the record says of it. Every other one is
        done, also where the record could not be saved after it: the next run notices. Raises
        ``WiringError`` where nothing could be begun.
        """
        failed: list[Draft] = []
        reasons: list[str] = []
        with record.locked(self.here.data_dir) as made:
            self._begin(made)
            unsaved = None
            for draft in self.drafts.values():
                known = self.record.files.get(draft.target)
                try:
                    self._write(draft)
                except WiringError as error:
                    failed.append(draft)
                    reasons.append(str(error))
                    self._go_back(draft, known)
                    unsaved = self._save()
                else:
                    if not draft.entry.surfaces:
                        self.record.files.pop(draft.target, None)
                        self._gone.append(draft.target)
                        unsaved = self._save()
            if unsaved is not None:  # only for a moment, maybe
                unsaved = self._save()
        reasons += [] if unsaved is None else [unsaved]
        return failed, list(dict.fromkeys(reasons))

    def _begin(self, made: list[str]) -> None:
        if record.load(self.here.data_dir).files != self.record.files:
            raise WiringError("Something was installed meanwhile.", "Run this again.")
        self.record.made = self.record.made or made
        if any(ALL[each].hooks for d in self.drafts.values() for each in d.entry.surfaces):
            kept_hooks.keep(self.here.data_dir)
        for target in (*self.record.files, *self.drafts):
            edit.sweep(target)

    def _write(self, draft: Draft) -> None:
        entry, target = draft.entry, draft.target
        if edit.read(target) != draft.before:
            raise WiringError(f"{draft.path} was changed meanwhile.", "Run this again.")
        if not entry.surfaces:
            if draft.after is None:
                edit.remove(target, entry.directories)
            elif draft.is_changed:
                edit.write(target, draft.after)
            return
        if draft.original is not None:
            self.record.keep_backup(target, draft.original)
        else:
            edit.remove(self.record.backup_path(target), [])
        if draft.command is not None:
            chain = self.record.chain_path(target)
            edit.write(chain, f"{draft.command}\n".encode("utf-8", "replace"), new_mode=0o600)
        entry.path, entry.written = draft.path, checksum(draft.after)
        self.record.files[target] = entry
        self.record.save()
        if draft.is_changed and draft.after is not None:
            edit.write(target, draft.after)

    def _go_back(self, draft: Draft, known: WiredFile | None) -> None:
        """Let the record say ``known`` of a file that failed, once it is saved."""
        if known is not None:
            self.record.files[draft.target] = known
            return
        self.record.files.pop(draft.target, None)
        if draft.original == draft.before:  # else our line in it may need its chain
            with contextlib.suppress(WiringError):
                self.record.remove_copies(draft.target)

    def _save(self) -> str | None:
        """Save the record and remove what it needs no longer; return what went wrong, if anything.

        A backup goes after the record that names it. A record of nothing goes last: without it
        nobody would look for what is left beside it.
        """
        try:
            if self.record.files:
                self.record.save()
            for target in self._gone:
                self.record.remove_copies(target)
            if not self.record.files:
                kept_hooks.remove(self.here.data_dir)
                self.record.save()
        except WiringError as error:
            return str(error)
        return None


def _mentions_us(target: str) -> bool:
    try:
        with open(target, "rb") as file:
            return b"statusline" in file.read(edit.MAX_BYTES)
    except OSError:
        return False
