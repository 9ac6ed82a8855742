"""Which segment a hook would print, by the rules of docs/decisions.md 5 alone."""

from __future__ import annotations

from pathlib import Path

LOGIN_FILES = (".claude/.credentials.json", ".claude.json")


def segment(directory: Path, home: Path, surface: str, now: float) -> tuple[bytes, float] | None:
    """The line of a segment whose time has not come, for this login, and until when it is true."""
    path = directory / f"segment.{surface}"
    try:
        until_s, line = path.stat().st_mtime, path.read_bytes().partition(b"\n")[0]
    except FileNotFoundError:
        return None
    made_at = (directory / "usage.json").stat().st_mtime
    signed_in_at = max((home / name).stat().st_mtime for name in LOGIN_FILES)
    return (line, until_s) if until_s > now >= made_at >= signed_in_at else None
