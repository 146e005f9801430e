"""Addresses of this app's pages inside a workspace."""

from django.urls import path

from loa.intake import views

app_name = "intake"
urlpatterns = [
    path("imports/", views.show_imports, name="imports"),
    path("imports/upload/", views.upload_file, name="upload"),
    path("imports/template/", views.download_template, name="template"),
    path("imports/<int:import_id>/", views.show_import, name="import"),
    path("imports/<int:import_id>/read/", views.read_again, name="read-again"),
    path("imports/<int:import_id>/start/", views.start_import, name="start-import"),
    path("imports/<int:import_id>/stop/", views.stop_import, name="stop-import"),
    path("imports/<int:import_id>/undo/", views.undo_import, name="undo-import"),
    path("imports/<int:import_id>/corrected/", views.download_corrected, name="corrected"),
    path("sources/", views.show_sources, name="sources"),
    path("sources/<int:source_id>/", views.show_source, name="source"),
    path("sources/<int:source_id>/poll/", views.poll_source, name="poll-source"),
    path("sources/<int:source_id>/pause/", views.pause_source, name="pause-source"),
    path("sources/<int:source_id>/resume/", views.resume_source, name="resume-source"),
    path("sources/<int:source_id>/delete/", views.delete_source, name="delete-source"),
]
