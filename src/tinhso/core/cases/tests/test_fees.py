"""What a case owes: by the day of filing, with exemptions and their evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from tinhso.core.cases.choices import Finance
from tinhso.core.cases.tests.money_cases import filed, owing, refused
from tinhso.core.cases.tests.world import CLERK, HEAD, MONDAY, World
from tinhso.core.forms.texts import Text
from tinhso.core.procedures.fees import Rate, explain
from tinhso.core.procedures.model import Exemption
from tinhso.core.procedures.tests.sample import DAY, TWO, charged, definition, fixed

ONLINE_FREE = Rate("r1", "one", "23/2026/NQ-HĐND", DAY, channel="online", amount=Decimal(0))


def test_hai_phong_filed_the_evening_before_accepted_after_keeps_the_old_rate() -> None:
    """Scenario 10: the day of filing decides, not the day of acceptance."""
    world = World(definition=charged(*TWO), rates=(ONLINE_FREE,))
    world.now = datetime(2026, 8, 7, 22, 30, tzinfo=MONDAY.tzinfo)
    world.file()
    world.now = datetime(2026, 8, 10, 9, 0, tzinfo=MONDAY.tzinfo)
    world.do("accept", CLERK)
    assert world.state.fees[0].amount == "8000"
    later = World(
        definition=charged(*TWO), rates=(ONLINE_FREE,), now=datetime(2026, 8, 8, 0, 0, tzinfo=MONDAY.tzinfo)
    )
    later.file()
    assert later.state.fees[0].amount == "0"
    assert later.state.fees[0].rule == "r1"


# Exemptions -----------------------------------------------------------------------------------------------------

PROVED = Exemption(
    "poor", Text("Hộ nghèo"), "form.child_name != null", "Nghị quyết 1/2026", paper="birth_proof"
)


def test_an_exemption_is_granted_at_acceptance_by_whom_with_its_paper() -> None:
    world = filed(fixed("one", 8000, exempt=(PROVED,)))
    assert world.state.fees[0].exempt == "Hộ nghèo"
    assert world.state.fees[0].exempt_by == ""
    world.do("accept", CLERK)
    fee = world.state.fees[0]
    name = definition().paper("birth_proof").name.vi  # type: ignore[union-attr]
    assert (fee.exempt_by, fee.exempt_paper, fee.owed) == (CLERK.name, name, 0)
    assert world.state.finance == Finance.NONE
    assert any("Nghị quyết 1/2026" in line for line in explain(fee))


def test_an_exemption_without_its_paper_is_not_granted() -> None:
    ground = replace(PROVED, paper="residence")
    world = filed(fixed("one", 8000, exempt=(ground,)))
    assert world.state.finance == Finance.NONE, "claimed at filing"
    world.do("accept", CLERK)
    assert world.state.fees[0].exempt == ""
    assert world.state.finance == Finance.UNPAID


def test_a_waiver_needs_its_ground_and_somebody_who_approves() -> None:
    world = owing()
    refused("no_right", world, "waive", CLERK, fees=["one"], reason="x", ground="y")
    assert (
        refused("required", world, "waive", HEAD, fees=["one"], reason="Hộ nghèo", ground=" ").field
        == "ground"
    )
    refused("nothing_chosen", world, "waive", HEAD, fees=["no"], reason="x", ground="y")
    world.do(
        "waive", HEAD, fees=["one", "two"], reason="Hộ nghèo", ground="NQ 5/2026", evidence="Sổ hộ nghèo 12"
    )
    fee = world.state.fees[0]
    assert (fee.exempt, fee.exempt_by, fee.exempt_paper) == ("Hộ nghèo", HEAD.name, "Sổ hộ nghèo 12")
    assert world.state.finance == Finance.NONE
    refused("nothing_owed", world, "waive", HEAD, fees=["one"], reason="x", ground="y")


def test_a_waiver_before_acceptance_survives_it_and_after_payment_makes_a_refund_due() -> None:
    world = filed()
    world.do("waive", HEAD, fees=["one"], reason="Hộ nghèo", ground="NQ")
    world.do("accept", CLERK)
    assert [f.owed for f in world.state.fees] == [0, 5000]
    world.do("collect", CLERK)
    world.do("waive", HEAD, fees=["two"], reason="Hộ nghèo", ground="NQ")
    assert world.state.finance == Finance.REFUND_DUE
    assert world.state.money.over == 5000
