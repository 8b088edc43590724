"""Parts of the mechanism that are registered by name: rules, and policies of a side.

Below the scenario, so that its checks and the model both see what is registered.
"""
