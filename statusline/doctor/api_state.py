"""The usage API as far as the cache knows: its last answer, the next request, what was dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline.doctor.check import ON_THE_WAY, Check, fail, ok, skip, warn
from statusline.doctor.context import Context
from statusline.overview.money import pool_text
from statusline.overview.overview import Overview, look
from statusline.overview.words import ago, counted
from statusline.refresh import policy
from statusline.segment.values import thresholds
from statusline.usage.messages import ACCOUNT_STATES, PASSING, describe

if TYPE_CHECKING:
    from statusline.usage.snapshot import Snapshot

#: Troubles that do not pass by themselves, beside those of the login.
LASTING = (ACCOUNT_STATES - PASSING) | {"certificate", "proxy", "bad_config"}
#: Troubles that the login's own checks may have told.
LOGIN_TROUBLES = ACCOUNT_STATES - {"forbidden", "rate_limited", "org_disabled"}
#: States in which no answer of the API's own arrived.
NOT_REACHED = ("unreachable", "blocked", "proxy", "certificate")
#: The checks that may have told already why the API is in a state.
CAUSES = {
    **dict.fromkeys(NOT_REACHED, ON_THE_WAY),
    **dict.fromkeys(LOGIN_TROUBLES, ("login", "scope")),
    "bad_config": ("config",),
}


def answer(context: Context) -> list[Check]:
    """Tell what the API said last, or why it is not asked."""
    overview = Overview(look(context.env, context.login), context.now)
    code, snapshot = overview.state, overview.known.snapshot
    _word, what, fix = describe(code, source=context.login.source)
    if code == "ok":
        at = snapshot.succeeded_at
        return [ok("usage API", "answers" if at is None else f"answered {_since(context, at)}")]
    if code in ("api_off", "api_billing"):
        return [skip("usage API", what)]
    if code == "starting":
        return [skip("usage API", "It has not been asked yet.")]  # `numbers` says what to do
    detail = snapshot.detail.rstrip(".")
    if detail and code == snapshot.state and detail != what.rstrip("."):
        what = f"{what[:-1]}: {detail}."
    if code in NOT_REACHED and not context.online:
        fix = f"{fix} `statusline doctor --online` looks closer."
    elif code == "unreachable":  # were that so still, `reachable` would have told it
        fix = "It can be reached now: run `statusline refresh`."
    made = fail if code in LASTING else warn
    return [made("usage API", what, fix, after=CAUSES.get(code, ()))]


def _since(context: Context, moment_s: float) -> str:
    return ago(max(0.0, context.now - moment_s))


def schedule(context: Context) -> list[Check]:
    """Tell when the next request is made by itself, and why not now."""
    snapshot = context.snapshot
    if snapshot is None or not context.loaded.settings.api or context.login.state != "found":
        return []
    if snapshot.state in policy.REFUSALS:
        return []  # another login is asked with at once
    failures = context.state.failures
    since = f", after {counted(failures, 'failure')} in a row" if failures > 1 else ""
    when = Overview(look(context.env, context.login), context.now).next_request()
    return [ok("next request", f"{when}{since}")] if when else []


def dropped(context: Context) -> list[Check]:
    """Name what the sources sent and nobody could believe or knew."""
    snapshot = context.snapshot
    if snapshot is None:
        return []
    checks = []
    if snapshot.dropped:
        counts = ", ".join(f"{name} {count}" for name, count in sorted(snapshot.dropped.items()))
        what = f"Impossible values were ignored: {counts}."
        checks.append(warn("values", what, "Nothing, unless it continues: then update statusline."))
    checks += _not_shown(context, snapshot)
    unknown = [name for name in snapshot.unknown_keys if name not in snapshot.pools]
    if unknown:
        what = f"The API sends fields that this version does not know: {', '.join(unknown)}."
        checks.append(warn("API drift", what, "Update statusline."))
    return checks or [ok("values", "all plausible and known")]


def _not_shown(context: Context, snapshot: Snapshot) -> list[Check]:
    """Name the numbers that no segment shows, as a problem where one is near its end."""
    settings = context.loaded.settings
    pools = {name: pool for name, pool in snapshot.pools.items() if not pool.is_over(context.now)}
    if not pools:
        return []
    counted = ", ".join(f"{name} {pool_text(pool)}" for name, pool in pools.items())
    what = f"The API also counts, and no segment shows: {counted}."
    most_pct = max(pool.share_pct or 0.0 for pool in pools.values())
    warning_pct, critical_pct = thresholds("extra", settings)
    if most_pct < warning_pct:
        return [ok("other limits", what)]
    made = fail if most_pct >= critical_pct else warn
    return [made("other limits", what, "Compare https://claude.ai/settings/usage.")]
