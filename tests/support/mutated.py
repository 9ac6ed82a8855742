"""Seeds for the fuzzing, and how one input becomes another; all of it by a seeded `Random`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from typing import Any

from statusline.settings.keys import KEYS
from statusline.settings.presets import PRESETS
from statusline.usage import agent_quota
from statusline.usage.snapshot import Snapshot

from . import canary, fuzzed, fuzzed_history
from .antigravity import antigravity
from .fuzzed_place import NOW

_DATA = Path(__file__).parents[1] / "data"
#: Where each target's crashes are kept once they are mended: one file each, its bytes the input.
CRASHES = _DATA / "crashes"
_LONGEST = 1 << 16
_NUMBERS = (0, -1, 1, 100, 101, 1e308, -1e308, 1e-320, 2**31, 2**53 + 1, 2**63, 2**64, -(2**63))
_TEXTS = (
    *("", "0", "NaN", "2026-11-20T15:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"),
    *("\u202e\u200b", "\x1b]0;x\x07", "$(id)`id`", "#(id)#[fg=red]", "%F{red}", "a\nb\r\t\x00"),
    *("\ud800", "e" + "\u0301" * 99, "\U0001f468\u200d\U0001f469", "漢" * 99, "x" * 5000),
)
_TOKENS = (
    *(
        b"null",
        b"true",
        b"NaN",
        b"Infinity",
        b"-0",
        b"1e999",
        b"9" * 400,
        b"[" * 3000,
        b"{}",
        b"[]",
    ),
    *(
        b'""',
        b'"\\ud800"',
        b"\xff",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\x00",
        b"\n",
        b"\r\n",
        b"'''",
    ),
    *(b"{sep}", b"{{", b"}}", b"[[", b"]", b"{five_hour.bar}", b"#", b"=", b".", b"-1", b"inf"),
)


def seeds(target: str) -> list[bytes]:
    """Sound inputs of a target, made of recorded ones."""
    now = int(NOW)
    made: dict[str, list[bytes]] = {
        "cache": [_dumped(_snapshot())],
        "stdin": [path.read_bytes() for path in sorted(_DATA.glob("stdin-*.json"))],
        "api_body": [path.read_bytes() for path in sorted(_DATA.glob("usage-*.json"))],
        "login": [_dumped(_login())],
        "claude_json": [_dumped(_claude_json())],
        "config": [_config(), *map(_preset, PRESETS)],
        "transcript": [(_DATA / "transcript-2.1.328.jsonl").read_bytes()],
        "quota": [_dumped(antigravity(NOW)), *_quota_messages()],
        "rollout": [path.read_bytes() for path in sorted(_DATA.glob("codex/*.jsonl"))],
        "history_rows": [_dumped([[1, 61.0, now + 60, now - 10_000, now - 1000]])],
        "history_file": [fuzzed_history.empty_history()],
    }
    return made[target]


def _quota_messages() -> list[bytes]:
    message = agent_quota.take_stdin(Snapshot(), antigravity(NOW), NOW)
    return [message, *(path.read_bytes() for path in sorted(_DATA.glob("foreign/*.json")))]


def _dumped(value: object) -> bytes:
    return json.dumps(value).encode()


def _snapshot() -> dict[str, object]:
    body = json.loads((_DATA / "usage-2026-09-29.json").read_text())
    snapshot = fuzzed.taken(body)
    return snapshot.to_json()


def _login() -> dict[str, object]:
    login = {
        "accessToken": canary.token("fuzz"),
        "refreshToken": canary.refresh_token("fuzz"),
        "expiresAt": int(NOW + 28_800) * 1000,
        "scopes": ["user:inference", "user:profile"],
        "subscriptionType": "max",
        "rateLimitTier": "default_claude_max_5x",
    }
    return {"claudeAiOauth": login}


def _claude_json() -> dict[str, object]:
    body = json.loads((_DATA / "usage-2026-09-29.json").read_text())
    who = {"accountUuid": "1", "organizationUuid": "2", "emailAddress": canary.email("fuzz")}
    cached = {"fetchedAtMs": (NOW - 60) * 1000, "accountUuid": "1", "utilization": body}
    return {"numStartups": 3, "oauthAccount": who, "cachedUsageUtilization": cached}


def _preset(name: str) -> bytes:
    rows = (f"{key} = {_toml(value)}" for key, value in PRESETS[name].items())
    return "\n".join(rows).encode()


def _config() -> bytes:
    return "\n".join(f"{key} = {_toml(KEYS[key].default)}" for key in KEYS).encode()


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + "}"
    return json.dumps(value if not isinstance(value, tuple) else list(value))


def mutate(data: bytes, random: Random) -> bytes:
    """Another input near `data`: what JSON means is changed, or bytes are; up to 64 kB."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        changed = _mutated_json(data, random) if random.random() < 0.7 else None
        data = changed if changed is not None else _mutated_bytes(data, random)
        if len(data) > _LONGEST:
            break
    return data[:_LONGEST]


