"""What the plugin's module tells `statusline claude`: each measurement, and what it is worth."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from statusline.segment.render import is_foreign
from statusline.usage.merge import merge
from statusline.usage.rate_limits import of_stdin, remember, what_counts
from statusline.usage.snapshot import Snapshot
from tests.support.capabilities import needs_node
from tests.support.documents import ROOT
from tests.support.patience import HANG_S

pytestmark = needs_node

MODULE = ROOT / "extras" / "plugin" / "hooks" / "usage.js"
RUNNER = ROOT / "tests" / "support" / "plugin_module.mjs"
#: Of 2.1.330, with the numbers of docs/claude-code.md 9.3.
RESETS = {"five_hour": "2026-11-22T09:40:21.000Z", "seven_day": "2026-11-26T22:33:41.000Z"}
NOW = 1795332000.0
START = ["session.start", {"cwd": "/w", "surface": "terminal", "isInteractive": True}]
UNSEEN = ["session.start", {"cwd": "/w", "surface": None, "isInteractive": False}]
ANSWER = ["turn.complete", {"isAborted": False, "reason": "answer", "usage": {"output_tokens": 1}}]
CUT_OFF = ["turn.complete", {"isAborted": True, "reason": "aborted"}]
OTHER_LINE = ["set", {"statusLine": {"type": "command", "command": "mine"}}]


def measured(*percents: float, changed: tuple[str, ...] = ("rateLimits", "cost")) -> list[Any]:
    """A measurement with these percentages of the two windows."""
    limits = [
        {"kind": kind, "percentUsed": percent, "resetsAt": reset}
        for percent, (kind, reset) in zip(percents, RESETS.items(), strict=False)
    ]
    context = {"tokens": 120_000, "window": 1_000_000, "percent": 12}
    said = {"context": context, "rateLimits": limits, "cost": {"usd": 0.03}}
    return ["session.measure", {**said, "changed": list(changed)}]


def played(directory: Path, *steps: list[Any]) -> list[dict[str, Any]]:
    """What the module does in these steps."""
    module = directory / "usage.mjs"
    shutil.copy(MODULE, module)
    done = subprocess.run(
        ["node", str(RUNNER), str(module), json.dumps(steps)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


def told(directory: Path, *steps: list[Any]) -> list[dict[str, Any]]:
    """The documents that `statusline claude` gets in these steps."""
    return [json.loads(each["stdin"]) for each in played(directory, *steps) if "stdin" in each]


def believed(documents: list[dict[str, Any]]) -> Snapshot:
    """What is known once a refresher has heard these documents, a minute apart."""
    snapshot = Snapshot()
    for minute, document in enumerate(documents):
        said = of_stdin(document, NOW + 60 * minute)
        observations, dropped = what_counts(said, snapshot)
        assert dropped == 0
        remember(said, snapshot)
        snapshot.windows = merge(snapshot.windows, observations)
    return snapshot


def test_a_measurement_is_a_statement_of_claude_codes(tmp_path: Path) -> None:
    """Times in ISO text, or a percentage under another name, would have counted for nothing."""
    first = told(tmp_path, START, ANSWER, measured(61, 22.5))[-1]
    assert not is_foreign(first)
    assert first["context_window"]["used_percentage"] == 12
    said = of_stdin(first, NOW)
    assert said.limits == {"five_hour": [61, 1795340421], "seven_day": [22.5, 1795732421]}
    assert said.version == "2.1.330"
    assert len(said.session) == 36


def test_numbers_that_fell_count_after_an_answer_alone(tmp_path: Path) -> None:
    """Without a counter that grows, a window that fell would have kept its old number for hours."""
    steps = (START, ANSWER, measured(61, 22), ANSWER, measured(40, 22))
    windows = believed(told(tmp_path, *steps)).windows
    assert windows["five_hour"].utilization_pct == 40
    for hollow in (CUT_OFF, ["turn.complete", {"isAborted": False, "reason": "error"}]):
        steps = (START, ANSWER, measured(61, 22), hollow, measured(40, 22))
        windows = believed(told(tmp_path, *steps)).windows
        assert windows["five_hour"].utilization_pct == 61, hollow


def test_an_answer_without_a_cost_proves_nothing(tmp_path: Path) -> None:
    """Another plugin may make an answer up: the windows are still those of the last real one."""
    again = measured(40, 22, changed=("context",))
    windows = believed(told(tmp_path, START, ANSWER, measured(61, 22), ANSWER, again)).windows
    assert windows["five_hour"].utilization_pct == 61


def test_numbers_are_offered_again_and_then_no_more(tmp_path: Path) -> None:
    """A refresher that has just begun hears nobody: what is told once would have been lost.

    Repeated for ever, it would be a process every few seconds in each idle session.
    """
    looks = [["look"]] * 12
    steps = (OTHER_LINE, START, ANSWER, measured(61, 22), *looks)
    documents = told(tmp_path, *steps)
    assert len(documents) == 3
    assert documents[0] == documents[-1]
    assert believed(documents).windows["five_hour"].observed_at == NOW


def test_a_line_is_pinned_only_where_no_status_line_is(tmp_path: Path) -> None:
    """Two lines would say the same, and the user's own is the one that was chosen."""
    pinned = [each["status"] for each in played(tmp_path, START) if "status" in each]
    assert pinned == ["one · two"]
    steps = (OTHER_LINE, START, ANSWER, measured(61, 22))
    assert {each["status"] for each in played(tmp_path, *steps) if "status" in each} == {None}
    later = played(tmp_path, START, OTHER_LINE, ANSWER, measured(61, 22))
    assert [each["status"] for each in later if "status" in each] == ["one · two", None]


