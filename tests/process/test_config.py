"""``statusline config`` and an edited config.toml, with the installed program."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from statusline.settings.presets import PRESETS
from statusline.settings.settings import Settings
from statusline.surfaces import SURFACES
from tests.support.patience import HANG_S, wait_until
from tests.support.profile import Profile
from tests.support.program import argv
from tests.support.real_line import NOBODY, fill, known


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A profile whose cache says 61 % and 22 % and asks for nothing in the next hour."""
    made = Profile(tmp_path, NOBODY)
    resets_at = int(time.time() + 7230)  # its text stays the same for half a minute
    snapshot = known(plan="Max 5x")
    snapshot.windows["five_hour"].resets_at = resets_at
    fill(made.directory, snapshot)
    return made


def make_segment(profile: Profile, surface: str) -> Path:
    """Render until it is kept: it is not in the last second in which its text is true."""
    segment = profile.directory / f"segment.{surface}"

    def is_kept() -> bool:
        assert profile.run(surface).returncode == 0
        return segment.exists()

    wait_until(is_kept, segment.name)
    return segment


def test_an_edit_shows_with_the_next_render(profile: Profile) -> None:
    """First the defaults, then each version of the file, then the defaults again."""
    assert profile.shown().startswith("5h 61% ")
    profile.configure('[format]\ndefault = "{five_hour.pct}"\n')
    assert profile.shown() == "61%"
    profile.configure('[format]\ndefault = "[{seven_day.label}: {seven_day.pct}]"\n')
    assert profile.shown() == "7d: 22%"
    (profile.home / ".config/statusline/config.toml").unlink()
    assert profile.shown().startswith("5h 61% ")


def test_a_new_version_of_the_file_takes_the_old_segments_away(profile: Profile) -> None:
    """A segment was made from this usage.json and this config, or it is none."""
    segment = make_segment(profile, "zsh")
    assert segment.read_bytes().startswith(b"5h ")
    profile.configure('[format]\ndefault = "{seven_day.pct}"\n')
    assert profile.run("tmux").stdout
    assert not segment.exists()


def test_a_removed_file_takes_the_old_segments_away(profile: Profile) -> None:
    """Neither a segment nor a settings.json of a config.toml that is gone stays behind."""
    profile.configure('[format]\ndefault = "{seven_day.pct}"\n')
    segment = make_segment(profile, "zsh")
    (profile.home / ".config/statusline/config.toml").unlink()
    assert profile.run("tmux").stdout
    assert not segment.exists()
    assert not (profile.directory / "settings.json").exists()
    assert make_segment(profile, "tmux").read_bytes().startswith(b"5h ")


def test_a_local_clock_time_is_kept_for_nobody(profile: Profile) -> None:
    """Another shell may have another TZ: without `time_zone` no segment is made, and none stays."""
    segment = make_segment(profile, "zsh")
    profile.configure('reset = "clock"\n')
    assert ":" in profile.run("zsh").stdout
    assert not segment.exists()
    profile.configure('reset = "clock"\ntime_zone = "Europe/Berlin"\n')
    assert b":" in make_segment(profile, "zsh").read_bytes()


def test_a_compiled_file_is_not_compiled_again(profile: Profile) -> None:
    """The second render after an edit reads settings.json and imports no TOML."""
    profile.configure("width = 30\n")
    profile.run("tmux")
    compiled = profile.directory / "settings.json"
    before = compiled.stat()
    document = json.loads(compiled.read_text())
    document["settings"]["formats"]["default"] = [["t", "from the compiled file "], ["v", "plan"]]
    compiled.write_text(json.dumps(document))
    assert profile.shown() == "from the compiled file Max 5x"
    assert compiled.stat().st_ino == before.st_ino


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"schema": 99, "source": [], "settings": {}}',
        b'{"settings": {"formats": {"default": 7}}}',
        b"[" * 20_000,
    ],
)
def test_a_corrupt_settings_json_is_compiled_anew(profile: Profile, content: bytes) -> None:
    """The line is what config.toml says, and the file is whole again."""
    profile.configure('[format]\ndefault = "{five_hour.pct}"\n')
    profile.run("tmux")
    compiled = profile.directory / "settings.json"
    compiled.write_bytes(content)
    assert profile.shown() == "61%"
    assert json.loads(compiled.read_text())["settings"]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        None,
        {"formats": {"default": [["g", [["g", 1]]]]}, "styles": 3, "width": "wide"},
        {"styles": {"normal": ["0m\u001b]0;x\u0007", "#(touch x)"]}, "formats": {}},
        {"formats": {"default": [["t", "\u001b[31m"], ["v", "five_hour"]]}},
        {"time_zone": "a\u0000b", "reset": "clock"},
        {"bar_width": 1e300, "old_after_s": float("inf"), "separator": 5, "ascii": "no"},
    ],
)
def test_a_hostile_settings_json_changes_nothing(profile: Profile, settings: object) -> None:
    """Of the right version and identity, but with anything inside: defaults, and no escape."""
    profile.configure("")
    profile.run("tmux")
    compiled = profile.directory / "settings.json"
    document = {**json.loads(compiled.read_text()), "settings": settings}
    compiled.write_text(json.dumps(document))
    done = profile.run("tmux")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip("\n").isprintable()
    assert profile.shown().startswith("5h 61% ")
    assert "#(" not in done.stdout


