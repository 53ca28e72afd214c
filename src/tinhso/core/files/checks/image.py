"""Pictures: whole, and of a size that a machine can hold."""

from __future__ import annotations

from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from tinhso.core.files.errors import FileRefused

# A sheet of A3 scanned at 600 dots per inch has 70 million.
MAX_PIXELS = 80_000_000
# Pictures of several frames from phones (MPO) open as JPEG.
_FORMATS = {"jpg": ("JPEG",), "png": ("PNG",)}


def check_image(file: BinaryIO, kind: str) -> None:
    """Decode the picture once, small where the format allows; `FileRefused` when it is broken or a bomb."""
    try:
        file.seek(0)
        with Image.open(file, formats=_FORMATS[kind]) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise _too_large(width, height)
            picture.draft("L", (max(1, width // 8), max(1, height // 8)))
            picture.load()
    except Image.DecompressionBombError:
        raise _too_large(0, 0) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError):
        raise FileRefused(
            "image_broken", _("Ảnh bị hỏng hoặc chưa tải xong, không mở được. Hãy chụp hoặc lưu lại rồi nộp.")
        ) from None


def _too_large(width: int, height: int) -> FileRefused:
    said = f" ({width} × {height})" if width else ""
    return FileRefused(
        "image_bomb",
        _("Ảnh có quá nhiều điểm ảnh%(size)s. Hãy giảm độ phân giải, dưới 80 triệu điểm ảnh, rồi nộp.")
        % {"size": said},
    )
