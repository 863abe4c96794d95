"""The night desk: what is due when, who may go out by itself, and the runs that see to it.

`timetable` and `policy` are pure; `worker` does a slot's steps; `planner` starts what is due, once, on however many
machines. What happened stands in the store, so that any of them can tell.
"""
