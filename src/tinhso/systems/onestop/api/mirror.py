"""Cases of other systems, for the programs that send news of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from tinhso.core.cases.actions import News, take_over
from tinhso.core.people.actions import Particulars

router = Router()


class ApplicantIn(Schema):
    """Who the case is for; `number` is the 12-digit personal number or a tax code."""

    full_name: str
    number: str = ""
    birth: str = Field("", description="Năm, tháng hoặc ngày sinh, dạng ISO")
    sex: str = ""
    kind: str = "person"


class NewsIn(Schema):
    """What a ministry's system says of one of its cases. `status` is the national number 1-10."""

    source: str = Field(description="Hệ thống xử lý, ví dụ bo-cong-an.cu-tru")
    code: str = Field(description="Mã hồ sơ của hệ thống đó")
    procedure: str
    status: int
    event_at: datetime = Field(description="Lúc sự việc xảy ra ở hệ thống đó; tin muộn không đè tin mới")
    applicant: ApplicantIn
    unit: str = ""
    due: datetime | None = None
    channel: str = "online"
    note: str = ""


class MirroredOut(Schema):
    """The copy as it stands after the news."""

    code: str
    status: int
    source: str


@router.post("/mirrored-cases", response=MirroredOut, summary="Gửi tin về hồ sơ do hệ thống của bộ xử lý")
def mirror_case(request: HttpRequest, data: NewsIn) -> Any:
    """The same news sent again changes nothing, so no idempotency key is needed."""
    news = News(**{**data.dict(), "applicant": Particulars(**data.applicant.dict())})
    done = take_over(news, actor=request.actor)  # type: ignore[attr-defined]
    return {"code": done.case.code, "status": done.state.status, "source": done.state.source}
