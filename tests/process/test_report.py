"""``doctor --report``: everything that helps to find a bug, and nothing that is anybody's."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support import canary
from tests.support.doctor import equip
from tests.support.profile import Profile
from tests.support.program import argv
from tests.support.server import UsageServer
from tests.support.stdin import run_fed

#: What a user has named or written. A login carries the mark of all tests, which no file of
#: these homes may hold but those it belongs in.
MARK = "privatZq9x"
CONFIG = f"""
tokens = true
width = 55
api = true
separator = " {MARK} "
user_agent = "agent-{MARK}"
show = "{MARK}"
sources = ["codex"]
{MARK} = 1
[accounts]
"~/.claude" = "{MARK}"
[format]
tmux = "{MARK} {{five_hour}}"
[notify]
enabled = true
via = []
command = ["/opt/{MARK}", "--password={MARK}"]
"""
#: In each of these somebody may have a secret, or a name.
VARIABLES = {
    "USER": f"user{MARK}",
    "LOGNAME": f"user{MARK}",
    "HOSTNAME": f"host{MARK}",
    "SSH_CONNECTION": f"{MARK} 22",
    "TERM": f"xterm-{MARK}",
    "TERM_PROGRAM": MARK,
    "COLORTERM": MARK,
    "TZ": MARK,
    "ANTHROPIC_API_KEY": canary.key("report"),
    "HTTPS_PROXY": f"http://{MARK}:{MARK}@proxy.{MARK}.example:3128",
    "REQUESTS_CA_BUNDLE": f"/etc/{MARK}.pem",
    "STARSHIP_CONFIG": f"/srv/{MARK}/starship.toml",
}
#: Members of usage.json that hold what others have sent.
SENT: dict[str, Any] = {
    "detail": f"no access for ada@{MARK}.example",
    "plan": MARK,
    "claude_version": f"2.1.328-{MARK}",
    "unknown_keys": [MARK, "velvet_moon"],
    "errors": {MARK: 2, "server_error": 3},
    "dropped": {MARK: 1},
}


def fill(profile: Profile) -> Path:
    """Put a secret into everything that the report may read; the project it is asked from."""
    home = profile.home
    account = {"organizationUuid": MARK, "projects": {f"/home/{MARK}/work": {"history": [MARK]}}}
    profile.write_claude_json(f"uuid-{MARK}", **account)
    profile.configure(CONFIG)
    session = {"session_id": MARK, "cwd": f"/{MARK}", "version": "2.1.328", "model": {"id": MARK}}
    run_fed(argv("claude"), env=profile.environment, input=json.dumps(session), check=True)
    assert profile.wait_until_quiet()
    path = profile.directory / "usage.json"
    document = profile.usage()
    document["windows"][f"weekly:{MARK}"] = document["windows"]["seven_day"] | {"label": MARK}
    document["pools"] = {MARK: {"utilization_pct": 99.0, "observed_at": document["written_at"]}}
    path.write_text(json.dumps(document | SENT))
    transcripts = home / ".claude" / "projects" / f"-home-{MARK}"
    transcripts.mkdir(parents=True)
    (transcripts / f"{MARK}.jsonl").symlink_to("nowhere.jsonl")
    (home / ".bashrc").write_text(
        f"# >>> statusline bash >>>\n. /srv/{MARK}/hooks/prompt.bash\n# <<< statusline bash <<<\n"
    )
    project = home / f"project-{MARK}"
    (project / ".claude").mkdir(parents=True)
    line = {"statusLine": {"type": "command", "command": f"curl -H {MARK}"}}
    (project / ".claude" / "settings.json").write_text(json.dumps(line))
    return project


@pytest.fixture
def marked(tmp_path: Path, server: UsageServer) -> Profile:
    """A profile whose home, user and network carry the mark, with everything installed."""
    made = Profile(tmp_path / f"home-{MARK}", server.url)
    equip(made)
    assert made.run("refresh").returncode == 0
    assert made.run("install", "claude", "tmux", "--yes").returncode == 0
    return made


def on_another_host() -> tuple[str, ...]:
    """What gives a program another host name, where that can be had."""
    named = ("unshare", "--uts", "sh", "-c", f'hostname host-{MARK} && exec "$@"', "sh")
    try:
        can = subprocess.run([*named, "true"], stderr=subprocess.DEVNULL, check=False)
    except OSError:
        return ()
    return named if can.returncode == 0 else ()


def test_a_report_holds_nothing_that_is_anybodys(marked: Profile) -> None:
    """A token, an address or the name of a customer's project would stand in a public issue."""
    project = fill(marked)
    marked.environment |= VARIABLES
    done = marked.run("doctor", "--report", through=(*on_another_host(), "env", "-C", str(project)))
    assert (done.returncode, done.stderr) == (0, "")
    assert canary.shown(done.stdout.encode()) == ""
    assert MARK.casefold() not in done.stdout.casefold()
    assert "example" not in done.stdout  # of an address, or of the proxy
    assert str(marked.home) not in done.stdout
    for useful in (
        *("width = 55", "tokens = true", 'sources = ["codex"]'),
        *("format.tmux is set", "notify.command is set"),
        *("line 7: a mistake in show", "a mistake in an unknown key", "velvet_moon"),
        *("server_error 3x", "Claude Code 2.1.328", "TERM another", "over SSH", "HTTPS_PROXY"),
        *("fail  certificates", "shown by    claude, in ~/.claude/settings.json"),
    ):
        assert useful in done.stdout, done.stdout


def test_a_report_names_no_program_for_its_directory(tmp_path: Path, server: UsageServer) -> None:
    """It said "Claude Code" among the programs where only ~/.claude was there."""
    profile = Profile(tmp_path, server.url)
    equip(profile)
    done = profile.run("doctor", "--report")
    (line,) = [each for each in done.stdout.splitlines() if each.startswith("programs")]
    assert line.endswith("Claude Code's directory")


def test_a_report_is_ready_to_be_pasted(marked: Profile) -> None:
    """Escapes and backticks in it would break the block; a reader wants to know what is missing."""
    done = marked.run("--color", "always", "doctor", "--report")
    lines = done.stdout.splitlines()
    assert (done.returncode, lines[0], lines.count("```")) == (0, "```text", 1)
    assert done.stdout.count("`") == 6
    assert "\x1b" not in done.stdout
    assert lines[-1].startswith("Left out on purpose: tokens, ")
    assert any(line.startswith("state       ok, HTTP 200, asked ") for line in lines)
    assert any(line.startswith("login       file, found, may ask for usage") for line in lines)
