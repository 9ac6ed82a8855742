"""The plugin's files against the program: version, manifests, and the commands that they run."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest

import statusline
from statusline.surfaces import SURFACES
from tests.repository.test_readme import VERBS
from tests.support.documents import ROOT

PLUGIN = ROOT / "extras" / "plugin"
MARKETPLACE = ROOT / ".claude-plugin" / "marketplace.json"
MANIFEST = PLUGIN / ".claude-plugin" / "plugin.json"
MODULE = PLUGIN / "hooks" / "usage.js"
COMMANDS = sorted((PLUGIN / "commands").glob("*.md"))


def document(path: Any) -> dict[str, Any]:
    """A JSON object out of a file."""
    found = json.loads(path.read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def commands() -> list[str]:
    """Every command that the plugin's files and its module run."""
    found = []
    for path in COMMANDS:
        found += re.findall(r"^!`([^`]+)`$", path.read_text("utf-8"), re.MULTILINE)
    for words in re.findall(r"\$\.process\.run\(\[([^\]]+)\]", MODULE.read_text("utf-8")):
        found.append(shlex.join(re.findall(r"'([^']+)'", words)))
    return found


def test_the_plugin_is_of_the_programs_version() -> None:
    """Claude Code keeps a plugin by its version: with an old one, nobody would get the new."""
    assert document(MANIFEST)["version"] == statusline.__version__


def test_the_marketplace_offers_the_plugin() -> None:
    """A source that is not there, or another name, is an install that fails at the user's."""
    (offered,) = document(MARKETPLACE)["plugins"]
    assert (ROOT / offered["source"]).resolve() == PLUGIN
    assert offered["name"] == document(MANIFEST)["name"] == "statusline"
    for module in document(PLUGIN / "hooks" / "hooks.json")["modules"]:
        assert (PLUGIN / "hooks" / module).is_file()


def test_the_plugin_reaches_no_host() -> None:
    """Neither by its manifest nor in its module, which asks through the program alone."""
    assert document(MANIFEST)["network"] == {"hosts": []}
    assert "http" not in MODULE.read_text("utf-8")


@pytest.mark.parametrize("line", commands())
def test_every_command_of_the_plugin_exists(line: str) -> None:
    """A verb that was renamed would leave a command that fails in a session alone."""
    program, *words = shlex.split(line)
    assert program == "statusline"
    if len(words) == 1 and words[0] in SURFACES:
        return
    verb = next(each for each in VERBS if each.words == f"statusline {words[0]}")
    for word in words[1:]:
        assert word in (verb.options if word.startswith("--") else SURFACES)


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_a_command_may_run_what_it_runs_and_nothing_else(path: Any) -> None:
    """A command that is not allowed asks the user, or ends the whole with an error."""
    text = path.read_text("utf-8")
    allowed = re.search(r"^allowed-tools: (.*)$", text, re.MULTILINE)
    assert allowed is not None
    run = re.findall(r"^!`([^`]+)`$", text, re.MULTILINE)
    assert re.findall(r"Bash\(([^)]+)\)", allowed[1]) == run
    assert "disable-model-invocation: true" in text
    assert f"statusline:{path.stem}" in MODULE.read_text("utf-8")
