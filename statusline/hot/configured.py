"""The settings in force: compiled once by whoever meets a changed ``config.toml``.

A prompt parses no TOML: it compares the file's identity with the one in ``settings.json``.
"""

from __future__ import annotations

import posix

from statusline.hot import reader, segments
from statusline.settings import SETTINGS_NAME, SETTINGS_SCHEMA, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from statusline.environ import Environment

MAX_BYTES = 64 * 1024


def settings(env: Environment) -> Settings:
    """Return what ``config.toml`` says, or the defaults where there is none."""
    source = identity(env)
    if source is None:
        if env.profile_dir is not None:
            _forget(env.profile_dir)
        return Settings()
    if env.profile_dir is not None:
        data = reader.read_file(f"{env.profile_dir}/{SETTINGS_NAME}", MAX_BYTES)
        compiled = None if data is None else reader.parse(data)
        # Another version's form counts as no file: it may know settings that this one does not.
        if (
            isinstance(compiled, dict)
            and compiled.get("source") == source
            and compiled.get("schema") == SETTINGS_SCHEMA
        ):
            from statusline import stored  # nothing to check where there is no config.toml

            return stored.read(compiled.get("settings"))
    from statusline.config.compiled import compile_for  # one slow render after a change
    from statusline.directory import foreign

    if env.profile_dir is not None and not foreign(env, env.profile_dir):
        # First away with what was made from the old settings: a hook that sees the new file
        # beside an old segment would take that for true.
        _remove_segments(env.profile_dir)
    return compile_for(env, source)


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
    _remove_segments(profile_dir)
    segments.remove(compiled)


def _remove_segments(profile_dir: str) -> None:
    for surface in segments.SEGMENT_SURFACES:
        segments.remove(segments.path_of(profile_dir, surface))


def identity(env: Environment) -> list[int] | None:
    """Return what tells one version of ``config.toml`` from the next, ``None`` for no file."""
    try:
        status = posix.stat(env.config_path or "")
    except (OSError, ValueError):
        return None
    return [status.st_mtime_ns, status.st_size, status.st_ino]
