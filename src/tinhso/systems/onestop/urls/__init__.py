"""The pages of the one-stop: citizens' and officers'."""

from __future__ import annotations

from tinhso.systems.onestop.urls import citizen, staff

app_name = "onestop"
urlpatterns = [*citizen.urlpatterns, *staff.urlpatterns]
