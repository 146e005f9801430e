"""Expand: put the rows of every workspace behind its fence. New tables: no lock in use."""

from django.db import migrations

from loa.ops import fence

APPEND_ONLY = """
CREATE FUNCTION workspace_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON workspace_auditentry
    FOR EACH ROW EXECUTE FUNCTION workspace_audit_is_append_only();
"""
NOT_APPEND_ONLY = """
DROP TRIGGER audit_is_append_only ON workspace_auditentry;
DROP FUNCTION workspace_audit_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("workspace", "0001_initial")]
    operations = [
        fence.guard("workspace_auditentry"),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
    ]
