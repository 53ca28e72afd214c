"""Who may open which page, how many queries it costs, and that no page fails to draw."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tinhso.core.access.models import Holding
from tinhso.core.api.actions import make_token
from tinhso.core.audit.actions import seal_day
from tinhso.core.audit.models import Entry
from tinhso.core.cases.models import ProcedureVersion, VersionPlan
from tinhso.core.console import policy
from tinhso.core.console.urls import urlpatterns
from tinhso.core.console.views import audit
from tinhso.core.events.models import Delivery, Event
from tinhso.core.orgs.models import Post
from tinhso.core.reorganisation.models import Reorganisation
from tinhso.core.reorganisation.plan import load
from tinhso.core.reorganisation.trial import look
from tinhso.core.ui.templatetags.ui import register  # noqa: F401  the tags are builtins

BUDGET = 12
AUDIT_PAGES = {"audit", "entry", "verification", "seals"}


@pytest.fixture
def moves(province):
    """A plan to move cases of the birth procedure to a version that was never in force."""
    version = ProcedureVersion.objects.get(procedure_id="1.001193", number=1)
    other = ProcedureVersion.objects.create(
        procedure_id="1.001193",
        number=2,
        hash="x",
        source=version.source,
        valid=DateRange(empty=True),
        published_at=timezone.now(),
        published_by="x",
    )
    return VersionPlan.objects.create(
        procedure_id="1.001193",
        frm=version,
        to=other,
        kind="migrate",
        state="draft",
        starts_on=timezone.localdate(),
        person_name="x",
        made_at=timezone.now(),
    )


def plan_of_units(person_id):
    """A reorganisation that was tried."""
    source = {"name": "Thử", "decision": "Nghị quyết", "on": "2030-01-01"}
    said = look(load(source), {}).plain()
    kept = {"name": "Thử", "text": "", "hash": "x", "on": "2030-01-01", "source": source, "trial": said}
    return Reorganisation.objects.create(author_id=person_id, author_name="x", **kept)


@pytest.fixture
def places(province, moves):
    """The address of every page that a GET opens, by its name."""
    post = Post.objects.get(unit=province.commune, code="chair")
    person = province.officer("chair").person_id
    holding = Holding.objects.get(post=post)
    unit = province.commune.id
    ids = {
        "unit": unit, "rename_unit": unit, "recode_unit": unit, "move_unit": unit, "close_unit": unit, "unit_contact": unit,
        "unit_calendar": unit, "create_post": unit, "post": post.id, "rename_post": post.id, "give_role": post.id,
        "appoint": post.id, "end_holding": holding.id, "person": person, "open_account": person, "why": person,
        "procedure": "1.001193", "edit_procedure": "1.001193", "version": ("1.001193", 1), "version_files": ("1.001193", 1),
        "plans": "1.001193", "make_plan": "1.001193", "compare_versions": ("1.001193", 1, 2), "plan": ("1.001193", moves.id),
        "calendar": "standard", "calendar_week": "standard", "calendar_day": ("standard", "2026-12-04"),
        "reorganisation": plan_of_units(person).id,
        "entry": Entry.objects.filter(object_kind="unit").latest("id").id,
    }  # fmt: skip
    plain = "overview units create_unit empty_posts people create_person procedures add_procedure calendars create_calendar "
    plain += "audit verification seals deliveries jobs keys make_key stuck idle reorganisations write_reorganisation"
    found = {name: reverse(f"console:{name}") for name in plain.split()}
    for name, args in ids.items():
        found[name] = reverse(f"console:{name}", args=args if isinstance(args, tuple) else [args])
    return found


@pytest.fixture
def troubled(province):
    """Something to show on every list."""
    event = Event.objects.create(at=timezone.now(), name="CaseChanged", subject_id="x", data={})
    Delivery.objects.create(
        event=event,
        handler="onestop.index_case",
        attempts=8,
        next_at=timezone.now(),
        dead=True,
        error="ValueError: x",
    )
    make_token(account_id=province.citizen.id, name="thử", actor=province.actor(province.administrator))
    seal_day(timezone.localdate() - timedelta(days=1), lambda digest: b"not a token")


def test_every_page_opens_for_the_administrator_within_its_queries(admin, places, troubled, warm):
    costs = {}
    for name, url in places.items():
        assert admin.get(url).status_code == 200, name
        with CaptureQueriesContext(connection) as seen:
            admin.get(url)
        costs[name] = len(seen)
    assert {name: cost for name, cost in costs.items() if cost > BUDGET} == {}


def test_every_page_is_in_the_table(places):
    posted = {
        "close_post", "reopen_post", "take_role", "reset_password", "lock_account", "unlock_account", "calendar_holidays",
        "retry_delivery", "retry_job", "end_key", "mend", "check_plan", "apply_plan", "revert_plan",
        "try_reorganisation", "decide_reorganisation", "begin_reorganisation", "revert_reorganisation",
        "discard_reorganisation",
    }  # fmt: skip
    assert {pattern.name for pattern in urlpatterns} == set(places) | posted


def test_the_auditor_opens_the_log_and_nothing_else(browser, only_auditor, places, troubled):
    client = browser(only_auditor)
    opened = {name for name, url in places.items() if client.get(url).status_code == 200}
    assert opened == AUDIT_PAGES | {"overview"}


def test_a_clerk_and_a_citizen_are_refused_and_a_visitor_signs_in(browser, province, places, client):
    for account in (province.account("one_stop_clerk"), province.citizen):
        inside = browser(account)
        assert {inside.get(url).status_code for url in places.values()} == {403}
    assert {client.get(url).status_code for url in places.values()} == {302}


def test_what_changes_something_wants_a_post(admin, places):
    person = reverse("console:lock_account", args=[admin.session["_auth_user_id"]])
    assert admin.get(person).status_code == 405


def test_an_auditor_of_a_district_sees_only_its_people(province, only_auditor):
    actor = province.actor(only_auditor)
    assert policy.audited_units(actor) is None
    grant = next(g for g in actor.grants if g.role == "auditor")
    narrow = type(actor)(grants=(type(grant)(grant.role, grant.unit_id, "H30.41", True, grant.permissions),))
    seen = policy.audited_units(narrow)
    assert str(province.commune.id) in seen
    assert str(province.units["H30"].id) not in seen
    assert audit.queries.entries(audit.EntryFilter(), actor=narrow).rows == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("units", "Units, posts"),
        ("procedures", "Version in force"),
        ("calendars", "Weekly working hours"),
        ("audit", "Audit log"),
    ],
)
def test_the_pages_read_in_english(admin, places, name, words):
    admin.cookies["ngon_ngu"] = "en"
    page = admin.get(places[name]).content.decode()
    assert 'lang="en"' in page
    assert words in page
