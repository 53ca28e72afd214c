"""Filing a dossier: the case comes into being with its code, its competent unit and its first task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.cases.actions.perform import Done, check_files, sealed
from tinhso.core.cases.acts import ACTS, Facts, decide, refuse
from tinhso.core.cases.competence import centre, route
from tinhso.core.cases.effects import fold
from tinhso.core.cases.facts import evidence, gather, unit_ref
from tinhso.core.cases.models import Case, CaseLink
from tinhso.core.cases.rules.mirror import MirrorData
from tinhso.core.cases.rules.reception import FileData
from tinhso.core.cases.state import PaperState, ParentRef, Party, State, dump, load_state
from tinhso.core.cases.versions import in_force
from tinhso.core.cases.writers import columns, write_act, write_papers, write_record, write_tasks
from tinhso.core.db import series
from tinhso.core.db.batch import Batch
from tinhso.core.forms.answers import judge
from tinhso.core.forms.env import Env
from tinhso.core.forms.lookups import OrgPlaces
from tinhso.core.procedures.model import Definition, Situation
from tinhso.kit.uuid7 import uuid7


def file_case(
    *,
    procedure: str,
    applicant: Party,
    answers: dict[str, Any],
    papers: tuple[PaperState, ...],
    channel: str,
    key: str,
    actor: Actor,
    filer_id: UUID | None = None,
    reception_id: UUID | None = None,
    return_how: str = "counter",
    return_address: str = "",
    return_unit_id: UUID | None = None,
    now: datetime | None = None,
    parent: ParentRef | None = None,
) -> Done:
    """File a dossier and return the new case; the same `key` filed twice gives the first case again.

    `reception_id` is the centre that takes it (any centre of the province); without one it is the
    centre of the unit that decides. `return_unit_id` is the centre where the result is fetched, the
    receiving one unless given. `parent` is the case this one is filed for. Raises a `Refusal` naming
    what is wrong, with nothing written.
    """
    moment = (now or timezone.now()).astimezone(UTC)
    today = moment.astimezone(Facts.zone).date()
    version_id, definition = in_force(procedure, today)
    party = dump(applicant)
    checked = checked_answers(definition, answers, Env(today, party, channel, places=OrgPlaces()))
    here = Situation.of(definition, checked, party, channel, today)
    way = route(definition, here, reception_id=reception_id)
    data = FileData(
        applicant=applicant,
        filer_id=str(filer_id or ""),
        channel=channel,
        reception=unit_ref(way.receives),
        competent=unit_ref(way.decides),
        answers=checked,
        papers=papers,
        return_how=return_how,
        return_address=return_address,
        return_unit=unit_ref(centre(return_unit_id, today)) if return_unit_id else None,
        parent=parent,
    )
    rule = {"competence": {"rule": way.number, "level": way.rule.level}}
    insert = partial(insert_case, "file", definition, version_id, data, key, actor, moment, found=rule)
    return _once(key, insert)


def _once(key: str, insert: Callable[[], Done]) -> Done:
    """The case that is inserted, or the one that was filed with the same key before."""
    try:
        with transaction.atomic():
            return insert()
    except IntegrityError:
        existing = Case.objects.filter(key=key).first()
        if existing is None:
            raise
        return Done(existing, load_state(existing.state), ())


def checked_answers(definition: Definition, answers: dict[str, Any], env: Env) -> dict[str, Any]:
    """The answers to the questions asked; a `Refusal` with the first fault when they do not hold."""
    kept, faults = judge(definition.form, answers, env)
    if faults:
        field, message = next(iter(faults.items()))
        raise refuse("bad_answers", message.vi, field=field)
    return kept


def case_code(reception_code: str, moment: datetime) -> str:
    """Next code of a centre and day: `agency-YYMMDD-XXXX` (Circular 01/2018/TT-VPCP art. 19)."""
    day = moment.astimezone(Facts.zone)
    serial = series.take(f"case:{reception_code}:{day:%Y-%m-%d}")
    return f"{reception_code}-{day:%y%m%d}-{serial:04d}"


def insert_case(
    act: str,
    definition: Definition,
    version_id: UUID,
    data: FileData | MirrorData,
    key: str,
    actor: Actor,
    moment: datetime,
    *,
    code: str = "",
    found: dict[str, Any] | None = None,
) -> Done:
    """Decide a case's first act and write all of it, inside the caller's transaction.

    `code` is another system's; ours comes from the series of the receiving centre. `found` joins the
    facts kept with the act.
    """
    empty = State()
    facts = gather(definition, empty, actor, now=moment, extra=(data.reception, data.competent))
    effects = decide(definition, empty, ACTS.get(act), data, facts)
    check_files(effects, actor)
    state = sealed(fold(empty, effects), act, moment, actor, effects)
    case = _row(definition, version_id, state, key, code, moment)
    batch = Batch()
    write_papers(batch, case.id, effects, moment)
    batch.insert(Case, **{f.attname: getattr(case, f.attname) for f in Case._meta.concrete_fields})
    kept = type(data)(channel=data.channel)  # the effects hold the whole dossier already
    seen = evidence(facts, state) | (found or {})
    write_act(
        batch, case_id=case.id, kind=act, data=kept, actor=actor, state=state, effects=effects, facts=seen, at=moment
    )  # fmt: skip
    if state.parent is not None:
        above = UUID(state.parent.case_id)
        batch.insert(CaseLink, id=uuid7(), kind="child", parent_id=above, child_id=case.id)
    write_tasks(batch, definition, case, state, effects, moment)
    write_record(
        batch, case=case, kind=act, actor=actor, before=empty, state=state, definition=definition, at=moment
    )
    batch.send(last=True)
    return Done(case, state, tuple(effects))


def _row(
    definition: Definition, version_id: UUID, state: State, key: str, code: str, moment: datetime
) -> Case:
    who, receives, decides = state.applicant, state.reception, state.competent
    assert who and receives and decides  # noqa: S101, PT018  every first act says them
    return Case(
        id=uuid7(),
        code=code or case_code(receives.code, moment),
        key=key,
        procedure_id=definition.code,
        version_id=version_id,
        applicant_id=UUID(who.id),
        applicant_name=who.full_name,
        filer_id=UUID(state.filer_id) if state.filer_id else None,
        reception_id=UUID(receives.id),
        competent_id=UUID(decides.id),
        channel=state.channel,
        source=state.source,
        sync="none",
        **columns(state),
    )
