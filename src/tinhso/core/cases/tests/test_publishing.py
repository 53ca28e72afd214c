"""Publishing a version: who may, and what is kept of it."""

from __future__ import annotations

from datetime import date

import pytest

from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.cases.actions.publish import publish
from tinhso.core.cases.models import ProcedureVersion, VersionFiles
from tinhso.core.procedures.catalog import Catalog
from tinhso.core.procedures.files import files_in
from tinhso.core.procedures.tests.sample import BIRTH, CATALOG, ROLES
from tinhso.kit.errors import Forbidden


@pytest.mark.django_db
def test_publishing_needs_the_right_and_keeps_the_files():
    source, files = Catalog(CATALOG, ROLES).source(BIRTH), files_in(BIRTH)
    with pytest.raises(Forbidden):
        publish(source, actor=Actor(name="Ai đó"), files=files)
    done = publish(source, actor=system_actor("test"), files=files, valid_from=date(2026, 8, 1))
    assert VersionFiles.objects.get(version=done.version).files == files
    assert done.version.valid.lower == date(2026, 8, 1)
    again = publish(source, actor=system_actor("test"), files=files)
    assert not again.changed
    assert ProcedureVersion.objects.count() == 1
