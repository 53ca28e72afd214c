"""Refusals of this room."""

from __future__ import annotations

from tinhso.kit.errors import NotFound, Refusal


def no_run() -> NotFound:
    return NotFound("no_run", "Không tìm thấy công việc này.")


def post_left() -> Refusal:
    return Refusal("post_left", "Bạn không còn giữ vị trí công tác đã dùng để yêu cầu công việc này.", 403)


def not_prepared() -> Refusal:
    return Refusal("run_begun", "Công việc này đã được xác nhận từ trước.")


def nothing_to_retry() -> Refusal:
    return Refusal("nothing_to_retry", "Không còn mục nào chưa làm được để làm lại.")


def not_open() -> Refusal:
    return Refusal("run_over", "Công việc này đã kết thúc, không dừng được nữa.")


def not_resumable() -> Refusal:
    return Refusal("run_not_stopped", "Chỉ chạy tiếp được công việc đã dừng hoặc gặp lỗi.")
