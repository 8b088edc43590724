"""What is documented of past operations, and what that says of one that is to come.

Facts of operations of this kind are data with sources; a model with levels for the war,
the operation and the batch makes predictive distributions of them. Nothing here knows
of a scenario: scenarios, forecasts and reports ask.
"""
