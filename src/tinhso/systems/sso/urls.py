from __future__ import annotations

from django.urls import path

from tinhso.systems.sso.views import authorize, console, device, logout, mine, protocol

app_name = "sso"
urlpatterns = [
    path(".well-known/openid-configuration", protocol.discovery, name="discovery"),
    path(".well-known/oauth-authorization-server", protocol.discovery, name="metadata"),
    path("oidc/jwks", protocol.jwks, name="jwks"),
    path("oidc/authorize", authorize.authorize, name="authorize"),
    path("oidc/dong-y/", authorize.agree, name="agree"),
    path("oidc/tiep/", authorize.way, name="go_on"),
    path("oidc/token", protocol.token, name="token"),
    path("oidc/userinfo", protocol.userinfo, name="userinfo"),
    path("oidc/introspect", protocol.introspect, name="introspect"),
    path("oidc/revoke", protocol.revoke, name="revoke"),
    path("oidc/device", protocol.device_authorization, name="device_authorization"),
    path("oidc/logout", logout.logout, name="logout"),
    path("oidc/dang-xuat/", logout.confirm_logout, name="confirm_logout"),
    path("thiet-bi/", device.device, name="device"),
    path("ung-dung-da-ket-noi/", mine.mine, name="mine"),
    path("ung-dung-da-ket-noi/<uuid:client_id>/ngat/", mine.withdraw, name="withdraw"),
    path("quan-tri/ung-dung/", console.clients, name="clients"),
    path("quan-tri/ung-dung/moi/", console.create, name="create_client"),
    path("quan-tri/ung-dung/<uuid:client_id>/", console.client, name="client"),
    path("quan-tri/ung-dung/<uuid:client_id>/sua/", console.edit, name="edit_client"),
    path("quan-tri/ung-dung/<uuid:client_id>/doi-khoa/", console.rotate, name="rotate_secret"),
    path(
        "quan-tri/ung-dung/<uuid:client_id>/ngung/",
        console.set_active,
        {"active": False},
        name="close_client",
    ),
    path("quan-tri/ung-dung/<uuid:client_id>/mo/", console.set_active, {"active": True}, name="open_client"),
    path("quan-tri/khoa-ky/", console.keys, name="keys"),
    path("quan-tri/khoa-ky/moi/", console.rotate_keys, name="rotate_keys"),
    path("quan-tri/khoa-ky/<uuid:key_id>/thu-hoi/", console.withdraw_key, name="withdraw_key"),
]
