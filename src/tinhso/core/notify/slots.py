"""What other rooms add to notices: links that are made only as a mail goes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tinhso.kit.slots import Slot


@dataclass(frozen=True, slots=True)
class MailLink:
    """A link that opens something to whoever holds it, so it is never kept: a message's `link` is `prefix:key`,
    and `make(key)` gives the address as the mail is written. In the app such a message has no link."""

    prefix: str
    make: Callable[[str], str]


MAIL_LINKS: Slot[MailLink] = Slot("links made as a mail goes out", MailLink, lambda link: link.prefix)
