"""The report of a reorganisation: what moved, and the proof, sealed by the province, for the file and for auditors."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.files.actions import store_made
from tinhso.core.files.models import StoredFile
from tinhso.core.orgs import queries as orgs
from tinhso.core.reorganisation.models import Reorganisation
from tinhso.core.reorganisation.proof import lines
from tinhso.core.reorganisation.slots import MOVABLES
from tinhso.core.signing.pki.authority import SignerRef
from tinhso.core.signing.render import render
from tinhso.core.signing.sign import sign_pdf

TEMPLATE = Path(__file__).parent / "typst" / "report.typ"
PURPOSE = "reorganisation.report"


def make(row: Reorganisation, actor: Actor) -> StoredFile:
    """Render, seal and keep the report. Outside a transaction: it asks the trust service (`TrustUnavailable`)."""
    root = orgs.children_of(None)[0]
    titles = {m.name: m.title for m in MOVABLES}
    proof = row.proof
    data = {
        "agency": root.name,
        "name": row.name,
        "decision": row.source["decision"],
        "on": f"{row.on:%d/%m/%Y}",
        "at": f"{timezone.localtime():%H:%M %d/%m/%Y}",
        "by": row.author_name,
        "hash": row.hash,
        "moved": [[titles.get(name, name), f"{n:,}".replace(",", ".")] for name, n in proof["moved"].items()],
        "left": sum(proof["left"].values()),
        "lines": [
            [
                x.title,
                f"{x.count_before:,}".replace(",", "."),
                f"{x.count_after:,}".replace(",", "."),
                x.sum_before,
                x.sum_after,
                x.same,
            ]
            for x in lines(proof["before"], proof["after"])
        ],
    }
    pdf = render(TEMPLATE, data)
    seal = SignerRef.agency(unit_id=root.id, name=root.name)
    pdf = sign_pdf(
        pdf, signer=seal, reason="Biên bản sắp xếp đơn vị", location=root.name, field_name="agency"
    )
    return store_made(
        pdf,
        name="bien-ban-sap-xep.pdf",
        media_type="application/pdf",
        actor=actor,
        purpose=f"{PURPOSE}:{row.id}",
    )
