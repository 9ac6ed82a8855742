"""What each placeholder of the default formats shows, and what is true at a moment."""

from __future__ import annotations

from statusline.segment.humanize import duration, money, money_of_limit, old, percent, remaining
from statusline.system.text import clean
from statusline.system.untrusted import mapping, number
from statusline.usage.messages import (
    ACCOUNT_STATES,
    NO_LOGIN,
    SUBJECT,
    TOLD_ELSEWHERE,
    UNKNOWN_THERE,
    URGENT,
    WAITING,
    as_configured,
    describe,
    shortened,
)
from statusline.usage.observation import HOUR_S, Observation, horizon_s, is_reset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from statusline.segment.view import Part, View
    from statusline.settings.settings import Settings
    from statusline.usage.snapshot import Snapshot
    from statusline.usage.spend import Spend

#: The windows that have placeholders of their own; ``weekly`` shows the others: weekly limits of
#: one model, and an organisation's limit of money.
MAIN_WINDOWS = ("five_hour", "seven_day")
SPEND_LIMIT = "spend_limit"
#: A wait longer than this after a request is the server's wish and not only our floor.
ASKED_TO_WAIT_S = 90.0
#: No back-off that is counted down is longer; more is a clock that was set back.
MAX_COUNTDOWN_S = 7 * HOUR_S


def thresholds(window: str, settings: Settings) -> tuple[float, float]:
    """Return from which percentages on a window, "context" or "extra" (money) needs attention."""
    shared = settings.warning_pct, settings.critical_pct
    if not settings.thresholds:
        return shared
    name = "extra" if window == SPEND_LIMIT else window.partition(":")[0]
    return settings.thresholds.get(name, shared)


def severity(value_pct: float, settings: Settings, window: str) -> str:
    """Return the role in which a utilization is shown: what is used decides, always."""
    warning_pct, critical_pct = thresholds(window, settings)
    if value_pct >= critical_pct:
        return "critical"
    return "warning" if value_pct >= warning_pct else "normal"


def share(used_pct: float, view: View, window: str) -> list[Part]:
    """Return a percentage in the role of its severity, as used or as what remains."""
    is_rest = view.settings.show == "remaining"
    shown = f"{remaining(used_pct)} left" if is_rest else percent(used_pct)
    return [(severity(used_pct, view.settings, window), shown)]


def line_age(view: View) -> list[Part]:
    """Return how old the oldest number of the line is, once that is old.

    A window whose age the format shows by itself does not count.
    """
    seen_at = [moment for window, moment in view.numbers if window not in view.dated]
    age_s = view.now - min(seen_at, default=view.now)
    return [("muted", old(age_s))] if age_s >= view.settings.old_after_s else []


def left_s(seen: Observation, now: float) -> float | None:
    """Return the seconds to a window's reset, ``None`` where nobody knows or it cannot be true.

    After a clock was set back a reset may seem to be a year ahead.
    """
    if seen.resets_at is None:
        return None
    ahead_s = seen.resets_at - now
    return ahead_s if 0 < ahead_s <= horizon_s(seen.window) else None


def reset_in(seen: Observation, view: View) -> list[Part]:
    """Return when a window resets, as the user wants to read it; nothing where nobody knows."""
    ahead_s = left_s(seen, view.now)
    if ahead_s is None or seen.resets_at is None:
        return []
    if view.settings.reset == "clock":
        from statusline.segment.clock_time import clock_time  # no default shows it

        return [(reset_role(seen, view), clock_time(seen.resets_at, view))]
    return [(reset_role(seen, view), duration(ahead_s))]


def reset_role(seen: Observation, view: View) -> str:
    """Return the role of a reset: near the limit it is what one looks for."""
    critical_pct = thresholds(seen.window, view.settings)[1]
    return "" if seen.utilization_pct >= critical_pct else "muted"


