"""This project as its installer leaves it, and its cache in the states that are measured."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import time
from typing import Any

from tests.support.server import UsageServer, usage_answer
from tools.bench.homes import Home
from tools.bench.measure import Entry, FailedError

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
INSTALL_LIMIT_S = 180
WAIT_S = 15.0
#: Further ahead a render takes for a clock that was set back.
WARM_S = 6 * 3600


class Ours:
    """An installation below ``directory`` and a home whose cache is warm."""

    def __init__(self, directory: str, home: Home) -> None:
        self.prefix = f"{directory}/ours"
        self.launcher = f"{self.prefix}/bin/statusline"
        self.python = f"{self.prefix}/share/statusline/venv/bin/python"
        self.hooks = f"{self.prefix}/share/statusline/venv/site/statusline/hooks"
        self.home = home

    def install(self) -> None:
        """Install what the checkout holds now; raises ``FailedError``."""
        done = subprocess.run(
            [f"{ROOT}/install.sh", "--prefix", self.prefix],
            env=os.environ | {"HOME": self.home.path, "RUSTUP_HOME": "/nonexistent"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=INSTALL_LIMIT_S,
            check=False,
        )
        if done.returncode != 0:
            raise FailedError(f"install.sh: {done.stderr.strip()}")

    @property
    def version(self) -> str:
        """What ``statusline --version`` says last."""
        said = self.run("--version").stdout.split()
        return said[-1] if said else "?"

    @functools.cached_property
    def profile(self) -> str:
        """The directory of the cache."""
        return self.run("profile").stdout.strip()

    def environment(self, **extra: str) -> dict[str, str]:
        """The environment of a render; an API that refuses unless ``extra`` names another."""
        return self.home.environment(STATUSLINE_API_URL="http://127.0.0.1:9") | extra

    def run(self, *words: str, stdin: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
        """One run of the installed command, outside of any time."""
        with open(stdin or os.devnull, encoding="utf-8") as file:
            return subprocess.run(
                [self.launcher, *words],
                env=self.environment(**extra),
                cwd="/",
                stdin=file,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )

    def entry(self, name: str, *words: str, stdin: str = "", **more: Any) -> Entry:
        """``statusline WORDS`` as an entry of a comparison."""
        argv = [self.launcher, *words]
        return Entry(name, argv, self.environment(), "ours", stdin, cwd=self.home.work, **more)

    def warm(self) -> None:
        """Fill the cache by a real refresh and a real render, and let nothing be due for hours.

        Raises ``FailedError``.
        """
        self.forget()
        with UsageServer([usage_answer(61, 22, scoped={"Opus": 12.0})]) as server:
            self.run("refresh", STATUSLINE_API_URL=server.url)
            self.run("claude", stdin=self.home.stdin, STATUSLINE_API_URL=server.url)
            end = time.monotonic() + WAIT_S
            while not (known := self.snapshot()).get("sessions"):
                if time.monotonic() > end:
                    raise FailedError(f"the cache did not fill: {known.get('state')}")
                time.sleep(0.05)
        self.wait_for_refreshers()
        self.set_due(time.time() + WARM_S)

    def forget(self) -> None:
        """Empty the cache; a next refresh is a first one, and the spawn gate is open."""
        for name in os.listdir(self.profile) if os.path.isdir(self.profile) else []:
            os.unlink(f"{self.profile}/{name}")

    def open_gate(self) -> None:
        """Let the next render that finds something due start a refresher."""
        for name in os.listdir(self.profile):
            if name.startswith("spawn."):
                os.unlink(f"{self.profile}/{name}")

    def keep_true(self) -> None:
        """Let every segment be true for a while longer, for long runs that are about hooks."""
        until_s = time.time() + 600
        for name in os.listdir(self.profile):
            if name.startswith("segment."):
                os.utime(f"{self.profile}/{name}", (until_s, until_s))

    def snapshot(self) -> dict[str, Any]:
        """The contents of ``usage.json``, empty where there is none."""
        try:
            with open(f"{self.profile}/usage.json", encoding="utf-8") as file:
                value = json.load(file)
        except OSError:
            return {}
        return value if isinstance(value, dict) else {}

    def set_due(self, moment_s: float) -> None:
        """Let a refresh be due from ``moment_s`` (epoch s) on, as if it had been published so."""
        self.publish({"next_refresh_at": moment_s})

    def publish(self, changes: dict[str, Any]) -> None:
        """Put ``changes`` into ``usage.json``, in one step as a refresher does."""
        value = self.snapshot() | changes
        temporary = f"{self.profile}/usage.json.bench"
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            json.dump(value, file)
        os.replace(temporary, f"{self.profile}/usage.json")

    def wait_for_refreshers(self, limit_s: float = 30.0) -> None:
        """Wait until no refresher of this installation runs, at most ``limit_s``."""
        end = time.monotonic() + limit_s
        while time.monotonic() < end and self._refreshers():
            time.sleep(0.01)

    def _refreshers(self) -> bool:
        done = subprocess.run(
            ["pgrep", "-f", f"^{self.prefix}.* refresh"], capture_output=True, check=False
        )
        return done.returncode == 0
