"""A plan from a table of territories, old and new, as resolutions on communes are published.

Columns: `old_code, new_code, new_name, how` and, when the province changes too, `old_province_code,
new_province_code, new_province`; `how` containing "một phần" means a part. The table says nothing of agencies: every
commune's People's Committee follows its territory, and districts, when communes had one, are dissolved to the communes.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

import yaml
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit, UnitKind
from tinhso.kit.errors import Refusal

NEEDED = ("old_code", "new_code", "new_name", "how")
PART = "một phần"


@dataclass
class _New:
    code: str
    name: str
    olds: list[tuple[str, bool]] = field(default_factory=list)


def plan_of_table(text: str) -> str:
    """The plan as YAML, to be read, completed and saved. `Refusal` when the table is none."""
    rows = list(csv.DictReader(io.StringIO(text.strip())))
    if not rows or any(name not in rows[0] for name in NEEDED):
        raise Refusal(
            "no_table",
            _("Bảng cần có dòng tiêu đề với các cột %(names)s, ngăn bằng dấu phẩy.")
            % {"names": ", ".join(NEEDED)},
            status=422,
        )
    known = orgs.directory().territories
    rows = [r for r in rows if r["old_code"].strip() in known]
    if not rows:
        raise Refusal("not_ours", _("Không địa bàn nào trong bảng thuộc tỉnh này."), status=422)
    news: dict[str, _New] = {}
    for row in rows:
        new = news.setdefault(row["new_code"].strip(), _New(row["new_code"].strip(), row["new_name"].strip()))
        new.olds.append((row["old_code"].strip(), PART in row["how"].lower()))
    made = {
        "name": _("Sắp xếp theo bảng địa bàn"),
        "decision": _("(ghi số nghị quyết)"),
        "on": timezone.localdate().isoformat(),
        "territories": [*_province(rows[0]), *(_place(n, rows[0]) for n in news.values())],
        "levels": [{"level": "district", "done_by": "commune"}],
        "units": [*_root(rows[0]), *_units(news, rows[0])],
        "people": {"single": {"chair": "", "centre_head": ""}, "spread": True},
    }
    return str(yaml.safe_dump(made, allow_unicode=True, sort_keys=False, width=120))


def _parent(row: dict[str, str]) -> str:
    return (row.get("new_province_code") or row.get("old_province_code") or "").strip()


def _province(row: dict[str, str]) -> list[dict[str, object]]:
    old, new = (row.get("old_province_code") or "").strip(), _parent(row)
    if not old or old == new:
        return []
    return [
        {
            "code": new,
            "name": (row.get("new_province") or new).strip(),
            "level": "province",
            "from": [{"code": old}],
        }
    ]


def _place(new: _New, row: dict[str, str]) -> dict[str, object]:
    olds = [{"code": code, **({"part": True} if part else {})} for code, part in new.olds]
    return {"code": new.code, "name": new.name, "level": "commune", "parent": _parent(row), "from": olds}


def _root(row: dict[str, str]) -> list[dict[str, object]]:
    old, new = (row.get("old_province_code") or "").strip(), _parent(row)
    if not old or old == new:
        return []
    root = orgs.competent_unit("province", None, old, timezone.localdate())
    name = (row.get("new_province") or new).strip()
    return [
        {
            "do": "change",
            "unit": root.code,
            "name": f"Ủy ban nhân dân {name[:1].lower()}{name[1:]}",
            "territory": new,
        }
    ]


def _units(news: dict[str, _New], row: dict[str, str]) -> list[dict[str, object]]:
    today = timezone.localdate()
    root = orgs.competent_unit("province", None, (row.get("old_province_code") or "").strip() or None, today)
    found: list[dict[str, object]] = []
    districts: dict[str, Unit] = {}
    for number, new in enumerate(news.values(), 1):
        olds = [orgs.competent_unit("commune", None, code, today) for code, part in new.olds if not part]
        districts |= {
            u.parent.code: u.parent for u in olds if u.parent and u.parent.kind == UnitKind.DISTRICT
        }
        if olds:
            target = {
                "code": f"{root.code}.X{number:03d}", "name": f"Ủy ban nhân dân {new.name}", "kind": "commune",
                "under": root.code, "territory": new.code,
            }  # fmt: skip
            found.append({"do": "merge", "from": [u.code for u in olds], "into": target})
    ended: list[dict[str, object]] = [
        {"do": "dissolve", "unit": code, "level": "commune"} for code in sorted(districts)
    ]
    return found + ended
