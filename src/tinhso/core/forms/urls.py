from __future__ import annotations

from django.urls import path

from tinhso.core.forms import views
from tinhso.core.forms.choices import FIND_TERRITORY, FIND_UNIT

app_name = "forms"
urlpatterns = [
    path(FIND_TERRITORY, views.find_territory, name="find_territory"),
    path(FIND_UNIT, views.find_unit, name="find_unit"),
]
