"""Whose tasks the inbox shows, in which order, by which index, and how the page tells it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tinhso.core.access.actor import VISITOR, Actor, Grant
from tinhso.core.desk.models import NO_DEADLINE, Task
from tinhso.core.desk.queries import COUNT_CAP, inbox, inbox_counts
from tinhso.core.desk.slots import TASK_KINDS, TaskKind
from tinhso.core.testing.office import Office, small_office
from tinhso.core.testing.web import signed_in
from tinhso.kit.uuid7 import uuid7

COMMUNE, CENTRE, OTHER_COMMUNE = "H30.41.21", "H30.41.21.01", "H30.41.26"
DISTRICT, DIVISION, PROVINCE = "H30.41", "H30.41.03", "H30"


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    kinds = {
        "t.work": TaskKind(
            "t.work", "Xử lý", lambda row: f"/x/{row.subject_key}/", "Soạn kết quả", "t.assign"
        )
    }
    monkeypatch.setattr(TASK_KINDS, "_items", kinds)


@pytest.fixture
def office(db) -> Office:
    return small_office()


class Desk:
    """Opens tasks and actors by short words."""

    def __init__(self, office: Office) -> None:
        self.office, self.now = office, timezone.now()

    def task(
        self, title: str, unit: str, role: str, hours: float | None = 8, person: UUID | None = None, **more
    ) -> Task:
        due = None if hours is None else self.now + timedelta(hours=hours)
        values = {
            "kind": "t.work",
            "subject_key": title,
            "opened_at": self.now,
            "due_at": due,
            "token": title,
        } | more
        return Task.objects.create(
            subject_id=uuid7(),
            title=title,
            unit=self.office.units[unit],
            role=role,
            person_id=person,
            **values,
        )

    def actor(
        self, *held: tuple[str, str], below: bool = False, permissions=(), person: UUID | None = None
    ) -> Actor:
        grants = tuple(
            Grant(
                role, self.office.units[unit].id, self.office.units[unit].path, below, frozenset(permissions)
            )
            for unit, role in held
        )
        return Actor(person_id=person or self.office.citizen.person_id, grants=grants)


@pytest.fixture
def desk(office) -> Desk:
    return Desk(office)


def _titles(page) -> list[str]:
    return [row.title for row in page.rows]


def test_due_first_and_without_deadline_last(desk):
    for title, hours in (("third", 30), ("none", None), ("first", -2), ("second", 1)):
        desk.task(title, COMMUNE, "clerk", hours)
    assert _titles(inbox(desk.actor((COMMUNE, "clerk")))) == ["first", "second", "third", "none"]
    assert Task.objects.get(title="none").sort_at == NO_DEADLINE


def test_role_and_unit_must_both_fit_and_closed_tasks_are_gone(desk):
    desk.task("mine", COMMUNE, "clerk")
    desk.task("other role", COMMUNE, "chair")
    desk.task("other unit", OTHER_COMMUNE, "clerk")
    desk.task("closed", COMMUNE, "clerk", closed_at=desk.now)
    assert _titles(inbox(desk.actor((COMMUNE, "clerk")))) == ["mine"]
    assert inbox(VISITOR).rows == []


def test_several_roles_come_in_one_list_without_doubles(desk):
    desk.task("b", COMMUNE, "clerk", 2)
    desk.task("a", OTHER_COMMUNE, "chair", 1, person=desk.office.citizen.person_id)
    actor = desk.actor((COMMUNE, "clerk"), (OTHER_COMMUNE, "chair"))
    assert _titles(inbox(actor)) == ["a", "b"]


def test_a_role_held_below_reaches_every_unit_under_it_and_no_namesake(desk):
    desk.task("commune", COMMUNE, "clerk", 1)
    desk.task("district", DISTRICT, "clerk", 2)
    desk.task("province", PROVINCE, "clerk", 3)
    assert _titles(inbox(desk.actor((DISTRICT, "clerk"), below=True))) == ["commune", "district"]
    assert _titles(inbox(desk.actor((DISTRICT, "clerk")))) == ["district"]


def test_an_office_works_for_the_government_it_is_part_of_but_a_commune_not_for_its_district(desk):
    desk.task("district", DISTRICT, "officer")
    assert _titles(inbox(desk.actor((DIVISION, "officer")))) == ["district"]
    assert _titles(inbox(desk.actor((COMMUNE, "officer")))) == []
    desk.task("province", PROVINCE, "officer")
    assert _titles(inbox(desk.actor((DIVISION, "officer")))) == ["district"]


def test_what_somebody_took_is_theirs_and_still_seen_by_the_unit(desk):
    other = desk.office.clerk.person_id
    desk.task("free", COMMUNE, "clerk", 1)
    desk.task("taken", COMMUNE, "clerk", 2, person=other)
    me, them = desk.actor((COMMUNE, "clerk")), desk.actor((COMMUNE, "clerk"), person=other)
    assert _titles(inbox(me)) == ["free"]
    assert _titles(inbox(them)) == ["free", "taken"]
    assert _titles(inbox(them, which="mine")) == ["taken"]
    assert _titles(inbox(me, which="unit")) == ["free", "taken"]
    assert inbox(me, which="unit").rows[1].person_name == desk.office.clerk.person.full_name


def test_a_task_given_to_a_person_without_the_role_is_in_their_inbox(desk):
    desk.task("given", OTHER_COMMUNE, "chair", person=desk.office.citizen.person_id)
    assert _titles(inbox(desk.actor((COMMUNE, "clerk")))) == ["given"]


def test_heads_see_all_tasks_of_the_units_they_oversee(desk):
    desk.task("somebody's", COMMUNE, "clerk")
    head = desk.actor((COMMUNE, "head"), permissions=["t.assign"])
    assert _titles(inbox(head)) == []
    assert _titles(inbox(head, which="unit")) == ["somebody's"]


@pytest.mark.parametrize("wide", [False, True])
def test_pages_show_every_task_once_both_ways(desk, monkeypatch, wide):
    if wide:
        monkeypatch.setattr("tinhso.core.desk.policy.MANY_UNITS", 1)
    for number in range(23):
        unit = (COMMUNE, OTHER_COMMUNE)[number % 2]
        desk.task(f"{number:02}", unit, "clerk", hours=number // 5, person=None)
    actor = desk.actor((DISTRICT, "clerk"), below=True, permissions=["t.assign"])
    for which in ("todo", "unit"):
        forward, pages, cursor = [], [], ""
        while True:
            page = inbox(actor, which=which, cursor=cursor, size=5)
            pages.append(page)
            forward += _titles(page)
            if not page.next:
                break
            cursor = page.next
        assert sorted(forward) == [f"{n:02}" for n in range(23)]
        back = inbox(actor, which=which, cursor=pages[-1].previous, size=5)
        assert _titles(back) == _titles(pages[-2])
        assert inbox(actor, which=which, cursor=pages[1].previous, size=5).previous == ""


@pytest.mark.parametrize("cursor", ["x", "WyJuIiwgIm5vdCBhIGRhdGUiLCAieCJd", "WyJuIiwgMSwgMl0"])
def test_a_made_up_cursor_means_the_first_page(desk, cursor):
    desk.task("a", COMMUNE, "clerk")
    assert _titles(inbox(desk.actor((COMMUNE, "clerk")), cursor=cursor)) == ["a"]


def test_late_shows_only_what_is_past_its_deadline(desk):
    desk.task("late", COMMUNE, "clerk", -1)
    desk.task("open", COMMUNE, "clerk", 1)
    desk.task("none", COMMUNE, "clerk", None)
    actor = desk.actor((COMMUNE, "clerk"))
    assert _titles(inbox(actor, late=True)) == ["late"]
    counts = inbox_counts(actor)
    assert (counts.todo, counts.mine, counts.unit, counts.late) == (3, 0, 3, 1)


def test_counts_stop_at_the_cap(desk):
    Task.objects.bulk_create(
        Task(kind="t.work", subject_id=uuid7(), subject_key="x", token=str(n), title=str(n), role="clerk",
             unit=desk.office.units[COMMUNE], opened_at=desk.now)
        for n in range(COUNT_CAP + 50)
    )  # fmt: skip
    assert inbox_counts(desk.actor((COMMUNE, "clerk"))).todo == COUNT_CAP + 1


def test_one_query_that_starts_at_an_index(desk):
    _many(desk, 10_000)
    actor = desk.actor((COMMUNE, "clerk"), (CENTRE, "cashier"))
    page = inbox(actor, size=30)
    with CaptureQueriesContext(connection) as seen:
        inbox(actor, cursor=page.next, size=30)
    assert sum("desk_task" in query["sql"] for query in seen) == 1
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + seen[-1]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "task_inbox" in plan
    assert "task_mine" in plan
    assert "Seq Scan on desk_task" not in plan


def _many(desk: Desk, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO desk_task (id, kind, subject_id, subject_key, token, title, about, unit_id, role, opened_at, "
            "due_at, urgent, closed_at, outcome) SELECT uuidv7(), 't.work', uuidv7(), 'x', n::text, 'x', '', u.id, "
            "(array['clerk', 'chair', 'cashier', 'officer'])[1 + n %% 4], now(), now() + n * interval '1 minute', false, "
            "CASE WHEN n %% 3 = 0 THEN now() END, '' "
            "FROM generate_series(1, %s) n JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k, count(*) OVER () AS m "
            "FROM orgs_unit) u ON u.k = n / 4 %% u.m",
            [count],
        )
        cursor.execute("ANALYZE desk_task")


@pytest.fixture
def clerk_client(office, client):
    return signed_in(client, office.clerk), office.clerk


def test_the_page_says_what_is_due_first_why_what_to_do_and_who_has_it(desk, clerk_client):
    client, account = clerk_client
    desk.task(
        "Tiếp nhận", CENTRE, "one_stop_clerk", -1, about="Đăng ký khai sinh · Nguyễn Thị Lan", urgent=True
    )
    desk.task("Trả kết quả", CENTRE, "one_stop_clerk", None, person=account.person_id)
    html = client.get("/ban-lam-viec/").content.decode()
    assert html.index("Tiếp nhận") < html.index("Trả kết quả")
    for words in (
        "Quá hạn",
        "Chưa ai nhận",
        "Tôi",
        "Soạn kết quả",
        "Khẩn",
        "Không có hạn",
        'href="/x/',
        "Nguyễn Thị Lan",
    ):
        assert words in html


@pytest.mark.parametrize(
    "query", ["", "?xem=mine", "?xem=unit", "?xem=todo&quahan=1", "?xem=x&after=%00", "?before=abc"]
)
def test_every_view_opens_and_an_empty_one_helps(clerk_client, query):
    client, _ = clerk_client
    response = client.get(f"/ban-lam-viec/{query}")
    assert response.status_code == 200
    assert "empty-state" in response.content.decode()


def test_a_task_of_a_kind_nobody_offers_any_more_is_shown_without_a_link(desk, clerk_client):
    client, _ = clerk_client
    desk.task("Việc cũ", CENTRE, "one_stop_clerk", kind="gone.kind")
    assert "Việc cũ" in client.get("/ban-lam-viec/").content.decode()


def test_citizens_have_no_desk_and_visitors_sign_in_first(office, client):
    assert client.get("/ban-lam-viec/").status_code == 302
    signed_in(client, office.citizen)
    assert client.get("/ban-lam-viec/").status_code == 403


def test_the_page_stays_within_its_queries(desk, clerk_client, django_assert_max_num_queries):
    client, _ = clerk_client
    for number in range(40):
        desk.task(str(number), CENTRE, "one_stop_clerk", number)
    client.get("/ban-lam-viec/")
    with django_assert_max_num_queries(11):
        client.get("/ban-lam-viec/")
