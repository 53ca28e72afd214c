"""What the accounts room offers to the rooms of the core."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from tinhso.core.cases.pages import CASE_LINKS, CaseLink
from tinhso.core.console.slots import PERSON_LINKS, PersonLink
from tinhso.core.jobs.slots import WORK_KINDS, WorkKind
from tinhso.core.notify.slots import MAIL_LINKS, MailLink
from tinhso.core.orgs.policy import EDIT_UNITS
from tinhso.core.people.policy import MANAGE
from tinhso.core.ui.menu import MENU, MenuEntry
from tinhso.systems.accounts.actions import importing, invitations

WORK_KINDS.add(WorkKind(importing.CHECK, importing.check))
WORK_KINDS.add(WorkKind(importing.IMPORT, importing.work))

MAIL_LINKS.add(MailLink(invitations.LINK, invitations.address_of))

PERSON_LINKS.add(
    PersonLink(
        "accounts.invitation",
        _("Lời mời đặt mật khẩu"),
        lambda person_id: reverse("accounts:person_invitation", args=[person_id]),
        order=10,
        acting=True,
    )
)

PERSON_LINKS.add(
    PersonLink(
        "accounts.rights",
        _("Người này làm được gì với một hồ sơ?"),
        lambda person_id: reverse("accounts:rights_person", args=[person_id]),
        order=20,
    )
)
CASE_LINKS.add(
    CaseLink(
        "accounts.rights",
        _("Ai xem được hồ sơ này?"),
        lambda code: reverse("accounts:rights_case", args=[code]),
    )
)

MENU.add(
    MenuEntry("accounts_rights", _("Ai làm được việc này?"), "accounts:rights_unit", MANAGE, 122, "console")
)
MENU.add(MenuEntry("accounts_movers", _("Biến động nhân sự"), "accounts:movers", EDIT_UNITS, 119, "console"))
MENU.add(MenuEntry("accounts_import", _("Nhập danh sách cán bộ"), "accounts:imports", MANAGE, 120, "console"))
MENU.add(MenuEntry("accounts_invitations", _("Lời mời"), "accounts:invitations", MANAGE, 121, "console"))
