from __future__ import annotations

from django.urls import path

from tinhso.core.desk.views import absences, handover, inbox, powers

app_name = "desk"
urlpatterns = [
    path("ban-lam-viec/", inbox.inbox, name="inbox"),
    path("ban-lam-viec/uy-quyen/", powers.mine, name="powers"),
    path("ban-lam-viec/uy-quyen/don-vi/", powers.of_units, name="powers_of_units"),
    path("ban-lam-viec/uy-quyen/giao/<uuid:post_id>/", powers.give, name="give_power"),
    path("ban-lam-viec/uy-quyen/giao/<uuid:post_id>/<uuid:giver_id>/", powers.give, name="give_power_of"),
    path("ban-lam-viec/uy-quyen/<uuid:delegation_id>/", powers.show, name="power"),
    path("ban-lam-viec/uy-quyen/<uuid:delegation_id>/thu-hoi/", powers.revoke, name="revoke_power"),
    path("ban-lam-viec/uy-quyen/<uuid:delegation_id>/giao-lai/", powers.pass_on, name="pass_on_power"),
    path("ban-lam-viec/vang-mat/", absences.absences, name="absences"),
    path("ban-lam-viec/vang-mat/<uuid:absence_id>/tro-lai/", absences.back, name="back"),
    path("ban-lam-viec/viec-nguoi-khac/", handover.loads, name="handover"),
    path("ban-lam-viec/viec-nguoi-khac/<uuid:person_id>/", handover.tasks, name="handover_tasks"),
    path("ban-lam-viec/khong-nguoi-lam/", handover.idle, name="idle"),
]
