from __future__ import annotations

from django.urls import path

from tinhso.core.files import views

app_name = "files"
urlpatterns = [
    path("tep/<uuid:file_id>/", views.send, name="send"),
    path("tep/<uuid:file_id>/<path:name>", views.send, name="send_named"),
]
