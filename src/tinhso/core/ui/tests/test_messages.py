"""English catalogues are complete for the frame and compiled; the compiler makes what Python's gettext reads."""

from __future__ import annotations

import gettext
import importlib.util
import io
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", Path(settings.BASE) / "tools" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_compiled_catalogues_are_current(messages: ModuleType) -> None:
    assert messages.stale() == [], "run: python tools/messages.py"


def test_no_sentence_has_two_translations(messages: ModuleType) -> None:
    assert messages.conflicts() == []


def test_the_frame_is_translated(messages: ModuleType) -> None:
    assert messages.missing([Path(__file__).parents[1]]) == []


def test_gettext_reads_what_we_compile(messages: ModuleType) -> None:
    po = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        '# a note\nmsgid "Nộp \\"hồ sơ\\""\nmsgstr "Apply "\n"now\\n"\n\n'
        'msgid "%(n)d ngày"\nmsgid_plural "%(n)d ngày"\nmsgstr[0] "%(n)d day"\nmsgstr[1] "%(n)d days"\n\n'
        '#, fuzzy\nmsgid "Đoán"\nmsgstr "Guess"\n\nmsgid "Chưa dịch"\nmsgstr ""\n'
    )
    catalogue = gettext.GNUTranslations(io.BytesIO(messages.write_mo(messages.read_po(po))))
    assert catalogue.gettext('Nộp "hồ sơ"') == "Apply now\n"
    assert catalogue.ngettext("%(n)d ngày", "%(n)d ngày", 2) == "%(n)d days"
    assert catalogue.gettext("Đoán") == "Đoán"
    assert catalogue.gettext("Chưa dịch") == "Chưa dịch"


def test_sentences_are_found_in_code_and_templates(messages: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('x = _("Một")\ny = ngettext("%(n)d hai", "%(n)d hai", 2)\n')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "b.html").write_text(
        '{% translate "Ba" %}{% button "Bốn" kind="quiet" %}{% breadcrumb "Năm" "/" "Sáu" "" %}'
        "{% blocktranslate %}Bảy {{ n }}{% endblocktranslate %}"
    )
    assert messages.sentences(tmp_path) == {
        "Một",
        "%(n)d hai\0%(n)d hai",
        "Ba",
        "Bốn",
        "Năm",
        "Sáu",
        "Bảy %(n)s",
    }
