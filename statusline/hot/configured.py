"""The settings in force: compiled once by whoever meets a changed ``config.toml``.

A prompt parses no TOML: it compares the file's identity with the one in ``settings.json``.
"""

from __future__ import annotations

import posix

from statusline.hot import reader
from statusline.model import mapping
from statusline.settings import SETTINGS_NAME, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from statusline.environ import Environment

MAX_BYTES = 64 * 1024


def settings(env: Environment) -> Settings:
    """Return what ``config.toml`` says, or the defaults where there is none."""
    source = identity(env)
    if source is None:
        return Settings()
    if env.profile_dir is not None:
        data = reader.read_file(f"{env.profile_dir}/{SETTINGS_NAME}", MAX_BYTES)
        compiled = mapping(None if data is None else reader.parse(data))
        if compiled.get("source") == source:
            return Settings.from_json(compiled.get("settings"))
    from statusline.config.compiled import compile_for  # one slow render after a change

    return compile_for(env, source)


def identity(env: Environment) -> list[int] | None:
    """Return what tells one version of ``config.toml`` from the next, ``None`` for no file."""
    try:
        status = posix.stat(env.config_path or "")
    except (OSError, ValueError):
        return None
    return [status.st_mtime_ns, status.st_size, status.st_ino]
