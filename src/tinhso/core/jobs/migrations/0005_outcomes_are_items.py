"""The outcomes are rows now; a run knows the post it was asked in, and may wait for a confirmation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0004_items")]

    operations = [
        migrations.RemoveField(model_name="run", name="outcomes"),
        migrations.AddField(model_name="run", name="post_id", field=models.UUIDField(null=True)),
        migrations.AlterField(
            model_name="run",
            name="state",
            field=models.CharField(
                choices=[
                    ("prepared", "Chờ xác nhận"),
                    ("queued", "Đang chờ"),
                    ("running", "Đang chạy"),
                    ("done", "Đã xong"),
                    ("cancelled", "Đã dừng"),
                    ("failed", "Gặp lỗi"),
                ],
                default="queued",
                max_length=10,
            ),
        ),
    ]