def window_parts(
    view: View, name: str, *, reset_from_pct: float = 0, named: str = ""
) -> list[Part]:
    """Return a window's name, use and, from a certain use on, reset; ``named`` in the format."""
    seen = view.snapshot.window(name)
    if seen is None:
        return []
    label = ("", f"{seen.label} ")
    if is_reset(seen, view.now):
        return [label, ("muted", "↻")]
    view.numbers.append((name, seen.observed_at))
    parts = [label, *share(seen.utilization_pct, view, name)]
    if seen.utilization_pct >= reset_from_pct and not _is_elsewhere("reset", named or name, view):
        parts += [(role, f" {ahead}") for role, ahead in reset_in(seen, view)]
    if view.snapshot.may_fill and not _is_elsewhere("full", named or name, view):
        from statusline.segment import forecasts  # most windows last until their reset

        parts += forecasts.beside(seen, view)
    return parts


def _seven_day(view: View) -> list[Part]:
    return window_parts(view, "seven_day", reset_from_pct=thresholds("seven_day", view.settings)[0])


def _is_elsewhere(what: str, name: str, view: View) -> bool:
    """Tell whether the format shows a window's reset, or when it fills, elsewhere or nowhere."""
    part = f"{name}.{what}"
    own = {part, f"{name}.clock" if what == "reset" else what} & view.names
    return part in view.hidden or not own <= view.hidden


def has_main(view: View) -> bool:
    """Tell whether one of the two windows is known that every plan has."""
    return any(name in view.snapshot.windows for name in MAIN_WINDOWS)


def others(view: View) -> list[str]:
    """Return the windows besides the main ones that are worth a place.

    Weekly limits of single models that are used; all of them where there is nothing else.
    """
    is_alone = not has_main(view)
    return [
        name
        for name, seen in view.snapshot.windows.items()
        if name not in MAIN_WINDOWS
        and (
            is_alone
            or name == SPEND_LIMIT
            or (seen.utilization_pct > 0 and not is_reset(seen, view.now))
        )
    ]


def _weekly(view: View) -> list[Part]:
    never = float("inf")
    from_pct = never if has_main(view) else thresholds("weekly", view.settings)[0]
    parts: list[Part] = []
    for name in others(view):
        if parts:
            parts.append(("muted", view.settings.separator))
        parts += window_parts(view, name, reset_from_pct=0 if name == SPEND_LIMIT else from_pct)
    return parts


def _extra(view: View) -> list[Part]:
    """Return the money used beyond the plan; without windows the status says it."""
    spend = view.snapshot.spend
    if spend is None or not spend.is_shown or not spend.is_used or not view.snapshot.windows:
        return []
    role = severity(spend.share_pct or 0.0, view.settings, "extra")
    text = money(spend) if spend.used_minor is not None else _spend_pct(spend, view)
    view.numbers.append(("extra", spend.observed_at))
    return [("", "extra "), (role, text)]


def _spend_pct(spend: Spend, view: View) -> str:
    """Return the share of the limit as used or as what remains, "" where nobody knows it."""
    of_limit_pct = spend.of_limit_pct
    return "" if of_limit_pct is None else share(of_limit_pct, view, "extra")[0][1]


def _spend_alone(view: View, spend: Spend, text: str) -> list[Part]:
    """Return the money of an account that has no windows, and the words that say what is wrong."""
    role = severity(spend.share_pct or 0.0, view.settings, "extra")
    used_pct = _spend_pct(spend, view)
    if spend.used_minor is None:
        parts = [("", "claude "), (role, used_pct)]
    elif spend.limit_minor is None:
        parts = [("", "claude "), (role, money(spend))]
    else:
        parts = [(role, f"{money_of_limit(spend)} {used_pct}".rstrip())]
    view.numbers.append(("extra", spend.observed_at))
    if text and (view.snapshot.state in ACCOUNT_STATES or view.is_old(spend)):
        parts += [("muted", view.settings.separator), ("warning", text)]
    return parts


