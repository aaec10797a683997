"""IAM as the tests have it: policies evaluated, and a gate before the local AWS to enforce them."""
