"""The bar of a long reading: after a while, where somebody looks, and gone afterwards."""

from __future__ import annotations

import io
import sys
import time

import pytest

from statusline.cli.progress import STOPPED, WAITING, Progress
from statusline.system.environ import Environment


class Screen(io.StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def look(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """A terminal, and a clock that is a second further at each look."""
    made = Screen()
    moments = iter(range(100))
    monkeypatch.setattr(sys, "stderr", made)
    monkeypatch.setattr(time, "monotonic", lambda: float(next(moments)))
    return made


def test_it_shows_how_far_it_is_and_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar that stays would stand above the table, and in what is copied."""
    screen = look(monkeypatch)
    with Progress(Environment({})) as progress:
        progress(50_000_000, 200_000_000)
        assert "25% of 200 MB" in screen.getvalue()
        assert "█" in screen.getvalue()
    assert screen.getvalue().endswith("\r\033[K")


def test_it_speaks_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    """A locale without UTF-8 got an exception for a bar."""
    screen = look(monkeypatch)
    with Progress(Environment({"LC_ALL": "C"})) as progress:
        progress(1, 2)
    assert screen.getvalue().isascii()
    assert "#" in screen.getvalue()


def test_ctrl_c_says_what_becomes_of_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for minutes wants to know whether it was for nothing."""
    screen = look(monkeypatch)
    with pytest.raises(KeyboardInterrupt), Progress(Environment({})):
        raise KeyboardInterrupt
    assert screen.getvalue() == f"{STOPPED}\n"


def test_nothing_is_drawn_for_what_is_quick_or_unwatched(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Control sequences in a log, or a flash of a bar at every start."""
    with Progress(Environment({})) as progress:
        progress(1, 2)
    assert capsys.readouterr().err == ""
    made = Screen()
    monkeypatch.setattr(sys, "stderr", made)
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    with Progress(Environment({})) as progress:
        progress(1, 2)
    with Progress(Environment({"TERM": "dumb"})) as progress:
        progress(1, 2)
    assert made.getvalue() == ""


def test_it_says_what_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute of silence, while a second terminal read the same."""
    screen = look(monkeypatch)
    with Progress(Environment({})) as progress:
        progress(0, 0)
        assert WAITING in screen.getvalue()
    assert screen.getvalue().endswith("\r\033[K")
