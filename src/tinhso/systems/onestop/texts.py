"""What the one-stop says to citizens: the acts of a case in plain words, its status, its notices."""

from __future__ import annotations

from tinhso.core.forms.texts import Text

PAPERS_TITLE = Text("Giấy tờ đính kèm", "Papers to attach")
CHECK_TITLE = Text("Kiểm tra và nộp", "Check and send")

#: What happened, as the history of a case tells the applicant. An act that is not here is the agency's own affair.
HAPPENED: dict[str, Text] = {
    "file": Text("Đã nộp hồ sơ", "The file was sent"),
    "accept": Text("Hồ sơ đủ, đã được tiếp nhận", "The file is complete and was accepted"),
    "hand_over": Text("Đã chuyển đến cơ quan giải quyết", "Passed on to the agency that decides"),
    "refuse_reception": Text("Hồ sơ không được tiếp nhận", "The file was not accepted"),
    "ask_supplement": Text("Yêu cầu bổ sung", "More was asked for"),
    "supplement": Text("Đã nộp bổ sung", "What was missing has been sent"),
    "complete": Text("Xong một bước xử lý", "One step is done"),
    "answer": Text("Cơ quan được hỏi đã trả lời", "The agency asked has answered"),
    "confirm": Text("Đã xác nhận bản dự thảo đúng", "The draft was confirmed"),
    "object": Text("Đã đề nghị sửa bản dự thảo", "A correction of the draft was asked for"),
    "sign": Text("Kết quả đã được ký", "The result was signed"),
    "collect": Text("Đã nộp tiền", "Payment received"),
    "deliver": Text("Đã trả kết quả", "The result was handed over"),
    "withdraw": Text("Đã đề nghị rút hồ sơ", "Withdrawal was asked for"),
    "approve_withdrawal": Text("Đã đồng ý cho rút hồ sơ", "The withdrawal was granted"),
    "reject_withdrawal": Text("Chưa cho rút, hồ sơ được xử lý tiếp", "Not withdrawn; work goes on"),
    "stop": Text("Dừng giải quyết", "Work was stopped"),
    "recount": Text(
        "Tính lại ngày hẹn theo lịch làm việc mới", "Counted again with the changed working calendar"
    ),
    "reorganise": Text(
        "Chuyển về cơ quan mới theo sắp xếp đơn vị", "Moved to the new agency in a reorganisation"
    ),
    "reorganise_back": Text("Chuyển lại cơ quan cũ", "Moved back to the agency it came from"),
    "extend": Text("Xin lỗi và hẹn lại ngày trả", "An apology and a new appointment"),
    "rate": Text("Bạn đã đánh giá", "You rated the service"),
    "child_filed": Text("Đã lập hồ sơ tại {agency}", "A file was opened at {agency}"),
    "child_ended": Text("{agency} đã giải quyết xong phần việc của mình", "{agency} has finished its part"),
    "stop_by_parent": Text("Không cần giải quyết nữa", "Not needed any more"),
}
REFUSED_ACTS = frozenset({"refuse_reception", "stop"})
STEP_DONE = Text("Đã xong: {step}", "Done: {step}")
SILENCE = Text(
    "Hết hạn trả lời: bản dự thảo được coi là đúng", "No answer in time: the draft counts as right"
)
REFUSAL_SIGNED = Text("Đã ký văn bản trả lời không giải quyết", "A reasoned refusal was signed")

