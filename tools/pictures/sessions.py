"""A made-up week of sessions, as Claude Code's transcripts have them."""

from __future__ import annotations

import datetime
import json
import random
from pathlib import Path

DAYS = 7
_MODELS = ("claude-opus-5-5",) * 6 + ("claude-sonnet-5-5",) * 3 + ("claude-haiku-5-5",) * 3
_PROJECTS = ("project", "src/website", "src/billing")
#: Answers of each day, the last one until ten in the morning.
_ANSWERS = (140, 260, 90, 310, 205, 30, 80)


def write(home: Path, now: float) -> None:
    """Write the transcripts of a week that ends `now` (epoch s, ten in the morning)."""
    chance = random.Random(5)
    number = 0
    for day, count in enumerate(_ANSWERS):
        begin = now - (DAYS - 1 - day) * 86400 - 3600
        for project in _PROJECTS:
            cwd = str(home / project)
            slug = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in cwd)
            path = home / ".claude" / "projects" / slug / f"{day}-{project[-4:]}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w") as file:
                for _ in range(int(count * chance.choice((0.3, 0.6, 1.0)))):
                    number += 1
                    at = begin + chance.random() * (3000 if day == DAYS - 1 else 30_000)
                    file.write(_line(number, at, cwd, chance))


def _line(number: int, at: float, cwd: str, chance: random.Random) -> str:
    written = int(chance.lognormvariate(7.5, 1))
    usage = {
        "input_tokens": chance.randint(1, 900),
        "output_tokens": int(chance.lognormvariate(6, 1)),
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": chance.randint(8000, 90_000),
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": written},
    }
    message = {"id": f"msg_{number}", "model": chance.choice(_MODELS), "usage": usage}
    moment = datetime.datetime.fromtimestamp(at, datetime.UTC)
    line = {
        "type": "assistant",
        "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "sessionId": "made-up",
        "requestRef": f"req_{number}",
        "cwd": cwd,
        "message": message,
    }
    return json.dumps(line) + "\n"
