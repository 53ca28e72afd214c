"""A filing under way: the draft with its procedure, its steps, papers, fees and the expected date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.cases import queries as cases
from tinhso.core.cases.acts import Facts
from tinhso.core.cases.competence import competent_unit
from tinhso.core.cases.rates import fees_on
from tinhso.core.cases.state import Party, dump
from tinhso.core.files.models import StoredFile
from tinhso.core.forms import queries as drafts
from tinhso.core.forms.answers import Errors, Section, clean, display, validate, visible_pages
from tinhso.core.forms.definition import FormDefinition, Page
from tinhso.core.forms.env import Env
from tinhso.core.forms.lookups import OrgPlaces
from tinhso.core.forms.models import Draft
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit
from tinhso.core.people import queries as people
from tinhso.core.people.models import Person
from tinhso.core.procedures.dossier import variant_for
from tinhso.core.procedures.fees import Fee
from tinhso.core.procedures.model import Definition, PaperRule, Situation, Variant
from tinhso.kit import worktime
from tinhso.kit.errors import NotFound, Refusal
from tinhso.kit.expressions import ExpressionError
from tinhso.kit.text import sort_key
from tinhso.systems.onestop.rules import filing as rules
from tinhso.systems.onestop.rules.filing import Stop
from tinhso.systems.onestop.rules.questions import RETURN_PAGE, whole_form
from tinhso.systems.onestop.texts import CHECK_TITLE, PAPERS_TITLE


@dataclass
class Filing:
    """One draft with everything its pages ask for; what costs is worked out when first asked for."""

    draft: Draft
    definition: Definition
    form: FormDefinition
    env: Env
    party: Party
    lang: str
    now: datetime

    @property
    def today(self) -> date:
        return self.env.today

    @cached_property
    def errors(self) -> Errors:
        """Everything that keeps the questions from being sent, by path."""
        return validate(self.form, self.draft.answers, self.env, self.draft.raw)

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """The pages of questions asked, without the one on how to receive the result."""
        asked = visible_pages(self.form, self.draft.answers, self.env)
        return tuple(p for p in asked if p.id != RETURN_PAGE.id)

    @cached_property
    def situation(self) -> Situation:
        answers = clean(self.definition.form, self.draft.answers, self.env)
        return Situation.of(self.definition, answers, dump(self.party), self.env.channel, self.today)

    @cached_property
    def papers(self) -> list[PaperRule]:
        return rules.papers_wanted(self.definition, self.situation)

    @cached_property
    def files(self) -> dict[str, list[StoredFile]]:
        """The files attached so far by paper, in the order they were added."""
        return stored_files(self.draft.files)

    @cached_property
    def stops(self) -> list[Stop]:
        """Every page of the filing in order, with how it stands."""
        stops = [Stop(p.id, p.title.in_(self.lang), self._status(p)) for p in self.pages]
        stops.append(Stop(rules.PAPERS, PAPERS_TITLE.in_(self.lang), self._papers_status()))
        stops.append(Stop(RETURN_PAGE.id, RETURN_PAGE.title.in_(self.lang), self._status(RETURN_PAGE)))
        return [*stops, Stop(rules.CHECK, CHECK_TITLE.in_(self.lang), "todo")]

    def _status(self, page: Page) -> str:
        if page.id not in self.draft.seen:
            return "todo"
        own = {f.id for f in page.fields}
        return "error" if any(path.split("-")[0] in own for path in self.errors) else "done"

    def _papers_status(self) -> str:
        if rules.missing(self.papers, self.draft.files):
            return "todo"
        return "done" if self.draft.files or not rules.to_upload(self.papers) else "optional"

    def url(self, stop: str) -> str:
        """The address of a stop of this filing."""
        return stop_url(self.draft.id, stop)

    @cached_property
    def variant(self) -> Variant | None:
        """Which kind of case this becomes; None while the answers do not tell."""
        try:
            return variant_for(self.definition, self.situation)
        except ExpressionError:
            return None

    @cached_property
    def fees(self) -> tuple[Fee, ...]:
        try:
            return fees_on(self.definition, self.situation, self.today)
        except ExpressionError:
            return ()

    @cached_property
    def decides(self) -> Unit | None:
        """The unit that will decide; None while the answers name no place, or one nobody serves."""
        try:
            return competent_unit(self.definition, self.situation)
        except Refusal:
            return None

    @cached_property
    def expected(self) -> worktime.Due | None:
        """The due date if the file were accepted now."""
        if self.decides is None or self.variant is None:
            return None
        calendar = orgs.calendar_for(self.decides.path)
        return worktime.add(calendar, self.now, self.variant.time, cutoff=self.variant.cutoff)

    @property
    def sections(self) -> list[Section]:
        """The answers given, page by page, with names instead of codes."""
        answers = clean(self.form, self.draft.answers, self.env)
        return display(self.form, answers, self.lang, self.env.places)


def open_filing(draft_id: UUID, *, actor: Actor, lang: str, now: datetime | None = None) -> Filing:
    """The filing behind a draft, for whoever may see the draft; `NotFound` otherwise.

    `AlreadySubmitted` is left to the actions; a submitted draft can be read.
    """
    moment = now or timezone.now()
    draft = drafts.draft(draft_id, actor=actor)
    today = moment.astimezone(Facts.zone).date()
    definition = cases.offered(draft.code, today)
    if definition is None:
        raise NotFound("no_version", "Thủ tục này hiện không nhận hồ sơ trực tuyến. Hãy hỏi Bộ phận Một cửa.")
    party = applicant_of(draft)
    form = whole_form(definition.form, centre_choices(today))
    return Filing(draft, definition, form, env_of(party, today), party, lang, moment)


def centre_choices(on: date) -> tuple[tuple[str, str], ...]:
    """The one-stop centres of the province as a form offers them, by name."""
    return tuple(sorted(((u.code, u.name) for u in orgs.centres_on(on)), key=lambda row: sort_key(row[1])))


def centre_id(code: object) -> UUID | None:
    """The centre chosen by its code; None when nothing was chosen."""
    return orgs.unit_by_code(str(code)).id if code else None


def env_of(party: Party, today: date) -> Env:
    """What answers of an online filing are judged against."""
    return Env(today, dump(party), "online", places=OrgPlaces())


def applicant_of(draft: Draft) -> Party:
    """Who the file is for: the person represented, else the owner. The filer's telephone stands in for a child's."""
    filer = people.person(draft.owner_id or draft.made_by_id)
    if draft.on_behalf_of_id is None:
        return party_of(filer)
    return party_of(people.person(draft.on_behalf_of_id), filer)


def party_of(person: Person, filer: Person | None = None) -> Party:
    """A person as a party of a case. Where a principal has no telephone, address or commune, the filer's are used."""
    other = filer or person
    return Party(
        id=str(person.id),
        kind=person.kind,
        full_name=person.full_name,
        birth=person.birth,
        sex=person.sex,
        identity=people.number_of(person),
        phone=person.phone or other.phone,
        email=person.email or other.email,
        address=person.address or other.address,
        territory=person.territory_code or other.territory_code,
    )


def stop_url(draft_id: UUID, stop: str) -> str:
    """The address of a page of a filing."""
    return reverse("onestop:filing_page", args=[draft_id, stop])


def stored_files(files: Mapping[str, list[str]]) -> dict[str, list[StoredFile]]:
    """The rows of attached files by paper, in the order they were added; one query."""
    wanted = [UUID(f) for ids in files.values() for f in ids]
    known = {str(f.id): f for f in StoredFile.objects.filter(id__in=wanted)} if wanted else {}
    return {paper: [known[f] for f in ids if f in known] for paper, ids in files.items()}


def total(fees: tuple[Fee, ...]) -> int:
    """What is to be paid, in đồng: exempted fees do not count."""
    return sum(int(f.amount) for f in fees if not f.exempt)


def page_of_error(form: FormDefinition, path: str) -> Page | None:
    """The page on which the question of an error stands."""
    return form.page_of(path.split("-", maxsplit=1)[0])
