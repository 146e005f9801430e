"""A team's home: workspace, member, role, invitation, notification, audit trail."""
