"""`statusline export` as cron and Prometheus meet it: real processes, files and modes."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.support.capabilities import needs_no_root
from tests.support.line import fill, known
from tests.support.patience import HANG_S
from tests.support.profile import OTHER_TOKEN, Profile
from tests.support.server import Answer, UsageServer, usage_answer

PROMETHEUS = ("export", "--format", "prometheus")


def test_each_format_goes_to_stdout(profile: Profile) -> None:
    """What is printed is the format alone, exit code 0, nothing on stderr."""
    fill(profile.directory)
    made = {kind: profile.run("export", "--format", kind) for kind in ("json", "csv", "prometheus")}
    assert {done.returncode for done in made.values()} == {0}
    assert {done.stderr for done in made.values()} == {""}
    assert [each["id"] for each in json.loads(made["json"].stdout)["windows"]] == [
        *("five_hour", "seven_day")
    ]
    rows = list(csv.DictReader(io.StringIO(made["csv"].stdout)))
    assert [(row["label"], row["used_pct"]) for row in rows] == [("5h", "61.0"), ("7d", "22.0")]
    line = 'claude_usage_utilization_ratio{window="five_hour"} 0.61\n'
    assert line in made["prometheus"].stdout


def test_requests_and_errors_are_counted(profile: Profile, server: UsageServer) -> None:
    """Every request counts, of those that fail each kind, over several refreshers."""
    server.script = [usage_answer(), Answer(500), Answer(500), usage_answer()]
    for _ in range(4):
        profile.run("refresh", "--force")
        profile.let_pass(4000)
    assert server.count == 4
    said = profile.run(*PROMETHEUS).stdout.splitlines()
    assert "claude_usage_requests_total 4.0" in said
    assert 'claude_usage_errors_total{kind="server_error"} 2.0' in said
    assert profile.wait_until_quiet()


def test_counters_outlive_a_token_and_a_lost_state(profile: Profile, server: UsageServer) -> None:
    """Another login or a lost state.json does not begin the counting anew."""
    profile.run("refresh")
    profile.let_pass(100)
    profile.sign_in(OTHER_TOKEN)
    profile.run("refresh")
    profile.let_pass(4000)
    (profile.directory / "state.json").unlink()
    profile.run("refresh")
    assert server.count == 3
    assert profile.usage()["requests"] == 3


def test_an_export_lets_the_usage_be_asked(profile: Profile, server: UsageServer) -> None:
    """The first export has no numbers and does not wait; soon after there are some."""
    first = profile.run(*PROMETHEUS)
    assert first.returncode == 0
    assert "utilization_ratio{" not in first.stdout
    assert server.wait_for(1)
    assert profile.wait_until_quiet()
    assert 'ratio{window="five_hour"} 0.61' in profile.run(*PROMETHEUS).stdout
    assert server.count == 1


def test_the_textfile_is_for_another_user(profile: Profile, tmp_path: Path) -> None:
    """node_exporter may read it whatever the umask; nothing else is left in the directory."""
    fill(profile.directory)
    target = tmp_path / "textfiles"
    target.mkdir()
    done = profile.run(
        *PROMETHEUS, "--textfile", str(target), through=("sh", "-c", 'umask 077; exec "$@"', "sh")
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert os.listdir(target) == ["claude_usage.prom"]
    made = target / "claude_usage.prom"
    assert stat.S_IMODE(made.stat().st_mode) == 0o644
    assert made.read_text() == profile.run(*PROMETHEUS).stdout


def test_a_link_in_the_directory_is_not_followed(profile: Profile, tmp_path: Path) -> None:
    """Somebody's symbolic link is replaced; what it leads to keeps its bytes."""
    fill(profile.directory)
    victim = tmp_path / "victim"
    victim.write_text("kept")
    target = tmp_path / "textfiles"
    target.mkdir()
    (target / "claude_usage.prom").symlink_to(victim)
    assert profile.run(*PROMETHEUS, "--textfile", str(target)).returncode == 0
    assert victim.read_text() == "kept"
    assert not (target / "claude_usage.prom").is_symlink()


