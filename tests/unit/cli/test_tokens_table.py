"""The table of tokens: whole at any width, told apart without colours, nothing hidden."""

from __future__ import annotations

import copy
import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from statusline.cli.tokens_table import MOST_ROWS, TokenTable
from statusline.cli.tokens_text import Words, plain_lines
from statusline.settings.settings import Settings
from statusline.tokens.blocks import Block
from statusline.tokens.counts import Amount, Tokens
from statusline.tokens.listing import Asked, Listing
from statusline.tokens.periods import Last
from statusline.tokens.report import BY, rows, total

NOON = 1_795_176_000  # a Friday
DAY_S = 86400
OPUS, HAIKU = "claude-opus-5-5", "claude-haiku-4-5-20251001"
LONG = "-home-u-a-project-with-a-name-that-is-longer-than-any-terminal-is-wide-and-then-some"


def words(by: str = "day", *models: str, days: int = 3, ascii_only: bool = False) -> Words:
    """Some days of use of these models in three projects, one of which has a long name."""
    amounts = [
        Amount(
            *(NOON - day * DAY_S, ("-p", LONG, "-q")[day % 3], f"{day:08x}-ffff", model),
            *(False, False, Tokens(1000, 2000, 3000, 0, 10**day % 10**10), 7),
        )
        for day in range(days)
        for model in models or (OPUS, HAIKU)
    ]
    found = rows(amounts, by, "UTC", [Block(NOON - 3600, NOON + 4 * 3600, 61.0)])
    settings = Settings()
    settings.time_zone, settings.ascii = "UTC", ascii_only
    paths = {"-p": "/home/u/src/p", LONG: f"/srv/{LONG}", "-q": ""}
    made = Listing(Asked(by, Last(7), "UTC"), NOON + 60.0, 0, None, found, total(found), paths)
    if by == "project":
        made = made._replace(window=Block(NOON, NOON + 18000), window_shares={"-p": 0.995})
    return Words(made, settings, "/home/u")


def drawn(shown: Words, width: int = 80, *, color: bool = False) -> str:
    """What a terminal of that width shows."""
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        _environ={},
    )
    console.print(TokenTable(shown))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_it_fits_and_every_row_is_there(by: str, width: int) -> None:
    """A line too wide breaks into two; a row that is cut away is use that nobody sees."""
    shown = words(by)
    lines = drawn(shown, width).splitlines()
    assert max(map(len, lines)) <= width
    sums = [shown.line(row) for row in (*shown.listing.rows, shown.listing.total)]
    for line in sums:
        assert any(line.total in each and line.cost in each for each in lines)
    assert any("estimate" in each for each in lines)


def test_it_says_how_far_back_it_goes() -> None:
    """Weeks and months are whole: `last 7 days` above three weeks was not true."""
    assert words("day").title == "last 7 days"
    assert words("session").title == "last 7 days"
    shown = words("week")
    listing = shown.listing._replace(since_s=NOON - 4 * DAY_S)
    twelve = copy.copy(shown.settings)
    twelve.clock_hours = 12
    assert Words(listing, twelve, None).title == "since 2026-11-16"
    for text, title in (("1h", "last hour"), ("2w", "last 2 weeks"), ("all", "all there is")):
        last = Last.of(text)
        assert last is not None
        asked = Asked("model", last)
        assert Words(listing._replace(asked=asked), twelve, None).title == title


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_wide_script_does_not_push_the_numbers_out(width: int) -> None:
    """A sign of two cells counted as one, and the cost was cut off."""
    shown = words("project")
    shown.listing.paths[LONG] = "/srv/" + "名前" * 30
    lines = drawn(shown, width).splitlines()
    assert max(map(cell_len, lines)) <= width
    for row in shown.listing.rows:
        assert any(shown.line(row).cost in line for line in lines)


def test_the_id_of_a_session_is_never_cut() -> None:
    """Of a long name the path gives way, and the end of it stays."""
    text = drawn(words("session"), 60)
    for day in range(3):
        assert f"{day:08x}" in text
    assert "and-then-some" in drawn(words("project"), 60)
    assert "…" in text


def test_models_are_told_apart_without_colours() -> None:
    """With NO_COLOR a bar of two models was one bar."""
    text = drawn(words("day"))
    assert "█" in text
    assert "▓" in text
    assert "█ Opus 5.5  ▓ Haiku 4.5" in text
    assert "\033[36m" in drawn(words("day"), color=True)


def test_it_speaks_ascii_where_that_is_wanted() -> None:
    """A terminal without UTF-8 shows question marks for bars."""
    for by in BY:
        assert drawn(words(by, ascii_only=True), 50).isascii()
    assert "##" in drawn(words("day", ascii_only=True))


def test_many_models_share_the_last_sign() -> None:
    """Six models and four signs: the cheap ones are drawn and named together."""
    models = [
        OPUS,
        HAIKU,
        "claude-opus-4-1",
        "claude-sonnet-4",
        "claude-haiku-5-5",
        "claude-opus-5",
    ]
    assert "░ 3 others" in drawn(words("day", *models))


def test_a_cost_says_what_it_leaves_out() -> None:
    """A sum without the unknown model's share looked like the whole."""
    shown = words("day", OPUS, "gpt-5")
    assert all(shown.line(row).cost.endswith("+") for row in shown.listing.rows)
    assert "bars: tokens" in drawn(shown)
    assert any("gpt-5" in note for note in shown.notes())
    unknown = words("day", "gpt-5")
    assert {unknown.line(row).cost for row in unknown.listing.rows} == {"?"}


def test_a_window_that_nobody_saw_is_marked() -> None:
    """An estimate that looks like a fact is a lie."""
    shown = words("block")
    assert [shown.line(row).share for row in shown.listing.rows] == ["~", "~", "61%"]
    assert any(note.startswith("~ ") for note in shown.notes())


def test_a_share_of_the_window_stands_where_there_is_one() -> None:
    """Only a project that used something in the running window has a share in it."""
    shown = words("project")
    shares = {row.key: shown.line(row).share for row in shown.listing.rows}
    assert (shares["-p"], shares["-q"]) == ("99%", "")
    assert any(note.startswith("5h: ") for note in shown.notes())
    assert "5h" not in drawn(words("model"))


def test_a_long_list_shows_its_end_and_says_so() -> None:
    """A year of sessions scrolled the newest ones away, or was cut without a word."""
    text = drawn(words("day", days=MOST_ROWS + 5))
    assert "5 earlier" in text
    assert "Fri 11-20" in text


def test_models_are_called_what_people_call_them() -> None:
    """Ids of other providers stay what they are."""
    shown = words()
    assert shown.model("claude-opus-4-5-20251101") == "Opus 4.5"
    assert shown.model("claude-3-7-sonnet-20250219") == "Sonnet 3.7"
    assert shown.model("us.anthropic.claude-haiku-5-5-v1:0") == "Haiku 5.5"
    assert shown.model("glm-4.6") == "glm-4.6"


@pytest.mark.parametrize("by", BY)
def test_plain_lines_are_columns(by: str) -> None:
    """Without a table the numbers still stand below their names."""
    shown = words(by)
    header, *lines = list(plain_lines(shown))[: len(shown.listing.rows) + 2]
    assert {len(line) for line in lines} == {len(header)}
    assert header.split()[:5] == ["input", "output", "write", "read", "total"]
    assert lines[-1].startswith("total")