#: What the status means for the applicant, by its national number; values in braces come from the case.
STATUS: dict[int, Text] = {
    1: Text(
        "Hồ sơ đã đến {reception}. Cán bộ kiểm tra và trả lời bạn trước {check_by}.",
        "The file has reached {reception}. You will hear from them before {check_by}.",
    ),
    2: Text(
        "Hồ sơ đủ và đã được tiếp nhận. {reception} đang chuyển đến {competent}.",
        "The file is complete and accepted. {reception} is passing it on to {competent}.",
    ),
    3: Text(
        "{reception} không tiếp nhận hồ sơ: {reason}",
        "{reception} did not accept the file: {reason}",
    ),
    4: Text("{where} đang xử lý: {step}.", "{where} is working on it: {step}."),
    5: Text(
        "Cần bạn bổ sung trước {answer_by}. Trong lúc chờ, thời hạn giải quyết tạm dừng.",
        "Please send what is missing before {answer_by}. The time limit is paused meanwhile.",
    ),
    6: Text(
        "Cần bạn nộp {amount}. Sau khi nộp, hồ sơ được xử lý tiếp.",
        "Please pay {amount}. Work goes on after the payment.",
    ),
    7: Text("Đề nghị rút hồ sơ của bạn đang được xem xét.", "Your wish to withdraw is being considered."),
    8: Text("Hồ sơ đã dừng giải quyết: {reason}", "Work on the file has ended: {reason}"),
    9: Text("Đã có kết quả. {collect}", "The result is ready. {collect}"),
    10: Text("Kết quả đã được trả. Cảm ơn bạn.", "The result was handed over. Thank you."),
}
COLLECT = {
    "counter": Text("Mời bạn đến {reception} để nhận.", "Please collect it at {reception}."),
    "post": Text(
        "Kết quả sẽ được gửi qua bưu điện đến địa chỉ bạn đã ghi.", "It will be sent to the address you gave."
    ),
    "online": Text("Bạn tải bản điện tử ở bên dưới.", "You can download it below."),
}
CONFIRM_WAITING = Text(
    "Bản dự thảo đã soạn xong, chờ bạn kiểm tra trước {due}. Không trả lời được coi là đồng ý.",
    "The draft is ready for you to check before {due}. Silence counts as consent.",
)
SEVERAL = Text(
    "Hồ sơ đang được {count} cơ quan xử lý song song: {agencies}.",
    "{count} agencies are working on the file at the same time: {agencies}.",
)
DEEMED = Text(
    "{result}: hết hạn mà cơ quan chưa trả lời, nên theo luật kết quả được coi là đã có.",
    "{result}: the time ran out without an answer, so by law the case counts as decided.",
)
PASSING_ON = Text("Bộ phận Một cửa chuyển hồ sơ đi", "The one-stop centre passes the file on")
WAITING_FOR = Text("Bạn kiểm tra bản dự thảo", "You check the draft")
RESULT_COMES = Text("Trả kết quả", "The result is handed over")

