"""Whether another agent's numbers are read, where they come from, and what to do."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from statusline.agents import AGENTS
from statusline.doctor import sources
from statusline.sources import codex
from statusline.usage import agent_quota
from tests.support.antigravity import antigravity
from tests.support.checkup import NOW, context, publish
from tests.support.codex_home import keep, told

STAMP = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(NOW - 60))
SET = "Set it: statusline config set sources codex"


def look(home: Path, text: str = "", agent: str = "codex") -> tuple[str, str, str]:
    """What the check says of an agent with this config.toml: result, sentence and fix."""
    path = home / ".config" / "statusline" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    checks = dict(zip(AGENTS, sources.sources(context(home)), strict=True))
    found = checks[agent]
    return found.result, found.what, found.fix


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


def test_an_agent_that_tells_its_numbers_itself_is_asked_for_none(home: Path) -> None:
    """Antigravity leaves none on this disk: what it has told is in the cache."""
    chosen = 'sources = ["codex", "antigravity"]'
    assert look(home, chosen, "antigravity")[0] == "warn"
    (home / ".gemini" / "antigravity-cli").mkdir(parents=True)
    result, _what, fix = look(home, chosen, "antigravity")
    assert (result, fix.split(",")[0]) == ("skip", "Make `statusline claude` its status line")
    told_so = {each.window: each for each in agent_quota.of_stdin(antigravity(NOW), NOW)}
    publish(home, sources={"antigravity": told_so})
    result, what, _fix = look(home, chosen, "antigravity")
    assert (result, what) == ("ok", "Agy 5h, Agy 7d, Agy 3p 5h, Agy 3p 7d, as Antigravity told")


def test_a_second_agent_is_set_beside_the_first(home: Path) -> None:
    """The fix for one took the other out of `sources`."""
    (home / ".gemini" / "antigravity-cli").mkdir(parents=True)
    _result, _what, fix = look(home, 'sources = ["codex"]', "antigravity")
    assert fix == """Set it: statusline config set sources '["codex", "antigravity"]'"""
