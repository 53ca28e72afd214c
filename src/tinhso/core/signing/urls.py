from __future__ import annotations

from django.urls import path

from tinhso.core.signing import views

app_name = "signing"
urlpatterns = [
    path("v/<str:code>/", views.document, name="document"),
    path("kiem-tra/", views.verify, name="verify"),
    path("chung-thu-goc.crt", views.root_certificate, name="root"),
]
