"""Why a case cannot go on under another version, in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

#: By the codes of `rules.versions`; the page adds what each is about.
REASONS = {
    "finished": _("Hồ sơ đã kết thúc"),
    "step_gone": _("Bước đang mở không còn trong phiên bản mới"),
    "step_of_other_kind": _("Bước đang mở thành loại bước khác"),
    "branch_gone": _("Nhánh song song đang mở không còn"),
    "inside_branches": _("Bước nằm trong nhánh song song chuyển sang người khác"),
    "no_unit": _("Không xác định được đơn vị làm bước này"),
    "unanswered": _("Câu hỏi bắt buộc chưa được trả lời"),
    "answer_unfit": _("Câu trả lời không hợp với phiên bản mới"),
    "draft_unfit": _("Dự thảo kết quả thiếu nội dung phiên bản mới cần"),
    "paper_missing": _("Thiếu giấy tờ phiên bản mới yêu cầu"),
    "asked_paper_gone": _("Giấy tờ đang chờ bổ sung không còn"),
    "variant_gone": _("Trường hợp giải quyết không còn"),
    "variant_other": _("Hồ sơ sẽ rơi vào trường hợp khác"),
    "fees_changed": _("Phí, lệ phí sẽ khác mức đã báo"),
    "open_subcase": _("Đang chờ hồ sơ con"),
    "undo_pending": _("Đang chờ hoàn tác ở hệ thống khác"),
    "numbered": _("Kết quả đã được cấp số"),
    "step_changed": _("Bước đang mở thay đổi"),
    "time_changed": _("Thời hạn thay đổi"),
    "state_changed": _("Hồ sơ sẽ bị thay đổi"),
    "acted_since": _("Đã có người xử lý sau khi chuyển"),
    "moved_again": _("Hồ sơ đã chuyển sang phiên bản khác"),
    "differs": _("Không dựng lại được đúng trạng thái trước khi chuyển"),
    "refused": _("Bị từ chối khi ghi"),
}
