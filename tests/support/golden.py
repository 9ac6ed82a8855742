"""Screens kept as text: what a program drew is compared with tests/data/screens.

``REWRITE_SCREENS=1 python -m pytest tests/unit/cli`` writes them anew; look at the difference
before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

DIRECTORY = Path(__file__).resolve().parents[1] / "data" / "screens"


def check(name: str, drawn: str) -> None:
    """Compare a screen with the one kept as ``name``; blanks at the ends of lines do not count."""
    text = "\n".join(line.rstrip() for line in drawn.splitlines()).rstrip("\n") + "\n"
    path = DIRECTORY / f"{name}.txt"
    if os.environ.get("REWRITE_SCREENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")
