"""Money as people see it: in a segment, and in `show`."""

from __future__ import annotations

from typing import Any

import pytest

from statusline.cli.facts import facts
from statusline.cli.picture import plain_lines
from statusline.login.credentials import Credentials
from statusline.overview import money
from statusline.overview.overview import Overview, ProfileData
from statusline.segment.humanize import money as amount
from statusline.segment.humanize import money_of_limit
from statusline.segment.layout import lay_out
from statusline.segment.prerendered import until
from statusline.segment.view import Part, View
from statusline.settings.settings import Settings
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from statusline.usage.spend import Pool, Spend

NOW = 1_795_168_800


def spend(used: float | None, limit: float | None = None, **more: Any) -> Spend:
    """Extra usage in US dollars, seen a minute ago."""
    fields: dict[str, Any] = {"currency": "USD", "exponent": 2, "utilization_pct": None}
    fields |= {"enabled": True, "observed_at": NOW - 60.0}
    return Spend(used, limit, **{**fields, **more})


def known(money: Spend | None, *, windows: bool = False, state: str = "ok") -> Snapshot:
    """A cache with this money, and with a 5-hour window if wanted."""
    made = Snapshot()
    made.state, made.spend, made.plan = state, money, "Enterprise"
    made.next_refresh_at = NOW + 3600
    if windows:
        seen = Observation("five_hour", "5h", 61, NOW + 7200, NOW - 60.0, "api")
        made.windows = {"five_hour": seen}
    return made


def parts(snapshot: Snapshot, **chosen: object) -> list[Part]:
    """What Claude Code's line says."""
    settings = Settings()
    for name, value in chosen.items():
        setattr(settings, name, value)
    return lay_out(View(snapshot, None, settings, NOW), "claude", 200)[0]


def text(snapshot: Snapshot, **chosen: object) -> str:
    """The same without roles."""
    return "".join(part for _role, part in parts(snapshot, **chosen))


def roles(snapshot: Snapshot) -> set[str]:
    """The roles of the parts that hold a digit."""
    return {role for role, part in parts(snapshot) if any(map(str.isdigit, part))} - {"", "muted"}


def overview(snapshot: Snapshot, **chosen: object) -> Overview:
    """What `show` has to say."""
    settings = Settings()
    for name, value in chosen.items():
        setattr(settings, name, value)
    return Overview(ProfileData(snapshot, settings, Credentials(state="found"), ()), NOW)


@pytest.mark.parametrize(
    ("money", "shown"),
    [
        (spend(6123, 20000, utilization_pct=31.0), "$61.23/$200 31%"),
        (spend(6123, 20050, utilization_pct=31.0), "$61.23/$200.50 31%"),
        (spend(5000, 20000), "$50.00/$200 25%"),
        (spend(6123), "claude $61.23"),
        (spend(6123, utilization_pct=0.0), "claude $61.23"),
        (spend(None, utilization_pct=31.0), "claude 31%"),
        (spend(500, 2000, currency="JPY", exponent=0), "¥500/¥2000 25%"),
        (spend(6123, 20000, currency="SEK", utilization_pct=31.0), "61.23/200 SEK 31%"),
        (spend(61230, 200_000, exponent=3, utilization_pct=31.0), "$61.230/$200 31%"),
        (spend(0, 20000), "$0.00/$200 0%"),
        (spend(500, 0), "$5.00/$0 100%"),
    ],
)
def test_an_account_with_money_alone_shows_limit_and_share(money: Spend, shown: str) -> None:
    """Enterprise saw `claude $61.23`, and not of how much."""
    assert text(known(money)) == shown


def test_what_remains_is_shown_to_who_wants_that() -> None:
    """The share follows `show = "remaining"`, as those of windows do."""
    money = spend(6123, 20000, utilization_pct=31.0)
    assert text(known(money), show="remaining") == "$61.23/$200 69% left"
    assert text(known(spend(None, utilization_pct=31.0)), show="remaining") == "claude 69% left"


@pytest.mark.parametrize("windows", [False, True], ids=["alone", "beside windows"])
@pytest.mark.parametrize(
    ("money", "role"),
    [
        (spend(5000, 20000), "normal"),
        (spend(16000, 20000), "warning"),
        (spend(19400, 20000), "critical"),
        (spend(499_000, 500_000), "critical"),
        (spend(499_000), "normal"),
        (spend(1077, 500, enabled=False, reached=True), "critical"),
        (spend(1077, enabled=False, reached=True), "critical"),
        (spend(572, 20500, enabled=False, reached=True), "critical"),
        (spend(None, utilization_pct=95.0), "critical"),
    ],
)
def test_money_has_the_role_of_its_share(money: Spend, role: str, *, windows: bool) -> None:
    """$4990.00 of $5000 was green, and so was $194.00 of $200.00 without a percentage."""
    shown = roles(known(money, windows=windows))
    assert shown == ({"normal", role} if windows else {role})
    said = dict.fromkeys(role for name, _text, role in money_lines(money) if name == "extra")
    assert list(said) == ["" if role == "normal" else role]


def money_lines(money_: Spend) -> list[tuple[str, str, str]]:
    """The lines of `show` about this money."""
    return list(money.lines(overview(known(money_))))


