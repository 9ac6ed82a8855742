"""The environment, read once: whatever it holds, a path is absolute or there is none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusline.system.environ import Environment, current
from tests.support.canary import token

HOME = "/home/u"
TOKEN = token("environ")


def env(**values: str) -> Environment:
    """An environment with a home and these variables."""
    return Environment({"HOME": HOME, **values})


@pytest.mark.parametrize(
    "home",
    [
        pytest.param(None, id="H01-unset"),
        pytest.param("", id="H01-empty"),
        pytest.param("home/u", id="H01-relative"),
        pytest.param(".", id="H01-dot"),
    ],
)
def test_without_an_absolute_home_there_is_no_path(home: str | None) -> None:
    """H01, H03: no cache, no login, no configuration; above all nothing in /.cache or /tmp."""
    alone = Environment({} if home is None else {"HOME": home})
    assert alone.home is None
    assert alone.claude_dir is None
    assert alone.cache_root is None
    assert alone.profile_dir is None
    assert alone.config_path is None


def test_the_paths_of_a_plain_home() -> None:
    """The cache is below .cache, the login below .claude, the configuration below .config."""
    plain = env()
    assert plain.claude_dir == f"{HOME}/.claude"
    assert plain.cache_root == f"{HOME}/.cache/statusline"
    assert plain.config_path == f"{HOME}/.config/statusline/config.toml"
    assert (plain.profile_dir or "").rpartition("/")[0] == plain.cache_root


@pytest.mark.parametrize("value", ["", "cache", "./cache", "../cache", "~/cache"])
@pytest.mark.parametrize(
    "name", ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "STATUSLINE_CACHE_DIR", "STATUSLINE_CONFIG"]
)
def test_a_relative_or_empty_path_is_no_path(name: str, value: str) -> None:
    """H02: a path that depends on the working directory is passed over."""
    assert env(**{name: value}).cache_root == env().cache_root
    assert env(**{name: value}).config_path == env().config_path


def test_an_absolute_path_is_taken() -> None:
    """XDG directories and our own variables move the cache and the configuration."""
    assert env(XDG_CACHE_HOME="/x/").cache_root == "/x/statusline"
    assert env(XDG_CACHE_HOME="/x", STATUSLINE_CACHE_DIR="/y/").cache_root == "/y"
    assert env(XDG_CONFIG_HOME="/x").config_path == "/x/statusline/config.toml"
    assert env(XDG_CONFIG_HOME="/x", STATUSLINE_CONFIG="/y/c").config_path == "/y/c"


def test_a_claude_directory_is_a_profile() -> None:
    """Two Claude configuration directories never share numbers; the same one always does."""
    profiles = {
        env().profile_dir,
        env(CLAUDE_CONFIG_DIR="/a").profile_dir,
        env(CLAUDE_CONFIG_DIR="/b").profile_dir,
    }
    assert len(profiles) == 3
    assert env(CLAUDE_CONFIG_DIR=f"{HOME}/.claude").profile_dir == env().profile_dir
    assert env(CLAUDE_CONFIG_DIR="/a/").profile_dir == env(CLAUDE_CONFIG_DIR="/a").profile_dir


def test_a_relative_claude_directory_is_none() -> None:
    """H02: it would be another one in each working directory, with another login in each."""
    relative = env(CLAUDE_CONFIG_DIR="claude")
    assert relative.claude_config_dir_raw == "claude"
    assert relative.claude_dir is None
    assert relative.profile_dir is None


def test_a_token_from_the_environment_is_a_profile_of_its_own() -> None:
    """It may be another account's, so its numbers stand apart; its text stands nowhere."""
    own = env(CLAUDE_CODE_OAUTH_TOKEN=TOKEN)
    assert own.profile_dir != env().profile_dir
    assert TOKEN not in (own.profile_dir or TOKEN)
    assert env(CLAUDE_CODE_OAUTH_TOKEN="").profile_dir == env().profile_dir
    assert own.login_profile_dir == env().profile_dir


def test_two_tokens_are_two_profiles() -> None:
    """One token's numbers are never shown for another, not even for one that differs by a sign."""
    tokens = [TOKEN, f"{TOKEN}x", f"{TOKEN}y", f"x{TOKEN}"]
    profiles = [env(CLAUDE_CODE_OAUTH_TOKEN=token).profile_dir or "" for token in tokens]
    assert len(set(profiles)) == len(tokens)
    for profile in profiles:
        assert re.fullmatch(rf"{re.escape(env().profile_dir or '')}-env-[0-9a-f]{{8}}", profile)


@pytest.mark.parametrize(
    ("value", "columns"),
    [
        pytest.param("0", None, id="H08-0"),
        pytest.param("1", 1, id="H08-1"),
        pytest.param("-3", None, id="H08-negative"),
        pytest.param("abc", None, id="H08-text"),
        pytest.param("10000", 10_000, id="H08-10000"),
        pytest.param("10001", None, id="H08-10001"),
        pytest.param("9" * 6000, None, id="H08-6000-digits"),
        pytest.param("٣", None, id="H08-arabic-digit"),
        pytest.param("²", None, id="H08-superscript"),
        pytest.param("80 ", None, id="H08-space"),
        pytest.param("", None, id="H08-empty"),
        pytest.param("120", 120, id="H08-120"),
    ],
)
def test_columns_are_a_width_or_nothing(value: str, columns: int | None) -> None:
    """H08: 1 to 10 000 cells, else as if unset."""
    assert env(COLUMNS=value).columns == columns
    assert env().columns is None


