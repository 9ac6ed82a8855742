"""Other status lines, as their own instructions install them, each in a throw-away home.

None of them has a network while it is measured: what they show comes from stdin, transcripts
and caches that were filled before.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from tests.support.server import UsageServer
from tools.bench.homes import Home
from tools.bench.measure import Entry
from tools.bench.registries import (
    MissingError,
    newest_npm,
    npm,
    npm_platform,
    npm_version,
    pypi,
    pypi_version,
    python_from,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class Peer(NamedTuple):
    """One peer that is here: what it is, what it shows, and the command for each host.

    ``claude`` and ``tmux`` are argv as the host starts them, empty where it has none.
    """

    name: str
    version: str
    shows: str
    home: Home
    claude: tuple[str, ...] = ()
    tmux: tuple[str, ...] = ()
    reads_transcripts: bool = False
    start: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    cwd: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    def entry(self, host: str, *, before: Callable[[], None] | None = None) -> Entry:
        """The peer in a comparison for ``host``, "claude" or "tmux"."""
        argv = self.claude if host == "claude" else self.tmux
        return Entry(
            self.name,
            argv,
            self.environment(),
            stdin=self.home.stdin if host == "claude" else "",
            cwd=self.cwd or self.home.work,
            note=self.shows,
            before=before,
        )

    def environment(self) -> dict[str, str]:
        """The environment it runs in."""
        return self.home.environment(COLUMNS="120", **dict(self.extra))

    def begin(self) -> subprocess.Popen[bytes] | None:
        """Start its daemon, where it has one that does not start itself."""
        if not self.start:
            return None
        return subprocess.Popen(
            self.start,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def end(self) -> None:
        """Stop what it left running by itself."""
        if self.stop:
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                subprocess.run(
                    self.stop,
                    env=self.environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    timeout=20,
                    check=False,
                )


def set_up(directory: str) -> tuple[list[Peer], dict[str, str]]:
    """Install every peer below ``directory``; return those that are here, and why others are not.

    A directory that holds them already is used as it is, with homes made anew.
    """
    found: list[Peer] = []
    missing: dict[str, str] = {}
    with ThreadPoolExecutor(3) as pool:  # most of the time is the registries'
        coming = {name: pool.submit(install, directory) for name, install in INSTALLERS.items()}
        for name, future in coming.items():
            try:
                found += future.result()
            except (MissingError, OSError, KeyError, ValueError) as error:
                missing[name] = str(error) or type(error).__name__
    return found, missing


def _home(directory: str, name: str) -> Home:
    return Home(f"{directory}/homes/{name}")


def _ccstatusline(directory: str) -> list[Peer]:
    where = npm(f"{directory}/ccstatusline", "ccstatusline")
    version = npm_version(where, "ccstatusline")
    home = _home(directory, "ccstatusline")
    items = ("model", "context-percentage", "session-usage", "weekly-usage")
    widgets: list[dict[str, str]] = []
    for number, item in enumerate(items):
        widgets += [{"id": f"s{number}", "type": "separator"}] if widgets else []
        widgets.append({"id": str(number), "type": item})
    os.makedirs(f"{home.path}/.config/ccstatusline")
    with open(f"{home.path}/.config/ccstatusline/settings.json", "w", encoding="utf-8") as file:
        json.dump({"version": 4, "lines": [widgets, [], []]}, file)
    shows = "model, context, 5-hour and weekly use, all from stdin (its default has git instead)"
    command = (f"{where}/node_modules/.bin/ccstatusline",)
    npx = ("npx", "--offline", "--no-install", "ccstatusline")
    return [
        Peer("ccstatusline", version, shows, home, command),
        Peer("ccstatusline, its default", version, "model, context, git branch and changes",
             _home(directory, "ccstatusline-default"), command),
        Peer("ccstatusline through npx", version, f"{shows}; as documented", home, npx, cwd=where),
    ]  # fmt: skip


def ccusage_native(directory: str) -> tuple[str, str]:
    """Return the path of ccusage's own binary and its version; raises ``MissingError``."""
    where = npm(f"{directory}/ccusage", "ccusage")
    package = f"@ccusage/ccusage-{npm_platform()}"
    if not os.path.isdir(f"{where}/node_modules/{package}"):
        # The newest launcher may be there before its binary.
        npm(where, f"ccusage@{newest_npm(package)}")
    binary = f"{where}/node_modules/{package}/bin/ccusage"
    if not os.path.exists(binary):
        raise MissingError(f"{package} brings no binary")
    os.chmod(binary, 0o755)  # noqa: S103  # what its own launcher does at the first run
    return binary, npm_version(where, "ccusage")


def _ccusage_npm(directory: str) -> list[Peer]:
    binary, version = ccusage_native(directory)
    where = f"{directory}/ccusage"
    shows = "model, cost of session, day and block from transcripts, context; no limits"
    return [
        Peer(name, version, shows + extra, _home(directory, name.replace(" ", "-")), command,
             reads_transcripts=True)
        for name, extra, command in (
            ("ccusage native", "", (binary, "statusline")),
            ("ccusage", "; as npm starts it",
             (f"{where}/node_modules/.bin/ccusage", "statusline")),
        )
    ]  # fmt: skip


