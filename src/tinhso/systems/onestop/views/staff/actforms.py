"""The acts allowed on a case as forms: what each asks, and how what was sent becomes the act's data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from tinhso.core.access.actor import Actor
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.rules.moves import is_task
from tinhso.core.cases.state import dump
from tinhso.core.files.actions import store
from tinhso.core.forms.answers import merge, page_errors, prefill, read_page, visible_pages
from tinhso.core.forms.env import Env
from tinhso.core.forms.lists import CodeLists
from tinhso.core.forms.lookups import OrgPlaces
from tinhso.core.forms.view import FieldView, page_views
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.actions.handover import assignees_marked
from tinhso.systems.onestop.queries.staff import CasePage, PaperLine
from tinhso.systems.onestop.views.staff import moneyforms, stepforms

Post = QueryDict | Mapping[str, Any]
REASONS = "refusal_reasons"


@dataclass(frozen=True, slots=True)
class ActForm:
    """An act as the case page offers it. `error` is why it was refused a moment ago, shown at its place.

    `typed` is what was sent, so that nothing is lost; `views` the fields of a result form.
    """

    act: str
    title: str
    token: str
    kind: str = "secondary"
    open: bool = False
    step: str = ""
    error: Refusal | None = None
    typed: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    several: bool = False

    @property
    def id(self) -> str:
        """The id of the form; inputs hang theirs on it, for the same act may be open at several steps."""
        apart = self.several or self.act in ("take", "assign", "release")
        return f"viec-{self.act}" + (f"-{self.token[-6:]}" if apart and self.token else "")

    @property
    def template(self) -> str:
        return f"onestop/staff/acts/{self.act}.html"


#: Order on the page; the first that is there is open. Acts not named here are not offered to staff.
ORDER: dict[str, str] = {
    "accept": "primary",
    "hand_over": "primary",
    "sign": "primary",
    "second": "primary",
    "complete": "primary",
    "answer": "primary",
    "vote": "primary",
    "direct": "primary",
    "retry": "primary",
    "by_hand": "secondary",
    "taken_back": "primary",
    "deliver": "primary",
    "supplement": "primary",
    "approve_withdrawal": "primary",
    **moneyforms.ORDER,
    "ask_supplement": "secondary",
    "return_for_correction": "secondary",
    "propose_refusal": "danger",
    "refuse_reception": "danger",
    "reject_withdrawal": "secondary",
    "confirm": "secondary",
    "object": "secondary",
    "take": "secondary",
    "assign": "secondary",
    "release": "secondary",
    "extend": "secondary",
    "withdraw": "danger",
    "stop": "danger",
    "place": "secondary",
    "note": "secondary",
}


def act_forms(
    page: CasePage,
    actor: Actor,
    *,
    failed: str = "",
    token: str = "",
    error: Refusal | None = None,
    typed: QueryDict | None = None,
    views: tuple[FieldView, ...] = (),
) -> list[ActForm]:
    """Every act the actor may do now, in the order of the page; a refused one is open and says why."""
    file = page.file
    found = []
    doing = [t for t in file.state.tokens if is_task(t)]
    names = {t.id: f"{stepforms.step_name(file, t)}, {t.unit.name}" for t in file.state.tokens}
    for ability in file.abilities:
        if ability.act not in ORDER or _pointless(ability.act, ability.token, file, actor):
            continue
        here = ability.act == failed and (not token or ability.token in ("", token))
        found.append(
            ActForm(
                act=ability.act,
                title=_title(ability.act, ability.title, file),
                token=ability.token,
                kind=_kind(ability.act, file),
                step=names.get(ability.token, "") if len(doing) > 1 else "",
                error=error if here else None,
                open=here,
                typed=_plain(typed) if here and typed is not None else {},
                extra=_extra(
                    ability.act, ability.token, page, views if here else (), typed if here else None
                ),
            )
        )
    found.sort(key=lambda form: (form.kind != "primary", list(ORDER).index(form.act)))
    acts = [form.act for form in found]
    return _with_first_open([replace(f, several=acts.count(f.act) > 1) for f in found])


def _kind(act: str, file: CaseFile) -> str:
    """How much an act stands out: a drafted apology waits to be sent."""
    return "primary" if act == "extend" and file.state.at("apology") else ORDER[act]


def _with_first_open(forms: list[ActForm]) -> list[ActForm]:
    if not forms or any(f.open for f in forms) or forms[0].kind != "primary":
        return forms
    return [replace(forms[0], open=True), *forms[1:]]


def _pointless(act: str, token: str, file: CaseFile, actor: Actor) -> bool:
    """Acts that are possible but would change nothing, or belong to another form of the page."""
    step = file.state.token(token)
    if stepforms.pointless(act, step, file, actor):
        return True
    if act == "take":
        return step is None or bool(step.person_id) or step.do == "sign"
    if act in moneyforms.PARSERS:
        return moneyforms.pointless(act, file, actor)
    if act == "ask_supplement" and file.state.supplements:
        paths = [u.path for u in (file.state.reception, file.state.competent) if u]
        return not any(actor.may("cases.approve", p) for p in paths)
    return False


def _title(act: str, title: str, file: CaseFile) -> str:
    if act == "complete":
        return "Xử lý và chuyển bước tiếp"
    if act == "sign" and file.state.refusal_reason:
        return "Ký thông báo không giải quyết"
    if act == "supplement":
        return "Nhận bổ sung tại quầy"
    return title


def _plain(sent: QueryDict) -> dict[str, Any]:
    """What was typed, by name; boxes to tick are lists."""
    return {k: (v if k in _SEVERAL else v[-1]) for k, v in sent.lists() if k != "csrfmiddlewaretoken"}


_SEVERAL = ("papers", "shown", "fees")


def _extra(
    act: str, token: str, page: CasePage, views: tuple[FieldView, ...], typed: QueryDict | None
) -> dict[str, Any]:
    """What a form shows besides its inputs."""
    file, step = page.file, page.file.state.token(token)
    builders: dict[str, Callable[[], dict[str, Any]]] = {
        "accept": lambda: {"papers": _to_show(page)},
        "supplement": lambda: {"papers": [p for p in page.papers if p.asked]},
        "ask_supplement": lambda: {"papers": _to_ask(page, typed), "again": bool(file.state.supplements)},
        "refuse_reception": lambda: {"reasons": refusal_reasons()},
        "propose_refusal": lambda: {"reasons": refusal_reasons()},
        "complete": lambda: {
            "views": views or result_views(file, token),
            "drafts": drafts_result(file, token),
        },
        "assign": lambda: {"people": assignees_marked(step) if step else []},
        "place": lambda: {
            "steps": [(s.id, s.name.vi if s.name else s.id) for s in file.definition.steps.values()]
        },
    }
    if act in moneyforms.PARSERS:
        return moneyforms.form_data(act, file)
    if act in stepforms.EXTRA:
        found = stepforms.EXTRA[act](page, token)
        return {**found, "views": views} if views else found
    return builders[act]() if act in builders else {}


def _to_show(page: CasePage) -> list[PaperLine]:
    """Papers whose originals may be ticked as seen: those to be shown, and at the counter those still missing."""
    counter = page.file.state.channel == "counter"
    return [p for p in page.papers if p.rule.kind == "present" or (counter and not p.here)]


def _to_ask(page: CasePage, typed: QueryDict | None) -> list[tuple[PaperLine, str]]:
    return [(p, typed.get(f"reason-{p.rule.id}", "") if typed else "") for p in page.papers]


def refusal_reasons() -> list[tuple[str, str]]:
    """(reason, legal ground) of the catalogue's list, for choosing instead of typing."""
    found = CodeLists(settings.CATALOG).get(REASONS)
    return [(o.label.vi, o.hint.vi) for o in found.options] if found else []


