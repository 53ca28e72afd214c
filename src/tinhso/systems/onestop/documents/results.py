"""Results: the paper the procedure promises, or a reasoned refusal, from the case's answers and the officer's draft."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.state import State, dump
from tinhso.core.forms.answers import display_values
from tinhso.core.forms.lookups import OrgPlaces
from tinhso.core.orgs.models import Unit, UnitKind
from tinhso.core.procedures.model import Definition
from tinhso.core.signing.documents import with_verification
from tinhso.core.signing.render import render
from tinhso.systems.onestop.documents.words import applicant, head, moment_text, procedure, unit_of

OUTPUTS = Path(__file__).parent.parent / "outputs"
_GOVERNMENTS = {UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE}
_BLANK = "……"


@dataclass(frozen=True, slots=True)
class Signing:
    """Who signs: the name, the title as the paper prints it, and on whose behalf."""

    name: str = ""
    title: str = ""
    authority: str = ""

    @staticmethod
    def of(actor: Actor, unit: Unit) -> Signing:
        """The signing block of somebody who signs for a unit (Decree 30/2020/NĐ-CP, Annex I, part II, 5).

        A deputy signs in the head's place (KT.); whoever signs by delegation as the delegation says: KT., TUQ. with
        their own title below, or Q. before the head's title. TUQ. is for the head in person, not for the collective.
        """
        own = _short(actor.post_title)
        authority = "TM. Ủy ban nhân dân" if unit.kind in _GOVERNMENTS else ""
        lent = actor.stands_for
        if lent is not None:
            return Signing(
                actor.name,
                _headed(lent.form, _short(lent.title), own),
                "" if lent.form == "tuq" else authority,
            )
        return Signing(actor.name, _headed("kt", own[4:], own) if own.startswith("Phó ") else own, authority)

    @property
    def line(self) -> str:
        """The title on one line, for lists and registers: "KT. Chủ tịch, Phó Chủ tịch"."""
        return self.title.replace("\n", ", ")


def _short(title: str) -> str:
    """A title without the agency it belongs to, which the paper names above it."""
    return title.partition(" UBND")[0].partition(" Ủy ban")[0].strip()


def _headed(form: str, head: str, own: str) -> str:
    """The lines above a signature that is given for somebody else."""
    head = head[:1].upper() + head[1:]
    if form == "q":
        return f"Q. {head}"
    return f"{'TUQ' if form == 'tuq' else 'KT'}. {head}\n{own}"


def result_data(
    state: State, definition: Definition, *, case_code: str, number: str, signer: Signing, now: datetime
) -> dict[str, Any]:
    """The data every output template gets; see `docs/howto` on adding a procedure."""
    unit = unit_of(state.competent)
    assert unit is not None  # noqa: S101  a filed case has one
    places = OrgPlaces()
    fields = definition.result.fields
    return {
        **head(unit, now, number=number),
        "verify_url": "",
        "verify_qr": "",
        "case_code": case_code,
        "signer_name": signer.name,
        "signer_title": signer.title,
        "authority": signer.authority,
        "form": display_values(definition.form, state.answers, places=places),
        "raw": {**definition.blank, **state.answers},
        "applicant": {**dump(state.applicant), **applicant(state)},
        "result": display_values(fields, state.draft, places=places) if fields else {},
        "result_raw": state.draft,
        "procedure": procedure(definition),
        "received_at": moment_text(state.accepted_at or state.submitted_at),
        "opinions": [
            {"unit": o.unit.name, "by": o.by, "agrees": o.agrees, "text": o.text, "at": moment_text(o.at)}
            for o in state.opinions
            if not o.void
        ],
        "refusal": {"reason": state.refusal_reason, "ground": state.refusal_ground},
        "parts": _parts(state, definition),
    }


def _parts(state: State, definition: Definition) -> list[dict[str, Any]]:
    """What the other agencies brought to an interlinked case, in the order in which they were asked."""
    found = []
    for child in state.children:
        reply = state.replies.get(child.step, {})
        found.append(
            {
                "step": definition.step(child.step).name.vi,
                "unit": child.unit.name,
                "case_code": child.code,
                "status": reply.get("status", child.status),
                "name": reply.get("name", ""),
                "number": reply.get("number", ""),
                "code": reply.get("issued_code", ""),
                "reason": reply.get("reason", ""),
                "fields": reply.get("fields", {}),
            }
        )
    return found


def has_draft(file: CaseFile) -> bool:
    """Whether there is a result to look at: drafted by somebody, or made of the case alone and up for signature."""
    made_alone = file.definition.result.fields is None and file.state.at("sign") is not None
    return bool(file.state.draft_by) or made_alone


def result_source(file: CaseFile) -> Path | str:
    """The template of what comes out: the procedure's own, or the letter of refusal."""
    if file.state.refusal_reason:
        return OUTPUTS / "refusal_letter.typ"
    return file.definition.outputs[file.definition.result.document]


def render_result(
    file: CaseFile, number: str, signer: Signing, *, code: str = "", now: datetime | None = None
) -> bytes:
    """The unsigned result as PDF/A; `code` is the public code its QR opens. `RenderError` names file and line."""
    data = result_data(
        file.state,
        file.definition,
        case_code=file.case.code,
        number=number,
        signer=signer,
        now=now or timezone.now(),
    )
    return render(result_source(file), with_verification(data, code) if code else data)


def preview_result(file: CaseFile, signer: Signing | None = None) -> bytes:
    """The draft as whoever signs will see it, marked so that nobody takes it for the paper."""
    return marked(render_result(file, file.state.number or _BLANK, signer or Signing()))


def marked(pdf: bytes) -> bytes:
    """The pages with "DỰ THẢO" across them."""
    mark = pikepdf.open(io.BytesIO(render(_MARK, {})))
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        for page in paper.pages:
            page.add_overlay(mark.pages[0])
        out = io.BytesIO()
        paper.save(out)
    return out.getvalue()


_MARK = """
#set page(paper: "a4", fill: none, margin: 0pt)
#set text(font: ("Liberation Serif", "Libertinus Serif"), lang: "vi")
#place(center + horizon, rotate(-35deg, text(size: 90pt, weight: "bold", fill: rgb(179, 32, 42, 46))[DỰ THẢO]))
"""
