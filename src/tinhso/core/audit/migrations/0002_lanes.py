from __future__ import annotations

from django.db import migrations

LANES = "INSERT INTO audit_lane (id, seq, hash) SELECT n, 0, decode(repeat('00', 32), 'hex') FROM generate_series(0, 63) n"

# The log can only grow: even the application's own role cannot change or remove an entry.
APPEND_ONLY = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(LANES, "DELETE FROM audit_lane"),
        migrations.RunSQL(
            APPEND_ONLY, "DROP TRIGGER audit_entry_append_only ON audit_entry; DROP FUNCTION audit_refuse()"
        ),
    ]
