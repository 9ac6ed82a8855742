"""Where transcripts are: ``projects/`` in every configuration directory of Claude Code's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statusline.system.environ import Environment


def places(env: Environment) -> list[str]:
    """Return the directories that may hold transcripts, whether or not they are there.

    ``CLAUDE_CONFIG_DIR`` alone where it is set, a list with commas as other tools take it
    included; else both defaults (docs/claude-code.md 7).
    """
    given = env.claude_config_dir_raw
    if given is None:
        bases = [env.config_home and f"{env.config_home}/claude", env.claude_dir]
    elif "," in given and not os.path.isdir(given):
        bases = [part.strip() for part in given.split(",")]
    else:
        bases = [env.claude_dir]
    found = [f"{base.rstrip('/')}/projects" for base in bases if base and base.startswith("/")]
    return list(dict.fromkeys(found))
