"""What the engine itself offers: its act kinds and step kinds. Sectors add more from their own rooms."""

from __future__ import annotations

from tinhso.contracts.cases import SubcaseEnded
from tinhso.core.cases import around, handlers, reorganise, versioning
from tinhso.core.cases.actions import file_child
from tinhso.core.cases.activity import units_that_acted
from tinhso.core.cases.acts import ACTS, ActKind
from tinhso.core.cases.automatic import AUTOMATIC, Automatic, run_exchange, undo_exchange
from tinhso.core.cases.calendars import RECOUNT, recount_for_run
from tinhso.core.cases.choices import Status as S
from tinhso.core.cases.moneyacts import MONEY_ACTS
from tinhso.core.cases.pages import item_url
from tinhso.core.cases.policy import may_open_paper
from tinhso.core.cases.rules import (
    automatic,
    branches,
    endings,
    handover,
    mirror,
    moves,
    reception,
    recount,
    steps,
    timers,
)
from tinhso.core.desk.slots import ACTIVITIES, Activity
from tinhso.core.events.outbox import handles
from tinhso.core.files.slots import FILE_POLICIES, FilePolicy
from tinhso.core.jobs.slots import WORK_KINDS, WorkKind
from tinhso.core.orgs.policy import EDIT_CALENDARS
from tinhso.core.procedures.steps import STEP_KINDS, StepKind
from tinhso.core.reorganisation.slots import EVIDENCE, MOVABLES

RECEIVING = frozenset({S.NEW})
WORKING = frozenset({S.PROCESSING})
STOPPABLE = frozenset({S.NEW, S.ACCEPTED, S.PROCESSING, S.SUPPLEMENT, S.FINANCIAL, S.WITHDRAWAL})
AUTOMATIC_STEPS = frozenset({"subcase", "exchange", "document"})

