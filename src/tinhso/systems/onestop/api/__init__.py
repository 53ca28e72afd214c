"""The one-stop for programs: the same acts as the pages, typed, paged by key, safe to repeat."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from tinhso.core.access.actor import Actor
from tinhso.core.api.frame import idempotent
from tinhso.core.cases import queries
from tinhso.core.cases.actions import file_case, perform
from tinhso.core.cases.acts import ACTS
from tinhso.core.cases.models import Act, Case
from tinhso.core.cases.queries import CaseFile, Filter
from tinhso.core.cases.state import PaperState, Party, dump
from tinhso.core.files.actions import store
from tinhso.core.forms.schema import answers_schema
from tinhso.core.people import queries as people
from tinhso.core.signing.documents import verify_url
from tinhso.core.signing.queries import of_case
from tinhso.kit.errors import Forbidden, NotFound, Refusal
from tinhso.systems.onestop.actions.staff import sign_result
from tinhso.systems.onestop.api import mirror, money, standing, why
from tinhso.systems.onestop.documents import is_inner
from tinhso.systems.onestop.queries.api import find_procedures
from tinhso.systems.onestop.queries.filing import centre_id

router = Router()
router.add_router("", mirror.router)
router.add_router("", why.router)
router.add_router("", money.router)


class ProcedureOut(Schema):
    """A procedure of the catalogue; `online` says whether a dossier can be filed here now."""

    code: str
    name: str
    name_en: str
    field: str
    levels: list[str]


class ProcedurePage(Schema):
    items: list[ProcedureOut]
    next: str = Field("", description="Con trỏ trang sau; rỗng là hết")


@router.get("/procedures", response=ProcedurePage, auth=None, summary="Tìm thủ tục, có dấu hay không dấu")
def list_procedures(
    request: HttpRequest, q: str = "", cursor: str = "", size: int = Query(50, ge=1, le=200)
) -> Any:
    page = find_procedures(q, cursor=cursor, size=size)
    return {"items": page.rows, "next": page.next}


@router.get("/procedures/{code}", response=dict[str, Any], auth=None, summary="Một thủ tục, đầy đủ")
def get_procedure(request: HttpRequest, code: str) -> Any:
    return queries.procedure(code).information


@router.get("/procedures/{code}/form", response=dict[str, Any], auth=None, summary="Lược đồ JSON của tờ khai")
def get_form_schema(request: HttpRequest, code: str) -> Any:
    definition = queries.offered(code)
    if definition is None:
        raise NotFound("no_version", "Thủ tục này chưa nhận hồ sơ trên hệ thống.")
    return answers_schema(definition.form)


class CaseOut(Schema):
    """A case with its five states; times are ISO 8601 with zone."""

    code: str
    procedure: str
    status: int
    finance: str
    delivery: str
    clock: str
    sync: str
    channel: str
    seq: int
    submitted_at: datetime
    accepted_at: datetime | None
    due_original: datetime | None
    due_current: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    acts: list[str] = Field(default_factory=list, description="Những việc người gọi làm được bây giờ")
    state: dict[str, Any] | None = None


class CaseWhole(CaseOut):
    """A case with where it is: `steps` open now (an applicant sees only where work goes on), `children` filed in other
    agencies, `opinions` of the units asked, `votes` of committees, `plan` of the agencies' deadlines."""

    steps: list[standing.StepOut] = Field(default_factory=list)
    parent: standing.RelatedOut | None = None
    children: list[standing.RelatedOut] = Field(default_factory=list)
    opinions: list[standing.OpinionOut] = Field(default_factory=list)
    votes: list[standing.VoteOut] = Field(default_factory=list)
    plan: standing.PlanOut | None = None


class CasePage(Schema):
    items: list[CaseOut]
    next: str = ""


def _row(case: Case, *, acts: list[str] | None = None, state: dict[str, Any] | None = None) -> dict[str, Any]:
    names = CaseOut.model_fields.keys() - {"acts", "state", "procedure"}
    row = {name: getattr(case, name) for name in names}
    return {**row, "procedure": case.procedure_id, "acts": acts or [], "state": state}


def _whole(found: CaseFile, actor: Actor) -> dict[str, Any]:
    acts = sorted({a.act for a in found.abilities})
    row = _row(found.case, acts=acts, state=standing.state_for(found, actor))
    return {**row, **standing.where_it_is(found, actor)}


@router.get("/cases", response=CasePage, summary="Hồ sơ của tôi, hoặc của đơn vị (side=reception|competent)")
def list_cases(
    request: HttpRequest,
    side: str = "",
    status: int = 0,
    late: bool = False,
    cursor: str = "",
    size: int = Query(50, ge=1, le=200),
) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    if side:
        page = queries.list_cases(
            actor, Filter(side=side, status=status, late=late), cursor=cursor, size=size
        )
    else:
        page = queries.my_cases(actor, cursor=cursor, size=size)
    return {"items": [_row(c) for c in page.rows], "next": page.next}


class PaperIn(Schema):
    id: str
    files: list[UUID] = Field(default_factory=list)


