"""Signing: a number that is never lost or doubled, a paper that is signed or not there, many at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tinhso.core.cases.choices import Status
from tinhso.core.db.models import Series
from tinhso.core.files.models import StoredFile
from tinhso.core.files.queries import content
from tinhso.core.signing.errors import TrustUnavailable
from tinhso.core.signing.models import IssuedState
from tinhso.core.signing.verify import verify_pdf
from tinhso.core.testing.province import SmallProvince
from tinhso.kit.errors import Forbidden, Refusal, Stale
from tinhso.systems.onestop.actions import staff as actions
from tinhso.systems.onestop.actions.staff import sign_result
from tinhso.systems.onestop.tests.staff_world import Staff, papers, signing_token, trust_service

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def trust() -> Iterator[None]:
    with trust_service():
        yield


@pytest.mark.usefixtures("trust")
def test_result_is_signed_sealed_numbered_and_delivered(province: SmallProvince) -> None:
    staff = Staff.file(province).drafted()
    chair = staff.actor("chair")
    done = sign_result(staff.case.id, signing_token(staff), actor=chair)
    assert done.state.status == Status.DONE
    result = done.state.result
    assert result is not None
    assert result.number.startswith("1/")
    report = verify_pdf(content(StoredFile.objects.get(id=result.document)))
    assert report.verdict == "valid"
    assert [s.signer for s in report.signatures] == [chair.name, province.commune.name]
    (paper,) = papers(staff)
    assert (paper.code, paper.state, paper.signer_name) == (result.issued_code, IssuedState.VALID, chair.name)


def test_without_trust_service_nothing_is_lost_and_the_number_is_kept(province: SmallProvince) -> None:
    staff = Staff.file(province).drafted()
    other = Staff.file(province).drafted()
    chair = staff.actor("chair")
    with override_settings(TRUST_URL=NOWHERE):
        for _ in range(2):
            with pytest.raises(TrustUnavailable) as refusal:
                sign_result(staff.case.id, signing_token(staff), actor=chair)
            assert refusal.value.status == 503
    state = staff.state
    assert (state.status, state.result, papers(staff)) == (Status.PROCESSING, None, [])
    assert state.number.startswith("1/")
    with trust_service():
        assert sign_result(other.case.id, signing_token(other), actor=chair).state.number.startswith("2/")
        assert sign_result(staff.case.id, signing_token(staff), actor=chair).state.number == state.number
    assert Series.objects.get(key__startswith="result:birth:").last == 2


@pytest.mark.usefixtures("trust")
def test_a_refusal_is_a_signed_result_too(province: SmallProvince) -> None:
    staff = Staff.file(province).handed_over()
    staff.do(
        "propose_refusal", "civil_status_officer", reason="Không đủ điều kiện", ground="Luật Hộ tịch 2014"
    )
    done = sign_result(staff.case.id, signing_token(staff), actor=staff.actor("chair"))
    assert done.state.result is not None
    assert (done.state.status, done.state.result.kind) == (Status.DONE, "refusal")


def test_only_who_may_sign_signs(province: SmallProvince) -> None:
    staff = Staff.file(province).drafted()
    for role in ("civil_status_officer", "one_stop_clerk"):
        with pytest.raises(Forbidden):
            sign_result(staff.case.id, signing_token(staff), actor=staff.actor(role))
    with pytest.raises(Refusal) as refusal:
        sign_result(staff.case.id, signing_token(staff), actor=staff.actor("chair", "H30.41.26"))
    assert refusal.value.status == 404
    assert staff.state.number == ""
    assert not Series.objects.filter(key__startswith="result:").exists()


def test_a_page_seen_before_the_last_change_does_not_sign(province: SmallProvince) -> None:
    staff = Staff.file(province).drafted()
    seen = staff.state.seq
    staff.do("note", "civil_status_officer", text="Xem lại tên mẹ")
    with pytest.raises(Stale):
        sign_result(staff.case.id, signing_token(staff), actor=staff.actor("chair"), seen_seq=seen)


def test_stray_papers_of_a_crash_are_taken_back(province: SmallProvince) -> None:
    """A crash between issuing and signing leaves a paper no case holds; the next signing revokes it."""
    staff = Staff.file(province).drafted()
    chair = staff.actor("chair")
    with trust_service():
        file = actions._numbered(staff.open("chair"))
        stray = actions._issue_result(file, actions._prepare_result(file, chair), chair)
        done = sign_result(staff.case.id, signing_token(staff), actor=chair)
    stray.refresh_from_db()
    assert stray.state == IssuedState.REVOKED
    assert done.state.number == file.state.number
