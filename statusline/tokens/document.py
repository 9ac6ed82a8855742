"""What ``statusline tokens`` tells programs: JSON and CSV (docs/tokens.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from statusline.system.text import printable
from statusline.tokens import prices

if TYPE_CHECKING:
    from statusline.tokens.blocks import Block
    from statusline.tokens.listing import Listing
    from statusline.tokens.report import Row, Used
    from statusline.tokens.scan import Scan

#: The version of the JSON document.
SCHEMA = 1
COLUMNS = (
    *("key", "starts_at", "ends_at", "responses", "input", "output"),
    *("cache_write_5m", "cache_write_1h", "cache_read", "total", "cost_estimate_usd"),
)
#: So many paths are named on stderr.
MOST_NAMED = 5
_KINDS = COLUMNS[4:9]
#: A millionth of a dollar is more than an estimate knows.
_DIGITS = 6


def as_json(listing: Listing) -> str:
    """Return the document."""
    return f"{json.dumps(document(listing), indent=2)}\n"


def document(listing: Listing) -> dict[str, object]:
    """Return the document as docs/tokens.md describes it."""
    scan, window = listing.scan, listing.window
    return {
        "schema": SCHEMA,
        "now": listing.now,
        "since": listing.since_s,
        "by": listing.asked.by,
        "prices_as_of": prices.AS_OF,
        "rows": [_row(row, listing) for row in listing.rows],
        "total": _sums(listing.total),
        "window": None if window is None else _block(window),
        "transcripts": 0 if scan is None else scan.transcripts,
        "bad_lines": 0 if scan is None else scan.bad_lines,
        "skipped": [] if scan is None else [each._asdict() for each in scan.skipped],
    }


def _row(row: Row, listing: Listing) -> dict[str, object]:
    made: dict[str, object] = {
        "key": row.key,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        **_sums(row),
        "models": {model: _used(used) for model, used in row.models.items()},
    }
    by = listing.asked.by
    if by == "session":
        made["project"] = row.project
    if by in ("session", "project"):
        made["path"] = listing.paths.get(row.project or row.key) or None
    if by == "project":
        shares = listing.window_shares or {}
        share = None if listing.window is None else round(shares.get(row.key, 0.0), _DIGITS)
        made["share_of_window"] = share
    if row.block is not None:
        made["used_pct"] = row.block.used_pct
        made["is_estimate"] = row.block.is_estimate
    return made


def _block(block: Block) -> dict[str, object]:
    return {**block._asdict(), "is_estimate": block.is_estimate}


def _sums(row: Row) -> dict[str, object]:
    return {"responses": row.responses, **_used(row.used), "unpriced": list(row.unpriced)}


def _used(used: Used) -> dict[str, object]:
    return {
        **dict(zip(_KINDS, used.tokens, strict=True)),
        "total": used.tokens.total,
        "cost_estimate_usd": None if used.usd is None else round(used.usd, _DIGITS),
    }


def as_csv(listing: Listing) -> str:
    """Return a header and one line for each row, as RFC 4180 has it; an unknown cost is empty."""
    import csv
    import io

    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(_row(row, listing) for row in listing.rows)
    return text.getvalue()


def complaints(scan: Scan) -> list[str]:
    """Return what to say of what could not be read: a line for each, but not for hundreds."""
    named = [
        f"{printable(each.path)} is left out: {each.why}." for each in scan.skipped[:MOST_NAMED]
    ]
    more = len(scan.skipped) - len(named)
    return [*named, *([f"{more} more could not be read (--json names all)."] if more else [])]
