"""Pools under code names: kept from the body to the file, named by `doctor`, never silent."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from statusline.doctor import api_state
from statusline.doctor.check import Check
from statusline.doctor.context import Context
from statusline.refresh.body import parse_body
from statusline.system.environ import Environment
from statusline.usage.snapshot import MAX_POOLS, Snapshot
from statusline.usage.spend import Pool
from tests.support.bodies import (
    ENTERPRISE,
    MONTH_END,
    MONTH_END_S,
    NOW_S,
    SAMPLES,
    bucket,
    parsed,
    pool,
    sample,
)
from tests.support.distorted import distorted
from tests.support.real_line import fill


def only(**body: object) -> dict[str, object]:
    """The pools of a body that has a window too, as they are written."""
    found = parse_body({"five_hour": bucket(1), **body}, observed_at=NOW_S).pools
    return {name: {**each.to_json(), "observed_at": 0} for name, each in found.items()}


def written(
    utilization_pct: float | None = None,
    used_dollars: float | None = None,
    limit_dollars: float | None = None,
    resets_at: int | None = None,
) -> dict[str, object]:
    """A pool as `only` returns it."""
    return {
        "utilization_pct": utilization_pct,
        "used_dollars": used_dollars,
        "limit_dollars": limit_dollars,
        "resets_at": resets_at,
        "observed_at": 0,
    }


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"cinder_cove": pool(1000.0, 1000, utilization=100.0, resets_at=MONTH_END)},
            {"cinder_cove": written(100, 1000, 1000, MONTH_END_S)},
        ),
        ({"iguana_necktie": pool(98.51, 100)}, {"iguana_necktie": written(None, 98.51, 100)}),
        ({"cinder_cove": pool(0.0, 1000)}, {"cinder_cove": written(None, 0, 1000)}),
        ({"tangelo": bucket(40, None)}, {"tangelo": written(40)}),
        ({"velvet_moon": bucket(40, None)}, {"velvet_moon": written(40)}),
        ({"tangelo": bucket(40, "2026-11-20T09:00:00Z")}, {"tangelo": written(40)}),
        ({"tangelo": bucket("40"), "cinder_cove": pool("5", -1, utilization=5000)}, {}),
        ({"nimbus_quill": bucket(0, None), "tangelo": None, "amber_gauge": {}}, {}),
        ({"bad\x1b[31mkey": bucket(40), "": bucket(40)}, {}),
        ({"extra_usage": {"is_enabled": False, "utilization": 40}}, {}),
        ({"seven_day_breakdown": {"rows": []}, "seven_day_new": bucket(40)}, {}),
    ],
    ids=str,
)
def test_a_number_that_belongs_to_no_window_is_kept(
    body: dict[str, object], expected: dict[str, object]
) -> None:
    """Dollars under a code name, 98.51 of 100 on the web page too, were thrown away."""
    assert only(**body) == expected


def test_real_bodies_have_no_pools_but_where_there_is_a_number() -> None:
    """A bucket of 0 % without a reset stands in every newer body and says nothing."""
    assert not any(parse_body(sample(name), observed_at=NOW_S).pools for name in SAMPLES)
    assert parse_body(ENTERPRISE, observed_at=NOW_S).pools.keys() == {"cinder_cove"}


def test_a_hostile_body_has_a_bounded_number_of_pools() -> None:
    """The cache cannot be made to grow."""
    body = {f"key {number}": bucket(5) for number in range(1000)}
    assert len(parsed(five_hour=bucket(), **body).pools) == MAX_POOLS


@pytest.mark.parametrize(
    ("made", "share_pct"),
    [
        (Pool(42.0, 1.0, 10.0, None, NOW_S), 42),
        (Pool(None, 98.51, 100.0, None, NOW_S), 98.51),
        (Pool(None, 3.0, None, None, NOW_S), None),
        (Pool(None, 3.0, 0.0, None, NOW_S), None),
    ],
)
def test_the_share_comes_from_the_dollars_where_the_api_does_not_say(
    made: Pool, share_pct: float | None
) -> None:
    """And from nowhere else."""
    assert made.share_pct == share_pct


POOL = Pool(42.0, 420.0, 1000.0, MONTH_END_S, NOW_S).to_json()


@given(distorted(POOL))
def test_a_damaged_pool_is_sound_or_none(value: object) -> None:
    """Whatever the file holds: numbers of pools are finite and above 0, or there is no pool."""
    made = Pool.from_json(value)
    if made is not None:
        numbers = (made.utilization_pct, made.used_dollars, made.limit_dollars)
        assert all(number is None or number >= 0 for number in numbers)
        assert any(numbers)


def test_pools_and_absent_windows_survive_the_file() -> None:
    """Both are read as they were written, and an old file has none."""
    document = {**Snapshot().to_json(), "pools": {"cinder_cove": POOL}, "absent": ["five_hour"]}
    again = Snapshot.from_json(document)
    assert again is not None
    assert again.to_json() == document
    del document["pools"], document["absent"]
    old = Snapshot.from_json(document)
    assert old is not None
    assert (old.pools, old.absent) == ({}, [])


def checks(home: Path, pools: dict[str, Pool], **fields: object) -> list[Check]:
    """What `doctor` finds in a cache with these pools."""
    env = Environment({"HOME": str(home), "PATH": "/usr/bin:/bin"})
    snapshot = Snapshot()
    snapshot.pools = pools
    for name, value in fields.items():
        setattr(snapshot, name, value)
    fill(Path(str(env.profile_dir)), snapshot)
    return api_state.dropped(Context(env, NOW_S, str(home)))


@pytest.mark.parametrize(
    ("utilization_pct", "result"),
    [(12, "ok"), (74, "ok"), (75, "warn"), (89, "warn"), (90, "fail"), (100, "fail")],
)
def test_doctor_names_what_no_segment_shows(
    tmp_path: Path, utilization_pct: float, result: str
) -> None:
    """`cinder_cove` at 100 % was called plausible and known; near its end it is a problem."""
    made = Pool(utilization_pct, 10.0, 1000.0, None, NOW_S)
    found = checks(tmp_path, {"tangelo": Pool(5.0, None, None, None, NOW_S), "cinder_cove": made})
    assert [(check.name, check.result) for check in found] == [("other limits", result)]
    assert f"tangelo 5%, cinder_cove {utilization_pct}% ($10.00 of $1000.00)" in found[0].what


def test_doctor_says_everything_once(tmp_path: Path) -> None:
    """A new name with a number is no drift beside that, and a pool past its reset is over."""
    made = {"velvet_moon": Pool(40.0, None, None, None, NOW_S)}
    found = checks(tmp_path, made, unknown_keys=["velvet_moon", "amber_moon"], dropped={"api": 1})
    assert [(check.name, check.result) for check in found] == [
        *(("values", "warn"), ("other limits", "ok"), ("API drift", "warn")),
    ]
    assert "amber_moon" in found[2].what
    assert "velvet_moon" not in found[2].what
    over = {"velvet_moon": Pool(100.0, None, None, int(NOW_S), NOW_S)}
    assert [check.name for check in checks(tmp_path, over)] == ["values"]
