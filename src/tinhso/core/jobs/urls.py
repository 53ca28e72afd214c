from __future__ import annotations

from django.urls import path

from tinhso.core.jobs import views

app_name = "jobs"
urlpatterns = [
    path("cong-viec/", views.mine, name="mine"),
    path("cong-viec/<uuid:run_id>/", views.show, name="show"),
    path("cong-viec/<uuid:run_id>/dung/", views.cancel, name="cancel"),
    path("cong-viec/<uuid:run_id>/chay-tiep/", views.resume, name="resume"),
    path("cong-viec/<uuid:run_id>/lam-lai/", views.retry, name="retry"),
]
