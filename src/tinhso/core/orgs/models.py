"""Units, posts, territories and working calendars of a province, all dated.

`Unit` and `Territory` rows are identities that never change their id; their columns show the state in
force today. What held when stands in `UnitPeriod` and `TerritoryPeriod`, whose ranges cannot overlap for
one row, so that an old paper shows the old name and a reorganisation is a set of new periods.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from tinhso.core.db.models import Base, Dated


class UnitKind(models.TextChoices):
    """What a unit is in the structure of government; the level of a territory is a separate thing."""

    PROVINCE = "province", "Ủy ban nhân dân tỉnh"
    DEPARTMENT = "department", "Sở, ban, ngành"
    DISTRICT = "district", "Ủy ban nhân dân huyện"
    DIVISION = "division", "Phòng chuyên môn"
    COMMUNE = "commune", "Ủy ban nhân dân xã"
    CENTRE = "centre", "Trung tâm Phục vụ hành chính công, Bộ phận Một cửa"
    OTHER = "other", "Đơn vị khác"


class Territory(Base):
    """An administrative territory with its official code; one row per territory for ever."""

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=200)
    level = models.CharField(max_length=20)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["level", "name"])]

    def __str__(self) -> str:
        return self.name


class TerritoryPeriod(Dated):
    """What held for a territory in a range of dates: official codes outlive names (31321 was Phường III, then Phường Vị Thanh)."""

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="periods")
    name = models.CharField(max_length=200)
    level = models.CharField(max_length=20)
    parent = models.ForeignKey(Territory, models.PROTECT, null=True, blank=True, related_name="+")
    ground = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="territory_period_no_overlap",
                expressions=[("territory", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid}"


class TerritorySuccession(Base):
    """That a territory went into another on a day: `whole`, or one part of it, when somebody has to say which place is meant."""

    old = models.ForeignKey(Territory, models.PROTECT, related_name="went_into")
    new = models.ForeignKey(Territory, models.PROTECT, related_name="came_from")
    on = models.DateField()
    whole = models.BooleanField(default=True)
    ground = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new", "on"], name="territory_succession_once")]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class LevelEnd(Base):
    """That a level of government is no more from a day, and which one does its work (districts, 1 July 2025)."""

    level = models.CharField(max_length=20)
    done_by = models.CharField(max_length=20)
    on = models.DateField()
    ground = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level"], name="level_ends_once")]

    def __str__(self) -> str:
        return f"{self.level} → {self.done_by}"


class Unit(Base):
    """An agency or a part of one. `code` is the official identifier (mã định danh), `path` its place in the tree.

    The path keeps the labels a unit was founded with: another code does not change it, another parent does, and
    then `former_paths` remembers the one it had, for what was written down with it.
    `agency` names the field a unit serves (`justice`, `finance_planning`, ...), so that a definition can
    say "the justice division of the district" without a code.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=20, choices=UnitKind)
    agency = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=400)
    former_paths = models.JSONField(default=list, blank=True)
    territory = models.ForeignKey(Territory, models.PROTECT, null=True, blank=True, related_name="units")
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(path=""), name="unit_has_path")]
        indexes = [
            models.Index(fields=["path"], opclasses=["text_pattern_ops"], name="unit_path"),
            models.Index(fields=["kind", "agency"]),
        ]

    def __str__(self) -> str:
        return self.name


class UnitPeriod(Dated):
    """What held for a unit in a range of dates: name, parent, code, and the decision it rests on."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="periods")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    territory = models.ForeignKey(Territory, models.PROTECT, null=True, blank=True, related_name="+")
    ground = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="unit_period_no_overlap",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid}"


class Succession(Base):
    """That one unit continues another from a date: the thread from an old code to today's office."""

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successors")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="predecessors")
    on = models.DateField()
    ground = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class Post(Base):
    """A position in a unit (chair, civil-status officer ...). Rights attach to posts, people hold posts."""

    code = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=200)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "code"], name="post_code_per_unit")]

    def __str__(self) -> str:
        return f"{self.title}, {self.unit}"


class WorkCalendar(Base):
    """Weekly working sessions of an agency: `weekly` is seven lists (Monday first) of ["07:30", "11:30"] pairs."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    weekly = models.JSONField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class CalendarDay(Base):
    """A day that differs from the week: holiday, make-up day, half day; `sessions` empty means closed."""

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="days")
    day = models.DateField()
    sessions = models.JSONField(default=list)
    reason = models.CharField(max_length=200)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.day}: {self.reason}"


class CalendarWeek(Base):
    """Another week for a calendar from a day on (winter hours, a new decision); the latest begun holds."""

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="weeks")
    first = models.DateField()
    weekly = models.JSONField()
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "first"], name="calendar_week_once")]

    def __str__(self) -> str:
        return f"{self.calendar} {self.first}"


class UnitCalendar(Base):
    """Which calendar a unit and everything below it keeps from a day (None: since ever); the nearest up the tree holds.

    Without `calendar` the unit follows the one above again from that day.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="own_calendars")
    calendar = models.ForeignKey(WorkCalendar, models.PROTECT, null=True)
    first = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "first"], name="unit_calendar_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.calendar}"


class Revision(models.Model):
    """One row that changes whenever anything above changes, kept by triggers: what caches are checked against.

    A trigger also sees bulk updates and scripts. The token is random, so that a rolled-back change
    can never be mistaken for a later one.
    """

    id = models.SmallIntegerField(primary_key=True)
    token = models.UUIDField()

    def __str__(self) -> str:
        return str(self.token)
