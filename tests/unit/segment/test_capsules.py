"""Capsules: what stands in one, in which colour, and what a line of them is without colour."""

from __future__ import annotations

import pytest

from statusline.segment.escaping import encode
from tests.support.laid_out import both, chosen, line, parts

STDIN = {"model": {"display_name": "Opus 5.5"}}


@pytest.mark.parametrize(
    ("shape", "shown"),
    [
        ("round", "\ue0b65h 61% 2h11m\ue0b4 \ue0b67d 22%\ue0b4"),
        ("arrow", " 5h 61% 2h11m \ue0b0  7d 22% \ue0b0"),
        ("flat", " 5h 61% 2h11m   7d 22% "),
        ("none", "5h 61% 2h11m · 7d 22%"),
    ],
)
def test_each_shape(shape: str, shown: str) -> None:
    """Round and pointed ends need a font that has them; flat ones need none."""
    assert line(both(), settings=chosen(f'capsule.shape = "{shape}"')) == shown


@pytest.mark.parametrize(("used_pct", "kind"), [(61, "normal"), (80, "warning"), (95, "critical")])
def test_a_capsule_has_the_colour_of_what_is_in_it(used_pct: float, kind: str) -> None:
    """The severity decides; a capsule without a number is plain."""
    settings = chosen('capsule.shape = "round"\nformat.claude = "{model}{sep}{five_hour}"')
    roles = [
        role for role, _text in parts(both(used_pct), "claude", settings=settings, stdin=STDIN)
    ]
    own = [f"ends.{kind}", f"capsule.{kind}", f"ends.{kind}"]
    assert roles == ["ends.text", "capsule.text", "ends.text", "", *own]


def test_the_ends_have_the_colour_of_the_ground() -> None:
    """Else a capsule would have a hole at each end."""
    settings = chosen('capsule.shape = "round"\nformat.default = "{five_hour.pct}"')
    off, ground = "\x1b[0m", "\x1b[38;5;28m"
    terminal = f"{ground}\ue0b6{off}\x1b[38;5;231;48;5;28m61%{off}{ground}\ue0b4{off}"
    off, ground = "#[default]", "#[fg=colour28]"
    tmux = f"{ground}\ue0b6{off}#[fg=colour231,bg=colour28]61%{off}{ground}\ue0b4{off}"
    for surface, wanted in (("plain", terminal), ("tmux", tmux)):
        found = parts(both(), surface, settings=settings)
        assert encode(found, surface, settings.styles, colored=True).decode() == wanted


def test_ascii_has_flat_capsules() -> None:
    """An ASCII terminal has no sign for a round end, and `?` is none."""
    assert line(both(), settings=chosen('ascii = true\ncapsule.shape = "round"')) == (
        " 5h 61% 2h11m   7d 22% "
    )


@pytest.mark.parametrize("width", range(1, 60))
def test_capsules_keep_to_the_width(width: int) -> None:
    """Their ends count too; a number is whole or not there."""
    shown = line(both(100, 100), width=width, settings=chosen('preset = "powerline"'))
    assert 0 < len(shown) <= width
    assert "100%" in shown or "10" not in shown
