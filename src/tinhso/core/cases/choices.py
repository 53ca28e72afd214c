"""The five machines of a case; each is derived from acts, none is ever typed in."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Status(IntEnum):
    """Business status: the list used with the National Public Service Portal."""

    NEW = 1
    ACCEPTED = 2
    NOT_ACCEPTED = 3
    PROCESSING = 4
    SUPPLEMENT = 5
    FINANCIAL = 6
    WITHDRAWAL = 7
    STOPPED = 8
    DONE = 9
    RETURNED = 10

    @property
    def is_final(self) -> bool:
        return self in (Status.NOT_ACCEPTED, Status.STOPPED, Status.RETURNED)

    @property
    def is_finished(self) -> bool:
        """The agency's work is over, whether or not the result was collected."""
        return self.is_final or self is Status.DONE


STATUS_NAMES = {
    Status.NEW: "Mới đăng ký",
    Status.ACCEPTED: "Được tiếp nhận",
    Status.NOT_ACCEPTED: "Không được tiếp nhận",
    Status.PROCESSING: "Đang xử lý",
    Status.SUPPLEMENT: "Yêu cầu bổ sung giấy tờ",
    Status.FINANCIAL: "Yêu cầu thực hiện nghĩa vụ tài chính",
    Status.WITHDRAWAL: "Công dân yêu cầu rút hồ sơ",
    Status.STOPPED: "Dừng xử lý",
    Status.DONE: "Đã xử lý xong",
    Status.RETURNED: "Đã trả kết quả",
}


class Finance(StrEnum):
    NONE = "none"
    UNPAID = "unpaid"
    PARTLY = "partly"
    PAID = "paid"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"


class Delivery(StrEnum):
    WAITING = "waiting"
    READY = "ready"
    DELIVERED = "delivered"


class Channel(StrEnum):
    ONLINE = "online"
    COUNTER = "counter"
    POST = "post"
