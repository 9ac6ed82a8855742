"""What `.claude.json` knows: which account, which plan, and usage that Claude Code has cached.

Read only, and only the fields named here (docs/claude-code.md 6): e-mail addresses, names and
project paths stand in the same file and never leave this module.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from statusline.hot.login import account_files, account_name
from statusline.model import mapping, number, timestamp
from statusline.refresh.ownfile import read_own_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from statusline.environ import Environment

#: Bytes of `.claude.json`, which holds a history and can grow to some MB.
LIMIT_BYTES = 16 << 20
#: Bytes of one value that is looked at; the largest real one has under 8 KiB.
MEMBER_LIMIT_BYTES = 1 << 18
#: Claude Code itself trusts its cached usage for an hour (docs/claude-code.md 6).
CACHED_MAX_AGE_S = 3600
#: A cached moment may lie this far ahead before it counts as nonsense.
CACHED_MAX_AHEAD_S = 60

_MULTIPLIER = re.compile(r"_(\d{1,3}x)$")
_KINDS = {"free": "Free", "pro": "Pro", "max": "Max", "team": "Team", "enterprise": "Enterprise"}
_TIERS = {
    "default_claude_pro": "Pro",
    "default_raven": "Team",
    "auto_api_evaluation": "API",
}
#: A wanted key, any other string (so that nothing in it counts), a bracket, a string cut off.
_TOKEN = re.compile(
    rb'"(oauthAccount|cachedUsageUtilization)"\s*:\s*|"[^"\\]*(?:\\.[^"\\]*)*"|[][{}"]', re.DOTALL
)
_STEPS = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}


class Account(NamedTuple):
    """The signed-in account.

    `name` is a pseudonym of the account in its organization (`hot.login.account_name`), "" where
    it is unknown, to be stored as a salted mark only. `plan` is a label such as "Max 5x", "" where
    it is unknown. `cached_body` is a body of the usage API
    (docs/claude-code.md 8.2) that Claude Code fetched at `cached_at` (epoch s); both are None, or
    neither. With `is_partial` the file is there and could not be read as a whole.
    """

    name: str = ""
    plan: str = ""
    cached_body: dict[str, object] | None = None
    cached_at: float | None = None
    is_partial: bool = False


def read(env: Environment, *, now: float) -> Account:
    """Return what is known of the stored login's account at `now` (epoch s); never raises.

    Nothing is known with a token from the environment: it may belong to another account than the
    stored login (docs/claude-code.md 5.3).
    """
    if env.oauth_token is not None:
        return Account()
    document = _document(env)
    if document is None:
        return Account(is_partial=True)
    login = mapping(document.get("oauthAccount"))
    name = account_name(login)
    plan = plan_label(
        organization_type=login.get("organizationType"),
        rate_limit_tier=login.get("organizationRateLimitTier") or login.get("userRateLimitTier"),
        seat_tier=login.get("seatTier"),
    )
    cached = mapping(document.get("cachedUsageUtilization"))
    body, cached_at = cached.get("utilization"), _fetched_at(cached, now)
    is_ours = bool(name) and cached.get("accountUuid") == login.get("accountUuid")
    if not is_ours or cached_at is None or not isinstance(body, dict):
        return Account(name, plan)
    return Account(name, plan, body, cached_at)


def plan_label(
    *,
    organization_type: object = None,
    rate_limit_tier: object = None,
    subscription_type: object = None,
    seat_tier: object = None,
) -> str:
    """Return the plan's name (docs/claude-code.md 5.4), "" where it is unknown; accepts any values.

    The live `organization_type` ("claude_max") goes before the `subscription_type` ("max") that
    was noted at login; the tier tells 5x from 20x and decides alone where both are unknown.
    """
    tier = rate_limit_tier if isinstance(rate_limit_tier, str) else ""
    multiplier = _MULTIPLIER.search(tier)
    label = _kind(organization_type) or _kind(subscription_type) or _TIERS.get(tier, "")
    if not label and tier.startswith("default_claude_max"):
        label = "Max"
    if label == "Max" and multiplier is not None:
        return f"Max {multiplier[1]}"
    if label == "Team" and seat_tier == "team_tier_1":
        return "Team Premium"
    return label


def _document(env: Environment) -> Mapping[str, object] | None:
    """Return the configuration that Claude Code itself would read; {} for none, None for a part.

    A part is one that is being rewritten, or that may not be read.
    """
    for path in account_files(env):
        found = read_own_object(path, LIMIT_BYTES, _members)
        if found.state != "missing":
            return found.value if found.state == "found" else None
    return {}


def _members(content: bytes) -> Mapping[str, object] | None:
    """Return the two wanted members of the outermost object, None where it does not end.

    Parsing all of a large history would take six times its size in memory.
    """
    members: dict[str, object] = {}
    depth = 0
    token = None
    for token in _TOKEN.finditer(content):
        if token[0] == b'"':
            return None
        depth += _STEPS.get(token[0], 0)
        if token[1] is not None and depth == 1:
            value = content[token.end() : token.end() + MEMBER_LIMIT_BYTES]
            members[token[1].decode()] = _first_value(value.decode("utf-8", "replace"))
    return members if token is not None and depth == 0 else None


def _first_value(text: str) -> object:
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError):  # deep nesting is a RecursionError
        return None


def _kind(value: object) -> str:
    return _KINDS.get(value.removeprefix("claude_"), "") if isinstance(value, str) else ""


def _fetched_at(cached: Mapping[str, object], now: float) -> float | None:
    moment = timestamp(number(cached.get("fetchedAtMs")))
    if moment is None or not now - CACHED_MAX_AGE_S <= moment <= now + CACHED_MAX_AHEAD_S:
        return None
    return min(moment, now)
