"""When and why: calendar, slots, queue, observances, calendar feed."""
