"""The ports of the core on the real AWS, or on whatever answers at ``AWS_ENDPOINT_URL``.

Needs botocore and the core alone, so that a Lambda function starts quickly.
"""
