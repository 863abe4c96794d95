"""The prompt lab: is this prompt or model better? Answered on frozen days, by the validator that guards what we publish.

A day is frozen once (`frozen`), a grid of trials is written from it (`trials`, `grid`), each trial is measured
(`measures`), two contenders are compared pair by pair (`comparing`), and the better text is promoted with its numbers
(`promoting`). Nothing here can publish: the lab knows no channel, no outbox and no release, and its database is its own.
"""
