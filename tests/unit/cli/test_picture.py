"""The pictures say what is known and nothing else, at any width, whatever the cache holds.

The screens in tests/data/screens are written anew as tests/support/golden.py says.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from statusline.cli.facts import ticking
from statusline.cli.picture import Picture, plain_lines
from statusline.login.credentials import Credentials
from statusline.overview.overview import Overview, ProfileData, look
from statusline.settings.settings import Settings
from statusline.system import clock
from statusline.usage.messages import STATES
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from tests.support import golden, sample

WIDTHS = (40, 41, 60, 71, 72, 80, 120)
PLACES = (
    ("cache", "~/.cache/statusline/0123456789abcdef"),
    ("config", "~/.config/statusline/config.toml"),
)
SGR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    """It is always the sample's moment."""
    clock.use(lambda: sample.NOW)
    yield
    clock.use(None)


def overview(found: Snapshot | None = None, window: str = "", **chosen: object) -> Overview:
    """An overview of the sample, or of `found`; `chosen` are settings."""
    settings = Settings()
    settings.time_zone = "UTC"
    for name, value in chosen.items():
        setattr(settings, name, value)
    login = Credentials(state="found", expires_at=sample.NOW + 7200)
    return Overview(
        ProfileData(found or sample.snapshot(), settings, login, (), places=PLACES),
        sample.NOW,
        window,
    )


def drawn(picture: Picture, width: int, *, colored: bool = False) -> str:
    """What a terminal of `width` cells gets."""
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=True,
        color_system="256" if colored else None,
        _environ={},
    )
    console.print(picture)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def in_state(code: str) -> Snapshot:
    """The sample after an answer that was none."""
    made = sample.snapshot()
    made.state = code
    return made


SCREENS = {
    "show-80": (overview(), 80),
    "show-40": (overview(), 40),
    "show-100-remaining": (overview(show="remaining", clock_hours=12), 100),
    "show-80-ascii": (overview(ascii=True), 80),
    "show-40-one-window": (overview(window="seven_day"), 40),
    "show-80-rate-limited": (overview(in_state("rate_limited")), 80),
    "show-40-starting": (overview(Snapshot()), 40),
    "show-80-offline": (overview(in_state("unreachable")), 80),
    "show-40-expired": (overview(in_state("expired")), 40),
}
DETAILED = {"show-80-verbose": 80, "show-40-verbose": 40, "show-120-verbose": 120}


@pytest.mark.parametrize("name", SCREENS)
def test_the_picture_is_the_one_kept(name: str) -> None:
    """What people see changes on purpose only."""
    told, width = SCREENS[name]
    golden.check(name, drawn(Picture(told), width))


@pytest.mark.parametrize("name", DETAILED)
def test_the_picture_with_details_is_the_one_kept(name: str) -> None:
    """The same, with who told what, waits and files."""
    golden.check(name, drawn(Picture(overview(), details=True), DETAILED[name]))


@pytest.mark.parametrize("name", ["plain", "plain-starting"])
def test_the_plain_lines_are_those_kept(name: str) -> None:
    """What scripts cut to pieces changes on purpose only."""
    found = Snapshot() if name.endswith("starting") else None
    golden.check(f"show-{name}", "\n".join(plain_lines(overview(found))))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("ticks", [False, True])
def test_no_line_is_wider_than_the_terminal(width: int, *, ticks: bool) -> None:
    """From 40 columns on everything fits, long model names included."""
    found = sample.snapshot()
    name = "weekly:A model with a name"
    found.windows[name] = Observation(name, "A model with a name", 33.0, None, sample.NOW, "api")
    lines = drawn(Picture(overview(found), ticking=ticks), width).splitlines()
    assert max(map(len, lines)) <= width
    assert any("61%" in line for line in lines)


@pytest.mark.parametrize("width", [1, 2, 10, 25, 39, 400])
def test_any_width_is_survived(width: int) -> None:
    """A sliver of a pane shows what it can, a wall of one is not filled with bar."""
    lines = drawn(Picture(overview()), width).splitlines()
    assert max(map(len, lines)) <= min(width, 120)


def test_bars_follow_the_thresholds_and_the_percentage() -> None:
    """Green below, orange from 75 %, red from 90 %; old numbers have a muted bar."""
    lines = drawn(Picture(overview()), 80, colored=True).splitlines()
    by_label = {SGR.sub("", line)[:5].strip(): line for line in lines}
    assert "\x1b[38;5;28m█" in by_label["5h"]
    assert "\x1b[38;5;166m█" in by_label["7d"]
    assert "\x1b[38;5;244m█" in by_label["Fable"]
    assert "\x1b[1;38;5;196m  95%" in by_label["Fable"]
    assert "█" not in by_label["Opus"]


def test_a_window_that_has_reset_has_no_number() -> None:
    """Neither the picture, nor the lines, nor the JSON repeat what is no longer true."""
    row = next(row for row in overview().rows if row.window == "seven_day_opus")
    assert (row.used_pct, row.resets_in_s, row.is_reset) == (None, None, True)
    assert row.to_json()["remaining_pct"] is None
    for text in (drawn(Picture(overview()), 80), "\n".join(plain_lines(overview()))):
        line = next(line for line in text.splitlines() if line.startswith("Opus"))
        assert "reset" in line
        assert "10%" not in line


