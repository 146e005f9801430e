"""Expand: ask for the fence once a statement where a database still asks at every row.

Both forms mean the same, so nothing is put back. A policy is the catalogue's: no table is
rewritten; each is locked for an instant.
"""

from django.db import migrations

ASK_ONCE = """
DO $$
DECLARE guarded record;
BEGIN
    FOR guarded IN
        SELECT schemaname, tablename FROM pg_policies
        WHERE policyname = 'inside_the_fence' AND qual NOT LIKE '%SELECT%'
    LOOP
        EXECUTE format(
            'ALTER POLICY inside_the_fence ON %I.%I USING ('
            '(SELECT current_setting(''loa.workspace'', true)) IN (''*'', %I::text))',
            guarded.schemaname,
            guarded.tablename,
            CASE guarded.tablename WHEN 'workspace_workspace' THEN 'id' ELSE 'workspace_id' END
        );
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("workspace", "0005_lateness_and_zones")]
    operations = [migrations.RunSQL(ASK_ONCE, migrations.RunSQL.noop)]
