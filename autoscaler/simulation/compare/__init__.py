"""Many runs beside each other: trials, where they are run, what is kept of them, their medians."""
