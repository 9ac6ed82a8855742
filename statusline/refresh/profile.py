"""The plan as the server sees it: asked for by the user's own word, kept for a day.

The answer (docs/claude-code.md 8.5) names the account's owner. Type and tier are
taken out of it and nothing else.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, NamedTuple

from statusline import publish
from statusline.clock import TOLERANCE_S
from statusline.hot import reader
from statusline.hot.login import account_mark
from statusline.model import DAY_S, mapping, timestamp
from statusline.refresh.account import plan_label

if TYPE_CHECKING:
    from statusline.refresh.outcome import Outcome
    from statusline.refresh.secret import Secret

#: The file in the profile's directory, what a reader takes of it, and how long it is believed.
PLAN_NAME, MAX_BYTES, KEEP_S = "plan.json", 4096, DAY_S


class Plan(NamedTuple):
    """What the server said at ``asked_at`` (epoch s): "claude_max", "default_claude_max_5x".

    ``mark`` tells accounts apart without naming one (``mark``).
    """

    organization_type: str
    rate_limit_tier: str
    asked_at: float
    mark: str

    @property
    def label(self) -> str:
        """The plan's name, "" where it is unknown."""
        return plan_label(
            organization_type=self.organization_type, rate_limit_tier=self.rate_limit_tier
        )


def ask(url: str, token: Secret, user_agent: str) -> Outcome:
    """Make the one request."""
    from statusline.refresh.api import fetch_profile  # requests: 80 ms

    return fetch_profile(url, token, user_agent=user_agent)


def mark(token: Secret, account: str, salt: str = "") -> str:
    """Return a salted mark of the account, or of the token where the account is unknown."""
    salt = salt or secrets.token_hex(8)
    key = account_mark(account, salt) if account else token.fingerprint(salt.encode())
    return f"{salt}-{key}"


def parse(body: dict[str, object], now: float, whose: str) -> Plan:
    """Return the two words that are kept of a body."""
    organization = mapping(body.get("organization"))
    return Plan(
        _word(organization.get("organization_type")),
        _word(organization.get("rate_limit_tier")),
        now,
        whose,
    )


def keep(directory: str, plan: Plan) -> None:
    """Write ``plan.json``; raise ``OSError`` where it cannot be."""
    publish.write_json(f"{directory}/{PLAN_NAME}", plan._asdict())


def read(directory: str | None, token: Secret | None, account: str, now: float) -> Plan | None:
    """Return what is kept of this very account, ``None`` after a day; never raises."""
    data = reader.read_file(f"{directory}/{PLAN_NAME}", MAX_BYTES) if directory else None
    value = mapping(None if data is None else reader.parse(data))
    asked_at, whose = timestamp(value.get("asked_at")), value.get("mark")
    if token is None or asked_at is None or not isinstance(whose, str):
        return None
    is_fresh = -TOLERANCE_S <= now - asked_at < KEEP_S
    salt = whose.partition("-")[0]
    if not is_fresh or not salt or whose != mark(token, account, salt):
        return None
    return Plan(
        _word(value.get("organization_type")),
        _word(value.get("rate_limit_tier")),
        asked_at,
        whose,
    )


def _word(value: object) -> str:
    """Return an identifier such as "claude_max"; no name and no address is one."""
    text = value if isinstance(value, str) else ""
    return text if re.fullmatch("[a-z0-9_]{1,64}", text) else ""
