from __future__ import annotations

from django.urls import path

from tinhso.core.ui import views

app_name = "ui"
urlpatterns = [
    path("ngon-ngu/", views.language, name="language"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("tro-giup/", views.help_page, name="help"),
    path("tiep-can/", views.accessibility, name="accessibility"),
    path("gallery/", views.gallery, name="gallery"),
]
