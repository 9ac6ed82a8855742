"""The settings in force: compiled once by whoever meets a changed ``config.toml``.

A prompt parses no TOML: it compares the file's identity with the one in ``settings.json``.
"""

from __future__ import annotations

import posix

from statusline.segment import prerendered
from statusline.settings.settings import SETTINGS_NAME, SETTINGS_SCHEMA, SOURCE_NAME, Settings
from statusline.system import bounded_read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from statusline.system.environ import Environment

MAX_BYTES = 64 * 1024


def settings(env: Environment) -> Settings:
    """Return what ``config.toml`` says, or the defaults where there is none."""
    source = config_stamp(env)
    if source is None:
        if env.profile_dir is not None:
            _forget(env.profile_dir)
        return Settings()
    if env.profile_dir is not None:
        data = bounded_read.read_file(f"{env.profile_dir}/{SETTINGS_NAME}", MAX_BYTES)
        compiled = None if data is None else bounded_read.parse(data)
        # Another version's form counts as no file: it may know settings that this one does not.
        if (
            isinstance(compiled, dict)
            and compiled.get("source") == source
            and compiled.get("schema") == SETTINGS_SCHEMA
            and is_in_force(env.profile_dir, source)
        ):
            from statusline.settings import settings_json  # without a file there is none to read

            return settings_json.read(compiled.get("settings"))
    from statusline.settings.compiled import compile_for  # one slow render after a change
    from statusline.system.private_dir import foreign

    if env.profile_dir is not None and not foreign(env, env.profile_dir):
        _take_over(env.profile_dir)
    return compile_for(env, source)


def is_in_force(profile_dir: str, source: list[int] | None) -> bool:
    """Tell whether the segments are those of this version of this ``config.toml``.

    The cache is of one at a time: two terminals may each have their own. Whoever leaves a segment
    behind asks this afterwards, and takes it away again where another one has taken over.
    """
    try:
        if source is None:
            posix.stat(f"{profile_dir}/{SETTINGS_NAME}", follow_symlinks=False)
            return False
        return _identity(f"{profile_dir}/{SOURCE_NAME}") == source
    except OSError:
        return source is None


def _take_over(profile_dir: str) -> None:
    """Let nobody believe, or leave behind, what was made from another ``config.toml``.

    In this order: without the link hooks believe nothing, and who has written a segment before it
    went has written it before all of them go. A terminal without any sees ``settings.json``.
    """
    prerendered.remove(f"{profile_dir}/{SOURCE_NAME}")
    flags = posix.O_WRONLY | posix.O_CREAT | posix.O_CLOEXEC | posix.O_NOFOLLOW | posix.O_NONBLOCK
    try:
        posix.close(posix.open(f"{profile_dir}/{SETTINGS_NAME}", flags, 0o600))
    except OSError:
        return  # neither a segment nor anything else can be kept there
    finally:
        prerendered.remove_all(profile_dir)


def _forget(profile_dir: str) -> None:
    """Remove what was made from a ``config.toml`` that is gone.

    The segments first: hooks believe none while there is a ``settings.json`` without its source.
    """
    compiled = f"{profile_dir}/{SETTINGS_NAME}"
    try:
        status = posix.stat(compiled, follow_symlinks=False)
    except OSError:
        return
    if status.st_uid != posix.geteuid():
        return  # it is for its owner to notice
    prerendered.remove(f"{profile_dir}/{SOURCE_NAME}")
    prerendered.remove_all(profile_dir)
    prerendered.remove(compiled)


def config_stamp(env: Environment) -> list[int] | None:
    """Return what tells one version of ``config.toml`` from the next, ``None`` for no file."""
    try:
        return _identity(env.config_path or "")
    except (OSError, ValueError):
        return None


def _identity(path: str) -> list[int]:
    status = posix.stat(path)
    return [status.st_mtime_ns, status.st_size, status.st_ino]
