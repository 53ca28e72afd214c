"""One real case over HTTP: a birth, from a parent's dossier to a signed certificate that anybody can verify."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from tinhso.kit.dates import VIETNAM
from tinhso.kit.yamlfile import load

PROCEDURE = "1.001193"
TERRITORY = "31318"
DRAFT = {"book_number": "01"}


@dataclass(frozen=True, slots=True)
class Played:
    """What came of the case: its code, the page that verifies the result, and its signed PDF."""

    code: str
    verify_url: str
    result: bytes


def notice() -> bytes:
    """A made-up birth notice, as a clinic would print one."""
    from tinhso.core.signing.render import render

    return render(
        '#set page("a5")\n= GIẤY CHỨNG SINH\nBản trình diễn, không có giá trị.\n\nBé sinh tại trạm y tế phường I.',
        {},
    )


def answers(catalog: Path) -> dict[str, Any]:
    """The first worked example of the procedure, for the demonstration ward."""
    folder = catalog / "procedures/civil_status" / PROCEDURE / "examples"
    given = load(min(folder.glob("*.yml")), catalog).data["form"]
    return {**given, "residence": {"detail": "Số 12, khu vực 2", "territory": TERRITORY}}


def play(base: str, keys: Mapping[str, str], catalog: Path, tell: Callable[[str], None]) -> Played:
    """File, accept, hand over, draft, sign, deliver and rate a case through the API; `keys` are API keys by account."""
    with httpx.Client(base_url=f"{base}/api/v1/onestop", timeout=60) as http:
        say = _Caller(http, keys)
        paper = say.upload("congdan", "giay-chung-sinh.pdf", notice())
        body = {
            "procedure": PROCEDURE,
            "answers": answers(catalog),
            "papers": [{"id": "birth_proof", "files": [paper]}],
            "key": uuid4().hex,
        }
        case = say.post("congdan", "/cases", body)
        code = case["code"]
        _act(say, "motcua", code, "accept", {})
        due = say.get("congdan", f"/cases/{code}/due")
        _act(say, "motcua", code, "hand_over", {})
        _act(say, "hotich", code, "complete", {"fields": DRAFT | {"registered_on": _today()}})
        case = say.post("chutich", f"/cases/{code}/sign", {})
        _act(say, "motcua", code, "deliver", {"to": case["state"]["applicant"]["full_name"]})
        _act(say, "congdan", code, "rate", {"stars": 5, "text": "Nhanh, rõ ràng"})
        _timeline(say, code, due, tell)
        papers = say.get("congdan", f"/cases/{code}/documents")
        result = next(p for p in papers if p["kind"] == "onestop.result")
        pdf = httpx.get(
            base + result["file_url"], headers=say.headers("congdan"), timeout=60, follow_redirects=True
        )
        pdf.raise_for_status()
        return Played(code, result["verify_url"], pdf.content)


def _act(say: _Caller, account: str, code: str, act: str, data: dict[str, Any]) -> Any:
    return say.post(account, f"/cases/{code}/acts/{act}", {"data": data})


def _today() -> str:
    return datetime.now(VIETNAM).date().isoformat()


def _timeline(say: _Caller, code: str, due: Any, tell: Callable[[str], None]) -> None:
    tell(f"Hồ sơ {code}")
    for act in say.get("congdan", f"/cases/{code}/acts"):
        at = datetime.fromisoformat(act["at"]).astimezone(VIETNAM)
        who = act["actor"].get("name", "")
        title = act["actor"].get("title", "")
        tell(f"  {at:%d/%m/%Y %H:%M:%S}  {act['kind']:<12} {who}{f' ({title})' if title else ''}")
    for sentence in due["explanation"]:
        tell(f"    · {sentence}")


class _Caller:
    """Calls the API as one account or another; a refusal stops the run with its sentence."""

    def __init__(self, http: httpx.Client, keys: Mapping[str, str]) -> None:
        self.http, self.keys = http, keys

    def headers(self, account: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[account]}"}

    def get(self, account: str, path: str) -> Any:
        return self._checked(self.http.get(path, headers=self.headers(account)))

    def post(self, account: str, path: str, body: Any) -> Any:
        headers = self.headers(account) | {"Idempotency-Key": uuid4().hex}
        return self._checked(self.http.post(path, json=body, headers=headers))

    def upload(self, account: str, name: str, content: bytes) -> str:
        files = {"file": (name, content, "application/pdf")}
        return str(self._checked(self.http.post("/files", files=files, headers=self.headers(account)))["id"])

    @staticmethod
    def _checked(response: httpx.Response) -> Any:
        if response.is_error:
            raise RuntimeError(f"{response.request.method} {response.request.url.path}: {response.text}")
        return response.json()
