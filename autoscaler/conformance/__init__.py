"""What every policy must keep, checked by chance with a seed: for ours and for anyone's.

In a policy's own tests::

    from autoscaler.conformance import check

    def test_it_keeps_what_every_policy_must() -> None:
        report = check(MyPolicy())
        assert report.passed, report

``autoscaler policies check my_package:MyPolicy`` does the same.
"""

from autoscaler.conformance.report import Finding, Report
from autoscaler.conformance.suite import check

__all__ = ["Finding", "Report", "check"]
