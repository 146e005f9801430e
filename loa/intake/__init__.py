"""What comes in by the handful: files of posts, and feeds whose entries become drafts."""
