"""What Claude Code's stdin tells of a session: as recorded, missing, null, and nonsense."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings

from statusline.segment import session_values
from statusline.segment.layout import cells, lay_out
from statusline.segment.view import View
from statusline.settings.format import compile_format
from statusline.settings.settings import Settings
from statusline.system.environ import Environment
from statusline.usage.snapshot import Snapshot
from tests.support.distorted import distorted
from tests.support.examples import examples
from tests.support.laid_out import NOON, both

DATA = Path(__file__).parents[2] / "data"
#: A minute after it was recorded.
RECORDED: dict[str, Any] = json.loads((DATA / "stdin-2.1.277.json").read_text("utf-8"))
RECORDED_AT = 1_789_785_200
#: Fields that Claude Code documents and none of the recordings has.
DOCUMENTED: dict[str, Any] = {
    "agent": {"name": "reviewer"},
    "vim": {"mode": "INSERT"},
    "fast_mode": True,
    "output_style": {"name": "Explanatory"},
    "worktree": {"name": "fix-login", "path": "/home/u/fix-login"},
    "pr": {"number": 42, "review_state": "changes_requested"},
}

#: placeholder -> what it shows of these two
SHOWN = {
    "effort": "medium",
    "context.bar": "█▊░░░░░░",
    "context.left": "78% left",
    "context.tokens": "216k",
    "context.size": "1M",
    "tokens.in": "873",
    "tokens.out": "661",
    "tokens.cached": "215k",
    "cache": "59m",
    "cache.hit": "98%",
    "cost": "$11.94",
    "cost.rate": "$20.75/h",
    "lines": "+1227 −281",
    "duration": "35m",
    "duration.api": "14m",
    "dir": "proj",
    "dir.path": "~/proj",
    "project": "proj",
    "branch": "",
    "worktree": "fix-login",
    "repo": "u/proj",
    "pr": "#42 changes requested",
    "session": "usage-line",
    "agent": "reviewer",
    "style": "Explanatory",
    "thinking": "thinking",
    "fast": "fast",
    "vim": "INSERT",
    "version": "2.1.277",
}


def shown(
    form: str, stdin: object, *, now: float = RECORDED_AT, config: Settings | None = None
) -> str:
    """What a format shows of a document, and nothing of the cache."""
    chosen = config or Settings()
    chosen.formats = {"default": compile_format(form)}
    view = View(Snapshot(), stdin, chosen, now)
    view.env = Environment({"HOME": "/home/u"})
    return "".join(text for _role, text in lay_out(view, "plain", 200)[0])


def test_every_session_placeholder_is_tested() -> None:
    """A new placeholder comes with what it shows."""
    assert SHOWN.keys() == session_values.VALUES.keys()


@pytest.mark.parametrize("name", [name for name in SHOWN if name != "branch"])
def test_each_placeholder_of_a_recorded_session(name: str) -> None:
    """What a user sees, of a document that Claude Code sent."""
    assert shown(f"{{{name}}}", RECORDED | DOCUMENTED) == SHOWN[name]


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("kind", ["missing", "null", "text", "number", "list"])
def test_a_field_that_is_not_there_shows_nothing(name: str, kind: str) -> None:
    """Missing, null and of another type: absent, and the group around it too."""
    fields = RECORDED | DOCUMENTED | {"model": {"display_name": "Opus"}}
    other: dict[str, object] = {"null": None, "text": "\x1b[31m", "number": -1, "list": [{}]}
    stdin = {
        key: value if key == "model" else other[kind]
        for key, value in fields.items()
        if kind != "missing" or key == "model"
    }
    if kind != "text" or name not in ("version", "session"):  # text is what these are
        assert shown(f"{{model}}[ <{{{name}}}>]", stdin) == "Opus"


@pytest.mark.parametrize(
    ("form", "stdin", "text"),
    [
        ("{cache.hit}", {"prompt_cache": {"hit_ratio": 0.29}}, "29%"),  # * 100 is 28.999...
        ("{cache.hit}", {"prompt_cache": {"hit_ratio": 0.5799}}, "57%"),
        ("{dir}", {"cwd": "/"}, "/"),
        ("{dir}", {"cwd": "/home/u/"}, "~"),
        ("{dir.path}", {"cwd": "/home/u"}, "~"),
        ("{dir.path}", {"cwd": "/home/uwe/x"}, "/home/uwe/x"),
        ("{dir.path}", {"cwd": "/srv/" + "long/" * 20}, "…" + ("/srv/" + "long/" * 20)[-47:]),
        ("{dir}", {"cwd": "/srv/" + "x" * 100}, "x" * 31 + "…"),
        ("{dir}", {"cwd": "/a", "workspace": {"current_dir": "/b/c"}}, "c"),
        ("{dir}", {"cwd": "/x/a  b\n\x1b[31m#{50%}$(id)`id`"}, "a b[31m#{50%}$(id)`id`"),
        ("{dir}", {"cwd": "/x/日本語"}, "日本語"),
        ("{dir}", {"cwd": "/x/\u202egnp.exe"}, "gnp.exe"),
        ("{style}{sep}{vim}", {"output_style": {"name": "default"}, "vim": {"mode": "V"}}, "V"),
        ("{repo}", {"workspace": {"repo": {"name": "proj"}}}, "proj"),
        ("{worktree}", {"workspace": {"git_worktree": "wt"}}, "wt"),
        ("{cost}", {"cost": {"total_cost_usd": 0.001}}, "<$0.01"),
        ("{cache}", {"prompt_cache": {"expires_at": RECORDED_AT - 1}}, "cold"),
        ("{pr}", {"pr": {"number": 7}}, "#7"),
        ("{context.left}", {"context_window": {"used_percentage": 100}}, "0% left"),
    ],
)  # fmt: skip
def test_the_odd_values_of_a_session(form: str, stdin: object, text: str) -> None:
    """The root and the home directory, long, hostile and wide names, what is half there."""
    assert shown(form, stdin) == text


def test_a_rate_needs_a_minute() -> None:
    """A cent in the first second is no $36 an hour."""
    cost = {"total_cost_usd": 0.01, "total_duration_ms": 59_999}
    assert shown("{cost}[ {cost.rate}]", {"cost": cost}) == "$0.01"
    cost["total_duration_ms"] = 60_000
    assert shown("{cost}[ {cost.rate}]", {"cost": cost}) == "$0.01 $0.60/h"


def test_what_remains_is_of_the_windows_alone() -> None:
    """`show = "remaining"` once turned `ctx 12%` into what is left, and said so of neither."""
    chosen = Settings()
    chosen.show = "remaining"
    chosen.formats = {"default": compile_format("{five_hour}{sep}[ctx {context} {context.bar}]")}
    stdin = {"context_window": {"used_percentage": 12}}
    (parts,) = lay_out(View(both(), stdin, chosen, NOON), "plain", 200)
    assert "".join(text for _role, text in parts) == "5h 39% left 2h11m · ctx 12% █░░░░░░░"


#: Each placeholder's format, compiled once for all examples.
ALONE = [compile_format(f"{{{name}}}") for name in SHOWN]


@given(distorted(RECORDED | DOCUMENTED))
@example(RECORDED)
@settings(max_examples=examples(300))
def test_no_document_breaks_a_session_placeholder(stdin: object) -> None:
    """Whatever stdin holds, each placeholder shows something printable and short, or nothing."""
    for nodes in ALONE:
        chosen = Settings()
        chosen.formats = {"default": nodes}
        view = View(Snapshot(), stdin, chosen, RECORDED_AT)
        (parts,) = lay_out(view, "claude", 60)
        assert 0 < cells(parts) <= 60
        assert all(text.isprintable() for _role, text in parts)
