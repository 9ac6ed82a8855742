"""What arbitrary bytes may do at each place where they come in: everything but harm.

Each function of `TARGETS` takes bytes as they would lie in a file, on stdin or in an answer, does
all that the program does with them, and raises where a promise is broken.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from unittest import mock

from statusline.login import account, credentials
from statusline.refresh import intake, other_sources
from statusline.refresh.outcome import HttpAnswer, classify
from statusline.segment.render import draw
from statusline.settings import settings_json
from statusline.settings.load import compile_text
from statusline.settings.placeholders import PLACEHOLDERS
from statusline.settings.settings import Settings
from statusline.sources import codex
from statusline.surfaces import SURFACES
from statusline.system import bounded_read, json_file
from statusline.system.clock import TOLERANCE_S
from statusline.system.environ import Environment
from statusline.system.text import is_shown
from statusline.tokens import line, many_lines, reader
from statusline.usage import agent_quota, rate_limits
from statusline.usage.observation import MAX_UTILIZATION_PCT, Observation, horizon_s
from statusline.usage.snapshot import Snapshot
from tests.support.fuzzed_history import history_file, history_rows
from tests.support.fuzzed_place import HOME, NOW, written

_WIDTH = 80
#: Beside what can be shown: our colours, and the brackets that bash wants around them.
_STYLE = re.compile(r"\x1b\[[0-9;]*m|[\x01\x02]")
_ROLLOUT = "codex/sessions/2026/11/22/rollout-2026-11-22T05-00-00-a.jsonl"
_ENV = Environment(
    {"HOME": HOME, "CODEX_HOME": f"{HOME}/codex", "LANG": "C.UTF-8", "COLUMNS": str(_WIDTH)}
)
#: Whether there are so many inputs that each need not be drawn in every way.
is_search = False


def chosen(data: bytes, ways: Sequence[Any]) -> Sequence[Any]:
    """All of these ways to draw an input; of a search's inputs each has one of its own."""
    return [ways[zlib.crc32(data) % len(ways)]] if is_search else ways


def check_lines(
    data: bytes,
    snapshot: Snapshot | None,
    stdin: object = None,
    settings: Settings | None = None,
) -> None:
    """Draw every surface: never empty, printable, of one line but for Claude Code's, fitting."""
    for surface in chosen(data, list(SURFACES)):
        check_line(snapshot, stdin, settings, surface)


def check_line(
    snapshot: Snapshot | None, stdin: object, settings: Settings | None, surface: str
) -> None:
    """Draw one of them."""
    drawn, cells = draw(_ENV, snapshot, stdin, settings or Settings(), NOW, surface)
    text = _STYLE.sub("", drawn.decode("utf-8"))
    assert text.strip(), f"{surface}: empty"
    assert 0 < cells <= _WIDTH, f"{surface}: {cells} cells"
    rows = text.split("\n")
    assert len(rows) == 1 or surface == "claude", f"{surface}: {len(rows)} lines"
    assert all(map(is_shown, "".join(rows))), f"{surface}: {text!r}"


def cache(data: bytes) -> None:
    """`usage.json`: any document becomes a sound snapshot, which is the same once written."""
    snapshot = Snapshot.from_json(bounded_read.parse(data))
    check_lines(data, snapshot)
    if snapshot is not None:
        _check_document(snapshot)


def _check_document(snapshot: Snapshot) -> None:
    written = json.dumps(snapshot.to_json(), allow_nan=False)
    again = Snapshot.from_json(json.loads(written))
    assert again is not None, "what was written cannot be read"
    assert json.dumps(again.to_json()) == written, "it changes by being read"


def stdin(data: bytes) -> None:
    """Claude Code's JSON: shown with every placeholder, merged, and told to a refresher."""
    document = bounded_read.parse_first(data)
    given = document if isinstance(document, dict) else {}
    known, message = rate_limits.take_stdin(Snapshot(), given, NOW, "1")
    for settings, surface in chosen(data, _ways()):
        check_line(known, given, settings, surface)
    if message:
        snapshot = Snapshot()
        intake.take_message(snapshot, bounded_read.parse(message), NOW)
        _check_document(snapshot)


def _rich(first: int) -> Settings:
    """The richest preset, and a part of all placeholders: all together have no room."""
    names = sorted(set(PLACEHOLDERS) - {"sep"})[first::_PARTS]
    format_ = " ".join(f"{{{name}}}" for name in names)
    return compile_text(f'preset = "full"\n[format]\nclaude = "{format_}"').settings


_PARTS = 6


@functools.cache
def _ways() -> list[tuple[Settings | None, str]]:
    rich = [(_rich(first), "claude") for first in range(_PARTS)]
    return [*((None, surface) for surface in SURFACES), *rich]


def api_body(data: bytes) -> None:
    """The API's answer: classified, taken over, kept, and shown."""
    status, retry_after = (200, []) if data[:1] != b"4" else (429, [data[1:40].decode("latin-1")])
    answer = HttpAnswer(status, data, retry_after, None, "application/json", challenged=False)
    outcome = classify(answer, NOW)
    assert outcome.kind != "ok" or outcome.body is not None
    assert outcome.retry_after_s is None or 0 < outcome.retry_after_s <= 86400
    snapshot = Snapshot()
    if outcome.body is not None:
        intake.take_body(snapshot, outcome.body, NOW)
        _check_document(snapshot)
    check_lines(data, snapshot)


