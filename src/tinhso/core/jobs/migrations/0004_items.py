"""What became of each thing of a list moves from one growing value of the run into rows of its own."""

import django.db.models.deletion
from django.db import migrations, models

COPY = """
INSERT INTO jobs_item (run_id, position, key, label, data, state, message, at)
SELECT r.id, o.n - 1, o.value->>'key', coalesce(o.value->>'label', ''), '{}',
       CASE WHEN (o.value->>'ok')::boolean THEN 'done' ELSE 'refused' END, coalesce(o.value->>'message', ''), r.finished_at
FROM jobs_run r, jsonb_array_elements(r.outcomes) WITH ORDINALITY AS o(value, n)
"""
PROOFS = """
UPDATE jobs_run SET result = jsonb_build_object('whole', outcomes->0->'ok', 'message', outcomes->0->'message')
WHERE kind = 'audit.verify' AND jsonb_array_length(outcomes) > 0
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0003_run_states")]

    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=80)),
                ("label", models.CharField(blank=True, max_length=200)),
                ("data", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Chưa làm"),
                            ("done", "Đã xong"),
                            ("refused", "Không làm được"),
                            ("changed", "Đã thay đổi"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("message", models.TextField(blank=True)),
                ("at", models.DateTimeField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="jobs.run",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["run", "state", "position"], name="run_item_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "key"), name="run_item_once"),
                    models.UniqueConstraint(fields=("run", "position"), name="run_item_position"),
                ],
            },
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.RunSQL(PROOFS, migrations.RunSQL.noop),
    ]
