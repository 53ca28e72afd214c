"""Pickers against the directory of the province."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tinhso.core.forms.lookups import OrgPlaces
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Territory, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(settings) -> OrgPlaces:
    settings.ORGS_CACHE_SECONDS = 0
    province = Territory.objects.create(code="93", name="Tỉnh Hậu Giang", level="province")
    city = Territory.objects.create(code="930", name="Thành phố Vị Thanh", level="district", parent=province)
    for code, name in (("31318", "Phường I"), ("31321", "Phường III"), ("31333", "Xã Vị Tân")):
        Territory.objects.create(code=code, name=name, level="commune", parent=city)
    Unit.objects.create(code="H30.15", name="Sở Tư pháp", kind="department", path="H30.15")
    orgs.forget()
    return OrgPlaces()


def test_places_by_name(places: OrgPlaces) -> None:
    assert [p.code for p in places.find("territory", "vi tan")] == ["31333"]
    assert [p.code for p in places.find("territory", "Phường")] == ["31318", "31321"]
    assert places.find("territory", "  ") == []
    assert [p.code for p in places.find("unit", "tu phap")] == ["H30.15"]
    assert places.name("territory", "31318") == "Phường I, thành phố Vị Thanh, tỉnh Hậu Giang"
    assert places.name("unit", "H30.15") == "Sở Tư pháp"
    assert places.name("territory", "99999") == ""
    assert places.name("unit", "x") == ""


def test_fragment(places: OrgPlaces, client: Client) -> None:
    url = reverse("forms:find_territory")
    page = client.get(
        url, {"field": "residence-territory", "residence-territory-q": "vi tan"}
    ).content.decode()
    assert 'name="residence-territory" value="31333" checked' in page
    assert "Xã Vị Tân, thành phố Vị Thanh" in page
    assert "<html" not in page
    assert page.count("<input") == 1
    assert client.get(url, {"q": "phuong"}).content.decode().count("<input") == 2
    assert "Không tìm thấy" in client.get(url, {"q": "Cần Thơ"}).content.decode()
    assert client.get(url).content.decode().strip() == ""
    assert "Sở Tư pháp" in client.get(reverse("forms:find_unit"), {"q": "tư pháp"}).content.decode()


def test_fragment_is_safe(places: OrgPlaces, client: Client) -> None:
    url = reverse("forms:find_territory")
    page = client.get(url, {"field": '"><script>', "q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>" not in page
    assert client.post(url, {"q": "x"}).status_code == 405
