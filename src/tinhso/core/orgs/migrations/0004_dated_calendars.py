from __future__ import annotations

import django.db.models.deletion
import tinhso.kit.uuid7
from django.db import migrations, models


TABLE = "orgs_calendarweek"
TOUCH = f"CREATE TRIGGER {TABLE}_touch AFTER INSERT OR UPDATE OR DELETE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION orgs_touch();"


class Migration(migrations.Migration):

    dependencies = [
        ('orgs', '0003_revision_triggers'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarWeek',
            fields=[
                ('id', models.UUIDField(default=tinhso.kit.uuid7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('first', models.DateField()),
                ('weekly', models.JSONField()),
                ('source', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name='unitcalendar',
            name='first',
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name='unitcalendar',
            name='calendar',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='orgs.workcalendar'),
        ),
        migrations.AlterField(
            model_name='unitcalendar',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_calendars', to='orgs.unit'),
        ),
        migrations.AddConstraint(
            model_name='unitcalendar',
            constraint=models.UniqueConstraint(fields=('unit', 'first'), name='unit_calendar_once', nulls_distinct=False),
        ),
        migrations.AddField(
            model_name='calendarweek',
            name='calendar',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='weeks', to='orgs.workcalendar'),
        ),
        migrations.AddConstraint(
            model_name='calendarweek',
            constraint=models.UniqueConstraint(fields=('calendar', 'first'), name='calendar_week_once'),
        ),
        migrations.RunSQL(TOUCH, f"DROP TRIGGER {TABLE}_touch ON {TABLE};"),
    ]