def test_a_cache_that_cannot_be_written_still_shows_what_is_set(profile: Profile) -> None:
    """Each render compiles then; nothing is said about it."""
    profile.configure('[format]\ndefault = "{five_hour.pct}"\n')
    (profile.directory / "settings.json").mkdir()
    assert profile.shown() == "61%"
    assert profile.shown() == "61%"


def test_check_accepts_a_sound_file(profile: Profile) -> None:
    """No file and a sound file are both fine."""
    done = profile.run("config", "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no such file" in done.stdout
    profile.configure('preset = "full"\n')
    done = profile.run("config", "check")
    assert done.returncode == 0
    assert done.stdout.endswith("config.toml: no mistakes\n")


def test_check_names_line_key_problem_and_fix(profile: Profile) -> None:
    """Exit 1, every mistake in the order of the file."""
    profile.configure('width = "wide"\n\n[format]\ntmux = "{five_huor}"\n[style]\nnormal = "rde"\n')
    done = profile.run("config", "check")
    assert (done.returncode, done.stderr) == (1, "")
    rows = done.stdout.splitlines()
    assert "line 1: width: must be a whole number" in rows[0]
    assert 'line 4: format.tmux: unknown placeholder "five_huor" at column 1' in rows[2]
    assert "Did you mean {five_hour}?" in rows[3]
    assert "line 6: style.normal: unknown word" in rows[4]


@pytest.mark.parametrize(
    "text",
    [
        '"\\u001b]0;x\\u0007" = 1\n',
        'preset = "\\u001b[31m\\u202e[red]"\n',
        "a\x1b[31m = 1\n",
        '[format]\ntmux = "{\\u001b[31m}"\n',
        '[style]\nnormal = "\\u001b[31m"\n',
    ],
)
def test_no_command_prints_what_the_file_smuggles(profile: Profile, text: str) -> None:
    """S09, S10: messages are printable whatever the file holds, and no command fails on it."""
    profile.configure(text)
    for verb in ("check", "show", "preview"):
        done = profile.run("config", verb)
        assert done.returncode == (verb == "check")
        assert all(row.isprintable() for row in (done.stdout + done.stderr).split("\n"))


def test_show_is_toml_with_the_origin_of_each_setting(profile: Profile) -> None:
    """What is printed can be used as a config.toml, and means the same."""
    profile.configure('preset = "full"\n[thresholds]\nwarning = 60\n')
    done = profile.run("config", "show")
    values = tomllib.loads(done.stdout)
    assert values["thresholds"] == {"warning": 60, "critical": 90.0}
    assert values["format"]["default"] == PRESETS["full"]["format.default"]
    assert "warning = 60  # config.toml line 3\n" in done.stdout
    assert 'style = "line"  # preset full\n' in done.stdout
    assert "ascii = false  # default\n" in done.stdout
    profile.configure(done.stdout)
    assert profile.run("config", "check").returncode == 0
    assert tomllib.loads(profile.run("config", "show").stdout) == values


def test_path_is_where_the_file_would_be(profile: Profile) -> None:
    """Also before there is one; without a home it says so."""
    path = profile.home / ".config" / "statusline" / "config.toml"
    assert profile.run("config", "path").stdout == f"{path}\n"
    profile.environment["STATUSLINE_CONFIG"] = "/elsewhere/mine.toml"
    assert profile.run("config", "path").stdout == "/elsewhere/mine.toml\n"
    del profile.environment["STATUSLINE_CONFIG"], profile.environment["HOME"]
    done = profile.run("config", "path")
    assert done.returncode == 1
    assert "set HOME" in done.stderr


def previewed(text: str) -> dict[str, dict[str, list[str]]]:
    """What `config preview` printed without colours: block -> surfaces -> lines."""
    blocks: dict[str, dict[str, list[str]]] = {}
    for row in text.splitlines():
        if row.endswith(":") and not row.startswith(" "):
            blocks[row[:-1]] = {}
        elif row.startswith("    "):
            list(list(blocks.values())[-1].values())[-1].append(row[4:])
        elif row:
            list(blocks.values())[-1][row.strip()] = []
    return blocks


def test_preview_prints_every_preset_on_every_surface(profile: Profile) -> None:
    """Equal lines once, each state below; without colours where nobody looks, and yours last."""
    profile.configure('[format]\ndefault = "mine {five_hour.pct}"\n')
    before = sorted(os.listdir(profile.directory))
    done = profile.run("config", "preview")
    assert (done.returncode, done.stderr) == (0, "")
    blocks = previewed(done.stdout)
    assert list(blocks) == [*PRESETS, "config.toml"]
    for block in blocks.values():
        surfaces = [name for title in block for name in title.split(", ")]
        assert sorted(surfaces) == sorted(SURFACES)
        assert len({tuple(lines) for lines in block.values()}) == len(block)
    shared = "plain, fish, bash, zsh, tmux, starship"
    assert blocks["default"][shared] == [
        "61 %     5h 61% 2h11m · 7d 22%",
        "80 %     5h 80% 2h11m →full 50m · 7d 22%",
        "92 %     5h 92% 2h11m →full 20m · 7d 22%",
        "old      5h 61% 2h11m · 7d 22% · 15m old",
        "offline  5h 61% 2h11m · 7d 22% · 45m old",
    ]
    assert blocks["config.toml"][shared][0] == "61 %     mine 61%"
    assert "statusline on main" in blocks["two-line"]["claude"][0]
    assert done.stdout.replace("\n", "").isprintable()
    assert sorted(os.listdir(profile.directory)) == before


def test_preview_of_one_preset_prints_nothing_else(profile: Profile) -> None:
    """Nobody compares six presets with five states each in one look."""
    profile.configure("width = 50\n")
    done = profile.run("config", "preview", "minimal")
    assert list(previewed(done.stdout)) == ["minimal"]
    done = profile.run("config", "preview", "minimla")
    assert (done.returncode, done.stdout) == (2, "")
    assert all(name in done.stderr for name in PRESETS)
    assert "Did you mean minimal?" in done.stderr


def test_preview_has_colours_on_a_terminal(profile: Profile) -> None:
    """As the surfaces would show them, tmux on its own green bar."""
    code = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"
    words = ("config", "preview", "default")
    done = profile.run(*words, through=(sys.executable, "-c", code))
    assert done.returncode == 0
    assert f"\x1b[{Settings().styles['normal'][0]}m61%\x1b[0m" in done.stdout
    assert re.search(r"  tmux\r?\n    61 %     \x1b\[30;42m 5h 61% 2h11m", done.stdout)
    assert "\x1b[0;30;42;30;43m80%\x1b[0;30;42m" in done.stdout


def test_a_project_cannot_choose_settings(profile: Profile, tmp_path: Path) -> None:
    """S23: neither a config.toml nor Claude Code's project settings in the working directory."""
    project = tmp_path / "project"
    (project / ".claude").mkdir(parents=True)
    for name in ("config.toml", ".statusline.toml", ".claude/settings.json"):
        (project / name).write_text('preset = "full"\n')
    done = subprocess.run(
        argv("plain"),
        env={**profile.environment, "STATUSLINE_CONFIG": "config.toml"},
        cwd=project,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    assert done.stdout.startswith("5h 61% ")


def test_a07_a_config_toml_that_nobody_writes_to_is_not_waited_for(profile: Profile) -> None:
    """A07: every prompt hung at a FIFO; what it might say of the API counts as `api = false`."""
    path = profile.home / ".config" / "statusline" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    assert "61%" in profile.run("plain").stdout
    done = profile.run("config", "check")
    assert (done.returncode, "not a file" in done.stdout + done.stderr) == (1, True)
    profile.run("refresh")
    assert profile.usage()["state"] == "bad_config"


def test_an_empty_device_is_an_empty_configuration(profile: Profile) -> None:
    """Whoever wants no configuration may name /dev/null."""
    profile.environment["STATUSLINE_CONFIG"] = "/dev/null"
    assert profile.run("config", "check").returncode == 0
