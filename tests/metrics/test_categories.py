"""Rows of categories add up to the total."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.metrics.rules.categories import MOST_ON_DASHBOARD, Categories, spread
from webapp.metrics.rules.facts import CategoryFinished, CategoryName, CreatedCount
from webapp.values.status import Status

NAMES = [CategoryName(index, f"Category {index}", 1 + index % 5) for index in range(1, 15)]
ids = st.one_of(st.none(), st.integers(1, 14))


@st.composite
def spreads(draw: st.DrawFn) -> Categories:
    seconds = draw(st.dictionaries(ids, st.integers(0, 10**7)))
    created = [
        CreatedCount(status, key, now, before)
        for (status, key), (now, before) in draw(
            st.dictionaries(
                st.tuples(st.sampled_from(Status), ids), st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=12
            )
        ).items()
    ]
    finished = [
        CategoryFinished(key, total, min(total, 3), 60 * min(total, 3), 3000 * min(total, 3))
        for key, total in draw(st.dictionaries(ids, st.integers(0, 50))).items()
    ]
    return spread(names=NAMES, seconds=seconds, created=created, finished=finished)


@given(spreads())
def test_rows_add_up_to_the_total_also_when_shortened(categories: Categories) -> None:
    for shown in (categories, categories.shortened()):
        total = shown.total
        for field in ("tracked_seconds", "created", "created_done", "finished", "with_both", "estimated_minutes"):
            assert sum(getattr(row, field) for row in shown.rows) == getattr(total, field)
        assert sum(row.share_tenths for row in shown.rows) == (1000 if total.tracked_seconds else 0)
    assert len(categories.shortened().rows) <= MOST_ON_DASHBOARD
    seconds = [row.tracked_seconds for row in categories.rows]
    assert seconds == sorted(seconds, reverse=True)


def test_tasks_without_a_category_are_a_row_of_their_own() -> None:
    categories = spread(
        names=NAMES,
        seconds={None: 1800, 3: 5400},
        created=[CreatedCount(Status.DONE, None, 1, 9), CreatedCount(Status.TODO, None, 3, 0)],
        finished=[CategoryFinished(None, 2, 1, 30, 3600)],
    )

    named, none = categories.rows
    assert named.category == NAMES[2]
    assert (named.share, none.share) == (0.75, 0.25)
    assert none.category is None
    assert none.completion == 0.25
    assert none.efficiency == 0.5
    assert named.completion is None
    assert named.efficiency is None
    assert categories.top is named


def test_an_empty_period_has_no_rows() -> None:
    categories = spread(names=NAMES, seconds={}, created=[], finished=[])

    assert categories.is_empty
    assert categories.top is None
    assert categories.total.completion is None
