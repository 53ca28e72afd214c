"""Samples for the gallery page: every component in every state, with invented people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from tinhso.core.access.actor import Actor, Grant
from tinhso.core.forms.view import FieldView, OptionView, RowView
from tinhso.core.ui.context import Frame
from tinhso.core.ui.menu import MenuLink
from tinhso.core.ui.parts import SummaryRow, Tab, TaskItem, TimelineItem

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


class SampleFrame(Frame):
    """The frame as somebody signed in sees it, whoever opens the gallery."""

    province_name = "Tỉnh Hậu Giang"
    unread = 3

    def __init__(self, request: HttpRequest, *, desk: bool) -> None:
        super().__init__(request)
        self._posts = ()
        nobody = UUID(int=0)
        grants = (Grant("sample", nobody, "sample", False, frozenset()),) if desk else ()
        title = "Công chức tư pháp – hộ tịch, UBND xã Vị Thanh" if desk else ""
        self.actor = Actor(person_id=nobody, name="Trần Minh Đức", post_title=title, grants=grants)
        self.menu = [MenuLink("Thủ tục", "#", True), MenuLink("Hồ sơ của tôi", "#", False)]
        self.desk_menu = [
            MenuLink(words, "#", words == "Việc cần làm")
            for words in ("Việc cần làm", "Hồ sơ", "Tiếp nhận", "Trả kết quả", "Báo cáo")
            if desk
        ]
        self.console_menu = [
            MenuLink(words, "#", False) for words in ("Đơn vị", "Thủ tục", "Nhật ký") if desk
        ]
        self.account_menu = [MenuLink("Bảo mật tài khoản", "#", False)]


@dataclass(frozen=True, slots=True)
class Pages:
    """What a key-set page offers the pager."""

    next: str = ""
    previous: str = ""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file as the upload field shows it."""

    name: str
    size: int
    url: str = ""
    remove_name: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of the sample list of cases."""

    code: str
    procedure: str
    applicant: str
    status: int
    due: datetime | None
    left: int | None = None
    paused: bool = False


def context(request: HttpRequest, *, desk: bool) -> dict[str, Any]:
    """Everything the gallery's templates draw; the same for both frames."""
    views = _fields()
    return {
        "frame": SampleFrame(request, desk=desk),
        "now": NOW,
        "views": views,
        "wrong": _wrong(),
        "files": _files(),
        "rows": [
            SummaryRow("Họ, chữ đệm, tên của trẻ", "Nguyễn Thị Ánh Nguyệt", "#child_name", "Sửa"),
            SummaryRow("Ngày sinh", "27/03/2026", "#child_birth", "Sửa"),
            SummaryRow(
                "Nơi cư trú", ["Ấp 3, xã Vị Thanh", "huyện Vị Thủy, tỉnh Hậu Giang"], "#residence", "Sửa"
            ),
            SummaryRow("Lệ phí", "0 đồng", hint="Miễn khi khai sinh đúng hạn"),
        ],
        "timeline": _timeline(),
        "tasks": [
            TaskItem("Thông tin của trẻ", "#", "done"),
            TaskItem("Cha và mẹ", "#", "error", "Số định danh của mẹ thiếu một chữ số"),
            TaskItem("Giấy tờ kèm theo", "#", "todo", "2 giấy tờ"),
            TaskItem("Nhận kết quả qua bưu điện", "#", "optional"),
            TaskItem("Xem lại và gửi", "#", "later"),
        ],
        "titles": ["Thông tin của trẻ", "Cha và mẹ", "Giấy tờ", "Nơi nhận", "Xem lại"],
        "cases": _cases(),
        "statuses": range(1, 11),
        "page": Pages(next="c2", previous="c0"),
        "tabs": [
            Tab("Cần làm", "#", current=True, count=12),
            Tab("Sắp đến hạn", "#", count=3),
            Tab("Quá hạn", "#", count=1),
            Tab("Đã xong", "#", count=1204),
        ],
        "filters": [Tab("Lĩnh vực: Hộ tịch", "#"), Tab("Từ 01/11/2026", "#")],
    }


