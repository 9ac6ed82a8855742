"""Which profiles are found, what they are called, and which one a word means."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from statusline.login import credentials
from statusline.overview.overview import look
from statusline.overview.profiles import Profile, UnknownProfileError, found, named
from statusline.system.digest import digest
from statusline.system.environ import Environment
from tests.support import sample
from tests.support.canary import token

TOKEN = token("variable")
FORGOTTEN = "0123456789abcdef"


@pytest.fixture
def env(tmp_path: Path) -> Environment:
    """A home with two directories of Claude's, one of them labelled, and a forgotten cache."""
    made = sample.home(tmp_path)
    for name in (".claude-work/projects", ".claude-empty", ".cache/statusline/not-a-profile"):
        (tmp_path / name).mkdir(parents=True)
    keep(tmp_path, FORGOTTEN)
    assert made.config_path is not None
    Path(made.config_path).write_text('[accounts]\n"~/.claude-work/" = "work"\n')
    return made


def keep(home: Path, name: str, **fields: object) -> None:
    """Leave a cache of this name."""
    directory = home / ".cache/statusline" / name
    directory.mkdir(mode=0o700, parents=True)
    document = {**sample.snapshot().to_json(), **fields}
    (directory / "usage.json").write_text(json.dumps(document))
    (directory / "usage.json").chmod(0o600)


def with_values(env: Environment, **values: str) -> Environment:
    """The same home, and more variables."""
    return Environment({**env.of_previous(), **values})


def test_every_profile_is_found_once(env: Environment) -> None:
    """It would have caught a directory that stands twice, or one that is none of Claude's."""
    assert [(each.name, each.is_present) for each in found(env)] == [
        ("~/.claude", True),
        ("work", False),
        (FORGOTTEN[:8], False),
    ]


@pytest.mark.parametrize("variable", [{}, {"CLAUDE_CODE_OAUTH_TOKEN": TOKEN}])
def test_the_present_profile_comes_first(env: Environment, variable: dict[str, str]) -> None:
    """It would have caught a token's numbers under the name of the stored login, or passed on."""
    here = with_values(env, CLAUDE_CONFIG_DIR=f"{env.home}/.claude-work", **variable)
    profiles = found(here)
    assert (profiles[0].name, profiles[0].env) == ("work (token)" if variable else "work", here)
    stored = [each.name for each in profiles[1:]]
    assert stored == [*(["work"] if variable else []), "~/.claude", FORGOTTEN[:8]]
    for each in profiles[1:]:
        assert each.env.oauth_token is None
        assert each.env.profile_dir == each.directory
        assert not any(name.startswith("CLAUDE_CODE") for name in each.env.of_previous())


def test_a_token_that_was_used_once_bears_its_owners_name(env: Environment) -> None:
    """It would have caught two caches of one directory that nobody can tell apart."""
    home = Path(env.home or "")
    keep(home, f"{digest(f'{home}/.claude-work')}-env-89abcdef")
    keep(home, f"{FORGOTTEN}-env-01234567")
    names = {each.name: each.claude_dir for each in found(env)}
    assert names["work (token 89abcdef)"] is None
    assert names[f"{FORGOTTEN[:8]} (token 01234567)"] is None


def test_a_forgotten_cache_shows_what_it_holds(env: Environment) -> None:
    """It would have caught `login changed` on numbers whose login nobody can look at."""
    keep(Path(env.home or ""), "fedcba9876543210", login="1-2-3 - -", state="ok")
    kept = named("fedcba98", env)
    known = look(kept.env, credentials.Credentials(state="found"))
    assert known.snapshot.state == "ok"
    assert known.snapshot.windows["five_hour"].utilization_pct == 61
    assert (kept.claude_dir, kept.env.credentials_path, kept.env.account_paths) == (None, None, ())


def test_no_link_is_followed_out_of_the_cache(env: Environment) -> None:
    """It would have caught another place's numbers under a profile's name."""
    root = Path(env.cache_root or "")
    (root / "aaaaaaaaaaaaaaaa").symlink_to(root / FORGOTTEN)
    (root / "bbbbbbbbbbbbbbbb").mkdir()
    assert len(found(env)) == 3


def test_a_word_means_one_profile(env: Environment) -> None:
    """It would have caught a label, a directory or a cache's name that was not understood."""
    work = f"{env.home}/.claude-work"
    for asked in ("work", "~/.claude-work", f"{work}/", digest(work), digest(work)[:8]):
        assert named(asked, env).claude_dir == work, asked
    assert named("~/.claude", env).is_present
    (Path(work).parent / "elsewhere/projects").mkdir(parents=True)
    assert named("~/elsewhere", env).claude_dir == f"{env.home}/elsewhere"


@pytest.mark.parametrize("asked", ["wrok", "~/.claude-none", "/", "012", "~/.claude-empty"])
def test_a_wrong_name_is_answered_with_the_right_ones(env: Environment, asked: str) -> None:
    """It would have caught numbers of an account that nobody has asked for."""
    with pytest.raises(UnknownProfileError, match=r"there are: ~/.claude, work, 01234567\."):
        named(asked, env)


def test_two_of_one_label_are_told_apart(env: Environment) -> None:
    """It would have caught one of them being taken without a word."""
    labels = '[accounts]\n"~/.claude-work" = "one"\n"~/.claude" = "one"\n'
    Path(env.config_path or "").write_text(labels)
    with pytest.raises(UnknownProfileError, match=r"take one of ~/.claude, ~/.claude-work\."):
        named("one", env)


def test_nothing_is_found_where_there_is_no_home() -> None:
    """It would have caught a traceback of a daemon's environment."""
    assert found(Environment({})) == []
    assert Profile("", "", None, Environment({})).login is not None