@pytest.mark.parametrize(
    ("money", "segment", "line"),
    [
        (spend(5090), "extra $50.90", "$50.90, 1 minute ago"),
        (spend(6123, 20000), "extra $61.23", "$61.23 of $200.00, 1 minute ago"),
        (spend(None, utilization_pct=31.0), "extra 31%", "31%, 1 minute ago"),
        (
            spend(1077, 500, currency="EUR", enabled=False, reached=True),
            "extra €10.77",
            "€10.77 of €5.00, none left, 1 minute ago",
        ),
        (
            spend(1077, enabled=False, reached=True),
            "extra $10.77",
            "$10.77, none left, 1 minute ago",
        ),
        (spend(0, 20000), "", "$0.00 of $200.00, 1 minute ago"),
        (spend(0, enabled=False, reached=True), "", None),
        (spend(5090, enabled=False), "", None),
    ],
)
def test_money_beside_windows(money: Spend, segment: str, line: str | None) -> None:
    """At the cap it vanished from segment and `show`; what is off or unused says nothing."""
    whole = text(known(money, windows=True))
    assert whole == f"5h 61% 2h00m · {segment}".removesuffix(" · ")
    said = [fact.text for fact in facts(overview(known(money))) if fact.name == "extra"]
    assert said == ([] if line is None else [line])
    assert any(line in each for each in plain_lines(overview(known(money)))) if line else True


def test_an_unknown_amount_is_never_zero() -> None:
    """Where only the share is known, no amount is made up, with or without a limit."""
    share = spend(None, 20000, utilization_pct=31.0)
    assert (amount(share), money_of_limit(share)) == ("31%", "31%")
    assert "$" not in text(known(share)) + text(known(share, windows=True))


def test_trouble_does_not_take_the_place_of_money() -> None:
    """A 429 hid the last good number of an account that has nothing else."""
    limited = known(spend(6123, 20000, utilization_pct=31.0), state="rate_limited")
    assert text(limited).startswith("$61.23/$200 31% · ")
    passing = known(spend(6123, 20000, utilization_pct=31.0), state="unreachable")
    assert text(passing) == "$61.23/$200 31%"
    assert passing.spend is not None
    passing.spend.observed_at = NOW - 7200
    old = text(passing)
    assert old.startswith("$61.23/$200 31%")
    assert "2h" in old


def test_a_segment_with_used_up_money_ends_when_that_grows_old() -> None:
    """Off as it is, it is shown, and a shown number needs its age."""
    snapshot = known(spend(1077, enabled=False, reached=True))
    assert until(snapshot, Settings(), NOW, "tmux") < NOW + 3600


def test_ascii_names_the_currency() -> None:
    """A sign beyond ASCII would be a question mark."""
    money = spend(1077, 500, currency="EUR")
    said = [fact.text for fact in facts(overview(known(money), ascii=True)) if fact.name == "extra"]
    assert said == ["10.77 EUR of 5.00 EUR, 1 minute ago"]


POOLS = {
    "cinder_cove": Pool(100.0, 1000.0, 1000.0, None, NOW - 60.0),
    "iguana_necktie": Pool(None, 98.0, 100.0, NOW + 60, NOW - 60.0),
    "tangelo": Pool(80.0, None, None, None, NOW - 60.0),
    "nimbus_quill": Pool(12.0, None, None, None, NOW - 60.0),
    "amber_gauge": Pool(None, 3.0, None, None, NOW - 60.0),
    "is_over": Pool(100.0, None, None, NOW, NOW - 60.0),
}


def test_a_pool_is_a_line_of_show_from_warning_on() -> None:
    """1000 of 1000 dollars under a code name were said nowhere."""
    snapshot = known(None, windows=True)
    snapshot.pools = POOLS
    said = [(fact.text, fact.role) for fact in facts(overview(snapshot)) if fact.name == "pool"]
    assert said == [
        ("cinder_cove 100% ($1000.00 of $1000.00), 1 minute ago", "critical"),
        ("iguana_necktie 98% ($98.00 of $100.00), 1 minute ago", "critical"),
        ("tangelo 80%, 1 minute ago", "warning"),
    ]
    plain = "\n".join(plain_lines(overview(snapshot)))
    assert all(f"pool     {words}" in plain for words, _role in said)
    document = overview(snapshot).to_json()
    pools = document["pools"]
    assert isinstance(pools, list)
    assert [(pool["id"], pool["share_pct"]) for pool in pools] == [
        *(("cinder_cove", 100.0), ("iguana_necktie", 98.0), ("tangelo", 80.0)),
        *(("nimbus_quill", 12.0), ("amber_gauge", None), ("is_over", 100.0)),
    ]


def test_windows_are_in_one_order_whatever_the_cache_has() -> None:
    """`show` had them as they came in: a model before the 5-hour window, after a restart others."""
    snapshot = known(None)
    names = ("weekly:zeta", "seven_day", "weekly:Beta", "five_hour", "seven_day_opus")
    labels = ("zeta", "7d", "Beta", "5h", "Opus")
    for name, label in zip(names, labels, strict=True):
        snapshot.windows[name] = Observation(name, label, 5.0, None, NOW, "api")
    expected = ["5h", "7d", "Beta", "Opus", "zeta"]
    assert [row.seen.label for row in overview(snapshot).rows] == expected
    snapshot.windows = dict(reversed(snapshot.windows.items()))
    assert [row.seen.label for row in overview(snapshot).rows] == expected