# The result form ------------------------------------------------------------------------------------------------


def drafts_result(file: CaseFile, token: str) -> bool:
    """Whether the step drafts the result and the procedure has fields for it."""
    step = file.state.token(token)
    rule = file.definition.steps.get(step.step) if step else None
    return bool(rule and rule.options.get("document") and file.definition.result.fields)


def result_env(file: CaseFile, today: date) -> Env:
    """What the officer's fields may read: the citizen's answers as `form`, and what every form may."""
    state = file.state
    return Env(
        today,
        dump(state.applicant) if state.applicant else {},
        state.channel,
        state.variant,
        OrgPlaces(),
        {"form": {**file.definition.blank, **state.answers}},
    )


def result_views(file: CaseFile, token: str) -> tuple[FieldView, ...]:
    """The officer's fields, prefilled the first time, else as drafted."""
    fields = file.definition.result.fields
    if fields is None or not drafts_result(file, token):
        return ()
    env = result_env(file, timezone.localdate())
    answers = dict(file.state.draft) if file.state.draft else prefill(fields, env)
    return tuple(
        v for page in visible_pages(fields, answers, env) for v in page_views(fields, page, answers, env)
    )


@dataclass(frozen=True, slots=True)
class DraftRead:
    """The officer's fields as sent: the answers understood, and the views with what is wrong in them."""

    answers: dict[str, Any]
    views: tuple[FieldView, ...]


