from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from tinhso.core.signing.rules import ALPHABET, LENGTH, mask_name, new_code, read_code, spell_code


def test_a_code_holds_at_least_80_bits_and_no_confusing_letters():
    assert LENGTH * math.log2(len(ALPHABET)) >= 80
    assert not set("01IOLU") & set(ALPHABET)


def test_a_code_is_read_as_it_is_spelled():
    for _ in range(50):
        code = new_code()
        assert read_code(spell_code(code).lower()) == code
        assert read_code(f" {spell_code(code)} ".replace("-", " ")) == code


@given(st.text(max_size=80))
def test_whatever_is_typed_becomes_a_plain_code(typed: str):
    code = read_code(typed)
    assert len(code) <= LENGTH
    assert code == read_code(code)
    assert code.isascii()


def test_a_masked_name_keeps_the_family_name_only():
    assert mask_name("Nguyễn Thị Ánh Tuyết") == "Nguyễn T. Á. T."
    assert mask_name("Đạt") == "Đạt"
    assert mask_name("") == ""
