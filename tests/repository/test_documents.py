"""The pages of the repository name what exists: variables, files, links, options, keys."""

from __future__ import annotations

import re

import pytest

from statusline import entry
from statusline.refresh import api
from statusline.segment.escaping import escape
from statusline.settings.format import compile_format
from statusline.settings.keys import KEYS
from statusline.settings.load import compile_text
from statusline.settings.placeholders import PLACEHOLDERS
from statusline.status_bars.formats import FORMATS
from statusline.surfaces import SURFACES
from statusline.usage.messages import STATES
from tests.repository.test_readme import OPTIONS
from tests.support.documents import FILES, ROOT, TEXTS

ALL = "\n".join(TEXTS.values())
#: Options of other programs, and of our scripts: each with the text that offers it.
OTHER_OPTIONS = {
    "--collector": None,  # node_exporter
    "--offline": None,  # ccusage
    "--continue": None,  # Claude Code
    "--fork-session": None,
    "--resume": None,
    "--plugin-dir": None,
    "--help": None,
    "--user": None,  # systemctl
    "--background": "statusline/entry.py",
    "--include": None,  # grep
    "--strict": None,  # twine
    "--reinstall": None,  # uv
    "--uninstall": "install.sh",
    "--purge": "install.sh",
    "--prefix": "install.sh",
    "--add": None,  # SketchyBar
    "--set": None,
    "--full": "tests/run",
    "--no-system": "tests/run",
    "--venv": "tests/run",
    "--index": "tools/packaging/main.py",
    "--lock": "tools/packaging/main.py",
    "--sdist": "tools/packaging/main.py",
    "--to": "tools/packaging/main.py",
    "--shuffle": "tests/run",
    "--report": "tests/run",
    "--canary": "tests/run",
    "--coverage": "tests/run",
    "--write": "tools/bench/forecast.py",
}
_VARIABLE = re.compile(r"\b(?:STATUSLINE|CLAUDE|XDG|ANTHROPIC)_[A-Z_]*[A-Z]\b")
#: Constants of the code that look like variables, and what Claude Code alone reads.
_NO_VARIABLES = {"CLAUDE_COLUMNS", "CLAUDE_FORMAT", "CLAUDE_MARGIN"}
_NOT_OURS = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
    "CLAUDE_CODE_SESSION_ID",
    "CLAUDE_PROJECT_DIR",
}


def sources() -> str:
    """All code that reads the environment."""
    files = [*(ROOT / "statusline").rglob("*.py"), *(ROOT / "hooks").rglob("*.*")]
    return "\n".join(path.read_text("utf-8") for path in files)


def test_every_variable_is_documented_and_no_other() -> None:
    """docs/ named a dozen variables of the program nowhere."""
    read = set(_VARIABLE.findall(sources())) - _NO_VARIABLES
    assert read - set(_VARIABLE.findall(ALL)) == set()
    assert set(_VARIABLE.findall(ALL)) - read - _NOT_OURS == set()


def test_every_option_that_is_named_exists() -> None:
    """An option that was renamed would stay in the text; a block's commands alone were checked."""
    known = {option for _verb, option in OPTIONS}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", ALL)) - known
    assert named <= set(OTHER_OPTIONS)
    for option, script in OTHER_OPTIONS.items():
        assert script is None or option in (ROOT / script).read_text("utf-8")


@pytest.mark.parametrize("name", FILES)
def test_every_link_leads_somewhere(name: str) -> None:
    """A document or picture that was moved would leave a dead link, or a link to no heading."""
    folder = FILES[name].parent
    for target in re.findall(r"\]\(([^)\s]+)\)", TEXTS[name]):
        if "://" in target:
            continue
        file, _hash, heading = target.partition("#")
        path = folder / file if file else folder / name
        assert path.exists(), target
        if heading:
            found = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in found}


def test_every_file_of_the_code_that_is_named_exists() -> None:
    """architecture.md would go on to name a module that was renamed."""
    roots = [ROOT, ROOT / "statusline", ROOT / "docs", *(ROOT / "statusline").glob("*/")]
    for name in re.findall(r"`([\w./-]+\.(?:py|sh|bash|zsh))`", ALL):
        if not name.startswith("format."):  # a key, not a file
            assert any((root / name).exists() for root in roots), name


def test_every_placeholder_that_is_named_exists() -> None:
    """A placeholder in running text was checked by nobody."""
    of_others = {"name", "custom", "command_claude"}  # kitty's, and zjstatus'
    named = set(re.findall(r"`\{([a-z_]+(?:\.[a-z_]+){0,2})\}`", ALL)) - of_others
    assert named == {*PLACEHOLDERS, "sep"}


def test_every_key_that_is_named_exists() -> None:
    """Four places said `old_after`, which is `old_after_s`."""
    tables = {key.partition(".")[0] for key in KEYS if "." in key}
    dotted = re.findall(rf"`((?:{'|'.join(tables)})\.(?!py`)[a-z_]+)`", ALL)
    assigned = re.findall(r"`([a-z_]+) = [^`]+`", ALL)
    of_file = re.findall(r"`([a-z_]+)` (?:of|in) `config\.toml`", ALL)
    assert dotted
    assert of_file
    names = {key.rpartition(".")[2] for key in KEYS}
    assert set(dotted) <= set(KEYS)
    assert {*assigned, *of_file} <= names
    blocks = re.findall(r"```toml\n(.*?)```", ALL, re.DOTALL)
    others = ("[custom.claude]", "[[block]]")  # starship's, i3status-rust's
    ours = [block for block in blocks if not block.startswith(others)]
    assert ours
    assert not any(compile_text(block).problems for block in ours)


@pytest.mark.parametrize("icon", ["\ue0b0", "\uf8ff", "\U000f0001", "\U000ffffd", "\U0010fffd"])
def test_icons_of_patched_fonts_are_allowed(icon: str) -> None:
    """docs/config.md said that they are refused; from U+F0000 on they were."""
    assert compile_format(f"{icon} {{five_hour}}")
    assert not compile_text(f'separator = " {icon} "').problems
    for surface in SURFACES.values():
        assert escape(icon, surface) == icon


def test_the_page_of_the_network_names_every_request_and_whose_name_it_bears() -> None:
    """It said "nothing else, to nobody else" while `credentials --online` asks for the profile."""
    section = TEXTS["network.md"]
    for path in (api.USAGE_PATH, api.PROFILE_PATH):
        assert path in section
    agent = api.DEFAULT_USER_AGENT.partition("/")[0]
    assert f"User-Agent: {agent}/" in section


@pytest.mark.parametrize("state", [state for state, (label, *_rest) in STATES.items() if label])
def test_every_word_of_a_segment_is_explained(state: str) -> None:
    """README explained eight of the words that a segment may say, of more than twenty."""
    label, sentence, fix = STATES[state]
    assert f"| `{label}` | {sentence} | {fix} |" in TEXTS["troubleshooting.md"]


def test_the_front_page_is_short() -> None:
    """It had grown to 340 lines, with eleven pictures."""
    assert TEXTS["README.md"].count("\n") <= 120
    assert TEXTS["README.md"].count("![") <= 3


def test_every_place_that_shows_the_segment_is_known_where_it_has_to_be() -> None:
    """CONTRIBUTING says that a forgotten place fails a test; of these none was looked at."""
    assert set(entry.NAMES) == set(SURFACES)
    for name in {*SURFACES, *FORMATS}:
        assert re.search(rf"(?<![\w-]){name}(?![\w-])", TEXTS["surfaces.md"])
