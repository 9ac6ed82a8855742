"""What Claude Code's hook may print again: the table of placeholders, the pieces, the key."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusline.segment import shortcut
from statusline.settings.placeholders import PLACEHOLDERS
from statusline.settings.settings import Settings
from tests.conftest import ROOT
from tests.support.laid_out import both, chosen, parts
from tests.support.look import HOOK
from tests.support.real_line import DATA

DOCUMENTS = [path.read_bytes() for path in sorted(DATA.glob("stdin-*.json"))]
#: Variables of environ.py that say nothing about a line of Claude Code's, or are no secret of it.
NOT_IN_KEY = {
    *("CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"),  # never a line
    *("CLAUDECODE", "CLAUDE_PID", "CLAUDE_SECURESTORAGE_CONFIG_DIR", "FORCE_COLOR"),
    *("CLICOLOR_FORCE", "LOGNAME", "PATH", "STARSHIP_CONFIG", "STATUSLINE_API_URL"),
    *("STATUSLINE_LC_CTYPE", "USER", "XDG_DATA_HOME", "ZDOTDIR", "STATUSLINE_KEY"),
}


def test_every_placeholder_says_what_it_reads() -> None:
    """It would have caught a new placeholder whose format never gets a line again, unnoticed."""
    windows = {f"{each}." for each in shortcut.WINDOWS}
    known = {*shortcut.READS, *shortcut.WINDOWS}
    missing = {name for name in PLACEHOLDERS if name not in known}
    assert {name for name in missing if not name.startswith(tuple(windows))} == set()
    reads = {field for fields in shortcut.READS.values() for field in fields or ()}
    assert reads <= {*shortcut.NUMBERS, "branch"}


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_a_placeholder_reads_nothing_else(name: str) -> None:
    """It would have caught a row of the table that forgets a number which is shown."""
    settings = chosen(f'format.claude = "{{{name}}}"')
    read: set[str] = set()
    if not shortcut.note_fields(settings.format_of("claude"), read):
        return
    for document in DOCUMENTS:
        shown = parts(both(), "claude", settings=settings, stdin=json.loads(document))
        for number in set(shortcut.NUMBERS) - read:
            changed = re.sub(rb'("%b":)[\d.]+' % number.encode(), rb"\g<1>987654321", document)
            again = parts(both(), "claude", settings=settings, stdin=json.loads(changed))
            assert again == shown, number


@pytest.mark.parametrize("name", ["duration", "nonsense"])
def test_what_no_row_is_about_is_not_printed_again(name: str) -> None:
    """A format with the session's clock, alone or in a group."""
    for nodes in ((("v", name),), (("t", "x"), ("g", (("v", "cost"), ("g", (("v", name),)))))):
        assert not shortcut.note_fields(nodes, set())
    assert shortcut.note_fields(Settings().format_of("claude"), set())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_pieces_and_what_stands_between_are_the_document(document: bytes) -> None:
    """It would have caught a piece that is lost, doubled, or cut inside a word."""
    rows = shortcut.pieces(document, set()).decode().split("\n")
    values = [b"s"]
    pattern = b""
    for row in rows:
        pattern += {"s": b"", "n": rb"(-?[\d.eE+-]+)", "u": rb"([0-9a-f-]{36})"}[row[0]]
        pattern += re.escape(row[1:].encode())
        values.append(row[:1].encode())
    found = re.fullmatch(pattern, document.rstrip(b"\n"))
    assert found is not None
    for value in found.groups():
        assert len(value) == 36 or json.loads(value) is not None
    known = sum(b'"%b":' % name.encode() in document for name in shortcut.NUMBERS)
    assert len(found.groups()) >= min(known, 4)


@given(st.text(), st.sampled_from(shortcut.NUMBERS))
def test_a_text_is_never_cut(text: str, name: str) -> None:
    """It would have caught a gap inside a session's name that looks like a member."""
    for value in (text, f'","{name}":1,"', f'{{"{name}":1}}', f'\\"{name}\\":1', f',"{name}":1,'):
        document = json.dumps({"session_name": value, "a": [value]}, separators=(",", ":"))
        assert shortcut.pieces(document.encode(), set()) == b"s" + document.encode()


def test_a_document_that_awk_could_not_take_has_no_pieces() -> None:
    """Two lines, a NUL, and one that is very long."""
    for text in ('{"a":\n1}', '{"a":"\0"}', '{"a":"%s"}' % ("x" * shortcut.MAX_DOCUMENT)):
        assert shortcut.pieces(text.encode(), set()) == b""


def test_the_key_holds_every_variable_that_a_render_reads() -> None:
    """It would have caught a new variable that changes a line, of which the hook knows nothing."""
    source = (ROOT / "statusline/system/environ.py").read_text()
    text = source.partition("class Environment")[2].partition("def inherited")[0]
    read = set(re.findall(r'"([A-Z][A-Z_]{2,})"', text)) | {"CLAUDE_CODE_USE_BEDROCK"}
    hook = HOOK.read_text()
    key = "".join(re.findall(r'STATUSLINE_KEY="(.*)"\n', hook))
    named = re.findall(r"\$\{([A-Z_]+)-\}", key)
    assert read - set(named) <= NOT_IN_KEY
    assert len(named) + len(["1", "$_dir"]) == shortcut.KEY_WORDS
    assert not set(named) & {"CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"}
