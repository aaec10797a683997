"""Puts the Lambda's package together: the same bytes from the same input, without a compiler."""