#: Notices to the applicant by act: title and body. Acts that are not here bring no notice.
NOTICES: dict[str, tuple[Text, Text]] = {
    "file": (
        Text("Đã nhận hồ sơ {code}", "File {code} has arrived"),
        Text(
            "{reception} đã nhận hồ sơ “{procedure}” và sẽ kiểm tra trong 8 giờ làm việc. Bạn sẽ được báo kết quả kiểm tra.",
            "{reception} has your file “{procedure}” and will check it within 8 working hours. You will hear from them.",
        ),
    ),
    "correct": (
        Text("Kết quả hồ sơ {code} được đính chính", "The result of file {code} is being corrected"),
        Text(
            "Kết quả “{procedure}” được đính chính: {wrong}. {apology}",
            "The result of “{procedure}” is being corrected: {wrong}. {apology}",
        ),
    ),
    "accept": (
        Text("Hồ sơ {code} đã được tiếp nhận", "File {code} was accepted"),
        Text(
            "Hồ sơ “{procedure}” đã đủ. Hẹn trả kết quả: {due}.",
            "“{procedure}” is complete. Result due: {due}.",
        ),
    ),
    "refuse_reception": (
        Text("Hồ sơ {code} không được tiếp nhận", "File {code} was not accepted"),
        Text(
            "Hồ sơ “{procedure}” không được tiếp nhận: {reason}", "“{procedure}” was not accepted: {reason}"
        ),
    ),
    "ask_supplement": (
        Text("Cần bổ sung hồ sơ {code}", "More is needed for file {code}"),
        Text(
            "Hồ sơ “{procedure}” cần bổ sung: {items}. Hãy nộp trước {answer_by}.",
            "“{procedure}” needs: {items}. Please send it before {answer_by}.",
        ),
    ),
    "supplement": (
        Text("Đã nhận phần bổ sung của hồ sơ {code}", "What was missing in file {code} has arrived"),
        Text("Cơ quan sẽ xử lý tiếp hồ sơ “{procedure}”.", "Work on “{procedure}” goes on."),
    ),
    "confirm_wanted": (
        Text("Mời bạn kiểm tra bản dự thảo của hồ sơ {code}", "Please check the draft in file {code}"),
        Text(
            "Bản dự thảo kết quả “{procedure}” đã soạn xong. Hãy kiểm tra trước {confirm_by}; "
            "không trả lời được coi là đồng ý.",
            "The draft of “{procedure}” is ready. Please check it before {confirm_by}; silence counts as consent.",
        ),
    ),
    "pay_wanted": (
        Text("Cần nộp tiền cho hồ sơ {code}", "Payment needed for file {code}"),
        Text(
            "Hồ sơ “{procedure}” cần bạn nộp {amount} để được xử lý tiếp.",
            "Please pay {amount} so that work on “{procedure}” can go on.",
        ),
    ),
    "done": (
        Text("Hồ sơ {code} đã có kết quả", "The result of file {code} is ready"),
        Text(
            "Kết quả “{procedure}” đã được ký. {collect}", "The result of “{procedure}” was signed. {collect}"
        ),
    ),
    "deliver": (
        Text("Đã trả kết quả hồ sơ {code}", "The result of file {code} was handed over"),
        Text(
            "Bạn đã nhận kết quả “{procedure}”. Mời bạn đánh giá để chúng tôi phục vụ tốt hơn.",
            "You have received the result of “{procedure}”. Please rate us so that we can do better.",
        ),
    ),
    "approve_withdrawal": (
        Text("Hồ sơ {code} đã được rút", "File {code} was withdrawn"),
        Text(
            "Đề nghị rút hồ sơ “{procedure}” đã được đồng ý. Khoản đã nộp, nếu có, sẽ được hoàn lại.",
            "The withdrawal of “{procedure}” was granted. What you paid, if anything, will be refunded.",
        ),
    ),
    "reject_withdrawal": (
        Text("Hồ sơ {code} được xử lý tiếp", "Work on file {code} goes on"),
        Text(
            "Đề nghị rút hồ sơ “{procedure}” chưa được đồng ý. Mở hồ sơ để xem lý do.",
            "The withdrawal of “{procedure}” was not granted. Open the file to see why.",
        ),
    ),
    "stop": (
        Text("Hồ sơ {code} dừng giải quyết", "Work on file {code} has ended"),
        Text("Hồ sơ “{procedure}” dừng giải quyết: {reason}", "Work on “{procedure}” has ended: {reason}"),
    ),
    "recount": (
        Text("Ngày hẹn trả được tính lại", "The appointment was counted again"),
        Text(
            "Hồ sơ {code} ({procedure}): vì lịch làm việc của cơ quan thay đổi ({reason}), ngày hẹn trả mới là {due}.",
            "Case {code} ({procedure}): because the working calendar changed ({reason}), the new appointment is {due}.",
        ),
    ),
    "reorganise": (
        Text("Hồ sơ {code} do cơ quan mới giải quyết", "File {code} is with a new agency"),
        Text(
            "Theo sắp xếp đơn vị hành chính, hồ sơ “{procedure}” nay do {agency} giải quyết, kết quả nhận tại {centre}. "
            "Ngày hẹn trả không đổi, bạn không phải nộp lại gì.",
            "After the reorganisation, “{procedure}” is with {agency}; the result is fetched at {centre}. "
            "The appointment stays, and nothing has to be filed again.",
        ),
    ),
    "extend": (
        Text("Xin lỗi và hẹn lại hồ sơ {code}", "An apology and a new date for file {code}"),
        Text(
            "Hồ sơ “{procedure}” trả chậm hơn hẹn. Chúng tôi xin lỗi và hẹn lại: {due}. Lý do: {reason}",
            "“{procedure}” will be late. We apologise; the new date is {due}. Reason: {reason}",
        ),
    ),
    "child_filed": (
        Text("Hồ sơ {code}: đã chuyển đến {agency}", "File {code}: sent on to {agency}"),
        Text(
            "Để giải quyết “{procedure}”, {agency} xử lý phần việc “{child}”. Bạn không phải nộp thêm hồ sơ.",
            "For “{procedure}”, {agency} now deals with “{child}”. You need not file anything else.",
        ),
    ),
    "child_ended": (
        Text("Hồ sơ {code}: đã có kết quả của {agency}", "File {code}: {agency} has finished"),
        Text(
            "{agency} đã xong phần việc “{child}”. “{procedure}” được giải quyết tiếp; bạn chưa cần làm gì.",
            "{agency} has finished “{child}”. Work on “{procedure}” goes on; you need not do anything yet.",
        ),
    ),
    "child_failed": (
        Text("Hồ sơ {code}: {agency} không giải quyết được", "File {code}: {agency} could not do its part"),
        Text(
            "{agency} không giải quyết được phần việc “{child}”. Cơ quan giải quyết “{procedure}” sẽ xem xét và báo bạn.",
            "{agency} could not do “{child}”. The agency in charge of “{procedure}” will look into it and tell you.",
        ),
    ),
    "deemed": (
        Text("Hồ sơ {code}: {result}", "File {code}: {result}"),
        Text(
            "Hết hạn giải quyết “{procedure}” mà cơ quan chưa trả lời. Theo luật: {result}. {collect}",
            "The time for “{procedure}” ran out without an answer. By law: {result}. {collect}",
        ),
    ),
    "silence": (
        Text("Bản dự thảo của hồ sơ {code} được coi là đúng", "The draft in file {code} counts as right"),
        Text(
            "Đã hết hạn kiểm tra bản dự thảo “{procedure}” mà không có ý kiến của bạn, nên hồ sơ được giải quyết tiếp.",
            "The time to check the draft of “{procedure}” has passed without a word from you, so work goes on.",
        ),
    ),
}

