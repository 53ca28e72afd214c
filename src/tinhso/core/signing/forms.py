"""The two ways to check a paper: by its code, or by the file itself."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tinhso.core.signing.rules import LENGTH, read_code


class CodeForm(forms.Form):
    """The code printed under the QR picture."""

    code = forms.CharField(max_length=60)

    def clean_code(self) -> str:
        code = read_code(self.cleaned_data["code"])
        if len(code) != LENGTH:
            raise forms.ValidationError(_("Mã gồm 18 chữ và số, in cạnh hình QR trên giấy tờ."))
        return code
