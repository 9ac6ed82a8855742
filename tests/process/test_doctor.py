"""The installed ``doctor`` in real homes: what it runs, what it says, what it never shows."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.support.capabilities import needs_bash, needs_fish, needs_root, needs_strace, needs_tmux
from tests.support.doctor import doctor, equip, results
from tests.support.launcher import DEAD_LAUNCHERS, make_launcher
from tests.support.profile import TOKEN, Profile
from tests.support.program import argv
from tests.support.server import UsageServer
from tests.support.tty import Tty

#: root without the right to read and write whatever it likes.
NO_OVERRIDE = (
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
)


@pytest.fixture
def well(profile: Profile) -> Profile:
    """A profile with a launcher, numbers, and Claude Code's line."""
    equip(profile)
    assert profile.run("refresh").returncode == 0
    assert profile.run("install", "claude", "--yes").returncode == 0
    return profile


def test_where_all_is_well_it_says_so(well: Profile, server: UsageServer) -> None:
    """Exit 0, a document as its schema describes it, and no request of its own."""
    document = doctor(well, "--online")
    assert (document["exit_code"], document["result"]) == (0, "warn")
    warned = [each["name"] for each in document["checks"] if each["result"] == "warn"]
    assert warned == ["API URL"]  # that is how these tests are done
    assert results(document, "status line") == ["ok"]
    assert results(document, "reachable") == ["ok"]
    assert server.count == 1


@pytest.mark.parametrize("words", [("doctor",), ("doctor", "--json")])
def test_no_token_is_shown(well: Profile, words: tuple[str, ...]) -> None:
    """Not a character of it, on no stream."""
    done = well.run(*words)
    assert TOKEN[-8:] not in done.stdout + done.stderr
    assert "sk-ant" not in done.stdout + done.stderr


@needs_bash
@needs_tmux
def test_each_wired_surface_is_rendered_by_its_own_line(well: Profile) -> None:
    """Every line in every host's file is really run, and quoted with its times."""
    shells = [name for name in ("bash", "zsh", "fish") if shutil.which(name)]
    wired = ["tmux", "starship", *shells]
    assert well.run("install", *wired, "--yes").returncode == 0
    document = doctor(well)
    found = {each["name"]: each for each in document["checks"]}
    for name in ("plain", "claude", *wired):
        check = found[f"{name} line"]
        assert check["result"] == "ok", check
        assert re.search(r"5h 61% 2h[01]\dm · 7d 22%  \(\d+ ms\)$", check["what"])


@needs_fish
def test_fish_leaves_no_directories_of_its_own(well: Profile) -> None:
    """~/.cache/fish and ~/.local/share/fish were there after a look at the line."""
    assert well.run("install", "fish", "--yes").returncode == 0
    assert results(doctor(well), "fish line") == ["ok"]
    assert not list(well.home.glob("**/.cache/fish"))
    assert not list(well.home.glob("**/share/fish"))
    well.environment["XDG_DATA_HOME"] = str(well.home / "it's data")
    assert results(doctor(well), "fish line") == ["ok"]
    assert not (well.home / "it's data" / "fish").exists()


def test_a_line_that_was_written_by_hand_is_rendered_too(well: Profile) -> None:
    """It would have caught README's own line looked at less closely than an installed one."""
    command = f"{well.environment['STATUSLINE_BIN']} claude"
    line = {"statusLine": {"type": "command", "command": command}}
    (well.home / ".claude" / "settings.json").write_text(json.dumps(line))
    document = doctor(well)
    assert results(document, "claude line") == ["ok"]


@pytest.mark.parametrize(
    ("script", "what"),
    [
        ("exit 0", "printed nothing"),
        ("echo 5h; exit 3", 'says "statusline cannot start"'),
        ("sleep 3600", "took more than 3 s"),
    ],
)
def test_a_line_that_does_not_work_is_a_failure(well: Profile, script: str, what: str) -> None:
    """What the host would run shows nothing: exit 1, with the command that mends it."""
    launcher = Path(well.environment["STATUSLINE_BIN"])
    other = well.home / "broken" / "statusline"
    other.parent.mkdir()
    other.write_text(f"#!/bin/sh\n{script}\n")
    other.chmod(0o755)
    settings = well.home / ".claude" / "settings.json"
    settings.write_text(settings.read_text().replace(str(launcher), str(other)))
    document = doctor(well)
    (check,) = [each for each in document["checks"] if each["name"] == "claude line"]
    assert (document["exit_code"], check["result"]) == (1, "fail")
    assert what in check["what"]
    assert check["fix"] == "statusline install claude"
    assert well.wait_until_quiet()  # nothing of it is left behind


@pytest.mark.parametrize("what", DEAD_LAUNCHERS)
def test_a_line_that_has_to_ask_another_program_is_a_warning(well: Profile, what: str) -> None:
    """It would have caught "ok" of a line that starts two Pythons at each look."""
    launcher = Path(well.environment["STATUSLINE_BIN"])
    other = make_launcher(well.home / "other")
    settings = well.home / ".claude" / "settings.json"
    settings.write_text(settings.read_text().replace(str(launcher), str(other)))
    assert results(doctor(well), "claude line") == ["ok"]
    other.write_text(DEAD_LAUNCHERS[what])
    (check,) = [each for each in doctor(well)["checks"] if each["name"] == "claude line"]
    assert check["result"] == "warn"
    assert "other/statusline, which does not start" in check["what"]
    assert check["fix"] == "statusline install claude"


