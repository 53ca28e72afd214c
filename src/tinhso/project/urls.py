"""Every address of the installation: the core's own pages, then one line per system."""

from __future__ import annotations

from django.urls import include, path

from tinhso.core.api.frame import build

urlpatterns = [
    path("", include("tinhso.core.ui.urls")),
    path("", include("tinhso.core.access.urls")),
    path("api/v1/", build().urls),
    path("quan-tri/", include("tinhso.core.console.urls")),
    path("", include("tinhso.core.signing.urls")),
    path("", include("tinhso.core.files.urls")),
    path("", include("tinhso.core.notify.urls")),
    path("", include("tinhso.core.search.urls")),
    path("", include("tinhso.core.desk.urls")),
    path("", include("tinhso.core.jobs.urls")),
    path("", include("tinhso.core.forms.urls")),
    path("", include("tinhso.systems.onestop.urls")),
    path("", include("tinhso.systems.accounts.urls")),
    path("", include("tinhso.systems.signin.urls")),
    path("", include("tinhso.systems.sso.urls")),
]

handler400 = "tinhso.core.ui.views.bad_request"
handler403 = "tinhso.core.ui.views.forbidden"
handler404 = "tinhso.core.ui.views.page_not_found"
handler500 = "tinhso.core.ui.views.server_error"
