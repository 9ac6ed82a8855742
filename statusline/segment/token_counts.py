"""Tokens and their cost, as a line says them; loaded where a format asks for them."""

from __future__ import annotations

from statusline.segment.humanize import MINUTE_S, count, dollars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from statusline.segment.view import Part, View
    from statusline.usage.token_count import TokenCount

#: Tokens are counted anew whenever the cache is written, which is due every 5 minutes; what nobody
#: could count again is not told for longer than this.
LASTS_S = 15 * MINUTE_S


def true_until(found: TokenCount) -> float:
    """Return until when a count may be told (epoch seconds)."""
    return min(found.ends_at, found.counted_at + LASTS_S)


def _of(name: str, view: View) -> TokenCount | None:
    found = view.snapshot.token_counts.get(name)
    if found is None or not found.counted_at <= view.now + 1 or view.now >= true_until(found):
        return None
    return found


def _tokens(name: str) -> Callable[[View], list[Part]]:
    def show(view: View) -> list[Part]:
        found = _of(name, view)
        return [] if found is None else [("muted", count(found.tokens))]

    return show


def _cost(view: View) -> list[Part]:
    """Return what today's tokens cost, marked as an estimate: ``~$12.40``."""
    found = _of("today", view)
    if found is None or found.cost_usd is None:
        return []
    return [("muted", f"~{dollars(found.cost_usd)}")]


VALUES: dict[str, Callable[[View], list[Part]]] = {
    "tokens.block": _tokens("block"),
    "tokens.today": _tokens("today"),
    "cost.today": _cost,
}
