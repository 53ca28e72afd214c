"""The way of paying that every installation has."""

from __future__ import annotations

from tinhso.core.payments.slots import PROVIDERS
from tinhso.core.payments.transfer import TRANSFER

PROVIDERS.add(TRANSFER)
