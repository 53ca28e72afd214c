"""Forms of the acts at branches, rounds of opinions, committees, automatic steps and late cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.cases.queries import CaseFile, offered
from tinhso.core.cases.rules.moves import HELPERS
from tinhso.core.cases.rules.steps import behind, returns_to
from tinhso.core.cases.state import State, Token, dump
from tinhso.core.exchange.slots import PROVIDERS
from tinhso.core.forms.answers import merge, page_errors, read_page, visible_pages
from tinhso.core.forms.definition import FormDefinition
from tinhso.core.forms.env import Env
from tinhso.core.forms.lookups import OrgPlaces
from tinhso.core.forms.view import FieldView, page_views
from tinhso.core.procedures.steps import STEP_KINDS
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.queries.staff import CasePage

UNFILLED = Refusal("bad_fields", "Có chỗ chưa đúng. Hãy sửa chỗ được đánh dấu.", 422)


def pointless(act: str, token: Token | None, file: CaseFile, actor: Actor) -> bool:
    """Acts that are possible as such but make no sense at this step, or were done by this person."""
    if token is None:
        return False
    me = str(actor.person_id or "")
    failed = bool(token.error) and token.retry_at is None
    back = not token.first_by and bool(returns_to(file.definition, file.state, token.step))
    useful: dict[str, Callable[[], bool]] = {
        "second": lambda: token.first_by not in ("", me),
        "complete": lambda: not token.first_by,
        "propose_refusal": lambda: not token.first_by,
        "retry": lambda: failed,
        "by_hand": lambda: failed,
        "return_for_correction": lambda: back,
        "vote": lambda: all(
            v.person_id != me for v in file.state.votes if v.step == token.step and not v.void
        ),
        "take": lambda: token.do not in HELPERS,
        "assign": lambda: token.do != "late",
    }
    return act in useful and not useful[act]()


def step_name(file: CaseFile, token: Token) -> str:
    """The step of a form, by its own name or what its kind is called."""
    step = file.definition.steps.get(token.step)
    return step.name.vi if step and step.name else STEP_KINDS.get(token.do).title


# What the forms show ----------------------------------------------------------------------------------------------


def vote_extra(page: CasePage, token: str) -> dict[str, Any]:
    """The votes so far and what is needed."""
    step = _step_id(page.file.state, token)
    return {"tally": next((t for t in page.standing.tallies if t.step == step), None)}


def second_extra(page: CasePage, token: str) -> dict[str, Any]:
    """Who did the step first, when, and what they put down."""
    open_ = page.file.state.token(token)
    act = next(
        (a for a in reversed(page.acts) if a.kind == "complete" and a.data.get("token") == token), None
    )
    return {
        "first": open_.first_name if open_ else "",
        "at": act.at if act else None,
        "draft": bool(page.draft),
    }


def answer_extra(page: CasePage, token: str) -> dict[str, Any]:
    """What is asked, what the others said where they may be read, until when, what silence means."""
    open_ = page.file.state.token(token)
    step = open_.step if open_ else ""
    found = next((r for r in page.standing.rounds if r.step == step), None)
    others = (
        [a for a in found.answers if a.status not in ("waiting", "paused", "not_needed")] if found else []
    )
    return {
        "question": found.question if found else page.question,
        "others": others,
        "due": open_.due_at if open_ else None,
        "silence": open_.silence if open_ else "",
        "several": bool(found and found.count > 1),
    }


def return_extra(page: CasePage, token: str) -> dict[str, Any]:
    """The earlier steps a case may go back to, with what will be taken back of each choice, in words."""
    state, definition = page.file.state, page.file.definition
    step = _step_id(state, token)
    targets = returns_to(definition, state, step) if step else ()
    choices = [Return(t, definition.step(t).name.vi, tuple(taken_back(page.file, t))) for t in targets]
    drafts = [t for t in reversed(targets) if definition.step(t).options.get("document")]
    usual = (drafts or list(reversed(targets)) or [""])[0]
    return {"choices": list(reversed(choices)), "usual": usual}


@dataclass(frozen=True, slots=True)
class Return:
    """An earlier step, and what going back to it takes back."""

    step: str
    name: str
    lost: tuple[str, ...]


def taken_back(file: CaseFile, target: str) -> list[str]:
    """In words: the opinions, votes and replies from `target` on that will not count any more."""
    state, definition = file.state, file.definition
    told = []
    for name in behind(definition, state, target):
        step = definition.step(name)
        opinions = [o for o in state.opinions if o.step == name and not o.void]
        votes = [v for v in state.votes if v.step == name and not v.void]
        if opinions:
            told.append(f"{len(opinions)} ý kiến ở bước “{step.name.vi}”")
        if votes:
            told.append(f"{len(votes)} phiếu biểu quyết ở bước “{step.name.vi}”")
        if name in state.replies:
            undo = ", và báo hệ thống đó thu hồi" if step.options.get("undo") else ""
            told.append(f"kết quả của bước “{step.name.vi}”{undo}")
    return told


def machine_extra(page: CasePage, token: str) -> dict[str, Any]:
    """What went wrong at an automatic step, and the fields its result has."""
    open_ = page.file.state.token(token)
    views = by_hand_views(page.file, token)
    return {"error": open_.error if open_ else "", "tries": open_.tries if open_ else 0, "views": views}


def undo_extra(page: CasePage, token: str) -> dict[str, Any]:
    """What could not be taken back, and why."""
    open_ = page.file.state.token(token)
    undo = next((u for u in page.file.state.undo if open_ and u.token == open_.branch), None)
    step = page.file.definition.steps.get(undo.step) if undo else None
    return {"name": step.name.vi if step else "", "error": undo.error if undo else ""}


def extend_extra(page: CasePage) -> dict[str, Any]:
    """The letter the engine drafted: its reason, its day, and that it can be seen."""
    drafted = page.file.state.apology
    if drafted is None:
        return {}
    return {
        "reason": drafted.reason,
        "until": f"{date.fromisoformat(drafted.until):%d/%m/%Y}",
        "drafted": True,
    }


def late_extra(page: CasePage) -> dict[str, Any]:
    """Where the late case stands."""
    return {"places": page.standing.working}


def _step_id(state: State, token: str) -> str:
    open_ = state.token(token)
    return open_.step if open_ else ""


EXTRA: dict[str, Callable[[CasePage, str], dict[str, Any]]] = {
    "vote": vote_extra,
    "second": second_extra,
    "answer": answer_extra,
    "return_for_correction": return_extra,
    "retry": machine_extra,
    "by_hand": machine_extra,
    "taken_back": undo_extra,
    "extend": lambda page, token: extend_extra(page),
    "direct": lambda page, token: late_extra(page),
}

# The result written down by hand ----------------------------------------------------------------------------------


def result_form(file: CaseFile, token: str) -> FormDefinition | None:
    """The fields of a sub-case's result as its own officers fill them in; None when they are not known."""
    step = file.definition.steps.get(_step_id(file.state, token))
    if step is None or step.do != "subcase":
        return None
    child = offered(str(step.options["procedure"]))
    return child.result.fields if child else None


