"""usage.json keeps to its schema, and the schema, the document and the program name the same."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from statusline.agents import AGENTS
from statusline.refresh.refresher import refresh
from statusline.system import clock
from statusline.system.environ import Environment
from statusline.usage.messages import STATES
from statusline.usage.observation import SOURCES
from statusline.usage.snapshot import Snapshot
from tests.support import program
from tests.support.bodies import AT_THE_CAP, ENTERPRISE, FREE, NOW_S, OUT_OF_CREDITS
from tests.support.canary import token
from tests.support.server import Answer, UsageServer, usage_answer

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests/data"
SCHEMA = json.loads((program.package() / "schema/usage.schema.json").read_text("utf-8"))
DOCUMENT = (ROOT / "docs/usage.json.md").read_text("utf-8")
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

#: When each real body was true (docs/claude-code.md 8): a while before its first reset.
BODIES = {
    "usage-2026-01-20.json": "2026-01-20T06:00:00+00:00",
    "usage-2026-03-19.json": "2026-03-19T16:00:00+00:00",
    "usage-2026-07-03.json": "2026-07-03T12:00:00+00:00",
    "usage-2026-09-29.json": "2026-09-29T13:32:52+00:00",
}
ERRORS = {
    "unauthorized": Answer(401, b'{"type":"error","error":{"type":"authentication_error"}}'),
    "scope": Answer(403, b'{"error":{"message":"scope requirement user:profile"}}'),
    "rate_limited": Answer(429, b"{}", headers=[("Retry-After", "300")]),
    "server_error": Answer(500, b"{}"),
    "malformed": Answer(200, b"[]"),
    "unreachable": Answer(silent=True),
}
Usage = dict[str, Any]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home with a login; afterwards the clock is the machine's again."""
    write_login(tmp_path)
    yield tmp_path
    clock.use(None)


def write_login(home: Path, **more: object) -> None:
    """Write credentials with a made-up token."""
    login = {"accessToken": token("schema"), "scopes": ["user:profile"], **more}
    path = home / ".claude/.credentials.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"claudeAiOauth": login}), "utf-8")
    path.chmod(0o600)


def refreshed(home: Path, url: str, message: bytes = b"") -> Usage:
    """Run the real refresher and return the usage.json that it wrote."""
    # PATH leads nowhere: not to the Keychain of whoever runs this on a Mac either.
    env = Environment({"HOME": str(home), "PATH": str(home), "STATUSLINE_API_URL": url})
    refresh(env, message=message)
    written: Usage = json.loads(Path(f"{env.profile_dir}/usage.json").read_text("utf-8"))
    return written


