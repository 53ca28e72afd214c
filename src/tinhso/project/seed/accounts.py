"""The accounts people try the demonstration with; one shared password, told when the province is seeded."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import transaction
from django.utils import timezone

from tinhso.core.access.models import Holding
from tinhso.core.orgs.models import Unit
from tinhso.core.people.models import Account, Mandate, Person
from tinhso.core.people.rules import is_minor
from tinhso.project.seed.people import SHOWN_COMMUNE

DEMO_PASSWORD = "tinhso2026"  # noqa: S105 - public on purpose: demonstration data only
_WARD, _CENTRE = "H30.41.21", "H30.01"


@dataclass(frozen=True, slots=True)
class DemoPost:
    """A demonstration account of whoever holds a post."""

    username: str
    role: str
    unit: str
    post: str


DEMO_POSTS = (
    DemoPost("motcua", "Cán bộ một cửa", f"{_WARD}.01", "one_stop_clerk"),
    DemoPost(
        "truongmotcua", "Phó Chủ tịch, phụ trách một cửa (giữ hai vị trí)", f"{_WARD}.01", "centre_head"
    ),
    DemoPost("thungan", "Thu ngân", f"{_WARD}.01", "cashier"),
    DemoPost("hotich", "Công chức tư pháp - hộ tịch", _WARD, "civil_status_officer"),
    DemoPost("kinhdoanh", "Công chức đăng ký hộ kinh doanh", _WARD, "business_officer"),
    DemoPost("xaydung", "Công chức xây dựng", _WARD, "construction_officer"),
    DemoPost("diachinh", "Công chức địa chính", _WARD, "land_officer"),
    DemoPost("xahoi", "Công chức văn hóa - xã hội", _WARD, "social_officer"),
    DemoPost("giaoduc", "Công chức phụ trách giáo dục", _WARD, "education_officer"),
    DemoPost("vanthu", "Văn thư", _WARD, "document_clerk"),
    DemoPost("chutich", "Chủ tịch phường, người ký", _WARD, "chair"),
    DemoPost("motcuatinh", "Cán bộ một cửa cấp tỉnh", _CENTRE, "one_stop_clerk"),
    DemoPost("giamdoctrungtam", "Giám đốc Trung tâm hành chính công", _CENTRE, "centre_head"),
    DemoPost("moitruong", "Chuyên viên môi trường", "H30.11", "environment_officer"),
    DemoPost("giamdocmoitruong", "Giám đốc Sở Tài nguyên và Môi trường, người ký", "H30.11", "head"),
    DemoPost("datdai", "Chuyên viên đăng ký đất đai", "H30.12", "land_officer"),
    DemoPost("giamdocdatdai", "Giám đốc Văn phòng Đăng ký đất đai, người ký", "H30.12", "head"),
    DemoPost("sogiaoduc", "Chuyên viên Sở Giáo dục và Đào tạo", "H30.17", "education_officer"),
    DemoPost("giamdocgiaoduc", "Giám đốc Sở Giáo dục và Đào tạo, người ký", "H30.17", "head"),
    DemoPost("congan", "Cán bộ công an phường, đăng ký cư trú", f"{_WARD}.02", "police_officer"),
    DemoPost("truongcongan", "Trưởng Công an phường, người ký", f"{_WARD}.02", "head"),
    DemoPost("baohiem", "Viên chức bảo hiểm xã hội, cấp thẻ", "H30.41.15", "insurance_officer"),
    DemoPost("giamdocbaohiem", "Giám đốc Bảo hiểm xã hội thành phố, người ký", "H30.41.15", "head"),
    DemoPost("sonongnghiep", "Giám đốc Sở Nông nghiệp, trả lời ý kiến", "H30.08", "head"),
    DemoPost("sogiaothong", "Giám đốc Sở Giao thông vận tải, trả lời ý kiến", "H30.09", "head"),
    DemoPost("soxaydung", "Giám đốc Sở Xây dựng, trả lời ý kiến", "H30.10", "head"),
    DemoPost("sovanhoa", "Giám đốc Sở Văn hóa, trả lời ý kiến và ký", "H30.15", "head"),
    DemoPost("vanhoa", "Chuyên viên văn hóa", "H30.15", "culture_officer"),
    DemoPost("congantinh", "Giám đốc Công an tỉnh, trả lời ý kiến", "H30.21", "head"),
    DemoPost("hoidong", "Ủy viên Hội đồng thẩm định môi trường", "H30.11", "council_member"),
    DemoPost("chutichtinh", "Chủ tịch tỉnh", "H30", "chair"),
    DemoPost("quantri", "Quản trị hệ thống", "H30", "administrator"),
    DemoPost("kiemtra", "Kiểm tra, giám sát", "H30", "auditor"),
)
DEMO_CITIZENS = (
    ("congdan", "Công dân, có con nhỏ"),
    ("congdan2", "Công dân khác"),
)


def seed_accounts() -> int:
    """Give the demonstration accounts their names and the shared password; existing ones are left alone.

    An official's account is the one the seeding made without password; it gets a name one can remember.
    """
    known = set(Account.objects.values_list("username", flat=True))
    if known >= {d.username for d in DEMO_POSTS} | {name for name, _ in DEMO_CITIZENS}:
        return 0
    hashed = make_password(
        DEMO_PASSWORD
    )  # one for all: hashing is slow by design and this password is public
    made, no_password = 0, {"password__startswith": UNUSABLE_PASSWORD_PREFIX}
    with transaction.atomic():
        for demo in DEMO_POSTS:
            if demo.username not in known and (person_id := _first_holder(demo)):
                made += Account.objects.filter(person_id=person_id, **no_password).update(
                    username=demo.username, password=hashed
                )
        missing = [name for name, _ in DEMO_CITIZENS if name not in known]
        for username, person in zip(missing, _parents_shown(len(missing)), strict=False):
            Account.objects.create(username=username, person=person, password=hashed)
            made += 1
    return made


def demo_accounts() -> list[tuple[str, str, str]]:
    """(user name, role in plain words, unit) of every demonstration account that exists, citizens first."""
    there = set(Account.objects.values_list("username", flat=True))
    units = dict(Unit.objects.filter(code__in={d.unit for d in DEMO_POSTS}).values_list("code", "name"))
    found = [(name, role, "") for name, role in DEMO_CITIZENS if name in there]
    return found + [
        (d.username, d.role, units.get(d.unit, d.unit)) for d in DEMO_POSTS if d.username in there
    ]


def _first_holder(demo: DemoPost) -> UUID | None:
    held = Holding.objects.filter(post__unit__code=demo.unit, post__code=demo.post).order_by(
        "valid_from", "id"
    )
    return held.values_list("person_id", flat=True).first()


def _parents_shown(count: int) -> list[Person]:
    """Parents of a minor in the commune shown who have no account yet, one of each family."""
    mandates = Mandate.objects.filter(
        kind="parent",
        agent__territory_code=SHOWN_COMMUNE,
        agent__sex="M",
        agent__accounts__isnull=True,
        agent__identities__kind="citizen",
    ).select_related("agent", "principal")
    found: dict[object, Person] = {}
    for mandate in mandates.order_by("agent_id", "id"):
        if is_minor(mandate.principal.birth, timezone.localdate()):
            found.setdefault(mandate.agent_id, mandate.agent)
    return list(found.values())[:count]
