"""Antigravity: it tells its numbers itself, on stdin, and leaves none on this disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statusline.system.environ import Environment
    from statusline.usage.observation import Observation


def home(env: Environment) -> str | None:
    """Return the directory of its command line, ``None`` where there can be none."""
    return env.below_home("", ".gemini/antigravity-cli")


def read(_env: Environment, _now: float) -> list[Observation]:
    """Return nothing: what it has told stays as a render has heard it (``usage.agent_quota``)."""
    return []
