"""Drafts: saved at every step, never overwritten unseen, private to their owner, sent once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from tinhso.core.access.actor import VISITOR, Actor
from tinhso.core.audit.models import Entry
from tinhso.core.db.batch import Batch
from tinhso.core.files.models import StoredFile
from tinhso.core.forms import actions, queries
from tinhso.core.forms.errors import AlreadySubmitted
from tinhso.core.forms.models import Draft
from tinhso.core.forms.policy import FILE_PURPOSE, may_open_file
from tinhso.core.forms.tests.sample import env, sample_form
from tinhso.core.forms.tests.test_answers import post_about
from tinhso.core.people.models import Person
from tinhso.kit.errors import Forbidden, NotFound, Refusal

pytestmark = pytest.mark.django_db
FORM = sample_form()
ENV = env()


def person(name: str = "Trần Thị Bưởi") -> Person:
    return Person.objects.create(full_name=name, folded_name=name.lower())


def acting(who: Person) -> Actor:
    return Actor(person_id=who.id, name=who.full_name)


@pytest.fixture
def citizen() -> Actor:
    return acting(person())


@pytest.fixture
def draft(citizen: Actor) -> Draft:
    return actions.start(code="9.999999", form=FORM, env=ENV, actor=citizen, owner_id=citizen.person_id)


def save(
    draft: Draft, post: Any, actor: Actor, page: str = "about", version: int | None = None
) -> actions.Saved:
    return actions.save_page(
        draft.id, page, post, form=FORM, env=ENV, actor=actor, expected_version=version or draft.version
    )


def test_a_draft_starts_with_what_is_known(draft: Draft, citizen: Actor) -> None:
    stored = queries.draft(draft.id, actor=citizen)
    assert stored.answers["full_name"] == "Trần Thị Bưởi"
    assert stored.definition_hash == FORM.hash
    assert [d.id for d in queries.open_drafts(citizen)] == [draft.id]
    assert Entry.objects.filter(act="forms.start", object_id=str(draft.id)).count() == 1


def test_visitors_sign_in_first() -> None:
    with pytest.raises(Forbidden):
        actions.start(code="x", form=FORM, env=ENV, actor=VISITOR)
    assert queries.open_drafts(VISITOR) == []


def test_a_page_is_kept(draft: Draft, citizen: Actor) -> None:
    saved = save(draft, post_about(), citizen)
    assert saved.goes_on
    stored = Draft.objects.get(id=draft.id)
    assert (stored.version, stored.page, stored.seen) == (2, "about", ["about"])
    assert stored.answers["birth"] == "1990-02-03"
    assert stored.answers["residence"]["territory_name"] == "Xã Vị Tân, thành phố Vị Thanh"


def test_a_wrong_page_is_kept_too(draft: Draft, citizen: Actor) -> None:
    saved = save(draft, post_about(birth="31/2/1990"), citizen)
    assert not saved.goes_on
    assert set(saved.shown_errors) == {"birth"}
    stored = Draft.objects.get(id=draft.id)
    assert stored.raw == {"birth": "31/2/1990"}
    assert "birth" not in stored.answers
    fixed = save(stored, post_about(), citizen)
    assert fixed.goes_on
    assert Draft.objects.get(id=draft.id).raw == {}


def test_control_characters_do_not_break_the_database(draft: Draft, citizen: Actor) -> None:
    save(draft, post_about(full_name="A\x00\ud800B", identity="\x00"), citizen)
    assert Draft.objects.get(id=draft.id).answers["full_name"] == "AB"


def test_a_stale_save_overwrites_nothing_and_shows_what_was_typed(draft: Draft, citizen: Actor) -> None:
    save(draft, post_about(email="first@example.vn"), citizen)
    late = save(draft, post_about(email="second@example.vn", birth="khoảng 1990"), citizen, version=1)
    assert late.stale
    assert not late.goes_on
    assert late.answers["email"] == "second@example.vn"
    assert late.raw == {"birth": "khoảng 1990"}
    assert late.draft.version == 2
    assert Draft.objects.get(id=draft.id).answers["email"] == "first@example.vn"
    again = save(late.draft, post_about(email="second@example.vn"), citizen)
    assert not again.stale
    assert Draft.objects.get(id=draft.id).answers["email"] == "second@example.vn"


def test_the_same_page_twice_is_one_save(draft: Draft, citizen: Actor) -> None:
    save(draft, post_about(), citizen)
    twice = save(draft, post_about(), citizen, version=1)
    assert not twice.stale
    assert twice.goes_on
    assert Draft.objects.get(id=draft.id).version == 2


def test_rows_are_added_and_removed(draft: Draft, citizen: Actor) -> None:
    saved = save(draft, {"married": "no", "children-add": "1"}, citizen, "family")
    assert saved.draft.answers["children"] == [{}]
    assert not saved.goes_on
    assert saved.shown_errors == {}
    post = {"married": "no", "children-0-name": "An", "children-0-birth": "x", "children-add": "1"}
    saved = save(saved.draft, post, citizen, "family")
    assert saved.draft.answers["children"] == [{"name": "An"}, {}]
    saved = save(saved.draft, {"married": "no", "children-0-remove": "1"}, citizen, "family")
    assert saved.draft.answers["children"] == [{}]
    assert saved.draft.raw == {}


def test_adding_a_row_twice_from_one_page_adds_one(draft: Draft, citizen: Actor) -> None:
    save(draft, {"married": "no", "children-add": "1"}, citizen, "family")
    again = save(draft, {"married": "no", "children-add": "1"}, citizen, "family", version=1)
    assert again.stale
    assert Draft.objects.get(id=draft.id).answers["children"] == [{}]


def test_others_see_nothing(draft: Draft) -> None:
    stranger = acting(person("Ai Khác"))
    for attempt in (
        lambda: queries.draft(draft.id, actor=stranger),
        lambda: save(draft, {}, stranger),
        lambda: actions.discard(draft.id, actor=stranger),
        lambda: actions.attach(draft.id, "p", uuid4(), actor=stranger),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert queries.open_drafts(stranger) == []


def test_a_clerk_fills_in_for_a_walk_in() -> None:
    clerk, walk_in = acting(person("Cán bộ")), person("Người đến nộp")
    draft = actions.start(code="x", form=FORM, env=env(channel="counter"), actor=clerk)
    assert draft.owner_id is None
    actions.assign_owner(draft.id, owner_id=walk_in.id, actor=clerk)
    assert queries.draft(draft.id, actor=acting(walk_in)).channel == "counter"
    with pytest.raises(Refusal):
        actions.assign_owner(draft.id, owner_id=person("Khác").id, actor=clerk)


def stored_file(actor: Actor, purpose: str = "x.y") -> StoredFile:
    return StoredFile.objects.create(
        sha256="a" * 64,
        size=1,
        media_type="application/pdf",
        name="a.pdf",
        purpose=purpose,
        uploaded_by=actor.person_id,
    )


def test_files_of_papers(draft: Draft, citizen: Actor) -> None:
    one, two = stored_file(citizen), stored_file(citizen)
    actions.attach(draft.id, "birth_proof", one.id, actor=citizen)
    actions.attach(draft.id, "birth_proof", one.id, actor=citizen)
    after = actions.attach(draft.id, "birth_proof", two.id, actor=citizen)
    assert after.files == {"birth_proof": [str(one.id), str(two.id)]}
    actions.detach(draft.id, "birth_proof", one.id, actor=citizen)
    after = actions.detach(draft.id, "birth_proof", two.id, actor=citizen)
    assert after.files == {}
    assert Draft.objects.get(id=draft.id).files == {}
    with pytest.raises(NotFound):
        actions.attach(draft.id, "birth_proof", stored_file(acting(person("Khác"))).id, actor=citizen)


def test_a_paper_takes_a_limited_number_of_files(
    draft: Draft, citizen: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_FILES", 1)
    actions.attach(draft.id, "p", stored_file(citizen).id, actor=citizen)
    with pytest.raises(Refusal, match="nhiều nhất"):
        actions.attach(draft.id, "p", stored_file(citizen).id, actor=citizen)


def test_files_of_a_draft_open_for_its_people_only(draft: Draft, citizen: Actor) -> None:
    stored = stored_file(acting(person("Máy quét")), f"{FILE_PURPOSE}{draft.id}")
    assert may_open_file(citizen, stored)
    assert not may_open_file(acting(person("Khác")), stored)
    assert not may_open_file(citizen, stored_file(citizen, f"{FILE_PURPOSE}x"))


def test_a_draft_is_sent_once(draft: Draft, citizen: Actor) -> None:
    with transaction.atomic():
        taken = actions.take_for_filing(draft.id, actor=citizen)
        batch = Batch()
        actions.close(batch, taken, case_key="H30.01-1", actor=citizen)
        batch.send()
    with transaction.atomic(), pytest.raises(AlreadySubmitted) as caught:
        actions.take_for_filing(draft.id, actor=citizen)
    assert caught.value.case_key == "H30.01-1"
    with pytest.raises(AlreadySubmitted):
        save(draft, post_about(), citizen)
    assert queries.open_drafts(citizen) == []
    assert queries.draft(draft.id, actor=citizen).case_key == "H30.01-1"


def test_discarding_leaves_only_the_note(draft: Draft, citizen: Actor) -> None:
    actions.discard(draft.id, actor=citizen)
    assert not Draft.objects.exists()
    entry = Entry.objects.get(act="forms.discard")
    assert entry.data == {"code": "9.999999"}


def test_the_log_holds_no_answers(draft: Draft, citizen: Actor) -> None:
    save(draft, post_about(), citizen)
    entry = Entry.objects.get(act="forms.save_page")
    assert entry.data == {"page": "about", "errors": 0, "version": 2}


def test_a_save_is_a_fixed_number_of_statements(
    draft: Draft, citizen: Actor, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(4) as seen:
        save(draft, post_about(), citizen)
    assert len(seen) <= 4
    assert connection.in_atomic_block
