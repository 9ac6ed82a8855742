"""Throw-away homes: Claude Code's files as every program here finds them, each in its own."""

from __future__ import annotations

import datetime
import json
import os
import time
from typing import TextIO

DATA = os.path.join(os.path.dirname(__file__), "..", "..", "tests", "data")
SESSION = "25719877-56d4-434d-9cc6-0a4024d8c465"
FIVE_HOUR_LEFT_S = 2 * 3600 + 11 * 60
SEVEN_DAY_LEFT_S = 4 * 86400
#: A file of old transcripts has this many bytes; they are shared between homes by hard links.
PART_BYTES = 5_000_000
TEXT_CHARS = 1500


class Home:
    """One home directory with a signed-in account (made up), a session and its stdin."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.projects = f"{path}/.claude/projects/-home-u-work"
        self.transcript = f"{self.projects}/{SESSION}.jsonl"
        self.work = f"{path}/work"
        os.makedirs(self.projects, mode=0o700)
        os.makedirs(self.work)
        with _private(f"{path}/.claude/.credentials.json") as file:
            file.write(json.dumps({"claudeAiOauth": _login()}))
        self._messages = 0
        for _ in range(20):
            self.add_message()
        self.stdin = self.write_stdin("stdin.json")

    def environment(self, **extra: str) -> dict[str, str]:
        """A whole environment for a program that lives here; ``extra`` wins."""
        here = {"HOME": self.path, "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
        return here | {"TERM": "xterm-256color"} | extra

    def add_message(self) -> None:
        """Append one more answer to the session's transcript, as Claude Code does."""
        self._messages += 1
        with open(self.transcript, "a", encoding="utf-8") as file:
            file.write(_message(self._messages, time.time(), SESSION))

    def write_stdin(
        self, name: str, *, session: str = SESSION, five_hour_pct: int = 61, bytes_wanted: int = 0
    ) -> str:
        """Write what Claude Code sends, with paths and moments of here and now; return its path.

        ``bytes_wanted`` pads it with further directories to exactly that size.
        """
        with open(f"{DATA}/stdin-2.1.328.json", encoding="utf-8") as file:
            value = json.load(file)
        now = int(time.time())
        value["session_id"] = session
        value["transcript_path"] = self.transcript
        value["cwd"] = self.work
        value["workspace"] |= {"current_dir": self.work, "project_dir": self.work}
        value["rate_limits"] = {
            "five_hour": {"used_percentage": five_hour_pct, "resets_at": now + FIVE_HOUR_LEFT_S},
            "seven_day": {"used_percentage": 22, "resets_at": now + SEVEN_DAY_LEFT_S},
        }
        text = json.dumps(value, separators=(",", ":")) + "\n"
        if bytes_wanted:
            value["workspace"]["added_dirs"] = ["/" + "d" * (bytes_wanted - len(text) - 3)]
            text = json.dumps(value, separators=(",", ":")) + "\n"
        path = f"{self.path}/{name}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def share_history(self, parts: list[str]) -> None:
        """Let the old transcripts in ``parts`` be this home's too."""
        for part in parts:
            os.link(part, f"{self.projects}/{os.path.basename(part)}")


def _private(path: str) -> TextIO:
    return open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8")


def _login() -> dict[str, object]:
    return {
        "accessToken": "sk-ant-oat01-test-bench",
        "expiresAt": int((time.time() + 86400) * 1000),
        "scopes": ["user:inference", "user:profile"],
        "subscriptionType": "max",
        "rateLimitTier": "default_claude_max_5x",
    }


def _message(number: int, at_s: float, session: str) -> str:
    """Return one line of a transcript with the fields of a real one and a text of usual length."""
    with open(f"{DATA}/transcript-2.1.328.jsonl", encoding="utf-8") as file:
        value = json.loads(file.readline())
    moment = datetime.datetime.fromtimestamp(at_s, datetime.UTC)
    value["sessionId"] = session
    value["uuid"] = f"00000000-0000-4000-8000-{number:012x}"
    value["requestId"] = f"req_{session[:8]}_{number}"
    value["timestamp"] = moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    value["message"]["id"] = f"msg_{session[:8]}_{number}"
    value["message"]["content"][0]["text"] = "x" * TEXT_CHARS
    return json.dumps(value, separators=(",", ":")) + "\n"


def history(directory: str, total_bytes: int) -> list[str]:
    """Write transcripts of ``total_bytes`` together, spread over 30 days; return their paths.

    Each file's modification time is that of its last message, as tools that look for files of
    today expect; every tenth file is of the last hours.
    """
    os.makedirs(directory)
    paths = []
    now = time.time()
    count = max(1, total_bytes // PART_BYTES)
    for part in range(count):
        days_ago = 0.0 if part % 10 == 0 else 1 + 29 * part / count
        session = f"{part:08x}-0000-4000-8000-000000000000"
        end_s = now - days_ago * 86400 - 600
        line_bytes = len(_message(1, now, session))
        lines = total_bytes // count // line_bytes
        template = _message(123456789, 0.0, session)
        path = f"{directory}/{session}.jsonl"
        with open(path, "w", encoding="utf-8") as file:
            for line in range(lines):
                at_s = end_s - (lines - line)
                moment = datetime.datetime.fromtimestamp(at_s, datetime.UTC)
                stamp = moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
                text = template.replace("1970-01-01T00:00:00.000Z", stamp)
                file.write(text.replace("123456789", str(line)).replace("75bcd15", f"{line:07x}"))
        os.utime(path, (end_s, end_s))
        paths.append(path)
    return paths
