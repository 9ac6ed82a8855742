"""The real programs that read our bars, from the system's packages, without a display."""

from __future__ import annotations

import json
import os
import select
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.patience import HANG_S
from tests.support.profile import quiet_profile
from tests.support.program import argv
from tests.support.real_line import fill, known


def blocks_with(process: subprocess.Popen[bytes], text: str) -> dict[str, Any]:
    """The blocks by name, once one of them shows `text`; waits for that."""
    assert process.stdout is not None
    data = b""
    while True:
        for line in reversed(data.decode().splitlines(keepends=True)):
            if line.startswith(",[") and text in line and line.endswith("\n"):
                return {each.get("name"): each for each in json.loads(line.lstrip(","))}
        ready, _, _ = select.select([process.stdout], [], [], HANG_S)
        assert ready, data
        data += os.read(process.stdout.fileno(), 65536)


@pytest.mark.full
@pytest.mark.skipif(shutil.which("i3blocks") is None, reason="needs i3blocks")
def test_i3blocks_shows_each_change(tmp_path: Path) -> None:
    """Its own JSON parser dropped `true`, and a text ended at its first quotation mark."""
    profile = quiet_profile(tmp_path, with_numbers=True)
    profile.configure("format.default = 'say \"{five_hour}\"'")
    command = shlex.join(argv("show", "--format", "i3blocks", "--follow"))
    config = tmp_path / "i3blocks"
    config.write_text(f"[claude]\ncommand={command}\ninterval=persist\nformat=json\n")
    with subprocess.Popen(
        ["i3blocks", "-c", str(config)],
        env=profile.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            first = blocks_with(process, "61%")["claude"]
            moved = known()
            moved.windows["five_hour"].utilization_pct = 97.0
            fill(profile.directory, moved)
            then = blocks_with(process, "97%")["claude"]
        finally:
            process.kill()  # it does not end on SIGTERM while a block of its own runs
    assert first["full_text"] == "say '5h 61%'"
    assert "urgent" not in first
    assert then["urgent"] is True
    assert then["color"] == "#ff0000"
    assert profile.wait_until_quiet(), "what follows outlives its bar"
