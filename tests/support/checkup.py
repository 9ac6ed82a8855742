"""What `doctor` looks at, made up: a home, its files, and what a check tells of them."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from statusline.doctor.check import Check
from statusline.doctor.context import Context
from statusline.system.environ import Environment
from statusline.usage.snapshot import Snapshot
from tests.support.launcher import make_launcher

NOW = time.time()


def context(home: Path, cwd: str = "/", online: bool = False, /, **variables: str) -> Context:
    """A context in `home`; its administrator's file is managed.json there."""
    launcher = make_launcher(home / "bin")
    values = {"HOME": str(home), "PATH": "/usr/bin:/bin", "STATUSLINE_BIN": str(launcher)}
    env = Environment({**values, **variables})
    return Context(env, NOW, cwd, online, str(home / "managed.json"))


def told(checks: list[Check], name: str) -> list[tuple[str, str]]:
    """Result and fix of the checks of that name."""
    return [(each.result, each.fix) for each in checks if each.name == name]


def publish(home: Path, **fields: Any) -> Path:
    """Write a usage.json with these fields of a snapshot; return its path."""
    snapshot = Snapshot()
    snapshot.written_at, snapshot.state = NOW, "ok"
    for name, value in fields.items():
        setattr(snapshot, name, value)
    directory = Path(context(home).directory or "")
    directory.mkdir(parents=True, mode=0o700)
    path = directory / "usage.json"
    path.write_text(json.dumps(snapshot.to_json()))
    path.chmod(0o600)
    return path


def stand_in(home: Path, name: str, script: str) -> str:
    """Put a program of that name into a directory for PATH; return the directory."""
    directory = home / "programs"
    directory.mkdir(exist_ok=True)
    path = directory / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return f"{directory}:/usr/bin:/bin"
