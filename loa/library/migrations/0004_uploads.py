"""Expand: files that arrive in pieces, behind the fence. A new table: no lock in use."""

import django.db.models.deletion
from django.db import migrations, models

from loa.ops import fence


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0003_rights_and_consents"),
        ("workspace", "0004_fence_people"),
    ]
    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("filename", models.CharField(max_length=255)),
                ("size_bytes", models.PositiveBigIntegerField()),
                ("modified_ms", models.BigIntegerField(db_default=0, default=0)),
                ("part", models.CharField(max_length=32, unique=True)),
                ("offset_bytes", models.PositiveBigIntegerField(db_default=0, default=0)),
                ("checksum", models.PositiveBigIntegerField(db_default=0, default=0)),
                ("begun_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asset",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="library.asset",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workspace.member",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspace.workspace",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["workspace", "sent_by", "-touched_at"], name="upload_of_member"
                    ),
                    models.Index(fields=["touched_at"], name="upload_untouched"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("offset_bytes__lte", models.F("size_bytes"))),
                        name="an_upload_holds_no_more_than_it_announced",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asset", None), ("finished_at", None)),
                            models.Q(("asset__isnull", False), ("finished_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_finished_upload_is_an_asset",
                    ),
                ],
            },
        ),
        fence.guard("library_upload"),
    ]