def test_a_reader_never_sees_half_a_textfile(profile: Profile, tmp_path: Path) -> None:
    """While exports replace the file, each look at it finds a whole one."""
    fill(profile.directory)
    path = tmp_path / "claude_usage.prom"
    words = (*PROMETHEUS, "--textfile", str(tmp_path))
    profile.run(*words)
    whole, done, torn = path.read_text(), threading.Event(), []

    def look() -> None:
        while not done.is_set():
            if (seen := path.read_text()) != whole:
                torn.append(seen)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        codes = {profile.run(*words).returncode for _ in range(5)}
    finally:
        done.set()
        watcher.join()
    assert (codes, torn) == ({0}, [])


@needs_no_root
def test_a_directory_that_cannot_be_written_is_a_problem(profile: Profile, tmp_path: Path) -> None:
    """Exit code 1, one sentence, no traceback."""
    fill(profile.directory)
    target = tmp_path / "closed"
    target.mkdir(mode=0o500)
    done = profile.run(*PROMETHEUS, "--textfile", str(target))
    assert done.returncode == 1
    assert done.stderr.startswith("Error: claude_usage.prom could not be written: Permission")


def test_a_name_that_is_a_directory_is_a_problem(profile: Profile, tmp_path: Path) -> None:
    """Where the file cannot be replaced, one sentence says so and no temporary file is left."""
    fill(profile.directory)
    (tmp_path / "t" / "claude_usage.prom").mkdir(parents=True)
    done = profile.run(*PROMETHEUS, "--textfile", str(tmp_path / "t"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: claude_usage.prom could not be written: Is a directory")
    assert os.listdir(tmp_path / "t") == ["claude_usage.prom"]


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--format", "xml"),
        ("--format", "csv", "--textfile", "/"),
        ("--format", "prometheus", "--textfile", "/nonexistent/directory"),
    ],
    ids=" ".join,
)
def test_wrong_usage(profile: Profile, words: tuple[str, ...]) -> None:
    """Exit code 2 and nothing on stdout."""
    done = profile.run("export", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Usage: statusline export" in done.stderr


@pytest.mark.parametrize("kind", ["json", "csv", "prometheus"])
def test_hostile_text_from_the_cache_is_harmless(profile: Profile, kind: str) -> None:
    """Control characters and quotes in a cache never come out as they are (S07, S09)."""
    hostile = 'a"b\\c\n\x1b]0;owned\x07$(id)`id`'
    snapshot = known(plan=hostile, errors={hostile: 3}).to_json()
    windows = snapshot["windows"]
    assert isinstance(windows, dict)
    windows[hostile] = {**windows["five_hour"], "label": hostile}
    fill(profile.directory).write_text(json.dumps(snapshot))
    done = profile.run("export", "--format", kind)
    assert done.returncode == 0
    assert all(char.isprintable() or char in "\r\n" for char in done.stdout)
    assert not [sign for sign in ("$(", "`", "\\c") if sign in done.stdout]
    assert "owned" in done.stdout


def test_a_broken_cache_is_named(profile: Profile) -> None:
    """The export goes on without numbers; stderr names the file and the fix."""
    fill(profile.directory).write_text("{")
    done = profile.run(*PROMETHEUS)
    assert done.returncode == 0
    assert "utilization_ratio{" not in done.stdout
    assert "usage.json is broken" in done.stderr
    assert profile.wait_until_quiet()


def test_only_this_verb_loads_the_metrics_library() -> None:
    """Every other verb is imported without prometheus_client."""
    code = (
        "import sys; from statusline.cli.main import cli, VERBS\n"
        "[cli.get_command(None, verb) for verb in set(VERBS) - {'export'}]\n"
        "sys.exit('prometheus_client' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=HANG_S).returncode == 0
