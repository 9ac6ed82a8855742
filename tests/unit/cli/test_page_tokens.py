"""Tokens on the page of `history --html`: by model and project, and nothing that could act."""

from __future__ import annotations

import re

from statusline.cli.page import Page
from statusline.cli.page_tokens import section
from statusline.login.credentials import Credentials
from statusline.overview.overview import Overview, ProfileData
from statusline.settings.settings import Settings
from statusline.tokens.counts import Amount, Tokens
from statusline.tokens.listing import Asked, Listing
from statusline.tokens.report import rows, total
from tests.support.laid_out import DAY_S, NOON, both

EVIL = '"><script>alert(1)</script>'


def overview() -> Overview:
    """A profile at noon."""
    settings = Settings()
    settings.time_zone = "UTC"
    return Overview(ProfileData(both(), settings, Credentials(state="found"), ()), NOON)


def listings(projects: int = 2, model: str = "claude-opus-5-5") -> list[Listing]:
    """So many projects, each used more than the one before."""
    amounts = [
        Amount(
            *(int(NOON) // 300 * 300, f"-p{number}{EVIL}", "s", model, False, False),
            *(Tokens(output=1000 * (number + 1)), 1),
        )
        for number in range(projects)
    ]
    made = []
    for by in ("model", "project"):
        found = rows(amounts, by)
        made.append(Listing(Asked(by), NOON, 0, None, found, total(found), {}))
    return made


def page(tokens: list[Listing]) -> str:
    """The whole page."""
    return Page(overview(), [], NOON - DAY_S, tokens, "/home/u").html()


def test_models_and_projects_stand_beside_the_windows() -> None:
    """A window that is full does not say what filled it."""
    text = page(listings())
    assert "<h2>Tokens</h2>" in text
    assert re.search(r'<th scope="row">Opus 5\.5<td class="bar">', text)
    assert [float(each) for each in re.findall(r"--share:([\d.]+)%", text)] == [100, 100, 50]
    assert "is an estimate" in text


def test_where_nothing_was_counted_there_is_no_section() -> None:
    """An empty table would say that nothing was used."""
    assert "Tokens" not in page([])
    assert list(section([], overview())) == []


def test_a_name_from_outside_stays_a_text() -> None:
    """A project's directory, or a model that a proxy made up, ran a script in the page."""
    text = page(listings(model=f"x{EVIL}"))
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_hundreds_of_projects_are_told_as_one() -> None:
    """A page of a thousand rows hides the hours of the week below it."""
    text = page(listings(30))
    assert "10 with less" in text
    assert text.count('<th scope="row">-p') == 20
