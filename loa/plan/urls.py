"""Addresses of this app's pages inside a workspace."""

from django.urls import path

from loa.plan import views

app_name = "plan"
urlpatterns = [
    path("calendar/", views.show_calendar, name="calendar"),
    path("calendar/move/", views.move_post, name="move-post"),
    path("calendar/move/undo/<int:post_id>/", views.undo_move, name="undo-move"),
    path("calendar/links/", views.show_feeds, name="feeds"),
    path("calendar/links/make/", views.make_feed, name="make-feed"),
    path("calendar/links/<int:feed_id>/withdraw/", views.withdraw_feed, name="withdraw-feed"),
    path("calendar/copy-week/", views.copy_week, name="copy-week"),
    path("together/", views.show_together, name="together"),
    path("together/shift/", views.shift_together, name="shift-together"),
    path("together/to-day/", views.move_to_day, name="move-to-day"),
    path("together/queue/", views.queue_together, name="queue-together"),
    path("together/label/", views.label_together, name="label-together"),
    path("together/delete/", views.delete_together, name="delete-together"),
    path("together/undo/", views.undo_together, name="undo-together"),
    path("queue/", views.show_queue, name="queue"),
    path("queue/add/<int:post_id>/", views.add_to_queue, name="add-to-queue"),
    path("queue/<int:variant_id>/move/", views.move_in_queue, name="move-in-queue"),
    path("queue/<int:variant_id>/take-out/", views.take_out_of_queue, name="take-out-of-queue"),
    path("queue/channel/<int:channel_id>/close-gaps/", views.close_gaps, name="close-gaps"),
    path("series/", views.show_all_series, name="all-series"),
    path("series/<int:series_id>/", views.show_series, name="show-series"),
    path("series/<int:series_id>/change/", views.change_series, name="change-series"),
    path("series/<int:series_id>/skip/", views.skip_date, name="skip-date"),
    path("series/<int:series_id>/speak-on/", views.speak_on, name="speak-on"),
    path("series/<int:series_id>/pause/", views.pause_series, name="pause-series"),
    path("series/<int:series_id>/resume/", views.resume_series, name="resume-series"),
    path("series/<int:series_id>/end/", views.end_series, name="end-series"),
    path("series/start/<int:post_id>/", views.start_series, name="start-series"),
    path("series/of/<int:post_id>/", views.series_of_post, name="series-of-post"),
    path("series/words/<int:post_id>/", views.repeat_words, name="repeat-words"),
    path("slots/", views.show_slots, name="slots"),
    path("slots/next/", views.suggest_slot, name="suggest-slot"),
    path("slots/<int:channel_id>/add/", views.add_slots, name="add-slots"),
    path("slots/<int:channel_id>/pacing/", views.set_pacing, name="set-pacing"),
    path("slots/<int:channel_id>/copy/", views.copy_slots, name="copy-slots"),
    path("slots/remove/<int:slot_id>/", views.remove_slot, name="remove-slot"),
]
