"""What the people of a journey do, step by step, as their pages offer it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from tests.installation import PASSWORD, PEOPLE, birth_answers, notice
from tinhso.core.testing.browser import Person
from tinhso.core.testing.waiting import eventually

CODE = re.compile(r"/ho-so/([^/]+)/")


def sign_in(person: Person, who: str) -> None:
    """As one of the people, by the form."""
    person.sign_in(PEOPLE[who], PASSWORD)


def find_birth(citizen: Person) -> None:
    """From the front page to the procedure, typing without marks."""
    citizen.open("/", "01-home")
    citizen.page.fill("#q", "giay khai sinh")
    citizen.press("Tìm", name="02-found")
    citizen.press("Đăng ký khai sinh", name="03-procedure")
    assert "Giấy chứng sinh" in citizen.text
    assert "Vì sao là ngày này?" in citizen.text or "Bao lâu" in citizen.text


def begin_birth(citizen: Person) -> None:
    """Sign in where the page asks for it, and say for whom."""
    citizen.press("Nộp trực tuyến")
    if "/dang-nhap/" in citizen.page.url:
        sign_in(citizen, "citizen")
    citizen.page.locator("input[name=for]").first.check()
    citizen.press("Tiếp tục", name="04-form")


def fill_in_birth(citizen: Person) -> None:
    """Every page of the form, the paper, how to receive the result; ends at the check page."""
    answers = birth_answers() | {"return_how": "online"}
    pages = citizen.fill_in(answers, {"birth_proof": notice()})
    assert pages >= 10
    citizen.inspect("06-check")


def send(citizen: Person) -> str:
    """Declare and send; the code of the case."""
    assert "Trần Gia Bảo" in citizen.text
    citizen.page.check("#declared")
    citizen.press("Nộp hồ sơ", name="07-filed")
    found = CODE.search(citizen.page.url)
    assert found is not None, citizen.page.url
    assert citizen.page.locator(".qr svg, .qr img").count() == 1
    return found[1]


def download(person: Person, link: str) -> bytes:
    """What a link of the page leads to, which must be a PDF."""
    href = person.page.get_by_role("link", name=link).first.get_attribute("href")
    answer = person.page.request.get(f"{person.base}{href}" if href and href.startswith("/") else str(href))
    assert answer.ok, f"{href}: {answer.status}"
    content = answer.body()
    assert content.startswith(b"%PDF-")
    return content


def accept(clerk: Person, code: str) -> None:
    """From the counter to the accepted and handed over case."""
    clerk.open("/mot-cua/", "10-counter")
    clerk.page.fill("#scan", code)
    clerk.press("Mở", name="11-case")
    clerk.press("Tiếp nhận")
    assert "Được tiếp nhận" in clerk.text
    clerk.press("Chuyển")
    assert "Đang xử lý" in clerk.text


def draft(officer: Person, code: str) -> None:
    """From the inbox to the draft sent up for signature."""
    officer.open("/ban-lam-viec/", "12-inbox")
    officer.page.locator(f'a[href*="{code}"]').first.click()
    officer.page.wait_for_load_state("load")
    officer.inspect("13-draft")
    officer.answer({"book_number": "01", "personal_id": ""})
    officer.press("Hoàn thành, trình tiếp")
    assert officer.page.locator("form[action$='/complete/']").count() == 0, officer.text


def begin(citizen: Person, procedure: str) -> None:
    """From the procedure's page to the first question, for oneself."""
    citizen.open(f"/thu-tuc/{procedure}/", "03-procedure")
    begin_birth(citizen)


def work(officer: Person, code: str, answers: Mapping[str, str] | None = None, name: str = "") -> None:
    """From the inbox to the open step: what it asks is filled in, and the case goes on."""
    _from_inbox(officer, code, name)
    officer.answer(answers or {})
    officer.press("Hoàn thành")


def give_opinion(head: Person, code: str, text: str, *, agrees: bool, name: str = "") -> None:
    """A department that was asked says what it thinks."""
    _from_inbox(head, code, name)
    head.page.locator(f"input[name=agrees][value={'yes' if agrees else 'no'}]").check()
    head.page.locator("textarea[name=text]:visible").first.fill(text)
    head.press("Gửi trả lời")


def _from_inbox(person: Person, code: str, name: str) -> None:
    person.open("/ban-lam-viec/", f"{name}-inbox" if name else "")
    person.page.locator(f'a[href*="{code}"]').first.click()
    person.page.wait_for_load_state("load")
    person.inspect(name)


def sign_many(leader: Person, code: str) -> None:
    """Tick it on the list and sign; the worker does it while the page watches."""
    leader.open("/ky/", "14-signing")
    leader.page.locator(f'input[name=ma][value="{code}"]').check()
    leader.press("Ký các mục đã chọn", name="15-sign-many")
    leader.press("hồ sơ")
    eventually(lambda: _reread(leader, "Đã xong"), what="the signature")
    leader.inspect("16-signed")


def sign_one(leader: Person, code: str) -> None:
    """Open it from the list, read the draft, sign."""
    leader.open("/ky/", "14-signing")
    leader.page.locator(f'a[href*="/mot-cua/ho-so/{code}/"]').last.click()
    leader.page.wait_for_load_state("load")
    leader.inspect("15-sign-one")
    download(leader, "Xem bản sẽ ký")
    leader.press("Ký số và phát hành", name="16-signed")


def deliver(clerk: Person, code: str) -> None:
    """Hand the result over."""
    clerk.open(f"/mot-cua/ho-so/{code}/")
    clerk.press("Trả kết quả", name="17-delivered")
    assert "Đã trả kết quả" in clerk.text


def await_document(citizen: Person, code: str, title: str) -> None:
    """The citizen's page of the case, once the worker has made a paper."""
    citizen.open(f"/ho-so/{code}/")
    eventually(lambda: _reread(citizen, title), what=f"“{title}” on the page of {code}")


def _reread(person: Person, text: str) -> bool:
    if text in person.text:
        return True
    person.page.reload()
    return text in person.text


def rate(citizen: Person, code: str) -> None:
    """Five stars and a word."""
    citizen.open(f"/ho-so/{code}/", "20-done")
    citizen.press("Đánh giá")
    citizen.page.check("input[name=stars][value='5']")
    citizen.page.fill("textarea[name=text]", "Nhanh, rõ ràng")
    citizen.press("Gửi đánh giá")
    assert "5/5" in citizen.text


def verify(visitor: Person, code: str, pdf: Path) -> None:
    """By the printed code and by the file; then a file with one changed byte."""
    visitor.open(f"/v/{code}/", "21-verify")
    assert "là thật và còn giá trị" in visitor.text
    visitor.open("/kiem-tra/", "22-verify-file")
    visitor.page.set_input_files("#file", pdf)
    visitor.press("Kiểm tra tệp", name="23-verified")
    assert "Kết quả kiểm tra" in visitor.text
    assert visitor.page.locator("main .notice.ok").count() == 1, visitor.text
    visitor.open("/kiem-tra/")
    content = bytearray(pdf.read_bytes())
    content[len(content) // 3] ^= 1
    visitor.page.set_input_files(
        "#file", {"name": "sua.pdf", "mimeType": "application/pdf", "buffer": bytes(content)}
    )
    with visitor.expecting(422):
        visitor.press("Kiểm tra tệp")
    assert visitor.page.locator("main .notice.ok").count() == 0
