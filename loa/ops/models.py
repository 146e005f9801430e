"""A base for everything that belongs to one workspace."""

from typing import Self

from django.db import models


class FencedQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows of workspaces; a query starts by naming the workspace."""

    def in_workspace(self, workspace: models.Model) -> Self:
        """Return the rows of `workspace` alone."""
        return self.filter(workspace_id=workspace.pk)
