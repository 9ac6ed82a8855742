"""How things look by name: the bars' signs, the themes' styles, the capsules' ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline.settings.style import compile_style

if TYPE_CHECKING:
    from statusline.settings.settings import Settings

#: ``bar.style`` -> what is full, what is empty, and the steps of the cell in between, least first.
BARS = {
    "block": ("█", "░", "▏▎▍▌▋▊▉"),
    "line": ("━", "─", "╸"),
    "dots": ("●", "○", ""),
    "squares": ("■", "□", ""),
    "braille": ("⣿", "⣀", "⣄⣤⣦⣶⣷"),
}

#: ``theme`` -> key -> style; what it leaves out is the default's. Contrast is checked by a test:
#: but for "palette", each can be read on dark and on white, and text on its capsule. The
#: colours from 16 on are the same in every terminal.
THEMES: dict[str, dict[str, str]] = {
    "default": {},
    # The terminal's own palette, whatever its owner has put there.
    "palette": {
        "style.normal": "green / none",
        "style.warning": "yellow / black on yellow",
        "style.critical": "bold red / bold white on red",
        "style.muted": "dim / none",
        "style.model": "cyan / none",
    },
    # For those who see red and green alike: blue, orange, magenta.
    "clear": {
        "style.normal": "color:32 / none",
        "style.warning": "color:166 / black on yellow",
        "style.critical": "bold color:163 / bold white on magenta",
        "style.model": "none",
        "capsule.normal": "color:231 on color:25",
        "capsule.warning": "color:231 on color:130",
        "capsule.critical": "bold color:231 on color:127",
    },
    # Nothing has a colour until something needs attention.
    "calm": {
        "style.normal": "none",
        "style.model": "none",
        "capsule.normal": "color:231 on color:240",
        "capsule.text": "color:231 on color:238",
    },
    # No colour at all, for those who have none to spare.
    "mono": {
        "style.normal": "none",
        "style.warning": "bold",
        "style.critical": "bold underline",
        "style.muted": "none",
        "style.model": "none",
        "capsule.normal": "color:231 on color:240",
        "capsule.warning": "bold color:231 on color:240",
        "capsule.critical": "bold color:16 on color:231",
        "capsule.text": "color:231 on color:238",
    },
}

#: ``capsule.shape`` -> what stands before, around the text, and behind; the round and the pointed
#: ends need a font with powerline's signs, which nobody can ask a terminal for.
CAPSULES: dict[str, tuple[str, ...]] = {
    "none": (),
    "flat": ("", " ", ""),
    "round": ("\ue0b6", "", "\ue0b4"),
    "arrow": ("", " ", "\ue0b0"),
}

#: The colours of a gradient bar from its first cell to its last, each for dark and white.
GRADIENT = (
    *("#1a9850", "#4c9a2a", "#7a9a1a", "#a08c00"),
    *("#b97d00", "#cc6a10", "#d7501e", "#d7302f"),
)


def finish(settings: Settings, values: dict[str, object]) -> None:
    """Give ``settings`` the signs and styles that ``values`` (key -> value) only name."""
    full, empty, steps = BARS[str(values["bar.style"])]
    if "bar.full" not in values:
        settings.bar_full, settings.bar_steps = full, steps
    else:
        settings.bar_steps = ""
    if "bar.empty" not in values:
        settings.bar_empty = empty
    if values["bar.gradient"]:
        settings.gradient = len(GRADIENT)
        for count, color in enumerate(GRADIENT):
            style = compile_style(f"{color} / none")
            settings.styles[f"gradient.{count}"] = style or ("", "")
    settings.capsule = CAPSULES[str(values["capsule.shape"])]
    if not settings.capsule:
        for role in [role for role in settings.styles if role.startswith(("capsule.", "ends."))]:
            del settings.styles[role]
