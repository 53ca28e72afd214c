from __future__ import annotations

from django.db import migrations

# What a role allows is kept in memory too.
TOUCH = (
    "CREATE TRIGGER access_role_touch AFTER INSERT OR UPDATE OR DELETE ON access_role "
    "FOR EACH STATEMENT EXECUTE FUNCTION orgs_touch()"
)


class Migration(migrations.Migration):
    dependencies = [("access", "0003_revision_trigger")]
    operations = [migrations.RunSQL(TOUCH, "DROP TRIGGER access_role_touch ON access_role")]
