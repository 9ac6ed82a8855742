"""Commands whose stdin, stdout or stderr is closed, full, or belongs to somebody else."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.capabilities import needs_faketime
from tests.support.examples import crossed
from tests.support.patience import HANG_S
from tests.support.profile import Profile, quiet_profile
from tests.support.program import argv
from tests.support.real_line import NUMBERS, SAMPLE
from tests.support.server import Answer, UsageServer
from tests.support.stdin import run_fed
from tests.support.tty import Tty

#: A command of every verb that prints, with the exit code that it has where all is well.
VERBS = {
    "profile": 0,
    "refresh": 0,
    "show": 0,
    "show --json": 0,
    "config check": 0,
    "config preview": 0,
    "config preview minimal": 0,
    "config init --print": 0,
    "config set api false": 0,
    "config unset width": 0,
    "credentials": 0,
    "demo --once": 0,
    "env": 0,
    "export --format csv": 0,
    "guard --max 90": 0,
    "guard --max 50": 1,
    "init": 0,
    "init bash": 0,
    "install --print bash": 0,
    "completion bash": 0,
    "watch --once": 0,
    "--help": 0,
    "--version": 0,
}
LOST = {">&-": "Bad file descriptor", ">/dev/full": "No space left on device"}
CODES = {"guard --max 90": 3, "guard --max 50": 3}


@pytest.fixture
def home(tmp_path: Path) -> Profile:
    """A home with numbers, in which no request is due."""
    made = quiet_profile(tmp_path / "home", with_numbers=True)
    made.configure("api = false\n")
    return made


def run(profile: Profile, words: str, redirection: str) -> tuple[int, str]:
    """The exit code, and what was said on stderr."""
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", *argv(*words.split())],
        env=profile.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(("words", "redirection"), crossed(VERBS, LOST))
def test_output_that_is_lost_is_named(home: Profile, words: str, redirection: str) -> None:
    """A closed stdout passed for success, and `guard` answered "limit reached" on a full disk."""
    sentence = f"Error: The output could not be written: {LOST[redirection]}.\n"
    assert run(home, words, redirection) == (CODES.get(words, 1), sentence)


@pytest.mark.parametrize(("words", "redirection"), crossed(VERBS, ["<&-", "2>&-", "2>/dev/full"]))
def test_the_other_streams_change_no_exit_code(home: Profile, words: str, redirection: str) -> None:
    """What nobody can be told, and what nobody can say, is no reason to fail."""
    assert run(home, words, redirection) == (VERBS[words], "")


def test_wrong_usage_is_2_where_nobody_hears_it(home: Profile) -> None:
    """A full stderr turned 2 into 120."""
    assert run(home, "guard", "2>/dev/full") == (2, "")


@pytest.mark.parametrize("words", ["guard --max 90", "guard --max 50"])
def test_guard_whose_reader_has_gone_does_not_answer_1(home: Profile, words: str) -> None:
    """Click ends with 1 for a broken pipe, which is "at or above the limit" here."""
    reader = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    reader.wait(timeout=HANG_S)
    assert reader.stdin is not None
    with reader.stdin as pipe:
        done = subprocess.run(
            argv(*words.split()),
            env=home.environment,
            stdout=pipe,
            stderr=subprocess.PIPE,
            timeout=HANG_S,
            check=False,
        )
    assert (done.returncode, done.stderr) == (3, b"")


def test_guard_does_not_answer_1_where_it_cannot_work(home: Profile) -> None:
    """Whatever goes wrong in it is not "at or above the limit"."""
    broken = (
        "import sys; from statusline.cli import guard; from statusline.entry import main;"
        "guard.judge = None; sys.argv = ['statusline', 'guard', '--max', '90']; main()"
    )
    interpreter = argv()[0]
    done = subprocess.run(
        [interpreter, "-I", "-c", broken],
        env=home.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.startswith("Error: Something unexpected")


@pytest.mark.parametrize("speed", ["nan", "inf"])
def test_no_number_is_no_speed(home: Profile, speed: str) -> None:
    """Nothing is above NaN: every range lets it pass, and the demo ended in a traceback."""
    code, said = run(home, f"demo --speed {speed}", "")
    assert code == 2
    assert "--speed" in said


def test_a_script_keeps_its_stdin(home: Profile) -> None:
    """A segment without a word ate the lines that a `while read` loop had still to read."""
    loop = 'while read -r line; do "$@" >/dev/null; echo "$line"; done'
    done = subprocess.run(
        ["sh", "-c", loop, "sh", *argv()],
        env=home.environment,
        input="one\ntwo\nthree\n",
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    assert done.stdout.split() == ["one", "two", "three"]


@pytest.mark.parametrize("variable", ["CLAUDECODE", "CLAUDE_PID"])
def test_claude_code_gets_its_line_without_a_word(home: Profile, variable: str) -> None:
    """As Claude Code starts it, bare `statusline` is Claude Code's line; elsewhere it is not."""
    shown = {}
    for extra in ({}, {variable: "1"}):
        done = run_fed(
            argv(),
            env={**home.environment, **extra},
            input=SAMPLE,
            capture_output=True,
            timeout=HANG_S,
            check=False,
        )
        shown[bool(extra)] = done.stdout.decode()
    assert "Opus" in shown[True]
    assert shown[False].strip() == NUMBERS


def test_progress_that_is_ended_leaves_the_cursor(tmp_path: Path) -> None:
    """SIGTERM while the API is asked left the terminal without its cursor."""
    with UsageServer([Answer(hang="request")]) as usage:
        profile = Profile(tmp_path / "home", usage.url)
        with Tty(argv("refresh"), profile.environment) as terminal:
            terminal.wait_for("Asking")
            terminal.send(signal.SIGTERM)
            assert terminal.wait_for_end() == 143
            assert terminal.raw.rfind(b"\x1b[?25h") > terminal.raw.rfind(b"\x1b[?25l") >= 0


@needs_faketime
def test_a_clock_beyond_python_is_named(home: Profile) -> None:
    """In 2399 every command spoke of an OverflowError, and `guard` of a limit that is reached."""
    done = home.run("guard", "--max", "90", through=("faketime", "2399-01-01 00:00:00"))
    sentence = "Error: This machine's clock is beyond the year 2262. Set it right.\n"
    assert (done.returncode, done.stderr) == (3, sentence)


def test_half_a_character_in_the_previous_command_stops_nothing(home: Profile) -> None:
    """A lone surrogate, which JSON can hold, ended `install claude` in a traceback."""
    settings = home.home / ".claude" / "settings.json"
    before = '{"statusLine": {"type": "command", "command": "echo mine \\\\ud800"}}'
    settings.write_text(before)
    assert home.run("install", "claude", "--yes").returncode == 0
    assert "claude-code-chain.sh" in settings.read_text()
    assert home.run("uninstall", "claude", "--yes").returncode == 0
    assert settings.read_text() == before
