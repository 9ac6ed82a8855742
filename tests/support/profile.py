"""A throw-away home with a made-up login, and the real program that runs in it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from statusline.system.environ import Environment

from . import quiet
from .canary import MARK, email, token
from .login import sign_in
from .patience import HANG_S
from .program import argv, environment
from .real_line import NOBODY, close_gate, fill

TOKEN = token("first")
OTHER_TOKEN = token("second")
_MOMENTS = ("wall_s", "boot_s", "written_at", "attempted_at", "succeeded_at", "observed_at")
_MOMENTS_AHEAD = ("next_refresh_at", "next_allowed_at", "resets_at")


class Profile:
    """One home directory, one server, one cache; `variables` are set for every process."""

    def __init__(self, home: Path, url: str, **variables: str) -> None:
        self.home = home
        self.environment = environment(home, STATUSLINE_API_URL=url, **variables)
        directory = Environment(self.environment).profile_dir
        assert directory is not None
        self.directory = Path(directory)
        (home / ".claude").mkdir(mode=0o700, parents=True)
        self.sign_in()

    def sign_in(self, token: str = TOKEN, *, lasts_s: float = 7200.0, **fields: Any) -> None:
        """Write the credentials file; `fields` are added to the login, or replace in it."""
        sign_in(self.home, token, lasts_s=lasts_s, **fields)

    def write_claude_json(self, account: str, **members: object) -> None:
        """Write Claude Code's own configuration, which names the signed-in account."""
        person = {"accountUuid": account, "emailAddress": email("ada"), "displayName": MARK}
        document = {"oauthAccount": person, **members}
        (self.home / ".claude.json").write_text(json.dumps(document))

    def configure(self, text: str) -> None:
        """Write config.toml."""
        path = self.home / ".config" / "statusline" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run(self, *words: str, through: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        """Run ``statusline WORDS`` to its end, `through` a program that starts it."""
        return subprocess.run(
            [*through, *argv(*words)],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=HANG_S,
            check=False,
        )

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start ``statusline WORDS`` and do not wait."""
        return subprocess.Popen(
            argv(*words),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def usage(self) -> dict[str, Any]:
        """What usage.json holds."""
        return self._read("usage.json")

    def state(self) -> dict[str, Any]:
        """What state.json holds."""
        return self._read("state.json")

    def _read(self, name: str) -> dict[str, Any]:
        document = json.loads((self.directory / name).read_text())
        assert isinstance(document, dict)
        return document

    def shown(self) -> str:
        """What the tmux segment says, without tmux's own style marks."""
        line = self.run("tmux").stdout
        while "#[" in line:
            before, _, rest = line.partition("#[")
            line = before + rest.partition("]")[2]
        return line.strip()

    def let_pass(self, seconds: float) -> None:
        """Let time pass for the cache: every moment in it moves back by `seconds`."""
        for name in ("usage.json", "state.json"):
            path = self.directory / name
            if path.exists():
                beside = self.directory / f".moved-{name}"
                beside.write_text(json.dumps(_moved(self._read(name), seconds)))
                beside.chmod(path.stat().st_mode & 0o777)
                beside.replace(path)  # whoever reads meanwhile reads a whole one

    def processes(self) -> list[int]:
        """The ids of all processes that have this home in their environment (Linux)."""
        return quiet.processes_of(self.home)

    def wait_until_quiet(self) -> bool:
        """Whether no process is left in this home, which is waited for."""
        return quiet.wait_until_quiet(self.home)


def _moved(value: Any, seconds: float) -> Any:
    if isinstance(value, list):
        return [_moved(item, seconds) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: item - seconds
        if name in (*_MOMENTS, *_MOMENTS_AHEAD) and isinstance(item, int | float)
        else _moved(item, seconds)
        for name, item in value.items()
    }


def quiet_profile(home: Path, *, with_numbers: bool = False) -> Profile:
    """A profile whose render may start no refresher, so that a case is one process."""
    made = Profile(home, NOBODY)
    close_gate(made.directory)
    if with_numbers:
        fill(made.directory)
    return made
