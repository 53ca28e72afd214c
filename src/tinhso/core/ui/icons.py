"""Our own line icons on a 24-unit grid, drawn with strokes so that they follow the text's colour."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

_PATHS = {
    "check": "M4 12.5l5.5 5.5L20 6.5",
    "cross": "M6 6l12 12M18 6L6 18",
    "clock": "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5.5l3.5 2",
    "late": "M12 3.5L22 20H2zM12 10v4.5M12 17.2v.3",
    "info": "M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v6M12 7.2v.3",
    "calendar": "M4 6h16v15H4zM4 10.5h16M8 3v4M16 3v4",
    "dot": "M12 8a4 4 0 100 8 4 4 0 000-8z",
    "pause": "M8 5v14M16 5v14",
    "search": "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM15.5 15.5L21 21",
    "person": "M12 4a4 4 0 100 8 4 4 0 000-8zM4 21c.6-4.2 3.6-6.5 8-6.5s7.4 2.3 8 6.5",
    "mail": "M3 6h18v13H3zM3 7l9 7 9-7",
    "file": "M6 3h8l5 5v13H6zM14 3v5h5",
    "camera": "M3 8h4l2-3h6l2 3h4v11H3zM12 10a3.5 3.5 0 100 7 3.5 3.5 0 000-7z",
    "plus": "M12 5v14M5 12h14",
    "bin": "M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14",
    "print": "M7 9V3h10v6M7 18H3V9h18v9h-4M7 14h10v7H7z",
    "next": "M9 5l7 7-7 7",
    "previous": "M15 5l-7 7 7 7",
    "stop": "M8 3h8l5 5v8l-5 5H8l-5-5V8z",
    "money": "M3 6h18v12H3zM12 9a3 3 0 100 6 3 3 0 000-6zM6 9v.1M18 15v.1",
    "receive": "M12 3v11M7.5 9.5L12 14l4.5-4.5M4 15v6h16v-6",
    "back": "M9 5L4 10l5 5M4 10h10a6 6 0 010 12h-2",
    "pen": "M4 20l1-5L16 4l4 4L9 19z",
    "shield": "M12 3l8 3v6c0 4.5-3 7.5-8 9-5-1.5-8-4.5-8-9V6z",
    "open": "M5 12h14M13 6l6 6-6 6",
}
ICONS: dict[str, SafeString] = {
    name: mark_safe(  # noqa: S308
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{path}"/></svg>'
    )
    for name, path in _PATHS.items()
}