def example() -> Usage:
    """Return the document's example."""
    found = re.search(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found is not None
    shown: Usage = json.loads(found[1])
    return shown


def test_the_schema_is_a_schema() -> None:
    """The schema itself keeps to JSON Schema, draft 2020-12."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", BODIES)
def test_what_is_written_for_a_real_body_is_valid(home: Path, name: str) -> None:
    """The refresher's usage.json for a body that was really seen keeps to the schema."""
    moment_s = datetime.datetime.fromisoformat(BODIES[name]).timestamp()
    clock.use(lambda: moment_s)
    with UsageServer([Answer(body=(DATA / name).read_bytes())]) as server:
        usage = refreshed(home, server.url)
    VALIDATOR.validate(usage)
    assert usage["state"] == "ok"
    assert {"five_hour", "seven_day"} <= usage["windows"].keys()


@pytest.mark.parametrize("body", [ENTERPRISE, AT_THE_CAP, OUT_OF_CREDITS, FREE])
def test_what_is_written_for_money_and_pools_is_valid(home: Path, body: Usage) -> None:
    """Shares, pools and absent windows keep to the schema, as they come from the API."""
    clock.use(lambda: NOW_S)
    with UsageServer([Answer(body=json.dumps(body).encode())]) as server:
        usage = refreshed(home, server.url)
    VALIDATOR.validate(usage)
    assert usage["state"] == "ok"
    assert usage["pools"].keys() == ({"cinder_cove"} if body is ENTERPRISE else set())
    absent = [name for name in ("five_hour", "seven_day") if body[name] is None]
    assert usage["absent"] == absent


@pytest.mark.parametrize("state", ERRORS)
def test_what_is_written_after_an_error_is_valid(home: Path, state: str) -> None:
    """An answer that is an error leaves a usage.json that keeps to the schema and names it."""
    with UsageServer([ERRORS[state]]) as server:
        usage = refreshed(home, server.url)
    VALIDATOR.validate(usage)
    assert usage["state"] == state


def test_what_is_written_without_a_login_is_valid(tmp_path: Path) -> None:
    """Nobody signed in: nothing is asked, and usage.json keeps to the schema."""
    usage = refreshed(tmp_path, "http://127.0.0.1:9")
    VALIDATOR.validate(usage)
    assert usage["state"] == "missing"


def test_what_stdin_told_is_valid(home: Path) -> None:
    """The last words of a session stand in usage.json as the schema has them."""
    reset = int(clock.now()) // 60 * 60 + 3600
    limits = f'"limits":{{"five_hour":[12.5,{reset}]}}'
    told = f'"said_at":{clock.now()},{limits},"counters":[1500,null]'
    message = f'{{"session":"a-session","version":"2.1.328",{told}}}'
    with UsageServer([usage_answer()]) as server:
        usage = refreshed(home, server.url, message.encode())
    VALIDATOR.validate(usage)
    assert [heard[1:] for heard in usage["sessions"].values()] == [[1500, None]]
    assert usage["told"]["five_hour"][str(reset)] == 12.5


def test_what_show_prints_before_anything_is_known_is_valid() -> None:
    """The document of a fresh installation keeps to the schema."""
    VALIDATOR.validate(Snapshot().to_json())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), 2),
        (("schema",), "1"),
        (("written_at",), "2026-07-03T12:00:00Z"),
        (("written_at",), -1),
        (("state",), ""),
        (("state",), None),
        (("http_status",), "200"),
        (("plan",), "x" * 25),
        (("plan",), "Max\x1b[31m"),
        (("windows",), []),
        (("windows", "five_hour"), None),
        (("windows", "five_hour"), {}),
        (("windows", "five_hour", "utilization_pct"), "61"),
        (("windows", "five_hour", "utilization_pct"), None),
        (("windows", "five_hour", "utilization_pct"), 1000.5),
        (("windows", "five_hour", "resets_at"), 1783090800000),
        (("windows", "five_hour", "label"), ""),
        (("windows", "five_hour", "source"), "rumour"),
        (("windows", "\x07"), {}),
        (("spend",), {}),
        (("spend", "currency"), "usd"),
        (("spend", "exponent"), 5),
        (("spend", "used_minor"), -1),
        (("sessions", "a"), {"five_hour": [1, 2]}),
        (("sessions", "a"), [1, 2]),
        (("told", "five_hour"), {"soon": 5}),
        (("login",), "home"),
        (("spend", "reached"), None),
        (("spend", "utilization_pct"), 1000.5),
        (("pools",), []),
        (("pools", "cinder_cove", "used_dollars"), -1),
        (("pools", "cinder_cove"), {}),
        (("forecasts",), None),
        (("forecasts", "five_hour"), {}),
        (("forecasts", "five_hour", "resets_at"), None),
        (("forecasts", "five_hour", "pace"), -0.1),
        (("forecasts", "five_hour", "projected_pct"), None),
        (("forecasts", "five_hour", "full_at"), 0),
        (("sources",), None),
        (("sources", "codex", "five_hour"), {}),
        (("sources", "codex", "five_hour", "source"), "api"),
        (("sources", "codex", "."), {}),
        (("tokens",), None),
        (("tokens", "today"), {}),
        (("tokens", "block", "tokens"), 0.5),
        (("tokens", "block", "cost_usd"), -1),
        (("absent",), ["x" * 41]),
        (("dropped", "api"), -1),
        (("unknown_keys",), [1]),
    ],
    ids=str,
)
def test_a_broken_document_is_not_valid(path: tuple[str, ...], value: object) -> None:
    """The schema finds one wrong value in a document that is right but for that."""
    usage = example()
    place = usage
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    assert not VALIDATOR.is_valid(usage)