def taken(body: dict[str, object]) -> Snapshot:
    """A snapshot that has taken over a body of the API."""
    snapshot = Snapshot()
    snapshot.state, snapshot.written_at = "ok", NOW - 60
    intake.take_body(snapshot, body, NOW - 60)
    return snapshot


def login(data: bytes) -> None:
    """The credentials file: a token that can be sent, or a state; nothing of it in a text."""
    path = written(".credentials.json", data)
    with _at_once():
        found = credentials.read(path)
    assert found.state in _LOGIN_STATES, found.state
    if found.token is not None:
        token, others = found.token.reveal(), repr(found._replace(token=None))
        assert len(token) < 8 or token not in repr(found) or token in others


_LOGIN_STATES = {"found", "no_login", "partial", "bad_token", "unreadable", "too_large"}


def claude_json(data: bytes) -> None:
    """Claude Code's own configuration: an account, its plan, numbers that it has cached."""
    written(".claude.json", data)
    with _at_once():
        found = account.read(_ENV, now=NOW)
    assert (found.cached_body is None) is (found.cached_at is None)
    if found.cached_body is not None and found.cached_at is not None:
        snapshot = Snapshot()
        intake.take_body(snapshot, found.cached_body, found.cached_at, "claude_json")
        _check_document(snapshot)
        check_lines(data, snapshot)


def config(data: bytes) -> None:
    """`config.toml`: sound settings, each mistake with a sentence, and kept as they were made."""
    loaded = compile_text(data.decode("utf-8", "replace"))
    for problem in loaded.problems:
        assert problem.what
        assert problem.fix
    kept = json.loads(json.dumps(loaded.settings.to_json(), allow_nan=False))
    again = settings_json.read(kept)
    assert json.dumps(again.to_json()) == json.dumps(loaded.settings.to_json()), "kept otherwise"
    check_lines(data, _SAMPLE, {"model": {"display_name": "Opus"}}, loaded.settings)


def _sample() -> Snapshot:
    snapshot = Snapshot()
    snapshot.state = "ok"
    for name, label, used_pct in (("five_hour", "5h", 61.0), ("seven_day", "7d", 22.0)):
        seen = Observation(name, label, used_pct, int(NOW) + 7860, NOW - 60, "api")
        snapshot.windows[name] = seen
    return snapshot


_SAMPLE = _sample()


def transcript(data: bytes) -> None:
    """A transcript: read to its end, each answer with counts that an index can hold."""
    handle = os.open(written("session.jsonl", data), os.O_RDONLY)
    try:
        part = reader.read(handle, "session", 0, line.parse)
        assert part == reader.read(handle, "session", 0, many_lines.parse), "told apart by size"
    finally:
        os.close(handle)
    assert part.is_last
    assert 0 <= part.offset <= part.end <= len(data)
    for response in part.responses.values():
        numbers = (response.total, response.at_s, *response[-5:])
        assert all(type(each) is int and 0 <= each < 1 << 63 for each in numbers), numbers


def rollout(data: bytes) -> None:
    """A session of Codex: sound windows or none, kept as they were read, and shown."""
    written(_ROLLOUT, data)
    seen = codex.read(_ENV, NOW)
    for each in seen:
        assert each.window.startswith("codex."), each
        assert each.observed_at <= NOW + TOLERANCE_S, each
        assert 0 <= each.utilization_pct <= MAX_UTILIZATION_PCT, each
        assert each.resets_at is None or each.resets_at <= NOW + horizon_s(each.window), each
    snapshot = Snapshot()
    snapshot.state, snapshot.written_at = "ok", NOW - 60
    if seen:
        snapshot.sources["codex"] = {each.window: each for each in seen}
    _check_document(snapshot)
    check_lines(data, snapshot, settings=_with_codex())


def quota(data: bytes) -> None:
    """What another agent says on stdin: its own windows, told to a refresher, and told once."""
    document = bounded_read.parse_first(data)
    said = document if isinstance(document, dict) else {}
    shown, kept = Snapshot(), Snapshot()
    shown.state, shown.written_at = "ok", NOW - 60
    message = agent_quota.take_stdin(shown, said, NOW)
    assert not agent_quota.take_stdin(shown, said, NOW + 1), "told again"
    assert not shown.windows
    other_sources.take_message(kept, bounded_read.parse(message), ["antigravity"], NOW)
    assert kept.sources == shown.sources, "heard otherwise"
    other_sources.take_message(kept, document, ["antigravity"], NOW)
    _check_document(kept)
    check_lines(data, shown)


@functools.cache
def _with_codex() -> Settings:
    """All that can be shown of Codex, on every surface."""
    names = sorted(name for name in PLACEHOLDERS if name.startswith("codex."))
    format_ = " ".join(f"{{{name}}}" for name in names)
    lines = (f'{surface} = "{format_}"' for surface in SURFACES)
    return compile_text("\n".join(('sources = ["codex"]', "[format]", *lines))).settings


@contextlib.contextmanager
def _at_once() -> Iterator[None]:
    """Read a file that is cut off once more, but not after a moment: nobody completes it here."""
    with mock.patch.object(json_file, "sleep"):
        yield


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target
    for target in (
        *(cache, stdin, api_body, login, claude_json, config),
        *(transcript, rollout, quota, history_rows, history_file),
    )
}
