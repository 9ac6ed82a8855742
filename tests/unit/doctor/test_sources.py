"""Whether another agent's numbers are read, where they come from, and what to do."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from statusline.doctor import sources
from statusline.sources import codex
from tests.support.checkup import NOW, context
from tests.support.codex_home import keep, told

STAMP = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(NOW - 60))
SET = "Set it: statusline config set sources codex"


def look(home: Path, text: str = "") -> tuple[str, str, str]:
    """What the check says with this config.toml: result, sentence and fix."""
    path = home / ".config" / "statusline" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    ((_name, result, what, fix),) = sources.sources(context(home))
    return result, what, fix


def test_a_format_that_waits_for_an_agent_is_named(home: Path) -> None:
    """A placeholder that stays empty, and nobody says why."""
    result, what, fix = look(home, 'format.tmux = "[x {codex.five_hour.pct}]"')
    assert (result, fix) == ("warn", SET)
    assert "{codex.five_hour.pct}" in what


def test_an_agent_is_offered_where_it_is_used(home: Path) -> None:
    """Whoever has no Codex is not told how to read it."""
    assert look(home) == ("skip", "Codex is not used here.", "")
    (home / ".codex").mkdir()
    assert look(home)[::2] == ("skip", SET)


def test_what_was_found_and_where_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No directory, no number yet, numbers, and what nobody expected: each in a sentence."""
    chosen = 'sources = ["codex"]'
    assert look(home, chosen)[0] == "warn"
    (home / ".codex").mkdir()
    assert look(home, chosen)[0] == "skip"
    keep(home / ".codex", [told(STAMP, resets_at=int(NOW) + 3600)])
    assert look(home, chosen) == ("ok", "Codex 5h, out of ~/.codex", "")

    def fail(*_given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(codex, "read", fail)
    assert look(home, chosen)[:2] == (
        *("warn", "Codex's numbers in ~/.codex cannot be read: RuntimeError."),
    )
