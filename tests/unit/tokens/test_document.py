"""What programs get: the same text as `json` would make, and CSV that any reader takes."""

from __future__ import annotations

import csv
import json

from statusline.tokens import document
from statusline.tokens.blocks import Block
from statusline.tokens.counts import Amount, Tokens
from statusline.tokens.files import Skipped
from statusline.tokens.listing import Asked, Listing
from statusline.tokens.periods import Last
from statusline.tokens.report import rows, total
from statusline.tokens.scan import Scan

NOON = 1_795_176_000


def listing(by: str, *, priced: bool = True) -> Listing:
    """Two projects, one with a name that has to be quoted."""
    model = "claude-opus-5-5" if priced else 'my "model", \N{SNOWMAN}'
    amounts = [
        Amount(NOON, "-a,b", "s1", model, False, False, Tokens(1, 2, 3, 4, 5), 1),
        Amount(NOON + 300, "-c", "s2", model, False, False, Tokens(10, 20, 30, 40, 50), 2),
    ]
    found = rows(amounts, by, "UTC", [Block(NOON, NOON + 18000, 61.0)])
    scan = Scan(True, 2, 99, [Skipped("/home/u/\x1b[2J", "Permission denied")], 3)
    made = Listing(
        Asked(by, Last(7), "UTC"), NOON + 600.5, 0, scan, found, total(found), {"-c": "/c"}
    )
    return made._replace(window=Block(NOON, NOON + 18000), window_shares={"-c": 0.75})


def test_the_json_is_that_of_the_json_module() -> None:
    """It is written without that module; a comma too many would break every reader."""
    for by in ("day", "project", "session", "block"):
        for priced in (True, False):
            made = listing(by, priced=priced)
            whole = document.document(made)
            assert document.as_json(made) == json.dumps(whole, indent=2) + "\n"
    empty = listing("day")._replace(rows=[], scan=None)
    assert json.loads(document.as_json(empty))["rows"] == []


def test_a_project_knows_its_share_of_the_running_window() -> None:
    """A share of a window that nobody runs is null, not 0."""
    found = {row["key"]: row for row in json.loads(document.as_json(listing("project")))["rows"]}
    assert (found["-c"]["share_of_window"], found["-a,b"]["share_of_window"]) == (0.75, 0.0)
    assert (found["-c"]["path"], found["-a,b"]["path"]) == ("/c", None)
    idle = listing("project")._replace(window=None, window_shares={})
    document_ = json.loads(document.as_json(idle))
    assert [row["share_of_window"] for row in document_["rows"]] == [None, None]


def test_the_csv_quotes_what_has_to_be_quoted() -> None:
    """A comma in a name moved all columns; a cost that is unknown is empty, not 0."""
    found = list(csv.DictReader(document.as_csv(listing("project", priced=False)).splitlines()))
    assert [row["key"] for row in found] == ["-c", "-a,b"]
    assert found[1]["cache_write_1h"] == "4"
    assert {row["cost_estimate_usd"] for row in found} == {""}
    assert tuple(found[0]) == document.COLUMNS


def test_complaints_are_few_and_harmless() -> None:
    """Hundreds of paths would bury the numbers, and a path may hold what a terminal obeys."""
    scan = listing("day").scan
    assert scan is not None
    (line,) = document.complaints(scan)
    assert line == "/home/u/?[2J is left out: Permission denied."
    many = document.complaints(scan._replace(skipped=scan.skipped * 200))
    assert len(many) == document.MOST_NAMED + 1
    assert many[-1].startswith("195 more")
