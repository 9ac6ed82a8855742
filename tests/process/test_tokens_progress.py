"""A long first reading on a terminal: how far it is, and an end by Ctrl+C that loses nothing."""

from __future__ import annotations

import pytest

from statusline.cli.progress import STOPPED
from tests.support.profile import Profile
from tests.support.program import argv
from tests.support.tty import Tty

LINE_BYTES, LINES = 4 << 20, 4000


@pytest.mark.parametrize("words", [(), ("--json",)], ids=["table", "json"])
def test_ctrl_c_ends_a_long_reading_with_a_sentence(profile: Profile, words: tuple[str]) -> None:
    """A traceback, or a bar that stays; and nobody knew whether to begin anew."""
    path = profile.home / ".claude" / "projects" / "-p" / "a.jsonl"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:  # 16 GB of nothing, for which the disk needs little room
        for number in range(1, LINES):
            file.seek(number * LINE_BYTES)
            file.write(b"\n")
    with Tty(argv("tokens", *words), profile.environment, columns=100) as terminal:
        terminal.wait_for(r"Reading transcripts .* \d+% of 16773 MB")
        terminal.press("\x03")
        assert terminal.wait_for_end() == 130
        shown = terminal.text()
    assert shown.endswith(f"{STOPPED}\r\n")
    assert "Traceback" not in shown
