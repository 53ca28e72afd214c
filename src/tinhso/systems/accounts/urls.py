from __future__ import annotations

from django.urls import path

from tinhso.systems.accounts.views import imports, invitations, movers, rights

app_name = "accounts"
urlpatterns = [
    path("tai-khoan/nhap/", imports.start, name="imports"),
    path("tai-khoan/nhap/mau.csv", imports.template, name="template"),
    path("tai-khoan/nhap/<uuid:run_id>/cot/", imports.mapping, name="mapping"),
    path("tai-khoan/nhap/<uuid:run_id>/xem/", imports.preview, name="preview"),
    path("tai-khoan/nhap/<uuid:run_id>/ket-qua/", imports.report, name="report"),
    path("tai-khoan/nhap/<uuid:run_id>/can-sua.csv", imports.faults, name="faults"),
    path("tai-khoan/loi-moi/", invitations.waiting, name="invitations"),
    path("tai-khoan/loi-moi/thu/", invitations.print_letters, name="letters"),
    path("tai-khoan/loi-moi/nguoi/<uuid:person_id>/", invitations.of_person, name="person_invitation"),
    path("tai-khoan/loi-moi/<uuid:invitation_id>/gui-lai/", invitations.again, name="invite_again"),
    path("tai-khoan/loi-moi/<uuid:invitation_id>/thu-hoi/", invitations.withdraw, name="withdraw"),
    path("tai-khoan/bien-dong/", movers.movers, name="movers"),
    path("tai-khoan/bien-dong/<uuid:holding_id>/thoi/", movers.end, name="end"),
    path("tai-khoan/bien-dong/<uuid:holding_id>/nghi/", movers.leave, name="leave"),
    path("tai-khoan/bien-dong/<uuid:holding_id>/chuyen/", movers.move, name="move"),
    path("quyen/", rights.of_unit, name="rights_unit"),
    path("quyen/ho-so/<str:code>/", rights.of_case, name="rights_case"),
    path("quyen/nguoi/<uuid:person_id>/", rights.person_case, name="rights_person"),
    path("loi-moi/", invitations.enter_code, name="enter_code"),
    path("loi-moi/<slug:code>/", invitations.accept, name="accept"),
]