def read_draft(file: CaseFile, sent: QueryDict) -> DraftRead:
    """Read the result form of a post."""
    fields = file.definition.result.fields
    assert fields is not None  # noqa: S101  only asked for steps that draft
    env = result_env(file, timezone.localdate())
    answers: dict[str, Any] = dict(file.state.draft)
    raw: dict[str, Any] = {}
    for page in fields.pages:
        read = read_page(fields, page, sent, answers, env)
        answers = merge(answers, read.values)
        raw.update(read.raw)
    views: list[FieldView] = []
    for page in visible_pages(fields, answers, env):
        errors = page_errors(fields, page, answers, env, raw)
        views += page_views(fields, page, answers, env, raw, errors)
    return DraftRead(answers, tuple(views))


# From what was sent to the act's data ---------------------------------------------------------------------------

Files = MultiValueDict[str, Any]
Parse = Callable[[QueryDict, Files, CaseFile, Actor], dict[str, Any]]


def parse(act: str, sent: QueryDict, files: Files, file: CaseFile, actor: Actor) -> dict[str, Any]:
    """The data of an act from a post; a `Refusal` names the field that cannot be read."""
    if act in stepforms.PARSERS:
        values = stepforms.PARSERS[act](sent)
    else:
        values = PARSERS[act](sent, files, file, actor) if act in PARSERS else _texts(sent)
    token = sent.get("token", "")
    return {**values, "token": token} if token else values


_TEXT_FIELDS = ("reason", "text", "to", "how", "step")


def _texts(sent: QueryDict) -> dict[str, Any]:
    return {name: sent.get(name, "").strip() for name in _TEXT_FIELDS if name in sent}


def _accept(sent: QueryDict, files: Files, file: CaseFile, actor: Actor) -> dict[str, Any]:
    return {"shown": sent.getlist("shown")}


def _ask(sent: QueryDict, files: Files, file: CaseFile, actor: Actor) -> dict[str, Any]:
    chosen = sent.getlist("papers")
    items = [{"paper": p, "reason": sent.get(f"reason-{p}", "").strip()} for p in chosen]
    return {
        "items": items,
        "note": sent.get("note", "").strip(),
        "approved_reason": sent.get("approved_reason", "").strip(),
    }


def _refuse(sent: QueryDict, files: Files, file: CaseFile, actor: Actor) -> dict[str, Any]:
    reason, ground = sent.get("reason", "").strip(), sent.get("ground", "").strip()
    chosen = sent.get("catalogue", "")
    known = dict(refusal_reasons())
    if chosen in known:
        reason = f"{chosen} {reason}".strip()
        ground = ground or known[chosen]
    values = {"reason": reason, "ground": ground}
    if "instead" in sent:
        values["instead"] = sent.get("instead", "").strip()
    return values


def _answer(sent: QueryDict, files: Files, file: CaseFile, actor: Actor) -> dict[str, Any]:
    if sent.get("agrees") not in ("yes", "no"):
        raise Refusal("required", "Hãy chọn đồng ý hoặc không đồng ý.", 422, field="agrees")
    return {"agrees": sent["agrees"] == "yes", "text": sent.get("text", "").strip()}


def _deliver(sent: QueryDict, files: Files, file: CaseFile, actor: Actor) -> dict[str, Any]:
    to = sent.get("to", "").strip()
    if not to:
        raise Refusal("required", "Hãy ghi tên người nhận kết quả.", 422, field="to")
    return {"to": to, "how": sent.get("how", "counter")}


def _extend(sent: QueryDict, files: Files, file: CaseFile, actor: Actor) -> dict[str, Any]:
    try:
        until = datetime.strptime(sent.get("until", "").strip(), "%d/%m/%Y").date()  # noqa: DTZ007  a date
    except ValueError:
        raise Refusal("bad_date", "Hãy nhập ngày hẹn mới dạng ngày/tháng/năm.", 422, field="until") from None
    return {"until": until.isoformat(), "reason": sent.get("reason", "").strip()}


def _supplement(sent: QueryDict, files: Files, file: CaseFile, actor: Actor) -> dict[str, Any]:
    asked = file.state.open_supplement
    papers = []
    for item in asked.items if asked else ():
        given = [f for f in files.getlist(f"file-{item.paper}") if f]
        stored = [str(store(f, actor=actor, purpose="cases.paper", digitised=True).id) for f in given]
        shown = item.paper in sent.getlist("shown")
        if stored or shown:
            kept = file.state.paper(item.paper)
            papers.append(
                {
                    "id": item.paper,
                    "files": stored or list(kept.files if kept else ()),
                    "shown": shown,
                    "source": "upload" if stored else "shown",
                }
            )
    return {"papers": papers}


PARSERS: dict[str, Parse] = {
    "accept": _accept,
    "ask_supplement": _ask,
    "refuse_reception": _refuse,
    "propose_refusal": _refuse,
    "answer": _answer,
    "deliver": _deliver,
    "extend": _extend,
    "supplement": _supplement,
    **moneyforms.PARSERS,
}

__all__ = ["ActForm", "DraftRead", "PaperLine", "act_forms", "drafts_result", "parse", "read_draft"]