@pytest.mark.parametrize(
    ("values", "no_color", "force_color", "dumb"),
    [
        pytest.param({}, False, False, False, id="H07-unset"),
        pytest.param({"NO_COLOR": "1"}, True, False, False, id="H07-no-color"),
        pytest.param({"NO_COLOR": ""}, False, False, False, id="H07-no-color-empty"),
        pytest.param({"FORCE_COLOR": "1"}, False, True, False, id="H07-force-color"),
        pytest.param({"FORCE_COLOR": "0"}, False, False, False, id="H07-force-color-0"),
        pytest.param({"CLICOLOR_FORCE": "1"}, False, True, False, id="H07-clicolor-force"),
        pytest.param({"TERM": "dumb"}, False, False, True, id="H07-dumb"),
        pytest.param({"TERM": "xterm"}, False, False, False, id="H07-xterm"),
    ],
)
def test_colour_variables_mean_what_they_mean_everywhere(
    values: dict[str, str], no_color: bool, force_color: bool, dumb: bool
) -> None:
    """H07: NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE and TERM in their usual meaning."""
    colour = env(**values)
    assert (colour.no_color, colour.force_color, colour.dumb_terminal) == (
        no_color,
        force_color,
        dumb,
    )


@pytest.mark.parametrize(
    ("values", "ascii_only"),
    [
        pytest.param({}, False, id="H05-unset"),
        pytest.param({"LANG": "C"}, True, id="H05-C"),
        pytest.param({"LANG": "POSIX"}, True, id="H05-POSIX"),
        pytest.param({"LANG": "de_DE.ISO-8859-1"}, True, id="H05-latin-1"),
        pytest.param({"LANG": "C.UTF-8"}, False, id="H05-C.UTF-8"),
        pytest.param({"LANG": "de_DE.utf8"}, False, id="H05-utf8"),
        pytest.param({"LANG": "C.UTF-8", "LC_ALL": "C"}, True, id="H05-LC_ALL-wins"),
        pytest.param({"LANG": "C", "LC_CTYPE": "en_US.UTF-8"}, False, id="H05-LC_CTYPE-wins"),
        pytest.param({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True, id="H05-set-by-python"),
        pytest.param({"LC_CTYPE": "UTF-8"}, False, id="H05-macOS"),
        pytest.param({"LANG": "C.UTF-8", "LC_ALL": ""}, False, id="H05-LC_ALL-empty"),
    ],
)
def test_the_locale_says_whether_signs_can_be_shown(
    values: dict[str, str], ascii_only: bool
) -> None:
    """H05: LC_ALL before LC_CTYPE before LANG, an empty one counts as unset."""
    assert env(**values).ascii_locale is ascii_only


SECRETS = (
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "GITHUB_TOKEN",
    "CLAUDE_PROJECT_DIR",
    "CLAUDE_CODE_SESSION_ID",
    "PYTHONPATH",
    "PYTHONSTARTUP",
)
NEEDED = (
    "HOME",
    "CLAUDE_CONFIG_DIR",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "STATUSLINE_API_URL",
    "XDG_CACHE_HOME",
    "HTTPS_PROXY",
    "NO_PROXY",
    "REQUESTS_CA_BUNDLE",
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "TMUX",
)


def test_a_refresher_inherits_what_it_needs_and_no_secret_besides() -> None:
    """S25: keys of other programs and Python's switches stay behind."""
    values = {name: f"/{name}" for name in (*SECRETS, *NEEDED)}
    inherited = Environment(values).inherited()
    assert inherited == {name: f"/{name}" for name in NEEDED}


_NAMES = ("HOME", "CLAUDE_CONFIG_DIR", "XDG_CACHE_HOME", "STATUSLINE_CACHE_DIR", "COLUMNS")
#: What the system hands over: bytes, of which Python makes text that it can turn back.
_VALUES = st.binary(max_size=30).map(lambda raw: raw.decode("utf-8", "surrogateescape"))


@given(st.dictionaries(st.sampled_from(_NAMES), _VALUES | _VALUES.map("/{}".format)))
def test_no_value_makes_a_question_raise(values: dict[str, str]) -> None:
    """H01, H02: every question has an answer, and every path is absolute."""
    hostile = Environment(values)
    for path in (hostile.home, hostile.claude_dir, hostile.cache_root, hostile.profile_dir):
        assert path is None or path.startswith("/")
    assert hostile.columns is None or 1 <= hostile.columns <= 10_000
    profile = (hostile.profile_dir or "").rpartition("/")[2]
    assert all(char in "0123456789abcdef-env" for char in profile)


def test_the_present_environment_is_this_process_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """`current` answers for the environment that the process was started with."""
    import posix

    monkeypatch.setitem(posix.environ, b"STATUSLINE_API_URL", b"http://127.0.0.1:1/\xff")
    assert current().api_url == "http://127.0.0.1:1/\udcff"