@pytest.mark.parametrize("name", SCHEMA["properties"])
def test_a_document_with_a_field_missing_is_not_valid(name: str) -> None:
    """Each field of schema 1 is always there."""
    usage = example()
    del usage[name]
    assert not VALIDATOR.is_valid(usage)


def test_fields_of_a_later_version_are_valid() -> None:
    """A later version may add fields to the document, to windows and to the spend."""
    usage = example()
    places = [usage[name]["five_hour"] for name in ("windows", "forecasts")]
    places += [
        usage["sources"]["codex"]["five_hour"],
        usage["tokens"]["today"],
        usage["pools"]["cinder_cove"],
    ]
    for place in (usage, *places, usage["spend"]):
        place["added_later"] = [1]
    VALIDATOR.validate(usage)


def test_the_documented_example_is_what_the_program_writes() -> None:
    """The example is valid, and the program reads and writes it without any loss."""
    usage = example()
    VALIDATOR.validate(usage)
    known = Snapshot.from_json(usage)
    assert known is not None
    assert known.to_json() == usage


def test_document_and_schema_name_the_same_fields() -> None:
    """Every field of the schema is explained in the document, and no other."""
    documented = set(re.findall(r"^\| `([a-z_.*]+)` \| \w[\w ]* \|", DOCUMENT, re.MULTILINE))
    window, spend = SCHEMA["$defs"]["window"], SCHEMA["$defs"]["spend"]
    described = {
        *SCHEMA["properties"],
        *(f"windows.*.{name}" for name in window["properties"]),
        *(f"spend.{name}" for name in spend["properties"]),
        *(f"forecasts.*.{name}" for name in SCHEMA["$defs"]["forecast"]["properties"]),
        *(f"tokens.*.{name}" for name in SCHEMA["$defs"]["token_count"]["properties"]),
        *(f"sources.*.*.{name}" for name in SCHEMA["$defs"]["agent_window"]["properties"]),
        *(f"pools.*.{name}" for name in SCHEMA["$defs"]["pool"]["properties"]),
    }
    assert documented == described


def test_every_field_that_is_written_is_required() -> None:
    """Schema and program agree on the fields of the document, of a window and of the spend."""
    usage = example()
    pairs = [
        (SCHEMA, usage),
        (SCHEMA["$defs"]["window"], usage["windows"]["five_hour"]),
        (SCHEMA["$defs"]["spend"], usage["spend"]),
        (SCHEMA["$defs"]["pool"], usage["pools"]["cinder_cove"]),
        (SCHEMA["$defs"]["forecast"], usage["forecasts"]["five_hour"]),
        (SCHEMA["$defs"]["agent_window"], usage["sources"]["codex"]["five_hour"]),
        (SCHEMA["$defs"]["token_count"], usage["tokens"]["today"]),
    ]
    for schema, written in pairs:
        assert set(schema["required"]) == set(schema["properties"]) == set(written)


def test_document_and_program_name_the_same_states() -> None:
    """Every state that the program knows is in the document with its sentence, and no other."""
    rows = re.findall(r"^\| `([a-z_]+)` \| ([^|]+\.) \|$", DOCUMENT, re.MULTILINE)
    assert dict(rows) == {code: sentence for code, (_word, sentence, _fix) in STATES.items()}


def test_schema_and_program_name_the_same_sources() -> None:
    """The sources of a number are the same in the schema and in the program."""
    source = SCHEMA["$defs"]["window"]["properties"]["source"]
    assert source["enum"] == list(SOURCES)
    agent = SCHEMA["$defs"]["agent_window"]["properties"]["source"]
    assert agent["enum"] == list(AGENTS)
