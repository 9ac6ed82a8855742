"""Keep the compiled settings beside the cache, so that a prompt need not compile them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from statusline.settings.load import load
from statusline.settings.settings import SETTINGS_NAME, SETTINGS_SCHEMA, SOURCE_NAME
from statusline.system import atomic_write, profile_dir

if TYPE_CHECKING:
    from statusline.settings.settings import Settings
    from statusline.system.environ import Environment


def compile_for(env: Environment, source: list[int]) -> Settings:
    """Return the settings of the ``config.toml`` of identity ``source``, and keep them.

    They carry the very mtime of their source: an older file that takes its place (of a store, by
    ``rsync``) is another one too. The link comes last; from then on hooks believe what is there.
    A cache that cannot be written costs the next render the same time again, and nothing else.
    """
    settings, _problem = load(env)
    document = {"schema": SETTINGS_SCHEMA, "source": source, "settings": settings.to_json()}
    try:
        directory = profile_dir.prepare(env)
        atomic_write.write_json(f"{directory}/{SETTINGS_NAME}", document, mtime_ns=source[0])
        atomic_write.link(f"{directory}/{SOURCE_NAME}", os.path.realpath(env.config_path or ""))
    except (OSError, profile_dir.NotPrivateError):
        return settings
    return settings
