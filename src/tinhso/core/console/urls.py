"""Addresses of the administrator's pages, mounted at /quan-tri/."""

from __future__ import annotations

from django.urls import path

from tinhso.core.console.views import audit, calendars, operations, overview, people, posts, procedures, units

app_name = "console"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("don-vi/", units.units, name="units"),
    path("don-vi/moi/", units.create, name="create_unit"),
    path("don-vi/<uuid:unit_id>/", units.unit, name="unit"),
    path("don-vi/<uuid:unit_id>/doi-ten/", units.rename, name="rename_unit"),
    path("don-vi/<uuid:unit_id>/doi-ma/", units.recode, name="recode_unit"),
    path("don-vi/<uuid:unit_id>/chuyen/", units.move, name="move_unit"),
    path("don-vi/<uuid:unit_id>/dong/", units.close, name="close_unit"),
    path("don-vi/<uuid:unit_id>/lien-he/", units.contact, name="unit_contact"),
    path("don-vi/<uuid:unit_id>/lich/", units.assign_calendar, name="unit_calendar"),
    path("don-vi/<uuid:unit_id>/vi-tri-moi/", posts.create, name="create_post"),
    path("don-vi/vi-tri-trong/", units.empty_posts, name="empty_posts"),
    path("don-vi/vi-tri/<uuid:post_id>/", posts.post, name="post"),
    path("don-vi/vi-tri/<uuid:post_id>/doi-ten/", posts.rename, name="rename_post"),
    path("don-vi/vi-tri/<uuid:post_id>/dong/", posts.set_active, {"active": False}, name="close_post"),
    path("don-vi/vi-tri/<uuid:post_id>/mo-lai/", posts.set_active, {"active": True}, name="reopen_post"),
    path("don-vi/vi-tri/<uuid:post_id>/vai-tro/", posts.give_role, name="give_role"),
    path("don-vi/vi-tri/<uuid:post_id>/bo-vai-tro/", posts.take_role, name="take_role"),
    path("don-vi/vi-tri/<uuid:post_id>/phan-cong/", posts.appoint, name="appoint"),
    path("don-vi/phan-cong/<uuid:holding_id>/thoi/", posts.end_holding, name="end_holding"),
    path("nguoi/", people.people_page, name="people"),
    path("nguoi/moi/", people.create, name="create_person"),
    path("nguoi/<uuid:person_id>/", people.person, name="person"),
    path("nguoi/<uuid:person_id>/tai-khoan/", people.open_account, name="open_account"),
    path("nguoi/<uuid:person_id>/vi-sao/", people.why, name="why"),
    path("nguoi/tai-khoan/<uuid:account_id>/mat-khau/", people.reset_password, name="reset_password"),
    path(
        "nguoi/tai-khoan/<uuid:account_id>/khoa/", people.set_active, {"active": False}, name="lock_account"
    ),
    path(
        "nguoi/tai-khoan/<uuid:account_id>/mo-khoa/",
        people.set_active,
        {"active": True},
        name="unlock_account",
    ),
    path("thu-tuc/", procedures.procedures, name="procedures"),
    path("thu-tuc/them/", procedures.add, name="add_procedure"),
    path("thu-tuc/<str:code>/", procedures.procedure, name="procedure"),
    path("thu-tuc/<str:code>/soan/", procedures.edit, name="edit_procedure"),
    path("thu-tuc/<str:code>/<int:number>/", procedures.version, name="version"),
    path("thu-tuc/<str:code>/<int:number>/tep.zip", procedures.download, name="version_files"),
    path("lich/", calendars.calendars, name="calendars"),
    path("lich/moi/", calendars.create, name="create_calendar"),
    path("lich/<str:code>/", calendars.calendar, name="calendar"),
    path("lich/<str:code>/gio/", calendars.weekly, name="calendar_week"),
    path("lich/<str:code>/ngay-nghi/", calendars.add_holidays, name="calendar_holidays"),
    path("lich/<str:code>/ngay/<str:day>/", calendars.change_day, name="calendar_day"),
    path("nhat-ky/", audit.entries, name="audit"),
    path("nhat-ky/<int:entry_id>/", audit.entry, name="entry"),
    path("nhat-ky/kiem-tra/", audit.verification, name="verification"),
    path("nhat-ky/niem-phong/", audit.seals, name="seals"),
    path("van-hanh/", operations.deliveries, name="deliveries"),
    path("van-hanh/<int:delivery_id>/thu-lai/", operations.retry_delivery, name="retry_delivery"),
    path("van-hanh/cong-viec/", operations.jobs, name="jobs"),
    path("van-hanh/cong-viec/<int:job_id>/thu-lai/", operations.retry_job, name="retry_job"),
    path("khoa-api/", operations.keys, name="keys"),
    path("khoa-api/moi/", operations.make_key, name="make_key"),
    path("khoa-api/<uuid:key_id>/huy/", operations.end_key, name="end_key"),
]
