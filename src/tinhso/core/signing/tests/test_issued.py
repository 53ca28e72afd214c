"""Issued papers and the pages where anybody checks them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.audit.models import Entry
from tinhso.core.db.batch import Batch
from tinhso.core.files import disk
from tinhso.core.files.tests import samples
from tinhso.core.signing import actions, queries
from tinhso.core.signing.documents import Prepared, prepare
from tinhso.core.signing.models import IssuedDocument
from tinhso.core.signing.rules import mask_name, new_code, spell_code
from tinhso.core.signing.tests.conftest import AGENCY, CHAIR, PAPER, SIGN
from tinhso.core.signing.verify import verify_pdf
from tinhso.kit.errors import Refusal

ACTOR = Actor(person_id=uuid4(), name="Lê Hoàng Phúc")
pytestmark = pytest.mark.django_db


def issue(content: bytes, title: str = "Giấy khai sinh") -> IssuedDocument:
    with transaction.atomic():
        batch = Batch()
        document = actions.issue_prepared(
            Prepared(new_code(), content),
            name="giay-khai-sinh.pdf",
            purpose="test.result:1",
            kind="result",
            title=title,
            about=mask_name("Nguyễn Thị Ánh Tuyết"),
            case_code="H30.12-261123-0007",
            issuer_name="UBND Phường I",
            signer_name="Trần Thị Mỹ Hạnh",
            signer_title="Chủ tịch",
            actor=ACTOR,
            batch=batch,
        )
        batch.send()
    return document


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


def page(client, code: str) -> str:
    return client.get(f"/v/{code}/").content.decode()


def test_prepare_prints_its_own_code(trust):
    source = PAPER + "\n#verify-note(d.verify_qr, d.verify_url)"
    prepared = prepare(source, {"name": "Nguyễn Văn Thử"}, signer=CHAIR, agency=AGENCY, **SIGN)
    assert verify_pdf(prepared.pdf).verdict == "valid"
    assert len(prepared.code) == 18


def test_a_paper_is_found_by_code_and_by_file(signed: bytes):
    document = issue(signed)
    assert queries.by_code(spell_code(document.code).lower()) == document
    assert queries.by_sha256(document.sha256) == document
    assert queries.of_case("H30.12-261123-0007") == [document]
    assert Entry.objects.filter(act="signing.issue", object_id=str(document.id)).count() == 1


def test_the_page_of_a_code_says_valid_and_nothing_personal(client, signed: bytes):
    document = issue(signed)
    shown = page(client, document.code)
    assert "là thật và còn giá trị" in shown
    assert "Trần Thị Mỹ Hạnh" in shown
    assert "Nguyễn T. Á. T." in shown
    assert "Ánh Tuyết" not in shown
    assert "/tep/" not in shown


def test_an_unknown_code_says_so(client):
    answer = client.get("/v/AAAAAA-AAAAAA-AAAAAA/")
    assert answer.status_code == 404
    assert "Không có giấy tờ với mã này" in answer.content.decode()


def test_a_revoked_paper_says_so_once_and_for_all(client, signed: bytes):
    document = issue(signed)
    actions.revoke(document, reason="Cấp sai thẩm quyền.", actor=system_actor("test"))
    shown = page(client, document.code)
    assert "đã bị thu hồi" in shown
    assert "Cấp sai thẩm quyền." in shown
    with pytest.raises(Refusal):
        actions.revoke(document, reason="lần nữa", actor=system_actor("test"))


def test_a_replaced_paper_leads_to_the_new_one(client, signed: bytes):
    old, new = issue(signed), issue(signed, "Giấy khai sinh (cấp lại)")
    actions.replace(old, by=new, reason="Sửa họ tên.", actor=system_actor("test"))
    shown = page(client, old.code)
    assert "đã được thay thế" in shown
    assert f"/v/{new.code}/" in shown


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_stored_file_that_changed_is_never_called_valid(client, signed: bytes, damage: str):
    document = issue(signed + b"\n" * (1 if damage == "changed" else 2))
    assert "là thật" in page(client, document.code)
    path = disk.path_of(document.sha256)
    path.unlink()
    if damage == "changed":
        path.write_bytes(signed[:-20] + b"x" * 20)
    shown = page(client, document.code)
    assert "là thật" not in shown
    assert "Không xác nhận được giấy tờ này" in shown


def send(client, content: bytes, name: str = "a.pdf"):
    return client.post("/kiem-tra/", {"file": SimpleUploadedFile(name, content, "application/pdf")})


def test_an_uploaded_paper_is_judged_and_not_kept(client, signed: bytes):
    document = issue(signed)
    answer = send(client, signed)
    shown = answer.content.decode()
    assert "Chữ ký hợp lệ" in shown
    assert f"/v/{document.code}/" in shown
    from tinhso.core.files.models import StoredFile

    assert StoredFile.objects.count() == 1


def test_an_uploaded_paper_without_signature(client):
    assert "không có chữ ký số" in send(client, samples.pdf()).content.decode()


@pytest.mark.parametrize("content", [b"", samples.picture(), samples.pdf_with_script()])
def test_an_upload_that_cannot_be_checked_is_refused_in_words(client, content: bytes):
    answer = send(client, content)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.content.decode()


def test_a_typed_code_leads_to_its_page(client):
    answer = client.post("/kiem-tra/", {"code": "7kqm2x w9chtr-b4vn3z"})
    assert (answer.status_code, answer["Location"]) == (302, "/v/7KQM2XW9CHTRB4VN3Z/")
    assert client.post("/kiem-tra/", {"code": "xyz"}).status_code == 422


def test_the_root_certificate_is_there_to_take(client, trust):
    answer = client.get("/chung-thu-goc.crt")
    assert answer.content.startswith(b"-----BEGIN CERTIFICATE-----")
