"""The written report: Markdown with every table, and the chart beside it."""

from __future__ import annotations

import contextlib
import datetime
import os
import platform
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from tools.bench import tokens_page
from tools.bench.chart import chart
from tools.bench.figures import Bar
from tools.bench.table import BAR_HEAD, bar_row, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.bench.chart import Bar as ChartBar
    from tools.bench.peers import Peer

METHOD = """\
The programs of one table run in turns in changing order, so that a busy moment meets all of them
alike; ratios are meant within one table. Each run is started by a program of 50 kB
(`tools/bench/lap.c`) in a session of its own, with stdin as a filled pipe and stdout as a pipe, and
ends when the process ends. CPU and memory are the kernel's figures for that process and the
children that it waited for; what a daemon does meanwhile stands in the day's bill only. *Processes*
counts all that one run starts (`strace -f`), itself included. What Claude Code and tmux start goes
through `/bin/sh -c`, as they do it.
"""


@dataclass
class Report:
    """What a run of the bench found, in the order in which it is told."""

    machine: str
    command: str
    bars: list[Bar] = field(default_factory=list)
    sections: list[tuple[str, str]] = field(default_factory=list)
    groups: list[tuple[str, Sequence[ChartBar]]] = field(default_factory=list)

    def add(self, title: str, text: str, bars: Sequence[Bar] = ()) -> None:
        """Append a section; prints it too, so that a long run shows what it has."""
        self.sections.append((title, text))
        self.bars += bars
        tell(f"\n## {title}\n\n{text}")
        for bar in bars:
            tell(" ".join(bar_row(bar)))

    def bar_table(self) -> str:
        """The table of all bars."""
        return table(BAR_HEAD, [bar_row(bar) for bar in self.bars], left=4)

    def markdown(self) -> str:
        """The whole report."""
        parts = [
            f"# Benchmarks\n\nWritten by `{self.command}`; {self.machine}.\n",
            "![Cost of a render as multiples of sh -c :](benchmarks.svg)\n",
            f"## Bars\n\n{self.bar_table()}",
            *(f"## {title}\n\n{text}" for title, text in self.sections),
            f"## Method\n\n{METHOD}",
        ]
        return "\n".join(part.rstrip("\n") + "\n" for part in parts)

    def write(self, directory: str) -> None:
        """Write ``benchmarks.md`` and ``benchmarks.svg`` into ``directory``.

        What another bench wrote into the page stays.
        """
        path = f"{directory}/benchmarks.md"
        tokens = ""
        with contextlib.suppress(FileNotFoundError), open(path, encoding="utf-8") as file:
            tokens = tokens_page.taken(file.read())
        with open(path, "w", encoding="utf-8") as file:
            file.write(tokens_page.put(self.markdown(), tokens))
        caption = f"Cost of one render as multiples of sh -c : ({self.machine})"
        with open(f"{directory}/benchmarks.svg", "w", encoding="utf-8") as file:
            file.write(chart(self.groups, caption))


def machine(python: str) -> str:
    """Date, processor, system and interpreter in one line; nothing that names the machine."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    version = subprocess.run(
        [python, "-IS", "-c", "import sys; print(sys.version.split()[0])"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    load = f"load {os.getloadavg()[0]:.1f} before the start"
    cores = f"{os.cpu_count()} cores ({_processor()})"
    return f"{today}, {cores}, {load}, {system}, Python {version}"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.startswith("model name"):
                    return " ".join(line.partition(":")[2].split())
    except OSError:
        pass
    return platform.processor() or "unknown"


def peer_text(peers: Sequence[Peer], missing: dict[str, str], network: str) -> str:
    """Which peers were here, what each shows, and why others were not."""
    rows = [[peer.name, peer.version, peer.shows] for peer in peers]
    lines = [table(("peer", "version", "what it shows here"), rows, left=3)] if rows else []
    lines += [f"- not measured: {name}: {reason}\n" for name, reason in missing.items()]
    if network:
        lines.append(f"- the peers had a network: {network}\n")
    else:
        lines.append("- no network for any of them while it was measured\n")
    return "".join(lines)


def tell(text: str, stream: TextIO = sys.stdout) -> None:
    """Show a line at once."""
    stream.write(f"{text}\n")
    stream.flush()
