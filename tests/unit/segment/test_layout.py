"""From what is known to what is shown: every form (docs/decisions.md 15), at every width."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from statusline.segment.layout import cells, lay_out
from statusline.segment.view import View
from statusline.settings.settings import Settings
from statusline.usage.messages import STATES
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from statusline.usage.spend import Spend
from tests.support import examples as number_of
from tests.support.distorted import NOW, distorted, documents
from tests.support.examples import examples

STDIN: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "data" / "stdin-2.1.328.json").read_text(encoding="utf-8")
)
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400


def snapshot(
    five_hour: float | None = 61,
    seven_day: float | None = 22,
    *,
    age_s: float = 0,
    five_hour_left_s: int = 2 * HOUR_S + 11 * MINUTE_S,
    **fields: Any,
) -> Snapshot:
    """What is known at NOW; None leaves a window out, `fields` are the snapshot's own."""
    made = Snapshot()
    made.state = "ok"
    made.attempted_at = made.succeeded_at = NOW - age_s
    for window, label, used_pct, left_s in (
        ("five_hour", "5h", five_hour, five_hour_left_s),
        ("seven_day", "7d", seven_day, 4 * DAY_S),
    ):
        if used_pct is not None:
            made.windows[window] = Observation(
                window, label, used_pct, NOW + left_s, NOW - age_s, "api"
            )
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def text(
    known: Snapshot | None, surface: str = "plain", width: int = 200, *, ascii_only: bool = False
) -> str:
    """The line's text at NOW, with the stdin sample where the surface is Claude Code."""
    chosen = Settings()
    chosen.ascii = ascii_only
    stdin = STDIN if surface == "claude" else None
    (parts,) = lay_out(View(known, stdin, chosen, NOW), surface, width)
    return "".join(part for _role, part in parts)


SPEND = Spend(5090, None, "USD", 2, None, True, NOW)


@pytest.mark.parametrize(
    ("known", "line"),
    [
        pytest.param(snapshot(), "5h 61% 2h11m · 7d 22%", id="fresh"),
        pytest.param(snapshot(age_s=14 * 60), "5h 61% 2h11m · 7d 22% · 14m old", id="old"),
        pytest.param(snapshot(age_s=9 * 60), "5h 61% 2h11m · 7d 22%", id="not-old-yet"),
        pytest.param(snapshot(five_hour_left_s=-60), "5h ↻ · 7d 22%", id="reset"),
        pytest.param(snapshot(five_hour_left_s=0), "5h ↻ · 7d 22%", id="reset-now"),
        pytest.param(
            snapshot(five_hour_left_s=-60, age_s=3 * HOUR_S),
            "5h ↻ · 7d 22% · 3h old",
            id="reset-old",
        ),
        pytest.param(snapshot(None, 22), "7d 22%", id="F05-one-window"),
        pytest.param(snapshot(61, None), "5h 61% 2h11m", id="F05-other-window"),
        pytest.param(snapshot(61, 93), "5h 61% 2h11m · 7d 93% 4d0h", id="near-the-limit"),
        pytest.param(snapshot(100, 250), "5h 100% 2h11m · 7d 250% 4d0h", id="F02-above-100"),
        pytest.param(snapshot(None, None, spend=SPEND), "claude $50.90", id="no-windows-spend"),
        pytest.param(
            snapshot(None, None, spend=Spend(5090, None, "CHF", 2, None, True, NOW)),
            "claude 50.90 CHF",
            id="no-windows-spend-CHF",
        ),
        pytest.param(
            snapshot(None, None, spend=Spend(512, None, "JPY", 0, None, True, NOW)),
            "claude ¥512",
            id="no-windows-spend-JPY",
        ),
        pytest.param(
            snapshot(None, None, spend=Spend(0, None, "USD", 2, None, False, NOW), plan="Team"),
            "Claude Team",
            id="no-windows-spend-off",
        ),
        pytest.param(snapshot(None, None, plan="Enterprise"), "Claude Enterprise", id="plan"),
        pytest.param(snapshot(None, None), "usage: not reported", id="no-windows-nothing"),
        pytest.param(None, "usage: …", id="A01"),
        pytest.param(snapshot(None, None, state="missing"), "usage: sign in", id="signed-out"),
        pytest.param(
            snapshot(age_s=14 * 60, state="missing", attempted_at=None, written_at=NOW),
            "5h 61% 2h11m · 7d 22% · 14m old · usage: sign in",
            id="signed-out-with-numbers",
        ),
        pytest.param(
            snapshot(state="rate_limited", age_s=120, attempted_at=NOW - 60),
            "5h 61% 2h11m · 7d 22% · usage: retry soon",
            id="rate-limited",
        ),
        pytest.param(
            snapshot(None, None, state="rate_limited"),
            "usage: retry soon",
            id="rate-limited-without-numbers",
        ),
        pytest.param(snapshot(None, None, state="scope"), "usage: no scope", id="scope-missing"),
        pytest.param(snapshot(state="unreachable"), "5h 61% 2h11m · 7d 22%", id="offline-a-little"),
        pytest.param(
            snapshot(state="unreachable", age_s=14 * 60),
            "5h 61% 2h11m · 7d 22% · 14m old · usage: offline",
            id="offline-for-long",
        ),
        pytest.param(snapshot(None, None, state="invented-later"), "update statusline", id="A13"),
    ],
)
def test_each_form_of_the_segment(known: Snapshot | None, line: str) -> None:
    """What is known and what is not, form by form (docs/decisions.md 15, 16)."""
    assert text(known) == line


