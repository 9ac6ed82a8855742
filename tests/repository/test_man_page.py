"""docs/statusline.1: it is what its source makes, its readers understand it, and users get it."""

from __future__ import annotations

import re
import subprocess
from importlib import metadata

import pytest
from click.testing import CliRunner

from statusline.cli.main import cli
from statusline.manual import roff, terminal
from statusline.manual.blocks import Code, Lines, Rows, Text, Title, parse
from tests.repository.test_readme import OPTIONS, VERBS
from tests.support.capabilities import needs_groff, needs_mandoc
from tests.support.documents import ROOT
from tests.support.patience import HANG_S

PAGE = ROOT / "docs" / "statusline.1"
#: What roff would obey, or make something else of.
ODD = parse(
    '# Title "quoted": -x\n\n.PP is no macro, \'nor this: \\fB ^ ~ ` -- …\n\n'
    "`-x`\n:   `.a` \\(aq b\n\n    .TH code \\e 'x\n    '  y\n"
)
ODD_PAGE = "\n".join([*roff.head("odd", "1"), roff.section("s"), *roff.render(ODD)])


def told(*command: str, page: str) -> str:
    """What a program says about a page, and nothing of the page itself."""
    done = subprocess.run(
        command, input=page, capture_output=True, text=True, timeout=HANG_S, check=False
    )
    return done.stderr + (done.stdout if "lint" in " ".join(command) else "")


def printed(page: str) -> str:
    """What a reader of the page sees, without styles."""
    groff = ["groff", "-man", "-Tutf8", "-P-c", "-P-b", "-P-u"]
    return subprocess.run(
        groff, input=page, capture_output=True, text=True, timeout=HANG_S, check=True
    ).stdout


def test_the_page_is_what_its_source_makes() -> None:
    """An option that was added would be missing: `statusline help --man > docs/statusline.1`."""
    made = CliRunner().invoke(cli, ["help", "--man"], prog_name="statusline", terminal_width=40)
    assert made.output == PAGE.read_text("ascii")


def test_the_page_has_every_command_and_option() -> None:
    """The check itself, against click: a page could be made of fewer commands than there are."""
    text = PAGE.read_text("ascii").replace("\\-", "-").replace("\\(aq", "'")
    for verb in VERBS:
        assert verb.words == "statusline" or f'.SS "{verb.words} ' in text
    for _verb, option in OPTIONS:
        assert re.search(rf"\\fB.*{option}\b.*\\fR", text), option


@pytest.mark.parametrize("page", [PAGE.read_text("ascii"), ODD_PAGE])
@needs_groff
def test_groff_understands_the_page(page: str) -> None:
    """A sign that it does not know, or a line that it obeys, is not shown."""
    assert told("groff", "-man", "-ww", "-Tutf8", page=page) == ""


@needs_groff
def test_the_synopsis_has_a_line_for_each_way() -> None:
    """It ran into one: `statusline [SURFACE] statusline [OPTIONS] COMMAND [ARGS]...`."""
    lines = [line.strip() for line in printed(PAGE.read_text("ascii")).splitlines()]
    begin = lines.index("SYNOPSIS")
    assert lines[begin + 1] == "statusline [SURFACE]"
    assert lines[begin + 2] == "statusline [OPTIONS] COMMAND [ARGS]..."


@needs_mandoc
def test_mandoc_understands_the_page() -> None:
    """BSD, macOS and Alpine show pages with it; ours has no date, so that it need not change."""
    said = told("mandoc", "-Tlint", page=PAGE.read_text("ascii"))
    assert [line for line in said.splitlines() if "missing date" not in line] == []


@needs_groff
def test_what_roff_would_obey_is_shown() -> None:
    """A line that begins with a full stop would vanish, and a hyphen could not be typed."""
    shown = " ".join(printed(ODD_PAGE).split())
    assert 'Title "quoted": -x .PP is no macro, \'nor this: \\fB ^ ~ ` -- …' in shown
    assert "-x .a \\(aq b" in shown
    assert ".TH code \\e 'x" in shown


def test_markdown_becomes_what_is_meant() -> None:
    """The reader of the topics itself, and what a terminal of 40 cells shows of it."""
    blocks = parse(
        "# A title\n\nSome `text that stays` whole,\nat 0 %.\n\n    code  here\n\n"
        "`term`\n:   What it\n    means.\n\n`b`, `c`\n:   More.\n"
    )
    assert blocks == [
        Title("A title"),
        Text("Some `text that stays` whole, at 0 %."),
        Code(("code  here",)),
        Rows((("term", "What it means."), ("b, c", "More."))),
    ]
    assert terminal.lines([Lines(("a  b",)), *blocks], 20) == [
        *("a  b", "", "A title", "", "  Some `text that stays` whole, at 0 %."),
        *("", "      code  here", "", "  term  What it means.", "  b, c  More."),
    ]
    assert terminal.wrap("`a b c d` e f", 5) == ["`a b", "c d`", "e f"]


def test_the_package_brings_the_page_along() -> None:
    """It would be in the repository, and in no installation."""
    files = metadata.files("usage-statusline") or []
    assert any(str(file).endswith("share/man/man1/statusline.1") for file in files)
