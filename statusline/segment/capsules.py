"""Capsules: what stands between two separators on its own background; loaded where asked for."""

from __future__ import annotations

from statusline.segment.view import BOUNDARY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from statusline.segment.view import Part
    from statusline.settings.settings import Settings

#: What decides the colour of a capsule, first that is in it.
_KINDS = ("critical", "warning", "normal")


def wrap(parts: list[Part], settings: Settings) -> list[Part]:
    """Return the parts of a line with a capsule for each stretch between two boundaries."""
    before, pad, behind = settings.capsule
    if settings.ascii:
        before, pad, behind = "", " ", ""
    made: list[Part] = []
    for stretch in _stretches(parts):
        roles = {"normal" if role.startswith("gradient") else role for role, _text in stretch}
        kind = next((kind for kind in _KINDS if kind in roles), "text")
        text = "".join(text for _role, text in stretch)
        capsule = [
            (f"ends.{kind}", before),
            (f"capsule.{kind}", f"{pad}{text}{pad}"),
            (f"ends.{kind}", behind),
        ]
        made += [("", " ")] if made else []
        made += [part for part in capsule if part[1]]
    return made


def _stretches(parts: list[Part]) -> Iterator[list[Part]]:
    stretch: list[Part] = []
    for part in parts:
        if part[0] != BOUNDARY:
            stretch.append(part)
            continue
        if stretch:
            yield stretch
        stretch = []
    if stretch:
        yield stretch
