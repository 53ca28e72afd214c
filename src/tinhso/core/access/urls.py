from __future__ import annotations

from django.urls import path

from tinhso.core.access.views import second, sign_in

app_name = "access"
urlpatterns = [
    path("dang-nhap/", sign_in.login, name="login"),
    path("dang-nhap/buoc-hai/", second.second_step, name="second_step"),
    path("dang-nhap/khoa/hoi/", second.passkey_options, name="passkey_options"),
    path("dang-nhap/khoa/", second.passkey, name="passkey"),
    path("xac-nhan-lai/", second.prove_again, name="prove_again"),
    path("dang-xuat/", sign_in.logout, name="logout"),
    path("dang-ky/", sign_in.register, name="register"),
    path("mat-khau/", sign_in.password, name="password"),
    path("doi-vi-tri/", sign_in.switch_post, name="switch_post"),
]
