"""Parts of the mechanism that are registered by name: rules, policies and stages.

Below the scenario, so that its checks and the model both see what is registered.
"""