def test_a_session_that_nobody_looks_at_starts_no_timer(tmp_path: Path) -> None:
    """`claude -p` would start a process before it has anything to tell."""
    assert played(tmp_path, UNSEEN, ["look"], ["look"]) == []
    assert len(told(tmp_path, UNSEEN, ANSWER, measured(61, 22))) == 1


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("failed to start: ENOENT: Executable not found", "statusline is not installed"),
        ("still running after 5000 ms", None),
    ],
)
def test_a_failure_leaves_no_old_line(tmp_path: Path, message: str, shown: str | None) -> None:
    """A pinned line would go on showing a countdown that has stopped."""
    looks = [["look"]] * 5
    done = played(tmp_path, START, ["fail", message], *looks)
    assert done[-1] == {"status": shown}


def test_the_program_is_found_where_installers_put_it(tmp_path: Path) -> None:
    """Claude Code started from a desktop has no ~/.local/bin in PATH."""
    assert {each["path"] for each in played(tmp_path, START) if "path" in each} == {
        "/usr/bin:/home/ada/.local/bin"
    }


INSTALL = ["statusline", "install", "claude"]


def test_a_command_is_answered_by_the_program_itself(tmp_path: Path) -> None:
    """The model would be asked for what the program has said, and might say something else."""
    ran, shown = played(tmp_path, ["command.run", {"command": "statusline:usage"}])
    assert ran["argv"] == ["statusline", "show"]
    assert shown["text"].strip() == "```\none\ntwo\n```"
    done = played(tmp_path, ["command.run", {"command": "statusline:setup"}])
    assert [each["argv"] for each in done if "argv" in each] == [
        [*INSTALL, "--print"],
        [*INSTALL, "--yes"],
    ]
    assert done[-1]["text"].count("one") == 1  # --yes shows the change once more


def test_nothing_is_installed_after_a_look_that_failed(tmp_path: Path) -> None:
    """A settings.json that cannot be read would have been asked to be written all the same."""
    steps = (["exit", 1], ["command.run", {"command": "statusline:setup"}])
    done = played(tmp_path, *steps)
    assert [each["argv"] for each in done if "argv" in each] == [[*INSTALL, "--print"]]
    assert "status" not in done[0]


@pytest.mark.parametrize("name", ["usage", "setup"])
def test_a_command_without_the_program_says_so(tmp_path: Path, name: str) -> None:
    """A hook that fails is left out, and Claude Code would go on to ask the model."""
    missing = ["fail", "failed to start: ENOENT"]
    done = played(tmp_path, missing, ["command.run", {"command": f"statusline:{name}"}])
    assert done == [{"text": "statusline is not installed"}]
