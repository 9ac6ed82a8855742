"""A day's bill: 20 Claude Code sessions, 4 tmux clients and 10 shells on one machine."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.support.server import UsageServer
from tools.bench.measure import FailedError
from tools.bench.surfaces import claude_entry
from tools.bench.table import number, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.bench.measure import Entry
    from tools.bench.ours import Ours
    from tools.bench.peers import Peer

SESSIONS, CLIENTS, SHELLS = 20, 4, 10
#: Every session and client asks once a second; a shell shows a prompt every 10 s.
PROMPT_EVERY_S = 10.0
#: One session's use rises by a percent this often.
NEWS_EVERY_S = 10.0
HERE = os.path.dirname(__file__)
#: Whom to compare with, the first that is here: its Claude Code line, and what it documents for
#: tmux and shells, if anything.
CHOICES = (
    ("claude-statusbar with daemon", "claude-statusbar"),
    ("ccusage native", ""),
    ("CCometixLine", ""),
)
TITLE = "A day's bill"
TEXT = f"""\
{SESSIONS} Claude Code sessions and {CLIENTS} tmux clients that ask once a second, {SHELLS} shells
that show a prompt every {PROMPT_EVERY_S:.0f} s, one session whose use rises by a percent every
{NEWS_EVERY_S:.0f} s, one API on loopback. Starts with an empty cache, runs for two minutes (a peer
for 40 s) and is given per hour; all processes count, daemons and refreshers too. A run that would
start before the last one of its kind has ended is skipped.
"""


class Bill(NamedTuple):
    """What the mixed day came to in ``seconds`` of it."""

    name: str
    seconds: float
    cpu_s: float
    started: int
    skipped: int
    requests: int | None

    def row(self) -> list[str]:
        """Per hour, and the share of the runs that did not start since the last still ran."""
        hours = self.seconds / 3600
        asked = "–" if self.requests is None else number(self.requests / hours)
        wanted = self.started + self.skipped
        return [
            self.name,
            number(self.cpu_s / hours),
            number(self.cpu_s / self.seconds * 100) + " %",
            number(self.started / hours),
            f"{self.skipped / wanted * 100:.0f} %",
            asked,
        ]


HEAD = ("", "CPU s per hour", "of one core", "runs per hour", "skipped", "requests per hour")


def ours_bill(ours: Ours, tmux_line: Sequence[str], seconds: float) -> Bill:
    """The bill of this project, its refreshers and their requests included."""
    ours.forget()
    with UsageServer() as server:
        env = ours.environment(STATUSLINE_API_URL=server.url)
        files = [
            ours.home.write_stdin(f"session-{n}.json", session=_session(n)) for n in range(SESSIONS)
        ]
        jobs = [
            _job(claude_entry(ours, path), 1.0, n / SESSIONS, env) for n, path in enumerate(files)
        ]
        tmux = ours.entry("tmux", "tmux")
        jobs += [_job(tmux, 1.0, n / CLIENTS, env, tmux_line) for n in range(CLIENTS)]
        jobs += _shell_jobs(ours, env)
        stop = threading.Event()
        news = threading.Thread(target=_rise, args=(ours, stop), daemon=True)
        news.start()
        result = _work(jobs, seconds)
        stop.set()
        news.join()
        requests = server.count
    ours.wait_for_refreshers()
    return Bill(
        "statusline", seconds, result["cpu_s"], result["started"], result["skipped"], requests
    )


def _rise(ours: Ours, stop: threading.Event) -> None:
    """Let the first session's five-hour window rise while the day goes on."""
    used_pct = 62
    while not stop.wait(NEWS_EVERY_S):
        ours.home.write_stdin("news.json", session=_session(0), five_hour_pct=min(99, used_pct))
        os.replace(f"{ours.home.path}/news.json", f"{ours.home.path}/session-0.json")
        used_pct += 1


def _shell_jobs(ours: Ours, env: dict[str, str]) -> list[dict[str, Any]]:
    """Ten shells: with the bash hook ten lasting processes, else a command for each prompt."""
    hook = f"{ours.hooks}/prompt.bash"
    if not os.path.exists(hook):
        entry = ours.entry("bash", "bash")
        return [_job(entry, PROMPT_EVERY_S, n, env) for n in range(SHELLS)]
    # A read that times out waits without a process.
    script = (
        f"STATUSLINE_BIN={shlex.quote(ours.launcher)}; . {shlex.quote(hook)}; exec 9<>$1; "
        f'while ! read -r -t {PROMPT_EVERY_S:.0f} -u 9 _; do eval "$PROMPT_COMMAND"; done'
    )
    fifo = f"{ours.home.path}/never"
    if not os.path.exists(fifo):
        os.mkfifo(fifo)
    argv = ["bash", "--norc", "-c", script, "bash", fifo]
    return [
        {"argv": argv, "env": env, "stdin": "", "every_s": 0, "offset_s": n * 0.1}
        for n in range(SHELLS)
    ]


def peer_bill(peer: Peer, tmux: Peer | None, seconds: float) -> Bill:
    """The bill of one peer; for tmux and shells the command that it documents, if any."""
    peer.end()  # a daemon of its own has to start inside the count
    jobs = [_job(peer.entry("claude"), 1.0, n / SESSIONS) for n in range(SESSIONS)]
    if tmux is not None:
        command = tmux.entry("tmux")
        jobs += [_job(command, 1.0, n / CLIENTS) for n in range(CLIENTS)]
        jobs += [_job(command, PROMPT_EVERY_S, n) for n in range(SHELLS)]
    result = _work(jobs, seconds)
    name = f"{peer.name} {peer.version}" + ("" if tmux is not None else " (Claude Code only)")
    return Bill(name, seconds, result["cpu_s"], result["started"], result["skipped"], None)


def _session(number: int) -> str:
    return f"{number:08x}-56d4-434d-9cc6-0a4024d8c465"


def _job(
    entry: Entry,
    every_s: float,
    offset_s: float,
    env: dict[str, str] | None = None,
    argv: Sequence[str] = (),
) -> dict[str, Any]:
    return {
        "argv": list(argv or entry.argv),
        "env": dict(env or entry.env),
        "stdin": entry.stdin,
        "every_s": every_s,
        "offset_s": offset_s,
    }


def _work(jobs: list[dict[str, Any]], seconds: float) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-I", f"{HERE}/workload.py"],
        input=json.dumps({"jobs": jobs, "duration_s": seconds}),
        capture_output=True,
        text=True,
        cwd="/",
        timeout=seconds + 60,
        check=False,
    )
    if done.returncode != 0:
        raise FailedError(f"workload.py: {done.stderr[-400:]}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def bills(bills: Sequence[Bill]) -> str:
    """The table of bills."""
    return table(HEAD, [bill.row() for bill in bills])
