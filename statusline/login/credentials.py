"""Where the OAuth token of this profile is, and what is known about it (docs/claude-code.md 5).

The token is read when it is needed, kept in a ``Secret``, and neither stored nor refreshed.
Whatever the outside holds, ``find`` answers with a state and never raises.
"""

from __future__ import annotations

import contextlib
import re
import sys
from typing import TYPE_CHECKING, NamedTuple

from statusline.login.keychain import read_keychain
from statusline.login.secret import Secret
from statusline.system.json_file import parse_object, read_own_object
from statusline.system.untrusted import number, timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from statusline.system.environ import Environment

#: Bytes of a credentials file; a real one has under 4 KiB.
LIMIT_BYTES = 1 << 20
#: A token this close to its end is treated as expired (docs/decisions.md 7).
MARGIN_S = 300
#: The scope that the usage endpoint asks for (docs/claude-code.md 5.3).
PROFILE_SCOPE = "user:profile"

_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


class Credentials(NamedTuple):
    """A token with what its store says about it, or the reason why there is none.

    ``state`` is "found" or one of "missing", "no_login", "partial", "not_a_file", "too_large",
    "wrong_owner", "unreadable", "bad_token", "keychain_locked"; ``token`` is set with "found" only.
    ``source`` is "environment", "file", "keychain", or "" with "missing". ``expires_at`` is in
    epoch seconds. ``scopes`` is None where they are unknown. ``note`` holds "file_mode" (others may
    read or write the file), "scopes_unreadable", both with a space between, or "".
    """

    token: Secret | None = None
    source: str = ""
    state: str = "missing"
    expires_at: float | None = None
    scopes: tuple[str, ...] | None = None
    subscription_type: str | None = None
    rate_limit_tier: str | None = None
    note: str = ""

    def expired(self, now: float) -> bool:
        """Whether the token ends within 5 minutes of ``now`` (epoch s); advisory."""
        return self.expires_at is not None and now >= self.expires_at - MARGIN_S

    @property
    def has_profile_scope(self) -> bool | None:
        """Whether the token may ask for usage; None where its scopes are unknown."""
        return None if self.scopes is None else PROFILE_SCOPE in self.scopes


def find(
    env: Environment, *, platform: str = sys.platform, keychain_timeout_s: float = 3.0
) -> Credentials:
    """Return the token of ``CLAUDE_CODE_OAUTH_TOKEN``, else of the file, else of the Keychain.

    The Keychain is asked on ``platform`` "darwin" only, when the file is missing or holds no login.
    A broken source hides the later ones: another store may belong to another account. From here
    on this process leaves no core dump.
    """
    with contextlib.suppress(ImportError):  # Windows writes none
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if env.oauth_token is not None:
        return _from_environment(Secret(env.oauth_token))
    stored = read(env.credentials_path)
    if platform != "darwin" or stored.state not in ("missing", "no_login"):
        return stored
    kept = _from_keychain(env, keychain_timeout_s)
    return stored if kept.state == "missing" else kept


def _from_environment(token: Secret) -> Credentials:
    # A setup-token has user:inference only, but nothing here can tell one from a full login.
    if not token.is_sendable():
        return Credentials(source="environment", state="bad_token")
    return Credentials(token, "environment", "found")


def read(path: str | None) -> Credentials:
    """Return what one credentials file holds; never raises."""
    if path is None:
        return Credentials()
    state, document, mode = read_own_object(path, LIMIT_BYTES, parse_object)
    if state == "missing":
        return Credentials()
    if state != "found":
        return Credentials(source="file", state=state)
    return _from_document(document, "file", "file_mode" if mode & 0o077 else "")


def _from_keychain(env: Environment, timeout_s: float) -> Credentials:
    state, text = read_keychain(env, timeout_s=timeout_s)
    if state == "missing":
        return Credentials()
    if text is None:
        return Credentials(source="keychain", state=state)
    document = parse_object(text.reveal().encode("utf-8", "surrogatepass"))
    if document is None:
        return Credentials(source="keychain", state="partial")
    return _from_document(document, "keychain", "")


def _from_document(document: Mapping[str, object], source: str, note: str) -> Credentials:
    """Read what Claude Code stores (docs/claude-code.md 5.1); only the access token is needed."""
    login = document.get("claudeAiOauth")
    if not isinstance(login, dict) or login.get("accessToken") in (None, ""):
        return Credentials(source=source, state="no_login", note=note)
    value = login["accessToken"]
    token = Secret(value) if isinstance(value, str) else None
    if token is None or not token.is_sendable():
        return Credentials(source=source, state="bad_token", note=note)
    scopes = _scopes(login.get("scopes"))
    if scopes is None and login.get("scopes") is not None:
        note = f"{note} scopes_unreadable".lstrip()
    return Credentials(
        token,
        source,
        "found",
        timestamp(number(login.get("expiresAt"))),
        scopes,
        _name(login.get("subscriptionType")),
        _name(login.get("rateLimitTier")),
        note,
    )


def _scopes(value: object) -> tuple[str, ...] | None:
    """Return the scopes, or None unless all are names: they were seen corrupted in 2.1.143."""
    if not isinstance(value, list):
        return None
    scopes = tuple(filter(None, map(_name, value)))
    return scopes if len(scopes) == len(value) else None


def _name(value: object) -> str | None:
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None