def _ccline(directory: str) -> list[Peer]:
    where = npm(f"{directory}/ccline", "@cometix/ccline")
    binary = f"{where}/node_modules/@cometix/ccline-{npm_platform()}/ccline"
    if not os.path.exists(binary):
        raise MissingError(f"no binary for {npm_platform()}")
    version = npm_version(where, "@cometix/ccline")
    shows = "model, directory, git branch, context from the transcript"
    plain = Peer("CCometixLine", version, f"{shows}; its default", _home(directory, "ccline"),
                 (binary,), reads_transcripts=True)  # fmt: skip
    return [plain, _ccline_with_usage(directory, binary, version, shows)]


def _ccline_with_usage(directory: str, binary: str, version: str, shows: str) -> Peer:
    """The same with its usage segment on; one request to a loopback API fills its cache."""
    home = _home(directory, "ccline-usage")
    peer = Peer("CCometixLine with usage", version, f"{shows}, 5-hour use from its cache of the"
                " API, which is kept warm here", home, (binary,))  # fmt: skip
    folder = f"{home.path}/.claude/ccline"
    run_once(peer)
    with open(f"{folder}/themes/default.toml", encoding="utf-8") as file:
        before, mark, after = file.read().partition('id = "usage"')
    after = after.replace("enabled = false", "enabled = true", 1)
    after = after.replace("cache_duration = 180", "cache_duration = 86400", 1)
    with UsageServer() as server:
        after = after.replace("https://api.anthropic.com", server.url, 1)
        with open(f"{folder}/config.toml", "w", encoding="utf-8") as file:
            file.write(before + mark + after)
        run_once(peer)
    if not os.path.exists(f"{folder}/.api_usage_cache.json"):
        raise MissingError("its usage segment made no cache")
    return peer


def _claude_statusbar(directory: str) -> list[Peer]:
    where = pypi(f"{directory}/claude-statusbar", "claude-statusbar")
    version = pypi_version(where, "claude-statusbar")
    command = f"{where}/bin/cs"
    shows = "5-hour and weekly use, model, context, directory, git, from stdin"
    still = (("CLAUDE_STATUSBAR_NO_UPDATE", "1"),)
    inline = Peer(
        "claude-statusbar", version, f"{shows}; without its daemon",
        _home(directory, "claude-statusbar"), (command,),
        (f"{where}/bin/claude-statusbar",), extra=still,
    )  # fmt: skip
    fast = Peer(
        "claude-statusbar with daemon", version, f"{shows}; a daemon draws once a second",
        _home(directory, "claude-statusbar-daemon"), (command, "render"),
        stop=(command, "daemon", "stop"), extra=still,
    )  # fmt: skip
    return [inline, fast]


def _ccusage_pypi(directory: str) -> list[Peer]:
    where = pypi(f"{directory}/ccusage-pypi", "ccusage", python_from(12))
    version = pypi_version(where, "ccusage")
    shows = "directory, model, cost; its limits come from the API, which is not there"
    command = (f"{where}/bin/ccusage", "statusline")
    return [Peer("ccusage (PyPI)", version, shows, _home(directory, "ccusage-pypi"), command)]


def _powerline(directory: str) -> list[Peer]:
    where = pypi(f"{directory}/powerline", "powerline-status")
    version = pypi_version(where, "powerline-status")
    home = _home(directory, "powerline")
    socket = f"{home.path}/socket"
    shows = "load, uptime, date and host in tmux; nothing of Claude"
    words = ("tmux", "right", "-R", "pane_id=1")
    alone = Peer(
        "powerline without daemon",
        version,
        shows,
        home,
        tmux=(f"{where}/bin/powerline-render", *words),
    )
    client = Peer(
        "powerline with daemon",
        version,
        shows,
        home,
        tmux=(f"{where}/bin/powerline", "--socket", socket, *words),
        start=(f"{where}/bin/powerline-daemon", "-f", "-s", socket),
    )
    return [alone, client]


def run_once(peer: Peer) -> bytes:
    """Return what the peer prints in Claude Code, outside of any time."""
    with open(peer.home.stdin, "rb") as file:
        done = subprocess.run(
            peer.claude,
            env=peer.environment(),
            cwd=peer.cwd or peer.home.work,
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
    return done.stdout


def _ccstatus(directory: str) -> list[Peer]:
    where = npm(f"{directory}/ccstatus", "ccstatus")
    version = npm_version(where, "ccstatus")
    home = _home(directory, "ccstatus")
    command = (f"{where}/node_modules/.bin/ccstatus",)
    return [Peer("ccstatus", version, "model, context, limits from stdin", home, command)]


INSTALLERS: dict[str, Callable[[str], list[Peer]]] = {
    "ccstatusline (npm)": _ccstatusline,
    "ccusage (npm)": _ccusage_npm,
    "@cometix/ccline (npm)": _ccline,
    "ccstatus (npm)": _ccstatus,
    "claude-statusbar (PyPI)": _claude_statusbar,
    "ccusage (PyPI)": _ccusage_pypi,
    "powerline-status (PyPI)": _powerline,
}
