"""Themes, capsules and gradients can be read: on dark and on white, in common palettes."""

from __future__ import annotations

import re

import pytest

from statusline.settings.keys import KEYS
from statusline.settings.load import compile_text
from statusline.settings.looks import GRADIENT, THEMES
from statusline.settings.settings import Settings

#: The least contrast of what is not body text (WCAG 2.1, 1.4.11), and of text on a capsule.
LEAST, LEAST_ON_CAPSULE = 3.0, 4.5

#: Ground and letters, then the first 16 colours, of what people's terminals come with.
XTERM = (
    *("#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5"),
    *("#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff"),
)
SOLARIZED = (
    *("#073642", "#dc322f", "#859900", "#b58900", "#268bd2", "#d33682", "#2aa198", "#eee8d5"),
    *("#002b36", "#cb4b16", "#586e75", "#657b83", "#839496", "#6c71c4", "#93a1a1", "#fdf6e3"),
)
GITHUB_DARK = (
    *("#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4"),
    *("#6e7681", "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#ffffff"),
)
GITHUB_LIGHT = (
    *("#24292f", "#cf222e", "#116329", "#4d2d00", "#0969da", "#8250df", "#1b7c83", "#6e7781"),
    *("#57606a", "#a40e26", "#1a7f37", "#633c01", "#218bff", "#a475f9", "#3192aa", "#8c959f"),
)
PALETTES = {
    "xterm on black": ("#000000", "#e5e5e5", XTERM),
    "xterm on white": ("#ffffff", "#000000", XTERM),
    "Solarized dark": ("#002b36", "#839496", SOLARIZED),
    "Solarized light": ("#fdf6e3", "#657b83", SOLARIZED),
    "GitHub dark": ("#0d1117", "#c9d1d9", GITHUB_DARK),
    "GitHub light": ("#ffffff", "#1f2328", GITHUB_LIGHT),
}
READABLE = [name for name in THEMES if name != "palette"]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, as WCAG 2.1 defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """The relative luminance of `#rrggbb`."""
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def color(parameters: str, base: int, palette: tuple[str, ...], default: str) -> str:
    """The colour that SGR parameters give to letters (base 30) or ground (40)."""
    extended = re.search(rf"(?:^|;){base + 8};5;(\d+)", parameters)
    if extended:
        return numbered(int(extended[1]), palette)
    if found := re.search(rf"(?:^|;){base + 8};2;(\d+);(\d+);(\d+)", parameters):
        return "#" + "".join(f"{int(part):02x}" for part in found.groups())
    plain = re.search(rf"(?:^|;)(?:{base // 10}([0-7])|{base // 10 + 6}([0-7]))(?:;|$)", parameters)
    if plain:
        return palette[int(plain[1]) if plain[1] else int(plain[2]) + 8]
    return default


def numbered(number: int, palette: tuple[str, ...]) -> str:
    """One of the 256 colours: from 16 on they are the same everywhere."""
    if number < 16:
        return palette[number]
    if number >= 232:
        return f"#{8 + 10 * (number - 232):02x}" + f"{8 + 10 * (number - 232):02x}" * 2
    steps = (0, 95, 135, 175, 215, 255)
    cube = number - 16
    return "#" + "".join(f"{steps[cube // size % 6]:02x}" for size in (36, 6, 1))


def themed(theme: str) -> Settings:
    """The settings of a theme, capsules included."""
    loaded = compile_text(f'theme = "{theme}"\ncapsule.shape = "round"')
    assert not loaded.problems
    return loaded.settings


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("theme", READABLE)
def test_every_style_of_a_theme_can_be_read(theme: str, palette: str) -> None:
    """Green letters on xterm's white have a contrast of 2.1, yellow ones of 1.7."""
    ground, letters, colors = PALETTES[palette]
    styles = themed(theme).styles
    for role, (parameters, _tmux) in styles.items():
        over = color(parameters, 40, colors, ground)
        seen = contrast(color(parameters, 30, colors, letters), over)
        least = LEAST_ON_CAPSULE if role.startswith("capsule.") else LEAST
        if not role.startswith("ends."):
            assert seen >= least, f"{role}: {seen:.2f}"


@pytest.mark.parametrize("palette", PALETTES)
def test_every_colour_of_a_gradient_can_be_seen(palette: str) -> None:
    """A bar whose end vanishes in the ground would be a shorter one."""
    ground = PALETTES[palette][0]
    assert min(contrast(each, ground) for each in GRADIENT) >= LEAST


@pytest.mark.control
def test_the_check_finds_what_cannot_be_read() -> None:
    """The negative control: the terminal's own palette, which nobody vouches for."""
    styles = themed("palette").styles
    ground, letters, colors = PALETTES["xterm on white"]
    assert contrast(color(styles["warning"][0], 30, colors, letters), ground) < 2
    assert contrast(color(styles["normal"][0], 30, colors, letters), ground) < LEAST


@pytest.mark.parametrize("theme", THEMES)
def test_tmux_shows_nothing_dim(theme: str) -> None:
    """On tmux's green bar dim letters can hardly be seen, nor green ones."""
    for role, (_sgr, notation) in themed(theme).styles.items():
        assert "dim" not in notation
        if "bg=" not in notation and not role.startswith("ends."):
            assert "fg=" not in notation, role


def test_a_theme_names_known_keys_only() -> None:
    """A theme is a config.toml of ours; a user's own style goes before it."""
    assert all(styles.keys() <= KEYS.keys() for styles in THEMES.values())
    loaded = compile_text('theme = "mono"\nstyle.normal = "green"')
    assert loaded.settings.styles["normal"][0] == "32"
    assert loaded.effective["style.warning"] == ("bold", "theme mono")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('preset = "full"\nbar.full = "─"', ["bar.full"]),
        ('preset = "full"\nbar.full = "░"', []),
        ('preset = "full"\nbar.style = "block"\nbar.full = "░"', ["bar.full"]),
        ('preset = "full"\nbar.empty = "━"', ["bar.empty"]),
        ('bar.full = "─"', []),
    ],
)
def test_a_sign_is_held_against_the_style_in_force(text: str, wrong: list[str]) -> None:
    """The preset's style went unseen: its bars had one character, and sound ones were refused."""
    loaded = compile_text(text)
    assert [problem.key for problem in loaded.problems] == wrong
    assert loaded.settings.bar_full != loaded.settings.bar_empty