for kind in (
    ActKind("file", "Nộp hồ sơ", "filing", reception.file, reception.FileData, first=True),
    ActKind(
        "accept", "Tiếp nhận", "cases.receive", reception.accept, reception.AcceptData, statuses=RECEIVING
    ),
    ActKind(
        "hand_over", "Chuyển xử lý", "cases.receive", reception.hand_over, statuses=frozenset({S.ACCEPTED})
    ),
    ActKind(
        "refuse_reception",
        "Từ chối tiếp nhận",
        "cases.receive",
        reception.refuse_reception,
        reception.RefuseData,
        statuses=RECEIVING,
    ),
    ActKind(
        "ask_supplement",
        "Yêu cầu bổ sung",
        "cases.receive|cases.work",
        reception.ask_supplement,
        reception.AskData,
        at="either",
        statuses=frozenset({S.NEW, S.ACCEPTED, S.PROCESSING}),
    ),
    ActKind(
        "supplement",
        "Nộp bổ sung",
        "applicant",
        reception.answer_supplement,
        reception.SupplementData,
        statuses=frozenset({S.SUPPLEMENT}),
    ),
    ActKind(
        "mirror",
        "Nhận tin từ hệ thống khác",
        "system",
        mirror.mirror,
        mirror.MirrorData,
        statuses=frozenset(S),
        first=True,
    ),
    ActKind("wake", "Đến hạn", "system", timers.wake),
    ActKind(
        "take", "Nhận xử lý", "cases.work|cases.receive|cases.sign", steps.take, steps.TakeData, at="token"
    ),
    ActKind("assign", "Phân công", "cases.assign", steps.assign, steps.AssignData, at="token"),
    ActKind(
        "draft",
        "Lưu dự thảo",
        "cases.work",
        steps.draft,
        steps.DraftData,
        at="token",
        statuses=WORKING,
        steps=frozenset({"work"}),
    ),
    ActKind(
        "complete",
        "Hoàn thành, chuyển bước tiếp",
        "cases.work",
        steps.complete,
        steps.CompleteData,
        at="token",
        statuses=WORKING,
        steps=frozenset({"work"}),
    ),
    ActKind(
        "propose_refusal",
        "Đề nghị không giải quyết",
        "cases.work",
        steps.propose_refusal,
        steps.ProposeRefusalData,
        at="token",
        statuses=WORKING,
        steps=frozenset({"work"}),
    ),
    ActKind(
        "answer",
        "Trả lời ý kiến",
        "cases.work|cases.approve",
        branches.answer,
        branches.OpinionData,
        at="token",
        statuses=WORKING,
        steps=frozenset({"ask_unit"}),
    ),
    ActKind(
        "confirm",
        "Xác nhận dự thảo đúng",
        "applicant",
        steps.confirm,
        statuses=WORKING,
        steps=frozenset({"ask_applicant"}),
    ),
    ActKind(
        "object",
        "Đề nghị sửa dự thảo",
        "applicant",
        steps.object_to_draft,
        steps.ObjectData,
        statuses=WORKING,
        steps=frozenset({"ask_applicant"}),
    ),
    ActKind("number", "Cấp số", "system", steps.number, steps.NumberData, statuses=WORKING),
    ActKind(
        "sign",
        "Ký kết quả",
        "cases.sign",
        steps.sign,
        steps.SignData,
        at="token",
        statuses=WORKING,
        steps=frozenset({"sign"}),
    ),
    ActKind(
        "return_for_correction",
        "Trả lại để sửa",
        "cases.sign|cases.work",
        steps.return_for_correction,
        steps.ReturnData,
        at="token",
        statuses=WORKING,
        steps=frozenset({"sign", "work"}),
        also=steps.may_return,
    ),
    ActKind(
        "second",
        "Xác nhận của người thứ hai",
        "cases.work",
        branches.second,
        branches.SecondData,
        at="token",
        statuses=WORKING,
        steps=frozenset({"work"}),
        also=branches.may_second,
    ),
    ActKind(
        "vote",
        "Biểu quyết",
        "cases.see",
        branches.vote,
        branches.VoteData,
        at="token",
        statuses=WORKING,
        steps=frozenset({"vote"}),
        strict=True,
    ),
    ActKind(
        "retry",
        "Cho hệ thống thử lại",
        "cases.work|cases.assign",
        automatic.retry,
        at="token",
        steps=AUTOMATIC_STEPS,
    ),
    ActKind(
        "by_hand",
        "Ghi kết quả bằng tay",
        "cases.work|cases.assign",
        automatic.by_hand,
        automatic.ByHandData,
        at="token",
        steps=AUTOMATIC_STEPS,
    ),
    ActKind(
        "taken_back",
        "Đã thu hồi bằng tay",
        "cases.work|cases.assign",
        automatic.taken_back,
        automatic.TakenBackData,
        at="token",
        statuses=frozenset(S),
        steps=frozenset({"undo"}),
    ),
    ActKind(
        "direct",
        "Chỉ đạo hồ sơ quá hạn",
        "cases.approve",
        timers.direct,
        timers.DirectData,
        at="token",
        steps=frozenset({"late"}),
    ),
    ActKind(
        "auto_done",
        "Hệ thống thực hiện xong",
        "system",
        automatic.auto_done,
        automatic.ReplyData,
        steps=AUTOMATIC_STEPS,
    ),
    ActKind(
        "auto_failed",
        "Hệ thống chưa thực hiện được",
        "system",
        automatic.auto_failed,
        automatic.FailedData,
        steps=AUTOMATIC_STEPS,
    ),
    ActKind(
        "child_filed",
        "Lập hồ sơ con",
        "system",
        automatic.child_filed,
        automatic.ChildData,
        steps=AUTOMATIC_STEPS,
    ),
    ActKind(
        "child_ended",
        "Hồ sơ con kết thúc",
        "system",
        automatic.child_ended,
        automatic.ChildEndData,
        statuses=frozenset(S),  # an answer may come after the case is over; it is noted
    ),
    ActKind("undone", "Thu hồi việc đã làm", "system", automatic.undone, automatic.UndoData),
    ActKind(
        "stop_by_parent",
        "Dừng theo hồ sơ gốc",
        "system",
        endings.stop_by_parent,
        endings.ReasonData,
        statuses=STOPPABLE,
    ),
    ActKind(
        "deliver",
        "Trả kết quả",
        "cases.deliver",
        steps.deliver,
        steps.DeliverData,
        at="hands_out",
        statuses=frozenset({S.DONE}),
        steps=frozenset({"deliver"}),
    ),
    ActKind(
        "withdraw",
        "Rút hồ sơ",
        "applicant",
        endings.withdraw,
        endings.ReasonData,
        statuses=frozenset({S.NEW, S.ACCEPTED, S.PROCESSING, S.SUPPLEMENT, S.FINANCIAL}),
    ),
    ActKind(
        "approve_withdrawal",
        "Đồng ý cho rút",
        "cases.receive",
        endings.approve_withdrawal,
        statuses=frozenset({S.WITHDRAWAL}),
    ),
    ActKind(
        "reject_withdrawal",
        "Không cho rút",
        "cases.receive",
        endings.reject_withdrawal,
        endings.ReasonData,
        statuses=frozenset({S.WITHDRAWAL}),
    ),
    ActKind(
        "stop",
        "Dừng giải quyết",
        "cases.approve",
        endings.stop,
        endings.ReasonData,
        at="either",
        statuses=frozenset({S.SUPPLEMENT, S.FINANCIAL}),
    ),
    ActKind(
        "extend",
        "Xin lỗi và hẹn lại",
        "cases.work|cases.approve",
        endings.extend,
        endings.ExtendData,
        at="competent",
        statuses=frozenset({S.ACCEPTED, S.PROCESSING}),
    ),
    ActKind(
        "rate",
        "Đánh giá",
        "applicant",
        endings.rate,
        endings.RateData,
        statuses=frozenset({S.DONE, S.RETURNED, S.NOT_ACCEPTED, S.STOPPED}),
    ),
    ActKind(
        "recount",
        "Tính lại hạn theo lịch làm việc",
        EDIT_CALENDARS,
        recount.recount,
        recount.RecountData,
        at="competent",
        statuses=frozenset({S.ACCEPTED, S.PROCESSING}),
    ),
    ActKind("note", "Ghi chú", "cases.work|cases.receive", endings.note, endings.NoteData, at="either"),
):
    ACTS.add(kind)

