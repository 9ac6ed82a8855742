"""Parts of the usage API's body, and whole bodies in the shapes that accounts really get."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from statusline.refresh.body import ParsedBody, parse_body

DATA = Path(__file__).resolve().parent.parent / "data"
#: The four generations of the body that are kept as somebody pasted them.
SAMPLES = ("2026-01-20", "2026-03-19", "2026-07-03", "2026-09-29")
NOW_S = 1_795_168_800.0  # 2026-11-20 10:00 UTC
#: A reset 2 h 11 min ahead, as the API writes it and in epoch seconds.
RESET = "2026-11-20T12:11:00+00:00"
RESET_S = 1_795_176_660
#: A reset weeks ahead, of what is counted by the month.
MONTH_END, MONTH_END_S = "2026-12-01T00:00:00+00:00", 1_796_083_200


def sample(name: str) -> dict[str, Any]:
    """A real body."""
    body = json.loads((DATA / f"usage-{name}.json").read_text(encoding="utf-8"))
    assert isinstance(body, dict)
    return body


def parsed(**body: object) -> ParsedBody:
    """A made-up body, read at `NOW_S`."""
    return parse_body(body, observed_at=NOW_S)


def bucket(utilization: object = 61, resets_at: object = RESET) -> dict[str, object]:
    """A flat bucket with 61 % and a reset 2 h 11 min ahead."""
    return {"utilization": utilization, "resets_at": resets_at}


def limit(kind: str, percent: object = 61, name: object = None) -> dict[str, object]:
    """An entry of `limits[]`, for the model `name` where one is given."""
    scope = None if name is None else {"model": {"id": None, "display_name": name}, "surface": None}
    return {"kind": kind, "percent": percent, "resets_at": RESET, "scope": scope}


def money(amount: object, currency: object = "EUR", exponent: object = 2) -> dict[str, object]:
    """An amount as `spend` writes it."""
    return {"amount_minor": amount, "currency": currency, "exponent": exponent}


def extra(used: object, limit: object = None, **more: object) -> dict[str, object]:
    """An `extra_usage` that is on, in cents, without a currency as it was until 2026-04."""
    return {"is_enabled": True, "monthly_limit": limit, "used_credits": used, **more}


def pool(used: object = None, limit: object = None, **more: object) -> dict[str, object]:
    """A bucket that carries dollars."""
    return {"utilization": None, "used_dollars": used, "limit_dollars": limit, **more}


#: An account with money alone (Enterprise): both windows null, no limits, an included pool.
ENTERPRISE: dict[str, object] = {
    "five_hour": None,
    "seven_day": None,
    "seven_day_opus": None,
    "nimbus_quill": bucket(0, None),
    "cinder_cove": pool(1000.0, 1000, utilization=100.0, resets_at=MONTH_END),
    "extra_usage": extra(6123.0, 20000, utilization=30.615, currency="USD", decimal_places=2),
    "limits": [],
    "spend": {
        "used": money(6123, "USD"),
        "limit": money(20000, "USD"),
        "percent": 31,
        "enabled": True,
        "disabled_reason": None,
    },
}
#: The month's spend limit lies below what was used: the server turns the switch off.
AT_THE_CAP: dict[str, object] = {
    "five_hour": bucket(22),
    "seven_day": bucket(100),
    "extra_usage": {
        **extra(1077.0, 500, utilization=100.0, currency="EUR", decimal_places=2),
        "is_enabled": False,
        "disabled_reason": "org_level_disabled_until",
        "user_disabled": False,
        "spend_limit_reached": True,
    },
    "limits": [limit("weekly_all", 100)],
    "spend": {
        "used": money(1077),
        "limit": money(500),
        "percent": 100,
        "enabled": False,
        "disabled_reason": "org_level_disabled_until",
    },
}
#: The credits that were bought are used up, and no limit was ever set.
OUT_OF_CREDITS: dict[str, object] = {
    "five_hour": bucket(6),
    "seven_day": bucket(65),
    "extra_usage": {
        **extra(1077.0, currency="EUR", decimal_places=2),
        "is_enabled": False,
        "disabled_reason": "out_of_credits",
        "user_disabled": False,
        "spend_limit_reached": False,
    },
    "spend": {
        "used": money(1077),
        "limit": None,
        "percent": 0,
        "enabled": False,
        "disabled_reason": "out_of_credits",
    },
}
#: Neither windows nor money, all of it said.
FREE: dict[str, object] = {
    "five_hour": None,
    "seven_day": None,
    "limits": [],
    "extra_usage": {"is_enabled": False, "monthly_limit": None, "used_credits": None},
}
