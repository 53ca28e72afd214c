"""The components as tags and filters, builtin in every template. README.md of this room shows their use.

Small ones are written here because a list draws hundreds of them; those with inner markup are templates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.core.exceptions import ImproperlyConfigured
from django.template.context import Context
from django.template.loader import get_template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop

from tinhso.core.ui import fields, words
from tinhso.core.ui.icons import ICONS

register = template.Library()

KIND_ICONS = {"ok": "check", "soon": "clock", "over": "late", "info": "info", "plain": "dot"}
DEADLINE_ICONS = {"ok": "calendar", "soon": "clock", "over": "late", "plain": "pause"}
#: National list of case statuses shared with the national portal: number -> (words, kind, icon).
STATUSES = {
    1: (gettext_noop("Mới đăng ký"), "info", "plus"),
    2: (gettext_noop("Được tiếp nhận"), "info", "receive"),
    3: (gettext_noop("Không được tiếp nhận"), "over", "cross"),
    4: (gettext_noop("Đang xử lý"), "info", "clock"),
    5: (gettext_noop("Yêu cầu bổ sung giấy tờ"), "soon", "file"),
    6: (gettext_noop("Yêu cầu thực hiện nghĩa vụ tài chính"), "soon", "money"),
    7: (gettext_noop("Công dân yêu cầu rút hồ sơ"), "plain", "back"),
    8: (gettext_noop("Dừng xử lý"), "over", "stop"),
    9: (gettext_noop("Đã xử lý xong"), "ok", "check"),
    10: (gettext_noop("Đã trả kết quả"), "ok", "check"),
}
TASK_WORDS = {
    "done": (gettext_noop("Đã xong"), "ok"),
    "todo": (gettext_noop("Cần làm"), "info"),
    "optional": (gettext_noop("Không bắt buộc"), "plain"),
    "error": (gettext_noop("Cần sửa"), "over"),
    "later": (gettext_noop("Chưa làm được"), "plain"),
}
TIMELINE_STATES = {
    "done": (gettext_noop("Đã xong"), "check"),
    "now": (gettext_noop("Đang thực hiện"), "clock"),
    "waiting": (gettext_noop("Đang chờ"), "pause"),
    "next": (gettext_noop("Sắp tới"), "dot"),
    "refused": (gettext_noop("Bị từ chối"), "cross"),
}

register.filter("money", words.money)
register.filter("vi_date", words.vi_date)
register.filter("vi_datetime", words.vi_datetime)
register.filter("file_size", words.file_size)


@register.filter("number")
def number_filter(value: Any, places: int = 2) -> str:
    return words.number(value, places)


@register.simple_tag(name="number")
def number_tag(value: Any, places: int = 2) -> str:
    return words.number(value, places)


@register.simple_tag(name="money")
def money_tag(amount: Decimal | int | None) -> str:
    return words.money(amount)


@register.simple_tag(name="vi_date")
def vi_date_tag(value: date | str | None) -> SafeString:
    """A date in a `<time>` element; "" for None."""
    return _time(value, words.vi_date(value))


@register.simple_tag(name="vi_datetime")
def vi_datetime_tag(value: datetime | str | None) -> SafeString:
    """A moment in a `<time>` element; "" for None."""
    return _time(value, words.vi_datetime(value))


def _time(value: date | str | None, shown: str) -> SafeString:
    if not shown:
        return SafeString("")
    machine = value if isinstance(value, str) else value.isoformat()  # type: ignore[union-attr]
    return format_html('<time datetime="{}">{}</time>', machine, shown)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon; the words beside it carry the meaning. `ImproperlyConfigured` on an unknown name."""
    if name not in ICONS:
        raise ImproperlyConfigured(f"no icon {name!r}; known: {', '.join(sorted(ICONS))}")
    return ICONS[name]


@register.simple_tag
def badge(kind: str, text: Any, icon: str = "") -> SafeString:
    """State in words, with an icon and a colour."""
    return format_html('<span class="badge {}">{}{}</span>', kind, ICONS[icon or KIND_ICONS[kind]], text)


@register.simple_tag
def status_badge(status: int | str) -> SafeString:
    """A national case status 1-10 in words. `KeyError` for another number: such a case must not look normal."""
    text, kind, sign = STATUSES[int(status)]
    return badge(kind, gettext(text), sign)


