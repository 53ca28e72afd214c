"""What the one-stop offers to the rooms of the core."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from tinhso.contracts.cases import CaseChanged, ProcedureChanged
from tinhso.core.api.frame import ROUTERS, RoomRouter
from tinhso.core.cases.automatic import AUTOMATIC, Automatic
from tinhso.core.cases.bulk import BULK
from tinhso.core.cases.pages import CASE_PAGES, CasePage
from tinhso.core.desk.queries import Row
from tinhso.core.desk.slots import TASK_KINDS, HandOn, TaskKind
from tinhso.core.events.outbox import handles
from tinhso.core.files.slots import FILE_POLICIES, FilePolicy
from tinhso.core.jobs.slots import WORK_KINDS, WorkKind
from tinhso.core.procedures.steps import STEP_KINDS
from tinhso.core.search.slots import SEARCH_SOURCES, SearchSource
from tinhso.core.ui.menu import MENU, MenuEntry
from tinhso.systems.onestop import api, handlers
from tinhso.systems.onestop.actions import copies
from tinhso.systems.onestop.actions.bulk import ASSIGN, SIGN
from tinhso.systems.onestop.actions.handover import give_task, people_for, release_task
from tinhso.systems.onestop.actions.money import RECONCILE, do_reconcile
from tinhso.systems.onestop.actions.notices import may_be_told
from tinhso.systems.onestop.documents.step import DOCUMENT_STEP, make_paper_of_step
from tinhso.systems.onestop.policy import may_open_document

SEARCH_SOURCES.add(SearchSource("procedure", _("Thủ tục"), order=10))
SEARCH_SOURCES.add(SearchSource("case", _("Hồ sơ"), permission="cases.see", order=20))

FILE_POLICIES.add(FilePolicy("onestop.", may_open_document))

handles(ProcedureChanged, "onestop.index_procedure", handlers.index_procedure)
handles(CaseChanged, "onestop.index_case", handlers.index_case, when=lambda e: e.holders_changed)
handles(CaseChanged, "onestop.count_use", handlers.count_use, when=lambda e: e.act == "file")
handles(CaseChanged, "onestop.notify", handlers.notify, when=may_be_told)
handles(CaseChanged, "onestop.make_paper", handlers.make_paper, when=handlers.may_need_paper)
handles(
    CaseChanged, "onestop.end_correction", handlers.end_correction, when=lambda e: e.status != e.status_before
)

MENU.add(MenuEntry("procedures", _("Thủ tục"), "onestop:procedures", None, 10, "citizen"))
MENU.add(MenuEntry("my_cases", _("Hồ sơ của tôi"), "onestop:mine", None, 20, "citizen"))
MENU.add(MenuEntry("track", _("Tra cứu hồ sơ"), "onestop:track", None, 30, "citizen"))
MENU.add(MenuEntry("my_data", _("Ai đã xem dữ liệu của tôi"), "onestop:my_data", None, 40, "citizen"))

# Officers -------------------------------------------------------------------------------------------------------


def _case_address(row: Row) -> str:
    return reverse("onestop:staff_case", args=[row.subject_key])


HAND_ON = HandOn(
    "cases.assign",
    people=lambda row: people_for(row.unit_id, row.role),
    give=lambda row, person, reason, actor: give_task(row, person, reason, actor=actor),
    release=lambda row, reason, actor: release_task(row, reason, actor=actor),
)
for kind, title, then, oversee in (
    ("receive", _("Tiếp nhận hồ sơ"), _("Kiểm tra, tiếp nhận rồi chuyển xử lý"), "cases.assign"),
    ("work", _("Xử lý hồ sơ"), _("Thẩm định, soạn kết quả và trình"), "cases.assign"),
    ("ask_unit", _("Trả lời ý kiến"), _("Trả lời cơ quan hỏi"), "cases.assign"),
    ("pay", _("Thu phí, lệ phí"), _("Ghi nhận khoản thu"), None),
    ("sign", _("Ký kết quả"), _("Đọc dự thảo, ký hoặc trả lại"), None),
    ("deliver", _("Trả kết quả"), _("Trả cho người nộp"), None),
    ("withdrawal", _("Xin rút hồ sơ"), _("Đồng ý hoặc không cho rút"), None),
    ("stop_proposal", _("Hết hạn bổ sung"), _("Dừng giải quyết, hoặc chờ thêm"), None),
    ("vote", _("Biểu quyết"), _("Đọc hồ sơ, đồng ý hoặc không đồng ý"), "cases.assign"),
    ("apology", _("Gửi thư xin lỗi"), _("Xem thư đã soạn, hẹn lại ngày trả"), "cases.assign"),
    ("late", _("Hồ sơ quá hạn"), _("Xem chậm ở đâu, chỉ đạo xử lý"), None),
    ("subcase", _("Hồ sơ con chưa lập được"), _("Cho hệ thống thử lại, hoặc ghi kết quả"), "cases.assign"),
    ("exchange", _("Hệ thống khác không trả lời"), _("Cho thử lại, hoặc ghi kết quả"), "cases.assign"),
    ("undo", _("Thu hồi việc đã làm"), _("Thu hồi ở hệ thống kia rồi ghi căn cứ"), "cases.assign"),
    ("document", _("Văn bản chưa lập được"), _("Cho thử lại, hoặc lập bằng tay"), "cases.assign"),
):
    TASK_KINDS.add(
        TaskKind(f"case.{kind}", title, _case_address, then, oversee, None if kind == "vote" else HAND_ON)
    )

MENU.add(MenuEntry("staff_home", _("Một cửa"), "onestop:staff_home", "cases.receive", 20, "desk"))
MENU.add(MenuEntry("staff_signing", _("Chờ ký"), "onestop:staff_signing", "cases.sign", 25, "desk"))
MENU.add(MenuEntry("staff_list", _("Danh sách hồ sơ"), "onestop:staff_list", "cases.see", 30, "desk"))
MENU.add(MenuEntry("staff_whose", _("Thủ tục này thuộc ai?"), "onestop:staff_whose", "cases.see", 45, "desk"))
MENU.add(MenuEntry("cashier", _("Thu phí"), "onestop:cashier", "cases.cashier", 35, "desk"))
MENU.add(MenuEntry("staff_register", _("Sổ theo dõi"), "onestop:staff_register", "cases.receive", 40, "desk"))

STEP_KINDS.add(DOCUMENT_STEP)
AUTOMATIC.add(Automatic("document", make_paper_of_step))

BULK.add(SIGN)
BULK.add(ASSIGN)
WORK_KINDS.add(WorkKind(copies.KIND, copies.work, link=copies.case_address))
CASE_PAGES.add(CasePage("staff", lambda code: reverse("onestop:staff_case", args=[code])))

WORK_KINDS.add(WorkKind(RECONCILE, do_reconcile))

ROUTERS.add(RoomRouter("onestop", api.router, "Một cửa"))
