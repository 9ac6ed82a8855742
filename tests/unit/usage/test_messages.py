"""The table of states: complete, short, and the same everywhere."""

from __future__ import annotations

import ast
import re

import pytest

from statusline.refresh import policy
from statusline.usage.messages import (
    ACCOUNT_STATES,
    NO_LOGIN,
    PASSING,
    STATES,
    TOLD_ELSEWHERE,
    WAITING,
    describe,
)
from tests.support.program import package

#: Words of one segment are short, since tmux cuts at 40 cells.
MAX_WORD_CELLS = 20


@pytest.mark.parametrize("code", STATES)
def test_a_state_has_a_short_word_a_sentence_and_a_fix(code: str) -> None:
    """The word fits a segment; sentence and fix are one line of whole sentences."""
    word, sentence, fix = describe(code)
    assert len(word) <= MAX_WORD_CELLS
    assert sentence.endswith(".")
    assert fix.endswith(".") or code == "ok"
    assert all(text.isprintable() for text in (word, sentence, fix))


def test_an_unknown_state_comes_from_a_newer_version() -> None:
    """A code that this version does not know says so instead of raising."""
    assert describe("invented-later")[0] == "update statusline"


def _codes_in_source() -> dict[str, str]:
    """Every code that the source gives a state or an outcome, and the file that does."""
    found: dict[str, str] = {}
    for path in sorted(package().rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            for code in _codes_of(node):
                found.setdefault(code, path.name)
    return found


_STATE_NAMES = frozenset({"state", "kind", "last_kind", "code"})
_STATE_CALLS = frozenset({"_set_state", "Outcome", "describe"})


def _codes_of(node: ast.AST) -> list[str]:
    """The literal codes that one node assigns, compares or passes as a state."""
    if isinstance(node, ast.Assign):
        targets, value = node.targets, node.value
    elif isinstance(node, ast.keyword) and node.arg in _STATE_NAMES:
        return _literals(node.value)
    elif isinstance(node, ast.Compare) and _is_state(node.left):
        return [code for each in node.comparators for code in _literals(each)]
    elif isinstance(node, ast.Call) and _name(node.func) in _STATE_CALLS and node.args:
        return _literals(node.args[0])
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and node.value.elts:
        return _literals(node.value.elts[0])  # (state, detail), as credentials and update do
    else:
        return []
    return _literals(value) if any(_is_state(target) for target in targets) else []


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_state(node: ast.expr) -> bool:
    return _name(node) in _STATE_NAMES


def _literals(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return _literals(node.body) + _literals(node.orelse)
    if isinstance(node, ast.BoolOp):
        return [code for value in node.values for code in _literals(value)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.findall(r"\A[a-z_]+\Z", node.value)
    return []


#: Not codes of ours: a login that was found, node kinds of a format, a kind of limit, roles.
_OTHER = frozenset({"found", "t", "v", "s", "g", "a", "weekly_scoped", "warning", "muted"})
_OTHER |= {"claude"}  # a surface


def test_every_code_in_the_source_is_in_the_table() -> None:
    """No state is set that a segment could not explain."""
    codes = _codes_in_source()
    assert {"rate_limited", "missing", "api_off", "starting"} <= codes.keys()
    unknown = {
        code: file for code, file in codes.items() if code not in STATES and code not in _OTHER
    }
    assert not unknown


def test_the_tables_of_states_agree() -> None:
    """Account states, refusals and back-offs name states that exist."""
    assert set(STATES) >= ACCOUNT_STATES | policy.REFUSALS | set(policy.BACKOFF_S)
    assert set(STATES) >= NO_LOGIN | TOLD_ELSEWHERE | WAITING
    assert PASSING < ACCOUNT_STATES


@pytest.mark.parametrize("code", STATES)
def test_the_words_of_a_state_speak_of_the_number(code: str) -> None:
    """`claude: offline` and `rate limited` were read as "Claude is down", "my limit is hit"."""
    words = describe(code)[0]
    assert "claude" not in words.lower()
    assert "limit" not in words
    named = {"login", "keychain", "API", "bad", "update"}
    assert not words or words.startswith("usage: ") or words.split()[0] in named
