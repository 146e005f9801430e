"""Addresses of this app's pages inside a workspace."""

from django.urls import path

from loa.create.views import composer, history, posts, review

app_name = "create"
urlpatterns = [
    path("posts/", posts.show_posts, name="posts"),
    path("posts/new/", composer.show_composer, name="compose"),
    path("posts/save/", composer.save_post, name="save-post"),
    path("posts/<int:post_id>/", composer.show_post, name="post"),
    path("posts/<int:post_id>/checks/", composer.show_checks, name="checks"),
    path("posts/<int:post_id>/duplicate/", posts.duplicate_post, name="duplicate-post"),
    path("posts/<int:post_id>/delete/", posts.delete_post, name="delete-post"),
    path("posts/<int:post_id>/restore/", posts.restore_post, name="restore-post"),
    path("posts/<int:post_id>/unschedule/", posts.unschedule_post, name="unschedule-post"),
    path("posts/<int:post_id>/history/", history.show_history, name="history"),
    path(
        "posts/<int:post_id>/history/<int:revision_id>/restore/",
        history.restore_revision,
        name="restore-revision",
    ),
    path("posts/<int:post_id>/merge/<int:revision_id>/", history.merge_edits, name="merge"),
    path("posts/<int:post_id>/review/", review.show_panel, name="review-panel"),
    path("posts/<int:post_id>/approve/", review.approve, name="approve"),
    path("posts/<int:post_id>/ask-again/", review.ask_again, name="ask-again"),
    path("posts/<int:post_id>/ask-changes/", review.ask_changes, name="ask-changes"),
    path("posts/<int:post_id>/withdraw/", review.withdraw, name="withdraw"),
    path("posts/<int:post_id>/notes/", review.add_note, name="add-note"),
    path("posts/<int:post_id>/notes/<int:note_id>/delete/", review.delete_note, name="delete-note"),
    path("posts/use-newest/<int:asset_id>/", posts.use_newest, name="use-newest"),
    path("review/", review.show_queue, name="review-queue"),
    path("review-rule/", review.show_rule, name="review-rule"),
]