@register.simple_tag
def deadline(
    due_at: datetime | None,
    now: datetime,
    ledger_url: str = "",
    left: int | None = None,
    paused: bool = False,
) -> SafeString:
    """Time left in words and the moment itself; a link to how it was computed when `ledger_url` is given."""
    if due_at is None:
        return format_html('<span class="deadline plain">{}</span>', gettext("Không có hạn"))
    told = words.time_left(due_at, now, left, paused=paused)
    inner = format_html(
        "{}<strong>{}</strong> {}",
        ICONS[DEADLINE_ICONS[told.kind]],
        told.words,
        _time(due_at, words.vi_datetime(due_at)),
    )
    if not ledger_url:
        return format_html('<span class="deadline {}">{}</span>', told.kind, inner)
    return format_html(
        '<a class="deadline {}" href="{}">{}<span class="visually-hidden">, {}</span></a>',
        told.kind,
        ledger_url,
        inner,
        gettext("xem cách tính hạn"),
    )


@register.simple_tag
def button(
    text: str,
    kind: str = "primary",
    name: str = "",
    value: str = "",
    href: str = "",
    icon: str = "",
    id: str = "",  # noqa: A002
    form: str = "",
) -> SafeString:
    """A submit button, or a link that looks like one when `href` is given."""
    content = format_html("{}{}", ICONS[icon] if icon else "", gettext(text) if text else "")
    if href:
        given = {"id": id}
        return format_html('<a class="button {}" href="{}"{}>{}</a>', kind, href, _attributes(given), content)
    given = {"id": id, "name": name, "value": value or ("1" if name else ""), "form": form}
    return format_html('<button class="button {}"{}>{}</button>', kind, _attributes(given), content)


def _attributes(given: Mapping[str, str]) -> SafeString:
    return format_html_join("", ' {}="{}"', ((k, v) for k, v in given.items() if v))


@register.simple_tag
def default_submit() -> SafeString:
    """What Enter presses in a form whose first visible button is not the main one."""
    return mark_safe('<button class="visually-hidden" tabindex="-1" aria-hidden="true"></button>')


@register.simple_tag
def breadcrumb(*pairs: str) -> SafeString:
    """`{% breadcrumb "Trang chủ" "/" "Thủ tục" "" %}`: texts and addresses in turn; an empty address is this page."""
    items = format_html_join(
        "",
        "<li>{}</li>",
        (
            (
                format_html('<a href="{}">{}</a>', url, gettext(text))
                if url
                else format_html('<span aria-current="page">{}</span>', gettext(text)),
            )
            for text, url in zip(pairs[::2], pairs[1::2], strict=True)
            if text
        ),
    )
    return format_html(
        '<nav class="breadcrumb" aria-label="{}"><ol>{}</ol></nav>', gettext("Bạn đang ở"), items
    )


@register.simple_tag
def field(view: Any) -> str:
    """One `FieldView` of any type with its label, hint, error, parts and rows."""
    return fields.render(view)


@register.inclusion_tag("ui/fields/found.html")
def lookup_options(view: Any) -> dict[str, Any]:
    """Only the found options of a look-up field."""
    return {"f": view}


@register.inclusion_tag("ui/error_summary.html")
def error_summary(views_or_errors: Any) -> dict[str, Any]:
    """Links to every field in error: from field views, `(field_id, message)` pairs, or a dict of them."""
    return {"errors": fields.errors_of(views_or_errors)}


@register.inclusion_tag("ui/file_field.html")
def file_field(
    id: str,  # noqa: A002
    label: str,
    hint: str = "",
    accept: str = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png",
    max_mb: int = 10,
    current: Any = None,
    error: str = "",
    required: bool = True,
    camera: bool = True,
) -> dict[str, Any]:
    """An upload: what is there, how to replace it, why the last one was refused."""
    described = " ".join(filter(None, (f"{id}-hint", f"{id}-error" if error else "")))
    return {
        "id": id, "label": label, "hint": hint, "accept": accept, "max_mb": max_mb, "current": current,
        "error": error, "required": required, "camera": camera, "described": described,
    }  # fmt: skip