def _cases() -> list[Sample]:
    day = timedelta(days=1)
    return [
        Sample("H30.24-261120-0007", "Đăng ký khai sinh", "Trần Văn Bảy", 4, NOW - 2 * day, -960),
        Sample(
            "H30.24-261123-0012",
            "Cấp bản sao trích lục hộ tịch",
            "Lê Thị Mỹ Hạnh",
            2,
            NOW + timedelta(hours=3),
            180,
        ),
        Sample(
            "H30.24-261119-0031",
            "Cấp giấy phép xây dựng nhà ở riêng lẻ",
            "Phạm Quốc Ưng",
            5,
            NOW + 9 * day,
            4300,
            True,
        ),
        Sample("H30.24-261122-0003", "Đăng ký kết hôn", "Huỳnh Ngọc Diễm Phượng", 9, NOW + 2 * day, 960),
        Sample("H30.24-261105-0018", "Trợ cấp xã hội hằng tháng", "Võ Thị Sáu Nhỏ", 10, None),
    ]


def _timeline() -> list[TimelineItem]:
    hour = timedelta(hours=1)
    return [
        TimelineItem(
            "Bạn đã nộp hồ sơ",
            NOW - 5 * hour,
            "Nguyễn Văn Tám",
            "3 giấy tờ kèm theo",
            "done",
            "#",
            "Xem giấy tiếp nhận",
        ),
        TimelineItem(
            "Bộ phận Một cửa xã Vị Thanh đã tiếp nhận", NOW - 4 * hour, "Lê Thị Thu, công chức Một cửa"
        ),
        TimelineItem(
            "Chờ Ủy ban nhân dân phường IV trả lời về hôn nhân của cha mẹ", NOW - 3 * hour, state="waiting"
        ),
        TimelineItem(
            "Đang soạn Giấy khai sinh", NOW - hour, "Trần Minh Đức, công chức tư pháp – hộ tịch", state="now"
        ),
        TimelineItem(
            "Chủ tịch ký và trả kết quả", NOW + 3 * hour, text="Dự kiến trước 17:00 hôm nay", state="next"
        ),
        TimelineItem(
            "Yêu cầu rút hồ sơ không được chấp nhận",
            NOW - 2 * hour,
            text="Vì đã có quyết định",
            state="refused",
        ),
    ]


def _fields() -> list[FieldView]:
    return [
        FieldView("child_name", "person_name", "Họ, chữ đệm, tên của trẻ", "Viết như trong giấy chứng sinh", True,
                  "Nguyễn Thị Ánh Nguyệt"),
        FieldView("child_birth", "date", "Ngày sinh", required=True),
        FieldView("grandmother_birth", "partial_date", "Ngày sinh của bà"),
        FieldView("mother_id", "identity_number", "Số định danh của mẹ", "12 chữ số trên thẻ căn cước", True, "093199000123"),
        FieldView("phone", "phone", "Số điện thoại", "Để báo khi có kết quả", True, autocomplete="tel"),
        FieldView("email", "email", "Thư điện tử", autocomplete="email"),
        FieldView("area", "number", "Diện tích xây dựng", required=True, value="85,5", unit="m²"),
        FieldView("capital", "money", "Vốn kinh doanh", required=True, value="120.000.000"),
        FieldView("reason", "textarea", "Lý do", "Viết ngắn gọn, một hai câu", True, max_length=1000),
        FieldView("child_sex", "choice", "Giới tính", required=True, options=(
            OptionView("M", "Nam"), OptionView("F", "Nữ", checked=True))),
        FieldView("return_way", "choice", "Bạn muốn nhận kết quả ở đâu?", required=True, options=(
            OptionView("counter", "Tại Bộ phận Một cửa", "Mang theo thẻ căn cước"),
            OptionView("post", "Qua bưu điện, đến tận nhà", "Trả cước khi nhận"),
            OptionView("online", "Bản điện tử có chữ ký số", "Có giá trị như bản giấy"))),
        FieldView("married", "yes_no", "Cha mẹ có đăng ký kết hôn không?", required=True, options=(
            OptionView("true", "Có"), OptionView("false", "Không"))),
        FieldView("needs", "checks", "Trẻ cần gì thêm?", "Chọn tất cả những gì cần", options=(
            OptionView("residence", "Đăng ký thường trú", checked=True), OptionView("insurance", "Thẻ bảo hiểm y tế"))),
        FieldView("ethnicity", "select", "Dân tộc", required=True, options=(
            OptionView("kinh", "Kinh", checked=True), OptionView("khmer", "Khmer"), OptionView("hoa", "Hoa"))),
        _address(), _person(), _group(),
    ]  # fmt: skip


