"""Whether tokens are counted, which transcripts cannot be, and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from statusline.doctor import tokens
from statusline.tokens.places import places
from statusline.tokens.scan import scan
from tests.support.checkup import context, publish


def configured(home: Path, text: str) -> None:
    """Write a config.toml."""
    path = home / ".config" / "statusline" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)


def look(home: Path) -> list[tuple[str, str, str]]:
    """What the checks say: result, sentence and fix."""
    return [(each.result, each.what, each.fix) for each in tokens.tokens(context(home))]


@pytest.mark.parametrize("form", ["{tokens.today}", "5h[ {cost.today}]"])
def test_a_format_that_waits_for_tokens_is_named(form: str, home: Path) -> None:
    """A placeholder that stays empty, and nobody says why."""
    configured(home, f'format.tmux = "{form}"')
    ((result, what, fix),) = look(home)
    assert (result, fix) == ("warn", "Set it: statusline config set tokens true")
    assert form.partition("{")[2].partition("}")[0] in what


def test_who_counts_no_tokens_is_told_how_and_not_warned(home: Path) -> None:
    """Most people never want them."""
    ((result, what, _fix),) = look(home)
    assert result == "skip"
    assert "tokens = true" in what


def test_what_was_counted_and_what_cannot_be_is_told(home: Path) -> None:
    """A directory that nobody can read, a line that is none, and all the rest."""
    configured(home, "tokens = true")
    publish(home)
    project = home / ".claude" / "projects" / "-work"
    project.mkdir(parents=True)
    (project / "one.jsonl").write_text('{"type":"assistant","message":{"usage":{"input_tokens":')
    (project / "two.jsonl").write_text(
        '{"type":"assistant","message":{"usage":{"input_tokens":1}}}\n'
    )
    (project / "loop").symlink_to("loop")
    (project / "loop.jsonl").symlink_to("loop.jsonl")
    assert look(home)[0][:2] == ("skip", "2 transcripts, none read yet.")
    there = context(home)
    scan(places(there.env), there.directory or "")
    first, *others = look(home)
    assert first[0] == "ok"
    assert re.fullmatch(r"2 of 2 transcripts read, 1 line in them cannot be read, \d+ kB", first[1])
    assert [result for result, _what, _fix in others] == ["warn", "warn"]
    assert "loop cannot be read" in others[0][1]
    assert "loop.jsonl cannot be read" in others[1][1]
