"""How ``doctor`` ends: how many troubles there are, and the one thing to do next."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from statusline.cli.doctor import command, next_step, summary, to_json
from statusline.doctor.check import Check, fail, ok, skip, warn

WELL = ok("python", "there")
LOGIN = fail("login", "No login.", "Run `claude` and sign in.")
HOOKS = warn("bash line", "It is gone.", "statusline install bash")
PASSING = warn("usage API", "It asks us to wait.", "Nothing: it is asked again.")
NOWHERE = skip("surfaces", "Nothing shows the segment yet.", "statusline install --all")

ENDS: list[tuple[str, list[Check], str]] = [
    ("well", [WELL, skip("tmux", "It is not installed.")], "All is well."),
    (
        *("not installed", [WELL, NOWHERE]),
        "All is well. Nothing shows the segment yet. Next: type statusline install --all",
    ),
    ("one problem", [WELL, LOGIN, NOWHERE], "1 problem. Next: Run `claude` and sign in."),
    ("one warning", [HOOKS], "1 warning. Next: type statusline install bash"),
    ("passing", [PASSING], "1 warning. Nothing to do: it is asked again."),
    (
        *("the worst first", [PASSING, HOOKS, LOGIN]),
        "1 problem and 2 warnings. First `login`: Run `claude` and sign in.",
    ),
    (
        *("what can be done first", [PASSING, HOOKS]),
        "2 warnings. First `bash line`: type statusline install bash",
    ),
]


@pytest.mark.parametrize(("case", "checks", "end"), ENDS, ids=[row[0] for row in ENDS])
def test_the_last_line_says_what_to_do_next(case: str, checks: list[Check], end: str) -> None:
    """It said "2 problems and 4 warnings." below thirty rows, and left the search to the reader."""
    assert summary(checks) == end, case


def test_the_document_has_the_next_step_too() -> None:
    """A script had to know by itself which finding goes first."""
    assert to_json([WELL, HOOKS, LOGIN], 0.0)["next"] == LOGIN.fix
    assert to_json([WELL], 0.0)["next"] == ""
    assert next_step([WELL]) is None


def test_a_report_is_no_document() -> None:
    """One of the two was what the user wanted to be printed, and it was not."""
    assert CliRunner().invoke(command, ["--report", "--json"]).exit_code == 2
