from __future__ import annotations

from django.urls import path

from tinhso.core.desk import views

app_name = "desk"
urlpatterns = [path("ban-lam-viec/", views.inbox, name="inbox")]
