"""Vietnamese text: search folding, dictionary order, names."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.kit.text import fold, name_sort_key, normalise_name, slug, sort_key


def test_fold_makes_marked_and_unmarked_text_meet() -> None:
    assert fold("  Giấy   KHAI SINH  Đặng ") == "giay khai sinh dang"
    assert fold(unicodedata.normalize("NFD", "Đường Ưu Thế")) == fold("Đường Ưu Thế") == "duong uu the"


@given(st.text())
def test_fold_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_dictionary_order_of_letters_then_tones() -> None:
    words = [
        "ba",
        "bà",
        "bả",
        "bã",
        "bá",
        "bạ",
        "ban",
        "băn",
        "bân",
        "be",
        "bê",
        "da",
        "đa",
        "đá",
        "ga",
        "o",
        "ô",
        "ơ",
    ]
    assert sorted(set(words), key=sort_key) == words
    assert sorted(["An Bình", "An", "Ăn", "Anh"], key=sort_key) == ["An", "An Bình", "Anh", "Ăn"]


def test_lists_of_people_go_by_given_name() -> None:
    people = ["Trần Văn An", "Lê Thị Ánh", "Nguyễn Văn Bình", "Đặng Thị Bình", "Nguyễn An Bình"]
    assert sorted(people, key=name_sort_key) == [
        "Trần Văn An",
        "Lê Thị Ánh",
        "Đặng Thị Bình",
        "Nguyễn An Bình",
        "Nguyễn Văn Bình",
    ]


@given(st.lists(st.text(alphabet="aăâbdđeêoôơuưáàạ sx", max_size=6)))
def test_order_is_total(words: list[str]) -> None:
    backwards = words[::-1]
    assert sorted(words, key=sort_key) == sorted(backwards, key=sort_key)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  NGUYỄN thị  minh khai ", "Nguyễn Thị Minh Khai"),
        ("h'hen niê", "H'Hen Niê"),
        ("ĐỖ ĐỨC", "Đỗ Đức"),
        (unicodedata.normalize("NFD", "lê hoài ân"), "Lê Hoài Ân"),
        ("", ""),
    ],
)
def test_names(typed: str, name: str) -> None:
    assert normalise_name(typed) == name
    assert normalise_name(name) == name


def test_slug() -> None:
    assert slug("Đăng ký khai sinh (có yếu tố nước ngoài)!") == "dang-ky-khai-sinh-co-yeu-to-nuoc-ngoai"
