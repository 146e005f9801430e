"""Expand: link rules and tracked links. New tables; the new column has a default and no lock lasts."""

import django.db.models.deletion
from django.db import migrations, models

from loa.ops import fence


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0002_fence"),
        ("content", "0002_fence"),
        ("workspace", "0004_fence_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="utm_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=16, unique=True)),
                ("target", models.TextField()),
                (
                    "label",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=80, verbose_name="place"
                    ),
                ),
                ("part", models.SmallIntegerField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="links",
                        to="content.campaign",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="links",
                        to="channels.channel",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspace.member",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="links",
                        to="content.post",
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
                    models.Index(fields=["workspace", "-made_at", "-id"], name="link_newest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("target__regex", "^https?://[^[:space:]]+$")),
                        name="a_tracked_link_leads_to_the_web",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LinkRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("marks", models.BooleanField(db_default=False, default=False)),
                (
                    "source",
                    models.CharField(db_default="{platform}", default="{platform}", max_length=80),
                ),
                (
                    "medium",
                    models.CharField(
                        blank=True, db_default="social", default="social", max_length=80
                    ),
                ),
                (
                    "campaign",
                    models.CharField(
                        blank=True, db_default="{campaign}", default="{campaign}", max_length=80
                    ),
                ),
                ("content", models.CharField(blank=True, db_default="", default="", max_length=80)),
                ("overwrites", models.BooleanField(db_default=False, default=False)),
                ("tracks", models.BooleanField(db_default=False, default=False)),
                ("domain", models.CharField(blank=True, db_default="", default="", max_length=253)),
                ("only_hosts", models.TextField(blank=True, db_default="", default="")),
                ("never_hosts", models.TextField(blank=True, db_default="", default="")),
                (
                    "workspace",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="link_rule",
                        to="workspace.workspace",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("domain", ""), _negated=True),
                        fields=("domain",),
                        name="a_link_domain_has_one_workspace",
                    )
                ],
            },
        ),
        fence.guard("content_link", "content_linkrule"),
    ]
