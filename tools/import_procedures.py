"""Write information pages for procedures that are not yet described in full.

    python tools/import_procedures.py SOURCE.yaml

SOURCE is a list of national procedures under `procedures:` (code, name, field, levels, channels with time
and fee, papers, results, decision, source). For each code without a `procedure.yml`, the script writes
`catalog/procedures/<sector>/<code>/information.yml`. The same source always gives the same files; a file
whose procedure has left the source or has been described in full is removed. Facts only: nothing the
source does not say is added.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CATALOG = ROOT / "catalog"
PROCEDURES = CATALOG / "procedures"
HEADER = "# Written by tools/import_procedures.py from the national list; edit the source or the script, not this file.\n"

CHANNELS = {"online": "online", "postal": "post", "counter": "counter"}
UNITS = {
    "working_day": ("ngày làm việc", "working days"),
    "day": ("ngày", "days"),
    "hour": ("giờ", "hours"),
    "working_hour": ("giờ làm việc", "working hours"),
    "month": ("tháng", "months"),
}
FLAGS = {
    "multi_case_time": (
        "Thời hạn khác nhau theo từng trường hợp; hãy hỏi Trung tâm về trường hợp của bạn.",
        "The time differs from case to case; ask the centre about yours.",
    ),
    "many_cases": (
        "Danh sách giấy tờ ở đây là trường hợp phổ biến nhất; các trường hợp khác cần giấy tờ khác.",
        "The papers here are those of the most common case; other cases need others.",
    ),
    "law_changed": (
        "Pháp luật về thủ tục này mới thay đổi; hãy kiểm tra trước khi nộp.",
        "The law on this procedure has changed lately; check before you file.",
    ),
    "fee_conflict": (
        "Các nguồn ghi mức phí khác nhau; hãy hỏi mức đang áp dụng.",
        "The sources give different fees; ask which one applies.",
    ),
    "province_specific": ("Nguồn ghi theo một tỉnh cụ thể.", "The source is specific to one province."),
    "interlinked": (
        "Đây là nhóm thủ tục liên thông, do nhiều cơ quan cùng giải quyết.",
        "This is a group of procedures handled by several agencies.",
    ),
}
SOURCES = {
    "S1": "Cổng Dịch vụ công quốc gia, bản chụp tháng 7/2026",
    "S2": "Bảng niêm yết thủ tục của một xã, bản chụp Cổng ngày 23/6/2026",
    "S3": "Trang của Cổng Dịch vụ công quốc gia đọc ngày 12/9/2026",
    "S4": "Danh mục thủ tục theo quyết định của một tỉnh",
}
MISSING_PAPERS = (
    "Nguồn không có danh sách giấy tờ; hãy hỏi Trung tâm.",
    "The source has no list of papers; ask the centre.",
)


class Dumper(yaml.SafeDumper):
    """YAML in the style of the catalogue: texts as flow mappings, everything else in blocks."""

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        short = set(mapping) <= {"vi", "en"} or set(mapping) <= {"ref", "url"}
        return super().represent_mapping(tag, mapping.items(), flow_style=short)


def plain(text: str) -> str:
    """NFC, single spaces: the portal's texts hold mixed Unicode and stray blanks.

    The source marks what it did not see on the portal with (K); people read that as "to be checked".
    """
    return " ".join(unicodedata.normalize("NFC", text).replace("(K)", "(cần kiểm tra)").split())


def text(vi: str, en: str | None = None) -> dict[str, str]:
    """A text for people; English only where there is one."""
    return {"vi": plain(vi), "en": plain(en)} if en else {"vi": plain(vi)}


def time_text(time: Mapping[str, Any] | None) -> dict[str, str]:
    """The time limit in plain words. A bare number stays one: the unit is not guessed."""
    if time is None:
        return text("Nguồn không ghi", "Not stated in the source")
    qty, unit = time["qty"], time["unit"]
    if unit not in UNITS:
        return text(f"{qty} (nguồn không ghi rõ đơn vị)", f"{qty} (unit not stated in the source)")
    vi, en = UNITS[unit]
    return text(f"{qty} {vi}", f"{qty} {en.removesuffix('s') if qty == 1 else en}")


def name_text(row: Mapping[str, Any], english: Mapping[str, str]) -> dict[str, str]:
    """The name without the leading word “Thủ tục”, which every name could carry."""
    name = plain(row["name_vi"]).removeprefix("Thủ tục ")
    return text(name[0].upper() + name[1:], english.get(row["code"]))


def paper(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": text(row["name"]),
        "kind": row["kind"],
        "original": row.get("orig"),
        "copy": row.get("copy"),
    }
    if row.get("cond"):
        found["condition"] = text(row["cond"])
    return found


def result(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": text(row["name"])} | ({"code": row["code"]} if row.get("code") else {})


def notes(row: Mapping[str, Any]) -> list[dict[str, str]]:
    found = [text(*FLAGS[flag]) for flag in row.get("flags", ())]
    if row.get("papers_missing"):
        found.append(text(*MISSING_PAPERS))
    if row.get("notes"):
        found.append(text(row["notes"]))
    return found


def source_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Where the facts were read, in words, with the address when there is one."""
    ref = row["ref"]
    return {"ref": SOURCES.get(ref, ref)} | ({"url": row["url"]} if row.get("url") else {})


