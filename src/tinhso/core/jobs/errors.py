"""Refusals of this room."""

from __future__ import annotations

from tinhso.kit.errors import NotFound, Refusal


def no_run() -> NotFound:
    return NotFound("no_run", "Không tìm thấy công việc này.")


def not_open() -> Refusal:
    return Refusal("run_over", "Công việc này đã kết thúc, không dừng được nữa.")


def not_resumable() -> Refusal:
    return Refusal("run_not_stopped", "Chỉ chạy tiếp được công việc đã dừng hoặc gặp lỗi.")