#: Notices to officers: who has a step is reminded, the head hears of what is late, somebody of what has to be sent.
OFFICERS: dict[str, tuple[Text, Text]] = {
    "remind": (
        Text("Nhắc: {step}, hồ sơ {code}", "Reminder: {step}, case {code}"),
        Text(
            "Bước “{step}” của hồ sơ {code} ({procedure}) cần xong trước {due}.",
            "Step “{step}” of case {code} ({procedure}) is due by {due}.",
        ),
    ),
    "late": (
        Text("Quá hạn: hồ sơ {code}", "Late: case {code}"),
        Text(
            "Hồ sơ {code} ({procedure}) quá hạn tại {where}: {step}. Hãy xem và cho ý kiến chỉ đạo.",
            "Case {code} ({procedure}) is late at {where}: {step}. Please look at it and say what to do.",
        ),
    ),
    "apology": (
        Text("Cần gửi thư xin lỗi: hồ sơ {code}", "A letter of apology to send: case {code}"),
        Text(
            "Hồ sơ {code} ({procedure}) sẽ trễ hẹn. Thư xin lỗi đã soạn sẵn; hãy xem và gửi trước {due}.",
            "Case {code} ({procedure}) will be late. The letter of apology is drafted; please send it before {due}.",
        ),
    ),
}
