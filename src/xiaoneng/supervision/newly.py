"""What the worker asks before it works: has anything been entered, has an instant come at which a light turns."""

# Differs after every entry. Numbers are drawn before transactions end, so the newest alone would hide one that came late.
ENTERED = "SELECT max(id) || '/' || count(*) FROM entry WHERE id > (SELECT max(id) - 256 FROM entry)"

# True when a light turned between the last question and this one.
TURNED = """
EXISTS (SELECT FROM matter WHERE NOT closed AND version > 0 AND red_at >= %(since)s AND red_at < %(now)s)
OR EXISTS (SELECT FROM matter
           WHERE NOT closed AND version > 0 AND NOT paused AND yellow_at > %(since)s AND yellow_at <= %(now)s)"""
