"""Where a window leads, in `show` and `watch`: a number, a sentence, and the run as a drawing."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from rich.console import Console
from rich.style import Style

from statusline.cli.course import HEIGHT, Course
from statusline.cli.picture import Picture, plain_lines
from statusline.history.cycles import Cycle, Point
from statusline.history.store import writing
from statusline.login.credentials import Credentials
from statusline.overview import course
from statusline.overview.overview import Overview, ProfileData
from statusline.settings.settings import Settings
from statusline.system import clock
from statusline.usage.forecast import Forecast
from statusline.usage.observation import Observation
from tests.support.laid_out import HOUR_S, MINUTE_S, NOON, both

RESETS_AT = NOON + 131 * MINUTE_S
RUN = Cycle(
    "five_hour",
    RESETS_AT - 5 * HOUR_S,
    RESETS_AT,
    (Point(NOON - 2 * HOUR_S, 10.0), Point(NOON - HOUR_S, 40.0), Point(NOON - 60, 61.0)),
    seen_at=NOON,
)
FULL = Forecast(
    *("five_hour", RESETS_AT, NOON, 1.1, 112, (90, 130)),
    (NOON + 84 * MINUTE_S, NOON + HOUR_S, NOON + 115 * MINUTE_S),
)


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    """It is always noon."""
    clock.use(lambda: NOON)
    yield
    clock.use(None)


def overview(window: str = "", **chosen: object) -> Overview:
    """Both windows, the 5-hour one on its way to its limit."""
    settings = Settings()
    settings.time_zone = "UTC"
    for name, value in chosen.items():
        setattr(settings, name, value)
    snapshot = both(forecasts={"five_hour": FULL})
    known = ProfileData(snapshot, settings, Credentials(state="found"), (), "", {"five_hour": RUN})
    return Overview(known, NOON, window)


def drawn(thing: object, width: int = 80) -> list[str]:
    """The lines that a terminal of `width` cells gets."""
    output = io.StringIO()
    Console(file=output, width=width, color_system=None, _environ={}).print(thing)
    return output.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_show_says_where_a_window_leads(width: int) -> None:
    """The number at the reset beside the one of now, and when it is all gone."""
    text = "\n".join(drawn(Picture(overview()), width))
    assert "61% →110%" in text
    assert "60–115m at this pace, 45m before its reset" in " ".join(text.split()).replace("- ", "-")
    assert "→110% by then" in "\n".join(plain_lines(overview()))


def test_the_json_has_the_forecast_of_the_cache() -> None:
    """Scripts read it with the fields of usage.json; a window without one says null."""
    five, seven = overview().rows
    assert (five.to_json()["forecast"], seven.to_json()["forecast"]) == (FULL.to_json(), None)


@pytest.mark.parametrize("is_ascii", [False, True])
def test_one_window_alone_shows_its_run(is_ascii: bool) -> None:
    """The use so far, what is forecast, and below them begin and reset."""
    lines = drawn(Picture(overview("five_hour", ascii=is_ascii)))
    rows = [line for line in lines if "│" in line or " |" in line]
    assert len(rows) == HEIGHT
    assert rows[0].startswith("100% ")
    assert rows[-1].startswith("  0% ")
    ahead, filled = ("-", "#") if is_ascii else ("░", "█")
    assert rows[0].rstrip().endswith(ahead)  # it is full before the reset
    assert filled not in rows[0]
    assert filled in rows[-1]
    ends = lines[lines.index(rows[-1]) + 1]
    assert ends.split() == ["09:11", "14:11"]
    assert is_ascii == "\n".join(rows).isascii()


def test_watch_draws_the_first_window_below_all_of_them() -> None:
    """Where the terminal is high enough; `show` keeps to the numbers."""
    plain, drawing = (drawn(Picture(overview(), drawing=drawing)) for drawing in (False, True))
    assert not any("│" in line for line in plain)
    assert sum("│" in line for line in drawing) == HEIGHT
    assert any(line.startswith("7d") for line in drawing)


@pytest.mark.parametrize("width", [20, 27, 45, 80, 300])
@pytest.mark.parametrize("forecast", [None, FULL])
def test_the_run_fits_any_width(forecast: Forecast | None, width: int) -> None:
    """A narrow terminal has none rather than half a drawing."""
    made = Course(RUN, forecast, NOON, lambda _pct: Style(), "09:11", "14:11")
    lines = drawn(made, width)
    assert max(map(len, lines), default=0) <= width
    assert len(lines) == (0 if width < 26 else HEIGHT + 1)


def test_the_run_comes_from_the_history_of_this_account(tmp_path: object) -> None:
    """Only the run that is under way; without a history there is none, and no error."""
    directory = str(tmp_path)
    snapshot = both(account="mark")
    assert course.running(directory, snapshot, NOON) == {}
    for minutes, used_pct in ((-300, 80.0), (-100, 20.0), (-5, 61.0)):
        resets_at = RESETS_AT if minutes > -200 else RESETS_AT - 5 * HOUR_S
        seen = Observation("five_hour", "5h", used_pct, resets_at, NOON + minutes * MINUTE_S, "api")
        with writing(directory) as history:
            history.note("mark", [seen], NOON)
    found = course.running(directory, snapshot, NOON)
    assert [point.pct for point in found["five_hour"].points] == [20.0, 61.0]
    snapshot.account = "another"
    assert course.running(directory, snapshot, NOON) == {}
