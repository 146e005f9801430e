"""What every platform folder must fulfil, whoever wrote it.

A folder describes its conversations in answers/scenes.json: which recorded answers lead each
flow to its end. These tests play them as they are, and with every answer spoilt.
"""
