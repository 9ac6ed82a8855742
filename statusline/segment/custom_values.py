"""What only a user's own format shows: bars, clock times, single values of a window, an account.

Loaded when a format asks for it, so that the defaults do not pay for it.
"""

from __future__ import annotations

from statusline.segment.bars import bar
from statusline.segment.clock_time import clock_time
from statusline.segment.humanize import old
from statusline.segment.values import (
    MAIN_WINDOWS,
    left_s,
    reset_in,
    reset_role,
    severity,
    share,
    window_parts,
)
from statusline.system.text import clean
from statusline.system.untrusted import mapping
from statusline.usage.observation import is_reset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from statusline.segment.view import Part, View
    from statusline.usage.observation import Observation


def parts(name: str, view: View) -> list[Part]:
    """Return what the placeholder ``name`` shows; nothing for a name that there is not.

    The tables decide; no attribute of any object is looked up by name (S10).
    """
    find = OTHERS.get(name)
    if find is not None:
        return find(view)
    window, _dot, attribute = name.partition(".")
    if window == "env":
        return _variable(attribute, view)
    show = WINDOW.get(attribute)
    seen = binding(view) if window == "binding" else view.snapshot.windows.get(window)
    if show is not None and window in (*MAIN_WINDOWS, "binding"):
        return [] if seen is None else show(seen, view)
    if window in view.snapshot.sources:
        return _of_agent(window, attribute, view)
    if name in COUNTED:
        from statusline.segment import token_counts

        return token_counts.VALUES[name](view)
    from statusline.segment import session_values  # what Claude Code alone tells

    find = session_values.VALUES.get(name)
    return [] if find is None else find(view)


def _of_agent(agent: str, name: str, view: View) -> list[Part]:
    """Return what is known of another agent's window, or one ``attribute`` of it.

    It is as old as that agent's last answer here, which says nothing of the line's other numbers:
    where it is shown whole, its age stands beside it.
    """
    window, _dot, attribute = name.partition(".")
    seen = view.snapshot.sources[agent].get(f"{agent}.{window}")
    if seen is None:
        return []
    if attribute:
        show = WINDOW.get(attribute)
        return [] if show is None else show(seen, view)
    shown = window_parts(view, seen.window)
    if f"{seen.window}.age" in view.names or is_reset(seen, view.now):
        return shown
    view.dated.append(seen.window)
    age = old(view.now - seen.observed_at)
    return [*shown, ("", " "), ("muted", age)] if view.is_old(seen) else shown


def _pct(seen: Observation, view: View) -> list[Part]:
    if is_reset(seen, view.now):
        return [("muted", "↻")]
    view.numbers.append((seen.window, seen.observed_at))
    return share(seen.utilization_pct, view, seen.window)


def _bar(seen: Observation, view: View) -> list[Part]:
    if is_reset(seen, view.now):
        return []
    view.numbers.append((seen.window, seen.observed_at))
    role = severity(seen.utilization_pct, view.settings, seen.window)
    return bar(seen.utilization_pct, view.settings, "muted" if view.is_old(seen) else role)


def _clock(seen: Observation, view: View) -> list[Part]:
    if seen.resets_at is None or left_s(seen, view.now) is None:
        return []
    return [(reset_role(seen, view), clock_time(seen.resets_at, view))]


def _age(seen: Observation, view: View) -> list[Part]:
    if is_reset(seen, view.now):
        return []
    view.dated.append(seen.window)
    return [("muted", old(view.now - seen.observed_at))]


def _plan(view: View) -> list[Part]:
    return [("muted", view.snapshot.plan)] if view.snapshot.plan else []


def _account(view: View) -> list[Part]:
    return [("", view.settings.account)] if view.settings.account else []


def _variable(name: str, view: View) -> list[Part]:
    """Return an environment variable, harmless wherever it is shown."""
    from statusline.segment.session_text import shown  # rarely asked for

    text = "" if view.env is None else shown(view.env.get(name))
    return [("", text)] if text else []


def binding(view: View) -> Observation | None:
    """Return the window that stops the user first, ``None`` where none is known.

    Of windows that are used up the one that opens last; else the fullest. The limit of a single
    model counts while that model is in use, or where no other window is known.
    """
    every = list(view.snapshot.windows.values())
    running = [seen for seen in every if not is_reset(seen, view.now)]
    model = clean(mapping(view.stdin.get("model")).get("display_name")).casefold()
    binds = [
        seen
        for seen in running
        if not seen.window.startswith("weekly:") or seen.label.casefold() in model
    ]
    used_up = [seen for seen in binds if seen.utilization_pct >= 100]
    if used_up:
        return max(used_up, key=lambda seen: seen.resets_at or float("inf"))
    fullest = max(binds or running, key=lambda seen: seen.utilization_pct, default=None)
    return fullest or next(iter(every), None)


def _binding(view: View) -> list[Part]:
    seen = binding(view)
    return [] if seen is None else window_parts(view, seen.window, named="binding")


def _window_pace(seen: Observation, view: View) -> list[Part]:
    from statusline.segment import forecasts  # who has a bar need not have these

    return forecasts.pace(seen, view)


def _window_full(seen: Observation, view: View) -> list[Part]:
    from statusline.segment import forecasts

    return forecasts.full(seen, view)


def _pace(view: View) -> list[Part]:
    from statusline.segment import forecasts

    seen = forecasts.first_to_fill(view) or binding(view)
    return [] if seen is None else forecasts.pace(seen, view)


def _full(view: View) -> list[Part]:
    """Return when the first window will be used up, by its name if that is not the 5-hour one."""
    from statusline.segment import forecasts

    seen = forecasts.first_to_fill(view)
    if seen is None:
        return []
    label = [] if seen.window == MAIN_WINDOWS[0] else [("", f"{seen.label} ")]
    return [*label, *forecasts.full(seen, view)]


#: What a placeholder of a window shows, by what follows the dot in it.
WINDOW: dict[str, Callable[[Observation, View], list[Part]]] = {
    "pct": _pct,
    "bar": _bar,
    "reset": reset_in,
    "clock": _clock,
    "label": lambda seen, _view: [("", seen.label)],
    "age": _age,
    "pace": _window_pace,
    "full": _window_full,
}

#: What is counted in transcripts.
COUNTED = ("tokens.block", "tokens.today", "cost.today")

#: What comes from the cache, the settings or the environment.
OTHERS: dict[str, Callable[[View], list[Part]]] = {
    "binding": _binding,
    "pace": _pace,
    "full": _full,
    "plan": _plan,
    "account": _account,
}