def test_the_claude_line_adds_model_and_context() -> None:
    """With Claude Code's stdin the line says which model and how full its context is."""
    assert text(snapshot(), "claude") == "Opus 5.5 · ctx 1% · 5h 61% 2h11m · 7d 22%"


def test_ascii_has_no_sign_outside_ascii() -> None:
    """H05: separator, reset, ellipsis and placeholder have an ASCII form."""
    for known in (snapshot(five_hour_left_s=-1), None, snapshot(age_s=3600)):
        for width in (1, 5, 40):
            assert text(known, ascii_only=True, width=width).isascii()
    assert text(snapshot(five_hour_left_s=-1), ascii_only=True) == "5h reset | 7d 22%"


@pytest.mark.parametrize("width", [40, 30, 24, 16, 12, 8])
def test_the_five_hour_number_goes_last(width: int) -> None:
    """When it gets narrow the least important goes first; the first number stays."""
    assert "5h 61%" in text(snapshot(), "claude", width)


KNOWN = [
    snapshot(),
    snapshot(age_s=14 * 60),
    snapshot(five_hour_left_s=-60),
    snapshot(None, None, spend=SPEND),
    snapshot(None, None, spend=Spend(1e308, None, "USD", 2, None, True, NOW)),
    snapshot(None, None, plan="A plan of 24 long words"),
    snapshot(age_s=20 * DAY_S, state="rate_limited"),
    snapshot(100, 1000),
    *(snapshot(None, None, state=code) for code in STATES),
    *(snapshot(state=code, age_s=3 * HOUR_S) for code in STATES),
]


@pytest.mark.parametrize("surface", ["plain", "claude", "tmux"])
def test_a_line_fits_its_width_and_is_never_empty(surface: str) -> None:
    """P2: at every width from 1 to 60 there is something, and never more than fits.

    On ordinary days each width has a third of what may be known, and each of that 20 widths.
    """
    step = 1 if number_of.is_full else 3
    for width in range(1, 61):
        for known in (None, *KNOWN)[width % step :: step]:
            line = text(known, surface, width)
            assert line, width
            assert cells([("", line)]) <= width, (width, line)


DOCUMENT = {**snapshot(spend=SPEND, plan="Max 5x").to_json()}


@given(distorted(DOCUMENT), documents | distorted(STDIN), st.integers(1, 60), st.floats(0, 4e9))
@example(DOCUMENT, STDIN, 40, float(NOW))
@settings(max_examples=examples(150))
def test_no_cache_and_no_stdin_break_a_line(
    document: object, stdin: object, width: int, now: float
) -> None:
    """F01-F03, F05-F08, F11: whatever files and stdin hold, at any moment, the line is whole."""
    view = View(Snapshot.from_json(document), stdin, Settings(), now)
    (parts,) = lay_out(view, "claude", width)
    line = "".join(part for _role, part in parts)
    assert line.isprintable()
    assert 0 < cells(parts) <= width
