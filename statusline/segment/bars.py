"""Bars: a percentage as signs, as fine as they can show it; loaded when a format has one."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from statusline.segment.view import Part
    from statusline.settings.settings import Settings


def bar(
    used_pct: float, settings: Settings, role: str, *, remains: bool | None = None
) -> list[Part]:
    """Return a bar: full only at 100 %, empty only at 0 %.

    It shows what remains where the settings say so, or ``remains``.
    """
    if remains is None:
        remains = settings.show == "remaining"
    shown_pct = min(max(100 - used_pct if remains else used_pct, 0.0), 100.0)
    full, empty, steps = settings.bar_full, settings.bar_empty, settings.bar_steps
    if settings.ascii:
        steps = ""
        if not full.isascii():
            full = "#" if empty != "#" else "="
        if not empty.isascii():
            empty = "-" if full != "-" else "."
    in_cell = len(steps) + 1
    most = settings.bar_width * in_cell
    count = int(shown_pct * most / 100 + 0.5)
    if most > 1 and 0 < shown_pct < 100:
        count = min(max(count, 1), most - 1)
    whole, rest = divmod(count, in_cell)
    filled = full * whole + (steps[rest - 1] if rest else "")
    both = [("muted", empty * (settings.bar_width - len(filled)))]
    if _is_reversed(settings.styles.get(role, ("",))[0]):
        role = ""  # a full cell that is reversed is an empty one
    if settings.gradient and role != "muted":
        both[:0] = _gradient(filled, settings, remains=remains)
    else:
        both.insert(0, (role, filled))
    return [part for part in both if part[1]]


def _is_reversed(sgr: str) -> bool:
    """Tell whether SGR parameters reverse: a 7 that is no argument of a colour's 38 or 48."""
    words = sgr.split(";")
    while words:
        first = words.pop(0)
        if first == "7":
            return True
        if first in ("38", "48"):
            del words[: 4 if words[:1] == ["2"] else 2]
    return False


def _gradient(filled: str, settings: Settings, *, remains: bool) -> list[Part]:
    """Return each cell in the colour of its place: the same wherever the bar ends."""
    last = settings.bar_width - 1
    return [
        (f"gradient.{(last - at if remains else at) * settings.gradient // (last + 1)}", sign)
        for at, sign in enumerate(filled)
    ]
