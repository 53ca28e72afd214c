from __future__ import annotations

from django.db import migrations

TABLES = "territory unit unitperiod succession post workcalendar calendarday unitcalendar".split()

# Any statement on these tables renews the token, whoever sends it: caches are checked against it.
TOUCH = """
CREATE FUNCTION orgs_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO orgs_revision (id, token) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET token = EXCLUDED.token;
    RETURN NULL;
END $$;
"""
TRIGGER = "CREATE TRIGGER {0}_touch AFTER INSERT OR UPDATE OR DELETE ON {0} FOR EACH STATEMENT EXECUTE FUNCTION orgs_touch();"
NO_TRIGGER = "DROP TRIGGER {0}_touch ON {0};"


class Migration(migrations.Migration):
    dependencies = [("orgs", "0002_revision")]
    operations = [
        migrations.RunSQL(TOUCH, "DROP FUNCTION orgs_touch()"),
        migrations.RunSQL(
            "".join(TRIGGER.format(f"orgs_{table}") for table in TABLES),
            "".join(NO_TRIGGER.format(f"orgs_{table}") for table in TABLES),
        ),
    ]
