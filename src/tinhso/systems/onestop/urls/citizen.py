"""The citizens' pages."""

from __future__ import annotations

from django.urls import path

from tinhso.systems.onestop.views.citizen import acts, cases, filing, home, paying, procedures, start, track

urlpatterns = [
    path("", home.home, name="home"),
    path("thu-tuc/", procedures.results, name="procedures"),
    path("thu-tuc/<str:code>/", procedures.procedure, name="procedure"),
    path("thu-tuc/<str:code>/giay-to/", procedures.papers, name="papers_list"),
    path("thu-tuc/<str:code>/nop/", start.start, name="start"),
    path("thu-tuc/<str:code>/nop/con/", start.child, name="start_child"),
    path("thu-tuc/<str:code>/nop/nguoi-khac/", start.other, name="start_other"),
    path("nop-ho-so/<uuid:draft_id>/", filing.overview, name="filing"),
    path("nop-ho-so/<uuid:draft_id>/xoa/", filing.discard, name="filing_discard"),
    path("nop-ho-so/<uuid:draft_id>/<str:stop>/", filing.page, name="filing_page"),
    path("ho-so/", cases.mine, name="mine"),
    path("ho-so/<str:code>/", cases.case, name="my_case"),
    path("ho-so/<str:code>/da-nop/", cases.filed, name="filed"),
    path("ho-so/<str:code>/phieu-nop.pdf", cases.acknowledgement_pdf, name="acknowledgement"),
    path("ho-so/<str:code>/ngay-hen/", cases.due, name="due"),
    path("ho-so/<str:code>/bo-sung/", acts.supplement, name="supplement"),
    path("ho-so/<str:code>/du-thao/", acts.draft, name="draft"),
    path("ho-so/<str:code>/du-thao.pdf", acts.draft_pdf, name="draft_pdf"),
    path("ho-so/<str:code>/rut/", acts.withdraw, name="withdraw"),
    path("ho-so/<str:code>/nop-lai/", acts.again, name="file_again"),
    path("ho-so/<str:code>/dinh-chinh/", acts.correct, name="correct"),
    path("ho-so/<str:code>/danh-gia/", acts.rate, name="rate"),
    path("ho-so/<str:code>/nop-tien/", paying.pay, name="pay"),
    path("ho-so/<str:code>/nop-tien/kiem-tra/", paying.check, name="pay_check"),
    path("ho-so/<str:code>/bien-lai/<int:number>.pdf", paying.receipt, name="my_receipt"),
    path("tra-cuu/", track.track, name="track"),
    path("du-lieu-cua-toi/", cases.my_data, name="my_data"),
]
