from __future__ import annotations

from django.urls import path

from tinhso.core.access import views

app_name = "access"
urlpatterns = [
    path("dang-nhap/", views.login, name="login"),
    path("dang-xuat/", views.logout, name="logout"),
    path("dang-ky/", views.register, name="register"),
    path("mat-khau/", views.password, name="password"),
    path("doi-vi-tri/", views.switch_post, name="switch_post"),
]