def _address() -> FieldView:
    return FieldView("residence", "address", "Nơi cư trú", required=True, parts=(
        FieldView("residence-detail", "text", "Số nhà, đường, ấp", required=True, value="Ấp 3"),
        FieldView("residence-territory", "territory", "Xã, phường, thị trấn", required=True, value="vi thanh",
                  lookup_url="/gallery/", options=(
                      OptionView("31441", "Xã Vị Thanh", "Huyện Vị Thủy, tỉnh Hậu Giang", True),
                      OptionView("31321", "Phường IV", "Thành phố Vị Thanh, tỉnh Hậu Giang"))),
    ))  # fmt: skip


def _person() -> FieldView:
    return FieldView("father", "person", "Người cha", "Gõ số định danh rồi bấm Tra cứu để khỏi nhập lại", lookup_url="/gallery/", parts=(
        FieldView("father-number", "identity_number", "Số định danh", required=True),
        FieldView("father-name", "person_name", "Họ và tên", required=True),
        FieldView("father-birth", "date", "Ngày sinh", required=True),
    ))  # fmt: skip


def _group() -> FieldView:
    rows = tuple(
        RowView(i, f"Người làm chứng {i + 1}", (
            FieldView(f"witnesses-{i}-name", "person_name", "Họ và tên", required=True, value=name),
        ), f"remove-witnesses-{i}")
        for i, name in enumerate(["Đặng Thị Bưởi", ""])
    )  # fmt: skip
    return FieldView("witnesses", "group", "Người làm chứng", rows=rows, add_name="add-witnesses")


def _wrong() -> list[FieldView]:
    date = FieldView("wrong_birth", "date", "Ngày sinh", required=True, value="27/03/2062",
                     error="Ngày sinh không thể ở tương lai. Hãy kiểm tra lại năm.")  # fmt: skip
    choice = FieldView("wrong_sex", "choice", "Giới tính", required=True, error="Hãy chọn nam hoặc nữ.", options=(
        OptionView("M", "Nam"), OptionView("F", "Nữ")))  # fmt: skip
    number = FieldView("wrong_number", "identity_number", "Số định danh của mẹ", "12 chữ số trên thẻ căn cước", True, "09319900012",
                       error="Số định danh có 12 chữ số; bạn mới nhập 11.")  # fmt: skip
    group = _group()
    inner = FieldView(
        "wrong-0-name", "person_name", "Họ và tên", required=True, error="Hãy nhập họ và tên người làm chứng."
    )
    row = replace(group.rows[0], fields=(inner,), remove_name="remove-wrong-0")
    return [date, number, choice, replace(group, id="wrong", rows=(row,), add_name="")]


def _files() -> list[dict[str, Any]]:
    return [
        {"id": "birth_proof", "label": "Giấy chứng sinh"},
        {"id": "id_card", "label": "Thẻ căn cước của mẹ",
         "current": Uploaded("can-cuoc-me.jpg", 1_380_000, "#", "remove-id_card")},
        {"id": "residence_proof", "label": "Giấy xác nhận nơi cư trú",
         "error": "Tệp “giay-xac-nhan.pdf” không phải là PDF: nội dung là ảnh JPG. Hãy đổi tên cho đúng hoặc chụp lại."},
    ]  # fmt: skip
