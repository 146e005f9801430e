"""Addresses of this app's pages inside a workspace."""

from django.urls import path, re_path

from loa.library import views

app_name = "library"
urlpatterns = [
    path("library/", views.show_library, name="library"),
    path("library/upload/", views.upload_assets, name="upload-assets"),
    path("library/uploads/", views.begin_upload, name="begin-upload"),
    path(
        "library/<int:asset_id>/versions/uploads/", views.begin_upload, name="begin-version-upload"
    ),
    path("library/uploads/<int:upload_id>/", views.change_upload, name="upload"),
    path("library/uploads/<int:upload_id>/take/", views.take_upload, name="take-upload"),
    path("library/uploads/<int:upload_id>/drop/", views.drop_upload, name="drop-upload"),
    path("library/choices/", views.choose_assets, name="choose-assets"),
    path("library/many/", views.arrange, name="arrange"),
    path("library/many/undo/", views.undo_arranging, name="undo-arranging"),
    path("library/folders/", views.add_folder, name="add-folder"),
    path("library/folders/<int:folder_id>/", views.change_folder, name="change-folder"),
    path("library/folders/<int:folder_id>/delete/", views.delete_folder, name="delete-folder"),
    path("library/<int:asset_id>/", views.show_asset_page, name="asset"),
    path("library/<int:asset_id>/change-cover/", views.change_cover, name="change-cover"),
    path("library/<int:asset_id>/captions/", views.add_captions, name="add-captions"),
    path(
        "library/<int:asset_id>/captions/<slug:language>.vtt",
        views.show_captions,
        name="show-captions",
    ),
    path(
        "library/<int:asset_id>/captions/<slug:language>/remove/",
        views.remove_captions,
        name="remove-captions",
    ),
    path(
        "library/<int:asset_id>/renditions/<int:order_id>/cancel/",
        views.cancel_order,
        name="cancel-order",
    ),
    path(
        "library/<int:asset_id>/renditions/<int:order_id>/again/",
        views.restart_order,
        name="restart-order",
    ),
    path("library/<int:asset_id>/archive/", views.archive_asset, name="archive-asset"),
    path("library/<int:asset_id>/restore/", views.restore_asset, name="restore-asset"),
    path("library/<int:asset_id>/versions/", views.add_version, name="add-version"),
    path("library/<int:asset_id>/rights/", views.note_rights, name="note-rights"),
    path("library/<int:asset_id>/consents/", views.add_consent, name="add-consent"),
    path(
        "library/consents/<int:consent_id>/withdraw/",
        views.withdraw_consent,
        name="withdraw-consent",
    ),
    path("library/consents/<int:consent_id>/remove/", views.remove_consent, name="remove-consent"),
    re_path(
        r"^library/(?P<asset_id>[0-9]{1,18})/(?P<size>thumb|preview|original|watch|cover)/$",
        views.show_file,
        name="show-file",
    ),
]
