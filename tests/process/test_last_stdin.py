"""The preview shows the session that Claude Code told of last, where its line is still kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from statusline.editor import last_stdin
from statusline.editor.states import NUMBERS, project, states
from statusline.segment import shortcut
from statusline.system.environ import Environment
from tests.support.look import MAWK, Looks
from tests.support.real_line import DATA

needs_mawk = pytest.mark.skipif(not Path(MAWK).exists(), reason="mawk is not installed")
DOCUMENTS = sorted(DATA.glob("stdin-2.1.328*.json"))


def without_numbers(value: Any) -> Any:
    """A document without what a kept line need not hold."""
    if isinstance(value, dict):
        left_out = {*shortcut.NUMBERS, "prompt_id"}
        return {name: without_numbers(each) for name, each in value.items() if name not in left_out}
    return value


@needs_mawk
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("form", ["{model} {five_hour}", "{model} {branch} {five_hour}"])
def test_the_last_session_is_read_back(path: Path, form: str, tmp_path: Path) -> None:
    """A made-up directory and model told nobody how wide the own ones are."""
    document = json.dumps(json.loads(path.read_text("utf-8")), separators=(",", ":")).encode()
    looks = Looks(tmp_path, config=f'format.claude = "{form}"', data=document)
    assert looks.segment.exists()
    env = Environment(looks.environment)
    found = last_stdin.read(env, NUMBERS)
    assert without_numbers(found) == without_numbers(json.loads(document))
    with project() as home:
        for state in states(home, found, str(tmp_path)):
            assert state.stdin["model"] == found["model"]
            assert "rate_limits" not in state.stdin
            assert state.home == str(tmp_path)


def test_every_number_that_may_be_missing_has_a_stand_in() -> None:
    """`{cost}` would be $0.00 in the preview of who does not show it yet."""
    assert NUMBERS.keys() == set(shortcut.NUMBERS)


@pytest.mark.parametrize(
    "text", ["", "x", "m\nk\n1\nline\ns{\nem", "m\nk\nx\n", "m\nk\n1\nl\ns[]\nem"]
)
def test_a_file_that_is_not_whole_is_no_session(text: str, tmp_path: Path) -> None:
    """It is written in place, and may be read while that happens."""
    env = Environment({"HOME": str(tmp_path)})
    assert env.profile_dir is not None
    assert last_stdin.read(env, NUMBERS) == {}
    directory = Path(env.profile_dir)
    directory.mkdir(parents=True, mode=0o700)
    (directory / "line.claude-1").write_text(text)
    assert last_stdin.read(env, NUMBERS) == {}
