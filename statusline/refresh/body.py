"""The usage API's JSON body becomes observations and spend; pure, and it never raises.

The body has no schema and changes without notice (contract.md 2.2): what is known here is
allow-listed, everything else is at most reported as drift. The body that Claude Code keeps in
``.claude.json`` (contract.md 5) has the same shape and is read here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from statusline.model import Observation, Spend, clean, instant, mapping, number, plausible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Flat buckets that are shown, with their labels.
FLAT_LABELS = {
    "five_hour": "5h",
    "seven_day": "7d",
    "seven_day_opus": "Opus",
    "seven_day_sonnet": "Sonnet",
}
#: The kinds of `limits[]` that repeat a flat bucket.
LIMIT_WINDOWS = {"session": "five_hour", "weekly_all": "seven_day"}
#: Keys that are known and mean nothing here, most of them internal code names.
IGNORED_KEYS = frozenset(
    (
        *("seven_day_oauth_apps", "seven_day_cowork", "seven_day_omelette", "tangelo"),
        *("iguana_necktie", "omelette_promotional", "cinder_cove", "nimbus_quill", "copper_kite"),
        *("brass_thimble", "harbor_lantern", "wattle_ember", "amber_ladder", "amber_cistern"),
        *("amber_gauge", "juniper_tide", "cedar_ember", "seven_day_routines"),
        *("seven_day_sonnet_max", "member_dashboard_available", "seven_day_breakdown"),
    )
)
_KNOWN_KEYS = IGNORED_KEYS | FLAT_LABELS.keys() | {"limits", "spend", "extra_usage"}
_MAX_LIMITS = 32
_MAX_UNKNOWN = 20


class ParsedBody(NamedTuple):
    """What one body says.

    `unknown_keys` are cleaned names that contract.md 2.2 does not list, at most 20;
    `dropped` counts values that were there and cannot be true.
    """

    observations: list[Observation]
    spend: Spend | None
    unknown_keys: list[str]
    dropped: int


class _Bucket(NamedTuple):
    window: str
    label: str
    utilization: object
    resets_at: object


def parse_body(
    body: Mapping[str, object], *, observed_at: float, source: str = "api"
) -> ParsedBody:
    """Read a body that was true at `observed_at` (epoch seconds); `source` is one of the model's.

    A null bucket, or one whose use is no number, is absent and not 0. A percentage without a
    reset is real: no window is running (contract.md 2.2).
    """
    observations: list[Observation] = []
    windows: set[str] = set()
    labels: set[str] = set()
    dropped = 0
    for bucket in _buckets(body):
        utilization_pct = number(bucket.utilization)
        # The first to name a window or a model has it: flat keys before `limits[]`.
        if utilization_pct is None or bucket.window in windows or bucket.label in labels:
            continue
        windows.add(bucket.window)
        labels.add(bucket.label)
        resets_at = instant(bucket.resets_at)
        observation = Observation(
            bucket.window, bucket.label, utilization_pct, resets_at, observed_at, source
        )
        unreadable = resets_at is None and bucket.resets_at is not None
        if unreadable or not plausible(observation, observed_at):
            dropped += 1
        else:
            observations.append(observation)
    return ParsedBody(observations, _spend(body, observed_at), _unknown_keys(body), dropped)


def _buckets(body: Mapping[str, object]) -> Iterator[_Bucket]:
    for window, label in FLAT_LABELS.items():
        flat = mapping(body.get(window))
        yield _Bucket(window, label, flat.get("utilization"), flat.get("resets_at"))
    for limit in _limits(body):
        kind = limit.get("kind")
        name = _model_name(limit)
        # Not filtered by `is_active`, which only says which limit is nearest.
        if isinstance(kind, str) and kind in LIMIT_WINDOWS:
            window = LIMIT_WINDOWS[kind]
            label = FLAT_LABELS[window]
        elif kind == "weekly_scoped" and name:
            window, label = f"weekly:{name}", name
        else:
            continue
        yield _Bucket(window, label, limit.get("percent"), limit.get("resets_at"))


def _limits(body: Mapping[str, object]) -> list[Mapping[str, object]]:
    limits = body.get("limits")
    return [mapping(limit) for limit in limits[:_MAX_LIMITS]] if isinstance(limits, list) else []


def _model_name(limit: Mapping[str, object]) -> str:
    """The only thing that identifies a scoped limit: its model's `id` is null."""
    return clean(mapping(mapping(limit.get("scope")).get("model")).get("display_name"))


def _spend(body: Mapping[str, object], observed_at: float) -> Spend | None:
    """Money from `spend`, else from the older `extra_usage`, never from both."""
    spend, extra = mapping(body.get("spend")), mapping(body.get("extra_usage"))
    used = mapping(spend.get("used"))
    if number(used.get("amount_minor")) is not None:
        limit = spend.get("limit")
        return _money(
            used.get("amount_minor"),
            limit if limit is None else mapping(limit).get("amount_minor", limit),
            (used.get("currency"), used.get("exponent")),
            (spend.get("percent"), spend.get("enabled")),
            observed_at,
        )
    return _money(
        extra.get("used_credits"),
        extra.get("monthly_limit"),
        (extra.get("currency"), extra.get("decimal_places")),
        (extra.get("utilization"), extra.get("is_enabled")),
        observed_at,
    )


def _money(
    used: object,
    limit: object,
    unit: tuple[object, object],
    state: tuple[object, object],
    observed_at: float,
) -> Spend | None:
    """A sound `Spend` or None; a limit of null is none, a limit that is no number is not."""
    currency = clean(unit[0], 4).upper()
    exponent = 2.0 if unit[1] is None else number(unit[1])
    used_minor, limit_minor, share_pct = number(used), number(limit), number(state[0])
    if used_minor is None or used_minor < 0 or exponent not in (0, 1, 2, 3, 4):
        return None
    if (limit_minor is None and limit is not None) or (limit_minor or 0) < 0:
        return None
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
        return None
    if share_pct is not None and share_pct < 0:
        share_pct = None
    return Spend(
        used_minor,
        limit_minor,
        currency,
        int(exponent),
        share_pct,
        state[1] is True,
        observed_at,
    )


def _unknown_keys(body: Mapping[str, object]) -> list[str]:
    """Names that this program does not know, so that `doctor` can speak of drift."""
    names = [key for key in body if key not in _KNOWN_KEYS]
    for limit in _limits(body):
        kind = limit.get("kind")
        scoped = kind == "weekly_scoped" and _model_name(limit)
        if isinstance(kind, str) and kind not in LIMIT_WINDOWS and not scoped:
            names.append(f"limits.{kind}")
    cleaned = (clean(name, 40) for name in names)
    return list(dict.fromkeys(name for name in cleaned if name))[:_MAX_UNKNOWN]
