"""Read ``config.toml`` into ``Settings``; a bad file gives the defaults and says what is bad."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from statusline.settings import Settings

if TYPE_CHECKING:
    from statusline.environ import Environment

#: A configuration of more than this is none.
MAX_BYTES = 64 * 1024


def load(env: Environment) -> tuple[Settings, str]:
    """Return the settings, and one sentence about what is wrong with the file ("" if nothing).

    A missing file is no problem. Project files are never read (reliability.md S23).
    """
    settings = Settings()
    if env.config_path is None:
        return settings, ""
    try:
        with open(env.config_path, "rb") as file:
            text = file.read(MAX_BYTES + 1)
        if len(text) > MAX_BYTES:
            return settings, f"config.toml is larger than {MAX_BYTES} bytes"
        values = tomllib.loads(text.decode("utf-8"))
    except FileNotFoundError:
        return settings, ""
    except OSError as error:
        return settings, f"config.toml cannot be read: {error.strerror}"
    except (ValueError, RecursionError) as error:
        return settings, f"config.toml: {error}"
    api = values.get("api", True)
    if not isinstance(api, bool):
        return settings, "config.toml: api must be true or false"
    settings.api = api
    return settings, ""
