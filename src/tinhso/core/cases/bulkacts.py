"""The engine's acts that make sense for many cases, and what each has to be told once for all."""

from __future__ import annotations

from typing import Any

from tinhso.core.cases.bulk import BulkAct, BulkField

_REASON = BulkField("reason", "Lý do", "area")
_GROUND = BulkField("ground", "Căn cứ pháp lý")
_WAYS = (("counter", "Tại quầy"), ("post", "Qua bưu chính"), ("online", "Bản điện tử"))


def _asked(sent: dict[str, Any]) -> dict[str, Any]:
    items = [{"paper": paper, "reason": sent.get("reason", "")} for paper in sent.get("papers", ())]
    return {"items": items, "note": sent.get("note", "")}


BULK_ACTS = (
    BulkAct("accept", "Đã tiếp nhận"),
    BulkAct("hand_over", "Đã chuyển xử lý"),
    BulkAct("take", "Đã nhận xử lý"),
    BulkAct("complete", "Đã hoàn thành bước"),
    BulkAct("return_for_correction", "Đã trả lại để sửa", (_REASON,)),
    BulkAct(
        "deliver",
        "Đã trả kết quả",
        (
            BulkField("to", "Người nhận kết quả", value="Người nộp hồ sơ"),
            BulkField("how", "Cách trả", "choice", _WAYS, value="counter"),
        ),
    ),
    BulkAct(
        "ask_supplement",
        "Đã yêu cầu bổ sung",
        (
            BulkField("papers", "Giấy tờ cần bổ sung", "papers"),
            BulkField("reason", "Thiếu hoặc sai gì", "area"),
            BulkField("note", "Hướng dẫn thêm", "area", required=False),
        ),
        to_data=_asked,
    ),
    BulkAct(
        "extend",
        "Đã xin lỗi và hẹn lại",
        (BulkField("until", "Ngày hẹn mới", "date", hint="Ví dụ 30/11/2026"), _REASON),
    ),
    BulkAct("propose_refusal", "Đã trình đề nghị không giải quyết", (_REASON, _GROUND)),
    BulkAct("refuse_reception", "Đã từ chối tiếp nhận", (_REASON, _GROUND)),
    BulkAct("stop", "Đã dừng giải quyết", (_REASON,)),
    BulkAct("approve_withdrawal", "Đã đồng ý cho rút"),
    BulkAct("reject_withdrawal", "Đã không cho rút", (_REASON,)),
    BulkAct("note", "Đã ghi chú", (BulkField("text", "Nội dung ghi chú", "area"),)),
)
