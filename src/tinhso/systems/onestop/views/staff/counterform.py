"""The clerk's one-page form: every question that is asked, papers, fees, return; read from a post as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import get_language

from tinhso.core.access.actor import Actor
from tinhso.core.cases.choices import Channel
from tinhso.core.cases.rates import fees_on
from tinhso.core.cases.state import PaperState, dump
from tinhso.core.files.actions import store
from tinhso.core.files.errors import FileRefused
from tinhso.core.files.models import StoredFile
from tinhso.core.files.policy import may_open
from tinhso.core.forms.answers import (
    act_on_rows,
    clean,
    merge,
    page_errors,
    prefill,
    read_page,
    row_action,
    visible_pages,
)
from tinhso.core.forms.env import Env
from tinhso.core.forms.lookups import OrgPlaces
from tinhso.core.forms.view import FieldView, page_views
from tinhso.core.people.models import Person
from tinhso.core.procedures.dossier import papers_for
from tinhso.core.procedures.fees import Fee
from tinhso.core.procedures.model import Definition, PaperRule, Situation
from tinhso.kit.expressions import ExpressionError
from tinhso.systems.onestop.queries.filing import centre_choices, party_of, stored_files

WAYS = ("counter", "post", "online")


@dataclass(frozen=True, slots=True)
class FormSection:
    """One page of the form as a section of the clerk's page."""

    id: str
    title: str
    intro: str
    views: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper of the checklist and what was ticked or attached."""

    rule: PaperRule
    shown: bool
    registry: bool
    files: tuple[StoredFile, ...]
    error: str = ""


@dataclass(frozen=True, slots=True)
class CounterForm:
    """The page as it stands after what was sent."""

    definition: Definition
    person: Person
    sections: tuple[FormSection, ...]
    rows: tuple[PaperRow, ...]
    fees: tuple[Fee, ...]
    answers: dict[str, Any]
    wrong: bool
    only_look: bool
    accept: bool
    key: str
    return_how: str
    return_address: str
    return_at: str
    centres: tuple[tuple[str, str], ...]

    @property
    def views(self) -> list[FieldView]:
        return [view for section in self.sections for view in section.views]

    @property
    def papers(self) -> tuple[PaperState, ...]:
        """The papers as the case keeps them."""
        return tuple(
            PaperState(
                id=row.rule.id,
                files=tuple(str(f.id) for f in row.files),
                shown=row.shown,
                source="registry" if row.registry else "upload" if row.files else "shown",
            )
            for row in self.rows
            if row.shown or row.registry or row.files
        )


def read_form(
    request: HttpRequest,
    definition: Definition,
    person: Person,
    actor: Actor,
    before: dict[str, Any] | None = None,
) -> CounterForm:
    """The form fresh and prefilled (with the answers of a case `before`, if there is one), or as it was sent."""
    party = dump(party_of(person))
    env = Env(timezone.localdate(), party, Channel.COUNTER, "", OrgPlaces())
    sent = request.POST
    known = {k: v for k, v in (before or {}).items() if k in definition.form.fields}
    answers = prefill(definition.form, env, known)
    raw: dict[str, Any] = {}
    look = True
    if request.method == "POST":
        answers, raw, look = _answers(definition, sent, env)
    judged = request.method == "POST" and not look
    sections, wrong = _sections(definition, answers, env, raw, judged=judged)
    here = _situation(definition, answers, env)
    rows = _rows(definition, here, request, actor)
    return CounterForm(
        definition=definition,
        person=person,
        sections=sections,
        rows=rows,
        fees=_fees(definition, here, env),
        answers=answers,
        wrong=wrong or any(r.error for r in rows),
        only_look=look,
        accept="chi-nop" not in sent,
        key=sent.get("key", "")[:80],
        return_how=_way(sent.get("return_how", "")),
        return_address=sent.get("return_address", "").strip()[:300],
        return_at=sent.get("return_at", ""),
        centres=centre_choices(env.today),
    )


def _way(sent: str) -> str:
    return sent if sent in WAYS else "counter"


def _answers(
    definition: Definition, sent: QueryDict, env: Env
) -> tuple[dict[str, Any], dict[str, Any], bool]:
    """Answers, unread text, and whether this post only changes what is shown (a row, a look-up, new questions)."""
    answers: dict[str, Any] = {}
    raw: dict[str, Any] = {}
    look = "xem-lai" in sent
    for page in definition.form.pages:
        read = read_page(definition.form, page, sent, answers, env)
        answers = merge(answers, read.values)
        raw.update(read.raw)
        look = look or bool(read.revealed)
        act = row_action(page, sent)
        if act is not None:
            look = True
            field = definition.form.fields.get(act.path)
            if act.kind != "look" and field is not None:
                answers, raw = act_on_rows(field, act, answers, raw)
    return answers, raw, look


def _sections(
    definition: Definition, answers: dict[str, Any], env: Env, raw: dict[str, Any], *, judged: bool
) -> tuple[tuple[FormSection, ...], bool]:
    lang, wrong, found = get_language() or "vi", False, []
    for page in visible_pages(definition.form, answers, env):
        errors = page_errors(definition.form, page, answers, env, raw) if judged else {}
        wrong = wrong or bool(errors)
        views = page_views(definition.form, page, answers, env, raw, errors, lang)
        if views:
            found.append(FormSection(page.id, page.title.in_(lang), page.intro.in_(lang), views))
    return tuple(found), wrong


def _situation(definition: Definition, answers: dict[str, Any], env: Env) -> Situation:
    return Situation.of(
        definition, clean(definition.form, answers, env), env.applicant, env.channel, env.today
    )


def _rows(
    definition: Definition, here: Situation, request: HttpRequest, actor: Actor
) -> tuple[PaperRow, ...]:
    try:
        rules = papers_for(definition, here)
    except ExpressionError:
        rules = list(definition.papers)
    kept = stored_files({rule.id: _ids(request.POST.getlist(f"kept-{rule.id}")) for rule in rules})
    return tuple(_row(rule, request, actor, kept.get(rule.id, [])) for rule in rules)


def _row(rule: PaperRule, request: HttpRequest, actor: Actor, stored: list[StoredFile]) -> PaperRow:
    sent, error = request.POST, ""
    kept = [f for f in stored if may_open(actor, f)]
    for upload in request.FILES.getlist(f"file-{rule.id}"):
        try:
            kept.append(store(upload, actor=actor, purpose="cases.paper", digitised=True))
        except FileRefused as refused:
            error = refused.message
    return PaperRow(
        rule=rule,
        shown=rule.id in sent.getlist("shown"),
        registry=rule.id in sent.getlist("registry"),
        files=tuple(kept),
        error=error,
    )


def _ids(texts: list[str]) -> list[str]:
    found = []
    for text in texts:
        try:
            found.append(str(UUID(text)))
        except ValueError:
            continue
    return found


def _fees(definition: Definition, here: Situation, env: Env) -> tuple[Fee, ...]:
    """The fees as far as the answers tell; none while an answer they hang on is missing."""
    try:
        return fees_on(definition, here, env.today)
    except ExpressionError:
        return ()
