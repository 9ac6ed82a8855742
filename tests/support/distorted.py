"""Hypothesis strategies for what may arrive from outside."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from statusline.usage.observation import SOURCES, Observation

#: Text of every kind, lone surrogates included.
texts = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
#: Numbers that JSON can bring, NaN, infinities and 400 digits included.
numbers = st.one_of(
    st.floats(), st.integers(), st.integers(-3, 400), st.sampled_from([10**400, -(10**400), 1e308])
)
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)
#: Any JSON value.
documents = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)


def distorted(template: Any) -> st.SearchStrategy[Any]:
    """A JSON value of this shape, in which any part may be missing or anything else."""
    if isinstance(template, dict):
        required: dict[str, st.SearchStrategy[Any]] = {}
        optional = {key: distorted(value) for key, value in template.items()}
        return st.one_of(st.fixed_dictionaries(required, optional=optional), documents)
    if isinstance(template, list) and template:
        return st.one_of(st.lists(distorted(template[0]), max_size=3), documents)
    return st.one_of(st.just(template), numbers, documents)


#: A moment in the middle of the tests' time; resets lie around it.
NOW = 1_795_170_000


def observations(*, may_be_idle: bool = True) -> st.SearchStrategy[Observation]:
    """Observations of two windows, close enough together to meet each other."""
    resets = st.sampled_from([NOW + 60, NOW + 120, NOW + 180])
    return st.builds(
        Observation,
        st.sampled_from(["five_hour", "seven_day"]),
        st.sampled_from(["5h", "7d"]),
        st.sampled_from([0.0, 10.0, 20.5, 100.0]),
        st.one_of(st.none(), resets) if may_be_idle else resets,
        st.integers(0, 5).map(lambda step: float(NOW + step)),
        st.sampled_from(SOURCES),
    )