def _model(view: View) -> list[Part]:
    name = clean(mapping(view.stdin.get("model")).get("display_name"))
    return [("model", name)] if name else []


def context_pct(view: View) -> float | None:
    """Return how full the context window is, in per cent, ``None`` where nobody says."""
    used_pct = number(mapping(view.stdin.get("context_window")).get("used_percentage"))
    return used_pct if used_pct is not None and 0 <= used_pct <= 1000 else None


def _context(view: View) -> list[Part]:
    used_pct = context_pct(view)
    if used_pct is None:
        return []
    return [(severity(used_pct, view.settings, "context"), percent(used_pct))]


def state_label(code: str, view: View) -> str:
    """Return what a segment says of the state ``code`` at this moment, "" for nothing."""
    if is_billed(code, view):
        text = view.billing or describe(code)[0]
        return "" if view.is_at_home else text
    if view.is_at_home and code in TOLD_ELSEWHERE:
        return "" if view.snapshot.windows else UNKNOWN_THERE
    text = _retry(code, view) or describe(code)[0]
    is_short = "status.subject" in view.hidden and code in URGENT
    return shortened(code, text) if is_short else text


def is_billed(code: str, view: View) -> bool:
    """Tell whether there is no login since none is needed: somebody else bills the work."""
    return code == "api_billing" or (code in NO_LOGIN and bool(view.billing))


def _retry(code: str, view: View) -> str:
    """Return when the API is asked again, where the server has asked to wait."""
    snapshot = view.snapshot
    allowed_at = snapshot.next_allowed_at or 0.0
    if code not in WAITING or not 0 < allowed_at - view.now <= MAX_COUNTDOWN_S:
        return ""
    is_wished = allowed_at - (snapshot.attempted_at or allowed_at) > ASKED_TO_WAIT_S
    if code != "rate_limited" and not is_wished:
        return ""
    return f"{SUBJECT}retry {duration(allowed_at - view.now)}"


def status(view: View) -> list[Part]:
    """Return the words that say what is wrong, or what there is to say without windows."""
    snapshot = view.snapshot
    code = as_configured(snapshot.state, view.settings.api, snapshot.windows)
    text = state_label(code, view)
    if not snapshot.windows:
        return _without_windows(view, text)
    if not text or code == "starting" or not is_told(snapshot, view.settings, view.now):
        return []
    if "status.passing" in view.hidden and code not in URGENT:
        return []
    return [("muted" if is_billed(code, view) else "warning", text)]


def is_told(snapshot: Snapshot, settings: Settings, now: float) -> bool:
    """Tell whether a trouble is worth a place: beside fresh numbers only that of the account."""
    if not snapshot.windows:
        return True
    newest = max(seen.observed_at for seen in snapshot.windows.values())
    failed_at = snapshot.attempted_at or snapshot.written_at
    if snapshot.state == "new_login":
        failed_at = snapshot.written_at  # nothing was asked since
    if snapshot.state in ACCOUNT_STATES and newest <= failed_at:
        return True
    return now - newest >= settings.old_after_s


def _without_windows(view: View, text: str) -> list[Part]:
    snapshot = view.snapshot
    if snapshot.spend is not None and snapshot.spend.is_shown:
        return _spend_alone(view, snapshot.spend, text)
    if text or is_billed(snapshot.state, view):
        return [("muted", text)] if text else []
    if snapshot.plan:
        return [("muted", f"Claude {snapshot.plan}")]
    if snapshot.state == "api_off":
        return [("muted", describe("starting")[0])]
    return [("muted", f"{SUBJECT}not reported")]


VALUES: dict[str, Callable[[View], list[Part]]] = {
    "five_hour": lambda view: window_parts(view, "five_hour"),
    "seven_day": _seven_day,
    "weekly": _weekly,
    "extra": _extra,
    "model": _model,
    "context": _context,
    "status": status,
}