@register.inclusion_tag("ui/summary_list.html")
def summary_list(rows: Iterable[Any]) -> dict[str, Any]:
    """Answers with their questions, each with a link to change it."""
    return {"rows": rows}


@register.simple_tag
def timeline(items: Iterable[Any]) -> str:
    """What happened, happens and comes, oldest first or as given."""
    prepared = [(item, *TIMELINE_STATES[_get(item, "state") or "done"]) for item in items]
    lines = [
        {
            "item": item,
            "state": _get(item, "state") or "done",
            "state_words": gettext(text),
            "icon": ICONS[sign],
        }
        for item, text, sign in prepared
    ]
    return _template("ui/timeline.html", {"lines": lines})


@register.simple_tag
def task_list(items: Iterable[Any]) -> str:
    """Things to do, each with its state; a thing that cannot start yet is no link."""
    lines = [
        (item, badge(kind, gettext(text))) for item in items for text, kind in [TASK_WORDS[_status(item)]]
    ]
    return _template("ui/task_list.html", {"lines": lines})


def _status(item: Any) -> str:
    return _get(item, "status") or "todo"


def _get(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)


def _template(name: str, context: dict[str, Any]) -> str:
    return get_template(name).render(context)


@register.inclusion_tag("ui/steps.html")
def steps(current: int, total: int, titles: Iterable[str] = ()) -> dict[str, Any]:
    """Where one is in a row of pages, counted from 1."""
    names = list(titles)
    return {
        "current": current,
        "total": total,
        "title": names[current - 1] if current <= len(names) else "",
        "next": names[current] if current < len(names) else "",
    }


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: Context, page: Any) -> dict[str, Any]:
    """Next and previous of a key-set page; the other parameters of the address stay."""
    return {
        "previous": _turn(context, page, "previous", "before"),
        "next": _turn(context, page, "next", "after"),
    }


def _turn(context: Context, page: Any, name: str, parameter: str) -> str:
    cursor = _get(page, name)
    if not cursor:
        return ""
    if str(cursor).startswith(("/", "?", "http")):
        return str(cursor)
    query = context["request"].GET.copy() if "request" in context else None
    if query is None:
        return f"?{parameter}={cursor}"
    for old in ("before", "after"):
        query.pop(old, None)
    query[parameter] = str(cursor)
    return f"?{query.urlencode()}"


@register.simple_tag
def notice(kind: str, text: str, title: str = "") -> SafeString:
    """A sentence the reader must not miss."""
    return notice_box(format_html("<p>{}</p>", text), kind, title)


@register.simple_block_tag
def notice_box(content: str, kind: str, title: str = "") -> SafeString:
    """`{% notice_box "soon" title="…" %}markup{% endnotice_box %}`."""
    head = format_html('<p class="notice-title">{}</p>', title) if title else ""
    return format_html(
        '<div class="notice {}">{}<div>{}{}</div></div>', kind, ICONS[KIND_ICONS[kind]], head, content
    )


@register.simple_tag
def empty_state(title: str, text: str = "", url: str = "", action: str = "") -> SafeString:
    """Nothing to show: says so, and what to do."""
    return format_html(
        '<div class="empty-state"><p class="empty-title">{}</p>{}{}</div>',
        title,
        format_html("<p>{}</p>", text) if text else "",
        button(action, "secondary", href=url) if url else "",
    )


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Views of the same list as links."""
    return {"items": items, "label": label or gettext("Chế độ xem")}


@register.inclusion_tag("ui/filters_on.html")
def filters_on(items: Iterable[Any], clear_url: str = "") -> dict[str, Any]:
    """Filters in force, each a link that removes it."""
    return {"items": list(items), "clear_url": clear_url}


@register.simple_tag
def skeleton(lines: int = 3) -> SafeString:
    """Room for what htmx brings; keeps its height so that nothing jumps."""
    return format_html(
        '<div class="skeleton" role="status"><span class="visually-hidden">{}</span>{}</div>',
        gettext("Đang tải"),
        mark_safe("<i></i>" * int(lines)),  # noqa: S308
    )


@register.simple_tag
def plain_text(text: Any) -> SafeString:
    """Several values one under another when a list is given, else the value."""
    if isinstance(text, (list, tuple)):
        return format_html_join("", "<span>{}</span>", ((part,) for part in text))
    return conditional_escape(text)
