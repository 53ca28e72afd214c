"""What a way of paying offers: a provider is one object in this slot; gateways are systems that add theirs.

A provider never writes to a case. It is asked to start a payment, told what its bank or gateway said, and
answers with what arrived; the engine then records it, once per transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tinhso.kit.slots import Slot


@dataclass(frozen=True, slots=True)
class Payee:
    """The account that money of one kind goes to; `bank` is the six-digit BIN."""

    bank: str
    bank_name: str
    number: str
    holder: str


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be paid of one kind of money (`phi`, `le_phi`): whole đồng, and to whom (None: no account known)."""

    kind: str
    amount: int
    payee: Payee | None


@dataclass(frozen=True, slots=True)
class Order:
    """A payment to be started: for which subject (its code is what people type), how much of which kind."""

    id: str
    subject_key: str
    payer: str
    dues: tuple[Due, ...]
    return_url: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """One transfer of a started payment; `content` names the subject and is how the money is found again."""

    kind: str
    amount: int
    content: str
    payee: Payee


@dataclass(frozen=True, slots=True)
class Started:
    """How the payer goes on: an address to open, or transfers to make. `reference` is the provider's own number."""

    shares: tuple[Share, ...] = ()
    redirect: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Money that came in: `content` or `reference` says for what, `transaction` which money it is."""

    transaction: str
    amount: int
    at: datetime
    reference: str = ""
    content: str = ""
    payer: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Returned:
    """What a provider did about a refund: `done`, or what a person has to do."""

    done: bool
    reference: str = ""
    instruction: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """A way of paying. `name` is stored with every payment, `title` is read by people, `how` is `transfer` or `online`.

    `start(order)` prepares a payment, a `Refusal` when it cannot be made this way. `confirm(message)` reads
    a callback or a line of a statement, a `Refusal` when it is not genuine. `query(reference)` says what
    arrived for a payment that was started. `refund(transaction, amount, reason)` gives money back. `start`,
    `query` and `refund` may talk to the outside: never call them inside a transaction.
    """

    name: str
    title: str
    how: str
    start: Callable[[Order], Started]
    confirm: Callable[[Mapping[str, str]], Arrived]
    query: Callable[[str], list[Arrived]]
    refund: Callable[[str, int, str], Returned]


PROVIDERS: Slot[Provider] = Slot("payment providers", Provider, lambda p: p.name)
