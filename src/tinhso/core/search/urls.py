from __future__ import annotations

from django.urls import path

from tinhso.core.search import views

app_name = "search"
urlpatterns = [path("tim-kiem/", views.find, name="find")]
