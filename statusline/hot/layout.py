"""From what is known to what is shown: ``[(role, text)]``, without a single escape.

Roles: "" plain, "normal", "warning", "critical" by severity, "muted", "model". Everything that
decides what is true at a moment stands here, for every surface alike.
"""

from __future__ import annotations

from statusline.model import DAY_S, HOUR_S, Observation, Spend, clean, mapping, number
from statusline.snapshot import Snapshot
from statusline.states import ACCOUNT_STATES, describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from statusline.settings import Node, Settings

Part = tuple[str, str]
MINUTE_S = 60

#: What goes first when a line is too wide, least important first.
DROP_ORDER = ("model", "context", "seven_day.reset", "five_hour.reset", "status", "seven_day")

_CURRENCY_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


class View:
    """All that one line is made of: the snapshot, Claude Code's stdin, the settings, a moment."""

    __slots__ = ("hidden", "now", "settings", "snapshot", "stdin")

    def __init__(
        self, snapshot: Snapshot | None, stdin: object, settings: Settings, now: float
    ) -> None:
        self.snapshot = Snapshot() if snapshot is None else snapshot
        self.stdin = mapping(stdin)
        self.settings = settings
        self.now = now
        self.hidden: frozenset[str] = frozenset()


def lay_out(view: View, surface: str, width: int) -> list[Part]:
    """Return the parts of one line for ``surface``, at most ``width`` cells together."""
    nodes = view.settings.format_of(surface)
    parts: list[Part] = []
    for count in range(len(DROP_ORDER) + 1):
        view.hidden = frozenset(DROP_ORDER[:count])
        parts = _evaluate(nodes, view)
        if cells(parts) <= width and parts:
            return parts
    view.hidden = frozenset()
    return _cut(parts or _status(view) or [("", "claude")], width, view.settings)


def cells(parts: Iterable[Part]) -> int:
    """Return how many terminal cells the parts take."""
    return sum(
        len(text) if text.isascii() else sum(map(_char_cells, text)) for _role, text in parts
    )


def _char_cells(char: str) -> int:
    """Return 2 for the wide East Asian ranges and emoji, else 1 (a config may hold them)."""
    code = ord(char)
    wide = 0x1100 <= code <= 0x115F or 0x2E80 <= code <= 0xA4CF or 0xAC00 <= code <= 0xD7A3
    wider = 0xF900 <= code <= 0xFAFF or 0xFE30 <= code <= 0xFF60 or 0x1F300 <= code <= 0x3FFFD
    return 2 if wide or wider else 1


def _cut(parts: list[Part], width: int, settings: Settings) -> list[Part]:
    if cells(parts) <= width:
        return parts
    kept: list[Part] = []
    room = width - 1
    for role, text in parts:
        for char in text:
            room -= _char_cells(char)
            if room < 0:
                return [*kept, ("", "." if settings.ascii else "…")]
            kept.append((role, char))
    return kept


def _evaluate(nodes: Iterable[Node], view: View) -> list[Part]:
    """Return the parts of a format; separators only stand between two things that are there."""
    parts: list[Part] = []
    pending = False
    for node in nodes:
        if node[0] == "s":
            pending = bool(parts)
            continue
        new = _node(node, view)
        if new and pending:
            separator = view.settings.separator
            parts.append(("muted", " | " if view.settings.ascii else separator))
        if new:
            parts += new
            pending = False
    return parts


def _node(node: Node, view: View) -> list[Part]:
    kind, content = node
    if kind == "t":
        return [("", content)]
    if kind == "v":
        find = VALUES.get(content)
        return [] if find is None or content in view.hidden else find(view)
    found = [_node(inner, view) for inner in content]
    return [part for parts in found for part in parts] if all(found) else []


def percent(value_pct: float) -> str:
    """Return a percentage that never says 100 % below 100 nor 0 % above 0."""
    if 0 < value_pct < 1:
        return "<1%"
    if value_pct >= 99:
        return f"{int(value_pct)}%"
    return f"{int(value_pct + 0.5)}%"


def duration(seconds: float) -> str:
    """Return a time ahead in two units at most, rounded up so that it is never "0m"."""
    minutes = max(1, int(-(-seconds // MINUTE_S)))
    if minutes < 60:
        return f"{minutes}m"
    if minutes < 24 * 60:
        return f"{minutes // 60}h{minutes % 60:02}m"
    return f"{minutes // 1440}d{minutes % 1440 // 60}h"


def age(seconds: float) -> str:
    """Return a time past in one unit, rounded down."""
    if seconds < HOUR_S:
        return f"~{int(seconds // MINUTE_S)}m"
    if seconds < 2 * DAY_S:
        return f"~{int(seconds // HOUR_S)}h"
    return f"~{int(seconds // DAY_S)}d"


def money(spend: Spend) -> str:
    """Return an amount in its currency's major unit (contract.md 2.2: minor units arrive)."""
    amount = f"{spend.used_minor / 10**spend.exponent:.{spend.exponent}f}"
    sign = _CURRENCY_SIGNS.get(spend.currency)
    return f"{sign}{amount}" if sign else f"{amount} {spend.currency}"


def severity(value_pct: float, settings: Settings) -> str:
    """Return the role in which a utilization is shown."""
    if value_pct >= settings.critical_pct:
        return "critical"
    return "warning" if value_pct >= settings.warning_pct else "normal"


def is_reset(seen: Observation, now: float) -> bool:
    """Tell whether a window's reset has passed, so that its number is no longer true."""
    return seen.resets_at is not None and seen.resets_at <= now


def is_old(seen: Observation, view: View) -> bool:
    """Tell whether a number is old enough to be shown with its age."""
    return view.now - seen.observed_at >= view.settings.old_after_s


def _window(view: View, name: str, *, always_reset: bool) -> list[Part]:
    seen = view.snapshot.windows.get(name)
    if seen is None:
        return []
    label = ("", f"{seen.label} ")
    if is_reset(seen, view.now):
        return [label, ("muted", "reset" if view.settings.ascii else "↻")]
    role = severity(seen.utilization_pct, view.settings)
    parts = [label, (role, percent(seen.utilization_pct))]
    if is_old(seen, view):
        parts.append(("muted", f" {age(view.now - seen.observed_at)}"))
    elif (
        seen.resets_at is not None
        and (always_reset or role == "critical")
        and f"{name}.reset" not in view.hidden
    ):
        parts.append(("muted", f" {duration(seen.resets_at - view.now)}"))
    return parts


def _five_hour(view: View) -> list[Part]:
    return _window(view, "five_hour", always_reset=True)


def _seven_day(view: View) -> list[Part]:
    return _window(view, "seven_day", always_reset=False)


def _model(view: View) -> list[Part]:
    name = clean(mapping(view.stdin.get("model")).get("display_name"))
    return [("model", name)] if name else []


def _context(view: View) -> list[Part]:
    used_pct = number(mapping(view.stdin.get("context_window")).get("used_percentage"))
    if used_pct is None or not 0 <= used_pct <= 1000:
        return []
    return [(severity(used_pct, view.settings), percent(used_pct))]


def _status(view: View) -> list[Part]:
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
    if word:
        word = "..." if view.settings.ascii and word == "…" else word
        return [("muted", f"claude: {word}")]
    if snapshot.spend is not None and snapshot.spend.enabled:
        return [("", "claude "), ("normal", money(snapshot.spend))]
    return [("muted", f"claude: {snapshot.plan or 'no limits'}")]


VALUES: dict[str, Callable[[View], list[Part]]] = {
    "five_hour": _five_hour,
    "seven_day": _seven_day,
    "model": _model,
    "context": _context,
    "status": _status,
}
