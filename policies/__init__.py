"""The house's own policies: plug-ins like anyone's, one a file, on nothing but the core."""