for more in (handover.RELEASE, *reorganise.ACT_KINDS, *MONEY_ACTS):
    ACTS.add(more)
MOVABLES.add(reorganise.CASES)
for evidence in reorganise.KEPT:
    EVIDENCE.add(evidence)

for step_kind in (
    StepKind("receive", "Tiếp nhận", "Tiếp nhận hồ sơ"),
    StepKind("work", "Xử lý", "Xử lý hồ sơ"),
    StepKind("parallel", "Làm song song", "Chờ các nhánh", enter=branches.enter_fork, background=True),
    StepKind("ask_unit", "Hỏi cơ quan khác", "Trả lời ý kiến", needs=("unit",), late="head"),
    StepKind(
        "consult",
        "Lấy ý kiến nhiều cơ quan",
        "Trả lời ý kiến",
        enter=branches.enter_consult,
        needs=("unit",),
        background=True,
        late="head",
    ),
    StepKind("vote", "Hội đồng biểu quyết", "Biểu quyết", needs=("need",), shared=True, late="head"),
    StepKind(
        "subcase",
        "Hồ sơ con ở cơ quan khác",
        "Xử lý hồ sơ con không lập được",
        enter=automatic.enter_automatic,
        needs=("procedure",),
        background=True,
        late="head",
    ),
    StepKind(
        "exchange",
        "Hỏi hệ thống khác",
        "Xử lý khi hệ thống khác không trả lời",
        enter=automatic.enter_automatic,
        needs=("request",),
        background=True,
    ),
    StepKind("ask_applicant", "Hỏi người nộp", "Chờ người dân xác nhận"),
    StepKind("pay", "Nghĩa vụ tài chính", "Thu phí, lệ phí", enter=moves.enter_pay, waits=True),
    StepKind("sign", "Ký", "Ký kết quả", needs=("document",)),
    StepKind("deliver", "Trả kết quả", "Trả kết quả", enter=moves.enter_deliver, end=True),
    StepKind("withdrawal", "Rút hồ sơ", "Quyết định cho rút hồ sơ"),
    StepKind("apology", "Xin lỗi và hẹn lại", "Gửi thư xin lỗi, hẹn lại ngày trả"),
    StepKind("undo", "Thu hồi việc đã làm", "Thu hồi bằng tay việc hệ thống không thu hồi được"),
    StepKind("late", "Quá hạn", "Chỉ đạo hồ sơ quá hạn"),
    StepKind("stop_proposal", "Hết hạn bổ sung", "Quyết định dừng giải quyết"),
):
    STEP_KINDS.add(step_kind)

AUTOMATIC.add(Automatic("subcase", file_child))
AUTOMATIC.add(Automatic("exchange", run_exchange, undo_exchange))

handles(SubcaseEnded, "cases.give_to_parent", handlers.give_to_parent)

ACTIVITIES.add(Activity("cases", units_that_acted))

FILE_POLICIES.add(FilePolicy("cases.", may_open_paper))

WORK_KINDS.add(WorkKind(RECOUNT, recount_for_run, link=item_url))

around.register()
versioning.register()
