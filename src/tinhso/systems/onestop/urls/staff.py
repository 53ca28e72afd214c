"""The officers' pages."""

from __future__ import annotations

from django.urls import path

from tinhso.systems.onestop.views.staff import (
    bulk,
    case,
    cashbook,
    cashier,
    copies,
    counter,
    home,
    lists,
    prints,
    signing,
    statements,
    whose,
)

urlpatterns = [
    path("mot-cua/", home.home, name="staff_home"),
    path("mot-cua/thuoc-ai/", whose.whose, name="staff_whose"),
    path("mot-cua/tim/", home.find, name="staff_find"),
    path("mot-cua/nhan/", counter.start, name="staff_receive"),
    path("mot-cua/nhan/<str:code>/", counter.dossier, name="staff_dossier"),
    path("mot-cua/danh-sach/", lists.cases, name="staff_list"),
    path("mot-cua/nhieu-ho-so/", bulk.choose, name="staff_many"),
    path("mot-cua/nhieu-ho-so/<uuid:run_id>/", bulk.confirm, name="staff_many_confirm"),
    path("mot-cua/nhieu-nguoi/xem/<uuid:run_id>/", copies.confirm, name="staff_copies_confirm"),
    path("mot-cua/nhieu-nguoi/<str:code>/", copies.table, name="staff_copies"),
    path("mot-cua/nhieu-nguoi/<str:code>/mau.csv", copies.template, name="staff_copies_template"),
    path("mot-cua/nhom/<str:code>/", copies.group, name="staff_group"),
    path("mot-cua/so-theo-doi/", prints.book, name="staff_register"),
    path("mot-cua/ho-so/<str:code>/", case.show, name="staff_case"),
    path("mot-cua/ho-so/<str:code>/du-thao/", signing.preview, name="staff_preview"),
    path("mot-cua/ho-so/<str:code>/<slug:name>/", case.act, name="staff_act"),
    path("mot-cua/in/<str:code>/<slug:kind>/", prints.form, name="staff_print"),
    path("mot-cua/bien-lai/<str:code>/<int:number>/", cashier.receipt, name="staff_receipt"),
    path("thu-ngan/", cashier.queue, name="cashier"),
    path("thu-ngan/so-thu/", cashbook.day, name="cash_book"),
    path("thu-ngan/so-thu/chot/", cashbook.close, name="cash_book_close"),
    path("thu-ngan/hoan-tra/", cashier.refunds, name="refunds"),
    path("thu-ngan/sao-ke/", statements.statements, name="statements"),
    path("thu-ngan/sao-ke/<uuid:line_id>/", statements.line, name="statement_line"),
    path("thu-ngan/quyet-toan/", cashbook.settlement, name="settlement"),
    path("thu-ngan/thu/<str:code>/", cashier.collect, name="cashier_collect"),
    path("ky/", signing.waiting, name="staff_signing"),
]
