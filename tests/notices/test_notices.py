"""What people are told: once, counted in the header, and for nobody else's eyes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import NOW, Person, make_task
from tests.page import Visit, counted_statements, words
from webapp.notices import operations, rules
from webapp.notices.errors import NoticeNotFound
from webapp.notices.models import Notice
from webapp.notices.queries import list_notices
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.workspaces import operations as workspaces
from webapp.workspaces.models import Membership
from webapp.workspaces.rules import Role


def tell(
    *people: Person, text: str = "Ben gave you “Pay”.", key: str | None = None, address: str | None = None
) -> None:
    operations.notify(
        user_ids=[person.user_id for person in people],
        workspace_id=people[0].workspace_id,
        kind=rules.Kind.ASSIGNED,
        text=text,
        address=address,
        now=NOW,
        dedupe_key=key,
    )


def notices_of(person: Person) -> list[Notice]:
    db.session.rollback()
    return list(db.session.scalars(select(Notice).where(Notice.user_id == person.user_id).order_by(Notice.id)))


def test_notify_tells_each_person_once_for_one_key(ada: Person, ben: Person) -> None:
    tell(ada, key="a")
    tell(ada, ben, ben, key="a")
    tell(ada, key="b")
    tell(ada)
    tell(ada)

    assert [notice.dedupe_key for notice in notices_of(ada)] == ["a", "b", None, None]
    assert [notice.dedupe_key for notice in notices_of(ben)] == ["a"]


def test_notify_belongs_to_the_unit_of_work_around_it(ada: Person) -> None:
    def tell_and_fail() -> None:
        with transaction():
            tell(ada)
            raise ValueError("half-way")

    with pytest.raises(ValueError, match="half-way"):
        tell_and_fail()

    assert notices_of(ada) == []


def test_notify_shortens_what_is_too_long_to_keep(ada: Person) -> None:
    tell(ada, text="ü" * 900)

    assert notices_of(ada)[0].text == "ü" * (rules.LONGEST_TEXT - 1) + "…"


def test_one_key_told_by_twenty_at_once_is_told_once(app: Flask, ada: Person, ben: Person) -> None:
    threads = 20
    ready = Barrier(threads)

    def tell_both(_number: int) -> None:
        with app.app_context():
            ready.wait()
            tell(ada, ben, key="same")

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(tell_both, range(threads)))

    db.session.rollback()
    assert db.session.scalar(select(func.count(Notice.id))) == 2


def test_the_header_counts_what_is_unread_without_another_statement(visit: Visit, ada: Person, ben: Person) -> None:
    with counted_statements() as before:
        ada.client.get("/notifications")
    bell = visit("notices.index", as_=ada).select_one(".bell")
    for number in range(3):
        tell(ada, text=f"Notice {number}")
    tell(ben)

    with counted_statements() as after:
        ada.client.get("/notifications")
    page = visit("notices.index", as_=ada)

    assert words(bell) == "Notifications"
    assert words(page.select_one(".bell .visually-hidden")) == "Notifications, 3 unread"
    assert words(page.select_one(".bell__count")) == "3"
    assert len(after) == len(before)


def test_the_header_stops_counting_at_a_hundred(visit: Visit, ada: Person) -> None:
    with transaction():
        for number in range(120):
            tell(ada, text=f"Notice {number}")

    page = visit("notices.index", as_=ada)

    assert words(page.select_one(".bell__count")) == "99+"


def test_the_page_lists_the_newest_first_and_leads_on(visit: Visit, ada: Person) -> None:
    with transaction():
        for number in range(120):
            tell(ada, text=f"Notice {number}")

    texts, address = [], "/notifications"
    while address:
        page = visit(address, as_=ada)
        texts += [words(notice) for notice in page.select(".notices__text > p:first-child")]
        later = page.select_one(".pager a[rel=next]")
        address = str(later["href"]) if later else ""
    back = visit(str(page.select_one(".pager a[rel=prev]")["href"]), as_=ada)  # type: ignore[index]

    assert texts == [f"Notice {number}" for number in reversed(range(120))]
    assert words(back.select(".notices__text > p:first-child")[0]) == "Notice 69"


def test_the_page_can_show_what_is_unread_only(visit: Visit, ada: Person) -> None:
    tell(ada, text="First")
    tell(ada, text="Second")
    first = notices_of(ada)[0]

    visit.send("notices.read", as_=ada, notice_id=first.id)
    unread = visit("/notifications?show=unread", as_=ada)
    visit.send("notices.unread", as_=ada, notice_id=first.id)

    assert [words(notice) for notice in unread.select(".notices__text > p:first-child")] == ["Second"]
    assert [(notice.is_read, notice.read_at) for notice in notices_of(ada)] == [(False, None), (False, None)]


def test_an_empty_page_says_what_to_do(visit: Visit, ada: Person) -> None:
    assert "Set a reminder on a task" in words(visit("notices.index", as_=ada).main)
    assert "You have read everything" in words(visit("/notifications?show=unread", as_=ada).main)


@pytest.mark.parametrize(
    "address", ["?show=old", "?after=x", "?after=WyJuYW1lIiwwLDFd", "?after=WyJuZXdlc3QiLDAsImEiXQ"]
)
def test_an_address_that_means_nothing_is_refused(visit: Visit, ada: Person, address: str) -> None:
    visit(f"/notifications{address}", as_=ada, status=422)


def test_opening_a_notice_reads_it_and_leads_to_its_record(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    tell(ada, address=f"/tasks/{task.id}")
    notice = notices_of(ada)[0]

    answer = visit.send("notices.follow", as_=ada, notice_id=notice.id)

    assert answer.location == f"/tasks/{task.id}"
    assert notices_of(ada)[0].is_read


def test_opening_a_notice_of_another_workspace_goes_there(visit: Visit, ada: Person, cy: Person) -> None:
    workspaces.add_member(workspace_id=ada.workspace_id, email=cy.email, now=NOW)
    task = make_task(ada, title="Ada’s own")
    operations.notify(
        user_ids=[cy.user_id],
        workspace_id=ada.workspace_id,
        kind=rules.Kind.ASSIGNED,
        text="Ada gave you “Ada’s own”.",
        address=f"/tasks/{task.id}",
        now=NOW,
    )

    visit(f"/tasks/{task.id}", as_=cy, status=404)
    answer = visit.send("notices.follow", as_=cy, notice_id=notices_of(cy)[0].id)

    assert words(visit.follow(answer, as_=cy).h1) == "Ada’s own"


def test_a_reminder_that_cannot_be_put_off_here_says_where_it_can(visit: Visit, ada: Person, cy: Person) -> None:
    workspaces.add_member(workspace_id=ada.workspace_id, email=cy.email, now=NOW)
    for person, address in ((ada, None), (ada, "/tasks/1/reminders/1/snooze"), (cy, "/tasks/2/reminders/2/snooze")):
        operations.notify(
            user_ids=[cy.user_id],
            workspace_id=person.workspace_id,
            kind=rules.Kind.REMINDER,
            text="“Pay” is due.",
            address="/today",
            now=NOW,
            snooze_address=address,
        )

    mine, elsewhere, several = visit("notices.index", as_=cy).select(".notices__item")

    assert mine.select("[name=until]")
    assert not [line for line in (elsewhere, several) if line.select("[name=until]")]
    assert "To put it off, open it" in words(elsewhere)
    assert "each is put off on its task" in words(several)
    assert "put off" not in words(mine.select_one(".notices__note"))


def test_all_are_marked_as_read_that_the_person_could_see(visit: Visit, ada: Person, ben: Person) -> None:
    tell(ada, text="Seen")
    tell(ben, text="Ben’s")
    newest = notices_of(ada)[0].id
    tell(ada, text="Came meanwhile")

    visit.send("notices.read_all", {"newest": str(newest)}, as_=ada)

    assert [notice.is_read for notice in notices_of(ada)] == [True, False]
    assert [notice.is_read for notice in notices_of(ben)] == [False]
    visit.send("notices.read_all", {"newest": "x"}, as_=ada, status=422)


def test_notices_do_not_exist_for_a_stranger(visit: Visit, ada: Person, ben: Person, cy: Person) -> None:
    tell(ada, text="For Ada alone")
    notice = notices_of(ada)[0]

    for person in (ben, cy):
        assert "For Ada alone" not in visit("notices.index", as_=person).text
        for action in ("follow", "read", "unread"):
            visit.send(f"notices.{action}", as_=person, notice_id=notice.id, status=404)
        with pytest.raises(NoticeNotFound):
            operations.mark_notice(notice_id=notice.id, is_read=True, actor=person.actor, now=NOW)

    assert not notices_of(ada)[0].is_read


def test_who_leaves_a_workspace_loses_what_they_were_told_in_it(ada: Person, ben: Person) -> None:
    tell(ada, ben)
    with transaction():
        assert db.session.get(Membership, (ada.workspace_id, ada.user_id)).role is Role.OWNER  # type: ignore[union-attr]

    workspaces.leave(workspace_id=ada.workspace_id, user_id=ben.user_id)

    assert notices_of(ben) == []
    assert len(notices_of(ada)) == 1


def test_old_notices_are_forgotten(ada: Person) -> None:
    tell(ada)

    operations.forget_old_notices(now=NOW + timedelta(days=179))
    kept = len(notices_of(ada))
    operations.forget_old_notices(now=NOW + timedelta(days=181))

    assert kept == 1
    assert list_notices(actor=ada.actor).rows == []


@pytest.mark.parametrize(
    "text, said",
    [
        (rules.assigned(who="Ben Ito", title="Pay"), "Ben Ito gave you “Pay”."),
        (rules.assigned_many(who="Ben Ito", count=12), "Ben Ito gave you 12 tasks."),
        (rules.commented(who="Ben Ito", title="Pay"), "Ben Ito wrote about “Pay”."),
        (rules.unblocked(title="Pay"), "Nothing blocks “Pay” any more."),
    ],
)
def test_the_words_of_a_notice(text: str, said: str) -> None:
    assert text == said


def test_the_words_of_a_notice_always_fit() -> None:
    for text in (
        rules.assigned(who="A" * 120, title="t" * 500),
        rules.commented(who="A" * 120, title="t" * 500),
        rules.unblocked(title="t" * 500),
    ):
        assert len(text) <= rules.LONGEST_TEXT
