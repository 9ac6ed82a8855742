"""The page of `history --html`: whole, readable by everyone, nothing in it from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html import escape
from html.parser import HTMLParser
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from statusline.cli.drawing import LEFT, RIGHT, STYLE, WIDTH, Drawing
from statusline.cli.page import Page
from statusline.history.cycles import Cycle, Point
from statusline.history.period import Track
from statusline.login.credentials import Credentials
from statusline.overview.overview import Overview, ProfileData
from statusline.settings.settings import Settings
from statusline.system import clock
from statusline.usage.forecast import Forecast
from tests.support.laid_out import DAY_S, HOUR_S, MINUTE_S, NOON, both

RESETS_AT = NOON + 131 * MINUTE_S
FULL = Forecast(
    *("five_hour", RESETS_AT, NOON, 1.1, 112, (90, 130)),
    (NOON + 84 * MINUTE_S, NOON + HOUR_S, NOON + 115 * MINUTE_S),
)
VOID = {"meta", "line", "path", "rect"}
#: Their end tags may be left out.
LOOSE = {"td", "th", "p"}


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    """It is always noon."""
    clock.use(lambda: NOON)
    yield
    clock.use(None)


def cycle(begin_s: float, *points: tuple[float, float], length_s: int = 5 * HOUR_S) -> Cycle:
    """A run of a window that begins there; points count from its begin."""
    resets_at = int(begin_s + length_s)
    seen = tuple(Point(begin_s + after_s, pct) for after_s, pct in points)
    is_closed = resets_at <= NOON
    seen_at = min(seen[-1].at_s + HOUR_S, NOON)
    return Cycle("five_hour", begin_s, resets_at, seen, is_closed, seen_at)


def page(label: str = "5h", *, with_forecast: bool = True, runs: int = 3) -> Page:
    """A day with so many runs, the last one on its way to its limit."""
    before = [
        cycle(NOON - number * 6 * HOUR_S, (600.0, 20.0), (HOUR_S * 2.0, 100.0))
        for number in range(runs, 1, -1)
    ]
    last = cycle(RESETS_AT - 5 * HOUR_S, (600.0, 10.0), (HOUR_S * 2.5, 61.0))
    track = Track("five_hour", label, (*before, last))
    settings = Settings()
    settings.time_zone = "UTC"
    snapshot = both(forecasts={"five_hour": FULL} if with_forecast else {})
    known = ProfileData(snapshot, settings, Credentials(state="found"), ())
    return Page(Overview(known, NOON), [track], NOON - DAY_S)


class Reader(HTMLParser):
    """Collects tags, attributes and texts; asserts that what is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert not [tag for tag in self.open if tag not in LOOSE]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes what is opened."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes what is empty."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Asserts that it was opened last."""
        while self.open[-1] != tag:
            assert self.open[-1] in LOOSE, f"</{tag}> closes <{self.open[-1]}>"
            self.open.pop()
        self.open.pop()


def test_the_page_is_whole_and_loads_nothing() -> None:
    """No script, no link, no address but the name of SVG's namespace; and a policy that says so."""
    text = page().html()
    tags = Reader(text).tags
    assert not {"script", "link", "img", "iframe", "a"} & {tag for tag, _attributes in tags}
    assert set(re.findall(r"\w+://[^\"' ]+", text)) <= {"http://www.w3.org/2000/svg"}
    assert "url(" not in text
    assert "@import" not in text
    policy = next(each for tag, each in tags if each.get("http-equiv"))
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert ("html", {"lang": "en"}) in tags


def test_it_says_where_the_window_leads() -> None:
    """In words beside the drawing; without a forecast nothing is drawn ahead."""
    with_it, without = page().html(), page(with_forecast=False).html()
    assert "used up in 60–115m at this pace" in with_it
    assert 'class="ahead"' in with_it
    assert 'class="range"' in with_it
    assert 'class="ahead"' not in without
    assert "at this pace" not in without


def test_every_run_can_be_reached_and_is_read_out() -> None:
    """A keyboard goes from run to run; who cannot see them hears begin, end and use."""
    tags = Reader(page().html()).tags
    runs = [each for tag, each in tags if tag == "g" and "run" in str(each.get("class"))]
    assert [each.get("tabindex") for each in runs] == ["0"] * 3
    told = [str(each["aria-label"]) for each in runs]
    assert told[0] == "5h, Mon 18:00 to Mon 23:00: 100%, used up after 2h00m"
    assert told[-1] == "5h, 09:11 to now: 61%, resets in 2h11m"
    headers = [each for tag, each in tags if tag == "th"]
    assert headers
    assert all(each.get("scope") in ("col", "row") for each in headers)


@pytest.mark.parametrize("label", ['<b a="1">&\'', "]]>", "&amp;"])
def test_a_hostile_label_is_text(label: str) -> None:
    """A window's name comes from a server."""
    text = page(label).html()
    Reader(text)
    assert escape(label) in text
    assert "<b a" not in text
    root = ET.fromstring(page(label).svg())  # noqa: S314  # our own
    texts = [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert any(label in each for each in texts)


def test_the_drawing_alone_is_svg() -> None:
    """It is read back as XML, and stands by itself: with its own style."""
    text = page().svg()
    root = ET.fromstring(text)  # noqa: S314  # our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "prefers-color-scheme: dark" in text
    assert len(root.findall("{http://www.w3.org/2000/svg}svg")) == 1


@pytest.mark.parametrize("time_zone", ["Asia/Kolkata", "Australia/Lord_Howe", "UTC"])
def test_the_marks_of_hours_stand_at_full_hours(time_zone: str) -> None:
    """Where zones are half an hour off, they stood at half past."""
    track = Track("five_hour", "5h", (cycle(NOON - 6 * HOUR_S, (600.0, 20.0)),))
    made = Drawing(track, NOON - DAY_S, NOON, None, time_zone, lambda _pct: "ok", str)
    marks = re.findall(r'<text x="([\d.]+)" y="[\d.]+">(\d\d):00</text>', made.svg())
    assert len(marks) > 3
    for x, hour in marks:
        share = (float(x) - LEFT) / (WIDTH - LEFT - RIGHT)
        at_s = made.begin_s + share * (made.end_s - made.begin_s)
        then = datetime.fromtimestamp(at_s, ZoneInfo(time_zone))
        off_min = (then.hour * 60 + then.minute + then.second / 60 - int(hour) * 60) % 1440
        assert min(off_min, 1440 - off_min) < 3  # a tenth of a pixel


def test_of_many_runs_the_resets_have_no_lines() -> None:
    """A month of 5-hour windows was a fence."""
    assert 'class="reset"' in page(runs=4).html()
    assert 'class="reset"' not in page(runs=60).html()


def test_its_colours_can_be_read_on_light_and_dark() -> None:
    """Texts at 4.5 to 1 on the ground, in both schemes."""
    light, dark = STYLE.split("@media")[0], STYLE.split("@media")[1]
    for scheme in (light, dark):
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]+)", scheme))
        ground = luminance(colours["ground"])
        for name in ("ink", "soft", "normal", "warning", "critical"):
            other = luminance(colours[name])
            high, low = max(ground, other), min(ground, other)
            assert (high + 0.05) / (low + 0.05) >= 4.5, name


def luminance(colour: str) -> float:
    """The relative luminance of a hex colour, by WCAG."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * each for each in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
