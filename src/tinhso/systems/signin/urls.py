from __future__ import annotations

from django.urls import path

from tinhso.systems.signin.views import codes, factors, national, security

app_name = "signin"
urlpatterns = [
    path("bao-mat/", security.security, name="security"),
    path("bao-mat/hai-buoc/", security.set_up, name="set_up"),
    path("bao-mat/phien/khac/", security.end_others, name="end_others"),
    path("bao-mat/phien/<uuid:session_id>/", security.end_one, name="end_one"),
    path("bao-mat/ung-dung/", factors.totp, name="totp"),
    path("bao-mat/ung-dung/go/", factors.remove_totp, name="remove_totp"),
    path("bao-mat/ma-du-phong/", factors.recovery, name="recovery"),
    path("bao-mat/khoa/hoi/", factors.key_options, name="key_options"),
    path("bao-mat/khoa/", factors.add_key, name="add_key"),
    path("bao-mat/khoa/<uuid:key_id>/ten/", factors.rename_key, name="rename_key"),
    path("bao-mat/khoa/<uuid:key_id>/go/", factors.remove_key, name="remove_key"),
    path("bao-mat/mat-khau-moi/", security.new_password, name="new_password"),
    path("quen-mat-khau/", codes.forgot, name="forgot"),
    path("dang-nhap/vneid/", national.begin, name="vneid"),
    path("dang-nhap/vneid/ve/", national.back, name="vneid_back"),
    path("dang-nhap/ma-can-bo/", codes.use, name="code"),
    path("mot-cua/ma-dang-nhap/", codes.issue, name="codes"),
    path("quan-tri/dat-lai-xac-thuc/", codes.reset, name="reset"),
]