def _mutated_json(data: bytes, random: Random) -> bytes | None:
    """With one value, key or item of the JSON changed; of many lines, in one. None for no JSON."""
    lines = data.split(b"\n")
    number = random.randrange(len(lines)) if data[:1] == b"{" and len(lines) > 1 else None
    try:
        document = json.loads(data if number is None else lines[number])
    except (ValueError, RecursionError):
        return None
    changed = _dumped(_changed(document, random))
    if number is None:
        return changed
    lines[number] = changed
    return b"\n".join(lines)


def _changed(value: Any, random: Random) -> Any:
    """Go down a random way, and put something else where it ends."""
    if not isinstance(value, dict | list) or not value or random.random() < 0.15:
        return _other(value, random)
    place = random.choice(list(value)) if isinstance(value, dict) else random.randrange(len(value))
    chance = random.random()
    if chance < 0.08:
        del value[place]
    elif chance < 0.12 and isinstance(value, list):
        value *= random.choice((2, 50))
    elif chance < 0.16 and isinstance(value, dict):
        value[random.choice(_TEXTS)] = value.pop(place)
    else:
        value[place] = _changed(value[place], random)
    return value


def _other(value: Any, random: Random) -> Any:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else 1
    return random.choice(
        (
            *(None, True, False, [], {}, [value], {"a": value}, [[[value]]], str(value)[:999]),
            *(random.choice(_NUMBERS), random.choice(_NUMBERS), random.choice(_TEXTS)),
            *(random.choice(_TEXTS), random.randrange(-200, 200), random.random() * 120),
            *(float("nan"), float("inf"), 10**400 if random.random() < 0.1 else 10**30),
            *(number + random.choice((-1, 1, 0.5, 86400, -86400)) if abs(number) < 1e300 else 0,),
        )
    )


def _mutated_bytes(data: bytes, random: Random) -> bytes:
    at, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
    end = min(end, at + random.choice((1, 4, 16, 200, 5000)))
    piece = data[at:end]
    kind = random.randrange(7)
    if kind == 0:
        return data[:at] + data[end:]
    if kind == 1:
        return data[:at] + piece * random.choice((2, 3, 40)) + data[end:]
    if kind == 2:
        return data[:at] + random.choice(_TOKENS) + data[at:]
    if kind == 3:
        return data[:at] + random.choice(_TOKENS) + data[end:]
    if kind == 4:
        return data[:at] + bytes(random.randrange(256) for _ in range(end - at)) + data[end:]
    if kind == 5:
        numbers = [*re.finditer(rb"\d+", data)]
        if numbers:
            found = random.choice(numbers)
            number = str(random.choice(_NUMBERS)).encode()
            return data[: found.start()] + number + data[found.end() :]
    lines = data.split(b"\n")
    random.shuffle(lines)
    return b"\n".join(lines)
