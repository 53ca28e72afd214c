"""Invented people: names with the frequencies one meets in the Mekong delta, numbers, phones, addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tinhso.kit.identity import Sex, generate_citizen_id

#: The code of Hậu Giang in personal numbers.
BIRTH_PROVINCE = "093"
SEXES: tuple[Sex, ...] = ("male", "female")
_FAMILY = {
    "Nguyễn": 310, "Trần": 130, "Lê": 110, "Huỳnh": 75, "Phạm": 65, "Võ": 50, "Phan": 42, "Trương": 28, "Đặng": 25,
    "Bùi": 22, "Dương": 20, "Đỗ": 18, "Hồ": 18, "Ngô": 16, "Lâm": 15, "Lý": 12, "Mai": 10, "Đinh": 8, "Cao": 7,
    "Thái": 6, "Châu": 6, "Danh": 6, "Thạch": 4, "Tô": 4, "Quách": 3, "Kiều": 3, "La": 2, "Tăng": 2,
}  # fmt: skip
_MIDDLE: dict[Sex, dict[str, int]] = {
    "male": {
        "Văn": 34,
        "Minh": 12,
        "Hoàng": 9,
        "Thanh": 8,
        "Quốc": 8,
        "Hữu": 6,
        "Đức": 5,
        "Công": 4,
        "Chí": 4,
        "Tấn": 4,
        "": 6,
    },
    "female": {
        "Thị": 40,
        "Ngọc": 12,
        "Thị Kim": 6,
        "Thị Mỹ": 6,
        "Thanh": 6,
        "Thị Hồng": 5,
        "Kim": 5,
        "Bích": 4,
        "Thùy": 4,
        "": 6,
    },
}
_GIVEN: dict[Sex, str] = {
    "male": (
        "An Anh Bảo Bình Công Cường Danh Dũng Duy Đạt Đông Giang Hải Hậu Hiếu Hòa Hoàng Hùng Huy Hưng Khánh Khang Khoa "
        "Kiên Lâm Linh Lộc Long Luân Mẫn Nam Nghĩa Nhân Nhật Phong Phú Phúc Phước Quân Quang Quý Sang Sơn Tài Tâm Tân "
        "Thành Thắng Thiện Thịnh Thuận Tiến Tín Toàn Trí Triều Trọng Trung Tú Tuấn Tùng Út Việt Vinh Vũ"
    ),
    "female": (
        "An Anh Ánh Châu Chi Cúc Diễm Dung Duyên Đào Giang Hà Hạnh Hằng Hiền Hoa Hồng Huệ Hương Kiều Lan Liên Linh Loan "
        "Ly Mai Mơ Mỹ Nga Ngân Ngọc Nguyên Nhi Nhung Như Nương Oanh Phương Phượng Quyên Sen Sương Tâm Thảo Thắm Thoa Thu "
        "Thủy Thư Tiên Trang Trâm Trinh Trúc Tuyền Tuyết Uyên Vân Vy Xuân Yến"
    ),
}  # fmt: skip
_HAMLETS = (
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "Thạnh Lợi",
    "Tân Thành",
    "Mỹ Hiệp",
    "Đông An",
    "Long Hòa",
    "Bình Phú",
)


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented person; `birth` ISO text, `number` empty for a child without one."""

    full_name: str
    sex: Sex
    birth: str
    number: str
    old_number: str
    phone: str


def family_name(rng: Random) -> str:
    return rng.choices(list(_FAMILY), list(_FAMILY.values()))[0]


def person_name(rng: Random, sex: Sex, family: str = "") -> str:
    """A full name; `family` keeps a family together."""
    middle = rng.choices(list(_MIDDLE[sex]), list(_MIDDLE[sex].values()))[0]
    return " ".join(filter(None, (family or family_name(rng), middle, rng.choice(_GIVEN[sex].split()))))


def day_between(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def invent(
    rng: Random, sex: Sex, born: date, *, family: str = "", numbered: bool = True, phone: bool = True
) -> Invented:
    """A person with a well-formed number; those born before 1996 sometimes have an old card's number too."""
    number = generate_citizen_id(rng, BIRTH_PROVINCE, born, sex)
    old = f"36{rng.randrange(10_000_000):07d}"
    has_old = born.year < 1996 and rng.random() < 0.4  # noqa: PLR2004 - old cards were no longer issued to the younger
    mobile = f"+849{rng.randrange(100_000_000):08d}"
    return Invented(
        person_name(rng, sex, family),
        sex,
        born.isoformat(),
        number if numbered else "",
        old if has_old else "",
        mobile if phone else "",
    )


def address(rng: Random, territory_name: str) -> str:
    """House and hamlet; wards and towns say "khu vực", communes "ấp"."""
    hamlet = rng.choice(_HAMLETS)
    if territory_name.startswith("Xã"):
        return f"Ấp {hamlet}"
    return f"Số {rng.randrange(1, 320)}, khu vực {rng.randrange(1, 7)}"
