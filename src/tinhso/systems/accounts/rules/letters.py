"""Old ways of writing Vietnamese letters, and the traces they leave when a file lost its marks."""

from __future__ import annotations

import re

_LOWER = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ",
        strict=True,
    )
)
_TCVN3 = str.maketrans(_LOWER | dict(zip("¡¢§£¤¥¦", "ĂÂĐÊÔƠƯ", strict=True)))
#: Signs that no Vietnamese text in Unicode has between its letters.
_SIGNS = re.compile("[µ¸¶·¹¨»¾¼½Æ©Ç®ÎÏÑªÖ×ØÜÞßäåæç«¬¡¢§£¤¥¦÷øþ]")
_PROPER = re.compile("[\u1ea0-\u1ef9ăđơưĂĐƠƯ]")
_FEW = 3
#: "Nguy?n", "Tr?n", or the sign for a letter that could not be read.
_LOST = re.compile(r"\ufffd|\w\?|\?\w")


def from_tcvn3(text: str) -> str:
    """Text written for fonts such as .VnTime (TCVN 5712, ABC) in Unicode."""
    return text.translate(_TCVN3)


def looks_like_tcvn3(text: str) -> bool:
    """Whether letters of a longer text are written the old way: its signs stand there, proper letters do not."""
    return len(_SIGNS.findall(text)) >= _FEW and not _PROPER.search(text)


def lost_marks(text: str) -> bool:
    """Whether a name shows that letters with marks were thrown away when the file was saved."""
    return bool(_LOST.search(text))
