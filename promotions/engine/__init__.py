"""The pure engine: graph, policy resolution, transition rules, decide(snapshot), the green rule.

Never imports Django, Celery, Git or the network: plain values in, plain values out.
"""
