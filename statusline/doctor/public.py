"""What may be told to strangers: paths of which only well-known parts are named, and no secrets.

Nothing private is put into a report in the first place; ``scrubbed`` is for what was overlooked.
"""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from statusline.doctor.context import Context
from statusline.system.text import below_home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from statusline.system.environ import Environment

#: What stands for a part of a path that only its user knows.
ELIDED = "…"
#: The parts of paths that are the same everywhere.
_KNOWN = frozenset(
    (
        *("~", "usr", "local", "opt", "homebrew", "bin", "sbin", "etc", "lib", "share", "nix"),
        *("store", "Library", "snap", "Cellar", ".local", ".config", ".cache", ".claude"),
        *("statusline", "usage-statusline", "claude-code", "hooks", "venv", "backups", "uv"),
        *("tools", "pipx", "venvs", "systemd", "user", "tmux", "fish", "conf.d", "functions"),
        *(".bashrc", ".bash_profile", ".bash_login", ".profile", ".zshrc", ".zshenv", ".p10k.zsh"),
        *(".zprofile", "config.fish", "statusline.fish", "starship.toml", ".tmux.conf"),
        *(".tmux.conf.local", "tmux.conf", "tmux.conf.local", "settings.json", "config.toml"),
        *("settings.local.json", "managed-settings.json", ".credentials.json", ".claude.json"),
        *(".config.json", "usage.json", "state.json", "history.sqlite3", "tokens.sqlite3", "lock"),
        *("projects", "claude-code.sh", "tmux.sh", "starship.sh", "prompt.bash", "prompt.zsh"),
        *("rprompt.zsh", "prompt.fish", "p10k.zsh", ".codex", "statusline.service", "sh", "bash"),
        *("statusline.timer", "installed.json", "python3", "python", "zsh", "starship", ".venv"),
    )
)
_SECRET = re.compile(r"sk-ant-[\w-]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<=://)[^\s/@]+@")
#: Variables whose values are, or hold, something private.
_VARIABLES = (
    *("CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "HTTPS_PROXY"),
    *("https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy", "USER", "LOGNAME"),
    *("HOSTNAME", "HOST", "SSH_CONNECTION", "SSH_CLIENT"),
)
#: Names of users and hosts that tell nobody's.
_COMMON = ("root", "user", "admin", "claude", "statusline", "tmux", "python", "linux", "localhost")
_FEWEST_LETTERS = 3


@dataclass(frozen=True)
class Public(Context):
    """A context whose checks name no path that only this user has."""

    def tidy(self, path: str) -> str:
        """Return a path for everybody's screen."""
        return public_path(path, self.env.home)


def public_path(path: str, home: str | None) -> str:
    """Return a path with ``~`` for the home directory, without what only its user knows."""
    parts = [part if part in _KNOWN else ELIDED for part in below_home(path, home).split("/")]
    if path.startswith("/") and parts[0] == ELIDED:
        parts[0] = ""
    before = ["", *parts]
    return "/".join(part for at, part in enumerate(parts) if part != ELIDED or before[at] != ELIDED)


def scrubbed(text: str, env: Environment) -> str:
    """Return text without this user's names and directories, and without any token or address."""
    for directory in filter(None, (env.home, env.claude_dir, env.cache_root)):
        text = text.replace(directory, ELIDED)
    for value in sorted(_private(env), key=len, reverse=True):
        text = re.sub(rf"(?<![\w-]){re.escape(value)}(?![\w-])", ELIDED, text)
    return _SECRET.sub(ELIDED, text)


def _private(env: Environment) -> Iterator[str]:
    """Yield what names this user or machine, or opens a door."""
    node = platform.node()
    found = [node, node.partition(".")[0], os.path.basename(env.home or "")]
    found += [value for name in _VARIABLES if (value := env.get(name))]
    for value in found:
        if len(value) >= _FEWEST_LETTERS and value.casefold() not in _COMMON:
            yield value
