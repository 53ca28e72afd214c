"""A province's officials from one workbook, twice; and what asking for rights adds to a list of a million cases."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from datetime import date
from typing import Any

PEOPLE = 18_000
ROUNDS = 200
_HEAD = ("Họ và tên", "Số định danh", "Mã cán bộ", "Ngày sinh", "Email", "Đơn vị", "Chức danh", "Từ ngày")
_TITLES = ("Chuyên viên", "Văn thư", "Kế toán", "Phó trưởng phòng", "Cán sự")
_NAMES = ("Nguyễn Văn An", "Trần Thị Bích", "Lê Hoàng Nam", "Phạm Ngọc Hân", "Huỳnh Đức Hưởng", "Võ Thị Thu")


def workbook(people: int) -> bytes:
    """A list of officials over all open units; the same seed gives the same list, and no two people one number."""
    from openpyxl import Workbook

    from tinhso.core.orgs import queries as orgs

    rng = random.Random(93)
    units = [u.code for u in orgs.find_units("", limit=100_000)]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Cán bộ")
    sheet.append(["DANH SÁCH CÁN BỘ"])
    sheet.append(_HEAD)
    for n in range(people):
        born = date(1965 + n % 40, 1 + n % 12, 1 + n % 28)
        digit = 2 * (born.year // 100 - 19) + n % 2
        number = f"093{digit}{born.year % 100:02d}{n:06d}"
        mail = f"cb{n}@example.vn" if n % 5 else ""
        post = rng.choice(_TITLES)
        sheet.append(
            [rng.choice(_NAMES), number, f"CB{n:06d}", f"{born:%d/%m/%Y}", mail, units[n % len(units)], post, "01/01/2026"]
        )  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def imported(data: bytes) -> tuple[float, float, dict[str, int]]:
    """Seconds to read and judge every line, seconds to do them, and what came of them."""
    from bench import people
    from tinhso.core.jobs import actions as runs
    from tinhso.core.jobs.models import Run
    from tinhso.systems.accounts.actions import importing

    actor = people.actor("quantri")
    begun = time.perf_counter()
    run = importing.bring(actor=actor, data=data, name="bench.xlsx")
    importing.look_through(actor=actor, run=run, meant=run.data["meant"])
    runs.work(run.id)
    run.refresh_from_db()
    read = time.perf_counter() - begun
    wanted = Run.objects.get(id=run.result["url"].split("/")[-3])
    begun = time.perf_counter()
    importing.confirm(actor=actor, run=wanted, make_posts=True, invite=True)
    runs.work(wanted.id)
    wanted.refresh_from_db()
    if wanted.state != "done" or wanted.failed:
        raise RuntimeError(f"{wanted.state}: {wanted.failed} lines failed: {wanted.error}")
    return read, time.perf_counter() - begun, wanted.result["counts"]


def _median(act: Callable[[], Any]) -> float:
    times = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        act()
        times.append(time.perf_counter() - begun)
    return sorted(times)[ROUNDS // 2] * 1000


def rights(cases: int) -> dict[str, float]:
    """A page of an officer's cases with the rights asked (who is this, which posts, which units), and the same rows asked
    for by somebody who knows the units already."""
    from bench import lists, people
    from tinhso.core.access.queries import standing_of_account
    from tinhso.core.cases import policy
    from tinhso.core.cases.models import Case
    from tinhso.core.db.paging import page
    from tinhso.core.people.models import Account

    lists.fill(cases)
    account = Account.objects.get(username="hotich")
    units = policy.units_seen(people.actor("hotich"))
    rows = Case.objects.filter(competent_id__in=units).defer("state")

    def plain() -> Any:
        return page(rows, by=["-submitted_at", "-id"])

    def asked() -> Any:
        standing = standing_of_account(account.id)
        assert standing is not None
        seen = policy.units_seen(standing.actor())
        return page(Case.objects.filter(competent_id__in=seen).defer("state"), by=["-submitted_at", "-id"])

    for act in (plain, asked):
        act()
    without, with_rights = _median(plain), _median(asked)
    return {
        "accounts.list without rights ms": without,
        "accounts.list with rights ms": with_rights,
        "accounts.rights add": with_rights / without - 1,
    }


def run(people: int = PEOPLE, cases: int = 1_000_000) -> dict[str, float]:
    data = workbook(people)
    read, done, counts = imported(data)
    again_read, again, same = imported(data)
    if set(same) != {"same"}:
        raise RuntimeError(f"the same list changed something: {same}")
    return {
        "accounts.people": people,
        "accounts.new": counts.get("new", 0),
        "accounts.read s": read,
        "accounts.import s": done,
        "accounts.import of 18000 s": (read + done) * PEOPLE / people,
        "accounts.again s": again_read + again,
        **rights(cases),
    }