def test_the_project_in_which_it_is_asked_is_looked_at(well: Profile) -> None:
    """A project's own status line is named with its file, and counts for nothing else."""
    project = well.home / "project"
    (project / ".claude").mkdir(parents=True)
    line = {"statusLine": {"type": "command", "command": f"touch {well.home}/was-run"}}
    (project / ".claude" / "settings.json").write_text(json.dumps(line))
    document = doctor(well, cwd=project)
    (check,) = [each for each in document["checks"] if each["name"] == "status line"]
    assert check["result"] == "warn"
    assert "~/project/.claude/settings.json" in check["what"]
    assert not (well.home / "was-run").exists()
    assert results(document, "claude line") == ["ok"]


@needs_strace
@pytest.mark.parametrize("error", ["ENOSYS", "ENOLCK"])
def test_b18_no_lock_no_request_and_doctor_says_why(
    profile: Profile, server: UsageServer, error: str
) -> None:
    """B18: the disk of the cache has no flock."""
    equip(profile)
    fault = ("-e", "trace=flock", "-e", f"inject=flock:error={error}")
    through = ("strace", "-f", "-qq", "-o", os.devnull, *fault)
    assert profile.run("refresh", through=through).returncode == 1
    done = profile.run("doctor", through=through)
    assert done.returncode == 1
    assert re.search("^fail lock .*no request is made", done.stdout, re.MULTILINE)
    assert "Set STATUSLINE_CACHE_DIR" in done.stdout
    assert server.count == 0


@needs_root
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed")
def test_a10_an_unreadable_cache_is_named(well: Profile) -> None:
    """A10: the segment has a placeholder, and doctor the chmod."""
    path = well.directory / "usage.json"
    path.chmod(0)
    done = well.run("doctor", through=NO_OVERRIDE)
    assert done.returncode == 1
    assert re.search("^fail numbers .*cannot be read", done.stdout, re.MULTILINE)
    assert "  chmod 600 ~/.cache/statusline/" in done.stdout


def test_what_is_wrong_comes_last_and_what_does_not_apply_is_left_out(well: Profile) -> None:
    """Two findings stood among thirty rows, a third of them about programs nobody has."""
    (well.home / ".claude" / ".credentials.json").unlink()
    rows = well.run("doctor").stdout.splitlines()
    assert [row.split()[0] for row in rows[-5:-1]] == ["fail", "Run", "warn", "Unset"]
    assert rows[-1].endswith("First `login`: Run `claude` and sign in.")
    assert not any(row.startswith("skip") for row in rows)
    more = well.run("doctor", "-v").stdout
    assert "skip notifications" in more
    assert "skip usage API      Because of `login`" in more


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_it_fits_the_terminal(well: Profile, columns: int) -> None:
    """No line is wider than the terminal, and every word of every check is there."""
    with Tty(argv("doctor"), {**well.environment, "TERM": "xterm"}, columns=columns) as terminal:
        terminal.wait_for_end()
    shown = re.sub(r"\x1b\[[0-9;]*m", "", terminal.raw.decode()).replace("\r", "")
    assert max(map(len, shown.splitlines())) <= columns
    assert "✓" in shown
    flat = " ".join(shown.split())
    assert "Unset STATUSLINE_API_URL, unless this is a test." in flat
    assert flat.endswith("1 warning. Next: Unset STATUSLINE_API_URL, unless this is a test.")


@pytest.mark.parametrize(
    ("variables", "sign"), [({"LANG": "C"}, "+"), ({"NO_COLOR": "1"}, "✓"), ({}, "✓")]
)
def test_colours_and_signs_follow_the_environment(
    well: Profile, variables: dict[str, str], sign: str
) -> None:
    """NO_COLOR takes the colours, a locale without UTF-8 the signs."""
    environment = {**well.environment, "TERM": "xterm", **variables}
    with Tty(argv("doctor"), environment) as terminal:
        terminal.wait_for_end()
    text = terminal.raw.decode()
    assert (re.search(r"\x1b\[[0-9;]*3[1-6]m", text) is None) == ("NO_COLOR" in variables)
    assert re.sub(r"\x1b\[[0-9;]*m", "", text).startswith(sign)


def test_nothing_from_outside_steers_the_terminal(well: Profile) -> None:
    """S11: names of directories and keys of files may hold escapes and markup."""
    evil = "\x1b]0;owned\x07[red]\u202e"
    project = well.home / f"pro{evil}ject"
    (project / ".claude").mkdir(parents=True)
    (project / ".claude" / "settings.json").write_text('{"statusLine": {"command": "x"}}')
    well.configure(f'"{evil.encode().decode("latin-1")[3:]}" = 1\n')
    for words in (("doctor",), ("--color", "always", "doctor")):
        there = ["env", "-C", str(project), *argv(*words)]
        with Tty(there, {**well.environment, "TERM": "xterm"}) as terminal:
            terminal.wait_for_end()
        text = terminal.raw.decode()
        assert "[red]" in text
        assert "\u202e" not in text
        assert "\x07" not in re.sub(r"\x1b\[[0-9;]*m", "", text)
        assert "\x1b" not in re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_the_working_directory_may_be_gone(well: Profile, tmp_path: Path) -> None:
    """A removed directory is no reason for a traceback."""
    gone = tmp_path / "gone"
    gone.mkdir()
    done = well.run("doctor", through=("sh", "-c", f'cd {gone}; rmdir {gone}; exec "$@"', "sh"))
    assert (done.returncode, done.stderr) == (0, "")