@pytest.mark.parametrize("code", [*STATES, "a_later_one"])
def test_every_state_is_said_with_its_fix(code: str) -> None:
    """Whatever is wrong, its sentence and its fix are there, with the numbers."""
    told = overview(in_state(code), api=code not in ("api_off", "bad_config"))
    document = told.to_json()
    is_quiet = code in ("ok", "api_off")
    for details in (False, True):
        text = " ".join(drawn(Picture(told, details=details), 200).split())
        assert (str(document["sentence"]) in text) is (details or not is_quiet)
        assert is_quiet or str(document["fix"]) in text
        assert "61%" in text


@pytest.mark.parametrize("details", [False, True])
def test_what_the_program_does_comes_last_and_when_asked_for(*, details: bool) -> None:
    """The next request and the login's end stood among what one looks for."""
    lines = list(plain_lines(overview(), details=details))
    assert lines[6].split(maxsplit=1) == ["renewed", "just now by Claude Code"]
    names = ["state", "next", "login", "cache", "config"] if details else []
    assert [line.split()[0] for line in lines[7:]] == names
    assert ("by the usage API" in lines[1]) is details


@pytest.mark.parametrize("state", ["ok", "starting", "not_asked", "new_login"])
def test_a_login_that_is_gone_is_what_there_is_to_say(state: str) -> None:
    """Just after it was removed: "Nothing: the usage API is asked at once", without a login."""
    known = overview(in_state(state)).known._replace(login=Credentials(state="missing"))
    told = Overview(known, sample.NOW)
    assert told.state == "missing"
    assert "fix      Run `claude` and sign in." in list(plain_lines(told))


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("ok", "None: the usage API reports none for this account."),
        ("api_off", "None yet. The usage API is turned off; Claude Code's own numbers are used."),
    ],
)
def test_a_page_without_windows_says_why(state: str, said: str) -> None:
    """A plan that has no windows had an empty page, and all was well."""
    found = in_state(state)
    found.windows, found.spend = {}, None
    assert f"windows  {said}" in list(plain_lines(overview(found, api=state == "ok")))
    of_one = overview(in_state(state), window="weekly:Opus", api=state == "ok")
    alone = list(plain_lines(of_one))
    assert "window   Nothing is known about this window." in alone


def test_another_agent_renews_no_number_of_claudes() -> None:
    """Codex's windows are read more often, and Claude's would have looked as fresh."""
    found = sample.snapshot()
    other = found.windows["seven_day"]
    seen = Observation("codex.five_hour", "Codex 5h", 5.0, other.resets_at, sample.NOW, "codex")
    del found.windows["five_hour"]
    found.sources = {"codex": {"codex.five_hour": seen}}
    assert "renewed  3 minutes ago by the usage API" in list(plain_lines(overview(found)))


def test_who_told_the_newest_number_is_said() -> None:
    """The table had a source a window; nobody could say who keeps them fresh."""
    found = sample.snapshot()
    del found.windows["five_hour"]
    assert "renewed  3 minutes ago by the usage API" in list(plain_lines(overview(found)))
    for name in ("seven_day", "weekly:Fable"):
        del found.windows[name]  # what is left has reset: nobody has renewed it
    assert not any("renewed" in line for line in plain_lines(overview(found)))


HOSTILE = {
    "S11-markup": "[red]x[/red]",
    "S11-unbalanced": "[/nothing]",
    "S11-link": "[link=file:///etc]y[/link]",
    "S11-escape": "\x1b[31mz",
    "S11-osc": "\x1b]0;title\x07",
    "S11-c1": "\x9b31m",
    "S11-bidi": "a\u202eb\u2066c",
    "S11-newline": "one\ntwo\rthree",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("width", [40, 80])
def test_text_from_outside_never_acts(text: str, width: int) -> None:
    """Even text that no validation has seen is shown as text, or not at all."""
    found = sample.snapshot()
    found.plan = text
    found.windows["x"] = Observation("x", text, 5.0, None, sample.NOW, "api")
    plain = [drawn(Picture(overview(found)), width), "\n".join(plain_lines(overview(found)))]
    assert not any(re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066]", x) for x in plain)
    lines = drawn(Picture(overview(found)), width, colored=True)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", SGR.sub("", lines))
    assert "\x1b[31mz" not in lines
    if text.startswith("["):
        assert text in plain[1]


def test_a_login_that_is_gone_is_said_though_the_last_answer_was_good(tmp_path: Path) -> None:
    """The refresher will find out later; show looks itself."""
    env = sample.home(tmp_path)
    (tmp_path / ".claude/.credentials.json").unlink()
    assert Overview(look(env), sample.NOW).state == "missing"
    (tmp_path / ".claude/.credentials.json").write_text('{"claudeAiOauth": {"acc')
    assert Overview(look(env), sample.NOW).state == "partial"


@pytest.mark.parametrize(
    ("field", "value", "state"),
    [("expires_at", sample.NOW - 1, "expired"), ("scopes", ("user:inference",), "scope")],
)
def test_a_login_that_will_not_do_is_said_before_the_first_request(
    field: str, value: object, state: str
) -> None:
    """An expired login and a setup-token explain an empty cache."""
    login = Credentials(state="found", expires_at=sample.NOW + 7200)._replace(**{field: value})  # type: ignore[arg-type]  # one field
    known = ProfileData(Snapshot(), Settings(), login, ())
    assert Overview(known, sample.NOW).state == state


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00:00"),
        (59.9, "0:00:59"),
        (7860, "2:11:00"),
        (350_000, "4d 1:13:20"),
        (-5, "0:00:00"),
    ],
)
def test_a_countdown_ticks_in_seconds(seconds: float, text: str) -> None:
    """Every second shows, and none below zero."""
    assert ticking(seconds) == text
