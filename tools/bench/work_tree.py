"""The same work for all: our richest preset beside the peers' defaults, in a git working tree."""

from __future__ import annotations

import contextlib
import os
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

from tools.bench import again
from tools.bench.comparison import as_started, compare
from tools.bench.measure import FailedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tools.bench.comparison import Comparison
    from tools.bench.measure import Entry, Stopwatch
    from tools.bench.ours import Ours
    from tools.bench.peers import Peer

TITLE = "Claude Code: two lines with a branch and bars, in a git working tree"
#: Directory, branch, model, effort, context and cost above the windows with their bars.
RICH = 'preset = "full"\n'
FILES = 40


def renders(
    stopwatch: Stopwatch,
    floors: Sequence[Entry],
    ours: Ours,
    peers: Sequence[Peer],
    budget_s: float,
) -> Comparison:
    """Each status line as it is in an ordinary project; some ask git, which takes processes."""
    shown = [peer for peer in peers if peer.claude]
    for home in (ours.home, *(peer.home for peer in shown)):
        if not os.path.isdir(f"{home.work}/.git"):
            _make_tree(home.work)
    with _configured(ours):
        ours.warm()
        same, _large, _stale, changed = again.entries(ours)
        entries = [
            *floors,
            replace(same, name="statusline, preset full, nothing shown has changed"),
            replace(changed, name="statusline, preset full, something has changed"),
            *(as_started(peer.entry("claude")) for peer in shown),
        ]
        return compare(stopwatch, entries, budget_s)


@contextlib.contextmanager
def _configured(ours: Ours) -> Iterator[None]:
    path = f"{ours.home.path}/.config/statusline/config.toml"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(RICH)
    try:
        yield
    finally:
        os.unlink(path)


def _make_tree(directory: str) -> None:
    """Make a repository of some files, one of them changed since; raises ``FailedError``."""
    for number in range(FILES):
        with open(f"{directory}/{number}.txt", "w", encoding="utf-8") as file:
            file.write("made up\n" * 100)
    who = ("-c", "user.name=bench", "-c", "user.email=bench")
    for words in (("init", "-q", "-b", "main"), ("add", "."), (*who, "commit", "-qm", "first")):
        try:
            subprocess.run(["git", "-C", directory, *words], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise FailedError(f"git {words[0]}: {error}") from error
    with open(f"{directory}/0.txt", "a", encoding="utf-8") as file:
        file.write("changed\n")