def fee_note(row: Mapping[str, Any]) -> str:
    """What the source says about the fee, with the unit it is counted in."""
    unit = f"đơn vị tính: {row['fee_unit']}" if row.get("fee_unit") else ""
    return "; ".join(part for part in (row.get("fee_note_vi") or "", unit) if part)


def page(row: Mapping[str, Any], field: str, english: Mapping[str, str]) -> dict[str, Any]:
    """One information page. Keys without content are left out."""
    optional = {
        "authority": row.get("authority_vi"),
        "time_rule": row.get("time_rule_vi"),
        "fee_note": fee_note(row),
        "rules": row.get("rules_vi"),
    }
    found = {key: text(value) for key, value in optional.items() if value}
    return {
        "code": row["code"],
        "name": name_text(row, english),
        "field": field,
        "field_name": plain(row["field_vi"]),
        "levels": list(row["levels"]),
        "channels": [
            {"channel": CHANNELS[c["channel"]], "time": time_text(c.get("time")), "fee": c.get("fee_vnd")}
            for c in row["channels"]
        ],
        "papers": [paper(p) for p in row["papers"]],
        "results": [result(r) for r in row["results"]],
        "decision": row.get("decision"),
        "source": source_of(row["source"]),
        **found,
        **({"notes": notes(row)} if notes(row) else {}),
    }


def pages(source: Path) -> Iterator[tuple[Path, str]]:
    """Path and content of every information page of the source, in the source's order."""
    fields = {
        plain(name): item["id"]
        for item in yaml.safe_load((CATALOG / "references/fields.yml").read_text())["items"]
        for name in item["names"]
    }
    english = yaml.safe_load((ROOT / "tools/procedure_names_en.yml").read_text())
    full = {path.parent.name for path in PROCEDURES.glob("*/*/procedure.yml")}
    for row in yaml.safe_load(source.read_text())["procedures"]:
        if row["code"] in full:
            continue
        field = fields.get(plain(row["field_vi"]))
        if field is None:
            raise SystemExit(
                f"{row['code']}: no field in references/fields.yml is called {row['field_vi']!r}"
            )
        body = yaml.dump(
            page(row, field, english), Dumper=Dumper, allow_unicode=True, sort_keys=False, width=1000
        )
        yield PROCEDURES / field / row["code"] / "information.yml", HEADER + body


def main(source: Path) -> None:
    written = dict(pages(source))
    for path, body in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body)
    gone = [path for path in PROCEDURES.glob("*/*/information.yml") if path not in written]
    for path in gone:
        path.unlink()
    print(f"{len(written)} information pages written, {len(gone)} removed")


if __name__ == "__main__":
    match sys.argv[1:]:
        case [source]:
            main(Path(source))
        case _:
            raise SystemExit(__doc__)
