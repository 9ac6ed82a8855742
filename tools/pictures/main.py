"""Take the pictures of docs/pictures from the real programs' screens: `tools/pictures/run`."""

from __future__ import annotations

import os
import platform
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from statusline.cli.terminal_svg import draw
from tools.pictures import looks, played, scenes
from tools.pictures.home import COLUMNS, SHOWN

#: Pictures that are wider than the others.
WIDTHS = dict.fromkeys(("presets", "themes", "themes-white"), looks.COLUMNS)
WIDTHS |= dict.fromkeys(("custom", "states"), played.COLUMNS)

#: What plays a day of its own, and is the same each time.
PLAYED = ("custom", "states")
#: The dashboard's clock ticks in seconds; themes and tokens have no reset.
TIMELESS = (*PLAYED, "hero", "themes", "themes-white", "tokens", "watch")

PICTURES: dict[str, tuple[str, Callable[[], list[str]]]] = {
    "states": ("every state, and what it means", played.states),
    "custom": ("~/.config/statusline/config.toml, and what it makes of the line", played.custom),
    "show": ("statusline show", scenes.show),
    "tokens": ("statusline tokens", scenes.tokens),
    "watch": ("statusline watch", scenes.watch),
    "edit": ("statusline config edit", scenes.edit),
    "doctor": ("statusline doctor", scenes.doctor),
    "presets": ("presets in Claude Code", looks.presets),
    "themes": ("themes", looks.themes),
    "themes-white": ("themes", looks.themes),
}


def await_the_minute() -> None:
    """Wait until what is taken in the next 40 seconds shows `SHOWN`."""
    while not 1 <= time.time() % 60 <= 20:
        time.sleep(0.2)


def main(directory: Path, names: list[str]) -> None:
    """Write the pictures called `names`, or all, into `directory`.

    The hero is one that everybody can make: `statusline demo --svg docs/pictures/hero.svg`.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for name in names or PICTURES:
        title, take = PICTURES[name]
        if name not in PLAYED:
            await_the_minute()
        rows = take()
        picture = draw(rows, WIDTHS.get(name, COLUMNS), title, white=name.endswith("white"))
        text = re.sub(r"\x1b\[[0-9;:]*m", "", "\n".join(rows))
        assert name == "tokens" or re.search(r"5h .*61%", text), text
        assert name in TIMELESS or SHOWN in text, text
        for private in ("@", tempfile.gettempdir(), platform.node(), os.path.expanduser("~")):
            assert private not in text, text
        (directory / f"{name}.svg").write_text(picture)
