"""Questions every filing asks besides the procedure's own: how to receive the result, and who a child is."""

from __future__ import annotations

from tinhso.core.forms.definition import Field, FormDefinition, Option, Page
from tinhso.core.forms.texts import Text

#: The one-stop centres to choose from: (code, name).
Centres = tuple[tuple[str, str], ...]
RECEPTION, RETURN_AT = "reception_unit", "return_unit"
RETURN_PAGE = Page(
    id="nhan-ket-qua",
    title=Text("Nhận kết quả", "How to receive the result"),
    fields=(
        Field(
            id="return_how",
            type="choice",
            label=Text("Bạn muốn nhận kết quả bằng cách nào?", "How would you like to receive the result?"),
            hint=Text(
                "Kết quả điện tử có chữ ký số luôn có trong tài khoản của bạn, giá trị như bản giấy.",
                "The digitally signed result is always in your account; it is worth as much as the paper one.",
            ),
            required=True,
            options=(
                Option(
                    "counter",
                    Text("Đến Bộ phận Một cửa nhận bản giấy", "Collect the paper at the one-stop centre"),
                ),
                Option("post", Text("Gửi qua bưu điện đến địa chỉ của tôi", "Send it by post to my address")),
                Option("online", Text("Chỉ cần bản điện tử", "The electronic result is enough")),
            ),
        ),
        Field(
            id="return_address",
            type="textarea",
            label=Text("Địa chỉ nhận bưu phẩm", "Postal address"),
            hint=Text(
                "Ghi tên người nhận, số điện thoại, số nhà, đường hoặc ấp, xã, huyện, tỉnh. Cước do người nhận trả.",
                "Name, telephone, house, street or hamlet, commune, district, province. The receiver pays the postage.",
            ),
            required=True,
            when="form.return_how == 'post'",
            max_length=300,
        ),
    ),
)


def return_page(centres: Centres) -> Page:
    """The page with the one-stop centres to choose from: any of the province receives and hands out
    (118/2025/NĐ-CP), without a choice the nearest to the unit that decides."""
    options = tuple(Option(code, Text(name)) for code, name in centres)
    if len(options) <= 1:
        return RETURN_PAGE
    receives = Field(
        id=RECEPTION,
        type="select",
        label=Text("Bộ phận Một cửa nhận hồ sơ", "One-stop centre that receives the file"),
        hint=Text(
            "Để trống thì hồ sơ đến nơi gần cơ quan giải quyết nhất. Bạn có thể chọn nơi nào trong tỉnh cũng được.",
            "Left empty, the one nearest to the deciding agency. Any centre of the province may be chosen.",
        ),
        options=options,
    )
    hands_out = Field(
        id=RETURN_AT,
        type="select",
        label=Text("Nhận bản giấy ở đâu?", "Where do you want to collect the paper?"),
        hint=Text("Để trống thì nhận ở nơi nhận hồ sơ.", "Left empty, where the file is received."),
        options=options,
        when="form.return_how == 'counter'",
    )
    how, address = RETURN_PAGE.fields
    return Page(id=RETURN_PAGE.id, title=RETURN_PAGE.title, fields=(how, hands_out, address, receives))


CHILD = FormDefinition(
    Text("Con hoặc người tôi giám hộ", "My child or ward"),
    (
        Page(
            id="child",
            title=Text("Con hoặc người tôi giám hộ", "My child or ward"),
            fields=(
                Field(
                    id="relation",
                    type="choice",
                    label=Text("Bạn là", "You are"),
                    required=True,
                    options=(
                        Option("parent", Text("Cha hoặc mẹ", "The father or mother")),
                        Option("guardian", Text("Người giám hộ", "The guardian")),
                    ),
                ),
                Field(
                    id="full_name",
                    type="person_name",
                    label=Text("Họ, chữ đệm, tên của người được nộp thay", "Full name of the child or ward"),
                    required=True,
                    max_length=100,
                ),
                Field(
                    id="birth",
                    type="date",
                    label=Text("Ngày sinh", "Date of birth"),
                    required=True,
                    past=True,
                ),
                Field(
                    id="sex",
                    type="choice",
                    label=Text("Giới tính", "Sex"),
                    required=True,
                    options=(Option("M", Text("Nam", "Male")), Option("F", Text("Nữ", "Female"))),
                ),
                Field(
                    id="number",
                    type="identity_number",
                    label=Text("Số định danh cá nhân", "Identity number"),
                    hint=Text(
                        "Có trên giấy khai sinh. Chưa có thì để trống.",
                        "On the birth certificate. Leave empty if none.",
                    ),
                ),
            ),
        ),
    ),
)

#: A form without questions, for drafts that only hold papers.
NOTHING_ASKED = FormDefinition(Text("Giấy tờ bổ sung", "Papers asked for"), ())


def whole_form(form: FormDefinition, centres: Centres = ()) -> FormDefinition:
    """A procedure's questions and, last, how to receive the result: kept in one draft, saved in the same way.

    `centres` are the (code, name) pairs of the one-stop centres to choose from.
    """
    key = (form.hash, centres)
    known = _whole.get(key)
    if known is None:
        known = _whole[key] = FormDefinition(form.title, (*form.pages, return_page(centres)), form.root)
    return known


_whole: dict[tuple[str, Centres], FormDefinition] = {}
