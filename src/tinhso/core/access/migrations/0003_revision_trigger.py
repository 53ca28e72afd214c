from __future__ import annotations

from django.db import migrations

# Which unit carries which role is kept in memory with the units, so a change renews the same token.
TOUCH = (
    "CREATE TRIGGER access_postrole_touch AFTER INSERT OR UPDATE OR DELETE ON access_postrole "
    "FOR EACH STATEMENT EXECUTE FUNCTION orgs_touch()"
)


class Migration(migrations.Migration):
    dependencies = [("access", "0002_signinfailure"), ("orgs", "0003_revision_triggers")]
    operations = [migrations.RunSQL(TOUCH, "DROP TRIGGER access_postrole_touch ON access_postrole")]
