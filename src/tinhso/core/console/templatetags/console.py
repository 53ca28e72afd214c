"""Values of a definition in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tinhso.core.forms.texts import Text
from tinhso.core.ui.templatetags.ui import badge
from tinhso.kit.worktime import Duration

register = template.Library()
WEIGHTS = {
    "text": ("plain", gettext_noop("Lời văn")),
    "additive": ("info", gettext_noop("Nới thêm")),
    "breaking": ("over", gettext_noop("Ảnh hưởng hồ sơ đang chạy")),
}
CHANNELS = {
    "online": gettext_noop("trực tuyến"), "counter": gettext_noop("tại quầy"), "post": gettext_noop("qua bưu chính"),
}  # fmt: skip


@register.filter
def say(text: Text, lang: str) -> str:
    """A text in the language asked for, Vietnamese where there is no other."""
    return text.in_(lang)


@register.filter
def span(duration: Duration, lang: str) -> str:
    """ "3 ngày làm việc"."""
    return duration.text("en" if lang.startswith("en") else "vi")


@register.simple_tag
def weight_badge(weight: str) -> SafeString:
    """How much a change weighs for running cases."""
    kind, words = WEIGHTS[weight]
    return badge(kind, _(words))


@register.filter
def channel_words(channel: str) -> str:
    """How a case is filed, in words."""
    return _(CHANNELS[channel]) if channel in CHANNELS else channel
