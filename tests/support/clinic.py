"""A profile with a launcher on PATH, and what `statusline doctor` says of it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import jsonschema

from .launcher import make_launcher
from .patience import HANG_S
from .profile import Profile
from .program import argv, package

SCHEMA = package() / "schema" / "doctor.schema.json"


def equip(profile: Profile) -> Path:
    """Put the launcher on the profile's PATH, as install.sh does; return it."""
    launcher = make_launcher(profile.home / ".local" / "bin")
    found = profile.environment["PATH"]
    profile.environment["PATH"] = f"{launcher.parent}{os.pathsep}{found}"
    profile.environment["STATUSLINE_BIN"] = str(launcher)
    return launcher


def doctor(profile: Profile, *words: str, cwd: Path | None = None) -> dict[str, Any]:
    """The document of ``statusline doctor --json WORDS``, as its schema describes it.

    Its exit code is added as "exit_code".
    """
    done = subprocess.run(
        argv("doctor", "--json", *words),
        env=profile.environment,
        cwd=cwd or profile.home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    assert done.stderr == ""
    document = json.loads(done.stdout)
    assert isinstance(document, dict)
    jsonschema.validate(document, json.loads(SCHEMA.read_text("utf-8")))
    return {**document, "exit_code": done.returncode}


def results(document: dict[str, Any], name: str) -> list[str]:
    """The results of all checks of that name."""
    return [each["result"] for each in document["checks"] if each["name"] == name]