def _env(file: CaseFile) -> Env:
    applicant = dump(file.state.applicant) if file.state.applicant else {}
    return Env(timezone.localdate(), applicant, file.state.channel, places=OrgPlaces())


def by_hand_views(file: CaseFile, token: str) -> tuple[FieldView, ...]:
    """Fields for a result written down by hand: those of the sub-case's form, or of the other system's reply."""
    form = result_form(file, token)
    if form is None:
        return tuple(FieldView(f"field-{n}", "text", n, width="medium") for n in reply_fields(file, token))
    env = _env(file)
    return tuple(v for p in visible_pages(form, {}, env) for v in page_views(form, p, {}, env))


def reply_fields(file: CaseFile, token: str) -> list[str]:
    """The names of what another system would have answered."""
    step = file.definition.steps.get(_step_id(file.state, token))
    name = str(step.options.get("request", "")) if step else ""
    if name not in PROVIDERS:
        return []
    reply = PROVIDERS.get(name).reply
    return [f.name for f in fields(reply)] if is_dataclass(reply) else []


@dataclass(frozen=True, slots=True)
class ByHand:
    """A result as typed, with the fields again and what is wrong in them."""

    data: dict[str, Any]
    views: tuple[FieldView, ...]


def read_by_hand(file: CaseFile, sent: QueryDict) -> ByHand:
    """Read a result written down by hand. Its fields only matter when there is a result."""
    token, status = sent.get("token", ""), sent.get("status", "done")
    form = result_form(file, token)
    data = {"token": token, "status": status, "evidence": sent.get("evidence", "").strip()}
    if form is None:
        typed = {n: sent.get(f"field-{n}", "").strip() for n in reply_fields(file, token)}
        views = tuple(FieldView(f"field-{n}", "text", n, width="medium", value=v) for n, v in typed.items())
        return ByHand({**data, "fields": {n: v for n, v in typed.items() if v}}, views)
    env, answers, raw, found = _env(file), dict[str, Any](), dict[str, Any](), list[FieldView]()
    for page in form.pages:
        read = read_page(form, page, sent, answers, env)
        answers = merge(answers, read.values)
        raw.update(read.raw)
    for page in visible_pages(form, answers, env):
        errors = page_errors(form, page, answers, env, raw) if status == "done" else None
        found += page_views(form, page, answers, env, raw, errors)
    return ByHand({**data, "fields": {k: v for k, v in answers.items() if v not in (None, "")}}, tuple(found))


# From what was sent to the act's data ------------------------------------------------------------------------------


def _agrees(sent: QueryDict) -> bool:
    if sent.get("agrees") not in ("yes", "no"):
        raise Refusal("required", "Hãy chọn đồng ý hoặc không đồng ý.", 422, field="agrees")
    return sent["agrees"] == "yes"


def vote(sent: QueryDict) -> dict[str, Any]:
    return {"agrees": _agrees(sent), "text": sent.get("text", "").strip()}


def second(sent: QueryDict) -> dict[str, Any]:
    return {"agrees": _agrees(sent), "reason": sent.get("reason", "").strip()}


def return_back(sent: QueryDict) -> dict[str, Any]:
    return {"reason": sent.get("reason", "").strip(), "to_step": sent.get("to_step", "")}


def evidence(sent: QueryDict) -> dict[str, Any]:
    return {"evidence": sent.get("evidence", "").strip()}


PARSERS: Mapping[str, Callable[[QueryDict], dict[str, Any]]] = {
    "vote": vote,
    "second": second,
    "taken_back": evidence,
    "return_for_correction": return_back,
}
