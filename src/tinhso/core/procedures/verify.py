"""Checks on a definition before it may be published; each fault names its place and says what is wrong.

A definition that passes has no dead end and no unreachable step, only roles, steps and answers that
exist, and internal times that fit into the legal one on every path.
"""

from __future__ import annotations

from collections.abc import Iterator

from tinhso.core.forms.definition import ROOTS
from tinhso.core.procedures.checks import deep
from tinhso.core.procedures.checks.wrong import Path, Wrong
from tinhso.core.procedures.flow import FORK, branches, targets
from tinhso.core.procedures.model import PROCESS_ROOTS, Definition, Step
from tinhso.core.procedures.shape import times, waiting
from tinhso.core.procedures.steps import STEP_KINDS
from tinhso.kit.expressions import ExpressionError, compile

PLACES = ("reception", "competent", "asked")


def verify(definition: Definition, roles: frozenset[str]) -> list[Wrong]:
    """Everything wrong with a definition; empty when it may be published."""
    found = [
        *_steps(definition, roles),
        *_expressions(definition),
        *_variants(definition),
        *_fees(definition),
    ]
    if not found:  # paths only make sense once every step exists
        found += [*_reachability(definition), *waiting(definition)]
    if not found:
        found += [*times(definition), *deep(definition)]
    if definition.result.document not in definition.outputs:
        found.append(Wrong(("result", "document"), f"Không có tệp outputs/{definition.result.document}.typ."))
    return found


def _steps(definition: Definition, roles: frozenset[str]) -> Iterator[Wrong]:
    for step in definition.steps.values():
        if step.do not in STEP_KINDS:
            yield Wrong(("process", step.id, "do"), f"Không có loại bước “{step.do}”.")
            continue
        yield from _who_and_what(step, roles)
        yield from _what_follows(step, definition)


def _who_and_what(step: Step, roles: frozenset[str]) -> Iterator[Wrong]:
    at: Path = ("process", step.id)
    for need in STEP_KINDS.get(step.do).needs:
        if not step.options.get(need):
            yield Wrong(at, f"Bước loại “{step.do}” cần mục “{need}”.")
    if step.role and step.role not in roles:
        yield Wrong((*at, "by"), f"Không có vai trò “{step.role}” trong danh mục vai trò.")
    if not step.role and step.do not in ("ask_applicant", "pay", FORK):
        yield Wrong(at, "Bước phải ghi vai trò thực hiện ở mục “by”.")
    if step.at not in PLACES:
        yield Wrong((*at, "by"), f"Nơi thực hiện “{step.at}” không có; dùng {', '.join(PLACES)}.")


def _what_follows(step: Step, definition: Definition) -> Iterator[Wrong]:
    at: Path = ("process", step.id)
    for name in targets(step):
        if name not in definition.steps:
            yield Wrong((*at, "next"), f"Bước tiếp theo “{name}” không tồn tại.")
    for n, following in enumerate(step.next):
        if following.when == "" and n < len(step.next) - 1:
            yield Wrong(
                (*at, "next"),
                f"Nhánh “{following.to}” không có điều kiện nên các nhánh sau không bao giờ tới.",
            )
    end = STEP_KINDS.get(step.do).end
    if end and step.next:
        yield Wrong((*at, "next"), "Bước cuối không có bước tiếp theo.")
    if not end and (not step.next or step.next[-1].when):
        yield Wrong(at, "Cần một bước tiếp theo không điều kiện, nếu không hồ sơ có thể kẹt ở đây.")


def _expressions(definition: Definition) -> Iterator[Wrong]:
    fields = set(definition.form.fields)
    for path, text in _all_expressions(definition):
        try:
            names = compile(text, PROCESS_ROOTS if path[0] == "process" else ROOTS).names
        except ExpressionError as error:
            yield Wrong(path, str(error))
            continue
        for name in sorted(names):
            root, _, rest = name.partition(".")
            first = rest.partition(".")[0]
            if root == "form" and first and first not in fields:
                yield Wrong(path, f"Biểu thức dùng câu hỏi “{first}” không có trong tờ khai.")


def _all_expressions(definition: Definition) -> Iterator[tuple[Path, str]]:
    """Every expression of a definition with its place."""
    found: list[tuple[Path, object]] = [
        *((("competence", n, "place"), rule.place) for n, rule in enumerate(definition.competence)),
        *((("variants", n, "when"), variant.when) for n, variant in enumerate(definition.variants)),
        *((("papers", n, "when"), paper.when) for n, paper in enumerate(definition.papers)),
    ]
    for n, fee in enumerate(definition.fees):
        found += [(("fees", n, "exempt", m, "when"), e.when) for m, e in enumerate(fee.exempt)]
        if fee.tiered:
            found += [(("fees", n, "tiered", "quantity"), fee.tiered.quantity)]
            found += [(("fees", n, "tiered", "times"), fee.tiered.times)]
    for step in definition.steps.values():
        found += [(("process", step.id, "next"), n.when) for n in step.next]
        found += [(("process", step.id, "branches"), branch.when) for branch in branches(step)]
        found += [(("process", step.id, name), step.options.get(name)) for name in ("unit", "in_turn")]
        for name in ("answers", "values"):
            given = step.options.get(name, {})
            found += [(("process", step.id, name, key), text) for key, text in given.items()]
    if definition.deemed:
        found.append((("deemed", "when"), definition.deemed.when))
    return ((path, text) for path, text in found if isinstance(text, str) and text)


def _fees(definition: Definition) -> Iterator[Wrong]:
    """Exemptions prove themselves by papers of the dossier."""
    for n, fee in enumerate(definition.fees):
        for m, ground in enumerate(fee.exempt):
            if ground.paper and definition.paper(ground.paper) is None:
                yield Wrong(
                    ("fees", n, "exempt", m, "paper"),
                    f"Không có giấy tờ “{ground.paper}” trong mục “papers”.",
                )


def _variants(definition: Definition) -> Iterator[Wrong]:
    for n, variant in enumerate(definition.variants):
        last = n == len(definition.variants) - 1
        if last and variant.when:
            yield Wrong(
                ("variants", n), "Trường hợp cuối phải không có điều kiện, để mọi hồ sơ đều có thời hạn."
            )
        if not last and not variant.when:
            yield Wrong(
                ("variants", n),
                "Trường hợp không điều kiện phải đứng cuối; các trường hợp sau không bao giờ tới.",
            )


def _reachability(definition: Definition) -> Iterator[Wrong]:
    reached, queue = set(), [definition.first]
    while queue:
        name = queue.pop()
        if name not in reached:
            reached.add(name)
            queue += targets(definition.step(name))
    for step in definition.steps.values():
        if step.id not in reached:
            yield Wrong(("process", step.id), "Không có bước nào dẫn tới bước này.")
    ends = {s.id for s in definition.steps.values() if STEP_KINDS.get(s.do).end}
    alive = set(ends)
    while grown := {
        s.id for s in definition.steps.values() if s.id not in alive and any(n.to in alive for n in s.next)
    }:
        alive |= grown
    for step in definition.steps.values():
        if step.id not in alive:
            yield Wrong(("process", step.id), "Từ bước này không tới được bước trả kết quả.")
