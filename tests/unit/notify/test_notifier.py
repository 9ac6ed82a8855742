"""What was said is kept for each account, also while nothing is to be said."""

from __future__ import annotations

from pathlib import Path

from statusline.notify import notifier
from statusline.system.environ import Environment
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot

NOW = 1_783_082_460.0


def seen_by(account: str, since: float) -> Snapshot:
    """An account's 5-hour window at 85 %."""
    made = Snapshot()
    made.account, made.account_since = account, since
    made.windows["five_hour"] = Observation("five_hour", "5h", 85.0, int(NOW) + 3600, NOW, "api")
    return made


def test_an_account_that_comes_back_is_told_nothing_twice(tmp_path: Path) -> None:
    """It would have caught a rename, and a change of account, that never reached the disk."""
    config = tmp_path / "config.toml"
    config.write_text("[notify]\nenabled = true\nat = [80]\n")
    env = Environment({"HOME": str(tmp_path), "STATUSLINE_CONFIG": str(config)})

    def said(account: str, since: float) -> int:
        return len(notifier.take(env, str(tmp_path), seen_by(account, since), NOW))

    assert said("s-t1", 1.0) == 1
    assert said("s-A", 1.0) == 0  # the same account, now that its name is known
    other = seen_by("s-B", 2.0)
    other.windows.clear()
    assert notifier.take(env, str(tmp_path), other, NOW) == ()
    assert said("s-A", 3.0) == 0
