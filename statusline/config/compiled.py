"""Keep the compiled settings beside the cache, so that a prompt need not compile them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline import publish
from statusline.config.load import load
from statusline.settings import SETTINGS_NAME, SETTINGS_SCHEMA

if TYPE_CHECKING:
    from statusline.environ import Environment
    from statusline.settings import Settings


def compile_for(env: Environment, source: list[int]) -> Settings:
    """Return the settings of the ``config.toml`` of identity ``source``, and keep them.

    A cache that cannot be written costs the next render the same time again, and nothing else.
    """
    settings, _problem = load(env)
    document = {"schema": SETTINGS_SCHEMA, "source": source, "settings": settings.to_json()}
    try:
        publish.write_json(f"{publish.prepare(env)}/{SETTINGS_NAME}", document)
    except (OSError, publish.NotPrivateError):
        return settings
    return settings
