"""The feed (luồng sự kiện): every change, once, in order, for whoever may see it.

feed        what every door follows: pages of the log, and who may see what is in them
filters     which events somebody wants
audience    which events and which fields somebody may see
reach       whose an event is, as things stood when it was recorded
item        one event, and what has been made of it for all who follow
cloud       an event as a CloudEvent
"""
