"""Which host gets the token (the API's, or loopback for tests), and what requests are called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from statusline.system.errors import FixableError

if TYPE_CHECKING:
    from statusline.system.environ import Environment

#: The API's base URL (docs/claude-code.md 8.1).
DEFAULT_URL = "https://api.anthropic.com"
#: The first version of Claude Code that was run here (docs/claude-code.md 8.1), until stdin names
#: another.
KNOWN_VERSION = "2.1.328"
# A pattern instead of a parser: two parsers may disagree about where the host ends.
_LOOPBACK = re.compile(
    r"https?://(127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}|localhost|\[::1\])(:[0-9]{1,5})?/?"
)


class EndpointError(FixableError):
    """``STATUSLINE_API_URL`` names a host that must not see a token."""


def user_agent(version: str = "") -> str:
    """Return what a request calls itself: Claude Code of this version, else of the known one."""
    return f"claude-code/{version or KNOWN_VERSION}"


def allowed(url: str) -> bool:
    """Tell whether the token may go to this base URL: the API's own, or a loopback one."""
    return url == DEFAULT_URL or _LOOPBACK.fullmatch(url) is not None


def base_url(env: Environment) -> str:
    """Return the API's base URL; raise ``EndpointError`` unless an override is loopback.

    The paths are always those of ``refresh.api``, so an override has none.
    """
    given = env.api_url
    if given is None:
        return DEFAULT_URL
    if not allowed(given):
        raise EndpointError(
            "STATUSLINE_API_URL may only name this machine, like http://127.0.0.1:8080, without a"
            " path.",
            "Unset it to use the real API.",
        )
    return given.rstrip("/")
