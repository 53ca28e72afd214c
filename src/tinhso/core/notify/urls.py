from __future__ import annotations

from django.urls import path

from tinhso.core.notify import views

app_name = "notify"
urlpatterns = [
    path("thong-bao/", views.inbox, name="inbox"),
    path("thong-bao/da-doc/", views.read_all, name="read_all"),
    path("thong-bao/<uuid:message_id>/", views.open_one, name="open"),
]
