"""
Groups of people who share records, and who belongs to them.

Registration stands here, because joining makes a person and their workspace of one.
"""
