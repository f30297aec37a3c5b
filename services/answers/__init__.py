"""What is answered, as plain data: the one place where figures, states and facts become dicts that any door can send.

Amounts are strings in major units, shares and ratios strings with decimals, days and instants ISO; what does not exist
is None or empty. Each shape is a TypedDict, so whoever prints or sends it knows what is in it.
"""
