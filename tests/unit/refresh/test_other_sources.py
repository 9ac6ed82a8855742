"""Other agents' windows in a refresher: taken in where they are asked for, never as Claude's."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from statusline.agents import AGENTS
from statusline.history import store
from statusline.refresh import other_sources
from statusline.segment.layout import DROP_ORDER
from statusline.segment.shortcut import WINDOWS
from statusline.settings.placeholders import AGENT_ATTRIBUTES, PLACEHOLDERS
from statusline.sources import codex
from statusline.sources.source import source
from statusline.system.environ import Environment
from statusline.usage.snapshot import Snapshot
from tests.support.codex_home import keep, told
from tests.support.update_run import NOW, RESET, home, message, update_in, written

__all__ = ["home"]
STAMP = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(NOW - 60))


def configure(home: Path, text: str) -> dict[str, str]:
    """Write a config.toml; return the variable that names it."""
    path = home / "config.toml"
    path.write_text(text)
    return {"STATUSLINE_CONFIG": str(path), "STATUSLINE_CACHE_DIR": str(home / "cache")}


def published(home: Path, text: str) -> dict[str, dict[str, dict[str, object]]]:
    """What `usage.json` has of other agents after a run with these settings."""
    update = update_in(home, **configure(home, text))
    update.take_local(message())
    update.publish()
    found = written(home)
    assert set(found["windows"]) <= {"five_hour"}
    assert isinstance(found["sources"], dict)
    return found["sources"]


def test_codex_is_read_where_it_is_asked_for_and_nowhere_else(home: Path) -> None:
    """Off unless `sources` names it, and gone again without it."""
    keep(home / ".codex", [told(STAMP, pct=33, resets_at=RESET)])
    assert published(home, "") == {}
    assert published(home, 'sources = ["codex"]') == {
        "codex": {
            "five_hour": {
                "label": "Codex 5h",
                "utilization_pct": 33.0,
                "resets_at": RESET,
                "observed_at": float(int(NOW - 60)),
                "source": "codex",
            }
        }
    }
    assert published(home, "api = true") == {}


def test_its_numbers_go_into_the_history_under_its_own_name(home: Path) -> None:
    """Not under the mark of a Claude account, with which they would come and go."""
    keep(home / ".codex", [told(STAMP, pct=33, resets_at=RESET)])
    published(home, 'sources = ["codex"]')
    with store.reading(str(home / "cache")) as history:
        assert "codex" not in history.accounts()
        assert [each.name for each in history.windows("codex")] == ["codex.five_hour"]
        (run,) = history.cycles("codex", "codex.five_hour", 0, NOW)
        assert (run.resets_at, run.starts_at) == (RESET, RESET - 5 * 3600)


def test_what_is_known_outlives_the_session_it_came_from(home: Path) -> None:
    """A session that was deleted takes no number with it; a later one replaces it."""
    path = keep(home / ".codex", [told(STAMP, pct=33, resets_at=RESET)])
    before = published(home, 'sources = ["codex"]')
    path.unlink()
    assert published(home, 'sources = ["codex"]') == before
    keep(home / ".codex", [told("2026-01-01T00:00:00Z", pct=1, resets_at=1_767_229_200)])
    assert published(home, 'sources = ["codex"]') == before


def test_a_broken_agent_costs_nobody_else_a_number(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever another program leaves behind, Claude's numbers are published."""

    def fail(_env: Environment, _now: float) -> list[object]:
        raise RuntimeError

    monkeypatch.setattr(codex, "read", fail)
    assert published(home, 'sources = ["codex"]') == {}
    assert written(home)["windows"]


def test_numbers_from_a_time_to_come_go_with_the_clock(home: Path) -> None:
    """After a clock was set back, nothing later would ever be found."""
    snapshot = Snapshot()
    keep(home / ".codex", [told(STAMP, pct=33, resets_at=RESET)])
    env = Environment({"HOME": str(home)})
    other_sources.take(env, snapshot, ["codex"], NOW)
    snapshot.sources["codex"]["codex.five_hour"].observed_at = NOW + 86400
    other_sources.take(env, snapshot, ["codex"], NOW)
    assert snapshot.sources["codex"]["codex.five_hour"].observed_at == int(NOW - 60)


@pytest.mark.parametrize(
    ("agent", "window"),
    [
        ("codex", {"source": "api"}),
        ("codex", {"label": ""}),
        ("codex", {"utilization_pct": -1}),
        ("c\x07x", {}),
    ],
)
def test_an_unsound_window_of_an_agent_is_none(agent: str, window: dict[str, object]) -> None:
    """`usage.json` is read as carefully there as elsewhere."""
    whole = {"label": "X 5h", "utilization_pct": 1, "observed_at": NOW, "resets_at": RESET}
    sources = {agent: {"five_hour": {**whole, "source": agent, **window}}, "codex ": 1}
    read = Snapshot.from_json(json.loads(json.dumps({"schema": 1, "sources": sources})))
    assert read is not None
    assert read.sources == {}


@pytest.mark.parametrize("name", AGENTS)
def test_an_agent_is_whole(name: str) -> None:
    """A row without its module, its placeholders, or its place where a prompt looks."""
    found = source(name)
    assert callable(found.read)
    assert callable(found.home)
    assert name in WINDOWS
    assert name in DROP_ORDER
    for window in AGENTS[name].windows:
        assert f"{name}.{window}" in PLACEHOLDERS
        assert {f"{name}.{window}.{each}" for each in AGENT_ATTRIBUTES} < PLACEHOLDERS.keys()
