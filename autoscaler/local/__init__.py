"""An AWS on this computer: SQS, S3, CloudWatch, DynamoDB by moto, ECS tasks as real processes.

It stands alone: nothing here imports another room of the autoscaler, and nothing but this module's
names is for other rooms. Importing it is cheap; moto is imported by the server process only.
"""

from autoscaler.local.handle import LocalAws, LocalAwsError
from autoscaler.local.settings import LocalSettings, TaskDelays

__all__ = ["LocalAws", "LocalAwsError", "LocalSettings", "TaskDelays"]
