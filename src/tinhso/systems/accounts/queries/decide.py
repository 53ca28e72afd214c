"""What a line of a list would do now: decided the same way for the preview and for the work itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from tinhso.core.access.actor import Actor
from tinhso.core.access.queries import Giving
from tinhso.core.orgs.models import Post, Unit
from tinhso.core.people.rules import same_birth
from tinhso.kit.text import fold
from tinhso.systems.accounts.policy import may_keep
from tinhso.systems.accounts.queries.known import Known, Places
from tinhso.systems.accounts.rules.holding import Step, step_of
from tinhso.systems.accounts.rules.table import Fault, Line

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass
class Decision:
    """What to do for a line. `person_id` None: somebody new. `post` None: a post to be made in `unit`."""

    line: Line
    person_id: UUID | None = None
    unit: Unit | None = None
    post: Post | None = None
    role: str = ""
    username: str = ""
    contacts: dict[str, str] = field(default_factory=dict)
    add_staff: bool = False
    add_number: bool = False
    step: Step = field(default_factory=Step)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """`new` for somebody without an account until now, `changed`, or `same`."""
        if self.username:
            return NEW
        return CHANGED if self.contacts or self.add_staff or self.add_number or self.step.do else SAME


class Deciding:
    """Who asks, what may be made, and the day: the same for all lines of a run."""

    def __init__(self, actor: Actor, places: Places, today: date, *, make_posts: bool = True) -> None:
        self.actor, self.places, self.today, self.make_posts = actor, places, today, make_posts
        self.giving = Giving(actor)

    def decide(self, line: Line, known: Known) -> Decision:
        """Everything that is wrong with the line here and now, or what to do."""
        made = Decision(line, faults=list(line.faults), notes=list(line.notes))
        self._whose(made, known)
        self._where(made, known)
        if made.unit is not None and not made.faults:
            self._held(made, known)
            self._account(made, known)
            self._contacts(made, known)
        return made

    def _whose(self, d: Decision, known: Known) -> None:
        line = d.line
        by_number, by_staff = known.by_number.get(line.number), known.by_staff.get(line.staff_code)
        if by_number and by_staff and by_number != by_staff:
            d.faults.append(
                Fault(
                    "staff_code", line.staff_code, "Số định danh và mã cán bộ này là của hai người khác nhau."
                )
            )
            return
        d.person_id = by_number or by_staff
        if d.person_id is None:
            d.add_staff = bool(line.staff_code)
            return
        person, own = known.people[d.person_id], known.staff.get(d.person_id, "")
        if line.staff_code and own and own != line.staff_code:
            d.faults.append(
                Fault("staff_code", line.staff_code, "Người mang số định danh này đã có mã cán bộ khác.")
            )
        number = known.numbers.get(d.person_id, {}).get(line.number_kind, "")
        if line.number and number and number != line.number:
            d.faults.append(Fault("number", line.number, "Người mang mã cán bộ này đã có số định danh khác."))
        if fold(person.full_name) != fold(line.full_name):
            told = "Số này đã ghi với họ tên khác. Kiểm tra lại số; nếu đổi tên theo giấy tờ thì sửa ở trang của người đó."
            d.faults.append(Fault("full_name", line.full_name, told))
        if line.birth and person.birth and not same_birth(line.birth, person.birth):
            d.faults.append(
                Fault("birth", line.birth, "Số này đã ghi với ngày sinh khác. Kiểm tra lại theo giấy tờ.")
            )
        d.add_staff, d.add_number = bool(line.staff_code and not own), bool(line.number and not number)

    def _where(self, d: Decision, known: Known) -> None:
        line, found = d.line, self.places.units(d.line.unit)
        if not line.unit or not line.post:
            return
        if len(found) != 1:
            codes = ", ".join(u.code for u in found[:5])
            told = (
                f"Có {len(found)} đơn vị cùng tên; ghi mã: {codes}."
                if found
                else "Không có đơn vị mang mã hoặc tên này."
            )
            d.faults.append(Fault("unit", line.unit, told))
            return
        if not found[0].active:
            d.faults.append(Fault("unit", line.unit, "Đơn vị này đã ngừng hoạt động; ghi đơn vị kế thừa."))
            return
        if not may_keep(self.actor, found[0].path):
            d.faults.append(Fault("unit", line.unit, "Đơn vị này ngoài phạm vi quản trị của bạn."))
            return
        d.unit, d.post = found[0], known.post(found[0], line.post)
        self._role(d)

    def _role(self, d: Decision) -> None:
        line, unit = d.line, d.unit
        assert unit is not None  # noqa: S101  asked for once the unit is known
        if line.role:
            d.role = self.places.role(line.role)
            if not d.role:
                d.faults.append(Fault("role", line.role, "Không có vai trò mang mã hoặc tên này."))
        if d.post is None:
            if not self.make_posts:
                d.faults.append(
                    Fault(
                        "post",
                        line.post,
                        "Đơn vị chưa có vị trí này; lập vị trí, hoặc cho phép lập khi nhập.",
                    )
                )
            elif d.role and not self.giving.may(d.role, unit.path):
                d.faults.append(Fault("role", line.role, "Bạn không được giao vai trò này."))
            return
        if not d.post.active:
            d.faults.append(Fault("post", line.post, "Vị trí này đã đóng; mở lại rồi nhập."))
        if d.role and d.role not in {r.role_id for r in d.post.roles.all()}:
            d.notes.append(
                "Vị trí đã có sẵn nên vai trò trong tệp không đổi gì; đổi vai trò ở trang của vị trí."
            )

    def _held(self, d: Decision, known: Known) -> None:
        line = d.line
        held = known.held.get((d.person_id, d.post.id), []) if d.person_id and d.post else []
        first = date.fromisoformat(line.valid_from) if line.valid_from else None
        end = date.fromisoformat(line.valid_to) if line.valid_to else None
        d.step = step_of(held, first, end, self.today)
        if d.step.fault:
            d.faults.append(Fault("valid_from", line.valid_from, d.step.fault))
        if d.step.do == "add":
            if d.person_id and d.person_id == self.actor.person_id:
                d.faults.append(
                    Fault("post", line.post, "Không tự phân công cho chính mình; nhờ người quản trị khác.")
                )
            if d.post and not self.giving.may_all(d.post.roles.all(), d.post.unit.path):
                d.faults.append(Fault("post", line.post, "Vị trí này mang vai trò bạn không được giao."))

    def _account(self, d: Decision, known: Known) -> None:
        line, own = d.line, known.accounts.get(d.person_id) if d.person_id else None
        if own is not None:
            if line.username and own.username != line.username:
                d.notes.append("Người này đã có tài khoản mang tên khác; tên trong tệp không dùng.")
            return
        if line.valid_to and date.fromisoformat(line.valid_to) <= self.today:
            return  # somebody who has left gets no account
        name = line.username or line.staff_code.lower() or line.number
        if known.usernames.get(name, d.person_id) != d.person_id:
            d.faults.append(Fault("username", name, "Tên đăng nhập này đã có người dùng; ghi tên khác."))
        d.username = name

    def _contacts(self, d: Decision, known: Known) -> None:
        if d.person_id is None:
            return
        person, line = known.people[d.person_id], d.line
        changes = {
            k: v for k in ("phone", "email", "sex") if (v := getattr(line, k)) and v != getattr(person, k)
        }
        if line.birth and len(line.birth) > len(person.birth):
            changes["birth"] = line.birth
        if changes and not all(may_keep(self.actor, path) for path in known.paths.get(d.person_id, ())):
            d.notes.append("Không đổi thông tin liên lạc: người này còn giữ vị trí ở đơn vị khác.")
            return
        d.contacts = changes
