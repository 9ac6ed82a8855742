"""Warm renders: every surface of ours beside the floors and the peers that serve the same host."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from tools.bench import again
from tools.bench.comparison import PYTHON_FLOOR, SHELL_FLOOR, as_started, compare
from tools.bench.figures import Bar
from tools.bench.measure import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.bench.comparison import Comparison
    from tools.bench.measure import Stopwatch
    from tools.bench.ours import Ours
    from tools.bench.peers import Peer

#: The first word of a render, and "" for the bare command.
WORDS = ("", "claude", "tmux", "starship", "bash", "zsh", "fish", "plain")
PYTHON_BAR = 1.35
INSTALLED = "statusline in Claude Code, as installed"


def claude_entry(ours: Ours, stdin: str = "") -> Entry:
    """The line that ``statusline install claude`` writes; without CLAUDE_PID it starts Python."""
    plain = ours.entry(INSTALLED, "claude", stdin=stdin or ours.home.stdin)
    return replace(plain, argv=again.command(ours))


def claude_code(
    stopwatch: Stopwatch,
    floors: Sequence[Entry],
    ours: Ours,
    peers: Sequence[Peer],
    budget_s: float,
) -> tuple[Comparison, list[Bar]]:
    """The Claude Code line, stdin included, all started through ``/bin/sh -c`` like there."""
    ours.warm()
    direct = ours.entry("statusline claude, started directly", "claude", stdin=ours.home.stdin)
    entries = [*floors, claude_entry(ours), direct, *again.entries(ours)]
    entries += [as_started(peer.entry("claude")) for peer in peers if peer.claude]
    seen = compare(stopwatch, entries, budget_s)
    figure = seen.ratio(INSTALLED, PYTHON_FLOOR)
    what = "Claude Code line as installed, warm, stdin included"
    note = "" if figure is None else f"CPU {seen.cpu_ratio(INSTALLED, PYTHON_FLOOR):.2f} ×"
    bars = again.bars(seen, INSTALLED)
    return seen, [Bar(what, PYTHON_BAR, figure, "× python3 -IS -c pass", note), *bars]


def every_word(
    stopwatch: Stopwatch, floors: Sequence[Entry], ours: Ours, budget_s: float
) -> tuple[Comparison, list[Bar]]:
    """``statusline`` on any surface, started directly; the bar is about the slowest of them."""
    ours.warm()
    entries = [*floors]
    for word in WORDS:
        stdin = ours.home.stdin if word in ("", "claude") else ""
        entries.append(ours.entry(f"statusline {word}".rstrip(), *word.split(), stdin=stdin))
    seen = compare(stopwatch, entries, budget_s)
    ratios = {
        entry.name: seen.ratio(entry.name, PYTHON_FLOOR) or 0.0
        for entry in seen.entries
        if entry.kind == "ours"
    }
    slowest = max(ratios, key=lambda name: ratios[name])
    what = f"`statusline` on any surface, warm; the slowest: `{slowest}`"
    note = f"CPU {seen.cpu_ratio(slowest, PYTHON_FLOOR):.2f} ×"
    return seen, [Bar(what, PYTHON_BAR, ratios[slowest], "× python3 -IS -c pass", note)]


def tmux_line(ours: Ours, surface: str) -> list[str]:
    """The line that ``statusline install tmux`` or ``starship`` writes, as the host starts it."""
    hook = f"{ours.hooks}/{surface}.sh"
    line = shlex.join([ours.launcher, surface])
    if os.path.exists(hook):
        known = {"STATUSLINE_PROFILE": ours.profile, "STATUSLINE_BIN": ours.launcher}
        values = " ".join(f"{name}={shlex.quote(value)}" for name, value in known.items())
        line = f"{values}; . {shlex.quote(hook)}"
    return ["/bin/sh", "-c", line]


def tmux(
    stopwatch: Stopwatch,
    floors: Sequence[Entry],
    ours: Ours,
    peers: Sequence[Peer],
    budget_s: float,
) -> tuple[Comparison, list[Bar]]:
    """The tmux and starship lines with a true segment; peers that have a tmux line of theirs."""
    ours.warm()
    entries = [*floors]
    for surface in ("tmux", "starship"):
        plain = ours.entry(f"statusline in {surface}, as installed", surface, before=ours.keep_true)
        entries.append(replace(plain, argv=tmux_line(ours, surface)))
    entries.append(as_started(ours.entry("statusline tmux, without the hook", "tmux")))
    entries += [as_started(peer.entry("tmux")) for peer in peers if peer.tmux]
    seen = compare(stopwatch, entries, budget_s)
    hooked = [entry.name for entry in seen.entries if entry.name.endswith("as installed")]
    bars = [
        Bar(f"{name.removesuffix(', as installed')}, segment true", 1.2,
            seen.ratio(name, SHELL_FLOOR), "× sh -c :")
        for name in hooked
    ]  # fmt: skip
    rivals = [entry.name for entry in seen.entries if entry.kind == "peer"]
    fastest = min(rivals, key=lambda name: seen.summaries[name].median_ms, default="")
    if fastest:
        slowest = max(hooked, key=lambda name: seen.summaries[name].median_ms)
        what = f"tmux, starship: ahead of every peer (the fastest: {fastest})"
        bars.append(Bar(what, 1, seen.ratio(slowest, fastest), "× that peer"))
    return seen, bars


def not_first(seen: Comparison) -> str:
    """Say which peers are faster than our line while nothing has changed, or that none is."""
    ours_ms = seen.summaries[again.AGAIN].median_ms
    faster = [
        f"{entry.name} ({entry.note})"
        for entry in seen.entries
        if entry.kind == "peer" and seen.summaries[entry.name].median_ms < ours_ms
    ]
    return f"Faster than ours: {'; '.join(faster) or 'none'}.\n"
