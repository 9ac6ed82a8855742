"""Which places last, and under which name a program is called from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from statusline.system.environ import Environment
from statusline.wiring import lasting
from statusline.wiring.installation import find_launcher


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/home/u/.cache/uv/archive-v0/x/bin/statusline", "uv's cache"),
        ("/mnt/uv/environments-v2/x/bin/statusline", "uv's cache"),
        ("/big/uv/wheels/x/statusline", "uv's cache"),
        ("/home/u/.local/share/pipx/.cache/x/bin/statusline", "a cache"),
        ("/home/u/Library/Caches/x/bin/statusline", "a cache"),
        ("/var/tmp/v/bin/statusline", "a temporary directory"),
        ("/nix/store/x-usage-statusline/bin/statusline", "the Nix store, outside every profile"),
        ("/home/u/.local/share/uv/tools/usage-statusline/bin/statusline", None),
        ("/home/u/.local/share/pipx/venvs/usage-statusline/bin/statusline", None),
        ("/opt/homebrew/bin/statusline", None),
        ("/home/u/.local/bin/statusline", None),
    ],
)
def test_places_that_are_emptied_are_told_from_those_that_last(path: str, what: str | None) -> None:
    """A program in a cache would have been named by lines that outlive it."""
    env = Environment({"HOME": "/home/u", "UV_CACHE_DIR": "/big/uv"})
    found = lasting.passing(path, env)
    assert (found.what if found else None) == what


def test_what_lies_beside_the_home_lasts_as_long_as_that() -> None:
    """A home in a temporary directory could have no installation at all."""
    env = Environment({"HOME": "/tmp/x/home"})
    assert lasting.passing("/tmp/x/venv/bin/statusline", env) is None


@pytest.mark.parametrize("script", ["statusline", "usage-statusline"])
def test_lines_name_the_link_that_leads_into_a_tools_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    """It would have caught `uv/tools/…/bin/statusline`, which is uv's to move."""
    inside, outside = tmp_path / "tools" / "bin", tmp_path / "home" / ".local" / "bin"
    inside.mkdir(parents=True)
    outside.mkdir(parents=True)
    for name in ("statusline", "usage-statusline"):
        (inside / name).write_text("#!/bin/sh\n")
        (inside / name).chmod(0o755)
        (outside / name).symlink_to(inside / name)
    env = Environment({"HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"})
    for started in (inside / script, outside / script):
        monkeypatch.setattr("sys.argv", [str(started)])
        assert find_launcher(env) == str(outside / "statusline")