class CaseIn(Schema):
    """A dossier to file for oneself: the answers follow `/procedures/{code}/form`, files come from `/files`."""

    procedure: str
    answers: dict[str, Any]
    papers: list[PaperIn] = Field(default_factory=list)
    return_how: str = "counter"
    return_address: str = ""
    reception: str = Field(
        "", description="Mã Bộ phận Một cửa nhận hồ sơ; rỗng: nơi gần cơ quan giải quyết nhất"
    )
    return_at: str = Field("", description="Mã Bộ phận Một cửa trả kết quả; rỗng: nơi nhận hồ sơ")
    key: str = Field(
        min_length=8, max_length=80, description="Khóa của bên gửi: gửi lại không tạo hồ sơ thứ hai"
    )


@router.post("/cases", response={201: CaseOut}, summary="Nộp hồ sơ")
@idempotent
def create_case(request: HttpRequest, data: CaseIn) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    done = file_case(
        procedure=data.procedure,
        applicant=own_party(actor.person_id),
        answers=data.answers,
        papers=tuple(PaperState(id=p.id, files=tuple(str(f) for f in p.files)) for p in data.papers),
        channel="online",
        key=f"api:{actor.person_id}:{data.key}"[:80],
        actor=actor,
        filer_id=actor.person_id,
        return_how=data.return_how,
        return_address=data.return_address,
        reception_id=centre_id(data.reception),
        return_unit_id=centre_id(data.return_at),
    )
    return 201, CaseOut(**_row(done.case, state=dump(done.state)))


def own_party(person_id: UUID | None) -> Party:
    """The caller as applicant; `Forbidden` for programs that are no person."""
    if person_id is None:
        raise Forbidden("no_person", "Khóa truy cập này không gắn với người nộp hồ sơ nào.")
    person = people.person(person_id)
    return Party(
        id=str(person.id),
        kind=person.kind,
        full_name=person.full_name,
        birth=person.birth,
        sex=person.sex,
        identity=people.number_of(person),
        phone=person.phone,
        email=person.email,
        address=person.address,
        territory=person.territory_code,
    )


@router.get("/cases/{code}", response=CaseWhole, summary="Một hồ sơ, với những việc làm được bây giờ")
def get_case(request: HttpRequest, code: str) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    return _whole(queries.open_case(code, actor=actor), actor)


class ActOut(Schema):
    """One act of a case's history."""

    seq: int
    kind: str
    at: datetime
    actor: dict[str, str]
    hash: str


@router.get("/cases/{code}/acts", response=list[ActOut], summary="Lịch sử hồ sơ")
def get_acts(request: HttpRequest, code: str) -> list[Act]:
    found = queries.open_case(code, actor=request.actor)  # type: ignore[attr-defined]
    return queries.acts_of(found.case.id)


class ActIn(Schema):
    """An act: its data follow the act's kind; `seq` is the case's number as last seen."""

    data: dict[str, Any] = Field(default_factory=dict)
    seq: int | None = None


@router.post("/cases/{code}/acts/{act}", response=CaseOut, summary="Làm một việc trên hồ sơ")
@idempotent
def do_act(request: HttpRequest, code: str, act: str, body: ActIn) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    if act not in ACTS or ACTS.get(act).who in ("system", "filing") or act == "sign":
        raise Refusal("unknown_act", "Không có việc này, hoặc việc này không làm qua API.", 404)
    found = queries.open_case(code, actor=actor)
    done = perform(found.case.id, act, body.data, actor=actor, expected_seq=body.seq)
    state = standing.state_for(replace(found, case=done.case, state=done.state), actor)
    return CaseOut(**_row(done.case, state=state))


class SignIn(Schema):
    """Which open signing step; `seq` is the case's number as last seen."""

    token: str = ""
    seq: int | None = None


@router.post("/cases/{code}/sign", response=CaseOut, summary="Ký kết quả bằng khóa của người gọi")
@idempotent(alone=False)
def sign_case(request: HttpRequest, code: str, body: SignIn) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.open_case(code, actor=actor)
    waiting = found.state.at("sign")
    token = body.token or (waiting.id if waiting else "")
    done = sign_result(found.case.id, token, actor=actor, seen_seq=body.seq)
    return CaseOut(**_row(done.case, state=dump(done.state)))


class DocumentOut(Schema):
    """A paper issued for a case: anybody verifies it by `code` at `verify_url`."""

    code: str
    kind: str
    title: str
    state: str
    issued_at: datetime
    sha256: str
    verify_url: str
    file_url: str


@router.get("/cases/{code}/documents", response=list[DocumentOut], summary="Giấy tờ đã cấp của hồ sơ")
def get_documents(request: HttpRequest, code: str) -> Any:
    found = queries.open_case(code, actor=request.actor)  # type: ignore[attr-defined]
    return [
        {
            "verify_url": verify_url(d.code),
            "file_url": f"/tep/{d.file_id}/",
            **{name: getattr(d, name) for name in ("code", "kind", "title", "state", "issued_at", "sha256")},
        }
        for d in of_case(found.case.code)
        if not (found.is_mine and is_inner(d.kind))
    ]


class FileOut(Schema):
    id: UUID
    name: str
    size: int
    media_type: str
    sha256: str


@router.post("/files", response={201: FileOut}, summary="Gửi một tệp để đính kèm vào hồ sơ")
def upload(request: HttpRequest, file: File[UploadedFile]) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    return 201, store(file, name=file.name or "tep", actor=actor, purpose="cases.paper")
