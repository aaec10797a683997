"""The report's charts, in Vega-Lite by way of altair; whoever imports one needs ``report``."""
