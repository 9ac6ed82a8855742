"""What each placeholder of the default formats shows, and what is true at a moment."""

from __future__ import annotations

from statusline.hot.words import age, duration, money, money_of_limit, percent
from statusline.model import Observation, clean, mapping, number
from statusline.states import ACCOUNT_STATES, describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from statusline.hot.layout import Part, View
    from statusline.settings import Settings
    from statusline.spend import Spend

#: The windows that have placeholders of their own; the others are weekly limits of one model.
MAIN_WINDOWS = ("five_hour", "seven_day")


def severity(value_pct: float, settings: Settings) -> str:
    """Return the role in which a utilization is shown: what is used decides, always."""
    if value_pct >= settings.critical_pct:
        return "critical"
    return "warning" if value_pct >= settings.warning_pct else "normal"


def is_reset(seen: Observation, now: float) -> bool:
    """Tell whether a window's reset has passed, so that its number is no longer true."""
    return seen.resets_at is not None and seen.resets_at <= now


def is_old(seen: Observation | Spend, view: View) -> bool:
    """Tell whether a number is old enough to be shown with its age."""
    return view.now - seen.observed_at >= view.settings.old_after_s


def share(used_pct: float, view: View) -> list[Part]:
    """Return a percentage in the role of its severity, as used or as what remains."""
    remains = view.settings.show == "remaining"
    shown_pct = max(0.0, 100 - used_pct) if remains else used_pct
    return [(severity(used_pct, view.settings), percent(shown_pct))]


def aged(seen: Observation | Spend, view: View) -> list[Part]:
    """Return the age of a number that is old, nothing for a fresh one."""
    return [("muted", f" {age(view.now - seen.observed_at)}")] if is_old(seen, view) else []


def reset_in(seen: Observation, view: View) -> str:
    """Return when a window resets, as the user wants to read it; "" where nobody knows."""
    if seen.resets_at is None or is_reset(seen, view.now):
        return ""
    if view.settings.reset == "clock":
        from statusline.hot import details  # needs the time zone

        return details.clock_time(seen.resets_at, view)
    return duration(seen.resets_at - view.now)


def _window(view: View, name: str, *, always_reset: bool) -> list[Part]:
    seen = view.snapshot.windows.get(name)
    if seen is None:
        return []
    label = ("", f"{seen.label} ")
    if is_reset(seen, view.now):
        return [label, ("muted", "↻")]
    parts = [label, *share(seen.utilization_pct, view)]
    if is_old(seen, view):
        return parts + aged(seen, view)
    is_critical = seen.utilization_pct >= view.settings.critical_pct
    if (always_reset or is_critical) and f"{name}.reset" not in view.hidden:
        ahead = reset_in(seen, view)
        parts += [("muted", f" {ahead}")] if ahead else []
    return parts


def _weekly(view: View) -> list[Part]:
    """Return the weekly limits of single models, those of which anything is used."""
    parts: list[Part] = []
    for name, seen in view.snapshot.windows.items():
        if name in MAIN_WINDOWS or seen.utilization_pct <= 0 or is_reset(seen, view.now):
            continue
        if parts:
            parts.append(("muted", view.settings.separator))
        parts += [("", f"{seen.label} "), *share(seen.utilization_pct, view), *aged(seen, view)]
    return parts


def _extra(view: View) -> list[Part]:
    """Return the money used beyond the plan; without windows the status says it."""
    spend = view.snapshot.spend
    if spend is None or not spend.is_shown or not spend.is_used or not view.snapshot.windows:
        return []
    role = severity(spend.share_pct or 0.0, view.settings)
    text = money(spend) if spend.used_minor is not None else _spend_pct(spend, view)
    return [("", "extra "), (role, text), *aged(spend, view)]


def _spend_pct(spend: Spend, view: View) -> str:
    """Return the share of the limit as used or as what remains, "" where nobody knows it."""
    of_limit_pct = spend.of_limit_pct
    return "" if of_limit_pct is None else share(of_limit_pct, view)[0][1]


def _spend_alone(view: View, spend: Spend, word: str) -> list[Part]:
    """Return the money of an account that has no windows, and the word that says what is wrong."""
    role = severity(spend.share_pct or 0.0, view.settings)
    used_pct = _spend_pct(spend, view)
    if spend.used_minor is None:
        parts = [("", "claude "), (role, used_pct)]
    elif spend.limit_minor is None:
        parts = [("", "claude "), (role, money(spend))]
    else:
        parts = [(role, f"{money_of_limit(spend)} {used_pct}".rstrip())]
    parts += aged(spend, view)
    if word and (view.snapshot.state in ACCOUNT_STATES or is_old(spend, view)):
        parts += [("muted", view.settings.separator), ("warning", word)]
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
    return [] if used_pct is None else share(used_pct, view)


def status(view: View) -> list[Part]:
    """Return the word that says what is wrong, or what there is to say without windows."""
    snapshot = view.snapshot
    word = describe(snapshot.state)[0]
    if not snapshot.windows:
        return _without_windows(view, word)
    if not word or snapshot.state == "starting":
        return []
    newest = max(seen.observed_at for seen in snapshot.windows.values())
    since_failure = newest <= (snapshot.attempted_at or snapshot.written_at)
    is_account_trouble = snapshot.state in ACCOUNT_STATES and since_failure
    if is_account_trouble or view.now - newest >= view.settings.old_after_s:
        return [("warning", word)]
    return []


def _without_windows(view: View, word: str) -> list[Part]:
    snapshot = view.snapshot
    if snapshot.spend is not None and snapshot.spend.is_shown:
        return _spend_alone(view, snapshot.spend, word)
    if word:
        return [("muted", f"claude: {word}")]
    return [("muted", f"claude: {snapshot.plan or 'no limits'}")]


VALUES: dict[str, Callable[[View], list[Part]]] = {
    "five_hour": lambda view: _window(view, "five_hour", always_reset=True),
    "seven_day": lambda view: _window(view, "seven_day", always_reset=False),
    "weekly": _weekly,
    "extra": _extra,
    "model": _model,
    "context": _context,
    "status": status,
}
