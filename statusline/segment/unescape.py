"""What a host makes of its segment: the surface's own notation back into terminal escapes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from statusline.settings.settings import Settings
from statusline.surfaces import SURFACES

if TYPE_CHECKING:
    from statusline.surfaces import Surface


def as_shown(segment: bytes, surface: str) -> str:
    """Return the text with plain SGR escapes that a terminal gets to see from that host.

    Wrappers go, doubled characters become single ones, tmux's styles become their SGR twins;
    a style that ``settings.styles`` does not have is left out.
    """
    rules = SURFACES[surface]
    singles = {escaped: char for char, escaped in rules.escapes.items() if escaped}
    if rules.dollar:
        singles[rules.dollar] = "$"
    styles = _sgr_of(rules)

    def shown(found: re.Match[str]) -> str:
        style = found["style"]
        if style is None:
            return singles[found[0]]
        return f"\033[{styles[style]}m" if style in styles else ""

    return _pattern(rules, singles).sub(shown, segment.decode("utf-8", "replace"))


def _pattern(rules: Surface, singles: dict[str, str]) -> re.Pattern[str]:
    """Doubled characters first: in ``##[`` the bracket begins no style."""
    style = f"{re.escape(rules.begin)}(?P<style>[^{re.escape(rules.end)}]*){re.escape(rules.end)}"
    return re.compile("|".join([*map(re.escape, singles), style]))


def _sgr_of(rules: Surface) -> dict[str, str]:
    """Return the SGR parameters of each style as this surface writes it."""
    pairs = [*Settings().styles.values(), ("0", "default")]
    return {pair[rules.style]: pair[0] for pair in pairs}
