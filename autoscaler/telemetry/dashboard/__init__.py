"""The Grafana dashboard, made from the table of metrics.

``python -m autoscaler.telemetry.dashboard | tee deploy/grafana/queue-autoscaler.json >
helm/queue-autoscaler/files/dashboard.json`` writes the published one.
"""
