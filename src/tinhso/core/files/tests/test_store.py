"""Keeping files: the bytes before the row, once per content, nothing half-written when the disk is full."""

from __future__ import annotations

import hashlib
import io
import os
import resource
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import transaction

from tinhso.core.access.actor import VISITOR, Actor
from tinhso.core.audit.models import Entry
from tinhso.core.db.batch import Batch
from tinhso.core.files import disk, queries
from tinhso.core.files.actions import store, store_made
from tinhso.core.files.errors import FileRefused, NoSpace
from tinhso.core.files.models import StoredFile
from tinhso.core.files.policy import may_open
from tinhso.core.files.slots import FILE_POLICIES, FilePolicy
from tinhso.core.files.tests import samples

CITIZEN = Actor(person_id=uuid4(), name="Nguyễn Văn Thử")
OTHER = Actor(person_id=uuid4(), name="Trần Thị Khác")


@pytest.fixture(autouse=True)
def files_root(tmp_path: Path, settings) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


def on_disk(root: Path) -> list[Path]:
    return [p for p in root.rglob("*") if p.is_file() and p.name != ".lock"]


@pytest.mark.django_db
def test_a_file_is_kept_and_read_again():
    content = samples.pdf(2)
    stored = store(content, name="giấy.pdf", actor=CITIZEN, purpose="test.paper:1")
    again = StoredFile.objects.get(id=stored.id)
    assert (again.name, again.pages, again.size, again.uploaded_by) == (
        "giấy.pdf",
        2,
        len(content),
        CITIZEN.person_id,
    )
    assert again.sha256 == hashlib.sha256(content).hexdigest()
    assert queries.content(again) == content
    entry = Entry.objects.get(object_id=str(stored.id))
    assert (entry.act, entry.data["sha256"]) == ("files.store", again.sha256)


@pytest.mark.django_db
def test_equal_content_lies_on_disk_once(files_root: Path):
    content = samples.pdf()
    first = store(content, name="a.pdf", actor=CITIZEN, purpose="test.a")
    second = store(content, name="b.pdf", actor=OTHER, purpose="test.b")
    assert first.id != second.id
    assert len(on_disk(files_root)) == 1


@pytest.mark.django_db
def test_a_refused_file_leaves_nothing(files_root: Path):
    with pytest.raises(FileRefused):
        store(samples.pdf_with_script(), name="a.pdf", actor=CITIZEN, purpose="test.a")
    assert not StoredFile.objects.exists()
    assert not files_root.exists()


@pytest.mark.django_db
def test_a_row_never_points_at_nothing_and_orphans_are_cleaned(files_root: Path):
    kept = store(samples.pdf(1), name="a.pdf", actor=CITIZEN, purpose="test.a")
    with pytest.raises(RuntimeError), transaction.atomic():
        batch = Batch()
        lost = store(samples.pdf(2), name="b.pdf", actor=CITIZEN, purpose="test.b", batch=batch)
        batch.send()
        assert disk.path_of(lost.sha256).exists()
        raise RuntimeError
    orphan = disk.path_of(lost.sha256)
    call_command("clean_files", verbosity=0)
    assert orphan.exists(), "a fresh orphan may belong to a transaction that has not committed"
    long_ago = time.time() - 2 * 86400
    for path in on_disk(files_root):
        os.utime(path, (long_ago, long_ago))
    call_command("clean_files", verbosity=0)
    assert not orphan.exists()
    assert disk.path_of(kept.sha256).exists()


def test_storing_again_what_is_about_to_be_cleaned_keeps_it(files_root: Path):
    sha256, _size = disk.write(io.BytesIO(b"again"))
    long_ago = time.time() - 2 * 86400
    os.utime(disk.path_of(sha256), (long_ago, long_ago))
    disk.write(io.BytesIO(b"again"))
    assert disk.remove_orphans(set(), older_than=86400) == 0
    assert disk.path_of(sha256).exists()


def test_a_full_disk_keeps_nothing_and_says_so(files_root: Path):
    """A child process may write 100 kB at most, as on a full disk; the file has 1 MB."""
    script = """
        import io, os, sys
        from django.conf import settings
        settings.configure(FILES_ROOT=sys.argv[1], USE_I18N=False)
        from tinhso.core.files import disk
        from tinhso.core.files.errors import NoSpace
        try:
            disk.write(io.BytesIO(os.urandom(1_000_000)))
        except NoSpace as refusal:
            print(refusal.code, refusal.status, "thử lại" in refusal.message)
    """

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    run = subprocess.run(
        [sys.executable, "-B", "-c", textwrap.dedent(script), str(files_root)],
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.stdout.split() == ["no_space", "507", "True"], run.stderr
    assert on_disk(files_root) == []


def test_a_folder_that_may_not_be_written_refuses_clearly(files_root: Path):
    files_root.parent.joinpath("files").write_text("in the way")
    with pytest.raises(NoSpace):
        disk.write(io.BytesIO(b"x"))


@pytest.fixture
def policy(monkeypatch: pytest.MonkeyPatch) -> None:
    def add(prefix: str, answer: bool) -> None:
        monkeypatch.setitem(FILE_POLICIES._items, prefix, FilePolicy(prefix, lambda _actor, _stored: answer))

    add("test.", False)
    add("test.open", True)


@pytest.mark.usefixtures("policy")
@pytest.mark.parametrize(
    ("purpose", "actor", "allowed"),
    [
        ("test.paper:1", CITIZEN, True),
        ("test.paper:1", OTHER, False),
        ("test.paper:1", VISITOR, False),
        ("test.open:1", OTHER, True),
        ("unknown.kind", OTHER, False),
        ("unknown.kind", CITIZEN, True),
    ],
)
def test_who_may_open(purpose: str, actor: Actor, allowed: bool):
    stored = StoredFile(purpose=purpose, uploaded_by=CITIZEN.person_id)
    assert may_open(actor, stored) is allowed


def test_a_file_without_uploader_belongs_to_no_visitor():
    assert not may_open(VISITOR, StoredFile(purpose="x.y", uploaded_by=None))


@pytest.mark.django_db
def test_the_address_of_a_file(rf, monkeypatch: pytest.MonkeyPatch):
    from django.http import Http404

    from tinhso.core.files.views import send

    stored = store(samples.pdf(), name="giấy khai.pdf", actor=CITIZEN, purpose="test.paper")

    def ask(actor: Actor, address: str = "/tep/"):
        request = rf.get(address)
        request.actor = actor
        return send(request, file_id=stored.id)

    own = ask(CITIZEN)
    assert b"".join(own.streaming_content) == samples.pdf() or own.status_code == 200
    assert own["X-Content-Type-Options"] == "nosniff"
    assert own["Content-Disposition"].startswith("inline")
    assert "gi%E1%BA%A5y%20khai.pdf" in own["Content-Disposition"]
    assert ask(CITIZEN, "/tep/?tai-ve")["Content-Disposition"].startswith("attachment")
    with pytest.raises(Http404):
        ask(OTHER)
    assert ask(VISITOR).status_code == 302


@pytest.mark.django_db
def test_files_that_browsers_may_run_are_only_downloaded(rf):
    from tinhso.core.files.views import send

    stored = store_made(
        b"<?xml?>", name="a.xml", media_type="application/xml", actor=CITIZEN, purpose="test.a"
    )
    request = rf.get("/tep/")
    request.actor = CITIZEN
    assert send(request, file_id=stored.id)["Content-Disposition"].startswith("attachment")
