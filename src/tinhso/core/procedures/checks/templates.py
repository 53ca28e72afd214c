"""Whether a template of a result only names answers that exist; read as text, so that nothing has to be made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tinhso.core.procedures.checks.wrong import Wrong
from tinhso.core.procedures.model import Definition
from tinhso.kit.yamlfile import nearest

#: What every template is given besides the answers (`systems/onestop/documents/results.py`).
GIVEN = frozenset(
    """number place date_words agency parent_agency signer_name signer_title authority case_code verify_url
    verify_qr form raw applicant result result_raw procedure received_at opinions refusal parts""".split()  # noqa: SIM905  a list of words is read more easily so
)
_OF_A_MAP = frozenset({"at", "keys", "values", "pairs", "len", "insert", "remove"})
_HELPER = re.compile(
    r"#?let\s+([\w-]+)\((\w+)[^)]*\)\s*=\s*[^\n]*?\bd\.(form|raw|result|result_raw)\.at\(\s*(\w+)"
)
_AT = re.compile(r"\bd\.(form|raw|result|result_raw|applicant)\.at\(\s*\"([^\"]+)\"")
_DOT = re.compile(r"\bd\.(form|raw|result|result_raw|applicant)\.([A-Za-z_]\w*)")
_IN = re.compile(r"\"([^\"]+)\"\s+in\s+d\.(form|raw|result|result_raw)\b")
_TOP = re.compile(r"\bd\.([A-Za-z_]\w*)")
_COMMENT = re.compile(r"(?<!:)//[^\n]*|/\*.*?\*/", re.DOTALL)


def template_faults(definition: Definition) -> Iterator[Wrong]:
    """Every name in a template that the form, the result's fields or the given data do not have."""
    answers = frozenset(definition.form.fields)
    fields = frozenset(definition.result.fields.fields) if definition.result.fields else frozenset()
    known = {"form": answers, "raw": answers, "result": fields, "result_raw": fields}
    for name, text in definition.outputs.items():
        for line, message in _unknown(text, known):
            yield Wrong(("result", "document"), f"outputs/{name}.typ, dòng {line}: {message}")


def _unknown(text: str, known: Mapping[str, frozenset[str]]) -> Iterator[tuple[int, str]]:
    body = _COMMENT.sub(lambda m: "\n" * m.group().count("\n"), text)
    helpers = {m[1]: m[3] for m in _HELPER.finditer(body) if m[2] == m[4]}
    found = [(m.start(), m[1], m[2]) for m in _AT.finditer(body)]
    found += [(m.start(), m[1], m[2]) for m in _DOT.finditer(body) if m[2] not in _OF_A_MAP]
    found += [(m.start(), m[2], m[1]) for m in _IN.finditer(body)]
    for helper, root in helpers.items():
        calls = re.finditer(rf"(?<![\w-]){re.escape(helper)}\(\s*\"([^\"]+)\"", body)
        found += [(m.start(), root, m[1]) for m in calls]
    for at, root, field in sorted(found):
        if root in known and field not in known[root]:
            where = "tờ khai" if root in ("form", "raw") else "nội dung kết quả do cán bộ điền"
            yield _line(body, at), f"mẫu dùng “{field}” không có trong {where}.{nearest(field, known[root])}"
    for match in _TOP.finditer(body):
        if match[1] not in GIVEN | _OF_A_MAP:
            yield (
                _line(body, match.start()),
                f"mẫu dùng “d.{match[1]}” không được cung cấp.{nearest(match[1], GIVEN)}",
            )


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
