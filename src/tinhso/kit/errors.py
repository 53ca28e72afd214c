"""The ways an act can be refused, as typed errors that carry the sentence a person reads.

Rules, queries and actions raise them; the frame turns them into a page, a fragment or problem+json.
"""

from __future__ import annotations


class Refusal(Exception):
    """An act that cannot be done now.

    `code` is stable and for machines (`case.not_open`); `message` is a Vietnamese sentence that says what
    happened and what to do; `ground` names the law when there is one; `field` the form field it concerns;
    `status` the HTTP status.
    """

    status = 409

    def __init__(
        self, code: str, message: str, *, status: int | None = None, ground: str = "", field: str | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.ground, self.field = code, message, ground, field
        if status is not None:
            self.status = status


class NotFound(Refusal):
    """There is no such thing, or this person may not know that there is."""

    status = 404

    def __init__(
        self,
        message: str = "Không tìm thấy nội dung này. Hãy kiểm tra lại địa chỉ hoặc tìm bằng ô tìm kiếm.",
        *,
        code: str = "not_found",
        ground: str = "",
    ) -> None:
        super().__init__(code, message, ground=ground)


class Forbidden(Refusal):
    """The person is known but may not do or see this."""

    status = 403

    def __init__(
        self,
        message: str = "Tài khoản của bạn không có quyền làm việc này. Hãy hỏi người quản trị đơn vị của bạn.",
        *,
        code: str = "forbidden",
        ground: str = "",
    ) -> None:
        super().__init__(code, message, ground=ground)


class SignInNeeded(Refusal):
    """Nobody is signed in: a read goes to the sign-in page, a write keeps what was typed."""

    status = 401

    def __init__(
        self, message: str = "Bạn cần đăng nhập để tiếp tục.", *, code: str = "sign_in_needed", ground: str = ""
    ) -> None:
        super().__init__(code, message, ground=ground)


class Stale(Refusal):
    """Somebody else changed the thing since the page was opened."""

    status = 409

    def __init__(
        self,
        message: str = "Nội dung đã được người khác thay đổi sau khi bạn mở trang. Hãy tải lại trang và xem lại.",
        *,
        code: str = "stale",
        ground: str = "",
    ) -> None:
        super().__init__(code, message, ground=ground)
